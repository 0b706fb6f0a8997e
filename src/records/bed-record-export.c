/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-export.h"

#include "bed-export-pack-private.h"
#include "bed-records-private.h"

/* What goes from step to step. The record is read in the main thread, the pages are made, sealed
 * and written in a worker, one note at a time: never both at once. */
typedef struct
{
  /* owned */
  BedSecret *passphrase;
  char *path;
  char *texts[4]; /* of the options */
  BedHandoverWords words;
  char *languages;
  GArray *ids;       /* of gint64 */
  GPtrArray *uuids;  /* of what is exported: for the trail */
  BedHandover *note; /* on its way to the worker */
  BedExportPack *pack;

  gint64 patient_id;
  char *subject; /* owned: the patient's uuid, or "all" */
  BedPaper paper;
  BedHandoverOptions options;
  BedExportProgress progress;
  gpointer progress_data;
  gint64 made_us;
  guint next;
  gboolean ended;
} Export;

static void
export_free (gpointer data)
{
  Export *self = data;

  g_clear_pointer (&self->pack, bed_export_pack_free);
  g_clear_pointer (&self->note, bed_handover_free);
  bed_secret_unref (self->passphrase);
  g_free (self->path);
  g_free (self->subject);
  for (guint i = 0; i < G_N_ELEMENTS (self->texts); i++)
    g_free (self->texts[i]);
  for (guint i = 0; i < BED_N_WORDS; i++)
    g_free ((char *) self->words.words[i]);
  g_clear_pointer (&self->words.zone, g_time_zone_unref);
  g_free (self->languages);
  g_array_unref (self->ids);
  g_ptr_array_unref (self->uuids);
  g_free (self);
}

static void
copy_words (Export *self, const BedHandoverWords *words)
{
  self->words = *words;
  for (guint i = 0; i < BED_N_WORDS; i++)
    self->words.words[i] = g_strdup (words->words[i]);
  self->words.zone = words->zone != NULL ? g_time_zone_ref (words->zone) : NULL;
  self->words.language = self->languages = g_strdup (words->language);
}

static Export *
export_new (const char *path, BedSecret *passphrase, const BedHandoverOptions *options)
{
  Export *self = g_new0 (Export, 1);

  self->path = g_strdup (path);
  self->passphrase = bed_secret_ref (passphrase);
  self->options = *options;
  copy_words (self, options->words);
  self->options.words = &self->words;
  self->options.account = self->texts[0] = g_strdup (options->account);
  self->options.name = self->texts[1] = g_strdup (options->name);
  self->options.clinic = self->texts[2] = g_strdup (options->clinic);
  self->options.clinic_telephone = self->texts[3] = g_strdup (options->clinic_telephone);
  self->ids = g_array_new (FALSE, FALSE, sizeof (gint64));
  self->uuids = g_ptr_array_new_with_free_func (g_free);
  return self;
}

/* --- What is exported ------------------------------------------------------------------------- */

/* One patient's notes after another's, so that each has one folder. */
static gboolean
list_notes (BedRecordStore *store, Export *self, GError **error)
{
  g_autoptr (BedDbStatement) row = NULL;
  GError *inner = NULL;
  BedDbStep step = BED_DB_STEP_ERROR;

  if (!bed_record_require_open (store, error))
    return FALSE;
  row = bed_db_query (store->db, &inner,
                      "SELECT note.id FROM note JOIN encounter ON encounter.id = note.encounter_id"
                      " WHERE note.deleted_us IS NULL AND encounter.deleted_us IS NULL"
                      " AND (?1 = 0 OR encounter.patient_id = ?1)"
                      " ORDER BY encounter.patient_id, encounter.id, note.id",
                      "i", self->patient_id);
  while (row != NULL && (step = bed_db_statement_step (row, &inner)) == BED_DB_STEP_ROW)
    {
      gint64 id = bed_db_statement_get_int64 (row, 0);

      g_array_append_val (self->ids, id);
    }
  return step == BED_DB_STEP_DONE || bed_record_fail (inner, error);
}

static gboolean
find_subject (BedRecordStore *store, Export *self, GError **error)
{
  g_autoptr (BedPatient) patient = NULL;

  if (self->patient_id == 0)
    {
      self->subject = g_strdup ("all");
      return TRUE;
    }
  patient = bed_record_store_get_patient (store, self->patient_id, error);
  if (patient == NULL)
    return FALSE;
  self->subject = g_strdup (bed_patient_get_uuid (patient));
  return TRUE;
}

