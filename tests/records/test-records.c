/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db.h"
#include "bed-record-fixture.h"
#include "bed-record-signing.h"
#include "bed-record-store.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static BedPatient *
add_patient (Record *r, const char *name)
{
  BedPatient *patient = bed_patient_new (name);
  g_autoptr (GError) error = NULL;

  bed_record_store_save_patient (r->store, patient, &error);
  g_assert_no_error (error);
  return patient;
}

static gboolean
save_draft (BedRecordStore *store, BedNote *note, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  bed_note_draft_save_async (store, note, NULL, record_keep_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return bed_note_draft_save_finish (store, result, error);
}

/* --- Patients and encounters ---------------------------------------------------------------------------- */

static void
test_patients (Record *r, gconstpointer data)
{
  g_autoptr (GListModel) list = bed_record_store_list_patients (r->store);
  g_autoptr (BedPatient) b = add_patient (r, "Özdemir, Ayşe");
  g_autoptr (BedPatient) a = add_patient (r, "Abel, Eva");
  g_autoptr (BedPatient) c = add_patient (r, "zander, Tom");
  g_autoptr (BedPatient) first = NULL;
  g_autoptr (BedPatient) nameless = bed_patient_new ("  ");
  g_autoptr (GError) error = NULL;
  gint64 id = bed_patient_get_id (b);

  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 3);
  first = g_list_model_get_item (list, 0);
  g_assert_true (first == a);
  g_clear_object (&first);
  first = g_list_model_get_item (list, 1);
  g_assert_true (first == b);
  g_assert_false (bed_record_store_save_patient (r->store, nameless, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID);
  g_clear_error (&error);
  bed_patient_set_birth_date (b, "1961-02-30");
  g_assert_false (bed_record_store_save_patient (r->store, b, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID);
  g_clear_error (&error);
  bed_patient_set_birth_date (b, "1961-02-28");
  bed_patient_set_telephone (b, "+49 (30) 123-456");
  bed_patient_set_identifiers (b, "clinic|A-77");
  g_assert_true (bed_record_store_save_patient (r->store, b, &error));
  g_clear_object (&first);
  g_clear_object (&b);
  record_reopen (r);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 0);
  b = bed_record_store_get_patient (r->store, id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bed_patient_get_name (b), ==, "Özdemir, Ayşe");
  g_assert_cmpstr (bed_patient_get_birth_date (b), ==, "1961-02-28");
  g_assert_null (bed_record_store_get_patient (r->store, 99, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_FOUND);
}

static void
assert_found (Record *r, const char *text, guint n)
{
  g_autoptr (GListModel) found = bed_record_store_find_patients (r->store, text);

  g_assert_cmpuint (g_list_model_get_n_items (found), ==, n);
}

static void
test_find_patients (Record *r, gconstpointer data)
{
  g_autoptr (BedPatient) a = add_patient (r, "Özdemir, Ayşe");
  g_autoptr (BedPatient) b = add_patient (r, "Müller-Lüdenscheidt, Heinz");

  bed_patient_set_telephone (b, "+49 (30) 123-456");
  g_assert_true (bed_record_store_save_patient (r->store, b, NULL));
  assert_found (r, "ozd", 1);
  assert_found (r, "AYSE", 1);
  assert_found (r, "lüden mull", 1);
  assert_found (r, "4930123", 1);
  assert_found (r, "nobody", 0);
  assert_found (r, "\" OR * NEAR/2 (", 0);
  assert_found (r, "", 0);
}

/* Nobody saw the end: the last that was seen of the call stands for it, and no later note. */
static void
test_cut_off (Record *r, gconstpointer data)
{
  g_autoptr (BedEncounter) encounter = record_start_encounter (r, 0, "Eva A.");
  g_autoptr (BedEncounter) bare = NULL, seen = NULL;
  g_autoptr (BedNote) later = NULL;
  g_autoptr (GListModel) running = bed_record_store_list_running_encounters (r->store);
  g_autoptr (GError) error = NULL;
  gint64 last;

  seen = record_start_encounter (r, 0, "Cem C.");
  bed_manual_clock_advance (BED_MANUAL_CLOCK (r->base.clock), 60 * G_USEC_PER_SEC);
  bare = record_start_encounter (r, 0, "Ben B.");
  last = bed_clock_get_real_us (r->base.clock);
  g_assert_true (bed_record_store_keep_chat (r->store, bed_encounter_get_id (encounter), last, TRUE,
                                             "Are you there?", &error));
  g_assert_true (bed_record_store_see_encounter (r->store, seen, &error));
  bed_manual_clock_advance (BED_MANUAL_CLOCK (r->base.clock), 48 * 3600 * (gint64) G_USEC_PER_SEC);
  later = record_add_note (r, bed_encounter_get_id (bare), "written two days after it");
  g_assert_true (bed_record_store_end_cut_off_encounter (r->store, encounter, &error));
  g_assert_true (bed_record_store_end_cut_off_encounter (r->store, bare, &error));
  g_assert_true (bed_record_store_end_cut_off_encounter (r->store, seen, &error));
  bed_manual_clock_advance (BED_MANUAL_CLOCK (r->base.clock), 60 * G_USEC_PER_SEC);
  g_assert_true (bed_record_store_see_encounter (r->store, seen, &error)); /* of no effect now */
  g_assert_no_error (error);
  g_assert_cmpint (bed_encounter_get_state (encounter), ==, BED_ENCOUNTER_FINISHED);
  g_assert_cmpint (bed_encounter_get_ended_us (encounter), ==, last);
  g_assert_cmpint (bed_encounter_get_ended_us (seen), ==, last);
  g_assert_cmpint (bed_encounter_get_ended_us (bare), ==, bed_encounter_get_started_us (bare));
  g_assert_cmpuint (g_list_model_get_n_items (running), ==, 0);
}

static void
test_encounter (Record *r, gconstpointer data)
{
  guint8 hash[32] = { 7 };
  g_autoptr (BedPatientConsent) consent = bed_patient_consent_new ("clinic-3", hash, 32, "de", 1750000000000001, TRUE, FALSE);
  g_autoptr (BedPatient) patient = add_patient (r, "Abel, Eva");
  g_autoptr (GListModel) list = bed_record_store_list_encounters (r->store, 0);
  g_autoptr (GListModel) running = bed_record_store_list_running_encounters (r->store);
  g_autoptr (BedEncounter) older = record_start_encounter (r, 0, "Eva A.");
  g_autoptr (BedEncounter) encounter = record_start_encounter (r, 0, "Eva\xff");
  g_autoptr (BedEncounter) first = g_list_model_get_item (list, 0);
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "text");
  g_autoptr (GError) error = NULL;
  gint64 id = bed_encounter_get_id (encounter);

  g_assert_true (first == encounter);
  g_assert_cmpuint (g_list_model_get_n_items (running), ==, 2);
  g_assert_cmpstr (bed_encounter_get_patient_name (older), ==, "Eva A.");
  g_assert_true (bed_record_store_set_encounter_arrival (r->store, encounter, NULL, "+49 5", NULL, consent, &error));
  g_assert_true (bed_record_store_set_encounter_encryption (r->store, encounter, "AEAD_AES_128_GCM", "direct",
                                                            BED_VERIFICATION_MATCHED, &error));
  g_assert_false (bed_record_store_assign_encounter (r->store, encounter, 42, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (bed_record_store_assign_encounter (r->store, encounter, bed_patient_get_id (patient), &error));
  g_assert_cmpstr (bed_encounter_get_patient_name (encounter), ==, "Abel, Eva");
  g_assert_cmpint (bed_note_get_patient_id (note), ==, bed_patient_get_id (patient));
  bed_patient_set_name (patient, "Abel-Braun, Eva");
  g_assert_true (bed_record_store_save_patient (r->store, patient, NULL));
  g_assert_cmpstr (bed_encounter_get_patient_name (encounter), ==, "Abel-Braun, Eva");
  g_assert_true (bed_record_store_end_encounter (r->store, encounter, &error));
  g_assert_cmpuint (g_list_model_get_n_items (running), ==, 1);
  g_assert_true (bed_record_store_keep_chat (r->store, id, 5, TRUE, "hello", &error));
  g_clear_object (&encounter);
  g_clear_object (&first);
  record_reopen (r);
  encounter = bed_record_store_get_encounter (r->store, id, &error);
  g_assert_no_error (error);
  g_assert_true (bed_patient_consent_equal (bed_encounter_get_consent (encounter), consent));
  g_assert_cmpint (bed_encounter_get_state (encounter), ==, BED_ENCOUNTER_FINISHED);
  g_assert_cmpint (bed_encounter_get_ended_us (encounter), >, bed_encounter_get_started_us (encounter));
  g_assert_cmpint (bed_encounter_get_verification (encounter), ==, BED_VERIFICATION_MATCHED);
  g_assert_cmpstr (bed_encounter_get_callback (encounter), ==, "+49 5");
  g_assert_cmpstr (bed_encounter_get_location (encounter), ==, "Bonn");
  g_assert_cmpstr (bed_encounter_get_typed_name (encounter), ==, "Eva\xef\xbf\xbd");
  record_assert_whole (r);
}

/* --- Drafts ------------------------------------------------------------------------------------------------ */

static void
test_draft (Record *r, gconstpointer data)
{
  g_autoptr (BedEncounter) encounter = record_start_encounter (r, 0, "A");
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "");
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (GAsyncResult) second = NULL;
  g_autoptr (GError) error = NULL;
  gint64 id = bed_note_get_id (note);

  bed_note_set_section (note, BED_NOTE_PLAN, "one");
  g_assert_cmpint (bed_note_get_save_state (note), ==, BED_NOTE_CHANGED);
  bed_note_draft_save_async (r->store, note, NULL, record_keep_result, &first);
  g_assert_cmpint (bed_note_get_save_state (note), ==, BED_NOTE_SAVING);
  bed_note_set_section (note, BED_NOTE_PLAN, "two");
  bed_note_draft_save_async (r->store, note, NULL, record_keep_result, &second);
  while (second == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_nonnull (first);
  g_assert_true (bed_note_draft_save_finish (r->store, first, &error));
  g_assert_true (bed_note_draft_save_finish (r->store, second, &error));
  g_assert_cmpint (bed_note_get_save_state (note), ==, BED_NOTE_SAVED);
  /* Not saved by anybody: the lock does it. */
  bed_note_set_section (note, BED_NOTE_OBJECTIVE, "three");
  g_clear_object (&note);
  record_reopen (r);
  note = bed_record_store_get_note (r->store, id, &error);
  g_assert_cmpstr (bed_note_get_section (note, BED_NOTE_PLAN), ==, "two");
  g_assert_cmpstr (bed_note_get_section (note, BED_NOTE_OBJECTIVE), ==, "three");
}

static void
test_draft_limits (Record *r, gconstpointer data)
{
  g_autoptr (BedEncounter) encounter = record_start_encounter (r, 0, "A");
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "kept");
  g_autofree char *large = g_strnfill (BED_NOTE_SECTION_MAX + 1, 'x');
  g_autoptr (GError) error = NULL;

  g_assert_false (bed_note_set_section (note, BED_NOTE_SUBJECTIVE, large));
  g_assert_false (bed_note_set_section (note, BED_NOTE_SUBJECTIVE, "\xff"));
  g_assert_cmpstr (bed_note_get_section (note, BED_NOTE_SUBJECTIVE), ==, "kept");
  g_assert_true (bed_record_store_end_encounter (r->store, encounter, NULL));
  g_assert_true (bed_record_store_sign_note (r->store, note, "Dr One", &error));
  g_assert_no_error (error);
  g_assert_false (bed_note_set_section (note, BED_NOTE_PLAN, "late"));
  g_assert_false (save_draft (r->store, note, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_DRAFT);
}

static void
test_locked (Record *r, gconstpointer data)
{
  g_autoptr (BedEncounter) encounter = record_start_encounter (r, 0, "A");
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "x");
  g_autoptr (GError) error = NULL;
  const BedSearchQuery query = { .text = "x", .state = -1 };

  bed_vault_lock (r->base.vault);
  bed_note_set_section (note, BED_NOTE_PLAN, "after");
  g_assert_false (save_draft (r->store, note, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_LOCKED);
  g_clear_error (&error);
  g_assert_null (bed_record_store_search (r->store, &query, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_LOCKED);
}

static void
test_full_disk (Record *r, gconstpointer data)
{
  g_autoptr (BedEncounter) encounter = record_start_encounter (r, 0, "A");
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "committed");
  g_autofree char *text = g_strnfill (200 * 1024, 'y');
  g_autoptr (GError) error = NULL;
  struct rlimit old, limit;
  gint64 id = bed_note_get_id (note);

  while (bed_record_store_is_indexing (r->store))
    g_main_context_iteration (NULL, TRUE);
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  limit = old;
  limit.rlim_cur = 256 * 1024;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  for (guint i = 0; i < 20 && error == NULL; i++)
    {
      text[0] = (char) ('a' + i);
      g_assert_true (bed_note_set_section (note, BED_NOTE_PLAN, text));
      save_draft (r->store, note, &error);
    }
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_FULL);
  g_assert_cmpint (bed_note_get_save_state (note), ==, BED_NOTE_FAILED);
  g_assert_cmpstr (bed_note_get_section (note, BED_NOTE_PLAN), ==, text);
  g_clear_error (&error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  g_assert_true (save_draft (r->store, note, &error));
  g_assert_no_error (error);
  g_assert_cmpint (bed_note_get_save_state (note), ==, BED_NOTE_SAVED);
  g_clear_object (&note);
  record_reopen (r);
  note = bed_record_store_get_note (r->store, id, &error);
  g_assert_cmpstr (bed_note_get_section (note, BED_NOTE_PLAN), ==, text);
  g_assert_cmpstr (bed_note_get_section (note, BED_NOTE_SUBJECTIVE), ==, "committed");
  record_assert_whole (r);
}

static void
test_newer (Record *r, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bed_db_exec (bed_vault_get_db (r->base.vault), "PRAGMA user_version = 1000", NULL));
  g_assert_null (bed_record_store_open (r->base.vault, r->base.clock, "dr-1", &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NEWER);
}

static void
test_no_plain_text (Record *r, gconstpointer data)
{
  g_autoptr (BedPatient) patient = add_patient (r, MARKER " patient");
  g_autoptr (BedEncounter) encounter
      = record_start_encounter (r, bed_patient_get_id (patient), MARKER);
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), MARKER " text");
  const BedSearchQuery query = { .text = "zqxjkv", .state = -1 };
  g_autoptr (GListModel) hits = bed_record_store_search (r->store, &query, NULL);

  g_assert_cmpuint (g_list_model_get_n_items (hits), ==, 1);
  g_assert_cmpuint (fixture_scan (r->base.directory, MARKER), ==, 0);
  bed_vault_lock (r->base.vault);
  g_assert_cmpuint (fixture_scan (r->base.directory, MARKER), ==, 0);
}

/* --- Search -------------------------------------------------------------------------------------------------- */

static guint
search (Record *r, BedSearchQuery query, BedSearchHit **first)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) hits = bed_record_store_search (r->store, &query, &error);

  g_assert_no_error (error);
  if (first != NULL)
    *first = g_list_model_get_item (hits, 0);
  return g_list_model_get_n_items (hits);
}

