/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-backup-private.h"
#include "bed-log.h"
#include "bed-record-acts-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SPOOL_FILE "vault.spool"
#define VAULT_PREFIX "vault."
#define TICK_MS 100

typedef struct
{
  char *path;      /* owned: the backup */
  char *directory; /* owned: the profile */
  char *staged;    /* owned: beside it, until it takes its place */
  int held;        /* that folder, so that nobody clears it away; -1: it was not made */
  char *set_aside; /* owned; NULL: there was nothing */
  char *author;    /* owned */
  BedClock *clock; /* owned */
  BedVault *vault; /* owned: the staged one; NULL before */
  BedSecret *secret; /* owned */
  BedRestoreSecret kind;
  BedRestoreFlags flags;
  BedBackupInfo *info; /* owned */
  BedRestoreProgress progress; /* nullable */
  gpointer progress_data;
  guint64 bytes;        /* of the database that is copied */
  gint parts;           /* of BED_BACKUP_PART that were copied; atomic */
  guint ticker;
  gboolean replaces;    /* there is a record in the profile */
  gboolean same_record; /* and it is the one that the backup is of */
} Restore;

static void
restore_free (gpointer data)
{
  Restore *self = data;

  g_free (self->path);
  g_free (self->directory);
  g_free (self->staged);
  g_free (self->set_aside);
  g_free (self->author);
  g_object_unref (self->clock);
  g_clear_object (&self->vault);
  bed_secret_unref (self->secret);
  g_clear_pointer (&self->info, bed_backup_info_free);
  if (self->held >= 0)
    close (self->held);
  g_free (self);
}

static void
tell (Restore *self, double fraction)
{
  if (self->progress != NULL)
    self->progress (fraction, self->progress_data);
}

/* While a worker copies. */
static gboolean
tick (gpointer data)
{
  Restore *self = data;
  double parts = (double) g_atomic_int_get (&self->parts);

  tell (self, 0.5 * MIN (1, parts / ((double) self->bytes / BED_BACKUP_PART + 1)));
  return G_SOURCE_CONTINUE;
}

static guint64
size_of (const char *path)
{
  g_autofree char *db = g_build_filename (path, BED_BACKUP_DB, NULL);
  GStatBuf st;

  return g_stat (db, &st) == 0 ? (guint64) st.st_size : 0;
}

/* What cannot be removed now is at the next start. */
static void
remove_staged (Restore *self)
{
  g_autoptr (GError) error = NULL;

  if (self->held >= 0 && self->staged != NULL && !bed_backup_clear_folder (self->staged, &error))
    g_message ("What was restored in part could not be removed: " BED_ERROR_FORMAT,
               BED_ERROR_CODE (error));
}

/* Takes the error; nothing of the restoring stays. */
static void
give_up (GTask *task_taken, GError *error_taken)
{
  g_autoptr (GTask) task = task_taken;
  Restore *self = g_task_get_task_data (task);

  if (self->vault != NULL)
    bed_vault_lock (self->vault);
  remove_staged (self);
  g_task_return_error (task, error_taken);
}

static gboolean
fail (BedRecordError code, const char *message, GError **error)
{
  g_set_error_literal (error, BED_RECORD_ERROR, (int) code, message);
  return FALSE;
}

/* --- First: files beside the profile, in a worker --------------------------------------------- */

static gboolean
look_at_profile (Restore *self, GError **error)
{
  g_autofree char *keys = g_build_filename (self->directory, BED_BACKUP_KEYS, NULL);
  g_autofree char *id = NULL;

  self->replaces = g_file_test (keys, G_FILE_TEST_EXISTS);
  if (!self->replaces)
    return TRUE;
  if (!(self->flags & BED_RESTORE_REPLACE))
    return fail (BED_RECORD_ERROR_EXISTS, "There is a record already", error);
  id = bed_vault_dup_directory_id (self->directory, NULL);
  self->same_record = g_strcmp0 (id, self->info->vault_id) == 0;
  return TRUE;
}

/* Whatever else lies in the profile goes along; the vault's own files do not, but for the spool of
 * the same record: what waits in it has happened. */
static gboolean
goes_along (Restore *self, const char *name)
{
  if (strcmp (name, SPOOL_FILE) == 0)
    return self->same_record;
  return !g_str_has_prefix (name, VAULT_PREFIX);
}

