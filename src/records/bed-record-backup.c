/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-backup-private.h"
#include "bed-log.h"
#include "bed-record-acts-private.h"

#define LOOK_SECONDS 60
#define AGAIN_US (G_TIME_SPAN_HOUR)
#define COPY_SHARE 0.9 /* of the progress; the rest is reading it once more */
#define VALUE_FOLDER "backup-folder"
#define VALUE_INTERVAL "backup-interval"
#define VALUE_KEEP "backup-keep"
#define VALUE_FAILED "backup-failed"

struct _BedRecordBackup
{
  GObject parent;

  /* owned */
  BedRecordStore *store;
  char *folder;
  GError *problem; /* nullable */
  GPtrArray *unnoted; /* names of backups that are whole and not in the trail, oldest first */
  GError *why_unnoted; /* nullable */
  GCancellable *stop; /* of the run under way; NULL: none */

  BedBackupInterval interval;
  guint keep;
  gboolean plan_unread;
  gint64 last_us, failed_us, stopped_us;
  double fraction;
  guint look_source;
  gulong locking_handler;
};

G_DEFINE_FINAL_TYPE (BedRecordBackup, bed_record_backup, G_TYPE_OBJECT)

enum { PROP_FOLDER = 1, PROP_INTERVAL, PROP_KEEP, PROP_RUNNING, PROP_FRACTION, PROP_LAST_US,
       PROP_PROBLEM, PROP_UNNOTED, N_PROPS };
static GParamSpec *properties[N_PROPS];
enum { STOPPED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
notify (BedRecordBackup *self, guint property)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[property]);
}

/* --- What came of it -------------------------------------------------------------------------- */

static void
end_run (BedRecordBackup *self)
{
  g_clear_object (&self->stop);
  self->fraction = 0;
  notify (self, PROP_FRACTION);
  notify (self, PROP_RUNNING);
}

/* The record may have been locked meanwhile: then the spool takes it. */
static gboolean
note (BedRecordBackup *self, BedAuditEvent event, const char *name, GError **error)
{
  g_autoptr (GBytes) record = NULL;

  if (self->store->db != NULL && bed_record_audit_append (self->store, event, name, NULL))
    return TRUE;
  record = bed_audit_event_pack (bed_clock_get_real_us (self->store->clock), event, name);
  return bed_vault_spool_append (self->store->vault, record, error);
}

static void
note_event (BedRecordBackup *self, BedAuditEvent event, const char *name)
{
  g_autoptr (GError) error = NULL;

  if (!note (self, event, name, &error))
    g_warning ("%s could not be noted: " BED_ERROR_FORMAT,
               bed_audit_event_get_name (event), BED_ERROR_CODE (error));
}

/* made: and not only that one failed. */
static void
keep_times (BedRecordBackup *self, gboolean made)
{
  g_autoptr (GError) error = NULL;

  if (self->store->db == NULL || !bed_record_begin (self->store, &error))
    return;
  {
    BedDb *db = self->store->db;
    GError *inner = NULL;
    gboolean ok = (!made || bed_record_set_number (db, BED_BACKUP_VALUE_LAST, self->last_us, &inner))
                  && bed_record_set_number (db, VALUE_FAILED, self->failed_us, &inner);

    if (!bed_record_end (self->store, ok, inner, &error))
      g_warning ("The time of a backup could not be kept: " BED_ERROR_FORMAT,
                 BED_ERROR_CODE (error));
  }
}

/* FALSE: it is tried again each minute, and before the record is locked. */
static gboolean
note_made (BedRecordBackup *self)
{
  GError *error = NULL;

  g_clear_error (&self->why_unnoted);
  while (self->unnoted->len > 0
         && note (self, BED_AUDIT_BACKED_UP, self->unnoted->pdata[0], &error))
    g_ptr_array_remove_index (self->unnoted, 0);
  if (error == NULL)
    keep_times (self, TRUE);
  else
    bed_record_fail (error, &self->why_unnoted);
  notify (self, PROP_UNNOTED);
  return self->unnoted->len == 0;
}

