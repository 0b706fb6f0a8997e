/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-engine.h"

#include <string.h>

#include "bed-engine-mailbox-private.h"
#include "bed-peer-factory.h"

#define BED_TYPE_LOCAL_ENGINE (bed_local_engine_get_type ())
G_DECLARE_FINAL_TYPE (BedLocalEngine, bed_local_engine, BED, LOCAL_ENGINE, BedEngine)

struct _BedLocalEngine
{
  BedEngine parent_instance;

  BedNetworkThread *thread; /* owned (nullable) */
  BedEngineMailbox *mailbox; /* owned */
  BedPeerConnection *peer; /* owned (nullable), the network thread's */
  BedVideoSource *video_source; /* owned (nullable) */
  BedAudioSource *audio_source; /* owned (nullable) */
  guint8 fingerprint[32];
  gboolean channel_open, closed;
  BedPeerStats last_stats; /* once closed */
};

G_DEFINE_FINAL_TYPE (BedLocalEngine, bed_local_engine, BED_TYPE_ENGINE)

G_STATIC_ASSERT ((int) BED_CONNECTION_STATE_CLOSED == (int) BED_PEER_STATE_CLOSED);
G_STATIC_ASSERT ((int) BED_CONNECTION_STATE_CONNECTED == (int) BED_PEER_STATE_CONNECTED);
G_STATIC_ASSERT ((int) BED_SDP_TYPE_ANSWER == (int) BED_PEER_DESCRIPTION_ANSWER);

/* usrsctp keeps its associations in the process, on one thread; so all engines of a process share
 * that thread while any of them lives. Main thread. */
static BedNetworkThread *shared_thread; /* weak */

static BedNetworkThread *
ref_network_thread (GError **error)
{
  g_autoptr (BedClock) clock = NULL;

  if (shared_thread != NULL)
    return g_object_ref (shared_thread);
  clock = bed_system_clock_new ();
  g_set_weak_pointer (&shared_thread, bed_network_thread_new (clock, error));
  return shared_thread;
}

/* Network thread to main thread. */
static void
on_local_description (BedPeerConnection *peer, int type, const char *sdp, BedEngineMailbox *mailbox)
{
  bed_engine_mailbox_tell (mailbox, BED_ENGINE_TELL_LOCAL_DESCRIPTION, type, sdp, NULL, NULL);
}

static void
on_candidate (BedPeerConnection *peer, const char *candidate, const char *mid, int index,
              BedEngineMailbox *mailbox)
{
  bed_engine_mailbox_tell (mailbox, BED_ENGINE_TELL_CANDIDATE, index, candidate, mid, NULL);
}

static void
on_end_of_candidates (BedPeerConnection *peer, BedEngineMailbox *mailbox)
{
  bed_engine_mailbox_tell (mailbox, BED_ENGINE_TELL_END_OF_CANDIDATES, 0, NULL, NULL, NULL);
}

static void
on_state (BedPeerConnection *peer, BedEngineMailbox *mailbox)
{
  bed_engine_mailbox_tell (mailbox, BED_ENGINE_TELL_STATE, bed_peer_connection_get_state (peer),
                           NULL, NULL, NULL);
}

static void
on_channel (BedPeerConnection *peer, gboolean open, BedEngineMailbox *mailbox)
{
  bed_engine_mailbox_tell (mailbox, BED_ENGINE_TELL_CHANNEL, open, NULL, NULL, NULL);
}

static void
on_message (BedPeerConnection *peer, const char *text, BedEngineMailbox *mailbox)
{
  bed_engine_mailbox_tell (mailbox, BED_ENGINE_TELL_MESSAGE, 0, text, NULL, NULL);
}

static void
on_data (BedPeerConnection *peer, GBytes *bytes, BedEngineMailbox *mailbox)
{
  bed_engine_mailbox_tell_data (mailbox, bytes);
}

static void
on_data_sent (BedPeerConnection *peer, gboolean sent, BedEngineMailbox *mailbox)
{
  bed_engine_mailbox_tell (mailbox, BED_ENGINE_TELL_DATA_SENT, sent, NULL, NULL, NULL);
}

static void
on_first_frame (BedPeerConnection *peer, BedEngineMailbox *mailbox)
{
  bed_engine_mailbox_tell (mailbox, BED_ENGINE_TELL_FIRST_FRAME, 0, NULL, NULL, NULL);
}

