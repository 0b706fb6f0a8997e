/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-handover-desk.h"
#include "bed-waiting-desk.h"

G_BEGIN_DECLS

/* The clinician's day: account, and the desks for records, invitations, the waiting room and what
 * remains of a call, from unlock to lock. Main thread.
 * Signals: "arrived" (): somebody can be let in; "declared" (): who opened it by the emergency key
 * has said who they are, and the window is uncovered; "record" (BedRecordStore *, nullable): it is open
 * now, or about to close; "preferences" (const char *page): open this page of
 * them. Property "busy" (notify): a call runs or somebody
 * waits, so the computer must not go to sleep. */
#define BED_TYPE_HOME_DESK (bed_home_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedHomeDesk, bed_home_desk, BED, HOME_DESK, GObject)

BedHomeDesk *bed_home_desk_new (BedSession *session, BedClock *clock, BedWindow *window,
                                BedConsentBook *consent, BedCallDesk *calls,
                                BedCheckDesk *checks);
/* After an unlock. FALSE: the record does not open (BED_RECORD_ERROR), and nothing is shown. */
gboolean bed_home_desk_open (BedHomeDesk *self, GError **error);
/* As bed_records_desk_save. */
gboolean bed_home_desk_save (BedHomeDesk *self, GError **error);
/* Before the vault closes: saves and lets go of everything. */
void bed_home_desk_close (BedHomeDesk *self);
/* Who opened it by the emergency key is asked: the window is locked, the vault is open behind it. */
gboolean bed_home_desk_get_asking (BedHomeDesk *self);
gboolean bed_home_desk_get_busy (BedHomeDesk *self);
/* As bed_rollback_desk_set_backup_problem. */
void bed_home_desk_set_backup_problem (BedHomeDesk *self, const char *problem);
BedHandoverDesk *bed_home_desk_get_handover (BedHomeDesk *self);

G_END_DECLS
