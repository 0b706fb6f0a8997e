/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-sealed-channel.h"
#include "bed-sealed-message.h"
#include "bed-signalling-client.h"

G_BEGIN_DECLS

/* The sealed channel to one person, joined to the relay that carries it. Main thread.
 * Signals: "begun" (): a new session, nothing is verified any more;
 *          "message" (BedSealedMessage *message): opened and well formed, lent;
 *          "lost" (gboolean tampered): the session is over; a new one begins by itself. tampered:
 * something on the way altered, repeated or held back a message. */
#define BED_TYPE_SEALED_LINK (bed_sealed_link_get_type ())
G_DECLARE_FINAL_TYPE (BedSealedLink, bed_sealed_link, BED, SEALED_LINK, GObject)

/* room, peer: NULL at the patient's side. */
BedSealedLink *bed_sealed_link_new (BedRole role, BedInvite *invite, BedSignallingClient *client,
                                    const char *room, const char *peer, BedClock *clock);
/* Patient: says hello. Clinician: asks for one if none comes by itself, as when the app was started
 * again. */
void bed_sealed_link_start (BedSealedLink *self);
void bed_sealed_link_receive (BedSealedLink *self, const char *data);
/* FALSE: there is no session, or too much is waiting to be sent. */
gboolean bed_sealed_link_send (BedSealedLink *self, const BedSealedMessage *message);
gboolean bed_sealed_link_is_open (BedSealedLink *self);
BedRole bed_sealed_link_get_role (BedSealedLink *self);
/* Lent while the session is open. */
const guint8 *bed_sealed_link_get_id (BedSealedLink *self, BedRole role);

G_END_DECLS