static gboolean
take_along (Restore *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) inner = NULL;
  g_autoptr (GDir) dir = g_dir_open (self->directory, 0, &inner);
  const char *name;
  GStatBuf st;

  if (dir == NULL)
    return g_error_matches (inner, G_FILE_ERROR, G_FILE_ERROR_NOENT)
           || bed_backup_fail (EIO, error);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *from = g_build_filename (self->directory, name, NULL);
      g_autofree char *to = g_build_filename (self->staged, name, NULL);

      if (!goes_along (self, name))
        continue;
      if (g_lstat (from, &st) != 0)
        return bed_backup_fail (errno, error);
      if (S_ISREG (st.st_mode) && !bed_backup_copy_file (from, to, NULL, cancellable, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
copy_in (Restore *self, const char *name, GCancellable *cancellable, GError **error)
{
  g_autofree char *from = g_build_filename (self->path, name, NULL);
  g_autofree char *to = g_build_filename (self->staged, name, NULL);

  return bed_backup_copy_file (from, to, &self->parts, cancellable, error);
}

static gboolean
stage (Restore *self, GCancellable *cancellable, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (self->directory);

  self->info = bed_backup_info_read (self->path, error);
  if (self->info == NULL || !look_at_profile (self, error))
    return FALSE;
  if (g_mkdir_with_parents (parent, 0700) != 0 || g_mkdir (self->staged, 0700) != 0)
    return bed_backup_fail (errno, error);
  self->held = bed_backup_hold_folder (self->staged, error);
  if (self->held < 0)
    {
      g_rmdir (self->staged);
      return FALSE;
    }
  return copy_in (self, BED_BACKUP_KEYS, cancellable, error)
         && copy_in (self, BED_BACKUP_DB, cancellable, error)
         && take_along (self, cancellable, error) && bed_backup_sync_folder (self->staged, error);
}

static void
stage_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (stage (task_data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* --- Last: the exchange ----------------------------------------------------------------------- */

/* Of a record that cannot be looked into nobody can say that it has no later changes. */
static gboolean
check_age (Restore *self, GError **error)
{
  gint64 commits;

  if (!self->same_record || (self->flags & BED_RESTORE_OLDER))
    return TRUE;
  commits = bed_vault_count_commits (self->vault, self->directory, NULL);
  return (commits >= 0 && (guint64) commits <= self->info->commits)
         || fail (BED_RECORD_ERROR_OLDER, "The record has later changes", error);
}

static gboolean
name_set_aside (Restore *self, GError **error)
{
  if (g_rename (self->staged, self->set_aside) != 0)
    return bed_backup_fail (errno, error);
  g_free (self->staged);
  self->staged = g_strdup (self->set_aside);
  return TRUE;
}

static gboolean
exchange (Restore *self, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (self->directory);
  gboolean there = g_file_test (self->directory, G_FILE_TEST_EXISTS);
  g_autoptr (GError) unsynced = NULL;

  /* First the name, so that the old record gets it in the same step in which it leaves its place:
   * at no moment does it lie where nobody looks for it. */
  if (there && !name_set_aside (self, error))
    return FALSE;
  /* One step: at no moment is there no profile, or half of one. */
  if (renameat2 (AT_FDCWD, self->staged, AT_FDCWD, self->directory,
                 there ? RENAME_EXCHANGE : RENAME_NOREPLACE)
      != 0)
    return bed_backup_fail (errno, error);
  /* From here on the staged folder is the old record: it must not be cleared away. */
  if (!there)
    g_clear_pointer (&self->set_aside, g_free);
  g_clear_pointer (&self->staged, g_free);
  if (!bed_backup_sync_folder (parent, &unsynced))
    g_message ("The restored record is in place, and that is not synced: " BED_ERROR_FORMAT,
               BED_ERROR_CODE (unsynced));
  return TRUE;
}

static gboolean
take_place (Restore *self, GError **error)
{
  int fd = -1;
  gboolean ok;

  if (self->replaces && (fd = bed_backup_hold_profile (self->directory, error)) < 0)
    return FALSE;
  ok = check_age (self, error);
  bed_vault_lock (self->vault);
  ok = ok && exchange (self, error);
  if (fd >= 0)
    close (fd);
  return ok;
}

/* --- Between: open it, look at it, note it ---------------------------------------------------- */

static gboolean
note_restored (Restore *self, GError **error)
{
  g_autofree char *name = g_path_get_basename (self->path);
  g_autoptr (BedRecordStore)
      store = bed_record_store_open (self->vault, self->clock, self->author, error);

  if (store == NULL)
    return FALSE;
  /* A folder that somebody renamed is named by its time. */
  if (!g_str_has_prefix (name, BED_BACKUP_PREFIX)
      || strspn (name, "abcdefghijklmnopqrstuvwxyz-0123456789") != strlen (name)
      || strlen (name) > BED_AUDIT_ID_MAX)
    {
      g_free (name);
      name = g_strdup_printf ("%" G_GINT64_FORMAT, self->info->made_us);
    }
  return bed_record_audit_append (store, BED_AUDIT_RESTORED, name, error);
}

static gboolean
same_counts (const BedBackupInfo *a, const BedBackupInfo *b)
{
  return a->commits == b->commits && a->trail == b->trail && a->patients == b->patients
         && a->encounters == b->encounters && a->notes == b->notes;
}

static void
check_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Restore *self = task_data;
  GError *inner = NULL;
  GError *error = NULL;
  g_autoptr (BedDb) db = bed_vault_open_db (self->vault, &inner);
  BedBackupInfo found = { 0 };

  if (db != NULL && bed_db_check_integrity (db, &inner)
      && bed_backup_count (db, self->clock, &found, &inner))
    {
      if (same_counts (&found, self->info))
        {
          g_task_return_boolean (task, TRUE);
          return;
        }
      fail (BED_RECORD_ERROR_DAMAGED, "The backup does not hold what it says", &inner);
    }
  bed_record_fail (inner, &error);
  g_task_return_error (task, error);
}

static void
on_checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Restore *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error)
      || g_cancellable_set_error_if_cancelled (g_task_get_cancellable (task), &error)
      || !note_restored (self, &error) || !take_place (self, &error))
    {
      give_up (task, error);
      return;
    }
  tell (self, 1);
  g_task_return_boolean (task, TRUE);
  g_object_unref (task);
}

