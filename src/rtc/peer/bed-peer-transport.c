/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-peer-transport-private.h"

#include <string.h>

#include "bed-rtp-packet.h"

struct _BedPeerTransport
{
  BedClock *clock; /* owned */
  BedIceTransport *ice; /* owned */
  BedDtlsTransport *dtls; /* owned */
  BedSrtp *send, *receive; /* owned; NULL until the peer is verified */
  GSource *timer; /* owned */
  const BedPeerTransportHandlers *handlers; /* borrowed */
  gpointer user_data;

  gboolean has_remote, started;
  gboolean shut; /* nothing passes either way */
  gboolean closed; /* the layers below are told */
  guint8 fingerprint[BED_DTLS_FINGERPRINT_LENGTH];
  BedDtlsRole role;
  gint64 heard_us; /* when the other side was last heard */
  BedPeerTransportCounts counts;
};

static gint64
now (BedPeerTransport *self)
{
  return bed_clock_get_monotonic_us (self->clock);
}

static void
arm_timer (BedPeerTransport *self)
{
  if (!self->shut)
    bed_clock_arm (self->clock, self->timer,
                   bed_dtls_transport_get_deadline_us (self->dtls, now (self)));
}

static gboolean
timer_dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  return callback (data);
}

static GSourceFuncs TIMER_FUNCS = { .dispatch = timer_dispatch };

static gboolean
on_timer (gpointer data)
{
  BedPeerTransport *self = data;

  bed_clock_arm (self->clock, self->timer, -1);
  bed_dtls_transport_handle_timeout (self->dtls);
  arm_timer (self);
  return G_SOURCE_CONTINUE;
}

static gboolean
send_datagram (BedPeerTransport *self, const guint8 *data, gsize length)
{
  if (self->shut || !bed_ice_transport_send (self->ice, data, length))
    {
      self->counts.send_dropped++;
      return FALSE;
    }
  self->counts.packets_sent++;
  self->counts.bytes_sent += length;
  if (data[0] >= 128 && data[0] <= 191) /* RFC 7983: by what is on the wire, whoever sent it */
    self->counts.media_packets_sent++;
  return TRUE;
}

static void
on_dtls_send (const guint8 *datagram, gsize length, gpointer user_data)
{
  send_datagram (user_data, datagram, length);
}

static void
on_dtls_data (const guint8 *data, gsize length, gpointer user_data)
{
  BedPeerTransport *self = user_data;

  self->handlers->data (data, length, self->user_data);
}

static gboolean
install_keys (BedPeerTransport *self, GError **error)
{
  g_autoptr (BedSecret) send_key = NULL;
  g_autoptr (BedSecret) receive_key = NULL;
  guint16 profile;

  if (!bed_dtls_transport_export_srtp_keys (self->dtls, &profile, &send_key, &receive_key, error))
    return FALSE;
  self->send = bed_srtp_new_send (profile, send_key, error);
  if (self->send == NULL)
    return FALSE;
  self->receive = bed_srtp_new_receive (profile, receive_key, error);
  return self->receive != NULL;
}

static void
on_dtls_state (BedDtlsTransport *dtls, gpointer user_data)
{
  BedPeerTransport *self = user_data;
  BedDtlsState state = bed_dtls_transport_get_state (dtls);
  g_autoptr (GError) error = NULL;

  if (self->shut)
    return;
  if (state == BED_DTLS_STATE_CONNECTED && self->send == NULL && !install_keys (self, &error))
    self->handlers->failed (error, self->user_data);
  else if (state == BED_DTLS_STATE_FAILED)
    self->handlers->failed (bed_dtls_transport_get_error (dtls), self->user_data);
  else
    self->handlers->state_changed (self->user_data);
}

static void
maybe_start (BedPeerTransport *self)
{
  BedIceState ice = bed_ice_transport_get_state (self->ice);
  g_autoptr (GError) error = NULL;

  if (self->started || self->shut || !self->has_remote
      || (ice != BED_ICE_STATE_CONNECTED && ice != BED_ICE_STATE_COMPLETED))
    return;
  self->started = TRUE;
  if (!bed_dtls_transport_start (self->dtls, self->role, self->fingerprint, &error))
    self->handlers->failed (error, self->user_data);
  arm_timer (self);
}

static void
on_ice_state (BedIceTransport *ice, gpointer user_data)
{
  BedPeerTransport *self = user_data;

  if (self->shut)
    return;
  /* A check went both ways: what was not heard before that is past. */
  if (bed_ice_transport_get_state (ice) == BED_ICE_STATE_CONNECTED)
    self->heard_us = now (self);
  maybe_start (self);
  if (!self->shut)
    self->handlers->state_changed (self->user_data);
}

/* RFC 5764 section 5.1.2 and 5761: media is taken only once the keys are there. */
static void
handle_media (BedPeerTransport *self, const guint8 *data, gsize length)
{
  guint8 packet[BED_ICE_MAX_DATAGRAM];
  gboolean rtcp = bed_rtp_is_rtcp (data, length);
  BedSrtpResult result;

  if (self->receive == NULL)
    {
      self->counts.dropped_early++;
      return;
    }
  memcpy (packet, data, length);
  result = rtcp ? bed_srtp_unprotect_rtcp (self->receive, packet, &length)
                : bed_srtp_unprotect_rtp (self->receive, packet, &length);
  if (result != BED_SRTP_OK)
    self->counts.dropped_invalid++;
  else if (rtcp)
    self->handlers->rtcp (packet, length, self->user_data);
  else
    self->handlers->rtp (packet, length, self->user_data);
}

