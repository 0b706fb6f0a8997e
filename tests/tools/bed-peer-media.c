/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-peer-media.h"

#include "bed-file-media.h"

#define WIDTH 1280
#define HEIGHT 720
#define FPS 30
#define AMPLITUDE 0.3

/* Two sinks behind one: what is counted, and what is recorded. */
#define BED_TYPE_PEER_TAP (bed_peer_tap_get_type ())
G_DECLARE_FINAL_TYPE (BedPeerTap, bed_peer_tap, BED, PEER_TAP, GObject)

struct _BedPeerTap
{
  GObject parent_instance;

  BedTestVideoSink *video; /* owned */
  BedTestAudioSink *audio; /* owned */
  BedVideoSink *video_file; /* owned (nullable) */
  BedAudioSink *audio_file; /* owned (nullable) */
};

static void
tap_push_video (BedVideoSink *sink, BedVideoFrame *frame)
{
  BedPeerTap *self = BED_PEER_TAP (sink);

  bed_video_sink_push (BED_VIDEO_SINK (self->video), frame);
  if (self->video_file != NULL)
    bed_video_sink_push (self->video_file, frame);
}

static void
tap_push_audio (BedAudioSink *sink, const gint16 *samples, guint n_samples, gint64 timestamp_us)
{
  BedPeerTap *self = BED_PEER_TAP (sink);

  bed_audio_sink_push (BED_AUDIO_SINK (self->audio), samples, n_samples, timestamp_us);
  if (self->audio_file != NULL)
    bed_audio_sink_push (self->audio_file, samples, n_samples, timestamp_us);
}

static int
tap_get_queued (BedAudioSink *sink)
{
  return -1;
}

static void
video_init (BedVideoSinkInterface *iface)
{
  iface->push = tap_push_video;
}

static void
audio_init (BedAudioSinkInterface *iface)
{
  iface->push = tap_push_audio;
  iface->get_queued = tap_get_queued;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BedPeerTap, bed_peer_tap, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_VIDEO_SINK, video_init)
                               G_IMPLEMENT_INTERFACE (BED_TYPE_AUDIO_SINK, audio_init))

static void
bed_peer_tap_dispose (GObject *object)
{
  BedPeerTap *self = BED_PEER_TAP (object);

  g_clear_object (&self->video);
  g_clear_object (&self->audio);
  g_clear_object (&self->video_file);
  g_clear_object (&self->audio_file);
  G_OBJECT_CLASS (bed_peer_tap_parent_class)->dispose (object);
}

static void
bed_peer_tap_class_init (BedPeerTapClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_peer_tap_dispose;
}

static void
bed_peer_tap_init (BedPeerTap *self)
{
  self->video = bed_test_video_sink_new ();
  self->audio = bed_test_audio_sink_new (BED_PEER_TONE);
}

struct _BedPeerMedia
{
  BedVideoSource *video; /* owned */
  BedAudioSource *audio; /* owned */
  BedPeerTap *tap; /* owned */
};

static gboolean
open_files (BedPeerMedia *self, const BedPeerMediaConfig *config, GError **error)
{
  if (config->video != NULL && (self->video = bed_y4m_source_new (config->video, error)) == NULL)
    return FALSE;
  if (config->audio != NULL && (self->audio = bed_wav_source_new (config->audio, error)) == NULL)
    return FALSE;
  if (config->record_video != NULL
      && (self->tap->video_file = bed_y4m_sink_new (config->record_video, FPS, error)) == NULL)
    return FALSE;
  if (config->record_audio != NULL && (self->tap->audio_file = bed_wav_sink_new (config->record_audio, error)) == NULL)
    return FALSE;
  return TRUE;
}

BedPeerMedia *
bed_peer_media_new (const BedPeerMediaConfig *config, GError **error)
{
  BedPeerMedia *self = g_new0 (BedPeerMedia, 1);

  self->tap = g_object_new (BED_TYPE_PEER_TAP, NULL);
  if (!open_files (self, config, error))
    {
      bed_peer_media_free (self);
      return NULL;
    }
  if (self->video == NULL && config->audio == NULL)
    self->video = bed_test_video_source_new (WIDTH, HEIGHT, FPS);
  if (self->audio == NULL && config->video == NULL)
    self->audio = bed_test_audio_source_new (BED_PEER_TONE, AMPLITUDE);
  return self;
}

void
bed_peer_media_attach (BedPeerMedia *self, BedEngine *engine)
{
  bed_engine_set_video_source (engine, self->video);
  bed_engine_set_audio_source (engine, self->audio);
  bed_engine_set_video_sink (engine, BED_VIDEO_SINK (self->tap));
  bed_engine_set_audio_sink (engine, BED_AUDIO_SINK (self->tap));
}

void
bed_peer_media_get_stats (BedPeerMedia *self, BedTestVideoStats *video, BedTestAudioStats *audio)
{
  bed_test_video_sink_get_stats (self->tap->video, video);
  bed_test_audio_sink_get_stats (self->tap->audio, audio);
}

gboolean
bed_peer_media_finish (BedPeerMedia *self, GError **error)
{
  if (self->tap->video_file != NULL && !bed_y4m_sink_close (self->tap->video_file, error))
    return FALSE;
  return self->tap->audio_file == NULL || bed_wav_sink_close (self->tap->audio_file, error);
}

void
bed_peer_media_free (BedPeerMedia *self)
{
  g_clear_object (&self->video);
  g_clear_object (&self->audio);
  g_clear_object (&self->tap);
  g_free (self);
}
