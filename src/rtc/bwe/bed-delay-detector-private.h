/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-bandwidth-estimator.h"

G_BEGIN_DECLS

/* Watches whether the queueing delay grows: packets sent within 5 ms, or read in one go after a wait,
 * are a group; the differences
 * between the groups' sending and arrival times are summed, smoothed, and a line is laid through
 * the last 20 (the arrival filter of draft-ietf-rmcat-gcc, with a slope instead of the Kalman
 * filter). Times are µs.
 */
#define BED_DELAY_POINTS 20

typedef struct
{
  gint64 first_sent, last_sent, first_arrival, last_arrival;
} BedDelayGroup;

typedef struct
{
  gboolean group_open, previous_known;
  BedDelayGroup group, previous;
  double delay_ms, smoothed_ms;
  double x[BED_DELAY_POINTS], y[BED_DELAY_POINTS]; /* arrival and smoothed delay, ms */
  guint n_points;
  gint64 first_arrival;
  double threshold_ms;
  double previous_trend;
  gint64 threshold_us;
  gint64 over_since_us; /* 0: not */
  BedBandwidthUsage usage;
} BedDelayDetector;

void bed_delay_detector_init (BedDelayDetector *self);
void bed_delay_detector_add (BedDelayDetector *self, gint64 sent_us, gint64 arrival_us);

G_END_DECLS
