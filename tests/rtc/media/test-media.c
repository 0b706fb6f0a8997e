/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-file-media.h"
#include "bed-test-media.h"
#include "bed-audio-ring.h"

#include <glib/gstdio.h>
#include <string.h>

static void
test_frame_limits (void)
{
  g_assert_null (bed_video_frame_new (1, 2, 0));
  g_assert_null (bed_video_frame_new (2, 1, 0));
  g_assert_null (bed_video_frame_new (BED_VIDEO_FRAME_MAX_WIDTH + 1, 2, 0));
  g_assert_null (bed_video_frame_new (2, BED_VIDEO_FRAME_MAX_HEIGHT + 1, 0));
  g_assert_null (bed_video_frame_new (G_MAXUINT, G_MAXUINT, 0));
}

static void
test_frame_planes (void)
{
  g_autoptr (BedVideoFrame) frame = bed_video_frame_new (33, 19, 42);

  g_assert_cmpint (bed_video_frame_get_timestamp_us (frame), ==, 42);
  for (BedPlane plane = BED_PLANE_Y; plane <= BED_PLANE_V; plane++)
    {
      guint rows = plane == BED_PLANE_Y ? 19 : 10;

      g_assert_cmpuint ((gsize) bed_video_frame_get_plane (frame, plane) % 32, ==, 0);
      g_assert_cmpuint (bed_video_frame_get_stride (frame, plane), >=, plane == BED_PLANE_Y ? 33 : 17);
      /* the address sanitizer watches the end */
      memset (bed_video_frame_get_plane (frame, plane), 7, (gsize) rows * bed_video_frame_get_stride (frame, plane));
    }
}

typedef struct
{
  BedPixelFormat format;
  guint bytes; /* of 4x4 grey pixels */
} PixelCase;

static void
test_pixels_grey (void)
{
  static const PixelCase cases[] = { { BED_PIXEL_I420, 24 }, { BED_PIXEL_NV12, 24 }, { BED_PIXEL_YUY2, 32 },
                                     { BED_PIXEL_UYVY, 32 }, { BED_PIXEL_RGB, 48 },  { BED_PIXEL_BGRX, 64 } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint8 *pixels = g_malloc (cases[i].bytes); /* exactly, for the sanitizer */
      g_autoptr (BedVideoFrame) frame = NULL;
      guint8 bgra[4 * 4 * 4];

      memset (pixels, 128, cases[i].bytes);
      g_assert_null (bed_video_frame_new_from_pixels (cases[i].format, pixels, cases[i].bytes - 1, 0, 4, 4, 0));
      g_assert_null (bed_video_frame_new_from_pixels (cases[i].format, pixels, cases[i].bytes, 3, 4, 4, 0));
      frame = bed_video_frame_new_from_pixels (cases[i].format, pixels, cases[i].bytes, 0, 4, 4, 9);
      g_assert_nonnull (frame);
      bed_video_frame_to_bgra (frame, bgra, 16);
      for (guint p = 0; p < 16; p++)
        {
          for (guint c = 0; c < 3; c++)
            g_assert_cmpint (ABS (bgra[4 * p + c] - 128), <=, 4);
          g_assert_cmpint (bgra[4 * p + 3], ==, 255);
        }
      g_free (pixels);
    }
}

static void
test_pixels_colours (void)
{
  guint8 red_rgb[2 * 2 * 3], blue_bgrx[2 * 2 * 4], bgra[16];
  g_autoptr (BedVideoFrame) red = NULL, blue = NULL;

  for (guint i = 0; i < 4; i++)
    {
      memcpy (red_rgb + 3 * i, "\xff\0\0", 3);
      memcpy (blue_bgrx + 4 * i, "\xff\0\0\0", 4);
    }
  red = bed_video_frame_new_from_pixels (BED_PIXEL_RGB, red_rgb, sizeof red_rgb, 0, 2, 2, 0);
  bed_video_frame_to_bgra (red, bgra, 8);
  g_assert_cmpint (bgra[2], >, 240);
  g_assert_cmpint (bgra[0], <, 15);
  blue = bed_video_frame_new_from_pixels (BED_PIXEL_BGRX, blue_bgrx, sizeof blue_bgrx, 0, 2, 2, 0);
  bed_video_frame_to_bgra (blue, bgra, 8);
  g_assert_cmpint (bgra[0], >, 240);
  g_assert_cmpint (bgra[2], <, 15);
  bed_video_frame_to_bgr (red, bgra, 6);
  for (guint i = 0; i < 4; i++)
    {
      guint at = i / 2 * 6 + i % 2 * 3;

      g_assert_cmpint (bgra[at], <, 15);
      g_assert_cmpint (bgra[at + 2], >, 240);
    }
}