#define SEARCH(...) search (r, (BedSearchQuery){ .state = -1, __VA_ARGS__ }, NULL)

static void
test_search (Record *r, gconstpointer data)
{
  g_autoptr (BedPatient) patient = add_patient (r, "Grün, Ida");
  g_autoptr (BedEncounter) one = record_start_encounter (r, bed_patient_get_id (patient), NULL);
  g_autoptr (BedEncounter) two = record_start_encounter (r, 0, "Kranich");
  g_autoptr (BedNote) a
      = record_add_note (r, bed_encounter_get_id (one), "Rückenschmerzen seit <b>drei</b> Tagen");
  g_autoptr (BedNote) b
      = record_add_note (r, bed_encounter_get_id (two), "keine Ruckenschmerzen, Fieber 39");
  g_autoptr (BedSearchHit) hit = NULL;
  guint n_ranges;
  const BedTextRange *range;

  g_assert_cmpuint (SEARCH (.text = "ruckensch"), ==, 2);
  g_assert_cmpuint (SEARCH (.text = "RÜCKEN"), ==, 2);
  g_assert_cmpuint (SEARCH (.text = "ru\xcc\x88" "cken"), ==, 2);
  g_assert_cmpuint (SEARCH (.text = "rück fieb"), ==, 1);
  g_assert_cmpuint (SEARCH (.text = "schmerz"), ==, 0);
  g_assert_cmpuint (SEARCH (.text = "grun"), ==, 1);
  g_assert_cmpuint (SEARCH (.text = "krani"), ==, 1);
  g_assert_cmpuint (SEARCH (.text = "rück", .patient_id = bed_patient_get_id (patient)), ==, 1);
  g_assert_cmpuint (SEARCH (.patient_id = bed_patient_get_id (patient)), ==, 1);
  g_assert_cmpuint (SEARCH (.text = "rück", .template_id = "soap"), ==, 2);
  g_assert_cmpuint (SEARCH (.text = "rück", .template_id = "other"), ==, 0);
  g_assert_cmpuint (search (r, (BedSearchQuery){ .text = "rück", .state = BED_NOTE_SIGNED }, NULL), ==, 0);
  g_assert_cmpuint (SEARCH (.text = "rück", .limit = 1), ==, 1);
  g_assert_cmpuint (SEARCH (.to_us = 1), ==, 0);
  g_assert_cmpuint (SEARCH (.from_us = 1), ==, 2);
  g_assert_cmpuint (SEARCH (.text = "\"*-:^ OR"), ==, 0);
  g_assert_cmpuint (SEARCH (.text = NULL), ==, 0);
  g_assert_cmpuint (search (r, (BedSearchQuery){ .text = "rück", .state = -1 }, &hit), ==, 2);
  g_assert_cmpint (bed_search_hit_get_note_id (hit), ==, bed_note_get_id (b));
  g_clear_object (&hit);
  search (r, (BedSearchQuery){ .text = "rück drei", .state = -1 }, &hit);
  range = bed_search_hit_get_ranges (hit, &n_ranges);
  g_assert_cmpuint (n_ranges, ==, 2);
  g_assert_true (g_str_has_prefix (bed_search_hit_get_snippet (hit) + range[0].start, "Rückenschmerzen"));
  g_assert_true (g_str_has_prefix (bed_search_hit_get_snippet (hit) + range[1].start, "drei</b>"));
  g_assert_cmpuint (range[1].end - range[1].start, ==, 4);
  /* What changes is found anew, and not as it was. */
  bed_note_set_section (a, BED_NOTE_SUBJECTIVE, "Husten");
  g_assert_true (bed_note_draft_flush (r->store, NULL));
  g_assert_cmpuint (SEARCH (.text = "rück"), ==, 1);
  g_assert_cmpuint (SEARCH (.text = "hust"), ==, 1);
  g_assert_true (bed_record_store_assign_encounter (r->store, two, bed_patient_get_id (patient), NULL));
  g_assert_cmpuint (SEARCH (.text = "ida"), ==, 2);
}

