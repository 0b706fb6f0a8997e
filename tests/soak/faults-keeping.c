/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "faults.h"

#include <glib/gstdio.h>
#include <string.h>

#include "bed-attachment.h"
#include "bed-calendar.h"
#include "bed-export-file.h"
#include "bed-note-export.h"
#include "bed-record-backup.h"
#include "bed-record-export.h"
#include "bed-record-set-aside.h"
#include "bed-record-trail.h"
#include "export-fixture.h"
#include "io-hooks.h"

#define EXPORT_SECRET "seven small boats"

static const BedHandoverOptions options = {
  .words = &export_words_english,
  .account = "dr-1",
  .name = FAULT_AUTHOR,
  .clinic = "Riverside Family Practice",
};

/* --- Handing over ------------------------------------------------------------------------------- */

static char *
out_path (FaultPlace *place)
{
  return g_build_filename (place->dir, "out", "export", NULL);
}

static gboolean
save (FaultPlace *place, BedExportFormat format, GError **error)
{
  g_autofree char *path = out_path (place);

  return bed_note_export_save (place->store, FAULT_SIGNED_NOTE, format, BED_PAPER_A4, &options,
                               path, error);
}

static gboolean
act_pdf (FaultPlace *place, GError **error)
{
  return save (place, BED_EXPORT_PDF, error);
}

static gboolean
act_fhir (FaultPlace *place, GError **error)
{
  return save (place, BED_EXPORT_FHIR, error);
}

static gboolean
act_text (FaultPlace *place, GError **error)
{
  return save (place, BED_EXPORT_TEXT, error);
}

static gboolean
act_trail (FaultPlace *place, GError **error)
{
  g_autofree char *path = out_path (place);
  g_autoptr (GAsyncResult) result = NULL;

  bed_record_store_export_trail_async (place->store, path, BED_AUDIT_FORMAT_CSV, NULL, NULL, NULL,
                                       NULL, fixture_keep_result, &result);
  return bed_record_store_export_trail_finish (place->store, fixture_wait (&result), error);
}

static gboolean
act_save_file (FaultPlace *place, GError **error)
{
  g_autofree char *path = out_path (place);

  return bed_record_store_save_attachment (place->store, FAULT_FILE_ID, path, error);
}

static gboolean
act_calendar (FaultPlace *place, GError **error)
{
  const BedCalendarEvent event = {
    .room = "a-room", .starts_s = 1750003200, .ends_s = 1750005000, .summary = "Video consultation",
  };
  g_autofree char *path = out_path (place);
  g_autofree char *text = bed_calendar_new (&event, bed_clock_get_real_us (place->clock), error);

  return text != NULL && bed_export_file_save (path, text, strlen (text), error);
}

static gboolean
act_erasures (FaultPlace *place, GError **error)
{
  g_autofree char *path = out_path (place);

  return bed_record_store_export_statements (place->store, "erasure", path, error);
}

static gboolean
act_export_all (FaultPlace *place, GError **error)
{
  g_autofree char *path = out_path (place);
  g_autoptr (BedSecret) secret = bed_secret_new (EXPORT_SECRET, strlen (EXPORT_SECRET));
  g_autoptr (GAsyncResult) result = NULL;

  bed_record_export_async (place->store, 0, path, secret, BED_PAPER_A4, &options, NULL, NULL, NULL,
                           fixture_keep_result, &result);
  return bed_record_export_finish (place->store, fixture_wait (&result), NULL, error);
}

/* The file has its name when it is whole. */
static void
look_at_export (FaultPlace *place, gboolean done)
{
  g_autofree char *path = out_path (place);
  g_autofree char *bytes = NULL;
  gsize length = 0;

  if (g_file_get_contents (path, &bytes, &length, NULL))
    g_assert_cmpuint (length, >, 300);
  else
    g_assert_false (done);
}

/* Of these the beginning and the end are known. */
static void
look_at_text (FaultPlace *place, gboolean done, const char *first, const char *last)
{
  g_autofree char *path = out_path (place);
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    {
      g_assert_false (done);
      return;
    }
  g_assert_true (g_str_has_prefix (text, first));
  g_assert_nonnull (strstr (text, last));
}

