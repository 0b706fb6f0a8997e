/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-records-private.h"

#include "bed-log.h"

#include <string.h>

/* The main thread hands over a copy of the text; the worker writes it and hands back an error or
 * none. At most one write of a note is under way; whoever asks meanwhile waits for the next. What
 * waits to be indexed goes in small pieces behind the writes. */
#define INDEX_ROWS 48
struct _BedDraftWriter
{
  /* borrowed */
  BedRecordStore *store;

  /* owned */
  GMainContext *context; /* the store's */
  GThread *thread;       /* NULL until the first write */
  GAsyncQueue *jobs;
  GAsyncQueue *results;
  GHashTable *waiting; /* note id to GPtrArray of GTask */
  guint in_flight;
  gboolean indexing;
  gboolean flushing;
};

typedef struct
{
  BedVault *vault; /* borrowed: the store outlives the thread */
  BedRecordStore *store; /* owned, dropped in the main thread; NULL: the thread's end */
  BedNote *note;         /* owned, as above; NULL: to index */
  GPtrArray *tasks;      /* owned, as above */
  gint64 note_id;
  guint64 generation;
  gint64 updated_us;
  char *template_id;
  char *headings;
  char *sections[BED_NOTE_SECTIONS_MAX];
  BedIndexEngine engine;
  gboolean more; /* to index */
  GError *error;
} Job;

static void
job_free (Job *job)
{
  for (guint i = 0; i < BED_NOTE_SECTIONS_MAX; i++)
    if (job->sections[i] != NULL)
      {
        bed_secret_wipe (job->sections[i], strlen (job->sections[i]));
        g_free (job->sections[i]);
      }
  g_free (job->template_id);
  g_free (job->headings);
  g_clear_error (&job->error);
  g_clear_pointer (&job->tasks, g_ptr_array_unref);
  g_clear_object (&job->note);
  g_clear_object (&job->store);
  g_free (job);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Job, job_free)

/* --- Writing: any thread, with a connection of its own ---------------------------------------- */

static gboolean
update_note (BedDb *db, const Job *job, GError **error)
{
  if (!bed_db_run (
          db, error,
          "UPDATE note SET subjective = ?, objective = ?, assessment = ?, plan = ?, section_5 = ?,"
          " section_6 = ?, section_7 = ?, section_8 = ?, template_id = ?, headings = ?,"
          " updated_us = ?, indexed = 0 WHERE id = ? AND state = 0",
          "ttttttttttii", job->sections[0], job->sections[1], job->sections[2], job->sections[3],
          job->sections[4], job->sections[5], job->sections[6], job->sections[7],
          job->template_id, job->headings, job->updated_us, job->note_id))
    return FALSE;
  if (bed_db_get_changes (db) == 1)
    return TRUE;
  g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_DRAFT,
                       "The note is not a draft");
  return FALSE;
}

static gboolean
write_job (BedVault *vault, BedDb *db, const Job *job, GError **error)
{
  GError *inner = NULL;

  if (!bed_db_begin (db, &inner))
    return bed_record_fail (inner, error);
  if (!update_note (db, job, &inner))
    {
      bed_db_rollback (db);
      return bed_record_fail (inner, error);
    }
  return bed_vault_commit (vault, db, &inner) || bed_record_fail (inner, error);
}

/* When all is indexed, its parts are put together. */
static gboolean
index_piece (Job *job, BedDb *db, GError **error)
{
  gboolean merged = FALSE;

  if (!bed_index_work (db, job->engine, INDEX_ROWS, &job->more, error)
      || (!job->more && !bed_index_merge (db, job->engine, &merged, error)))
    return FALSE;
  job->more = job->more || merged;
  return TRUE;
}

static gboolean
index_job (Job *job, BedDb *db)
{
  GError *inner = NULL;

  if (!bed_db_begin (db, &inner))
    return bed_record_fail (inner, &job->error);
  if (!index_piece (job, db, &inner))
    {
      bed_db_rollback (db);
      return bed_record_fail (inner, &job->error);
    }
  return bed_vault_commit (job->vault, db, &inner) || bed_record_fail (inner, &job->error);
}

/* --- Main thread ------------------------------------------------------------------------------ */

