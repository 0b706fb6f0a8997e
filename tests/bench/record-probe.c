/* SPDX-License-Identifier: GPL-3.0-or-later */
/* record-probe make DIRECTORY NOTES: a vault with so many notes of made-up words, indexed.
 * record-probe start DIRECTORY ROUNDS: "start|list|open" in ms: the record opened, its lists' first page, a note.
 * record-probe work DIRECTORY ROUNDS: lines "name value": typing words with and without filters, saving.
 * record-probe peer DIRECTORY ROUNDS: lines "name value": the same statements with the key and in a copy without one.
 * record-probe loading DIRECTORY ROUNDS: lines "name value": notes written and indexed, with the key and without one.
 * record-probe trail DIRECTORY ROUNDS EVENTS: a trail at least so long, and lines "ms" of verifying it.
 */
#include <glib/gstdio.h>
#include <math.h>
#include <sodium.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bed-db.h"
#include "bed-record-store.h"
#include "bed-record-trail.h"

#define PASSWORD "a lamp beside the bed"
#define VOCABULARY 20000
#define PATIENTS 2000
#define FIRST_US G_GINT64_CONSTANT (1600000000000000)
#define SHOWN 20 /* rows of a screen */
#define LOADED 1000 /* notes that are written at once */

static const BedVaultCost cheap = { 8 * 1024 * 1024, 1 };
static const char *const templates[] = { "soap", "consultation", "follow-up", "telephone" };

static double
now_ms (void)
{
  return (double) g_get_monotonic_time () / 1e3;
}

static void
check (gboolean ok, GError *error, const char *what)
{
  if (!ok)
    g_error ("%s: %s", what, error != NULL ? error->message : "failed");
}

static void
on_done (GObject *object, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static BedVault *
open_vault (const char *directory, BedClock *clock)
{
  BedVault *vault = bed_vault_new (directory, clock, &cheap);
  g_autoptr (BedSecret) passphrase = bed_secret_new (PASSWORD, strlen (PASSWORD));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  if (bed_vault_exists (vault))
    {
      bed_vault_unlock_async (vault, passphrase, NULL, on_done, &result);
      wait_for (&result);
      check (bed_vault_unlock_finish (vault, result, &error), error, "unlock");
      return vault;
    }
  bed_vault_create_async (vault, passphrase, NULL, on_done, &result);
  wait_for (&result);
  bed_secret_unref (bed_vault_create_finish (vault, result, &error));
  check (error == NULL, error, "create");
  return vault;
}

static BedRecordStore *
open_store (BedVault *vault, BedClock *clock)
{
  g_autoptr (GError) error = NULL;
  BedRecordStore *store = bed_record_store_open (vault, clock, "okafor", &error);

  check (store != NULL, error, "record");
  return store;
}

/* --- Words ------------------------------------------------------------------------------------ */

/* The n-th word of a vocabulary that is the same in every run: two to five syllables. */
static void
append_word (GString *out, guint n)
{
  static const char *const syllables[]
      = { "ca", "re", "ti", "mo", "pa", "sen", "dol", "ver", "in", "con", "bra", "lun", "gas", "fe", "ne", "rü",
          "tra", "kos", "pe", "di", "al", "or", "ste", "che", "mu", "no", "ex", "ul", "ha", "wi", "be", "su" };
  guint seed = n * 2654435761u;

  for (guint i = 0; i < 2 + n % 4; i++, seed = seed * 1664525u + 1013904223u)
    g_string_append (out, syllables[(seed >> 24) % G_N_ELEMENTS (syllables)]);
}

/* Zipf's law, by its inverse: rank ~ exp (u ln V). */
static guint
draw_rank (GRand *rand)
{
  return (guint) exp (g_rand_double (rand) * log (VOCABULARY)) - 1;
}

static char *
make_text (GRand *rand, guint words)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < words; i++)
    {
      append_word (text, draw_rank (rand));
      g_string_append (text, i % 9 == 8 ? ". " : " ");
    }
  return g_string_free (text, FALSE);
}

/* --- Making ----------------------------------------------------------------------------------- */

