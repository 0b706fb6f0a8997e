/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-record-backup.h"
#include "bed-record-set-aside.h"

G_BEGIN_DECLS

/* Where and how often the record is backed up, how the last one went, and the way back. Main
 * thread. Signals: "choose-folder" (), "plan" (int BedBackupInterval, uint keep), "run" (),
 * "stop" (), "restore" (), "put-back" and "remove-kept" (uint: which of what is kept). */
#define BED_TYPE_BACKUP_PAGE (bed_backup_page_get_type ())
G_DECLARE_FINAL_TYPE (BedBackupPage, bed_backup_page, BED, BACKUP_PAGE, AdwBin)

BedBackupPage *bed_backup_page_new (void);
/* folder: "" when none is chosen; (nullable): NULL: what is kept of the plan could not be read. */
void bed_backup_page_set_plan (BedBackupPage *self, const char *folder, BedBackupInterval interval,
                               guint keep);
/* last_us: 0: never. unnoted: (nullable): a sentence about the last one, when the trail lacks it.
 * problem: (nullable): a sentence. fraction: below 0: none is made just now. */
void bed_backup_page_set_state (BedBackupPage *self, gint64 last_us, const char *unnoted,
                                const char *problem, double fraction, gint64 now_us);
/* kept: of BedSetAside: what restorings set aside. */
void bed_backup_page_set_kept (BedBackupPage *self, GPtrArray *kept, gint64 now_us);

G_END_DECLS
