/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-acts-private.h"
#include "bed-record-signing-private.h"
#include "bed-timeline-private.h"

/* What happened when, and which row it is. */
typedef struct
{
  gint64 real_us;
  gint64 id;
  gint64 encounter_id;
  guint kind;
} Mark;

#define BED_TYPE_TIMELINE_LIST (bed_timeline_list_get_type ())
G_DECLARE_FINAL_TYPE (BedTimelineList, bed_timeline_list, BED, TIMELINE_LIST, GObject)

struct _BedTimelineList
{
  GObject parent;

  BedRecordStore *store; /* weak */
  gint64 patient_id;
  GArray *marks; /* owned */
};

static void model_init (GListModelInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (BedTimelineList, bed_timeline_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, model_init))

/* Kinds are those of BedTimelineKind; what falls together is in their order, the later act first. */
static const char marks_sql[]
    = "SELECT e.started_us AS t, e.id, e.id, 0 AS k FROM encounter e"
      " WHERE e.patient_id = ?1 AND e.deleted_us IS NULL"
      " UNION ALL SELECT n.created_us, n.id, e.id, 1 FROM encounter e"
      " JOIN note n ON n.encounter_id = e.id"
      " WHERE e.patient_id = ?1 AND e.deleted_us IS NULL AND n.deleted_us IS NULL"
      " UNION ALL SELECT v.signed_us, v.id, e.id, 2 FROM encounter e"
      " JOIN note n ON n.encounter_id = e.id JOIN note_version v ON v.note_id = n.id"
      " WHERE e.patient_id = ?1 AND e.deleted_us IS NULL AND n.deleted_us IS NULL AND v.number > 1"
      " UNION ALL SELECT c.real_us, c.id, e.id, 3 FROM encounter e"
      " JOIN chat c ON c.encounter_id = e.id WHERE e.patient_id = ?1 AND e.deleted_us IS NULL"
      " UNION ALL SELECT e.consent_us, e.id, e.id, 4 FROM encounter e"
      " WHERE e.patient_id = ?1 AND e.deleted_us IS NULL AND e.consent_us IS NOT NULL"
      " UNION ALL SELECT d.real_us, d.id, e.id, 5 FROM encounter e"
      " JOIN consent_event d ON d.encounter_id = e.id"
      " WHERE e.patient_id = ?1 AND e.deleted_us IS NULL"
      " UNION ALL SELECT a.real_us, a.id, e.id, 6 FROM encounter e"
      " JOIN attachment a ON a.encounter_id = e.id"
      " WHERE e.patient_id = ?1 AND e.deleted_us IS NULL AND a.deleted_us IS NULL"
      " UNION ALL SELECT until_us, id, 0, 7 FROM patient_hold_lifted WHERE patient_id = ?1"
      " ORDER BY 1 DESC, 4 DESC, 2 DESC";

static gboolean
read_marks (BedTimelineList *self, GArray *marks, GError **error)
{
  g_autoptr (BedDbStatement) row
      = bed_db_query (self->store->db, error, marks_sql, "i", self->patient_id);
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    {
      Mark mark = { bed_db_statement_get_int64 (row, 0), bed_db_statement_get_int64 (row, 1),
                    bed_db_statement_get_int64 (row, 2),
                    (guint) bed_db_statement_get_int64 (row, 3) };

      g_array_append_val (marks, mark);
    }
  return step == BED_DB_STEP_DONE;
}

static gboolean
same_mark (GArray *a, guint i, GArray *b, guint j)
{
  const Mark *x = &g_array_index (a, Mark, i);
  const Mark *y = &g_array_index (b, Mark, j);

  return x->kind == y->kind && x->id == y->id && x->real_us == y->real_us;
}