static void
make_patients (BedDb *db)
{
  g_autoptr (GError) error = NULL;

  for (gint64 i = 1; i <= PATIENTS; i++)
    {
      g_autofree char *name = g_strdup_printf ("Patient %d", (int) i);
      g_autofree char *uuid = g_uuid_string_random ();

      check (bed_db_run (db, &error,
                         "INSERT INTO patient (uuid, name, sort_name, birth_date, telephone, language, identifiers,"
                         " created_us, updated_us) VALUES (?, ?, ?, '', '', '', '', 0, 0)", "ttt", uuid, name, name),
             error, "patient");
    }
}

static void
make_note (BedDb *db, GRand *rand, gint64 i)
{
  g_autofree char *uuid = g_uuid_string_random (), *note_uuid = g_uuid_string_random ();
  g_autofree char *a = make_text (rand, 30), *b = make_text (rand, 25);
  g_autofree char *c = make_text (rand, 15), *d = make_text (rand, 25);
  gint64 when = FIRST_US + i * 300 * G_USEC_PER_SEC;
  g_autoptr (GError) error = NULL;

  check (bed_db_run (db, &error,
                     "INSERT INTO encounter (uuid, patient_id, typed_name, callback, location, state, started_us,"
                     " ended_us, author) VALUES (?, ?, '', '', '', 2, ?, ?, 'okafor')", "tiii", uuid,
                     (gint64) g_rand_int_range (rand, 1, PATIENTS + 1), when, when + 1),
         error, "encounter");
  check (bed_db_run (db, &error,
                     "INSERT INTO note (uuid, encounter_id, template_id, state, author, subjective, objective,"
                     " assessment, plan, created_us, updated_us) VALUES (?, ?, ?, 0, 'okafor', ?, ?, ?, ?, ?, ?)",
                     "titttttii", note_uuid, bed_db_get_last_rowid (db), templates[i % 4], a, b, c, d, when, when),
         error, "note");
}

static void
make (const char *directory, guint notes, BedClock *clock)
{
  g_autoptr (BedVault) vault = open_vault (directory, clock);
  g_autoptr (BedRecordStore) store = open_store (vault, clock);
  BedDb *db = bed_vault_get_db (vault);
  g_autoptr (GRand) rand = g_rand_new_with_seed (7731);
  g_autoptr (GError) error = NULL;
  double before;
  gint indexed = 0;

  check (bed_db_begin (db, &error), error, "begin");
  make_patients (db);
  for (gint64 i = 0; i < notes; i++)
    make_note (db, rand, i);
  check (bed_vault_commit (vault, db, &error), error, "commit");
  g_clear_object (&store);
  before = now_ms ();
  store = open_store (vault, clock);
  g_signal_connect_swapped (store, "indexed", G_CALLBACK (g_atomic_int_inc), &indexed);
  while (bed_record_store_is_indexing (store) || indexed == 0)
    g_main_context_iteration (NULL, TRUE);
  printf ("%.0f\n", now_ms () - before);
  check (bed_db_checkpoint (db, &error), error, "checkpoint");
}

/* --- Start ------------------------------------------------------------------------------------ */

static void
show_page (GListModel *list)
{
  for (guint i = 0; i < SHOWN && i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (GObject) item = g_list_model_get_item (list, i);
      g_assert (item != NULL);
    }
}

static void
start (const char *directory, guint rounds, BedClock *clock)
{
  for (guint i = 0; i < rounds; i++)
    {
      g_autoptr (BedVault) vault = open_vault (directory, clock);
      double t0 = now_ms (), t1, t2, t3;
      g_autoptr (BedRecordStore) store = open_store (vault, clock);
      g_autoptr (GListModel) notes = NULL;
      g_autoptr (GListModel) patients = NULL;
      g_autoptr (BedNote) note = NULL;
      guint n;

      t1 = now_ms ();
      notes = bed_record_store_list_notes (store, 0);
      patients = bed_record_store_list_patients (store);
      show_page (notes);
      show_page (patients);
      t2 = now_ms ();
      n = g_list_model_get_n_items (notes);
      note = bed_record_store_get_note (store, 1 + (gint64) (i * 7919u % n), NULL);
      g_assert (note != NULL && *bed_note_get_section (note, 0) != '\0');
      t3 = now_ms ();
      printf ("%.3f|%.3f|%.3f\n", t1 - t0, t2 - t1, t3 - t2);
    }
}

/* --- Work ------------------------------------------------------------------------------------- */

