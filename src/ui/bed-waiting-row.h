/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-arrival.h"

G_BEGIN_DECLS

/* Somebody in the waiting room. Follows the arrival's properties. Main thread.
 * Signals: "admit" (), "message" (), "decline" (). */
#define BED_TYPE_WAITING_ROW (bed_waiting_row_get_type ())
G_DECLARE_FINAL_TYPE (BedWaitingRow, bed_waiting_row, BED, WAITING_ROW, GtkListBoxRow)

BedWaitingRow *bed_waiting_row_new (BedArrival *arrival, gint64 now_us);
BedArrival *bed_waiting_row_get_arrival (BedWaitingRow *self);
/* now_us: real time, for the minutes. suggested: the one to admit next. possible: no call is going on. */
void bed_waiting_row_refresh (BedWaitingRow *self, gint64 now_us, gboolean suggested, gboolean possible);

G_END_DECLS
