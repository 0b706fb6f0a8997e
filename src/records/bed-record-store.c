/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-acts-private.h"

#include "bed-log.h"
#include "bed-record-list-private.h"

#define INDEX_PAUSE_MS 1000

enum { INDEXED, CHANGED, UNREAD, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedRecordStore, bed_record_store, G_TYPE_OBJECT)
G_DEFINE_QUARK (bed-record-error-quark, bed_record_error)

/* --- Errors ----------------------------------------------------------------------------------- */

static BedRecordError
code_for (const GError *inner)
{
  if (inner->domain == BED_DB_ERROR)
    switch (inner->code)
      {
      case BED_DB_ERROR_FULL:
        return BED_RECORD_ERROR_FULL;
      case BED_DB_ERROR_DAMAGED:
        return BED_RECORD_ERROR_DAMAGED;
      case BED_DB_ERROR_NEWER:
        return BED_RECORD_ERROR_NEWER;
      case BED_DB_ERROR_CONSTRAINT: /* the triggers: only they refuse what got this far */
        return BED_RECORD_ERROR_SIGNED;
      default:
        return BED_RECORD_ERROR_IO;
      }
  if (inner->domain == BED_VAULT_ERROR)
    switch (inner->code)
      {
      case BED_VAULT_ERROR_FULL:
        return BED_RECORD_ERROR_FULL;
      case BED_VAULT_ERROR_DAMAGED:
        return BED_RECORD_ERROR_DAMAGED;
      case BED_VAULT_ERROR_NEWER:
        return BED_RECORD_ERROR_NEWER;
      case BED_VAULT_ERROR_LOCKED:
        return BED_RECORD_ERROR_LOCKED;
      default:
        return BED_RECORD_ERROR_IO;
      }
  return BED_RECORD_ERROR_IO;
}

gboolean
bed_record_fail (GError *inner, GError **error)
{
  if (inner->domain == BED_RECORD_ERROR)
    {
      g_propagate_error (error, inner);
      return FALSE;
    }
  g_set_error (error, BED_RECORD_ERROR, code_for (inner), "%s", inner->message);
  g_error_free (inner);
  return FALSE;
}

gboolean
bed_record_require_open (BedRecordStore *self, GError **error)
{
  if (self->db != NULL)
    return TRUE;
  g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_LOCKED, "The record is locked");
  return FALSE;
}

static gboolean
tell_unread (gpointer user_data)
{
  BedRecordStore *self = user_data;
  g_autoptr (GError) error = g_steal_pointer (&self->unread);

  g_clear_pointer (&self->unread_source, g_source_unref);
  g_signal_emit (self, signals[UNREAD], 0, error);
  return G_SOURCE_REMOVE;
}

/* Told later: who asks may be in the middle of drawing. */
void
bed_record_unread (BedRecordStore *self, const char *what, const GError *inner)
{
  if (inner != NULL)
    g_warning ("%s could not be read: " BED_ERROR_FORMAT, what, BED_ERROR_CODE (inner));
  else
    g_warning ("%s could not be read: it is gone", what);
  if (self->db == NULL || self->unread_source != NULL)
    return;
  if (inner != NULL)
    bed_record_fail (g_error_copy (inner), &self->unread);
  else
    self->unread = g_error_new_literal (BED_RECORD_ERROR, BED_RECORD_ERROR_DAMAGED, "It is gone");
  self->unread_source = g_idle_source_new ();
  g_source_set_callback (self->unread_source, tell_unread, self, NULL);
  g_source_attach (self->unread_source, self->context);
}

static void
forget_unread (BedRecordStore *self)
{
  if (self->unread_source != NULL)
    g_source_destroy (self->unread_source);
  g_clear_pointer (&self->unread_source, g_source_unref);
  g_clear_error (&self->unread);
}

/* --- Transactions ----------------------------------------------------------------------------- */

gboolean
bed_record_begin (BedRecordStore *self, GError **error)
{
  GError *inner = NULL;

  return bed_record_require_open (self, error)
         && (bed_db_begin (self->db, &inner) || bed_record_fail (inner, error));
}

gboolean
bed_record_end (BedRecordStore *self, gboolean ok, GError *inner, GError **error)
{
  if (ok)
    return bed_vault_commit (self->vault, self->db, &inner) || bed_record_fail (inner, error);
  bed_db_rollback (self->db);
  return bed_record_fail (inner, error);
}