static void
on_unlocked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Restore *self = g_task_get_task_data (task);
  g_autoptr (GTask) check = NULL;
  GError *error = NULL;

  if (!bed_vault_unlock_finish (BED_VAULT (source), result, &error))
    {
      give_up (task, error);
      return;
    }
  tell (self, 0.6);
  check = g_task_new (NULL, g_task_get_cancellable (task), on_checked, task);
  g_task_set_check_cancellable (check, FALSE);
  g_task_set_task_data (check, self, NULL);
  g_task_run_in_thread (check, check_thread);
}

static void
on_staged (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Restore *self = g_task_get_task_data (task);
  GError *error = NULL;

  g_clear_handle_id (&self->ticker, g_source_remove);
  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      give_up (task, error);
      return;
    }
  tell (self, 0.5);
  self->vault = bed_vault_new (self->staged, self->clock, NULL);
  if (self->kind == BED_RESTORE_RECOVERY)
    bed_vault_unlock_with_recovery_async (self->vault, self->secret, g_task_get_cancellable (task),
                                          on_unlocked, task);
  else
    bed_vault_unlock_async (self->vault, self->secret, g_task_get_cancellable (task), on_unlocked,
                            task);
}

void
bed_record_restore_async (const char *path,
                          const char *directory,
                          BedClock *clock,
                          const char *author,
                          BedRestoreSecret kind,
                          BedSecret *secret,
                          BedRestoreFlags flags,
                          BedRestoreProgress progress,
                          gpointer progress_data,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Restore *self = g_new0 (Restore, 1);
  g_autoptr (GTask) first = NULL;

  g_task_set_source_tag (task, bed_record_restore_async);
  g_task_set_check_cancellable (task, FALSE);
  g_task_set_task_data (task, self, restore_free);
  self->path = g_canonicalize_filename (path, NULL);
  self->directory = g_canonicalize_filename (directory, NULL);
  self->author = g_strdup (author);
  self->clock = g_object_ref (clock);
  self->secret = bed_secret_ref (secret);
  self->held = -1;
  self->kind = kind;
  self->flags = flags;
  self->progress = progress;
  self->progress_data = progress_data;
  self->staged = bed_backup_name_beside (self->directory, BED_BACKUP_RESTORING, clock);
  self->set_aside = bed_backup_name_beside (self->directory, "set-aside", clock);
  self->bytes = size_of (self->path);
  self->ticker = g_timeout_add (TICK_MS, tick, self);
  first = g_task_new (NULL, cancellable, on_staged, task);
  g_task_set_check_cancellable (first, FALSE);
  g_task_set_task_data (first, self, NULL);
  g_task_run_in_thread (first, stage_thread);
}

gboolean
bed_record_restore_finish (GAsyncResult *result, char **set_aside, GError **error)
{
  Restore *self = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), error))
    return FALSE;
  if (set_aside != NULL)
    *set_aside = g_steal_pointer (&self->set_aside);
  return TRUE;
}
