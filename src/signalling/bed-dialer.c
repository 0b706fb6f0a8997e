/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-dialer-private.h"

#include <string.h>

#include "bed-secret.h"
#include "bed-signalling-client.h"

#define HEAD_MAX 8192
#define TIMEOUT_SECONDS 20
#define KEY_BYTES 16
#define WEBSOCKET_GUID "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

typedef struct
{
  char *authority, *host, *key;
  char *request;
  char *bearer;
  BedTrust *trust; /* borrowed */
  BedClock *clock; /* borrowed */
  GSocketClient *client;
  GSocketConnection *connection;
  GString *head;
  char byte;
  BedMeteredStream *stream; /* borrowed from the connection */
} Dial;

static void
dial_free (Dial *dial)
{
  g_free (dial->authority);
  g_free (dial->host);
  g_free (dial->key);
  if (dial->request != NULL)
    bed_secret_wipe (dial->request, strlen (dial->request));
  g_free (dial->request);
  if (dial->bearer != NULL)
    bed_secret_wipe (dial->bearer, strlen (dial->bearer));
  g_free (dial->bearer);
  g_clear_object (&dial->client);
  g_clear_object (&dial->connection);
  g_string_free (dial->head, TRUE);
  g_free (dial);
}

char *
bed_dialer_split (const char *authority, guint16 *port)
{
  const char *bracket = strchr (authority, ']');
  const char *colon = strchr (bracket != NULL ? bracket : authority, ':');
  gsize length = colon != NULL ? (gsize) (colon - authority) : strlen (authority);

  *port = colon != NULL ? (guint16) g_ascii_strtoull (colon + 1, NULL, 10) : 443;
  return bracket != NULL ? g_strndup (authority + 1, length - 2) : g_strndup (authority, length);
}

GError *
bed_dialer_translate (GError *error)
{
  /* Other errors of TLS, such as an end without a word, are a bad network. */
  gboolean untrusted = g_error_matches (error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
  GError *own;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      || error->domain == BED_SIGNALLING_ERROR)
    return error;
  own = g_error_new_literal (
      BED_SIGNALLING_ERROR,
      untrusted ? BED_SIGNALLING_ERROR_UNTRUSTED : BED_SIGNALLING_ERROR_NETWORK,
      untrusted ? "the server's certificate is not trusted" : "no way to the server");
  g_error_free (error);
  return own;
}

static void
fail (GTask *task, GError *error)
{
  g_task_return_error (task, bed_dialer_translate (error));
  g_object_unref (task);
}

static void
refuse (GTask *task, BedSignallingError code)
{
  fail (task,
        g_error_new_literal (BED_SIGNALLING_ERROR, code, "the server did not take the upgrade"));
}

static gboolean
header_is (SoupMessageHeaders *headers, const char *name, const char *value)
{
  const char *got = soup_message_headers_get_one (headers, name);

  return got != NULL && g_ascii_strcasecmp (got, value) == 0;
}

static gboolean
accept_fits (SoupMessageHeaders *headers, const char *key)
{
  g_autofree char *text = g_strconcat (key, WEBSOCKET_GUID, NULL);
  guint8 digest[20];
  gsize length = sizeof digest;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA1);
  g_autofree char *expected = NULL;

  g_checksum_update (checksum, (const guchar *) text, (gssize) strlen (text));
  g_checksum_get_digest (checksum, digest, &length);
  expected = g_base64_encode (digest, length);
  return g_strcmp0 (soup_message_headers_get_one (headers, "Sec-WebSocket-Accept"), expected) == 0;
}

static BedSignallingError
error_for_status (guint status)
{
  switch (status)
    {
    case 401:
      return BED_SIGNALLING_ERROR_UNAUTHORIZED;
    case 403:
      return BED_SIGNALLING_ERROR_FORBIDDEN;
    case 429:
      return BED_SIGNALLING_ERROR_RATE_LIMITED;
    case 503:
      return BED_SIGNALLING_ERROR_UNAVAILABLE;
    default:
      return BED_SIGNALLING_ERROR_PROTOCOL;
    }
}

static SoupWebsocketConnection *
make_connection (Dial *dial)
{
  GIOStream *base = G_IO_STREAM (dial->connection);
  g_autoptr (GInputStream) input = bed_metered_stream_new (base, dial->clock);
  g_autoptr (GIOStream) stream
      = g_simple_io_stream_new (input, g_io_stream_get_output_stream (base));
  g_autofree char *text = g_strconcat ("wss://", dial->authority, "/ws", NULL);
  g_autoptr (GUri) uri = g_uri_parse (text, SOUP_HTTP_URI_FLAGS, NULL);
  SoupWebsocketConnection *connection;

  connection = soup_websocket_connection_new (stream, uri, SOUP_WEBSOCKET_CONNECTION_CLIENT, NULL,
                                              BED_PROTOCOL_SUBPROTOCOL, NULL);
  soup_websocket_connection_set_max_incoming_payload_size (connection, BED_PROTOCOL_MESSAGE_MAX);
  /* The streams do not keep what they belong to. */
  g_object_set_data_full (G_OBJECT (connection), "bed-base", g_object_ref (base), g_object_unref);
  dial->stream = BED_METERED_STREAM (input);
  return connection;
}

