/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-encoding.h"
#include "bed-signalling-client-private.h"

#define IDLE_SECONDS 20
/* An access token is renewed this long before it runs out. */
#define MARGIN_US (30 * G_USEC_PER_SEC)
#define CONNECTIONS_MAX 4
#define INTERIM_MAX 8 /* answers of 1xx before the true one */

typedef struct
{
  BedEndpoint endpoint;
  char *path;
  GBytes *body;               /* nullable */
  gboolean renewed;           /* the token was renewed once for this call */
  GCancellable *cancellable;  /* ours: the caller's, the client's end or the deadline */
  GCancellable *caller, *life;
  gulong caller_id, life_id;
  guint deadline;
  gboolean timed_out;
  guint interim;
  SoupMessage *message;
  guint8 *buffer;
} Call;

typedef struct
{
  BedFreshFunc func;
  gpointer data;
} Waiter;

static void send_call (GTask *task);

static void
call_free (Call *call)
{
  g_cancellable_disconnect (call->caller, call->caller_id);
  g_cancellable_disconnect (call->life, call->life_id);
  g_clear_handle_id (&call->deadline, g_source_remove);
  g_free (call->path);
  g_clear_pointer (&call->body, g_bytes_unref);
  g_clear_object (&call->cancellable);
  g_clear_object (&call->caller);
  g_clear_object (&call->life);
  if (call->message != NULL)
    g_signal_handlers_disconnect_by_data (call->message, call);
  g_clear_object (&call->message);
  if (call->buffer != NULL)
    bed_secret_wipe (call->buffer, BED_PROTOCOL_MESSAGE_MAX + 1); /* there may be tokens in it */
  g_free (call->buffer);
  g_free (call);
}

void
bed_signalling_client_init_http (BedSignallingClient *self)
{
  self->http = soup_session_new_with_options ("timeout", IDLE_SECONDS, "max-conns", CONNECTIONS_MAX,
                                              "max-conns-per-host", CONNECTIONS_MAX, "user-agent",
                                              "Bedside", NULL);
  soup_session_remove_feature_by_type (self->http, SOUP_TYPE_CONTENT_DECODER);
  soup_session_remove_feature_by_type (self->http, SOUP_TYPE_COOKIE_JAR);
  soup_session_remove_feature_by_type (self->http, SOUP_TYPE_AUTH_MANAGER);
}

/* A token as text that is wiped when it goes. */
static BedSecret *
keep_text (const char *text)
{
  return text != NULL ? bed_secret_new (text, strlen (text) + 1) : NULL;
}

const char *
bed_signalling_client_get_access (BedSignallingClient *self)
{
  return self->access != NULL ? (const char *) bed_secret_get_data (self->access) : NULL;
}

void
bed_signalling_client_drop_access (BedSignallingClient *self)
{
  g_clear_pointer (&self->access, bed_secret_unref);
}

static void
set_access (BedSignallingClient *self, const char *access, gint64 expires_in_s)
{
  g_clear_pointer (&self->access, bed_secret_unref);
  self->access = keep_text (access);
  self->access_ends_us = bed_clock_get_monotonic_us (self->clock) + expires_in_s * G_USEC_PER_SEC;
}

void
bed_signalling_client_set_tokens (BedSignallingClient *self, const char *access,
                                  gint64 expires_in_s, const char *refresh)
{
  set_access (self, access, expires_in_s);
  g_clear_pointer (&self->refresh, bed_secret_unref);
  self->refresh = keep_text (refresh);
}

void
bed_signalling_client_keep_refresh_token (BedSignallingClient *self)
{
  self->refresh_stays = TRUE;
}

BedSecret *
bed_signalling_client_dup_refresh_token (BedSignallingClient *self)
{
  return self->refresh != NULL ? bed_secret_new (bed_secret_get_data (self->refresh),
                                                 bed_secret_get_length (self->refresh) - 1)
                               : NULL;
}

BedSecret *
bed_signalling_client_dup_access_token (BedSignallingClient *self, gint64 *expires_in_s)
{
  const gint64 left_us = self->access_ends_us - bed_clock_get_monotonic_us (self->clock);

  *expires_in_s = MAX (left_us, 0) / G_USEC_PER_SEC;
  return self->access != NULL ? bed_secret_new (bed_secret_get_data (self->access),
                                                bed_secret_get_length (self->access) - 1)
                              : NULL;
}