/* The engine's own words for what went wrong below. */
static GError *
translate (const GError *error)
{
  BedEngineError code = BED_ENGINE_ERROR_TRANSPORT;

  if (g_strcmp0 (g_quark_to_string (error->domain), "bed-sdp-error-quark") == 0)
    code = BED_ENGINE_ERROR_DESCRIPTION;
  else if (g_error_matches (error, BED_DTLS_ERROR, BED_DTLS_ERROR_IDENTITY))
    code = BED_ENGINE_ERROR_FINGERPRINT;
  else if (error->domain == BED_PEER_ERROR)
    code = BED_ENGINE_ERROR_STATE;
  else if (g_strcmp0 (g_quark_to_string (error->domain), "bed-codec-error-quark") == 0)
    code = BED_ENGINE_ERROR_CODEC;
  return g_error_new_literal (BED_ENGINE_ERROR, code, error->message);
}

static void
on_error (BedPeerConnection *peer, const GError *error, BedEngineMailbox *mailbox)
{
  bed_engine_mailbox_tell (mailbox, BED_ENGINE_TELL_ERROR, 0, NULL, NULL, translate (error));
}

static void
connect (BedPeerConnection *peer, const char *name, GCallback callback, BedEngineMailbox *mailbox)
{
  g_signal_connect_data (peer, name, callback, bed_engine_mailbox_ref (mailbox),
                         (GClosureNotify) (GCallback) bed_engine_mailbox_unref, 0);
}

/* Main thread. */
static void
on_tell (const BedEngineTell *tell, gpointer user_data)
{
  BedLocalEngine *self = user_data;

  switch (tell->kind)
    {
    case BED_ENGINE_TELL_LOCAL_DESCRIPTION:
      g_signal_emit_by_name (self, "local-description", tell->number, tell->text);
      break;
    case BED_ENGINE_TELL_CANDIDATE:
      g_signal_emit_by_name (self, "ice-candidate", tell->text, tell->mid, tell->number);
      break;
    case BED_ENGINE_TELL_END_OF_CANDIDATES:
      g_signal_emit_by_name (self, "end-of-candidates");
      break;
    case BED_ENGINE_TELL_STATE:
      g_signal_emit_by_name (self, "connection-state-changed", tell->number);
      break;
    case BED_ENGINE_TELL_CHANNEL:
      self->channel_open = tell->number && !self->closed;
      g_signal_emit_by_name (self, "data-channel-state-changed", self->channel_open);
      break;
    case BED_ENGINE_TELL_MESSAGE:
      g_signal_emit_by_name (self, "message", tell->text);
      break;
    case BED_ENGINE_TELL_TEXT_SENT:
      g_signal_emit_by_name (self, "text-sent", tell->number);
      break;
    case BED_ENGINE_TELL_DATA:
      g_signal_emit_by_name (self, "data", tell->bytes);
      break;
    case BED_ENGINE_TELL_DATA_SENT:
      g_signal_emit_by_name (self, "data-sent", tell->number);
      break;
    case BED_ENGINE_TELL_FIRST_FRAME:
      g_signal_emit_by_name (self, "first-frame");
      break;
    case BED_ENGINE_TELL_ERROR:
    default:
      g_signal_emit_by_name (self, "error", tell->error);
      break;
    }
}

/* Main thread to network thread. */
typedef struct
{
  BedPeerConnection *peer; /* owned */
  int number;
  char *text;
  char *mid; /* (nullable) */
  GBytes *bytes; /* owned (nullable) */
  BedEngineMailbox *mailbox; /* owned (nullable): for an answer */
} Order;

static void
order_free (gpointer data)
{
  Order *order = data;

  g_object_unref (order->peer);
  g_free (order->text);
  g_free (order->mid);
  g_clear_pointer (&order->bytes, g_bytes_unref);
  g_clear_pointer (&order->mailbox, bed_engine_mailbox_unref);
  g_free (order);
}

static void
post (BedLocalEngine *self, BedNetworkFunc func, int number, const char *text, const char *mid)
{
  Order *order;

  if (self->peer == NULL || self->closed)
    return;
  order = g_new (Order, 1);
  *order = (Order){ g_object_ref (self->peer), number, g_strdup (text), g_strdup (mid), NULL,
                     NULL };
  bed_network_thread_post (self->thread, func, order, order_free);
}

static void
do_create_offer (gpointer data)
{
  Order *order = data;

  bed_peer_connection_create_offer (order->peer, order->number);
}

static void
create_offer (BedEngine *engine, gboolean ice_restart)
{
  post (BED_LOCAL_ENGINE (engine), do_create_offer, ice_restart, NULL, NULL);
}

