/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-message.h"

G_BEGIN_DECLS

/* Our end of the reliable hop (section 3.3): what was sent and not confirmed, and what was taken.
 * Pure. */
typedef struct _BedHop BedHop;
BedHop *bed_hop_new (void);
void bed_hop_free (BedHop *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedHop, bed_hop_free)

const guint8 *bed_hop_get_id (BedHop *self);
/* Numbers a relay and keeps it. Takes the message. Returns: (transfer none) (nullable): NULL when
 * the queue is full. */
BedMessage *bed_hop_push (BedHop *self, BedMessage *message);
/* The server has taken everything up to n. */
void bed_hop_confirm (BedHop *self, gint64 n);
/* What is to be sent again after an attach, in order. */
guint bed_hop_get_length (BedHop *self);
BedMessage *bed_hop_peek (BedHop *self, guint index);
/* Whether a relay from the server is new; it counts as taken then. */
gboolean bed_hop_accept (BedHop *self, gint64 n);

G_END_DECLS
