/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-peer-connection.h"

G_BEGIN_DECLS

/* One RTCIceServer. Strings are borrowed. */
typedef struct
{
  const char *url; /* stun:host:port or turn:host:port[?transport=udp|tcp] */
  const char *username; /* (nullable) */
  const char *credential; /* (nullable) */
} BedPeerIceServer;

typedef struct
{
  const BedPeerIceServer *ice_servers;
  guint n_ice_servers;
  gboolean relay_only;
  const char *bind_address; /* (nullable): literal; only this local address */
  gboolean offers; /* makes the first offer and so has the controlling role (RFC 8445, 6.1.1) */
} BedPeerConfig;

/* A connection on the real network: libnice and a fresh certificate. On the network thread. The
 * certificate's fingerprint (32 bytes) goes to `fingerprint`. Returns: (transfer full) (nullable)
 */
BedPeerConnection *
bed_peer_connection_new_for_network (BedNetworkThread *thread, const BedPeerConfig *config,
                                     guint8 *fingerprint, GError **error);

G_END_DECLS