static void
on_ice_data (const guint8 *data, gsize length, gpointer user_data)
{
  BedPeerTransport *self = user_data;

  if (self->shut)
    return;
  self->counts.packets_received++;
  self->counts.bytes_received += length;
  self->heard_us = now (self);
  if (length == 0 || length > BED_ICE_MAX_DATAGRAM)
    self->counts.dropped_unknown++;
  else if (data[0] >= 128 && data[0] <= 191)
    handle_media (self, data, length);
  else if (data[0] >= 20 && data[0] <= 63)
    {
      bed_dtls_transport_input (self->dtls, data, length);
      arm_timer (self);
    }
  else
    self->counts.dropped_unknown++;
}

BedPeerTransport *
bed_peer_transport_new (GMainContext *context, BedClock *clock, BedIceTransport *ice,
                        BedDtlsTransport *dtls, const BedPeerTransportHandlers *handlers,
                        gpointer user_data)
{
  BedPeerTransport *self = g_new0 (BedPeerTransport, 1);

  self->clock = g_object_ref (clock);
  self->ice = g_object_ref (ice);
  self->dtls = g_object_ref (dtls);
  self->handlers = handlers;
  self->user_data = user_data;
  self->timer = g_source_new (&TIMER_FUNCS, sizeof (GSource));
  g_source_set_callback (self->timer, on_timer, self, NULL);
  g_source_attach (self->timer, context);
  bed_dtls_transport_set_send_func (dtls, on_dtls_send, self);
  bed_dtls_transport_set_data_func (dtls, on_dtls_data, self);
  g_signal_connect (dtls, "state-changed", G_CALLBACK (on_dtls_state), self);
  g_signal_connect (ice, "state-changed", G_CALLBACK (on_ice_state), self);
  bed_ice_transport_set_data_func (ice, on_ice_data, self);
  return self;
}

void
bed_peer_transport_free (BedPeerTransport *self)
{
  bed_peer_transport_close (self);
  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_signal_handlers_disconnect_by_data (self->dtls, self);
  g_signal_handlers_disconnect_by_data (self->ice, self);
  bed_ice_transport_set_data_func (self->ice, NULL, NULL);
  g_clear_pointer (&self->send, bed_srtp_free);
  g_clear_pointer (&self->receive, bed_srtp_free);
  g_object_unref (self->dtls);
  g_object_unref (self->ice);
  g_object_unref (self->clock);
  g_free (self);
}

void
bed_peer_transport_set_remote (BedPeerTransport *self, const guint8 *fingerprint, BedDtlsRole role)
{
  if (self->has_remote)
    return;
  memcpy (self->fingerprint, fingerprint, sizeof self->fingerprint);
  self->role = role;
  self->has_remote = TRUE;
  maybe_start (self);
}

gboolean
bed_peer_transport_may_send (BedPeerTransport *self)
{
  return !self->shut && self->send != NULL
         && bed_peer_state_may_send (bed_ice_transport_get_state (self->ice),
                                     bed_dtls_transport_get_state (self->dtls));
}

gboolean
bed_peer_transport_send_rtp (BedPeerTransport *self, guint8 *packet, gsize length, gsize capacity)
{
  if (!bed_peer_transport_may_send (self)
      || bed_srtp_protect_rtp (self->send, packet, &length, capacity) != BED_SRTP_OK)
    {
      self->counts.send_dropped++;
      return FALSE;
    }
  return send_datagram (self, packet, length);
}

gboolean
bed_peer_transport_send_rtcp (BedPeerTransport *self, guint8 *packet, gsize length, gsize capacity)
{
  if (!bed_peer_transport_may_send (self)
      || bed_srtp_protect_rtcp (self->send, packet, &length, capacity) != BED_SRTP_OK)
    {
      self->counts.send_dropped++;
      return FALSE;
    }
  return send_datagram (self, packet, length);
}

gboolean
bed_peer_transport_send_data (BedPeerTransport *self, const guint8 *packet, gsize length)
{
  if (!bed_peer_transport_may_send (self)
      || bed_dtls_transport_send (self->dtls, packet, length) != BED_DTLS_OK)
    {
      self->counts.send_dropped++;
      return FALSE;
    }
  return TRUE;
}

void
bed_peer_transport_shut (BedPeerTransport *self)
{
  self->shut = TRUE;
  bed_clock_arm (self->clock, self->timer, -1);
}

void
bed_peer_transport_close (BedPeerTransport *self)
{
  BedDtlsState dtls = bed_dtls_transport_get_state (self->dtls);

  if (self->closed)
    return;
  if (!self->shut && (dtls == BED_DTLS_STATE_CONNECTING || dtls == BED_DTLS_STATE_CONNECTED))
    bed_dtls_transport_close (self->dtls);
  bed_peer_transport_shut (self);
  self->closed = TRUE;
  bed_ice_transport_close (self->ice);
}

BedIceState
bed_peer_transport_get_ice_state (BedPeerTransport *self)
{
  return bed_ice_transport_get_state (self->ice);
}

BedDtlsState
bed_peer_transport_get_dtls_state (BedPeerTransport *self)
{
  return bed_dtls_transport_get_state (self->dtls);
}

BedDtlsTransport *
bed_peer_transport_get_dtls (BedPeerTransport *self)
{
  return self->dtls;
}

gint64
bed_peer_transport_get_heard_us (BedPeerTransport *self)
{
  return self->heard_us;
}

void
bed_peer_transport_get_counts (BedPeerTransport *self, BedPeerTransportCounts *counts)
{
  *counts = self->counts;
}
