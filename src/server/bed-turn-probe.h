/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-turn.h"

G_BEGIN_DECLS

/* Asks the TURN server of a turn: or turns: URL that the settings accept for an allocation with a
 * fresh credential (RFC 8656 section 7) and gives it back. Blocks for some seconds. `now` and
 * `*not_after` (when its certificate ends; 0 without TLS) in seconds since 1970. Returns: FALSE
 * with what went wrong. */
gboolean bed_turn_probe (BedTurn *turn, const char *url, gint64 now, gint64 *not_after,
                         GError **error);

G_END_DECLS
