/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-records-private.h"
#include "bed-record-search-private.h"

#include <string.h>

#define TEXT_MAX 4096

/* --- Reading ---------------------------------------------------------------------------------- */

static BedPatientConsent *
consent_from_row (BedDbStatement *row, int column)
{
  gsize length;
  const guint8 *hash;

  if (bed_db_statement_is_null (row, column))
    return NULL;
  hash = bed_db_statement_get_blob (row, column + 1, &length);
  return bed_patient_consent_new (bed_db_statement_get_text (row, column), hash, length,
                                  bed_db_statement_get_text (row, column + 2),
                                  bed_db_statement_get_int64 (row, column + 3),
                                  bed_db_statement_get_int64 (row, column + 4) != 0,
                                  bed_db_statement_get_int64 (row, column + 5) != 0);
}

/* What the trail says of it last. */
static BedPatientConsent *
judged_consent_from_row (BedDbStatement *row)
{
  g_autoptr (BedPatientConsent) consent = consent_from_row (row, 12);

  if (consent != NULL
      && bed_db_statement_get_int64 (row, 19) == BED_AUDIT_PATIENT_CONSENT_UNKNOWN)
    return bed_patient_consent_copy_unknown (consent);
  return g_steal_pointer (&consent);
}

static void
fill_from_row (BedEncounter *encounter, BedDbStatement *row)
{
  g_autoptr (BedPatientConsent) consent = judged_consent_from_row (row);
  BedEncounterRow values = {
    .id = bed_db_statement_get_int64 (row, 0),
    .uuid = bed_db_statement_get_text (row, 1),
    .patient_id = bed_db_statement_get_int64 (row, 2),
    .patient_name = bed_db_statement_get_text (row, 3),
    .typed_name = bed_db_statement_get_text (row, 4),
    .callback = bed_db_statement_get_text (row, 5),
    .location = bed_db_statement_get_text (row, 6),
    .state = (BedEncounterState) bed_db_statement_get_int64 (row, 7),
    .started_us = bed_db_statement_get_int64 (row, 8),
    .ended_us = bed_db_statement_get_int64 (row, 9),
    .cipher = bed_db_statement_get_text (row, 10),
    .path = bed_db_statement_get_text (row, 11),
    .consent = consent,
    .verification = (BedVerification) bed_db_statement_get_int64 (row, 18),
  };

  bed_encounter_fill (encounter, &values);
}

static gboolean
read_into (BedRecordStore *self, BedEncounter *encounter, gint64 id, GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_query (
      self->db, error,
      "SELECT e.id, e.uuid, e.patient_id, coalesce (p.name, e.typed_name), e.typed_name, e.callback, e.location,"
      " e.state, e.started_us, e.ended_us, e.cipher, e.path, e.consent_version, e.consent_hash,"
      " e.consent_language, e.consent_us, e.consent_camera, e.consent_microphone, e.verification,"
      " (SELECT event FROM audit WHERE subject = e.uuid AND event IN (?, ?)"
      "  ORDER BY sequence DESC LIMIT 1)"
      " FROM encounter e LEFT JOIN patient p ON p.id = e.patient_id WHERE e.id = ? AND e.deleted_us IS NULL",
      "iii", (gint64) BED_AUDIT_PATIENT_CONSENT, (gint64) BED_AUDIT_PATIENT_CONSENT_UNKNOWN, id);

  if (row == NULL || bed_db_statement_step (row, error) != BED_DB_STEP_ROW)
    return FALSE;
  fill_from_row (encounter, row);
  return TRUE;
}

BedEncounter *
bed_record_read_encounter (BedRecordStore *self, gint64 id, GError **error)
{
  g_autoptr (BedEncounter) encounter = g_object_new (BED_TYPE_ENCOUNTER, NULL);

  return read_into (self, encounter, id, error) ? g_steal_pointer (&encounter) : NULL;
}

void
bed_record_reload_encounter (BedRecordStore *self, BedEncounter *encounter)
{
  g_autoptr (GError) error = NULL;

  if (!read_into (self, encounter, bed_encounter_get_id (encounter), &error))
    bed_record_unread (self, "A changed encounter", error);
}

