/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-list-private.h"
#include "bed-records-private.h"

#define PAGE 128

struct _BedRecordList
{
  GObject parent;

  BedRecordStore *store; /* weak */
  BedRecordKind kind;
  BedRecordFilter filter;
  gint64 patient_id;
  guint n;
  GHashTable *pages; /* owned: number to GArray of gint64, of what was asked for */
};

static void bed_record_list_model_init (GListModelInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (BedRecordList, bed_record_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      bed_record_list_model_init))

/* --- What the record says --------------------------------------------------------------------- */

/* Which rows: ?1 is the patient, or 0. */
static const char *
list_rows (BedRecordList *self)
{
  switch (self->kind)
    {
    case BED_RECORD_PATIENT:
      return "FROM patient WHERE deleted_us IS NULL AND ?1 = 0 ORDER BY sort_name, id";
    case BED_RECORD_ENCOUNTER:
      if (self->filter == BED_RECORD_LIST_RUNNING)
        return "FROM encounter INDEXED BY encounter_running WHERE state = 1"
               " AND deleted_us IS NULL AND ?1 = 0 ORDER BY started_us DESC, id DESC";
      if (self->filter == BED_RECORD_LIST_OF_PATIENT)
        return "FROM encounter WHERE patient_id = ?1 AND deleted_us IS NULL"
               " ORDER BY started_us DESC, id DESC";
      return "FROM encounter WHERE deleted_us IS NULL AND ?1 = 0 ORDER BY started_us DESC, id DESC";
    case BED_RECORD_NOTE:
    case BED_RECORD_N_KINDS:
    default:
      if (self->filter == BED_RECORD_LIST_OF_PATIENT)
        return "FROM encounter e JOIN note n ON n.encounter_id = e.id WHERE e.patient_id = ?1"
               " AND n.deleted_us IS NULL ORDER BY n.id DESC";
      return "FROM note INDEXED BY note_shown WHERE deleted_us IS NULL AND ?1 = 0 ORDER BY id DESC";
    }
}

static gboolean
count_rows (BedRecordList *self, guint *n, GError **error)
{
  g_autofree char *counted = g_strdup_printf ("SELECT count (*) %s", list_rows (self));
  gboolean all = self->filter == BED_RECORD_LIST_ALL;
  g_autoptr (BedDbStatement) row
      = bed_db_query (self->store->db, error, all ? "SELECT n FROM tally WHERE kind = ?1" : counted,
                      "i", all ? (gint64) self->kind : self->patient_id);

  if (row == NULL || bed_db_statement_step (row, error) != BED_DB_STEP_ROW)
    return FALSE;
  *n = (guint) bed_db_statement_get_int64 (row, 0);
  return TRUE;
}

static GArray *
query_page (BedRecordList *self, guint number, GError **error)
{
  g_autofree char *sql = g_strdup_printf (
      "SELECT %s %s LIMIT ?2 OFFSET ?3",
      self->kind == BED_RECORD_NOTE && self->filter == BED_RECORD_LIST_OF_PATIENT ? "n.id" : "id",
      list_rows (self));
  g_autoptr (BedDbStatement) row
      = bed_db_query (self->store->db, error, sql, "iii", self->patient_id, (gint64) PAGE,
                      (gint64) number * PAGE);
  g_autoptr (GArray) ids = g_array_sized_new (FALSE, FALSE, sizeof (gint64), PAGE);
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    {
      gint64 id = bed_db_statement_get_int64 (row, 0);
      g_array_append_val (ids, id);
    }
  return step == BED_DB_STEP_DONE ? g_steal_pointer (&ids) : NULL;
}

/* --- Pages ------------------------------------------------------------------------------------ */

/* (transfer none) (nullable) */
static GArray *
load_page (BedRecordList *self, guint number)
{
  GArray *page = g_hash_table_lookup (self->pages, GUINT_TO_POINTER (number));
  g_autoptr (GError) error = NULL;

  if (page != NULL || self->store == NULL || self->store->db == NULL)
    return page;
  page = query_page (self, number, &error);
  if (page == NULL)
    bed_record_unread (self->store, "A list of the record", error);
  else
    g_hash_table_insert (self->pages, GUINT_TO_POINTER (number), page);
  return page;
}

/* The id at a position, of what is known: 0 where nobody has asked. */
static gint64
known_id (GHashTable *pages, guint position)
{
  GArray *page = g_hash_table_lookup (pages, GUINT_TO_POINTER (position / PAGE));

  return page != NULL && position % PAGE < page->len
             ? g_array_index (page, gint64, position % PAGE)
             : 0;
}

static GHashTable *
pages_new (void)
{
  return g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_array_unref);
}