static void
look_at_calendar (FaultPlace *place, gboolean done)
{
  look_at_text (place, done, "BEGIN:VCALENDAR", "END:VCALENDAR");
}

static void
look_at_erasures (FaultPlace *place, gboolean done)
{
  look_at_text (place, done, "erasure: ", "\nhash: ");
}

static void
look_at_file (FaultPlace *place, gboolean done)
{
  g_autofree char *path = out_path (place);
  g_autofree char *bytes = NULL;

  if (g_file_get_contents (path, &bytes, NULL, NULL))
    g_assert_cmpstr (bytes, ==, FAULT_FILE);
  else
    g_assert_false (done);
}

/* The trail with its last line, and nothing beside it. */
static void
look_at_trail (FaultPlace *place, gboolean done)
{
  g_autofree char *folder = g_build_filename (place->dir, "out", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name = g_dir_read_name (dir);

  if (name != NULL)
    {
      look_at_export (place, done);
      g_assert_cmpstr (name, ==, "export");
      g_assert_null (g_dir_read_name (dir));
    }
  else
    g_assert_false (done);
}

/* --- Backup and restore ------------------------------------------------------------------------- */

/* Never under the name of one before it. */
static gboolean
act_backup (FaultPlace *place, GError **error)
{
  g_autofree char *folder = g_build_filename (place->dir, "backups", NULL);
  g_autoptr (BedRecordBackup) backup = bed_record_backup_new (place->store);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (BedBackupInfo) info = NULL;

  bed_manual_clock_advance (BED_MANUAL_CLOCK (place->clock), G_USEC_PER_SEC);
  bed_record_backup_run_async (backup, folder, NULL, fixture_keep_result, &result);
  info = bed_record_backup_run_finish (backup, fixture_wait (&result), error);
  if (bed_record_backup_get_unnoted (backup) != NULL)
    soak_hook (NULL); /* it is told, and noted when there is room again: here when it is let go */
  return info != NULL;
}

/* What bears the name of a backup is whole, and none does that failed. */
static void
look_at_backups (FaultPlace *place, gboolean done)
{
  g_autofree char *folder = g_build_filename (place->dir, "backups", NULL);
  g_autoptr (GPtrArray) found = bed_backup_list (folder, NULL);

  g_assert_nonnull (found);
  g_assert_cmpuint (found->len, ==, done ? 2 : 1);
  for (guint i = 0; i < found->len; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BedBackupInfo) info
          = bed_backup_info_read (((BedBackupInfo *) found->pdata[i])->path, &error);

      g_assert_no_error (error);
    }
}

static gboolean
act_restore (FaultPlace *place, GError **error)
{
  g_autoptr (BedSecret) secret = bed_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autoptr (GAsyncResult) result = NULL;

  bed_record_restore_async (place->chosen, place->profile, place->clock, "dr-1", BED_RESTORE_PASSPHRASE,
                            secret, BED_RESTORE_REPLACE | BED_RESTORE_OLDER, NULL, NULL, NULL,
                            fixture_keep_result, &result);
  return bed_record_restore_finish (fixture_wait (&result), NULL, error);
}

/* The record that was there is in the list of what can be put back, when another took its place;
 * what else lay beside it went along. */
