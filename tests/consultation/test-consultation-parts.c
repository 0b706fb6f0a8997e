/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-call-state-private.h"
#include "bed-display-text-private.h"
#include "bed-quality-private.h"

/* Every state with every event. */
static void
test_states (void)
{
  for (guint state = 0; state < BED_N_CALL_STATES; state++)
    {
      g_assert_cmpint (bed_call_state_after (state, BED_CALL_EVENT_END), ==, BED_CALL_STATE_ENDED);
      for (guint event = 0; event < BED_N_CALL_EVENTS; event++)
        {
          BedCallState after = bed_call_state_after (state, event);

          if (state == BED_CALL_STATE_ENDED)
            g_assert_cmpint (after, ==, BED_CALL_STATE_ENDED);
          else if (after == BED_CALL_STATE_CONNECTED) /* only a path that stands lets media out */
            g_assert_true (event == BED_CALL_EVENT_UP);
        }
    }
  g_assert_cmpint (bed_call_state_after (BED_CALL_STATE_CONNECTED, BED_CALL_EVENT_LOST), ==, BED_CALL_STATE_RECONNECTING);
  g_assert_cmpint (bed_call_state_after (BED_CALL_STATE_CONNECTED, BED_CALL_EVENT_RENEWED), ==, BED_CALL_STATE_RECONNECTING);
  g_assert_cmpint (bed_call_state_after (BED_CALL_STATE_CONNECTING, BED_CALL_EVENT_RENEWED), ==, BED_CALL_STATE_CONNECTING);
}

static void
test_display_text (void)
{
  const struct
  {
    const char *typed, *shown;
    glong max;
    gboolean lines;
  } cases[] = {
    { "  Elin Marsh ", "Elin Marsh", 100, FALSE },
    { "a\nb\tc\r", "a b c", 100, FALSE },
    { "a\nb", "a\nb", 100, TRUE },
    { "evil\u202Egnp.exe", "evilgnp.exe", 100, FALSE },
    { "\u2066x\u2069\u200F", "x", 100, FALSE },
    { "\x1b[31mred\x07", "[31mred", 100, FALSE },
    { "<b>bold</b> &amp;", "<b>bold</b> &amp;", 100, FALSE },
    { "\xff\xfe", "\uFFFD\uFFFD", 100, FALSE },
    { "äöüß", "äö", 2, FALSE },
    { "الاسم", "الاسم", 100, FALSE },
    { "", "", 100, FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *shown = bed_display_text (cases[i].typed, cases[i].max, cases[i].lines);

      g_assert_cmpstr (shown, ==, cases[i].shown);
    }
}

static void
test_quality (void)
{
  BedQualityReason reason;
  BedEngineStats good = { .fraction_lost = 0.01, .round_trip_time_ms = 40, .incoming_bitrate = 900000, .frames_decoded = 9 };
  BedEngineStats lossy = good, slow = good, thin = good, bad = good;

  lossy.fraction_lost = 0.08;
  slow.round_trip_time_ms = 350;
  thin.incoming_bitrate = 90000;
  bad.fraction_lost = 0.2;
  g_assert_cmpint (bed_quality_of (&good, TRUE, TRUE, &reason), ==, BED_QUALITY_GOOD);
  g_assert_cmpint (reason, ==, BED_QUALITY_REASON_NONE);
  g_assert_cmpint (bed_quality_of (&lossy, TRUE, TRUE, &reason), ==, BED_QUALITY_FAIR);
  g_assert_cmpint (reason, ==, BED_QUALITY_REASON_LOSS);
  g_assert_cmpint (bed_quality_of (&slow, TRUE, TRUE, &reason), ==, BED_QUALITY_FAIR);
  g_assert_cmpint (reason, ==, BED_QUALITY_REASON_DELAY);
  g_assert_cmpint (bed_quality_of (&thin, TRUE, TRUE, &reason), ==, BED_QUALITY_FAIR);
  g_assert_cmpint (reason, ==, BED_QUALITY_REASON_BITRATE);
  g_assert_cmpint (bed_quality_of (&thin, FALSE, TRUE, &reason), ==, BED_QUALITY_GOOD); /* a camera that is off is no fault */
  g_assert_cmpint (bed_quality_of (&bad, TRUE, TRUE, &reason), ==, BED_QUALITY_POOR);
}

static void
test_silence (void)
{
  BedQualityReason reason;
  BedEngineStats stats = { .fraction_lost = 0.01, .round_trip_time_ms = 40, .incoming_bitrate = 900000 };

  stats.silence_ms = 1990;
  g_assert_cmpint (bed_quality_of (&stats, TRUE, TRUE, &reason), ==, BED_QUALITY_GOOD);
  stats.silence_ms = 2000;
  g_assert_cmpint (bed_quality_of (&stats, FALSE, TRUE, &reason), ==, BED_QUALITY_POOR);
  g_assert_cmpint (reason, ==, BED_QUALITY_REASON_SILENCE);
  g_assert_cmpint (bed_quality_of (&stats, TRUE, FALSE, &reason), ==, BED_QUALITY_POOR);
  /* Nothing but reports is expected of somebody who sends nothing. */
  g_assert_cmpint (bed_quality_of (&stats, FALSE, FALSE, &reason), ==, BED_QUALITY_GOOD);
  g_assert_cmpint (reason, ==, BED_QUALITY_REASON_NONE);
  stats.silence_ms = 4000;
  g_assert_cmpint (bed_quality_of (&stats, FALSE, FALSE, &reason), ==, BED_QUALITY_POOR);
  stats.silence_ms = -1;
  g_assert_cmpint (bed_quality_of (&stats, TRUE, TRUE, &reason), ==, BED_QUALITY_GOOD);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/consultation/call/states", test_states);
  g_test_add_func ("/consultation/display-text", test_display_text);
  g_test_add_func ("/consultation/quality/grades", test_quality);
  g_test_add_func ("/consultation/quality/silence", test_silence);
  return g_test_run ();
}
