/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-encode-load.h"
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

      g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, wanted[i][0], 0, S), ==, wanted[i][1]);
    }
}

/* A short dip is not worth a key frame; a deep one is, and one that lasts. */
static void
test_down (void)
{
  BedVideoLadder ladder = { 0 };

  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 1500000, 0, S), ==, 720);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 750000, 0, 2 * S - 1), ==, 720);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 1100000, 0, 2 * S), ==, 720);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 750000, 0, 3 * S - 1), ==, 720);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 750000, 0, 3 * S), ==, 540);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 200000, 0, 3 * S + 1), ==, 270);
}

static void
test_up (void)
{
  BedVideoLadder ladder = { 0 };

  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 400000, 0, S), ==, 360);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 3000000, 0, 5 * S), ==, 360);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 800000, 0, 6 * S), ==, 360); /* too little more */
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 1300000, 0, 7 * S), ==, 540);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 1400000, 0, 12 * S), ==, 720);
}

/* What the machine does not keep up with is not sent, whatever the path bears; it is a step from what
 * was sent. */
static void
test_slow_machine (void)
{
  BedVideoLadder ladder = { 0 };

  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 3000000, 0, S), ==, 720);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 3000000, 1, 2 * S), ==, 540);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 3000000, 2, 3 * S), ==, 360);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 3000000, 1, 7 * S), ==, 360);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 3000000, 1, 8 * S), ==, 540);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 3000000, 0, 13 * S), ==, 720);
  ladder = (BedVideoLadder){ 0 };
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 400000, 0, S), ==, 360);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 400000, 1, 2 * S), ==, 270);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 400000, 2, 3 * S), ==, 180);
  ladder = (BedVideoLadder){ 0 };
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 480, 3000000, 0, S), ==, 540);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 480, 3000000, 1, 2 * S), ==, 360);
}

/* A path that bears no more than what the machine keeps up with costs no second time, and when it is
 * back, the machine is still asked. */
static void
test_slow_machine_and_path (void)
{
  BedVideoLadder ladder = { 0 };

  bed_video_ladder_choose (&ladder, 720, 3000000, 0, S);
  bed_video_ladder_choose (&ladder, 720, 3000000, 1, 2 * S);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 3000000, 2, 3 * S), ==, 360);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 400000, 2, 4 * S), ==, 360);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 400000, 2, 9 * S), ==, 360);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 200000, 2, 9 * S + 1), ==, 360);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 200000, 2, 11 * S), ==, 270);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 3000000, 2, 20 * S), ==, 360);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 3000000, 1, 30 * S), ==, 540);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 3000000, 0, 40 * S), ==, 720);
  /* a step of what the path bears is one of that size */
  bed_video_ladder_choose (&ladder, 720, 400000, 0, 50 * S);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 400000, 0, 52 * S), ==, 360);
  g_assert_cmpuint (bed_video_ladder_choose (&ladder, 720, 400000, 1, 53 * S), ==, 270);
}

/* Frames for that many seconds, 30 in a second or as many as there is time for. */
static guint
encode_for (BedEncodeLoad *load, gint64 *now_us, guint seconds, gint64 frame_us)
{
  gint64 end_us = *now_us + seconds * S;
  guint steps = load->steps;

  while (*now_us < end_us)
    {
      steps = bed_encode_load_add (load, *now_us, *now_us + frame_us);
      *now_us += MAX (frame_us, S / 30);
    }
  return steps;
}

static void
test_load (void)
{
  BedEncodeLoad load = { 0 };
  gint64 now_us = S;

  g_assert_cmpuint (encode_for (&load, &now_us, 60, 25000), ==, 0);
  g_assert_cmpuint (encode_for (&load, &now_us, 1, 60000), ==, 0); /* a moment is no reason */
  g_assert_cmpuint (encode_for (&load, &now_us, 5, 10000), ==, 0);
  g_assert_cmpuint (encode_for (&load, &now_us, 4, 60000), ==, 1);
  g_assert_cmpuint (encode_for (&load, &now_us, 20, 15000), ==, 1); /* no time to spare */
  g_assert_cmpuint (encode_for (&load, &now_us, 12, 8000), ==, 0);
  g_assert_cmpuint (encode_for (&load, &now_us, 20, 200000), ==, BED_ENCODE_LOAD_MAX_STEPS);
  g_assert_cmpuint (encode_for (&load, &now_us, 12, 8000), ==, BED_ENCODE_LOAD_MAX_STEPS);
  g_assert_cmpuint (encode_for (&load, &now_us, 90, 8000), ==, 0);
}

/* A camera that was off says nothing of the machine. */
static void
test_load_gap (void)
{
  BedEncodeLoad load = { 0 };
  gint64 now_us = S;

  g_assert_cmpuint (encode_for (&load, &now_us, 4, 60000), ==, 1);
  encode_for (&load, &now_us, 3, 8000);
  now_us += 60 * S;
  g_assert_cmpuint (encode_for (&load, &now_us, 7, 8000), ==, 1);
  g_assert_cmpuint (encode_for (&load, &now_us, 5, 8000), ==, 0);
  encode_for (&load, &now_us, 2, 60000);
  now_us += 60 * S;
  g_assert_cmpuint (encode_for (&load, &now_us, 2, 60000), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/codec/ladder/first", test_first);
  g_test_add_func ("/rtc/codec/ladder/down", test_down);
  g_test_add_func ("/rtc/codec/ladder/up", test_up);
  g_test_add_func ("/rtc/codec/ladder/slow-machine", test_slow_machine);
  g_test_add_func ("/rtc/codec/ladder/slow-machine-and-path", test_slow_machine_and_path);
  g_test_add_func ("/rtc/codec/load/busy-and-easy", test_load);
  g_test_add_func ("/rtc/codec/load/gap", test_load_gap);
  return g_test_run ();
}
