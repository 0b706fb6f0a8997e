/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault-private.h"

#include <errno.h>
#include <glib/gstdio.h>


typedef struct
{
  char *source;    /* owned: the profile's directory */
  char *target;    /* owned: the folder to make */
  BedSecret *key;  /* owned: the database's */
  BedVaultCopyCheck check; /* nullable */
  gpointer check_data;
  GCancellable *cancellable; /* owned, nullable */

  BedVaultProgress progress; /* nullable */
  gpointer progress_data;
  GMainContext *context; /* owned: where progress is told */
  int told;              /* percent */
} Copy;

static void
copy_free (Copy *self)
{
  g_free (self->source);
  g_free (self->target);
  bed_secret_unref (self->key);
  g_clear_object (&self->cancellable);
  g_main_context_unref (self->context);
  g_free (self);
}

/* --- Progress, from the worker ---------------------------------------------------------------- */

typedef struct
{
  BedVaultProgress progress;
  gpointer data;
  double fraction;
  GTask *task; /* owned: told only while the call is under way */
} Tell;

static gboolean
on_tell (gpointer user_data)
{
  Tell *tell = user_data;

  if (!g_task_get_completed (tell->task))
    tell->progress (tell->fraction, tell->data);
  return G_SOURCE_REMOVE;
}

static void
tell_free (gpointer user_data)
{
  Tell *tell = user_data;

  g_object_unref (tell->task);
  g_free (tell);
}

static gboolean
on_pages (double fraction, gpointer user_data)
{
  GTask *task = user_data;
  Copy *self = g_task_get_task_data (task);
  int percent = (int) (fraction * 100);

  if (self->progress != NULL && percent != self->told)
    {
      Tell *tell = g_new0 (Tell, 1);

      *tell = (Tell) { self->progress, self->progress_data, fraction, g_object_ref (task) };
      self->told = percent;
      g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, on_tell, tell, tell_free);
    }
  return !g_cancellable_is_cancelled (self->cancellable);
}

/* --- The copy --------------------------------------------------------------------------------- */

static gboolean
copy_keys (Copy *self, GError **error)
{
  g_autofree char *from = g_build_filename (self->source, BED_VAULT_KEYS_FILE, NULL);
  g_autofree char *to = g_build_filename (self->target, BED_VAULT_KEYS_FILE, NULL);
  g_autoptr (GBytes) bytes = bed_vault_read_file (from, BED_KEYSLOTS_MAX_FILE, error);
  g_autoptr (GBytes) back = NULL;
  BedKeyslots slots;

  if (bytes == NULL
      || !bed_vault_replace_file (to, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                  error)
      || !bed_vault_load_keyslots (to, &slots, error))
    return FALSE;
  back = bed_vault_read_file (to, BED_KEYSLOTS_MAX_FILE, error);
  if (back == NULL)
    return FALSE;
  if (g_bytes_equal (bytes, back))
    return TRUE;
  g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_DAMAGED,
                       "The copy differs from what was written");
  return FALSE;
}

/* Reads every page of the copy with the key, and the counter, which must not be behind. */
static gboolean
verify_db (Copy *self, const char *path, gint64 at_least, GError **error)
{
  g_autoptr (BedDb) db = bed_db_open_copy (path, self->key, error);
  gint64 commits;

  if (db == NULL || !bed_db_check_integrity (db, error))
    return FALSE;
  commits = bed_vault_read_commits (db, error);
  if (commits >= at_least)
    return self->check == NULL || self->check (db, self->check_data, error);
  if (commits >= 0)
    g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_DAMAGED, "The copy lacks commits");
  return FALSE;
}

static gboolean
copy_db (GTask *task, Copy *self, GError **error)
{
  g_autofree char *from = g_build_filename (self->source, BED_VAULT_DB_FILE, NULL);
  g_autofree char *to = g_build_filename (self->target, BED_VAULT_DB_FILE, NULL);
  g_autoptr (BedDb) db = bed_db_open (from, self->key, BED_DB_NONE, error);
  gint64 commits;

  if (db == NULL)
    return FALSE;
  commits = bed_vault_read_commits (db, error);
  return commits >= 0 && bed_db_copy_with_progress (db, to, self->key, on_pages, task, error)
         && verify_db (self, to, commits, error) && bed_vault_sync_directory (self->target, error);
}

