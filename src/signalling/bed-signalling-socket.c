/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-encoding.h"
#include "bed-signalling-client-private.h"

#define BACKOFF_FIRST_MS 500
#define BACKOFF_MAX_MS 30000
#define WATCH_SECONDS 5

static void dial (BedSignallingClient *self);
static void lose_connection (BedSignallingClient *self);

static void
drop_socket (BedSignallingClient *self)
{
  g_clear_handle_id (&self->watch_source, g_source_remove);
  g_clear_handle_id (&self->ice_source, g_source_remove);
  if (self->dialling != NULL)
    g_cancellable_cancel (self->dialling);
  g_clear_object (&self->dialling);
  self->stream = NULL;
  if (self->socket == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->socket, self);
  if (soup_websocket_connection_get_state (self->socket) == SOUP_WEBSOCKET_STATE_OPEN)
    soup_websocket_connection_close (self->socket, SOUP_WEBSOCKET_CLOSE_NORMAL, NULL);
  g_clear_object (&self->socket);
}

void
bed_signalling_client_stop_socket (BedSignallingClient *self)
{
  self->wanted = FALSE;
  g_clear_handle_id (&self->retry_source, g_source_remove);
  drop_socket (self);
}

static gboolean
on_retry (gpointer data)
{
  BedSignallingClient *self = data;

  self->retry_source = 0;
  dial (self);
  return G_SOURCE_REMOVE;
}

/* Exponential, between half and one and a half of its step, so that a clinic's apps do not all come
 * at once. */
static guint
backoff_ms (guint failures)
{
  guint step = MIN (BACKOFF_MAX_MS, BACKOFF_FIRST_MS << MIN (failures, 7));

  return step / 2 + (guint) g_random_int_range (0, (gint32) step);
}

static void
lose_connection (BedSignallingClient *self)
{
  drop_socket (self);
  if (!self->wanted)
    return;
  bed_signalling_client_set_state (self, BED_SIGNALLING_STATE_WAITING);
  if (self->retry_source == 0)
    self->retry_source = g_timeout_add (backoff_ms (self->failures++), on_retry, self);
}

static void
end_for_good (BedSignallingClient *self)
{
  bed_signalling_client_stop_socket (self);
  bed_signalling_client_set_state (self, BED_SIGNALLING_STATE_CLOSED);
}

static gboolean
send_message (BedSignallingClient *self, const BedMessage *message)
{
  g_autofree char *text = NULL;

  if (self->socket == NULL
      || soup_websocket_connection_get_state (self->socket) != SOUP_WEBSOCKET_STATE_OPEN)
    return FALSE;
  text = bed_message_encode (self->side, message);
  soup_websocket_connection_send_text (self->socket, text);
  return TRUE;
}

static void
send_first (BedSignallingClient *self)
{
  BedMessage message
      = { .type = self->side == BED_SENDER_CLINICIAN ? BED_MESSAGE_ATTACH : BED_MESSAGE_JOIN };

  memcpy (message.hop, bed_hop_get_id (self->hop), sizeof message.hop);
  if (self->side == BED_SENDER_PATIENT)
    {
      memcpy (message.seat, self->seat, sizeof message.seat);
      memcpy (message.token, bed_secret_get_data (self->token), sizeof message.token);
      if (!bed_base64url_decode_exact (self->room, message.room, sizeof message.room))
        g_warning ("the room is not one");
    }
  send_message (self, &message);
  bed_secret_wipe (&message, sizeof message);
}

static void
take_welcome (BedSignallingClient *self, BedMessage *message)
{
  self->failures = 0;
  self->clock_offset_us
      = message->server_time * G_USEC_PER_SEC - bed_clock_get_real_us (self->clock);
  bed_signalling_client_take_ice (self, g_steal_pointer (&message->ice_servers), message->ttl);
  if (self->side == BED_SENDER_PATIENT)
    {
      g_free (self->peer);
      self->peer = bed_base64url_encode (message->peer, sizeof message->peer);
      bed_signalling_client_set_position (self, (guint) message->position);
      bed_signalling_client_set_host_online (self, message->online);
    }
  for (guint i = 0; i < bed_hop_get_length (self->hop); i++)
    send_message (self, bed_hop_peek (self->hop, i));
  bed_signalling_client_set_state (self, BED_SIGNALLING_STATE_ONLINE);
  g_signal_emit (self, bed_signalling_client_get_signal (BED_SIGNAL_WELCOME), 0,
                 self->side == BED_SENDER_PATIENT && message->state == BED_ROOM_STATE_ADMITTED);
}

