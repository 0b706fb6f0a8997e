/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-peer-connection.h"

#include <string.h>

#include "bed-peer-connection-private.h"
#include "bed-rtcp.h"
#include "bed-secret.h"

guint bed_peer_signals[BED_PEER_N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedPeerConnection, bed_peer_connection, G_TYPE_OBJECT)
G_DEFINE_QUARK (bed-peer-error-quark, bed_peer_error)

gint64
bed_peer_now (BedPeerConnection *self)
{
  return bed_network_thread_now (self->thread);
}

static gint64
now_unix (BedPeerConnection *self)
{
  return bed_clock_get_real_us (bed_network_thread_get_clock (self->thread));
}

void
bed_peer_report (BedPeerConnection *self, const GError *error)
{
  if (!self->closed)
    g_signal_emit (self, bed_peer_signals[BED_PEER_SIGNAL_ERROR], 0, error);
}

void
bed_peer_report_state_error (BedPeerConnection *self, const char *what)
{
  g_autoptr (GError) error = g_error_new_literal (BED_PEER_ERROR, BED_PEER_ERROR_STATE, what);

  bed_peer_report (self, error);
}

/* Timer: media, RTCP and SCTP. */
static gboolean
timer_dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  return callback (data);
}

static GSourceFuncs TIMER_FUNCS = { .dispatch = timer_dispatch };

void
bed_peer_schedule (BedPeerConnection *self, gint64 at_us)
{
  bed_clock_arm (bed_network_thread_get_clock (self->thread), self->timer, at_us);
}

static void
measure_rates (BedPeerConnection *self, gint64 now_us)
{
  BedPeerTransportCounts counts;
  double seconds = (now_us - self->rate_us) / (double) G_USEC_PER_SEC;

  if (seconds < 1)
    return;
  bed_peer_transport_get_counts (self->transport, &counts);
  if (self->rate_us != 0)
    {
      self->outgoing = (counts.bytes_sent - self->rate_sent) * 8 / seconds;
      self->incoming = (counts.bytes_received - self->rate_received) * 8 / seconds;
    }
  self->rate_us = now_us;
  self->rate_sent = counts.bytes_sent;
  self->rate_received = counts.bytes_received;
}

static gboolean
on_timer (gpointer data)
{
  BedPeerConnection *self = data;
  gint64 now_us = bed_peer_now (self);
  gint64 next = now_us + BED_SCTP_TICK_US;

  if (self->closed || self->failed)
    {
      bed_clock_arm (bed_network_thread_get_clock (self->thread), self->timer, -1);
      return G_SOURCE_CONTINUE;
    }
  if (self->sctp_started)
    bed_sctp_stack_advance (bed_network_thread_get_sctp_stack (self->thread), now_us);
  if (self->session != NULL)
    next = MIN (next, bed_rtp_session_run (self->session, now_us, now_unix (self)));
  measure_rates (self, now_us);
  bed_peer_schedule (self, next);
  return G_SOURCE_CONTINUE;
}

static void
start_sctp (BedPeerConnection *self)
{
  g_autoptr (GError) error = NULL;

  if (self->sctp_started || !self->agreement.data_channel)
    return;
  self->sctp_started = TRUE;
  if (!bed_sctp_transport_start (self->sctp, BED_SCTP_PORT, self->agreement.remote_sctp_port,
                                 self->agreement.dtls_client,
                                 self->agreement.remote_max_message_size, &error))
    bed_peer_report (self, error);
}

/* Transport. */
static void
set_state (BedPeerConnection *self, BedPeerState state)
{
  if (self->state == state)
    return;
  self->state = state;
  g_signal_emit (self, bed_peer_signals[BED_PEER_SIGNAL_STATE_CHANGED], 0);
}

static const char *
srtp_name (guint16 profile)
{
  switch (profile)
    {
    case BED_DTLS_SRTP_AEAD_AES_256_GCM:
      return "AEAD_AES_256_GCM";
    case BED_DTLS_SRTP_AEAD_AES_128_GCM:
      return "AEAD_AES_128_GCM";
    case BED_DTLS_SRTP_AES128_CM_SHA1_80:
      return "AES_CM_128_HMAC_SHA1_80";
    default:
      return "";
    }
}

