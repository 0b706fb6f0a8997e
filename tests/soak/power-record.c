/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "power.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "bed-attachment.h"
#include "bed-file.h"
#include "bed-note-version.h"
#include "bed-record-backup.h"
#include "bed-record-signing.h"
#include "soak-record.h"

#define STEPS 36
#define AUTHOR "Dr Amara Okafor"

/* What is in the record. One step changes one of them. */
typedef struct
{
  guint32 draft; /* the number that the draft's text is */
  guint32 signed_notes, addenda, attachments;
} Facts;

typedef struct
{
  SoakRecord record;
  const char *root; /* borrowed */
  Facts facts;
  guint32 step;
  BedNote *draft;   /* owned */
  BedNote *amended; /* owned: the first signed note */
} Day;

static Facts acknowledged[STEPS + 2];
static guint32 n_acknowledged;
static guint32 backups_of[STEPS + 2]; /* that were there then */

static char *
in (const char *root, const char *name)
{
  return g_build_filename (root, name, NULL);
}

static void
acknowledge (Day *day, guint32 backups)
{
  acknowledged[n_acknowledged] = day->facts;
  backups_of[n_acknowledged] = backups;
  power_acknowledge (n_acknowledged++);
}

/* --- A day's work ------------------------------------------------------------------------------- */

/* On the disk, as it was when the older version was closed. */
static void
lay_out_old (const char *profile)
{
  g_assert_cmpint (g_mkdir (profile, 0700), ==, 0);
  soak_copy_old (profile, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE);
  g_assert_true (bed_file_sync_folder (profile));
}

static BedNote *
add_note (Day *day, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedEncounter) encounter
      = bed_record_store_start_encounter (day->record.store, 0, "A", NULL, NULL, NULL, &error);
  BedNote *note;

  g_assert_no_error (error);
  g_assert_true (bed_record_store_end_encounter (day->record.store, encounter, &error));
  note = bed_record_store_create_note (day->record.store, bed_encounter_get_id (encounter), "soap",
                                       &error);
  g_assert_no_error (error);
  bed_note_set_section (note, BED_NOTE_SUBJECTIVE, text);
  g_assert_true (bed_note_draft_flush (day->record.store, &error));
  return note;
}

static void
autosave (Day *day)
{
  g_autofree char *text = g_strdup_printf ("%u", ++day->facts.draft);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  bed_note_set_section (day->draft, BED_NOTE_SUBJECTIVE, text);
  bed_note_draft_save_async (day->record.store, day->draft, NULL, fixture_keep_result, &result);
  bed_note_draft_save_finish (day->record.store, fixture_wait (&result), &error);
  g_assert_no_error (error);
}

static void
sign (Day *day)
{
  g_autofree char *text = g_strdup_printf ("signed %u", ++day->facts.signed_notes);
  g_autoptr (BedNote) note = add_note (day, text);
  g_autoptr (GError) error = NULL;

  bed_record_store_sign_note (day->record.store, note, AUTHOR, &error);
  g_assert_no_error (error);
  if (day->amended == NULL)
    day->amended = g_steal_pointer (&note);
}

static void
amend (Day *day)
{
  g_autofree char *text = g_strdup_printf ("%u", ++day->facts.addenda);
  const char *const sections[] = { text, "", "", "", NULL };
  g_autoptr (GError) error = NULL;

  bed_record_store_add_addendum (day->record.store, day->amended, AUTHOR, "a result", text,
                                 sections, &error);
  g_assert_no_error (error);
}

static void
attach (Day *day)
{
  g_autofree char *text = g_strdup_printf ("file %u", ++day->facts.attachments);
  g_autoptr (GBytes) content = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;
  g_autoptr (BedAttachment) kept = bed_record_store_keep_attachment (
      day->record.store, bed_note_get_encounter_id (day->draft), 5, FALSE, "a.txt", "text/plain",
      content, &error);

  g_assert_no_error (error);
}

static void
back_up (Day *day)
{
  g_autofree char *folder = in (day->root, "backups");
  g_autoptr (BedRecordBackup) backup = bed_record_backup_new (day->record.store);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (BedBackupInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  bed_manual_clock_advance (BED_MANUAL_CLOCK (day->record.clock), G_USEC_PER_SEC);
  bed_record_backup_run_async (backup, folder, NULL, fixture_keep_result, &result);
  info = bed_record_backup_run_finish (backup, fixture_wait (&result), &error);
  g_assert_no_error (error);
}

static void
open_day (Day *day)
{
  g_autofree char *profile = in (day->root, "profile");
  gint64 draft = day->draft != NULL ? bed_note_get_id (day->draft) : 0;
  gint64 amended = day->amended != NULL ? bed_note_get_id (day->amended) : 0;

  g_clear_object (&day->draft);
  g_clear_object (&day->amended);
  if (day->record.vault != NULL)
    soak_record_close (&day->record);
  soak_record_open (&day->record, profile);
  bed_manual_clock_advance (BED_MANUAL_CLOCK (day->record.clock), day->step * G_USEC_PER_SEC);
  if (draft != 0)
    day->draft = bed_record_store_get_note (day->record.store, draft, NULL);
  if (amended != 0)
    day->amended = bed_record_store_get_note (day->record.store, amended, NULL);
}

static void
new_key (Day *day)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedSecret) key = fixture_rekey (day->record.vault, PASSPHRASE, &error);

  g_assert_no_error (error);
  open_day (day);
}

