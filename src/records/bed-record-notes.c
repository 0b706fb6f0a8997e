/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-search-private.h"
#include "bed-record-signing.h"
#include "bed-record-templates.h"
#include "bed-records-private.h"
#include "bed-retention-private.h"
#include "bed-template-private.h"

BedNote *
bed_record_read_note (BedRecordStore *self, gint64 id, GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_query (
      self->db, error,
      "SELECT n.id, n.uuid, n.encounter_id, e.patient_id, n.state, n.author, n.template_id, n.created_us,"
      " n.updated_us, n.signed_us, n.headings, n.subjective, n.objective, n.assessment, n.plan,"
      " n.section_5, n.section_6, n.section_7, n.section_8 FROM note n"
      " JOIN encounter e ON e.id = n.encounter_id WHERE n.id = ? AND n.deleted_us IS NULL",
      "i", id);
  BedNoteRow values = { 0 };
  BedNote *note;

  if (row == NULL || bed_db_statement_step (row, error) != BED_DB_STEP_ROW)
    return NULL;
  values.id = bed_db_statement_get_int64 (row, 0);
  values.uuid = bed_db_statement_get_text (row, 1);
  values.encounter_id = bed_db_statement_get_int64 (row, 2);
  values.patient_id = bed_db_statement_get_int64 (row, 3);
  values.state = (BedNoteState) bed_db_statement_get_int64 (row, 4);
  values.author = bed_db_statement_get_text (row, 5);
  values.template_id = bed_db_statement_get_text (row, 6);
  values.created_us = bed_db_statement_get_int64 (row, 7);
  values.updated_us = bed_db_statement_get_int64 (row, 8);
  values.signed_us = bed_db_statement_get_int64 (row, 9);
  values.headings = bed_db_statement_get_text (row, 10);
  for (int i = 0; i < BED_NOTE_SECTIONS_MAX; i++)
    values.sections[i] = bed_db_statement_get_text (row, 11 + i);
  note = g_object_new (BED_TYPE_NOTE, NULL);
  bed_note_fill (note, &values, bed_record_note_changed, self);
  return note;
}

BedNote *
bed_record_store_get_note (BedRecordStore *self, gint64 id, GError **error)
{
  return (BedNote *) bed_record_load (self, BED_RECORD_NOTE, id, error);
}

static gboolean
insert_note (BedRecordStore *self, gint64 encounter_id, const char *uuid, BedTemplate *template,
             GError **error)
{
  gint64 now = bed_clock_get_real_us (self->clock);
  g_autofree char *headings = bed_template_join_headings (template);
  const char *text[BED_NOTE_SECTIONS_MAX];

  for (guint i = 0; i < BED_NOTE_SECTIONS_MAX; i++)
    text[i] = bed_template_get_text (template, i);
  return bed_db_run (
      self->db, error,
      "INSERT INTO note (uuid, encounter_id, template_id, state, author, created_us, updated_us,"
      " headings, subjective, objective, assessment, plan, section_5, section_6, section_7,"
      " section_8) VALUES (?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
      "tittiittttttttt", uuid, encounter_id, bed_template_get_id (template), self->author, now, now,
      headings, text[0], text[1], text[2], text[3], text[4], text[5], text[6], text[7]);
}

BedNote *
bed_record_store_create_note (BedRecordStore *self, gint64 encounter_id, const char *template_id,
                              GError **error)
{
  g_autoptr (BedEncounter) encounter = bed_record_store_get_encounter (self, encounter_id, error);
  g_autoptr (BedTemplate) template = NULL;
  g_autofree char *uuid = g_uuid_string_random ();
  GError *inner = NULL;
  gint64 id = 0;
  gboolean ok;

  if (encounter == NULL)
    return NULL;
  template = bed_record_store_get_template (self, template_id != NULL ? template_id : "soap", error);
  if (template == NULL || !bed_record_begin (self, error))
    return NULL;
  ok = insert_note (self, encounter_id, uuid, template, &inner);
  if (ok)
    {
      id = bed_db_get_last_rowid (self->db);
      ok = bed_audit_log_append (self->audit, BED_AUDIT_NOTE_CREATED, uuid, &inner);
    }
  if (!bed_record_end (self, ok, inner, error))
    return NULL;
  bed_record_lists_changed (self, BED_RECORD_NOTE);
  bed_record_index_later (self);
  return bed_record_store_get_note (self, id, error);
}

