/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "bed-log.h"
#include "bed-recovery-key-private.h"

#define FORMAT 1

G_DEFINE_FINAL_TYPE (BedVault, bed_vault, G_TYPE_OBJECT)
G_DEFINE_QUARK (bed-vault-error-quark, bed_vault_error)

enum { PROP_UNLOCKED = 1, PROP_FRESHNESS, N_PROPS };
static GParamSpec *properties[N_PROPS];
enum { SIGNAL_LOCKING, SIGNAL_ACT, N_SIGNALS };
static guint signals[N_SIGNALS];

GType
bed_vault_freshness_get_type (void)
{
  static gsize type = 0;
  static const GEnumValue values[] = {
    { BED_VAULT_FRESH_UNKNOWN, "BED_VAULT_FRESH_UNKNOWN", "unknown" },
    { BED_VAULT_FRESH_OK_BY_WITNESS, "BED_VAULT_FRESH_OK_BY_WITNESS", "ok-by-witness" },
    { BED_VAULT_FRESH_OK_BY_ANCHOR, "BED_VAULT_FRESH_OK_BY_ANCHOR", "ok-by-anchor" },
    { BED_VAULT_FRESH_ROLLED_BACK, "BED_VAULT_FRESH_ROLLED_BACK", "rolled-back" },
    { 0, NULL, NULL },
  };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("BedVaultFreshness", values));
  return type;
}

char *
bed_vault_path (BedVault *self, const char *name)
{
  return g_build_filename (self->directory, name, NULL);
}

const BedSecret *
bed_vault_get_master (BedVault *self)
{
  return self->master;
}

gint64
bed_vault_get_real_us (BedVault *self)
{
  return bed_clock_get_real_us (self->clock);
}

gboolean
bed_vault_require_unlocked (BedVault *self, GError **error)
{
  if (self->db != NULL)
    return TRUE;
  g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_LOCKED, "The vault is locked");
  return FALSE;
}

/* --- One process at a time -------------------------------------------------------------------- */

void
bed_vault_release_lock (BedVault *self)
{
  if (self->lock_fd >= 0)
    close (self->lock_fd);
  self->lock_fd = -1;
}

gboolean
bed_vault_take_lock (BedVault *self, GError **error)
{
  g_autofree char *path = bed_vault_path (self, BED_VAULT_LOCK_FILE);

  self->lock_fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (self->lock_fd < 0)
    return bed_vault_fail_errno (errno, "The lock file cannot be made", error);
  if (flock (self->lock_fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  bed_vault_release_lock (self);
  g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_IN_USE,
                       "Another process has it open");
  return FALSE;
}

/* --- The database ----------------------------------------------------------------------------- */

BedDb *
bed_vault_open_db (BedVault *self, GError **error)
{
  g_autofree char *path = bed_vault_path (self, BED_VAULT_DB_FILE);
  g_autoptr (BedSecret) key = NULL;
  g_autoptr (GError) db_error = NULL;
  BedDb *db;

  if (self->master == NULL)
    {
      bed_vault_require_unlocked (self, error);
      return NULL;
    }
  key = bed_master_key_derive (self->master, BED_SUBKEY_DATABASE);
  db = bed_db_open (path, key, BED_DB_NONE, &db_error);
  if (db == NULL)
    bed_vault_fail_db (g_steal_pointer (&db_error), error);
  return db;
}

static gint64
read_meta (BedDb *db, const char *name, GError **error)
{
  g_autoptr (BedDbStatement) statement
      = bed_db_query (db, error, "SELECT value FROM vault_meta WHERE name = ?", "t", name);
  BedDbStep step;

  if (statement == NULL)
    return -1;
  step = bed_db_statement_step (statement, error);
  if (step == BED_DB_STEP_ROW)
    return bed_db_statement_get_int64 (statement, 0);
  if (step == BED_DB_STEP_DONE)
    g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_DAMAGED,
                         "The database lacks its counter");
  return -1;
}

gint64
bed_vault_read_commits (BedDb *db, GError **error)
{
  return read_meta (db, "commits", error);
}

static gboolean
check_format (BedDb *db, GError **error)
{
  gint64 format = read_meta (db, "format", error);

  if (format <= FORMAT)
    return format > 0;
  g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_NEWER,
                       "The database is of a later version");
  return FALSE;
}