static void
fail_run (BedRecordBackup *self, GTask *task, GError *error_taken)
{
  gboolean by_choice = g_error_matches (error_taken, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  if (by_choice)
    self->stopped_us = bed_clock_get_real_us (self->store->clock);
  else
    {
      g_clear_error (&self->problem);
      self->problem = g_error_copy (error_taken);
      self->failed_us = bed_clock_get_real_us (self->store->clock);
      note_event (self, BED_AUDIT_BACKUP_FAILED, NULL);
      keep_times (self, FALSE);
    }
  end_run (self);
  notify (self, PROP_PROBLEM);
  if (by_choice)
    g_signal_emit (self, signals[STOPPED], 0);
  g_task_return_error (task, error_taken);
}

static void
remove_old (BedRecordBackup *self, BedBackupRun *run)
{
  g_autoptr (GPtrArray) removed = g_ptr_array_new_with_free_func (g_free);

  bed_backup_remove_old (run, self->keep, removed);
  for (guint i = 0; i < removed->len; i++)
    note_event (self, BED_AUDIT_BACKUP_REMOVED, removed->pdata[i]);
}

static void
succeed (BedRecordBackup *self, GTask *task)
{
  BedBackupRun *run = g_task_get_task_data (task);

  self->last_us = run->manifest.info.made_us;
  self->failed_us = 0;
  g_clear_error (&self->problem);
  g_ptr_array_add (self->unnoted, g_strdup (run->name));
  if (note_made (self) && !self->plan_unread) /* none goes that could not be told of */
    remove_old (self, run);
  end_run (self);
  notify (self, PROP_LAST_US);
  notify (self, PROP_PROBLEM);
  run->manifest.info.path = g_build_filename (run->folder, run->name, NULL);
  g_task_return_pointer (task, bed_backup_info_copy (&run->manifest.info),
                         (GDestroyNotify) bed_backup_info_free);
  g_clear_pointer (&run->manifest.info.path, g_free);
}

static void
on_sealed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BedRecordBackup *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error))
    succeed (self, task);
  else
    fail_run (self, task, error);
}

static void
on_copied (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BedRecordBackup *self = g_task_get_source_object (task);
  g_autoptr (GTask) seal = NULL;
  GError *error = NULL;

  if (!bed_vault_copy_finish (BED_VAULT (source), result, &error))
    {
      fail_run (self, task, error);
      return;
    }
  self->fraction = COPY_SHARE;
  notify (self, PROP_FRACTION);
  /* Not of this object: the worker could be the last to let go of it, and it is of the main thread. */
  seal = g_task_new (NULL, self->stop, on_sealed, g_object_ref (task));
  g_task_set_check_cancellable (seal, FALSE);
  g_task_set_task_data (seal, g_task_get_task_data (task), NULL);
  g_task_run_in_thread (seal, bed_backup_seal_thread);
}

static void
on_progress (double fraction, gpointer user_data)
{
  BedRecordBackup *self = user_data;

  self->fraction = fraction * COPY_SHARE;
  notify (self, PROP_FRACTION);
}

static void
on_cancelled (GCancellable *cancellable, gpointer stop)
{
  g_cancellable_cancel (stop);
}

static gboolean
refuse (BedRecordBackup *self, const char *folder, GError **error)
{
  if (!bed_record_require_open (self->store, error))
    return TRUE;
  if (self->stop != NULL)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PENDING, "A backup is under way");
  else if (*folder == '\0')
    g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID, "No folder is chosen");
  return self->stop != NULL || *folder == '\0';
}

void
bed_record_backup_run_async (BedRecordBackup *self,
                             const char *folder,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  GError *error = NULL;
  BedBackupRun *run;

  g_task_set_source_tag (task, bed_record_backup_run_async);
  folder = folder != NULL ? folder : self->folder;
  if (refuse (self, folder, &error) || (run = bed_backup_run_new (self->store, folder, &error)) == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  g_task_set_task_data (task, run, bed_backup_run_free);
  self->stop = g_cancellable_new ();
  if (cancellable != NULL)
    g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), g_object_ref (self->stop),
                           g_object_unref);
  notify (self, PROP_RUNNING);
  if (!g_file_test (folder, G_FILE_TEST_IS_DIR)) /* a stick that was taken out */
    {
      fail_run (self, task, g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NOT_FOUND,
                                                 "The folder is not there"));
      return;
    }
  bed_backup_remove_partial (folder);
  bed_vault_copy_async (self->store->vault, run->partial, bed_backup_check_copy, run, on_progress, self,
                        self->stop, on_copied, g_steal_pointer (&task));
}

void
bed_record_backup_stop (BedRecordBackup *self)
{
  if (self->stop != NULL)
    g_cancellable_cancel (self->stop);
}

