/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* The beginning of another list, longer whenever it is told to be. What changes there changes here
 * alike; what is put in at a place that is here already makes it longer by itself. Main thread. */
#define BED_TYPE_GROWING_LIST (bed_growing_list_get_type ())
G_DECLARE_FINAL_TYPE (BedGrowingList, bed_growing_list, BED, GROWING_LIST, GObject)

/* n: how many items at first, at most. Returns: (transfer full) */
BedGrowingList *bed_growing_list_new (GListModel *whole, guint n);
/* By n items, or as many as there are. */
void bed_growing_list_grow (BedGrowingList *self, guint n);
gboolean bed_growing_list_is_whole (BedGrowingList *self);

G_END_DECLS