/* --- Out of sight, and back ------------------------------------------------------------------- */

/* Sets or clears the mark of a draft. */
static gboolean
mark_deleted (BedRecordStore *self, gint64 id, gint64 deleted_us, BedAuditEvent event,
              GError **error)
{
  g_autofree char *uuid = NULL;
  g_autoptr (BedDbStatement)
      row = bed_db_query (self->db, error,
                          "SELECT n.state, n.uuid, e.patient_id FROM note n"
                          " JOIN encounter e ON e.id = n.encounter_id"
                          " WHERE n.id = ? AND (n.deleted_us IS NULL) = ?",
                          "ii", id, (gint64) (deleted_us != 0));
  BedDbStep step = row != NULL ? bed_db_statement_step (row, error) : BED_DB_STEP_ERROR;

  if (step == BED_DB_STEP_ERROR)
    return FALSE;
  if (step == BED_DB_STEP_DONE || bed_db_statement_get_int64 (row, 0) != BED_NOTE_DRAFT)
    {
      g_set_error_literal (error, BED_RECORD_ERROR,
                           step == BED_DB_STEP_DONE ? BED_RECORD_ERROR_NOT_FOUND
                                                    : BED_RECORD_ERROR_NOT_DRAFT,
                           "There is no such draft");
      return FALSE;
    }
  if (deleted_us != 0
      && !bed_retention_require_free (self, bed_db_statement_get_int64 (row, 2), error))
    return FALSE;
  uuid = bed_db_statement_dup_text (row, 1);
  return bed_db_run (self->db, error, "UPDATE note SET deleted_us = nullif (?, 0) WHERE id = ?",
                     "ii", deleted_us, id)
         && bed_audit_log_append (self->audit, event, uuid, error);
}

static gboolean
change_mark (BedRecordStore *self, gint64 id, gint64 deleted_us, BedAuditEvent event, GError **error)
{
  GError *inner = NULL;
  gboolean ok;

  if (!bed_record_begin (self, error))
    return FALSE;
  ok = mark_deleted (self, id, deleted_us, event, &inner);
  if (!bed_record_end (self, ok, inner, error))
    return FALSE;
  bed_record_lists_changed (self, BED_RECORD_NOTE);
  bed_record_index_later (self);
  return TRUE;
}

gboolean
bed_record_store_delete_note (BedRecordStore *self, BedNote *note, GError **error)
{
  return bed_note_draft_flush (self, error)
         && change_mark (self, bed_note_get_id (note), bed_clock_get_real_us (self->clock),
                         BED_AUDIT_NOTE_DELETED, error);
}

BedNote *
bed_record_store_restore_note (BedRecordStore *self, gint64 note_id, GError **error)
{
  return change_mark (self, note_id, 0, BED_AUDIT_NOTE_RECOVERED, error)
             ? bed_record_store_get_note (self, note_id, error)
             : NULL;
}

BedNote *
bed_record_store_get_encounter_note (BedRecordStore *self, gint64 encounter_id, GError **error)
{
  g_autoptr (BedDbStatement) row = NULL;
  GError *inner = NULL;
  BedDbStep step = BED_DB_STEP_ERROR;

  if (!bed_record_require_open (self, error))
    return NULL;
  row = bed_db_query (
      self->db, &inner,
      "SELECT id FROM note WHERE encounter_id = ? AND deleted_us IS NULL ORDER BY id DESC LIMIT 1",
      "i", encounter_id);
  if (row != NULL)
    step = bed_db_statement_step (row, &inner);
  if (step == BED_DB_STEP_ROW)
    return bed_record_store_get_note (self, bed_db_statement_get_int64 (row, 0), error);
  if (step == BED_DB_STEP_ERROR)
    bed_record_fail (inner, error);
  return NULL;
}
