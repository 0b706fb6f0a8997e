/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-session.h"
#include "bed-window.h"

G_BEGIN_DECLS

/* The waiting room while the app is locked: how many wait stands on the lock's page, and who comes
 * is announced without a name. Main thread. Signal "arrived" (). Property "busy" (notify): somebody
 * waits. */
#define BED_TYPE_DOOR_DESK (bed_door_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedDoorDesk, bed_door_desk, BED, DOOR_DESK, GObject)

/* keys: (nullable): of the session that was locked. ca_file: (nullable) */
BedDoorDesk *bed_door_desk_new (BedSession *session, BedClock *clock, BedWindow *window,
                                BedSecret *keys, const char *ca_file);
gboolean bed_door_desk_get_busy (BedDoorDesk *self);

G_END_DECLS
