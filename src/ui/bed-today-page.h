/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-arrival.h"
#include "bed-clock.h"
#include "bed-session-invite.h"

G_BEGIN_DECLS

/* Who waits, and who was invited. Main thread.
 * Signals: "admit", "message", "decline" (BedArrival *); "copy", "show-link", "revoke", "forget"
 * (BedSessionInvite *); "new-invitation" (), "banner" (), "notice-first" (), "notice-second" (),
 * "return-to-call" (). */
#define BED_TYPE_TODAY_PAGE (bed_today_page_get_type ())
G_DECLARE_FINAL_TYPE (BedTodayPage, bed_today_page, BED, TODAY_PAGE, AdwBin)

/* Models of BedArrival and BedSessionInvite; each (nullable). clock: for the minutes. */
void bed_today_page_set_models (BedTodayPage *self, BedClock *clock, GListModel *arrivals, GListModel *invites);
/* While a call goes on nobody else can be admitted. */
void bed_today_page_set_in_call (BedTodayPage *self, gboolean in_call);
/* A strip above: NULL hides it. button: (nullable) */
void bed_today_page_set_banner (BedTodayPage *self, const char *text, const char *button);
/* A warning below that, with what can be done about it: NULL hides it. second: (nullable) */
void bed_today_page_set_notice (BedTodayPage *self, const char *text, const char *first,
                                const char *second);

G_END_DECLS
