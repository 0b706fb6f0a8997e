/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* The session with the clinic has ended: asks for the second factor, and for the account's present
 * password when it was changed elsewhere. Main thread.
 * Signals: "code" (const char *password, const char *code), password "" unless asked for; "later" (). */
#define BED_TYPE_CODE_PAGE (bed_code_page_get_type ())
G_DECLARE_FINAL_TYPE (BedCodePage, bed_code_page, BED, CODE_PAGE, AdwBin)

BedCodePage *bed_code_page_new (void);
/* Empties the fields. */
void bed_code_page_ask (BedCodePage *self, gboolean with_password);
void bed_code_page_set_busy (BedCodePage *self, gboolean busy);
void bed_code_page_set_error (BedCodePage *self, const char *text);

G_END_DECLS