static void
test_pixels_last_row_unpadded (void)
{
  guint8 pixels[16 * 3 + 8] = { 0 };
  g_autoptr (BedVideoFrame) frame = bed_video_frame_new_from_pixels (BED_PIXEL_YUY2, pixels, sizeof pixels, 16, 4, 4, 0);

  g_assert_nonnull (frame);
  g_assert_null (bed_video_frame_new_from_pixels (BED_PIXEL_YUY2, pixels, sizeof pixels - 1, 16, 4, 4, 0));
  g_assert_null (bed_video_frame_new_from_pixels (BED_PIXEL_YUY2, pixels, sizeof pixels, G_MAXUINT, 4, 4, 0));
  g_assert_null (bed_video_frame_new_from_pixels (BED_PIXEL_YUY2, pixels, sizeof pixels, 0, 60000, 60000, 0));
}

static void
test_picture_numbers (void)
{
  static const guint sizes[][2] = { { 64, 36 }, { 160, 90 }, { 320, 240 }, { 640, 360 }, { 1280, 720 }, { 90, 160 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (guint number = 0; number < 65536; number += 4369)
      {
        g_autoptr (BedVideoFrame) frame = bed_test_picture_new (sizes[i][0], sizes[i][1], number, 0);
        guint16 seen = 1;

        g_assert_true (bed_test_picture_read (frame, &seen));
        g_assert_cmpuint (seen, ==, number);
      }
}

static void
test_picture_survives_scaling (void)
{
  g_autoptr (BedVideoFrame) frame = bed_test_picture_new (1280, 720, 51966, 0);
  g_autoptr (BedVideoFrame) small = bed_video_frame_scale (frame, 320, 180);
  g_autoptr (BedVideoFrame) odd = bed_video_frame_scale (small, 853, 479);
  guint16 seen;

  g_assert_true (bed_test_picture_read (small, &seen));
  g_assert_cmpuint (seen, ==, 51966);
  g_assert_true (bed_test_picture_read (odd, &seen));
  g_assert_cmpuint (seen, ==, 51966);
}

static void
test_picture_refuses_others (void)
{
  g_autoptr (BedVideoFrame) black = bed_video_frame_new (320, 180, 0), tiny = bed_video_frame_new (32, 18, 0);
  g_autoptr (BedVideoFrame) damaged = bed_test_picture_new (320, 180, 300, 0);
  guint16 seen;

  memset (bed_video_frame_get_plane (black, BED_PLANE_Y), 16, 180 * bed_video_frame_get_stride (black, BED_PLANE_Y));
  g_assert_false (bed_test_picture_read (black, &seen));
  memset (bed_video_frame_get_plane (black, BED_PLANE_Y), 235, 180 * bed_video_frame_get_stride (black, BED_PLANE_Y));
  g_assert_false (bed_test_picture_read (black, &seen));
  g_assert_false (bed_test_picture_read (tiny, &seen));
  /* one block of the code painted over */
  for (guint y = 45; y < 67; y++)
    {
      guint8 *row = bed_video_frame_get_plane (damaged, BED_PLANE_Y) + y * bed_video_frame_get_stride (damaged, BED_PLANE_Y);

      memset (row + 40, row[50] > 126 ? 32 : 220, 30);
    }
  g_assert_false (bed_test_picture_read (damaged, &seen));
}

static void
test_tone (void)
{
  gint16 block[960], silence[960] = { 0 };
  double phase = 0;

  bed_test_tone_fill (block, 960, 1000, 0.5, &phase);
  g_assert_cmpfloat (bed_test_tone_share (block, 960, 1000), >, 0.99);
  g_assert_cmpfloat (bed_test_tone_share (block, 960, 2000), <, 0.01);
  g_assert_cmpfloat (bed_test_tone_share (silence, 960, 1000), ==, 0);
}

static void
test_sink_list (void)
{
  g_autoptr (BedSinkList) list = bed_sink_list_new ();
  g_autoptr (BedTestVideoSink) one = bed_test_video_sink_new (), two = bed_test_video_sink_new ();
  g_autoptr (BedVideoFrame) frame = bed_test_picture_new (64, 36, 7, 0);
  BedTestVideoStats stats;

  bed_sink_list_add (list, one);
  bed_sink_list_add (list, one);
  bed_sink_list_add (list, two);
  bed_sink_list_push_video (list, frame);
  bed_sink_list_remove (list, one);
  bed_sink_list_remove (list, one);
  bed_sink_list_push_video (list, frame);
  bed_test_video_sink_get_stats (one, &stats);
  g_assert_cmpuint (stats.frames, ==, 1);
  bed_test_video_sink_get_stats (two, &stats);
  g_assert_cmpuint (stats.frames, ==, 2);
  g_assert_cmpuint (stats.last_number, ==, 7);
}

static void
test_ring_order (void)
{
  g_autoptr (BedAudioRing) ring = bed_audio_ring_new (1000);
  gint16 in[700], out[700];
  gint16 next_in = 0, next_out = 0;

  g_assert_cmpuint (bed_audio_ring_get_capacity (ring), ==, 1024);
  for (guint round = 0; round < 500; round++)
    {
      guint n = 1 + round * 37 % 700, got;

      for (guint i = 0; i < n; i++)
        in[i] = next_in++;
      g_assert_cmpuint (bed_audio_ring_write (ring, in, n), ==, n);
      g_assert_cmpuint (bed_audio_ring_get_queued (ring), ==, n);
      got = bed_audio_ring_read (ring, out, n);
      g_assert_cmpuint (got, ==, n);
      for (guint i = 0; i < n; i++)
        g_assert_cmpint (out[i], ==, next_out++);
    }
  g_assert_cmpuint (bed_audio_ring_get_overruns (ring), ==, 0);
}

static void
test_ring_limits (void)
{
  g_autoptr (BedAudioRing) ring = bed_audio_ring_new (8);
  gint16 in[12] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 }, out[12] = { 0 };

  g_assert_cmpuint (bed_audio_ring_write (ring, in, 12), ==, 8);
  g_assert_cmpuint (bed_audio_ring_get_overruns (ring), ==, 4);
  g_assert_cmpuint (bed_audio_ring_skip (ring, 3), ==, 3);
  g_assert_cmpuint (bed_audio_ring_read (ring, out, 12), ==, 5);
  g_assert_cmpint (out[0], ==, 4);
  g_assert_cmpint (out[5], ==, 0);
  g_assert_cmpuint (bed_audio_ring_get_underruns (ring), ==, 7);
  g_assert_cmpuint (bed_audio_ring_skip (ring, 3), ==, 0);
}

#define THREAD_SAMPLES 2000000u

static gpointer
ring_producer (gpointer data)
{
  guint32 sent = 0;
  gint16 block[97];

  while (sent < THREAD_SAMPLES)
    {
      guint n = MIN (G_N_ELEMENTS (block), THREAD_SAMPLES - sent);

      for (guint i = 0; i < n; i++)
        block[i] = (gint16) ((sent + i) * 2654435761u >> 16);
      n = bed_audio_ring_write (data, block, n);
      sent += n;
      if (n == 0)
        g_thread_yield ();
    }
  return NULL;
}

static void
test_ring_threads (void)
{
  g_autoptr (BedAudioRing) ring = bed_audio_ring_new (512);
  GThread *producer = g_thread_new ("producer", ring_producer, ring);
  guint32 got = 0;
  gint16 block[61];

  while (got < THREAD_SAMPLES)
    {
      guint n = bed_audio_ring_read (ring, block, G_N_ELEMENTS (block));

      for (guint i = 0; i < n; i++)
        if (block[i] != (gint16) ((got + i) * 2654435761u >> 16))
          g_error ("sample %u is wrong", got + i);
      got += n;
      if (n == 0)
        g_thread_yield ();
    }
  g_thread_join (producer);
  g_assert_cmpuint (bed_audio_ring_get_queued (ring), ==, 0);
}

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
fixture_set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("bed-media-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "file", NULL);
}

static void
fixture_tear_down (Fixture *fixture, gconstpointer data)
{
  g_unlink (fixture->path);
  g_rmdir (fixture->folder);
  g_free (fixture->path);
  g_free (fixture->folder);
}

/* Waits, at most 5 s, until a sink has seen so many frames. */
static void
wait_for_frames (BedTestVideoSink *sink, guint64 frames, BedTestVideoStats *stats)
{
  gint64 until = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;

  do
    {
      g_usleep (2000);
      bed_test_video_sink_get_stats (sink, stats);
    }
  while (stats->frames < frames && g_get_monotonic_time () < until);
  g_assert_cmpuint (stats->frames, >=, frames);
}

static void
test_y4m_round_trip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BedVideoSink) file = bed_y4m_sink_new (fixture->path, 100, NULL);
  g_autoptr (BedVideoSource) source = NULL;
  g_autoptr (BedTestVideoSink) sink = bed_test_video_sink_new ();
  g_autoptr (GError) error = NULL;
  BedTestVideoStats stats;

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (BedVideoFrame) frame = bed_test_picture_new (i == 2 ? 640 : 161, i == 2 ? 360 : 91, 100 + i, 0);

      bed_video_sink_push (file, frame);
    }
  g_assert_true (bed_y4m_sink_close (file, &error));
  g_assert_no_error (error);
  source = bed_y4m_source_new (fixture->path, &error);
  g_assert_no_error (error);
  bed_video_source_add_sink (source, BED_VIDEO_SINK (sink));
  wait_for_frames (sink, 9, &stats);
  bed_video_source_remove_sink (source, BED_VIDEO_SINK (sink));
  bed_test_video_sink_get_stats (sink, &stats);
  g_assert_cmpuint (stats.with_number, ==, stats.frames);
  g_assert_cmpuint (stats.width, ==, 161);
  g_assert_cmpuint (stats.height, ==, 91);
  /* it started over at least once */
  g_assert_cmpuint (stats.backwards, >=, 1);
  g_usleep (30000);
  wait_for_frames (sink, stats.frames, &stats);
}

