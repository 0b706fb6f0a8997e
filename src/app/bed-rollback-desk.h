/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-dialogs.h"
#include "bed-window.h"

G_BEGIN_DECLS

/* Tells on Today that an older copy of the record was put back, that nobody can tell, that entries
 * from while it was locked were damaged, or that the last backup failed, and what can be done. Main
 * thread. Signal: "preferences" (const char *page): open this page of them. */
#define BED_TYPE_ROLLBACK_DESK (bed_rollback_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedRollbackDesk, bed_rollback_desk, BED, ROLLBACK_DESK, GObject)

BedRollbackDesk *bed_rollback_desk_new (BedVault *vault, BedClock *clock, BedWindow *window);
/* NULL before the vault closes. */
void bed_rollback_desk_set_store (BedRollbackDesk *self, BedRecordStore *store);

/* problem: (nullable): in sentences, with what to do */
void bed_rollback_desk_set_backup_problem (BedRollbackDesk *self, const char *problem);

/* What it means and what to do, in sentences. store: open. Returns: (transfer full) (nullable):
 * NULL: it was not rolled back. */
char *bed_rollback_dup_text (BedRecordStore *store, gint64 now_us);
/* "Go on with this older state?" On a yes the caller accepts it. */
void bed_rollback_ask (GtkWindow *parent, BedAnswer accept, GObject *object);

G_END_DECLS