static void
take_relay (BedSignallingClient *self, const BedMessage *message, const char *room,
            const char *peer)
{
  BedMessage ok = { .type = BED_MESSAGE_OK, .n = message->n };
  gboolean fresh;

  if (self->watching)
    return;
  fresh = bed_hop_accept (self->hop, message->n);
  send_message (self, &ok);
  if (fresh)
    g_signal_emit (self, bed_signalling_client_get_signal (BED_SIGNAL_RELAY), 0, room, peer,
                   message->data);
}

/* A room that is over, a wrong token: trying again would not help. Others may pass. */
static gboolean
is_final (BedProtocolError error)
{
  return error == BED_PROTOCOL_ERROR_UNAUTHORIZED || error == BED_PROTOCOL_ERROR_FORBIDDEN ||
         error == BED_PROTOCOL_ERROR_NOT_FOUND || error == BED_PROTOCOL_ERROR_EXPIRED ||
         error == BED_PROTOCOL_ERROR_REVOKED || error == BED_PROTOCOL_ERROR_USED;
}

static void
take_error (BedSignallingClient *self, BedProtocolError error)
{
  gboolean attaching = self->state == BED_SIGNALLING_STATE_CONNECTING;

  if (self->side == BED_SENDER_CLINICIAN && error == BED_PROTOCOL_ERROR_UNAUTHORIZED)
    {
      bed_signalling_client_drop_access (self);
      lose_connection (self);
    }
  else if (attaching && self->side == BED_SENDER_PATIENT && is_final (error))
    {
      end_for_good (self);
      g_signal_emit (self, bed_signalling_client_get_signal (BED_SIGNAL_REFUSED), 0, (int) error);
    }
  else if (attaching || error == BED_PROTOCOL_ERROR_CONFLICT)
    lose_connection (self); /* a new attach sends again what is missing */
}

static void
take_message (BedSignallingClient *self, BedMessage *message)
{
  g_autofree char *room = bed_base64url_encode (message->room, sizeof message->room);
  g_autofree char *peer = bed_base64url_encode (message->peer, sizeof message->peer);

  switch (message->type)
    {
    case BED_MESSAGE_WELCOME:
      take_welcome (self, message);
      break;
    case BED_MESSAGE_ARRIVED:
      g_signal_emit (self, bed_signalling_client_get_signal (BED_SIGNAL_ARRIVED), 0, room, peer,
                     message->since, message->second_device, message->admitted);
      break;
    case BED_MESSAGE_LEFT:
      g_signal_emit (self, bed_signalling_client_get_signal (BED_SIGNAL_LEFT), 0, room, peer);
      break;
    case BED_MESSAGE_ROOM:
      g_signal_emit (self, bed_signalling_client_get_signal (BED_SIGNAL_ROOM), 0, room,
                     (int)message->state);
      break;
    case BED_MESSAGE_POSITION:
      bed_signalling_client_set_position (self, (guint) message->position);
      break;
    case BED_MESSAGE_HOST:
      bed_signalling_client_set_host_online (self, message->online);
      break;
    case BED_MESSAGE_OVER:
      end_for_good (self);
      g_signal_emit (self, bed_signalling_client_get_signal (BED_SIGNAL_OVER), 0,
                     (int)message->reason);
      break;
    case BED_MESSAGE_RELAY:
      take_relay (self, message, room, peer);
      break;
    case BED_MESSAGE_OK:
      bed_hop_confirm (self->hop, message->n);
      break;
    case BED_MESSAGE_ERROR:
      take_error (self, message->error);
      break;
    case BED_MESSAGE_ATTACH:
    case BED_MESSAGE_JOIN:
    case BED_MESSAGE_ADMIT:
    case BED_MESSAGE_DECLINE:
    case BED_MESSAGE_LEAVE:
    default:
      break; /* the decoder lets none of these through from a server */
    }
}

