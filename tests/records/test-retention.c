/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-attachment.h"
#include "bed-db.h"
#include "bed-record-fixture.h"
#include "bed-record-signing.h"
#include "bed-record-templates.h"
#include "bed-record-trail.h"
#include "bed-retention.h"
#include "bed-timeline.h"

#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <string.h>

#define YEAR_DAYS 366

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)

static void
assert_due (const char *last, const char *birth, guint years, guint minor, const char *due)
{
  g_autoptr (GDateTime) from = g_date_time_new_from_iso8601 (last, NULL);
  BedRetentionRule rule = { years, minor };
  gint64 found = bed_retention_due_us (&rule, g_date_time_to_unix (from) * G_USEC_PER_SEC, birth);
  g_autoptr (GDateTime) to = g_date_time_new_from_unix_utc (found / G_USEC_PER_SEC);
  g_autofree char *text = g_date_time_format (to, "%Y-%m-%d");

  g_assert_cmpstr (text, ==, due);
}

static void
test_due (void)
{
  BedRetentionRule never = { 0, 28 };

  assert_due ("2020-03-01T10:00:00Z", "", 10, 28, "2030-03-01");
  assert_due ("2020-02-29T10:00:00Z", "", 10, 0, "2030-02-28");
  assert_due ("2020-03-01T10:00:00Z", "1980-01-01", 10, 28, "2030-03-01");
  assert_due ("2020-03-01T10:00:00Z", "2015-06-30", 10, 28, "2043-06-30"); /* a child */
  assert_due ("2020-03-01T10:00:00Z", "2015-06-30", 10, 0, "2030-03-01");
  assert_due ("2020-03-01T10:00:00Z", "2015-06-30", 40, 28, "2060-03-01");
  assert_due ("2020-03-01T10:00:00Z", "2002-03-02", 5, 28, "2030-03-02"); /* 17, by a day */
  assert_due ("2020-03-02T10:00:00Z", "2002-03-02", 5, 28, "2025-03-02"); /* 18 that day */
  assert_due ("2020-03-01T10:00:00Z", "2004-02-29", 10, 28, "2032-02-29");
  assert_due ("2020-03-01T10:00:00Z", "nonsense", 10, 28, "2030-03-01");
  g_assert_cmpint (bed_retention_due_us (&never, 0, "2015-06-30"), ==, 0);
}

typedef struct
{
  Record r;
  BedPatient *old, *young;
  BedEncounter *visit, *walk_in;
} Years;

/* Two patients; the first one's last encounter is ten years ago, the other's was yesterday. */
static void
set_up (Years *y, gconstpointer data)
{
  g_autoptr (BedEncounter) recent = NULL;

  record_set_up (&y->r, NULL);
  y->old = record_add_patient (&y->r, "Old " MARKER, "1950-01-01");
  bed_patient_set_telephone (y->old, "+49 " MARKER);
  g_assert_true (bed_record_store_save_patient (y->r.store, y->old, NULL));
  y->young = record_add_patient (&y->r, "Young Person", "1990-01-01");
  y->visit = record_add_encounter (&y->r, bed_patient_get_id (y->old));
  g_object_unref (record_add_note (&y->r, bed_encounter_get_id (y->visit), "note " MARKER));
  g_assert_true (bed_record_store_keep_chat (y->r.store, bed_encounter_get_id (y->visit), 1, TRUE,
                                             "chat " MARKER, NULL));
  y->walk_in = record_add_encounter (&y->r, 0);
  g_object_unref (record_add_note (&y->r, bed_encounter_get_id (y->walk_in), "walk-in " MARKER));
  record_advance_days (&y->r, 10 * YEAR_DAYS);
  recent = record_add_encounter (&y->r, bed_patient_get_id (y->young));
  g_assert_true (bed_record_store_set_encounter_arrival (y->r.store, recent, "Young", NULL, NULL,
                                                         NULL, NULL));
  g_object_unref (record_add_note (&y->r, bed_encounter_get_id (recent), "kept words"));
  record_forget_events (&y->r);
}

static void
tear_down (Years *y, gconstpointer data)
{
  g_clear_object (&y->old);
  g_clear_object (&y->young);
  g_clear_object (&y->visit);
  g_clear_object (&y->walk_in);
  record_tear_down (&y->r, NULL);
}

static GListModel *
list_due (Years *y, guint days)
{
  g_autoptr (GError) error = NULL;
  GListModel *due = bed_record_store_list_due (y->r.store, days, &error);

  g_assert_no_error (error);
  return due;
}

/* (transfer full): the item of a kind, or NULL */
static GListModel *
only (GListModel *items, BedRetentionKind kind)
{
  GListStore *found = g_list_store_new (BED_TYPE_RETENTION_ITEM);

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (BedRetentionItem) item = g_list_model_get_item (items, i);
      if (bed_retention_item_get_kind (item) == kind)
        g_list_store_append (found, item);
    }
  return G_LIST_MODEL (found);
}

static gboolean
erase (Years *y, GListModel *items, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  bed_record_store_erase_async (y->r.store, items, NULL, record_keep_result, &result);
  return bed_record_store_erase_finish (y->r.store, record_wait (&result), error);
}

static guint
count_rows (Years *y, const char *sql)
{
  g_autoptr (BedDbStatement) row = bed_db_prepare (bed_vault_get_db (y->r.base.vault), sql, NULL);

  g_assert_nonnull (row);
  g_assert_cmpint (bed_db_statement_step (row, NULL), ==, BED_DB_STEP_ROW);
  return (guint) bed_db_statement_get_int64 (row, 0);
}

