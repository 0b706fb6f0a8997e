/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-index-private.h"
#include "bed-retention-private.h"

#define VALUE_SCRUB "scrub"

/* --- Out of sight ----------------------------------------------------------------------------- */

static void
tell_lists (BedRecordStore *self)
{
  for (guint kind = 0; kind < BED_RECORD_N_KINDS; kind++)
    bed_record_lists_changed (self, kind);
}

static gboolean
write_deleted (BedRecordStore *self, gint64 id, gboolean deleted, GError **error)
{
  g_autoptr (BedDbStatement) row
      = bed_db_query (self->db, error, "SELECT uuid FROM patient WHERE id = ?1"
                                       " AND (deleted_us IS NULL) = ?2", "ii", id,
                      (gint64) deleted);
  BedDbStep step = row != NULL ? bed_db_statement_step (row, error) : BED_DB_STEP_ERROR;

  if (step == BED_DB_STEP_DONE)
    g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_FOUND,
                         "There is no such patient");
  if (step != BED_DB_STEP_ROW)
    return FALSE;
  return bed_db_run (self->db, error,
                     "UPDATE patient SET deleted_us = CASE WHEN ?1 THEN ?2 END WHERE id = ?3",
                     "iii", (gint64) deleted, bed_clock_get_real_us (self->clock), id)
         && bed_audit_log_append (self->audit,
                                  deleted ? BED_AUDIT_PATIENT_DELETED : BED_AUDIT_PATIENT_RECOVERED,
                                  bed_db_statement_get_text (row, 0), error);
}

/* Encounters and notes follow by the database's own triggers. */
static gboolean
set_deleted (BedRecordStore *self, gint64 id, gboolean deleted, GError **error)
{
  GError *inner = NULL;
  gboolean ok;

  if (!bed_note_draft_flush (self, error) || !bed_record_begin (self, error))
    return FALSE;
  ok = write_deleted (self, id, deleted, &inner);
  if (!bed_record_end (self, ok, inner, error))
    return FALSE;
  tell_lists (self);
  return TRUE;
}

gboolean
bed_record_store_delete_patient (BedRecordStore *self, gint64 patient_id, GError **error)
{
  return bed_retention_require_free (self, patient_id, error)
         && set_deleted (self, patient_id, TRUE, error);
}

gboolean
bed_record_store_recover_patient (BedRecordStore *self, gint64 patient_id, GError **error)
{
  return set_deleted (self, patient_id, FALSE, error);
}

/* --- For good --------------------------------------------------------------------------------- */

typedef struct
{
  BedRecordStore *store;
  BedRetentionKind kind;
  gint64 id;
  GString *lines; /* owned: the record of it */
  gboolean found, allowed, held, deleted;
  char *uuid; /* owned */
} Erase;

static gboolean
look_at_item (const BedRetentionRow *row, gboolean deleted, gpointer user_data)
{
  Erase *erase = user_data;
  gint64 now = bed_clock_get_real_us (erase->store->clock);

  erase->found = TRUE;
  erase->held = row->held;
  erase->deleted = deleted;
  erase->allowed = deleted || (row->due_us != 0 && row->due_us <= now);
  erase->uuid = g_strdup (row->uuid);
  g_string_append_printf (erase->lines, "last-us: %" G_GINT64_FORMAT "\n", row->last_us);
  return FALSE;
}

static gboolean
allow (Erase *erase, GError **error)
{
  BedRecordError code = !erase->found    ? BED_RECORD_ERROR_NOT_FOUND
                        : erase->held    ? BED_RECORD_ERROR_HELD
                        : !erase->allowed ? BED_RECORD_ERROR_NOT_DUE
                                          : BED_RECORD_ERROR_IO;

  if (erase->found && !erase->held && erase->allowed)
    return TRUE;
  g_set_error_literal (error, BED_RECORD_ERROR, (int) code, "This may not be erased");
  return FALSE;
}

static gboolean
erase_chat (BedRecordStore *self, gint64 encounter_id, GString *lines, GError **error)
{
  if (!bed_db_run (self->db, error, "DELETE FROM chat WHERE encounter_id = ?", "i", encounter_id))
    return FALSE;
  g_string_append_printf (lines, "messages: %d\n", bed_db_get_changes (self->db));
  return TRUE;
}

/* What was written with it stays. */
static gboolean
erase_template (BedRecordStore *self, const char *id, GError **error)
{
  return bed_db_run (self->db, error, "DELETE FROM template_section WHERE template_id = ?", "t", id)
         && bed_db_run (self->db, error, "DELETE FROM template WHERE id = ?", "t", id);
}

