/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-rtp-packet.h"

G_BEGIN_DECLS

/* Puts VP8 frames together from packets and hands them out whole and in order, each only when the
 * decoder can use it: a key frame, or the direct successor of the last one. Bounded: 1,024 packets.
 * Not thread-safe; pure.
 */
typedef struct
{
  GBytes *data; /* owned */
  guint32 timestamp; /* RTP, 90 kHz */
  gint64 first_sequence, last_sequence;
  gint64 first_arrival_us, complete_us;
  gboolean key_frame;
  guint width, height; /* key frames only */
} BedAssembledFrame;
void bed_assembled_frame_free (BedAssembledFrame *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedAssembledFrame, bed_assembled_frame_free)

typedef struct
{
  guint64 packets, bad_packets, old_packets, overflows;
  guint64 frames, key_frames; /* handed out */
  guint64 dropped_frames; /* begun, never handed out */
  guint64 key_frame_requests;
} BedFrameAssemblerStats;

typedef struct _BedFrameAssembler BedFrameAssembler;
BedFrameAssembler *bed_frame_assembler_new (void);
void bed_frame_assembler_free (BedFrameAssembler *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedFrameAssembler, bed_frame_assembler_free)
/* extended: from bed_rtp_receiver_push. Returns: FALSE when the packet was dropped (counted). */
gboolean bed_frame_assembler_push (BedFrameAssembler *self, const BedRtpPacket *packet,
                                   gint64 extended, gint64 now_us);
/* Returns: (transfer full) (nullable): the next frame that can be decoded. Call until NULL. */
BedAssembledFrame *bed_frame_assembler_pop (BedFrameAssembler *self, gint64 now_us);
/* TRUE when a PLI should be sent now: no key frame yet, or stuck behind a lost packet for longer
 * than wait_us (give a retransmission its time, about two round trips). Then not again for 300 ms,
 * 600 ms, … 3 s. */
gboolean bed_frame_assembler_wants_key_frame (BedFrameAssembler *self, gint64 now_us,
                                              gint64 wait_us);
/* The decoder failed: everything up to the next key frame is useless. */
void bed_frame_assembler_decoder_failed (BedFrameAssembler *self);
void bed_frame_assembler_reset (BedFrameAssembler *self);
void bed_frame_assembler_get_stats (const BedFrameAssembler *self, BedFrameAssemblerStats *stats);

G_END_DECLS
