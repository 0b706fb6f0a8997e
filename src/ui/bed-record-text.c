/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-text.h"

#include <glib/gi18n.h>

#include "bed-emergency-access.h"
#include "bed-time-text.h"

typedef struct
{
  const char *id;
  const char *name;
  const char *hint;
} Words;

static const Words headings[] = {
  { "subjective", N_("Subjective"), N_("What the patient tells") },
  { "objective", N_("Objective"), N_("What you see, hear and measure") },
  { "assessment", N_("Assessment"), N_("What you think it is") },
  { "plan", N_("Plan"), N_("What is to be done, by whom, until when") },
  { "reason", N_("Reason for the consultation"), N_("In the patient’s words") },
  { "history", N_("History"), N_("How it began, what was before") },
  { "findings", N_("Findings"), N_("What you see, hear and measure") },
  { "interval", N_("Since last time"), N_("What has changed, what was done") },
  { "medication", N_("Medication"), N_("What is taken, and how it agrees") },
  { "mental-state", N_("Mental state"), N_("Appearance, mood, thought, insight") },
  { "risk", N_("Risk"), N_("To themselves, to and from others") },
  { "advice", N_("Advice given"), N_("What you told them") },
  { "safety-net", N_("Safety net"), N_("When to call again, and whom") },
  { "next-steps", N_("Next steps"), N_("What is to be done, by whom, until when") },
};

static const Words templates[] = {
  { "soap", N_("SOAP"), NULL },
  { "consultation", N_("Consultation"), NULL },
  { "follow-up", N_("Follow-up"), NULL },
  { "mental-health", N_("Mental health"), NULL },
  { "telephone", N_("Telephone"), NULL },
};

static const Words *
find (const Words *words, guint n, const char *id)
{
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (words[i].id, id) == 0)
      return &words[i];
  return NULL;
}

const char *
bed_record_text_heading (const char *heading)
{
  const Words *words;

  if (heading[0] == '=')
    return heading + 1;
  words = find (headings, G_N_ELEMENTS (headings), heading);
  return words != NULL ? _(words->name) : heading;
}

const char *
bed_record_text_hint (const char *heading)
{
  const Words *words = find (headings, G_N_ELEMENTS (headings), heading);

  return words != NULL ? _(words->hint) : "";
}

const char *
bed_record_text_template (const char *id, const char *name)
{
  const Words *words = find (templates, G_N_ELEMENTS (templates), id);

  return words != NULL ? _(words->name) : name != NULL && *name != '\0' ? name : id;
}

