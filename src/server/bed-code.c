/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-code.h"

BedCode
bed_code_for_state (BedRoomState state)
{
  return state == BED_ROOM_STATE_ENDED     ? BED_PROTOCOL_ERROR_USED
         : state == BED_ROOM_STATE_REVOKED ? BED_PROTOCOL_ERROR_REVOKED
         : state == BED_ROOM_STATE_EXPIRED ? BED_PROTOCOL_ERROR_EXPIRED
                                           : BED_CODE_OK;
}
