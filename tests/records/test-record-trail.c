/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db.h"
#include "bed-export-file.h"
#include "bed-record-fixture.h"
#include "bed-record-trail.h"
#include "bed-vault-fakes.h"

#include <glib/gstdio.h>
#include <string.h>

/* What these lines are called with: the uuids of what there is. */
static void
expect (Record *r, const char *format, ...) G_GNUC_PRINTF (2, 3);
static void
expect (Record *r, const char *format, ...)
{
  g_autofree char *lines = NULL;
  va_list args;

  va_start (args, format);
  lines = g_strdup_vprintf (format, args);
  va_end (args);
  record_expect (r, lines);
}

static void
test_writing (Record *r, gconstpointer data)
{
  static const guint8 hash[BED_CONSENT_TEXT_HASH_LENGTH] = { 1 };
  g_autoptr (BedPatient) patient = NULL;
  g_autoptr (BedEncounter) visit = NULL;
  g_autoptr (BedNote) note = NULL;
  g_autoptr (BedPatientConsent) consent
      = bed_patient_consent_new ("v1", hash, sizeof hash, "de", 5, TRUE, TRUE);
  BedConsentEvent device = { .device = BED_DEVICE_CAMERA, .granted = TRUE, .text_version = "1" };
  const char *p, *v, *n;

  record_expect (r, "vault-created\nunlocked\n");
  patient = record_add_patient (r, "Eva Abel", "");
  p = bed_patient_get_uuid (patient);
  expect (r, "patient-created %s\n", p);
  bed_patient_set_telephone (patient, "1");
  g_assert_true (bed_record_store_save_patient (r->store, patient, NULL));
  expect (r, "patient-changed %s\n", p);
  visit = bed_record_store_start_encounter (r->store, 0, "Eva", NULL, NULL, consent, NULL);
  v = bed_encounter_get_uuid (visit);
  expect (r, "encounter-started %s\npatient-consent %s\n", v, v);
  g_assert_true (bed_record_store_assign_encounter (r->store, visit, bed_patient_get_id (patient),
                                                    NULL));
  expect (r, "encounter-assigned %s\n", v);
  g_assert_true (bed_record_store_add_consent_event (r->store, bed_encounter_get_id (visit),
                                                     &device, NULL));
  device.granted = FALSE;
  device.device = BED_DEVICE_MICROPHONE;
  g_assert_true (bed_record_store_add_consent_event (r->store, 0, &device, NULL));
  record_expect (r, "consent-granted camera\nconsent-withdrawn microphone\n");
  note = record_add_note (r, bed_encounter_get_id (visit), "first");
  n = bed_note_get_uuid (note);
  expect (r, "note-created %s\nnote-changed %s\n", n, n);
  g_assert_true (bed_note_set_section (note, BED_NOTE_PLAN, "once more"));
  g_assert_true (bed_note_draft_flush (r->store, NULL));
  record_expect (r, ""); /* once for each time the record is open, not for each save */
  g_assert_true (bed_record_store_keep_chat (r->store, bed_encounter_get_id (visit), 1, TRUE,
                                             "hello", NULL));
  expect (r, "chat-kept %s\n", v);
  g_assert_true (bed_record_store_end_encounter (r->store, visit, NULL));
  g_assert_true (bed_record_store_end_encounter (r->store, visit, NULL));
  expect (r, "encounter-ended %s\n", v);
}

static void
test_reading (Record *r, gconstpointer data)
{
  g_autoptr (BedPatient) patient = record_add_patient (r, "Eva Abel", "");
  g_autoptr (BedEncounter) visit = record_add_encounter (r, bed_patient_get_id (patient));
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (visit), MARKER);

  record_forget_events (r);
  g_assert_true (bed_record_store_opened (r->store, G_OBJECT (patient), NULL));
  g_assert_true (bed_record_store_opened (r->store, G_OBJECT (visit), NULL));
  g_assert_true (bed_record_store_opened (r->store, G_OBJECT (note), NULL));
  expect (r, "patient-opened %s\nencounter-opened %s\nnote-opened %s\n",
          bed_patient_get_uuid (patient), bed_encounter_get_uuid (visit), bed_note_get_uuid (note));
}

