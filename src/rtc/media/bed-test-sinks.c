/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-test-media.h"

#include <math.h>

struct _BedTestVideoSink
{
  GObject parent_instance;
  GMutex lock;
  BedTestVideoStats stats; /* under the lock */
};

static void
video_push (BedVideoSink *sink, BedVideoFrame *frame)
{
  BedTestVideoSink *self = BED_TEST_VIDEO_SINK (sink);
  guint16 number = 0;
  gboolean readable = bed_test_picture_read (frame, &number);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->stats.frames++;
  self->stats.width = bed_video_frame_get_width (frame);
  self->stats.height = bed_video_frame_get_height (frame);
  self->stats.last_us = g_get_monotonic_time ();
  if (!readable)
    return;
  if (self->stats.with_number > 0 && (gint16) (number - self->stats.last_number) < 0)
    self->stats.backwards++;
  self->stats.with_number++;
  self->stats.last_number = number;
}

static void
video_sink_iface_init (BedVideoSinkInterface *iface)
{
  iface->push = video_push;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BedTestVideoSink, bed_test_video_sink, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_VIDEO_SINK, video_sink_iface_init))

static void
bed_test_video_sink_finalize (GObject *object)
{
  g_mutex_clear (&BED_TEST_VIDEO_SINK (object)->lock);
  G_OBJECT_CLASS (bed_test_video_sink_parent_class)->finalize (object);
}

static void
bed_test_video_sink_class_init (BedTestVideoSinkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_test_video_sink_finalize;
}

static void
bed_test_video_sink_init (BedTestVideoSink *self)
{
  g_mutex_init (&self->lock);
}

BedTestVideoSink *
bed_test_video_sink_new (void)
{
  return g_object_new (BED_TYPE_TEST_VIDEO_SINK, NULL);
}

void
bed_test_video_sink_get_stats (BedTestVideoSink *self, BedTestVideoStats *stats)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  *stats = self->stats;
}

struct _BedTestAudioSink
{
  GObject parent_instance;
  double hertz;
  gint16 block[BED_AUDIO_BLOCK]; /* of the pushing thread alone */
  guint filled;
  GMutex lock;
  BedTestAudioStats stats; /* under the lock */
};

static void
judge_block (BedTestAudioSink *self)
{
  double sum = 0, share = bed_test_tone_share (self->block, BED_AUDIO_BLOCK, self->hertz);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  for (guint i = 0; i < BED_AUDIO_BLOCK; i++)
    sum += (double) self->block[i] * self->block[i];
  self->stats.rms = sqrt (sum / BED_AUDIO_BLOCK) / 32768;
  self->stats.blocks++;
  if (share > 0.5)
    self->stats.tone_blocks++;
  self->stats.last_us = g_get_monotonic_time ();
}

static void
audio_push (BedAudioSink *sink, const gint16 *samples, guint n_samples, gint64 timestamp_us)
{
  BedTestAudioSink *self = BED_TEST_AUDIO_SINK (sink);

  for (guint i = 0; i < n_samples; i++)
    {
      self->block[self->filled++] = samples[i];
      if (self->filled < BED_AUDIO_BLOCK)
        continue;
      judge_block (self);
      self->filled = 0;
    }
  g_mutex_lock (&self->lock);
  self->stats.samples += n_samples;
  g_mutex_unlock (&self->lock);
}

static void
audio_sink_iface_init (BedAudioSinkInterface *iface)
{
  iface->push = audio_push;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BedTestAudioSink, bed_test_audio_sink, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_AUDIO_SINK, audio_sink_iface_init))

static void
bed_test_audio_sink_finalize (GObject *object)
{
  g_mutex_clear (&BED_TEST_AUDIO_SINK (object)->lock);
  G_OBJECT_CLASS (bed_test_audio_sink_parent_class)->finalize (object);
}

static void
bed_test_audio_sink_class_init (BedTestAudioSinkClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_test_audio_sink_finalize;
}

static void
bed_test_audio_sink_init (BedTestAudioSink *self)
{
  g_mutex_init (&self->lock);
}

BedTestAudioSink *
bed_test_audio_sink_new (double hertz)
{
  BedTestAudioSink *self = g_object_new (BED_TYPE_TEST_AUDIO_SINK, NULL);

  self->hertz = hertz;
  return self;
}

void
bed_test_audio_sink_get_stats (BedTestAudioSink *self, BedTestAudioStats *stats)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  *stats = self->stats;
}
