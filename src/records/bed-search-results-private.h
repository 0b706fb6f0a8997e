/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-records-private.h"

G_BEGIN_DECLS

/* What a search found: ids, each read into a BedSearchHit when it is asked for. Main thread. */
#define BED_TYPE_SEARCH_RESULTS (bed_search_results_get_type ())
G_DECLARE_FINAL_TYPE (BedSearchResults, bed_search_results, BED, SEARCH_RESULTS, GObject)

/* index_ids: (transfer full): of gint64 */
GListModel *bed_search_results_new (BedRecordStore *store, const char *typed, GArray *index_ids);

G_END_DECLS
