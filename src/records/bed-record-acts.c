/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-acts-private.h"

#include "bed-backup-private.h"
#include "bed-emergency-access.h"
#include "bed-export-file.h"
#include "bed-log.h"
#include "bed-record-chat-private.h"
#include "bed-record-trail.h"

#include <string.h>

#define VALUE_SPOOL_DAMAGED "spool-damaged" /* bytes that nobody has been told of */
/* Keystrokes that follow each other within this are one search. */
#define SEARCH_PAUSE_US (10 * G_USEC_PER_SEC)

/* --- What the vault asks of the trail, to anchor it -------------------------------------------- */

static gboolean
trail_get_last (gpointer trail, guint64 *sequence, guint8 hash[BED_VAULT_HEAD_HASH])
{
  BedAuditHead head;

  G_STATIC_ASSERT (BED_VAULT_HEAD_HASH == BED_AUDIT_HASH_LENGTH);
  if (!bed_audit_log_get_head (trail, &head, NULL) || head.sequence == 0)
    return FALSE;
  *sequence = head.sequence;
  memcpy (hash, head.hash, sizeof head.hash);
  return TRUE;
}

static gboolean
take_hash (const BedAuditEntry *entry, gpointer user_data)
{
  BedAuditHead *found = user_data;

  found->sequence = entry->sequence;
  memcpy (found->hash, entry->hash, sizeof found->hash);
  return FALSE;
}

static gboolean
trail_get (gpointer trail, guint64 sequence, guint8 hash[BED_VAULT_HEAD_HASH])
{
  BedAuditHead found = { 0 };

  if (sequence == 0 || !bed_audit_log_each (trail, sequence, take_hash, &found, NULL)
      || found.sequence != sequence)
    return FALSE;
  memcpy (hash, found.hash, sizeof found.hash);
  return TRUE;
}

static const BedVaultTrail trail_for_vault = { trail_get_last, trail_get };

/* --- The spool -------------------------------------------------------------------------------- */

/* Runs inside the vault's transaction. */
static gboolean
merge_event (GBytes *record, gpointer user_data, GError **error)
{
  BedRecordStore *self = user_data;
  g_autofree char *subject = NULL, *text_version = NULL, *text = NULL;
  BedConsentEvent consent;
  BedKeptChat message;
  BedAuditEvent event;
  gint64 real_us, encounter;

  if (bed_audit_event_unpack (record, &real_us, &event, &subject))
    return bed_audit_log_append_at (self->audit, real_us, event, subject, error)
           && (event != BED_AUDIT_BACKED_UP
               || bed_backup_merge_made (self->db, self->clock, subject, error));
  if (bed_consent_event_unpack (record, &consent, &encounter, &text_version))
    return bed_record_merge_consent_event (self, encounter, &consent, error);
  if (bed_kept_chat_unpack (record, &message, &text))
    return bed_record_merge_kept_chat (self, &message, error);
  g_message ("A record in the spool is of no known kind and was left out of the trail");
  return TRUE;
}

/* In the same transaction: the trail has it, and the screen until a person has seen it. */
static gboolean
note_damaged (gsize bytes, gpointer user_data, GError **error)
{
  BedRecordStore *self = user_data;
  g_autofree char *subject = g_strdup_printf ("%" G_GSIZE_FORMAT, bytes);
  gint64 before;

  return bed_record_get_number (self->db, VALUE_SPOOL_DAMAGED, &before, error)
         && bed_record_set_number (self->db, VALUE_SPOOL_DAMAGED, before + (gint64) bytes, error)
         && bed_audit_log_append (self->audit, BED_AUDIT_SPOOL_DAMAGED, subject, error);
}

gboolean
bed_record_acts_merge (BedRecordStore *self, GError **error)
{
  GError *inner = NULL;

  return bed_vault_spool_merge (self->vault, merge_event, note_damaged, self, NULL, NULL, &inner)
         || bed_record_fail (inner, error);
}

gint64
bed_record_store_get_spool_damage (BedRecordStore *self)
{
  g_autoptr (GError) error = NULL;
  gint64 bytes = 0;

  if (self->db != NULL && !bed_record_get_number (self->db, VALUE_SPOOL_DAMAGED, &bytes, &error))
    bed_record_unread (self, "What is known of the spool", error);
  return bytes;
}

gboolean
bed_record_store_accept_spool_damage (BedRecordStore *self, GError **error)
{
  g_autofree char *subject = NULL;
  GError *inner = NULL;
  gint64 bytes = 0;
  gboolean ok;

  if (!bed_record_begin (self, error))
    return FALSE;
  ok = bed_record_get_number (self->db, VALUE_SPOOL_DAMAGED, &bytes, &inner);
  subject = g_strdup_printf ("%" G_GINT64_FORMAT, bytes);
  ok = ok && bed_record_set_number (self->db, VALUE_SPOOL_DAMAGED, 0, &inner)
       && bed_audit_log_append (self->audit, BED_AUDIT_SPOOL_DAMAGE_SEEN, subject, &inner);
  return bed_record_end (self, ok, inner, error);
}

/* --- Begin and end ---------------------------------------------------------------------------- */

