/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-audit-private.h"

#include <string.h>

#include "bed-byte-reader.h"
#include "bed-byte-writer.h"

#define PACK_MAX (1 + 8 + 4 + 2 + BED_AUDIT_ID_MAX)
#define PACK_VERSION 1

G_DEFINE_FINAL_TYPE (BedAuditLog, bed_audit_log, G_TYPE_OBJECT)
G_DEFINE_QUARK (bed-audit-error-quark, bed_audit_error)

static const struct
{
  BedAuditEvent event;
  const char *name;
} names[] = {
  { BED_AUDIT_VAULT_CREATED, "vault-created" },
  { BED_AUDIT_UNLOCKED, "unlocked" },
  { BED_AUDIT_UNLOCK_FAILED, "unlock-failed" },
  { BED_AUDIT_LOCKED, "locked" },
  { BED_AUDIT_PASSPHRASE_CHANGED, "passphrase-changed" },
  { BED_AUDIT_RECOVERY_RENEWED, "recovery-renewed" },
  { BED_AUDIT_SLOT_REMOVED, "slot-removed" },
  { BED_AUDIT_ROLLBACK_SUSPECTED, "rollback-suspected" },
  { BED_AUDIT_SLOT_ADDED, "slot-added" },
  { BED_AUDIT_REKEYED, "rekeyed" },
  { BED_AUDIT_EMERGENCY_KEY_MADE, "emergency-key-made" },
  { BED_AUDIT_EMERGENCY_KEY_REMOVED, "emergency-key-removed" },
  { BED_AUDIT_EMERGENCY_ACCESS, "emergency-access" },
  { BED_AUDIT_EMERGENCY_DECLARED, "emergency-declared" },
  { BED_AUDIT_EMERGENCY_REVIEWED, "emergency-reviewed" },
  { BED_AUDIT_ROLLBACK_ACCEPTED, "rollback-accepted" },
  { BED_AUDIT_SPOOL_DAMAGED, "spool-damaged" },
  { BED_AUDIT_SPOOL_DAMAGE_SEEN, "spool-damage-seen" },
  { BED_AUDIT_PATIENT_CREATED, "patient-created" },
  { BED_AUDIT_PATIENT_OPENED, "patient-opened" },
  { BED_AUDIT_PATIENT_CHANGED, "patient-changed" },
  { BED_AUDIT_PATIENT_DELETED, "patient-deleted" },
  { BED_AUDIT_PATIENT_RECOVERED, "patient-recovered" },
  { BED_AUDIT_PATIENT_HELD, "patient-held" },
  { BED_AUDIT_PATIENT_RELEASED, "patient-released" },
  { BED_AUDIT_PATIENT_ERASED, "patient-erased" },
  { BED_AUDIT_ENCOUNTER_STARTED, "encounter-started" },
  { BED_AUDIT_ENCOUNTER_ENDED, "encounter-ended" },
  { BED_AUDIT_ENCOUNTER_ASSIGNED, "encounter-assigned" },
  { BED_AUDIT_ENCOUNTER_OPENED, "encounter-opened" },
  { BED_AUDIT_ENCOUNTER_ERASED, "encounter-erased" },
  { BED_AUDIT_ENCOUNTER_CUT_OFF, "encounter-cut-off" },
  { BED_AUDIT_NOTE_CREATED, "note-created" },
  { BED_AUDIT_NOTE_OPENED, "note-opened" },
  { BED_AUDIT_NOTE_CHANGED, "note-changed" },
  { BED_AUDIT_NOTE_SIGNED, "note-signed" },
  { BED_AUDIT_NOTE_AMENDED, "note-amended" },
  { BED_AUDIT_NOTE_DELETED, "note-deleted" },
  { BED_AUDIT_NOTE_RECOVERED, "note-recovered" },
  { BED_AUDIT_NOTE_ERASED, "note-erased" },
  { BED_AUDIT_CHAT_KEPT, "chat-kept" },
  { BED_AUDIT_CHAT_ERASED, "chat-erased" },
  { BED_AUDIT_ATTACHMENT_KEPT, "attachment-kept" },
  { BED_AUDIT_ATTACHMENT_OPENED, "attachment-opened" },
  { BED_AUDIT_ATTACHMENT_DELETED, "attachment-deleted" },
  { BED_AUDIT_ATTACHMENT_RECOVERED, "attachment-recovered" },
  { BED_AUDIT_ATTACHMENT_ERASED, "attachment-erased" },
  { BED_AUDIT_SEARCHED, "searched" },
  { BED_AUDIT_EXPORTED, "exported" },
  { BED_AUDIT_BACKED_UP, "backed-up" },
  { BED_AUDIT_BACKUP_FAILED, "backup-failed" },
  { BED_AUDIT_BACKUP_REMOVED, "backup-removed" },
  { BED_AUDIT_BACKUP_PLANNED, "backup-planned" },
  { BED_AUDIT_RESTORED, "restored" },
  { BED_AUDIT_RESTORE_BEGUN, "restore-begun" },
  { BED_AUDIT_CONSENT_GRANTED, "consent-granted" },
  { BED_AUDIT_CONSENT_WITHDRAWN, "consent-withdrawn" },
  { BED_AUDIT_PATIENT_CONSENT, "patient-consent" },
  { BED_AUDIT_PATIENT_CONSENT_UNKNOWN, "patient-consent-unknown" },
  { BED_AUDIT_SIGNED_IN, "signed-in" },
  { BED_AUDIT_SIGNED_OUT, "signed-out" },
  { BED_AUDIT_RETENTION_CHANGED, "retention-changed" },
  { BED_AUDIT_ERASURE_RECORDED, "erasure-recorded" },
  { BED_AUDIT_ERASURE_COMPLETED, "erasure-completed" },
  { BED_AUDIT_TRAIL_OPENED, "trail-opened" },
  { BED_AUDIT_TRAIL_VERIFIED, "trail-verified" },
  { BED_AUDIT_TRAIL_BROKEN, "trail-broken" },
  { BED_AUDIT_TRAIL_EXPORTED, "trail-exported" },
  { BED_AUDIT_TEMPLATE_SAVED, "template-saved" },
  { BED_AUDIT_TEMPLATE_MOVED, "template-moved" },
  { BED_AUDIT_TEMPLATE_DELETED, "template-deleted" },
  { BED_AUDIT_TEMPLATE_RECOVERED, "template-recovered" },
  { BED_AUDIT_TEMPLATE_ERASED, "template-erased" },
  { BED_AUDIT_SNIPPET_SAVED, "snippet-saved" },
  { BED_AUDIT_SNIPPET_DELETED, "snippet-deleted" },
  { BED_AUDIT_SNIPPET_RECOVERED, "snippet-recovered" },
  { BED_AUDIT_SNIPPET_ERASED, "snippet-erased" },
  { BED_AUDIT_WORD_ADDED, "word-added" },
};