static gboolean
erase_rows (Erase *erase, const char *rule, GError **error)
{
  BedRecordStore *self = erase->store;

  switch (erase->kind)
    {
    case BED_RETENTION_PATIENT:
      return bed_record_erase_rows (self, "patient", erase->id, rule, erase->lines, error)
             && bed_index_patient (self->db, self->engine, erase->id, error);
    case BED_RETENTION_VISIT:
      return bed_record_erase_rows (self, "encounter", erase->id, rule, erase->lines, error);
    case BED_RETENTION_DRAFT:
      return bed_record_erase_rows (self, "note", erase->id, rule, erase->lines, error);
    case BED_RETENTION_FILE:
      g_string_append_printf (erase->lines, "file: %s\n", erase->uuid);
      return bed_record_erase_rows (self, "attachment", erase->id, rule, erase->lines, error);
    case BED_RETENTION_TEMPLATE:
      g_string_append_printf (erase->lines, "template: %s\n", erase->uuid);
      return erase_template (self, erase->uuid, error);
    case BED_RETENTION_SNIPPET:
      g_string_append_printf (erase->lines, "snippet: %s\n", erase->uuid);
      return bed_record_erase_rows (self, "snippet", erase->id, rule, erase->lines, error);
    case BED_RETENTION_CHAT:
    case BED_RETENTION_N_KINDS:
    default:
      g_string_append_printf (erase->lines, "encounter: %s\n", erase->uuid);
      return erase_chat (self, erase->id, erase->lines, error);
    }
}

/* The act itself, and then the record of it with its hash. */
static gboolean
note_erasure (Erase *erase, GError **error)
{
  static const BedAuditEvent events[] = { BED_AUDIT_PATIENT_ERASED, BED_AUDIT_ENCOUNTER_ERASED,
                                          BED_AUDIT_CHAT_ERASED, BED_AUDIT_NOTE_ERASED,
                                          BED_AUDIT_ATTACHMENT_ERASED, BED_AUDIT_TEMPLATE_ERASED,
                                          BED_AUDIT_SNIPPET_ERASED };
  BedRecordStore *self = erase->store;

  return bed_audit_log_append (self->audit, events[erase->kind], erase->uuid, error)
         && bed_record_state (self->db, self->audit, "erasure", bed_clock_get_real_us (self->clock),
                              self->author, erase->lines->str, BED_AUDIT_ERASURE_RECORDED, error);
}

static gint64
last_erasure (BedRecordStore *self)
{
  g_autoptr (BedDbStatement) row
      = bed_db_query (self->db, NULL, "SELECT coalesce (max (id), 0) FROM erasure", "");

  return row != NULL && bed_db_statement_step (row, NULL) == BED_DB_STEP_ROW
             ? bed_db_statement_get_int64 (row, 0)
             : G_MAXINT64;
}

/* A chat whose patient went earlier in the same call: its row came after `before`. */
static gboolean
went_along (BedRecordStore *self, BedRetentionItem *item, gint64 before)
{
  g_autoptr (BedDbStatement) row
      = bed_db_query (self->db, NULL, "SELECT 1 FROM erasure WHERE uuid = ? AND id > ?", "ti",
                      bed_retention_item_get_uuid (item), before);

  return bed_retention_item_get_kind (item) != BED_RETENTION_PATIENT && row != NULL
         && bed_db_statement_step (row, NULL) == BED_DB_STEP_ROW;
}

static gboolean
erase_one (BedRecordStore *self, BedRetentionItem *item, GError **error)
{
  Erase erase = { .store = self,
                  .kind = bed_retention_item_get_kind (item),
                  .id = bed_retention_item_get_id (item),
                  .lines = g_string_new (NULL) };
  BedRetentionRule rule;
  g_autofree char *rule_text = NULL;
  gboolean ok = bed_retention_get_rule (self, erase.kind, &rule, error)
                && bed_retention_each (self, erase.kind, bed_retention_item_get_uuid (item),
                                       look_at_item, &erase, error)
                && allow (&erase, error);

  if (ok)
    {
      rule_text = erase.deleted ? g_strdup ("deleted by a person")
                                : bed_retention_rule_text (erase.kind, &rule);
      g_string_prepend (erase.lines, "\n");
      g_string_prepend (erase.lines, rule_text);
      g_string_prepend (erase.lines, "rule: ");
      ok = erase_rows (&erase, rule_text, error) && note_erasure (&erase, error);
    }
  g_string_free (erase.lines, TRUE);
  g_free (erase.uuid);
  return ok;
}

static gboolean
erase_items (BedRecordStore *self, GListModel *items, GError **error)
{
  gint64 before = last_erasure (self);
  gboolean more;

  for (guint i = 0; i < g_list_model_get_n_items (items); i++)
    {
      g_autoptr (BedRetentionItem) item = g_list_model_get_item (items, i);

      if (!went_along (self, item, before) && !erase_one (self, item, error))
        return FALSE;
    }
  return bed_index_work (self->db, self->engine, 0, &more, error)
         && bed_record_set_number (self->db, VALUE_SCRUB, 1, error);
}

/* Objects of what is gone let go of the store, so that nothing is saved to it. */
static void
forget_notes (BedRecordStore *self)
{
  g_autoptr (GList) notes = g_hash_table_get_values (self->objects[BED_RECORD_NOTE]);

  for (GList *l = notes; l != NULL; l = l->next)
    {
      gint64 id = bed_note_get_id (l->data);
      g_autoptr (BedDbStatement)
          row = bed_db_query (self->db, NULL, "SELECT 1 FROM note WHERE id = ?", "i", id);

      if (row == NULL || bed_db_statement_step (row, NULL) != BED_DB_STEP_DONE)
        continue;
      bed_note_detach (l->data);
      g_hash_table_remove (self->objects[BED_RECORD_NOTE], &id);
      g_hash_table_remove (self->changed, &id);
    }
}

