/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-audio-stream-private.h"

#include <spa/param/audio/format-utils.h>

#include "bed-media.h"

static void
on_state_changed (void *data, enum pw_stream_state old, enum pw_stream_state state,
                  const char *message)
{
  BedAudioStream *self = data;
  gboolean had_started = old == PW_STREAM_STATE_STREAMING || old == PW_STREAM_STATE_PAUSED;

  if (state == PW_STREAM_STATE_ERROR || (state == PW_STREAM_STATE_UNCONNECTED && had_started))
    self->failed (self->data);
}

static void
process_capture (BedAudioStream *self, struct spa_data *data)
{
  guint32 offset = MIN (data->chunk->offset, data->maxsize);
  guint32 size = MIN (data->chunk->size, data->maxsize - offset);

  self->process (self->data, (gint16 *) ((guint8 *) data->data + offset), size / sizeof (gint16));
}

static void
process_playback (BedAudioStream *self, struct spa_data *data, guint64 requested)
{
  guint n = data->maxsize / sizeof (gint16);

  if (requested > 0)
    n = MIN (n, requested);
  self->process (self->data, data->data, n);
  data->chunk->offset = 0;
  data->chunk->stride = sizeof (gint16);
  data->chunk->size = n * sizeof (gint16);
}

static void
on_process (void *user_data)
{
  BedAudioStream *self = user_data;
  struct pw_buffer *buffer = pw_stream_dequeue_buffer (self->stream);
  struct spa_data *data;

  if (buffer == NULL)
    return;
  data = &buffer->buffer->datas[0];
  if (data->data != NULL && self->capture)
    process_capture (self, data);
  else if (data->data != NULL)
    process_playback (self, data, buffer->requested);
  pw_stream_queue_buffer (self->stream, buffer);
}

static const struct pw_stream_events events = {
  PW_VERSION_STREAM_EVENTS,
  .state_changed = on_state_changed,
  .process = on_process,
};

static struct pw_properties *
make_properties (gboolean capture, const char *name, const char *target)
{
  struct pw_properties *props = pw_properties_new (
      PW_KEY_MEDIA_TYPE, "Audio", PW_KEY_MEDIA_CATEGORY, capture ? "Capture" : "Playback",
      PW_KEY_MEDIA_ROLE, "Communication", PW_KEY_NODE_LATENCY, "480/48000",
      PW_KEY_NODE_DONT_RECONNECT, "true", PW_KEY_NODE_NAME, name, NULL);

  if (target != NULL)
    pw_properties_set (props, PW_KEY_TARGET_OBJECT, target);
  return props;
}

static gboolean
open_pipewire (BedAudioStream *self, BedPipewire *pipewire, const char *name, const char *target)
{
  guint8 buffer[1024];
  struct spa_pod_builder builder = SPA_POD_BUILDER_INIT (buffer, sizeof buffer);
  struct spa_audio_info_raw info = SPA_AUDIO_INFO_RAW_INIT (.format = SPA_AUDIO_FORMAT_S16,
                                                            .rate = BED_AUDIO_RATE, .channels = 1,
                                                            .position = { SPA_AUDIO_CHANNEL_MONO });
  const struct spa_pod *params[] = { spa_format_audio_raw_build (&builder, SPA_PARAM_EnumFormat,
                                                                 &info) };
  const gboolean capture = self->capture;
  int result = -1;

  self->pipewire = bed_pipewire_ref (pipewire);
  bed_pipewire_lock (pipewire);
  self->stream = pw_stream_new (pipewire->core, capture ? "Microphone" : "Sound",
                                make_properties (capture, name, target));
  if (self->stream != NULL)
    {
      pw_stream_add_listener (self->stream, &self->listener, &events, self);
      result = pw_stream_connect (self->stream, capture ? PW_DIRECTION_INPUT : PW_DIRECTION_OUTPUT,
                                  PW_ID_ANY,
                                  PW_STREAM_FLAG_AUTOCONNECT | PW_STREAM_FLAG_MAP_BUFFERS
                                      | PW_STREAM_FLAG_RT_PROCESS,
                                  params, 1);
    }
  bed_pipewire_unlock (pipewire);
  return result >= 0;
}

gboolean
bed_audio_stream_open (BedAudioStream *self, const BedSoundServer *server, gboolean capture,
                       const char *name, const char *target)
{
  self->capture = capture;
  if (server->pipewire != NULL)
    return open_pipewire (self, server->pipewire, name, target);
  return bed_audio_stream_open_pulse (self, server->pulse, name, target);
}

void
bed_audio_stream_close (BedAudioStream *self)
{
  bed_audio_stream_close_pulse (self);
  if (self->stream != NULL)
    bed_pipewire_close_stream (self->pipewire, self->stream, &self->listener);
  self->stream = NULL;
  g_clear_pointer (&self->pipewire, bed_pipewire_unref);
}
