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

static void
system_iface_init (BedClockInterface *iface)
{
  iface->monotonic_us = system_monotonic;
  iface->real_us = system_real;
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

struct _BedManualClock
{
  GObject parent_instance;
  gint64 monotonic_us;
  gint64 real_us;
};

static gint64
manual_monotonic (BedClock *clock)
{
  return BED_MANUAL_CLOCK (clock)->monotonic_us;
}

static gint64
manual_real (BedClock *clock)
{
  return BED_MANUAL_CLOCK (clock)->real_us;
}

static void
manual_iface_init (BedClockInterface *iface)
{
  iface->monotonic_us = manual_monotonic;
  iface->real_us = manual_real;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BedManualClock, bed_manual_clock, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_CLOCK, manual_iface_init))

static void
bed_manual_clock_class_init (BedManualClockClass *klass)
{
}

static void
bed_manual_clock_init (BedManualClock *self)
{
}

BedClock *
bed_manual_clock_new (gint64 monotonic_us, gint64 real_us)
{
  BedManualClock *self = g_object_new (BED_TYPE_MANUAL_CLOCK, NULL);

  self->monotonic_us = monotonic_us;
  self->real_us = real_us;
  return BED_CLOCK (self);
}

void
bed_manual_clock_advance (BedManualClock *self, gint64 by_us)
{
  self->monotonic_us += by_us;
  self->real_us += by_us;
}