/* One items-changed for what lies between the common beginning and the common end. */
static void
take_marks (BedTimelineList *self, GArray *marks_taken)
{
  g_autoptr (GArray) old = self->marks;
  guint shorter = MIN (old->len, marks_taken->len);
  guint head = 0;
  guint tail = 0;

  while (head < shorter && same_mark (old, head, marks_taken, head))
    head++;
  while (tail < shorter - head
         && same_mark (old, old->len - 1 - tail, marks_taken, marks_taken->len - 1 - tail))
    tail++;
  self->marks = marks_taken;
  if (old->len - head - tail > 0 || marks_taken->len - head - tail > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), head, old->len - head - tail,
                                marks_taken->len - head - tail);
}

static void
refresh (BedTimelineList *self)
{
  g_autoptr (GArray) marks = g_array_new (FALSE, FALSE, sizeof (Mark));
  g_autoptr (GError) error = NULL;

  if (self->store != NULL && self->store->db != NULL && !read_marks (self, marks, &error))
    {
      bed_record_unread (self->store, "A timeline", error);
      return;
    }
  take_marks (self, g_steal_pointer (&marks));
}

static void
on_changed (BedRecordStore *store, guint changes, BedTimelineList *self)
{
  if ((changes
       & (BED_RECORD_CHANGED_ENCOUNTERS | BED_RECORD_CHANGED_NOTES | BED_RECORD_CHANGED_BELONGINGS))
      != 0)
    refresh (self);
}

/* --- Entries ---------------------------------------------------------------------------------- */

/* chat: 0 text, 1 from the patient. consent_event: 0 text version, 1 granted, 2 device. */
static gboolean
read_row (BedTimelineList *self, const char *sql, const Mark *mark, BedTimelineValues *values,
          GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_query (self->store->db, error, sql, "i", mark->id);

  if (row == NULL || bed_db_statement_step (row, error) != BED_DB_STEP_ROW)
    return FALSE;
  values->text = bed_db_statement_dup_text (row, 0);
  values->flag = bed_db_statement_get_int64 (row, 1) != 0;
  values->number = (guint) bed_db_statement_get_int64 (row, 2);
  return TRUE;
}

static gboolean
read_addendum (BedTimelineList *self, const Mark *mark, BedTimelineValues *values, GError **error)
{
  g_autoptr (BedDbStatement) row = bed_db_query (
      self->store->db, error,
      "SELECT note_id, content, signature, signer_key FROM note_version WHERE id = ?", "i",
      mark->id);
  g_autoptr (GBytes) content = NULL;
  g_autoptr (GBytes) signature = NULL;
  g_autoptr (GBytes) key = NULL;
  g_autoptr (BedNoteVersion) version = NULL;

  if (row == NULL || bed_db_statement_step (row, error) != BED_DB_STEP_ROW)
    return FALSE;
  content = bed_db_statement_dup_blob (row, 1);
  signature = bed_db_statement_dup_blob (row, 2);
  key = bed_db_statement_dup_blob (row, 3);
  version = bed_note_version_new (content, signature, key);
  if (version != NULL)
    {
      values->text = g_strdup (bed_note_version_get_reason (version));
      values->author = g_strdup (bed_note_version_get_author_name (version));
      values->number = bed_note_version_get_number (version);
    }
  values->object = (GObject *) bed_record_store_get_note (
      self->store, bed_db_statement_get_int64 (row, 0), error);
  return values->object != NULL;
}

static gboolean
read_consent (BedTimelineList *self, const Mark *mark, BedTimelineValues *values, GError **error)
{
  BedEncounter *encounter = bed_record_store_get_encounter (self->store, mark->id, error);
  const BedPatientConsent *consent;

  if (encounter == NULL)
    return FALSE;
  values->object = G_OBJECT (encounter);
  values->flag = TRUE;
  consent = bed_encounter_get_consent (encounter);
  values->text
      = g_strdup (consent != NULL ? bed_patient_consent_get_text_version (consent) : "");
  return TRUE;
}

