/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-live-private.h"

typedef struct
{
  BedRecordChanges changes;
  BedRecordFill fill;
  gint64 key;
} Live;

static GQuark
live_quark (void)
{
  return g_quark_from_static_string ("bed-record-live");
}

static void
refill (BedRecordStore *store, GListStore *list, const Live *live)
{
  g_autoptr (GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GError) error = NULL;

  if (store->db != NULL && !live->fill (store, live->key, items, &error))
    {
      bed_record_unread (store, "A list of the record", error);
      return;
    }
  g_list_store_splice (list, 0, g_list_model_get_n_items (G_LIST_MODEL (list)), items->pdata,
                       items->len);
}

static void
on_changed (BedRecordStore *store, guint changes, GListStore *list)
{
  const Live *live = g_object_get_qdata (G_OBJECT (list), live_quark ());

  if ((changes & live->changes) != 0)
    refill (store, list, live);
}

GListModel *
bed_record_live_list (BedRecordStore *store, GType item_type, BedRecordChanges changes,
                      BedRecordFill fill, gint64 key)
{
  GListStore *list = g_list_store_new (item_type);
  Live *live = g_new0 (Live, 1);

  live->changes = changes;
  live->fill = fill;
  live->key = key;
  g_object_set_qdata_full (G_OBJECT (list), live_quark (), live, g_free);
  g_signal_connect_object (store, "changed", G_CALLBACK (on_changed), list, 0);
  refill (store, list, live);
  return G_LIST_MODEL (list);
}
