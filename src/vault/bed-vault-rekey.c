/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault-private.h"

#include <string.h>

#include "bed-log.h"
#include "bed-recovery-key-private.h"

/* One new key for everything:
 *
 *   1  a worker checks the passphrase and makes master key and slots
 *   2  the database is closed to everybody
 *   3  a worker writes it again as vault.db.<tag>, and checks every page of that
 *   4  the spool is sealed again as vault.spool.<tag>
 *   5  vault.keys is replaced: from here on the new key is the true one
 *   6  the new files take the old ones' names (bed-vault-swap.c)
 *
 * A crash before 5 leaves strays, one after it is finished by the next unlock. */
typedef struct
{
  BedVault *vault; /* owned */
  /* owned */
  GTask *task;
  BedVaultJob *job; /* the new master key and slots */
  char *from, *to;
  BedSecret *old_key, *new_key; /* of the database */
  GMainContext *context;
  GHashTable *taken;

  BedVaultProgress progress;
  gpointer progress_data;
  BedVaultFreshness freshness; /* before */
  int last_percent;            /* in the worker */
} Rekey;

static void
rekey_free (Rekey *self)
{
  g_clear_object (&self->task);
  g_clear_pointer (&self->job, bed_vault_job_free);
  g_free (self->from);
  g_free (self->to);
  g_clear_pointer (&self->old_key, bed_secret_unref);
  g_clear_pointer (&self->new_key, bed_secret_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_pointer (&self->taken, g_hash_table_unref);
  g_object_unref (self->vault);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Rekey, rekey_free)

/* --- In the worker ---------------------------------------------------------------------------- */

typedef struct
{
  GTask *task; /* owned: keeps the progress function's data alive */
  BedVaultProgress progress;
  gpointer user_data;
  double fraction;
} Report;

static void
report_free (gpointer data)
{
  Report *report = data;

  g_object_unref (report->task);
  g_free (report);
}

static gboolean
report_run (gpointer data)
{
  Report *report = data;

  if (!g_task_get_completed (report->task))
    report->progress (report->fraction, report->user_data);
  return G_SOURCE_REMOVE;
}

static void
report_progress (Rekey *self, double fraction)
{
  int percent = (int) (fraction * 100);
  g_autoptr (GSource) source = NULL;
  Report *report;

  if (self->progress == NULL || percent == self->last_percent)
    return;
  self->last_percent = percent;
  report = g_new0 (Report, 1);
  *report = (Report){ g_object_ref (self->task), self->progress, self->progress_data, fraction };
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, report_run, report, report_free);
  g_source_attach (source, self->context);
}

static gboolean
on_copied_part (double fraction, gpointer user_data)
{
  Rekey *self = user_data;

  if (g_cancellable_is_cancelled (g_task_get_cancellable (self->task)))
    return FALSE;
  report_progress (self, fraction);
  return TRUE;
}

/* The counters have to be equal: nobody wrote meanwhile. */
static gboolean
check_new (Rekey *self, gint64 commits, GError **error)
{
  g_autoptr (BedDb) db = bed_db_open_copy (self->to, self->new_key, error);
  gint64 found = db != NULL ? bed_vault_read_commits (db, error) : -1;

  if (found >= 0 && found != commits)
    g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_DAMAGED, "The copy is not whole");
  return found >= 0 && found == commits;
}

static gboolean
write_again (Rekey *self, GError **error)
{
  g_autoptr (BedDb) db = bed_db_open (self->from, self->old_key, BED_DB_NONE, error);
  gint64 commits;

  if (db == NULL || !bed_db_checkpoint (db, error))
    return FALSE;
  commits = bed_vault_read_commits (db, error);
  if (commits < 0)
    return FALSE;
  self->taken = bed_vault_spool_load_taken (db, error);
  return self->taken != NULL
         && bed_db_copy_with_progress (db, self->to, self->new_key, on_copied_part, self, error)
         && check_new (self, commits, error);
}