static gboolean
read_hold (BedTimelineList *self, const Mark *mark, BedTimelineValues *values, GError **error)
{
  g_autoptr (BedDbStatement)
      row = bed_db_query (self->store->db, error,
                          "SELECT reason, author, since_us FROM patient_hold_lifted WHERE id = ?",
                          "i", mark->id);

  if (row == NULL || bed_db_statement_step (row, error) != BED_DB_STEP_ROW)
    return FALSE;
  values->text = bed_db_statement_dup_text (row, 0);
  values->author = bed_db_statement_dup_text (row, 1);
  values->since_us = bed_db_statement_get_int64 (row, 2);
  return TRUE;
}

static gboolean
read_values (BedTimelineList *self, const Mark *mark, BedTimelineValues *values, GError **error)
{
  switch (values->kind)
    {
    case BED_TIMELINE_ENCOUNTER:
      values->object = (GObject *) bed_record_store_get_encounter (self->store, mark->id, error);
      return values->object != NULL;
    case BED_TIMELINE_NOTE:
      values->object = (GObject *) bed_record_store_get_note (self->store, mark->id, error);
      return values->object != NULL;
    case BED_TIMELINE_ADDENDUM:
      return read_addendum (self, mark, values, error);
    case BED_TIMELINE_CHAT:
      return read_row (self, "SELECT text, from_patient, 0 FROM chat WHERE id = ?", mark, values,
                       error);
    case BED_TIMELINE_CONSENT:
      return read_consent (self, mark, values, error);
    case BED_TIMELINE_DEVICE_CONSENT:
      return read_row (self, "SELECT text_version, granted, device FROM consent_event WHERE id = ?",
                       mark, values, error);
    case BED_TIMELINE_HOLD_LIFTED:
      return read_hold (self, mark, values, error);
    case BED_TIMELINE_ATTACHMENT:
    default:
      values->object = (GObject *) bed_record_store_get_attachment (self->store, mark->id, error);
      return values->object != NULL;
    }
}

static GType
get_item_type (GListModel *model)
{
  return BED_TYPE_TIMELINE_ENTRY;
}

static guint
get_n_items (GListModel *model)
{
  return BED_TIMELINE_LIST (model)->marks->len;
}

/* A list model has no way to fail: what cannot be read shows up without its details, and the store
 * tells. */
static gpointer
get_item (GListModel *model, guint position)
{
  BedTimelineList *self = BED_TIMELINE_LIST (model);
  g_autoptr (GError) error = NULL;
  BedTimelineValues values = { 0 };
  BedTimelineEntry *entry;
  const Mark *mark;

  if (position >= self->marks->len || self->store == NULL || self->store->db == NULL)
    return NULL;
  mark = &g_array_index (self->marks, Mark, position);
  values.kind = mark->kind;
  values.real_us = mark->real_us;
  values.encounter_id = mark->encounter_id;
  if (!read_values (self, mark, &values, &error))
    bed_record_unread (self->store, "An entry of a timeline", error);
  entry = bed_timeline_entry_new (&values);
  g_clear_object (&values.object);
  g_free (values.text);
  g_free (values.author);
  return entry;
}

static void
model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
bed_timeline_list_finalize (GObject *object)
{
  BedTimelineList *self = BED_TIMELINE_LIST (object);

  g_clear_weak_pointer (&self->store);
  g_array_unref (self->marks);
  G_OBJECT_CLASS (bed_timeline_list_parent_class)->finalize (object);
}

static void
bed_timeline_list_class_init (BedTimelineListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_timeline_list_finalize;
}

static void
bed_timeline_list_init (BedTimelineList *self)
{
  self->marks = g_array_new (FALSE, FALSE, sizeof (Mark));
}

GListModel *
bed_record_store_list_timeline (BedRecordStore *self, gint64 patient_id)
{
  BedTimelineList *list = g_object_new (BED_TYPE_TIMELINE_LIST, NULL);
  g_autoptr (GError) error = NULL;

  if (self->db != NULL && !bed_record_acts_merge (self, &error))
    bed_record_unread (self, "What waits for the timeline", error);
  g_set_weak_pointer (&list->store, self);
  list->patient_id = patient_id;
  g_signal_connect_object (self, "changed", G_CALLBACK (on_changed), list, 0);
  refresh (list);
  return G_LIST_MODEL (list);
}
