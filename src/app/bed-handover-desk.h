/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-record-store.h"
#include "bed-session.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Hands notes, a patient or the whole record over, in the form and to the place that a person
 * chooses, and prints. Main thread. */
#define BED_TYPE_HANDOVER_DESK (bed_handover_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedHandoverDesk, bed_handover_desk, BED, HANDOVER_DESK, GObject)

BedHandoverDesk *bed_handover_desk_new (BedSession *session, BedClock *clock, GtkWindow *window);
/* NULL ends what runs, before the vault closes. */
void bed_handover_desk_set_store (BedHandoverDesk *self, BedRecordStore *store);
/* Asks what and where. note: (nullable). patient_id: 0: none. */
void bed_handover_desk_present (BedHandoverDesk *self, BedNote *note, gint64 patient_id);

G_END_DECLS