static gboolean
append_beginning (BedRecordStore *self, GError **error)
{
  BedAuditHead head;

  if (!bed_audit_log_get_head (self->audit, &head, error))
    return FALSE;
  if (head.sequence == 0 && !bed_audit_log_append (self->audit, BED_AUDIT_VAULT_CREATED, NULL, error))
    return FALSE;
  return bed_audit_log_append (self->audit, BED_AUDIT_UNLOCKED, NULL, error)
         && (!bed_emergency_access_is_open (self) || bed_record_note_emergency (self, error));
}

static gboolean
note_unlocked (BedRecordStore *self, GError **error)
{
  GError *inner = NULL;
  gboolean ok;

  if (!bed_record_begin (self, error))
    return FALSE;
  ok = append_beginning (self, &inner);
  return bed_record_end (self, ok, inner, error);
}

static void
on_freshness (BedVault *vault, GParamSpec *pspec, BedRecordStore *self)
{
  g_autoptr (GError) error = NULL;

  if (self->db == NULL || self->rollback_noted
      || bed_vault_get_freshness (vault) != BED_VAULT_FRESH_ROLLED_BACK)
    return;
  self->rollback_noted = TRUE;
  if (!bed_record_note_rollback (self, &error))
    g_warning ("A suspected roll-back could not be noted: " BED_ERROR_FORMAT,
               BED_ERROR_CODE (error));
}

/* What happened while the record was closed comes first. */
gboolean
bed_record_acts_begin (BedRecordStore *self, GError **error)
{
  GError *inner = NULL;

  if (bed_emergency_access_is_open (self)) /* the account's owner is not who sits here */
    {
      g_free (self->author);
      self->author = g_strdup (BED_EMERGENCY_ACCOUNT);
    }
  self->audit = bed_audit_log_new (self->clock, &bed_record_audit_sink, self->db);
  if (!bed_audit_log_set_actor (self->audit, self->author, &inner))
    {
      g_set_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID, "%s", inner->message);
      g_error_free (inner);
      return FALSE;
    }
  bed_record_find_end (self);
  if (!bed_record_acts_merge (self, error) || !note_unlocked (self, error))
    return FALSE;
  bed_vault_set_trail (self->vault, &trail_for_vault, self->audit);
  self->freshness_handler = g_signal_connect (self->vault, "notify::freshness",
                                              G_CALLBACK (on_freshness), self);
  on_freshness (self->vault, NULL, self);
  return TRUE;
}

void
bed_record_acts_end (BedRecordStore *self)
{
  g_autoptr (GError) error = NULL;

  if (self->freshness_handler == 0) /* it never began */
    return;
  g_clear_signal_handler (&self->freshness_handler, self->vault);
  if (!bed_record_acts_merge (self, &error)
      || !bed_record_audit_append (self, BED_AUDIT_LOCKED, NULL, &error))
    g_warning ("The locking could not be noted: " BED_ERROR_FORMAT, BED_ERROR_CODE (error));
  bed_vault_set_trail (self->vault, NULL, NULL);
  bed_audit_log_close (self->audit);
}

/* --- What leaves the record ------------------------------------------------------------------- */

gboolean
bed_record_hand_over (BedRecordStore *self, BedAuditEvent event, const char *subject,
                      const char *path, const void *data, gsize length, GError **error)
{
  g_autoptr (BedExportFile) file = bed_export_file_open (path, error);

  return file != NULL && bed_export_file_write (file, data, length, error)
         && bed_export_file_sync (file, error)
         && bed_record_audit_append (self, event, subject, error)
         && bed_export_file_commit (file, error);
}

/* --- What the screen tells -------------------------------------------------------------------- */

gboolean
bed_record_store_note_copy (BedRecordStore *self, BedEncounter *encounter, GError **error)
{
  const char *subject = encounter != NULL ? bed_encounter_get_uuid (encounter) : NULL;
  g_autoptr (GBytes) record = NULL;
  GError *inner = NULL;

  if (self->db != NULL)
    return bed_record_audit_append (self, BED_AUDIT_EXPORTED, subject, error);
  record = bed_audit_event_pack (bed_clock_get_real_us (self->clock), BED_AUDIT_EXPORTED, subject);
  return bed_vault_spool_append (self->vault, record, &inner) || bed_record_fail (inner, error);
}

void
bed_record_searched (BedRecordStore *self)
{
  gint64 now = bed_clock_get_real_us (self->clock);
  gboolean goes_on = self->searched_us != 0 && now - self->searched_us >= 0
                     && now - self->searched_us < SEARCH_PAUSE_US;
  g_autoptr (GError) error = NULL;

  self->searched_us = now;
  if (!goes_on && !bed_record_audit_append (self, BED_AUDIT_SEARCHED, NULL, &error))
    g_warning ("A search could not be noted: " BED_ERROR_FORMAT, BED_ERROR_CODE (error));
}

gboolean
bed_record_store_opened (BedRecordStore *self, GObject *opened, GError **error)
{
  if (BED_IS_PATIENT (opened))
    return bed_record_audit_append (self, BED_AUDIT_PATIENT_OPENED,
                                    bed_patient_get_uuid (BED_PATIENT (opened)), error);
  if (BED_IS_ENCOUNTER (opened))
    return bed_record_audit_append (self, BED_AUDIT_ENCOUNTER_OPENED,
                                    bed_encounter_get_uuid (BED_ENCOUNTER (opened)), error);
  g_return_val_if_fail (BED_IS_NOTE (opened), FALSE);
  return bed_record_audit_append (self, BED_AUDIT_NOTE_OPENED,
                                  bed_note_get_uuid (BED_NOTE (opened)), error);
}
