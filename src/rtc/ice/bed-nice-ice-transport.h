/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-ice-server.h"
#include "bed-ice-transport.h"

G_BEGIN_DECLS

/* ICE by libnice: RFC 8445 over UDP, trickle, consent freshness, STUN, TURN over UDP and TCP. */
#define BED_TYPE_NICE_ICE_TRANSPORT (bed_nice_ice_transport_get_type ())
G_DECLARE_FINAL_TYPE (BedNiceIceTransport, bed_nice_ice_transport, BED, NICE_ICE_TRANSPORT,
                      BedIceTransport)

typedef struct
{
  BedIceServer **servers;   /* borrowed during construction */
  guint n_servers;          /* at most 8 are used */
  gboolean relay_only;      /* only relayed candidates are gathered, shown and used */
  const char
      *bind_address; /* literal; only this local address is used. On loopback it also lets remote
                      * candidates on loopback in. NULL: all of the machine's but loopback */
  BedIceRole role;
} BedIceConfig;

/* `context`: the network thread's; every later call, signal and callback is on the thread that runs
 * it. Returns: (transfer full) (nullable) */
BedIceTransport *bed_nice_ice_transport_new (GMainContext *context, const BedIceConfig *config,
                                             GError **error);

G_END_DECLS
