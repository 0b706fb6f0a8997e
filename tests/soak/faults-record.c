/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "faults.h"

#include <glib/gstdio.h>
#include <string.h>

#include "bed-attachment.h"
#include "bed-db.h"
#include "bed-note-version.h"
#include "bed-record-backup.h"
#include "bed-record-signing.h"
#include "bed-retention.h"

#define SIGNED "the committed note"
#define BEFORE "the draft before"
#define AFTER "the draft after"
#define RESULT "a result came"

/* --- The ground --------------------------------------------------------------------------------- */

static void
open_vault (FaultPlace *place)
{
  place->vault = bed_vault_new (place->profile, place->clock, &cheap);
  fixture_unlock (place->vault, PASSPHRASE);
}

void
fault_open_store (FaultPlace *place)
{
  g_autoptr (GError) error = NULL;

  open_vault (place);
  place->store = bed_record_store_open (place->vault, place->clock, "dr-1", &error);
  g_assert_no_error (error);
}

static gint64
add_patient (BedRecordStore *store, const char *name)
{
  g_autoptr (BedPatient) patient = bed_patient_new (name);
  g_autoptr (GError) error = NULL;

  bed_record_store_save_patient (store, patient, &error);
  g_assert_no_error (error);
  return bed_patient_get_id (patient);
}

static BedNote *
add_note (FaultPlace *place, gint64 patient, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedEncounter) encounter
      = bed_record_store_start_encounter (place->store, patient, "A", NULL, NULL, NULL, &error);
  BedNote *note;

  g_assert_no_error (error);
  g_assert_true (bed_record_store_end_encounter (place->store, encounter, &error));
  note = bed_record_store_create_note (place->store, bed_encounter_get_id (encounter), "soap",
                                       &error);
  g_assert_no_error (error);
  g_assert_true (bed_note_set_section (note, BED_NOTE_SUBJECTIVE, text));
  g_assert_true (bed_note_draft_flush (place->store, &error));
  return note;
}

static void
back_up (FaultPlace *place)
{
  g_autofree char *folder = g_build_filename (place->dir, "backups", NULL);
  g_autoptr (BedRecordBackup) backup = bed_record_backup_new (place->store);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (BedBackupInfo) info = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  g_assert_true (bed_record_backup_plan (backup, folder, BED_BACKUP_NEVER, 3, NULL));
  bed_record_backup_run_async (backup, NULL, NULL, fixture_keep_result, &result);
  info = bed_record_backup_run_finish (backup, fixture_wait (&result), &error);
  g_assert_no_error (error);
}

static void
keep_file (FaultPlace *place)
{
  g_autoptr (GBytes) content = g_bytes_new_static (FAULT_FILE, strlen (FAULT_FILE));
  g_autoptr (BedAttachment) kept = bed_record_store_keep_attachment (
      place->store, 2, 5, FALSE, "letter.pdf", "application/pdf", content, NULL);

  g_assert_cmpint (bed_attachment_get_id (kept), ==, FAULT_FILE_ID);
}

static void
add_erased (FaultPlace *place)
{
  gint64 patient = add_patient (place->store, "Erased");
  g_autoptr (GListModel) deleted = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (bed_record_store_delete_patient (place->store, patient, NULL));
  deleted = bed_record_store_list_deleted (place->store, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (deleted), ==, 1);
  bed_record_store_erase_async (place->store, deleted, NULL, fixture_keep_result, &result);
  bed_record_store_erase_finish (place->store, fixture_wait (&result), &error);
  g_assert_no_error (error);
}

/* Somebody who was erased, somebody who was deleted, somebody who is going to be, and a stranger's
 * encounter. */
