/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-byte-writer.h"

G_BEGIN_DECLS

/* One RTP packet (RFC 3550 section 5.1) with header extensions (RFC 8285, one- and two-byte form).
 * The parsed form borrows the bytes it was parsed from. Any thread.
 */
#define BED_RTP_MAX_PACKET 1500 /* bytes, larger ones are refused */
#define BED_RTP_MAX_PAYLOAD 1100 /* bytes of payload that our own packetisers put in a packet */

#define BED_RTP_URI_MID "urn:ietf:params:rtp-hdrext:sdes:mid"
#define BED_RTP_URI_TRANSPORT_CC \
  "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
#define BED_RTP_URI_ABS_SEND_TIME "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
#define BED_RTP_URI_AUDIO_LEVEL "urn:ietf:params:rtp-hdrext:ssrc-audio-level"

typedef enum
{
  BED_RTP_OK,
  BED_RTP_BAD_LENGTH,
  BED_RTP_BAD_VERSION,
  BED_RTP_BAD_PADDING,
  BED_RTP_BAD_EXTENSION,
  BED_RTP_N_RESULTS,
} BedRtpResult;

typedef struct
{
  gboolean marker;
  guint8 payload_type;
  guint16 sequence;
  guint32 timestamp; /* in units of the payload's clock rate */
  guint32 ssrc;
  guint16 extension_profile; /* 0xBEDE, 0x1000 to 0x100F; 0 = none */
  const guint8 *extension;
  gsize extension_length;
  const guint8 *payload; /* without padding; may be empty */
  gsize payload_length;
} BedRtpPacket;

/* One extension to write: 1 to 14 with at most 16 bytes (one-byte form). */
typedef struct
{
  guint8 id;
  guint8 length;
  guint8 data[16];
} BedRtpExtension;

BedRtpResult bed_rtp_packet_parse (BedRtpPacket *self, const guint8 *data, gsize length);
/* Lends the extension's bytes; NULL when it is not there (a present, empty one is not NULL). */
const guint8 *bed_rtp_packet_get_extension (const BedRtpPacket *self, guint8 id, gsize *length);
/* Big-endian integer of exactly `size` (1 to 4) bytes. Returns: FALSE when absent or of another
 * size. */
gboolean bed_rtp_packet_get_extension_uint (const BedRtpPacket *self, guint8 id, gsize size,
                                            guint32 *value);
/* Writes header, extensions (one-byte form) and payload; self's own extension fields are ignored.
 * offsets: (nullable): where the data of each extension lies in the writer. Errors: writer.failed.
 */
void bed_rtp_packet_write (const BedRtpPacket *self, const BedRtpExtension *extensions,
                           guint n_extensions, gsize *offsets, BedByteWriter *writer);
/* RTP or RTCP, by the rule of RFC 5761 section 4 (payload types 64 to 95 are RTCP). */
gboolean bed_rtp_is_rtcp (const guint8 *data, gsize length);
/* RFC 4588: what an RTX packet carries, with its original sequence number. Borrows rtx's bytes.
 * Returns: FALSE when there is no original inside (padding, too short). */
gboolean bed_rtp_packet_unwrap_rtx (const BedRtpPacket *rtx, guint32 media_ssrc,
                                    guint8 media_payload_type, BedRtpPacket *original);

/* Follows a 16-bit counter past its wrap. The first value is kept as it is. Pure. */
typedef struct
{
  gboolean started;
  gint64 last;
} BedSequence;
/* The 64-bit number nearest to the highest seen so far. */
gint64 bed_sequence_unwrap (BedSequence *self, guint16 sequence);
/* As above for 32-bit RTP timestamps. */
gint64 bed_sequence_unwrap_timestamp (BedSequence *self, guint32 timestamp);

/* 64-bit NTP (32.32) from and to µs since 1970; the middle 32 bits in reports; abs-send-time
 * (6.18). */
guint64 bed_ntp_from_us (gint64 unix_us);
gint64 bed_ntp_to_us (guint64 ntp);
guint32 bed_ntp_middle (guint64 ntp);
guint32 bed_abs_send_time (gint64 us);

G_END_DECLS
