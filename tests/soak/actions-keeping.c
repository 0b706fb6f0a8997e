/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-soak.h"

#include <glib/gstdio.h>
#include <string.h>

#include "bed-record-backup.h"
#include "bed-record-set-aside.h"
#include "bed-record-trail.h"
#include "bed-retention.h"

#define START_US G_GINT64_CONSTANT (1750000000000000)

typedef struct
{
  BedClock *clock;
  BedVault *vault;
  BedRecordStore *store;
} Keeping;

/* The clock stands at second `at`: names of backups go by it. */
static void
keeping_open (Keeping *self, const char *dir, guint32 at)
{
  g_autoptr (GError) error = NULL;

  self->clock = bed_manual_clock_new (0, START_US + (gint64) at * G_USEC_PER_SEC);
  self->vault = soak_open_vault (dir);
  self->store = bed_record_store_open (self->vault, self->clock, "dr-1", &error);
  g_assert_no_error (error);
}

static void
keeping_close (Keeping *self)
{
  bed_vault_lock (self->vault);
  g_clear_object (&self->store);
  g_clear_object (&self->vault);
  g_clear_object (&self->clock);
}

static guint
count (Keeping *self, const char *sql)
{
  return (guint) soak_ask (self->vault, sql);
}

static gint64
add_patient (Keeping *self)
{
  g_autoptr (BedPatient) patient = bed_patient_new ("A Patient");
  g_autoptr (GError) error = NULL;

  bed_record_store_save_patient (self->store, patient, &error);
  g_assert_no_error (error);
  return bed_patient_get_id (patient);
}

/* Pages, chain, and the records of erasures with it. */
static void
assert_kept (Keeping *self)
{
  g_autoptr (GAsyncResult) result = NULL;
  BedTrailReport report;
  g_autoptr (GError) error = NULL;

  soak_assert_whole (self->vault);
  bed_record_store_verify_trail_async (self->store, NULL, NULL, NULL, fixture_keep_result, &result);
  bed_record_store_verify_trail_finish (self->store, fixture_wait (&result), &report, &error);
  g_assert_no_error (error);
  g_assert_cmpint (report.verdict, ==, BED_AUDIT_INTACT);
}

/* --- Backup: number i holds i patients ---------------------------------------------------------- */

static void
prepare_backup (const char *dir)
{
  g_autofree char *folder = g_build_filename (dir, "backups", NULL);

  soak_make_vault (dir, NULL);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
}

static void
back_up (Keeping *self, const char *folder)
{
  g_autoptr (BedRecordBackup) backup = bed_record_backup_new (self->store);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (BedBackupInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  bed_record_backup_plan (backup, folder, BED_BACKUP_NEVER, 3, &error);
  g_assert_no_error (error);
  bed_record_backup_run_async (backup, NULL, NULL, fixture_keep_result, &result);
  info = bed_record_backup_run_finish (backup, fixture_wait (&result), &error);
  g_assert_no_error (error);
}

static void
run_backup (const char *dir, guint32 from, int fd)
{
  g_autofree char *folder = g_build_filename (dir, "backups", NULL);
  Keeping keeping = { 0 };

  keeping_open (&keeping, dir, from);
  for (guint32 i = from;; i++)
    {
      while (count (&keeping, "SELECT count (*) FROM patient") < i)
        add_patient (&keeping);
      back_up (&keeping, folder);
      bed_manual_clock_advance (BED_MANUAL_CLOCK (keeping.clock), G_USEC_PER_SEC);
      soak_tell (fd, i);
    }
}

/* What bears the name of a backup is whole. */
static guint32
check_backup (const char *dir, guint32 told)
{
  g_autofree char *folder = g_build_filename (dir, "backups", NULL);
  g_autoptr (GPtrArray) found = bed_backup_list (folder, NULL);
  Keeping keeping = { 0 };
  guint32 newest;

  g_assert_nonnull (found);
  for (guint i = 0; i < found->len; i++)
    {
      const BedBackupInfo *info = found->pdata[i];
      g_autoptr (GError) error = NULL;
      g_autoptr (BedBackupInfo) read = bed_backup_info_read (info->path, &error);
      g_assert_no_error (error);
    }
  newest = found->len > 0 ? (guint32) ((BedBackupInfo *) found->pdata[0])->patients : 0;
  g_assert_cmpuint (newest, >=, told);
  g_assert_cmpuint (newest, <=, told + 1);
  g_assert_cmpuint (found->len, >=, MIN (told, 3));
  keeping_open (&keeping, dir, newest);
  assert_kept (&keeping);
  keeping_close (&keeping);
  return newest;
}

/* --- Restore: over the profile, again and again -------------------------------------------------- */

static void
prepare_restore (const char *dir)
{
  g_autofree char *profile = g_build_filename (dir, "profile", NULL);
  g_autofree char *folder = g_build_filename (dir, "backups", NULL);
  Keeping keeping = { 0 };

  soak_make_vault (profile, NULL);
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  keeping_open (&keeping, profile, 0);
  add_patient (&keeping);
  back_up (&keeping, folder);
  add_patient (&keeping);
  keeping_close (&keeping);
}

static void
restore (const char *profile, const char *folder)
{
  g_autoptr (BedClock) clock = bed_manual_clock_new (0, START_US);
  g_autoptr (GPtrArray) found = bed_backup_list (folder, NULL);
  g_autoptr (BedSecret) secret = bed_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (found->len, ==, 1);
  bed_record_restore_async (((BedBackupInfo *) found->pdata[0])->path, profile, clock, "dr-1",
                            BED_RESTORE_PASSPHRASE, secret, BED_RESTORE_REPLACE | BED_RESTORE_OLDER,
                            NULL, NULL, NULL, fixture_keep_result, &result);
  bed_record_restore_finish (fixture_wait (&result), NULL, &error);
  g_assert_no_error (error);
}

static void
run_restore (const char *dir, guint32 from, int fd)
{
  g_autofree char *profile = g_build_filename (dir, "profile", NULL);
  g_autofree char *folder = g_build_filename (dir, "backups", NULL);

  for (guint32 i = from;; i++)
    {
      restore (profile, folder);
      soak_tell (fd, i);
    }
}

/* Asserts that it is whole. Returns: its patients. */
static guint
count_patients (const char *profile)
{
  Keeping keeping = { 0 };
  guint patients;

  keeping_open (&keeping, profile, 1);
  assert_kept (&keeping);
  patients = count (&keeping, "SELECT count (*) FROM patient");
  keeping_close (&keeping);
  return patients;
}

/* Of what lies beside the profile, so that the next look begins with none; what was cut off in the
 * middle is gone already. */
static void
remove_beside (const char *dir)
{
  g_autoptr (GDir) names = g_dir_open (dir, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (names)) != NULL)
    if (g_str_has_prefix (name, "profile."))
      {
        g_assert_false (g_str_has_prefix (name, "profile.restoring"));
        g_autofree char *path = g_build_filename (dir, name, NULL);
        fixture_remove (path);
      }
}

