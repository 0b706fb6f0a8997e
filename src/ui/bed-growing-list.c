/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-growing-list.h"

struct _BedGrowingList
{
  GObject parent_instance;
  GListModel *whole; /* owned */
  guint n;
};

static void model_init (GListModelInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (BedGrowingList, bed_growing_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, model_init))

static GType
get_item_type (GListModel *model)
{
  return g_list_model_get_item_type (BED_GROWING_LIST (model)->whole);
}

static guint
get_n_items (GListModel *model)
{
  return BED_GROWING_LIST (model)->n;
}

static gpointer
get_item (GListModel *model, guint position)
{
  BedGrowingList *self = BED_GROWING_LIST (model);

  return position < self->n ? g_list_model_get_item (self->whole, position) : NULL;
}

static void
model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void
on_changed (BedGrowingList *self, guint position, guint removed, guint added)
{
  guint gone;

  if (position > self->n)
    return;
  gone = MIN (removed, self->n - position);
  if (gone + added == 0)
    return;
  self->n += added - gone;
  g_list_model_items_changed (G_LIST_MODEL (self), position, gone, added);
}

static void
bed_growing_list_dispose (GObject *object)
{
  g_clear_object (&BED_GROWING_LIST (object)->whole);
  G_OBJECT_CLASS (bed_growing_list_parent_class)->dispose (object);
}

static void
bed_growing_list_class_init (BedGrowingListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_growing_list_dispose;
}

static void
bed_growing_list_init (BedGrowingList *self)
{
}

BedGrowingList *
bed_growing_list_new (GListModel *whole, guint n)
{
  BedGrowingList *self = g_object_new (BED_TYPE_GROWING_LIST, NULL);

  self->whole = g_object_ref (whole);
  self->n = MIN (n, g_list_model_get_n_items (whole));
  g_signal_connect_object (whole, "items-changed", G_CALLBACK (on_changed), self,
                           G_CONNECT_SWAPPED);
  return self;
}

void
bed_growing_list_grow (BedGrowingList *self, guint n)
{
  guint before = self->n;
  guint more = MIN (n, g_list_model_get_n_items (self->whole) - before);

  if (more == 0)
    return;
  self->n += more;
  g_list_model_items_changed (G_LIST_MODEL (self), before, 0, more);
}

gboolean
bed_growing_list_is_whole (BedGrowingList *self)
{
  return self->n == g_list_model_get_n_items (self->whole);
}
