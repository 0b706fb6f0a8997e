/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-call.h"
#include "bed-records-desk.h"

G_BEGIN_DECLS

/* What remains of a call: its note, beside the picture and later, and the page after it. Main
 * thread. Signals: "again" (): the link stays good; "done" (): it is used up. */
#define BED_TYPE_AFTER_DESK (bed_after_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedAfterDesk, bed_after_desk, BED, AFTER_DESK, GObject)

BedAfterDesk *bed_after_desk_new (BedClock *clock, BedWindow *window, BedRecordsDesk *records);
/* NULL forgets the last call. */
void bed_after_desk_set_store (BedAfterDesk *self, BedRecordStore *store);
/* A call runs: its note lies beside the picture. */
void bed_after_desk_begin (BedAfterDesk *self, BedCall *call);
/* It is over: shows the page. */
void bed_after_desk_show (BedAfterDesk *self, BedCallEnd end);

G_END_DECLS