static void
take_head (GTask *task)
{
  Dial *dial = g_task_get_task_data (task);
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);
  SoupHTTPVersion version;
  guint status = 0;

  /* The last empty line is not for the parser. */
  if (!soup_headers_parse_response (dial->head->str, (int)dial->head->len - 2, headers, &version,
                                    &status, NULL))
    refuse (task, BED_SIGNALLING_ERROR_PROTOCOL);
  else if (status != SOUP_STATUS_SWITCHING_PROTOCOLS)
    refuse (task, error_for_status (status));
  else if (!header_is (headers, "Upgrade", "websocket") ||
           !soup_message_headers_header_contains (headers, "Connection", "upgrade") ||
           !header_is (headers, "Sec-WebSocket-Protocol", BED_PROTOCOL_SUBPROTOCOL) ||
           soup_message_headers_get_one (headers, "Sec-WebSocket-Extensions") != NULL ||
           !accept_fits (headers, dial->key))
    refuse (task, BED_SIGNALLING_ERROR_PROTOCOL);
  else
    {
      g_task_return_pointer (task, make_connection (dial), g_object_unref);
      g_object_unref (task);
    }
}

static void read_head (GTask *task);

static void
on_byte (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Dial *dial = g_task_get_task_data (task);
  GError *error = NULL;
  gssize got = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &error);

  if (got < 0)
    {
      fail (task, error);
      return;
    }
  if (got == 1)
    g_string_append_c (dial->head, dial->byte);
  if (got == 0 || dial->head->len > HEAD_MAX)
    refuse (task, got == 0 ? BED_SIGNALLING_ERROR_NETWORK : BED_SIGNALLING_ERROR_PROTOCOL);
  else if (g_str_has_suffix (dial->head->str, "\r\n\r\n"))
    take_head (task);
  else
    read_head (task);
}

/* Byte by byte, so that nothing of the frames behind the head is swallowed. */
static void
read_head (GTask *task)
{
  Dial *dial = g_task_get_task_data (task);

  g_input_stream_read_async (g_io_stream_get_input_stream (G_IO_STREAM (dial->connection)),
                             &dial->byte, 1, G_PRIORITY_DEFAULT, g_task_get_cancellable (task),
                             on_byte, task);
}

static void
on_written (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (!g_output_stream_write_all_finish (G_OUTPUT_STREAM (source), result, NULL, &error))
    fail (task, error);
  else
    read_head (task);
}

static void
write_request (GTask *task)
{
  Dial *dial = g_task_get_task_data (task);
  guint8 key[KEY_BYTES];

  bed_random_bytes (key, sizeof key);
  dial->key = g_base64_encode (key, sizeof key);
  dial->request = g_strdup_printf (
      "GET /ws HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: %s\r\n"
      "Sec-WebSocket-Protocol: " BED_PROTOCOL_SUBPROTOCOL "\r\n%s%s%s\r\n",
      dial->authority, dial->key, dial->bearer != NULL ? "Authorization: Bearer " : "",
      dial->bearer != NULL ? dial->bearer : "", dial->bearer != NULL ? "\r\n" : "");
  g_output_stream_write_all_async (g_io_stream_get_output_stream (G_IO_STREAM (dial->connection)),
                                   dial->request, strlen (dial->request), G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), on_written, task);
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Dial *dial = g_task_get_task_data (task);
  GError *error = NULL;

  dial->connection = g_socket_client_connect_finish (G_SOCKET_CLIENT (source), result, &error);
  if (dial->connection == NULL)
    fail (task, error);
  else
    write_request (task);
}

static void
on_event (GSocketClient *client, GSocketClientEvent event, GSocketConnectable *connectable,
          GIOStream *connection, gpointer trust)
{
  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING)
    bed_trust_apply (trust, G_TLS_CONNECTION (connection));
}

void
bed_dialer_dial_async (const char *authority, BedTrust *trust, BedClock *clock, const char *bearer,
                       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, user_data);
  Dial *dial = g_new0 (Dial, 1);
  g_autoptr (GSocketConnectable) address = NULL;
  guint16 port;

  g_task_set_source_tag (task, bed_dialer_dial_async);
  g_task_set_task_data (task, dial, (GDestroyNotify) dial_free);
  dial->authority = g_strdup (authority);
  dial->host = bed_dialer_split (authority, &port);
  dial->bearer = g_strdup (bearer);
  dial->trust = trust;
  dial->clock = clock;
  dial->head = g_string_new (NULL);
  dial->client = g_socket_client_new ();
  g_socket_client_set_tls (dial->client, TRUE);
  g_socket_client_set_timeout (dial->client, TIMEOUT_SECONDS);
  g_signal_connect (dial->client, "event", G_CALLBACK (on_event), trust);
  address = g_network_address_new (dial->host, port);
  g_socket_client_connect_async (dial->client, address, cancellable, on_connected, task);
}

SoupWebsocketConnection *
bed_dialer_dial_finish (GAsyncResult *result, BedMeteredStream **stream, GError **error)
{
  Dial *dial = g_task_get_task_data (G_TASK (result));
  SoupWebsocketConnection *connection = g_task_propagate_pointer (G_TASK (result), error);

  *stream = connection != NULL ? dial->stream : NULL;
  return connection;
}
