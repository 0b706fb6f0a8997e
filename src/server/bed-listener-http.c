/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-listener-private.h"

#define BODY_MAX (72 * 1024)
#define API "/api/v1"
#define CHUNK 16384

typedef struct
{
  struct lws *wsi;
  BedListener *listener;
  BedRequest *request; /* owned: an API request, until its answer is on its way */
  GByteArray *body;
  gsize expected;
  gboolean handled;

  /* The answer. */
  gboolean ready;
  gboolean headers_sent;
  gboolean close_after;
  gboolean head;
  guint status;
  const char *type;
  char *etag;
  gboolean gzip;
  gboolean page;
  guint retry_after;
  GBytes *out;
  gsize sent;
} Http;

gsize
bed_listener_http_size (void)
{
  return sizeof (Http);
}

static void
clear (Http *http)
{
  if (http->request)
    {
      http->request->respond = NULL;
      http->request->connection = NULL;
    }
  g_clear_pointer (&http->request, bed_request_unref);
  g_clear_pointer (&http->body, g_byte_array_unref);
  g_clear_pointer (&http->etag, g_free);
  g_clear_pointer (&http->out, g_bytes_unref);
  memset (http, 0, sizeof *http);
}

/* --- Answers ---------------------------------------------------------------------------------- */

static void
answer (Http *http, guint status, const char *type, GBytes *body)
{
  http->ready = TRUE;
  http->status = status;
  http->type = type;
  http->out = body ? g_bytes_ref (body) : NULL;
  lws_callback_on_writable (http->wsi);
}

static void
answer_text (Http *http, guint status, const char *text)
{
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));

  answer (http, status, "application/json", body);
}

static void
answer_code (Http *http, BedProtocolError code)
{
  g_autofree char *text = g_strdup_printf ("{\"error\":\"%s\"}", bed_protocol_error_to_code (code));

  answer_text (http, bed_protocol_error_to_status (code), text);
}

static void
respond (BedRequest *request, gpointer connection)
{
  Http *http = connection;
  BedListener *self = http->listener;
  gint64 ms = (bed_clock_get_monotonic_us (self->clock) - request->start_us) / 1000;
  g_autofree char *client
      = bed_server_log_id (self->log, request->address, strlen (request->address));

  bed_server_log (self->log, "request", "tiit", "route", request->route, "status",
                  (gint64)request->status, "ms", ms, "client", client);
  http->retry_after = request->retry_after;
  if (request->text)
    answer_text (http, request->status, request->text);
  else
    answer (http, request->status, NULL, NULL);
}

typedef struct
{
  struct lws *wsi;
  guint8 *at;
  guint8 *end;
  gboolean failed;
} Headers;

static void
add_header (Headers *headers, const char *name, const char *value)
{
  g_autofree char *with_colon = g_strconcat (name, ":", NULL);

  headers->failed |= lws_add_http_header_by_name (headers->wsi, (const guint8 *)with_colon,
                                                  (const guint8 *)value, (int)strlen (value),
                                                  &headers->at, headers->end)
                     != 0;
}

static void
add_security (Headers *headers, Http *http)
{
  add_header (headers, "x-content-type-options", "nosniff");
  add_header (headers, "referrer-policy", "no-referrer");
  add_header (headers, "strict-transport-security", "max-age=63072000");
  add_header (headers, "cross-origin-resource-policy", "same-origin");
  add_header (headers, "content-security-policy",
              http->page ? http->listener->policy : "default-src 'none'; frame-ancestors 'none'");
  if (!http->page)
    return;
  add_header (headers, "x-frame-options", "DENY");
  add_header (headers, "cross-origin-opener-policy", "same-origin");
  add_header (headers, "permissions-policy",
              "camera=(self), microphone=(self), speaker-selection=(self), display-capture=(), "
              "geolocation=(), "
              "payment=(), usb=()");
}

