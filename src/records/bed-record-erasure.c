/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-signing.h"
#include "bed-retention-private.h"

/* What goes is found by the foreign keys, so that a table that is added later is not forgotten.
 * Children go first: the guards of what is signed look at the parents. */
#define LEVELS_MAX 8

typedef struct
{
  char *child, *column, *parent;
} Reference;

static void
reference_free (gpointer data)
{
  Reference *self = data;

  g_free (self->child);
  g_free (self->column);
  g_free (self->parent);
  g_free (self);
}

static gboolean
add_references (BedDb *db, const char *table, GPtrArray *out, GError **error)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA foreign_key_list (%s)", table);
  g_autoptr (BedDbStatement) row = bed_db_prepare (db, sql, error);
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    {
      Reference *reference = g_new0 (Reference, 1);

      reference->child = g_strdup (table);
      reference->parent = bed_db_statement_dup_text (row, 2);
      reference->column = bed_db_statement_dup_text (row, 3);
      g_ptr_array_add (out, reference);
    }
  return step == BED_DB_STEP_DONE;
}

/* Tables without row ids hold nothing of a patient; one that refers to them all the same makes the
 * foreign keys fail at the commit, and nothing is erased. */
static GPtrArray *
all_references (BedDb *db, GError **error)
{
  g_autoptr (GPtrArray) out = g_ptr_array_new_with_free_func (reference_free);
  g_autoptr (BedDbStatement) row
      = bed_db_prepare (db, "SELECT name FROM sqlite_master WHERE type = 'table'"
                            " AND sql LIKE '%REFERENCES%' AND sql NOT LIKE '%WITHOUT ROWID%'"
                            " AND sql NOT LIKE 'CREATE VIRTUAL%'", error);
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    if (!add_references (db, bed_db_statement_get_text (row, 0), out, error))
      return NULL;
  return step == BED_DB_STEP_DONE ? g_steal_pointer (&out) : NULL;
}

static gboolean
add_level (BedDb *db, GPtrArray *references, guint level, gboolean *found, GError **error)
{
  *found = FALSE;
  for (guint i = 0; i < references->len; i++)
    {
      const Reference *reference = references->pdata[i];
      g_autofree char *sql = g_strdup_printf (
          "INSERT OR IGNORE INTO temp.doomed SELECT '%s', rowid, %u FROM %s WHERE %s IN"
          " (SELECT id FROM temp.doomed WHERE name = '%s' AND level = %u)",
          reference->child, level + 1, reference->child, reference->column, reference->parent,
          level);

      if (!bed_db_exec (db, sql, error))
        return FALSE;
      *found = *found || bed_db_get_changes (db) > 0;
    }
  return TRUE;
}

gboolean
bed_record_erase_prepare (BedDb *db, GError **error)
{
  return bed_db_exec (db, "CREATE TEMP TABLE IF NOT EXISTS doomed (name TEXT, id INTEGER,"
                          " level INTEGER, PRIMARY KEY (name, id))", error);
}

/* levels: (out): how many there are. */
static gboolean
doom (BedDb *db, const char *table, gint64 id, guint *levels, GError **error)
{
  g_autoptr (GPtrArray) references = all_references (db, error);
  gboolean found = TRUE;

  if (references == NULL
      || !bed_db_exec (db, "DELETE FROM temp.doomed", error)
      || !bed_db_run (db, error, "INSERT INTO temp.doomed VALUES (?, ?, 0)", "ti", table, id))
    return FALSE;
  for (*levels = 1; found && *levels < LEVELS_MAX; ++*levels)
    if (!add_level (db, references, *levels - 1, &found, error))
      return FALSE;
  return TRUE;
}

/* --- The record of it ------------------------------------------------------------------------- */

static const struct
{
  const char *table;
  gint64 kind; /* as in the table of erasures */
} recorded[] = { { "patient", 0 }, { "encounter", 1 }, { "note", 2 } };

static gboolean
record_table (BedRecordStore *self, guint which, const char *rule, GString *lines, GError **error)
{
  g_autofree char *sql = g_strdup_printf (
      "SELECT uuid FROM %s WHERE id IN (SELECT id FROM temp.doomed WHERE name = '%s') ORDER BY id",
      recorded[which].table, recorded[which].table);
  g_autoptr (BedDbStatement) row = bed_db_prepare (self->db, sql, error);
  gint64 now = bed_clock_get_real_us (self->clock);
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    {
      const char *uuid = bed_db_statement_get_text (row, 0);

      g_string_append_printf (lines, "%s: %s\n", recorded[which].table, uuid);
      if (!bed_db_run (self->db, error,
                       "INSERT INTO erasure (kind, uuid, rule, author, real_us)"
                       " VALUES (?, ?, ?, ?, ?)", "ittti", recorded[which].kind, uuid, rule,
                       self->author, now))
        return FALSE;
    }
  return step == BED_DB_STEP_DONE;
}

/* --- The rows --------------------------------------------------------------------------------- */

static gboolean
delete_level (BedDb *db, guint level, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BedDbStatement) row
      = bed_db_query (db, error, "SELECT DISTINCT name FROM temp.doomed WHERE level = ?", "i",
                      (gint64) level);
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    g_ptr_array_add (names, bed_db_statement_dup_text (row, 0));
  if (step != BED_DB_STEP_DONE)
    return FALSE;
  g_clear_pointer (&row, bed_db_statement_free);
  for (guint i = 0; i < names->len; i++)
    {
      const char *name = names->pdata[i];
      g_autofree char *sql = g_strdup_printf ("DELETE FROM %s WHERE rowid IN (SELECT id FROM"
                                              " temp.doomed WHERE name = '%s' AND level = %u)",
                                              name, name, level);
      if (!bed_db_exec (db, sql, error))
        return FALSE;
    }
  return TRUE;
}

/* Addenda that were begun are no rows of the note's: they are known by its uuid. */
static gboolean
delete_addendum_drafts (BedDb *db, GError **error)
{
  return bed_db_run (db, error,
                     "DELETE FROM vault_blob WHERE name IN (SELECT prefix || uuid FROM note JOIN"
                     " (SELECT ? AS prefix UNION SELECT ?) WHERE id IN"
                     " (SELECT id FROM temp.doomed WHERE name = 'note'))", "tt",
                     BED_ADDENDUM_DRAFT, BED_ADDENDUM_DRAFT_SECTIONS);
}

gboolean
bed_record_erase_rows (BedRecordStore *self,
                       const char *table,
                       gint64 id,
                       const char *rule,
                       GString *lines,
                       GError **error)
{
  guint levels;

  if (!doom (self->db, table, id, &levels, error)
      || !bed_db_exec (self->db, "PRAGMA defer_foreign_keys = ON", error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (recorded); i++)
    if (!record_table (self, i, rule, lines, error))
      return FALSE;
  if (!delete_addendum_drafts (self->db, error))
    return FALSE;
  while (levels-- > 0)
    if (!delete_level (self->db, levels, error))
      return FALSE;
  return bed_db_exec (self->db, "DELETE FROM temp.doomed", error);
}
