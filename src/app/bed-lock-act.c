/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-lock-act.h"

BedLockAct
bed_lock_act (BedSessionState state, gboolean occupied)
{
  if (state != BED_SESSION_STATE_UNLOCKED)
    return BED_LOCK_ACT_NONE;
  return occupied ? BED_LOCK_ACT_COVER : BED_LOCK_ACT_FOR_GOOD;
}

gboolean
bed_lock_idle_counts (BedSessionState state, gboolean occupied)
{
  return state != BED_SESSION_STATE_REKEYING && !occupied;
}
