/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault-private.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "bed-recovery-key-private.h"

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS vault_meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL)"
    " WITHOUT ROWID;"
    "INSERT OR IGNORE INTO vault_meta VALUES ('format', 1), ('commits', 0);"
    "CREATE TABLE IF NOT EXISTS vault_blob (name TEXT PRIMARY KEY, value BLOB NOT NULL)"
    " WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS vault_spool_taken (hash BLOB PRIMARY KEY) WITHOUT ROWID;";

static void
remove_database_files (BedVault *self)
{
  static const char *const names[] = { BED_VAULT_DB_FILE, BED_VAULT_DB_FILE "-wal",
                                       BED_VAULT_DB_FILE "-shm", BED_VAULT_WITNESS_FILE };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = bed_vault_path (self, names[i]);
      g_unlink (path);
    }
}

static gboolean
make_database (BedVault *self, GError **error)
{
  g_autofree char *path = bed_vault_path (self, BED_VAULT_DB_FILE);
  g_autoptr (BedSecret) key = bed_master_key_derive (self->master, BED_SUBKEY_DATABASE);
  g_autoptr (GError) db_error = NULL;
  g_autoptr (BedDb) db = NULL;

  /* Without a key file, what is left of one belongs to a creation that was cut short. */
  remove_database_files (self);
  db = bed_db_open (path, key, BED_DB_CREATE, &db_error);
  if (db == NULL || !bed_db_exec (db, schema, &db_error) || !bed_db_checkpoint (db, &db_error))
    return bed_vault_fail_db (g_steal_pointer (&db_error), error);
  return TRUE;
}

/* Nobody has seen the printed key: it must not stand in the way of a creation anew. The key file
 * goes first. */
static void
remove_created (BedVault *self)
{
  g_autofree char *keys = bed_vault_path (self, BED_VAULT_KEYS_FILE);

  g_unlink (keys);
  remove_database_files (self);
}

static void
create_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  BedVault *self = BED_VAULT (source);
  g_autoptr (GTask) outer = user_data;
  BedVaultJob *job = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;

  if (!bed_vault_job_done (self, result, outer))
    {
      bed_vault_release_lock (self);
      return;
    }
  self->master = bed_secret_ref (job->master);
  self->open_slot = 0;
  /* The key file comes last: where it is, the vault is whole. */
  if (make_database (self, &error) && bed_vault_save_slots (self, &job->slots, &error)
      && bed_vault_open_main_db (self, &error))
    {
      g_task_return_pointer (outer, bed_recovery_key_format (job->recovery),
                             (GDestroyNotify) bed_secret_unref);
      return;
    }
  bed_vault_forget_keys (self);
  remove_created (self);
  g_task_return_error (outer, error);
}

/* A power failure must not take the folder with all that is in it, nor a new one that it is in. */
static gboolean
make_folder (const char *path, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (path);

  if (!g_file_test (parent, G_FILE_TEST_EXISTS) && !make_folder (parent, error))
    return FALSE;
  if (g_mkdir (path, 0700) != 0 && errno != EEXIST)
    return bed_vault_fail_errno (errno, "The folder cannot be made", error);
  return bed_vault_sync_directory (parent, error);
}

static gboolean
prepare_create (BedVault *self, GError **error)
{
  if (bed_vault_refuse_busy (self, error))
    return FALSE;
  if (bed_vault_exists (self))
    {
      g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_EXISTS,
                           "There is a vault already");
      return FALSE;
    }
  return make_folder (self->directory, error) && bed_vault_take_lock (self, error);
}

void
bed_vault_create_async (BedVault *self,
                        BedSecret *passphrase,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, bed_vault_create_async);
  if (!prepare_create (self, &error))
    g_task_return_error (task, error);
  else
    bed_vault_start_job (self, bed_vault_job_new (self, BED_VAULT_JOB_CREATE, passphrase),
                         g_steal_pointer (&task), create_done);
}

BedSecret *
bed_vault_create_finish (BedVault *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