static void
test_y4m_refuses (Fixture *fixture, gconstpointer data)
{
  static const char *const bad[] = { "", "YUV4MPEG2", "YUV4MPEG2 W4 H4 F30:1 C444\n", "YUV4MPEG2 W4 H4 F30:1 C420p10\n",
                                     "YUV4MPEG2 W1 H4 F30:1\n", "YUV4MPEG2 W4000 H4 F30:1\n", "YUV4MPEG2 W4 H4 F0:0\n",
                                     "YUV4MPEG2 W4 H4 Fx\n", "YUV4MPEG W4 H4 F30:1\n", "YUV4MPEG2 W4 H4 F1000:1\n" };

  g_assert_null (bed_y4m_source_new (fixture->path, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents (fixture->path, bad[i], -1, NULL));
      g_assert_null (bed_y4m_source_new (fixture->path, &error));
      g_assert_error (error, BED_FILE_MEDIA_ERROR, BED_FILE_MEDIA_ERROR_FORMAT);
    }
}

static void
test_sinks_report_full_disk (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedVideoSink) video = bed_y4m_sink_new ("/dev/full", 30, &error);
  g_autoptr (BedAudioSink) audio = NULL;
  g_autoptr (BedVideoFrame) frame = bed_test_picture_new (320, 180, 0, 0);
  gint16 samples[4800] = { 0 };

  g_assert_no_error (error);
  bed_video_sink_push (video, frame);
  g_assert_false (bed_y4m_sink_close (video, &error));
  g_assert_error (error, BED_FILE_MEDIA_ERROR, BED_FILE_MEDIA_ERROR_WRITE);
  g_clear_error (&error);
  audio = bed_wav_sink_new ("/dev/full", &error);
  g_assert_no_error (error);
  bed_audio_sink_push (audio, samples, 4800, 0);
  g_assert_false (bed_wav_sink_close (audio, &error));
  g_assert_error (error, BED_FILE_MEDIA_ERROR, BED_FILE_MEDIA_ERROR_WRITE);
}