static guint
search (Record *r, const char *text)
{
  BedSearchQuery query = BED_SEARCH_QUERY_INIT;
  g_autoptr (GListModel) hits = NULL;

  query.text = text;
  hits = bed_record_store_search (r->store, &query, NULL);
  return g_list_model_get_n_items (hits);
}

/* That somebody searched, once for a run of keystrokes, and never what for. */
static void
test_searching (Record *r, gconstpointer data)
{
  g_autoptr (BedEncounter) visit = record_add_encounter (r, 0);
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (visit), MARKER);
  g_autoptr (GListModel) none = NULL;
  g_autofree char *typed = g_ascii_strdown (MARKER, 6);

  record_forget_events (r);
  for (gsize i = 1; i <= strlen (typed); i++)
    {
      g_autofree char *so_far = g_strndup (typed, i);
      g_assert_cmpuint (search (r, so_far), ==, 1);
      bed_manual_clock_advance (BED_MANUAL_CLOCK (r->base.clock), G_USEC_PER_SEC);
    }
  record_expect (r, "searched\n");
  bed_manual_clock_advance (BED_MANUAL_CLOCK (r->base.clock), 11 * G_USEC_PER_SEC);
  search (r, "more");
  record_expect (r, "searched\n");
  bed_manual_clock_advance (BED_MANUAL_CLOCK (r->base.clock), 11 * G_USEC_PER_SEC);
  none = bed_record_store_find_patients (r->store, "abel");
  record_expect (r, "searched\n");
}

static void
spool (Record *r, BedAuditEvent event)
{
  g_autoptr (GBytes) record = bed_audit_event_pack (bed_clock_get_real_us (r->base.clock), event,
                                                    NULL);
  g_autoptr (GError) error = NULL;

  bed_vault_spool_append (r->base.vault, record, &error);
  g_assert_no_error (error);
}

/* What happens while the record is closed stands before the unlocking that it led to. */
static void
test_closed (Record *r, gconstpointer data)
{
  record_forget_events (r);
  spool (r, BED_AUDIT_SIGNED_IN); /* while it is open: it is taken at the latest when it closes */
  bed_vault_lock (r->base.vault);
  g_clear_object (&r->store);
  spool (r, BED_AUDIT_UNLOCK_FAILED);
  spool (r, BED_AUDIT_UNLOCK_FAILED);
  fixture_unlock (r->base.vault, PASSPHRASE);
  r->store = record_open (r);
  record_expect (r, "signed-in\nlocked\nunlock-failed\nunlock-failed\nunlocked\n");
  record_assert_whole (r);
}

/* --- List, verify, export --------------------------------------------------------------------- */

static void
test_list (Record *r, gconstpointer data)
{
  g_autoptr (BedPatient) patient = record_add_patient (r, "Eva Abel", "");
  g_autoptr (BedPatient) other = record_add_patient (r, "Otto Zimmer", "");
  g_autoptr (BedEncounter) visit = record_add_encounter (r, bed_patient_get_id (patient));
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (visit), MARKER);
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) all = bed_record_store_list_trail (r->store, 0, &error);
  g_autoptr (GListModel) hers
      = bed_record_store_list_trail (r->store, bed_patient_get_id (patient), &error);
  g_autoptr (BedTrailEntry) newest = g_list_model_get_item (all, 0);
  g_autoptr (BedTrailEntry) last = g_list_model_get_item (hers, 0);
  g_autoptr (BedTrailEntry) gone = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (all), ==, 9);
  g_assert_cmpint (bed_trail_entry_get_event (newest), ==, BED_AUDIT_TRAIL_OPENED);
  g_assert_cmpstr (bed_trail_entry_get_actor (newest), ==, "dr-1");
  g_assert_cmpuint (g_list_model_get_n_items (hers), ==, 5); /* created, visit twice, note twice */
  g_assert_cmpint (bed_trail_entry_get_event (last), ==, BED_AUDIT_NOTE_CHANGED);
  g_assert_cmpstr (bed_trail_entry_get_subject (last), ==, bed_note_get_uuid (note));
  g_assert_cmpint (bed_trail_entry_get_patient_id (last), ==, bed_patient_get_id (patient));
  bed_vault_lock (r->base.vault);
  gone = g_list_model_get_item (all, 0);
  g_assert_cmpstr (bed_trail_entry_get_actor (gone), ==, "");
  g_assert_null (g_list_model_get_item (all, 9));
}

