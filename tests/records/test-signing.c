/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-attachment.h"
#include "bed-db.h"
#include "bed-export-file.h"
#include "bed-record-fixture.h"
#include "bed-record-signing.h"

#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>

#define DB bed_vault_get_db (r->base.vault)

static BedNote *
signed_note (Record *r, gint64 patient_id, const char *text)
{
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, patient_id);
  BedNote *note = record_add_note (r, bed_encounter_get_id (encounter), text);
  g_autoptr (GError) error = NULL;

  bed_record_store_sign_note (r->store, note, "Dr Amara Okafor", &error);
  g_assert_no_error (error);
  return note;
}

static void
add_addendum (Record *r, BedNote *note, const char *text)
{
  g_autoptr (GError) error = NULL;

  bed_record_store_add_addendum (r->store, note, "Dr Amara Okafor", "a result came", text, NULL,
                                 &error);
  g_assert_no_error (error);
}

static void
expect_verdict (Record *r, BedNote *note, BedNoteVerdict expected, guint version)
{
  g_autoptr (GError) error = NULL;
  BedNoteVerdict verdict;
  guint found;

  g_assert_true (bed_record_store_verify_note (r->store, bed_note_get_id (note), &verdict, &found,
                                               &error));
  g_assert_no_error (error);
  g_assert_cmpint (verdict, ==, expected);
  g_assert_cmpuint (found, ==, version);
}

/* What somebody with the key does by hand: the guards are taken away first. */
static void
by_hand (Record *r, const char *trigger, const char *sql)
{
  g_autofree char *drop = g_strdup_printf ("DROP TRIGGER %s", trigger);
  g_autoptr (GError) error = NULL;

  if (trigger != NULL)
    g_assert_true (bed_db_exec (DB, drop, &error));
  bed_db_exec (DB, sql, &error);
  g_assert_no_error (error);
}

static void
expect_refused (Record *r, const char *sql)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (bed_db_exec (DB, sql, &error));
  g_assert_error (error, BED_DB_ERROR, BED_DB_ERROR_CONSTRAINT);
}

/* --- Signing ---------------------------------------------------------------------------------- */

static void
test_sign (Record *r, gconstpointer data)
{
  g_autoptr (BedPatient) patient = record_add_patient (r, "Abel, Eva", "1961-02-28");
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, bed_patient_get_id (patient));
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "cough");
  g_autoptr (GListModel) versions = NULL;
  g_autoptr (BedNoteVersion) version = NULL;
  g_autoptr (GError) error = NULL;
  guint8 key[BED_NOTE_KEY_LENGTH];
  gint64 id = bed_note_get_id (note);

  expect_verdict (r, note, BED_NOTE_VERDICT_DRAFT, 0);
  record_forget_events (r);
  g_assert_true (bed_record_store_sign_note (r->store, note, "Dr Amara Okafor", &error));
  g_assert_no_error (error);
  g_assert_cmpint (bed_note_get_state (note), ==, BED_NOTE_SIGNED);
  g_assert_cmpint (bed_note_get_signed_us (note), >, 0);
  g_assert_false (bed_note_set_section (note, BED_NOTE_PLAN, "later"));
  g_assert_false (bed_record_store_sign_note (r->store, note, "Dr Amara Okafor", &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_DRAFT);
  g_clear_error (&error);
  g_clear_object (&note);
  record_reopen (r);
  note = bed_record_store_get_note (r->store, id, &error);
  expect_verdict (r, note, BED_NOTE_VERDICT_INTACT, 0);
  versions = bed_record_store_list_versions (r->store, id, &error);
  g_assert_cmpuint (g_list_model_get_n_items (versions), ==, 1);
  version = g_list_model_get_item (versions, 0);
  g_assert_cmpstr (bed_note_version_get_section (version, 0), ==, "cough");
  g_assert_cmpstr (bed_note_version_get_heading (version, 0), ==, "subjective");
  g_assert_cmpstr (bed_note_version_get_author_name (version), ==, "Dr Amara Okafor");
  g_assert_cmpstr (bed_note_version_get_facts (version)->patient_name, ==, "Abel, Eva");
  g_assert_cmpint (bed_note_version_get_facts (version)->ended_us, ==,
                   bed_encounter_get_ended_us (encounter));
  g_assert_true (bed_record_store_get_signing_key (r->store, key, &error));
  g_assert_cmpmem (key, sizeof key, bed_note_version_get_key (version), sizeof key);
  g_assert_true (bed_note_version_check_signature (version));
  record_assert_whole (r);
}

