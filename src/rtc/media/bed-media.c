/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-media.h"

G_DEFINE_INTERFACE (BedVideoSink, bed_video_sink, G_TYPE_OBJECT)
G_DEFINE_INTERFACE (BedAudioSink, bed_audio_sink, G_TYPE_OBJECT)
G_DEFINE_INTERFACE (BedVideoSource, bed_video_source, G_TYPE_OBJECT)
G_DEFINE_INTERFACE (BedAudioSource, bed_audio_source, G_TYPE_OBJECT)

static int
no_clock_of_its_own (BedAudioSink *self)
{
  return -1;
}

static void
bed_video_sink_default_init (BedVideoSinkInterface *iface)
{
}

static void
bed_audio_sink_default_init (BedAudioSinkInterface *iface)
{
  iface->get_queued = no_clock_of_its_own;
}

static void
bed_video_source_default_init (BedVideoSourceInterface *iface)
{
}

static void
bed_audio_source_default_init (BedAudioSourceInterface *iface)
{
}

void
bed_video_sink_push (BedVideoSink *self, BedVideoFrame *frame)
{
  BED_VIDEO_SINK_GET_IFACE (self)->push (self, frame);
}

void
bed_audio_sink_push (BedAudioSink *self, const gint16 *samples, guint n_samples,
                     gint64 timestamp_us)
{
  BED_AUDIO_SINK_GET_IFACE (self)->push (self, samples, n_samples, timestamp_us);
}

int
bed_audio_sink_get_queued (BedAudioSink *self)
{
  return BED_AUDIO_SINK_GET_IFACE (self)->get_queued (self);
}

void
bed_video_source_add_sink (BedVideoSource *self, BedVideoSink *sink)
{
  BED_VIDEO_SOURCE_GET_IFACE (self)->add_sink (self, sink);
}

void
bed_video_source_remove_sink (BedVideoSource *self, BedVideoSink *sink)
{
  BED_VIDEO_SOURCE_GET_IFACE (self)->remove_sink (self, sink);
}

void
bed_audio_source_add_sink (BedAudioSource *self, BedAudioSink *sink)
{
  BED_AUDIO_SOURCE_GET_IFACE (self)->add_sink (self, sink);
}

void
bed_audio_source_remove_sink (BedAudioSource *self, BedAudioSink *sink)
{
  BED_AUDIO_SOURCE_GET_IFACE (self)->remove_sink (self, sink);
}
