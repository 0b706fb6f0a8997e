/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-emergency-access.h"
#include "bed-window.h"

G_BEGIN_DECLS

/* What the emergency key asks of who uses it, and what the clinician hears of it. Main thread.
 * Signal "declared" (BedRecordStore *store): now the record may be shown. */
#define BED_TYPE_EMERGENCY_DESK (bed_emergency_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedEmergencyDesk, bed_emergency_desk, BED, EMERGENCY_DESK, GObject)

BedEmergencyDesk *bed_emergency_desk_new (BedClock *clock, BedWindow *window);
/* Of a record that is open by the emergency key. Who does not answer is locked out again. */
void bed_emergency_desk_ask (BedEmergencyDesk *self, BedRecordStore *store);
/* Tells of the uses not yet confirmed, one after the other. */
void bed_emergency_desk_review (BedEmergencyDesk *self, BedRecordStore *store);
/* The record is closed: nothing is asked any more. */
void bed_emergency_desk_close (BedEmergencyDesk *self);

G_END_DECLS