static void
type_word (BedRecordStore *store, BedSearchQuery *query, const char *word, const char *name)
{
  for (const char *end = g_utf8_next_char (word);; end = g_utf8_next_char (end))
    {
      g_autofree char *typed = g_strndup (word, (gsize) (end - word));
      g_autoptr (GError) error = NULL;
      g_autoptr (GListModel) hits = NULL;
      double before = now_ms ();

      query->text = typed;
      hits = bed_record_store_search (store, query, &error);
      check (hits != NULL, error, "search");
      show_page (hits);
      printf ("%s %.3f\n", name, now_ms () - before);
      if (*end == '\0')
        return;
    }
}

static void
set_filters (BedSearchQuery *query, GRand *rand, guint which, guint notes)
{
  gint64 days = (gint64) notes * 300 / 86400;
  gint64 day = days > 1 ? g_rand_int_range (rand, 0, (gint32) days) : 0;

  if (which & 1)
    query->patient_id = g_rand_int_range (rand, 1, PATIENTS + 1);
  if (which & 2)
    {
      query->from_us = FIRST_US + day * G_GINT64_CONSTANT (86400000000);
      query->to_us = query->from_us + 30 * G_GINT64_CONSTANT (86400000000);
    }
  if (which & 4)
    query->template_id = templates[g_rand_int_range (rand, 0, 4)];
  if (which & 8)
    query->state = BED_NOTE_DRAFT;
}

static void
type_queries (BedRecordStore *store, guint rounds, guint notes)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);

  for (guint i = 0; i < rounds; i++)
    {
      BedSearchQuery plain = BED_SEARCH_QUERY_INIT, filtered = BED_SEARCH_QUERY_INIT;
      g_autoptr (GString) word = g_string_new (NULL);

      append_word (word, draw_rank (rand));
      if (i % 3 == 2) /* two words */
        {
          g_string_append_c (word, ' ');
          append_word (word, draw_rank (rand));
        }
      type_word (store, &plain, word->str, "keystroke");
      set_filters (&filtered, rand, 1 + i % 15, notes);
      type_word (store, &filtered, word->str, "filtered");
    }
}

static void
save_draft (BedRecordStore *store, BedNote *note, guint number)
{
  g_autofree char *text = g_strdup_printf ("%u what the patient said, as it was typed beside the video", number);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  double before = now_ms ();

  bed_note_set_section (note, 0, text);
  bed_note_draft_save_async (store, note, NULL, on_done, &result);
  wait_for (&result);
  check (bed_note_draft_save_finish (store, result, &error), error, "save");
  printf ("autosave %.3f\n", now_ms () - before);
}

static void
work (const char *directory, guint rounds, BedClock *clock)
{
  g_autoptr (BedVault) vault = open_vault (directory, clock);
  g_autoptr (BedRecordStore) store = open_store (vault, clock);
  g_autoptr (GListModel) notes = bed_record_store_list_notes (store, 0);
  guint n = g_list_model_get_n_items (notes);

  type_queries (store, rounds, n);
  for (guint i = 0; i < rounds; i++)
    {
      double before = now_ms ();
      g_autoptr (BedNote) note = bed_record_store_get_note (store, 1 + (gint64) (i * 7919u % n), NULL);

      printf ("open %.3f\n", now_ms () - before);
      save_draft (store, note, i);
    }
}

/* --- The trail -------------------------------------------------------------------------------- */

static void
lengthen_trail (BedVault *vault, BedRecordStore *store, guint events)
{
  BedDb *db = bed_vault_get_db (vault);
  g_autofree char *uuid = g_uuid_string_random ();
  g_autoptr (GError) error = NULL;

  check (bed_db_begin (db, &error), error, "begin");
  for (guint i = 0; i < events; i++)
    check (bed_audit_log_append (bed_record_store_get_audit (store), BED_AUDIT_NOTE_CHANGED, uuid,
                                 &error),
           error, "append");
  check (bed_vault_commit (vault, db, &error), error, "commit");
}

static void
trail (const char *directory, guint rounds, guint events, BedClock *clock)
{
  g_autoptr (BedVault) vault = open_vault (directory, clock);
  g_autoptr (BedRecordStore) store = open_store (vault, clock);

  lengthen_trail (vault, store, events);
  for (guint i = 0; i < rounds; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      BedTrailReport report;
      double before = now_ms ();

      bed_record_store_verify_trail_async (store, NULL, NULL, NULL, on_done, &result);
      wait_for (&result);
      check (bed_record_store_verify_trail_finish (store, result, &report, &error), error,
             "verify");
      if (report.verdict != BED_AUDIT_INTACT || report.length < events)
        g_error ("the trail is not what was written");
      printf ("%.3f\n", now_ms () - before);
    }
}