static gint64
get_number (Record *r, const char *sql)
{
  g_autoptr (BedDbStatement) row = bed_db_query (bed_vault_get_db (r->base.vault), NULL, sql, "");

  g_assert_cmpint (bed_db_statement_step (row, NULL), ==, BED_DB_STEP_ROW);
  return bed_db_statement_get_int64 (row, 0);
}

/* The record was last open where the library has the other full-text engine, whose tables this one cannot drop. */
static void
test_search_other_engine (Record *r, gconstpointer data)
{
  g_autoptr (BedEncounter) encounter = record_start_encounter (r, 0, "A");
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "Husten");
  guint engine = get_number (r, "SELECT engine FROM search_state"), other = engine == 1 ? 2 : 1;
  g_autofree char *leave = g_strdup_printf (
    "CREATE TABLE note_words%u_content (words); INSERT INTO note_words%u_content VALUES ('husten');"
    "CREATE TABLE patient_words%u_data (words); INSERT INTO patient_words%u_data VALUES ('ida');"
    "UPDATE search_state SET engine = %u",
    other + 3, other + 3, other + 3, other + 3, other);
  g_autofree char *left = g_strdup_printf (
    "SELECT (SELECT count(*) FROM note_words%u_content) + (SELECT count(*) FROM patient_words%u_data)", other + 3, other + 3);

  g_assert_true (engine == 1 || engine == 2);
  g_assert_true (bed_db_exec (bed_vault_get_db (r->base.vault), leave, NULL));
  record_reopen (r);
  g_assert_cmpint (get_number (r, left), ==, 0);
  g_assert_cmpint (get_number (r, "SELECT engine FROM search_state"), ==, engine);
  g_assert_cmpuint (SEARCH (.text = "hust"), ==, 1);
}

