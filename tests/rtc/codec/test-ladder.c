/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-video-ladder.h"

#define S G_USEC_PER_SEC

static void
test_first (void)
{
  static const guint wanted[][2]
      = { { 3000000, 720 }, { 1100000, 720 }, { 700000, 540 }, { 400000, 360 }, { 200000, 270 }, { 1, 180 } };

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++)
    {
      BedVideoLadder ladder = { 0 };

      g_assert_cmpuint (bed_video_ladder_choose (&ladder, wanted[i][0], S), ==, wanted[i][1]);
    }
}

/* A short dip is not worth a key frame; a deep one is, and one that lasts. */
static void
test_down (void)
{
  BedVideoLadder ladder = { 0 };

  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 1500000, S), ==, 720);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 750000, 2 * S - 1), ==, 720);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 1100000, 2 * S), ==, 720);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 750000, 3 * S - 1), ==, 720);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 750000, 3 * S), ==, 540);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 200000, 3 * S + 1), ==, 270);
}

static void
test_up (void)
{
  BedVideoLadder ladder = { 0 };

  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 400000, S), ==, 360);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 3000000, 5 * S), ==, 360);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 800000, 6 * S), ==, 360); /* too little more */
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 1300000, 7 * S), ==, 540);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 1400000, 12 * S), ==, 720);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/codec/ladder/first", test_first);
  g_test_add_func ("/rtc/codec/ladder/down", test_down);
  g_test_add_func ("/rtc/codec/ladder/up", test_up);
  return g_test_run ();
}
