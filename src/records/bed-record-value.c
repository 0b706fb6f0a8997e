/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-acts-private.h"

static BedDbStatement *
look_up (BedDb *db, const char *name, gboolean *found, GError **error)
{
  g_autoptr (BedDbStatement)
      row = bed_db_query (db, error, "SELECT value FROM record_value WHERE name = ?", "t", name);
  BedDbStep step;

  if (row == NULL)
    return NULL;
  step = bed_db_statement_step (row, error);
  *found = step == BED_DB_STEP_ROW;
  return step != BED_DB_STEP_ERROR ? g_steal_pointer (&row) : NULL;
}

gboolean
bed_record_get_number (BedDb *db, const char *name, gint64 *value, GError **error)
{
  gboolean found = FALSE;
  g_autoptr (BedDbStatement) row = look_up (db, name, &found, error);

  *value = found ? bed_db_statement_get_int64 (row, 0) : 0;
  return row != NULL;
}

gboolean
bed_record_set_number (BedDb *db, const char *name, gint64 value, GError **error)
{
  return bed_db_run (db, error, "INSERT OR REPLACE INTO record_value VALUES (?, ?)", "ti", name,
                     value);
}

char *
bed_record_dup_text (BedDb *db, const char *name, GError **error)
{
  gboolean found = FALSE;
  g_autoptr (BedDbStatement) row = look_up (db, name, &found, error);

  return found ? bed_db_statement_dup_text (row, 0) : NULL;
}

gboolean
bed_record_set_text (BedDb *db, const char *name, const char *value, GError **error)
{
  return bed_db_run (db, error, "INSERT OR REPLACE INTO record_value VALUES (?, ?)", "tt", name,
                     value);
}

char *
bed_record_patient_of (BedDb *db, const char *uuid, gint64 *id)
{
  g_autoptr (BedDbStatement) row = bed_db_query (
      db, NULL,
      "SELECT p.id, p.uuid FROM patient p WHERE p.id = coalesce ("
      "(SELECT id FROM patient WHERE uuid = ?1),"
      " (SELECT patient_id FROM encounter WHERE uuid = ?1),"
      " (SELECT e.patient_id FROM note n JOIN encounter e ON e.id = n.encounter_id"
      "  WHERE n.uuid = ?1),"
      " (SELECT e.patient_id FROM attachment a JOIN encounter e ON e.id = a.encounter_id"
      "  WHERE a.uuid = ?1))",
      "t", uuid);
  gboolean found = row != NULL && bed_db_statement_step (row, NULL) == BED_DB_STEP_ROW;

  if (id != NULL)
    *id = found ? bed_db_statement_get_int64 (row, 0) : 0;
  return found ? bed_db_statement_dup_text (row, 1) : NULL;
}
