/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db.h"
#include "bed-record-backup.h"
#include "bed-record-set-aside.h"
#include "bed-record-fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

typedef struct
{
  Record r;
  char *folder;
  BedRecordBackup *backup;
  BedPatient *patient;
  BedEncounter *visit;
} Backup;

static void
set_up (Backup *b, gconstpointer data)
{
  record_set_up (&b->r, NULL);
  b->folder = g_dir_make_tmp ("bed-backup-XXXXXX", NULL);
  b->backup = bed_record_backup_new (b->r.store);
  b->patient = record_add_patient (&b->r, "Eva " MARKER, "1980-02-29");
  b->visit = record_add_encounter (&b->r, bed_patient_get_id (b->patient));
  g_object_unref (record_add_note (&b->r, bed_encounter_get_id (b->visit), "first " MARKER));
  record_forget_events (&b->r);
}

static void
close_record (Backup *b)
{
  bed_vault_lock (b->r.base.vault);
  g_clear_object (&b->backup);
  g_clear_object (&b->patient);
  g_clear_object (&b->visit);
  g_clear_object (&b->r.store);
}

static void
tear_down (Backup *b, gconstpointer data)
{
  close_record (b);
  fixture_remove (b->folder);
  g_free (b->folder);
  record_tear_down (&b->r, NULL);
}

static BedBackupInfo *
run (Backup *b, const char *folder, GCancellable *cancellable, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  bed_record_backup_run_async (b->backup, folder, cancellable, record_keep_result, &result);
  return bed_record_backup_run_finish (b->backup, record_wait (&result), error);
}

