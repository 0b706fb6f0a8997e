/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-audio-stream-private.h"
#include "bed-media.h"

/* One block more than PipeWire asks for: its PulseAudio side works in larger steps. */
#define LATENCY_SAMPLES (2 * BED_AUDIO_BLOCK)

static void
on_state (pa_stream *stream, void *data)
{
  BedAudioStream *self = data;

  if (!PA_STREAM_IS_GOOD (pa_stream_get_state (stream)))
    self->failed (self->data);
}

static void
on_moved (pa_stream *stream, void *data)
{
  BedAudioStream *self = data;

  self->failed (self->data); /* the chosen device is gone: the person decides what comes instead */
}

static void
on_readable (pa_stream *stream, size_t n_bytes, void *data)
{
  BedAudioStream *self = data;
  const void *bytes;
  size_t length;

  while (pa_stream_readable_size (stream) > 0 && pa_stream_peek (stream, &bytes, &length) >= 0
         && length > 0)
    {
      if (bytes != NULL) /* NULL: a hole */
        self->process (self->data, (gint16 *) bytes, length / sizeof (gint16));
      pa_stream_drop (stream);
    }
}

static void
on_writable (pa_stream *stream, size_t n_bytes, void *data)
{
  BedAudioStream *self = data;
  void *bytes;

  if (pa_stream_begin_write (stream, &bytes, &n_bytes) < 0 || bytes == NULL)
    return;
  self->process (self->data, bytes, n_bytes / sizeof (gint16));
  pa_stream_write (stream, bytes, n_bytes / sizeof (gint16) * sizeof (gint16), NULL, 0,
                   PA_SEEK_RELATIVE);
}

gboolean
bed_audio_stream_open_pulse (BedAudioStream *self, BedPulse *pulse, const char *name,
                             const char *target)
{
  const pa_sample_spec spec = { PA_SAMPLE_S16NE, BED_AUDIO_RATE, 1 };
  const guint32 latency = LATENCY_SAMPLES * sizeof (gint16);
  const pa_buffer_attr attributes = { .maxlength = G_MAXUINT32, .tlength = latency, .prebuf = 0,
                                      .minreq = latency / 2, .fragsize = latency / 2 };
  const pa_stream_flags_t flags = PA_STREAM_ADJUST_LATENCY
                                  | (target != NULL ? PA_STREAM_DONT_MOVE : 0);
  pa_proplist *properties = pa_proplist_new ();
  int result = -1;

  self->pulse = bed_pulse_ref (pulse);
  pa_proplist_sets (properties, PA_PROP_MEDIA_ROLE, "phone");
  pa_proplist_sets (properties, "node.name", name);
  bed_pulse_lock (pulse);
  self->pulse_stream = pa_stream_new_with_proplist (pulse->context,
                                                    self->capture ? "Microphone" : "Sound", &spec,
                                                    NULL, properties);
  if (self->pulse_stream != NULL)
    {
      pa_stream_set_state_callback (self->pulse_stream, on_state, self);
      pa_stream_set_moved_callback (self->pulse_stream, target != NULL ? on_moved : NULL, self);
      pa_stream_set_read_callback (self->pulse_stream, self->capture ? on_readable : NULL, self);
      pa_stream_set_write_callback (self->pulse_stream, self->capture ? NULL : on_writable, self);
      result = self->capture
                   ? pa_stream_connect_record (self->pulse_stream, target, &attributes, flags)
                   : pa_stream_connect_playback (self->pulse_stream, target, &attributes, flags,
                                                 NULL, NULL);
    }
  bed_pulse_unlock (pulse);
  pa_proplist_free (properties);
  return result >= 0;
}

void
bed_audio_stream_close_pulse (BedAudioStream *self)
{
  if (self->pulse_stream != NULL)
    {
      bed_pulse_lock (self->pulse);
      pa_stream_set_state_callback (self->pulse_stream, NULL, NULL);
      pa_stream_set_moved_callback (self->pulse_stream, NULL, NULL);
      pa_stream_set_read_callback (self->pulse_stream, NULL, NULL);
      pa_stream_set_write_callback (self->pulse_stream, NULL, NULL);
      pa_stream_disconnect (self->pulse_stream);
      pa_stream_unref (g_steal_pointer (&self->pulse_stream));
      bed_pulse_unlock (self->pulse);
    }
  g_clear_pointer (&self->pulse, bed_pulse_unref);
}
