/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-session-description.h"

G_BEGIN_DECLS

/* Offer and answer (RFC 3264, RFC 9429) for one audio, one video and one data channel section, Opus
 * and VP8. Pure; any thread.
 */
#define BED_SDP_EXTENSION_MID "urn:ietf:params:rtp-hdrext:sdes:mid"
#define BED_SDP_EXTENSION_AUDIO_LEVEL "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
#define BED_SDP_EXTENSION_TRANSPORT_CC \
  "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"

/* What this side brings into each of its descriptions. Strings are borrowed. */
typedef struct
{
  guint64 session_id, version;
  const char *ice_ufrag, *ice_pwd;
  guint8 fingerprint[BED_SDP_FINGERPRINT_LENGTH];
  const char *tls_id;
  const char *cname;
  const char *stream_id, *audio_track_id, *video_track_id;
  guint32 audio_ssrc, video_ssrc, video_rtx_ssrc;
  guint64 max_message_size; /* bytes */
  BedSdpSetup answer_setup; /* what we become as answerer, where the offer leaves it to us */
} BedSdpLocal;

/* Returns: (transfer full): always setup:actpass */
BedSessionDescription *bed_sdp_make_offer (const BedSdpLocal *local);
/* An answer says the offer's numbers again; what we do not know is rejected with port 0.
 * Returns: (transfer full) (nullable): NULL with BED_SDP_ERROR_UNSUPPORTED when nothing is left */
BedSessionDescription *bed_sdp_make_answer (const BedSdpLocal *local,
                                            const BedSessionDescription *offer, GError **error);

/* One RTP section as both sides agreed on it. */
typedef struct
{
  gboolean active; /* in both descriptions */
  gboolean send, receive;
  char mid[17];
  guint8 payload_type, receive_payload_type;
  guint8 rtx_payload_type, receive_rtx_payload_type; /* 0: none */
  guint8 mid_id, audio_level_id, transport_cc_id; /* header extensions, 0: none */
  gboolean nack, pli, fir, transport_cc, reduced_size;
  guint32 remote_ssrc, remote_rtx_ssrc; /* 0: not told */
} BedSdpAgreedMedia;

typedef struct
{
  BedSdpAgreedMedia audio, video;
  gboolean data_channel;
  guint16 remote_sctp_port;
  guint64 remote_max_message_size;
  gboolean dtls_client; /* we send the ClientHello */
} BedSdpAgreement;

/* offer and answer of one exchange; we_offered tells which of them is ours.
 * Returns: FALSE with BED_SDP_ERROR when the answer does not fit the offer */
gboolean bed_sdp_agree (const BedSessionDescription *offer, const BedSessionDescription *answer,
                        gboolean we_offered, BedSdpAgreement *agreement, GError **error);

G_END_DECLS
