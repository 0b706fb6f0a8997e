/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-ice-candidate.h"

G_BEGIN_DECLS

/* A session description (RFC 8866) as JSEP (RFC 9429) uses it: one transport for everything
 * (BUNDLE, RFC 9143; rtcp-mux, RFC 5761), keys by DTLS only. A value; any thread.
 */
#define BED_SDP_MAX_LENGTH 65536 /* bytes */
#define BED_SDP_MAX_LINE 1024
#define BED_SDP_MAX_MEDIA 4
#define BED_SDP_MAX_ATTRIBUTES 200 /* in each section */
#define BED_SDP_MAX_CANDIDATES 30 /* in the whole description */
#define BED_SDP_MAX_FORMATS 64
#define BED_SDP_FINGERPRINT_LENGTH 32 /* SHA-256 */

typedef enum { BED_SDP_AUDIO, BED_SDP_VIDEO, BED_SDP_APPLICATION, BED_SDP_OTHER } BedSdpMediaKind;
typedef enum
{
  BED_SDP_INACTIVE = 0,
  BED_SDP_SENDONLY = 1,
  BED_SDP_RECVONLY = 2,
  BED_SDP_SENDRECV = 3
} BedSdpDirection;
/* RFC 4145, RFC 8842; holdconn is refused. */
typedef enum
{
  BED_SDP_SETUP_NONE,
  BED_SDP_SETUP_ACTPASS,
  BED_SDP_SETUP_ACTIVE,
  BED_SDP_SETUP_PASSIVE
} BedSdpSetup;

typedef struct
{
  guint8 payload_type;
  char *name; /* (nullable): as written; NULL without rtpmap */
  guint clock_rate; /* Hz */
  guint channels;
  char *parameters; /* (nullable): fmtp */
  gboolean nack, pli, fir, remb, transport_cc;
} BedSdpCodec;

typedef struct
{
  guint8 id; /* 1 to 14, or up to 255 in the two-byte form */
  BedSdpDirection direction;
  char *uri;
} BedSdpExtension;

typedef struct
{
  BedSdpMediaKind kind;
  char *kind_name; /* as in the m= line */
  char *protocol;
  char *formats; /* as in the m= line */
  guint port;
  gboolean bundle_only;
  char *mid;
  BedSdpDirection direction;
  gboolean rtcp_mux, rtcp_reduced_size;
  GPtrArray *codecs; /* (element-type BedSdpCodec) in order of preference */
  GPtrArray *extensions; /* (element-type BedSdpExtension) */
  guint32 ssrc, rtx_ssrc; /* 0: not told */
  char *cname; /* (nullable) */
  char *msid_stream, *msid_track; /* (nullable) */
  guint sctp_port;
  guint64 max_message_size; /* bytes; RFC 8841: 65536 when absent, 0 for no limit */
  /* What the parser found here before it is lifted to the description. */
  char *ice_ufrag, *ice_pwd; /* (nullable) */
  gboolean has_fingerprint;
  guint8 fingerprint[BED_SDP_FINGERPRINT_LENGTH];
  BedSdpSetup setup;
  char *tls_id; /* (nullable) */
  gboolean trickle;
} BedSdpMedia;

typedef struct
{
  guint64 session_id;
  guint64 version;
  gboolean ice_lite;
  gboolean trickle;
  /* One for the whole description. */
  char *ice_ufrag, *ice_pwd;
  guint8 fingerprint[BED_SDP_FINGERPRINT_LENGTH];
  BedSdpSetup setup;
  char *tls_id; /* (nullable) */
  GPtrArray *media; /* (element-type BedSdpMedia) */
  GPtrArray *candidates; /* (element-type BedIceCandidate) */
  gboolean end_of_candidates;
} BedSessionDescription;

#define BED_TYPE_SESSION_DESCRIPTION (bed_session_description_get_type ())
GType bed_session_description_get_type (void);

/* Strict. What it returns has: at least one section that is not rejected, all of those in one
 * BUNDLE group with rtcp-mux, one ICE user and password, one SHA-256 fingerprint and one setup
 * role, and one id for each header extension URI. Refuses SDES, k=, profiles without DTLS, weak
 * hashes. Returns: (transfer full) (nullable) */
BedSessionDescription *bed_session_description_parse (const char *text, GError **error);
/* Returns: (transfer full) */
char *bed_session_description_to_string (const BedSessionDescription *self);
BedSessionDescription *bed_session_description_new (void);
BedSessionDescription *bed_session_description_copy (const BedSessionDescription *self);
void bed_session_description_free (BedSessionDescription *self);
/* The first section of the kind that is not rejected. Returns: (nullable): lent */
BedSdpMedia *bed_session_description_get_media (const BedSessionDescription *self,
                                                BedSdpMediaKind kind);

BedSdpMedia *bed_sdp_media_new (void);
void bed_sdp_media_free (BedSdpMedia *self);
/* Port 0 without bundle-only (RFC 9143 section 6). */
gboolean bed_sdp_media_is_rejected (const BedSdpMedia *self);
/* First codec of that name (in any case) and clock rate. Returns: (nullable): lent */
BedSdpCodec *bed_sdp_media_find_codec (const BedSdpMedia *self, const char *name, guint clock_rate);
/* The rtx format whose apt is that payload type (RFC 4588). Returns: (nullable): lent */
BedSdpCodec *bed_sdp_media_find_rtx (const BedSdpMedia *self, guint8 payload_type);
/* Makes and appends. Returns: lent */
BedSdpCodec *bed_sdp_media_add_codec (BedSdpMedia *self, guint8 payload_type, const char *name,
                                      guint clock_rate, guint channels);
void bed_sdp_media_add_extension (BedSdpMedia *self, guint8 id, const char *uri);
/* The id of a URI, 0 when it is not there or not usable for us (over 14). */
guint8 bed_sdp_media_get_extension_id (const BedSdpMedia *self, const char *uri);
/* A number out of fmtp ("apt=96"). Returns: FALSE when absent or not a number */
gboolean bed_sdp_codec_get_parameter (const BedSdpCodec *self, const char *name, guint64 *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedSessionDescription, bed_session_description_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedSdpMedia, bed_sdp_media_free)

G_END_DECLS
