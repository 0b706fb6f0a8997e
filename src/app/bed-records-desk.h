/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-note-desk.h"
#include "bed-record-store.h"
#include "bed-window.h"

G_BEGIN_DECLS

/* Connects patients and notes with the record, wherever a note is written. Main thread.
 * Signals: "invite" (BedPatient *); "assigned" (): a consultation belongs to a patient now. */
#define BED_TYPE_RECORDS_DESK (bed_records_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedRecordsDesk, bed_records_desk, BED, RECORDS_DESK, GObject)

BedRecordsDesk *bed_records_desk_new (BedSession *session, BedClock *clock, BedWindow *window,
                                      BedHandoverDesk *handover);
/* NULL empties the pages, before the vault closes. */
void bed_records_desk_set_store (BedRecordsDesk *self, BedRecordStore *store);
/* Saves every draft and addendum now. FALSE: something is on the screen alone (BED_VAULT_ERROR,
 * BED_RECORD_ERROR). */
gboolean bed_records_desk_save (BedRecordsDesk *self, GError **error);
/* The note of a consultation, made when there is none. Returns: (transfer full) (nullable) */
BedNote *bed_records_desk_open_note (BedRecordsDesk *self, gint64 encounter_id);
/* Home, with this note to write on. */
void bed_records_desk_show_note (BedRecordsDesk *self, BedNote *note);
/* Asks which patient it was. */
void bed_records_desk_assign (BedRecordsDesk *self, BedEncounter *encounter);

G_END_DECLS