static void
on_message (SoupWebsocketConnection *socket, SoupWebsocketDataType type, GBytes *data,
            gpointer user_data)
{
  g_autoptr (BedSignallingClient) self = g_object_ref (user_data);
  gsize length;
  const char *text = g_bytes_get_data (data, &length);
  BedSender sender = self->side == BED_SENDER_PATIENT ? BED_SENDER_SERVER_TO_PATIENT
                                                      : BED_SENDER_SERVER_TO_CLINICIAN;
  g_autoptr (BedMessage) message = NULL;
  gboolean first = self->state == BED_SIGNALLING_STATE_CONNECTING;

  if (type == SOUP_WEBSOCKET_DATA_TEXT)
    message = bed_message_decode (sender, text, length, NULL);
  /* What is not of the protocol, or comes before the welcome, ends this connection, not the app. */
  if (message == NULL
      || (first && message->type != BED_MESSAGE_WELCOME && message->type != BED_MESSAGE_ERROR
          && message->type != BED_MESSAGE_OVER))
    lose_connection (self);
  else
    take_message (self, message);
}

static void
on_closed (SoupWebsocketConnection *socket, gpointer user_data)
{
  g_autoptr (BedSignallingClient) self = g_object_ref (user_data);

  lose_connection (self);
}

/* The server pings every 20 s: a silent connection is a dead one. So is one that never says
 * welcome. */
static gboolean
on_watch (gpointer data)
{
  BedSignallingClient *self = data;
  gint64 now_us = bed_clock_get_monotonic_us (self->clock);
  guint64 total = bed_metered_stream_get_total (self->stream);
  guint limit_s = self->state == BED_SIGNALLING_STATE_ONLINE ? BED_PROTOCOL_SILENCE_SECONDS
                                                             : self->patience_s;

  if (total != self->seen_bytes && self->state == BED_SIGNALLING_STATE_ONLINE)
    self->seen_us = now_us;
  self->seen_bytes = total;
  if (now_us - self->seen_us < limit_s * G_USEC_PER_SEC)
    return G_SOURCE_CONTINUE;
  self->watch_source = 0;
  lose_connection (self);
  return G_SOURCE_REMOVE;
}

