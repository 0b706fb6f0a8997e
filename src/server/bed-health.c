/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-health.h"

struct _BedHealth
{
  BedStore *store;
  BedClock *clock;
  BedServerLog *log;
  gboolean probed, good;
  gint64 probed_us;
};

BedHealth *
bed_health_new (BedStore *store, BedClock *clock, BedServerLog *log)
{
  BedHealth *self = g_new0 (BedHealth, 1);

  self->store = store;
  self->clock = clock;
  self->log = log;
  return self;
}

void
bed_health_free (BedHealth *self)
{
  g_free (self);
}

static void
probe (BedHealth *self, gint64 now)
{
  g_autoptr (GError) error = NULL;

  self->good = bed_store_call (self->store, probe, &error);
  self->probed = TRUE;
  self->probed_us = now;
  if (!self->good)
    bed_server_log_store_failed (self->log, "health", error);
}

gboolean
bed_health_is_good (BedHealth *self)
{
  gint64 now = bed_clock_get_monotonic_us (self->clock);

  if (!self->probed || now - self->probed_us >= BED_HEALTH_PROBE_EVERY_S * G_USEC_PER_SEC)
    probe (self, now);
  return self->good && !BED_STORE_GET_IFACE (self->store)->is_failing (self->store);
}