static guint
search (Years *y, const char *text)
{
  BedSearchQuery query = BED_SEARCH_QUERY_INIT;
  g_autoptr (GListModel) hits = NULL;

  query.text = text;
  hits = bed_record_store_search (y->r.store, &query, NULL);
  return hits != NULL ? g_list_model_get_n_items (hits) : 0;
}

static void
test_rules (Years *y, gconstpointer data)
{
  BedRetentionRule rule;
  BedRetentionRule wrong = { BED_RETENTION_YEARS_MAX + 1, 0 };
  BedRetentionRule thirty = { 30, 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (bed_record_store_get_retention (y->r.store, BED_RETENTION_PATIENT, &rule, &error));
  g_assert_cmpuint (rule.years, ==, 10);
  g_assert_cmpuint (rule.minor_until, ==, 28);
  g_assert_false (bed_record_store_set_retention (y->r.store, BED_RETENTION_PATIENT, &wrong,
                                                  &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_true (bed_record_store_set_retention (y->r.store, BED_RETENTION_PATIENT, &thirty,
                                                 &error));
  record_expect (&y->r, "retention-changed kind-0:years-30:minor-0\n");
  g_assert_true (bed_record_store_get_retention (y->r.store, BED_RETENTION_PATIENT, &rule, &error));
  g_assert_cmpuint (rule.years, ==, 30);
}

/* A rule that was made longer meanwhile protects what was listed before. */
static void
test_not_due (Years *y, gconstpointer data)
{
  g_autoptr (GListModel) before = list_due (y, 30);
  g_autoptr (GListModel) after = NULL;
  BedRetentionRule thirty = { 30, 0 };
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (before), >, 0);
  g_assert_true (bed_record_store_set_retention (y->r.store, BED_RETENTION_PATIENT, &thirty,
                                                 &error));
  g_assert_false (erase (y, before, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_DUE);
  g_clear_error (&error);
  g_assert_true (bed_record_store_set_retention (y->r.store, BED_RETENTION_PATIENT,
                                                 &(BedRetentionRule){ 10, 28 }, &error));
  after = list_due (y, 30);
  g_assert_cmpuint (g_list_model_get_n_items (after), ==, g_list_model_get_n_items (before));
}

static void
test_warned (Years *y, gconstpointer data)
{
  g_autoptr (GListModel) due = list_due (y, BED_RETENTION_WARN_DAYS);
  g_autoptr (GListModel) patients = only (due, BED_RETENTION_PATIENT);
  g_autoptr (BedRetentionItem) item = g_list_model_get_item (patients, 0);
  BedRetentionRule eleven = { 11, 0 };
  g_autoptr (GListModel) later = NULL;
  g_autoptr (GListModel) soon = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (due), ==, 3); /* patient, visit, chat */
  g_assert_cmpuint (g_list_model_get_n_items (patients), ==, 1);
  g_assert_cmpstr (bed_retention_item_get_uuid (item), ==, bed_patient_get_uuid (y->old));
  g_assert_cmpstr (bed_retention_item_get_name (item), ==, "Old " MARKER);
  for (guint kind = 0; kind < BED_RETENTION_N_RULES; kind++)
    g_assert_true (bed_record_store_set_retention (y->r.store, kind, &eleven, NULL));
  later = list_due (y, BED_RETENTION_WARN_DAYS);
  g_assert_cmpuint (g_list_model_get_n_items (later), ==, 0);
  record_advance_days (&y->r, 340);
  soon = list_due (y, BED_RETENTION_WARN_DAYS);
  g_assert_cmpuint (g_list_model_get_n_items (soon), ==, 3);
  g_assert_false (erase (y, soon, NULL)); /* warned of is not due */
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM patient"), ==, 2);
}

static void
test_hold (Years *y, gconstpointer data)
{
  g_autoptr (GListModel) due = NULL, timeline = NULL;
  g_autoptr (BedTimelineEntry) lifted = NULL;
  g_auto (BedHold) hold = { 0 };
  g_autofree char *events = NULL;
  gint64 id = bed_patient_get_id (y->old);
  gint64 now = bed_clock_get_real_us (y->r.base.clock);
  g_autoptr (GError) error = NULL;

  g_assert_false (bed_record_store_set_hold (y->r.store, id, TRUE, "", NULL));
  g_assert_true (bed_record_store_set_hold (y->r.store, id, TRUE, "a court's letter", &error));
  g_assert_true (bed_record_store_set_hold (y->r.store, id, TRUE, "twice changes nothing", NULL));
  g_assert_true (bed_record_store_get_hold (y->r.store, id, &hold));
  g_assert_cmpstr (hold.reason, ==, "a court's letter");
  g_assert_cmpstr (hold.author, ==, "dr-1");
  g_assert_cmpint (hold.since_us, ==, now);
  events = g_strdup_printf ("patient-held %s\n", bed_patient_get_uuid (y->old));
  record_expect (&y->r, events);
  due = list_due (y, 0);
  g_assert_cmpuint (g_list_model_get_n_items (due), ==, 3);
  g_assert_false (erase (y, due, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_HELD);
  g_clear_error (&error);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM encounter"), ==, 3);
  g_assert_false (bed_record_store_delete_patient (y->r.store, id, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_HELD);
  g_clear_error (&error);
  record_expect (&y->r, "");
  record_advance_days (&y->r, 1);
  g_assert_true (bed_record_store_set_hold (y->r.store, id, FALSE, NULL, &error));
  g_assert_false (bed_record_store_get_hold (y->r.store, id, NULL));
  timeline = bed_record_store_list_timeline (y->r.store, id);
  lifted = g_list_model_get_item (timeline, 0);
  g_assert_cmpint (bed_timeline_entry_get_kind (lifted), ==, BED_TIMELINE_HOLD_LIFTED);
  g_assert_cmpint (bed_timeline_entry_get_real_us (lifted), ==, now + G_TIME_SPAN_DAY);
  g_assert_cmpint (bed_timeline_entry_get_since_us (lifted), ==, now);
  g_assert_cmpstr (bed_timeline_entry_get_text (lifted), ==, "a court's letter");
  g_assert_cmpstr (bed_timeline_entry_get_author (lifted), ==, "dr-1");
  erase (y, due, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM patient_hold_lifted"), ==, 0);
}

/* A draft and a file go out of sight as a patient does, so a hold keeps them too. */
static void
test_hold_parts (Years *y, gconstpointer data)
{
  gint64 id = bed_patient_get_id (y->old);
  g_autoptr (GListModel) notes = bed_record_store_list_notes (y->r.store, id);
  g_autoptr (BedNote) note = g_list_model_get_item (notes, 0);
  g_autoptr (GBytes) content = g_bytes_new_static ("scan", 4);
  g_autoptr (BedAttachment) file = NULL;
  g_autoptr (GError) error = NULL;

  file = bed_record_store_keep_attachment (y->r.store, bed_encounter_get_id (y->visit), 1, TRUE,
                                           "scan.txt", "text/plain", content, &error);
  g_assert_no_error (error);
  g_assert_true (bed_record_store_set_hold (y->r.store, id, TRUE, "a court's letter", &error));
  g_assert_false (bed_record_store_delete_note (y->r.store, note, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_HELD);
  g_clear_error (&error);
  g_assert_false (bed_record_store_delete_attachment (y->r.store, bed_attachment_get_id (file),
                                                      &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_HELD);
  g_clear_error (&error);
  g_assert_cmpuint (g_list_model_get_n_items (notes), ==, 1);
  g_assert_true (bed_record_store_set_hold (y->r.store, id, FALSE, NULL, &error));
  g_assert_true (bed_record_store_delete_note (y->r.store, note, &error));
  g_assert_true (bed_record_store_delete_attachment (y->r.store, bed_attachment_get_id (file),
                                                     &error));
  g_assert_no_error (error);
}

static void
test_delete_and_recover (Years *y, gconstpointer data)
{
  gint64 id = bed_patient_get_id (y->young);
  g_autoptr (GListModel) patients = bed_record_store_list_patients (y->r.store);
  g_autoptr (GListModel) notes = bed_record_store_list_notes (y->r.store, 0);
  g_autoptr (GListModel) deleted = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (search (y, "kept words"), ==, 1);
  g_assert_true (bed_record_store_delete_patient (y->r.store, id, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (patients), ==, 1);
  g_assert_cmpuint (g_list_model_get_n_items (notes), ==, 2);
  g_assert_cmpuint (search (y, "kept words"), ==, 0);
  g_assert_false (bed_record_store_delete_patient (y->r.store, id, NULL));
  deleted = bed_record_store_list_deleted (y->r.store, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (deleted), ==, 1);
  g_assert_true (bed_record_store_recover_patient (y->r.store, id, &error));
  g_assert_cmpuint (g_list_model_get_n_items (patients), ==, 2);
  g_assert_cmpuint (g_list_model_get_n_items (notes), ==, 3);
  g_assert_cmpuint (search (y, "kept words"), ==, 1);
}

/* In how many columns of tables the marker stands. */
static guint
count_marker_cells (Years *y)
{
  BedDb *db = bed_vault_get_db (y->r.base.vault);
  g_autoptr (BedDbStatement) table
      = bed_db_prepare (db, "SELECT name FROM sqlite_master WHERE type = 'table'"
                            " AND sql NOT LIKE 'CREATE VIRTUAL%'", NULL);
  guint found = 0;

  while (bed_db_statement_step (table, NULL) == BED_DB_STEP_ROW)
    {
      const char *name = bed_db_statement_get_text (table, 0);
      g_autofree char *columns = g_strdup_printf ("PRAGMA table_info (%s)", name);
      g_autoptr (BedDbStatement) column = bed_db_prepare (db, columns, NULL);

      while (bed_db_statement_step (column, NULL) == BED_DB_STEP_ROW)
        {
          g_autofree char *sql = g_strdup_printf (
              "SELECT count (*) FROM %s WHERE instr (lower (CAST (\"%s\" AS BLOB)), lower ('%s'))",
              name, bed_db_statement_get_text (column, 1), "zqxjkv");
          guint n = count_rows (y, sql);
          if (n > 0)
            g_test_message ("%u in %s.%s", n, name, bed_db_statement_get_text (column, 1));
          found += n;
        }
    }
  return found;
}

/* A clock that goes on by itself, as a real one does. */
#define TICKING_TYPE_CLOCK (ticking_clock_get_type ())
G_DECLARE_FINAL_TYPE (TickingClock, ticking_clock, TICKING, CLOCK, GObject)
struct _TickingClock
{
  GObject parent_instance;
  gint64 real_us;
};

static gint64
ticking_real (BedClock *clock)
{
  return ++TICKING_CLOCK (clock)->real_us;
}

static void
ticking_iface_init (BedClockInterface *iface)
{
  iface->monotonic_us = ticking_real;
  iface->real_us = ticking_real;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TickingClock, ticking_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_CLOCK, ticking_iface_init))
static void ticking_clock_class_init (TickingClockClass *klass) {}
static void ticking_clock_init (TickingClock *self) {}

/* What is due with its patient goes with it, however long the erasing takes. */
static void
test_erase_takes_time (Years *y, gconstpointer data)
{
  TickingClock *clock = g_object_new (TICKING_TYPE_CLOCK, NULL);
  g_autoptr (GListModel) due = NULL;
  g_autoptr (GError) error = NULL;

  clock->real_us = bed_clock_get_real_us (y->r.base.clock);
  bed_vault_lock (y->r.base.vault);
  g_clear_object (&y->r.store);
  g_object_unref (y->r.base.clock);
  y->r.base.clock = BED_CLOCK (clock);
  fixture_unlock (y->r.base.vault, PASSPHRASE);
  y->r.store = record_open (&y->r);
  due = list_due (y, 0);
  g_assert_true (erase (y, due, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM patient"), ==, 1);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM chat"), ==, 0);
}

/* What was erased, for who asks later: each with its hash, and no content. */
static void
check_export (Years *y)
{
  g_autofree char *path = g_build_filename (y->r.base.directory, "erasures.txt", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  record_forget_events (&y->r);
  g_assert_true (bed_record_store_export_statements (y->r.store, "erasure", path, &error));
  g_assert_no_error (error);
  record_expect (&y->r, "trail-exported\n");
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (g_str_has_prefix (text, "erasure: "));
  g_assert_nonnull (strstr (text, "\nby: dr-1\nrule: "));
  g_assert_nonnull (strstr (text, "\nhash: "));
  g_assert_nonnull (strstr (text, bed_patient_get_uuid (y->old)));
  g_assert_null (strstr (text, MARKER));
  g_assert_false (bed_record_store_export_statements (y->r.store, "erasure", "/nowhere/e.txt", NULL));
  record_expect (&y->r, ""); /* what was not done is not noted */
}

static void
test_erase (Years *y, gconstpointer data)
{
  g_autoptr (GListModel) due = list_due (y, 0);
  g_autoptr (GListModel) statements = NULL;
  g_autoptr (BedRecordStatement) statement = NULL;
  g_autoptr (GAsyncResult) result = NULL;
  BedTrailReport report;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (search (y, MARKER), >, 0);
  g_assert_cmpuint (count_marker_cells (y), >, 5);
  g_assert_true (erase (y, due, &error));
  g_assert_no_error (error);
  g_assert_false (bed_record_store_needs_scrub (y->r.store));
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM patient"), ==, 1);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM encounter"), ==, 1);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM note"), ==, 1);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM chat"), ==, 0);
  g_assert_cmpuint (count_marker_cells (y), ==, 0);
  g_assert_cmpuint (count_rows (y, "PRAGMA freelist_count"), ==, 0);
  g_assert_cmpuint (search (y, MARKER), ==, 0);
  g_assert_cmpuint (search (y, "kept words"), ==, 1);
  statements = bed_record_store_list_statements (y->r.store, "erasure", &error);
  g_assert_cmpuint (g_list_model_get_n_items (statements), ==, 2); /* the chat went along */
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (BedRecordStatement) one = g_list_model_get_item (statements, i);
      g_assert_null (strstr (bed_record_statement_get_text (one), MARKER));
      if (strstr (bed_record_statement_get_text (one), "rule: patient: 10 years, minors until 28\n"))
        g_set_object (&statement, one);
    }
  g_assert_nonnull (statement);
  check_export (y);
  g_assert_nonnull (strstr (bed_record_statement_get_text (statement),
                            bed_patient_get_uuid (y->old)));
  g_assert_nonnull (strstr (bed_record_statement_get_text (statement),
                            bed_encounter_get_uuid (y->visit)));
  record_assert_whole (&y->r);
  bed_record_store_verify_trail_async (y->r.store, NULL, NULL, NULL, record_keep_result, &result);
  g_assert_true (bed_record_store_verify_trail_finish (y->r.store, record_wait (&result), &report,
                                                       NULL));
  g_assert_cmpint (report.verdict, ==, BED_AUDIT_INTACT);
}

/* An erasure whose rewriting was cut off: the next unlock is told of it, and makes up for it. */
static void
test_scrub (Years *y, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_false (bed_record_store_needs_scrub (y->r.store));
  g_assert_true (bed_db_exec (bed_vault_get_db (y->r.base.vault),
                              "INSERT OR REPLACE INTO record_value VALUES ('scrub', 1);"
                              "CREATE TABLE waste (x); INSERT INTO waste VALUES (zeroblob (90000));"
                              "DROP TABLE waste", &error));
  g_assert_cmpuint (count_rows (y, "PRAGMA freelist_count"), >, 20);
  record_reopen (&y->r);
  record_forget_events (&y->r);
  g_assert_true (bed_record_store_needs_scrub (y->r.store));
  bed_record_store_scrub_async (y->r.store, NULL, record_keep_result, &result);
  g_assert_true (bed_record_store_erase_finish (y->r.store, record_wait (&result), &error));
  g_assert_no_error (error);
  record_expect (&y->r, "erasure-completed\n");
  g_assert_false (bed_record_store_needs_scrub (y->r.store));
  g_assert_cmpuint (count_rows (y, "PRAGMA freelist_count"), ==, 0);
}

/* Who writes while the file is written anew is not refused. */
static void
test_scrub_beside_writer (Years *y, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (bed_db_exec (bed_vault_get_db (y->r.base.vault),
                              "INSERT OR REPLACE INTO record_value VALUES ('scrub', 1);"
                              "CREATE TABLE large (x); INSERT INTO large WITH RECURSIVE c (i) AS"
                              " (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 12)"
                              " SELECT randomblob (1000000) FROM c", &error));
  g_assert_no_error (error);
  bed_record_store_scrub_async (y->r.store, NULL, record_keep_result, &result);
  for (guint n = 0; n < 20; n++)
    {
      g_assert_true (bed_vault_set_text (y->r.base.vault, "typed", "words", &error));
      g_main_context_iteration (NULL, FALSE);
      g_usleep (50000);
    }
  g_assert_true (bed_record_store_erase_finish (y->r.store, record_wait (&result), &error));
  g_assert_false (bed_record_store_needs_scrub (y->r.store));
}

/* Every page of the database in plain, the unused ones and the gaps in used ones too: pages are
 * copied as they are to a file under a key that is known here, and decrypted one by one. */
#define PAGE 4096
#define RESERVED 48 /* of each page: IV, MAC, padding */

static GByteArray *
decrypt_pages (const char *path, const BedSecret *key)
{
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  GByteArray *plain = g_byte_array_new ();
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_cmpuint (length % PAGE, ==, 0);
  for (gsize at = 0; at < length; at += PAGE)
    {
      const guint8 *page = (const guint8 *) bytes + at;
      gsize skip = at == 0 ? 16 : 0; /* the salt */
      guint8 out[PAGE];
      int n;

      g_assert_true (EVP_DecryptInit_ex (context, EVP_aes_256_cbc (), NULL,
                                         bed_secret_get_data (key), page + PAGE - RESERVED));
      EVP_CIPHER_CTX_set_padding (context, 0);
      g_assert_true (EVP_DecryptUpdate (context, out, &n, page + skip,
                                        (int) (PAGE - RESERVED - skip)));
      g_byte_array_append (plain, out, (guint) n);
    }
  return plain;
}

/* How many of the words the pages hold, in either case. */
static guint
count_in_pages (Years *y, const char *const *words)
{
  g_autofree char *path = g_build_filename (y->r.base.directory, "copy.db", NULL);
  g_autoptr (BedSecret) key = bed_secret_new_random (BED_DB_KEY_LENGTH);
  g_autoptr (GByteArray) plain = NULL;
  g_autoptr (GError) error = NULL;
  guint found = 0;

  bed_db_copy (bed_vault_get_db (y->r.base.vault), path, key, &error);
  g_assert_no_error (error);
  plain = decrypt_pages (path, key);
  g_assert_nonnull (memmem (plain->data, plain->len, "CREATE TABLE patient", 20));
  for (guint i = 0; words[i] != NULL; i++)
    found += memmem (plain->data, plain->len, words[i], strlen (words[i])) != NULL;
  g_unlink (path);
  return found;
}

static void
test_pages (Years *y, gconstpointer data)
{
  static const char *const gone[] = { MARKER, "zqxjkv", "marker", NULL }; /* an id may hold 7731 */
  static const char *const kept[] = { "kept words", "Young Person", NULL };
  g_autoptr (GListModel) due = list_due (y, 0);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (search (y, "zqxjkv"), >, 0); /* it is in the index too */
  g_assert_cmpuint (count_in_pages (y, gone), >=, 2);
  g_assert_cmpuint (count_in_pages (y, kept), ==, 2);
  g_assert_true (erase (y, due, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_in_pages (y, gone), ==, 0);
  g_assert_cmpuint (count_in_pages (y, kept), ==, 2);
  g_assert_cmpuint (fixture_scan (y->r.base.directory, MARKER), ==, 0);
}

/* A draft of an erased patient that is still on the screen does not come back. */
static void
test_open_note (Years *y, gconstpointer data)
{
  g_autoptr (GListModel) notes = bed_record_store_list_notes (y->r.store,
                                                              bed_patient_get_id (y->old));
  g_autoptr (BedNote) note = g_list_model_get_item (notes, 0);
  g_autoptr (GListModel) due = list_due (y, 0);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (note);
  g_assert_true (erase (y, due, &error));
  g_assert_no_error (error);
  bed_note_set_section (note, BED_NOTE_PLAN, "too late");
  g_assert_true (bed_note_draft_flush (y->r.store, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM note"), ==, 1);
}

static void
test_erase_deleted (Years *y, gconstpointer data)
{
  g_autoptr (GListModel) deleted = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (bed_record_store_delete_patient (y->r.store, bed_patient_get_id (y->young), NULL));
  deleted = bed_record_store_list_deleted (y->r.store, NULL);
  record_forget_events (&y->r);
  g_assert_true (erase (y, deleted, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM patient"), ==, 1);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM erasure WHERE rule = 'deleted by a person'"),
                    ==, 3);
  g_assert_false (erase (y, deleted, &error)); /* twice */
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_FOUND);
}

/* --- What was signed -------------------------------------------------------------------------- */

#define ATTACHED_LENGTH 20000 /* bytes: more than a few pages */

/* Returns: (transfer full): the note's uuid */
static char *
sign_and_attach (Years *y)
{
  g_autofree guint8 *bytes = g_malloc (ATTACHED_LENGTH);
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GListModel) notes = bed_record_store_list_notes (y->r.store,
                                                              bed_patient_get_id (y->old));
  g_autoptr (BedNote) note = g_list_model_get_item (notes, 0);
  g_autoptr (BedAttachment) attachment = NULL;
  g_autoptr (GError) error = NULL;

  memset (bytes, 'x', ATTACHED_LENGTH);
  memcpy (bytes + ATTACHED_LENGTH - 100, MARKER, strlen (MARKER));
  content = g_bytes_new (bytes, ATTACHED_LENGTH);
  attachment = bed_record_store_keep_attachment (y->r.store, bed_encounter_get_id (y->visit), 1,
                                                 TRUE, "scan " MARKER ".txt", "text/plain", content,
                                                 &error);
  g_assert_no_error (error);
  g_assert_true (bed_record_store_sign_note (y->r.store, note, "Dr Amara Okafor", &error));
  bed_record_store_add_addendum (y->r.store, note, "Dr Amara Okafor", "a result came",
                                 "added " MARKER, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM attachment WHERE signed <> 0"), ==, 1);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM note_version"), ==, 2);
  return g_strdup (bed_note_get_uuid (note));
}

/* Without the record of an erasure nothing of it can be deleted, not even by hand. */
static void
assert_guarded (Years *y)
{
  static const char *const wrong[] = {
    "DELETE FROM note_version", "DELETE FROM attachment_content", "DELETE FROM attachment",
    "DELETE FROM note WHERE state <> 0",
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_false (bed_db_exec (bed_vault_get_db (y->r.base.vault), wrong[i], &error));
      g_assert_error (error, BED_DB_ERROR, BED_DB_ERROR_CONSTRAINT);
    }
}

static void
test_erase_signed (Years *y, gconstpointer data)
{
  static const char *const gone[] = { MARKER, "zqxjkv", "Amara Okafor", "a result came", NULL };
  static const char *const tables[] = { "note_version", "attachment", "attachment_content",
                                        "consent_event" };
  g_autoptr (GListModel) due = NULL;
  g_autofree char *note = sign_and_attach (y);
  g_autofree char *recorded = NULL;
  g_autoptr (GError) error = NULL;

  assert_guarded (y);
  g_assert_cmpuint (count_in_pages (y, gone), ==, 4);
  due = list_due (y, 0);
  g_assert_true (erase (y, due, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      g_autofree char *sql = g_strdup_printf ("SELECT count (*) FROM %s", tables[i]);
      g_assert_cmpuint (count_rows (y, sql), ==, 0);
    }
  recorded = g_strdup_printf ("SELECT count (*) FROM erasure WHERE author = 'dr-1' AND"
                              " (kind = 0 AND uuid = '%s' OR kind = 1 AND uuid = '%s'"
                              " OR kind = 2 AND uuid = '%s')",
                              bed_patient_get_uuid (y->old), bed_encounter_get_uuid (y->visit), note);
  g_assert_cmpuint (count_rows (y, recorded), ==, 3);
  g_assert_cmpuint (count_marker_cells (y), ==, 0);
  g_assert_cmpuint (count_in_pages (y, gone), ==, 0);
  g_assert_cmpuint (fixture_scan (y->r.base.directory, MARKER), ==, 0);
  record_assert_whole (&y->r);
}

/* An addendum that was begun lies beside the note, in the vault. */
static void
test_erase_addendum_draft (Years *y, gconstpointer data)
{
  static const char *const prefixes[] = { BED_ADDENDUM_DRAFT, BED_ADDENDUM_DRAFT_SECTIONS };
  static const char *const gone[] = { MARKER, NULL };
  static const char *const kept[] = { "kept addendum", NULL };
  g_autofree char *note = sign_and_attach (y);
  g_autoptr (GListModel) due = list_due (y, 0);
  g_autofree char *other = g_strconcat (BED_ADDENDUM_DRAFT, "of-another-note", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (bed_vault_set_text (y->r.base.vault, other, "kept addendum", &error));
  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      g_autofree char *name = g_strconcat (prefixes[i], note, NULL);
      g_assert_true (bed_vault_set_text (y->r.base.vault, name, "begun " MARKER, &error));
    }
  g_assert_true (erase (y, due, &error));
  g_assert_no_error (error);
  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    {
      g_autofree char *name = g_strconcat (prefixes[i], note, NULL);
      g_autofree char *left = bed_vault_dup_text (y->r.base.vault, name);
      g_assert_null (left);
    }
  g_assert_cmpuint (count_in_pages (y, gone), ==, 0);
  g_assert_cmpuint (count_in_pages (y, kept), ==, 1);
}

/* A deleted draft is in the list until it is taken back or erased; one that went with its patient
 * is not there by itself. */
static void
test_deleted_draft (Years *y, gconstpointer data)
{
  g_autoptr (GListModel) notes = bed_record_store_list_notes (y->r.store, 0), deleted = NULL;
  g_autoptr (BedNote) note = g_list_model_get_item (notes, 0), back = NULL;
  g_autoptr (BedRetentionItem) item = NULL;
  g_autofree char *noted = g_strdup_printf (
      "SELECT count (*) FROM audit WHERE event = %d AND subject = '%s'", BED_AUDIT_NOTE_ERASED,
      bed_note_get_uuid (note));
  g_autoptr (GError) error = NULL;

  g_assert_true (bed_record_store_delete_note (y->r.store, note, &error));
  deleted = bed_record_store_list_deleted (y->r.store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (deleted), ==, 1);
  item = g_list_model_get_item (deleted, 0);
  g_assert_cmpint (bed_retention_item_get_kind (item), ==, BED_RETENTION_DRAFT);
  g_assert_cmpint (bed_retention_item_get_id (item), ==, bed_note_get_id (note));
  g_assert_cmpstr (bed_retention_item_get_name (item), ==, "Young Person");
  back = bed_record_store_restore_note (y->r.store, bed_note_get_id (note), &error);
  g_assert_no_error (error);
  g_assert_false (erase (y, deleted, &error)); /* it is no longer there to be erased */
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_true (bed_record_store_delete_note (y->r.store, note, &error));
  record_advance_days (&y->r, 1);
  g_assert_true (bed_record_store_delete_patient (y->r.store, bed_patient_get_id (y->young), NULL));
  g_clear_object (&deleted);
  deleted = bed_record_store_list_deleted (y->r.store, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (deleted), ==, 1);
  g_assert_true (bed_record_store_recover_patient (y->r.store, bed_patient_get_id (y->young), NULL));
  g_clear_object (&deleted);
  deleted = bed_record_store_list_deleted (y->r.store, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (deleted), ==, 1);
  g_assert_true (erase (y, deleted, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM note"), ==, 2);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM erasure WHERE kind = 2"), ==, 1);
  g_assert_cmpuint (count_rows (y, noted), ==, 1);
}

static void
assert_events (Years *y, BedAuditEvent event, const char *subject, guint n)
{
  g_autofree char *sql = g_strdup_printf (
      "SELECT count (*) FROM audit WHERE event = %d AND subject = '%s'", event, subject);

  g_assert_cmpuint (count_rows (y, sql), ==, n);
}

/* A deleted file can be erased by itself, and its encounter stays. */
static void
test_deleted_file (Years *y, gconstpointer data)
{
  g_autoptr (GBytes) content = g_bytes_new_static ("a letter", 8);
  g_autoptr (GListModel) visits = bed_record_store_list_encounters (y->r.store, 0), deleted = NULL;
  g_autoptr (BedEncounter) visit = g_list_model_get_item (visits, 0);
  g_autoptr (GError) error = NULL;
  g_autoptr (BedAttachment) kept = bed_record_store_keep_attachment (
      y->r.store, bed_encounter_get_id (visit), 5, FALSE, "a.txt", "text/plain", content, &error);
  g_autoptr (BedRetentionItem) item = NULL;
  const char *uuid;

  g_assert_no_error (error);
  uuid = bed_attachment_get_uuid (kept);
  g_assert_true (bed_record_store_delete_attachment (y->r.store, bed_attachment_get_id (kept), NULL));
  deleted = bed_record_store_list_deleted (y->r.store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (deleted), ==, 1);
  item = g_list_model_get_item (deleted, 0);
  g_assert_cmpint (bed_retention_item_get_kind (item), ==, BED_RETENTION_FILE);
  g_assert_cmpstr (bed_retention_item_get_name (item), ==, "a.txt");
  g_assert_cmpstr (bed_retention_item_get_uuid (item), ==, uuid);
  g_assert_true (erase (y, deleted, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM attachment"), ==, 0);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM attachment_content"), ==, 0);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM encounter"), ==, 3);
  assert_events (y, BED_AUDIT_ATTACHMENT_ERASED, uuid, 1);
  g_assert_false (bed_record_store_restore_attachment (y->r.store, bed_attachment_get_id (kept),
                                                       NULL));
}

static void
delete_file (Years *y, BedEncounter *visit)
{
  g_autoptr (GBytes) content = g_bytes_new_static ("a letter", 8);
  g_autoptr (GError) error = NULL;
  g_autoptr (BedAttachment) kept = bed_record_store_keep_attachment (
      y->r.store, bed_encounter_get_id (visit), 5, FALSE, "scan.pdf", "text/plain", content, &error);

  g_assert_no_error (error);
  g_assert_true (bed_record_store_delete_attachment (y->r.store, bed_attachment_get_id (kept), NULL));
  record_advance_days (&y->r, 1);
}

/* Files of the same name are told apart by whose they are: the patient's, or who it was that came. */
static void
test_deleted_file_owner (Years *y, gconstpointer data)
{
  const char *whose[] = { bed_encounter_get_typed_name (y->walk_in), "Old " MARKER };
  g_autoptr (GListModel) deleted = NULL;

  g_assert_cmpstr (whose[0], !=, "");
  delete_file (y, y->visit);
  delete_file (y, y->walk_in);
  deleted = bed_record_store_list_deleted (y->r.store, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (deleted), ==, G_N_ELEMENTS (whose));
  for (guint i = 0; i < G_N_ELEMENTS (whose); i++)
    {
      g_autoptr (BedRetentionItem) item = g_list_model_get_item (deleted, i);

      g_assert_cmpstr (bed_retention_item_get_name (item), ==, "scan.pdf");
      g_assert_cmpstr (bed_retention_item_get_patient (item), ==, whose[i]);
    }
}

/* Templates and snippets are deleted and erased likewise, and of two only the one that is meant. */
static void
test_deleted_phrases (Years *y, gconstpointer data)
{
  g_autoptr (BedTemplate) kept = bed_template_new ("Kept"), gone = bed_template_new ("Gone");
  g_autoptr (BedSnippet) snippet = bed_snippet_new ("bp", "Blood pressure");
  g_autoptr (BedSnippet) other = bed_snippet_new ("hr", "Heart rate");
  g_autoptr (GListModel) deleted = NULL, only = NULL;
  g_autoptr (BedRetentionItem) first = NULL, second = NULL;
  g_autoptr (GError) error = NULL;

  bed_template_add_section (kept, "=Findings", "none");
  bed_template_add_section (gone, "=Findings", "none");
  g_assert_true (bed_record_store_save_template (y->r.store, kept, NULL));
  g_assert_true (bed_record_store_save_template (y->r.store, gone, NULL));
  g_assert_true (bed_record_store_save_snippet (y->r.store, snippet, NULL));
  g_assert_true (bed_record_store_save_snippet (y->r.store, other, NULL));
  g_assert_true (bed_record_store_delete_template (y->r.store, bed_template_get_id (gone), NULL));
  record_advance_days (&y->r, 1);
  g_assert_true (bed_record_store_delete_snippet (y->r.store, bed_snippet_get_id (snippet), NULL));
  deleted = bed_record_store_list_deleted (y->r.store, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (deleted), ==, 2);
  first = g_list_model_get_item (deleted, 0);
  second = g_list_model_get_item (deleted, 1);
  g_assert_cmpint (bed_retention_item_get_kind (first), ==, BED_RETENTION_SNIPPET);
  g_assert_cmpint (bed_retention_item_get_id (first), ==, bed_snippet_get_id (snippet));
  g_assert_cmpstr (bed_retention_item_get_name (first), ==, "bp");
  g_assert_cmpint (bed_retention_item_get_kind (second), ==, BED_RETENTION_TEMPLATE);
  g_assert_cmpstr (bed_retention_item_get_uuid (second), ==, bed_template_get_id (gone));
  g_assert_cmpstr (bed_retention_item_get_name (second), ==, "Gone");
  g_assert_true (bed_record_store_restore_snippet (y->r.store, bed_snippet_get_id (snippet), NULL));
  g_assert_false (erase (y, deleted, &error)); /* one is no longer there to be erased */
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM template"), ==, 2);
  g_assert_true (bed_record_store_delete_snippet (y->r.store, bed_snippet_get_id (snippet), NULL));
  g_assert_true (erase (y, deleted, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM template WHERE name = 'Kept'"), ==, 1);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM template"), ==, 1);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM template_section"), ==, 1);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM snippet WHERE abbreviation = 'hr'"), ==, 1);
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM snippet"), ==, 1);
  assert_events (y, BED_AUDIT_TEMPLATE_ERASED, bed_template_get_id (gone), 1);
  assert_events (y, BED_AUDIT_SNIPPET_ERASED, bed_retention_item_get_uuid (first), 1);
  only = bed_record_store_list_deleted (y->r.store, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (only), ==, 0);
}

/* In the trail a snippet's number stands for that one for ever. */
static void
test_erased_number (Years *y, gconstpointer data)
{
  static const char *const names[] = { "bp", "hr", "rr" };
  g_autoptr (BedSnippet) next = bed_snippet_new ("new", "Another");
  g_autoptr (GListModel) deleted = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr (BedSnippet) snippet = bed_snippet_new (names[i], "Text");

      g_assert_true (bed_record_store_save_snippet (y->r.store, snippet, NULL));
      g_assert_cmpint (bed_snippet_get_id (snippet), ==, i + 1);
      if (i > 0)
        g_assert_true (bed_record_store_delete_snippet (y->r.store, i + 1, NULL));
    }
  deleted = bed_record_store_list_deleted (y->r.store, &error);
  g_assert_true (erase (y, deleted, &error));
  g_assert_cmpuint (count_rows (y, "SELECT count (*) FROM snippet"), ==, 1);
  g_assert_true (bed_record_store_save_snippet (y->r.store, next, &error));
  g_assert_no_error (error);
  g_assert_cmpint (bed_snippet_get_id (next), ==, 4);
}

/* Nothing of a patient under legal hold goes, a deleted draft neither. */
static void
test_deleted_draft_held (Years *y, gconstpointer data)
{
  g_autoptr (GListModel) notes = bed_record_store_list_notes (y->r.store, 0), deleted = NULL;
  g_autoptr (BedNote) note = g_list_model_get_item (notes, 0);
  g_autoptr (GError) error = NULL;

  g_assert_true (bed_record_store_delete_note (y->r.store, note, &error));
  g_assert_true (bed_record_store_set_hold (y->r.store, bed_patient_get_id (y->young), TRUE, "court",
                                            &error));
  deleted = bed_record_store_list_deleted (y->r.store, &error);
  g_assert_cmpuint (g_list_model_get_n_items (deleted), ==, 1);
  g_assert_false (erase (y, deleted, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_HELD);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Years, NULL, set_up, function, tear_down)
  g_test_add_func ("/records/retention/due", test_due);
  ADD ("/records/retention/rules", test_rules);
  ADD ("/records/retention/not-due", test_not_due);
  ADD ("/records/retention/warned", test_warned);
  ADD ("/records/retention/hold", test_hold);
  ADD ("/records/retention/hold-parts", test_hold_parts);
  ADD ("/records/retention/delete-and-recover", test_delete_and_recover);
  ADD ("/records/retention/erase", test_erase);
  ADD ("/records/retention/erase-takes-time", test_erase_takes_time);
  ADD ("/records/retention/scrub", test_scrub);
  ADD ("/records/retention/scrub-beside-writer", test_scrub_beside_writer);
  ADD ("/records/retention/pages", test_pages);
  ADD ("/records/retention/erase-signed", test_erase_signed);
  ADD ("/records/retention/erase-addendum-draft", test_erase_addendum_draft);
  ADD ("/records/retention/open-note", test_open_note);
  ADD ("/records/retention/erase-deleted", test_erase_deleted);
  ADD ("/records/retention/deleted-draft", test_deleted_draft);
  ADD ("/records/retention/deleted-draft-held", test_deleted_draft_held);
  ADD ("/records/retention/deleted-file", test_deleted_file);
  ADD ("/records/retention/deleted-file-owner", test_deleted_file_owner);
  ADD ("/records/retention/deleted-phrases", test_deleted_phrases);
  ADD ("/records/retention/erased-number", test_erased_number);
  return g_test_run ();
}