const char *
bed_audit_event_get_name (BedAuditEvent event)
{
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i].event == event)
      return names[i].name;
  return NULL;
}

gboolean
bed_audit_is_id (const char *text, gsize length)
{
  if (length > BED_AUDIT_ID_MAX)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && (text[i] == '\0' || strchr ("._:@-", text[i]) == NULL))
      return FALSE;
  return TRUE;
}

static gboolean
check_id (const char *text, GError **error)
{
  if (bed_audit_is_id (text, strlen (text)))
    return TRUE;
  g_set_error_literal (error, BED_AUDIT_ERROR, BED_AUDIT_ERROR_INVALID, "This is not an id");
  return FALSE;
}

gboolean
bed_audit_fail_sink (GError *inner, GError **error)
{
  g_set_error (error, BED_AUDIT_ERROR, BED_AUDIT_ERROR_SINK, "%s",
               inner != NULL ? inner->message : "");
  g_clear_error (&inner);
  return FALSE;
}

gboolean
bed_audit_log_require_open (BedAuditLog *self, GError **error)
{
  if (self->vtable != NULL)
    return TRUE;
  g_set_error_literal (error, BED_AUDIT_ERROR, BED_AUDIT_ERROR_CLOSED, "The record is locked");
  return FALSE;
}

gboolean
bed_audit_log_append_at (BedAuditLog *self,
                         gint64 real_us,
                         BedAuditEvent event,
                         const char *subject,
                         GError **error)
{
  BedAuditEntry entry = { .real_us = real_us,
                          .event = event,
                          .actor = self->actor,
                          .subject = subject != NULL ? subject : "" };
  GError *inner = NULL;

  g_return_val_if_fail (bed_audit_event_get_name (event) != NULL, FALSE);
  if (!bed_audit_log_require_open (self, error) || !check_id (entry.subject, error))
    return FALSE;
  if (!self->vtable->head (self->sink, &entry.sequence, entry.previous, &inner))
    return bed_audit_fail_sink (inner, error);
  entry.sequence++;
  bed_audit_entry_hash (&entry, entry.hash);
  return self->vtable->append (self->sink, &entry, &inner) || bed_audit_fail_sink (inner, error);
}

