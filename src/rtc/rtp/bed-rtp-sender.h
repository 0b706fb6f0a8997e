/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-rtcp.h"
#include "bed-rtp-packet.h"

G_BEGIN_DECLS

/* A packet on its way out: whole, but for what is only known when it leaves. */
typedef enum
{
  BED_RTP_AUDIO,
  BED_RTP_VIDEO,
  BED_RTP_RETRANSMISSION,
  BED_RTP_PADDING
} BedRtpClass;
typedef struct
{
  BedRtpClass kind;
  gsize length;
  gsize payload_length;
  gsize transport_sequence_at; /* 0: the extension is not there */
  gsize abs_send_time_at;
  guint8 data[BED_RTP_MAX_PACKET];
} BedRtpOutPacket;
/* Fills the extensions in. Call once, right before protecting and sending. */
void bed_rtp_out_packet_stamp (BedRtpOutPacket *self, guint16 transport_sequence, gint64 now_us);
void bed_rtp_out_packet_free (BedRtpOutPacket *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedRtpOutPacket, bed_rtp_out_packet_free)

/* The sending half of one RTP stream: numbers, sender reports, history for retransmission by RTX
 * (RFC 4588) or, without rtx_ssrc, by the packet itself. Not thread-safe; pure but for the random
 * start.
 */
typedef struct
{
  BedRtpClass kind;
  guint32 ssrc; /* 0: random */
  guint32 rtx_ssrc; /* 0: plain retransmission */
  guint8 payload_type;
  guint8 rtx_payload_type;
  guint clock_rate; /* Hz */
  guint history; /* packets kept for retransmission, 0 to 4,096 */
  char mid[17]; /* empty: not sent */
  guint8 mid_id, transport_cc_id, abs_send_time_id,
      audio_level_id; /* extension ids, 0: not negotiated */
} BedRtpSenderConfig;

typedef struct
{
  guint64 packets_sent, bytes_sent; /* payload bytes, without retransmissions */
  guint64 retransmitted_packets, retransmitted_bytes;
  guint64 nack_packets; /* sequence numbers asked for */
  guint64 nack_unknown; /* asked for, but no longer (or never) in the history */
  gint64 remote_lost; /* cumulative, from the last report block */
  double remote_fraction_lost; /* 0 to 1 */
  double remote_jitter_ms;
  gint64 round_trip_us; /* smoothed; -1 unknown */
} BedRtpSenderStats;

typedef struct _BedRtpSender BedRtpSender;
BedRtpSender *bed_rtp_sender_new (const BedRtpSenderConfig *config);
void bed_rtp_sender_free (BedRtpSender *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedRtpSender, bed_rtp_sender_free)
guint32 bed_rtp_sender_get_ssrc (const BedRtpSender *self);
/* RTP time of a capture time (monotonic µs), from a random offset. */
guint32 bed_rtp_sender_timestamp_at (const BedRtpSender *self, gint64 capture_us);
/* The next packet; counted as sent. audio_level: -dBov 0 to 127, -1 for none (RFC 6464).
 * capture_us pairs with timestamp for the sender reports. Returns: (transfer full) (nullable): NULL
 * if too long */
BedRtpOutPacket *bed_rtp_sender_make (BedRtpSender *self, const guint8 *payload, gsize length,
                                      gboolean marker, guint32 timestamp, gint64 capture_us,
                                      int audio_level);
/* A packet that the other side asked for. Not again within a round trip of its last sending.
 * Returns: (transfer full) (nullable) */
BedRtpOutPacket *bed_rtp_sender_retransmit (BedRtpSender *self, guint16 sequence, gint64 now_us);
/* The packet `back` places before the last one (0: the last one) again, only for its weight: RTX, so
 * that the receiver knows it for a copy. Returns: (transfer full) (nullable) */
BedRtpOutPacket *bed_rtp_sender_make_padding (BedRtpSender *self, guint back);
/* Returns: FALSE while nothing has been sent (then no SR is due). now_us and now_unix_us are the
 * same moment. */
gboolean bed_rtp_sender_make_report (const BedRtpSender *self, gint64 now_us, gint64 now_unix_us,
                                     BedRtcpSenderReport *report);
/* A block about our SSRC (others are ignored). */
void bed_rtp_sender_handle_report_block (BedRtpSender *self, const BedRtcpReportBlock *block,
                                         gint64 now_unix_us);
void bed_rtp_sender_get_stats (const BedRtpSender *self, BedRtpSenderStats *stats);

G_END_DECLS
