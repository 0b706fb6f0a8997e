/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-audio-receiver-private.h"

#include <string.h>

#include "bed-codec.h"
#include "bed-time-stretch.h"

#define MIN_DELAY_MS 20
#define MAX_DELAY_MS 500
#define LOW_WATER 1200 /* samples (25 ms): more than one turn of a slow audio graph */
#define STRETCH_ROOM 720
#define MAX_STEPS 16 /* packets decoded in one call: a bound, 320 ms */

struct _BedAudioReceiver
{
  BedRtpReceiver *receiver; /* owned, NULL before the first packet */
  BedJitterBuffer *jitter; /* owned */
  BedAudioDecoder *decoder; /* owned */
  BedAudioSink *sink; /* owned (nullable) */
  BedLipSync *lip_sync; /* borrowed */
  BedRtpClock clock;

  gint16 pending[BED_AUDIO_MAX_SAMPLES + STRETCH_ROOM
                 + BED_AUDIO_BLOCK]; /* decoded, not yet a whole block */
  guint n_pending;
  gint64 wall_us; /* up to when a sink without a clock has been served; 0: not begun */
  guint64 decode_errors;
};

BedAudioReceiver *
bed_audio_receiver_new (BedLipSync *lip_sync, GError **error)
{
  BedAudioDecoder *decoder = bed_opus_decoder_new (error);
  BedAudioReceiver *self;

  if (decoder == NULL)
    return NULL;
  self = g_new0 (BedAudioReceiver, 1);
  self->decoder = decoder;
  self->lip_sync = lip_sync;
  self->jitter = bed_jitter_buffer_new (MIN_DELAY_MS, MAX_DELAY_MS);
  bed_rtp_clock_init (&self->clock, BED_AUDIO_RATE);
  return self;
}

void
bed_audio_receiver_free (BedAudioReceiver *self)
{
  g_clear_pointer (&self->receiver, bed_rtp_receiver_free);
  bed_jitter_buffer_free (self->jitter);
  g_object_unref (self->decoder);
  g_clear_object (&self->sink);
  g_free (self);
}

void
bed_audio_receiver_set_sink (BedAudioReceiver *self, BedAudioSink *sink)
{
  g_set_object (&self->sink, sink);
  self->wall_us = 0;
}

/* A stream that begins anew (another SSRC) starts with a fresh receiver. */
static void
ensure_receiver (BedAudioReceiver *self, guint32 ssrc)
{
  if (self->receiver != NULL && bed_rtp_receiver_get_ssrc (self->receiver) == ssrc)
    return;
  g_clear_pointer (&self->receiver, bed_rtp_receiver_free);
  self->receiver = bed_rtp_receiver_new (ssrc, BED_AUDIO_RATE, FALSE);
  bed_jitter_buffer_reset (self->jitter);
  bed_rtp_clock_init (&self->clock, BED_AUDIO_RATE);
}

void
bed_audio_receiver_push (BedAudioReceiver *self, const BedRtpPacket *packet, gint64 now_us)
{
  BedRtpArrival arrival;
  gint64 extended;

  ensure_receiver (self, packet->ssrc);
  arrival = bed_rtp_receiver_push (self->receiver, packet, FALSE, now_us, &extended);
  if (arrival == BED_RTP_ARRIVAL_RESTART)
    bed_jitter_buffer_reset (self->jitter);
  if (arrival == BED_RTP_ARRIVAL_NEW || arrival == BED_RTP_ARRIVAL_RESTART)
    bed_jitter_buffer_push (self->jitter, extended, packet->timestamp, packet->payload,
                            packet->payload_length, now_us);
}

void
bed_audio_receiver_handle_sender_report (BedAudioReceiver *self, const BedRtcpSenderReport *report,
                                         gint64 now_us)
{
  if (self->receiver == NULL || bed_rtp_receiver_get_ssrc (self->receiver) != report->ssrc)
    return;
  bed_rtp_receiver_handle_sender_report (self->receiver, report, now_us);
  bed_rtp_clock_update (&self->clock, report->ntp, report->rtp_timestamp);
}