static void
copy_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *inner = NULL;
  GError *error = NULL;

  if (write_again (task_data, &inner))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  if (g_error_matches (inner, BED_DB_ERROR, BED_DB_ERROR_STOPPED))
    {
      g_error_free (inner);
      g_set_error_literal (&error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Cancelled");
    }
  else
    bed_vault_fail_db (inner, &error);
  g_task_return_error (task, error);
}

/* --- In the main thread ----------------------------------------------------------------------- */

static gboolean
reseal_spool (Rekey *self, GError **error)
{
  BedVault *vault = self->vault;
  g_autofree char *from = bed_vault_path (vault, BED_VAULT_SPOOL_FILE);
  g_autofree char *to
      = bed_vault_next_path (vault->directory, BED_VAULT_SPOOL_FILE, &self->job->slots);

  return bed_vault_spool_reseal (from, to, vault->master, &self->job->slots, self->taken, error)
         && bed_vault_sync_directory (vault->directory, error);
}

typedef enum
{
  COMMIT_DONE,
  COMMIT_FAILED,  /* the key file is the old one */
  COMMIT_UNKNOWN, /* it cannot even be read now: only the next unlock can tell */
} Commit;

/* An error may come after the new file has its name. */
static Commit
look_at_keys (Rekey *self)
{
  g_autofree char *path = bed_vault_path (self->vault, BED_VAULT_KEYS_FILE);
  BedKeyslots slots;

  if (!bed_vault_load_keyslots (path, &slots, NULL))
    return COMMIT_UNKNOWN;
  return memcmp (slots.public_key, self->job->slots.public_key, sizeof slots.public_key) == 0
             ? COMMIT_DONE
             : COMMIT_FAILED;
}

static Commit
commit_keys (Rekey *self, GError **error)
{
  g_autofree char *path = bed_vault_path (self->vault, BED_VAULT_KEYS_FILE);
  guint8 bytes[BED_KEYSLOTS_SIZE];

  bed_keyslots_write (&self->job->slots, self->job->master, bytes);
  if (bed_vault_replace_file (path, bytes, sizeof bytes, error))
    return COMMIT_DONE;
  return look_at_keys (self);
}

static void
take_new_key (Rekey *self)
{
  BedVault *vault = self->vault;

  g_clear_pointer (&vault->master, bed_secret_unref);
  vault->master = bed_secret_ref (self->job->master);
  vault->slots = self->job->slots;
  vault->open_slot = self->job->slot;
}

/* The old database or the new one; then nobody had to notice. */
static gboolean
open_again (Rekey *self, GError **error)
{
  if (!bed_vault_open_main_db (self->vault, error))
    return FALSE;
  /* The witness was of the old key; what was known of the database still holds. */
  if (self->vault->freshness == BED_VAULT_FRESH_UNKNOWN)
    bed_vault_set_freshness (self->vault, self->freshness);
  return TRUE;
}

static void
lock_if_wanted (BedVault *vault)
{
  if (vault->lock_wanted)
    bed_vault_lock (vault);
}

static void
give_up (Rekey *self, GError *error)
{
  g_autoptr (GError) again = NULL;

  bed_vault_discard_next (self->vault->directory, &self->vault->slots);
  if (!open_again (self, &again))
    {
      g_message ("The vault stays closed: " BED_ERROR_FORMAT, BED_ERROR_CODE (again));
      bed_vault_forget_keys (self->vault);
    }
  lock_if_wanted (self->vault);
  g_task_return_error (self->task, error);
}

/* Nothing is thrown away while it is not known which database is the true one. */
static void
leave_to_next_unlock (Rekey *self, GError *error)
{
  bed_vault_forget_keys (self->vault);
  g_task_return_error (self->task, error);
}

