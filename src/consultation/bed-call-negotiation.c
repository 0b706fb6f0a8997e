/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-call-parts-private.h"

/* A try that was made less than this ago is left to work. */
#define RESTART_REST_US (3 * G_USEC_PER_SEC)
/* An offer that was answered later than this was made for a network that may be gone. */
#define OFFER_OLD_US (4 * G_USEC_PER_SEC)

/* The engine's signals */

static void
on_local_description (BedEngine *engine, BedSdpType type, const char *sdp, BedCall *self)
{
  BedSealedMessage message = {
    .type = type == BED_SDP_TYPE_OFFER ? BED_SEALED_OFFER : BED_SEALED_ANSWER,
    .sdp = (char *) sdp,
    .ice_restart = type == BED_SDP_TYPE_OFFER && self->offered,
  };

  bed_call_say (self, &message);
  if (type == BED_SDP_TYPE_OFFER)
    self->offered = TRUE;
  else
    bed_call_begin_sas (self);
}

static void
on_ice_candidate (BedEngine *engine, const char *candidate, const char *mid, int index,
                  BedCall *self)
{
  BedSealedMessage message = {
    .type = BED_SEALED_CANDIDATE,
    .candidate = (char *) candidate,
    .sdp_mid = (char *) mid,
    .sdp_mline_index = index,
  };

  bed_call_say (self, &message);
}

static void
on_end_of_candidates (BedEngine *engine, BedCall *self)
{
  bed_call_say (self, &(BedSealedMessage) { .type = BED_SEALED_END_OF_CANDIDATES });
}

static void
offer (BedCall *self, gboolean ice_restart)
{
  self->offer_pending = TRUE;
  self->offered_us = bed_clock_get_monotonic_us (self->clock);
  bed_engine_create_offer (self->engine, ice_restart);
}

void
bed_call_restart_path (BedCall *self)
{
  /* What cannot be told now would only pile up; each second is a new chance. */
  if (self->engine == NULL || self->held || !self->described
      || !bed_sealed_link_is_open (self->link)
      || bed_signalling_client_get_state (self->client) != BED_SIGNALLING_STATE_ONLINE)
    return;
  if (!bed_call_is_host (self))
    bed_call_say (self, &(BedSealedMessage) { .type = BED_SEALED_RESTART });
  else if (!self->offer_pending /* an answer carries no number: one offer at a time */
           && bed_clock_get_monotonic_us (self->clock) - self->offered_us >= RESTART_REST_US)
    offer (self, TRUE);
}

static void
on_connection_state (BedEngine *engine, BedConnectionState state, BedCall *self)
{
  switch (state)
    {
    case BED_CONNECTION_STATE_CONNECTED:
      bed_call_change_state (self, BED_CALL_EVENT_UP);
      break;
    case BED_CONNECTION_STATE_DISCONNECTED:
      bed_call_change_state (self, BED_CALL_EVENT_LOST);
      break;
    case BED_CONNECTION_STATE_FAILED:
      bed_call_change_state (self, BED_CALL_EVENT_LOST);
      bed_call_restart_path (self);
      break;
    case BED_CONNECTION_STATE_NEW:
    case BED_CONNECTION_STATE_CONNECTING:
    case BED_CONNECTION_STATE_CLOSED:
    default:
      break;
    }
}

static void
on_data_channel (BedEngine *engine, gboolean open, BedCall *self)
{
  bed_call_set_chat_open (self, open);
}

static void
on_chat (BedEngine *engine, const char *text, BedCall *self)
{
  bed_call_add_chat (self, text);
}

static void
on_text_sent (BedEngine *engine, gboolean sent, BedCall *self)
{
  bed_call_take_text_sent (self, sent);
}

static void
on_data (BedEngine *engine, GBytes *bytes, BedCall *self)
{
  if (!bed_call_is_unsafe (self))
    bed_file_transfers_take (self->files, bytes);
}

static void
on_data_sent (BedEngine *engine, gboolean sent, BedCall *self)
{
  bed_call_take_data_sent (self, sent);
}

static void
on_first_frame (BedEngine *engine, BedCall *self)
{
  bed_call_emit_first_frame (self);
}

