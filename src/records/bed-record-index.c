/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-index-private.h"

#include <string.h>

#include "bed-record-version-private.h"
#include "bed-search-words-private.h"
#include "bed-secret.h"

#define TIME_SHIFT 20 /* µs to index ids */
#define MERGE_PAGES 64

static const struct
{
  const char *create;
  const char *notes;
  const char *patients;
} engines[] = {
  [BED_INDEX_FTS4]
  = { "CREATE VIRTUAL TABLE note_words4 USING fts4 (words, tokenize=simple, matchinfo=fts3,"
      " prefix=\"1,2,3,4\", order=desc);"
      "CREATE VIRTUAL TABLE patient_words4 USING fts4 (words, tokenize=simple, matchinfo=fts3,"
      " prefix=\"1,2,3\");",
      "note_words4", "patient_words4" },
  [BED_INDEX_FTS5]
  = { "CREATE VIRTUAL TABLE note_words5 USING fts5 (words, tokenize='ascii', prefix='1 2 3 4',"
      " detail=none, columnsize=0);"
      "CREATE VIRTUAL TABLE patient_words5 USING fts5 (words, tokenize='ascii', prefix='1 2 3',"
      " detail=none, columnsize=0);",
      "note_words5", "patient_words5" },
};

/* --- Making it -------------------------------------------------------------------------------- */

static gboolean
get_number (BedDb *db, const char *sql, gint64 *number, GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_prepare (db, sql, error);
  BedDbStep step = row != NULL ? bed_db_statement_step (row, error) : BED_DB_STEP_ERROR;

  *number = step == BED_DB_STEP_ROW ? bed_db_statement_get_int64 (row, 0) : 0;
  return step != BED_DB_STEP_ERROR;
}

static BedIndexEngine
find_engine (BedDb *db)
{
  if (!bed_db_exec (db, "CREATE VIRTUAL TABLE temp.probe USING fts5 (words)", NULL))
    return BED_INDEX_FTS4;
  return bed_db_exec (db, "DROP TABLE temp.probe", NULL) ? BED_INDEX_FTS5 : BED_INDEX_FTS4;
}

static gboolean
index_patients (BedDb *db, BedIndexEngine engine, GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_prepare (db, "SELECT id FROM patient", error);
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    if (!bed_index_patient (db, engine, bed_db_statement_get_int64 (row, 0), error))
      return FALSE;
  return step == BED_DB_STEP_DONE;
}

/* A virtual table of an engine that this library does not have cannot be dropped; the words in the
 * tables behind it can go, as what is erased from now on would stay in them. */
static gboolean
empty_tables_behind (BedDb *db, const char *table, GError **error)
{
  g_autoptr (GPtrArray) deletes = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *like = g_strdup_printf ("%s_*", table);
  g_autoptr (BedDbStatement) row = bed_db_query (
    db, error, "SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB ?", "t", like);
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    if (!g_str_has_suffix (bed_db_statement_get_text (row, 0), "_config"))
      g_ptr_array_add (deletes, g_strdup_printf ("DELETE FROM \"%s\"",
                                                 bed_db_statement_get_text (row, 0)));
  for (guint i = 0; step == BED_DB_STEP_DONE && i < deletes->len; i++)
    if (!bed_db_exec (db, deletes->pdata[i], error))
      return FALSE;
  return step == BED_DB_STEP_DONE;
}

/* Without their state the tables of the other engine are never read, and that engine makes them
 * anew. */
static gboolean
make_tables (BedDb *db, BedIndexEngine engine, GError **error)
{
  for (guint i = BED_INDEX_FTS4; i <= BED_INDEX_FTS5; i++)
    {
      g_autofree char *drop = g_strdup_printf ("DROP TABLE IF EXISTS %s; DROP TABLE IF EXISTS %s",
                                               engines[i].notes, engines[i].patients);

      if (!bed_db_exec (db, drop, i == engine ? error : NULL) && i == engine)
        return FALSE;
      if (i != engine
          && (!empty_tables_behind (db, engines[i].notes, error)
              || !empty_tables_behind (db, engines[i].patients, error)))
        return FALSE;
    }
  return bed_db_exec (db, engines[engine].create, error)
         && bed_db_run (db, error, "UPDATE search_state SET engine = ?, drift = 0", "i",
                        (gint64) engine)
         && bed_db_exec (db, "UPDATE note SET indexed = 0, index_id = NULL; DELETE FROM search_gone",
                         error)
         && index_patients (db, engine, error);
}

