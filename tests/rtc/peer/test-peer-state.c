/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-peer-state.h"

/* W3C webrtc-pc 4.4.1.5: which description may be set when; written out again from the text. */
static void
test_signaling (void)
{
  const BedSignalingState no = BED_SIGNALING_INVALID;
  const BedSignalingState expected[BED_SIGNALING_N_STATES][BED_SIGNALING_N_EVENTS] = {
    { BED_SIGNALING_HAVE_LOCAL_OFFER, BED_SIGNALING_HAVE_REMOTE_OFFER, no, no, BED_SIGNALING_CLOSED },
    { BED_SIGNALING_HAVE_LOCAL_OFFER, no, no, BED_SIGNALING_STABLE, BED_SIGNALING_CLOSED },
    { no, BED_SIGNALING_HAVE_REMOTE_OFFER, BED_SIGNALING_STABLE, no, BED_SIGNALING_CLOSED },
    { no, no, no, no, BED_SIGNALING_CLOSED },
  };

  for (guint state = 0; state < BED_SIGNALING_N_STATES; state++)
    for (guint event = 0; event < BED_SIGNALING_N_EVENTS; event++)
      g_assert_cmpint (bed_signaling_state_next (state, event), ==, expected[state][event]);
}

/* W3C 4.3.3, in its order: closed, failed, disconnected, new, connecting, connected. */
static BedPeerState
by_the_book (BedIceState ice, BedDtlsState dtls)
{
  gboolean ice_up = ice == BED_ICE_STATE_CONNECTED || ice == BED_ICE_STATE_COMPLETED;

  if (ice == BED_ICE_STATE_CLOSED)
    return BED_PEER_STATE_CLOSED;
  if (ice == BED_ICE_STATE_FAILED || dtls == BED_DTLS_STATE_FAILED)
    return BED_PEER_STATE_FAILED;
  if (ice == BED_ICE_STATE_DISCONNECTED || dtls == BED_DTLS_STATE_CLOSED)
    return BED_PEER_STATE_DISCONNECTED;
  if (ice == BED_ICE_STATE_NEW && dtls == BED_DTLS_STATE_NEW)
    return BED_PEER_STATE_NEW;
  return ice_up && dtls == BED_DTLS_STATE_CONNECTED ? BED_PEER_STATE_CONNECTED : BED_PEER_STATE_CONNECTING;
}

static void
test_derived (void)
{
  for (guint ice = 0; ice < BED_ICE_N_STATES; ice++)
    for (guint dtls = 0; dtls < BED_DTLS_N_STATES; dtls++)
      g_assert_cmpint (bed_peer_state_derive (ice, dtls), ==, by_the_book (ice, dtls));
}

/* No media without a verified peer, whatever ICE says; none without consent, whatever DTLS says. */
static void
test_gate (void)
{
  for (guint ice = 0; ice < BED_ICE_N_STATES; ice++)
    for (guint dtls = 0; dtls < BED_DTLS_N_STATES; dtls++)
      {
        gboolean path = ice == BED_ICE_STATE_CHECKING || ice == BED_ICE_STATE_CONNECTED || ice == BED_ICE_STATE_COMPLETED;
        g_assert_cmpint (bed_peer_state_may_send (ice, dtls), ==, path && dtls == BED_DTLS_STATE_CONNECTED);
      }
}

static void
test_names (void)
{
  g_assert_cmpstr (bed_peer_state_to_string (BED_PEER_STATE_DISCONNECTED), ==, "disconnected");
  g_assert_cmpstr (bed_signaling_state_to_string (BED_SIGNALING_HAVE_REMOTE_OFFER), ==, "have-remote-offer");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/peer/state/signaling", test_signaling);
  g_test_add_func ("/rtc/peer/state/derived", test_derived);
  g_test_add_func ("/rtc/peer/state/gate", test_gate);
  g_test_add_func ("/rtc/peer/state/names", test_names);
  return g_test_run ();
}