static void
test_search_many (Record *r, gconstpointer data)
{
  static const char *const words[] = { "kopfschmerz", "fieber", "husten", "blutdruck", "kontrolle", "rezept" };
  g_autoptr (BedEncounter) encounter = record_start_encounter (r, 0, "A");
  BedDb *db = bed_vault_get_db (r->base.vault);
  gint64 started, worst = 0;
  gint indexed = 0;

  g_assert_true (bed_db_begin (db, NULL));
  for (gint64 i = 0; i < 10000; i++)
    {
      g_autofree char *uuid = g_strdup_printf ("u%d", (int) i);
      g_autofree char *text = g_strdup_printf ("%s %s wort%d", words[i % 6], words[(i / 6) % 6], (int) (i % 977));
      g_assert_true (bed_db_run (db, NULL,
                                 "INSERT INTO note (uuid, encounter_id, template_id, state, author, subjective,"
                                 " created_us, updated_us) VALUES (?, ?, 'soap', 0, 'x', ?, ?, ?)", "titii", uuid,
                                 bed_encounter_get_id (encounter), text, i, i));
    }
  g_assert_true (bed_db_commit (db, NULL));
  started = g_get_monotonic_time ();
  g_assert_true (bed_record_store_is_indexing (r->store));
  g_signal_connect_swapped (r->store, "indexed", G_CALLBACK (g_atomic_int_inc), &indexed);
  SEARCH (.text = "wort976");
  while (indexed == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (bed_record_store_is_indexing (r->store));
  g_assert_cmpuint (SEARCH (.text = "wort976"), ==, 10);
  g_test_message ("10,000 notes indexed and searched in %d ms", (int) ((g_get_monotonic_time () - started) / 1000));
  for (guint length = 1; length <= 7; length++)
    {
      g_autofree char *typed = g_strndup ("blutdruck", length);
      started = g_get_monotonic_time ();
      g_assert_cmpuint (SEARCH (.text = typed), ==, 200);
      worst = MAX (worst, g_get_monotonic_time () - started);
    }
  g_test_message ("worst keystroke on 10,000 notes: %.1f ms", (double) worst / 1000);
}

/* --- Kills ------------------------------------------------------------------------------------------------------ */

/* The child types and saves for ever; it tells the pipe a number once the save has answered. */
static void
typist (Record *r, gint64 note_id, int fd)
{
  g_autoptr (BedNote) note = NULL;

  fixture_unlock (r->base.vault, PASSPHRASE);
  r->store = record_open (r);
  note = bed_record_store_get_note (r->store, note_id, NULL);
  for (guint32 i = (guint32) g_ascii_strtoull (bed_note_get_section (note, BED_NOTE_PLAN), NULL, 10) + 1;; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);
      g_autofree char *body = g_strdup_printf ("%u %s", i, "the patient says that it began a week ago");

      bed_note_set_section (note, BED_NOTE_SUBJECTIVE, body);
      bed_note_set_section (note, BED_NOTE_PLAN, text);
      if (!save_draft (r->store, note, NULL) || write (fd, &i, sizeof i) != sizeof i)
        _exit (2);
    }
}