/* How many at the beginning are as they were; what nobody asked for is as good as that. */
static guint
common_head (BedRecordList *self, GHashTable *old, guint old_n)
{
  guint limit = MIN (old_n, self->n);
  guint head = 0;

  while (head < limit)
    {
      gint64 was = known_id (old, head);

      if (was == 0)
        head = MIN ((head / PAGE + 1) * PAGE, limit);
      else if (load_page (self, head / PAGE) == NULL || was != known_id (self->pages, head))
        break;
      else
        head++;
    }
  return head;
}

/* How many at the end are as they were, moved by what was put in or taken out; what nobody asked
 * for is as good as that. */
static guint
common_tail (BedRecordList *self, GHashTable *old, guint old_n, guint head)
{
  guint limit = MIN (old_n, self->n) - head;
  guint tail = 0;

  while (tail < limit)
    {
      guint was_at = old_n - 1 - tail;
      guint at = self->n - 1 - tail;
      gint64 was = known_id (old, was_at);

      if (was == 0)
        tail = MIN (tail + was_at % PAGE + 1, limit);
      else if (load_page (self, at / PAGE) == NULL || was != known_id (self->pages, at))
        break;
      else
        tail++;
    }
  return tail;
}

/* One items-changed for what lies between the common beginning and the common end. */
static void
tell_change (BedRecordList *self, GHashTable *old, guint old_n)
{
  guint head = common_head (self, old, old_n);
  guint tail = common_tail (self, old, old_n, head);

  if (old_n - head - tail > 0 || self->n - head - tail > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), head, old_n - head - tail,
                                self->n - head - tail);
}

void
bed_record_list_refresh (BedRecordList *self)
{
  g_autoptr (GHashTable) old = NULL;
  g_autoptr (GError) error = NULL;
  guint old_n = self->n;
  guint n = 0;

  if (self->store != NULL && self->store->db != NULL && !count_rows (self, &n, &error))
    {
      bed_record_unread (self->store, "A list of the record", error);
      return;
    }
  old = g_steal_pointer (&self->pages);
  self->pages = pages_new ();
  self->n = n;
  tell_change (self, old, old_n);
}

BedRecordKind
bed_record_list_get_kind (BedRecordList *self)
{
  return self->kind;
}

/* --- The model -------------------------------------------------------------------------------- */

static GType
object_type (BedRecordKind kind)
{
  return kind == BED_RECORD_PATIENT     ? BED_TYPE_PATIENT
         : kind == BED_RECORD_ENCOUNTER ? BED_TYPE_ENCOUNTER
                                        : BED_TYPE_NOTE;
}

static GType
get_item_type (GListModel *model)
{
  return object_type (BED_RECORD_LIST (model)->kind);
}

static guint
get_n_items (GListModel *model)
{
  return BED_RECORD_LIST (model)->n;
}

/* A list model has no way to fail: a row that cannot be read shows up empty, and the store tells. */
static gpointer
get_item (GListModel *model, guint position)
{
  BedRecordList *self = BED_RECORD_LIST (model);
  g_autoptr (GError) error = NULL;
  GObject *object = NULL;
  gint64 id;

  if (position >= self->n || self->store == NULL)
    return NULL;
  load_page (self, position / PAGE);
  id = known_id (self->pages, position);
  if (id != 0)
    object = bed_record_load (self->store, self->kind, id, &error);
  if (object != NULL)
    return object;
  bed_record_unread (self->store, "An entry of the record", error);
  return g_object_new (object_type (self->kind), NULL);
}

static void
bed_record_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
bed_record_list_finalize (GObject *object)
{
  BedRecordList *self = BED_RECORD_LIST (object);

  if (self->store != NULL)
    g_ptr_array_remove_fast (self->store->lists, self);
  g_clear_weak_pointer (&self->store);
  g_hash_table_unref (self->pages);
  G_OBJECT_CLASS (bed_record_list_parent_class)->finalize (object);
}

static void
bed_record_list_class_init (BedRecordListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_record_list_finalize;
}

static void
bed_record_list_init (BedRecordList *self)
{
  self->pages = pages_new ();
}

GListModel *
bed_record_list_new (BedRecordStore *store, BedRecordKind kind, BedRecordFilter filter,
                     gint64 patient_id)
{
  BedRecordList *self = g_object_new (BED_TYPE_RECORD_LIST, NULL);

  g_set_weak_pointer (&self->store, store);
  self->kind = kind;
  self->filter = filter;
  self->patient_id = patient_id;
  g_ptr_array_add (store->lists, self);
  bed_record_list_refresh (self);
  return G_LIST_MODEL (self);
}