/* RTCTransportStats: tlsVersion is the protocol's number in hex. */
static void
note_security (BedPeerConnection *self)
{
  BedDtlsTransport *dtls = bed_peer_transport_get_dtls (self->transport);
  const char *version = bed_dtls_transport_get_version (dtls);

  if (self->security.dtls_cipher[0] != '\0')
    return;
  g_strlcpy (self->security.dtls_cipher, bed_dtls_transport_get_cipher (dtls),
             sizeof self->security.dtls_cipher);
  g_strlcpy (self->security.tls_version, strcmp (version, "DTLSv1.2") == 0 ? "FEFD" : version,
             sizeof self->security.tls_version);
  g_strlcpy (self->security.srtp_cipher, srtp_name (bed_dtls_transport_get_srtp_profile (dtls)),
             sizeof self->security.srtp_cipher);
}

void
bed_peer_update_state (gpointer user_data)
{
  BedPeerConnection *self = user_data;
  gboolean may_send = bed_peer_transport_may_send (self->transport);

  if (self->closed || self->failed)
    return;
  if (self->session != NULL)
    bed_rtp_session_set_open (self->session, may_send);
  if (may_send)
    {
      note_security (self);
      start_sctp (self);
      bed_peer_schedule (self, bed_peer_now (self));
    }
  set_state (self, bed_peer_state_derive (bed_peer_transport_get_ice_state (self->transport),
                                          bed_peer_transport_get_dtls_state (self->transport)));
}

static void
tear_down (gpointer data)
{
  BedPeerConnection *self = data;

  bed_peer_transport_close (self->transport);
  bed_sctp_transport_close (self->sctp);
}

/* Comes from inside the layers below: shut the gates now, take things down when their stack is
 * gone. */
static void
on_transport_failed (const GError *error, gpointer user_data)
{
  BedPeerConnection *self = user_data;

  if (self->closed || self->failed)
    return;
  self->failed = TRUE;
  bed_peer_transport_shut (self->transport);
  if (self->session != NULL)
    bed_rtp_session_set_open (self->session, FALSE);
  bed_network_thread_post (self->thread, tear_down, g_object_ref (self), g_object_unref);
  bed_peer_report (self, error);
  set_state (self, BED_PEER_STATE_FAILED);
}

static void
on_transport_rtp (const guint8 *packet, gsize length, gpointer user_data)
{
  BedPeerConnection *self = user_data;

  if (self->session != NULL)
    bed_rtp_session_receive_rtp (self->session, packet, length, bed_peer_now (self));
}

static void
on_transport_rtcp (const guint8 *packet, gsize length, gpointer user_data)
{
  BedPeerConnection *self = user_data;

  if (self->session != NULL)
    bed_rtp_session_receive_rtcp (self->session, packet, length, bed_peer_now (self),
                                  now_unix (self));
}

static void
on_transport_data (const guint8 *packet, gsize length, gpointer user_data)
{
  BedPeerConnection *self = user_data;

  if (self->sctp_started)
    bed_sctp_transport_input (self->sctp, packet, length);
}

static const BedPeerTransportHandlers TRANSPORT_HANDLERS = {
  .state_changed = bed_peer_update_state,
  .rtp = on_transport_rtp,
  .rtcp = on_transport_rtcp,
  .data = on_transport_data,
  .failed = on_transport_failed,
};

static void
send_sctp (const guint8 *packet, gsize length, gpointer user_data)
{
  bed_peer_transport_send_data (((BedPeerConnection *) user_data)->transport, packet, length);
}

void
bed_peer_connection_close (BedPeerConnection *self)
{
  if (self->closed)
    return;
  if (self->session != NULL && !self->failed)
    bed_rtp_session_say_bye (self->session);
  if (!self->failed)
    bed_sctp_transport_close (self->sctp);
  self->closed = TRUE;
  self->signaling = BED_SIGNALING_CLOSED;
  g_source_destroy (self->timer);
  bed_peer_transport_close (self->transport);
  bed_audio_input_stop (self->audio_input);
  bed_video_encode_worker_stop (self->encoder);
  bed_video_decode_worker_stop (self->decoder);
  bed_video_output_set_sink (self->video_output, NULL);
  bed_peer_connection_set_audio_sink (self, NULL);
  set_state (self, BED_PEER_STATE_CLOSED);
}

BedPeerState
bed_peer_connection_get_state (BedPeerConnection *self)
{
  return self->state;
}

BedSignalingState
bed_peer_connection_get_signaling_state (BedPeerConnection *self)
{
  return self->signaling;
}