/* All in one transaction: either the trail knows of every note, or nothing goes out. */
static gboolean
write_trail (BedRecordStore *store, Export *self, GError **error)
{
  GError *inner = NULL;
  gboolean ok = TRUE;

  if (!bed_record_begin (store, error))
    return FALSE;
  for (guint i = 0; ok && i < self->uuids->len; i++)
    ok = bed_audit_log_append (store->audit, BED_AUDIT_EXPORTED,
                               g_ptr_array_index (self->uuids, i), &inner);
  ok = ok && bed_audit_log_append (store->audit, BED_AUDIT_EXPORTED, self->subject, &inner);
  return bed_record_end (store, ok, inner, error);
}

/* --- The worker ------------------------------------------------------------------------------- */

static gboolean
work (Export *self, GCancellable *cancellable, GError **error)
{
  g_autoptr (BedHandover) note = g_steal_pointer (&self->note);

  if (self->pack == NULL)
    {
      self->pack = bed_export_pack_new (self->path, self->passphrase, bed_seal_cost, &self->words,
                                        self->paper, error);
      if (self->pack == NULL)
        return FALSE;
    }
  if (note != NULL)
    return bed_export_pack_add (self->pack, note, error);
  return bed_export_pack_end (self->pack, self->passphrase, self->made_us, cancellable, error);
}

static void
work_in_thread (GTask *step, gpointer source, gpointer data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (work (data, cancellable, &error))
    g_task_return_boolean (step, TRUE);
  else
    g_task_return_error (step, error);
}

/* --- Steps, in the main thread ---------------------------------------------------------------- */

static void take_step (GTask *task);

static void
finish (GTask *task)
{
  Export *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  if (write_trail (g_task_get_source_object (task), self, &error)
      && bed_export_pack_commit (self->pack, &error))
    g_task_return_int (task, self->ids->len);
  else
    g_task_return_error (task, error);
}

static void
step_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  Export *self = g_task_get_task_data (task);
  GError *error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      g_task_return_error (task, error);
      return;
    }
  if (self->ended)
    {
      finish (task);
      return;
    }
  if (self->progress != NULL)
    self->progress (self->next, self->ids->len, self->progress_data);
  take_step (task);
}

static void
take_step (GTask *task)
{
  Export *self = g_task_get_task_data (task);
  BedRecordStore *store = g_task_get_source_object (task);
  g_autoptr (GTask) step = NULL;
  GError *error = NULL;

  if (g_task_return_error_if_cancelled (task))
    return;
  self->ended = self->next == self->ids->len;
  if (!self->ended)
    {
      self->note = bed_handover_load (store, g_array_index (self->ids, gint64, self->next++),
                                      &self->options, &error);
      if (self->note == NULL)
        {
          g_task_return_error (task, error);
          return;
        }
      g_ptr_array_add (self->uuids, g_strdup (self->note->uuid));
    }
  step = g_task_new (NULL, g_task_get_cancellable (task), step_done, g_object_ref (task));
  /* A step that runs is waited for: the file is its own until then. */
  g_task_set_check_cancellable (step, FALSE);
  g_task_set_task_data (step, self, NULL);
  g_task_run_in_thread (step, work_in_thread);
}

void
bed_record_export_async (BedRecordStore *store, gint64 patient_id, const char *path,
                         BedSecret *passphrase, BedPaper paper, const BedHandoverOptions *options,
                         BedExportProgress progress, gpointer progress_data,
                         GCancellable *cancellable, GAsyncReadyCallback callback,
                         gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (store, cancellable, callback, user_data);
  Export *self = export_new (path, passphrase, options);
  GError *error = NULL;

  g_task_set_source_tag (task, bed_record_export_async);
  g_task_set_task_data (task, self, export_free);
  self->patient_id = patient_id;
  self->paper = paper;
  self->made_us = bed_clock_get_real_us (store->clock);
  self->progress = progress;
  self->progress_data = progress_data;
  if (!bed_note_draft_flush (store, &error) || !find_subject (store, self, &error)
      || !list_notes (store, self, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  take_step (task);
}

gboolean
bed_record_export_finish (BedRecordStore *store, GAsyncResult *result, guint *n_notes,
                          GError **error)
{
  gssize n;

  g_return_val_if_fail (g_task_is_valid (result, store), FALSE);
  n = g_task_propagate_int (G_TASK (result), error);
  if (n_notes != NULL && n >= 0)
    *n_notes = (guint) n;
  return n >= 0;
}