BedBackupInfo *
bed_record_backup_run_finish (BedRecordBackup *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- The plan --------------------------------------------------------------------------------- */

static gboolean
write_plan (BedRecordBackup *self, const char *folder, BedBackupInterval interval, guint keep,
            GError **error)
{
  BedDb *db = self->store->db;

  return bed_record_set_text (db, VALUE_FOLDER, folder, error)
         && bed_record_set_number (db, VALUE_INTERVAL, interval, error)
         && bed_record_set_number (db, VALUE_KEEP, keep, error)
         && bed_record_set_number (db, VALUE_FAILED, 0, error)
         && bed_audit_log_append (self->store->audit, BED_AUDIT_BACKUP_PLANNED, NULL, error);
}

gboolean
bed_record_backup_plan (BedRecordBackup *self,
                        const char *folder,
                        BedBackupInterval interval,
                        guint keep,
                        GError **error)
{
  GError *inner = NULL;
  gboolean ok;

  if (keep < 1 || keep > BED_BACKUP_KEEP_MAX || interval > BED_BACKUP_WEEKLY
      || !g_utf8_validate (folder, -1, NULL)
      || (*folder != '\0' ? !g_path_is_absolute (folder) : interval != BED_BACKUP_NEVER))
    {
      g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID,
                           "This plan cannot be kept");
      return FALSE;
    }
  if (!bed_record_begin (self->store, error))
    return FALSE;
  ok = write_plan (self, folder, interval, keep, &inner);
  if (!bed_record_end (self->store, ok, inner, error))
    return FALSE;
  g_free (self->folder);
  self->folder = g_strdup (folder);
  self->interval = interval;
  self->keep = keep;
  self->plan_unread = FALSE;
  self->failed_us = 0;
  g_clear_error (&self->problem);
  for (guint i = PROP_FOLDER; i <= PROP_KEEP; i++)
    notify (self, i);
  notify (self, PROP_PROBLEM);
  return TRUE;
}

/* A clock that was set back must not stop it for years. */
static gboolean
is_over (gint64 since_us, gint64 pause_us, gint64 now_us)
{
  return now_us - since_us >= pause_us || since_us > now_us;
}

gboolean
bed_record_backup_is_due (BedRecordBackup *self)
{
  gint64 now = bed_clock_get_real_us (self->store->clock);
  gint64 pause = self->interval == BED_BACKUP_DAILY ? G_TIME_SPAN_DAY : 7 * G_TIME_SPAN_DAY;

  if (self->interval == BED_BACKUP_NEVER || *self->folder == '\0' || self->plan_unread)
    return FALSE;
  return is_over (self->last_us, pause, now) && is_over (self->failed_us, AGAIN_US, now)
         && is_over (self->stopped_us, AGAIN_US, now);
}

static void
on_planned_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedBackupInfo) info
      = bed_record_backup_run_finish (BED_RECORD_BACKUP (source), result, &error);

  if (info == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_message ("The planned backup failed: " BED_ERROR_FORMAT, BED_ERROR_CODE (error));
}

static gboolean
on_look (gpointer user_data)
{
  BedRecordBackup *self = user_data;

  if (self->unnoted->len > 0)
    note_made (self);
  if (self->store->db != NULL && self->stop == NULL && bed_record_backup_is_due (self))
    bed_record_backup_run_async (self, NULL, NULL, on_planned_done, NULL);
  return G_SOURCE_CONTINUE;
}

/* --- The object ------------------------------------------------------------------------------- */

const char *
bed_record_backup_get_folder (BedRecordBackup *self)
{
  return self->folder;
}

BedBackupInterval
bed_record_backup_get_interval (BedRecordBackup *self)
{
  return self->interval;
}

guint
bed_record_backup_get_keep (BedRecordBackup *self)
{
  return self->keep;
}

gboolean
bed_record_backup_get_plan_unread (BedRecordBackup *self)
{
  return self->plan_unread;
}

gboolean
bed_record_backup_get_running (BedRecordBackup *self)
{
  return self->stop != NULL;
}

double
bed_record_backup_get_fraction (BedRecordBackup *self)
{
  return self->fraction;
}

gint64
bed_record_backup_get_last_us (BedRecordBackup *self)
{
  return self->last_us;
}

const GError *
bed_record_backup_get_problem (BedRecordBackup *self)
{
  return self->problem;
}

const GError *
bed_record_backup_get_unnoted (BedRecordBackup *self)
{
  return self->why_unnoted;
}

gboolean
bed_record_backup_get_failed (BedRecordBackup *self)
{
  /* One of the future was noted by a clock that ran ahead. */
  return self->failed_us > self->last_us
         && self->failed_us <= bed_clock_get_real_us (self->store->clock);
}

