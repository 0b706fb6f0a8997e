/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "soak-record.h"

#include <stdlib.h>

#include "bed-db.h"
#include "bed-record-signing.h"

#define AUTHOR "Dr Amara Okafor"

/* A draft of an encounter that is over, with a number as its text. */
static BedNote *
add_draft (SoakRecord *self, guint32 number)
{
  g_autofree char *text = g_strdup_printf ("%u", number);
  g_autoptr (GError) error = NULL;
  g_autoptr (BedEncounter) encounter
      = bed_record_store_start_encounter (self->store, 0, "A", NULL, NULL, NULL, &error);
  BedNote *note;

  g_assert_no_error (error);
  g_assert_true (bed_record_store_end_encounter (self->store, encounter, &error));
  note = bed_record_store_create_note (self->store, bed_encounter_get_id (encounter), "soap",
                                       &error);
  g_assert_no_error (error);
  g_assert_true (bed_note_set_section (note, BED_NOTE_SUBJECTIVE, text));
  g_assert_true (bed_note_draft_flush (self->store, &error));
  return note;
}

static void
sign (SoakRecord *self, BedNote *note)
{
  g_autoptr (GError) error = NULL;

  bed_record_store_sign_note (self->store, note, AUTHOR, &error);
  g_assert_no_error (error);
}

static void
expect_verdict (SoakRecord *self, gint64 id, BedNoteVerdict expected)
{
  g_autoptr (GError) error = NULL;
  BedNoteVerdict verdict;
  guint version;

  g_assert_true (bed_record_store_verify_note (self->store, id, &verdict, &version, &error));
  g_assert_no_error (error);
  g_assert_cmpint (verdict, ==, expected);
}

static void
prepare_sign (const char *dir)
{
  soak_make_vault (dir, NULL);
}

/* --- SoakRecord ---------------------------------------------------------------------------------- */

static void
run_sign (const char *dir, guint32 from, int fd)
{
  SoakRecord signing = { 0 };

  soak_record_open (&signing, dir);
  for (guint32 i = from;; i++)
    {
      g_autoptr (BedNote) note = add_draft (&signing, i);

      sign (&signing, note);
      soak_tell (fd, i);
    }
}

/* A note is a draft as it was written, or signed, whole and intact: numbers 1, 2, 3 … without a
 * gap, each signed once. */
static guint32
check_sign (const char *dir, guint32 told)
{
  SoakRecord signing = { 0 };
  g_autoptr (BedDbStatement) row = NULL;
  guint32 found = 0;

  soak_record_open (&signing, dir);
  soak_record_assert_trail (&signing);
  row = bed_db_prepare (bed_vault_get_db (signing.vault), "SELECT id FROM note ORDER BY id", NULL);
  while (bed_db_statement_step (row, NULL) == BED_DB_STEP_ROW)
    {
      gint64 id = bed_db_statement_get_int64 (row, 0);
      g_autoptr (BedNote) note = bed_record_store_get_note (signing.store, id, NULL);
      g_autofree char *next = g_strdup_printf ("%u", found + 1);
      gboolean is_signed = bed_note_get_state (note) == BED_NOTE_SIGNED;

      expect_verdict (&signing, id, is_signed ? BED_NOTE_VERDICT_INTACT : BED_NOTE_VERDICT_DRAFT);
      if (!is_signed)
        continue;
      g_assert_cmpstr (bed_note_get_section (note, BED_NOTE_SUBJECTIVE), ==, next);
      found++;
    }
  g_clear_pointer (&row, bed_db_statement_free);
  g_assert_cmpuint (found, >=, told);
  g_assert_cmpuint (found, <=, told + 1);
  soak_record_close (&signing);
  return found;
}

const BedSoakAction soak_sign = { "sign", 40000, prepare_sign, run_sign, check_sign };

/* --- Addenda ---------------------------------------------------------------------------------- */

static void
prepare_addendum (const char *dir)
{
  SoakRecord signing = { 0 };
  g_autoptr (BedNote) note = NULL;

  prepare_sign (dir);
  soak_record_open (&signing, dir);
  note = add_draft (&signing, 0);
  g_assert_cmpint (bed_note_get_id (note), ==, 1);
  sign (&signing, note);
  soak_record_close (&signing);
}

static void
run_addendum (const char *dir, guint32 from, int fd)
{
  SoakRecord signing = { 0 };
  g_autoptr (BedNote) note = NULL;

  soak_record_open (&signing, dir);
  note = bed_record_store_get_note (signing.store, 1, NULL);
  for (guint32 i = from;; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);
      const char *const sections[] = { text, "", "", "", NULL };
      g_autoptr (GError) error = NULL;

      bed_record_store_add_addendum (signing.store, note, AUTHOR, "a result came", text, sections,
                                     &error);
      g_assert_no_error (error);
      soak_tell (fd, i);
    }
}

/* Every version by itself and in its chain, with its words and its sections, without a gap. */
static guint32
check_addendum (const char *dir, guint32 told)
{
  SoakRecord signing = { 0 };
  g_autoptr (GListModel) versions = NULL;
  guint32 found;

  soak_record_open (&signing, dir);
  soak_record_assert_trail (&signing);
  expect_verdict (&signing, 1, BED_NOTE_VERDICT_INTACT);
  versions = bed_record_store_list_versions (signing.store, 1, NULL);
  found = g_list_model_get_n_items (versions) - 1;
  for (guint32 i = 1; i <= found; i++)
    {
      g_autoptr (BedNoteVersion) version = g_list_model_get_item (versions, i);

      g_assert_cmpuint (strtoul (bed_note_version_get_text (version), NULL, 10), ==, i);
      g_assert_cmpuint (strtoul (bed_note_version_get_section (version, 0), NULL, 10), ==, i);
    }
  g_assert_cmpuint (found, >=, told);
  g_assert_cmpuint (found, <=, told + 1);
  soak_record_close (&signing);
  return found;
}

const BedSoakAction soak_addendum
    = { "addendum", 40000, prepare_addendum, run_addendum, check_addendum };
