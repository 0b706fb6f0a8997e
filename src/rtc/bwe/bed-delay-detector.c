/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-delay-detector-private.h"

#include <math.h>
#include <string.h>

#define GROUP_US 5000
#define BURST_US 5000 /* what comes in one go, after a wait, is one group too */
#define MAX_BURST_US 100000
#define SMOOTHING 0.9
#define GAIN 4.0
#define MAX_COUNT 60
#define THRESHOLD_START 12.5
#define THRESHOLD_MIN 6.0
#define THRESHOLD_MAX 600.0
#define THRESHOLD_UP 0.0087
#define THRESHOLD_DOWN 0.039
#define OVERUSE_TIME_US 10000
#define RESTART_US (2 * G_USEC_PER_SEC)

void
bed_delay_detector_init (BedDelayDetector *self)
{
  *self = (BedDelayDetector) { .threshold_ms = THRESHOLD_START };
}

/* Least squares; 0 for too few points. */
static double
slope (const BedDelayDetector *self)
{
  double mean_x = 0, mean_y = 0, above = 0, below = 0;
  guint n = self->n_points;

  if (n < BED_DELAY_POINTS / 2)
    return 0;
  for (guint i = 0; i < n; i++)
    {
      mean_x += self->x[i] / n;
      mean_y += self->y[i] / n;
    }
  for (guint i = 0; i < n; i++)
    {
      above += (self->x[i] - mean_x) * (self->y[i] - mean_y);
      below += (self->x[i] - mean_x) * (self->x[i] - mean_x);
    }
  return below > 0 ? above / below : 0;
}

static void
add_point (BedDelayDetector *self, double x, double y)
{
  if (self->n_points == BED_DELAY_POINTS)
    {
      memmove (self->x, self->x + 1, (BED_DELAY_POINTS - 1) * sizeof *self->x);
      memmove (self->y, self->y + 1, (BED_DELAY_POINTS - 1) * sizeof *self->y);
      self->n_points--;
    }
  self->x[self->n_points] = x;
  self->y[self->n_points++] = y;
}

/* The threshold follows the trend, so that a TCP flow beside us does not starve us. */
static void
adapt_threshold (BedDelayDetector *self, double trend, gint64 now_us)
{
  double k = fabs (trend) < self->threshold_ms ? THRESHOLD_DOWN : THRESHOLD_UP;
  double elapsed_ms = MIN (100.0, (now_us - self->threshold_us) / 1000.0);

  if (self->threshold_us != 0 && fabs (trend) <= self->threshold_ms + 15)
    self->threshold_ms = CLAMP (self->threshold_ms
                                    + k * (fabs (trend) - self->threshold_ms) * elapsed_ms,
                                THRESHOLD_MIN, THRESHOLD_MAX);
  self->threshold_us = now_us;
}

static void
judge (BedDelayDetector *self, gint64 now_us)
{
  double raw = slope (self), trend = raw * MIN (self->n_points * 3, MAX_COUNT) * GAIN;

  if (trend > self->threshold_ms)
    {
      if (self->over_since_us == 0)
        self->over_since_us = now_us;
      else if (now_us - self->over_since_us > OVERUSE_TIME_US && raw >= self->previous_trend)
        self->usage = BED_BANDWIDTH_OVERUSE;
    }
  else
    {
      self->over_since_us = 0;
      self->usage = trend < -self->threshold_ms ? BED_BANDWIDTH_UNDERUSE : BED_BANDWIDTH_NORMAL;
    }
  self->previous_trend = raw;
  adapt_threshold (self, trend, now_us);
}

static void
close_group (BedDelayDetector *self)
{
  double sent_ms, arrival_ms;

  if (self->previous_known)
    {
      sent_ms = (self->group.last_sent - self->previous.last_sent) / 1000.0;
      arrival_ms = (self->group.last_arrival - self->previous.last_arrival) / 1000.0;
      self->delay_ms += arrival_ms - sent_ms;
      self->smoothed_ms = SMOOTHING * self->smoothed_ms + (1 - SMOOTHING) * self->delay_ms;
      add_point (self, (self->group.last_arrival - self->first_arrival) / 1000.0,
                 self->smoothed_ms);
      judge (self, self->group.last_arrival);
    }
  else
    self->first_arrival = self->group.last_arrival;
  self->previous = self->group;
  self->previous_known = TRUE;
}

/* A receiver that was not scheduled reads what has come meanwhile at once: later packets of it show
 * less and less delay. */
static gboolean
is_burst (const BedDelayDetector *self, gint64 sent_us, gint64 arrival_us)
{
  gint64 apart_us = arrival_us - self->group.last_arrival;

  return apart_us <= BURST_US && apart_us < sent_us - self->group.last_sent
         && arrival_us - self->group.first_arrival < MAX_BURST_US;
}

void
bed_delay_detector_add (BedDelayDetector *self, gint64 sent_us, gint64 arrival_us)
{
  if (self->group_open
      && (sent_us - self->group.last_sent > RESTART_US
          || arrival_us < self->group.last_arrival - RESTART_US))
    {
      double threshold = self->threshold_ms;

      bed_delay_detector_init (self);
      self->threshold_ms = threshold;
    }
  if (self->group_open && sent_us - self->group.first_sent > GROUP_US
      && !is_burst (self, sent_us, arrival_us))
    {
      close_group (self);
      self->group_open = FALSE;
    }
  if (!self->group_open)
    self->group = (BedDelayGroup){ sent_us, sent_us, arrival_us, arrival_us };
  self->group_open = TRUE;
  self->group.last_sent = MAX (self->group.last_sent, sent_us);
  self->group.last_arrival = MAX (self->group.last_arrival, arrival_us);
}
