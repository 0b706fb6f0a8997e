/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* First run: three choices; for two of them then the link. Main thread.
 * Signals: "activation-link" (const char *link), "guest-link" (const char *link), "restore" (): the
 * record of another computer, from a backup. */
#define BED_TYPE_WELCOME_PAGE (bed_welcome_page_get_type ())
G_DECLARE_FINAL_TYPE (BedWelcomePage, bed_welcome_page, BED, WELCOME_PAGE, AdwBin)

BedWelcomePage *bed_welcome_page_new (void);
void bed_welcome_page_set_menu (BedWelcomePage *self, GMenuModel *menu);
/* Goes to the link's step with what is already known of it. link: (nullable) */
void bed_welcome_page_ask_link (BedWelcomePage *self, gboolean guest, const char *link);
void bed_welcome_page_reset (BedWelcomePage *self);
void bed_welcome_page_set_busy (BedWelcomePage *self, gboolean busy);
void bed_welcome_page_set_error (BedWelcomePage *self, const char *text);

G_END_DECLS
