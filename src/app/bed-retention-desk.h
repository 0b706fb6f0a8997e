/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-clock.h"
#include "bed-record-store.h"

G_BEGIN_DECLS

/* Rules of retention, what they let go, and what was deleted. Main thread. */
#define BED_TYPE_RETENTION_DESK (bed_retention_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedRetentionDesk, bed_retention_desk, BED, RETENTION_DESK, GObject)

BedRetentionDesk *bed_retention_desk_new (BedClock *clock);
/* NULL before the vault closes. */
void bed_retention_desk_set_store (BedRetentionDesk *self, BedRecordStore *store);
/* Opens its page within the preferences. */
void bed_retention_desk_open (BedRetentionDesk *self, AdwPreferencesWindow *window);

G_END_DECLS