static guint32
last_told (int fd)
{
  guint32 value, last = 0;

  while (read (fd, &value, sizeof value) == sizeof value)
    last = value;
  return last;
}

static void
test_kills (Record *r, gconstpointer data)
{
  const char *wanted = g_getenv ("BED_KILLS");
  guint kills = wanted != NULL ? (guint) strtoul (wanted, NULL, 10) : 60;
  g_autoptr (BedEncounter) encounter = record_start_encounter (r, 0, "A");
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "");
  gint64 id = bed_note_get_id (note);
  guint32 told_in_all = 0;

  for (guint i = 0; i < kills; i++)
    {
      int ends[2];
      int status;
      pid_t child;
      guint32 told, found;

      g_clear_object (&note);
      bed_vault_lock (r->base.vault);
      g_clear_object (&r->store);
      g_assert_cmpint (pipe (ends), ==, 0);
      child = fork ();
      g_assert_cmpint (child, >=, 0);
      if (child == 0)
        {
          close (ends[0]);
          execl ("/proc/self/exe", "test-records", "--typist", r->base.directory,
                 g_strdup_printf ("%" G_GINT64_FORMAT, id), g_strdup_printf ("%d", ends[1]), NULL);
          _exit (3);
        }
      close (ends[1]);
      /* Every other one not before it has saved, which takes longer on a busy machine. */
      if (i % 2 == 1)
        g_assert_cmpint (poll (&(struct pollfd) { .fd = ends[0], .events = POLLIN }, 1, 20000), ==, 1);
      g_usleep ((gulong) g_test_rand_int_range (20000, 60000));
      kill (child, SIGKILL);
      g_assert_cmpint (waitpid (child, &status, 0), ==, child);
      g_assert_true (WIFSIGNALED (status));
      told = last_told (ends[0]);
      close (ends[0]);
      fixture_unlock (r->base.vault, PASSPHRASE);
      g_assert_cmpint (bed_vault_get_freshness (r->base.vault), ==, BED_VAULT_FRESH_OK_BY_WITNESS);
      r->store = record_open (r);
      note = bed_record_store_get_note (r->store, id, NULL);
      found = (guint32) strtoul (bed_note_get_section (note, BED_NOTE_PLAN), NULL, 10);
      g_assert_cmpuint (found, >=, told);
      g_assert_cmpuint (strtoul (bed_note_get_section (note, BED_NOTE_SUBJECTIVE), NULL, 10), ==, found);
      record_assert_whole (r);
      told_in_all = MAX (told_in_all, told);
    }
  g_assert_cmpuint (told_in_all, >, 0);
  g_test_message ("%u kills, %u saves acknowledged, none lost", kills, told_in_all);
}