gboolean
bed_record_audit_append (BedRecordStore *self, BedAuditEvent event, const char *subject,
                         GError **error)
{
  GError *inner = NULL;
  gboolean ok;

  if (!bed_record_begin (self, error))
    return FALSE;
  ok = bed_audit_log_append (self->audit, event, subject, &inner);
  return bed_record_end (self, ok, inner, error);
}

void
bed_record_checkpoint (BedRecordStore *self)
{
  g_autoptr (GError) error = NULL;

  self->checkpoint_due = !bed_db_checkpoint (self->db, &error);
  if (!self->checkpoint_due)
    return;
  g_warning ("What was signed could not be moved into the file yet: " BED_ERROR_FORMAT,
             BED_ERROR_CODE (error));
  bed_record_index_later (self);
}

/* --- One object for each row ------------------------------------------------------------------ */

typedef struct
{
  GHashTable *objects; /* owned reference */
  gint64 id;
} Forget;

static void
on_object_gone (gpointer user_data, GObject *object)
{
  Forget *forget = user_data;

  if (g_hash_table_lookup (forget->objects, &forget->id) == object)
    g_hash_table_remove (forget->objects, &forget->id);
  g_hash_table_unref (forget->objects);
  g_free (forget);
}

void
bed_record_remember (BedRecordStore *self, BedRecordKind kind, gint64 id, GObject *object)
{
  Forget *forget = g_new0 (Forget, 1);

  forget->objects = g_hash_table_ref (self->objects[kind]);
  forget->id = id;
  g_hash_table_insert (self->objects[kind], g_memdup2 (&id, sizeof id), object);
  g_object_weak_ref (object, on_object_gone, forget);
}

void
bed_record_lists_changed (BedRecordStore *self, BedRecordKind kind)
{
  g_autoptr (GPtrArray) lists = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->lists->len; i++)
    g_ptr_array_add (lists, g_object_ref (self->lists->pdata[i]));
  for (guint i = 0; i < lists->len; i++)
    if (bed_record_list_get_kind (lists->pdata[i]) == kind)
      bed_record_list_refresh (lists->pdata[i]);
  bed_record_changed (self, 1u << kind);
}

void
bed_record_changed (BedRecordStore *self, BedRecordChanges changes)
{
  g_signal_emit (self, signals[CHANGED], 0, (guint) changes);
}

/* Keeps the note, and so its text, until it is saved. */
void
bed_record_note_changed (BedNote *note, gpointer store)
{
  BedRecordStore *self = store;
  gint64 id = bed_note_get_id (note);

  if (!g_hash_table_contains (self->changed, &id))
    g_hash_table_insert (self->changed, g_memdup2 (&id, sizeof id), g_object_ref (note));
}

/* --- The index -------------------------------------------------------------------------------- */

static gboolean
index_due (gpointer user_data)
{
  BedRecordStore *self = user_data;

  g_clear_pointer (&self->index_timer, g_source_unref);
  if (self->writer == NULL)
    return G_SOURCE_REMOVE;
  if (self->checkpoint_due)
    bed_record_checkpoint (self);
  bed_draft_writer_index (self->writer);
  return G_SOURCE_REMOVE;
}

static void
stop_index_timer (BedRecordStore *self)
{
  if (self->index_timer != NULL)
    g_source_destroy (self->index_timer);
  g_clear_pointer (&self->index_timer, g_source_unref);
}

void
bed_record_indexed (BedRecordStore *self)
{
  g_signal_emit (self, signals[INDEXED], 0);
}

void
bed_record_index_later (BedRecordStore *self)
{
  stop_index_timer (self);
  if (self->db == NULL)
    return;
  self->index_timer = g_timeout_source_new (INDEX_PAUSE_MS);
  g_source_set_callback (self->index_timer, index_due, self, NULL);
  g_source_attach (self->index_timer, self->context);
}

/* --- Lists ------------------------------------------------------------------------------------ */

BedAuditLog *
bed_record_store_get_audit (BedRecordStore *self)
{
  return self->audit;
}

GListModel *
bed_record_store_list_patients (BedRecordStore *self)
{
  return bed_record_list_new (self, BED_RECORD_PATIENT, BED_RECORD_LIST_ALL, 0);
}

GListModel *
bed_record_store_list_encounters (BedRecordStore *self, gint64 patient_id)
{
  return bed_record_list_new (self, BED_RECORD_ENCOUNTER,
                              patient_id != 0 ? BED_RECORD_LIST_OF_PATIENT : BED_RECORD_LIST_ALL,
                              patient_id);
}

