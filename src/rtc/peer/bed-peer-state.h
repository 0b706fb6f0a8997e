/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-dtls-transport.h"
#include "bed-ice-transport.h"

G_BEGIN_DECLS

/* RTCSignalingState (W3C webrtc-pc 4.3.1), without the provisional answers that we never make.
 *
 *            local offer                remote answer
 *   stable ───────────────► have-local-offer ───────────────► stable
 *   stable ───────────────► have-remote-offer ──────────────► stable
 *            remote offer               local answer
 *
 * A local offer may replace a local one, a remote offer a remote one; close ends everything.
 */
typedef enum
{
  BED_SIGNALING_STABLE,
  BED_SIGNALING_HAVE_LOCAL_OFFER,
  BED_SIGNALING_HAVE_REMOTE_OFFER,
  BED_SIGNALING_CLOSED,
  BED_SIGNALING_INVALID, /* not a state: the event is out of turn */
} BedSignalingState;
#define BED_SIGNALING_N_STATES 4

typedef enum
{
  BED_SIGNALING_EVENT_LOCAL_OFFER,
  BED_SIGNALING_EVENT_REMOTE_OFFER,
  BED_SIGNALING_EVENT_LOCAL_ANSWER,
  BED_SIGNALING_EVENT_REMOTE_ANSWER,
  BED_SIGNALING_EVENT_CLOSE,
} BedSignalingEvent;
#define BED_SIGNALING_N_EVENTS 5

/* Returns: BED_SIGNALING_INVALID for what W3C answers with InvalidStateError */
BedSignalingState bed_signaling_state_next (BedSignalingState state, BedSignalingEvent event);
const char *bed_signaling_state_to_string (BedSignalingState state);

/* RTCPeerConnectionState (4.3.3), derived from the one ICE and the one DTLS transport that BUNDLE
 * leaves. */
typedef enum
{
  BED_PEER_STATE_NEW,
  BED_PEER_STATE_CONNECTING,
  BED_PEER_STATE_CONNECTED,
  BED_PEER_STATE_DISCONNECTED,
  BED_PEER_STATE_FAILED,
  BED_PEER_STATE_CLOSED,
} BedPeerState;
#define BED_PEER_N_STATES 6

/* A DTLS transport that the other side closed counts as disconnected: nothing can come any more. */
BedPeerState bed_peer_state_derive (BedIceState ice, BedDtlsState dtls);
/* "new", "connecting", … */
const char *bed_peer_state_to_string (BedPeerState state);

/* Whether media may leave: the peer is verified and ICE has consent. A restart keeps the old pair.
 */
gboolean bed_peer_state_may_send (BedIceState ice, BedDtlsState dtls);

G_END_DECLS
