/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-record-store.h"
#include "bed-session.h"
#include "bed-window.h"

G_BEGIN_DECLS

/* Invitations: making, showing, copying, revoking and forgetting them. Main thread. */
#define BED_TYPE_INVITATION_DESK (bed_invitation_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedInvitationDesk, bed_invitation_desk, BED, INVITATION_DESK, GObject)

BedInvitationDesk *bed_invitation_desk_new (BedSession *session, BedClock *clock,
                                            BedWindow *window);
/* Whose patients can be invited by name. NULL closes the window and forgets all. */
void bed_invitation_desk_set_store (BedInvitationDesk *self, BedRecordStore *store);
/* patient_id: 0 for nobody of the record. */
void bed_invitation_desk_invite (BedInvitationDesk *self, gint64 patient_id);
/* The consultation is done: the link is used up. */
void bed_invitation_desk_end (BedInvitationDesk *self, BedSessionInvite *invite);

G_END_DECLS
