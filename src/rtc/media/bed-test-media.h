/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-media.h"

G_BEGIN_DECLS

/* Pictures and sound that a test can recognise at the other end. */

/* Draws a moving picture with a 16-bit number in a block code of 8x4 blocks that survives scaling
 * and VP8. At least 64x36 pixels. Returns: (transfer full) */
BedVideoFrame *bed_test_picture_new (guint width, guint height, guint16 number,
                                     gint64 timestamp_us);
/* Returns: FALSE when there is no valid code (it carries a check). */
gboolean bed_test_picture_read (const BedVideoFrame *frame, guint16 *number);

/* Runs on a thread of its own from construction until dispose. number counts up from 0. */
BedVideoSource *bed_test_video_source_new (guint width, guint height, guint fps);
/* A sine of `hertz` at amplitude 0 to 1. */
BedAudioSource *bed_test_audio_source_new (double hertz, double amplitude);

/* Continues a sine: phase in radians is kept by the caller. */
void bed_test_tone_fill (gint16 *samples, guint n, double hertz, double amplitude, double *phase);
/* Goertzel: the share (0 to 1) of the block's energy that lies at `hertz`. n >= 480; 0 for silence.
 */
double bed_test_tone_share (const gint16 *samples, guint n, double hertz);

/* Remember what came: for tests and the test peer. Any thread. */
#define BED_TYPE_TEST_VIDEO_SINK (bed_test_video_sink_get_type ())
G_DECLARE_FINAL_TYPE (BedTestVideoSink, bed_test_video_sink, BED, TEST_VIDEO_SINK, GObject)
typedef struct
{
  guint64 frames, with_number; /* with_number: had a readable code */
  guint64 backwards; /* numbers that went back */
  guint16 last_number;
  guint width, height;
  gint64 last_us; /* monotonic, when it was pushed */
} BedTestVideoStats;
BedTestVideoSink *bed_test_video_sink_new (void);
void bed_test_video_sink_get_stats (BedTestVideoSink *self, BedTestVideoStats *stats);

#define BED_TYPE_TEST_AUDIO_SINK (bed_test_audio_sink_get_type ())
G_DECLARE_FINAL_TYPE (BedTestAudioSink, bed_test_audio_sink, BED, TEST_AUDIO_SINK, GObject)
typedef struct
{
  guint64 samples;
  guint64 blocks, tone_blocks; /* of 10 ms; tone_blocks: more than half of the energy at hertz */
  double rms; /* of the last block, 0 to 1 */
  gint64 last_us;
} BedTestAudioStats;
BedTestAudioSink *bed_test_audio_sink_new (double hertz);
void bed_test_audio_sink_get_stats (BedTestAudioSink *self, BedTestAudioStats *stats);

G_END_DECLS
