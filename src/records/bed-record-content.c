/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-signing-private.h"
#include "bed-record-version-private.h"

/* What is signed, as the database has it. */

static gboolean
not_found (GError **error)
{
  g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_FOUND,
                       "There is no such entry");
  return FALSE;
}

static void
take (char **text, BedDbStatement *row, int column)
{
  g_free (*text);
  *text = bed_db_statement_dup_text (row, column);
  if (*text == NULL)
    *text = g_strdup ("");
}

static void
facts_from_row (BedNoteFacts *facts, BedDbStatement *row)
{
  gsize length;
  const guint8 *hash;

  take (&facts->encounter_uuid, row, 0);
  take (&facts->patient_uuid, row, 1);
  take (&facts->patient_name, row, 2);
  take (&facts->patient_birth_date, row, 3);
  take (&facts->patient_identifiers, row, 4);
  take (&facts->typed_name, row, 5);
  take (&facts->callback, row, 6);
  take (&facts->location, row, 7);
  take (&facts->clinician, row, 8);
  facts->started_us = bed_db_statement_get_int64 (row, 9);
  facts->ended_us = bed_db_statement_get_int64 (row, 10);
  take (&facts->cipher, row, 11);
  take (&facts->path, row, 12);
  facts->verification = (BedVerification) bed_db_statement_get_int64 (row, 13);
  if (bed_db_statement_is_null (row, 14))
    return;
  hash = bed_db_statement_get_blob (row, 15, &length);
  facts->consent = bed_patient_consent_new (bed_db_statement_get_text (row, 14), hash, length,
                                            bed_db_statement_get_text (row, 16),
                                            bed_db_statement_get_int64 (row, 17),
                                            bed_db_statement_get_int64 (row, 18) != 0,
                                            bed_db_statement_get_int64 (row, 19) != 0);
}

static gboolean
read_device_consents (BedDb *db, gint64 encounter_id, GPtrArray *list, GError **error)
{
  g_autoptr (BedDbStatement)
      row = bed_db_query (db, error,
                          "SELECT real_us, device, scope, granted, text_version FROM consent_event"
                          " WHERE encounter_id = ? ORDER BY id", "i", encounter_id);
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    g_ptr_array_add (list, bed_note_device_consent_new (
                               bed_db_statement_get_int64 (row, 0),
                               (guint) bed_db_statement_get_int64 (row, 1),
                               (guint) bed_db_statement_get_int64 (row, 2),
                               bed_db_statement_get_int64 (row, 3) != 0,
                               bed_db_statement_get_text (row, 4)));
  return step == BED_DB_STEP_DONE;
}

BedNoteFacts *
bed_record_read_facts (BedDb *db, gint64 encounter_id, GError **error)
{
  g_autoptr (BedNoteFacts) facts = bed_note_facts_new ();
  g_autoptr (BedDbStatement) row = bed_db_query (
      db, error,
      "SELECT e.uuid, p.uuid, p.name, p.birth_date, p.identifiers, e.typed_name, e.callback,"
      " e.location, e.author, e.started_us, e.ended_us, e.cipher, e.path, e.verification,"
      " e.consent_version, e.consent_hash, e.consent_language, e.consent_us, e.consent_camera,"
      " e.consent_microphone FROM encounter e LEFT JOIN patient p ON p.id = e.patient_id"
      " WHERE e.id = ?",
      "i", encounter_id);
  BedDbStep step = row != NULL ? bed_db_statement_step (row, error) : BED_DB_STEP_ERROR;

  if (step != BED_DB_STEP_ROW)
    {
      if (step == BED_DB_STEP_DONE)
        not_found (error);
      return NULL;
    }
  facts_from_row (facts, row);
  return read_device_consents (db, encounter_id, facts->device_consents, error)
             ? g_steal_pointer (&facts)
             : NULL;
}

BedNoteFacts *
bed_record_store_get_facts (BedRecordStore *self, gint64 encounter_id, GError **error)
{
  BedNoteFacts *facts;
  GError *inner = NULL;

  if (!bed_record_require_open (self, error))
    return NULL;
  facts = bed_record_read_facts (self->db, encounter_id, &inner);
  if (facts == NULL)
    bed_record_fail (inner, error);
  return facts;
}

static gboolean
read_attachments (BedDb *db, gint64 encounter_id, GPtrArray *list, GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_query (
      db, error,
      "SELECT uuid, name, media_type, size, hash FROM attachment WHERE encounter_id = ?"
      " AND deleted_us IS NULL AND length (hash) = 32 ORDER BY real_us, id", "i", encounter_id);
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    {
      gsize length;

      g_ptr_array_add (list, bed_note_signed_attachment_new (
                                 bed_db_statement_get_text (row, 0),
                                 bed_db_statement_get_text (row, 1),
                                 bed_db_statement_get_text (row, 2),
                                 (guint64) bed_db_statement_get_int64 (row, 3),
                                 bed_db_statement_get_blob (row, 4, &length)));
    }
  return step == BED_DB_STEP_DONE;
}