static void
add_people (FaultPlace *place)
{
  g_autoptr (BedEncounter) encounter = NULL;
  g_autoptr (GError) error = NULL;

  add_erased (place);
  g_assert_cmpint (add_patient (place->store, FAULT_DELETED_NAME), ==, FAULT_DELETED_PATIENT);
  g_assert_cmpint (add_patient (place->store, FAULT_GOING), ==, FAULT_GOING_PATIENT);
  bed_record_store_delete_patient (place->store, FAULT_DELETED_PATIENT, &error);
  g_assert_no_error (error);
  encounter = bed_record_store_start_encounter (place->store, 0, "A", NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (bed_encounter_get_id (encounter), ==, FAULT_STRANGERS_ENCOUNTER);
  g_assert_true (bed_record_store_end_encounter (place->store, encounter, &error));
}

/* A signed note, a draft with a file, people, what can be changed, a backup, and a patient who came
 * after it. */
static void
make (const char *dir)
{
  g_autofree char *out = g_build_filename (dir, "out", NULL);
  FaultPlace place = { .dir = g_strdup (dir), .profile = g_build_filename (dir, "profile", NULL) };
  g_autofree char *beside = g_build_filename (place.profile, FAULT_BESIDE, NULL);
  g_autoptr (BedNote) note = NULL;
  g_autoptr (BedNote) draft = NULL;
  g_autoptr (GError) error = NULL;
  gint64 patient;

  place.clock = bed_manual_clock_new (0, G_GINT64_CONSTANT (1750000000000000));
  g_assert_cmpint (g_mkdir (out, 0700), ==, 0);
  soak_make_vault (place.profile, NULL);
  g_assert_true (g_file_set_contents (beside, FAULT_FILE, -1, NULL));
  fault_open_store (&place);
  patient = add_patient (place.store, "A Patient");
  g_assert_cmpint (patient, ==, FAULT_PATIENT_ID);
  note = add_note (&place, patient, SIGNED);
  g_assert_cmpint (bed_note_get_id (note), ==, FAULT_SIGNED_NOTE);
  bed_record_store_sign_note (place.store, note, FAULT_AUTHOR, &error);
  g_assert_no_error (error);
  draft = add_note (&place, patient, BEFORE);
  g_assert_cmpint (bed_note_get_id (draft), ==, FAULT_DRAFT_NOTE);
  keep_file (&place);
  add_people (&place);
  fault_add_changeable (&place);
  back_up (&place);
  add_patient (place.store, FAULT_LATER);
  fault_place_close (&place);
  g_object_unref (place.clock);
  g_free (place.dir);
  g_free (place.profile);
}

static gint64
count_noted (FaultPlace *place, const FaultAct *act)
{
  g_autoptr (BedDbStatement) row
      = bed_db_query (bed_vault_get_db (place->vault), NULL,
                      "SELECT count (*) FROM audit WHERE event = ?", "i", (gint64) act->event);

  g_assert_nonnull (row);
  g_assert_cmpint (bed_db_statement_step (row, NULL), ==, BED_DB_STEP_ROW);
  return bed_db_statement_get_int64 (row, 0);
}

/* (transfer full) */
static char *
first_backup (FaultPlace *place)
{
  g_autofree char *folder = g_build_filename (place->dir, "backups", NULL);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);

  return g_build_filename (folder, g_dir_read_name (dir), NULL);
}

static void
open_record (FaultPlace *place, const FaultAct *act)
{
  open_vault (place);
  place->noted = count_noted (place, act);
  fault_find_changeable (place);
  place->chosen = first_backup (place);
  fault_place_close (place);
  if (act->closed)
    place->vault = bed_vault_new (place->profile, place->clock, &cheap);
  else
    fault_open_store (place);
}

static void
expect_verdict (FaultPlace *place, gint64 note, BedNoteVerdict expected)
{
  g_autoptr (GError) error = NULL;
  BedNoteVerdict verdict;
  guint version;

  g_assert_true (bed_record_store_verify_note (place->store, note, &verdict, &version, &error));
  g_assert_no_error (error);
  g_assert_cmpint (verdict, ==, expected);
}

void
fault_expect (gboolean there, const FaultAct *act, guint change, gboolean done)
{
  if (there)
    g_assert_true (act->changes & change);
  else
    g_assert_false (done && (act->changes & change));
}

static void
check_signed (FaultPlace *place, const FaultAct *act, gboolean done)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedNote) note = bed_record_store_get_note (place->store, FAULT_SIGNED_NOTE, &error);
  g_autoptr (GListModel) versions = NULL;
  guint n;

  g_assert_no_error (error);
  g_assert_cmpstr (bed_note_get_section (note, BED_NOTE_SUBJECTIVE), ==, SIGNED);
  expect_verdict (place, FAULT_SIGNED_NOTE, BED_NOTE_VERDICT_INTACT);
  versions = bed_record_store_list_versions (place->store, FAULT_SIGNED_NOTE, NULL);
  n = g_list_model_get_n_items (versions);
  g_assert_cmpuint (n, >=, 1);
  g_assert_cmpuint (n, <=, 2);
  fault_expect (n == 2, act, FAULT_ADDENDUM, done);
  if (n == 2)
    {
      g_autoptr (BedNoteVersion) version = g_list_model_get_item (versions, 1);
      g_assert_cmpstr (bed_note_version_get_text (version), ==, RESULT);
    }
}

