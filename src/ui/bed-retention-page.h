/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-retention.h"

G_BEGIN_DECLS

/* How long things are kept, what is due to go, and what is deleted and can be taken back. Main
 * thread. Signals: "rule" (int BedRetentionKind, uint years, uint minor_until); "erase"
 * (BedRetentionItem *): for good; "recover" (BedRetentionItem *); "export" (): what was erased, as
 * text. */
#define BED_TYPE_RETENTION_PAGE (bed_retention_page_get_type ())
G_DECLARE_FINAL_TYPE (BedRetentionPage, bed_retention_page, BED, RETENTION_PAGE, AdwBin)

BedRetentionPage *bed_retention_page_new (void);
void bed_retention_page_set_rule (BedRetentionPage *self, BedRetentionKind kind,
                                  const BedRetentionRule *rule);
/* Of BedRetentionItem; (nullable). now_us: for the words of the day. */
void bed_retention_page_set_lists (BedRetentionPage *self, GListModel *due, GListModel *deleted,
                                   gint64 now_us);
/* What was erased for good; of BedRecordStatement; (nullable). */
void bed_retention_page_set_erased (BedRetentionPage *self, GListModel *statements, gint64 now_us);
/* While something is erased nothing else is. */
void bed_retention_page_set_busy (BedRetentionPage *self, gboolean busy);

G_END_DECLS
