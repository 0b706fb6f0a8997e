/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-frame-assembler.h"
#include "bed-lip-sync.h"
#include "bed-rtp-receiver.h"
#include "bed-video-decode-worker.h"

G_BEGIN_DECLS

/* The other person's picture: packets to frames to the decoder's thread, and what has to be asked
 * for again. Network thread.
 */
typedef struct _BedVideoReceiver BedVideoReceiver;

/* decoder: borrowed. */
BedVideoReceiver *
bed_video_receiver_new (BedVideoDecodeWorker *decoder, BedLipSync *lip_sync, gboolean with_nack);
void bed_video_receiver_free (BedVideoReceiver *self);
void bed_video_receiver_push (BedVideoReceiver *self, const BedRtpPacket *packet,
                              gboolean retransmitted, gint64 now_us);
void bed_video_receiver_handle_sender_report (BedVideoReceiver *self,
                                              const BedRtcpSenderReport *report, gint64 now_us);
void bed_video_receiver_decoder_failed (BedVideoReceiver *self);
/* What to ask for now. Returns: how many sequence numbers for a NACK. */
guint bed_video_receiver_poll_nack (BedVideoReceiver *self, gint64 now_us, gint64 round_trip_us,
                                    guint16 *out, guint max);
gboolean
bed_video_receiver_wants_key_frame (BedVideoReceiver *self, gint64 now_us, gint64 round_trip_us);
/* 0 before the first packet. */
guint32 bed_video_receiver_get_ssrc (BedVideoReceiver *self);
/* (nullable) Lent. */
BedRtpReceiver *bed_video_receiver_get_receiver (BedVideoReceiver *self);
void bed_video_receiver_get_stats (BedVideoReceiver *self, BedFrameAssemblerStats *stats);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedVideoReceiver, bed_video_receiver_free)

G_END_DECLS
