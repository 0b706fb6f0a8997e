/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-speaker-sink-private.h"

#include <math.h>
#include <string.h>

#include "bed-audio-ring.h"
#include "bed-audio-stream-private.h"
#include "bed-post-private.h"

#define RING_SAMPLES (BED_AUDIO_RATE / 2)
#define PLAYED_SAMPLES (BED_AUDIO_RATE / 4)

struct _BedSpeakerSink
{
  GObject parent_instance;

  BedAudioStream stream;
  BedAudioRing *ring;   /* from who pushes to the real-time thread */
  BedAudioRing *played; /* from the real-time thread to the listener */
  BedAudioRing *test;   /* the test sound, mixed in */
  int listened;         /* atomic */
  gboolean ended;
};

enum { ENDED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
speaker_push (BedAudioSink *sink, const gint16 *samples, guint n_samples, gint64 timestamp_us)
{
  bed_audio_ring_write (BED_SPEAKER_SINK (sink)->ring, samples, n_samples);
}

static int
speaker_get_queued (BedAudioSink *sink)
{
  BedSpeakerSink *self = BED_SPEAKER_SINK (sink);

  /* A loudspeaker that is gone has no clock; who pushes goes on by the wall clock. */
  return g_atomic_int_get (&self->ended) ? -1 : (int) bed_audio_ring_get_queued (self->ring);
}

static void
audio_sink_init (BedAudioSinkInterface *iface)
{
  iface->push = speaker_push;
  iface->get_queued = speaker_get_queued;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BedSpeakerSink, bed_speaker_sink, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_AUDIO_SINK, audio_sink_init))

static void
mix_test (BedSpeakerSink *self, gint16 *samples, guint n_samples)
{
  gint16 block[256];
  guint done = 0;

  while (done < n_samples)
    {
      guint n = bed_audio_ring_read (self->test, block,
                                     MIN (n_samples - done, G_N_ELEMENTS (block)));

      if (n == 0)
        return;
      for (guint i = 0; i < n; i++)
        samples[done + i] = CLAMP (samples[done + i] + block[i], G_MININT16, G_MAXINT16);
      done += n;
    }
}

/* Real-time thread. */
static void
process (gpointer data, gint16 *samples, guint n_samples)
{
  BedSpeakerSink *self = data;
  guint n = bed_audio_ring_read (self->ring, samples, n_samples);

  memset (samples + n, 0, (n_samples - n) * sizeof (gint16));
  mix_test (self, samples, n_samples);
  if (g_atomic_int_get (&self->listened))
    bed_audio_ring_write (self->played, samples, n_samples);
}

static void
end (gpointer object, gpointer data)
{
  BedSpeakerSink *self = object;
  g_autoptr (GError) error = NULL;

  if (self->ended)
    return;
  g_atomic_int_set (&self->ended, TRUE);
  bed_audio_stream_close (&self->stream);
  error = g_error_new_literal (BED_DEVICES_ERROR, BED_DEVICES_ERROR_UNPLUGGED,
                               "the loudspeaker went away");
  g_signal_emit (self, signals[ENDED], 0, error);
}

static void
on_failed (gpointer data)
{
  bed_post (data, end, NULL, NULL);
}

static void
bed_speaker_sink_dispose (GObject *object)
{
  bed_audio_stream_close (&BED_SPEAKER_SINK (object)->stream);
  G_OBJECT_CLASS (bed_speaker_sink_parent_class)->dispose (object);
}

static void
bed_speaker_sink_finalize (GObject *object)
{
  BedSpeakerSink *self = BED_SPEAKER_SINK (object);

  bed_audio_ring_free (self->ring);
  bed_audio_ring_free (self->played);
  bed_audio_ring_free (self->test);
  G_OBJECT_CLASS (bed_speaker_sink_parent_class)->finalize (object);
}

static void
bed_speaker_sink_class_init (BedSpeakerSinkClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bed_speaker_sink_dispose;
  object_class->finalize = bed_speaker_sink_finalize;
  signals[ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
bed_speaker_sink_init (BedSpeakerSink *self)
{
  self->ring = bed_audio_ring_new (RING_SAMPLES);
  self->played = bed_audio_ring_new (PLAYED_SAMPLES);
  self->test = bed_audio_ring_new (RING_SAMPLES);
  self->stream.process = process;
  self->stream.failed = on_failed;
  self->stream.data = self;
}

BedSpeakerSink *
bed_speaker_sink_new (const BedSoundServer *server, const char *target, GError **error)
{
  g_autoptr (BedSpeakerSink) self = g_object_new (BED_TYPE_SPEAKER_SINK, NULL);

  if (bed_audio_stream_open (&self->stream, server, FALSE, "bedside-sound", target))
    return g_steal_pointer (&self);
  g_set_error_literal (error, BED_DEVICES_ERROR, BED_DEVICES_ERROR_FAILED,
                       "the loudspeaker could not be opened");
  return NULL;
}

void
bed_speaker_sink_play_test (BedSpeakerSink *self)
{
  const guint n_note = BED_AUDIO_RATE / 5;

  for (guint note = 0; note < 2; note++)
    for (guint i = 0; i < n_note; i++)
      {
        double envelope = sin (G_PI * i / n_note);
        double pitch = note == 0 ? 523.25 : 659.25;
        gint16 sample = (gint16) (9000 * envelope * sin (2 * G_PI * pitch * i / BED_AUDIO_RATE));

        bed_audio_ring_write (self->test, &sample, 1);
      }
}

void
bed_speaker_sink_set_listened (BedSpeakerSink *self, gboolean listened)
{
  g_atomic_int_set (&self->listened, listened);
}

void
bed_speaker_sink_read_played (BedSpeakerSink *self, gint16 *samples, guint n_samples)
{
  guint n = bed_audio_ring_read (self->played, samples, n_samples);

  memset (samples + n, 0, (n_samples - n) * sizeof (gint16));
}
