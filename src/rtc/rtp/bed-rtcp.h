/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-byte-writer.h"

G_BEGIN_DECLS

/* RTCP (RFC 3550 section 6, RFC 4585, RFC 5104, REMB, transport-wide feedback). A compound packet
 * is read whole before its first item is handed out: a bad one gives nothing. Reduced size (RFC
 * 5506) is accepted. Unknown types are skipped. Pure; any thread.
 */
#define BED_RTCP_MAX_ITEMS 512 /* in one compound packet */

typedef enum
{
  BED_RTCP_OK,
  BED_RTCP_BAD_LENGTH,
  BED_RTCP_BAD_VERSION,
  BED_RTCP_BAD_PADDING,
  BED_RTCP_BAD_CONTENT,
  BED_RTCP_TOO_MANY,
  BED_RTCP_N_RESULTS,
} BedRtcpResult;

typedef enum
{
  BED_RTCP_SENDER_REPORT,
  BED_RTCP_REPORT_BLOCK, /* of an SR or RR; media_ssrc is whom it is about */
  BED_RTCP_CNAME,
  BED_RTCP_BYE,
  BED_RTCP_NACK, /* one item for each PID+BLP pair */
  BED_RTCP_PLI,
  BED_RTCP_FIR, /* media_ssrc from the FCI */
  BED_RTCP_REMB, /* one item for each SSRC in it */
  BED_RTCP_TRANSPORT_FEEDBACK,
} BedRtcpKind;

typedef struct
{
  guint32 ssrc; /* whom it is about */
  guint8 fraction_lost; /* of 256, since the last report */
  gint32 cumulative_lost; /* 24 bit, signed */
  guint32 highest_sequence; /* extended */
  guint32 jitter; /* RTP clock units */
  guint32 last_sr; /* middle 32 bits of NTP */
  guint32 delay_since_last_sr; /* 1/65536 s */
} BedRtcpReportBlock;

typedef struct
{
  guint32 ssrc;
  guint64 ntp;
  guint32 rtp_timestamp;
  guint32 packets;
  guint32 octets;
} BedRtcpSenderReport;

typedef struct
{
  BedRtcpKind kind;
  guint32 sender_ssrc;
  guint32 media_ssrc;
  union
  {
    BedRtcpSenderReport sender_report;
    BedRtcpReportBlock report_block;
    struct { guint16 pid, blp; } nack;
    struct { guint8 sequence; } fir;
    struct { guint64 bitrate; } remb; /* bit/s */
    struct
    {
      const guint8 *data;
      gsize length;
    } feedback;                                       /* FCI, for bed_transport_feedback_parse */
    struct { const char *text; gsize length; } cname; /* not terminated, not to be trusted */
  };
} BedRtcpItem;

typedef void (*BedRtcpHandler) (const BedRtcpItem *item, gpointer user_data);
BedRtcpResult bed_rtcp_parse (const guint8 *data, gsize length, BedRtcpHandler handler,
                              gpointer user_data);
/* The sequence numbers of a NACK item. Returns: how many, 1 to 17. */
guint bed_rtcp_nack_expand (const BedRtcpItem *item, guint16 out[17]);
/* Round trip in µs from a report block about us (RFC 3550 A.8 / 6.4.1); -1 when it holds none. */
gint64 bed_rtcp_round_trip_us (const BedRtcpReportBlock *block, guint64 now_ntp);

/* Each appends one packet; a compound must begin with SR or RR and have SDES (RFC 3550 6.1). At
 * most 31 blocks. */
void bed_rtcp_write_sender_report (BedByteWriter *writer, const BedRtcpSenderReport *report,
                                   const BedRtcpReportBlock *blocks, guint n_blocks);
void bed_rtcp_write_receiver_report (BedByteWriter *writer, guint32 sender_ssrc,
                                     const BedRtcpReportBlock *blocks, guint n_blocks);
void bed_rtcp_write_sdes (BedByteWriter *writer, guint32 ssrc, const char *cname);
void bed_rtcp_write_bye (BedByteWriter *writer, const guint32 *ssrcs, guint n_ssrcs);
/* sequences: ascending (modulo 2^16), packed into as few pairs as they need. */
void bed_rtcp_write_nack (BedByteWriter *writer, guint32 sender_ssrc, guint32 media_ssrc,
                          const guint16 *sequences, guint n_sequences);
void bed_rtcp_write_pli (BedByteWriter *writer, guint32 sender_ssrc, guint32 media_ssrc);
/* A random name for one session (RFC 7022 4.2: 96 bits, base64). Returns: (transfer full) */
char *bed_rtcp_make_cname (void);

G_END_DECLS