static Job *
job_new (BedDraftWriter *self, BedNote *note, GPtrArray *tasks_taken)
{
  Job *job = g_new0 (Job, 1);

  job->vault = self->store->vault;
  job->store = g_object_ref (self->store);
  job->note = g_object_ref (note);
  job->tasks = tasks_taken;
  job->note_id = bed_note_get_id (note);
  job->generation = bed_note_get_generation (note);
  job->updated_us = bed_clock_get_real_us (self->store->clock);
  job->template_id = g_strdup (bed_note_get_template_id (note));
  job->headings = g_strdup (bed_note_get_headings (note));
  for (guint i = 0; i < BED_NOTE_SECTIONS_MAX; i++)
    job->sections[i] = g_strdup (bed_note_get_section (note, i));
  return job;
}

/* A change that cannot be noted counts as not saved, and is tried again with it. */
static gboolean
write_trail (BedRecordStore *store, BedNote *note, GError **error)
{
  gint64 id = bed_note_get_id (note);

  if (store->db == NULL || g_hash_table_contains (store->audited, &id))
    return TRUE;
  if (!bed_record_audit_append (store, BED_AUDIT_NOTE_CHANGED, bed_note_get_uuid (note), error))
    return FALSE;
  g_hash_table_add (store->audited, g_memdup2 (&id, sizeof id));
  return TRUE;
}

static void
note_written (BedRecordStore *store, const Job *job)
{
  bed_note_set_updated_us (job->note, job->updated_us);
  if (bed_note_get_generation (job->note) == job->generation)
    {
      bed_note_set_save_state (job->note, BED_NOTE_SAVED);
      g_hash_table_remove (store->changed, &job->note_id);
    }
  else
    bed_note_set_save_state (job->note, BED_NOTE_CHANGED);
}

static void
answer_tasks (const Job *job)
{
  for (guint i = 0; job->tasks != NULL && i < job->tasks->len; i++)
    if (job->error != NULL)
      g_task_return_error (job->tasks->pdata[i], g_error_copy (job->error));
    else
      g_task_return_boolean (job->tasks->pdata[i], TRUE);
}

static void
settle_job (BedRecordStore *store, Job *job)
{
  if (job->error == NULL && write_trail (store, job->note, &job->error))
    note_written (store, job);
  else
    bed_note_set_save_state (job->note, BED_NOTE_FAILED);
  answer_tasks (job);
  bed_record_index_later (store);
}

static void drain (BedDraftWriter *self);

static gboolean
on_result (gpointer user_data)
{
  BedRecordStore *store = user_data;

  if (store->writer != NULL)
    drain (store->writer);
  return G_SOURCE_REMOVE;
}

static gpointer
writer_thread (gpointer user_data)
{
  BedDraftWriter *self = user_data;
  g_autoptr (BedDb) db = NULL;

  for (;;)
    {
      Job *job = g_async_queue_pop (self->jobs);
      BedRecordStore *store = job->store;
      GError *inner = NULL;

      if (store == NULL)
        {
          job_free (job);
          return NULL;
        }
      if (db == NULL)
        db = bed_vault_open_db (job->vault, &inner);
      if (db == NULL)
        bed_record_fail (inner, &job->error);
      else if (job->note == NULL)
        index_job (job, db);
      else
        write_job (job->vault, db, job, &job->error);
      /* Opened anew for the next: what failed may have left it unable to write. */
      if (job->error != NULL)
        g_clear_pointer (&db, bed_db_unref);
      /* The reference of the source is its own: the job may be gone before it runs. */
      {
        g_autoptr (GSource) source = g_idle_source_new ();
        g_source_set_priority (source, G_PRIORITY_DEFAULT);
        g_source_set_callback (source, on_result, g_object_ref (store), g_object_unref);
        g_async_queue_push (self->results, job);
        g_source_attach (source, self->context);
      }
    }
}

static void
start_thread (BedDraftWriter *self)
{
  if (self->thread == NULL)
    self->thread = g_thread_new ("bed-drafts", writer_thread, self);
}

static void
start_index (BedDraftWriter *self)
{
  Job *job = g_new0 (Job, 1);

  job->vault = self->store->vault;
  job->store = g_object_ref (self->store);
  job->engine = self->store->engine;
  self->indexing = TRUE;
  self->in_flight++;
  start_thread (self);
  g_async_queue_push (self->jobs, job);
}

static void
settle_index (BedDraftWriter *self, const Job *job)
{
  self->indexing = FALSE;
  if (job->error != NULL)
    g_warning ("Notes could not be indexed: " BED_ERROR_FORMAT, BED_ERROR_CODE (job->error));
  else if (job->more && !self->flushing)
    start_index (self);
  else if (!job->more)
    bed_record_indexed (self->store);
}

