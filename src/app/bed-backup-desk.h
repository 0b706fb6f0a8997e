/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-record-store.h"
#include "bed-restore-desk.h"
#include "bed-session.h"

G_BEGIN_DECLS

/* Plans and makes backups of the record, and shows what a restoring set aside. Main thread.
 * Signal: "problem" (const char *text): that the last backup failed, or that none is planned any
 * more, in sentences that say what to do; NULL: all is well. */
#define BED_TYPE_BACKUP_DESK (bed_backup_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedBackupDesk, bed_backup_desk, BED, BACKUP_DESK, GObject)

BedBackupDesk *bed_backup_desk_new (BedSession *session, BedClock *clock, BedRestoreDesk *restore);
/* NULL before the vault closes. */
void bed_backup_desk_set_store (BedBackupDesk *self, BedRecordStore *store);
/* Opens its page within the preferences. */
void bed_backup_desk_open (BedBackupDesk *self, AdwPreferencesWindow *window);

G_END_DECLS