static void
check_draft (FaultPlace *place, const FaultAct *act, gboolean done)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedNote) note = bed_record_store_get_note (place->store, FAULT_DRAFT_NOTE, &error);
  const char *text;
  gboolean is_signed, changed;

  g_assert_no_error (error);
  text = bed_note_get_section (note, BED_NOTE_SUBJECTIVE);
  changed = g_str_equal (text, AFTER);
  g_assert_true (changed || g_str_equal (text, BEFORE));
  fault_expect (changed, act, FAULT_DRAFT, done);
  is_signed = bed_note_get_state (note) == BED_NOTE_SIGNED;
  fault_expect (is_signed, act, FAULT_SIGNED, done);
  expect_verdict (place, FAULT_DRAFT_NOTE,
                  is_signed ? BED_NOTE_VERDICT_INTACT : BED_NOTE_VERDICT_DRAFT);
}

static void
check_attachments (FaultPlace *place, const FaultAct *act, gboolean done)
{
  g_autoptr (GListModel) list = bed_record_store_list_attachments (place->store, 1);
  guint n = g_list_model_get_n_items (list);

  g_assert_cmpuint (n, <=, 1);
  fault_expect (n == 1, act, FAULT_ATTACHMENT, done);
  if (n == 1)
    {
      g_autoptr (BedAttachment) attachment = g_list_model_get_item (list, 0);
      g_autoptr (GBytes) content = bed_record_store_read_attachment (
          place->store, bed_attachment_get_id (attachment), NULL);

      g_assert_cmpmem (g_bytes_get_data (content, NULL), g_bytes_get_size (content), FAULT_FILE,
                       strlen (FAULT_FILE));
    }
}

/* What is not the restored record is the one that was there, with whoever came after the backup. */
static void
check_restored (FaultPlace *place, const FaultAct *act, gboolean done)
{
  g_autoptr (GListModel) found = bed_record_store_find_patients (place->store, FAULT_LATER);

  fault_expect (g_list_model_get_n_items (found) == 0, act, FAULT_RESTORED, done);
}

/* Gone, or whole and to be taken back, or taken back; when it failed and the rows are gone all the
 * same, it knows that the file has to be rewritten. */
static void
check_erased (FaultPlace *place, const FaultAct *act, gboolean done)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) deleted = bed_record_store_list_deleted (place->store, &error);
  g_autoptr (GListModel) back = bed_record_store_find_patients (place->store, FAULT_DELETED_NAME);
  guint there = g_list_model_get_n_items (back);

  g_assert_no_error (error);
  for (guint i = 0; i < g_list_model_get_n_items (deleted); i++)
    {
      g_autoptr (BedRetentionItem) item = g_list_model_get_item (deleted, i);

      there += g_str_equal (bed_retention_item_get_name (item), FAULT_DELETED_NAME) ? 1 : 0;
    }
  g_assert_cmpuint (there, <=, 1);
  fault_expect (there == 0, act, FAULT_ERASED, done);
  g_assert_true (there == 1 || done || bed_record_store_needs_scrub (place->store));
}

/* What was done is in the trail; so is the opening for this look at it. */
static void
check_noted (FaultPlace *place, const FaultAct *act, gboolean done)
{
  gint64 own = act->event == BED_AUDIT_UNLOCKED ? 1 : 0;

  g_assert_true (count_noted (place, act) > place->noted + own || !done || act->event == 0);
}

