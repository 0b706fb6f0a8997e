/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "bed-record-trail.h"

#include <errno.h>

#include "bed-export-file.h"
#include "bed-record-acts-private.h"

/* --- Verify ----------------------------------------------------------------------------------- */

typedef struct
{
  BedTrailReport report;
  BedAuditHead anchor; /* sequence 0: nobody outside has told one */
} Verify;

static Verify *
verify_new (BedRecordStore *self)
{
  Verify *verify = g_new0 (Verify, 1);

  if (!bed_vault_get_anchored_trail (self->vault, &verify->anchor.sequence, verify->anchor.hash))
    verify->anchor.sequence = 0;
  verify->report.anchored
      = verify->anchor.sequence > 0
        || bed_vault_get_freshness (self->vault) == BED_VAULT_FRESH_OK_BY_ANCHOR;
  return verify;
}

/* An entry of the trail about the trail's own state. */
static gboolean
note_verdict (BedRecordStore *self, const BedTrailReport *report, GError **error)
{
  g_autofree char *position = g_strdup_printf ("%" G_GUINT64_FORMAT, report->position);

  if (report->verdict == BED_AUDIT_INTACT)
    return bed_record_audit_append (self, BED_AUDIT_TRAIL_VERIFIED, NULL, error);
  return bed_record_audit_append (self, BED_AUDIT_TRAIL_BROKEN, position, error);
}

/* The chain follows; what it is compared with besides. */
static gboolean
compare (BedRecordStore *self, BedTrailReport *report, GError **error)
{
  BedVaultFreshness freshness = bed_vault_get_freshness (self->vault);
  GError *inner = NULL;
  guint64 position;

  if (report->verdict != BED_AUDIT_INTACT)
    return TRUE;
  if (freshness == BED_VAULT_FRESH_ROLLED_BACK)
    {
      report->verdict = BED_AUDIT_TRUNCATED;
      report->position = report->length + 1;
      return TRUE;
    }
  if (!bed_record_statements_check (self->db, &position, &inner))
    return bed_record_fail (inner, error);
  report->position = position;
  if (position != 0)
    report->verdict = BED_AUDIT_ALTERED;
  return TRUE;
}

static void
on_verified (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BedRecordStore *self = g_task_get_source_object (task);
  BedTrailReport *report = &((Verify *) g_task_get_task_data (task))->report;
  BedAuditHead head;
  GError *error = NULL;

  if (bed_audit_log_verify_finish (BED_AUDIT_LOG (source), result, &report->verdict,
                                   &report->position, &error)
      && bed_audit_log_get_head (BED_AUDIT_LOG (source), &head, &error))
    {
      report->length = report->position > 0 ? report->position - 1 : head.sequence;
      if (compare (self, report, &error) && note_verdict (self, report, &error))
        {
          g_task_return_boolean (task, TRUE);
          return;
        }
    }
  g_task_return_error (task, error);
}

void
bed_record_store_verify_trail_async (BedRecordStore *self,
                                     BedAuditProgress progress,
                                     gpointer progress_data,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Verify *verify = verify_new (self);
  GError *error = NULL;

  g_task_set_source_tag (task, bed_record_store_verify_trail_async);
  g_task_set_task_data (task, verify, g_free);
  if (!bed_record_require_open (self, &error) || !bed_record_acts_merge (self, &error))
    g_task_return_error (task, error);
  else
    bed_audit_log_verify_async (self->audit, verify->anchor.sequence > 0 ? &verify->anchor : NULL,
                                progress, progress_data, cancellable, on_verified,
                                g_steal_pointer (&task));
}

