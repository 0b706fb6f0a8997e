/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-media.h"

G_BEGIN_DECLS

/* The narrow door to the media engine: one BedEngine is one peer connection with one audio and one
 * video transceiver and the data channel "chat". Main thread; signals come on the main thread.
 * No pointer into the engine leaves it. W3C names throughout.
 */
#define BED_TYPE_ENGINE (bed_engine_get_type ())
G_DECLARE_DERIVABLE_TYPE (BedEngine, bed_engine, BED, ENGINE, GObject)

#define BED_ENGINE_ERROR (bed_engine_error_quark ())
GQuark bed_engine_error_quark (void);
typedef enum
{
  BED_ENGINE_ERROR_DESCRIPTION, /* malformed or unacceptable SDP (SDES, RTP/AVP, no fingerprint …)
                                 */
  BED_ENGINE_ERROR_FINGERPRINT, /* certificate does not match: torn down, nothing was sent */
  BED_ENGINE_ERROR_TRANSPORT, /* ICE or DTLS failed */
  BED_ENGINE_ERROR_CODEC,
  BED_ENGINE_ERROR_STATE, /* called out of turn */
  BED_ENGINE_ERROR_CONSENT, /* a device that nobody agreed to use in a call */
} BedEngineError;

/* RTCPeerConnectionState, RTCIceConnectionState collapse into this one for the app. */
typedef enum
{
  BED_CONNECTION_STATE_NEW,
  BED_CONNECTION_STATE_CONNECTING,
  BED_CONNECTION_STATE_CONNECTED,
  BED_CONNECTION_STATE_DISCONNECTED,
  BED_CONNECTION_STATE_FAILED,
  BED_CONNECTION_STATE_CLOSED,
} BedConnectionState;

typedef enum { BED_SDP_TYPE_OFFER, BED_SDP_TYPE_ANSWER } BedSdpType;
typedef enum { BED_ICE_TRANSPORT_POLICY_ALL, BED_ICE_TRANSPORT_POLICY_RELAY } BedIceTransportPolicy;

/* RTCIceServer: `url` is stun:host:port or turn:host:port[?transport=udp|tcp]; turns: is refused.
 */
typedef struct
{
  char *url;
  char *username;   /* (nullable) */
  char *credential; /* (nullable) */
} BedEngineIceServer;
BedEngineIceServer *
bed_engine_ice_server_new (const char *url, const char *username, const char *credential);
void bed_engine_ice_server_free (BedEngineIceServer *self);

/* RTCConfiguration. */
typedef struct
{
  BedIceTransportPolicy ice_transport_policy;
  GPtrArray *ice_servers; /* (element-type BedEngineIceServer) (nullable) */
  char *bind_address;     /* (nullable): only this local address, for tests on loopback */
  gboolean offers; /* this side makes the first offer: ICE must know before it gathers */
} BedEngineConfig;

/* The getStats members that the app shows; rates in bit/s, times in ms, counts since the start. */
typedef struct
{
  guint64 bytes_sent, bytes_received;
  guint64 packets_sent, packets_received;
  guint64 media_packets_sent;     /* of packets_sent: RTP and RTCP, neither DTLS nor data */
  gint64 packets_lost;            /* inbound, both media */
  double fraction_lost;           /* inbound, last report interval, 0 to 1 */
  double round_trip_time_ms;      /* -1 when unknown */
  double jitter_ms;
  double silence_ms;              /* since anything but STUN came from the other side; -1 before */
  guint64 frames_sent, frames_received, frames_decoded, frames_dropped, key_frames_decoded;
  guint64 nack_count, pli_count;
  guint64 audio_packets_received, concealed_samples, total_samples_received;
  guint frame_width, frame_height;
  double outgoing_bitrate, incoming_bitrate;
  char local_candidate_type[8], remote_candidate_type[8]; /* host, srflx, prflx, relay */
  char dtls_cipher[48], srtp_cipher[40], tls_version[8];
} BedEngineStats;

