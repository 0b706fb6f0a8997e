/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-peer-connection.h"

#include "bed-audio-input-private.h"
#include "bed-offer-answer.h"
#include "bed-peer-transport-private.h"
#include "bed-rtp-session-private.h"
#include "bed-sctp-transport.h"
#include "bed-video-output-private.h"

G_BEGIN_DECLS

struct _BedPeerConnection
{
  GObject parent_instance;

  BedNetworkThread *thread; /* owned */
  BedIceTransport *ice; /* owned */
  BedPeerTransport *transport; /* owned */
  BedSctpTransport *sctp; /* owned */
  BedDataChannel *channel; /* owned (nullable) */
  GQueue waiting_data; /* owned, of GBytes: until the channel has room */
  BedRtpSession *session; /* owned; NULL before both descriptions are there */
  BedVideoEncodeWorker *encoder; /* owned */
  BedVideoDecodeWorker *decoder; /* owned */
  BedVideoOutput *video_output; /* owned */
  BedAudioInput *audio_input; /* owned */
  BedAudioSink *audio_sink; /* owned (nullable) */
  GSource *timer; /* owned */

  BedSignalingState signaling;
  BedPeerState state;
  gboolean failed, closed, sctp_started;
  gint posted_frames; /* atomic */

  BedSdpLocal local; /* its strings are the ones below */
  char *ufrag, *password, *cname, *stream_id, *audio_id, *video_id, *tls_id;
  BedSessionDescription *local_description; /* owned (nullable) */
  BedSessionDescription *remote_description; /* owned (nullable) */
  BedSdpAgreement agreement;
  GPtrArray *early_candidates; /* owned: gathered before a description told of them */
  GPtrArray *remote_candidates; /* owned, of RemoteCandidate: came before the description that they
                                   belong to */
  gboolean gathered, end_told;

  gint64 rate_us;
  guint64 rate_sent, rate_received;
  double outgoing, incoming;
  BedPeerStats security; /* only its ciphers, as they were when it connected */
};

enum
{
  BED_PEER_SIGNAL_LOCAL_DESCRIPTION,
  BED_PEER_SIGNAL_ICE_CANDIDATE,
  BED_PEER_SIGNAL_END_OF_CANDIDATES,
  BED_PEER_SIGNAL_STATE_CHANGED,
  BED_PEER_SIGNAL_DATA_CHANNEL_STATE_CHANGED,
  BED_PEER_SIGNAL_DATA,
  BED_PEER_SIGNAL_DATA_SENT,
  BED_PEER_SIGNAL_MESSAGE,
  BED_PEER_SIGNAL_FIRST_FRAME,
  BED_PEER_SIGNAL_ERROR,
  BED_PEER_N_SIGNALS
};
extern guint bed_peer_signals[BED_PEER_N_SIGNALS];

/* bed-peer-connection.c */
gint64 bed_peer_now (BedPeerConnection *self);
void bed_peer_report (BedPeerConnection *self, const GError *error);
void bed_peer_report_state_error (BedPeerConnection *self, const char *what);
/* When the timer is to run next. */
void bed_peer_schedule (BedPeerConnection *self, gint64 at_us);
/* Follows the transport: gates, SCTP, connection state. */
void bed_peer_update_state (gpointer user_data);

/* bed-peer-channel.c */
void bed_peer_ensure_channel (BedPeerConnection *self);
void bed_peer_on_data_channel (BedSctpTransport *sctp, BedDataChannel *channel,
                               BedPeerConnection *self);

/* bed-peer-negotiation.c: handlers of the ICE transport's signals. */
void
bed_peer_on_ice_candidate (BedIceTransport *ice, const char *candidate, BedPeerConnection *self);
void bed_peer_on_gathering_done (BedIceTransport *ice, BedPeerConnection *self);
void bed_peer_remote_candidate_free (gpointer data);

/* bed-peer-media.c */
gboolean bed_peer_make_workers (BedPeerConnection *self, GError **error);

G_END_DECLS
