/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-templates.h"

#include "bed-record-live-private.h"
#include "bed-template-private.h"

#include <string.h>

#define NAME_MAX_BYTES 200
/* What is deleted makes room, but stays for a while. */
#define DELETED_MAX 1000

static gboolean
fail (BedRecordError code, const char *message, GError **error)
{
  g_set_error_literal (error, BED_RECORD_ERROR, code, message);
  return FALSE;
}

/* --- Reading ---------------------------------------------------------------------------------- */

static gboolean
read_sections (BedDb *db, BedTemplate *template, GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_query (
      db, error, "SELECT heading, text FROM template_section WHERE template_id = ? ORDER BY number",
      "t", bed_template_get_id (template));
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    if (!bed_template_add_section (template, bed_db_statement_get_text (row, 0),
                                   bed_db_statement_get_text (row, 1)))
      return fail (BED_RECORD_ERROR_DAMAGED, "A template is damaged", error);
  return step == BED_DB_STEP_DONE;
}

static BedTemplate *
template_from_row (BedDb *db, BedDbStatement *row, GError **error)
{
  g_autoptr (BedTemplate) template = bed_template_new (bed_db_statement_get_text (row, 1));

  bed_template_set_id (template, bed_db_statement_get_text (row, 0));
  return read_sections (db, template, error) ? g_steal_pointer (&template) : NULL;
}

static gboolean
fill_templates (BedRecordStore *self, gint64 key, GPtrArray *items, GError **error)
{
  g_autoptr (BedDbStatement) row = NULL;
  BedDbStep step = BED_DB_STEP_ERROR;
  BedTemplate *template;

  for (guint i = 0; (template = bed_template_new_built_in (i)) != NULL; i++)
    g_ptr_array_add (items, template);
  row = bed_db_prepare (
      self->db, "SELECT id, name FROM template WHERE deleted_us IS NULL ORDER BY position, id",
      error);
  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    {
      template = template_from_row (self->db, row, error);
      if (template == NULL)
        return FALSE;
      g_ptr_array_add (items, template);
    }
  return step == BED_DB_STEP_DONE;
}

GListModel *
bed_record_store_list_templates (BedRecordStore *self)
{
  return bed_record_live_list (self, BED_TYPE_TEMPLATE, BED_RECORD_CHANGED_TEMPLATES,
                               fill_templates, 0);
}

static BedTemplate *
find_built_in (const char *id)
{
  BedTemplate *template;

  for (guint i = 0; (template = bed_template_new_built_in (i)) != NULL; i++)
    {
      if (g_str_equal (bed_template_get_id (template), id))
        return template;
      g_object_unref (template);
    }
  return NULL;
}

static BedTemplate *
find_own (BedRecordStore *self, const char *id, GError **error)
{
  g_autoptr (BedDbStatement)
      row = bed_db_query (self->db, error,
                          "SELECT id, name FROM template WHERE id = ? AND deleted_us IS NULL", "t",
                          id);
  BedDbStep step = row != NULL ? bed_db_statement_step (row, error) : BED_DB_STEP_ERROR;

  if (step == BED_DB_STEP_ROW)
    return template_from_row (self->db, row, error);
  if (step == BED_DB_STEP_DONE)
    fail (BED_RECORD_ERROR_NOT_FOUND, "There is no such template", error);
  return NULL;
}

BedTemplate *
bed_record_store_get_template (BedRecordStore *self, const char *id, GError **error)
{
  BedTemplate *template;
  GError *inner = NULL;

  if (!bed_record_require_open (self, error))
    return NULL;
  template = find_built_in (id);
  if (template == NULL)
    template = find_own (self, id, &inner);
  if (template == NULL)
    bed_record_fail (inner, error);
  return template;
}

/* --- Writing ---------------------------------------------------------------------------------- */

static gboolean
is_name (const char *name)
{
  g_autofree char *bare = g_strstrip (g_strdup (name));

  return *bare != '\0' && strlen (name) <= NAME_MAX_BYTES && g_utf8_validate (name, -1, NULL);
}

static gboolean
count_templates (BedRecordStore *self, gint64 *n, GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_prepare (
      self->db, "SELECT count (*) FROM template WHERE deleted_us IS NULL", error);

  if (row == NULL || bed_db_statement_step (row, error) != BED_DB_STEP_ROW)
    return FALSE;
  *n = bed_db_statement_get_int64 (row, 0);
  return TRUE;
}

static gboolean
insert_template (BedRecordStore *self, const char *id, BedTemplate *template, GError **error)
{
  gint64 n;

  if (!count_templates (self, &n, error))
    return FALSE;
  if (n >= BED_TEMPLATE_OWN_MAX)
    return fail (BED_RECORD_ERROR_INVALID, "There are too many templates", error);
  return bed_db_run (self->db, error,
                     "INSERT INTO template (id, name, position, updated_us)"
                     " SELECT ?, ?, coalesce (max (position), 0) + 1, ? FROM template", "tti", id,
                     bed_template_get_name (template), bed_clock_get_real_us (self->clock));
}

