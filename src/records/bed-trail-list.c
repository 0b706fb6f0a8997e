/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-emergency-access.h"
#include "bed-record-acts-private.h"
#include "bed-record-trail-private.h"

/* The sequence numbers, newest first; an entry is read when it is asked for. */
#define BED_TYPE_TRAIL_LIST (bed_trail_list_get_type ())
G_DECLARE_FINAL_TYPE (BedTrailList, bed_trail_list, BED, TRAIL_LIST, GObject)

struct _BedTrailList
{
  GObject parent;

  BedRecordStore *store; /* owned */
  GArray *sequences;     /* owned; of gint64 */
};

static void list_model_init (GListModelInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (BedTrailList, bed_trail_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static GType
get_item_type (GListModel *model)
{
  return BED_TYPE_TRAIL_ENTRY;
}

static guint
get_n_items (GListModel *model)
{
  return BED_TRAIL_LIST (model)->sequences->len;
}

typedef struct
{
  BedRecordStore *store;
  guint64 sequence;
  BedTrailEntry *found; /* owned */
} Look;

/* Of an entry that was made with the emergency key. The unlocking stands right before the entry that
 * the use is known by. Returns: (transfer full) (nullable) */
static char *
dup_person (BedRecordStore *store, const BedAuditEntry *entry)
{
  g_autoptr (BedDbStatement) row = NULL;

  if (g_strcmp0 (entry->actor, BED_EMERGENCY_ACCOUNT) != 0)
    return NULL;
  row = bed_db_query (store->db, NULL,
                      "SELECT who FROM emergency_use WHERE sequence <= ? + 1"
                      " ORDER BY sequence DESC LIMIT 1", "i", (gint64) entry->sequence);
  return row != NULL && bed_db_statement_step (row, NULL) == BED_DB_STEP_ROW
             ? bed_db_statement_dup_text (row, 0)
             : NULL;
}

static gboolean
take_entry (const BedAuditEntry *entry, gpointer user_data)
{
  Look *look = user_data;
  g_autofree char *person = NULL;
  gint64 patient_id = 0;

  if (entry->sequence != look->sequence)
    return FALSE;
  if (entry->subject != NULL && *entry->subject != '\0')
    g_free (bed_record_patient_of (look->store->db, entry->subject, &patient_id));
  person = dup_person (look->store, entry);
  look->found = bed_trail_entry_new (entry, person, patient_id);
  return FALSE;
}

/* After a lock, or where a row is gone, the entry is there without content: a list may not lack
 * what it counts. */
static gpointer
get_item (GListModel *model, guint position)
{
  BedTrailList *self = BED_TRAIL_LIST (model);
  Look look = { .store = self->store };
  BedAuditEntry none = { .actor = "", .subject = "" };

  if (position >= self->sequences->len)
    return NULL;
  look.sequence = (guint64) g_array_index (self->sequences, gint64, position);
  none.sequence = look.sequence;
  if (self->store->db != NULL)
    bed_audit_log_each (self->store->audit, look.sequence, take_entry, &look, NULL);
  return look.found != NULL ? look.found : bed_trail_entry_new (&none, NULL, 0);
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
bed_trail_list_finalize (GObject *object)
{
  BedTrailList *self = BED_TRAIL_LIST (object);

  g_clear_object (&self->store);
  g_array_unref (self->sequences);
  G_OBJECT_CLASS (bed_trail_list_parent_class)->finalize (object);
}

static void
bed_trail_list_class_init (BedTrailListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_trail_list_finalize;
}

static void
bed_trail_list_init (BedTrailList *self)
{
  self->sequences = g_array_new (FALSE, FALSE, sizeof (gint64));
}

static gboolean
fill (BedTrailList *self, gint64 patient_id, GError **error)
{
  static const char of_patient[]
      = "SELECT sequence FROM audit WHERE subject IN (SELECT uuid FROM patient WHERE id = ?1"
        " UNION ALL SELECT uuid FROM encounter WHERE patient_id = ?1 UNION ALL SELECT n.uuid"
        " FROM encounter e JOIN note n ON n.encounter_id = e.id WHERE e.patient_id = ?1"
        " UNION ALL SELECT a.uuid FROM encounter e JOIN attachment a ON a.encounter_id = e.id"
        " WHERE e.patient_id = ?1) ORDER BY sequence DESC";
  g_autoptr (BedDbStatement) row
      = patient_id != 0
            ? bed_db_query (self->store->db, error, of_patient, "i", patient_id)
            : bed_db_query (self->store->db, error,
                            "SELECT sequence FROM audit ORDER BY sequence DESC", "");
  BedDbStep step = BED_DB_STEP_ERROR;

  while (row != NULL && (step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    {
      gint64 sequence = bed_db_statement_get_int64 (row, 0);
      g_array_append_val (self->sequences, sequence);
    }
  return step == BED_DB_STEP_DONE;
}

GListModel *
bed_record_store_list_trail (BedRecordStore *self, gint64 patient_id, GError **error)
{
  g_autoptr (BedTrailList) list = NULL;
  GError *inner = NULL;

  if (!bed_record_require_open (self, error) || !bed_record_acts_merge (self, error)
      || !bed_record_audit_append (self, BED_AUDIT_TRAIL_OPENED, NULL, error))
    return NULL;
  list = g_object_new (BED_TYPE_TRAIL_LIST, NULL);
  list->store = g_object_ref (self);
  if (fill (list, patient_id, &inner))
    return G_LIST_MODEL (g_steal_pointer (&list));
  bed_record_fail (inner, error);
  return NULL;
}
