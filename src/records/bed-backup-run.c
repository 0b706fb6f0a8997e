/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-backup-private.h"
#include "bed-record-acts-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

void
bed_backup_run_free (gpointer data)
{
  BedBackupRun *run = data;

  g_free (run->folder);
  g_free (run->name);
  g_free (run->partial);
  g_object_unref (run->clock);
  g_free (run);
}

static gboolean
count (BedDb *db, const char *sql, guint64 *out, GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_query (db, error, sql, "");

  if (row == NULL || bed_db_statement_step (row, error) != BED_DB_STEP_ROW)
    return FALSE;
  *out = (guint64) bed_db_statement_get_int64 (row, 0);
  return TRUE;
}

static gboolean
check_trail (BedDb *db, BedClock *clock, guint64 *length, GError **error)
{
  g_autoptr (BedAuditLog) trail = bed_audit_log_new (clock, &bed_record_audit_sink, db);
  BedAuditVerdict verdict;
  BedAuditHead head;
  guint64 position;

  if (!bed_audit_log_verify (trail, NULL, &verdict, &position, error)
      || !bed_audit_log_get_head (trail, &head, error))
    return FALSE;
  *length = head.sequence;
  if (verdict == BED_AUDIT_INTACT)
    return TRUE;
  g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_DAMAGED,
                       "The trail is not whole");
  return FALSE;
}

gboolean
bed_backup_count (BedDb *db, BedClock *clock, BedBackupInfo *info, GError **error)
{
  return check_trail (db, clock, &info->trail, error)
         && count (db, "SELECT value FROM vault_meta WHERE name = 'commits'", &info->commits, error)
         && count (db, "SELECT count (*) FROM patient", &info->patients, error)
         && count (db, "SELECT count (*) FROM encounter", &info->encounters, error)
         && count (db, "SELECT count (*) FROM note", &info->notes, error);
}

/* In the vault's worker, on the copy. */
gboolean
bed_backup_check_copy (BedDb *copy, gpointer user_data, GError **error)
{
  BedBackupRun *run = user_data;

  return bed_backup_count (copy, run->clock, &run->manifest.info, error);
}

static gboolean
write_manifest (BedBackupRun *run, GCancellable *cancellable, GError **error)
{
  g_autofree char *keys = g_build_filename (run->partial, BED_BACKUP_KEYS, NULL);
  g_autofree char *db = g_build_filename (run->partial, BED_BACKUP_DB, NULL);
  g_autofree char *path = g_build_filename (run->partial, BED_BACKUP_MANIFEST, NULL);
  g_autofree char *text = NULL;
  guint64 keys_bytes, db_bytes;

  if (!bed_backup_hash_file (keys, run->manifest.keys_hash, &keys_bytes, cancellable, error)
      || !bed_backup_hash_file (db, run->manifest.db_hash, &db_bytes, cancellable, error))
    return FALSE;
  run->manifest.info.bytes = keys_bytes + db_bytes;
  text = bed_backup_manifest_write (&run->manifest);
  return bed_backup_write_file (path, text, error)
         && bed_backup_sync_folder (run->partial, error);
}

void
bed_backup_seal_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  BedBackupRun *run = task_data;
  g_autofree char *final = g_build_filename (run->folder, run->name, NULL);
  GError *error = NULL;
  const char *left = run->partial;
  gboolean ok = write_manifest (run, cancellable, &error);

  if (ok && g_rename (run->partial, final) != 0)
    ok = bed_backup_fail (errno, &error);
  if (ok)
    {
      left = final;
      ok = bed_backup_sync_folder (run->folder, &error);
    }
  if (ok)
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  bed_backup_remove_folder (left);
  g_task_return_error (task, error);
}

/* The older ones of this record, beyond those that are kept. First they lose their name: what is
 * half removed does not look whole. */
void
bed_backup_remove_old (BedBackupRun *run, guint keep, GPtrArray *removed)
{
  g_autoptr (GPtrArray) found = bed_backup_list (run->folder, NULL);
  guint kept = 0;

  for (guint i = 0; found != NULL && i < found->len; i++)
    {
      const BedBackupInfo *info = found->pdata[i];
      g_autofree char *name = g_path_get_basename (info->path);
      g_autofree char *partial = bed_backup_partial_path (run->folder, name);

      if (g_strcmp0 (info->vault_id, run->manifest.info.vault_id) != 0 || kept++ < keep
          || g_rename (info->path, partial) != 0)
        continue;
      bed_backup_remove_folder (partial);
      g_ptr_array_add (removed, g_steal_pointer (&name));
    }
}

/* 0: the name is none of a backup. */
static gint64
time_of_name (const char *name)
{
  g_autofree char *text = NULL;
  g_autoptr (GDateTime) time = NULL;
  const char *digits;

  if (!g_str_has_prefix (name, BED_BACKUP_PREFIX)
      || strlen (name) != strlen (BED_BACKUP_PREFIX "YYYYMMDD-HHMMSS"))
    return 0;
  digits = name + strlen (BED_BACKUP_PREFIX);
  text = g_strdup_printf ("%.8sT%sZ", digits, digits + strlen ("YYYYMMDD-"));
  time = g_date_time_new_from_iso8601 (text, NULL);
  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC : 0;
}

gboolean
bed_backup_merge_made (BedDb *db, BedClock *clock, const char *name, GError **error)
{
  gint64 made_us = time_of_name (name), last_us;

  if (!bed_record_get_number (db, BED_BACKUP_VALUE_LAST, &last_us, NULL))
    return TRUE; /* told where it is shown; nobody is kept out of the record for it */
  /* A later one was noted before it; one of the future is of a clock that ran ahead. */
  if (made_us <= last_us && last_us <= bed_clock_get_real_us (clock))
    return TRUE;
  return made_us == 0 || bed_record_set_number (db, BED_BACKUP_VALUE_LAST, made_us, error);
}

BedBackupRun *
bed_backup_run_new (BedRecordStore *store, const char *folder, GError **error)
{
  gint64 now = bed_clock_get_real_us (store->clock);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (now / G_USEC_PER_SEC);
  g_autofree char *id = bed_vault_dup_directory_id (bed_vault_get_directory (store->vault),
                                                    error);
  BedBackupRun *run;

  if (id == NULL)
    return NULL;
  run = g_new0 (BedBackupRun, 1);
  run->folder = g_strdup (folder);
  run->name = g_date_time_format (time, BED_BACKUP_PREFIX "%Y%m%d-%H%M%S");
  run->partial = bed_backup_partial_path (folder, run->name);
  run->clock = g_object_ref (store->clock);
  run->manifest.info.made_us = now;
  g_strlcpy (run->manifest.info.vault_id, id, sizeof run->manifest.info.vault_id);
  return run;
}
