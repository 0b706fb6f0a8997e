/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-list-detail.h"
#include "bed-record-store.h"

G_BEGIN_DECLS

/* The people of the record: search, and one person's consultations. Main thread.
 * Signals: "new-patient" (), "edit" (BedPatient *), "invite" (BedPatient *), "write-note" (BedPatient *),
 * "open-note" (BedNote *), "delete" (BedPatient *), "open-encounter" (BedEncounter *), "hold"
 * (BedPatient *, gboolean place): is to be placed under legal hold, or freed; "shown" (BedPatient *): came to be
 * seen. */
#define BED_TYPE_PATIENTS_PAGE (bed_patients_page_get_type ())
G_DECLARE_FINAL_TYPE (BedPatientsPage, bed_patients_page, BED, PATIENTS_PAGE, AdwBin)

/* store: NULL empties the page (before the vault closes). */
void bed_patients_page_set_store (BedPatientsPage *self, BedRecordStore *store, BedClock *clock);
void bed_patients_page_search (BedPatientsPage *self);
/* Lent. */
BedListDetail *bed_patients_page_get_pane (BedPatientsPage *self);
void bed_patients_page_show_patient (BedPatientsPage *self, BedPatient *patient);
/* The legal hold of who is shown was placed or lifted. */
void bed_patients_page_show_hold (BedPatientsPage *self);
/* Nobody is chosen any more. */
void bed_patients_page_close_patient (BedPatientsPage *self);

G_END_DECLS
