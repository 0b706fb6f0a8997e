/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-jitter-buffer.h"
#include "bed-lip-sync.h"
#include "bed-media.h"
#include "bed-rtp-receiver.h"

G_BEGIN_DECLS

/* The other person's sound: jitter buffer, Opus decoder, and a playout that follows the
 * loudspeaker's clock (bed_audio_sink_get_queued) or, for a sink without one, the wall clock.
 * Network thread.
 */
typedef struct _BedAudioReceiver BedAudioReceiver;

/* Returns: (transfer full) (nullable) */
BedAudioReceiver *bed_audio_receiver_new (BedLipSync *lip_sync, GError **error);
void bed_audio_receiver_free (BedAudioReceiver *self);
void bed_audio_receiver_set_sink (BedAudioReceiver *self, BedAudioSink *sink);
void bed_audio_receiver_push (BedAudioReceiver *self, const BedRtpPacket *packet, gint64 now_us);
void bed_audio_receiver_handle_sender_report (BedAudioReceiver *self,
                                              const BedRtcpSenderReport *report, gint64 now_us);
/* Decodes as much as the sink wants. Call every 10 ms. */
void bed_audio_receiver_play (BedAudioReceiver *self, gint64 now_us);
/* (nullable): NULL before the first packet. Lent. */
BedRtpReceiver *bed_audio_receiver_get_receiver (BedAudioReceiver *self);
void bed_audio_receiver_get_stats (BedAudioReceiver *self, BedJitterStats *stats);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedAudioReceiver, bed_audio_receiver_free)

G_END_DECLS