/* Each restoring that was told of has set a whole record aside, where the app finds it; one more
 * may have before it could be told. The record of two patients that was there at first, before it
 * was set aside and removed here, is in exactly one of these places. */
static guint32
check_restore (const char *dir, guint32 told)
{
  static guint32 before;
  static gboolean first_is_gone;
  g_autofree char *profile = g_build_filename (dir, "profile", NULL);
  g_autoptr (GPtrArray) list = bed_record_list_set_aside (profile);
  guint patients;
  guint first;

  bed_record_clear_restoring (profile);
  patients = count_patients (profile);
  first = patients == 2 ? 1 : 0;
  g_assert_cmpuint (patients, >=, 1);
  g_assert_true (told == 0 || patients == 1);
  g_assert_cmpuint (list->len, >=, told - before);
  g_assert_cmpuint (list->len, <=, told - before + 1);
  for (guint i = 0; i < list->len; i++)
    {
      guint aside = count_patients (((BedSetAside *) list->pdata[i])->path);

      g_assert_cmpuint (aside, >=, 1);
      first += aside == 2 ? 1 : 0;
    }
  g_assert_cmpuint (first, ==, first_is_gone ? 0 : 1);
  first_is_gone = patients != 2;
  before = told;
  remove_beside (dir);
  return told;
}

/* --- Erasure: number i is the i-th record of one ------------------------------------------------- */

static void
prepare_erasure (const char *dir)
{
  soak_make_vault (dir, NULL);
}

static void
erase_deleted (Keeping *self)
{
  g_autoptr (GListModel) deleted = bed_record_store_list_deleted (self->store, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  bed_record_store_erase_async (self->store, deleted, NULL, fixture_keep_result, &result);
  bed_record_store_erase_finish (self->store, fixture_wait (&result), &error);
  g_assert_no_error (error);
}

static void
run_erasure (const char *dir, guint32 from, int fd)
{
  Keeping keeping = { 0 };

  keeping_open (&keeping, dir, from);
  for (guint32 i = from;; i++)
    {
      if (count (&keeping, "SELECT count (*) FROM patient") == 0)
        add_patient (&keeping);
      if (count (&keeping, "SELECT count (*) FROM patient WHERE deleted_us IS NULL") == 1)
        g_assert_true (bed_record_store_delete_patient (
            keeping.store, (gint64) count (&keeping, "SELECT id FROM patient"), NULL));
      erase_deleted (&keeping);
      soak_tell (fd, i);
    }
}

/* A patient is there, or there is a record of their erasure: never neither, never both. */
static guint32
check_erasure (const char *dir, guint32 told)
{
  Keeping keeping = { 0 };
  guint32 erased;

  keeping_open (&keeping, dir, told);
  assert_kept (&keeping);
  erased = count (&keeping, "SELECT count (*) FROM statement");
  g_assert_cmpuint (erased, ==, count (&keeping, "SELECT count (*) FROM erasure WHERE kind = 0"));
  g_assert_cmpuint (count (&keeping, "SELECT count (*) FROM audit WHERE event = 20"), ==,
                    erased + count (&keeping, "SELECT count (*) FROM patient"));
  g_assert_cmpuint (erased, >=, told);
  g_assert_cmpuint (erased, <=, told + 1);
  keeping_close (&keeping);
  return erased;
}

const BedSoakAction soak_backup = { "backup", 120000, prepare_backup, run_backup, check_backup };
const BedSoakAction soak_restore
    = { "restore", 1500000, prepare_restore, run_restore, check_restore };
const BedSoakAction soak_erasure
    = { "erasure", 120000, prepare_erasure, run_erasure, check_erasure };
