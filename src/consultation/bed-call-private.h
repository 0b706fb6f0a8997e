/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-call.h"
#include "bed-clock.h"
#include "bed-record-store.h"
#include "bed-sealed-link-private.h"
#include "bed-waiting-room.h"

G_BEGIN_DECLS

typedef struct
{
  BedSealedLink *link;
  BedSignallingClient *client; /* for the servers of the path */
  BedClock *clock;
  BedEngine *(*new_engine) (const BedEngineConfig *config, gpointer user_data);
  gpointer user_data;
  gboolean relay_only;
  const char *peer_name, *callback, *location;
  BedRecordStore *store;   /* (nullable) */
  /* Begins or goes on with the encounter, which it may leave behind where the rest fails; called
   * again until it succeeds, and after bed_call_renew. (nullable): with no store */
  gboolean (*record_arrival) (gpointer recorder, BedEncounter **encounter, GError **error);
  gpointer recorder; /* a GObject */
} BedCallParts;

/* The role is the link's: the clinician offers at once. Strings are copied. */
BedCall *bed_call_new (const BedCallParts *parts);
/* From the link's owner. */
void bed_call_take_message (BedCall *self, const BedSealedMessage *message);
/* A sealed session has begun that may be the same person's after a page load: nothing of the old
 * negotiation is said in it. What runs goes on until that person has said so under the new keys. */
void bed_call_hold (BedCall *self);
/* A new sealed session: another page load or app start; media is negotiated from the beginning. */
void bed_call_renew (BedCall *self);
void bed_call_tell_tampered (BedCall *self);
/* The encounter goes on in another call: this one will not close it. Returns: (transfer full)
 * (nullable) */
BedEncounter *bed_call_steal_encounter (BedCall *self);
/* The other side is known to be gone for good. */
void bed_call_end (BedCall *self, BedCallEnd end);

G_END_DECLS