static int
write_headers (Http *http, struct lws *wsi)
{
  guint8 buffer[LWS_PRE + 4096];
  Headers headers = { wsi, buffer + LWS_PRE, buffer + sizeof buffer - 1, FALSE };
  g_autofree char *retry = g_strdup_printf ("%u", http->retry_after);
  gsize length = http->out ? g_bytes_get_size (http->out) : 0;

  if (lws_add_http_header_status (wsi, http->status, &headers.at, headers.end))
    return -1;
  if (http->type)
    add_header (&headers, "content-type", http->type);
  add_header (&headers, "cache-control", http->etag ? "no-cache" : "no-store");
  if (http->etag)
    {
      add_header (&headers, "etag", http->etag);
      add_header (&headers, "vary", "accept-encoding");
    }
  if (http->gzip)
    add_header (&headers, "content-encoding", "gzip");
  if (http->retry_after)
    add_header (&headers, "retry-after", retry);
  if (http->close_after)
    add_header (&headers, "connection", "close");
  add_security (&headers, http);
  if (headers.failed
      || ((http->status != 204 && http->status != 304)
          && lws_add_http_header_content_length (wsi, length, &headers.at, headers.end))
      || lws_finalize_write_http_header (wsi, buffer + LWS_PRE, &headers.at, headers.end))
    return -1;
  http->headers_sent = TRUE;
  return 0;
}

static int
finish (Http *http, struct lws *wsi)
{
  gboolean close = http->close_after;

  clear (http);
  if (close || lws_http_transaction_completed (wsi))
    return -1;
  return 0;
}

static int
write_some (Http *http, struct lws *wsi)
{
  guint8 buffer[LWS_PRE + CHUNK];
  gsize length;
  const guint8 *data;
  gsize part;

  if (!http->ready)
    return 0;
  if (!http->headers_sent)
    {
      if (write_headers (http, wsi) != 0)
        return -1;
      if (!http->out || http->head || g_bytes_get_size (http->out) == 0)
        return finish (http, wsi);
      lws_callback_on_writable (wsi);
      return 0;
    }
  data = g_bytes_get_data (http->out, &length);
  part = MIN (CHUNK, length - http->sent);
  memcpy (buffer + LWS_PRE, data + http->sent, part);
  http->sent += part;
  if (lws_write (wsi, buffer + LWS_PRE, part,
                 http->sent == length ? LWS_WRITE_HTTP_FINAL : LWS_WRITE_HTTP)
      < (int) part)
    return -1;
  if (http->sent == length)
    return finish (http, wsi);
  lws_callback_on_writable (wsi);
  return 0;
}

/* --- Requests --------------------------------------------------------------------------------- */

static void
serve_page (Http *http, struct lws *wsi, const char *path)
{
  const BedPage *page = bed_pages_find (http->listener->pages, path);
  g_autofree char *accepts = bed_listener_get_header (wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING, 256);
  g_autofree char *known = bed_listener_get_header (wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH, 256);

  if (!page)
    return answer_code (http, BED_PROTOCOL_ERROR_NOT_FOUND);
  http->page = TRUE;
  http->etag = g_strdup (page->etag);
  if (known && strstr (known, page->etag))
    return answer (http, 304, NULL, NULL);
  http->gzip = page->gzip && accepts && strstr (accepts, "gzip");
  answer (http, 200, page->type, http->gzip ? page->gzip : page->body);
}

static void
serve_health (Http *http)
{
  if (bed_health_is_good (http->listener->health))
    answer_text (http, 200, "{\"status\":\"ok\"}");
  else
    answer_text (http, 503, "{\"status\":\"unavailable\"}");
}

static void
start_request (Http *http, struct lws *wsi, const char *method, const char *path)
{
  BedRequest *request = bed_request_new ();

  http->request = request;
  request->method = g_strdup (method);
  request->path = g_strdup (path);
  request->address = bed_listener_get_address (http->listener, wsi);
  request->bearer = bed_listener_get_bearer (wsi);
  request->room = bed_listener_get_custom (wsi, "bedside-room:", 64);
  request->admission = bed_listener_get_custom (wsi, "bedside-admission:", 64);
  request->start_us = bed_clock_get_monotonic_us (http->listener->clock);
  request->respond = respond;
  request->connection = http;
}

