/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-session.h"

G_BEGIN_DECLS

typedef enum
{
  BED_LOCK_ACT_NONE,     /* nothing is open, or the record is being written under a new key */
  BED_LOCK_ACT_COVER,    /* somebody is in a call: it goes on behind the cover */
  BED_LOCK_ACT_FOR_GOOD, /* the vault closes and the process begins anew */
} BedLockAct;

/* What a lock does, however it is asked for. Pure. */
BedLockAct bed_lock_act (BedSessionState state, gboolean occupied);
/* Whether the time without a touch counts: not in a call, and not while a new key is made, which
 * ends with a recovery key that has to be seen. Pure. */
gboolean bed_lock_idle_counts (BedSessionState state, gboolean occupied);

G_END_DECLS
