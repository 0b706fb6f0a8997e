/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-record-store.h"
#include "bed-session.h"

G_BEGIN_DECLS

/* Shows, verifies and exports the audit trail. Main thread. */
#define BED_TYPE_TRAIL_DESK (bed_trail_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedTrailDesk, bed_trail_desk, BED, TRAIL_DESK, GObject)

BedTrailDesk *bed_trail_desk_new (BedSession *session, BedClock *clock);
/* NULL before the vault closes. */
void bed_trail_desk_set_store (BedTrailDesk *self, BedRecordStore *store);
/* Opens its page within the preferences. */
void bed_trail_desk_open (BedTrailDesk *self, AdwPreferencesWindow *window);

G_END_DECLS
