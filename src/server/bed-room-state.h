/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-protocol.h"

G_BEGIN_DECLS

/*
 *  created --fetch--> opened --join--> waiting --admit--> admitted --end--> ended
 *     |__________________|________________|__________________|--revoke--> revoked
 *                                                            |--expire--> expired
 * Only `admit`, an act of the clinician, goes beyond waiting; nothing leaves the last three.
 */
#define BED_ROOM_N_STATES (BED_ROOM_STATE_EXPIRED + 1)

typedef enum
{
  BED_ROOM_FETCH,
  BED_ROOM_JOIN,
  BED_ROOM_ADMIT,
  BED_ROOM_END,
  BED_ROOM_REVOKE,
  BED_ROOM_EXPIRE,
  BED_ROOM_N_EVENTS
} BedRoomEvent;

/* Returns: FALSE when the event is refused in this state; `*state` is then as it was. */
gboolean bed_room_state_apply (BedRoomState *state, BedRoomEvent event);

G_END_DECLS
