/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-close-gate.h"
#include "bed-record-store.h"
#include "bed-session.h"

G_BEGIN_DECLS

/* What opens the record, a new key for everything, and whether the record is the newest. Main
 * thread. */
#define BED_TYPE_KEYS_DESK (bed_keys_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedKeysDesk, bed_keys_desk, BED, KEYS_DESK, GObject)

BedKeysDesk *bed_keys_desk_new (BedSession *session, BedClock *clock);
/* NULL before the vault closes. */
void bed_keys_desk_set_store (BedKeysDesk *self, BedRecordStore *store);
/* Asked before everything gets a new key; what it says is told. */
void bed_keys_desk_set_gate (BedKeysDesk *self, BedCloseGate gate, gpointer data);
/* Opens its page within the preferences. */
void bed_keys_desk_open (BedKeysDesk *self, AdwPreferencesWindow *window);

G_END_DECLS