static void
work (const char *root)
{
  static void (*const steps[]) (Day *) = { autosave, sign, autosave, amend, attach, autosave,
                                           new_key, autosave, open_day };
  g_autofree char *profile = in (root, "profile");
  g_autofree char *backups = in (root, "backups");
  Day day = { .root = root };
  guint32 n_backups = 0;

  n_acknowledged = 0;
  g_assert_cmpint (g_mkdir (backups, 0700), ==, 0);
  lay_out_old (profile);
  g_assert_true (bed_file_sync_folder (root));
  acknowledge (&day, 0);
  open_day (&day); /* brought up to date */
  day.draft = add_note (&day, "0");
  for (day.step = 1; day.step <= STEPS; day.step++)
    {
      if (day.step % 12 == 11)
        {
          back_up (&day);
          n_backups++;
        }
      else
        steps[(day.step - 1) % G_N_ELEMENTS (steps)](&day);
      acknowledge (&day, n_backups);
    }
  g_clear_object (&day.draft);
  g_clear_object (&day.amended);
  soak_record_close (&day.record);
}

/* --- Afterwards --------------------------------------------------------------------------------- */

static void
find_note (SoakRecord *record, gint64 id, Facts *facts)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedNote) note = bed_record_store_get_note (record->store, id, &error);
  g_autoptr (GListModel) files = NULL;
  BedNoteVerdict verdict;
  const char *text;
  guint version;

  g_assert_no_error (error);
  text = bed_note_get_section (note, BED_NOTE_SUBJECTIVE);
  g_assert_true (bed_record_store_verify_note (record->store, id, &verdict, &version, &error));
  if (bed_note_get_state (note) == BED_NOTE_DRAFT)
    {
      g_assert_cmpint (verdict, ==, BED_NOTE_VERDICT_DRAFT);
      if (*text != '\0' && !g_str_has_prefix (text, "signed")) /* not one that is to be signed */
        facts->draft = (guint32) strtoul (text, NULL, 10);
    }
  else
    {
      g_autofree char *expected = g_strdup_printf ("signed %u", ++facts->signed_notes);
      g_autoptr (GListModel) versions = bed_record_store_list_versions (record->store, id, NULL);
      guint n = g_list_model_get_n_items (versions);

      g_assert_cmpint (verdict, ==, BED_NOTE_VERDICT_INTACT);
      if (n == 1)
        g_assert_cmpstr (text, ==, expected);
      facts->addenda += n - 1;
    }
  files = bed_record_store_list_attachments (record->store, bed_note_get_encounter_id (note));
  facts->attachments += g_list_model_get_n_items (files);
}

static void
expect_old (SoakRecord *record, gint64 id, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedNote) note = bed_record_store_get_note (record->store, id, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (bed_note_get_section (note, BED_NOTE_SUBJECTIVE), ==, text);
}

static void
look_at_backups (const char *root, guint32 at_least)
{
  g_autofree char *folder = in (root, "backups");
  g_autoptr (GPtrArray) found = bed_backup_list (folder, NULL);

  if (at_least == 0 && found == NULL)
    return;
  g_assert_nonnull (found);
  g_assert_cmpuint (found->len, >=, at_least);
  for (guint i = 0; i < found->len; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BedBackupInfo) info
          = bed_backup_info_read (((BedBackupInfo *) found->pdata[i])->path, &error);

      g_assert_no_error (error);
    }
}

/* The record as it was acknowledged, or as it was after the next step. */
static void
look (const char *root, guint32 number)
{
  g_autofree char *profile = in (root, "profile");
  SoakRecord record = { 0 };
  Facts found = { 0 };
  const Facts *before = &acknowledged[number];
  const Facts *after = &acknowledged[MIN (number + 1, n_acknowledged - 1)];

  soak_record_open (&record, profile);
  soak_record_assert_trail (&record);
  expect_old (&record, 1, "the first kept note");
  expect_old (&record, 2, "the second kept note");
  {
    g_autoptr (GListModel) notes = bed_record_store_list_notes (record.store, 0);

    for (guint i = g_list_model_get_n_items (notes); i > 0; i--)
      {
        g_autoptr (BedNote) note = g_list_model_get_item (notes, i - 1);

        if (bed_note_get_id (note) > 2)
          find_note (&record, bed_note_get_id (note), &found);
      }
  }
  if (memcmp (&found, before, sizeof found) != 0 && memcmp (&found, after, sizeof found) != 0)
    g_error ("draft %u, %u signed, %u addenda, %u files; before: %u, %u, %u, %u; after: %u, %u, %u, %u",
             found.draft, found.signed_notes, found.addenda, found.attachments, before->draft,
             before->signed_notes, before->addenda, before->attachments, after->draft,
             after->signed_notes, after->addenda, after->attachments);
  look_at_backups (root, backups_of[number]);
  soak_record_close (&record);
}

const PowerDay power_record_day = { "record", work, look };