void
bed_draft_writer_index (BedDraftWriter *self)
{
  if (!self->indexing)
    start_index (self);
}

static void start_write (BedDraftWriter *self, BedNote *note, GPtrArray *tasks_taken);

/* Takes every result that is there. */
static void
drain (BedDraftWriter *self)
{
  Job *next;

  while ((next = g_async_queue_try_pop (self->results)) != NULL)
    {
      g_autoptr (Job) job = next;
      gpointer key, tasks;

      self->in_flight--;
      if (job->note == NULL)
        {
          settle_index (self, job);
          continue;
        }
      settle_job (self->store, job);
      if (!g_hash_table_steal_extended (self->waiting, &job->note_id, &key, &tasks))
        continue;
      g_free (key);
      if (((GPtrArray *) tasks)->len > 0)
        start_write (self, job->note, tasks);
      else
        g_ptr_array_unref (tasks);
    }
}

static void
start_write (BedDraftWriter *self, BedNote *note, GPtrArray *tasks_taken)
{
  gint64 id = bed_note_get_id (note);

  start_thread (self);
  g_hash_table_insert (self->waiting, g_memdup2 (&id, sizeof id),
                       g_ptr_array_new_with_free_func (g_object_unref));
  bed_note_set_save_state (note, BED_NOTE_SAVING);
  self->in_flight++;
  g_async_queue_push (self->jobs, job_new (self, note, tasks_taken));
}

void
bed_note_draft_save_async (BedRecordStore *self,
                           BedNote *note,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GPtrArray *tasks;
  GError *error = NULL;
  gint64 id = bed_note_get_id (note);

  g_task_set_source_tag (task, bed_note_draft_save_async);
  if (!bed_record_require_open (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }
  tasks = g_hash_table_lookup (self->writer->waiting, &id);
  if (tasks != NULL)
    {
      g_ptr_array_add (tasks, g_steal_pointer (&task));
      return;
    }
  tasks = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (tasks, g_steal_pointer (&task));
  start_write (self->writer, note, tasks);
}

gboolean
bed_note_draft_save_finish (BedRecordStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static gboolean
write_now (BedDraftWriter *self, BedNote *note, GError **error)
{
  g_autoptr (Job) job = job_new (self, note, NULL);

  write_job (job->vault, self->store->db, job, &job->error);
  settle_job (self->store, job);
  if (job->error == NULL)
    return TRUE;
  if (error != NULL && *error == NULL)
    *error = g_error_copy (job->error);
  return FALSE;
}

/* First what is under way, so that nothing older is written after it; then the rest, here. */
gboolean
bed_draft_writer_flush (BedDraftWriter *self, GError **error)
{
  g_autoptr (GPtrArray) notes = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer note;
  gboolean ok = TRUE;

  self->flushing = TRUE;
  while (self->in_flight > 0)
    {
      g_async_queue_push_front (self->results, g_async_queue_pop (self->results));
      drain (self);
    }
  self->flushing = FALSE;
  g_hash_table_iter_init (&iter, self->store->changed);
  while (g_hash_table_iter_next (&iter, NULL, &note))
    g_ptr_array_add (notes, g_object_ref (note));
  for (guint i = 0; i < notes->len; i++)
    ok = write_now (self, notes->pdata[i], error) && ok;
  return ok;
}

gboolean
bed_note_draft_flush (BedRecordStore *self, GError **error)
{
  return bed_record_require_open (self, error) && bed_draft_writer_flush (self->writer, error);
}

BedDraftWriter *
bed_draft_writer_new (BedRecordStore *store)
{
  BedDraftWriter *self = g_new0 (BedDraftWriter, 1);

  self->store = store;
  self->context = g_main_context_ref_thread_default ();
  self->jobs = g_async_queue_new ();
  self->results = g_async_queue_new ();
  self->waiting = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free,
                                         (GDestroyNotify) g_ptr_array_unref);
  return self;
}

void
bed_draft_writer_free (BedDraftWriter *self)
{
  if (self->thread != NULL)
    {
      g_async_queue_push (self->jobs, g_new0 (Job, 1));
      g_thread_join (self->thread);
    }
  g_assert (self->in_flight == 0);
  g_async_queue_unref (self->jobs);
  g_async_queue_unref (self->results);
  g_hash_table_unref (self->waiting);
  g_main_context_unref (self->context);
  g_free (self);
}