const guint8 *
bed_peer_connection_get_remote_fingerprint (BedPeerConnection *self)
{
  return self->remote_description != NULL ? self->remote_description->fingerprint : NULL;
}

void
bed_peer_connection_get_stats (BedPeerConnection *self, BedPeerStats *stats)
{
  BedPeerTransportCounts counts;
  const char *local, *remote;
  gint64 heard_us;

  *stats = self->security;
  if (!self->closed && bed_ice_transport_get_selected_types (self->ice, &local, &remote))
    {
      g_strlcpy (stats->local_candidate_type, local, sizeof stats->local_candidate_type);
      g_strlcpy (stats->remote_candidate_type, remote, sizeof stats->remote_candidate_type);
    }
  heard_us = bed_peer_transport_get_heard_us (self->transport);
  stats->silence_ms = heard_us > 0 ? (bed_peer_now (self) - heard_us) / 1000.0 : -1;
  stats->round_trip_time_ms = -1;
  bed_peer_transport_get_counts (self->transport, &counts);
  stats->bytes_sent = counts.bytes_sent;
  stats->bytes_received = counts.bytes_received;
  stats->packets_sent = counts.packets_sent;
  stats->media_packets_sent = counts.media_packets_sent;
  stats->packets_received = counts.packets_received;
  stats->outgoing_bitrate = self->outgoing;
  stats->incoming_bitrate = self->incoming;
  if (self->session != NULL)
    bed_rtp_session_get_stats (self->session, stats);
}

static void
bed_peer_connection_dispose (GObject *object)
{
  BedPeerConnection *self = BED_PEER_CONNECTION (object);

  if (self->transport != NULL)
    bed_peer_connection_close (self);
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  if (self->ice != NULL)
    g_signal_handlers_disconnect_by_data (self->ice, self);
  if (self->sctp != NULL)
    {
      bed_sctp_transport_set_send_func (self->sctp, NULL, NULL);
      g_signal_handlers_disconnect_by_data (self->sctp, self);
    }
  g_clear_pointer (&self->session, bed_rtp_session_free);
  g_clear_object (&self->channel);
  g_clear_object (&self->sctp);
  g_clear_pointer (&self->transport, bed_peer_transport_free);
  g_clear_object (&self->encoder);
  g_clear_object (&self->decoder);
  g_clear_object (&self->video_output);
  g_clear_object (&self->audio_input);
  g_clear_object (&self->ice);
  g_clear_object (&self->thread);
  G_OBJECT_CLASS (bed_peer_connection_parent_class)->dispose (object);
}

static void
bed_peer_connection_finalize (GObject *object)
{
  BedPeerConnection *self = BED_PEER_CONNECTION (object);

  g_clear_pointer (&self->timer, g_source_unref);
  g_clear_pointer (&self->local_description, bed_session_description_free);
  g_clear_pointer (&self->remote_description, bed_session_description_free);
  g_queue_clear_full (&self->waiting_data, (GDestroyNotify) g_bytes_unref);
  g_ptr_array_unref (self->early_candidates);
  g_ptr_array_unref (self->remote_candidates);
  g_free (self->ufrag);
  g_free (self->password);
  g_free (self->cname);
  g_free (self->stream_id);
  g_free (self->audio_id);
  g_free (self->video_id);
  g_free (self->tls_id);
  G_OBJECT_CLASS (bed_peer_connection_parent_class)->finalize (object);
}

static guint
add_signal (const char *name, guint n, GType a, GType b, GType c)
{
  return g_signal_new (name, BED_TYPE_PEER_CONNECTION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                       G_TYPE_NONE, n, a, b, c);
}