BedEncounter *
bed_record_store_get_encounter (BedRecordStore *self, gint64 id, GError **error)
{
  return (BedEncounter *) bed_record_load (self, BED_RECORD_ENCOUNTER, id, error);
}

/* --- Writing ---------------------------------------------------------------------------------- */

/* What the other side typed: valid UTF-8 of bounded length, whatever came. (transfer full) */
static char *
take_text (const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text != NULL ? text : "", -1);

  if (strlen (valid) > TEXT_MAX)
    *g_utf8_find_prev_char (valid, valid + TEXT_MAX) = '\0';
  return g_steal_pointer (&valid);
}

static gboolean
write_consent (BedRecordStore *self, gint64 id, const char *uuid, const BedPatientConsent *consent,
               GError **error)
{
  if (consent == NULL)
    return TRUE;
  return bed_db_run (
             self->db, error,
             "UPDATE encounter SET consent_version = ?, consent_hash = ?, consent_language = ?,"
             " consent_us = ?, consent_camera = ?, consent_microphone = ? WHERE id = ?",
             "tbtiiii", bed_patient_consent_get_text_version (consent),
             bed_patient_consent_get_text_hash (consent), (gsize) BED_CONSENT_TEXT_HASH_LENGTH,
             bed_patient_consent_get_language (consent), bed_patient_consent_get_real_us (consent),
             (gint64) bed_patient_consent_get_camera (consent),
             (gint64) bed_patient_consent_get_microphone (consent), id)
         && bed_audit_log_append (self->audit,
                                  bed_patient_consent_get_text_known (consent)
                                      ? BED_AUDIT_PATIENT_CONSENT
                                      : BED_AUDIT_PATIENT_CONSENT_UNKNOWN,
                                  uuid, error);
}

static void
bind_patient (BedDbStatement *statement, int index, gint64 patient_id)
{
  if (patient_id != 0)
    bed_db_statement_bind_int64 (statement, index, patient_id);
  else
    bed_db_statement_bind_null (statement, index);
}

static gboolean
insert_encounter (BedRecordStore *self, const BedEncounterRow *row, gint64 *id, GError **error)
{
  g_autoptr (BedDbStatement) statement = bed_db_query (
      self->db, error,
      "INSERT INTO encounter (uuid, typed_name, callback, location, state, started_us, author, patient_id)"
      " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
      "ttttiit", row->uuid, row->typed_name, row->callback, row->location, (gint64) row->state,
      row->started_us, self->author);

  if (statement == NULL)
    return FALSE;
  bind_patient (statement, 8, row->patient_id);
  if (bed_db_statement_step (statement, error) != BED_DB_STEP_DONE)
    return FALSE;
  *id = bed_db_get_last_rowid (self->db);
  return bed_audit_log_append (self->audit, BED_AUDIT_ENCOUNTER_STARTED, row->uuid, error)
         && write_consent (self, *id, row->uuid, row->consent, error);
}

BedEncounter *
bed_record_store_start_encounter (BedRecordStore *self,
                                  gint64 patient_id,
                                  const char *typed_name,
                                  const char *callback,
                                  const char *location,
                                  const BedPatientConsent *consent,
                                  GError **error)
{
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *name_text = take_text (typed_name);
  g_autofree char *callback_text = take_text (callback);
  g_autofree char *location_text = take_text (location);
  BedEncounterRow row = {
    .uuid = uuid, .patient_id = patient_id, .typed_name = name_text, .callback = callback_text,
    .location = location_text, .state = BED_ENCOUNTER_IN_PROGRESS, .consent = consent,
    .started_us = bed_clock_get_real_us (self->clock),
  };
  GError *inner = NULL;
  gint64 id = 0;
  gboolean ok;

  if (!bed_record_begin (self, error))
    return NULL;
  ok = insert_encounter (self, &row, &id, &inner);
  if (!bed_record_end (self, ok, inner, error))
    return NULL;
  bed_record_lists_changed (self, BED_RECORD_ENCOUNTER);
  return bed_record_store_get_encounter (self, id, error);
}