void
bed_call_take_error (BedCall *self, const GError *error)
{
  if (g_error_matches (error, BED_ENGINE_ERROR, BED_ENGINE_ERROR_FINGERPRINT))
    bed_call_end_and_tell (self, BED_CALL_END_FINGERPRINT, BED_HANG_UP_FAILED);
  else if (g_error_matches (error, BED_ENGINE_ERROR, BED_ENGINE_ERROR_DESCRIPTION))
    bed_call_end_and_tell (self, BED_CALL_END_REFUSED, BED_HANG_UP_FAILED);
  else
    {
      g_message ("The media engine reports %d", error->code);
      bed_call_tell_problem (self, error);
    }
}

static void
on_error (BedEngine *engine, GError *error, BedCall *self)
{
  bed_call_take_error (self, error);
}

/* The engine: one for each sealed session */

static GPtrArray *
ice_servers (BedCall *self)
{
  GPtrArray *servers = bed_signalling_client_get_ice_servers (self->client);
  GPtrArray *out = g_ptr_array_new_with_free_func ((GDestroyNotify) bed_engine_ice_server_free);

  for (guint i = 0; servers != NULL && i < servers->len; i++)
    {
      const BedIceServer *server = g_ptr_array_index (servers, i);

      for (char **url = server->urls; url != NULL && *url != NULL; url++)
        if (!g_str_has_prefix (*url, "turns:") && !g_str_has_prefix (*url, "stuns:"))
          g_ptr_array_add (out,
                           bed_engine_ice_server_new (*url, server->username, server->credential));
    }
  return out;
}

void
bed_call_drop_engine (BedCall *self)
{
  if (self->engine == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->engine, self);
  bed_engine_close (self->engine);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->sas, bed_sas_free);
  while (!g_queue_is_empty (&self->sending)) /* nobody will say that they went */
    bed_call_take_text_sent (self, FALSE);
  self->data_waiting = 0;
  bed_call_set_chat_open (self, FALSE);
}

static void
make_engine (BedCall *self)
{
  g_autoptr (GPtrArray) servers = ice_servers (self);
  BedEngineConfig config = {
    .ice_transport_policy
    = self->relay_only ? BED_ICE_TRANSPORT_POLICY_RELAY : BED_ICE_TRANSPORT_POLICY_ALL,
    .ice_servers = servers,
    .offers = bed_call_is_host (self),
  };

  bed_call_drop_engine (self);
  self->problems = 0; /* of the one before */
  self->engine = self->new_engine (&config, self->user_data);
  g_signal_connect (self->engine, "local-description", G_CALLBACK (on_local_description), self);
  g_signal_connect (self->engine, "ice-candidate", G_CALLBACK (on_ice_candidate), self);
  g_signal_connect (self->engine, "end-of-candidates", G_CALLBACK (on_end_of_candidates), self);
  g_signal_connect (self->engine, "connection-state-changed", G_CALLBACK (on_connection_state),
                    self);
  g_signal_connect (self->engine, "data-channel-state-changed", G_CALLBACK (on_data_channel), self);
  g_signal_connect (self->engine, "message", G_CALLBACK (on_chat), self);
  g_signal_connect (self->engine, "text-sent", G_CALLBACK (on_text_sent), self);
  g_signal_connect (self->engine, "data", G_CALLBACK (on_data), self);
  g_signal_connect (self->engine, "data-sent", G_CALLBACK (on_data_sent), self);
  g_signal_connect (self->engine, "first-frame", G_CALLBACK (on_first_frame), self);
  g_signal_connect (self->engine, "error", G_CALLBACK (on_error), self);
  bed_engine_set_video_sink (self->engine, self->video_sink);
  bed_engine_set_audio_sink (self->engine, self->audio_sink);
  self->was_up = self->described = self->offered = self->offer_pending = FALSE;
  bed_call_apply_media (self);
}

/* A new connection in the present session; nothing that was verified before holds for it. */
void
bed_call_begin (BedCall *self)
{
  self->held = FALSE;
  self->ticks_without_path = 0;
  make_engine (self);
  if (!bed_call_is_unsafe (self))
    bed_call_set_verification (self, BED_VERIFICATION_NOT_CHECKED);
  bed_call_notify (self, BED_CALL_PROP_WORDS_READY);
  bed_call_tell_media (self);
  bed_call_tell_chat_kept (self);
  if (bed_call_is_host (self))
    offer (self, FALSE);
}

