/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-clock.h"

G_DEFINE_INTERFACE (BedClock, bed_clock, G_TYPE_OBJECT)

static void
bed_clock_default_init (BedClockInterface *iface)
{
}

gint64
bed_clock_get_monotonic_us (BedClock *self)
{
  return BED_CLOCK_GET_IFACE (self)->monotonic_us (self);
}

gint64
bed_clock_get_real_us (BedClock *self)
{
  return BED_CLOCK_GET_IFACE (self)->real_us (self);
}

void
bed_clock_arm (BedClock *self, GSource *source, gint64 at_us)
{
  BED_CLOCK_GET_IFACE (self)->arm (self, source, at_us);
}

void
bed_clock_wait (BedClock *self, GCond *cond, GMutex *mutex, gint64 until_us)
{
  BED_CLOCK_GET_IFACE (self)->wait (self, cond, mutex, until_us);
}

void
bed_clock_wake (BedClock *self, GCond *cond)
{
  BED_CLOCK_GET_IFACE (self)->wake (self, cond);
}

struct _BedSystemClock
{
  GObject parent_instance;
};

static gint64
system_monotonic (BedClock *clock)
{
  return g_get_monotonic_time ();
}

static gint64
system_real (BedClock *clock)
{
  return g_get_real_time ();
}

/* GLib's sources and conditions are on the same clock. */
static void
system_arm (BedClock *clock, GSource *source, gint64 at_us)
{
  g_source_set_ready_time (source, at_us);
}

static void
system_wait (BedClock *clock, GCond *cond, GMutex *mutex, gint64 until_us)
{
  if (until_us == G_MAXINT64)
    g_cond_wait (cond, mutex);
  else
    g_cond_wait_until (cond, mutex, until_us);
}

static void
system_wake (BedClock *clock, GCond *cond)
{
  g_cond_signal (cond);
}

static void
system_iface_init (BedClockInterface *iface)
{
  iface->monotonic_us = system_monotonic;
  iface->real_us = system_real;
  iface->arm = system_arm;
  iface->wait = system_wait;
  iface->wake = system_wake;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BedSystemClock, bed_system_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_CLOCK, system_iface_init))

static void
bed_system_clock_class_init (BedSystemClockClass *klass)
{
}

static void
bed_system_clock_init (BedSystemClock *self)
{
}

BedClock *
bed_system_clock_new (void)
{
  return g_object_new (BED_TYPE_SYSTEM_CLOCK, NULL);
}