/* From here on only the new key counts, and the next unlock could finish it too. */
static void
finish (Rekey *self)
{
  BedVault *vault = self->vault;
  GError *error = NULL;

  take_new_key (self);
  if (!bed_vault_finish_swap (vault->directory, &vault->slots, &error)
      || !open_again (self, &error))
    {
      leave_to_next_unlock (self, error);
      return;
    }
  lock_if_wanted (vault);
  g_task_return_pointer (self->task, bed_recovery_key_format (self->job->recovery),
                         (GDestroyNotify) bed_secret_unref);
}

static void
copied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Rekey) self = g_task_get_task_data (G_TASK (result));
  GCancellable *cancellable = g_task_get_cancellable (self->task);
  Commit commit = COMMIT_FAILED;
  GError *error = NULL;

  self->vault->busy = FALSE;
  if (g_task_propagate_boolean (G_TASK (result), &error)
      && !g_cancellable_set_error_if_cancelled (cancellable, &error) && reseal_spool (self, &error))
    commit = commit_keys (self, &error);
  switch (commit)
    {
    case COMMIT_DONE:
      g_clear_error (&error);
      finish (self);
      break;
    case COMMIT_UNKNOWN:
      leave_to_next_unlock (self, error);
      break;
    case COMMIT_FAILED:
    default:
      give_up (self, error);
    }
}

static void
start_copy (BedVault *vault, BedVaultJob *job, Rekey *self)
{
  g_autoptr (GTask) inner = g_task_new (vault, NULL, copied, NULL);

  self->job = g_new0 (BedVaultJob, 1);
  self->job->slots = job->slots;
  self->job->slot = job->slot;
  self->job->master = bed_secret_ref (job->master);
  self->job->recovery = bed_secret_ref (job->recovery);
  self->freshness = vault->freshness;
  self->from = bed_vault_path (vault, BED_VAULT_DB_FILE);
  self->to = bed_vault_next_path (vault->directory, BED_VAULT_DB_FILE, &job->slots);
  self->old_key = bed_master_key_derive (vault->master, BED_SUBKEY_DATABASE);
  self->new_key = bed_master_key_derive (job->master, BED_SUBKEY_DATABASE);
  self->last_percent = -1;
  vault->busy = TRUE;
  g_task_set_task_data (inner, self, NULL); /* copied() frees it */
  g_task_run_in_thread (inner, copy_thread);
}

static void
checked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  BedVault *vault = BED_VAULT (source);
  g_autoptr (GTask) outer = user_data;
  Rekey *self = g_task_get_task_data (outer);
  GError *error = NULL;

  if (!bed_vault_job_done (vault, result, outer))
    {
      rekey_free (self);
      return;
    }
  if (!bed_vault_require_unlocked (vault, &error))
    {
      g_task_return_error (outer, error);
      rekey_free (self);
      return;
    }
  bed_vault_close_main_db (vault);
  start_copy (vault, g_task_get_task_data (G_TASK (result)), self);
  bed_vault_notify_unlocked (vault);
}

void
bed_vault_rekey_async (BedVault *self,
                       BedSecret *passphrase,
                       BedVaultProgress progress,
                       gpointer progress_data,
                       GCancellable *cancellable,
                       GAsyncReadyCallback callback,
                       gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  BedVaultJob *job;
  GError *error = NULL;
  Rekey *rekey;

  g_task_set_source_tag (task, bed_vault_rekey_async);
  if (!bed_vault_require_unlocked (self, &error) || bed_vault_refuse_busy (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  rekey = g_new0 (Rekey, 1);
  rekey->vault = g_object_ref (self);
  rekey->task = g_object_ref (task);
  rekey->context = g_main_context_ref_thread_default ();
  rekey->progress = progress;
  rekey->progress_data = progress_data;
  g_task_set_task_data (task, rekey, NULL);
  job = bed_vault_job_new (self, BED_VAULT_JOB_REKEY, passphrase);
  job->slots = self->slots;
  bed_vault_start_job (self, job, g_steal_pointer (&task), checked);
}

BedSecret *
bed_vault_rekey_finish (BedVault *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