static void
handle_request (Http *http)
{
  g_autoptr (BedRequest) request = bed_request_ref (http->request);

  if (http->handled)
    return;
  http->handled = TRUE;
  /* The answer has 30 s, however long the password queue is. */
  lws_set_timeout (http->wsi, PENDING_TIMEOUT_HTTP_CONTENT, 30);
  if (http->body)
    request->body = g_byte_array_free_to_bytes (g_steal_pointer (&http->body));
  bed_api_handle (http->listener->api, request);
}

/* Returns: FALSE when the request is refused already, its body unread. */
static gboolean
check_body (Http *http, struct lws *wsi)
{
  g_autofree char *text = bed_listener_get_header (wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, 32);
  guint64 length = 0;

  if (lws_hdr_total_length (wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0
      || (lws_hdr_total_length (wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH) > 0
          && (!text || !g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, &length, NULL))))
    {
      http->close_after = TRUE;
      answer_code (http, BED_PROTOCOL_ERROR_BAD_REQUEST);
      return FALSE;
    }
  if (length > BODY_MAX)
    {
      http->close_after = TRUE;
      answer_code (http, BED_PROTOCOL_ERROR_TOO_LARGE);
      return FALSE;
    }
  http->expected = length;
  return TRUE;
}

static const char *
read_method (struct lws *wsi)
{
  static const struct
  {
    enum lws_token_indexes token;
    const char *name;
  } methods[] = { { WSI_TOKEN_GET_URI, "GET" }, { WSI_TOKEN_POST_URI, "POST" },
                  { WSI_TOKEN_DELETE_URI, "DELETE" }, { WSI_TOKEN_HEAD_URI, "HEAD" } };

  for (gsize i = 0; i < G_N_ELEMENTS (methods); i++)
    if (lws_hdr_total_length (wsi, methods[i].token) > 0)
      return methods[i].name;
  return NULL;
}

static int
start (Http *http, struct lws *wsi, const char *path)
{
  const char *method = read_method (wsi);

  clear (http);
  http->wsi = wsi;
  http->listener = bed_listener_of (wsi);
  http->head = g_strcmp0 (method, "HEAD") == 0;
  if (!check_body (http, wsi))
    return 0;
  if (!method)
    answer_code (http, BED_PROTOCOL_ERROR_NOT_FOUND);
  else if (!bed_listener_origin_is_fine (http->listener, wsi))
    answer_code (http, BED_PROTOCOL_ERROR_FORBIDDEN);
  else if (g_str_has_prefix (path, API "/"))
    start_request (http, wsi, http->head ? "GET" : method, path + strlen (API));
  else if (strcmp (method, "POST") == 0 || strcmp (method, "DELETE") == 0)
    answer_code (http, BED_PROTOCOL_ERROR_NOT_FOUND);
  else if (strcmp (path, "/healthz") == 0)
    serve_health (http);
  else
    serve_page (http, wsi, path);
  if (http->ready && http->expected)
    http->close_after = TRUE;
  if (http->request && http->expected == 0)
    handle_request (http);
  return 0;
}

static int
take_body (Http *http, const guint8 *data, gsize length)
{
  if (!http->request || http->handled)
    return 0;
  if (!http->body)
    http->body = g_byte_array_sized_new ((guint) http->expected);
  if (http->body->len + length > http->expected)
    return -1;
  g_byte_array_append (http->body, data, (guint) length);
  return 0;
}

int
bed_listener_http (struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                   size_t length)
{
  Http *http = user;

  switch (reason)
    {
    case LWS_CALLBACK_HTTP:
      return http ? start (http, wsi, in) : -1;
    case LWS_CALLBACK_HTTP_BODY:
      return take_body (http, in, length);
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
      if (http->request && !http->ready)
        handle_request (http);
      return 0;
    case LWS_CALLBACK_HTTP_WRITEABLE:
      return write_some (http, wsi);
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
      return 1; /* a WebSocket without our subprotocol */
    case LWS_CALLBACK_CLOSED_HTTP:
    case LWS_CALLBACK_HTTP_DROP_PROTOCOL:
      if (http)
        clear (http);
      return 0;
    default:
      return 0;
    }
}
