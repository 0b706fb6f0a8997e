/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db-private.h"
#include "bed-emergency-access.h"
#include "bed-record-fixture.h"
#include "bed-record-templates.h"
#include "bed-record-trail.h"
#include "bed-retention.h"

#define FEW 200 /* more than a page of a list */
#define MANY 4000
#define PATIENTS 50
#define SHOWN 20 /* rows of a screen */
/* A deeper tree takes a few steps more; a statement that looks at every row takes thousands. */
#define ALLOWANCE 200

/* Steps of the database's machine: what a statement costs, whatever the machine does besides. */
static int
add_steps (unsigned event, void *total, void *statement, void *nanoseconds)
{
  *(guint64 *) total += (guint64) sqlite3_stmt_status (statement, SQLITE_STMTSTATUS_VM_STEP, 0);
  return 0;
}

static void
run (BedDb *db, const char *sql, gint64 n)
{
  g_autoptr (GError) error = NULL;

  bed_db_run (db, &error, sql, "i", n);
  g_assert_no_error (error);
}

static void
fill (Record *r, gint64 n)
{
  BedDb *db = bed_vault_get_db (r->base.vault);
  g_autoptr (GError) error = NULL;

  bed_db_begin (db, &error);
  run (db, "WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ?)"
           " INSERT INTO patient (uuid, name, sort_name, birth_date, telephone, language,"
           " identifiers, created_us, updated_us) SELECT 'p' || n, 'P', 'P', '', '', '', '', 0, 0"
           " FROM i", PATIENTS);
  run (db, "WITH RECURSIVE i (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < ?)"
           " INSERT INTO encounter (uuid, patient_id, typed_name, callback, location, state,"
           " started_us, ended_us, author) SELECT 'e' || n, 1 + n % 50, '', '', '', 2, n, n + 1, 'a'"
           " FROM i", n);
  run (db, "INSERT INTO note (uuid, encounter_id, template_id, state, author, subjective,"
           " created_us, updated_us, indexed) SELECT 'n' || id, id, 'soap', 0, 'a', 'Cough', id, id,"
           " ? FROM encounter", 1);
  bed_vault_commit (r->base.vault, db, &error);
  g_assert_no_error (error);
}

static void
show (GListModel *list_taken)
{
  g_autoptr (GListModel) list = list_taken;

  for (guint i = 0; i < SHOWN && i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (list, i);
      g_assert_nonnull (item);
    }
}

/* All that is asked of the record until Today is there, and the lists, and a note. */
static void
start (Record *r)
{
  g_autoptr (BedEncounter) running = NULL;
  g_autoptr (BedNote) note = NULL;
  g_autoptr (GError) error = NULL;
  BedRollback rollback;

  r->store = record_open (r);
  show (bed_record_store_list_running_encounters (r->store));
  running = bed_record_store_find_running_encounter (r->store, "room");
  g_assert_null (running);
  show (bed_record_store_list_templates (r->store));
  show (bed_record_store_list_snippets (r->store));
  show (bed_emergency_access_list_unseen (r->store, &error));
  g_assert_no_error (error);
  g_assert_false (bed_record_store_needs_scrub (r->store));
  g_assert_false (bed_record_store_get_rollback (r->store, &rollback));
  g_assert_cmpint (bed_record_store_get_spool_damage (r->store), ==, 0);
  show (bed_record_store_list_patients (r->store));
  show (bed_record_store_list_notes (r->store, 0));
  note = bed_record_store_get_note (r->store, 7, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (bed_note_get_section (note, 0), ==, "Cough");
}

static guint64
count_start (gint64 n)
{
  Record r = { 0 };
  guint64 steps = 0;

  record_set_up (&r, NULL);
  fill (&r, n);
  bed_vault_lock (r.base.vault);
  g_clear_object (&r.store);
  fixture_unlock (r.base.vault, PASSPHRASE);
  sqlite3_trace_v2 (bed_vault_get_db (r.base.vault)->handle, SQLITE_TRACE_PROFILE, add_steps,
                    &steps);
  start (&r);
  sqlite3_trace_v2 (bed_vault_get_db (r.base.vault)->handle, 0, NULL, NULL);
  record_tear_down (&r, NULL);
  return steps;
}

/* Nothing on the way to the lists looks at every row. */
static void
test_constant (void)
{
  guint64 few = count_start (FEW), many = count_start (MANY);

  g_test_message ("%" G_GUINT64_FORMAT " steps with %d notes, %" G_GUINT64_FORMAT " with %d", few,
                  FEW, many, MANY);
  g_assert_cmpuint (few, >, SHOWN);
  g_assert_cmpuint (many, <=, few + ALLOWANCE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/records/start/constant", test_constant);
  return g_test_run ();
}