/* Only what this copy made. */
static void
remove_copy (Copy *self)
{
  static const char *const names[] = { BED_VAULT_KEYS_FILE, BED_VAULT_DB_FILE,
                                       BED_VAULT_DB_FILE "-wal", BED_VAULT_DB_FILE "-shm",
                                       BED_VAULT_DB_FILE "-journal" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (self->target, names[i], NULL);
      g_unlink (path);
    }
  g_rmdir (self->target);
}

static void
copy_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Copy *self = task_data;
  GError *inner = NULL;
  GError *error = NULL;

  if (g_mkdir (self->target, 0700) != 0)
    bed_vault_fail_errno (errno, "The folder cannot be made", &error);
  else if (copy_keys (self, &inner) && copy_db (task, self, &inner)
           && !g_cancellable_set_error_if_cancelled (self->cancellable, &inner))
    {
      g_task_return_pointer (task, g_strdup (self->target), g_free);
      return;
    }
  else
    {
      remove_copy (self);
      if (g_cancellable_set_error_if_cancelled (self->cancellable, &error))
        g_clear_error (&inner);
      else if (inner->domain == BED_DB_ERROR || inner->domain == BED_VAULT_ERROR)
        bed_vault_fail_db (inner, &error);
      else
        error = inner;
    }
  g_task_return_error (task, error);
}

static Copy *
copy_new (BedVault *self, char *target_taken)
{
  Copy *copy = g_new0 (Copy, 1);

  copy->source = g_strdup (bed_vault_get_directory (self));
  copy->target = target_taken;
  copy->key = bed_master_key_derive (bed_vault_get_master (self), BED_SUBKEY_DATABASE);
  copy->context = g_main_context_ref_thread_default ();
  return copy;
}

void
bed_vault_copy_async (BedVault *self,
                      const char *target,
                      BedVaultCopyCheck check,
                      gpointer check_data,
                      BedVaultProgress progress,
                      gpointer progress_data,
                      GCancellable *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;
  Copy *copy;

  g_task_set_source_tag (task, bed_vault_copy_async);
  g_task_set_check_cancellable (task, FALSE);
  if (!bed_vault_require_unlocked (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  copy = copy_new (self, g_strdup (target));
  copy->check = check;
  copy->check_data = check_data;
  copy->progress = progress;
  copy->progress_data = progress_data;
  copy->told = -1;
  if (cancellable != NULL)
    copy->cancellable = g_object_ref (cancellable);
  g_task_set_task_data (task, copy, (GDestroyNotify) copy_free);
  g_task_run_in_thread (task, copy_thread);
}

gboolean
bed_vault_copy_finish (BedVault *self, GAsyncResult *result, GError **error)
{
  g_autofree char *target = g_task_propagate_pointer (G_TASK (result), error);

  return target != NULL;
}

/* --- By name ---------------------------------------------------------------------------------- */

static char *
copy_name (BedVault *self)
{
  g_autoptr (GDateTime)
      now = g_date_time_new_from_unix_utc (bed_vault_get_real_us (self) / G_USEC_PER_SEC);

  return now != NULL ? g_date_time_format (now, "bedside-record-%Y%m%d-%H%M%S")
                     : g_strdup ("bedside-record");
}

void
bed_vault_copy_to_async (BedVault *self,
                         const char *folder,
                         GCancellable *cancellable,
                         GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autofree char *name = copy_name (self);
  g_autofree char *target = g_build_filename (folder, name, NULL);

  bed_vault_copy_async (self, target, NULL, NULL, NULL, NULL, cancellable, callback, user_data);
}

char *
bed_vault_copy_to_finish (BedVault *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Which one it is -------------------------------------------------------------------------- */

char *
bed_vault_dup_directory_id (const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, BED_VAULT_KEYS_FILE, NULL);
  BedKeyslots slots;

  if (!bed_vault_load_keyslots (path, &slots, error))
    return NULL;
  return bed_keyslots_dup_id (&slots);
}

gint64
bed_vault_count_commits (BedVault *self, const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, BED_VAULT_DB_FILE, NULL);
  g_autoptr (BedSecret) key = NULL;
  g_autoptr (BedDb) db = NULL;
  GError *inner = NULL;
  gint64 commits = -1;

  if (!bed_vault_require_unlocked (self, error))
    return -1;
  key = bed_master_key_derive (bed_vault_get_master (self), BED_SUBKEY_DATABASE);
  db = bed_db_open (path, key, BED_DB_NONE, &inner);
  if (db != NULL)
    commits = bed_vault_read_commits (db, &inner);
  if (commits < 0)
    bed_vault_fail_db (inner, error);
  return commits;
}