static void
append_one (Record *r)
{
  g_assert_true (bed_audit_log_append (bed_record_store_get_audit (r->store), BED_AUDIT_EXPORTED,
                                       "all", NULL));
}

static gboolean
verify (Record *r, BedTrailReport *report, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  bed_record_store_verify_trail_async (r->store, NULL, NULL, NULL, record_keep_result, &result);
  return bed_record_store_verify_trail_finish (r->store, record_wait (&result), report, error);
}

static void
run_sql (Record *r, const char *sql)
{
  g_autoptr (GError) error = NULL;

  bed_db_exec (bed_vault_get_db (r->base.vault), sql, &error);
  g_assert_no_error (error);
}

static void
test_verify (Record *r, gconstpointer data)
{
  BedTrailReport report;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 700; i++)
    append_one (r);
  record_forget_events (r);
  g_assert_true (verify (r, &report, &error));
  g_assert_cmpint (report.verdict, ==, BED_AUDIT_INTACT);
  g_assert_cmpuint (report.length, ==, 702);
  g_assert_false (report.anchored);
  record_expect (r, "trail-verified\n");
}

/* The triggers stop a mistake, not a thief with the key: what he changes in the rows is seen. */
static const struct
{
  const char *sql;
  BedAuditVerdict verdict;
  guint64 position;
} tampers[] = {
  { "UPDATE audit SET event = 43 WHERE sequence = 5", BED_AUDIT_ALTERED, 5 },
  { "UPDATE audit SET event = event + 4294967296 WHERE sequence = 5", BED_AUDIT_ALTERED, 5 },
  { "UPDATE audit SET event = 'x' WHERE sequence = 5", BED_AUDIT_ALTERED, 5 },
  { "UPDATE audit SET real_us = real_us + 1 WHERE sequence = 5", BED_AUDIT_ALTERED, 5 },
  { "UPDATE audit SET actor = 'dr-2' WHERE sequence = 5", BED_AUDIT_ALTERED, 5 },
  { "UPDATE audit SET actor = x'00' WHERE sequence = 5", BED_AUDIT_ALTERED, 5 },
  { "UPDATE audit SET subject = '' WHERE sequence = 5", BED_AUDIT_ALTERED, 5 },
  { "UPDATE audit SET hash = zeroblob (32) WHERE sequence = 5", BED_AUDIT_ALTERED, 5 },
  { "UPDATE audit SET hash = substr (hash, 1, 31) WHERE sequence = 5", BED_AUDIT_ALTERED, 5 },
  { "UPDATE audit SET previous = hash WHERE sequence = 5", BED_AUDIT_UNLINKED, 5 },
  { "UPDATE audit SET sequence = 1000 WHERE sequence = 5", BED_AUDIT_UNLINKED, 5 },
  { "DELETE FROM audit WHERE sequence = 5", BED_AUDIT_UNLINKED, 5 },
  { "DELETE FROM audit WHERE sequence < 5", BED_AUDIT_UNLINKED, 1 },
  { "INSERT INTO audit SELECT 0, real_us, event, actor, subject, previous, hash FROM audit"
    " WHERE sequence = 5", BED_AUDIT_UNLINKED, 1 },
  { "INSERT INTO audit SELECT -7, real_us, event, actor, subject, previous, hash FROM audit"
    " WHERE sequence = 5", BED_AUDIT_UNLINKED, 1 },
  { "INSERT INTO statement VALUES (zeroblob (32), 'erasure', 1, 'dr-1', 'forged')",
    BED_AUDIT_ALTERED, 13 },
};