static void
do_set_remote_description (gpointer data)
{
  Order *order = data;

  bed_peer_connection_set_remote_description (order->peer, order->number, order->text);
}

static void
set_remote_description (BedEngine *engine, BedSdpType type, const char *sdp)
{
  post (BED_LOCAL_ENGINE (engine), do_set_remote_description, type, sdp, NULL);
}

static void
do_add_candidate (gpointer data)
{
  Order *order = data;

  bed_peer_connection_add_ice_candidate (order->peer, order->text, order->mid, order->number);
}

static void
add_ice_candidate (BedEngine *engine, const char *candidate, const char *sdp_mid,
                   int sdp_mline_index)
{
  post (BED_LOCAL_ENGINE (engine), do_add_candidate, sdp_mline_index, candidate, sdp_mid);
}

static void
do_end_of_candidates (gpointer data)
{
  Order *order = data;

  bed_peer_connection_end_of_candidates (order->peer);
}

static void
end_of_candidates (BedEngine *engine)
{
  post (BED_LOCAL_ENGINE (engine), do_end_of_candidates, 0, NULL, NULL);
}

static void
do_send_text (gpointer data)
{
  Order *order = data;
  gboolean sent = bed_peer_connection_send_text (order->peer, order->text);

  bed_engine_mailbox_tell (order->mailbox, BED_ENGINE_TELL_TEXT_SENT, sent, NULL, NULL, NULL);
}

static gboolean
send_text (BedEngine *engine, const char *text)
{
  BedLocalEngine *self = BED_LOCAL_ENGINE (engine);
  Order *order;

  if (!self->channel_open || self->closed || strlen (text) > BED_PEER_MAX_TEXT)
    return FALSE;
  order = g_new0 (Order, 1);
  order->peer = g_object_ref (self->peer);
  order->text = g_strdup (text);
  order->mailbox = bed_engine_mailbox_ref (self->mailbox);
  bed_network_thread_post (self->thread, do_send_text, order, order_free);
  return TRUE;
}

static void
do_send_data (gpointer data)
{
  Order *order = data;

  bed_peer_connection_send_data (order->peer, order->bytes);
}

static gboolean
send_data (BedEngine *engine, GBytes *bytes)
{
  BedLocalEngine *self = BED_LOCAL_ENGINE (engine);
  Order *order;

  if (!self->channel_open || self->closed || g_bytes_get_size (bytes) > BED_PEER_MAX_DATA)
    return FALSE;
  order = g_new0 (Order, 1);
  order->peer = g_object_ref (self->peer);
  order->bytes = g_bytes_ref (bytes);
  bed_network_thread_post (self->thread, do_send_data, order, order_free);
  return TRUE;
}

static void
set_video_source (BedEngine *engine, BedVideoSource *source)
{
  BedLocalEngine *self = BED_LOCAL_ENGINE (engine);
  BedVideoSink *input;

  if (self->peer == NULL || source == self->video_source || (self->closed && source != NULL))
    return;
  input = bed_peer_connection_get_video_input (self->peer);
  if (self->video_source != NULL)
    bed_video_source_remove_sink (self->video_source, input);
  g_set_object (&self->video_source, source);
  if (source != NULL)
    bed_video_source_add_sink (source, input);
}

static void
set_audio_source (BedEngine *engine, BedAudioSource *source)
{
  BedLocalEngine *self = BED_LOCAL_ENGINE (engine);
  BedAudioSink *input;

  if (self->peer == NULL || source == self->audio_source || (self->closed && source != NULL))
    return;
  input = bed_peer_connection_get_audio_input (self->peer);
  if (self->audio_source != NULL)
    bed_audio_source_remove_sink (self->audio_source, input);
  g_set_object (&self->audio_source, source);
  if (source != NULL)
    bed_audio_source_add_sink (source, input);
}

typedef struct
{
  BedLocalEngine *self;
  gpointer sink;
  gboolean known;
  guint8 *fingerprint;
  BedPeerStats *stats;
} Question;

static void
do_set_video_sink (gpointer data)
{
  Question *question = data;

  bed_peer_connection_set_video_sink (question->self->peer, question->sink);
}

static void
set_video_sink (BedEngine *engine, BedVideoSink *sink)
{
  BedLocalEngine *self = BED_LOCAL_ENGINE (engine);
  Question question = { .self = self, .sink = sink };

  if (self->peer != NULL && !self->closed)
    bed_network_thread_call (self->thread, do_set_video_sink, &question);
}

static void
do_set_audio_sink (gpointer data)
{
  Question *question = data;

  bed_peer_connection_set_audio_sink (question->self->peer, question->sink);
}

