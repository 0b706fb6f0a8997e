/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-video-receiver-private.h"

#define CLOCK_RATE 90000

struct _BedVideoReceiver
{
  BedRtpReceiver *receiver; /* owned, NULL before the first packet */
  BedFrameAssembler *assembler; /* owned */
  BedVideoDecodeWorker *decoder; /* borrowed */
  BedLipSync *lip_sync; /* borrowed */
  BedRtpClock clock;
  BedVideoTiming timing;
  gboolean with_nack;
};

BedVideoReceiver *
bed_video_receiver_new (BedVideoDecodeWorker *decoder, BedLipSync *lip_sync, gboolean with_nack)
{
  BedVideoReceiver *self = g_new0 (BedVideoReceiver, 1);

  self->assembler = bed_frame_assembler_new ();
  self->decoder = decoder;
  self->lip_sync = lip_sync;
  self->with_nack = with_nack;
  bed_rtp_clock_init (&self->clock, CLOCK_RATE);
  bed_video_timing_init (&self->timing, CLOCK_RATE);
  return self;
}

void
bed_video_receiver_free (BedVideoReceiver *self)
{
  g_clear_pointer (&self->receiver, bed_rtp_receiver_free);
  bed_frame_assembler_free (self->assembler);
  g_free (self);
}

static void
start_over (BedVideoReceiver *self)
{
  bed_frame_assembler_reset (self->assembler);
  bed_rtp_clock_init (&self->clock, CLOCK_RATE);
  bed_video_timing_init (&self->timing, CLOCK_RATE);
}

static void
ensure_receiver (BedVideoReceiver *self, guint32 ssrc)
{
  if (self->receiver != NULL && bed_rtp_receiver_get_ssrc (self->receiver) == ssrc)
    return;
  if (self->receiver != NULL)
    start_over (self);
  g_clear_pointer (&self->receiver, bed_rtp_receiver_free);
  self->receiver = bed_rtp_receiver_new (ssrc, CLOCK_RATE, self->with_nack);
}

static gint64
time_frame (BedVideoReceiver *self, const BedAssembledFrame *frame)
{
  gint64 show_us = bed_video_timing_update (&self->timing, frame->timestamp, frame->complete_us);
  gint64 capture_us;

  if (bed_rtp_clock_to_capture_us (&self->clock, frame->timestamp, &capture_us))
    {
      /* The offset is told without the delay that lip sync itself added. */
      bed_lip_sync_video (self->lip_sync, capture_us, show_us - self->timing.sync_delay_us);
      self->timing.sync_delay_us = self->lip_sync->video_delay_us;
    }
  return show_us;
}

static void
hand_out (BedVideoReceiver *self, gint64 now_us)
{
  BedAssembledFrame *frame;

  while ((frame = bed_frame_assembler_pop (self->assembler, now_us)) != NULL)
    {
      if (frame->key_frame)
        bed_rtp_receiver_forget_before (self->receiver, frame->first_sequence);
      if (!bed_video_decode_worker_push (self->decoder, frame->data, frame->key_frame,
                                         time_frame (self, frame)))
        bed_frame_assembler_decoder_failed (self->assembler);
      bed_assembled_frame_free (frame);
    }
}

void
bed_video_receiver_push (BedVideoReceiver *self, const BedRtpPacket *packet, gboolean retransmitted,
                         gint64 now_us)
{
  BedRtpArrival arrival;
  gint64 extended;

  ensure_receiver (self, packet->ssrc);
  arrival = bed_rtp_receiver_push (self->receiver, packet, retransmitted, now_us, &extended);
  if (arrival == BED_RTP_ARRIVAL_RESTART)
    start_over (self);
  if (arrival != BED_RTP_ARRIVAL_NEW && arrival != BED_RTP_ARRIVAL_RESTART)
    return;
  /* Padding that probes the path has a number but no payload. */
  if (packet->payload_length > 0
      && !bed_frame_assembler_push (self->assembler, packet, extended, now_us))
    return;
  hand_out (self, now_us);
}

void
bed_video_receiver_handle_sender_report (BedVideoReceiver *self, const BedRtcpSenderReport *report,
                                         gint64 now_us)
{
  if (bed_video_receiver_get_ssrc (self) != report->ssrc || self->receiver == NULL)
    return;
  bed_rtp_receiver_handle_sender_report (self->receiver, report, now_us);
  bed_rtp_clock_update (&self->clock, report->ntp, report->rtp_timestamp);
}

void
bed_video_receiver_decoder_failed (BedVideoReceiver *self)
{
  bed_frame_assembler_decoder_failed (self->assembler);
}

guint
bed_video_receiver_poll_nack (BedVideoReceiver *self, gint64 now_us, gint64 round_trip_us,
                              guint16 *out, guint max)
{
  if (self->receiver == NULL || !self->with_nack)
    return 0;
  return bed_rtp_receiver_poll_nack (self->receiver, now_us, round_trip_us, out, max);
}

gboolean
bed_video_receiver_wants_key_frame (BedVideoReceiver *self, gint64 now_us, gint64 round_trip_us)
{
  gint64 wait_us = round_trip_us < 0 ? 200000 : CLAMP (2 * round_trip_us, 50000, 500000);

  return self->receiver != NULL
         && bed_frame_assembler_wants_key_frame (self->assembler, now_us,
                                                 self->with_nack ? wait_us : 0);
}

guint32
bed_video_receiver_get_ssrc (BedVideoReceiver *self)
{
  return self->receiver != NULL ? bed_rtp_receiver_get_ssrc (self->receiver) : 0;
}

BedRtpReceiver *
bed_video_receiver_get_receiver (BedVideoReceiver *self)
{
  return self->receiver;
}

void
bed_video_receiver_get_stats (BedVideoReceiver *self, BedFrameAssemblerStats *stats)
{
  bed_frame_assembler_get_stats (self->assembler, stats);
}
