/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-record-trail.h"

G_BEGIN_DECLS

/* The audit trail: what was done, when and by whom; whether it is whole; a copy for an auditor.
 * Main thread. Signals: "verify" (), "export" (int BedAuditFormat). */
#define BED_TYPE_TRAIL_PAGE (bed_trail_page_get_type ())
G_DECLARE_FINAL_TYPE (BedTrailPage, bed_trail_page, BED, TRAIL_PAGE, AdwBin)

BedTrailPage *bed_trail_page_new (void);
/* entries: (nullable): of BedTrailEntry. now_us: for the words of the day. */
void bed_trail_page_set_entries (BedTrailPage *self, GListModel *entries, gint64 now_us);
/* 0 to 1 while it verifies or exports; below 0: it does not. */
void bed_trail_page_set_progress (BedTrailPage *self, double fraction);
void bed_trail_page_set_report (BedTrailPage *self, const BedTrailReport *report);
/* What came of something else, in a sentence. */
void bed_trail_page_set_result (BedTrailPage *self, gboolean good, const char *text);

G_END_DECLS