static void
test_wav_round_trip (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BedAudioSink) file = bed_wav_sink_new (fixture->path, NULL);
  g_autoptr (BedAudioSource) source = NULL;
  g_autoptr (BedTestAudioSink) sink = bed_test_audio_sink_new (440);
  g_autoptr (GError) error = NULL;
  BedTestAudioStats stats;
  gint16 samples[4800];
  double phase = 0;
  gint64 until = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;

  g_assert_cmpint (bed_audio_sink_get_queued (file), ==, -1);
  bed_test_tone_fill (samples, 4800, 440, 0.5, &phase);
  bed_audio_sink_push (file, samples, 4800, 0);
  g_assert_true (bed_wav_sink_close (file, &error));
  source = bed_wav_source_new (fixture->path, &error);
  g_assert_no_error (error);
  bed_audio_source_add_sink (source, BED_AUDIO_SINK (sink));
  do
    {
      g_usleep (5000);
      bed_test_audio_sink_get_stats (sink, &stats);
    }
  while (stats.blocks < 20 && g_get_monotonic_time () < until);
  bed_audio_source_remove_sink (source, BED_AUDIO_SINK (sink));
  bed_test_audio_sink_get_stats (sink, &stats);
  g_assert_cmpuint (stats.blocks, >=, 20);
  g_assert_cmpuint (stats.tone_blocks, ==, stats.blocks);
  g_assert_cmpfloat (stats.rms, >, 0.3);
}

