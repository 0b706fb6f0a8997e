/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-call-state-private.h"

G_DEFINE_ENUM_TYPE (BedCallState, bed_call_state,
                    G_DEFINE_ENUM_VALUE (BED_CALL_STATE_CONNECTING, "connecting"),
                    G_DEFINE_ENUM_VALUE (BED_CALL_STATE_CONNECTED, "connected"),
                    G_DEFINE_ENUM_VALUE (BED_CALL_STATE_RECONNECTING, "reconnecting"),
                    G_DEFINE_ENUM_VALUE (BED_CALL_STATE_ENDED, "ended"))

/*
 *   CONNECTING --up--> CONNECTED --lost--> RECONNECTING --up--> CONNECTED
 *   CONNECTED --renewed--> RECONNECTING; CONNECTING and RECONNECTING stay; any --end--> ENDED
 *
 * Only CONNECTED sends media. ENDED is left by nothing.
 */
#define UP BED_CALL_STATE_CONNECTED
#define LOST BED_CALL_STATE_RECONNECTING
#define FIRST BED_CALL_STATE_CONNECTING
#define OVER BED_CALL_STATE_ENDED
/* events: UP, LOST, RENEWED, END */
static const guint8 transitions[BED_N_CALL_STATES][BED_N_CALL_EVENTS] = {
  [FIRST] = { UP, LOST, FIRST, OVER },
  [UP] = { UP, LOST, LOST, OVER },
  [LOST] = { UP, LOST, LOST, OVER },
  [OVER] = { OVER, OVER, OVER, OVER },
};
#undef UP
#undef LOST
#undef FIRST
#undef OVER

BedCallState
bed_call_state_after (BedCallState state, BedCallEvent event)
{
  return transitions[state][event];
}
