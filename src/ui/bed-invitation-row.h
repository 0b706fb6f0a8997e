/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-session-invite.h"

G_BEGIN_DECLS

/* One invitation with its state in words. Follows the invitation's properties. Main thread.
 * Signals: "copy" (), "show-link" (), "revoke" (), "forget" (). */
#define BED_TYPE_INVITATION_ROW (bed_invitation_row_get_type ())
G_DECLARE_FINAL_TYPE (BedInvitationRow, bed_invitation_row, BED, INVITATION_ROW, GtkListBoxRow)

BedInvitationRow *bed_invitation_row_new (BedSessionInvite *invite, gint64 now_us);
BedSessionInvite *bed_invitation_row_get_invite (BedInvitationRow *self);
void bed_invitation_row_refresh (BedInvitationRow *self, gint64 now_us);
/* "Not opened", "Waiting" and so on, translated. */
const char *bed_invitation_state_text (BedRoomState state);
/* Whether nobody can come by it any more. */
gboolean bed_invitation_is_over (BedRoomState state);

G_END_DECLS