static void
test_tampered (Record *r, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 10; i++)
    append_one (r);
  run_sql (r, "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete");
  for (guint i = 0; i < G_N_ELEMENTS (tampers); i++)
    {
      BedTrailReport report;
      g_autofree char *expected = g_strdup_printf ("trail-broken %" G_GUINT64_FORMAT "\n",
                                                   tampers[i].position);

      g_test_message ("%s", tampers[i].sql);
      run_sql (r, "CREATE TEMP TABLE kept AS SELECT * FROM audit");
      run_sql (r, tampers[i].sql);
      g_assert_true (verify (r, &report, &error));
      g_assert_no_error (error);
      g_assert_cmpint (report.verdict, ==, tampers[i].verdict);
      g_assert_cmpuint (report.position, ==, tampers[i].position);
      run_sql (r, "DELETE FROM audit; INSERT INTO audit SELECT * FROM kept; DROP TABLE kept");
    }
}

/* --- With a head that is kept elsewhere -------------------------------------------------------- */

/* Somebody with the key, on a machine where the anchor is not known: the tail goes, the counter
 * rises as with any commit, and the witness is put back as it was. */
static void
cut_elsewhere (Record *r, guint64 last)
{
  g_autofree char *seen = g_build_filename (r->base.directory, "vault.seen", NULL);
  g_autofree char *sql = g_strdup_printf ("DROP TRIGGER audit_no_delete;"
                                          "DELETE FROM audit WHERE sequence > %" G_GUINT64_FORMAT,
                                          last);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  gsize length;

  bed_vault_lock (r->base.vault);
  g_clear_object (&r->store);
  g_clear_object (&r->base.vault);
  g_assert_true (g_file_get_contents (seen, &bytes, &length, NULL));
  r->base.vault = fixture_open (&r->base);
  fixture_unlock (r->base.vault, PASSPHRASE);
  run_sql (r, sql);
  bed_vault_lock (r->base.vault);
  g_clear_object (&r->base.vault);
  g_assert_true (g_file_set_contents (seen, bytes, (gssize) length, &error));
}

