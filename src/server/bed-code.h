/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-protocol.h"

G_BEGIN_DECLS

/* What an act comes to: BED_CODE_OK or a BedProtocolError. */
typedef int BedCode;
#define BED_CODE_OK (-1)

/* What a room that is over answers. */
BedCode bed_code_for_state (BedRoomState state);

G_END_DECLS