gboolean
bed_index_open (BedDb *db, BedIndexEngine *engine, GError **error)
{
  gint64 present;

  *engine = find_engine (db);
  if (!get_number (db, "SELECT engine FROM search_state", &present, error))
    return FALSE;
  if (present == (gint64) *engine)
    return TRUE;
  if (!bed_db_begin (db, error))
    return FALSE;
  if (make_tables (db, *engine, error))
    return bed_db_commit (db, error);
  bed_db_rollback (db);
  return FALSE;
}

/* --- Filling it ------------------------------------------------------------------------------- */

static void
add_word (const char *folded, gsize start, gsize end, gpointer user_data)
{
  if (!g_hash_table_contains (user_data, folded))
    g_hash_table_add (user_data, g_strdup (folded));
}

static GHashTable *
words_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

static char *
join_words (GHashTable *words, const char *filters)
{
  GString *out = g_string_new (filters);
  GHashTableIter iter;
  gpointer word;

  g_hash_table_iter_init (&iter, words);
  while (g_hash_table_iter_next (&iter, &word, NULL))
    {
      if (out->len > 0)
        g_string_append_c (out, ' ');
      g_string_append (out, word);
    }
  return g_string_free (out, FALSE);
}

static gboolean
replace_row (BedDb *db, const char *table, gint64 id, const char *words, GError **error)
{
  g_autofree char *delete = g_strdup_printf ("DELETE FROM %s WHERE rowid = ?", table);
  g_autofree char *insert
      = g_strdup_printf ("INSERT INTO %s (rowid, words) VALUES (?, ?)", table);

  return bed_db_run (db, error, delete, "i", id)
         && (words == NULL || bed_db_run (db, error, insert, "it", id, words));
}

char *
bed_index_template_word (const char *template_id)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, template_id, -1);

  return g_strdup_printf (BED_INDEX_MARK "t%.16s", sum);
}

/* Of a note's row: id, created_us, index_id, hidden, patient_id, state, template_id, name, and the
 * eight sections. */
#define NOTE_COLUMNS                                                                               \
  "n.id, n.created_us, n.index_id, n.deleted_us IS NOT NULL, e.patient_id, n.state, n.template_id," \
  " coalesce (p.name, e.typed_name), n.subjective, n.objective, n.assessment, n.plan,"             \
  " n.section_5, n.section_6, n.section_7, n.section_8"
#define FIRST_SECTION 8

static char *
note_words (BedDb *db, BedDbStatement *row, GError **error)
{
  g_autoptr (GHashTable) words = words_new ();
  g_autofree char *template = bed_index_template_word (bed_db_statement_get_text (row, 6));
  g_autofree char *filters = g_strdup_printf (
      BED_INDEX_MARK "a " BED_INDEX_MARK "p%" G_GINT64_FORMAT " " BED_INDEX_MARK
                     "s%" G_GINT64_FORMAT " %s",
      bed_db_statement_get_int64 (row, 4), bed_db_statement_get_int64 (row, 5), template);

  for (int i = 7; i < FIRST_SECTION + 8; i++)
    bed_search_each_word (bed_db_statement_get_text (row, i), add_word, words);
  if (bed_db_statement_get_int64 (row, 5) != 0
      && !bed_record_each_addendum_word (db, bed_db_statement_get_int64 (row, 0), add_word, words,
                                         error))
    return NULL;
  return join_words (words, filters);
}

/* Times that fall together go to the end: the order among them does not matter. */
static gboolean
choose_index_id (BedDb *db, gint64 created_us, gint64 *index_id, GError **error)
{
  g_autoptr (BedDbStatement) row
      = bed_db_query (db, error,
                      "SELECT CASE WHEN EXISTS (SELECT 1 FROM note WHERE index_id = ?1)"
                      " THEN (SELECT max (index_id) + 1 FROM note) ELSE ?1 END", "i",
                      created_us >> TIME_SHIFT);

  if (row == NULL || bed_db_statement_step (row, error) != BED_DB_STEP_ROW)
    return FALSE;
  *index_id = bed_db_statement_get_int64 (row, 0);
  return bed_db_run (db, error, "UPDATE search_state SET drift = max (drift, ?)", "i",
                     *index_id - (created_us >> TIME_SHIFT));
}

