/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db.h"
#include "bed-record-fixture.h"
#include "bed-record-signing.h"
#include "bed-record-templates.h"
#include "bed-speller.h"
#include "bed-text-diff.h"
#include "bed-timeline.h"

#include <string.h>

/* --- Templates -------------------------------------------------------------------------------- */

static void
test_templates (Record *r, gconstpointer data)
{
  g_autoptr (GListModel) list = bed_record_store_list_templates (r->store);
  guint built_in = g_list_model_get_n_items (list);
  g_autoptr (BedTemplate) soap = g_list_model_get_item (list, 0);
  g_autoptr (BedTemplate) own = bed_template_new ("Physio");
  g_autoptr (BedTemplate) second = bed_template_copy (soap, "Copy");
  g_autoptr (BedTemplate) moved = NULL;
  g_autoptr (BedTemplate) again = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *events = NULL;
  g_autofree char *id = NULL;

  record_forget_events (r);
  g_assert_cmpuint (built_in, ==, 5);
  g_assert_cmpstr (bed_template_get_id (soap), ==, "soap");
  g_assert_false (bed_template_add_section (soap, "plan", ""));
  g_assert_false (bed_record_store_save_template (r->store, soap, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (bed_record_store_save_template (r->store, own, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (bed_template_add_section (own, "no-such-id", ""));
  g_assert_false (bed_template_add_section (own, "=two\nlines", ""));
  g_assert_true (bed_template_add_section (own, "=Range of motion", "full"));
  g_assert_true (bed_template_add_section (own, "plan", ""));
  g_assert_true (bed_record_store_save_template (r->store, own, &error));
  g_assert_true (bed_record_store_save_template (r->store, second, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, built_in + 2);
  id = g_strdup (bed_template_get_id (own));
  g_assert_true (bed_record_store_move_template (r->store, bed_template_get_id (second), 0, &error));
  moved = g_list_model_get_item (list, built_in);
  g_assert_cmpstr (bed_template_get_name (moved), ==, "Copy");
  g_assert_true (bed_record_store_delete_template (r->store, id, &error));
  g_assert_null (bed_record_store_get_template (r->store, id, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (bed_record_store_restore_template (r->store, id, &error));
  record_reopen (r);
  again = bed_record_store_get_template (r->store, id, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bed_template_get_heading (again, 0), ==, "=Range of motion");
  g_assert_cmpstr (bed_template_get_text (again, 0), ==, "full");
  events = g_strdup_printf ("template-saved %s\ntemplate-saved %s\ntemplate-moved %s\n"
                            "template-deleted %s\ntemplate-recovered %s\nlocked\nunlocked\n", id,
                            bed_template_get_id (second), bed_template_get_id (second), id, id);
  record_expect (r, events);
}

/* Prepared texts go along with their headings, and with those that were renamed in their place. */
static void
test_template_carry (Record *r, gconstpointer data)
{
  g_autoptr (BedTemplate) own = bed_template_new ("Physio");
  const char *const turned[] = { "plan", "=Gait", "=Pain", NULL };
  const char *const renamed[] = { "=Walking", "=Pain", "plan", NULL };
  const char *const added[] = { "=Mood", "=Gait", "=Pain", "plan", NULL };
  const char *const fewer[] = { "=Walking", "plan", NULL };

  bed_template_add_section (own, "=Gait", "steady");
  bed_template_add_section (own, "=Pain", "none");
  bed_template_add_section (own, "plan", "exercise");
  g_assert_cmpstr (bed_template_carry_text (own, turned, 0), ==, "exercise");
  g_assert_cmpstr (bed_template_carry_text (own, turned, 1), ==, "steady");
  g_assert_cmpstr (bed_template_carry_text (own, renamed, 0), ==, "steady");
  g_assert_cmpstr (bed_template_carry_text (own, renamed, 1), ==, "none");
  g_assert_cmpstr (bed_template_carry_text (own, added, 0), ==, "");
  g_assert_cmpstr (bed_template_carry_text (own, added, 3), ==, "exercise");
  g_assert_cmpstr (bed_template_carry_text (own, fewer, 0), ==, ""); /* of which, cannot be told */
  g_assert_cmpstr (bed_template_carry_text (own, fewer, 1), ==, "exercise");
}

/* A note keeps its headings when its template is changed or gone. */
static void
test_template_gone (Record *r, gconstpointer data)
{
  g_autoptr (BedTemplate) own = bed_template_new ("Mine");
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, 0);
  g_autoptr (BedNote) note = NULL;
  g_autoptr (GError) error = NULL;
  BedNoteVerdict verdict;
  gint64 id;

  bed_template_add_section (own, "=Gait", "steady");
  bed_template_add_section (own, "plan", "");
  g_assert_true (bed_record_store_save_template (r->store, own, NULL));
  note = bed_record_store_create_note (r->store, bed_encounter_get_id (encounter),
                                       bed_template_get_id (own), &error);
  g_assert_no_error (error);
  g_assert_cmpuint (bed_note_get_n_sections (note), ==, 2);
  g_assert_cmpstr (bed_note_get_section (note, 0), ==, "steady");
  g_assert_false (bed_note_set_section (note, 2, "no such section"));
  bed_template_set_section (own, 0, "=Other", "");
  g_assert_true (bed_record_store_save_template (r->store, own, NULL));
  g_assert_true (bed_record_store_delete_template (r->store, bed_template_get_id (own), NULL));
  id = bed_note_get_id (note);
  g_clear_object (&note);
  record_reopen (r);
  note = bed_record_store_get_note (r->store, id, NULL);
  g_assert_cmpstr (bed_note_get_heading (note, 0), ==, "=Gait");
  g_assert_true (bed_record_store_sign_note (r->store, note, "Dr A", &error));
  g_assert_true (bed_record_store_verify_note (r->store, id, &verdict, NULL, NULL));
  g_assert_cmpint (verdict, ==, BED_NOTE_VERDICT_INTACT);
  g_assert_null (bed_record_store_create_note (r->store, bed_encounter_get_id (encounter), "none",
                                               &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_FOUND);
}

static void
test_apply (Record *r, gconstpointer data)
{
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, 0);
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "it hurts");
  g_autoptr (GError) error = NULL;
  gint64 id = bed_note_get_id (note);

  bed_note_set_section (note, BED_NOTE_PLAN, "rest");
  g_assert_true (bed_record_store_apply_template (r->store, note, "telephone", &error));
  g_assert_cmpstr (bed_note_get_heading (note, 0), ==, "reason");
  g_assert_cmpuint (bed_note_get_n_sections (note), ==, 8);
  g_assert_cmpstr (bed_note_get_heading (note, 6), ==, "subjective");
  g_assert_cmpstr (bed_note_get_section (note, 6), ==, "it hurts");
  g_assert_cmpstr (bed_note_get_section (note, 7), ==, "rest");
  g_assert_false (bed_record_store_apply_template (r->store, note, "mental-health", &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID);
  g_assert_cmpstr (bed_note_get_section (note, 6), ==, "it hurts");
  g_clear_object (&note);
  record_reopen (r);
  note = bed_record_store_get_note (r->store, id, NULL);
  g_assert_cmpstr (bed_note_get_template_id (note), ==, "telephone");
  g_assert_cmpstr (bed_note_get_section (note, 7), ==, "rest");
}

static void
test_snippets (Record *r, gconstpointer data)
{
  g_autoptr (GListModel) list = bed_record_store_list_snippets (r->store);
  g_autoptr (BedSnippet) one = bed_snippet_new (";nad", "no abnormality detected");
  g_autoptr (BedSnippet) same = bed_snippet_new (";nad", "other");
  g_autoptr (BedSnippet) bad = bed_snippet_new ("two words", "x");
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  record_forget_events (r);
  g_assert_true (bed_record_store_save_snippet (r->store, one, NULL));
  g_assert_false (bed_record_store_save_snippet (r->store, same, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (bed_record_store_save_snippet (r->store, bad, NULL));
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 1);
  text = bed_record_store_expand_snippet (r->store, ";nad");
  g_assert_cmpstr (text, ==, "no abnormality detected");
  g_assert_null (bed_record_store_expand_snippet (r->store, ";na"));
  g_assert_true (bed_record_store_delete_snippet (r->store, bed_snippet_get_id (one), NULL));
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 0);
  g_assert_true (bed_record_store_save_snippet (r->store, same, NULL));
  g_assert_false (bed_record_store_restore_snippet (r->store, bed_snippet_get_id (one), &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (bed_record_store_delete_snippet (r->store, bed_snippet_get_id (same), NULL));
  g_assert_true (bed_record_store_restore_snippet (r->store, bed_snippet_get_id (one), &error));
  g_assert_no_error (error);
  record_expect (r, "snippet-saved 1\nsnippet-deleted 1\nsnippet-saved 2\nsnippet-deleted 2\n"
                    "snippet-recovered 1\n");
}

/* --- The own dictionary ------------------------------------------------------------------------ */

static void
test_words (Record *r, gconstpointer data)
{
  g_auto (GStrv) none = bed_record_store_list_words (r->store), words = NULL, kept = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (g_strv_length (none), ==, 0);
  record_forget_events (r);
  g_assert_true (bed_record_store_add_word (r->store, "Lindqvist", &error));
  g_assert_no_error (error);
  g_assert_true (bed_record_store_add_word (r->store, "amlodipine", NULL));
  g_assert_false (bed_record_store_add_word (r->store, "", &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (bed_record_store_add_word (r->store, "two\nlines", NULL));
  record_expect (r, "word-added\nword-added\n"); /* not which */
  /* What cannot be noted is not kept. */
  g_assert_true (bed_db_exec (bed_vault_get_db (r->base.vault),
                              "CREATE TEMP TRIGGER full BEFORE INSERT ON audit"
                              " BEGIN SELECT RAISE (ABORT, 'full'); END", NULL));
  g_assert_false (bed_record_store_add_word (r->store, "unnoted", &error));
  g_assert_nonnull (error);
  words = bed_record_store_list_words (r->store);
  g_assert_cmpuint (g_strv_length (words), ==, 2);
  g_assert_true (bed_db_exec (bed_vault_get_db (r->base.vault), "DROP TRIGGER temp.full", NULL));
  record_reopen (r);
  kept = bed_record_store_list_words (r->store);
  g_assert_cmpuint (g_strv_length (kept), ==, 2);
  g_assert_cmpstr (kept[0], ==, "Lindqvist");
  g_assert_cmpstr (kept[1], ==, "amlodipine");
}

/* --- Timeline --------------------------------------------------------------------------------- */

static char *
kinds_of (GListModel *list)
{
  g_autoptr (GString) out = g_string_new (NULL);
  gint64 last = G_MAXINT64;

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (BedTimelineEntry) entry = g_list_model_get_item (list, i);

      g_assert_cmpint (bed_timeline_entry_get_real_us (entry), <=, last);
      last = bed_timeline_entry_get_real_us (entry);
      g_string_append_printf (out, "%d", bed_timeline_entry_get_kind (entry));
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
test_timeline (Record *r, gconstpointer data)
{
  g_autoptr (BedPatient) patient = record_add_patient (r, "Abel, Eva", "");
  gint64 patient_id = bed_patient_get_id (patient);
  g_autoptr (GListModel) list = bed_record_store_list_timeline (r->store, patient_id);
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, patient_id);
  g_autoptr (BedEncounter) stranger = record_add_encounter (r, 0);
  gint64 id = bed_encounter_get_id (encounter);
  gint64 start = bed_encounter_get_started_us (encounter);
  BedConsentEvent event = { start - 5, BED_DEVICE_MICROPHONE, BED_CONSENT_SCOPE_CALL, TRUE, "d-1" };
  g_autoptr (GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autoptr (BedAttachment) attachment = NULL;
  g_autoptr (BedNote) note = NULL;
  g_autoptr (BedTimelineEntry) newest = NULL;
  g_autofree char *kinds = NULL;

  g_assert_true (bed_record_store_add_consent_event (r->store, id, &event, NULL));
  g_assert_true (bed_record_store_keep_chat (r->store, id, start + 10, TRUE, "hello", NULL));
  attachment = bed_record_store_keep_attachment (r->store, id, start + 20, TRUE, "a.png", "image/png",
                                                 bytes, NULL);
  note = record_add_note (r, id, "text");
  bed_manual_clock_advance (BED_MANUAL_CLOCK (r->base.clock), G_USEC_PER_SEC);
  g_assert_true (bed_record_store_sign_note (r->store, note, "Dr A", NULL));
  bed_manual_clock_advance (BED_MANUAL_CLOCK (r->base.clock), G_USEC_PER_SEC);
  g_assert_true (bed_record_store_add_addendum (r->store, note, "Dr A", "late", "word", NULL, NULL));
  kinds = kinds_of (list);
  g_assert_cmpstr (kinds, ==, "216305");
  newest = g_list_model_get_item (list, 0);
  g_assert_cmpstr (bed_timeline_entry_get_text (newest), ==, "late");
  g_assert_cmpuint (bed_timeline_entry_get_number (newest), ==, 2);
  g_assert_true (bed_timeline_entry_get_object (newest) == G_OBJECT (note));
}

/* --- Comparing -------------------------------------------------------------------------------- */

static void
assert_diff (const char *old_text, const char *new_text, const char *expected)
{
  g_autoptr (GArray) segments = bed_text_diff (old_text, new_text);
  g_autoptr (GString) shown = g_string_new (NULL);
  g_autoptr (GString) before = g_string_new (NULL);
  g_autoptr (GString) after = g_string_new (NULL);

  for (guint i = 0; i < segments->len; i++)
    {
      BedDiffSegment s = g_array_index (segments, BedDiffSegment, i);
      const char *text = (s.kind == BED_DIFF_ADDED ? new_text : old_text) + s.start;

      if (s.kind != BED_DIFF_ADDED)
        g_string_append_len (before, text, (gssize) s.length);
      if (s.kind != BED_DIFF_REMOVED)
        g_string_append_len (after, text, (gssize) s.length);
      if (s.kind == BED_DIFF_SAME)
        g_assert_cmpmem (text, s.length, new_text + s.other, s.length);
      g_string_append_c (shown, "=-+"[s.kind]);
      g_string_append_len (shown, text, (gssize) s.length);
    }
  g_assert_cmpstr (before->str, ==, old_text);
  g_assert_cmpstr (after->str, ==, new_text);
  if (expected != NULL)
    g_assert_cmpstr (shown->str, ==, expected);
}

static void
test_diff (void)
{
  g_autoptr (GString) a = g_string_new (NULL);
  g_autoptr (GString) b = g_string_new (NULL);

  assert_diff ("", "", "");
  assert_diff ("a", "a", "=a");
  assert_diff ("", "new", "+new");
  assert_diff ("old", "", "-old");
  assert_diff ("cough for six days", "cough for nine days", "=cough for -six+nine= days");
  assert_diff ("one\ntwo\n", "zero\none\ntwo\n", "+zero\n=one\ntwo\n");
  for (guint i = 0; i < 20000; i++)
    {
      g_string_append_printf (a, "word%d in line\n", g_test_rand_int_range (0, 50));
      g_string_append_printf (b, "word%d in line\n", g_test_rand_int_range (0, 50));
    }
  assert_diff (a->str, b->str, NULL);
  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (GString) x = g_string_new (NULL);
      g_autoptr (GString) y = g_string_new (NULL);

      for (guint j = 0; j < 12; j++)
        {
          g_string_append_printf (x, "%d ", g_test_rand_int_range (0, 4));
          g_string_append_printf (y, "%d ", g_test_rand_int_range (0, 4));
        }
      assert_diff (x->str, y->str, NULL);
    }
}

/* --- Spelling --------------------------------------------------------------------------------- */

static void
test_speller (void)
{
  g_autoptr (BedSpeller) english = bed_speller_new ("en-US");
  g_autoptr (BedSpeller) any = bed_speller_new ("en-ZZ");
  g_autoptr (BedSpeller) german = bed_speller_new ("de");
  g_autoptr (GArray) wrong = NULL;
  g_auto (GStrv) suggestions = NULL;
  static const char text[] = "The patient doesn't coughh at night; HbA1c 6.1.";
  BedTextRange range;

  g_assert_nonnull (english);
  g_assert_nonnull (any);
  g_assert_nonnull (german);
  g_assert_null (bed_speller_new ("xx"));
  g_assert_true (bed_speller_check (english, "cough"));
  g_assert_false (bed_speller_check (english, "coughh"));
  g_assert_true (bed_speller_check (german, "Rückenschmerzen"));
  g_assert_false (bed_speller_check (german, "Rückenschmerzn"));
  suggestions = bed_speller_suggest (english, "coughh");
  g_assert_true (g_strv_contains ((const char *const *) suggestions, "cough"));
  wrong = bed_speller_check_text (english, text);
  g_assert_cmpuint (wrong->len, ==, 1);
  range = g_array_index (wrong, BedTextRange, 0);
  g_assert_cmpmem (text + range.start, range.end - range.start, "coughh", 6);
  bed_speller_add (english, "coughh");
  g_assert_true (bed_speller_check (english, "coughh"));
}

/* What was added is in no file. */
static void
test_speller_traces (void)
{
  g_autofree char *name = g_build_filename (g_get_user_config_dir (), "enchant", NULL);
  g_autoptr (BedSpeller) english = bed_speller_new ("en-US");

  bed_speller_add (english, "zqxjkvmarker");
  bed_speller_check (english, "zqxjkvmarker");
  g_clear_object (&english);
  if (g_file_test (name, G_FILE_TEST_IS_DIR))
    g_assert_cmpuint (fixture_scan (name, "zqxjkvmarker"), ==, 0);
}

/* --- Search ----------------------------------------------------------------------------------- */

static void
test_highlight (void)
{
  static const char text[] = "Łódź: Rückenschmerzen, rück-\nwärts";
  g_autoptr (GArray) ranges = bed_search_highlight ("ruck lodz", text);

  g_assert_cmpuint (ranges->len, ==, 3);
  g_assert_cmpuint (g_array_index (ranges, BedTextRange, 0).start, ==, 0);
  g_assert_true (g_str_has_prefix (text + g_array_index (ranges, BedTextRange, 1).start, "Rücken"));
  g_clear_pointer (&ranges, g_array_unref);
  ranges = bed_search_highlight ("\" ( * NEAR/2", text);
  g_assert_cmpuint (ranges->len, ==, 0);
}

static void
test_hostile_search (Record *r, gconstpointer data)
{
  static const char *const typed[]
      = { "\"",        "*",       "text OR",  "NOT text",   "text NEAR/2 other", "words:text",
          "(text",     "-text",   "text^2",   "\xee\x80\x80p0", "\xee\x80\x80" "a", "text' OR 1=1 --",
          "\xff\xfe",  "{text}",  "text AND", "+text",      "a\tb\nc\x01",       "½ ﬁ ㎏" };
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, 0);
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter),
                                              "text and or not near words half fi");
  g_autofree char *many = g_strnfill (100000, 'x');

  for (guint i = 0; i < G_N_ELEMENTS (typed); i++)
    {
      const BedSearchQuery query = { .text = typed[i], .state = -1 };
      g_autoptr (GError) error = NULL;
      g_autoptr (GListModel) hits = bed_record_store_search (r->store, &query, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (g_list_model_get_n_items (hits), <=, 1);
    }
  {
    const BedSearchQuery operators = { .text = "text OR", .state = -1 };
    const BedSearchQuery marks = { .text = "\xee\x80\x80" "a", .state = -1 };
    const BedSearchQuery longest = { .text = many, .state = -1 };
    g_autoptr (GListModel) a = bed_record_store_search (r->store, &operators, NULL);
    g_autoptr (GListModel) b = bed_record_store_search (r->store, &marks, NULL);
    g_autoptr (GListModel) c = bed_record_store_search (r->store, &longest, NULL);

    /* "or" is a word of the note; "a" begins one; a filter cannot be typed. */
    g_assert_cmpuint (g_list_model_get_n_items (a), ==, 1);
    g_assert_cmpuint (g_list_model_get_n_items (b), ==, 1);
    g_assert_cmpuint (g_list_model_get_n_items (c), ==, 0);
  }
}

static void
test_dates (Record *r, gconstpointer data)
{
  const gint64 day = G_GINT64_CONSTANT (86400) * G_USEC_PER_SEC;
  gint64 start = bed_clock_get_real_us (r->base.clock);
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, 0);

  for (guint i = 0; i < 10; i++)
    {
      g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "same");
      record_advance_days (r, 1);
    }
  for (guint from = 0; from < 10; from++)
    for (guint to = from + 1; to <= 10; to++)
      {
        const BedSearchQuery query = { .text = "sam", .state = -1, .from_us = start + from * day,
                                       .to_us = start + to * day };
        g_autoptr (GListModel) hits = NULL;

        if (bed_record_store_is_indexing (r->store))
          {
            gint indexed = 0;
            gulong handler = g_signal_connect_swapped (r->store, "indexed",
                                                       G_CALLBACK (g_atomic_int_inc), &indexed);
            while (indexed == 0)
              g_main_context_iteration (NULL, TRUE);
            g_signal_handler_disconnect (r->store, handler);
          }
        hits = bed_record_store_search (r->store, &query, NULL);
        g_assert_cmpuint (g_list_model_get_n_items (hits), ==, to - from);
      }
}

/* --- Long lists ------------------------------------------------------------------------------- */

static void
note_change (GListModel *list, guint position, guint removed, guint added, gpointer user_data)
{
  guint *seen = user_data;

  seen[0] = position;
  seen[1] = removed;
  seen[2] = added;
  seen[3]++;
}

static void
test_long_list (Record *r, gconstpointer data)
{
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, 0);
  BedDb *db = bed_vault_get_db (r->base.vault);
  g_autoptr (GListModel) list = NULL;
  g_autoptr (BedNote) first = NULL;
  g_autoptr (BedNote) last = NULL;
  g_autoptr (BedNote) added = NULL;
  g_autoptr (BedNote) far = NULL;
  guint seen[4] = { 0 };

  g_assert_true (bed_db_begin (db, NULL));
  for (gint64 i = 0; i < 5000; i++)
    {
      g_autofree char *uuid = g_strdup_printf ("u%d", (int) i);

      g_assert_true (bed_db_run (db, NULL,
                                 "INSERT INTO note (uuid, encounter_id, template_id, state, author,"
                                 " created_us, updated_us, indexed) VALUES (?, ?, 'soap', 0, 'x', ?, ?, 1)",
                                 "tiii", uuid, bed_encounter_get_id (encounter), i, i));
    }
  g_assert_true (bed_db_commit (db, NULL));
  list = bed_record_store_list_notes (r->store, 0);
  g_signal_connect (list, "items-changed", G_CALLBACK (note_change), seen);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 5000);
  first = g_list_model_get_item (list, 0);
  last = g_list_model_get_item (list, 4999);
  g_assert_cmpstr (bed_note_get_uuid (first), ==, "u4999");
  g_assert_cmpstr (bed_note_get_uuid (last), ==, "u0");
  added = record_add_note (r, bed_encounter_get_id (encounter), "new");
  g_assert_cmpuint (seen[3], ==, 1);
  g_assert_cmpuint (seen[0], ==, 0);
  g_assert_cmpuint (seen[1], ==, 0);
  g_assert_cmpuint (seen[2], ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (list), ==, 5001);
  far = g_list_model_get_item (list, 2500);
  g_assert_true (bed_record_store_delete_note (r->store, far, NULL));
  g_assert_cmpuint (seen[3], ==, 2);
  g_assert_cmpuint (seen[0], ==, 2500);
  g_assert_cmpuint (seen[1], ==, 1);
  g_assert_cmpuint (seen[2], ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function)                                                                        \
  g_test_add ("/records/" path, Record, NULL, record_set_up, function, record_tear_down)
  ADD ("templates/own", test_templates);
  ADD ("templates/carry", test_template_carry);
  ADD ("templates/gone", test_template_gone);
  ADD ("templates/apply", test_apply);
  ADD ("snippets", test_snippets);
  ADD ("words", test_words);
  ADD ("timeline", test_timeline);
  g_test_add_func ("/records/diff", test_diff);
  g_test_add_func ("/records/speller/words", test_speller);
  g_test_add_func ("/records/speller/traces", test_speller_traces);
  g_test_add_func ("/records/search/highlight", test_highlight);
  ADD ("search/hostile", test_hostile_search);
  ADD ("search/dates", test_dates);
  ADD ("lists/long", test_long_list);
  return g_test_run ();
}
