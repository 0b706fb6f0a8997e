/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-listener-private.h"

#define MESSAGE_MAX BED_PROTOCOL_MESSAGE_MAX
#define QUEUE_MAX (4 * 1024 * 1024)

/* Frames, not messages: a message may come in many, even empty ones. */
static const BedLimit frame_limit = { .burst = 600, .per_minute = 6000 };

typedef struct
{
  struct lws *wsi;
  BedListener *listener;
  BedHubClient *client;
  GString *incoming;
  GQueue outgoing; /* of owned GBytes, with LWS_PRE bytes before the text */
  gsize outgoing_bytes;
  BedBucket frames;
  BedServerSession session;
  gboolean has_session;
  gboolean closing;
} Socket;

gsize
bed_listener_socket_size (void)
{
  return sizeof (Socket);
}

static void
send_text (gpointer connection, const char *text)
{
  Socket *socket = connection;
  gsize length = strlen (text);
  guint8 *buffer;

  if (socket->outgoing_bytes + length > QUEUE_MAX)
    {
      lws_set_timeout (socket->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
      return;
    }
  buffer = g_malloc (LWS_PRE + length);
  memcpy (buffer + LWS_PRE, text, length);
  g_queue_push_tail (&socket->outgoing, g_bytes_new_take (buffer, LWS_PRE + length));
  socket->outgoing_bytes += length;
  lws_callback_on_writable (socket->wsi);
}

static void
close_socket (gpointer connection)
{
  Socket *socket = connection;

  socket->closing = TRUE;
  lws_set_timeout (socket->wsi, PENDING_TIMEOUT_USER_REASON_BASE, 5);
  lws_callback_on_writable (socket->wsi);
}

const BedHubCallbacks bed_listener_hub_callbacks = { send_text, close_socket };

/* The library would answer in HTTP/1.0, which WebSocket clients do not take. */
static int
refuse_upgrade (struct lws *wsi, const char *status)
{
  g_autofree char *text
      = g_strdup_printf ("HTTP/1.1 %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", status);
  gsize length = strlen (text);
  g_autofree guint8 *buffer = g_malloc0 (LWS_PRE + length);

  memcpy (buffer + LWS_PRE, text, length);
  lws_write (wsi, buffer + LWS_PRE, length, LWS_WRITE_HTTP_HEADERS);
  return 1;
}

static gboolean
too_many_upgrades (BedListener *self, struct lws *wsi, const char *address)
{
  g_autofree char *bucket = g_strconcat ("w:", address, NULL);
  const double rate = MAX (60, self->settings->requests_per_minute / 10.0);
  const BedLimit limit = { .burst = MAX (30, rate / 2), .per_minute = rate };

  return bed_limiter_take (self->limiter, bucket, &limit, bed_clock_get_monotonic_us (self->clock))
             > 0
         || !bed_listener_take_place (self, wsi, address);
}

/* Before the upgrade is answered: non-zero refuses it. */
static int
check_upgrade (Socket *socket, struct lws *wsi)
{
  BedListener *self = bed_listener_of (wsi);
  g_autofree char *uri = bed_listener_get_header (wsi, WSI_TOKEN_GET_URI, 64);
  g_autofree char *bearer = bed_listener_get_bearer (wsi);
  g_autofree char *address = bed_listener_get_address (self, wsi);

  if (!socket || g_strcmp0 (uri, "/ws") != 0)
    return refuse_upgrade (wsi, "404 Not Found");
  if (!bed_listener_origin_is_fine (self, wsi))
    return refuse_upgrade (wsi, "403 Forbidden");
  if (too_many_upgrades (self, wsi, address))
    return refuse_upgrade (wsi, "429 Too Many Requests");
  socket->has_session = lws_hdr_total_length (wsi, WSI_TOKEN_HTTP_AUTHORIZATION) > 0;
  if (socket->has_session && !bed_accounts_find_session (self->accounts, bearer, &socket->session))
    return refuse_upgrade (wsi, "401 Unauthorized");
  return 0;
}

static int
establish (Socket *socket, struct lws *wsi)
{
  BedListener *self = bed_listener_of (wsi);

  socket->wsi = wsi;
  socket->listener = self;
  bed_listener_keep_socket (self, wsi);
  socket->incoming = g_string_new (NULL);
  g_queue_init (&socket->outgoing);
  socket->client
      = bed_hub_connect (self->hub, socket, socket->has_session ? &socket->session : NULL);
  bed_server_log (self->log, "socket-open", "t", "role",
                  socket->has_session ? "clinician" : "patient");
  return 0;
}

static int
refuse (struct lws *wsi, enum lws_close_status status)
{
  lws_close_reason (wsi, status, NULL, 0);
  return -1;
}

static int
receive (Socket *socket, struct lws *wsi, const char *data, gsize length)
{
  BedListener *self = socket->listener;

  if (socket->closing)
    return 0;
  if (lws_frame_is_binary (wsi))
    return refuse (wsi, LWS_CLOSE_STATUS_UNACCEPTABLE_OPCODE);
  if (bed_bucket_take (&socket->frames, &frame_limit, bed_clock_get_monotonic_us (self->clock)))
    return refuse (wsi, LWS_CLOSE_STATUS_POLICY_VIOLATION);
  if (socket->incoming->len + length + lws_remaining_packet_payload (wsi) > MESSAGE_MAX)
    return refuse (wsi, LWS_CLOSE_STATUS_MESSAGE_TOO_LARGE);
  g_string_append_len (socket->incoming, data, (gssize) length);
  if (lws_remaining_packet_payload (wsi) || !lws_is_final_fragment (wsi))
    return 0;
  bed_hub_receive (socket->client, socket->incoming->str, socket->incoming->len);
  g_string_truncate (socket->incoming, 0);
  if (socket->incoming->allocated_len > 8192)
    {
      g_string_free (socket->incoming, TRUE);
      socket->incoming = g_string_new (NULL);
    }
  return 0;
}

static int
write_next (Socket *socket, struct lws *wsi)
{
  g_autoptr (GBytes) bytes = g_queue_pop_head (&socket->outgoing);
  gsize length;
  guint8 *buffer;

  if (!bytes)
    return socket->closing ? refuse (wsi, LWS_CLOSE_STATUS_NORMAL) : 0;
  buffer = (guint8 *) g_bytes_get_data (bytes, &length);
  socket->outgoing_bytes -= length - LWS_PRE;
  if (lws_write (wsi, buffer + LWS_PRE, length - LWS_PRE, LWS_WRITE_TEXT) < 0)
    return -1;
  if (socket->outgoing.length || socket->closing)
    lws_callback_on_writable (wsi);
  return 0;
}

static void
finish (Socket *socket)
{
  if (!socket || !socket->wsi)
    return;
  bed_hub_disconnect (socket->client);
  g_string_free (socket->incoming, TRUE);
  g_queue_clear_full (&socket->outgoing, (GDestroyNotify) g_bytes_unref);
  bed_server_log (socket->listener->log, "socket-closed", "");
  socket->wsi = NULL;
}

int
bed_listener_socket (struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                     size_t length)
{
  switch (reason)
    {
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
      return check_upgrade (user, wsi);
    case LWS_CALLBACK_ESTABLISHED:
      return establish (user, wsi);
    case LWS_CALLBACK_RECEIVE:
      return receive (user, wsi, in, length);
    case LWS_CALLBACK_SERVER_WRITEABLE:
      return write_next (user, wsi);
    case LWS_CALLBACK_CLOSED:
      finish (user);
      return 0;
    default:
      return 0;
    }
}