static void
test_wav_refuses (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BedAudioSink) file = bed_wav_sink_new (fixture->path, NULL);
  g_autofree char *good = NULL;
  gint16 samples[480] = { 0 };
  gsize length;
  /* offset of a byte to spoil: RIFF, WAVE, format, channels, rate, bits */
  static const guint spoil[] = { 0, 8, 20, 22, 25, 34, 36 };

  bed_audio_sink_push (file, samples, 480, 0);
  g_assert_true (bed_wav_sink_close (file, NULL));
  g_assert_true (g_file_get_contents (fixture->path, &good, &length, NULL));
  g_assert_cmpuint (length, ==, 44 + 960);
  for (guint i = 0; i < G_N_ELEMENTS (spoil); i++)
    {
      g_autoptr (GError) error = NULL;

      good[spoil[i]] ^= 0x11;
      g_assert_true (g_file_set_contents (fixture->path, good, length, NULL));
      g_assert_null (bed_wav_source_new (fixture->path, &error));
      g_assert_error (error, BED_FILE_MEDIA_ERROR, BED_FILE_MEDIA_ERROR_FORMAT);
      good[spoil[i]] ^= 0x11;
    }
  for (gsize shorter = 0; shorter < 44 + 960; shorter += 13)
    {
      g_assert_true (g_file_set_contents (fixture->path, good, shorter, NULL));
      g_assert_null (bed_wav_source_new (fixture->path, NULL));
    }
}

static void
test_sources_run (void)
{
  g_autoptr (BedVideoSource) video = bed_test_video_source_new (160, 90, 100);
  g_autoptr (BedAudioSource) audio = bed_test_audio_source_new (440, 0.25);
  g_autoptr (BedTestVideoSink) video_sink = bed_test_video_sink_new ();
  g_autoptr (BedTestAudioSink) audio_sink = bed_test_audio_sink_new (440);
  BedTestVideoStats seen;
  BedTestAudioStats heard;

  bed_video_source_add_sink (video, BED_VIDEO_SINK (video_sink));
  bed_audio_source_add_sink (audio, BED_AUDIO_SINK (audio_sink));
  wait_for_frames (video_sink, 20, &seen);
  g_clear_object (&video);
  g_clear_object (&audio);
  bed_test_video_sink_get_stats (video_sink, &seen);
  bed_test_audio_sink_get_stats (audio_sink, &heard);
  g_assert_cmpuint (seen.with_number, ==, seen.frames);
  g_assert_cmpuint (seen.backwards, ==, 0);
  g_assert_cmpuint (heard.blocks, >=, 10);
  g_assert_cmpuint (heard.tone_blocks, ==, heard.blocks);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/media/frame/limits", test_frame_limits);
  g_test_add_func ("/rtc/media/frame/planes", test_frame_planes);
  g_test_add_func ("/rtc/media/pixels/grey", test_pixels_grey);
  g_test_add_func ("/rtc/media/pixels/colours", test_pixels_colours);
  g_test_add_func ("/rtc/media/pixels/last-row-unpadded", test_pixels_last_row_unpadded);
  g_test_add_func ("/rtc/media/test-picture/numbers", test_picture_numbers);
  g_test_add_func ("/rtc/media/test-picture/survives-scaling", test_picture_survives_scaling);
  g_test_add_func ("/rtc/media/test-picture/refuses-others", test_picture_refuses_others);
  g_test_add_func ("/rtc/media/tone", test_tone);
  g_test_add_func ("/rtc/media/sink-list", test_sink_list);
  g_test_add_func ("/rtc/media/ring/order", test_ring_order);
  g_test_add_func ("/rtc/media/ring/limits", test_ring_limits);
  g_test_add_func ("/rtc/media/ring/threads", test_ring_threads);
  g_test_add ("/rtc/media/y4m/round-trip", Fixture, NULL, fixture_set_up, test_y4m_round_trip, fixture_tear_down);
  g_test_add ("/rtc/media/y4m/refuses", Fixture, NULL, fixture_set_up, test_y4m_refuses, fixture_tear_down);
  g_test_add_func ("/rtc/media/file/full-disk", test_sinks_report_full_disk);
  g_test_add ("/rtc/media/wav/round-trip", Fixture, NULL, fixture_set_up, test_wav_round_trip, fixture_tear_down);
  g_test_add ("/rtc/media/wav/refuses", Fixture, NULL, fixture_set_up, test_wav_refuses, fixture_tear_down);
  g_test_add_func ("/rtc/media/test-sources/run", test_sources_run);
  return g_test_run ();
}
