/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a peer connection counted, by the W3C getStats names. Counts since the start, bit/s, ms. */
typedef struct
{
  guint64 bytes_sent, bytes_received, packets_sent, packets_received; /* datagrams */
  guint64 media_packets_sent; /* of these, RTP and RTCP */
  guint64 rtp_packets_received;
  gint64 packets_lost; /* inbound, both media */
  double fraction_lost; /* inbound, 0 to 1 */
  double round_trip_time_ms; /* -1: unknown */
  double jitter_ms; /* audio */
  double silence_ms; /* since any datagram of media, control, DTLS or data came; -1 before */
  guint64 frames_sent, frames_received, frames_decoded, frames_dropped, key_frames_decoded;
  guint64 nack_count, pli_count; /* that we sent */
  guint64 audio_packets_received, concealed_samples, total_samples_received;
  guint frame_width, frame_height; /* inbound */
  double outgoing_bitrate, incoming_bitrate; /* over the last second */
  double target_bitrate;
  char local_candidate_type[8], remote_candidate_type[8];
  char dtls_cipher[48], srtp_cipher[40], tls_version[8];
} BedPeerStats;

G_END_DECLS
