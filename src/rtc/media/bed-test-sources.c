/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-media-thread-private.h"
#include "bed-test-media.h"

#define BED_TYPE_TEST_VIDEO_SOURCE (bed_test_video_source_get_type ())
G_DECLARE_FINAL_TYPE (BedTestVideoSource, bed_test_video_source, BED, TEST_VIDEO_SOURCE, GObject)

struct _BedTestVideoSource
{
  GObject parent_instance;
  /* owned */
  BedSinkList *sinks;
  BedMediaThread *thread;
  guint width, height;
  guint16 number; /* of the thread alone */
};

static gboolean
make_picture (gint64 due_us, gpointer user_data)
{
  BedTestVideoSource *self = user_data;
  g_autoptr (BedVideoFrame)
      frame = bed_test_picture_new (self->width, self->height, self->number++, due_us);

  bed_sink_list_push_video (self->sinks, frame);
  return G_SOURCE_CONTINUE;
}

static void
video_add_sink (BedVideoSource *source, BedVideoSink *sink)
{
  bed_sink_list_add (BED_TEST_VIDEO_SOURCE (source)->sinks, sink);
}

static void
video_remove_sink (BedVideoSource *source, BedVideoSink *sink)
{
  bed_sink_list_remove (BED_TEST_VIDEO_SOURCE (source)->sinks, sink);
}

static void
video_source_iface_init (BedVideoSourceInterface *iface)
{
  iface->add_sink = video_add_sink;
  iface->remove_sink = video_remove_sink;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BedTestVideoSource, bed_test_video_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_VIDEO_SOURCE,
                                                      video_source_iface_init))

static void
bed_test_video_source_dispose (GObject *object)
{
  BedTestVideoSource *self = BED_TEST_VIDEO_SOURCE (object);

  g_clear_pointer (&self->thread, bed_media_thread_stop);
  G_OBJECT_CLASS (bed_test_video_source_parent_class)->dispose (object);
}

static void
bed_test_video_source_finalize (GObject *object)
{
  bed_sink_list_free (BED_TEST_VIDEO_SOURCE (object)->sinks);
  G_OBJECT_CLASS (bed_test_video_source_parent_class)->finalize (object);
}

static void
bed_test_video_source_class_init (BedTestVideoSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_test_video_source_dispose;
  G_OBJECT_CLASS (klass)->finalize = bed_test_video_source_finalize;
}

static void
bed_test_video_source_init (BedTestVideoSource *self)
{
  self->sinks = bed_sink_list_new ();
}

BedVideoSource *
bed_test_video_source_new (guint width, guint height, guint fps)
{
  BedTestVideoSource *self = g_object_new (BED_TYPE_TEST_VIDEO_SOURCE, NULL);

  self->width = width;
  self->height = height;
  self->thread = bed_media_thread_new ("test-video", fps, 1, make_picture, self);
  return BED_VIDEO_SOURCE (self);
}

#define BED_TYPE_TEST_AUDIO_SOURCE (bed_test_audio_source_get_type ())
G_DECLARE_FINAL_TYPE (BedTestAudioSource, bed_test_audio_source, BED, TEST_AUDIO_SOURCE, GObject)

struct _BedTestAudioSource
{
  GObject parent_instance;
  /* owned */
  BedSinkList *sinks;
  BedMediaThread *thread;
  double hertz, amplitude;
  double phase; /* of the thread alone */
};

static gboolean
make_tone (gint64 due_us, gpointer user_data)
{
  BedTestAudioSource *self = user_data;
  gint16 block[BED_AUDIO_BLOCK];

  bed_test_tone_fill (block, BED_AUDIO_BLOCK, self->hertz, self->amplitude, &self->phase);
  bed_sink_list_push_audio (self->sinks, block, BED_AUDIO_BLOCK, due_us);
  return G_SOURCE_CONTINUE;
}

static void
audio_add_sink (BedAudioSource *source, BedAudioSink *sink)
{
  bed_sink_list_add (BED_TEST_AUDIO_SOURCE (source)->sinks, sink);
}

static void
audio_remove_sink (BedAudioSource *source, BedAudioSink *sink)
{
  bed_sink_list_remove (BED_TEST_AUDIO_SOURCE (source)->sinks, sink);
}

static void
audio_source_iface_init (BedAudioSourceInterface *iface)
{
  iface->add_sink = audio_add_sink;
  iface->remove_sink = audio_remove_sink;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BedTestAudioSource, bed_test_audio_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_AUDIO_SOURCE,
                                                      audio_source_iface_init))

static void
bed_test_audio_source_dispose (GObject *object)
{
  BedTestAudioSource *self = BED_TEST_AUDIO_SOURCE (object);

  g_clear_pointer (&self->thread, bed_media_thread_stop);
  G_OBJECT_CLASS (bed_test_audio_source_parent_class)->dispose (object);
}

static void
bed_test_audio_source_finalize (GObject *object)
{
  bed_sink_list_free (BED_TEST_AUDIO_SOURCE (object)->sinks);
  G_OBJECT_CLASS (bed_test_audio_source_parent_class)->finalize (object);
}

static void
bed_test_audio_source_class_init (BedTestAudioSourceClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_test_audio_source_dispose;
  G_OBJECT_CLASS (klass)->finalize = bed_test_audio_source_finalize;
}

static void
bed_test_audio_source_init (BedTestAudioSource *self)
{
  self->sinks = bed_sink_list_new ();
}

BedAudioSource *
bed_test_audio_source_new (double hertz, double amplitude)
{
  BedTestAudioSource *self = g_object_new (BED_TYPE_TEST_AUDIO_SOURCE, NULL);

  self->hertz = hertz;
  self->amplitude = amplitude;
  self->thread = bed_media_thread_new ("test-audio", BED_AUDIO_RATE / BED_AUDIO_BLOCK, 1, make_tone,
                                       self);
  return BED_AUDIO_SOURCE (self);
}