gboolean
bed_signalling_client_has_session (BedSignallingClient *self)
{
  return self->refresh != NULL || self->access != NULL;
}

static gboolean
is_fresh (BedSignallingClient *self)
{
  return self->access != NULL
         && bed_clock_get_monotonic_us (self->clock) + MARGIN_US < self->access_ends_us;
}

static void
tell_waiters (BedSignallingClient *self, const GError *error)
{
  g_autoptr (GArray) waiters = g_steal_pointer (&self->waiting_for_tokens);

  self->waiting_for_tokens = g_array_new (FALSE, FALSE, sizeof (Waiter));
  for (guint i = 0; i < waiters->len; i++)
    {
      Waiter *waiter = &g_array_index (waiters, Waiter, i);
      waiter->func (self, error, waiter->data);
    }
}

static GError *
signed_out_error (void)
{
  return g_error_new_literal (BED_SIGNALLING_ERROR, BED_SIGNALLING_ERROR_SIGNED_OUT,
                              "the session has ended");
}

static void
on_refreshed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  BedSignallingClient *self = BED_SIGNALLING_CLIENT (source);
  g_autoptr (GError) error = NULL;
  gpointer answer = NULL;

  self->refreshing = FALSE;
  if (bed_signalling_client_call_finish (self, result, &answer, &error))
    {
      g_autoptr (BedTokens) tokens = answer;
      if (self->refresh_stays)
        set_access (self, tokens->access_token, tokens->access_expires_in);
      else
        bed_signalling_client_set_tokens (self, tokens->access_token, tokens->access_expires_in,
                                          tokens->refresh_token);
      g_signal_emit (self, bed_signalling_client_get_signal (BED_SIGNAL_TOKENS), 0);
    }
  else if (g_error_matches (error, BED_SIGNALLING_ERROR, BED_SIGNALLING_ERROR_UNAUTHORIZED))
    {
      g_clear_error (&error);
      error = signed_out_error ();
      bed_signalling_client_set_tokens (self, NULL, 0, NULL);
      g_signal_emit (self, bed_signalling_client_get_signal (BED_SIGNAL_SIGNED_OUT), 0);
    }
  tell_waiters (self, error);
}

void
bed_signalling_client_ensure_fresh (BedSignallingClient *self, BedFreshFunc func, gpointer data)
{
  Waiter waiter = { func, data };
  BedRefresh request;

  if (is_fresh (self))
    {
      func (self, NULL, data);
      return;
    }
  if (self->refresh == NULL)
    {
      g_autoptr (GError) error = signed_out_error ();
      func (self, error, data);
      return;
    }
  g_array_append_val (self->waiting_for_tokens, waiter);
  if (self->refreshing)
    return;
  self->refreshing = TRUE;
  request.refresh_token = (char *) bed_secret_get_data (self->refresh);
  bed_signalling_client_call_async (self, BED_ENDPOINT_TOKEN_REFRESH, NULL, &request, NULL,
                                    on_refreshed, NULL);
}

static void
fail_call (GTask *task, GError *error)
{
  Call *call = g_task_get_task_data (task);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)
      && (call->timed_out || call->interim > INTERIM_MAX))
    {
      g_clear_error (&error);
      error = call->timed_out
                  ? g_error_new_literal (BED_SIGNALLING_ERROR, BED_SIGNALLING_ERROR_NETWORK,
                                         "the server is too slow")
                  : g_error_new_literal (BED_SIGNALLING_ERROR, BED_SIGNALLING_ERROR_PROTOCOL,
                                         "the server does not answer");
    }
  g_task_return_error (task, bed_dialer_translate (error));
  g_object_unref (task);
}

static void
fail_call_with (GTask *task, BedSignallingError code, const char *why)
{
  fail_call (task, g_error_new_literal (BED_SIGNALLING_ERROR, code, why));
}

static void
on_fresh (BedSignallingClient *self, const GError *error, gpointer data)
{
  if (error != NULL)
    fail_call (data, g_error_copy (error));
  else
    send_call (data);
}

