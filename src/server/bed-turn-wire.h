/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-turn-url.h"

G_BEGIN_DECLS

/* The administrator's way to a TURN server: UDP, TCP or TLS, blocking, with a few seconds for each
 * step. Errors: BED_SERVER_ERROR_NETWORK. */
typedef struct _BedTurnWire BedTurnWire;

/* Over TLS the certificate must be for the URL's host, by an authority that this machine trusts.
 * Returns: (transfer full) (nullable) */
BedTurnWire *bed_turn_wire_open (const BedTurnUrl *url, GError **error);
void bed_turn_wire_free (BedTurnWire *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedTurnWire, bed_turn_wire_free)

/* Sends a STUN request and gives the answer with its transaction id, at most `size` bytes. Over UDP
 * it asks up to three times. Returns: the answer's length, or 0. */
gsize bed_turn_wire_ask (BedTurnWire *self, const guint8 *request, gsize length, guint8 *answer,
                         gsize size, GError **error);
/* When the certificate ends, seconds since 1970; 0 without TLS. */
gint64 bed_turn_wire_get_not_after (BedTurnWire *self);

G_END_DECLS
