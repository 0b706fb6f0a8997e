/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* A patient of the record. Readable and writable properties for binding: "name", "birth-date"
 * (YYYY-MM-DD or ""), "telephone", "language" (BCP 47 or ""), "identifiers" (one for each line,
 * "system|value"). Read only: "id" (0 until it is saved), "uuid". Strings are never NULL. A change
 * is kept by bed_record_store_save_patient (). Main thread.
 */
#define BED_TYPE_PATIENT (bed_patient_get_type ())
G_DECLARE_FINAL_TYPE (BedPatient, bed_patient, BED, PATIENT, GObject)

/* Returns: (transfer full): one that is not in the record yet. */
BedPatient *bed_patient_new (const char *name);
gint64 bed_patient_get_id (BedPatient *self);
const char *bed_patient_get_uuid (BedPatient *self);
const char *bed_patient_get_name (BedPatient *self);
const char *bed_patient_get_birth_date (BedPatient *self);
const char *bed_patient_get_telephone (BedPatient *self);
const char *bed_patient_get_language (BedPatient *self);
const char *bed_patient_get_identifiers (BedPatient *self);
void bed_patient_set_name (BedPatient *self, const char *name);
void bed_patient_set_birth_date (BedPatient *self, const char *birth_date);
void bed_patient_set_telephone (BedPatient *self, const char *telephone);
void bed_patient_set_language (BedPatient *self, const char *language);
void bed_patient_set_identifiers (BedPatient *self, const char *identifiers);

G_END_DECLS