void
bed_vault_notify_unlocked (BedVault *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNLOCKED]);
}

void
bed_vault_set_freshness (BedVault *self, BedVaultFreshness freshness)
{
  if (self->freshness == freshness)
    return;
  self->freshness = freshness;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRESHNESS]);
}

gboolean
bed_vault_open_main_db (BedVault *self, GError **error)
{
  g_autofree char *witness_path = bed_vault_path (self, BED_VAULT_WITNESS_FILE);
  g_autoptr (BedDb) db = bed_vault_open_db (self, error);
  g_autoptr (GError) db_error = NULL;
  BedVaultFreshness freshness;
  gint64 commits;

  if (db == NULL)
    return FALSE;
  commits = check_format (db, &db_error) ? bed_vault_read_commits (db, &db_error) : -1;
  if (commits < 0)
    return bed_vault_fail_db (g_steal_pointer (&db_error), error);
  freshness = bed_vault_witness_open (&self->witness, witness_path, self->master, self->slots.id,
                                      (guint64) commits);
  self->db = g_steal_pointer (&db);
  bed_vault_set_freshness (self, freshness);
  bed_vault_anchors_opened (self);
  bed_vault_notify_unlocked (self);
  return TRUE;
}

void
bed_vault_tell_act (BedVault *self, BedVaultAct act)
{
  g_signal_emit (self, signals[SIGNAL_ACT], 0, (int) act);
}

void
bed_vault_close_main_db (BedVault *self)
{
  g_signal_emit (self, signals[SIGNAL_LOCKING], 0);
  bed_vault_anchors_closing (self);
  bed_vault_witness_close (&self->witness);
  g_clear_pointer (&self->db, bed_db_unref);
}

gboolean
bed_vault_commit (BedVault *self, BedDb *db, GError **error)
{
  g_autoptr (GError) db_error = NULL;
  gint64 commits = -1;

  if (bed_db_run (db, &db_error, "UPDATE vault_meta SET value = value + 1 WHERE name = 'commits'",
                  ""))
    commits = bed_vault_read_commits (db, &db_error);
  if (commits < 0)
    {
      bed_db_rollback (db);
      return bed_vault_fail_db (g_steal_pointer (&db_error), error);
    }
  if (!bed_db_commit (db, &db_error))
    return bed_vault_fail_db (g_steal_pointer (&db_error), error);
  if (!bed_db_in_transaction (db))
    {
      bed_vault_witness_saw (&self->witness, (guint64) commits);
      bed_vault_anchors_committed (self);
    }
  return TRUE;
}

gboolean
bed_vault_refuse_busy (BedVault *self, GError **error)
{
  if (!self->busy)
    return FALSE;
  g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_IN_USE, "Another call is under way");
  return TRUE;
}

/* An error may come after the new file has its name; then the new passphrase is the true one. */
static gboolean
file_is (const char *path, const guint8 bytes[BED_KEYSLOTS_SIZE])
{
  g_autoptr (GBytes) found = bed_vault_read_file (path, BED_KEYSLOTS_MAX_FILE, NULL);

  return found != NULL && g_bytes_get_size (found) == BED_KEYSLOTS_SIZE
         && memcmp (g_bytes_get_data (found, NULL), bytes, BED_KEYSLOTS_SIZE) == 0;
}

gboolean
bed_vault_save_slots (BedVault *self, const BedKeyslots *slots, GError **error)
{
  g_autofree char *path = bed_vault_path (self, BED_VAULT_KEYS_FILE);
  BedKeyslots copy = *slots;
  guint8 bytes[BED_KEYSLOTS_SIZE];
  g_autoptr (GError) inner = NULL;

  bed_keyslots_write (&copy, self->master, bytes);
  if (!bed_vault_replace_file (path, bytes, sizeof bytes, &inner) && !file_is (path, bytes))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return FALSE;
    }
  self->slots = copy;
  return TRUE;
}