static void
open_with (Record *r, FakeAnchor *anchor)
{
  r->base.vault = fixture_open (&r->base);
  if (anchor != NULL)
    bed_vault_add_anchor (r->base.vault, BED_VAULT_ANCHOR (anchor));
  fixture_unlock (r->base.vault, PASSPHRASE);
  r->store = record_open (r);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
let_go (Record *r)
{
  bed_vault_lock (r->base.vault);
  g_clear_object (&r->store);
  g_clear_object (&r->base.vault);
}

static void
expect_report (Record *r, BedAuditVerdict verdict, guint64 position, gboolean anchored)
{
  BedTrailReport report;
  g_autoptr (GError) error = NULL;

  g_assert_true (verify (r, &report, &error));
  g_assert_no_error (error);
  g_assert_cmpint (report.verdict, ==, verdict);
  g_assert_cmpuint (report.position, ==, position);
  g_assert_cmpint (report.anchored, ==, anchored);
}

static void
test_anchored (Record *r, gconstpointer data)
{
  g_autoptr (FakeAnchor) anchor = fake_anchor_new ();
  g_autoptr (GError) error = NULL;
  BedAuditHead head;

  bed_vault_add_anchor (r->base.vault, BED_VAULT_ANCHOR (anchor));
  for (guint i = 0; i < 10; i++)
    append_one (r);
  g_assert_true (fixture_sync_anchors (r->base.vault, &error));
  let_go (r);
  g_assert_cmpuint (anchor->puts, ==, 2); /* the end of the trail with its "locked" */
  open_with (r, anchor);
  g_assert_cmpint (bed_vault_get_freshness (r->base.vault), ==, BED_VAULT_FRESH_OK_BY_ANCHOR);
  g_assert_true (bed_vault_get_anchored_trail (r->base.vault, &head.sequence, head.hash));
  g_assert_cmpuint (head.sequence, ==, 13);
  expect_report (r, BED_AUDIT_INTACT, 0, TRUE);
  for (guint i = 0; i < 5; i++)
    append_one (r);
  cut_elsewhere (r, 15); /* of 13 and unlocked, verified, 5, locked */

  /* Who has no anchor is told nothing: the chain that is left is a chain. */
  open_with (r, NULL);
  g_assert_cmpint (bed_vault_get_freshness (r->base.vault), ==, BED_VAULT_FRESH_OK_BY_WITNESS);
  expect_report (r, BED_AUDIT_INTACT, 0, FALSE);
  let_go (r);
  open_with (r, anchor);
  g_assert_cmpint (bed_vault_get_freshness (r->base.vault), ==, BED_VAULT_FRESH_ROLLED_BACK);
  g_assert_true (bed_vault_get_anchored_trail (r->base.vault, &head.sequence, head.hash));
  g_assert_cmpuint (head.sequence, ==, 21);
  record_forget_events (r);
  expect_report (r, BED_AUDIT_TRUNCATED, 21, TRUE);
  record_expect (r, "trail-broken 21\n");
  /* What is written afterwards does not fill the gap. */
  for (guint i = 0; i < 10; i++)
    append_one (r);
  expect_report (r, BED_AUDIT_REPLACED, 21, TRUE);
}

static void
put_back (Record *r, const char *name, const char *bytes, gsize length)
{
  g_autofree char *path = g_build_filename (r->base.directory, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, bytes, (gssize) length, &error);
  g_assert_no_error (error);
}

/* An older database is found by the witness once, and told until a person goes on with it. */
static void
test_put_back (Record *r, gconstpointer data)
{
  g_autofree char *path = g_build_filename (r->base.directory, "vault.db", NULL);
  g_autofree char *bytes = NULL;
  g_autoptr (GError) error = NULL;
  BedRollback rollback;
  gint64 ended;
  gsize length;

  g_assert_false (bed_record_store_get_rollback (r->store, &rollback));
  ended = bed_clock_get_real_us (r->base.clock);
  let_go (r);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  record_advance_days (r, 1);
  open_with (r, NULL);
  append_one (r);
  let_go (r);
  record_advance_days (r, 1);
  put_back (r, "vault.db", bytes, length);
  open_with (r, NULL);
  g_assert_cmpint (bed_vault_get_freshness (r->base.vault), ==, BED_VAULT_FRESH_ROLLED_BACK);
  g_assert_true (bed_record_store_get_rollback (r->store, &rollback));
  g_assert_cmpint (rollback.until_us, ==, ended);
  g_assert_false (rollback.restored);
  record_advance_days (r, 1);
  record_reopen (r);
  g_assert_cmpint (bed_vault_get_freshness (r->base.vault), ==, BED_VAULT_FRESH_OK_BY_WITNESS);
  g_assert_true (bed_record_store_get_rollback (r->store, &rollback));
  g_assert_cmpint (rollback.until_us, ==, ended);
  record_forget_events (r);
  g_assert_true (bed_record_store_accept_rollback (r->store, &error));
  g_assert_no_error (error);
  record_expect (r, "rollback-accepted\n");
  g_assert_false (bed_record_store_get_rollback (r->store, &rollback));
  record_reopen (r);
  g_assert_false (bed_record_store_get_rollback (r->store, &rollback));
}

static void
test_append_only (Record *r, gconstpointer data)
{
  static const char *const statements[]
      = { "UPDATE audit SET actor = 'x'", "DELETE FROM audit", "UPDATE statement SET text = 'x'",
          "DELETE FROM statement" };

  run_sql (r, "INSERT INTO statement VALUES (zeroblob (32), 'erasure', 1, 'dr-1', 'text')");
  for (guint i = 0; i < G_N_ELEMENTS (statements); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (bed_db_exec (bed_vault_get_db (r->base.vault), statements[i], &error));
      g_assert_error (error, BED_DB_ERROR, BED_DB_ERROR_CONSTRAINT);
    }
}

static gboolean
export (Record *r, const char *path, BedAuditFormat format, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  bed_record_store_export_trail_async (r->store, path, format, "clinic.example", NULL, NULL, NULL,
                                       record_keep_result, &result);
  return bed_record_store_export_trail_finish (r->store, record_wait (&result), error);
}

/* The patient of a note is named by id in the export, and nobody by name. */
static void
test_export (Record *r, gconstpointer data)
{
  g_autoptr (BedPatient) patient = record_add_patient (r, "Eva " MARKER, "");
  g_autoptr (BedEncounter) visit = record_add_encounter (r, bed_patient_get_id (patient));
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (visit), MARKER);
  g_autofree char *folder = g_dir_make_tmp ("bed-trail-XXXXXX", NULL);
  g_autofree char *json = g_build_filename (folder, "trail.json", NULL);
  g_autofree char *csv = g_build_filename (folder, "trail.csv", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "none", "trail.csv", NULL);
  g_autofree char *text = NULL;
  g_autofree char *lines = NULL;
  gsize length;
  BedAuditVerdict verdict;
  guint64 position;
  g_autoptr (GError) error = NULL;

  record_forget_events (r);
  g_assert_true (export (r, json, BED_AUDIT_FORMAT_FHIR, &error));
  g_assert_true (export (r, csv, BED_AUDIT_FORMAT_CSV, &error));
  g_assert_no_error (error);
  record_expect (r, "trail-exported\ntrail-exported\n");
  g_assert_true (g_file_get_contents (json, &text, NULL, NULL));
  g_assert_nonnull (strstr (text, "PatientCreate"));
  g_assert_nonnull (strstr (text, bed_note_get_uuid (note)));
  g_assert_cmpuint (fixture_scan (folder, MARKER), ==, 0);
  g_assert_true (g_file_get_contents (csv, &lines, &length, NULL));
  g_assert_true (bed_audit_csv_verify (lines, length, NULL, &verdict, &position, NULL, &error));
  g_assert_cmpint (verdict, ==, BED_AUDIT_INTACT);
  g_assert_false (export (r, nowhere, BED_AUDIT_FORMAT_CSV, &error));
  g_assert_error (error, BED_EXPORT_ERROR, BED_EXPORT_ERROR_NOT_FOUND);
  record_expect (r, "");
  fixture_remove (folder);
}

