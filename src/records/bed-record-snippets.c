/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-live-private.h"
#include "bed-record-templates.h"
#include "bed-snippet-private.h"

static gboolean
fail (BedRecordError code, const char *message, GError **error)
{
  g_set_error_literal (error, BED_RECORD_ERROR, code, message);
  return FALSE;
}

static gboolean
fill_snippets (BedRecordStore *self, gint64 key, GPtrArray *items, GError **error)
{
  g_autoptr (BedDbStatement) row
      = bed_db_prepare (self->db,
                        "SELECT id, abbreviation, text FROM snippet WHERE deleted_us IS NULL"
                        " ORDER BY abbreviation COLLATE NOCASE, id", error);
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    {
      BedSnippet *snippet = bed_snippet_new (bed_db_statement_get_text (row, 1),
                                             bed_db_statement_get_text (row, 2));

      bed_snippet_set_id (snippet, bed_db_statement_get_int64 (row, 0));
      g_ptr_array_add (items, snippet);
    }
  return step == BED_DB_STEP_DONE;
}

GListModel *
bed_record_store_list_snippets (BedRecordStore *self)
{
  return bed_record_live_list (self, BED_TYPE_SNIPPET, BED_RECORD_CHANGED_SNIPPETS, fill_snippets,
                               0);
}

/* An abbreviation may be given once; `id`: the snippet that may have it. */
static gboolean
check_free (BedRecordStore *self, const char *abbreviation, gint64 id, GError **error)
{
  g_autoptr (BedDbStatement)
      row = bed_db_query (self->db, error,
                          "SELECT 1 FROM snippet WHERE abbreviation = ? AND deleted_us IS NULL"
                          " AND id <> ?", "ti", abbreviation, id);
  BedDbStep step = row != NULL ? bed_db_statement_step (row, error) : BED_DB_STEP_ERROR;

  if (step == BED_DB_STEP_ROW)
    return fail (BED_RECORD_ERROR_INVALID, "This abbreviation is taken", error);
  return step == BED_DB_STEP_DONE;
}

static gboolean
end_change (BedRecordStore *self, gboolean ok, BedAuditEvent event, gint64 id, GError *inner,
            GError **error)
{
  g_autofree char *subject = g_strdup_printf ("%" G_GINT64_FORMAT, id);

  if (ok && bed_db_get_changes (self->db) != 1)
    ok = fail (BED_RECORD_ERROR_NOT_FOUND, "There is no such snippet", &inner);
  ok = ok && bed_audit_log_append (self->audit, event, subject, &inner);
  if (!bed_record_end (self, ok, inner, error))
    return FALSE;
  bed_record_changed (self, BED_RECORD_CHANGED_SNIPPETS);
  return TRUE;
}

/* A number that the trail knows is not given again, also when its snippet was erased. */
static gboolean
find_unused_id (BedRecordStore *self, gint64 *id, GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_query (
      self->db, error,
      "WITH RECURSIVE candidate (id) AS (SELECT coalesce (max (id), 0) + 1 FROM snippet UNION ALL"
      " SELECT id + 1 FROM candidate WHERE EXISTS (SELECT 1 FROM audit"
      " WHERE subject = CAST (candidate.id AS TEXT) AND event = ?)) SELECT max (id) FROM candidate",
      "i", (gint64) BED_AUDIT_SNIPPET_SAVED);

  if (row == NULL || bed_db_statement_step (row, error) != BED_DB_STEP_ROW)
    return FALSE;
  *id = bed_db_statement_get_int64 (row, 0);
  return TRUE;
}

static gboolean
write_snippet (BedRecordStore *self, BedSnippet *snippet, gint64 *id, GError **error)
{
  const char *abbreviation = bed_snippet_get_abbreviation (snippet);
  gint64 now = bed_clock_get_real_us (self->clock);

  if (!check_free (self, abbreviation, *id, error))
    return FALSE;
  if (*id != 0)
    return bed_db_run (self->db, error,
                       "UPDATE snippet SET abbreviation = ?, text = ?, updated_us = ? WHERE id = ?"
                       " AND deleted_us IS NULL", "ttii", abbreviation,
                       bed_snippet_get_text (snippet), now, *id);
  return find_unused_id (self, id, error)
         && bed_db_run (self->db, error,
                        "INSERT INTO snippet (id, abbreviation, text, updated_us)"
                        " VALUES (?, ?, ?, ?)", "itti", *id, abbreviation,
                        bed_snippet_get_text (snippet), now);
}

gboolean
bed_record_store_save_snippet (BedRecordStore *self, BedSnippet *snippet, GError **error)
{
  gint64 id = bed_snippet_get_id (snippet);
  GError *inner = NULL;
  gboolean ok;

  if (!bed_snippet_is_valid (snippet))
    return fail (BED_RECORD_ERROR_INVALID, "This snippet cannot be kept", error);
  if (!bed_record_begin (self, error))
    return FALSE;
  ok = write_snippet (self, snippet, &id, &inner);
  if (!end_change (self, ok, BED_AUDIT_SNIPPET_SAVED, id, inner, error))
    return FALSE;
  if (bed_snippet_get_id (snippet) == 0)
    bed_snippet_set_id (snippet, id);
  return TRUE;
}

gboolean
bed_record_store_delete_snippet (BedRecordStore *self, gint64 id, GError **error)
{
  GError *inner = NULL;
  gboolean ok;

  if (!bed_record_begin (self, error))
    return FALSE;
  ok = bed_db_run (self->db, &inner,
                   "UPDATE snippet SET deleted_us = ? WHERE id = ? AND deleted_us IS NULL", "ii",
                   bed_clock_get_real_us (self->clock), id);
  return end_change (self, ok, BED_AUDIT_SNIPPET_DELETED, id, inner, error);
}

static gboolean
restore (BedRecordStore *self, gint64 id, GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_query (
      self->db, error, "SELECT abbreviation FROM snippet WHERE id = ?", "i", id);
  BedDbStep step = row != NULL ? bed_db_statement_step (row, error) : BED_DB_STEP_ERROR;

  if (step == BED_DB_STEP_DONE)
    return fail (BED_RECORD_ERROR_NOT_FOUND, "There is no such snippet", error);
  return step == BED_DB_STEP_ROW
         && check_free (self, bed_db_statement_get_text (row, 0), id, error)
         && bed_db_run (self->db, error,
                        "UPDATE snippet SET deleted_us = NULL WHERE id = ?"
                        " AND deleted_us IS NOT NULL", "i", id);
}

gboolean
bed_record_store_restore_snippet (BedRecordStore *self, gint64 id, GError **error)
{
  GError *inner = NULL;
  gboolean ok;

  if (!bed_record_begin (self, error))
    return FALSE;
  ok = restore (self, id, &inner);
  return end_change (self, ok, BED_AUDIT_SNIPPET_RECOVERED, id, inner, error);
}

char *
bed_record_store_expand_snippet (BedRecordStore *self, const char *abbreviation)
{
  g_autoptr (BedDbStatement) row = NULL;
  g_autoptr (GError) error = NULL;
  BedDbStep step;

  if (self->db == NULL)
    return NULL;
  row = bed_db_query (self->db, &error,
                      "SELECT text FROM snippet WHERE abbreviation = ? AND deleted_us IS NULL", "t",
                      abbreviation);
  step = row != NULL ? bed_db_statement_step (row, &error) : BED_DB_STEP_ERROR;
  if (step == BED_DB_STEP_ERROR)
    bed_record_unread (self, "A snippet", error);
  return step == BED_DB_STEP_ROW ? bed_db_statement_dup_text (row, 0) : NULL;
}