void
bed_vault_forget_keys (BedVault *self)
{
  bed_vault_witness_close (&self->witness);
  g_clear_pointer (&self->db, bed_db_unref);
  g_clear_pointer (&self->master, bed_secret_unref);
  memset (&self->slots, 0, sizeof self->slots);
  bed_vault_set_freshness (self, BED_VAULT_FRESH_UNKNOWN);
  bed_vault_release_lock (self);
}

/* --- Unlock and lock -------------------------------------------------------------------------- */

static void
keep_stronger_slots (BedVault *self, const BedVaultJob *job)
{
  g_autoptr (GError) error = NULL;

  if (job->slots_changed && !bed_vault_save_slots (self, &job->slots, &error))
    g_message ("A stronger keyslot could not be written: " BED_ERROR_FORMAT,
               BED_ERROR_CODE (error));
}

static void
unlock_done (GObject *source, GAsyncResult *result, gpointer user_data)
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
  self->slots = job->slots;
  self->open_slot = job->slot;
  if (bed_vault_open_main_db (self, &error))
    {
      keep_stronger_slots (self, job);
      g_task_return_boolean (outer, TRUE);
      return;
    }
  bed_vault_forget_keys (self);
  g_task_return_error (outer, error);
}

static gboolean
prepare_unlock (BedVault *self, BedKeyslots *slots, GError **error)
{
  g_autofree char *path = bed_vault_path (self, BED_VAULT_KEYS_FILE);

  if (bed_vault_refuse_busy (self, error))
    return FALSE;
  if (self->db != NULL || !bed_vault_exists (self))
    return bed_vault_load_keyslots (path, slots, error);
  /* Read under the lock: another process may just have made a new key. */
  if (!bed_vault_take_lock (self, error))
    return FALSE;
  if (bed_vault_load_keyslots (path, slots, error)
      && bed_vault_finish_swap (self->directory, slots, error))
    return TRUE;
  bed_vault_release_lock (self);
  return FALSE;
}

/* The vault is open already, behind a covered window: the secret was right, and nothing changes. */
static void
check_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) outer = user_data;

  if (!bed_vault_job_done (BED_VAULT (source), result, outer))
    return;
  bed_vault_tell_act (BED_VAULT (source), BED_VAULT_ACT_UNCOVERED);
  g_task_return_boolean (outer, TRUE);
}

static void
unlock (BedVault *self, BedVaultJob *job_taken, GTask *task_taken)
{
  g_autoptr (BedVaultJob) job = job_taken;
  g_autoptr (GTask) task = task_taken;
  GError *error = NULL;

  /* Behind the owner's covered window nobody else is let in: an emergency begins with a locked
   * vault, where it is asked for and noted. */
  job->owner_only = self->db != NULL
                    && bed_vault_get_slot_kind (self, bed_vault_get_open_slot (self))
                           != BED_VAULT_SLOT_EMERGENCY;
  if (!prepare_unlock (self, &job->slots, &error))
    g_task_return_error (task, error);
  else
    bed_vault_start_job (self, g_steal_pointer (&job), g_steal_pointer (&task),
                         self->db != NULL ? check_done : unlock_done);
}

void
bed_vault_unlock_async (BedVault *self,
                        BedSecret *passphrase,
                        GCancellable *cancellable,
                        GAsyncReadyCallback callback,
                        gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, bed_vault_unlock_async);
  unlock (self, bed_vault_job_new (self, BED_VAULT_JOB_UNLOCK, passphrase), task);
}

void
bed_vault_unlock_with_recovery_async (BedVault *self,
                                      BedSecret *recovery,
                                      GCancellable *cancellable,
                                      GAsyncReadyCallback callback,
                                      gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr (BedSecret) key = bed_recovery_key_parse ((const char *) bed_secret_get_data (recovery),
                                                      bed_secret_get_length (recovery));
  BedVaultJob *job;

  g_task_set_source_tag (task, bed_vault_unlock_async);
  if (key == NULL)
    {
      g_task_return_new_error (task, BED_VAULT_ERROR, BED_VAULT_ERROR_TYPO,
                               "The recovery key is mistyped");
      return;
    }
  job = bed_vault_job_new (self, BED_VAULT_JOB_UNLOCK, key);
  job->slot_kind = BED_VAULT_SLOT_RECOVERY;
  unlock (self, job, g_steal_pointer (&task));
}