/* Ends a transaction that changed `encounter`, and shows it. */
static gboolean
end_change (BedRecordStore *self, BedEncounter *encounter, gboolean ok, GError *inner,
            GError **error)
{
  if (!bed_record_end (self, ok, inner, error))
    return FALSE;
  bed_record_reload_encounter (self, encounter);
  bed_record_lists_changed (self, BED_RECORD_ENCOUNTER);
  return TRUE;
}

gboolean
bed_record_store_set_encounter_arrival (BedRecordStore *self,
                                        BedEncounter *encounter,
                                        const char *typed_name,
                                        const char *callback,
                                        const char *location,
                                        const BedPatientConsent *consent,
                                        GError **error)
{
  g_autofree char *name_text = typed_name != NULL ? take_text (typed_name) : NULL;
  g_autofree char *callback_text = callback != NULL ? take_text (callback) : NULL;
  g_autofree char *location_text = location != NULL ? take_text (location) : NULL;
  gint64 id = bed_encounter_get_id (encounter);
  GError *inner = NULL;
  gboolean ok;

  if (!bed_record_begin (self, error))
    return FALSE;
  ok =
      bed_db_run (
          self->db, &inner,
          "UPDATE encounter SET typed_name = coalesce (?, typed_name), callback = coalesce (?, callback),"
          " location = coalesce (?, location) WHERE id = ?",
          "ttti", name_text, callback_text, location_text, id)
      && write_consent (self, id, bed_encounter_get_uuid (encounter), consent, &inner);
  return end_change (self, encounter, ok, inner, error);
}

gboolean
bed_record_store_set_encounter_room (BedRecordStore *self, BedEncounter *encounter,
                                     const char *room, GError **error)
{
  GError *inner = NULL;
  gboolean ok;

  if (!bed_record_begin (self, error))
    return FALSE;
  ok = bed_db_run (self->db, &inner, "UPDATE encounter SET room = ? WHERE id = ?", "ti", room,
                   bed_encounter_get_id (encounter));
  return bed_record_end (self, ok, inner, error);
}

BedEncounter *
bed_record_store_find_running_encounter (BedRecordStore *self, const char *room)
{
  g_autoptr (BedDbStatement) row = NULL;
  g_autoptr (GError) error = NULL;

  if (!bed_record_require_open (self, NULL))
    return NULL;
  row = bed_db_query (self->db, &error,
                      "SELECT id FROM encounter INDEXED BY encounter_running WHERE state = 1"
                      " AND deleted_us IS NULL AND room = ? ORDER BY started_us DESC, id DESC"
                      " LIMIT 1", "t", room);
  if (row == NULL || bed_db_statement_step (row, &error) != BED_DB_STEP_ROW)
    return NULL;
  return bed_record_store_get_encounter (self, bed_db_statement_get_int64 (row, 0), NULL);
}

gboolean
bed_record_store_set_encounter_encryption (BedRecordStore *self,
                                           BedEncounter *encounter,
                                           const char *cipher,
                                           const char *path,
                                           BedVerification verification,
                                           GError **error)
{
  GError *inner = NULL;
  gboolean ok;

  if (!bed_record_begin (self, error))
    return FALSE;
  ok = bed_db_run (self->db, &inner,
                   "UPDATE encounter SET cipher = coalesce (?, cipher), path = coalesce (?, path),"
                   " verification = ? WHERE id = ?", "ttii", cipher, path, (gint64) verification,
                   bed_encounter_get_id (encounter));
  return end_change (self, encounter, ok, inner, error);
}

static gboolean
not_found (GError **error)
{
  g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_FOUND,
                       "There is no such entry");
  return FALSE;
}

