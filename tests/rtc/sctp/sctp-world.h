/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-sctp-transport.h"

/* Two transports over a wire on simulated time that loses, doubles and reorders. */
typedef struct
{
  gint64 arrival_us;
  guint to;
  GBytes *bytes;
} Flight;

typedef struct World World;
typedef struct
{
  World *world;
  guint index;
  BedSctpTransport *transport;
  BedDataChannel *channel;
  guint texts, binaries, empties, in_order;
  GChecksum *digest;
  gsize bytes;
  gboolean echo;
} End;

struct World
{
  BedSctpStack *stack;
  GRand *rand;
  GPtrArray *wire;
  gint64 now_us;
  gint64 delay_us, jitter_us;
  double loss, duplication;
  End ends[2];
  guint sent;
};

World *world_new (double loss, gint64 delay_us, gint64 jitter_us);
void world_free (World *world);
/* On its way to that end. */
void put (World *world, guint to, const guint8 *packet, gsize length);
/* Returns: (transfer full) (nullable): the first that is there. */
Flight *take_arrived (World *world);
void flight_free (Flight *flight);
void on_send (const guint8 *packet, gsize length, gpointer end);
void run (World *world, gint64 for_us);
/* Lent. */
BedDataChannel *open_channel (World *world, guint index, const BedDataChannelInit *init);
void connect_ends (World *world);