static gboolean
uses_bearer (BedSignallingClient *self, BedEndpoint endpoint)
{
  BedAuthKind auth = bed_endpoint_get_info (endpoint)->auth;

  return auth == BED_AUTH_BEARER ||
         (auth == BED_AUTH_BEARER_OR_ADMISSION && bed_signalling_client_has_session (self));
}

static void
take_error (GTask *task, const char *text, gsize length)
{
  BedSignallingClient *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  g_autoptr (BedErrorAnswer) answer
      = bed_wire_decode (&bed_error_answer_schema, text, length, NULL);

  if (answer == NULL)
    {
      fail_call_with (task, BED_SIGNALLING_ERROR_PROTOCOL,
                      "the server's error is not of this protocol");
      return;
    }
  if (answer->error == BED_PROTOCOL_ERROR_UNAUTHORIZED && uses_bearer (self, call->endpoint)
      && !call->renewed)
    {
      call->renewed = TRUE;
      g_signal_handlers_disconnect_by_data (call->message, call);
      g_clear_object (&call->message);
      bed_signalling_client_drop_access (self);
      bed_signalling_client_ensure_fresh (self, on_fresh, task);
      return;
    }
  fail_call_with (task, (BedSignallingError)answer->error,
                  bed_protocol_error_to_code (answer->error));
}

static void
take_answer (GTask *task, gsize length)
{
  Call *call = g_task_get_task_data (task);
  const BedEndpointInfo *info = bed_endpoint_get_info (call->endpoint);
  guint status = soup_message_get_status (call->message);
  gpointer answer;

  if (length > BED_PROTOCOL_MESSAGE_MAX)
    fail_call_with (task, BED_SIGNALLING_ERROR_PROTOCOL, "the answer is too large");
  else if (status >= 400)
    take_error (task, (const char *) call->buffer, length);
  else if (status != info->status)
    fail_call_with (task, BED_SIGNALLING_ERROR_PROTOCOL, "the answer has another status");
  else if (info->answer == NULL)
    {
      g_task_return_pointer (task, NULL, NULL);
      g_object_unref (task);
    }
  else if ((answer = bed_wire_decode (info->answer, (const char *)call->buffer, length, NULL))
           == NULL)
    fail_call_with (task, BED_SIGNALLING_ERROR_PROTOCOL, "the answer is not of this protocol");
  else
    {
      g_task_return_pointer (task, answer, info->answer->free);
      g_object_unref (task);
    }
}

static void
on_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;
  gsize length = 0;

  if (!g_input_stream_read_all_finish (G_INPUT_STREAM (source), result, &length, &error))
    fail_call (task, error);
  else
    take_answer (task, length);
}

static void
on_sent (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Call *call = g_task_get_task_data (task);
  GError *error = NULL;
  g_autoptr (GInputStream) stream
      = soup_session_send_finish (SOUP_SESSION (source), result, &error);

  if (stream == NULL)
    {
      fail_call (task, error);
      return;
    }
  g_free (call->buffer);
  call->buffer = g_malloc (BED_PROTOCOL_MESSAGE_MAX + 1);
  g_input_stream_read_all_async (stream, call->buffer, BED_PROTOCOL_MESSAGE_MAX + 1,
                                 G_PRIORITY_DEFAULT, call->cancellable, on_read, task);
}

static gboolean
on_accept_certificate (SoupMessage *message, GTlsCertificate *certificate,
                       GTlsCertificateFlags errors, gpointer self)
{
  return bed_trust_accepts (&BED_SIGNALLING_CLIENT (self)->trust, certificate);
}

/* libsoup takes them without an end, and without going back to the main loop. */
static void
on_informational (SoupMessage *message, gpointer data)
{
  Call *call = data;

  if (++call->interim > INTERIM_MAX)
    g_cancellable_cancel (call->cancellable);
}

static void
add_credentials (BedSignallingClient *self, Call *call)
{
  SoupMessageHeaders *headers = soup_message_get_request_headers (call->message);

  if (uses_bearer (self, call->endpoint))
    {
      g_autofree char *bearer
          = g_strconcat ("Bearer ", bed_signalling_client_get_access (self), NULL);
      soup_message_headers_replace (headers, "Authorization", bearer);
      bed_secret_wipe (bearer, strlen (bearer));
    }
  else if (bed_endpoint_get_info (call->endpoint)->auth != BED_AUTH_NONE && self->token != NULL)
    {
      g_autofree char *token
          = bed_base64url_encode (bed_secret_get_data (self->token), BED_TOKEN_BYTES);
      soup_message_headers_replace (headers, "Bedside-Admission", token);
      soup_message_headers_replace (headers, "Bedside-Room", self->room);
      bed_secret_wipe (token, strlen (token));
    }
}