static gboolean
erase_now (BedRecordStore *self, GListModel *items, GError **error)
{
  GError *inner = NULL;
  gboolean ok;

  if (!bed_record_require_open (self, error))
    return FALSE;
  if (!bed_record_erase_prepare (self->db, &inner))
    return bed_record_fail (inner, error);
  if (!bed_note_draft_flush (self, error) || !bed_record_begin (self, error))
    return FALSE;
  ok = erase_items (self, items, &inner);
  if (!bed_record_end (self, ok, inner, error))
    return FALSE;
  forget_notes (self);
  tell_lists (self);
  bed_record_changed (self, BED_RECORD_CHANGED_BELONGINGS);
  return TRUE;
}

/* --- The file --------------------------------------------------------------------------------- */

/* Whoever writes meanwhile goes first, so this is begun again after a pause, about two minutes long;
 * then it is left for the next unlock. */
#define TRIES 10
#define FIRST_PAUSE_US (G_USEC_PER_SEC / 8)

static gboolean
exec_patiently (BedDb *db, const char *sql, GError **error)
{
  for (guint i = 0; i < TRIES; i++)
    {
      g_autoptr (GError) inner = NULL;

      if (bed_db_exec_giving_way (db, sql, &inner))
        return TRUE;
      if (!g_error_matches (inner, BED_DB_ERROR, BED_DB_ERROR_BUSY))
        {
          g_propagate_error (error, g_steal_pointer (&inner));
          return FALSE;
        }
      g_usleep (FIRST_PAUSE_US << i);
    }
  g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_BUSY, "The record is in use");
  return FALSE;
}

/* The words of an index stay in its older parts until they are put together. */
static gboolean
optimize_indexes (BedDb *db, GError **error)
{
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BedDbStatement) row = bed_db_prepare (
      db, "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%USING fts%'", error);
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    g_ptr_array_add (names, bed_db_statement_dup_text (row, 0));
  g_clear_pointer (&row, bed_db_statement_free);
  for (guint i = 0; step == BED_DB_STEP_DONE && i < names->len; i++)
    {
      const char *name = names->pdata[i];
      g_autofree char *sql = g_strdup_printf ("INSERT INTO %s (%s) VALUES ('optimize')", name, name);

      if (!exec_patiently (db, sql, error))
        return FALSE;
    }
  return step == BED_DB_STEP_DONE;
}

static void
scrub_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  BedRecordStore *self = source;
  GError *inner = NULL;
  GError *error = NULL;
  g_autoptr (BedDb) db = bed_vault_open_db (self->vault, &inner);

  if (db != NULL && optimize_indexes (db, &inner) && exec_patiently (db, "VACUUM", &inner)
      && bed_db_checkpoint (db, &inner))
    {
      g_task_return_boolean (task, TRUE);
      return;
    }
  bed_record_fail (inner, &error);
  g_task_return_error (task, error);
}

static gboolean
note_scrubbed (BedRecordStore *self, GError **error)
{
  GError *inner = NULL;
  gboolean ok;

  if (!bed_record_begin (self, error))
    return FALSE;
  ok = bed_record_set_number (self->db, VALUE_SCRUB, 0, &inner)
       && bed_audit_log_append (self->audit, BED_AUDIT_ERASURE_COMPLETED, NULL, &inner);
  return bed_record_end (self, ok, inner, error);
}

static void
on_scrubbed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) task = user_data;
  BedRecordStore *self = BED_RECORD_STORE (source);
  GError *error = NULL;

  if (g_task_propagate_boolean (G_TASK (result), &error) && note_scrubbed (self, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
scrub (BedRecordStore *self, GTask *task_taken)
{
  g_autoptr (GTask) worker = g_task_new (self, NULL, on_scrubbed, task_taken);

  g_task_run_in_thread (worker, scrub_thread);
}

gboolean
bed_record_store_needs_scrub (BedRecordStore *self)
{
  gint64 needs = 1;

  return self->db != NULL && (!bed_record_get_number (self->db, VALUE_SCRUB, &needs, NULL) || needs);
}

void
bed_record_store_scrub_async (BedRecordStore *self,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, bed_record_store_scrub_async);
  if (!bed_record_require_open (self, &error))
    g_task_return_error (task, error);
  else
    scrub (self, g_steal_pointer (&task));
}

void
bed_record_store_erase_async (BedRecordStore *self,
                              GListModel *items,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  GError *error = NULL;

  g_task_set_source_tag (task, bed_record_store_erase_async);
  if (!erase_now (self, items, &error))
    g_task_return_error (task, error);
  else
    scrub (self, g_steal_pointer (&task));
}

gboolean
bed_record_store_erase_finish (BedRecordStore *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
