/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-audio-input-private.h"

#include "bed-audio-ring.h"

#define RING_SAMPLES 9600 /* 200 ms: what a network thread that stands still may miss */

struct _BedAudioInput
{
  GObject parent_instance;

  BedNetworkThread *thread; /* owned */
  BedAudioRing *ring; /* owned */
  BedAudioInputFunc func;
  gpointer user_data;
  gboolean stopped; /* network thread's */
  gint posted; /* atomic */
  GMutex mutex; /* guards end_us */
  gint64 end_us; /* capture time of what comes after the newest sample */
};

static void audio_sink_init (BedAudioSinkInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BedAudioInput, bed_audio_input, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_AUDIO_SINK, audio_sink_init))

static gint64
samples_to_us (gint64 samples)
{
  return samples * G_USEC_PER_SEC / BED_AUDIO_RATE;
}

static void
drain (gpointer data)
{
  BedAudioInput *self = data;
  gint16 samples[BED_AUDIO_INPUT_FRAME];
  gint64 end_us;
  guint queued;

  g_atomic_int_set (&self->posted, FALSE);
  while (!self->stopped
         && (queued = bed_audio_ring_get_queued (self->ring)) >= BED_AUDIO_INPUT_FRAME)
    {
      g_mutex_lock (&self->mutex);
      end_us = self->end_us;
      g_mutex_unlock (&self->mutex);
      bed_audio_ring_read (self->ring, samples, BED_AUDIO_INPUT_FRAME);
      self->func (samples, end_us - samples_to_us (queued), self->user_data);
    }
}

static void
push (BedAudioSink *sink, const gint16 *samples, guint n_samples, gint64 timestamp_us)
{
  BedAudioInput *self = BED_AUDIO_INPUT (sink);

  bed_audio_ring_write (self->ring, samples, n_samples);
  g_mutex_lock (&self->mutex);
  self->end_us = timestamp_us + samples_to_us (n_samples);
  g_mutex_unlock (&self->mutex);
  if (bed_audio_ring_get_queued (self->ring) >= BED_AUDIO_INPUT_FRAME
      && g_atomic_int_compare_and_exchange (&self->posted, FALSE, TRUE))
    bed_network_thread_post (self->thread, drain, g_object_ref (self), g_object_unref);
}

static int
get_queued (BedAudioSink *sink)
{
  return -1;
}

static void
audio_sink_init (BedAudioSinkInterface *iface)
{
  iface->push = push;
  iface->get_queued = get_queued;
}

static void
bed_audio_input_finalize (GObject *object)
{
  BedAudioInput *self = BED_AUDIO_INPUT (object);

  bed_audio_ring_free (self->ring);
  g_mutex_clear (&self->mutex);
  g_object_unref (self->thread);
  G_OBJECT_CLASS (bed_audio_input_parent_class)->finalize (object);
}

static void
bed_audio_input_class_init (BedAudioInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_audio_input_finalize;
}

static void
bed_audio_input_init (BedAudioInput *self)
{
  g_mutex_init (&self->mutex);
  self->ring = bed_audio_ring_new (RING_SAMPLES);
}

BedAudioInput *
bed_audio_input_new (BedNetworkThread *thread, BedAudioInputFunc func, gpointer user_data)
{
  BedAudioInput *self = g_object_new (BED_TYPE_AUDIO_INPUT, NULL);

  self->thread = g_object_ref (thread);
  self->func = func;
  self->user_data = user_data;
  return self;
}

void
bed_audio_input_stop (BedAudioInput *self)
{
  self->stopped = TRUE;
}