static gboolean
update_template (BedRecordStore *self, const char *id, BedTemplate *template, GError **error)
{
  if (!bed_db_run (self->db, error,
                   "UPDATE template SET name = ?, updated_us = ? WHERE id = ?"
                   " AND deleted_us IS NULL", "tit", bed_template_get_name (template),
                   bed_clock_get_real_us (self->clock), id))
    return FALSE;
  return bed_db_get_changes (self->db) == 1
         || fail (BED_RECORD_ERROR_NOT_FOUND, "There is no such template", error);
}

static gboolean
write_sections (BedRecordStore *self, const char *id, BedTemplate *template, GError **error)
{
  if (!bed_db_run (self->db, error, "DELETE FROM template_section WHERE template_id = ?", "t", id))
    return FALSE;
  for (guint i = 0; i < bed_template_get_n_sections (template); i++)
    if (!bed_db_run (self->db, error, "INSERT INTO template_section VALUES (?, ?, ?, ?)", "titt", id,
                     (gint64) i, bed_template_get_heading (template, i),
                     bed_template_get_text (template, i)))
      return FALSE;
  return TRUE;
}

/* Ends a transaction and tells the lists. */
static gboolean
end_change (BedRecordStore *self, gboolean ok, GError *inner, GError **error)
{
  if (!bed_record_end (self, ok, inner, error))
    return FALSE;
  bed_record_changed (self, BED_RECORD_CHANGED_TEMPLATES);
  return TRUE;
}

gboolean
bed_record_store_save_template (BedRecordStore *self, BedTemplate *template, GError **error)
{
  gboolean is_new = *bed_template_get_id (template) == '\0';
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *id = is_new ? g_strconcat ("own-", uuid, NULL)
                               : g_strdup (bed_template_get_id (template));
  GError *inner = NULL;
  gboolean ok;

  if (bed_template_is_built_in (template) || !is_name (bed_template_get_name (template))
      || bed_template_get_n_sections (template) == 0)
    return fail (BED_RECORD_ERROR_INVALID, "This template cannot be kept", error);
  if (!bed_record_begin (self, error))
    return FALSE;
  ok = (is_new ? insert_template (self, id, template, &inner)
               : update_template (self, id, template, &inner))
       && write_sections (self, id, template, &inner)
       && bed_audit_log_append (self->audit, BED_AUDIT_TEMPLATE_SAVED, id, &inner);
  if (!end_change (self, ok, inner, error))
    return FALSE;
  if (is_new)
    bed_template_set_id (template, id);
  return TRUE;
}

/* NOT_FOUND when nothing was changed. */
static gboolean
run_once (BedRecordStore *self, gboolean ok, BedAuditEvent event, const char *id, GError *inner,
          GError **error)
{
  if (ok && bed_db_get_changes (self->db) != 1)
    ok = fail (BED_RECORD_ERROR_NOT_FOUND, "There is no such entry", &inner);
  ok = ok && bed_audit_log_append (self->audit, event, id, &inner);
  return end_change (self, ok, inner, error);
}

/* The oldest of what was deleted go when there are too many. */
static gboolean
drop_oldest (BedRecordStore *self, GError **error)
{
  static const char of[] = " (SELECT id FROM template WHERE deleted_us IS NOT NULL"
                           " ORDER BY deleted_us DESC LIMIT -1 OFFSET " G_STRINGIFY (DELETED_MAX) ")";
  g_autofree char *sections = g_strconcat ("DELETE FROM template_section WHERE template_id IN", of,
                                           NULL);
  g_autofree char *templates = g_strconcat ("DELETE FROM template WHERE id IN", of, NULL);

  return bed_db_exec (self->db, sections, error) && bed_db_exec (self->db, templates, error);
}

gboolean
bed_record_store_delete_template (BedRecordStore *self, const char *id, GError **error)
{
  GError *inner = NULL;
  gboolean ok;

  if (!bed_record_begin (self, error))
    return FALSE;
  ok = drop_oldest (self, &inner)
       && bed_db_run (self->db, &inner,
                      "UPDATE template SET deleted_us = ? WHERE id = ? AND deleted_us IS NULL", "it",
                      bed_clock_get_real_us (self->clock), id);
  return run_once (self, ok, BED_AUDIT_TEMPLATE_DELETED, id, inner, error);
}

gboolean
bed_record_store_restore_template (BedRecordStore *self, const char *id, GError **error)
{
  GError *inner = NULL;
  gboolean ok;

  if (!bed_record_begin (self, error))
    return FALSE;
  ok = bed_db_run (self->db, &inner,
                   "UPDATE template SET deleted_us = NULL WHERE id = ? AND deleted_us IS NOT NULL",
                   "t", id);
  return run_once (self, ok, BED_AUDIT_TEMPLATE_RECOVERED, id, inner, error);
}

