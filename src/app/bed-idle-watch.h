/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bed-clock.h"

G_BEGIN_DECLS

/* Tells when nobody sits before the screen: no key and no pointer in any window of the app for so
 * long, or the computer is about to sleep (logind, which is kept waiting until the signal was
 * handled), or the screen was locked (the "LockedHint" of the person's session). Main thread. Signal "lock" (): whoever keeps something secret closes it now. */
#define BED_TYPE_IDLE_WATCH (bed_idle_watch_get_type ())
G_DECLARE_FINAL_TYPE (BedIdleWatch, bed_idle_watch, BED, IDLE_WATCH, GObject)

/* In minutes; 0: never by idleness. Asked anew each time, because the person can change it. */
typedef guint (*BedIdleLimit) (gpointer user_data);

BedIdleWatch *bed_idle_watch_new (BedClock *clock, BedIdleLimit limit, gpointer user_data);
/* Something was done just now. */
void bed_idle_watch_touch (BedIdleWatch *self);

G_END_DECLS