/* RTCPeerConnection-like verbs. Descriptions that arrive before the engine has what it needs are
 * errors through the "error" signal; nothing throws through a return value but closed-ness. */
void bed_engine_create_offer (BedEngine *self, gboolean ice_restart);
/* An offer is answered by itself (local-description with ANSWER follows). */
void bed_engine_set_remote_description (BedEngine *self, BedSdpType type, const char *sdp);
void bed_engine_add_ice_candidate (BedEngine *self, const char *candidate, const char *sdp_mid,
                                   int sdp_mline_index);
void bed_engine_end_of_candidates (BedEngine *self);
/* NULL sends nothing (replaceTrack(null)): mute. Sources must outlive or be replaced; a reference
 * is held. A device without a valid grant for a call (bed_consented_may_be_sent) is not taken:
 * nothing is sent then, and the signal "error" tells BED_ENGINE_ERROR_CONSENT. */
void bed_engine_set_video_source (BedEngine *self, BedVideoSource *source);
void bed_engine_set_audio_source (BedEngine *self, BedAudioSource *source);
void bed_engine_set_video_sink (BedEngine *self, BedVideoSink *sink);
void bed_engine_set_audio_sink (BedEngine *self, BedAudioSink *sink);
/* FALSE while the channel "chat" is not open. At most 8,000 bytes. Otherwise "text-sent" tells of
 * each text, in their order, whether the connection took it. */
gboolean bed_engine_send_text (BedEngine *self, const char *text);
/* The same for a binary message of at most 16,384 bytes; "data-sent" tells of each. It waits where
 * the connection has no room yet. */
gboolean bed_engine_send_data (BedEngine *self, GBytes *bytes);
/* Ends everything: no packet leaves after this returns. Idempotent. */
void bed_engine_close (BedEngine *self);
/* Snapshot, not older than 1 s. */
void bed_engine_get_stats (BedEngine *self, BedEngineStats *stats);
/* 32 bytes of SHA-256, FALSE when not known yet. */
gboolean bed_engine_get_local_fingerprint (BedEngine *self, guint8 out[32]);
gboolean bed_engine_get_remote_fingerprint (BedEngine *self, guint8 out[32]);

/* Signals
 *   local-description (BedSdpType type, const char *sdp)
 *   ice-candidate (const char *candidate, const char *sdp_mid, int sdp_mline_index)
 *   end-of-candidates ()
 *   connection-state-changed (BedConnectionState state)
 *   data-channel-state-changed (gboolean open)
 *   message (const char *text)
 *   text-sent (gboolean sent)
 *   data (GBytes *bytes)
 *   data-sent (gboolean sent)
 *   first-frame ()
 *   error (GError *error)
 */

struct _BedEngineClass
{
  GObjectClass parent_class;
  void (*create_offer) (BedEngine *self, gboolean ice_restart);
  void (*set_remote_description) (BedEngine *self, BedSdpType type, const char *sdp);
  void (*add_ice_candidate) (BedEngine *self, const char *candidate, const char *sdp_mid,
                             int sdp_mline_index);
  void (*end_of_candidates) (BedEngine *self);
  void (*set_video_source) (BedEngine *self, BedVideoSource *source);
  void (*set_audio_source) (BedEngine *self, BedAudioSource *source);
  void (*set_video_sink) (BedEngine *self, BedVideoSink *sink);
  void (*set_audio_sink) (BedEngine *self, BedAudioSink *sink);
  gboolean (*send_text) (BedEngine *self, const char *text);
  gboolean (*send_data) (BedEngine *self, GBytes *bytes);
  void (*close) (BedEngine *self);
  void (*get_stats) (BedEngine *self, BedEngineStats *stats);
  gboolean (*get_local_fingerprint) (BedEngine *self, guint8 out[32]);
  gboolean (*get_remote_fingerprint) (BedEngine *self, guint8 out[32]);
};

/* The implementation in this process. Its network and codec threads end in dispose. */
BedEngine *bed_local_engine_new (const BedEngineConfig *config);

G_END_DECLS
