/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-signalling-client.h"

G_BEGIN_DECLS

/* The bell of a waiting room whose keys are locked away: stays attached as this clinician and tells
 * that somebody is there, never who. Main thread.
 *
 * Properties (notify): "n-waiting" (guint), "state" (BedDoorbellState).
 * Signal "rang" (): somebody came since the lock. */
typedef enum
{
  BED_DOORBELL_STATE_AWAY,  /* no way to the server; tries again by itself */
  BED_DOORBELL_STATE_READY, /* attached */
  BED_DOORBELL_STATE_ENDED, /* the session with the clinic has ended: nobody is announced */
} BedDoorbellState;
#define BED_TYPE_DOORBELL_STATE (bed_doorbell_state_get_type ())
GType bed_doorbell_state_get_type (void);

#define BED_DOORBELL_KEYS_MAX 2048

#define BED_TYPE_DOORBELL (bed_doorbell_get_type ())
G_DECLARE_FINAL_TYPE (BedDoorbell, bed_doorbell, BED, DOORBELL, GObject)

/* keys: of bed_session_dup_doorbell_keys or bed_doorbell_dup_keys. ca_file: (nullable): goes before
 * the pin in them. Attaches at once. Returns: (transfer full) (nullable): NULL when the keys are
 * none. */
BedDoorbell *bed_doorbell_new (BedSecret *keys, BedClock *clock, const char *ca_file);
guint bed_doorbell_get_n_waiting (BedDoorbell *self);
BedDoorbellState bed_doorbell_get_state (BedDoorbell *self);
/* What it was made of, with the tokens of now; the client behind it is closed.
 * Returns: (transfer full) (nullable): NULL when its session has ended. */
BedSecret *bed_doorbell_take_down (BedDoorbell *self);

G_END_DECLS
