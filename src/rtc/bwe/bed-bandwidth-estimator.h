/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-transport-feedback.h"

G_BEGIN_DECLS

/* How much may be sent: the least of a delay-based estimate (slope of the queueing delay), a
 * loss-based one and the other side's REMB. Bit/s throughout. Pure: not thread-safe, time handed
 * in.
 */
typedef enum
{
  BED_BANDWIDTH_NORMAL,
  BED_BANDWIDTH_OVERUSE,
  BED_BANDWIDTH_UNDERUSE
} BedBandwidthUsage;

typedef struct
{
  guint target; /* bit/s */
  guint delay_based, loss_based, remb; /* bit/s; remb 0: none */
  guint acknowledged; /* bit/s that arrived lately */
  BedBandwidthUsage usage;
  double loss; /* 0 to 1, smoothed */
  double queue_ms; /* estimate of the delay above the least seen */
  guint64 feedbacks, bad_feedbacks;
} BedBandwidthStats;

typedef struct _BedBandwidthEstimator BedBandwidthEstimator;
BedBandwidthEstimator *bed_bandwidth_estimator_new (guint start, guint min, guint max);
void bed_bandwidth_estimator_free (BedBandwidthEstimator *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedBandwidthEstimator, bed_bandwidth_estimator_free)
/* The transport-wide number for the packet that leaves now; `bytes` on the wire. */
guint16 bed_bandwidth_estimator_next_packet (BedBandwidthEstimator *self, gsize bytes,
                                             gint64 now_us);
/* The same for a packet of a probe. */
guint16 bed_bandwidth_estimator_next_probe_packet (BedBandwidthEstimator *self, gsize bytes,
                                                   gint64 now_us);
void bed_bandwidth_estimator_handle_feedback (BedBandwidthEstimator *self,
                                              const BedTransportFeedback *feedback, gint64 now_us);
/* Without transport-wide feedback the report blocks are all there is. fraction_lost of 256. */
void bed_bandwidth_estimator_handle_report (BedBandwidthEstimator *self, guint8 fraction_lost,
                                            gint64 round_trip_us, gint64 now_us);
void bed_bandwidth_estimator_handle_remb (BedBandwidthEstimator *self, guint64 bitrate,
                                          gint64 now_us);
/* Call every 100 ms or so: feedback that stays away for 2 s halves the rate, and again each second. */
guint bed_bandwidth_estimator_get_target (BedBandwidthEstimator *self, gint64 now_us);
/* The path is calm, less is sent than may be, and more than the present target is wanted: a few
 * packets in a row, sent faster than the target, would show whether there is more. */
gboolean bed_bandwidth_estimator_wants_probe (const BedBandwidthEstimator *self, guint wanted,
                                              gint64 now_us);
/* That many packets leave now. */
void bed_bandwidth_estimator_begin_probe (BedBandwidthEstimator *self, guint packets,
                                          gint64 now_us);
void bed_bandwidth_estimator_get_stats (const BedBandwidthEstimator *self,
                                        BedBandwidthStats *stats);

G_END_DECLS
