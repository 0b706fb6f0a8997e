/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-room-state.h"

#define NO BED_ROOM_N_STATES
#define OVER BED_ROOM_STATE_ENDED, BED_ROOM_STATE_REVOKED, BED_ROOM_STATE_EXPIRED

static const int table[BED_ROOM_N_STATES][BED_ROOM_N_EVENTS] = {
  /*                            fetch                    join                     admit */
  [BED_ROOM_STATE_CREATED] = { BED_ROOM_STATE_OPENED, BED_ROOM_STATE_WAITING, NO, OVER },
  [BED_ROOM_STATE_OPENED] = { BED_ROOM_STATE_OPENED, BED_ROOM_STATE_WAITING, NO, OVER },
  [BED_ROOM_STATE_WAITING]
  = { BED_ROOM_STATE_WAITING, BED_ROOM_STATE_WAITING, BED_ROOM_STATE_ADMITTED, OVER },
  [BED_ROOM_STATE_ADMITTED]
  = { BED_ROOM_STATE_ADMITTED, BED_ROOM_STATE_ADMITTED, BED_ROOM_STATE_ADMITTED, OVER },
  [BED_ROOM_STATE_ENDED] = { NO, NO, NO, NO, NO, NO },
  [BED_ROOM_STATE_REVOKED] = { NO, NO, NO, NO, NO, NO },
  [BED_ROOM_STATE_EXPIRED] = { NO, NO, NO, NO, NO, NO },
};

gboolean
bed_room_state_apply (BedRoomState *state, BedRoomEvent event)
{
  int next = table[*state][event];

  if (next == NO)
    return FALSE;
  *state = (BedRoomState) next;
  return TRUE;
}