/* --- With and without a key ------------------------------------------------------------------- */

static sqlite3 *
open_raw (const char *path, const BedSecret *key)
{
  sqlite3 *db;

  if (sqlite3_open (path, &db) != SQLITE_OK)
    g_error ("open");
  if (key != NULL)
    {
      g_autoptr (GString) text = g_string_new ("x'");

      for (gsize i = 0; i < BED_DB_KEY_LENGTH; i++)
        g_string_append_printf (text, "%02x", bed_secret_get_data (key)[i]);
      g_string_append_c (text, '\'');
      sqlite3_key (db, text->str, (int) text->len);
      sqlite3_exec (db, "PRAGMA cipher_page_size = 4096", NULL, NULL, NULL);
    }
  sqlite3_exec (db, "PRAGMA cache_size = -262144; PRAGMA mmap_size = 0", NULL, NULL, NULL);
  return db;
}

static void
exec_raw (sqlite3 *db, const char *sql)
{
  if (sqlite3_exec (db, sql, NULL, NULL, NULL) != SQLITE_OK)
    g_error ("%s", sqlite3_errmsg (db));
}

static double
run_raw (sqlite3 *db, const char *sql, const char *text, gint64 number)
{
  sqlite3_stmt *row;
  double before = now_ms ();
  int rc;

  if (sqlite3_prepare_v2 (db, sql, -1, &row, NULL) != SQLITE_OK)
    g_error ("%s", sqlite3_errmsg (db));
  if (text != NULL)
    sqlite3_bind_text (row, 1, text, -1, SQLITE_TRANSIENT);
  else
    sqlite3_bind_int64 (row, 1, number);
  while ((rc = sqlite3_step (row)) == SQLITE_ROW)
    for (int i = 0; i < sqlite3_column_count (row); i++)
      sqlite3_column_bytes (row, i);
  if (rc != SQLITE_DONE)
    g_error ("%s", sqlite3_errmsg (db));
  sqlite3_finalize (row);
  return now_ms () - before;
}

static void
measure_raw (sqlite3 *db[2], guint rounds, guint notes, const char *suffix)
{
  static const char *const names[] = { "key", "plain" };
  static const char read_sql[]
      = "SELECT n.*, e.* FROM note n JOIN encounter e ON e.id = n.encounter_id WHERE n.id = ?";
  static const char search_sql[]
      = "SELECT rowid FROM note_words4 WHERE note_words4 MATCH ? ORDER BY rowid DESC LIMIT 200";

  g_autoptr (GRand) rand = g_rand_new_with_seed (99);

  for (guint i = 0; i < rounds; i++)
    {
      g_autoptr (GString) word = g_string_new (NULL);
      gint64 id = g_rand_int_range (rand, 1, (gint32) notes + 1);
      guint first = i % 2; /* who goes first changes */

      append_word (word, draw_rank (rand));
      g_string_truncate (word, MIN (word->len, 2 + i % 3));
      g_utf8_make_valid (word->str, -1);
      g_string_append_c (word, '*');
      for (guint j = 0; j < 2; j++)
        {
          guint k = (first + j) % 2;

          double read = run_raw (db[k], read_sql, NULL, id);
          double search = run_raw (db[k], search_sql, word->str, 0);

          if (suffix != NULL)
            printf ("read-%s-%s %.4f\nsearch-%s-%s %.4f\n", suffix, names[k], read, suffix, names[k],
                    search);
        }
    }
}