/* The ids of the own ones in their order, without `id`. */
static GPtrArray *
other_ids (BedRecordStore *self, const char *id, GError **error)
{
  g_autoptr (GPtrArray) ids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BedDbStatement)
      row = bed_db_query (self->db, error,
                          "SELECT id FROM template WHERE deleted_us IS NULL AND id <> ?"
                          " ORDER BY position, id", "t", id);
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    g_ptr_array_add (ids, bed_db_statement_dup_text (row, 0));
  return step == BED_DB_STEP_DONE ? g_steal_pointer (&ids) : NULL;
}

static gboolean
write_order (BedRecordStore *self, const char *id, guint position, GError **error)
{
  g_autoptr (GPtrArray) ids = other_ids (self, id, error);

  if (ids == NULL)
    return FALSE;
  g_ptr_array_insert (ids, (gint) MIN (position, ids->len), g_strdup (id));
  for (guint i = 0; i < ids->len; i++)
    if (!bed_db_run (self->db, error,
                     "UPDATE template SET position = ? WHERE id = ? AND deleted_us IS NULL", "it",
                     (gint64) i + 1, ids->pdata[i]))
      return FALSE;
  return TRUE;
}

gboolean
bed_record_store_move_template (BedRecordStore *self, const char *id, guint position, GError **error)
{
  g_autoptr (BedTemplate) template = NULL;
  GError *inner = NULL;
  gboolean ok;

  if (!bed_record_begin (self, error))
    return FALSE;
  template = find_own (self, id, &inner);
  ok = template != NULL && write_order (self, id, position, &inner)
       && bed_audit_log_append (self->audit, BED_AUDIT_TEMPLATE_MOVED, id, &inner);
  return end_change (self, ok, inner, error);
}

/* --- A draft's headings ----------------------------------------------------------------------- */

typedef struct
{
  GString *headings;
  char *sections[BED_NOTE_SECTIONS_MAX]; /* owned */
  guint n;
} Layout;

static gboolean
add_section (Layout *layout, const char *heading, const char *text)
{
  if (layout->n == BED_NOTE_SECTIONS_MAX)
    return FALSE;
  g_string_append_printf (layout->headings, "%s%s", layout->n > 0 ? "\n" : "", heading);
  layout->sections[layout->n++] = g_strdup (text);
  return TRUE;
}

/* The first section of that heading which is not taken yet, or -1. */
static int
find_heading (BedNote *note, const char *heading, const gboolean *taken)
{
  for (guint i = 0; i < bed_note_get_n_sections (note); i++)
    if (!taken[i] && g_str_equal (bed_note_get_heading (note, i), heading))
      return (int) i;
  return -1;
}

static gboolean
lay_out (Layout *layout, BedNote *note, BedTemplate *template)
{
  gboolean taken[BED_NOTE_SECTIONS_MAX] = { FALSE };

  for (guint i = 0; i < bed_template_get_n_sections (template); i++)
    {
      const char *heading = bed_template_get_heading (template, i);
      int old = find_heading (note, heading, taken);
      const char *text = old >= 0 ? bed_note_get_section (note, (guint) old) : "";

      if (old >= 0)
        taken[old] = TRUE;
      add_section (layout, heading, *text != '\0' ? text : bed_template_get_text (template, i));
    }
  for (guint i = 0; i < bed_note_get_n_sections (note); i++)
    if (!taken[i] && *bed_note_get_section (note, i) != '\0'
        && !add_section (layout, bed_note_get_heading (note, i), bed_note_get_section (note, i)))
      return FALSE;
  while (layout->n < BED_NOTE_SECTIONS_MAX)
    layout->sections[layout->n++] = g_strdup ("");
  return TRUE;
}

static void
layout_clear (Layout *layout)
{
  g_string_free (layout->headings, TRUE);
  for (guint i = 0; i < layout->n; i++)
    {
      bed_secret_wipe (layout->sections[i], strlen (layout->sections[i]));
      g_free (layout->sections[i]);
    }
}

gboolean
bed_record_store_apply_template (BedRecordStore *self, BedNote *note, const char *id, GError **error)
{
  g_autoptr (BedTemplate) template = bed_record_store_get_template (self, id, error);
  Layout layout = { 0 };
  gboolean ok;

  if (template == NULL)
    return FALSE;
  if (bed_note_get_state (note) != BED_NOTE_DRAFT)
    return fail (BED_RECORD_ERROR_NOT_DRAFT, "The note is not a draft", error);
  layout.headings = g_string_new (NULL);
  ok = lay_out (&layout, note, template);
  if (ok)
    bed_note_set_layout (note, id, layout.headings->str, (const char *const *) layout.sections);
  layout_clear (&layout);
  return ok || fail (BED_RECORD_ERROR_INVALID, "The note has too many sections", error);
}