static void
set_audio_sink (BedEngine *engine, BedAudioSink *sink)
{
  BedLocalEngine *self = BED_LOCAL_ENGINE (engine);
  Question question = { .self = self, .sink = sink };

  if (self->peer != NULL && !self->closed)
    bed_network_thread_call (self->thread, do_set_audio_sink, &question);
}

static void
do_get_stats (gpointer data)
{
  Question *question = data;

  bed_peer_connection_get_stats (question->self->peer, question->stats);
}

static void
do_close (gpointer data)
{
  Question *question = data;

  bed_peer_connection_get_stats (question->self->peer, question->stats);
  bed_peer_connection_close (question->self->peer);
}

static void
close_engine (BedEngine *engine)
{
  BedLocalEngine *self = BED_LOCAL_ENGINE (engine);
  Question question = { .self = self, .stats = &self->last_stats };

  if (self->closed)
    return;
  set_video_source (engine, NULL);
  set_audio_source (engine, NULL);
  self->closed = TRUE;
  self->channel_open = FALSE;
  if (self->peer != NULL)
    bed_network_thread_call (self->thread, do_close, &question);
}

static void
copy_stats (const BedPeerStats *from, BedEngineStats *to)
{
  memset (to, 0, sizeof *to);
  to->bytes_sent = from->bytes_sent;
  to->bytes_received = from->bytes_received;
  to->packets_sent = from->packets_sent;
  to->media_packets_sent = from->media_packets_sent;
  to->packets_received = from->packets_received;
  to->packets_lost = from->packets_lost;
  to->fraction_lost = from->fraction_lost;
  to->round_trip_time_ms = from->round_trip_time_ms;
  to->jitter_ms = from->jitter_ms;
  to->silence_ms = from->silence_ms;
  to->frames_sent = from->frames_sent;
  to->frames_received = from->frames_received;
  to->frames_decoded = from->frames_decoded;
  to->frames_dropped = from->frames_dropped;
  to->key_frames_decoded = from->key_frames_decoded;
  to->nack_count = from->nack_count;
  to->pli_count = from->pli_count;
  to->audio_packets_received = from->audio_packets_received;
  to->concealed_samples = from->concealed_samples;
  to->total_samples_received = from->total_samples_received;
  to->frame_width = from->frame_width;
  to->frame_height = from->frame_height;
  to->outgoing_bitrate = from->outgoing_bitrate;
  to->incoming_bitrate = from->incoming_bitrate;
  memcpy (to->local_candidate_type, from->local_candidate_type, sizeof to->local_candidate_type);
  memcpy (to->remote_candidate_type, from->remote_candidate_type, sizeof to->remote_candidate_type);
  memcpy (to->dtls_cipher, from->dtls_cipher, sizeof to->dtls_cipher);
  memcpy (to->srtp_cipher, from->srtp_cipher, sizeof to->srtp_cipher);
  memcpy (to->tls_version, from->tls_version, sizeof to->tls_version);
}

static void
get_stats (BedEngine *engine, BedEngineStats *stats)
{
  BedLocalEngine *self = BED_LOCAL_ENGINE (engine);
  BedPeerStats from = { .round_trip_time_ms = -1, .silence_ms = -1 };
  Question question = { .self = self, .stats = &from };

  if (self->closed)
    from = self->last_stats;
  else if (self->peer != NULL)
    bed_network_thread_call (self->thread, do_get_stats, &question);
  copy_stats (&from, stats);
}

static gboolean
get_local_fingerprint (BedEngine *engine, guint8 out[32])
{
  BedLocalEngine *self = BED_LOCAL_ENGINE (engine);

  if (self->peer == NULL)
    return FALSE;
  memcpy (out, self->fingerprint, sizeof self->fingerprint);
  return TRUE;
}

static void
do_get_remote_fingerprint (gpointer data)
{
  Question *question = data;
  const guint8 *fingerprint = bed_peer_connection_get_remote_fingerprint (question->self->peer);

  question->known = fingerprint != NULL;
  if (fingerprint != NULL)
    memcpy (question->fingerprint, fingerprint, 32);
}

static gboolean
get_remote_fingerprint (BedEngine *engine, guint8 out[32])
{
  BedLocalEngine *self = BED_LOCAL_ENGINE (engine);
  Question question = { .self = self, .fingerprint = out };

  if (self->peer != NULL)
    bed_network_thread_call (self->thread, do_get_remote_fingerprint, &question);
  return question.known;
}

static void
do_release (gpointer data)
{
  Question *question = data;

  g_clear_object (&question->self->peer);
}

