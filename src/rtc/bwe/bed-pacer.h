/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-rtp-sender.h"

G_BEGIN_DECLS

/* Leaky bucket: spreads a frame's packets over time. Audio passes at once, retransmissions go
 * before new video. Not thread-safe; pure.
 */
typedef struct _BedPacer BedPacer;
BedPacer *bed_pacer_new (void);
void bed_pacer_free (BedPacer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedPacer, bed_pacer_free)
/* bit/s of media; it sends at 1.5 times that, and faster when more than 250 ms are waiting. */
void bed_pacer_set_target (BedPacer *self, guint bitrate);
/* packet: (transfer full). Beyond 2,000 waiting packets video is dropped and FALSE returned. */
gboolean bed_pacer_push (BedPacer *self, BedRtpOutPacket *packet, gint64 now_us);
/* Returns: (transfer full) (nullable): what may leave now. Call until NULL. */
BedRtpOutPacket *bed_pacer_pop (BedPacer *self, gint64 now_us);
/* When to call pop again; G_MAXINT64 when nothing waits. */
gint64 bed_pacer_get_next_us (const BedPacer *self, gint64 now_us);
gsize bed_pacer_get_queued_bytes (const BedPacer *self);
void bed_pacer_clear (BedPacer *self);

G_END_DECLS
