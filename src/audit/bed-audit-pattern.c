/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-audit-pattern-private.h"

#include <string.h>

#define READ(event, resource) { event, BED_AUDIT_PATTERN_READ, resource }
#define CREATE(event, resource) { event, BED_AUDIT_PATTERN_CREATE, resource }
#define UPDATE(event, resource) { event, BED_AUDIT_PATTERN_UPDATE, resource }
#define DELETE(event, resource) { event, BED_AUDIT_PATTERN_DELETE, resource }
#define OTHER(event, action, type, subtype, outcome) \
  { event, BED_AUDIT_PATTERN_OTHER, NULL, action, type, subtype, outcome }

#define ACTIVITY "110100"
#define LOG_USED "110101"
#define EXPORT "110106"
#define IMPORT "110107"
#define ALERT "110113"
#define AUTHENTICATION "110114"
#define START "110120"
#define LOGIN "110122"
#define LOGOUT "110123"
#define OVERRIDE "110127"
#define CONFIGURATION "110134"
#define ATTRIBUTES "110137"
#define MINOR_FAILURE "4"
#define SERIOUS_FAILURE "8"

/* Out of sight is no deletion: the row stays and can be taken back. */
static const BedAuditMeaning meanings[] = {
  OTHER (BED_AUDIT_VAULT_CREATED, "C", ACTIVITY, START, NULL),
  OTHER (BED_AUDIT_UNLOCKED, "E", AUTHENTICATION, LOGIN, NULL),
  OTHER (BED_AUDIT_UNLOCK_FAILED, "E", AUTHENTICATION, LOGIN, MINOR_FAILURE),
  OTHER (BED_AUDIT_LOCKED, "E", AUTHENTICATION, LOGOUT, NULL),
  OTHER (BED_AUDIT_PASSPHRASE_CHANGED, "U", ALERT, ATTRIBUTES, NULL),
  OTHER (BED_AUDIT_RECOVERY_RENEWED, "U", ALERT, ATTRIBUTES, NULL),
  OTHER (BED_AUDIT_SLOT_REMOVED, "D", ALERT, ATTRIBUTES, NULL),
  OTHER (BED_AUDIT_ROLLBACK_SUSPECTED, "E", ALERT, NULL, SERIOUS_FAILURE),
  OTHER (BED_AUDIT_SLOT_ADDED, "C", ALERT, ATTRIBUTES, NULL),
  OTHER (BED_AUDIT_REKEYED, "U", ALERT, CONFIGURATION, NULL),
  OTHER (BED_AUDIT_EMERGENCY_KEY_MADE, "C", ALERT, ATTRIBUTES, NULL),
  OTHER (BED_AUDIT_EMERGENCY_KEY_REMOVED, "D", ALERT, ATTRIBUTES, NULL),
  OTHER (BED_AUDIT_EMERGENCY_ACCESS, "E", ALERT, OVERRIDE, NULL),
  OTHER (BED_AUDIT_EMERGENCY_DECLARED, "C", ALERT, NULL, NULL),
  OTHER (BED_AUDIT_EMERGENCY_REVIEWED, "R", ALERT, NULL, NULL),
  OTHER (BED_AUDIT_ROLLBACK_ACCEPTED, "E", ALERT, NULL, NULL),
  CREATE (BED_AUDIT_PATIENT_CREATED, "Patient"),
  READ (BED_AUDIT_PATIENT_OPENED, "Patient"),
  UPDATE (BED_AUDIT_PATIENT_CHANGED, "Patient"),
  UPDATE (BED_AUDIT_PATIENT_DELETED, "Patient"),
  UPDATE (BED_AUDIT_PATIENT_RECOVERED, "Patient"),
  UPDATE (BED_AUDIT_PATIENT_HELD, "Patient"),
  UPDATE (BED_AUDIT_PATIENT_RELEASED, "Patient"),
  DELETE (BED_AUDIT_PATIENT_ERASED, "Patient"),
  CREATE (BED_AUDIT_ENCOUNTER_STARTED, "Encounter"),
  UPDATE (BED_AUDIT_ENCOUNTER_ENDED, "Encounter"),
  UPDATE (BED_AUDIT_ENCOUNTER_ASSIGNED, "Encounter"),
  READ (BED_AUDIT_ENCOUNTER_OPENED, "Encounter"),
  DELETE (BED_AUDIT_ENCOUNTER_ERASED, "Encounter"),
  UPDATE (BED_AUDIT_ENCOUNTER_CUT_OFF, "Encounter"),
  CREATE (BED_AUDIT_NOTE_CREATED, "Composition"),
  READ (BED_AUDIT_NOTE_OPENED, "Composition"),
  UPDATE (BED_AUDIT_NOTE_CHANGED, "Composition"),
  UPDATE (BED_AUDIT_NOTE_SIGNED, "Composition"),
  UPDATE (BED_AUDIT_NOTE_AMENDED, "Composition"),
  UPDATE (BED_AUDIT_NOTE_DELETED, "Composition"),
  UPDATE (BED_AUDIT_NOTE_RECOVERED, "Composition"),
  UPDATE (BED_AUDIT_CHAT_KEPT, "Encounter"),
  UPDATE (BED_AUDIT_CHAT_ERASED, "Encounter"),
  CREATE (BED_AUDIT_ATTACHMENT_KEPT, "DocumentReference"),
  READ (BED_AUDIT_ATTACHMENT_OPENED, "DocumentReference"),
  UPDATE (BED_AUDIT_ATTACHMENT_DELETED, "DocumentReference"),
  UPDATE (BED_AUDIT_ATTACHMENT_RECOVERED, "DocumentReference"),
  { BED_AUDIT_SEARCHED, BED_AUDIT_PATTERN_QUERY },
  { BED_AUDIT_EXPORTED, BED_AUDIT_PATTERN_DISCLOSE, NULL, "R", EXPORT },
  OTHER (BED_AUDIT_BACKED_UP, "R", EXPORT, NULL, NULL),
  OTHER (BED_AUDIT_BACKUP_FAILED, "R", EXPORT, NULL, SERIOUS_FAILURE),
  OTHER (BED_AUDIT_BACKUP_REMOVED, "D", ACTIVITY, NULL, NULL),
  OTHER (BED_AUDIT_BACKUP_PLANNED, "U", ALERT, CONFIGURATION, NULL),
  OTHER (BED_AUDIT_RESTORED, "C", IMPORT, NULL, NULL),
  OTHER (BED_AUDIT_CONSENT_GRANTED, "U", ACTIVITY, NULL, NULL),
  OTHER (BED_AUDIT_CONSENT_WITHDRAWN, "U", ACTIVITY, NULL, NULL),
  UPDATE (BED_AUDIT_PATIENT_CONSENT, "Encounter"),
  OTHER (BED_AUDIT_SIGNED_IN, "E", AUTHENTICATION, LOGIN, NULL),
  OTHER (BED_AUDIT_SIGNED_OUT, "E", AUTHENTICATION, LOGOUT, NULL),
  OTHER (BED_AUDIT_RETENTION_CHANGED, "U", ALERT, CONFIGURATION, NULL),
  OTHER (BED_AUDIT_ERASURE_RECORDED, "C", ACTIVITY, NULL, NULL),
  OTHER (BED_AUDIT_TRAIL_OPENED, "R", LOG_USED, NULL, NULL),
  OTHER (BED_AUDIT_TRAIL_VERIFIED, "E", LOG_USED, NULL, NULL),
  OTHER (BED_AUDIT_TRAIL_BROKEN, "E", LOG_USED, NULL, SERIOUS_FAILURE),
  OTHER (BED_AUDIT_TRAIL_EXPORTED, "R", LOG_USED, NULL, NULL),
};

static const struct
{
  const char *code, *display;
} dicom[] = {
  { ACTIVITY, "Application Activity" },
  { LOG_USED, "Audit Log Used" },
  { EXPORT, "Export" },
  { IMPORT, "Import" },
  { ALERT, "Security Alert" },
  { AUTHENTICATION, "User Authentication" },
  { START, "Application Start" },
  { LOGIN, "Login" },
  { LOGOUT, "Logout" },
  { OVERRIDE, "Emergency Override Started" },
  { CONFIGURATION, "Security Configuration" },
  { ATTRIBUTES, "User Security Attributes Changed" },
};

const BedAuditMeaning *
bed_audit_meaning (BedAuditEvent event)
{
  for (guint i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (meanings[i].event == event)
      return &meanings[i];
  g_return_val_if_reached (&meanings[0]);
}

const char *
bed_audit_dicom_display (const char *code)
{
  for (guint i = 0; i < G_N_ELEMENTS (dicom); i++)
    if (strcmp (dicom[i].code, code) == 0)
      return dicom[i].display;
  g_return_val_if_reached ("");
}