gboolean
bed_audit_log_append (BedAuditLog *self, BedAuditEvent event, const char *subject, GError **error)
{
  return bed_audit_log_append_at (self, bed_clock_get_real_us (self->clock), event, subject, error);
}

gboolean
bed_audit_log_get_head (BedAuditLog *self, BedAuditHead *head, GError **error)
{
  GError *inner = NULL;

  memset (head, 0, sizeof *head);
  return bed_audit_log_require_open (self, error)
         && (self->vtable->head (self->sink, &head->sequence, head->hash, &inner)
             || bed_audit_fail_sink (inner, error));
}

gboolean
bed_audit_log_each (BedAuditLog *self, guint64 first, BedAuditEach callback, gpointer user_data,
                    GError **error)
{
  GError *inner = NULL;

  return bed_audit_log_require_open (self, error)
         && (self->vtable->each (self->sink, first, callback, user_data, &inner)
             || bed_audit_fail_sink (inner, error));
}

/* --- Waiting in a spool ----------------------------------------------------------------------- */

GBytes *
bed_audit_event_pack (gint64 real_us, BedAuditEvent event, const char *subject)
{
  guint8 bytes[PACK_MAX];
  BedByteWriter writer;

  subject = subject != NULL ? subject : "";
  g_return_val_if_fail (
      bed_audit_event_get_name (event) != NULL && bed_audit_is_id (subject, strlen (subject)), NULL);
  bed_byte_writer_init (&writer, bytes, sizeof bytes);
  bed_byte_writer_u8 (&writer, PACK_VERSION);
  bed_byte_writer_u64 (&writer, (guint64) real_us);
  bed_byte_writer_u32 (&writer, (guint32) event);
  bed_audit_write_id (&writer, subject);
  return g_bytes_new (bytes, bed_byte_writer_get_length (&writer));
}

gboolean
bed_audit_event_unpack (GBytes *record, gint64 *real_us, BedAuditEvent *event, char **subject)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (record, &length);
  BedByteReader reader;
  guint8 version;
  guint16 id_length;
  const char *id;

  bed_byte_reader_init (&reader, data, length);
  version = bed_byte_reader_u8 (&reader);
  *real_us = (gint64) bed_byte_reader_u64 (&reader);
  *event = (BedAuditEvent) bed_byte_reader_u32 (&reader);
  id_length = bed_byte_reader_u16 (&reader);
  id = (const char *) bed_byte_reader_bytes (&reader, id_length);
  if (bed_byte_reader_failed (&reader) || bed_byte_reader_get_remaining (&reader) != 0
      || version != PACK_VERSION || bed_audit_event_get_name (*event) == NULL
      || (id_length > 0 && !bed_audit_is_id (id, id_length)))
    return FALSE;
  *subject = g_strndup (id_length > 0 ? id : "", id_length);
  return TRUE;
}

/* --- The object ------------------------------------------------------------------------------- */

void
bed_audit_log_close (BedAuditLog *self)
{
  self->vtable = NULL;
  self->sink = NULL;
}

gboolean
bed_audit_log_set_actor (BedAuditLog *self, const char *actor, GError **error)
{
  if (!check_id (actor, error))
    return FALSE;
  g_free (self->actor);
  self->actor = g_strdup (actor);
  return TRUE;
}

static void
bed_audit_log_finalize (GObject *object)
{
  BedAuditLog *self = BED_AUDIT_LOG (object);

  g_clear_object (&self->clock);
  g_free (self->actor);
  G_OBJECT_CLASS (bed_audit_log_parent_class)->finalize (object);
}

static void
bed_audit_log_class_init (BedAuditLogClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_audit_log_finalize;
}

static void
bed_audit_log_init (BedAuditLog *self)
{
  self->actor = g_strdup ("");
}

BedAuditLog *
bed_audit_log_new (BedClock *clock, const BedAuditSink *sink_vtable, gpointer sink)
{
  BedAuditLog *self;

  g_return_val_if_fail (BED_IS_CLOCK (clock) && sink_vtable != NULL, NULL);
  self = g_object_new (BED_TYPE_AUDIT_LOG, NULL);
  self->clock = g_object_ref (clock);
  self->vtable = sink_vtable;
  self->sink = sink;
  return self;
}