static void
bed_record_backup_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedRecordBackup *self = BED_RECORD_BACKUP (object);

  switch (id)
    {
    case PROP_FOLDER:
      g_value_set_string (value, self->folder);
      break;
    case PROP_INTERVAL:
      g_value_set_enum (value, self->interval);
      break;
    case PROP_KEEP:
      g_value_set_uint (value, self->keep);
      break;
    case PROP_RUNNING:
      g_value_set_boolean (value, self->stop != NULL);
      break;
    case PROP_FRACTION:
      g_value_set_double (value, self->fraction);
      break;
    case PROP_LAST_US:
      g_value_set_int64 (value, self->last_us);
      break;
    case PROP_PROBLEM:
      g_value_set_boxed (value, self->problem);
      break;
    case PROP_UNNOTED:
      g_value_set_boxed (value, self->why_unnoted);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bed_record_backup_dispose (GObject *object)
{
  BedRecordBackup *self = BED_RECORD_BACKUP (object);

  g_clear_handle_id (&self->look_source, g_source_remove);
  if (self->unnoted->len > 0)
    note_made (self); /* the app lets go of this before it locks */
  g_clear_signal_handler (&self->locking_handler, self->store->vault);
  G_OBJECT_CLASS (bed_record_backup_parent_class)->dispose (object);
}

static void
bed_record_backup_finalize (GObject *object)
{
  BedRecordBackup *self = BED_RECORD_BACKUP (object);

  g_clear_object (&self->store);
  g_free (self->folder);
  g_clear_error (&self->problem);
  g_ptr_array_unref (self->unnoted);
  g_clear_error (&self->why_unnoted);
  G_OBJECT_CLASS (bed_record_backup_parent_class)->finalize (object);
}

static void
bed_record_backup_class_init (BedRecordBackupClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags
      = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = bed_record_backup_get_property;
  object_class->dispose = bed_record_backup_dispose;
  object_class->finalize = bed_record_backup_finalize;
  properties[PROP_FOLDER] = g_param_spec_string ("folder", NULL, NULL, "", flags);
  properties[PROP_INTERVAL] = g_param_spec_enum ("interval", NULL, NULL, BED_TYPE_BACKUP_INTERVAL,
                                                 BED_BACKUP_NEVER, flags);
  properties[PROP_KEEP] = g_param_spec_uint ("keep", NULL, NULL, 1, BED_BACKUP_KEEP_MAX,
                                             BED_BACKUP_KEEP_DEFAULT, flags);
  properties[PROP_RUNNING] = g_param_spec_boolean ("running", NULL, NULL, FALSE, flags);
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, 0, 1, 0, flags);
  properties[PROP_LAST_US] = g_param_spec_int64 ("last-us", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_PROBLEM] = g_param_spec_boxed ("problem", NULL, NULL, G_TYPE_ERROR, flags);
  properties[PROP_UNNOTED] = g_param_spec_boxed ("unnoted", NULL, NULL, G_TYPE_ERROR, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[STOPPED] = g_signal_new ("stopped", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_record_backup_init (BedRecordBackup *self)
{
  self->folder = g_strdup ("");
  self->keep = BED_BACKUP_KEEP_DEFAULT;
  self->unnoted = g_ptr_array_new_with_free_func (g_free);
}

/* The key of a copy under way must not outlive the lock. */
static void
on_locking (BedVault *vault, BedRecordBackup *self)
{
  bed_record_backup_stop (self);
  if (self->unnoted->len > 0)
    note_made (self);
}

/* What was not read is no plan to go by, nor to remove older ones by. */
static void
take_unread (BedRecordBackup *self, const GError *error)
{
  self->plan_unread = TRUE;
  bed_record_unread (self->store, "The plan of the backups", error);
}

static gint64
read_number (BedRecordBackup *self, const char *name)
{
  g_autoptr (GError) error = NULL;
  gint64 value = 0;

  if (!bed_record_get_number (self->store->db, name, &value, &error))
    take_unread (self, error);
  return value;
}

static char *
read_folder (BedRecordBackup *self)
{
  g_autoptr (GError) error = NULL;
  char *folder = bed_record_dup_text (self->store->db, VALUE_FOLDER, &error);

  if (error != NULL)
    take_unread (self, error);
  return folder != NULL ? folder : g_strdup ("");
}

static void
load_plan (BedRecordBackup *self)
{
  gint64 interval, keep;

  if (self->store->db == NULL)
    return;
  g_free (self->folder);
  self->folder = read_folder (self);
  interval = read_number (self, VALUE_INTERVAL);
  self->interval = (BedBackupInterval) CLAMP (interval, BED_BACKUP_NEVER, BED_BACKUP_WEEKLY);
  keep = read_number (self, VALUE_KEEP);
  if (keep > 0)
    self->keep = (guint) MIN (keep, BED_BACKUP_KEEP_MAX);
  self->last_us = read_number (self, BED_BACKUP_VALUE_LAST);
  self->failed_us = read_number (self, VALUE_FAILED);
}

BedRecordBackup *
bed_record_backup_new (BedRecordStore *store)
{
  BedRecordBackup *self = g_object_new (BED_TYPE_RECORD_BACKUP, NULL);

  self->store = g_object_ref (store);
  load_plan (self);
  self->locking_handler = g_signal_connect (store->vault, "locking", G_CALLBACK (on_locking), self);
  self->look_source = g_timeout_add_seconds (LOOK_SECONDS, on_look, self);
  return self;
}
