/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-session-private.h"

G_BEGIN_DECLS

/* The clinic's server as a vault's anchor: what it keeps for the account (docs/protocol.md, 2.2).
 * G_IO_ERROR_NOT_CONNECTED while the session is not attached. Main thread. */
#define BED_TYPE_ACCOUNT_ANCHOR (bed_account_anchor_get_type ())
G_DECLARE_FINAL_TYPE (BedAccountAnchor, bed_account_anchor, BED, ACCOUNT_ANCHOR, GObject)

/* session: weak. Returns: (transfer full) */
BedVaultAnchor *bed_account_anchor_new (BedSession *session);
/* The clinic is there: asks it now, and tells it. */
void bed_session_compare_anchors (BedSession *self);

G_END_DECLS
