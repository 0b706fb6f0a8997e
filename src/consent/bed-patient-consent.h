/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* What a patient agreed to before a consultation, as it is kept with the encounter: which words
 * (their version and the SHA-256 of the text shown), in which language, when, and which devices.
 * Immutable; any thread.
 */
#define BED_CONSENT_TEXT_HASH_LENGTH 32
#define BED_TYPE_PATIENT_CONSENT (bed_patient_consent_get_type ())
typedef struct _BedPatientConsent BedPatientConsent;

GType bed_patient_consent_get_type (void);
/* real_us: µs since 1970 UTC, by the patient's clock. Everything may have come from the other side:
 * Returns: (transfer full) (nullable): NULL when the version (1..64 bytes of UTF-8), the language
 * (1..35 bytes, BCP 47 characters), the hash's length or the time (> 0) is not usable.
 */
BedPatientConsent *bed_patient_consent_new (const char *text_version,
                                            const guint8 *text_hash,
                                            gsize text_hash_length,
                                            const char *language,
                                            gint64 real_us,
                                            gboolean camera,
                                            gboolean microphone);
BedPatientConsent *bed_patient_consent_copy (const BedPatientConsent *self);
/* The same, to words that nobody at the clinic knows as its own. Returns: (transfer full) */
BedPatientConsent *bed_patient_consent_copy_unknown (const BedPatientConsent *self);
void bed_patient_consent_free (BedPatientConsent *self);
const char *bed_patient_consent_get_text_version (const BedPatientConsent *self);
/* 32 bytes. */
const guint8 *bed_patient_consent_get_text_hash (const BedPatientConsent *self);
const char *bed_patient_consent_get_language (const BedPatientConsent *self);
gint64 bed_patient_consent_get_real_us (const BedPatientConsent *self);
gboolean bed_patient_consent_get_camera (const BedPatientConsent *self);
gboolean bed_patient_consent_get_microphone (const BedPatientConsent *self);
/* FALSE only for bed_patient_consent_copy_unknown. */
gboolean bed_patient_consent_get_text_known (const BedPatientConsent *self);
/* Whether what the patient did is the same: whoever knows the words. */
gboolean bed_patient_consent_agree (const BedPatientConsent *a, const BedPatientConsent *b);
gboolean bed_patient_consent_equal (const BedPatientConsent *a, const BedPatientConsent *b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedPatientConsent, bed_patient_consent_free)

G_END_DECLS
