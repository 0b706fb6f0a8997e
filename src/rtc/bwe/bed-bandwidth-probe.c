/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-bandwidth-probe-private.h"

#define GAP_US G_USEC_PER_SEC /* between two of them; doubled by each that found no more */
#define MAX_GAP_US (8 * G_USEC_PER_SEC)
#define LIFE_US (2 * G_USEC_PER_SEC)
#define MIN_SPAN_US 5000 /* over less than this a rate means nothing */
#define ALL 0.9 /* of the rate of sending: the path took it */
#define MORE 1.1 /* times the present rate: it was worth it */

gboolean
bed_bandwidth_probe_is_due (const BedBandwidthProbe *self, gint64 now_us)
{
  return self->expected == 0 && now_us >= self->next_us;
}

void
bed_bandwidth_probe_begin (BedBandwidthProbe *self, guint packets, gint64 now_us)
{
  *self = (BedBandwidthProbe){ .expected = packets, .begun_us = now_us, .gap_us = self->gap_us };
}

void
bed_bandwidth_probe_take (BedBandwidthProbe *self, gint64 sent_us, gint64 arrival_us, gsize bytes)
{
  if (self->expected == 0)
    return;
  if (self->arrived++ == 0)
    {
      self->first_sent_us = sent_us;
      self->first_arrival_us = self->last_arrival_us = arrival_us;
    }
  else
    self->bytes += bytes;
  self->last_sent_us = sent_us;
  self->last_arrival_us = MAX (self->last_arrival_us, arrival_us);
}

void
bed_bandwidth_probe_lose (BedBandwidthProbe *self)
{
  self->lost = self->expected > 0;
}

/* Packets that were read late and all at once say no more than what was sent. */
static double
measure (const BedBandwidthProbe *self)
{
  gint64 sending_us = self->last_sent_us - self->first_sent_us;
  gint64 arriving_us = MAX (self->last_arrival_us - self->first_arrival_us, 1);
  double bits = self->bytes * 8.0 * G_USEC_PER_SEC;

  if (self->lost || self->arrived < self->expected || sending_us < MIN_SPAN_US)
    return 0;
  return bits / arriving_us < ALL * bits / sending_us ? ALL * bits / arriving_us
                                                       : bits / MAX (sending_us, arriving_us);
}

double
bed_bandwidth_probe_finish (BedBandwidthProbe *self, double present, gint64 now_us)
{
  double rate;

  if (self->expected == 0
      || (self->arrived < self->expected && !self->lost && now_us - self->begun_us < LIFE_US))
    return 0;
  rate = measure (self);
  self->expected = 0;
  self->gap_us = rate > MORE * present ? GAP_US : CLAMP (2 * self->gap_us, GAP_US, MAX_GAP_US);
  self->next_us = now_us + self->gap_us;
  return rate;
}
