/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-peer-state.h"

#define INVALID BED_SIGNALING_INVALID

static const BedSignalingState SIGNALING[BED_SIGNALING_N_STATES][BED_SIGNALING_N_EVENTS] = {
  /* local offer, remote offer, local answer, remote answer, close */
  [BED_SIGNALING_STABLE] = { BED_SIGNALING_HAVE_LOCAL_OFFER, BED_SIGNALING_HAVE_REMOTE_OFFER,
                             INVALID, INVALID, BED_SIGNALING_CLOSED },
  [BED_SIGNALING_HAVE_LOCAL_OFFER] = { BED_SIGNALING_HAVE_LOCAL_OFFER, INVALID, INVALID,
                                       BED_SIGNALING_STABLE, BED_SIGNALING_CLOSED },
  [BED_SIGNALING_HAVE_REMOTE_OFFER] = { INVALID, BED_SIGNALING_HAVE_REMOTE_OFFER,
                                        BED_SIGNALING_STABLE, INVALID, BED_SIGNALING_CLOSED },
  [BED_SIGNALING_CLOSED] = { INVALID, INVALID, INVALID, INVALID, BED_SIGNALING_CLOSED },
};

BedSignalingState
bed_signaling_state_next (BedSignalingState state, BedSignalingEvent event)
{
  return SIGNALING[state][event];
}

const char *
bed_signaling_state_to_string (BedSignalingState state)
{
  static const char *const names[]
      = { "stable", "have-local-offer", "have-remote-offer", "closed", "invalid" };

  return names[state];
}

#define NEW BED_PEER_STATE_NEW
#define CONNECTING BED_PEER_STATE_CONNECTING
#define CONNECTED BED_PEER_STATE_CONNECTED
#define DISCONNECTED BED_PEER_STATE_DISCONNECTED
#define FAILED BED_PEER_STATE_FAILED
#define CLOSED BED_PEER_STATE_CLOSED

static const BedPeerState DERIVED[BED_ICE_N_STATES][BED_DTLS_N_STATES] = {
  /* DTLS: new, connecting, connected, closed, failed */
  [BED_ICE_STATE_NEW] = { NEW, CONNECTING, CONNECTING, DISCONNECTED, FAILED },
  [BED_ICE_STATE_CHECKING] = { CONNECTING, CONNECTING, CONNECTING, DISCONNECTED, FAILED },
  [BED_ICE_STATE_CONNECTED] = { CONNECTING, CONNECTING, CONNECTED, DISCONNECTED, FAILED },
  [BED_ICE_STATE_COMPLETED] = { CONNECTING, CONNECTING, CONNECTED, DISCONNECTED, FAILED },
  [BED_ICE_STATE_DISCONNECTED] = { DISCONNECTED, DISCONNECTED, DISCONNECTED, DISCONNECTED, FAILED },
  [BED_ICE_STATE_FAILED] = { FAILED, FAILED, FAILED, FAILED, FAILED },
  [BED_ICE_STATE_CLOSED] = { CLOSED, CLOSED, CLOSED, CLOSED, CLOSED },
};

BedPeerState
bed_peer_state_derive (BedIceState ice, BedDtlsState dtls)
{
  return DERIVED[ice][dtls];
}

const char *
bed_peer_state_to_string (BedPeerState state)
{
  static const char *const names[]
      = { "new", "connecting", "connected", "disconnected", "failed", "closed" };

  return names[state];
}

gboolean
bed_peer_state_may_send (BedIceState ice, BedDtlsState dtls)
{
  return dtls == BED_DTLS_STATE_CONNECTED
         && (ice == BED_ICE_STATE_CHECKING || ice == BED_ICE_STATE_CONNECTED
             || ice == BED_ICE_STATE_COMPLETED);
}
