/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-ice-transport.h"

G_BEGIN_DECLS

/* Two ICE transports joined by a simulated link on handed-in time. One thread, no main loop. They connect
 * when both have the other's credentials. */
#define BED_TYPE_FAKE_ICE (bed_fake_ice_get_type ())
G_DECLARE_FINAL_TYPE (BedFakeIce, bed_fake_ice, BED, FAKE_ICE, BedIceTransport)

typedef struct
{
  double loss;        /* 0 to 1 */
  double duplication; /* 0 to 1 */
  double damage;      /* 0 to 1: beside the datagram comes one that is cut short, or has a bit turned over */
  gint64 delay_us;
  gint64 jitter_us; /* added at random, so that packets overtake each other */
  gint64 check_us;  /* from when both know the other's credentials until a pair works */
  guint bit_rate;   /* bit/s, 0: no limit; more than 300 ms of queue is dropped */
} BedFakeIceLink;

/* `link`: each way alike; `seed` makes the run repeatable. (transfer full) */
void bed_fake_ice_new_pair (const BedFakeIceLink *link, guint32 seed, BedIceTransport **a, BedIceTransport **b);
/* Changes the link from `self` to its peer from now on. */
void bed_fake_ice_set_link (BedFakeIce *self, const BedFakeIceLink *link);
/* The time at which later sends happen, and delivers to both what has arrived by then. Any of the two. */
void bed_fake_ice_advance (BedFakeIce *self, gint64 now_us);
/* When something happens next (a datagram arrives, either way, or a state changes), -1: never. */
gint64 bed_fake_ice_get_next_us (BedFakeIce *self);
/* As when consent is lost: both become disconnected and nothing passes until a restart. */
void bed_fake_ice_break (BedFakeIce *self);
/* Nothing passes either way, for as long as it lasts. It goes as with libnice below BedNiceIceTransport: after
 * 10 s both are disconnected, 20 s later failed, and then only a restart leads back, once it is over. */
void bed_fake_ice_set_outage (BedFakeIce *self, gboolean outage);
guint bed_fake_ice_get_sent (BedFakeIce *self);
guint bed_fake_ice_get_lost (BedFakeIce *self);
/* Second copies and damaged ones that were put on the way. */
guint bed_fake_ice_get_duplicated (BedFakeIce *self);
guint bed_fake_ice_get_damaged (BedFakeIce *self);

G_END_DECLS