static gssize
decode (BedAudioReceiver *self, const BedJitterFrame *frame, gint16 *out)
{
  g_autoptr (GError) error = NULL;
  gssize n = -1;

  switch (frame->action)
    {
    case BED_JITTER_DECODE:
      n = bed_audio_decoder_decode (self->decoder, frame->payload, frame->length, out,
                                    BED_AUDIO_MAX_SAMPLES, &error);
      break;
    case BED_JITTER_DECODE_FEC:
      n = bed_audio_decoder_decode_fec (self->decoder, frame->payload, frame->length, out,
                                        frame->samples, &error);
      break;
    case BED_JITTER_CONCEAL:
      n = bed_audio_decoder_conceal (self->decoder, out, frame->samples, &error);
      break;
    case BED_JITTER_EMPTY:
    default:
      break;
    }
  if (n >= 0)
    return n;
  /* Silence, both for nothing there yet and for bytes that do not decode: time has to go on. */
  if (error != NULL)
    self->decode_errors++;
  n = MIN (frame->samples, BED_AUDIO_MAX_SAMPLES);
  memset (out, 0, (gsize) n * sizeof *out);
  return n;
}

static void
tell_lip_sync (BedAudioReceiver *self, const BedJitterFrame *frame, gint64 playout_us)
{
  gint64 capture_us;

  if (frame->action != BED_JITTER_DECODE
      || !bed_rtp_clock_to_capture_us (&self->clock, frame->timestamp, &capture_us))
    return;
  bed_lip_sync_audio (self->lip_sync, capture_us, playout_us);
  bed_jitter_buffer_set_sync_delay (self->jitter, self->lip_sync->audio_delay_us);
}

/* Returns: samples handed to the sink. */
static guint
play_one (BedAudioReceiver *self, gint64 now_us, gint64 playout_us)
{
  gint16 *out = self->pending + self->n_pending;
  BedJitterFrame frame;
  guint n, whole;

  bed_jitter_buffer_pop (self->jitter, now_us, &frame);
  n = decode (self, &frame, out);
  if (frame.stretch == BED_JITTER_ACCELERATE)
    n = bed_time_stretch_shorten (out, n);
  else if (frame.stretch == BED_JITTER_DECELERATE)
    n = bed_time_stretch_lengthen (out, n, n + STRETCH_ROOM);
  tell_lip_sync (self, &frame, playout_us);
  self->n_pending += n;
  whole = self->n_pending / BED_AUDIO_BLOCK * BED_AUDIO_BLOCK;
  for (guint at = 0; at < whole && self->sink != NULL; at += BED_AUDIO_BLOCK)
    bed_audio_sink_push (self->sink, self->pending + at, BED_AUDIO_BLOCK,
                         playout_us + (gint64) at * G_USEC_PER_SEC / BED_AUDIO_RATE);
  self->n_pending -= whole;
  memmove (self->pending, self->pending + whole, self->n_pending * sizeof *self->pending);
  return whole;
}

static void
play_by_wall (BedAudioReceiver *self, gint64 now_us)
{
  if (self->wall_us == 0 || now_us - self->wall_us > G_USEC_PER_SEC)
    self->wall_us = now_us - 20000;
  for (guint i = 0; i < MAX_STEPS && self->wall_us < now_us; i++)
    self->wall_us += (gint64) play_one (self, now_us, now_us) * G_USEC_PER_SEC / BED_AUDIO_RATE;
}

void
bed_audio_receiver_play (BedAudioReceiver *self, gint64 now_us)
{
  int queued;

  if (self->receiver == NULL)
    return;
  queued = self->sink != NULL ? bed_audio_sink_get_queued (self->sink) : -1;
  if (queued < 0)
    {
      play_by_wall (self, now_us);
      return;
    }
  for (guint i = 0; i < MAX_STEPS && queued < LOW_WATER; i++)
    queued += play_one (self, now_us, now_us + (gint64) queued * G_USEC_PER_SEC / BED_AUDIO_RATE);
}

BedRtpReceiver *
bed_audio_receiver_get_receiver (BedAudioReceiver *self)
{
  return self->receiver;
}

void
bed_audio_receiver_get_stats (BedAudioReceiver *self, BedJitterStats *stats)
{
  bed_jitter_buffer_get_stats (self->jitter, stats);
}
