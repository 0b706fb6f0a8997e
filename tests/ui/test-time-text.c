/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-time-text.h"

#define S ((gint64) G_USEC_PER_SEC)
#define MINUTE (60 * S)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
/* Saturday 14 March 2026, 10:30 UTC */
#define NOW (G_GINT64_CONSTANT (1773484200) * S)

#define ASSERT_TEXT(call, expected) \
  G_STMT_START { g_autofree char *text = (call); g_assert_cmpstr (text, ==, (expected)); } G_STMT_END

static void
test_clock (void)
{
  ASSERT_TEXT (bed_time_text_clock (0), "00:00");
  ASSERT_TEXT (bed_time_text_clock (-5), "00:00");
  ASSERT_TEXT (bed_time_text_clock (252), "04:12");
  ASSERT_TEXT (bed_time_text_clock (3599), "59:59");
  ASSERT_TEXT (bed_time_text_clock (3600), "1:00:00");
  ASSERT_TEXT (bed_time_text_clock (36061), "10:01:01");
}

static void
test_waiting (void)
{
  ASSERT_TEXT (bed_time_text_waiting (NOW, NOW), "Just came");
  ASSERT_TEXT (bed_time_text_waiting (NOW + MINUTE, NOW), "Just came");
  ASSERT_TEXT (bed_time_text_waiting (NOW - 59 * S, NOW), "Just came");
  ASSERT_TEXT (bed_time_text_waiting (NOW - MINUTE, NOW), "Waiting 1 min");
  ASSERT_TEXT (bed_time_text_waiting (NOW - 119 * MINUTE, NOW), "Waiting 119 min");
  ASSERT_TEXT (bed_time_text_waiting (NOW - 2 * HOUR, NOW), "Waiting 2 hours");
}

static void
test_saved (void)
{
  ASSERT_TEXT (bed_time_text_saved (NOW, NOW), "Saved just now");
  ASSERT_TEXT (bed_time_text_saved (NOW - 2 * S, NOW), "Saved 2 s ago");
  ASSERT_TEXT (bed_time_text_saved (NOW - 60 * S, NOW), "Saved 1 min ago");
  ASSERT_TEXT (bed_time_text_saved (NOW - 2 * HOUR, NOW), "Saved 08:30");
}

static void
test_length (void)
{
  ASSERT_TEXT (bed_time_text_length (0), "under a minute");
  ASSERT_TEXT (bed_time_text_length (60), "1 minute");
  ASSERT_TEXT (bed_time_text_length (14 * 60 + 31), "15 minutes");
  ASSERT_TEXT (bed_time_text_length (3600), "1 hour");
  ASSERT_TEXT (bed_time_text_length (3600 + 300), "1 hour 5 minutes");
}

static void
test_when (void)
{
  ASSERT_TEXT (bed_time_text_when (NOW, NOW), "10:30");
  ASSERT_TEXT (bed_time_text_when (NOW + DAY, NOW), "Tomorrow, 10:30");
  ASSERT_TEXT (bed_time_text_when (NOW - DAY, NOW), "Yesterday, 10:30");
  ASSERT_TEXT (bed_time_text_when_inside (NOW + DAY, NOW), "tomorrow, 10:30");
  ASSERT_TEXT (bed_time_text_when_inside (NOW - DAY, NOW), "yesterday, 10:30");
  ASSERT_TEXT (bed_time_text_when (NOW + 3 * DAY, NOW), "17 Mar, 10:30");
  ASSERT_TEXT (bed_time_text_when (NOW - 400 * DAY, NOW), "7 Feb 2025, 10:30");
  /* Just before and after midnight, not 24 hours. */
  ASSERT_TEXT (bed_time_text_when (NOW + 14 * HOUR, NOW), "Tomorrow, 00:30");
}

static void
test_day (void)
{
  ASSERT_TEXT (bed_time_text_day (NOW, NOW), "Today");
  ASSERT_TEXT (bed_time_text_day (NOW - DAY, NOW), "Yesterday");
  ASSERT_TEXT (bed_time_text_day (NOW - 4 * DAY, NOW), "Tuesday 10 March");
  ASSERT_TEXT (bed_time_text_day (NOW - 400 * DAY, NOW), "7 February 2025");
}

/* Times beyond what a calendar holds may come from a damaged record. */
static void
test_beyond (void)
{
  g_autofree char *far = bed_time_text_when (G_MAXINT64, NOW);
  g_autofree char *before = bed_time_text_day (G_MININT64, NOW);

  g_assert_nonnull (far);
  g_assert_nonnull (before);
}

int
main (int argc, char **argv)
{
  g_setenv ("TZ", "UTC", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ui/time-text/clock", test_clock);
  g_test_add_func ("/ui/time-text/waiting", test_waiting);
  g_test_add_func ("/ui/time-text/saved", test_saved);
  g_test_add_func ("/ui/time-text/length", test_length);
  g_test_add_func ("/ui/time-text/when", test_when);
  g_test_add_func ("/ui/time-text/day", test_day);
  g_test_add_func ("/ui/time-text/beyond", test_beyond);
  return g_test_run ();
}