static void
on_dialled (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (BedSignallingClient) self = user_data;
  g_autoptr (GError) error = NULL;
  BedMeteredStream *stream;
  g_autoptr (SoupWebsocketConnection) socket = bed_dialer_dial_finish (result, &stream, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  self->untrusted = g_error_matches (error, BED_SIGNALLING_ERROR, BED_SIGNALLING_ERROR_UNTRUSTED);
  if (socket == NULL)
    {
      if (g_error_matches (error, BED_SIGNALLING_ERROR, BED_SIGNALLING_ERROR_UNAUTHORIZED))
        bed_signalling_client_drop_access (self);
      lose_connection (self);
      return;
    }
  g_clear_object (&self->dialling);
  g_clear_handle_id (&self->watch_source, g_source_remove);
  self->socket = g_steal_pointer (&socket);
  self->stream = stream;
  self->seen_bytes = 0;
  self->seen_us = bed_clock_get_monotonic_us (self->clock);
  g_signal_connect (self->socket, "message", G_CALLBACK (on_message), self);
  g_signal_connect (self->socket, "closed", G_CALLBACK (on_closed), self);
  self->watch_source = g_timeout_add_seconds (WATCH_SECONDS, on_watch, self);
  send_first (self);
}

static gboolean
on_dial_deadline (gpointer data)
{
  BedSignallingClient *self = data;

  self->watch_source = 0;
  lose_connection (self);
  return G_SOURCE_REMOVE;
}

static void
dial_now (BedSignallingClient *self, const char *bearer)
{
  drop_socket (self);
  self->watch_source = g_timeout_add_seconds (self->patience_s, on_dial_deadline, self);
  self->dialling = g_cancellable_new ();
  bed_dialer_dial_async (self->authority, &self->trust, self->clock, bearer, self->dialling,
                         on_dialled, g_object_ref (self));
}

static void
on_fresh (BedSignallingClient *self, const GError *error, gpointer data)
{
  if (!self->wanted || self->socket != NULL || self->dialling != NULL)
    return;
  if (error == NULL)
    dial_now (self, bed_signalling_client_get_access (self));
  else if (g_error_matches (error, BED_SIGNALLING_ERROR, BED_SIGNALLING_ERROR_SIGNED_OUT))
    end_for_good (self);
  else
    {
      self->untrusted
          = g_error_matches (error, BED_SIGNALLING_ERROR, BED_SIGNALLING_ERROR_UNTRUSTED);
      lose_connection (self);
    }
}

static void
dial (BedSignallingClient *self)
{
  bed_signalling_client_set_state (self, BED_SIGNALLING_STATE_CONNECTING);
  if (self->side == BED_SENDER_CLINICIAN)
    bed_signalling_client_ensure_fresh (self, on_fresh, NULL);
  else
    dial_now (self, NULL);
}

static void
open_socket (BedSignallingClient *self, BedSender side)
{
  g_return_if_fail (!self->wanted);
  self->side = side;
  self->wanted = TRUE;
  dial (self);
}

void
bed_signalling_client_attach (BedSignallingClient *self)
{
  open_socket (self, BED_SENDER_CLINICIAN);
}

void
bed_signalling_client_watch (BedSignallingClient *self)
{
  self->watching = TRUE;
  open_socket (self, BED_SENDER_CLINICIAN);
}

void
bed_signalling_client_join (BedSignallingClient *self)
{
  g_return_if_fail (self->token != NULL);
  open_socket (self, BED_SENDER_PATIENT);
}

void
bed_signalling_client_close (BedSignallingClient *self)
{
  BedMessage leave = { .type = BED_MESSAGE_LEAVE };

  if (self->side == BED_SENDER_PATIENT)
    send_message (self, &leave);
  end_for_good (self);
}

void
bed_signalling_client_retry_now (BedSignallingClient *self)
{
  if (self->retry_source == 0)
    return;
  g_clear_handle_id (&self->retry_source, g_source_remove);
  dial (self);
}

/* Both are base64url of a fixed length; anything else is a caller's bug. */
static gboolean
address_message (BedMessage *message, const char *room, const char *peer)
{
  return bed_base64url_decode_exact (room, message->room, sizeof message->room) &&
         bed_base64url_decode_exact (peer, message->peer, sizeof message->peer);
}

gboolean
bed_signalling_client_relay (BedSignallingClient *self, const char *room, const char *peer,
                             const char *data)
{
  g_autoptr (BedMessage) message = g_new0 (BedMessage, 1);
  BedMessage *kept;

  message->type = BED_MESSAGE_RELAY;
  message->data = g_strdup (data);
  if (self->side == BED_SENDER_CLINICIAN && !address_message (message, room, peer))
    g_return_val_if_reached (FALSE);
  kept = bed_hop_push (self->hop, g_steal_pointer (&message));
  if (kept != NULL && self->state == BED_SIGNALLING_STATE_ONLINE)
    send_message (self, kept);
  return kept != NULL;
}

static gboolean
tell (BedSignallingClient *self, BedMessageType type, const char *room, const char *peer)
{
  BedMessage message = { .type = type };

  if (self->side != BED_SENDER_CLINICIAN || !address_message (&message, room, peer))
    g_return_val_if_reached (FALSE);
  return self->state == BED_SIGNALLING_STATE_ONLINE && send_message (self, &message);
}

gboolean
bed_signalling_client_admit (BedSignallingClient *self, const char *room, const char *peer)
{
  return tell (self, BED_MESSAGE_ADMIT, room, peer);
}

gboolean
bed_signalling_client_decline (BedSignallingClient *self, const char *room, const char *peer)
{
  return tell (self, BED_MESSAGE_DECLINE, room, peer);
}

gboolean
bed_signalling_client_is_untrusted (BedSignallingClient *self)
{
  return self->untrusted;
}
