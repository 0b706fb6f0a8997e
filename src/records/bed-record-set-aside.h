/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-clock.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The records that restorings took out of the profile, whole, beside it. Main thread. */
typedef struct
{
  char *path;      /* owned */
  gint64 until_us; /* when it was taken out, UTC */
  gboolean whole;  /* FALSE: without its keys: the rest of one that was not wholly removed */
} BedSetAside;

/* Newest first. Returns: (transfer full): of BedSetAside; empty when there are none. */
GPtrArray *bed_record_list_set_aside (const char *directory);
/* Exchanges it with the record in the profile, which is set aside in its turn. Its trail has both at
 * its next unlock: "restore-begun", without which nothing is done, and "restored", noted when it was
 * done. The profile's record must be locked. BED_RECORD_ERROR NOT_FOUND, IO; BED_VAULT_ERROR IN_USE:
 * everything is as it was; one that failed in the middle has "restore-begun" alone. */
gboolean bed_record_put_back (const char *directory, const char *path, BedClock *clock,
                              GError **error);
/* Removes what a restoring left beside the profile that was ended before its exchange, the program
 * killed or the computer off; one that goes on, in any process, is let be. Nothing is lost by it: it
 * is a copy, its backup and the profile are as they were, and it has not been anybody's record. Nor
 * is anything left behind: it is encrypted as the backup is, and its keys go first. */
void bed_record_clear_restoring (const char *directory);
/* For good, and its keys first; the trail of the record in the profile has it once the keys are out
 * of their place, and they go back where it cannot be noted. BED_RECORD_ERROR NOT_FOUND; IO: it is
 * as it was, or stays in the list as a rest, to be removed once more. */
gboolean bed_record_remove_set_aside (const char *directory, const char *path, BedClock *clock,
                                      GError **error);

G_END_DECLS