static void
look_at_set_aside (FaultPlace *place, gboolean done)
{
  g_autofree char *beside = g_build_filename (place->profile, FAULT_BESIDE, NULL);
  g_autoptr (GPtrArray) list = bed_record_list_set_aside (place->profile);

  g_assert_true (g_file_test (beside, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (list->len, ==, done ? 1 : 0);
  if (done)
    {
      g_autoptr (SoakVault) vault = soak_open_vault (((BedSetAside *) list->pdata[0])->path);

      soak_assert_whole (vault);
    }
}

/* On a computer that has none: the record is in its place whole, or nothing is. */
static char *
new_profile (FaultPlace *place)
{
  return g_build_filename (place->dir, "elsewhere", "profile", NULL);
}

static gboolean
act_restore_elsewhere (FaultPlace *place, GError **error)
{
  g_autofree char *profile = new_profile (place);
  g_autoptr (BedSecret) secret = bed_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autoptr (GAsyncResult) result = NULL;

  bed_record_restore_async (place->chosen, profile, place->clock, "dr-1", BED_RESTORE_PASSPHRASE, secret, 0,
                            NULL, NULL, NULL, fixture_keep_result, &result);
  return bed_record_restore_finish (fixture_wait (&result), NULL, error);
}

static void
look_elsewhere (FaultPlace *place, gboolean done)
{
  g_autofree char *profile = new_profile (place);

  g_assert_true (g_file_test (profile, G_FILE_TEST_EXISTS) == done);
  if (done)
    {
      g_autoptr (SoakVault) vault = soak_open_vault (profile);

      soak_assert_whole (vault);
    }
}

/* --- What was set aside ------------------------------------------------------------------------- */

/* The record of the backup, and beside it the one whose place it took. */
static void
make_set_aside (const char *dir)
{
  FaultPlace place = { .dir = g_strdup (dir), .profile = g_build_filename (dir, "profile", NULL) };
  const FaultAct restoring = { .closed = TRUE };
  g_autoptr (GError) error = NULL;

  fault_record_ground.make (dir);
  place.clock = bed_manual_clock_new (0, G_GINT64_CONSTANT (1750000050000000));
  fault_record_ground.open (&place, &restoring);
  g_assert_true (act_restore (&place, &error));
  g_assert_no_error (error);
  fault_place_close (&place);
  g_object_unref (place.clock);
  g_free (place.dir);
  g_free (place.profile);
  g_free (place.chosen);
}

static void
open_set_aside (FaultPlace *place, const FaultAct *act)
{
  g_autoptr (GPtrArray) list = bed_record_list_set_aside (place->profile);

  g_assert_cmpuint (list->len, ==, 1);
  place->chosen = g_strdup (((BedSetAside *) list->pdata[0])->path);
}

static gboolean
act_put_back (FaultPlace *place, GError **error)
{
  return bed_record_put_back (place->profile, place->chosen, place->clock, error);
}

static gboolean
act_remove (FaultPlace *place, GError **error)
{
  return bed_record_remove_set_aside (place->profile, place->chosen, place->clock, error);
}

/* Asserts that it is whole. Returns: whether it is the one that has somebody who came later. */
static gboolean
is_later (FaultPlace *place, const char *profile)
{
  g_autofree char *own = place->profile;
  g_autoptr (GListModel) found = NULL;
  gboolean later;

  place->profile = g_strdup (profile);
  fault_open_store (place);
  soak_assert_whole (place->vault);
  found = bed_record_store_find_patients (place->store, FAULT_LATER);
  later = g_list_model_get_n_items (found) == 1;
  fault_place_close (place);
  g_free (place->profile);
  place->profile = g_steal_pointer (&own);
  return later;
}

static gboolean
is_restored (const BedAuditEntry *entry, gpointer user_data)
{
  *(gboolean *) user_data |= entry->event == BED_AUDIT_RESTORED;
  return TRUE;
}

/* What was never put back does not say that it was. */
static void
check_not_noted (FaultPlace *place, char *path)
{
  FaultPlace aside = { .clock = place->clock, .profile = path };
  gboolean noted = FALSE;

  fault_open_store (&aside);
  g_assert_true (bed_audit_log_each (bed_record_store_get_audit (aside.store), 1, is_restored,
                                     &noted, NULL));
  g_assert_false (noted);
  fault_place_close (&aside);
}

/* Both are whole, each in one of the two places; what was removed is in none, or has lost its keys. */
static void
check_set_aside (FaultPlace *place, const FaultAct *act, gboolean done)
{
  g_autoptr (GPtrArray) list = bed_record_list_set_aside (place->profile);
  gboolean in_place = is_later (place, place->profile);

  g_assert_true (in_place == (done && act->run == act_put_back));
  g_assert_cmpuint (list->len, <=, 1);
  g_assert_true (list->len == 1 || act->run == act_remove);
  g_assert_false (list->len == 1 && done && act->run == act_remove);
  if (list->len == 1 && !((BedSetAside *) list->pdata[0])->whole)
    {
      g_assert_true (act->run == act_remove); /* its rest is shown, to be removed again */
      return;
    }
  if (list->len == 1)
    g_assert_true (is_later (place, ((BedSetAside *) list->pdata[0])->path) != in_place);
  if (list->len == 1 && !in_place)
    check_not_noted (place, ((BedSetAside *) list->pdata[0])->path);
}

static const FaultGround set_aside_ground = { make_set_aside, open_set_aside, check_set_aside };

/* --- A record of the first schema, brought up to date ------------------------------------------- */

static void
make_old (const char *dir)
{
  g_autofree char *profile = g_build_filename (dir, "profile", NULL);

  g_assert_cmpint (g_mkdir (profile, 0700), ==, 0);
  soak_copy_old (profile, G_FILE_SET_CONTENTS_NONE);
}

static void
open_old (FaultPlace *place, const FaultAct *act)
{
  place->vault = bed_vault_new (place->profile, place->clock, &cheap);
  fixture_unlock (place->vault, PASSPHRASE);
}

static gboolean
act_migrate (FaultPlace *place, GError **error)
{
  place->store = bed_record_store_open (place->vault, place->clock, "dr-1", error);
  return place->store != NULL;
}

static void
check_old (FaultPlace *place, const FaultAct *act, gboolean done)
{
  static const char *const texts[] = { "the first kept note", "the second kept note" };

  open_old (place, act);
  soak_assert_whole (place->vault);
  place->store = bed_record_store_open (place->vault, place->clock, "dr-1", NULL);
  g_assert_nonnull (place->store);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (BedNote) note = bed_record_store_get_note (place->store, i + 1, NULL);

      g_assert_cmpstr (bed_note_get_section (note, BED_NOTE_SUBJECTIVE), ==, texts[i]);
    }
  fault_place_close (place);
}

static const FaultGround old_ground = { make_old, open_old, check_old };

#define ON &fault_record_ground
const FaultAct fault_keeping_acts[] = {
  { .name = "export-pdf", ON, .again = TRUE, .run = act_pdf, .look = look_at_export,
    .event = BED_AUDIT_EXPORTED },
  { .name = "export-text", ON, .again = TRUE, .run = act_text, .look = look_at_export,
    .event = BED_AUDIT_EXPORTED },
  { .name = "export-trail", ON, .again = TRUE, .run = act_trail, .look = look_at_trail,
    .event = BED_AUDIT_TRAIL_EXPORTED },
  { .name = "export-erasures", ON, .again = TRUE, .run = act_erasures, .look = look_at_erasures,
    .event = BED_AUDIT_TRAIL_EXPORTED },
  { .name = "calendar", ON, .again = TRUE, .run = act_calendar, .look = look_at_calendar },
  { .name = "save-file", ON, .again = TRUE, .run = act_save_file, .look = look_at_file },
  { .name = "export-fhir", ON, .again = TRUE, .run = act_fhir, .look = look_at_export,
    .event = BED_AUDIT_EXPORTED },
  { .name = "export-encrypted", ON, .again = TRUE, .run = act_export_all, .look = look_at_export,
    .event = BED_AUDIT_EXPORTED },
  { .name = "backup", ON, .again = TRUE, .run = act_backup, .look = look_at_backups,
    .event = BED_AUDIT_BACKED_UP },
  { .name = "restore", ON, .closed = TRUE, .run = act_restore, .look = look_at_set_aside,
    .changes = FAULT_RESTORED, .event = BED_AUDIT_RESTORED },
  { .name = "restore-elsewhere", ON, .closed = TRUE, .run = act_restore_elsewhere,
    .look = look_elsewhere },
  { .name = "put-back", &set_aside_ground, .run = act_put_back },
  { .name = "remove-set-aside", &set_aside_ground, .run = act_remove },
  { .name = "migration", &old_ground, .run = act_migrate },
  { .name = NULL },
};