static gboolean
write_patient_id (BedRecordStore *self, BedEncounter *encounter, gint64 patient_id, GError **error)
{
  gint64 id = bed_encounter_get_id (encounter);
  g_autoptr (BedDbStatement)
      statement = bed_db_prepare (self->db, "UPDATE encounter SET patient_id = ? WHERE id = ?",
                                  error);

  if (statement == NULL)
    return FALSE;
  bind_patient (statement, 1, patient_id);
  bed_db_statement_bind_int64 (statement, 2, id);
  return bed_db_statement_step (statement, error) == BED_DB_STEP_DONE
         && bed_db_run (self->db, error, "UPDATE note SET indexed = 0 WHERE encounter_id = ?", "i",
                        id)
         && bed_audit_log_append (self->audit, BED_AUDIT_ENCOUNTER_ASSIGNED,
                                  bed_encounter_get_uuid (encounter), error);
}

gboolean
bed_record_store_assign_encounter (BedRecordStore *self, BedEncounter *encounter, gint64 patient_id,
                                   GError **error)
{
  g_autoptr (BedPatient) patient = NULL;
  g_autoptr (GList) notes = NULL;
  GError *inner = NULL;
  gboolean ok;

  if (patient_id != 0)
    {
      patient = bed_record_store_get_patient (self, patient_id, error);
      if (patient == NULL)
        return FALSE;
    }
  if (!bed_record_begin (self, error))
    return FALSE;
  ok = write_patient_id (self, encounter, patient_id, &inner);
  if (!end_change (self, encounter, ok, inner, error))
    return FALSE;
  notes = g_hash_table_get_values (self->objects[BED_RECORD_NOTE]);
  for (GList *l = notes; l != NULL; l = l->next)
    if (bed_note_get_encounter_id (l->data) == bed_encounter_get_id (encounter))
      bed_note_set_patient_id (l->data, patient_id);
  bed_record_lists_changed (self, BED_RECORD_NOTE);
  return TRUE;
}

gboolean
bed_record_store_is_signed (BedRecordStore *self, BedEncounter *encounter)
{
  g_autoptr (BedDbStatement) row
      = bed_db_query (self->db, NULL, "SELECT 1 FROM note WHERE encounter_id = ? AND state <> 0",
                      "i", bed_encounter_get_id (encounter));

  return row == NULL || bed_db_statement_step (row, NULL) != BED_DB_STEP_DONE;
}

static gboolean
end_at (BedRecordStore *self, BedEncounter *encounter, gint64 ended_us, BedAuditEvent event,
        GError **error)
{
  GError *inner = NULL;
  gboolean ok;

  if (bed_encounter_get_state (encounter) == BED_ENCOUNTER_FINISHED)
    return TRUE;
  if (!bed_record_begin (self, error))
    return FALSE;
  ok = bed_db_run (self->db, &inner,
                   "UPDATE encounter SET state = 2, ended_us = ? WHERE id = ? AND state <> 2", "ii",
                   ended_us, bed_encounter_get_id (encounter))
       && bed_audit_log_append (self->audit, event, bed_encounter_get_uuid (encounter), &inner);
  return end_change (self, encounter, ok, inner, error);
}

gboolean
bed_record_store_end_encounter (BedRecordStore *self, BedEncounter *encounter, GError **error)
{
  return end_at (self, encounter, bed_clock_get_real_us (self->clock), BED_AUDIT_ENCOUNTER_ENDED,
                 error);
}

gboolean
bed_record_store_see_encounter (BedRecordStore *self, BedEncounter *encounter, GError **error)
{
  GError *inner = NULL;
  gboolean ok;

  if (!bed_record_begin (self, error))
    return FALSE;
  ok = bed_db_run (self->db, &inner,
                   "UPDATE encounter SET last_seen_us = ? WHERE id = ? AND state = 1", "ii",
                   bed_clock_get_real_us (self->clock), bed_encounter_get_id (encounter));
  return bed_record_end (self, ok, inner, error);
}