static void
sections_from_row (BedNoteContent *content, BedDbStatement *row, int headings, int first)
{
  g_auto (GStrv) parts
      = g_strsplit (bed_db_statement_get_text (row, headings), "\n", BED_NOTE_SECTIONS_MAX);

  content->n_sections = g_strv_length (parts);
  for (guint i = 0; i < content->n_sections; i++)
    {
      content->headings[i] = g_strdup (parts[i]);
      take (&content->sections[i], row, first + (int) i);
    }
}

BedNoteContent *
bed_record_read_content (BedDb *db, gint64 note_id, BedNoteState *state, GError **error)
{
  g_autoptr (BedNoteContent) content = bed_note_content_new ();
  g_autoptr (BedDbStatement) row = bed_db_query (
      db, error,
      "SELECT uuid, author, created_us, updated_us, template_id, state, encounter_id, headings,"
      " subjective, objective, assessment, plan, section_5, section_6, section_7, section_8,"
      " signed_us FROM note WHERE id = ?",
      "i", note_id);
  BedDbStep step = row != NULL ? bed_db_statement_step (row, error) : BED_DB_STEP_ERROR;
  gint64 encounter_id;

  if (step != BED_DB_STEP_ROW)
    {
      if (step == BED_DB_STEP_DONE)
        not_found (error);
      return NULL;
    }
  take (&content->note_uuid, row, 0);
  take (&content->author, row, 1);
  content->created_us = bed_db_statement_get_int64 (row, 2);
  content->updated_us = bed_db_statement_get_int64 (row, 3);
  take (&content->template_id, row, 4);
  *state = (BedNoteState) bed_db_statement_get_int64 (row, 5);
  encounter_id = bed_db_statement_get_int64 (row, 6);
  sections_from_row (content, row, 7, 8);
  content->signed_us = bed_db_statement_get_int64 (row, 16);
  content->author_name = g_strdup ("");
  content->reason = g_strdup ("");
  content->text = g_strdup ("");
  bed_note_facts_free (content->facts);
  content->facts = bed_record_read_facts (db, encounter_id, error);
  if (content->facts == NULL)
    {
      content->facts = bed_note_facts_new ();
      return NULL;
    }
  return read_attachments (db, encounter_id, content->attachments, error)
             ? g_steal_pointer (&content)
             : NULL;
}

GPtrArray *
bed_record_read_versions (BedDb *db, gint64 note_id, GError **error)
{
  g_autoptr (GPtrArray) versions = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (BedDbStatement)
      row = bed_db_query (db, error,
                          "SELECT content, signature, signer_key FROM note_version"
                          " WHERE note_id = ? ORDER BY number", "i", note_id);
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    {
      g_autoptr (GBytes) content = bed_db_statement_dup_blob (row, 0);
      g_autoptr (GBytes) signature = bed_db_statement_dup_blob (row, 1);
      g_autoptr (GBytes) key = bed_db_statement_dup_blob (row, 2);
      BedNoteVersion *version = bed_note_version_new (content, signature, key);

      if (version == NULL)
        {
          g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_DAMAGED,
                               "A signed version is damaged");
          return NULL;
        }
      g_ptr_array_add (versions, version);
    }
  return step == BED_DB_STEP_DONE ? g_steal_pointer (&versions) : NULL;
}

/* A version that cannot be read is told by verifying; the index does without it. */
gboolean
bed_record_each_addendum_word (BedDb *db, gint64 note_id, BedSearchWord callback,
                               gpointer user_data, GError **error)
{
  g_autoptr (GError) inner = NULL;
  g_autoptr (GPtrArray) versions = bed_record_read_versions (db, note_id, &inner);

  if (versions == NULL && !g_error_matches (inner, BED_RECORD_ERROR, BED_RECORD_ERROR_DAMAGED))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return FALSE;
    }
  for (guint i = 1; versions != NULL && i < versions->len; i++)
    {
      BedNoteVersion *version = versions->pdata[i];

      bed_search_each_word (bed_note_version_get_text (version), callback, user_data);
      for (guint j = 0; bed_note_version_get_corrects (version)
                        && j < bed_note_version_get_n_sections (version); j++)
        bed_search_each_word (bed_note_version_get_section (version, j), callback, user_data);
    }
  return TRUE;
}

GListModel *
bed_record_store_list_versions (BedRecordStore *self, gint64 note_id, GError **error)
{
  g_autoptr (GListStore) list = g_list_store_new (BED_TYPE_NOTE_VERSION);
  g_autoptr (GPtrArray) versions = NULL;
  GError *inner = NULL;

  if (!bed_record_require_open (self, error))
    return NULL;
  versions = bed_record_read_versions (self->db, note_id, &inner);
  if (versions == NULL)
    {
      bed_record_fail (inner, error);
      return NULL;
    }
  g_list_store_splice (list, 0, 0, versions->pdata, versions->len);
  return G_LIST_MODEL (g_steal_pointer (&list));
}
