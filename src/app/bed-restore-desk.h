/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-close-gate.h"
#include "bed-session.h"
#include "bed-window.h"

G_BEGIN_DECLS

/* Brings a backup, or what an earlier restoring set aside, into the place of the record: asks, shows
 * how far it is, and says how it went. Main thread.
 * Signals: "close-record" (): lock the record, now: it is about to be exchanged; "begin-anew" ():
 * it was, or was not, and the person knows. */
#define BED_TYPE_RESTORE_DESK (bed_restore_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedRestoreDesk, bed_restore_desk, BED, RESTORE_DESK, GObject)

BedRestoreDesk *bed_restore_desk_new (BedSession *session, BedClock *clock, BedWindow *window);
/* Asked before anything is restored; what it says is told. */
void bed_restore_desk_set_gate (BedRestoreDesk *self, BedCloseGate gate, gpointer data);
/* Asks for the backup's folder; from the preferences, while the record is locked, or on a computer
 * that has none yet. */
void bed_restore_desk_choose (BedRestoreDesk *self);
/* Asks, and then puts back what lies at `path`, of bed_record_list_set_aside (). */
void bed_restore_desk_put_back (BedRestoreDesk *self, const char *path);

G_END_DECLS
