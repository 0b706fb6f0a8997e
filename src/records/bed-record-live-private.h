/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-records-private.h"

G_BEGIN_DECLS

/* A short list that is read again whole when the record tells of one of `changes`. */
typedef gboolean (*BedRecordFill) (BedRecordStore *store, gint64 key, GPtrArray *items,
                                   GError **error);
/* (transfer full) */
GListModel *bed_record_live_list (BedRecordStore *store, GType item_type, BedRecordChanges changes,
                                  BedRecordFill fill, gint64 key);

G_END_DECLS
