/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-call-desk.h"
#include "bed-check-desk.h"
#include "bed-waiting-room.h"

G_BEGIN_DECLS

/* The waiting room on Today: who is there, the check before a call, and letting in. Main thread.
 * Signals: "arrived" (): somebody can be let in; "call" (BedCall *): one runs now; "over" (int
 * BedCallEnd): that call is over. Property "busy" (notify): a call runs or somebody waits. */
#define BED_TYPE_WAITING_DESK (bed_waiting_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedWaitingDesk, bed_waiting_desk, BED, WAITING_DESK, GObject)

BedWaitingDesk *bed_waiting_desk_new (BedSession *session, BedClock *clock, BedWindow *window,
                                      BedCallDesk *calls, BedCheckDesk *checks);
/* While there is one: calls are recorded there. Follows the session's client by itself.
 * NULL closes the room. */
void bed_waiting_desk_set_store (BedWaitingDesk *self, BedRecordStore *store);
gboolean bed_waiting_desk_get_busy (BedWaitingDesk *self);
gboolean bed_waiting_desk_in_call (BedWaitingDesk *self);
/* The invitation of whoever was let in last. Returns: (transfer full) (nullable) */
BedSessionInvite *bed_waiting_desk_dup_invite (BedWaitingDesk *self);

G_END_DECLS