gboolean
bed_record_store_verify_trail_finish (BedRecordStore *self,
                                      GAsyncResult *result,
                                      BedTrailReport *report,
                                      GError **error)
{
  *report = ((Verify *) g_task_get_task_data (G_TASK (result)))->report;
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* --- Export ----------------------------------------------------------------------------------- */

typedef struct
{
  BedExportFile *file;  /* owned; NULL before and after */
  GHashTable *patients; /* owned: uuid to the patient's uuid or "" */
} Export;

static void
export_free (gpointer data)
{
  Export *self = data;

  bed_export_file_free (self->file);
  g_hash_table_unref (self->patients);
  g_free (self);
}

static gboolean
patient_of (const char *subject, char patient[BED_AUDIT_ID_MAX + 1], gpointer user_data)
{
  GTask *task = user_data;
  BedRecordStore *self = g_task_get_source_object (task);
  Export *export = g_task_get_task_data (task);
  const char *known = g_hash_table_lookup (export->patients, subject);

  if (known == NULL)
    {
      char *found = self->db != NULL ? bed_record_patient_of (self->db, subject, NULL) : NULL;
      known = found != NULL ? found : g_strdup ("");
      g_hash_table_insert (export->patients, g_strdup (subject), (char *) known);
    }
  g_strlcpy (patient, known, BED_AUDIT_ID_MAX + 1);
  return *known != '\0';
}

/* Takes an error of the file's, and gives it in this room's words. */
static GError *
in_words (GError *inner)
{
  GError *error = NULL;

  if (inner->domain != G_IO_ERROR || inner->code == G_IO_ERROR_CANCELLED)
    return inner;
  switch (inner->code)
    {
    case G_IO_ERROR_NO_SPACE:
      bed_export_fail (ENOSPC, &error);
      break;
    case G_IO_ERROR_PERMISSION_DENIED:
    case G_IO_ERROR_READ_ONLY:
      bed_export_fail (EACCES, &error);
      break;
    case G_IO_ERROR_NOT_FOUND:
    case G_IO_ERROR_NOT_DIRECTORY:
      bed_export_fail (ENOENT, &error);
      break;
    default:
      bed_export_fail (EIO, &error);
      break;
    }
  g_error_free (inner);
  return error;
}

/* Takes the error; nothing of the file stays. */
static void
give_up (GTask *task, GError *error_taken)
{
  Export *export = g_task_get_task_data (task);

  g_clear_pointer (&export->file, bed_export_file_free);
  g_task_return_error (task, in_words (error_taken));
}

static void
on_synced (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Export *export = g_task_get_task_data (task);
  GError *error = NULL;

  /* What cannot be noted is not done. */
  if (g_task_propagate_boolean (G_TASK (result), &error)
      && bed_record_audit_append (g_task_get_source_object (task), BED_AUDIT_TRAIL_EXPORTED, NULL,
                                  &error)
      && bed_export_file_commit (export->file, &error))
    g_task_return_boolean (task, TRUE);
  else
    give_up (task, error);
}

static void
sync_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (bed_export_file_sync (task_data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
on_exported (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Export *export = g_task_get_task_data (task);
  g_autoptr (GTask) sync = NULL;
  GError *error = NULL;

  if (!bed_audit_log_export_finish (BED_AUDIT_LOG (source), result, &error))
    {
      give_up (task, error);
      return;
    }
  sync = g_task_new (NULL, NULL, on_synced, g_steal_pointer (&task));
  g_task_set_task_data (sync, export->file, NULL);
  g_task_run_in_thread (sync, sync_thread);
}

void
bed_record_store_export_trail_async (BedRecordStore *self,
                                     const char *path,
                                     BedAuditFormat format,
                                     const char *clinic,
                                     BedAuditProgress progress,
                                     gpointer progress_data,
                                     GCancellable *cancellable,
                                     GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  Export *export = g_new0 (Export, 1);
  g_autoptr (GOutputStream) out = NULL;
  GError *error = NULL;
  BedAuditExport options = { .clinic = clinic, .version = PACKAGE_VERSION, .patient_of = patient_of,
                             .now_us = bed_clock_get_real_us (self->clock), .patient_data = task };

  g_task_set_source_tag (task, bed_record_store_export_trail_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, export, export_free);
  export->patients = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  if (bed_record_require_open (self, &error) && bed_record_acts_merge (self, &error))
    export->file = bed_export_file_open (path, &error);
  if (export->file == NULL)
    {
      give_up (task, error);
      return;
    }
  out = bed_export_file_new_stream (export->file);
  bed_audit_log_export_async (self->audit, format, &options, out, progress, progress_data,
                              cancellable, on_exported, g_steal_pointer (&task));
}

gboolean
bed_record_store_export_trail_finish (BedRecordStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