const char *
bed_record_text_event (BedAuditEvent event)
{
  static const char *const words[] = {
    [BED_AUDIT_VAULT_CREATED] = N_("Record created"),
    [BED_AUDIT_UNLOCKED] = N_("Unlocked"),
    [BED_AUDIT_UNLOCK_FAILED] = N_("Unlocking failed"),
    [BED_AUDIT_LOCKED] = N_("Locked"),
    [BED_AUDIT_PASSPHRASE_CHANGED] = N_("Password changed"),
    [BED_AUDIT_RECOVERY_RENEWED] = N_("New recovery key"),
    [BED_AUDIT_SLOT_REMOVED] = N_("Key removed"),
    [BED_AUDIT_ROLLBACK_SUSPECTED] = N_("An older copy of the record may have been put back"),
    [BED_AUDIT_SLOT_ADDED] = N_("Key added"),
    [BED_AUDIT_REKEYED] = N_("Encrypted anew"),
    [BED_AUDIT_EMERGENCY_KEY_MADE] = N_("Emergency key made"),
    [BED_AUDIT_EMERGENCY_KEY_REMOVED] = N_("Emergency key removed"),
    [BED_AUDIT_EMERGENCY_ACCESS] = N_("Opened with the emergency key"),
    [BED_AUDIT_EMERGENCY_DECLARED] = N_("Emergency explained"),
    [BED_AUDIT_EMERGENCY_REVIEWED] = N_("Emergency reviewed"),
    [BED_AUDIT_ROLLBACK_ACCEPTED] = N_("Went on with an older copy of the record"),
    [BED_AUDIT_SPOOL_DAMAGED] = N_("Entries from while the record was locked were damaged"),
    [BED_AUDIT_SPOOL_DAMAGE_SEEN] = N_("Notice of damaged entries read"),
    [BED_AUDIT_PATIENT_CREATED] = N_("Patient added"),
    [BED_AUDIT_PATIENT_OPENED] = N_("Patient opened"),
    [BED_AUDIT_PATIENT_CHANGED] = N_("Patient changed"),
    [BED_AUDIT_PATIENT_DELETED] = N_("Patient deleted"),
    [BED_AUDIT_PATIENT_RECOVERED] = N_("Patient taken back"),
    [BED_AUDIT_PATIENT_HELD] = N_("Patient put under legal hold"),
    [BED_AUDIT_PATIENT_RELEASED] = N_("Legal hold ended"),
    [BED_AUDIT_PATIENT_ERASED] = N_("Patient erased for good"),
    [BED_AUDIT_ENCOUNTER_STARTED] = N_("Consultation began"),
    [BED_AUDIT_ENCOUNTER_ENDED] = N_("Consultation ended"),
    [BED_AUDIT_ENCOUNTER_ASSIGNED] = N_("Consultation assigned"),
    [BED_AUDIT_ENCOUNTER_OPENED] = N_("Consultation opened"),
    [BED_AUDIT_ENCOUNTER_ERASED] = N_("Consultation erased for good"),
    [BED_AUDIT_ENCOUNTER_CUT_OFF] = N_("Consultation was cut off; its end is the last entry"),
    [BED_AUDIT_NOTE_CREATED] = N_("Note begun"),
    [BED_AUDIT_NOTE_OPENED] = N_("Note opened"),
    [BED_AUDIT_NOTE_CHANGED] = N_("Note changed"),
    [BED_AUDIT_NOTE_SIGNED] = N_("Note signed"),
    [BED_AUDIT_NOTE_AMENDED] = N_("Addendum signed"),
    [BED_AUDIT_NOTE_DELETED] = N_("Draft deleted"),
    [BED_AUDIT_NOTE_RECOVERED] = N_("Draft taken back"),
    [BED_AUDIT_NOTE_ERASED] = N_("Draft erased for good"),
    [BED_AUDIT_CHAT_KEPT] = N_("Chat kept"),
    [BED_AUDIT_CHAT_ERASED] = N_("Chat erased for good"),
    [BED_AUDIT_ATTACHMENT_KEPT] = N_("Attachment kept"),
    [BED_AUDIT_ATTACHMENT_OPENED] = N_("Attachment opened"),
    [BED_AUDIT_ATTACHMENT_DELETED] = N_("Attachment deleted"),
    [BED_AUDIT_ATTACHMENT_RECOVERED] = N_("Attachment taken back"),
    [BED_AUDIT_ATTACHMENT_ERASED] = N_("Attachment erased for good"),
    [BED_AUDIT_SEARCHED] = N_("Searched"),
    [BED_AUDIT_EXPORTED] = N_("Handed over"),
    [BED_AUDIT_BACKED_UP] = N_("Backed up"),
    [BED_AUDIT_BACKUP_FAILED] = N_("Backup failed"),
    [BED_AUDIT_BACKUP_REMOVED] = N_("Old backup removed"),
    [BED_AUDIT_BACKUP_PLANNED] = N_("Backups planned"),
    [BED_AUDIT_RESTORED] = N_("Restored from a backup"),
    [BED_AUDIT_RESTORE_BEGUN] = N_("Putting back this record was begun"),
    [BED_AUDIT_CONSENT_GRANTED] = N_("Device allowed"),
    [BED_AUDIT_CONSENT_WITHDRAWN] = N_("Device taken back"),
    [BED_AUDIT_PATIENT_CONSENT] = N_("Patient agreed"),
    [BED_AUDIT_PATIENT_CONSENT_UNKNOWN] = N_("Patient agreed to an unknown text"),
    [BED_AUDIT_SIGNED_IN] = N_("Signed in to the clinic"),
    [BED_AUDIT_SIGNED_OUT] = N_("Signed out of the clinic"),
    [BED_AUDIT_RETENTION_CHANGED] = N_("Retention changed"),
    [BED_AUDIT_ERASURE_RECORDED] = N_("Erasure recorded"),
    [BED_AUDIT_ERASURE_COMPLETED] = N_("File rewritten after an erasure"),
    [BED_AUDIT_TRAIL_OPENED] = N_("Audit trail opened"),
    [BED_AUDIT_TRAIL_VERIFIED] = N_("Audit trail verified"),
    [BED_AUDIT_TRAIL_BROKEN] = N_("Audit trail found broken"),
    [BED_AUDIT_TRAIL_EXPORTED] = N_("Audit trail exported"),
    [BED_AUDIT_TEMPLATE_SAVED] = N_("Template saved"),
    [BED_AUDIT_TEMPLATE_MOVED] = N_("Templates put in another order"),
    [BED_AUDIT_TEMPLATE_DELETED] = N_("Template deleted"),
    [BED_AUDIT_TEMPLATE_RECOVERED] = N_("Template taken back"),
    [BED_AUDIT_TEMPLATE_ERASED] = N_("Template erased for good"),
    [BED_AUDIT_SNIPPET_SAVED] = N_("Snippet saved"),
    [BED_AUDIT_SNIPPET_DELETED] = N_("Snippet deleted"),
    [BED_AUDIT_SNIPPET_RECOVERED] = N_("Snippet taken back"),
    [BED_AUDIT_SNIPPET_ERASED] = N_("Snippet erased for good"),
    [BED_AUDIT_WORD_ADDED] = N_("Word added to the dictionary"),
  };
  const char *word = event < G_N_ELEMENTS (words) ? words[event] : NULL;

  return word != NULL ? _(word) : _("Unknown act");
}

char *
bed_record_text_attachment (BedAttachment *attachment, gint64 now_us)
{
  g_autofree char *size = g_format_size (bed_attachment_get_size (attachment));
  g_autofree char *when = bed_time_text_when (bed_attachment_get_real_us (attachment), now_us);
  g_autoptr (GString) out = g_string_new (NULL);

  g_string_append_printf (out, "%s · %s", size, when);
  if (bed_attachment_get_from_patient (attachment))
    g_string_append_printf (out, " · %s", _("from the patient"));
  if (bed_attachment_get_signed (attachment))
    g_string_append_printf (out, " · %s", _("signed, stays"));
  return g_string_free (g_steal_pointer (&out), FALSE);
}

const char *
bed_record_text_actor (const char *actor)
{
  return g_str_equal (actor, BED_EMERGENCY_ACCOUNT) ? _("With the emergency key") : actor;
}
