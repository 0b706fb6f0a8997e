/* SPDX-License-Identifier: GPL-3.0-or-later */
/* make-record DIRECTORY: a small record with one of each, as this version of the program writes it.
 * Its results are kept in tests/records/files, one for every schema that ever was, and opened by the
 * tests of every later one. The passphrase is the tests'. */
#include "bed-attachment.h"
#include "bed-record-signing.h"
#include "bed-record-templates.h"
#include "bed-vault-fixture.h"

#include <string.h>

static BedNote *
add_note (BedRecordStore *store, gint64 encounter, const char *text, GError **error)
{
  BedNote *note = bed_record_store_create_note (store, encounter, "soap", error);

  g_assert_no_error (*error);
  bed_note_set_section (note, BED_NOTE_SUBJECTIVE, text);
  bed_note_draft_flush (store, error);
  g_assert_no_error (*error);
  return note;
}

/* What there is since schema 4: a note of an own template, signed with a file beside it, and corrected. */
static void
add_signed (BedRecordStore *store, gint64 patient_id)
{
  static const char *const corrected[] = { "the kept gait, corrected", NULL };
  g_autoptr (GError) error = NULL;
  g_autoptr (BedTemplate) own = bed_template_new ("Kept template");
  g_autoptr (BedSnippet) snippet = bed_snippet_new ("kpt", "a kept snippet");
  g_autoptr (GBytes) content = g_bytes_new_static ("a kept file", 11);
  g_autoptr (BedEncounter) encounter
      = bed_record_store_start_encounter (store, patient_id, NULL, NULL, NULL, NULL, &error);
  g_autoptr (BedAttachment) file = NULL;
  g_autoptr (BedNote) note = NULL;

  g_assert_no_error (error);
  g_assert_true (bed_record_store_end_encounter (store, encounter, &error));
  g_assert_true (bed_template_add_section (own, "=Gait", ""));
  g_assert_true (bed_record_store_save_template (store, own, &error));
  g_assert_true (bed_record_store_save_snippet (store, snippet, &error));
  file = bed_record_store_keep_attachment (store, bed_encounter_get_id (encounter), 1, FALSE,
                                           "kept.txt", "text/plain", content, &error);
  g_assert_no_error (error);
  note = bed_record_store_create_note (store, bed_encounter_get_id (encounter),
                                       bed_template_get_id (own), &error);
  g_assert_no_error (error);
  g_assert_true (bed_note_set_section (note, 0, "the kept gait"));
  g_assert_true (bed_record_store_sign_note (store, note, "Dr Kept", &error));
  g_assert_true (bed_record_store_add_addendum (store, note, "Dr Kept", "a kept reason", "", corrected,
                                                &error));
}

int
main (int argc, char **argv)
{
  g_autoptr (BedClock) clock = bed_manual_clock_new (0, G_GINT64_CONSTANT (1750000000000000));
  g_autoptr (BedVault) vault = NULL;
  g_autoptr (BedRecordStore) store = NULL;
  g_autoptr (BedPatient) patient = bed_patient_new ("Kept Patient");
  g_autoptr (BedEncounter) encounter = NULL;
  g_autoptr (BedNote) first = NULL;
  g_autoptr (BedNote) second = NULL;
  g_autoptr (BedSecret) recovery = NULL;
  g_autoptr (GBytes) record = g_bytes_new ("not an event", 12);
  g_autoptr (GError) error = NULL;

  if (argc != 2)
    return 2;
  vault = bed_vault_new (argv[1], clock, &cheap);
  recovery = fixture_try_create (vault, PASSPHRASE, &error);
  g_assert_no_error (error);
  g_print ("%.*s\n", (int) bed_secret_get_length (recovery),
           (const char *) bed_secret_get_data (recovery));
  fixture_set_text (vault, "kept", "a value");
  store = bed_record_store_open (vault, clock, "dr-1", &error);
  g_assert_no_error (error);
  bed_record_store_save_patient (store, patient, &error);
  g_assert_no_error (error);
  encounter = bed_record_store_start_encounter (store, bed_patient_get_id (patient), "Kept",
                                                "+49 30 1", "Bonn", NULL, &error);
  g_assert_no_error (error);
  first = add_note (store, bed_encounter_get_id (encounter), "the first kept note", &error);
  second = add_note (store, bed_encounter_get_id (encounter), "the second kept note", &error);
  add_signed (store, bed_patient_get_id (patient));
  bed_vault_lock (vault);
  return 0;
}