static void
bed_local_engine_dispose (GObject *object)
{
  BedLocalEngine *self = BED_LOCAL_ENGINE (object);
  Question question = { .self = self };

  close_engine (BED_ENGINE (self));
  if (self->mailbox != NULL)
    bed_engine_mailbox_close (self->mailbox);
  if (self->peer != NULL)
    bed_network_thread_call (self->thread, do_release, &question);
  g_clear_object (&self->thread);
  g_clear_pointer (&self->mailbox, bed_engine_mailbox_unref);
  G_OBJECT_CLASS (bed_local_engine_parent_class)->dispose (object);
}

static void
bed_local_engine_class_init (BedLocalEngineClass *klass)
{
  BedEngineClass *engine = BED_ENGINE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_local_engine_dispose;
  engine->create_offer = create_offer;
  engine->set_remote_description = set_remote_description;
  engine->add_ice_candidate = add_ice_candidate;
  engine->end_of_candidates = end_of_candidates;
  engine->set_video_source = set_video_source;
  engine->set_audio_source = set_audio_source;
  engine->set_video_sink = set_video_sink;
  engine->set_audio_sink = set_audio_sink;
  engine->send_text = send_text;
  engine->send_data = send_data;
  engine->close = close_engine;
  engine->get_stats = get_stats;
  engine->get_local_fingerprint = get_local_fingerprint;
  engine->get_remote_fingerprint = get_remote_fingerprint;
}

static void
bed_local_engine_init (BedLocalEngine *self)
{
  self->mailbox = bed_engine_mailbox_new (on_tell, self);
  self->last_stats.round_trip_time_ms = -1;
}

typedef struct
{
  BedLocalEngine *self;
  const BedPeerConfig *config;
  GError **error;
} Making;

static void
do_make (gpointer data)
{
  Making *making = data;
  BedLocalEngine *self = making->self;
  BedPeerConnection *peer = bed_peer_connection_new_for_network (self->thread, making->config,
                                                                 self->fingerprint, making->error);

  if (peer == NULL)
    return;
  connect (peer, "local-description", G_CALLBACK (on_local_description), self->mailbox);
  connect (peer, "ice-candidate", G_CALLBACK (on_candidate), self->mailbox);
  connect (peer, "end-of-candidates", G_CALLBACK (on_end_of_candidates), self->mailbox);
  connect (peer, "state-changed", G_CALLBACK (on_state), self->mailbox);
  connect (peer, "data-channel-state-changed", G_CALLBACK (on_channel), self->mailbox);
  connect (peer, "message", G_CALLBACK (on_message), self->mailbox);
  connect (peer, "data", G_CALLBACK (on_data), self->mailbox);
  connect (peer, "data-sent", G_CALLBACK (on_data_sent), self->mailbox);
  connect (peer, "first-frame", G_CALLBACK (on_first_frame), self->mailbox);
  connect (peer, "error", G_CALLBACK (on_error), self->mailbox);
  self->peer = peer;
}

BedEngine *
bed_local_engine_new (const BedEngineConfig *config)
{
  BedLocalEngine *self = g_object_new (BED_TYPE_LOCAL_ENGINE, NULL);
  guint n_servers = config->ice_servers != NULL ? config->ice_servers->len : 0;
  g_autofree BedPeerIceServer *servers = g_new0 (BedPeerIceServer, n_servers + 1);
  g_autoptr (GError) error = NULL;
  BedPeerConfig peer_config = {
    .ice_servers = servers,
    .n_ice_servers = n_servers,
    .relay_only = config->ice_transport_policy == BED_ICE_TRANSPORT_POLICY_RELAY,
    .bind_address = config->bind_address,
    .offers = config->offers,
  };
  Making making = { self, &peer_config, &error };

  for (guint i = 0; i < n_servers; i++)
    {
      const BedEngineIceServer *from = g_ptr_array_index (config->ice_servers, i);
      servers[i] = (BedPeerIceServer){ from->url, from->username, from->credential };
    }
  self->thread = ref_network_thread (&error);
  if (self->thread != NULL)
    bed_network_thread_call (self->thread, do_make, &making);
  if (self->peer == NULL)
    {
      bed_engine_mailbox_tell (self->mailbox, BED_ENGINE_TELL_ERROR, 0, NULL, NULL,
                               translate (error));
      bed_engine_mailbox_tell (self->mailbox, BED_ENGINE_TELL_STATE, BED_CONNECTION_STATE_FAILED,
                               NULL, NULL, NULL);
    }
  return BED_ENGINE (self);
}
