/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-call.h"
#include "bed-window.h"

G_BEGIN_DECLS

/* Says on the call's page how the call is: time, lock and words, quality, details, chat. Main
 * thread.
 */
#define BED_TYPE_CALL_SCREEN (bed_call_screen_get_type ())
G_DECLARE_FINAL_TYPE (BedCallScreen, bed_call_screen, BED, CALL_SCREEN, GObject)

BedCallScreen *bed_call_screen_new (BedClock *clock, BedWindow *window);
/* call: NULL empties the page. language: of the four words; (nullable) with it. */
void bed_call_screen_set_call (BedCallScreen *self, BedCall *call, const char *language);
/* Which call it was, where nobody may be named: the day and time at which it was connected, or now.
 * Returns: (transfer full) */
char *bed_call_screen_dup_when (BedCall *call, BedClock *clock);

G_END_DECLS
