/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A few packets in a row, faster than what is allowed so far: how fast they arrive says what the
 * path bears, where the pictures alone would never fill it. When one is due, and what it measured.
 * Start from { 0 }. Times are µs, of the sender; arrivals are the receiver's.
 */
typedef struct
{
  guint expected, arrived; /* packets; expected 0: none is under way */
  gboolean lost;
  gint64 first_sent_us, last_sent_us, first_arrival_us, last_arrival_us;
  gsize bytes; /* without the first packet */
  gint64 begun_us, next_us, gap_us;
} BedBandwidthProbe;

gboolean bed_bandwidth_probe_is_due (const BedBandwidthProbe *self, gint64 now_us);
void bed_bandwidth_probe_begin (BedBandwidthProbe *self, guint packets, gint64 now_us);
/* One of its packets, in the order of sending. */
void bed_bandwidth_probe_take (BedBandwidthProbe *self, gint64 sent_us, gint64 arrival_us,
                               gsize bytes);
void bed_bandwidth_probe_lose (BedBandwidthProbe *self);
/* Returns: bit/s once it is over, 0 before, or where it says nothing. */
double bed_bandwidth_probe_finish (BedBandwidthProbe *self, double present, gint64 now_us);

G_END_DECLS