static gboolean
index_row (BedDb *db, BedIndexEngine engine, BedDbStatement *row, GError **error)
{
  gint64 index_id = bed_db_statement_get_int64 (row, 2);
  g_autofree char *words = NULL;
  gboolean ok;

  if (bed_db_statement_is_null (row, 2)
      && !choose_index_id (db, bed_db_statement_get_int64 (row, 1), &index_id, error))
    return FALSE;
  if (bed_db_statement_get_int64 (row, 3) == 0)
    {
      words = note_words (db, row, error);
      if (words == NULL)
        return FALSE;
    }
  ok = replace_row (db, engines[engine].notes, index_id, words, error)
       && bed_db_run (db, error, "UPDATE note SET indexed = 1, index_id = ? WHERE id = ?", "ii",
                      index_id, bed_db_statement_get_int64 (row, 0));
  if (words != NULL)
    bed_secret_wipe (words, strlen (words));
  return ok;
}

static gboolean
index_rows (BedDb *db, BedIndexEngine engine, guint rows, GError **error)
{
  g_autoptr (BedDbStatement) row
      = bed_db_query (db, error,
                      "SELECT " NOTE_COLUMNS " FROM note n JOIN encounter e ON e.id = n.encounter_id"
                      " LEFT JOIN patient p ON p.id = e.patient_id WHERE n.indexed = 0"
                      " ORDER BY n.id LIMIT 1", "");

  for (guint i = 0; row != NULL && i < rows; i++)
    {
      BedDbStep step = bed_db_statement_step (row, error);

      if (step != BED_DB_STEP_ROW)
        return step == BED_DB_STEP_DONE;
      if (!index_row (db, engine, row, error))
        return FALSE;
      bed_db_statement_reset (row);
    }
  return row != NULL;
}

static gboolean
forget_gone (BedDb *db, BedIndexEngine engine, GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_prepare (db, "SELECT index_id FROM search_gone", error);
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    if (!replace_row (db, engines[engine].notes, bed_db_statement_get_int64 (row, 0), NULL, error))
      return FALSE;
  g_clear_pointer (&row, bed_db_statement_free);
  return step == BED_DB_STEP_DONE && bed_db_exec (db, "DELETE FROM search_gone", error);
}

int
bed_index_count_due (BedDb *db, guint limit, GError **error)
{
  g_autoptr (BedDbStatement) row
      = bed_db_query (db, error,
                      "SELECT (SELECT count (*) FROM (SELECT 1 FROM note WHERE indexed = 0 LIMIT ?))"
                      " + (SELECT count (*) FROM search_gone)", "i", (gint64) limit);

  if (row == NULL || bed_db_statement_step (row, error) != BED_DB_STEP_ROW)
    return -1;
  return (int) MIN (bed_db_statement_get_int64 (row, 0), (gint64) limit);
}

gboolean
bed_index_work (BedDb *db, BedIndexEngine engine, guint rows, gboolean *more, GError **error)
{
  int due;

  if (!forget_gone (db, engine, error) || !index_rows (db, engine, rows, error))
    return FALSE;
  due = bed_index_count_due (db, 1, error);
  *more = due > 0;
  return due >= 0;
}

gboolean
bed_index_merge (BedDb *db, BedIndexEngine engine, gboolean *changed, GError **error)
{
  const char *table = engines[engine].notes;
  g_autofree char *sql
      = engine == BED_INDEX_FTS4
            ? g_strdup_printf ("INSERT INTO %s (%s) VALUES ('merge=%d,2')", table, table, MERGE_PAGES)
            : g_strdup_printf ("INSERT INTO %s (%s, rank) VALUES ('merge', %d)", table, table,
                               MERGE_PAGES);
  gint64 before, after;

  if (!get_number (db, "SELECT total_changes ()", &before, error) || !bed_db_exec (db, sql, error)
      || !get_number (db, "SELECT total_changes ()", &after, error))
    return FALSE;
  *changed = after - before >= 2;
  return TRUE;
}

