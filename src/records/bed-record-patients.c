/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-acts-private.h"
#include "bed-record-search-private.h"
#include "bed-search-words-private.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MAX 4096

static gboolean
is_date (const char *text)
{
  guint year, month, day;

  if (*text == '\0')
    return TRUE;
  if (strlen (text) != 10 || text[4] != '-' || text[7] != '-' || strspn (text, "0123456789-") != 10
      || sscanf (text, "%4u-%2u-%2u", &year, &month, &day) != 3)
    return FALSE;
  return month >= 1 && month <= 12
         && g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year);
}

static gboolean
check_patient (BedPatient *patient, GError **error)
{
  g_autofree char *name = g_strstrip (g_strdup (bed_patient_get_name (patient)));

  if (*name != '\0' && strlen (name) <= TEXT_MAX && is_date (bed_patient_get_birth_date (patient))
      && strlen (bed_patient_get_telephone (patient)) <= TEXT_MAX
      && strlen (bed_patient_get_language (patient)) <= TEXT_MAX
      && strlen (bed_patient_get_identifiers (patient)) <= TEXT_MAX)
    return TRUE;
  g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID, "A value cannot be kept");
  return FALSE;
}

static gboolean
write_patient (BedRecordStore *self, BedPatient *patient, gint64 *id, const char *uuid,
               GError **error)
{
  g_autofree char *sort_name = bed_search_fold (bed_patient_get_name (patient), -1);
  gint64 now = bed_clock_get_real_us (self->clock);

  if (*id != 0)
    return bed_db_run (
        self->db, error,
        "UPDATE patient SET name = ?, sort_name = ?, birth_date = ?, telephone = ?, language = ?,"
        " identifiers = ?, updated_us = ? WHERE id = ?",
        "ttttttii", bed_patient_get_name (patient), sort_name, bed_patient_get_birth_date (patient),
        bed_patient_get_telephone (patient), bed_patient_get_language (patient),
        bed_patient_get_identifiers (patient), now, *id);
  if (!bed_db_run (
          self->db, error,
          "INSERT INTO patient (uuid, name, sort_name, birth_date, telephone, language, identifiers,"
          " created_us, updated_us) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
          "tttttttii", uuid, bed_patient_get_name (patient), sort_name,
          bed_patient_get_birth_date (patient), bed_patient_get_telephone (patient),
          bed_patient_get_language (patient), bed_patient_get_identifiers (patient), now, now))
    return FALSE;
  *id = bed_db_get_last_rowid (self->db);
  return TRUE;
}

/* Notes carry the name, so they are indexed again. */
static gboolean
index_patient (BedRecordStore *self, gint64 id, GError **error)
{
  return bed_index_patient (self->db, self->engine, id, error)
         && bed_db_run (self->db, error,
                        "UPDATE note SET indexed = 0 WHERE encounter_id IN"
                        " (SELECT id FROM encounter WHERE patient_id = ?)",
                        "i", id);
}

static void
refresh_encounters_of (BedRecordStore *self, gint64 patient_id)
{
  g_autoptr (GList) encounters = g_hash_table_get_values (self->objects[BED_RECORD_ENCOUNTER]);

  for (GList *l = encounters; l != NULL; l = l->next)
    if (bed_encounter_get_patient_id (l->data) == patient_id)
      bed_record_reload_encounter (self, l->data);
}

gboolean
bed_record_store_save_patient (BedRecordStore *self, BedPatient *patient, GError **error)
{
  gint64 old_id = bed_patient_get_id (patient);
  gint64 id = old_id;
  g_autofree char *uuid = id != 0 ? g_strdup (bed_patient_get_uuid (patient))
                                  : g_uuid_string_random ();
  GError *inner = NULL;
  gboolean ok;

  if (!check_patient (patient, error) || !bed_record_begin (self, error))
    return FALSE;
  ok = write_patient (self, patient, &id, uuid, &inner) && index_patient (self, id, &inner)
       && bed_audit_log_append (self->audit,
                                old_id != 0 ? BED_AUDIT_PATIENT_CHANGED : BED_AUDIT_PATIENT_CREATED,
                                uuid, &inner);
  if (!bed_record_end (self, ok, inner, error))
    return FALSE;
  if (old_id == 0)
    {
      bed_patient_fill (patient, id, uuid);
      bed_record_remember (self, BED_RECORD_PATIENT, id, G_OBJECT (patient));
    }
  else
    refresh_encounters_of (self, id);
  bed_record_index_later (self);
  bed_record_lists_changed (self, BED_RECORD_PATIENT);
  return TRUE;
}

static BedPatient *
patient_from_row (BedDbStatement *row)
{
  BedPatient *patient = bed_patient_new (bed_db_statement_get_text (row, 1));

  bed_patient_set_birth_date (patient, bed_db_statement_get_text (row, 2));
  bed_patient_set_telephone (patient, bed_db_statement_get_text (row, 3));
  bed_patient_set_language (patient, bed_db_statement_get_text (row, 4));
  bed_patient_set_identifiers (patient, bed_db_statement_get_text (row, 5));
  bed_patient_fill (patient, bed_db_statement_get_int64 (row, 6),
                    bed_db_statement_get_text (row, 0));
  return patient;
}

BedPatient *
bed_record_read_patient (BedRecordStore *self, gint64 id, GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_query (
      self->db, error,
      "SELECT uuid, name, birth_date, telephone, language, identifiers, id FROM patient"
      " WHERE id = ? AND deleted_us IS NULL",
      "i", id);

  if (row == NULL || bed_db_statement_step (row, error) != BED_DB_STEP_ROW)
    return NULL;
  return patient_from_row (row);
}

BedPatient *
bed_record_store_get_patient (BedRecordStore *self, gint64 id, GError **error)
{
  return (BedPatient *) bed_record_load (self, BED_RECORD_PATIENT, id, error);
}