static int
run_typist (char **argv)
{
  Record r = { 0 };

  r.base.clock = bed_system_clock_new ();
  r.base.vault = bed_vault_new (argv[2], r.base.clock, &cheap);
  typist (&r, g_ascii_strtoll (argv[3], NULL, 10), (int) strtol (argv[4], NULL, 10));
  return 0;
}

int
main (int argc, char **argv)
{
  if (argc == 5 && g_str_equal (argv[1], "--typist"))
    return run_typist (argv);
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Record, NULL, record_set_up, function, record_tear_down)
  ADD ("/records/patients/list-and-validate", test_patients);
  ADD ("/records/patients/find", test_find_patients);
  ADD ("/records/encounter/life", test_encounter);
  ADD ("/records/encounter/cut-off", test_cut_off);
  ADD ("/records/draft/save", test_draft);
  ADD ("/records/draft/limits", test_draft_limits);
  ADD ("/records/draft/locked", test_locked);
  ADD ("/records/draft/full-disk", test_full_disk);
  ADD ("/records/draft/kills", test_kills);
  ADD ("/records/newer-schema", test_newer);
  ADD ("/records/no-plain-text", test_no_plain_text);
  ADD ("/records/search/words-and-filters", test_search);
  ADD ("/records/search/other-engine", test_search_other_engine);
  ADD ("/records/search/many", test_search_many);
  return g_test_run ();
}
