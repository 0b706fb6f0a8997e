/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-microphone-source-private.h"

#include <string.h>

#include "bed-audio-processor-private.h"
#include "bed-audio-ring.h"
#include "bed-audio-stream-private.h"
#include "bed-post-private.h"
#include "bed-speaker-sink-private.h"

#define RING_SAMPLES (BED_AUDIO_RATE / 4)
#define POLL_US 4000 /* the real-time thread wakes nobody, so the worker looks */

struct _BedMicrophoneSource
{
  GObject parent_instance;

  /* owned */
  BedConsentGrant *grant;
  BedSpeakerSink *speaker;
  BedSinkList *sinks;
  BedAudioStream stream;
  BedAudioRing *ring; /* from the real-time thread to the worker */
  BedAudioProcessor *processor;
  GThread *worker;

  int muted;   /* atomic */
  int running; /* atomic */
  gboolean ended;
};

enum { ENDED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
microphone_add_sink (BedAudioSource *source, BedAudioSink *sink)
{
  bed_sink_list_add (BED_MICROPHONE_SOURCE (source)->sinks, sink);
}

static void
microphone_remove_sink (BedAudioSource *source, BedAudioSink *sink)
{
  bed_sink_list_remove (BED_MICROPHONE_SOURCE (source)->sinks, sink);
}

static void
audio_source_init (BedAudioSourceInterface *iface)
{
  iface->add_sink = microphone_add_sink;
  iface->remove_sink = microphone_remove_sink;
}

static BedConsentGrant *
get_grant (BedConsented *consented)
{
  return BED_MICROPHONE_SOURCE (consented)->grant;
}

static void
consented_init (BedConsentedInterface *iface)
{
  iface->get_grant = get_grant;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BedMicrophoneSource, bed_microphone_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_AUDIO_SOURCE, audio_source_init)
                               G_IMPLEMENT_INTERFACE (BED_TYPE_CONSENTED, consented_init))

/* Real-time thread. */
static void
process (gpointer data, gint16 *samples, guint n_samples)
{
  BedMicrophoneSource *self = data;

  if (!g_atomic_int_get (&self->muted))
    bed_audio_ring_write (self->ring, samples, n_samples);
}

static void
take_block (BedMicrophoneSource *self)
{
  gint16 near[BED_AUDIO_BLOCK], far[BED_AUDIO_BLOCK] = { 0 };

  bed_audio_ring_read (self->ring, near, BED_AUDIO_BLOCK);
  if (self->speaker != NULL)
    bed_speaker_sink_read_played (self->speaker, far, BED_AUDIO_BLOCK);
  if (self->processor != NULL)
    bed_audio_processor_run (self->processor, near, far);
  if (!g_atomic_int_get (&self->muted))
    bed_sink_list_push_audio (self->sinks, near, BED_AUDIO_BLOCK, g_get_monotonic_time ());
}

static gpointer
work (gpointer data)
{
  BedMicrophoneSource *self = data;

  while (g_atomic_int_get (&self->running))
    {
      if (bed_audio_ring_get_queued (self->ring) >= BED_AUDIO_BLOCK)
        take_block (self);
      else
        g_usleep (POLL_US);
    }
  return NULL;
}

static void
close_all (BedMicrophoneSource *self)
{
  bed_audio_stream_close (&self->stream);
  g_atomic_int_set (&self->running, FALSE);
  g_clear_pointer (&self->worker, g_thread_join);
  if (self->speaker != NULL)
    bed_speaker_sink_set_listened (self->speaker, FALSE);
  g_clear_object (&self->speaker);
}

static void
end (gpointer object, gpointer data)
{
  BedMicrophoneSource *self = object;
  g_autoptr (GError) error = NULL;

  if (self->ended)
    return;
  self->ended = TRUE;
  close_all (self);
  error = g_error_new_literal (BED_DEVICES_ERROR, BED_DEVICES_ERROR_UNPLUGGED,
                               "the microphone went away");
  g_signal_emit (self, signals[ENDED], 0, error);
}

static void
on_failed (gpointer data)
{
  bed_post (data, end, NULL, NULL);
}

static void
on_withdrawn (BedConsentGrant *grant, BedMicrophoneSource *self)
{
  self->ended = TRUE;
  close_all (self);
}

static void
bed_microphone_source_dispose (GObject *object)
{
  BedMicrophoneSource *self = BED_MICROPHONE_SOURCE (object);

  close_all (self);
  if (self->grant != NULL)
    g_signal_handlers_disconnect_by_data (self->grant, self);
  g_clear_object (&self->grant);
  G_OBJECT_CLASS (bed_microphone_source_parent_class)->dispose (object);
}

static void
bed_microphone_source_finalize (GObject *object)
{
  BedMicrophoneSource *self = BED_MICROPHONE_SOURCE (object);

  g_clear_pointer (&self->processor, bed_audio_processor_free);
  bed_sink_list_free (self->sinks);
  bed_audio_ring_free (self->ring);
  G_OBJECT_CLASS (bed_microphone_source_parent_class)->finalize (object);
}

static void
bed_microphone_source_class_init (BedMicrophoneSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bed_microphone_source_dispose;
  object_class->finalize = bed_microphone_source_finalize;
  signals[ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
bed_microphone_source_init (BedMicrophoneSource *self)
{
  self->sinks = bed_sink_list_new ();
  self->ring = bed_audio_ring_new (RING_SAMPLES);
  self->stream.process = process;
  self->stream.failed = on_failed;
  self->stream.data = self;
}

static void
start_worker (BedMicrophoneSource *self)
{
  g_atomic_int_set (&self->running, TRUE);
  self->worker = g_thread_new ("bed-microphone", work, self);
}

BedMicrophoneSource *
bed_microphone_source_new (const BedSoundServer *server, BedConsentGrant *grant, const char *target,
                           BedAudioProcessing processing, BedSpeakerSink *speaker, GError **error)
{
  g_autoptr (BedMicrophoneSource) self = NULL;

  if (!bed_consent_grant_is_valid (grant)
      || bed_consent_grant_get_device (grant) != BED_DEVICE_MICROPHONE)
    {
      g_set_error_literal (error, BED_DEVICES_ERROR, BED_DEVICES_ERROR_NOT_GRANTED,
                           "no consent to the microphone");
      return NULL;
    }
  self = g_object_new (BED_TYPE_MICROPHONE_SOURCE, NULL);
  self->grant = g_object_ref (grant);
  g_signal_connect (grant, "withdrawn", G_CALLBACK (on_withdrawn), self);
  self->processor = bed_audio_processor_new (processing);
  if (speaker != NULL && self->processor != NULL
      && (processing & BED_AUDIO_PROCESSING_ECHO_CANCELLATION) != 0)
    {
      self->speaker = g_object_ref (speaker);
      bed_speaker_sink_set_listened (speaker, TRUE);
    }
  start_worker (self);
  if (!bed_audio_stream_open (&self->stream, server, TRUE, "bedside-microphone", target))
    {
      g_set_error_literal (error, BED_DEVICES_ERROR, BED_DEVICES_ERROR_FAILED,
                           "the microphone could not be opened");
      return NULL;
    }
  return g_steal_pointer (&self);
}

void
bed_microphone_source_set_muted (BedMicrophoneSource *self, gboolean muted)
{
  g_atomic_int_set (&self->muted, muted);
}
