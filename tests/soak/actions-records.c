/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "soak-record.h"

#include <glib/gstdio.h>
#include <stdlib.h>

/* --- Autosave --------------------------------------------------------------------------------- */

static void
prepare_note (const char *dir)
{
  SoakRecord record = { 0 };
  g_autoptr (BedEncounter) encounter = NULL;
  g_autoptr (BedNote) note = NULL;
  g_autoptr (GError) error = NULL;

  soak_make_vault (dir, NULL);
  soak_record_open (&record, dir);
  encounter = bed_record_store_start_encounter (record.store, 0, "A", "+49 30 1", "Bonn", NULL,
                                                &error);
  g_assert_no_error (error);
  note = bed_record_store_create_note (record.store, bed_encounter_get_id (encounter), "soap",
                                       &error);
  g_assert_no_error (error);
  g_assert_cmpint (bed_note_get_id (note), ==, 1);
  soak_record_close (&record);
}

static void
save (SoakRecord *record, BedNote *note)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  bed_note_draft_save_async (record->store, note, NULL, fixture_keep_result, &result);
  bed_note_draft_save_finish (record->store, fixture_wait (&result), &error);
  g_assert_no_error (error);
}

static void
run_autosave (const char *dir, guint32 from, int fd)
{
  SoakRecord record = { 0 };
  g_autoptr (BedNote) note = NULL;

  soak_record_open (&record, dir);
  note = bed_record_store_get_note (record.store, 1, NULL);
  for (guint32 i = from;; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i);
      g_autofree char *text = g_strdup_printf ("%u the patient says it began a week ago", i);

      bed_note_set_section (note, BED_NOTE_SUBJECTIVE, text);
      bed_note_set_section (note, BED_NOTE_PLAN, number);
      save (&record, note);
      soak_tell (fd, i);
    }
}

/* Both sections of one save, or of the one before: never a part. */
static guint32
check_autosave (const char *dir, guint32 told)
{
  SoakRecord record = { 0 };
  g_autoptr (BedNote) note = NULL;
  guint32 found;

  soak_record_open (&record, dir);
  soak_record_assert_trail (&record);
  note = bed_record_store_get_note (record.store, 1, NULL);
  found = (guint32) strtoul (bed_note_get_section (note, BED_NOTE_PLAN), NULL, 10);
  g_assert_cmpuint (strtoul (bed_note_get_section (note, BED_NOTE_SUBJECTIVE), NULL, 10), ==,
                    found);
  g_assert_cmpuint (found, >=, told);
  g_assert_cmpuint (found, <=, told + 1);
  soak_record_close (&record);
  return found;
}

const BedSoakAction soak_autosave
    = { "autosave", 40000, prepare_note, run_autosave, check_autosave };

/* --- A record of the first schema, brought up to date --------------------------------------------- */

static void
lay_out_old (const char *dir)
{
  static const char *const later[] = { "vault.seen", "vault.db-wal", "vault.db-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (later); i++)
    {
      g_autofree char *path = g_build_filename (dir, later[i], NULL);

      g_unlink (path);
    }
  soak_copy_old (dir, G_FILE_SET_CONTENTS_NONE);
}

/* Told before each: what is done counts from its beginning. */
static void
run_migration (const char *dir, guint32 from, int fd)
{
  for (guint32 i = from;; i++)
    {
      SoakRecord record = { 0 };

      lay_out_old (dir);
      soak_tell (fd, i);
      soak_record_open (&record, dir);
      soak_record_close (&record);
    }
}

static void
assert_old_note (SoakRecord *record, gint64 id, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedNote) note = bed_record_store_get_note (record->store, id, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (bed_note_get_section (note, BED_NOTE_SUBJECTIVE), ==, text);
}

/* A kill while the old files were laid out, by this program, says nothing: they are laid out again. */
static guint32
check_migration (const char *dir, guint32 told)
{
  g_autofree char *marker = g_build_filename (dir, "vault.seen", NULL);
  SoakRecord record = { 0 };

  if (!g_file_test (marker, G_FILE_TEST_EXISTS))
    lay_out_old (dir);
  soak_record_open (&record, dir);
  soak_record_assert_trail (&record);
  assert_old_note (&record, 1, "the first kept note");
  assert_old_note (&record, 2, "the second kept note");
  soak_record_close (&record);
  return told;
}

const BedSoakAction soak_migration
    = { "migration", 40000, lay_out_old, run_migration, check_migration };