/* The name's words, the telephone's digits together and apart, and the identifiers. */
gboolean
bed_index_patient (BedDb *db, BedIndexEngine engine, gint64 id, GError **error)
{
  g_autoptr (GHashTable) words = words_new ();
  g_autoptr (GString) digits = g_string_new (NULL);
  g_autofree char *joined = NULL;
  g_autoptr (BedDbStatement) row = bed_db_query (
      db, error, "SELECT name, telephone, identifiers FROM patient WHERE id = ?", "i", id);
  BedDbStep step = row != NULL ? bed_db_statement_step (row, error) : BED_DB_STEP_ERROR;

  if (step != BED_DB_STEP_ROW)
    return step == BED_DB_STEP_DONE
           && replace_row (db, engines[engine].patients, id, NULL, error);
  for (int i = 0; i < 3; i++)
    bed_search_each_word (bed_db_statement_get_text (row, i), add_word, words);
  for (const char *c = bed_db_statement_get_text (row, 1); *c != '\0'; c++)
    if (g_ascii_isdigit (*c))
      g_string_append_c (digits, *c);
  bed_search_each_word (digits->str, add_word, words);
  joined = join_words (words, NULL);
  return replace_row (db, engines[engine].patients, id, joined, error);
}

/* --- Asking it -------------------------------------------------------------------------------- */

static void
add_term (GString *out, BedIndexEngine engine, const char *word, gboolean prefix)
{
  if (out->len > 0)
    g_string_append_c (out, ' ');
  if (engine == BED_INDEX_FTS5)
    g_string_append_printf (out, "\"%s\"%s", word, prefix ? " *" : "");
  else
    g_string_append_printf (out, "%s%s", word, prefix ? "*" : "");
}

char *
bed_index_expression (BedIndexEngine engine, const char *typed, const char *const *filters)
{
  g_auto (GStrv) words = bed_search_typed_words (typed);
  GString *out = g_string_new (NULL);

  for (guint i = 0; words[i] != NULL; i++)
    add_term (out, engine, words[i], TRUE);
  for (guint i = 0; filters != NULL && filters[i] != NULL; i++)
    add_term (out, engine, filters[i], FALSE);
  return g_string_free (out, FALSE);
}

static gboolean
collect (BedDbStatement *row, GArray *ids, GError **error)
{
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    {
      gint64 id = bed_db_statement_get_int64 (row, 0);

      g_array_append_val (ids, id);
    }
  return step == BED_DB_STEP_DONE;
}

gboolean
bed_index_find_notes (BedDb *db, BedIndexEngine engine, const char *expression, gint64 from_us,
                      gint64 to_us, guint limit, GArray *index_ids, GError **error)
{
  const char *table = engines[engine].notes;
  g_autofree char *sql = NULL;
  g_autoptr (BedDbStatement) row = NULL;
  gint64 drift;

  if (from_us == 0 && to_us == 0)
    {
      sql = g_strdup_printf ("SELECT rowid FROM %s WHERE %s MATCH ? ORDER BY rowid DESC LIMIT ?",
                             table, table);
      row = bed_db_query (db, error, sql, "ti", expression, (gint64) limit);
      return collect (row, index_ids, error);
    }
  if (!get_number (db, "SELECT drift FROM search_state", &drift, error))
    return FALSE;
  to_us = to_us != 0 ? to_us : G_MAXINT64;
  sql = g_strdup_printf ("SELECT w.rowid FROM %s w CROSS JOIN note n ON n.index_id = w.rowid"
                         " WHERE %s MATCH ? AND w.rowid >= ? AND w.rowid <= ? AND n.created_us >= ?"
                         " AND n.created_us < ? ORDER BY w.rowid DESC LIMIT ?", table, table);
  row = bed_db_query (db, error, sql, "tiiiii", expression, from_us >> TIME_SHIFT,
                      (to_us >> TIME_SHIFT) + drift, from_us, to_us, (gint64) limit);
  return collect (row, index_ids, error);
}

gboolean
bed_index_find_patients (BedDb *db, BedIndexEngine engine, const char *expression, guint limit,
                         GArray *ids, GError **error)
{
  const char *table = engines[engine].patients;
  g_autofree char *sql
      = g_strdup_printf ("SELECT p.id FROM %s w JOIN patient p ON p.id = w.rowid WHERE %s MATCH ?"
                         " AND p.deleted_us IS NULL ORDER BY p.sort_name, p.id LIMIT ?", table,
                         table);
  g_autoptr (BedDbStatement) row = bed_db_query (db, error, sql, "ti", expression, (gint64) limit);

  return collect (row, ids, error);
}
