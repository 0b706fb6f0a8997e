/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-codec.h"
#include "bed-pacer.h"

G_BEGIN_DECLS

/* From encoder to pacer. Network thread. */

typedef struct _BedAudioSender BedAudioSender;
/* pacer: borrowed. Returns: (transfer full) (nullable) */
BedAudioSender *
bed_audio_sender_new (const BedRtpSenderConfig *config, BedPacer *pacer, GError **error);
void bed_audio_sender_free (BedAudioSender *self);
/* 960 samples (20 ms). */
void bed_audio_sender_push (BedAudioSender *self, const gint16 *samples, gint64 capture_us,
                            gint64 now_us);
void bed_audio_sender_set_expected_loss (BedAudioSender *self, double fraction);
/* Lent. */
BedRtpSender *bed_audio_sender_get_rtp (BedAudioSender *self);

typedef struct _BedVideoSender BedVideoSender;
BedVideoSender *bed_video_sender_new (const BedRtpSenderConfig *config, BedPacer *pacer);
void bed_video_sender_free (BedVideoSender *self);
/* Returns: FALSE when it could not be queued whole: a key frame is needed. */
gboolean bed_video_sender_push (BedVideoSender *self, const BedEncodedFrame *frame, gint64 now_us);
/* What the other side misses. */
void bed_video_sender_retransmit (BedVideoSender *self, const guint16 *sequences, guint n_sequences,
                                  gint64 now_us);
/* Packets that say nothing new, of about so many bytes. Returns: how many; 0 where RTX was not
 * agreed on, or nothing was sent yet. */
guint bed_video_sender_pad (BedVideoSender *self, gsize bytes, gint64 now_us);
guint64 bed_video_sender_get_frames (BedVideoSender *self);
BedRtpSender *bed_video_sender_get_rtp (BedVideoSender *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedAudioSender, bed_audio_sender_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedVideoSender, bed_video_sender_free)

G_END_DECLS
