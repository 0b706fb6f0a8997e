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
  void (*arm) (BedClock *self, GSource *source, gint64 at_us);
  void (*wait) (BedClock *self, GCond *cond, GMutex *mutex, gint64 until_us);
  void (*wake) (BedClock *self, GCond *cond);
};

/* µs since an arbitrary start; never goes back. */
gint64 bed_clock_get_monotonic_us (BedClock *self);
/* µs since 1970-01-01 UTC; may jump. */
gint64 bed_clock_get_real_us (BedClock *self);
/* The source is ready at this monotonic time, once and until it is armed anew; -1: never. */
void bed_clock_arm (BedClock *self, GSource *source, gint64 at_us);
/* For a thread that waits, with the mutex: until it is woken, or this monotonic time has come;
 * G_MAXINT64: for as long as it takes. May return early, as g_cond_wait. */
void bed_clock_wait (BedClock *self, GCond *cond, GMutex *mutex, gint64 until_us);
/* Wakes the one that waits so, with its mutex. */
void bed_clock_wake (BedClock *self, GCond *cond);

#define BED_TYPE_SYSTEM_CLOCK (bed_system_clock_get_type ())
G_DECLARE_FINAL_TYPE (BedSystemClock, bed_system_clock, BED, SYSTEM_CLOCK, GObject)
/* Returns: (transfer full): the machine's clock. */
BedClock *bed_system_clock_new (void);

/* A clock that stands still until it is advanced. Any thread. */
#define BED_TYPE_MANUAL_CLOCK (bed_manual_clock_get_type ())
G_DECLARE_FINAL_TYPE (BedManualClock, bed_manual_clock, BED, MANUAL_CLOCK, GObject)
/* Returns: (transfer full) */
BedClock *bed_manual_clock_new (gint64 monotonic_us, gint64 real_us);
/* Sources whose time has come are ready, threads that waited for it go on. */
void bed_manual_clock_advance (BedManualClock *self, gint64 by_us);
/* The earliest that somebody waits for; G_MAXINT64: nobody does. */
gint64 bed_manual_clock_get_next_us (BedManualClock *self);
/* While it holds them, threads that wait by this clock go on in bed_manual_clock_run alone. */
void bed_manual_clock_hold (BedManualClock *self, gboolean hold);
/* Waits until so many threads wait by this clock; then those that may go on do, in the order in
 * which they were woken and each alone, until all wait again. Returns: FALSE when none did. */
gboolean bed_manual_clock_run (BedManualClock *self, guint n_threads);

G_END_DECLS
