/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Time, handed in, so that tests can run on simulated time. Any thread. */
#define BED_TYPE_CLOCK (bed_clock_get_type ())
G_DECLARE_INTERFACE (BedClock, bed_clock, BED, CLOCK, GObject)

struct _BedClockInterface
{
  GTypeInterface parent;
  gint64 (*monotonic_us) (BedClock *self);
  gint64 (*real_us) (BedClock *self);
};

/* µs since an arbitrary start; never goes back. */
gint64 bed_clock_get_monotonic_us (BedClock *self);
/* µs since 1970-01-01 UTC; may jump. */
gint64 bed_clock_get_real_us (BedClock *self);

#define BED_TYPE_SYSTEM_CLOCK (bed_system_clock_get_type ())
G_DECLARE_FINAL_TYPE (BedSystemClock, bed_system_clock, BED, SYSTEM_CLOCK, GObject)
/* Returns: (transfer full): the machine's clock. */
BedClock *bed_system_clock_new (void);

#define BED_TYPE_MANUAL_CLOCK (bed_manual_clock_get_type ())
G_DECLARE_FINAL_TYPE (BedManualClock, bed_manual_clock, BED, MANUAL_CLOCK, GObject)
/* Returns: (transfer full): a clock that stands still until it is advanced. Thread: one. */
BedClock *bed_manual_clock_new (gint64 monotonic_us, gint64 real_us);
void bed_manual_clock_advance (BedManualClock *self, gint64 by_us);

G_END_DECLS