/* Not by its notes: they may have been written days later. */
gboolean
bed_record_store_end_cut_off_encounter (BedRecordStore *self, BedEncounter *encounter,
                                        GError **error)
{
  static const char sql[]
      = "SELECT max (at) FROM (SELECT started_us AS at FROM encounter WHERE id = ?1"
        " UNION ALL SELECT last_seen_us FROM encounter WHERE id = ?1"
        " UNION ALL SELECT real_us FROM chat WHERE encounter_id = ?1"
        " UNION ALL SELECT real_us FROM consent_event WHERE encounter_id = ?1)";
  g_autoptr (BedDbStatement) row
      = bed_db_query (self->db, error, sql, "i", bed_encounter_get_id (encounter));

  if (row == NULL || bed_db_statement_step (row, error) != BED_DB_STEP_ROW)
    return FALSE;
  return end_at (self, encounter, bed_db_statement_get_int64 (row, 0), BED_AUDIT_ENCOUNTER_CUT_OFF,
                 error);
}

/* --- What belongs to an encounter ------------------------------------------------------------- */

static gboolean
has_encounter (BedRecordStore *self, gint64 id)
{
  g_autoptr (BedDbStatement) row = bed_db_query (self->db, NULL, "SELECT 1 FROM encounter WHERE id = ?", "i", id);

  return row != NULL && bed_db_statement_step (row, NULL) == BED_DB_STEP_ROW;
}

/* Within a transaction. */
static gboolean
write_consent_event (BedRecordStore *self, gint64 encounter_id, const BedConsentEvent *event, GError **error)
{
  g_autoptr (BedDbStatement) statement = bed_db_query (
      self->db, error,
      "INSERT INTO consent_event (real_us, device, scope, granted, text_version, encounter_id)"
      " VALUES (?, ?, ?, ?, ?, ?)",
      "iiiit", event->real_us, (gint64) event->device, (gint64) event->scope,
      (gint64) !!event->granted, event->text_version);

  if (statement == NULL)
    return FALSE;
  bind_patient (statement, 6, encounter_id);
  return bed_db_statement_step (statement, error) == BED_DB_STEP_DONE
         && bed_audit_log_append_at (
             self->audit, event->real_us,
             event->granted ? BED_AUDIT_CONSENT_GRANTED : BED_AUDIT_CONSENT_WITHDRAWN,
             event->device == BED_DEVICE_CAMERA ? "camera" : "microphone", error);
}

gboolean
bed_record_merge_consent_event (BedRecordStore *self, gint64 encounter_id, const BedConsentEvent *event,
                                GError **error)
{
  return write_consent_event (self, has_encounter (self, encounter_id) ? encounter_id : 0, event, error);
}

gboolean
bed_record_store_add_consent_event (BedRecordStore *self,
                                    gint64 encounter_id,
                                    const BedConsentEvent *event,
                                    GError **error)
{
  GError *inner = NULL;
  gboolean ok;

  if (!bed_record_begin (self, error))
    return FALSE;
  ok = write_consent_event (self, encounter_id, event, &inner);
  if (!bed_record_end (self, ok, inner, error))
    return FALSE;
  bed_record_changed (self, BED_RECORD_CHANGED_BELONGINGS);
  return TRUE;
}

/* --- One object by its id --------------------------------------------------------------------- */

static GObject *
read_object (BedRecordStore *self, BedRecordKind kind, gint64 id, GError **error)
{
  switch (kind)
    {
    case BED_RECORD_PATIENT:
      return (GObject *) bed_record_read_patient (self, id, error);
    case BED_RECORD_ENCOUNTER:
      return (GObject *) bed_record_read_encounter (self, id, error);
    case BED_RECORD_NOTE:
    case BED_RECORD_N_KINDS:
    default:
      return (GObject *) bed_record_read_note (self, id, error);
    }
}

GObject *
bed_record_load (BedRecordStore *self, BedRecordKind kind, gint64 id, GError **error)
{
  GObject *object;
  GError *inner = NULL;

  if (!bed_record_require_open (self, error))
    return NULL;
  object = g_hash_table_lookup (self->objects[kind], &id);
  if (object != NULL)
    return g_object_ref (object);
  object = read_object (self, kind, id, &inner);
  if (object != NULL)
    bed_record_remember (self, kind, id, object);
  else if (inner != NULL)
    bed_record_fail (inner, error);
  else
    not_found (error);
  return object;
}