void
bed_vault_unlock_with_token_async (BedVault *self,
                                   BedVaultToken *token,
                                   BedSecret *pin,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  BedVaultJob *job = bed_vault_job_new (self, BED_VAULT_JOB_UNLOCK, pin);

  g_task_set_source_tag (task, bed_vault_unlock_async);
  job->slot_kind = BED_VAULT_SLOT_TOKEN;
  job->token = g_object_ref (token);
  unlock (self, job, task);
}

gboolean
bed_vault_unlock_finish (BedVault *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
bed_vault_lock (BedVault *self)
{
  /* While a new key is made it is closed already, and opens again: not then. */
  self->lock_wanted = self->db == NULL && self->master != NULL;
  if (self->db == NULL)
    return;
  bed_vault_close_main_db (self);
  bed_vault_forget_keys (self);
  bed_vault_notify_unlocked (self);
}

/* --- The object ------------------------------------------------------------------------------- */

const char *
bed_vault_get_directory (BedVault *self)
{
  return self->directory;
}

gboolean
bed_vault_exists (BedVault *self)
{
  g_autofree char *path = bed_vault_path (self, BED_VAULT_KEYS_FILE);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

gboolean
bed_vault_is_unlocked (BedVault *self)
{
  return self->db != NULL;
}

BedVaultFreshness
bed_vault_get_freshness (BedVault *self)
{
  return self->freshness;
}

gboolean
bed_vault_recovery_is_well_formed (const char *typed)
{
  g_autoptr (BedSecret) key = bed_recovery_key_parse (typed, strlen (typed));

  return key != NULL;
}

void
bed_vault_set_keyring (BedVault *self, BedVaultKeyring *keyring)
{
  g_set_object (&self->keyring, keyring);
}

BedDb *
bed_vault_get_db (BedVault *self)
{
  return self->db;
}

static void
bed_vault_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_UNLOCKED)
    g_value_set_boolean (value, bed_vault_is_unlocked (BED_VAULT (object)));
  else if (id == PROP_FRESHNESS)
    g_value_set_enum (value, bed_vault_get_freshness (BED_VAULT (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bed_vault_dispose (GObject *object)
{
  bed_vault_lock (BED_VAULT (object));
  G_OBJECT_CLASS (bed_vault_parent_class)->dispose (object);
}

static void
bed_vault_finalize (GObject *object)
{
  BedVault *self = BED_VAULT (object);

  bed_vault_release_lock (self);
  bed_vault_witness_clear (&self->witness);
  g_clear_pointer (&self->anchors, bed_vault_anchors_free);
  g_clear_object (&self->keyring);
  g_free (self->directory);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (bed_vault_parent_class)->finalize (object);
}

static void
bed_vault_class_init (BedVaultClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bed_vault_get_property;
  object_class->dispose = bed_vault_dispose;
  object_class->finalize = bed_vault_finalize;
  properties[PROP_UNLOCKED] = g_param_spec_boolean ("unlocked", NULL, NULL, FALSE,
                                                    G_PARAM_READABLE | G_PARAM_STATIC_STRINGS
                                                        | G_PARAM_EXPLICIT_NOTIFY);
  properties[PROP_FRESHNESS]
      = g_param_spec_enum ("freshness", NULL, NULL, BED_TYPE_VAULT_FRESHNESS,
                           BED_VAULT_FRESH_UNKNOWN,
                           G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SIGNAL_LOCKING] = g_signal_new ("locking", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                          0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[SIGNAL_ACT] = g_signal_new ("act", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                      NULL, NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void
bed_vault_init (BedVault *self)
{
  self->lock_fd = -1;
  self->anchors = bed_vault_anchors_new ();
  bed_vault_witness_init (&self->witness);
}

BedVault *
bed_vault_new (const char *directory, BedClock *clock, const BedVaultCost *cost)
{
  BedVault *self;

  g_return_val_if_fail (directory != NULL && BED_IS_CLOCK (clock), NULL);
  self = g_object_new (BED_TYPE_VAULT, NULL);
  self->directory = g_strdup (directory);
  self->clock = g_object_ref (clock);
  self->floor = cost != NULL ? *cost : bed_vault_cost_floor ();
  if (cost != NULL)
    self->cost = *cost;
  return self;
}
