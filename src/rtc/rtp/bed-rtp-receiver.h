/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-rtcp.h"
#include "bed-rtp-packet.h"

G_BEGIN_DECLS

/* The receiving half of one RTP stream: RFC 3550 A.1, A.3, A.8 and the NACK list. Not thread-safe;
 * pure. A jump of more than 3,000 is believed only when a second packet follows it.
 */
typedef enum
{
  BED_RTP_ARRIVAL_NEW,
  BED_RTP_ARRIVAL_DUPLICATE,
  BED_RTP_ARRIVAL_TOO_OLD,
  BED_RTP_ARRIVAL_DOUBTFUL, /* far away from the rest: dropped until a neighbour comes */
  BED_RTP_ARRIVAL_RESTART, /* accepted, numbering starts anew: reset what depends on it */
} BedRtpArrival;

typedef struct
{
  guint64 packets_received, bytes_received; /* payload bytes, without duplicates */
  guint64 duplicates, too_old, doubtful, recovered; /* recovered: came by retransmission */
  gint64 packets_lost; /* RFC 3550: expected - received, may be negative */
  double fraction_lost; /* 0 to 1, last report interval */
  double jitter_ms;
  guint64 nacks_sent; /* sequence numbers, with repeats */
  guint64 given_up; /* missing packets that were no longer asked for */
} BedRtpReceiverStats;

typedef struct _BedRtpReceiver BedRtpReceiver;
/* with_nack: keep a list of what is missing. */
BedRtpReceiver *bed_rtp_receiver_new (guint32 ssrc, guint clock_rate, gboolean with_nack);
void bed_rtp_receiver_free (BedRtpReceiver *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedRtpReceiver, bed_rtp_receiver_free)
guint32 bed_rtp_receiver_get_ssrc (const BedRtpReceiver *self);
/* extended: (out): number of the packet on a 64-bit line that only grows; set for NEW and RESTART.
 * retransmitted: came by RTX, so it does not count for jitter. */
BedRtpArrival bed_rtp_receiver_push (BedRtpReceiver *self, const BedRtpPacket *packet,
                                     gboolean retransmitted, gint64 now_us, gint64 *extended);
void bed_rtp_receiver_handle_sender_report (BedRtpReceiver *self, const BedRtcpSenderReport *report,
                                            gint64 now_us);
/* Begins a new report interval. Returns: FALSE before the first packet. */
gboolean bed_rtp_receiver_make_report_block (BedRtpReceiver *self, gint64 now_us,
                                             BedRtcpReportBlock *block);
/* Which packets to ask for now. At most `max`, ascending. A packet is asked for after 10 ms of
 * disorder at most, then once per round trip, 10 times, for 1 s. round_trip_us: -1 unknown. Call
 * every 10 to 20 ms and on arrivals. */
guint bed_rtp_receiver_poll_nack (BedRtpReceiver *self, gint64 now_us, gint64 round_trip_us,
                                  guint16 *out, guint max);
/* Forgets missing packets before this one (a key frame came: nobody needs them). */
void bed_rtp_receiver_forget_before (BedRtpReceiver *self, gint64 extended);
void bed_rtp_receiver_get_stats (const BedRtpReceiver *self, BedRtpReceiverStats *stats);

G_END_DECLS