static void
check (FaultPlace *place, const FaultAct *act, gboolean done)
{
  BedAuditVerdict verdict;
  guint64 position;
  g_autoptr (GError) error = NULL;

  fault_open_store (place);
  soak_assert_whole (place->vault);
  bed_audit_log_verify (bed_record_store_get_audit (place->store), NULL, &verdict, &position,
                        &error);
  g_assert_no_error (error);
  g_assert_cmpint (verdict, ==, BED_AUDIT_INTACT);
  check_signed (place, act, done);
  check_draft (place, act, done);
  check_attachments (place, act, done);
  check_restored (place, act, done);
  check_erased (place, act, done);
  fault_check_people (place, act, done);
  fault_check_changes (place, act, done);
  check_noted (place, act, done);
  fault_place_close (place);
}

const FaultGround fault_record_ground = { make, open_record, check };

/* --- The acts ----------------------------------------------------------------------------------- */

static gboolean
act_open (FaultPlace *place, GError **error)
{
  if (!fixture_try_unlock (place->vault, PASSPHRASE, error))
    return FALSE;
  place->store = bed_record_store_open (place->vault, place->clock, "dr-1", error);
  return place->store != NULL;
}

static gboolean
act_autosave (FaultPlace *place, GError **error)
{
  g_autoptr (BedNote) note = bed_record_store_get_note (place->store, FAULT_DRAFT_NOTE, error);
  g_autoptr (GAsyncResult) result = NULL;

  if (note == NULL)
    return FALSE;
  bed_note_set_section (note, BED_NOTE_SUBJECTIVE, AFTER);
  bed_note_draft_save_async (place->store, note, NULL, fixture_keep_result, &result);
  return bed_note_draft_save_finish (place->store, fixture_wait (&result), error);
}

static gboolean
act_sign (FaultPlace *place, GError **error)
{
  g_autoptr (BedNote) note = bed_record_store_get_note (place->store, FAULT_DRAFT_NOTE, error);

  return note != NULL
         && bed_record_store_sign_note (place->store, note, FAULT_AUTHOR, error);
}

static gboolean
act_addendum (FaultPlace *place, GError **error)
{
  const char *const sections[] = { SIGNED, "", "", "", NULL };
  g_autoptr (BedNote) note = bed_record_store_get_note (place->store, FAULT_SIGNED_NOTE, error);

  return note != NULL
         && bed_record_store_add_addendum (place->store, note, FAULT_AUTHOR, "late", RESULT,
                                           sections, error);
}

static gboolean
act_attach (FaultPlace *place, GError **error)
{
  g_autoptr (GBytes) content = g_bytes_new_static (FAULT_FILE, strlen (FAULT_FILE));
  g_autoptr (BedAttachment) kept = bed_record_store_keep_attachment (
      place->store, 1, 5, FALSE, "letter.pdf", "application/pdf", content, error);

  return kept != NULL;
}

static gboolean
act_rekey (FaultPlace *place, GError **error)
{
  g_autoptr (BedSecret) key = fixture_rekey (place->vault, PASSPHRASE, error);

  return key != NULL;
}

static gboolean
act_erase (FaultPlace *place, GError **error)
{
  g_autoptr (GListModel) deleted = bed_record_store_list_deleted (place->store, error);
  g_autoptr (GAsyncResult) result = NULL;

  if (deleted == NULL)
    return FALSE;
  bed_record_store_erase_async (place->store, deleted, NULL, fixture_keep_result, &result);
  return bed_record_store_erase_finish (place->store, fixture_wait (&result), error);
}

#define ON &fault_record_ground
const FaultAct fault_record_acts[] = {
  { .name = "open", ON, .closed = TRUE, .run = act_open, .event = BED_AUDIT_UNLOCKED },
  { .name = "autosave", ON, .again = TRUE, .run = act_autosave, .changes = FAULT_DRAFT,
    .event = BED_AUDIT_NOTE_CHANGED },
  { .name = "sign", ON, .run = act_sign, .changes = FAULT_SIGNED,
    .event = BED_AUDIT_NOTE_SIGNED },
  { .name = "addendum", ON, .run = act_addendum, .changes = FAULT_ADDENDUM,
    .event = BED_AUDIT_NOTE_AMENDED },
  { .name = "attachment", ON, .run = act_attach, .changes = FAULT_ATTACHMENT,
    .event = BED_AUDIT_ATTACHMENT_KEPT },
  { .name = "record-new-key", ON, .run = act_rekey },
  { .name = "erase", ON, .run = act_erase, .changes = FAULT_ERASED,
    .event = BED_AUDIT_ERASURE_COMPLETED },
  { .name = NULL },
};