static BedBackupInfo *
make (Backup *b)
{
  g_autoptr (GError) error = NULL;
  BedBackupInfo *info = run (b, b->folder, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (info);
  bed_manual_clock_advance (BED_MANUAL_CLOCK (b->r.base.clock), G_USEC_PER_SEC);
  return info;
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static guint
count_backups (Backup *b)
{
  g_autoptr (GPtrArray) found = bed_backup_list (b->folder, NULL);

  return found->len;
}

static void
on_fraction (BedRecordBackup *backup, GParamSpec *pspec, gpointer user_data)
{
  double *last = user_data;
  double now = bed_record_backup_get_fraction (backup);

  if (!bed_record_backup_get_running (backup))
    return;
  g_assert_cmpfloat (now, >=, *last);
  g_assert_cmpfloat (now, <=, 1);
  *last = now;
}

static void
test_make (Backup *b, gconstpointer data)
{
  gint64 now = bed_clock_get_real_us (b->r.base.clock);
  double seen = 0;
  g_autoptr (BedBackupInfo) info = NULL;
  g_autoptr (BedBackupInfo) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = NULL;
  g_autofree char *lines = NULL;

  g_signal_connect (b->backup, "notify::fraction", G_CALLBACK (on_fraction), &seen);
  info = make (b);
  g_assert_cmpfloat (seen, >=, 0.9);
  g_assert_cmpuint (count_files (b->folder), ==, 1);
  g_assert_cmpuint (count_files (info->path), ==, 3);
  g_assert_cmpuint (fixture_scan (b->folder, MARKER), ==, 0);
  g_assert_cmpint (info->made_us, ==, now);
  g_assert_cmpuint (info->patients, ==, 1);
  g_assert_cmpuint (info->encounters, ==, 1);
  g_assert_cmpuint (info->notes, ==, 1);
  g_assert_cmpuint (info->trail, ==, b->r.seen);
  g_assert_cmpint (bed_record_backup_get_last_us (b->backup), ==, now);
  g_assert_null (bed_record_backup_get_problem (b->backup));
  read = bed_backup_info_read (info->path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (read->vault_id, ==, info->vault_id);
  g_assert_cmpuint (read->bytes, ==, info->bytes);
  name = g_path_get_basename (info->path);
  lines = g_strdup_printf ("backed-up %s\n", name);
  record_expect (&b->r, lines);
  record_assert_whole (&b->r);
}

static void
test_keep (Backup *b, gconstpointer data)
{
  g_autofree char *foreign = g_build_filename (b->folder, "bedside-record-of-another", NULL);
  g_autofree char *manifest = g_build_filename (foreign, "backup.ini", NULL);
  BedBackupManifest other = { .info = { .made_us = 1 } };
  g_autofree char *text = NULL;
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GError) error = NULL;

  strcpy (other.info.vault_id, "00112233445566778899aabbccddeeff");
  text = bed_backup_manifest_write (&other);
  g_assert_cmpint (g_mkdir (foreign, 0700), ==, 0);
  g_assert_true (g_file_set_contents (manifest, text, -1, NULL));
  g_assert_true (bed_record_backup_plan (b->backup, b->folder, BED_BACKUP_DAILY, 2, &error));
  record_expect (&b->r, "backup-planned\n");
  for (guint i = 0; i < 4; i++)
    bed_backup_info_free (make (b));
  found = bed_backup_list (b->folder, &error);
  g_assert_cmpuint (found->len, ==, 3);
  g_assert_cmpint (((BedBackupInfo *) found->pdata[0])->made_us, >,
                   ((BedBackupInfo *) found->pdata[1])->made_us);
  g_assert_cmpstr (((BedBackupInfo *) found->pdata[2])->vault_id, ==, other.info.vault_id);
  g_assert_cmpuint (count_files (b->folder), ==, 3);
}

static void
test_due (Backup *b, gconstpointer data)
{
  g_autoptr (BedRecordBackup) again = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (bed_record_backup_is_due (b->backup));
  g_assert_false (bed_record_backup_plan (b->backup, "", BED_BACKUP_DAILY, 2, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (bed_record_backup_plan (b->backup, "relative", BED_BACKUP_DAILY, 2, NULL));
  g_assert_false (bed_record_backup_plan (b->backup, b->folder, BED_BACKUP_DAILY, 0, NULL));
  g_assert_true (bed_record_backup_plan (b->backup, b->folder, BED_BACKUP_DAILY, 2, &error));
  g_assert_true (bed_record_backup_is_due (b->backup));
  bed_backup_info_free (make (b));
  g_assert_false (bed_record_backup_is_due (b->backup));
  record_advance_days (&b->r, 1);
  g_assert_true (bed_record_backup_is_due (b->backup));
  g_assert_true (bed_record_backup_plan (b->backup, b->folder, BED_BACKUP_WEEKLY, 3, &error));
  g_assert_false (bed_record_backup_is_due (b->backup));
  record_advance_days (&b->r, 6);
  g_assert_true (bed_record_backup_is_due (b->backup));
  again = bed_record_backup_new (b->r.store);
  g_assert_cmpstr (bed_record_backup_get_folder (again), ==, b->folder);
  g_assert_cmpint (bed_record_backup_get_interval (again), ==, BED_BACKUP_WEEKLY);
  g_assert_cmpuint (bed_record_backup_get_keep (again), ==, 3);
  g_assert_cmpint (bed_record_backup_get_last_us (again), ==,
                   bed_record_backup_get_last_us (b->backup));
  g_assert_true (bed_record_backup_is_due (again));
}

static void
test_fails (Backup *b, gconstpointer data)
{
  g_autofree char *none = g_build_filename (b->folder, "none", NULL);
  g_autoptr (BedRecordBackup) again = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (bed_record_backup_get_failed (b->backup));
  g_assert_true (bed_record_backup_plan (b->backup, none, BED_BACKUP_DAILY, 2, &error));
  record_forget_events (&b->r);
  g_assert_null (run (b, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_assert_nonnull (bed_record_backup_get_problem (b->backup));
  record_expect (&b->r, "backup-failed\n");
  g_assert_false (bed_record_backup_is_due (b->backup)); /* not again at once */
  record_advance_days (&b->r, 1);
  g_assert_true (bed_record_backup_is_due (b->backup));
  g_assert_cmpint (bed_record_backup_get_last_us (b->backup), ==, 0);
  again = bed_record_backup_new (b->r.store);
  g_assert_true (bed_record_backup_get_failed (again)); /* nobody has to have seen it */
}

/* What was restored or a clock that ran ahead says of a failure is over with the next backup. */
static void
test_fails_ahead (Backup *b, gconstpointer data)
{
  g_autofree char *none = g_build_filename (b->folder, "none", NULL);
  g_autoptr (BedRecordBackup) again = NULL;

  g_assert_true (bed_record_backup_plan (b->backup, b->folder, BED_BACKUP_DAILY, 2, NULL));
  record_advance_days (&b->r, 1);
  g_assert_null (run (b, none, NULL, NULL));
  g_assert_true (bed_record_backup_get_failed (b->backup));
  bed_manual_clock_advance (BED_MANUAL_CLOCK (b->r.base.clock), -G_TIME_SPAN_DAY);
  g_assert_false (bed_record_backup_get_failed (b->backup));
  bed_backup_info_free (make (b));
  record_advance_days (&b->r, 2);
  g_assert_false (bed_record_backup_get_failed (b->backup));
  again = bed_record_backup_new (b->r.store);
  g_assert_false (bed_record_backup_get_failed (again));
}

/* Neither the trail nor the spool takes anything: as with a full disk. */
static void
set_full (Backup *b, gboolean full)
{
  g_autofree char *spool = g_build_filename (b->r.base.directory, "vault.spool", NULL);

  g_assert_true (bed_db_exec (bed_vault_get_db (b->r.base.vault),
                              full ? "CREATE TEMP TRIGGER full BEFORE INSERT ON audit"
                                     " BEGIN SELECT RAISE (ABORT, 'full'); END"
                                   : "DROP TRIGGER temp.full", NULL));
  g_assert_cmpint (full ? g_mkdir (spool, 0700) : g_rmdir (spool), ==, 0);
}

static char *
make_unnoted (Backup *b)
{
  g_autoptr (BedBackupInfo) info = NULL;

  set_full (b, TRUE);
  info = make (b);
  g_assert_nonnull (bed_record_backup_get_unnoted (b->backup));
  set_full (b, FALSE);
  record_expect (&b->r, "");
  return g_path_get_basename (info->path);
}

/* A backup stays, though nothing can tell of it yet, and is not made again each hour. */
static void
test_not_noted (Backup *b, gconstpointer data)
{
  gint64 made_us = bed_clock_get_real_us (b->r.base.clock);
  g_autoptr (BedBackupInfo) next = NULL;
  g_autofree char *name = NULL, *second = NULL, *lines = NULL;

  g_assert_true (bed_record_backup_plan (b->backup, b->folder, BED_BACKUP_DAILY, 1, NULL));
  record_forget_events (&b->r);
  name = make_unnoted (b);
  g_assert_cmpuint (count_backups (b), ==, 1);
  g_assert_cmpint (bed_record_backup_get_last_us (b->backup), ==, made_us);
  g_assert_false (bed_record_backup_get_failed (b->backup));
  g_assert_null (bed_record_backup_get_problem (b->backup));
  g_assert_false (bed_record_backup_is_due (b->backup));
  next = make (b);
  g_assert_null (bed_record_backup_get_unnoted (b->backup));
  second = g_path_get_basename (next->path);
  lines = g_strdup_printf ("backed-up %s\nbacked-up %s\nbackup-removed %s\n", name, second, name);
  record_expect (&b->r, lines);
  record_assert_whole (&b->r);
}

/* The last moment to note it is when the record is locked. */
static void
test_noted_at_lock (Backup *b, gconstpointer data)
{
  gint64 made_us = bed_clock_get_real_us (b->r.base.clock);
  g_autofree char *name = make_unnoted (b), *lines = NULL;

  record_advance_days (&b->r, 1);
  record_reopen (&b->r);
  lines = g_strdup_printf ("locked\nbacked-up %s\nunlocked\n", name);
  record_expect (&b->r, lines);
  g_clear_object (&b->backup);
  b->backup = bed_record_backup_new (b->r.store);
  g_assert_cmpint (bed_record_backup_get_last_us (b->backup), ==, made_us);
}

/* The app lets go of it before it locks. */
static void
test_noted_when_let_go (Backup *b, gconstpointer data)
{
  g_autofree char *name = make_unnoted (b), *lines = NULL;

  g_clear_object (&b->backup);
  record_reopen (&b->r);
  lines = g_strdup_printf ("backed-up %s\nlocked\nunlocked\n", name);
  record_expect (&b->r, lines);
}

static void
count_up (BedRecordStore *store, const GError *error, guint *count)
{
  ++*count;
}

static void
move_values (Backup *b, const char *from, const char *to)
{
  g_autofree char *sql = g_strdup_printf ("ALTER TABLE %s RENAME TO %s", from, to);

  g_assert_true (bed_db_exec (bed_vault_get_db (b->r.base.vault), sql, NULL));
}

/* What could not be read is told, and is not written over when a backup fails then. */
static void
test_unread (Backup *b, gconstpointer data)
{
  g_autofree char *none = g_build_filename (b->folder, "none", NULL);
  gint64 made_us = bed_clock_get_real_us (b->r.base.clock);
  guint told = 0;

  bed_backup_info_free (make (b));
  g_signal_connect (b->r.store, "unread", G_CALLBACK (count_up), &told);
  g_clear_object (&b->backup);
  move_values (b, "record_value", "away");
  for (guint i = 0; i < 5; i++)
    g_test_expect_message (G_LOG_DOMAIN, G_LOG_LEVEL_WARNING,
                           "The plan of the backups could not be read*");
  b->backup = bed_record_backup_new (b->r.store);
  g_test_assert_expected_messages ();
  move_values (b, "away", "record_value");
  while (told == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (bed_record_backup_get_plan_unread (b->backup));
  g_assert_false (bed_record_backup_is_due (b->backup));
  for (guint i = 0; i < BED_BACKUP_KEEP_DEFAULT; i++)
    bed_backup_info_free (make (b));
  g_assert_cmpuint (count_backups (b), ==, 1 + BED_BACKUP_KEEP_DEFAULT);
  made_us = bed_record_backup_get_last_us (b->backup);
  g_assert_null (run (b, none, NULL, NULL));
  g_clear_object (&b->backup);
  b->backup = bed_record_backup_new (b->r.store);
  g_assert_false (bed_record_backup_get_plan_unread (b->backup));
  g_assert_cmpint (bed_record_backup_get_last_us (b->backup), ==, made_us);
  g_assert_true (bed_record_backup_get_failed (b->backup));
}

/* Another folder is another plan: what went wrong with the first one is over. */
static void
test_other_plan (Backup *b, gconstpointer data)
{
  g_autofree char *none = g_build_filename (b->folder, "none", NULL);
  g_autoptr (BedRecordBackup) again = NULL;

  g_assert_true (bed_record_backup_plan (b->backup, none, BED_BACKUP_DAILY, 2, NULL));
  g_assert_null (run (b, NULL, NULL, NULL));
  g_assert_true (bed_record_backup_get_failed (b->backup));
  g_assert_true (bed_record_backup_plan (b->backup, b->folder, BED_BACKUP_DAILY, 2, NULL));
  g_assert_false (bed_record_backup_get_failed (b->backup));
  g_assert_null (bed_record_backup_get_problem (b->backup));
  g_assert_true (bed_record_backup_is_due (b->backup));
  again = bed_record_backup_new (b->r.store);
  g_assert_false (bed_record_backup_get_failed (again));
}

static void
cancel_it (BedRecordBackup *backup, GParamSpec *pspec, gpointer cancellable)
{
  if (bed_record_backup_get_fraction (backup) > 0)
    g_cancellable_cancel (cancellable);
}

static void
test_cancel (Backup *b, gconstpointer data)
{
  g_autoptr (GCancellable) during = g_cancellable_new ();
  g_autoptr (GCancellable) before = g_cancellable_new ();
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (before);
  g_assert_null (run (b, b->folder, before, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_signal_connect (b->backup, "notify::fraction", G_CALLBACK (cancel_it), during);
  g_assert_null (run (b, b->folder, during, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_files (b->folder), ==, 0);
  g_assert_null (bed_record_backup_get_problem (b->backup));
  g_assert_false (bed_record_backup_get_running (b->backup));
  record_expect (&b->r, "");
}

static void
stop_it (BedRecordBackup *backup)
{
  if (bed_record_backup_get_fraction (backup) > 0)
    bed_record_backup_stop (backup);
}

static void
count_it (guint *n)
{
  *n += 1;
}

/* Who stops a planned one does not see it begin again at once. */
static void
test_stop (Backup *b, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  gulong stopping;
  guint told = 0;

  bed_record_backup_stop (b->backup); /* there is none */
  g_assert_true (bed_record_backup_plan (b->backup, b->folder, BED_BACKUP_DAILY, 2, NULL));
  g_assert_true (bed_record_backup_is_due (b->backup));
  g_signal_connect_swapped (b->backup, "stopped", G_CALLBACK (count_it), &told);
  stopping = g_signal_connect (b->backup, "notify::fraction", G_CALLBACK (stop_it), NULL);
  g_assert_null (run (b, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (told, ==, 1);
  g_assert_cmpuint (count_files (b->folder), ==, 0);
  g_assert_false (bed_record_backup_get_failed (b->backup));
  g_assert_false (bed_record_backup_is_due (b->backup));
  bed_manual_clock_advance (BED_MANUAL_CLOCK (b->r.base.clock), G_TIME_SPAN_HOUR);
  g_assert_true (bed_record_backup_is_due (b->backup));
  g_signal_handler_disconnect (b->backup, stopping);
  bed_backup_info_free (make (b));
  g_assert_cmpuint (count_backups (b), ==, 1);
  g_assert_cmpuint (told, ==, 1);
}

/* Locked in the middle: it stops, and nothing stays. */
static void
test_locked (Backup *b, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  bed_record_backup_run_async (b->backup, b->folder, NULL, record_keep_result, &result);
  bed_vault_lock (b->r.base.vault);
  g_assert_null (bed_record_backup_run_finish (b->backup, record_wait (&result), &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (count_files (b->folder), ==, 0);
}

/* What a power cut left behind is not taken for a backup, and is gone after the next one. */
static void
test_partial (Backup *b, gconstpointer data)
{
  g_autofree char *left = g_build_filename (b->folder, ".bedside-record-1.partial", NULL);
  g_autofree char *file = g_build_filename (left, "vault.db.0011aabb", NULL);
  g_autofree char *own = g_build_filename (b->folder, "holiday.png", NULL);

  g_assert_cmpint (g_mkdir (left, 0700), ==, 0);
  g_assert_true (g_file_set_contents (file, "x", 1, NULL));
  g_assert_true (g_file_set_contents (own, "x", 1, NULL));
  g_assert_cmpuint (count_backups (b), ==, 0);
  bed_backup_info_free (make (b));
  g_assert_cmpuint (count_backups (b), ==, 1);
  g_assert_cmpuint (count_files (b->folder), ==, 2);
  g_assert_true (g_file_test (own, G_FILE_TEST_EXISTS));
}

/* --- Restore ---------------------------------------------------------------------------------- */

static gboolean
restore (Backup *b, const char *path, const char *directory, const char *passphrase,
         BedRestoreFlags flags, char **set_aside, GError **error)
{
  g_autoptr (BedSecret) secret = bed_secret_new (passphrase, strlen (passphrase));
  g_autoptr (GAsyncResult) result = NULL;

  bed_record_restore_async (path, directory, b->r.base.clock, "dr-1",
                            strcmp (passphrase, b->r.base.recovery) == 0 ? BED_RESTORE_RECOVERY
                                                                         : BED_RESTORE_PASSPHRASE,
                            secret, flags, NULL, NULL, NULL, record_keep_result, &result);
  return bed_record_restore_finish (record_wait (&result), set_aside, error);
}

/* Opens what lies in a directory; how many notes it has. */
static guint
count_notes (Backup *b, const char *directory, const char *last_event)
{
  g_autoptr (BedVault) vault = bed_vault_new (directory, b->r.base.clock, &cheap);
  g_autoptr (BedRecordStore) store = NULL;
  g_autoptr (GListModel) notes = NULL;
  g_autoptr (GError) error = NULL;
  BedAuditVerdict verdict;
  guint64 position;
  guint n;

  fixture_unlock (vault, PASSPHRASE);
  store = bed_record_store_open (vault, b->r.base.clock, "dr-1", &error);
  g_assert_no_error (error);
  notes = bed_record_store_list_notes (store, 0);
  n = g_list_model_get_n_items (notes);
  g_assert_true (bed_audit_log_verify (bed_record_store_get_audit (store), NULL, &verdict,
                                       &position, NULL));
  g_assert_cmpint (verdict, ==, BED_AUDIT_INTACT);
  if (last_event != NULL)
    {
      Record look = { .store = store };
      BedAuditHead head;
      g_assert_true (bed_audit_log_get_head (bed_record_store_get_audit (store), &head, NULL));
      look.seen = head.sequence - 4;
      record_expect (&look, last_event);
    }
  bed_vault_lock (vault);
  return n;
}

static void
test_restore_new (Backup *b, gconstpointer data)
{
  g_autoptr (BedBackupInfo) info = make (b);
  g_autofree char *name = g_path_get_basename (info->path);
  g_autofree char *fresh = g_build_filename (b->folder, "profile", NULL);
  g_autofree char *events = g_strdup_printf ("unlocked\nrestored %s\nlocked\nunlocked\n", name);
  g_autofree char *set_aside = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (restore (b, info->path, fresh, "wrong", BED_RESTORE_NONE, NULL, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET);
  g_clear_error (&error);
  g_assert_cmpuint (count_files (b->folder), ==, 1);
  g_assert_true (restore (b, info->path, fresh, b->r.base.recovery, BED_RESTORE_NONE, &set_aside,
                          &error));
  g_assert_no_error (error);
  g_assert_null (set_aside);
  g_assert_cmpuint (count_notes (b, fresh, events), ==, 1);
  g_assert_cmpuint (count_files (b->folder), ==, 2);
}

static void
test_restore_replace (Backup *b, gconstpointer data)
{
  g_autofree char *profile = g_build_filename (b->r.base.directory, "profile.json", NULL);
  g_autoptr (BedBackupInfo) info = make (b);
  g_autofree char *set_aside = NULL;
  g_autofree char *carried = NULL;
  g_autoptr (GError) error = NULL;
  const char *directory = b->r.base.directory;

  g_assert_true (g_file_set_contents (profile, "{}", -1, NULL));
  g_object_unref (record_add_note (&b->r, bed_encounter_get_id (b->visit), "second"));
  g_assert_false (restore (b, info->path, directory, PASSPHRASE, 3, NULL, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_IN_USE);
  g_clear_error (&error);
  close_record (b);
  g_assert_false (restore (b, info->path, directory, PASSPHRASE, BED_RESTORE_NONE, NULL, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_EXISTS);
  g_clear_error (&error);
  g_assert_false (restore (b, info->path, directory, PASSPHRASE, BED_RESTORE_REPLACE, NULL,
                           &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_OLDER);
  g_clear_error (&error);
  g_assert_cmpuint (count_notes (b, directory, NULL), ==, 2);
  g_assert_true (restore (b, info->path, directory, PASSPHRASE,
                          BED_RESTORE_REPLACE | BED_RESTORE_OLDER, &set_aside, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_notes (b, directory, NULL), ==, 1);
  g_assert_cmpuint (count_notes (b, set_aside, NULL), ==, 2);
  g_assert_true (g_file_get_contents (profile, &carried, NULL, NULL));
  g_assert_cmpstr (carried, ==, "{}");
  fixture_remove (set_aside);
}

typedef struct
{
  const char *event, *subject;
  gboolean found;
} Wanted;

static gboolean
is_wanted (const BedAuditEntry *entry, gpointer user_data)
{
  Wanted *wanted = user_data;

  wanted->found |= g_str_equal (bed_audit_event_get_name (entry->event), wanted->event)
                   && g_str_equal (entry->subject, wanted->subject);
  return TRUE;
}

static void
expect_event (Backup *b, const char *directory, const char *event, const char *subject)
{
  g_autoptr (BedVault) vault = bed_vault_new (directory, b->r.base.clock, &cheap);
  g_autoptr (BedRecordStore) store = NULL;
  Wanted wanted = { .event = event, .subject = subject };

  fixture_unlock (vault, PASSPHRASE);
  store = bed_record_store_open (vault, b->r.base.clock, "dr-1", NULL);
  g_assert_true (bed_audit_log_each (bed_record_store_get_audit (store), 1, is_wanted, &wanted, NULL));
  g_assert_true (wanted.found);
  bed_vault_lock (vault);
}

static char *
make_beside (const char *directory, const char *ending)
{
  char *path = g_strconcat (directory, ending, NULL);

  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *file = g_build_filename (path, i == 0 ? "vault.keys" : "vault.db", NULL);

      g_mkdir_with_parents (path, 0700);
      g_assert_true (g_file_set_contents (file, "sealed", -1, NULL));
    }
  return path;
}

/* What was cut off goes at the next start; what goes on, and what is nobody's to clear, stays. */
static void
test_clear_restoring (Backup *b, gconstpointer data)
{
  const char *directory = b->r.base.directory;
  g_autofree char *left = make_beside (directory, ".restoring-20260101-120000-ab12");
  g_autofree char *going_on = make_beside (directory, ".restoring-20260101-120001-ab13");
  g_autofree char *aside = make_beside (directory, ".set-aside-20260101-120000-ab12");
  g_autofree char *other = make_beside (directory, ".restoring-notes");
  const char *const kept[] = { going_on, aside, other };
  int fd = open (going_on, O_RDONLY | O_DIRECTORY);

  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);
  bed_record_clear_restoring (directory);
  g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    g_assert_true (g_file_test (kept[i], G_FILE_TEST_IS_DIR));
  close (fd);
  bed_record_clear_restoring (directory);
  g_assert_false (g_file_test (going_on, G_FILE_TEST_EXISTS));
  close_record (b);
  g_assert_cmpuint (count_notes (b, directory, NULL), ==, 1);
  fixture_remove (aside);
  fixture_remove (other);
}

static gboolean
is_whole (const char *directory)
{
  g_autoptr (GPtrArray) kept = bed_record_list_set_aside (directory);

  g_assert_cmpuint (kept->len, ==, 1);
  return ((const BedSetAside *) g_ptr_array_index (kept, 0))->whole;
}

/* What is not removed is not noted as removed; what is not noted is not removed; and what is left of
 * one is in the list. */
static void
expect_removal_refused (Backup *b, const char *directory, const char *path)
{
  g_autofree char *in_the_way = g_build_filename (path, "vault.keys.removed", NULL);
  g_autofree char *deep = g_build_filename (path, "folder", NULL);
  g_autofree char *spool = g_build_filename (directory, "vault.spool", NULL);
  g_autofree char *link = g_strconcat (path, "-link", NULL);

  g_assert_cmpint (symlink (b->folder, link), ==, 0); /* named like one, and leads elsewhere */
  g_assert_true (is_whole (directory));
  g_assert_false (bed_record_remove_set_aside (directory, link, b->r.base.clock, NULL));
  g_assert_cmpint (g_unlink (link), ==, 0);
  g_assert_cmpint (g_mkdir (in_the_way, 0700), ==, 0);
  g_assert_false (bed_record_remove_set_aside (directory, path, b->r.base.clock, NULL));
  g_assert_cmpint (g_rmdir (in_the_way), ==, 0);
  g_assert_false (g_file_test (spool, G_FILE_TEST_EXISTS));
  g_assert_true (is_whole (directory));
  g_assert_cmpint (g_mkdir (spool, 0700), ==, 0);
  g_assert_false (bed_record_remove_set_aside (directory, path, b->r.base.clock, NULL));
  g_assert_cmpint (g_rmdir (spool), ==, 0);
  g_assert_true (is_whole (directory));
  g_assert_cmpint (g_mkdir (deep, 0700), ==, 0);
  g_assert_false (bed_record_remove_set_aside (directory, path, b->r.base.clock, NULL));
  g_assert_false (is_whole (directory));
  g_assert_false (bed_record_put_back (directory, path, b->r.base.clock, NULL));
  g_assert_cmpint (g_rmdir (deep), ==, 0);
}

/* What a restoring set aside comes back, and what it replaces is kept in its turn. */
static void
test_put_back (Backup *b, gconstpointer data)
{
  g_autoptr (BedBackupInfo) info = make (b);
  g_autoptr (GPtrArray) kept = NULL;
  g_autofree char *set_aside = NULL, *name = NULL, *elsewhere = NULL, *spool = NULL;
  g_autoptr (GError) error = NULL;
  const char *directory = b->r.base.directory;
  const BedSetAside *entry;

  g_object_unref (record_add_note (&b->r, bed_encounter_get_id (b->visit), "second"));
  elsewhere = g_build_filename (b->folder, "other", NULL);
  g_assert_false (bed_record_put_back (directory, elsewhere, b->r.base.clock, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_FOUND);
  g_clear_error (&error);
  close_record (b);
  g_assert_true (restore (b, info->path, directory, PASSPHRASE, 3, &set_aside, &error));
  g_assert_no_error (error);
  kept = bed_record_list_set_aside (directory);
  g_assert_cmpuint (kept->len, ==, 1);
  entry = g_ptr_array_index (kept, 0);
  g_assert_cmpstr (entry->path, ==, set_aside);
  g_assert_cmpint (entry->until_us / G_USEC_PER_SEC, ==,
                   bed_clock_get_real_us (b->r.base.clock) / G_USEC_PER_SEC);
  spool = g_build_filename (set_aside, "vault.spool", NULL);
  g_assert_cmpint (g_mkdir (spool, 0700), ==, 0);
  g_assert_false (bed_record_put_back (directory, set_aside, b->r.base.clock, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_IO);
  g_clear_error (&error);
  g_assert_cmpuint (count_notes (b, directory, NULL), ==, 1); /* not noted, not done */
  g_assert_cmpint (g_rmdir (spool), ==, 0);
  g_assert_true (bed_record_put_back (directory, set_aside, b->r.base.clock, &error));
  g_assert_no_error (error);
  name = g_path_get_basename (set_aside);
  expect_event (b, directory, "restore-begun", strstr (name, "set-aside"));
  expect_event (b, directory, "restored", strstr (name, "set-aside"));
  g_assert_cmpuint (count_notes (b, directory, NULL), ==, 2);
  g_clear_pointer (&kept, g_ptr_array_unref);
  kept = bed_record_list_set_aside (directory);
  g_assert_cmpuint (kept->len, ==, 1);
  entry = g_ptr_array_index (kept, 0);
  g_assert_cmpuint (count_notes (b, entry->path, NULL), ==, 1);
  g_assert_false (bed_record_remove_set_aside (directory, directory, b->r.base.clock, NULL));
  expect_removal_refused (b, directory, entry->path);
  g_assert_true (bed_record_remove_set_aside (directory, entry->path, b->r.base.clock, &error));
  g_assert_no_error (error);
  g_free (name);
  name = g_path_get_basename (entry->path);
  expect_event (b, directory, "backup-removed", strstr (name, "set-aside"));
  g_assert_false (g_file_test (entry->path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_notes (b, directory, NULL), ==, 2);
}

/* What waits in the spool has happened, and comes along. */
static void
test_restore_spool (Backup *b, gconstpointer data)
{
  g_autoptr (BedBackupInfo) info = make (b);
  g_autofree char *name = g_path_get_basename (info->path);
  g_autoptr (GBytes) failed = bed_audit_event_pack (5, BED_AUDIT_UNLOCK_FAILED, NULL);
  g_autofree char *events = NULL;
  g_autofree char *set_aside = NULL;
  g_autoptr (GError) error = NULL;

  close_record (b);
  g_assert_true (bed_vault_spool_append (b->r.base.vault, failed, NULL));
  g_assert_true (restore (b, info->path, b->r.base.directory, PASSPHRASE, 3, &set_aside, &error));
  g_assert_no_error (error);
  events = g_strdup_printf ("unlocked\nrestored %s\nlocked\nunlocked\n", name);
  count_notes (b, b->r.base.directory, events);
  fixture_unlock (b->r.base.vault, PASSPHRASE);
  b->r.store = record_open (&b->r);
  b->r.seen = info->trail;
  g_free (events);
  events = g_strdup_printf ("unlock-failed\nunlocked\nrestored %s\nlocked\nunlocked\nlocked\n"
                            "unlocked\n", name);
  record_expect (&b->r, events);
  fixture_remove (set_aside);
}

static void
expect_damaged (Backup *b, const char *path, const char *what)
{
  g_autofree char *fresh = g_build_filename (b->folder, "profile", NULL);
  g_autoptr (GError) error = NULL;

  g_test_message ("%s", what);
  g_assert_null (bed_backup_info_read (path, NULL));
  g_assert_false (restore (b, path, fresh, PASSPHRASE, BED_RESTORE_NONE, NULL, &error));
  g_assert_cmpint (error->domain, ==, BED_RECORD_ERROR);
  g_assert_false (g_file_test (fresh, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_files (b->folder), ==, 1);
}

/* One byte anywhere in any of the files; a file that is missing or short. */
static void
test_restore_damaged (Backup *b, gconstpointer data)
{
  static const char *const names[] = { "vault.keys", "vault.db", "backup.ini" };
  g_autoptr (BedBackupInfo) info = make (b);
  g_autoptr (BedBackupInfo) whole = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (info->path, names[i], NULL);
      g_autofree char *content = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (path, &content, &length, NULL));
      for (gsize at = i == 2 ? length - 70 : 0; at < length; at += MAX (length / 7, 1))
        {
          content[at] ^= 1;
          g_assert_true (g_file_set_contents (path, content, (gssize) length, NULL));
          content[at] ^= 1;
          expect_damaged (b, info->path, names[i]);
        }
      g_assert_true (g_file_set_contents (path, content, (gssize) length / 2, NULL));
      expect_damaged (b, info->path, "short");
      g_assert_cmpint (g_unlink (path), ==, 0);
      expect_damaged (b, info->path, "missing");
      g_assert_true (g_file_set_contents (path, content, (gssize) length, NULL));
    }
  whole = bed_backup_info_read (info->path, NULL);
  g_assert_nonnull (whole);
}

static void
test_restore_newer (Backup *b, gconstpointer data)
{
  g_autofree char *fresh = g_build_filename (b->folder, "profile", NULL);
  g_autoptr (BedBackupInfo) info = NULL;
  g_autofree char *manifest = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (bed_db_exec (bed_vault_get_db (b->r.base.vault), "PRAGMA user_version = 1000",
                              NULL));
  info = make (b);
  g_assert_false (restore (b, info->path, fresh, PASSPHRASE, BED_RESTORE_NONE, NULL, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NEWER);
  g_clear_error (&error);
  manifest = g_build_filename (info->path, "backup.ini", NULL);
  g_assert_true (g_file_set_contents (manifest, "[Bedside backup]\nversion=2\n", -1, NULL));
  g_assert_false (restore (b, info->path, fresh, PASSPHRASE, BED_RESTORE_NONE, NULL, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NEWER);
  g_assert_cmpuint (count_files (b->folder), ==, 1);
}

static void
test_manifest (void)
{
  BedBackupManifest one = { .info = { .made_us = 5, .commits = G_MAXINT64, .notes = 7 } };
  BedBackupManifest two;
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;

  strcpy (one.info.vault_id, "00112233445566778899aabbccddeeff");
  memset (one.db_hash, 0xa5, sizeof one.db_hash);
  text = bed_backup_manifest_write (&one);
  g_assert_true (bed_backup_manifest_parse (text, strlen (text), &two, NULL));
  again = bed_backup_manifest_write (&two);
  g_assert_cmpstr (text, ==, again);
  /* Without its last line end it is the same; without more it is none. */
  for (gsize cut = 0; cut + 1 < strlen (text); cut++)
    g_assert_false (bed_backup_manifest_parse (text, cut, &two, NULL));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Backup, NULL, set_up, function, tear_down)
  ADD ("/records/backup/make", test_make);
  ADD ("/records/backup/clear-restoring", test_clear_restoring);
  ADD ("/records/backup/keep", test_keep);
  ADD ("/records/backup/due", test_due);
  ADD ("/records/backup/other-plan", test_other_plan);
  ADD ("/records/backup/fails", test_fails);
  ADD ("/records/backup/fails-ahead", test_fails_ahead);
  ADD ("/records/backup/not-noted", test_not_noted);
  ADD ("/records/backup/noted-at-lock", test_noted_at_lock);
  ADD ("/records/backup/noted-when-let-go", test_noted_when_let_go);
  ADD ("/records/backup/unread", test_unread);
  ADD ("/records/backup/cancel", test_cancel);
  ADD ("/records/backup/stop", test_stop);
  ADD ("/records/backup/locked", test_locked);
  ADD ("/records/backup/partial", test_partial);
  ADD ("/records/restore/new", test_restore_new);
  ADD ("/records/restore/replace", test_restore_replace);
  ADD ("/records/restore/put-back", test_put_back);
  ADD ("/records/restore/spool", test_restore_spool);
  ADD ("/records/restore/damaged", test_restore_damaged);
  ADD ("/records/restore/newer", test_restore_newer);
  g_test_add_func ("/records/backup/manifest", test_manifest);
  return g_test_run ();
}
