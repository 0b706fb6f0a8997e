/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-call.h"

G_BEGIN_DECLS

/* What happens to a call. */
typedef enum
{
  BED_CALL_EVENT_UP,      /* ICE and DTLS stand, the certificate is the announced one */
  BED_CALL_EVENT_LOST,    /* the path is gone */
  BED_CALL_EVENT_RENEWED, /* a new session began: everything is negotiated again */
  BED_CALL_EVENT_END,
} BedCallEvent;
#define BED_N_CALL_EVENTS 4
#define BED_N_CALL_STATES 4

/* Pure: the state after the event. */
BedCallState bed_call_state_after (BedCallState state, BedCallEvent event);

G_END_DECLS