static void
bed_peer_connection_class_init (BedPeerConnectionClass *klass)
{
  GType none = G_TYPE_NONE;

  G_OBJECT_CLASS (klass)->dispose = bed_peer_connection_dispose;
  G_OBJECT_CLASS (klass)->finalize = bed_peer_connection_finalize;
  bed_peer_signals[BED_PEER_SIGNAL_LOCAL_DESCRIPTION]
      = add_signal ("local-description", 2, G_TYPE_INT, G_TYPE_STRING, none);
  bed_peer_signals[BED_PEER_SIGNAL_ICE_CANDIDATE]
      = add_signal ("ice-candidate", 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_INT);
  bed_peer_signals[BED_PEER_SIGNAL_END_OF_CANDIDATES]
      = add_signal ("end-of-candidates", 0, none, none, none);
  bed_peer_signals[BED_PEER_SIGNAL_STATE_CHANGED]
      = add_signal ("state-changed", 0, none, none, none);
  bed_peer_signals[BED_PEER_SIGNAL_DATA_CHANNEL_STATE_CHANGED]
      = add_signal ("data-channel-state-changed", 1, G_TYPE_BOOLEAN, none, none);
  bed_peer_signals[BED_PEER_SIGNAL_MESSAGE] = add_signal ("message", 1, G_TYPE_STRING, none, none);
  bed_peer_signals[BED_PEER_SIGNAL_DATA] = add_signal ("data", 1, G_TYPE_BYTES, none, none);
  bed_peer_signals[BED_PEER_SIGNAL_DATA_SENT]
      = add_signal ("data-sent", 1, G_TYPE_BOOLEAN, none, none);
  bed_peer_signals[BED_PEER_SIGNAL_FIRST_FRAME] = add_signal ("first-frame", 0, none, none, none);
  bed_peer_signals[BED_PEER_SIGNAL_ERROR] = add_signal ("error", 1, G_TYPE_ERROR, none, none);
}

static guint32
random_ssrc (void)
{
  guint32 ssrc;

  do
    bed_random_bytes (&ssrc, sizeof ssrc);
  while (ssrc == 0);
  return ssrc;
}

static void
bed_peer_connection_init (BedPeerConnection *self)
{
  guint8 id[24];
  BedSdpLocal *local = &self->local;

  g_queue_init (&self->waiting_data);
  self->early_candidates = g_ptr_array_new_with_free_func (g_free);
  self->remote_candidates = g_ptr_array_new_with_free_func (bed_peer_remote_candidate_free);
  self->cname = bed_rtcp_make_cname ();
  self->stream_id = g_uuid_string_random ();
  self->audio_id = g_uuid_string_random ();
  self->video_id = g_uuid_string_random ();
  bed_random_bytes (id, sizeof id);
  self->tls_id = g_base64_encode (id, sizeof id);
  bed_random_bytes (&local->session_id, sizeof local->session_id);
  local->session_id >>= 2; /* below 2^62, RFC 9429 section 5.2.1 */
  local->version = 1;
  local->cname = self->cname;
  local->stream_id = self->stream_id;
  local->audio_track_id = self->audio_id;
  local->video_track_id = self->video_id;
  local->tls_id = self->tls_id;
  local->audio_ssrc = random_ssrc ();
  local->video_ssrc = random_ssrc ();
  local->video_rtx_ssrc = random_ssrc ();
  local->max_message_size = BED_DATA_CHANNEL_MAX_MESSAGE;
}

BedPeerConnection *
bed_peer_connection_new (BedNetworkThread *thread, BedIceTransport *ice,
                         BedDtlsTransport *dtls, GError **error)
{
  g_autoptr (BedPeerConnection) self = g_object_new (BED_TYPE_PEER_CONNECTION, NULL);

  self->thread = g_object_ref (thread);
  memcpy (self->local.fingerprint, bed_dtls_transport_get_fingerprint (dtls),
          sizeof self->local.fingerprint);
  self->timer = g_source_new (&TIMER_FUNCS, sizeof (GSource));
  g_source_set_callback (self->timer, on_timer, self, NULL);
  g_source_set_ready_time (self->timer, -1);
  g_source_attach (self->timer, bed_network_thread_get_context (thread));
  if (!bed_peer_make_workers (self, error))
    return NULL;
  self->sctp = bed_sctp_transport_new (bed_network_thread_get_sctp_stack (thread));
  bed_sctp_transport_set_send_func (self->sctp, send_sctp, self);
  g_signal_connect (self->sctp, "data-channel", G_CALLBACK (bed_peer_on_data_channel), self);
  self->ice = g_object_ref (ice);
  self->transport = bed_peer_transport_new (bed_network_thread_get_context (thread),
                                            bed_network_thread_get_clock (thread), ice, dtls,
                                            &TRANSPORT_HANDLERS, self);
  g_signal_connect (ice, "candidate", G_CALLBACK (bed_peer_on_ice_candidate), self);
  g_signal_connect (ice, "gathering-done", G_CALLBACK (bed_peer_on_gathering_done), self);
  return bed_ice_transport_gather (ice, error) ? g_steal_pointer (&self) : NULL;
}
