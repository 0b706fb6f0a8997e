/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-media.h"
#include "bed-network-thread.h"
#include "bed-peer-state.h"
#include "bed-peer-stats.h"

G_BEGIN_DECLS

/* RTCPeerConnection (W3C webrtc-pc section 4) with one audio and one video transceiver and the data
 * channel "chat". Lives on the network thread: every call, signal and the last unref, unless said
 * otherwise. A description is set as it is made, so the verbs are fewer: an offer of the peer is
 * answered at once. The owner calls close before it lets go.
 *
 * Signals (network thread):
 *   ::local-description (BedPeerDescriptionType type, const char *sdp)
 *   ::ice-candidate (const char *candidate, const char *sdp_mid, int sdp_mline_index)
 *   ::end-of-candidates ()
 *   ::state-changed ()                      RTCPeerConnectionState
 *   ::data-channel-state-changed (gboolean open)
 *   ::message (const char *text)
 *   ::data (GBytes *bytes)  a binary message of the channel
 *   ::data-sent (gboolean sent)  of each of ours: whether the channel took it
 *   ::first-frame ()                        the first picture of the peer was decoded
 *   ::error (GError *error)                 BED_SDP_ERROR, BED_DTLS_ERROR, BED_SRTP_ERROR,
 * BED_ICE_ERROR, BED_PEER_ERROR
 */
#define BED_TYPE_PEER_CONNECTION (bed_peer_connection_get_type ())
G_DECLARE_FINAL_TYPE (BedPeerConnection, bed_peer_connection, BED, PEER_CONNECTION, GObject)

#define BED_PEER_ERROR (bed_peer_error_quark ())
GQuark bed_peer_error_quark (void);
typedef enum
{
  BED_PEER_ERROR_STATE, /* out of turn (InvalidStateError), or closed */
} BedPeerError;

typedef enum { BED_PEER_DESCRIPTION_OFFER, BED_PEER_DESCRIPTION_ANSWER } BedPeerDescriptionType;

#define BED_PEER_MAX_TEXT 8000 /* bytes of one message */
#define BED_PEER_MAX_DATA 16384 /* bytes of a binary one */

/* ice: made for the thread's context; gathering starts here, before it is asked for. dtls: not
 * started. Returns: (transfer full) (nullable) */
BedPeerConnection *bed_peer_connection_new (BedNetworkThread *thread, BedIceTransport *ice,
                                            BedDtlsTransport *dtls, GError **error);
/* createOffer and setLocalDescription. ice_restart keeps certificate and DTLS association. */
void bed_peer_connection_create_offer (BedPeerConnection *self, gboolean ice_restart);
/* setRemoteDescription. Errors by the signal; then nothing has changed. */
void bed_peer_connection_set_remote_description (BedPeerConnection *self,
                                                 BedPeerDescriptionType type, const char *sdp);
/* Bad candidates, and those of sections that BUNDLE leaves without a transport, are dropped. "" is
 * the end. sdp_mid: (nullable): then the index counts. */
void bed_peer_connection_add_ice_candidate (BedPeerConnection *self, const char *candidate,
                                            const char *sdp_mid, int sdp_mline_index);
void bed_peer_connection_end_of_candidates (BedPeerConnection *self);
/* Where pictures and sound to be sent go: give these to a source. Constant for life; any thread.
 * Lent. */
BedVideoSink *bed_peer_connection_get_video_input (BedPeerConnection *self);
BedAudioSink *bed_peer_connection_get_audio_input (BedPeerConnection *self);
/* (nullable); the old sink gets nothing more once this has returned. */
void bed_peer_connection_set_video_sink (BedPeerConnection *self, BedVideoSink *sink);
void bed_peer_connection_set_audio_sink (BedPeerConnection *self, BedAudioSink *sink);
/* FALSE: there is no channel, or its buffer is full; it was not sent. */
gboolean bed_peer_connection_send_text (BedPeerConnection *self, const char *text);
/* A binary message; it waits until the channel has handed on what is before it. */
void bed_peer_connection_send_data (BedPeerConnection *self, GBytes *bytes);
/* Ends everything; nothing leaves after. No signal but ::state-changed comes. */
void bed_peer_connection_close (BedPeerConnection *self);

BedPeerState bed_peer_connection_get_state (BedPeerConnection *self);
BedSignalingState bed_peer_connection_get_signaling_state (BedPeerConnection *self);
/* 32 bytes, lent; NULL before the remote description. */
const guint8 *bed_peer_connection_get_remote_fingerprint (BedPeerConnection *self);
void bed_peer_connection_get_stats (BedPeerConnection *self, BedPeerStats *stats);

G_END_DECLS