static void
test_sign_refused (Record *r, gconstpointer data)
{
  g_autoptr (BedEncounter) running
      = bed_record_store_start_encounter (r->store, 0, "A", NULL, NULL, NULL, NULL);
  g_autoptr (BedEncounter) ended = record_add_encounter (r, 0);
  g_autoptr (BedNote) early = record_add_note (r, bed_encounter_get_id (running), "x");
  g_autoptr (BedNote) empty = record_add_note (r, bed_encounter_get_id (ended), "");
  g_autoptr (GError) error = NULL;

  g_assert_false (bed_record_store_sign_note (r->store, early, "Dr A", &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_RUNNING);
  g_clear_error (&error);
  g_assert_false (bed_record_store_sign_note (r->store, empty, "Dr A", &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_EMPTY);
  g_clear_error (&error);
  bed_note_set_section (empty, 0, " \n");
  g_assert_false (bed_record_store_sign_note (r->store, empty, "Dr A", &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_EMPTY);
  g_clear_error (&error);
  bed_note_set_section (empty, 0, "text");
  g_assert_false (bed_record_store_sign_note (r->store, empty, "", &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (bed_record_store_add_addendum (r->store, empty, "Dr A", "why", "t", NULL, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_SIGNED);
  expect_verdict (r, empty, BED_NOTE_VERDICT_DRAFT, 0);
}

static void
test_addenda (Record *r, gconstpointer data)
{
  static const char *const corrected[] = { "cough for nine days", "", "", "" };
  g_autoptr (BedNote) note = signed_note (r, 0, "cough for six days");
  g_autoptr (GListModel) versions = NULL;
  g_autoptr (BedNoteVersion) second = NULL;
  g_autoptr (BedNoteVersion) third = NULL;
  g_autoptr (GError) error = NULL;
  const BedSearchQuery query = { .text = "pneumonia", .state = -1 };
  g_autoptr (GListModel) hits = NULL;

  add_addendum (r, note, "the picture shows no pneumonia");
  g_assert_cmpint (bed_note_get_state (note), ==, BED_NOTE_AMENDED);
  g_assert_true (bed_record_store_add_addendum (r->store, note, "Dr Amara Okafor", "a slip", "",
                                                corrected, &error));
  g_assert_no_error (error);
  g_assert_false (bed_record_store_add_addendum (r->store, note, "Dr A", "again", "", corrected,
                                                 &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_EMPTY);
  g_clear_error (&error);
  g_assert_false (bed_record_store_add_addendum (r->store, note, "Dr A", "", "text", NULL, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID);
  g_clear_error (&error);
  expect_verdict (r, note, BED_NOTE_VERDICT_INTACT, 0);
  g_assert_cmpstr (bed_note_get_section (note, 0), ==, "cough for six days");
  versions = bed_record_store_list_versions (r->store, bed_note_get_id (note), NULL);
  g_assert_cmpuint (g_list_model_get_n_items (versions), ==, 3);
  second = g_list_model_get_item (versions, 1);
  third = g_list_model_get_item (versions, 2);
  g_assert_cmpstr (bed_note_version_get_reason (second), ==, "a result came");
  g_assert_false (bed_note_version_get_corrects (second));
  g_assert_cmpstr (bed_note_version_get_section (second, 0), ==, "cough for six days");
  g_assert_true (bed_note_version_get_corrects (third));
  g_assert_cmpstr (bed_note_version_get_section (third, 0), ==, "cough for nine days");
  hits = bed_record_store_search (r->store, &query, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (hits), ==, 1);
  record_assert_whole (r);
}

/* A signing is counted outside the database, and nothing of it is left in the WAL. */
static void
test_counted (Record *r, gconstpointer data)
{
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, 0);
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "text");
  g_autofree char *wal = g_build_filename (r->base.directory, "vault.db-wal", NULL);
  BedAuditHead before, after;
  GStatBuf st;

  g_assert_true (bed_audit_log_get_head (bed_record_store_get_audit (r->store), &before, NULL));
  g_assert_true (bed_record_store_sign_note (r->store, note, "Dr A", NULL));
  g_assert_true (bed_audit_log_get_head (bed_record_store_get_audit (r->store), &after, NULL));
  g_assert_cmpuint (after.sequence, >, before.sequence);
  g_assert_cmpint (g_stat (wal, &st), ==, 0);
  g_assert_cmpint (st.st_size, ==, 0);
}

/* --- What the database refuses ---------------------------------------------------------------- */

static void
test_guards (Record *r, gconstpointer data)
{
  g_autoptr (BedNote) note = signed_note (r, 0, "text");

  add_addendum (r, note, "more");
  expect_refused (r, "UPDATE note SET subjective = 'other'");
  expect_refused (r, "UPDATE note SET section_8 = 'other'");
  expect_refused (r, "UPDATE note SET headings = 'plan'");
  expect_refused (r, "UPDATE note SET signed_us = 1");
  expect_refused (r, "UPDATE note SET author = 'x'");
  expect_refused (r, "UPDATE note SET state = 0");
  expect_refused (r, "UPDATE note SET state = 1");
  expect_refused (r, "DELETE FROM note");
  expect_refused (r, "UPDATE note_version SET content = x'00'");
  expect_refused (r, "DELETE FROM note_version");
  expect_refused (r, "INSERT INTO note_version SELECT 99, note_id, 7, content, signature,"
                     " signer_key, 0 FROM note_version WHERE number = 1");
  expect_refused (r, "UPDATE encounter SET ended_us = 1");
  expect_refused (r, "UPDATE encounter SET verification = 1");
  expect_refused (r, "UPDATE encounter SET consent_version = 'x'");
  /* Erasing is possible with its record, and only so. */
  g_assert_true (bed_db_exec (DB, "INSERT INTO erasure (kind, uuid, rule, author, real_us)"
                                  " SELECT 2, uuid, 'r', 'a', 1 FROM note;"
                                  "DELETE FROM note_version; DELETE FROM note", NULL));
  expect_refused (r, "DELETE FROM erasure");
  expect_refused (r, "UPDATE erasure SET rule = ''");
}

/* Who it was signed for stays, also when the patient has another name in the record since. */
static void
test_signed_for (Record *r, gconstpointer data)
{
  g_autoptr (BedPatient) ruth = record_add_patient (r, "Ruth Abel", "1948-03-09");
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, bed_patient_get_id (ruth));
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "text");
  g_autoptr (GListModel) versions = NULL;
  g_autoptr (BedNoteFacts) before = NULL;
  g_autoptr (BedNoteFacts) now = NULL;
  const BedNoteFacts *then;

  g_assert_true (bed_record_store_sign_note (r->store, note, "Dr A", NULL));
  before = bed_record_store_get_facts (r->store, bed_encounter_get_id (encounter), NULL);
  bed_patient_set_name (ruth, "Otto Abel");
  bed_patient_set_birth_date (ruth, "1950-01-02");
  g_assert_true (bed_record_store_save_patient (r->store, ruth, NULL));
  g_assert_true (bed_record_store_add_addendum (r->store, note, "Dr A", "Why", "More.", NULL,
                                                NULL));
  versions = bed_record_store_list_versions (r->store, bed_note_get_id (note), NULL);
  then = bed_note_version_list_get_patient (versions);
  now = bed_record_store_get_facts (r->store, bed_encounter_get_id (encounter), NULL);
  g_assert_cmpstr (then->patient_name, ==, "Ruth Abel");
  g_assert_cmpstr (then->patient_birth_date, ==, "1948-03-09");
  g_assert_cmpstr (now->patient_name, ==, "Otto Abel");
  g_assert_true (bed_note_facts_same_patient (then, before));
  g_assert_false (bed_note_facts_same_patient (then, now));
  expect_verdict (r, note, BED_NOTE_VERDICT_INTACT, 0);
}

static void
test_facts_fixed (Record *r, gconstpointer data)
{
  g_autoptr (BedPatient) one = record_add_patient (r, "One", "");
  g_autoptr (BedPatient) two = record_add_patient (r, "Two", "");
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, 0);
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "text");
  g_autoptr (GListModel) versions = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (bed_record_store_is_signed (r->store, encounter));
  g_assert_true (bed_record_store_sign_note (r->store, note, "Dr A", NULL));
  g_assert_false (bed_record_store_set_encounter_encryption (r->store, encounter, "NONE", "direct",
                                                             BED_VERIFICATION_MATCHED, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_SIGNED);
  g_clear_error (&error);
  g_assert_true (bed_record_store_is_signed (r->store, encounter));
  g_assert_true (bed_record_store_assign_encounter (r->store, encounter, bed_patient_get_id (one),
                                                    &error));
  g_assert_false (bed_record_store_assign_encounter (r->store, encounter, bed_patient_get_id (two),
                                                     &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_SIGNED);
  g_clear_error (&error);
  bed_patient_set_name (one, "One-Married");
  g_assert_true (bed_record_store_save_patient (r->store, one, NULL));
  versions = bed_record_store_list_versions (r->store, bed_note_get_id (note), &error);
  g_assert_no_error (error);
  g_assert_null (bed_note_version_list_get_patient (versions));
  expect_verdict (r, note, BED_NOTE_VERDICT_INTACT, 0);
}

/* --- What verifying finds --------------------------------------------------------------------- */

static void
test_text_changed (Record *r, gconstpointer data)
{
  g_autoptr (BedNote) note = signed_note (r, 0, "text");

  by_hand (r, "note_signed_stays", "UPDATE note SET plan = 'other'");
  expect_verdict (r, note, BED_NOTE_VERDICT_TEXT_CHANGED, 1);
}

static void
test_facts_changed (Record *r, gconstpointer data)
{
  static const char *const changes[]
      = { "started_us = started_us - 1", "ended_us = ended_us + 1", "verification = 1",
          "typed_name = 'Somebody'", "location = 'elsewhere'", "cipher = 'x'", "path = 'relayed'",
          "author = 'other'", "callback = '1'" };

  for (guint i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (BedNote) note = signed_note (r, 0, "text");
      g_autofree char *sql = g_strdup_printf (
          "UPDATE encounter SET %s WHERE id = %" G_GINT64_FORMAT, changes[i],
          bed_note_get_encounter_id (note));

      by_hand (r, i == 0 ? "encounter_signed_stays" : NULL, sql);
      expect_verdict (r, note, BED_NOTE_VERDICT_FACTS_CHANGED, 1);
    }
}

static void
test_consents_changed (Record *r, gconstpointer data)
{
  BedConsentEvent event = { 1, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_CALL, TRUE, "device-1" };
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, 0);
  gint64 id = bed_encounter_get_id (encounter);
  g_autoptr (BedNote) note = record_add_note (r, id, "text");

  g_assert_true (bed_record_store_add_consent_event (r->store, id, &event, NULL));
  g_assert_true (bed_record_store_sign_note (r->store, note, "Dr A", NULL));
  event.granted = FALSE;
  g_assert_true (bed_record_store_add_consent_event (r->store, id, &event, NULL));
  expect_verdict (r, note, BED_NOTE_VERDICT_INTACT, 0);
  expect_refused (r, "DELETE FROM consent_event");
  by_hand (r, "consent_event_stays", "UPDATE consent_event SET granted = 0");
  expect_verdict (r, note, BED_NOTE_VERDICT_FACTS_CHANGED, 1);
}

static void
test_forged (Record *r, gconstpointer data)
{
  g_autoptr (BedNote) note = signed_note (r, 0, "text");

  by_hand (r, "version_stays", "UPDATE note_version SET signature = zeroblob (64)");
  expect_verdict (r, note, BED_NOTE_VERDICT_FORGED, 1);
  by_hand (r, NULL, "UPDATE note_version SET content = x'00'");
  expect_verdict (r, note, BED_NOTE_VERDICT_FORGED, 1);
}

/* Every byte of what is signed counts. */
static void
test_every_byte (Record *r, gconstpointer data)
{
  g_autoptr (BedNote) note = signed_note (r, 0, "text");
  g_autoptr (BedDbStatement) row = bed_db_prepare (DB, "SELECT content FROM note_version", NULL);
  g_autoptr (GBytes) content = NULL;
  g_autofree guint8 *bytes = NULL;
  gsize length;

  g_assert_cmpint (bed_db_statement_step (row, NULL), ==, BED_DB_STEP_ROW);
  content = bed_db_statement_dup_blob (row, 0);
  g_clear_pointer (&row, bed_db_statement_free);
  length = g_bytes_get_size (content);
  bytes = g_memdup2 (g_bytes_get_data (content, NULL), length);
  g_assert_true (bed_db_exec (DB, "DROP TRIGGER version_stays", NULL));
  for (gsize i = 0; i < length; i++)
    {
      bytes[i] ^= (guint8) (1u << (i % 8));
      g_assert_true (bed_db_run (DB, NULL, "UPDATE note_version SET content = ?", "b", bytes, length));
      bytes[i] ^= (guint8) (1u << (i % 8));
      expect_verdict (r, note, BED_NOTE_VERDICT_FORGED, 1);
    }
  g_assert_true (bed_db_run (DB, NULL, "UPDATE note_version SET content = ?", "b", bytes, length));
  expect_verdict (r, note, BED_NOTE_VERDICT_INTACT, 0);
}

/* A signature that fits, by a key that is not the account's. */
static void
test_other_key (Record *r, gconstpointer data)
{
  g_autoptr (BedNote) note = signed_note (r, 0, "text");
  g_autoptr (BedDbStatement) row = bed_db_prepare (DB, "SELECT content FROM note_version", NULL);
  g_autoptr (GBytes) content = NULL;
  guint8 key[32], secret[64], signature[64];

  g_assert_cmpint (bed_db_statement_step (row, NULL), ==, BED_DB_STEP_ROW);
  content = bed_db_statement_dup_blob (row, 0);
  g_clear_pointer (&row, bed_db_statement_free);
  crypto_sign_keypair (key, secret);
  crypto_sign_detached (signature, NULL, g_bytes_get_data (content, NULL),
                        g_bytes_get_size (content), secret);
  g_assert_true (bed_db_exec (DB, "DROP TRIGGER version_stays", NULL));
  g_assert_true (bed_db_run (DB, NULL, "UPDATE note_version SET signature = ?, signer_key = ?", "bb",
                             signature, sizeof signature, key, sizeof key));
  expect_verdict (r, note, BED_NOTE_VERDICT_UNKNOWN_KEY, 1);
}

static void
test_order (Record *r, gconstpointer data)
{
  g_autoptr (BedNote) note = signed_note (r, 0, "text");

  add_addendum (r, note, "first");
  add_addendum (r, note, "second");
  by_hand (r, "version_stays",
           "UPDATE note_version SET number = 9 WHERE number = 2;"
           "UPDATE note_version SET number = 2 WHERE number = 3;"
           "UPDATE note_version SET number = 3 WHERE number = 9");
  expect_verdict (r, note, BED_NOTE_VERDICT_UNLINKED, 2);
}

static void
test_missing (Record *r, gconstpointer data)
{
  g_autoptr (BedNote) note = signed_note (r, 0, "text");

  add_addendum (r, note, "first");
  add_addendum (r, note, "second");
  by_hand (r, "version_delete", "DELETE FROM note_version WHERE number = 3");
  expect_verdict (r, note, BED_NOTE_VERDICT_UNLINKED, 3);
  by_hand (r, "note_state_forward", "DELETE FROM note_version WHERE number = 2;"
                                    "UPDATE note SET state = 1");
  expect_verdict (r, note, BED_NOTE_VERDICT_UNLINKED, 2);
  by_hand (r, NULL, "DELETE FROM note_version; UPDATE note SET state = 0");
  expect_verdict (r, note, BED_NOTE_VERDICT_UNLINKED, 1);
}

/* An addendum of another note, with its own good signature. */
static void
test_other_note (Record *r, gconstpointer data)
{
  g_autoptr (BedNote) one = signed_note (r, 0, "one");
  g_autoptr (BedNote) two = signed_note (r, 0, "two");
  g_autofree char *sql = g_strdup_printf (
      "INSERT INTO note_version (note_id, number, content, signature, signer_key, signed_us) SELECT"
      " %" G_GINT64_FORMAT ", 2, content, signature, signer_key, signed_us FROM note_version"
      " WHERE note_id = %" G_GINT64_FORMAT " AND number = 2", bed_note_get_id (two),
      bed_note_get_id (one));

  add_addendum (r, one, "of one");
  by_hand (r, NULL, sql);
  expect_verdict (r, two, BED_NOTE_VERDICT_UNLINKED, 2);
  expect_verdict (r, one, BED_NOTE_VERDICT_INTACT, 0);
}

/* --- Attachments ------------------------------------------------------------------------------ */

static void
test_attachments (Record *r, gconstpointer data)
{
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, 0);
  gint64 id = bed_encounter_get_id (encounter);
  g_autoptr (BedNote) note = record_add_note (r, id, "text");
  g_autoptr (GBytes) bytes = g_bytes_new_static ("a picture", 9);
  g_autoptr (GBytes) none = g_bytes_new_static ("", 0);
  g_autoptr (GListModel) list = bed_record_store_list_attachments (r->store, id);
  g_autoptr (GListModel) deleted = bed_record_store_list_deleted_attachments (r->store, id);
  g_autoptr (BedAttachment) covered = NULL;
  g_autoptr (BedAttachment) shown = NULL;
  g_autoptr (BedAttachment) later = NULL;
  g_autoptr (GBytes) back = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (deleted), ==, 0);
  covered = bed_record_store_keep_attachment (r->store, id, 5, TRUE, "../../etc/pass\xe2\x80\xae\nwd",
                                              "Image/PNG; x=1", bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bed_attachment_get_name (covered), ==, "passwd");
  g_assert_cmpstr (bed_attachment_get_media_type (covered), ==, "image/png");
  g_assert_null (bed_record_store_keep_attachment (r->store, id, 5, TRUE, "x", "", none, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (bed_record_store_delete_attachment (r->store, bed_attachment_get_id (covered), NULL));
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 0);
  g_assert_cmpuint (g_list_model_get_n_items (deleted), ==, 1);
  g_assert_true (bed_record_store_restore_attachment (r->store, bed_attachment_get_id (covered), NULL));
  g_assert_cmpuint (g_list_model_get_n_items (deleted), ==, 0);
  g_assert_true (bed_record_store_sign_note (r->store, note, "Dr A", NULL));
  shown = g_list_model_get_item (list, 0); /* the list says so by itself */
  g_assert_true (bed_attachment_get_signed (shown));
  later = bed_record_store_keep_attachment (r->store, id, 6, FALSE, NULL, "nonsense", bytes, NULL);
  g_assert_cmpstr (bed_attachment_get_media_type (later), ==, "application/octet-stream");
  g_assert_false (bed_attachment_get_signed (later));
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 2);
  g_assert_false (bed_record_store_delete_attachment (r->store, bed_attachment_get_id (covered), &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_SIGNED);
  g_clear_error (&error);
  g_assert_true (bed_record_store_delete_attachment (r->store, bed_attachment_get_id (later), NULL));
  back = bed_record_store_read_attachment (r->store, bed_attachment_get_id (covered), NULL);
  g_assert_true (g_bytes_equal (back, bytes));
  expect_verdict (r, note, BED_NOTE_VERDICT_INTACT, 0);
  expect_refused (r, "DELETE FROM attachment_content");
  by_hand (r, "attachment_content_stays", "UPDATE attachment_content SET content = 'a Picture'");
  expect_verdict (r, note, BED_NOTE_VERDICT_ATTACHMENT_CHANGED, 1);
  g_assert_null (bed_record_store_read_attachment (r->store, bed_attachment_get_id (covered), &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_DAMAGED);
}

static void
test_attachment_copy (Record *r, gconstpointer data)
{
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, 0);
  g_autoptr (GBytes) bytes = g_bytes_new_static ("a picture", 9);
  g_autoptr (BedAttachment) kept = bed_record_store_keep_attachment (
      r->store, bed_encounter_get_id (encounter), 5, FALSE, "x", "a/b", bytes, NULL);
  gint64 id = bed_attachment_get_id (kept);
  g_autofree char *folder = g_dir_make_tmp ("bedside-copy-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "copy", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "none", "copy", NULL);
  g_autofree char *back = NULL;
  g_autoptr (GError) error = NULL;
  GStatBuf about;
  gsize length;

  g_assert_false (bed_record_store_save_attachment (r->store, id, nowhere, &error));
  g_assert_error (error, BED_EXPORT_ERROR, BED_EXPORT_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (bed_record_store_save_attachment (r->store, id, path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &back, &length, NULL));
  g_assert_cmpmem (back, length, "a picture", 9);
  g_assert_cmpint (g_stat (path, &about), ==, 0);
  g_assert_cmpint (about.st_mode & 0777, ==, 0600);
  g_assert_cmpint (g_remove (path), ==, 0);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
test_attachment_kinds (void)
{
  static const struct
  {
    const char *data, *kind;
    gsize length;
  } cases[] = {
    { "\x89PNG\r\n\x1a\n\0\0", "image/png", 10 },
    { "\x89PNG\r\n", "application/octet-stream", 6 },
    { "\xff\xd8\xff\xe0", "image/jpeg", 4 },
    { "%PDF-1.7\n\xff", "application/pdf", 10 },
    { "Bl\xc3\xa4tter\n\tund\r\n", "text/plain", 15 },
    { "Bl\xc3", "application/octet-stream", 3 },
    { "a\0b", "application/octet-stream", 3 },
    { "\x1b[31m", "application/octet-stream", 5 },
    { "<svg", "text/plain", 4 },
    { "", "application/octet-stream", 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpstr (bed_attachment_guess_media_type (cases[i].data, cases[i].length), ==,
                     cases[i].kind);
}

/* What begins as a PDF is no page or program by its name. */
static void
test_attachment_names (void)
{
  static const struct
  {
    const char *name, *media_type, *file_name;
  } cases[] = {
    { "x.html", "application/pdf", "x.html.pdf" },   { "x.desktop", "image/png", "x.desktop.png" },
    { "X.PDF", "application/pdf", "X.PDF" },         { "knee.jpeg", "image/jpeg", "knee.jpeg" },
    { "knee", "image/jpeg", "knee.jpg" },            { ".pdf", "application/pdf", ".pdf.pdf" },
    { "values.csv", "text/plain", "values.csv" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = bed_attachment_dup_file_name (cases[i].name, cases[i].media_type);
      g_assert_cmpstr (name, ==, cases[i].file_name);
    }
}

static void
test_attachment_limits (Record *r, gconstpointer data)
{
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, 0);
  gint64 id = bed_encounter_get_id (encounter);
  g_autofree guint8 *large = g_malloc0 (BED_ATTACHMENT_MAX + 1);
  g_autoptr (GBytes) over = g_bytes_new_static (large, BED_ATTACHMENT_MAX + 1);
  g_autoptr (GError) error = NULL;
  BedAttachment *none
      = bed_record_store_keep_attachment (r->store, id, 1, TRUE, "x", "a/b", over, &error);

  g_assert_null (none);
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_TOO_LARGE);
  g_clear_error (&error);
  /* All of an encounter's together: what is there is only claimed, to be quick. */
  g_assert_true (bed_db_exec (DB, "INSERT INTO attachment (uuid, encounter_id, name, media_type, size,"
                                  " hash, from_patient, real_us, kept_us, author) SELECT 'u', id, '', '',"
                                  " 67108864, x'', 0, 0, 0, '' FROM encounter", NULL));
  g_clear_pointer (&over, g_bytes_unref);
  over = g_bytes_new_static ("1", 1);
  none = bed_record_store_keep_attachment (r->store, id, 1, TRUE, "x", "a/b", over, &error);
  g_assert_null (none);
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_TOO_LARGE);
}

/* --- Out of sight, and back ------------------------------------------------------------------- */

static void
test_delete_draft (Record *r, gconstpointer data)
{
  g_autoptr (BedNote) kept = signed_note (r, 0, "kept");
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, 0);
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "draft");
  g_autoptr (GListModel) list = bed_record_store_list_notes (r->store, 0);
  g_autoptr (BedNote) back = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id = bed_note_get_id (note);

  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 2);
  g_assert_true (bed_record_store_delete_note (r->store, note, &error));
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 1);
  back = bed_record_store_restore_note (r->store, id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bed_note_get_section (back, 0), ==, "draft");
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 2);
  g_assert_false (bed_record_store_delete_note (r->store, kept, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_DRAFT);
  g_clear_error (&error);
  g_assert_null (bed_record_store_restore_note (r->store, id, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_FOUND);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);
#define ADD(path, function)                                                                        \
  g_test_add ("/records/" path, Record, NULL, record_set_up, function, record_tear_down)
  ADD ("signing/sign", test_sign);
  ADD ("signing/refused", test_sign_refused);
  ADD ("signing/addenda", test_addenda);
  ADD ("signing/counted-outside", test_counted);
  ADD ("signing/guards", test_guards);
  ADD ("signing/facts-fixed", test_facts_fixed);
  ADD ("signing/signed-for", test_signed_for);
  ADD ("verify/text-changed", test_text_changed);
  ADD ("verify/facts-changed", test_facts_changed);
  ADD ("verify/consents-changed", test_consents_changed);
  ADD ("verify/forged", test_forged);
  ADD ("verify/every-byte", test_every_byte);
  ADD ("verify/other-key", test_other_key);
  ADD ("verify/order", test_order);
  ADD ("verify/missing", test_missing);
  ADD ("verify/other-note", test_other_note);
  ADD ("attachments/life", test_attachments);
  ADD ("attachments/limits", test_attachment_limits);
  ADD ("attachments/copy", test_attachment_copy);
  g_test_add_func ("/records/signing/attachments/kinds", test_attachment_kinds);
  g_test_add_func ("/records/signing/attachments/names", test_attachment_names);
  ADD ("notes/delete-draft", test_delete_draft);
  return g_test_run ();
}