/* What the app's own connection has set; the pages that were read stay in memory. */
static void
set_up_raw (sqlite3 *db)
{
  exec_raw (db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON");
}

static guint
count_notes (BedVault *vault)
{
  g_autoptr (BedDbStatement) row
      = bed_db_prepare (bed_vault_get_db (vault), "SELECT count (*) FROM note", NULL);

  bed_db_statement_step (row, NULL);
  return (guint) bed_db_statement_get_int64 (row, 0);
}

/* Two copies of the record: db[0] under a key of its own, db[1] without one. Returns: its notes. */
static guint
open_copies (const char *directory, BedClock *clock, sqlite3 *db[2])
{
  g_autoptr (BedVault) vault = open_vault (directory, clock);
  g_autoptr (BedSecret) key = bed_secret_new_random (BED_DB_KEY_LENGTH);
  g_autofree char *keyed = g_build_filename (directory, "bench-keyed.db", NULL);
  g_autofree char *plain = g_build_filename (directory, "bench-plain.db", NULL);
  g_autofree char *attach = g_strdup_printf ("ATTACH '%s' AS plain KEY ''; PRAGMA plain.page_size = 4096;"
                                             " SELECT sqlcipher_export ('plain');"
                                             "DETACH plain", plain);
  g_autoptr (GError) error = NULL;

  g_remove (keyed);
  g_remove (plain);
  check (bed_db_copy (bed_vault_get_db (vault), keyed, key, &error), error, "copy");
  db[0] = open_raw (keyed, key);
  exec_raw (db[0], attach);
  sqlite3_close (db[0]);
  db[0] = open_raw (keyed, key);
  db[1] = open_raw (plain, NULL);
  return count_notes (vault);
}

static void
peer (const char *directory, guint rounds, BedClock *clock)
{
  sqlite3 *db[2];
  guint notes = open_copies (directory, clock, db);

  measure_raw (db, rounds, notes, "load"); /* with nothing in the cache yet */
  for (guint k = 0; k < 2; k++)
    {
      run_raw (db[k], "SELECT sum (length (subjective)) FROM note WHERE id > ?", NULL, 0);
      run_raw (db[k], "SELECT count (*) FROM encounter WHERE id > ?", NULL, 0);
    }
  measure_raw (db, rounds, notes, NULL);
  measure_raw (db, rounds, notes, "warm");
  sqlite3_close (db[0]);
  sqlite3_close (db[1]);
}

/* --- Writing with and without a key ----------------------------------------------------------- */

static double
load_notes (sqlite3 *db, guint first)
{
  g_autofree char *sql = g_strdup_printf (
      "BEGIN; INSERT INTO loaded SELECT * FROM note WHERE id BETWEEN %u AND %u;"
      "INSERT INTO loaded_words (words) SELECT subjective || ' ' || objective || ' ' || assessment"
      " || ' ' || plan FROM note WHERE id BETWEEN %u AND %u; COMMIT",
      first, first + LOADED - 1, first, first + LOADED - 1);
  double before = now_ms ();

  exec_raw (db, sql);
  return now_ms () - before;
}

static void
loading (const char *directory, guint rounds, BedClock *clock)
{
  static const char *const names[] = { "key", "plain" };
  sqlite3 *db[2];
  guint notes = open_copies (directory, clock, db);

  for (guint k = 0; k < 2; k++)
    {
      set_up_raw (db[k]);
      exec_raw (db[k], "CREATE TABLE loaded AS SELECT * FROM note WHERE 0;"
                       "CREATE VIRTUAL TABLE loaded_words USING fts4 (words, tokenize=simple,"
                       " matchinfo=fts3, prefix=\"1,2,3,4\", order=desc)");
      run_raw (db[k], "SELECT sum (length (subjective)) FROM note WHERE id > ?", NULL, 0);
    }
  for (guint i = 0; i < rounds; i++)
    for (guint j = 0; j < 2; j++)
      {
        guint k = (i + j) % 2; /* who goes first changes */

        printf ("load-%s %.3f\n", names[k], load_notes (db[k], 1 + i * LOADED % notes));
      }
  sqlite3_close (db[0]);
  sqlite3_close (db[1]);
}

int
main (int argc, char **argv)
{
  g_autoptr (BedClock) clock = bed_system_clock_new ();
  guint count = argc >= 4 ? (guint) atoi (argv[3]) : 0;

  if (count == 0 || sodium_init () < 0)
    {
      fprintf (stderr, "usage: record-probe make|start|work|peer|loading|trail DIRECTORY COUNT [EVENTS]\n");
      return 2;
    }
  if (g_str_equal (argv[1], "make"))
    make (argv[2], count, clock);
  else if (g_str_equal (argv[1], "start"))
    start (argv[2], count, clock);
  else if (g_str_equal (argv[1], "work"))
    work (argv[2], count, clock);
  else if (g_str_equal (argv[1], "loading"))
    loading (argv[2], count, clock);
  else if (g_str_equal (argv[1], "trail") && argc == 5)
    trail (argv[2], count, (guint) atoi (argv[4]), clock);
  else
    peer (argv[2], count, clock);
  return 0;
}