GListModel *
bed_record_store_list_notes (BedRecordStore *self, gint64 patient_id)
{
  return bed_record_list_new (self, BED_RECORD_NOTE,
                              patient_id != 0 ? BED_RECORD_LIST_OF_PATIENT : BED_RECORD_LIST_ALL,
                              patient_id);
}

GListModel *
bed_record_store_list_running_encounters (BedRecordStore *self)
{
  return bed_record_list_new (self, BED_RECORD_ENCOUNTER, BED_RECORD_LIST_RUNNING, 0);
}

/* --- Open and close --------------------------------------------------------------------------- */

static void
detach_notes (BedRecordStore *self)
{
  GHashTableIter iter;
  gpointer note;

  g_hash_table_iter_init (&iter, self->objects[BED_RECORD_NOTE]);
  while (g_hash_table_iter_next (&iter, NULL, &note))
    bed_note_detach (note);
}

static void
close_store (BedRecordStore *self)
{
  g_autoptr (GError) error = NULL;

  if (self->db == NULL)
    return;
  stop_index_timer (self);
  forget_unread (self);
  if (!bed_draft_writer_flush (self->writer, &error))
    g_warning ("A draft could not be saved before locking: " BED_ERROR_FORMAT,
               BED_ERROR_CODE (error));
  g_clear_pointer (&self->writer, bed_draft_writer_free);
  detach_notes (self);
  bed_record_acts_end (self);
  g_clear_object (&self->audit);
  g_clear_pointer (&self->db, bed_db_unref);
  for (guint kind = 0; kind < BED_RECORD_N_KINDS; kind++)
    bed_record_lists_changed (self, kind);
  bed_record_changed (self, BED_RECORD_CHANGED_ALL);
}

static void
on_locking (BedVault *vault, BedRecordStore *self)
{
  g_autoptr (BedRecordStore) hold = g_object_ref (self);

  close_store (hold);
}

static void
bed_record_store_dispose (GObject *object)
{
  BedRecordStore *self = BED_RECORD_STORE (object);

  close_store (self);
  if (self->locking_handler != 0)
    g_signal_handler_disconnect (self->vault, self->locking_handler);
  self->locking_handler = 0;
  G_OBJECT_CLASS (bed_record_store_parent_class)->dispose (object);
}

static void
bed_record_store_finalize (GObject *object)
{
  BedRecordStore *self = BED_RECORD_STORE (object);

  for (guint kind = 0; kind < BED_RECORD_N_KINDS; kind++)
    g_hash_table_unref (self->objects[kind]);
  g_hash_table_unref (self->changed);
  g_hash_table_unref (self->audited);
  g_ptr_array_unref (self->lists);
  g_main_context_unref (self->context);
  g_clear_object (&self->vault);
  g_clear_object (&self->clock);
  g_free (self->author);
  G_OBJECT_CLASS (bed_record_store_parent_class)->finalize (object);
}

static void
bed_record_store_class_init (BedRecordStoreClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_record_store_dispose;
  G_OBJECT_CLASS (klass)->finalize = bed_record_store_finalize;
  signals[INDEXED] = g_signal_new ("indexed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  signals[UNREAD] = g_signal_new ("unread", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
bed_record_store_init (BedRecordStore *self)
{
  for (guint kind = 0; kind < BED_RECORD_N_KINDS; kind++)
    self->objects[kind] = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->changed = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_object_unref);
  self->audited = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->lists = g_ptr_array_new ();
  self->context = g_main_context_ref_thread_default ();
}

BedRecordStore *
bed_record_store_open (BedVault *vault, BedClock *clock, const char *author, GError **error)
{
  g_autoptr (BedRecordStore) self = g_object_new (BED_TYPE_RECORD_STORE, NULL);
  GError *inner = NULL;

  self->vault = g_object_ref (vault);
  self->clock = g_object_ref (clock);
  self->author = g_strdup (author);
  if (bed_vault_get_db (vault) == NULL)
    {
      bed_record_require_open (self, error);
      return NULL;
    }
  self->db = bed_db_ref (bed_vault_get_db (vault));
  self->writer = bed_draft_writer_new (self);
  if (!bed_record_schema_update (self->db, &inner)
      || !bed_index_open (self->db, &self->engine, &inner))
    {
      bed_record_fail (inner, error);
      return NULL;
    }
  if (!bed_record_acts_begin (self, error))
    return NULL;
  if (bed_record_store_is_indexing (self))
    bed_record_index_later (self);
  self->locking_handler = g_signal_connect (vault, "locking", G_CALLBACK (on_locking), self);
  return g_steal_pointer (&self);
}