void
bed_call_hold (BedCall *self)
{
  self->held = TRUE;
}

void
bed_call_renew (BedCall *self)
{
  if (self->state == BED_CALL_STATE_ENDED)
    return;
  self->arrival_due = TRUE;
  bed_call_record (self);
  bed_call_change_state (self, BED_CALL_EVENT_RENEWED);
  bed_call_begin (self);
}

/* What the other side says */

static void
take_offer (BedCall *self, const BedSealedMessage *message)
{
  if (bed_call_is_host (self))
    return;
  if (self->held || (self->described && !message->ice_restart))
    bed_call_renew (self);
  self->described = TRUE;
  bed_engine_set_remote_description (self->engine, BED_SDP_TYPE_OFFER, message->sdp);
}

static void
take_answer (BedCall *self, const BedSealedMessage *message)
{
  if (!bed_call_is_host (self) || self->engine == NULL || !self->offer_pending)
    return;
  self->offer_pending = FALSE;
  self->described = TRUE;
  bed_engine_set_remote_description (self->engine, BED_SDP_TYPE_ANSWER, message->sdp);
  if (bed_clock_get_monotonic_us (self->clock) - self->offered_us > OFFER_OLD_US)
    self->ticks_without_path = BED_CALL_RESTART_EVERY_TICKS - 1; /* the next try in 3 s */
  bed_call_begin_sas (self);
}

static void
take_candidate (BedCall *self, const BedSealedMessage *message)
{
  if (self->engine != NULL)
    bed_engine_add_ice_candidate (self->engine, message->candidate, message->sdp_mid,
                                  message->sdp_mline_index);
}

static void
take_hang_up (BedCall *self, BedHangUpReason reason)
{
  bed_call_end (self, reason == BED_HANG_UP_LEFT     ? BED_CALL_END_LEFT
                      : reason == BED_HANG_UP_FAILED ? BED_CALL_END_FAILED
                                                     : BED_CALL_END_THERE);
}

static void
take_media (BedCall *self, const BedSealedMessage *message)
{
  self->remote_camera = message->camera;
  self->remote_microphone = message->microphone;
  bed_call_notify (self, BED_CALL_PROP_REMOTE_CAMERA);
  bed_call_notify (self, BED_CALL_PROP_REMOTE_MICROPHONE);
}

void
bed_call_take_message (BedCall *self, const BedSealedMessage *message)
{
  g_autoptr (BedCall) keep = g_object_ref (self);

  if (self->state == BED_CALL_STATE_ENDED)
    return;
  switch (message->type)
    {
    case BED_SEALED_OFFER: take_offer (self, message); break;
    case BED_SEALED_ANSWER: take_answer (self, message); break;
    case BED_SEALED_CANDIDATE: take_candidate (self, message); break;
    case BED_SEALED_END_OF_CANDIDATES:
      if (self->engine != NULL)
        bed_engine_end_of_candidates (self->engine);
      break;
    case BED_SEALED_MEDIA: take_media (self, message); break;
    case BED_SEALED_RESTART:
      if (bed_call_is_host (self))
        bed_call_restart_path (self);
      break;
    case BED_SEALED_HANG_UP: take_hang_up (self, message->reason); break;
    case BED_SEALED_SAS_COMMIT:
    case BED_SEALED_SAS_NONCE:
    case BED_SEALED_SAS_REVEAL: bed_call_take_sas (self, message); break;
    case BED_SEALED_SAS_RESULT: bed_call_take_sas_result (self, message->match); break;
    case BED_SEALED_TEXT: bed_call_add_chat (self, message->text); break;
    case BED_SEALED_CHAT_KEPT: bed_call_take_chat_kept (self); break;
    case BED_SEALED_JOIN:
    case BED_SEALED_DECLINE:
    case BED_SEALED_PASSCODE:
    case BED_SEALED_PASSCODE_RESULT:
    default:
      break;
    }
}