/* Words that nobody knows stay with the encounter, until the patient agrees to others. */
static void
test_unknown_text (Record *r, gconstpointer data)
{
  static const guint8 hash[BED_CONSENT_TEXT_HASH_LENGTH] = { 1 };
  g_autoptr (BedPatientConsent) known
      = bed_patient_consent_new ("v1", hash, sizeof hash, "de", 5, TRUE, TRUE);
  g_autoptr (BedPatientConsent) unknown = bed_patient_consent_copy_unknown (known);
  g_autoptr (BedEncounter) visit
      = bed_record_store_start_encounter (r->store, 0, "Eva", NULL, NULL, unknown, NULL);
  g_autoptr (BedEncounter) read = NULL;
  const char *v = bed_encounter_get_uuid (visit);
  const BedPatientConsent *consent = bed_encounter_get_consent (visit);

  expect (r, "vault-created\nunlocked\nencounter-started %s\npatient-consent-unknown %s\n", v, v);
  g_assert_true (bed_patient_consent_equal (consent, unknown));
  g_assert_false (bed_patient_consent_get_text_known (consent));
  g_assert_false (bed_patient_consent_equal (consent, known));
  g_assert_true (bed_record_store_set_encounter_arrival (r->store, visit, NULL, NULL, NULL, known,
                                                         NULL));
  expect (r, "patient-consent %s\n", v);
  read = bed_record_store_get_encounter (r->store, bed_encounter_get_id (visit), NULL);
  g_assert_true (bed_patient_consent_get_text_known (bed_encounter_get_consent (read)));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) \
  g_test_add (path, Record, NULL, record_set_up, function, record_tear_down)
  ADD ("/records/trail/writing", test_writing);
  ADD ("/records/trail/unknown-text", test_unknown_text);
  ADD ("/records/trail/reading", test_reading);
  ADD ("/records/trail/searching", test_searching);
  ADD ("/records/trail/closed", test_closed);
  ADD ("/records/trail/list", test_list);
  ADD ("/records/trail/verify", test_verify);
  ADD ("/records/trail/tampered", test_tampered);
  ADD ("/records/trail/anchored", test_anchored);
  ADD ("/records/trail/put-back", test_put_back);
  ADD ("/records/trail/append-only", test_append_only);
  ADD ("/records/trail/export", test_export);
  return g_test_run ();
}