static void
send_call (GTask *task)
{
  BedSignallingClient *self = g_task_get_source_object (task);
  Call *call = g_task_get_task_data (task);
  g_autofree char *text = g_strconcat ("https://", self->authority, call->path, NULL);

  call->message = soup_message_new (bed_endpoint_get_info (call->endpoint)->method, text);
  if (call->message == NULL)
    {
      fail_call_with (task, BED_SIGNALLING_ERROR_NETWORK, "not an address");
      return;
    }
  soup_message_add_flags (call->message, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect_object (call->message, "accept-certificate", G_CALLBACK (on_accept_certificate),
                           self, 0);
  g_signal_connect (call->message, "got-informational", G_CALLBACK (on_informational), call);
  if (call->body != NULL)
    soup_message_set_request_body_from_bytes (call->message, "application/json", call->body);
  add_credentials (self, call);
  soup_session_send_async (self->http, call->message, G_PRIORITY_DEFAULT, call->cancellable,
                           on_sent, task);
}

static gboolean
on_deadline (gpointer data)
{
  Call *call = data;

  call->deadline = 0;
  call->timed_out = TRUE;
  g_cancellable_cancel (call->cancellable);
  return G_SOURCE_REMOVE;
}

static void
on_cancelled (GCancellable *cancellable, gpointer ours)
{
  g_cancellable_cancel (ours);
}

static void
wipe_text (gpointer text)
{
  bed_secret_wipe (text, strlen (text));
  g_free (text);
}

static Call *
call_new (BedSignallingClient *self, BedEndpoint endpoint, const char *argument,
          gconstpointer request, GCancellable *cancellable)
{
  Call *call = g_new0 (Call, 1);
  const BedWireSchema *schema = bed_endpoint_get_info (endpoint)->request;

  call->endpoint = endpoint;
  call->path = bed_endpoint_build_path (endpoint, argument);
  if (schema != NULL)
    {
      char *text = bed_wire_encode (schema, request);
      call->body = g_bytes_new_with_free_func (text, strlen (text), wipe_text, text);
    }
  call->cancellable = g_cancellable_new ();
  g_set_object (&call->caller, cancellable);
  g_set_object (&call->life, self->life);
  if (cancellable != NULL)
    call->caller_id
        = g_cancellable_connect (cancellable, G_CALLBACK (on_cancelled), call->cancellable, NULL);
  call->life_id
      = g_cancellable_connect (self->life, G_CALLBACK (on_cancelled), call->cancellable, NULL);
  call->deadline = g_timeout_add_seconds (self->patience_s, on_deadline, call);
  return call;
}

void
bed_signalling_client_call_async (BedSignallingClient *self, BedEndpoint endpoint,
                                  const char *argument, gconstpointer request,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task = g_task_new (self, NULL, callback, user_data);

  g_task_set_source_tag (task, bed_signalling_client_call_async);
  g_task_set_task_data (task, call_new (self, endpoint, argument, request, cancellable),
                        (GDestroyNotify)call_free);
  if (uses_bearer (self, endpoint))
    bed_signalling_client_ensure_fresh (self, on_fresh, task);
  else
    send_call (task);
}

gboolean
bed_signalling_client_call_finish (BedSignallingClient *self, GAsyncResult *result,
                                   gpointer *answer, GError **error)
{
  Call *call = g_task_get_task_data (G_TASK (result));
  const BedWireSchema *schema = bed_endpoint_get_info (call->endpoint)->answer;
  GError *local = NULL;
  gpointer got = g_task_propagate_pointer (G_TASK (result), &local);

  if (local != NULL)
    {
      g_propagate_error (error, local);
      return FALSE;
    }
  if (answer != NULL)
    *answer = got;
  else if (schema != NULL)
    schema->free (got);
  return TRUE;
}
