/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-clock.h"
#include "bed-peer-state.h"
#include "bed-srtp.h"

G_BEGIN_DECLS

/* The one path to the peer: ICE, on it DTLS, and SRTP keyed by it; told apart by the first byte
 * (RFC 7983). Network thread. Nothing but DTLS leaves before the peer's certificate was compared
 * with the announced fingerprint, and nothing that comes before is looked at.
 */
typedef struct _BedPeerTransport BedPeerTransport;

typedef struct
{
  void (*state_changed) (gpointer user_data); /* ICE or DTLS */
  void (*rtp) (const guint8 *packet, gsize length,
               gpointer user_data); /* authentic, in the clear */
  void (*rtcp) (const guint8 *packet, gsize length, gpointer user_data);
  void (*data) (const guint8 *packet, gsize length, gpointer user_data); /* out of DTLS: SCTP */
  void (*failed) (const GError *error, gpointer user_data);
} BedPeerTransportHandlers;

typedef struct
{
  guint64 bytes_sent, bytes_received, packets_sent, packets_received; /* datagrams of any kind */
  guint64 media_packets_sent; /* of these, RTP and RTCP */
  guint64 dropped_unknown; /* first byte of no protocol */
  guint64 dropped_early; /* media before the keys */
  guint64 dropped_invalid; /* SRTP said no */
  guint64 send_dropped; /* gate shut or socket full */
} BedPeerTransportCounts;

/* handlers: borrowed for life. Returns: (transfer full) */
BedPeerTransport *
bed_peer_transport_new (GMainContext *context, BedClock *clock, BedIceTransport *ice,
                        BedDtlsTransport *dtls, const BedPeerTransportHandlers *handlers,
                        gpointer user_data);
/* Closes first. */
void bed_peer_transport_free (BedPeerTransport *self);
/* What the other side announced; DTLS starts when ICE is there. Once. */
void
bed_peer_transport_set_remote (BedPeerTransport *self, const guint8 *fingerprint, BedDtlsRole role);
/* In place; capacity: room in the buffer. FALSE when it was dropped (counted). */
gboolean
bed_peer_transport_send_rtp (BedPeerTransport *self, guint8 *packet, gsize length, gsize capacity);
gboolean
bed_peer_transport_send_rtcp (BedPeerTransport *self, guint8 *packet, gsize length, gsize capacity);
gboolean bed_peer_transport_send_data (BedPeerTransport *self, const guint8 *packet, gsize length);
/* At once nothing passes any more, without a word to the layers below: also from inside their
 * callbacks. */
void bed_peer_transport_shut (BedPeerTransport *self);
/* close_notify, then ICE's end. No datagram leaves after. */
void bed_peer_transport_close (BedPeerTransport *self);
BedIceState bed_peer_transport_get_ice_state (BedPeerTransport *self);
BedDtlsState bed_peer_transport_get_dtls_state (BedPeerTransport *self);
BedDtlsTransport *bed_peer_transport_get_dtls (BedPeerTransport *self);
gboolean bed_peer_transport_may_send (BedPeerTransport *self);
/* Monotonic; 0 before anything came over a path that is up. */
gint64 bed_peer_transport_get_heard_us (BedPeerTransport *self);
void bed_peer_transport_get_counts (BedPeerTransport *self, BedPeerTransportCounts *counts);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedPeerTransport, bed_peer_transport_free)

G_END_DECLS
