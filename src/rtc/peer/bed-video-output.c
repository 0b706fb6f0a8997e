/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-video-output-private.h"

struct _BedVideoOutput
{
  GObject parent_instance;

  GMutex mutex;
  BedVideoSink *sink; /* owned, guarded by mutex */
  gboolean seen; /* decoder's thread */
  BedFirstFrameFunc func;
  gpointer user_data;
};

static void video_sink_init (BedVideoSinkInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BedVideoOutput, bed_video_output, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_VIDEO_SINK, video_sink_init))

static void
push (BedVideoSink *sink, BedVideoFrame *frame)
{
  BedVideoOutput *self = BED_VIDEO_OUTPUT (sink);

  g_mutex_lock (&self->mutex);
  if (self->sink != NULL)
    bed_video_sink_push (self->sink, frame);
  g_mutex_unlock (&self->mutex);
  if (!self->seen)
    {
      self->seen = TRUE;
      self->func (self->user_data);
    }
}

static void
video_sink_init (BedVideoSinkInterface *iface)
{
  iface->push = push;
}

static void
bed_video_output_finalize (GObject *object)
{
  BedVideoOutput *self = BED_VIDEO_OUTPUT (object);

  g_clear_object (&self->sink);
  g_mutex_clear (&self->mutex);
  G_OBJECT_CLASS (bed_video_output_parent_class)->finalize (object);
}

static void
bed_video_output_class_init (BedVideoOutputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_video_output_finalize;
}

static void
bed_video_output_init (BedVideoOutput *self)
{
  g_mutex_init (&self->mutex);
}

BedVideoOutput *
bed_video_output_new (BedFirstFrameFunc func, gpointer user_data)
{
  BedVideoOutput *self = g_object_new (BED_TYPE_VIDEO_OUTPUT, NULL);

  self->func = func;
  self->user_data = user_data;
  return self;
}

void
bed_video_output_set_sink (BedVideoOutput *self, BedVideoSink *sink)
{
  g_autoptr (BedVideoSink) old = NULL;

  g_mutex_lock (&self->mutex);
  old = g_steal_pointer (&self->sink);
  self->sink = sink != NULL ? g_object_ref (sink) : NULL;
  g_mutex_unlock (&self->mutex);
}
