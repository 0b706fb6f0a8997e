/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

#include "bed-patient-consent.h"

G_BEGIN_DECLS

/* FHIR R4 Encounter.status: planned, in-progress, finished. */
#define BED_TYPE_ENCOUNTER_STATE (bed_encounter_state_get_type ())
GType bed_encounter_state_get_type (void);
typedef enum
{
  BED_ENCOUNTER_PLANNED,
  BED_ENCOUNTER_IN_PROGRESS,
  BED_ENCOUNTER_FINISHED,
} BedEncounterState;

/* What came of comparing the words. */
#define BED_TYPE_VERIFICATION (bed_verification_get_type ())
GType bed_verification_get_type (void);
typedef enum
{
  BED_VERIFICATION_NOT_CHECKED,
  BED_VERIFICATION_MATCHED,
  BED_VERIFICATION_DIFFERED,
} BedVerification;

/* One consultation. All properties are read only for the screen; they change through BedRecordStore
 * and notify: "id", "uuid", "patient-id" (0: assigned to nobody yet), "patient-name" (the assigned
 * patient's name, else the name that the patient typed), "typed-name", "callback" (number to call
 * back), "location" (where the patient said they were), "state", "started-us", "ended-us" (µs since
 * 1970 UTC, 0: not yet), "consent" (BedPatientConsent or NULL), "cipher" ("" while unknown), "path"
 * ("direct", "relayed" or ""), "verification". Strings are never NULL. Main thread.
 */
#define BED_TYPE_ENCOUNTER (bed_encounter_get_type ())
G_DECLARE_FINAL_TYPE (BedEncounter, bed_encounter, BED, ENCOUNTER, GObject)

gint64 bed_encounter_get_id (BedEncounter *self);
const char *bed_encounter_get_uuid (BedEncounter *self);
gint64 bed_encounter_get_patient_id (BedEncounter *self);
const char *bed_encounter_get_patient_name (BedEncounter *self);
const char *bed_encounter_get_typed_name (BedEncounter *self);
const char *bed_encounter_get_callback (BedEncounter *self);
const char *bed_encounter_get_location (BedEncounter *self);
BedEncounterState bed_encounter_get_state (BedEncounter *self);
gint64 bed_encounter_get_started_us (BedEncounter *self);
gint64 bed_encounter_get_ended_us (BedEncounter *self);
/* Returns: (transfer none) (nullable) */
const BedPatientConsent *bed_encounter_get_consent (BedEncounter *self);
const char *bed_encounter_get_cipher (BedEncounter *self);
const char *bed_encounter_get_path (BedEncounter *self);
BedVerification bed_encounter_get_verification (BedEncounter *self);

G_END_DECLS
