/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Times in words, in the person's language and time zone. Pure but for the zone; any thread.
 * All return (transfer full) text. Times are µs since 1970 unless said otherwise. */

/* "04:12", from an hour on "1:04:12". */
char *bed_time_text_clock (gint64 seconds);
/* "Just came", "Waiting 6 min". */
char *bed_time_text_waiting (gint64 since_us, gint64 now_us);
/* "Saved just now", "Saved 20 s ago", "Saved 5 min ago", then the time. */
char *bed_time_text_saved (gint64 saved_us, gint64 now_us);
/* "under a minute", "14 minutes", "1 hour 5 minutes". */
char *bed_time_text_length (gint64 seconds);
/* "10:30"; today is left out, other days come before it: "Tomorrow, 10:30", "14 Mar, 10:30". */
char *bed_time_text_when (gint64 at_us, gint64 now_us);
/* The same within a sentence: "tomorrow, 10:30". */
char *bed_time_text_when_inside (gint64 at_us, gint64 now_us);
/* "14 Mar, 10:30", of today, too: for what may be read on another day. */
char *bed_time_text_date (gint64 at_us);
/* "Today", "Yesterday", "Tuesday 14 March", with the year when it is another one. */
char *bed_time_text_day (gint64 at_us, gint64 now_us);

G_END_DECLS
