/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-listener-private.h"

#include "bed-log.h"

#define TICK_US LWS_US_PER_SEC

static const lws_retry_bo_t liveness = {
  .secs_since_valid_ping = BED_PROTOCOL_PING_SECONDS,
  .secs_since_valid_hangup = BED_PROTOCOL_SILENCE_SECONDS,
};

BedListener *
bed_listener_of (struct lws *wsi)
{
  return lws_context_user (lws_get_context (wsi));
}

/* --- Headers ---------------------------------------------------------------------------------- */

char *
bed_listener_get_header (struct lws *wsi, enum lws_token_indexes token, gsize max_length)
{
  int length = lws_hdr_total_length (wsi, token);
  char *text;

  if (length <= 0 || (gsize) length > max_length)
    return NULL;
  text = g_malloc0 ((gsize) length + 1);
  if (lws_hdr_copy (wsi, text, length + 1, token) < 0)
    g_clear_pointer (&text, g_free);
  return text;
}

char *
bed_listener_get_custom (struct lws *wsi, const char *name, gsize max_length)
{
  int length = lws_hdr_custom_length (wsi, name, (int) strlen (name));
  char *text;

  if (length <= 0 || (gsize) length > max_length)
    return NULL;
  text = g_malloc0 ((gsize) length + 1);
  if (lws_hdr_custom_copy (wsi, text, length + 1, name, (int) strlen (name)) < 0)
    g_clear_pointer (&text, g_free);
  return text;
}

char *
bed_listener_get_bearer (struct lws *wsi)
{
  g_autofree char *text = bed_listener_get_header (wsi, WSI_TOKEN_HTTP_AUTHORIZATION, 256);

  if (!text || g_ascii_strncasecmp (text, "Bearer ", 7) != 0)
    return NULL;
  return g_strdup (text + 7);
}

gboolean
bed_listener_origin_is_fine (BedListener *self, struct lws *wsi)
{
  g_autofree char *origin = NULL;

  if (lws_hdr_total_length (wsi, WSI_TOKEN_ORIGIN) <= 0)
    return TRUE;
  origin = bed_listener_get_header (wsi, WSI_TOKEN_ORIGIN, 512);
  return origin && g_ascii_strcasecmp (origin, self->settings->public_url) == 0;
}

/* --- Connections ------------------------------------------------------------------------------ */

/* The first protocol also hears of connections as such. */
static int
first_protocol (struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                size_t length)
{
  BedListener *self = bed_listener_of (wsi);

  switch (reason)
    {
    case LWS_CALLBACK_FILTER_NETWORK_CONNECTION:
      return bed_listener_has_room_for (self, user) ? 0 : 1;
    case LWS_CALLBACK_SERVER_NEW_CLIENT_INSTANTIATED:
      bed_listener_add_socket (self, wsi);
      return 0;
    case LWS_CALLBACK_WSI_DESTROY:
      bed_listener_remove_socket (self, wsi);
      return 0;
    case LWS_CALLBACK_EVENT_WAIT_CANCELLED:
      bed_hasher_dispatch (self->hasher);
      return 0;
    default:
      return bed_listener_http (wsi, reason, user, in, length);
    }
}

/* --- Certificate ------------------------------------------------------------------------------ */

static void
stat_certificate (BedListener *self, struct stat *out)
{
  struct stat key;

  memset (out, 0, sizeof *out);
  memset (&key, 0, sizeof key);
  if (!self->settings->certificate_file || stat (self->settings->certificate_file, out) != 0
      || stat (self->settings->private_key_file, &key) != 0)
    return;
  /* Either file changed: their times and sizes in one. */
  out->st_size = out->st_size * 65537 + key.st_size;
  out->st_mtim.tv_nsec ^= key.st_mtim.tv_nsec;
  out->st_mtim.tv_sec += key.st_mtim.tv_sec;
  out->st_ino ^= key.st_ino << 1;
}

static gboolean
certificate_changed (BedListener *self)
{
  struct stat now;

  stat_certificate (self, &now);
  return now.st_size != self->certificate_stat.st_size
         || now.st_ino != self->certificate_stat.st_ino
         || now.st_mtim.tv_sec != self->certificate_stat.st_mtim.tv_sec
         || now.st_mtim.tv_nsec != self->certificate_stat.st_mtim.tv_nsec;
}

/* New connections get the new one; those that are there keep theirs. */
static void
reload_certificate (BedListener *self)
{
  const BedSettings *settings = self->settings;
  BedCertificate certificate;
  g_autoptr (GError) error = NULL;

  if (!settings->certificate_file)
    return;
  if (!bed_certificate_read (settings->certificate_file, settings->private_key_file,
                             settings->public_host, &certificate, &error))
    {
      bed_server_log (self->log, "certificate-refused", "t", "reason", error->message);
      return;
    }
  stat_certificate (self, &self->certificate_stat);
  if (lws_tls_cert_updated (self->context, settings->certificate_file, settings->private_key_file,
                            NULL, 0, NULL, 0)
      != 0)
    bed_server_log (self->log, "certificate-refused", "t", "reason", "not taken");
  else
    bed_server_log (self->log, "certificate-loaded", "i", "not_after", certificate.not_after);
}

static void
reload (BedListener *self)
{
  g_autoptr (GError) error = NULL;
  BedTurn *turn = bed_turn_new (self->settings, &error);
  BedPages *pages = turn ? bed_pages_new (self->settings, &error) : NULL;

  reload_certificate (self);
  if (turn)
    {
      bed_turn_free (self->turn);
      self->turn = turn;
    }
  if (pages)
    {
      bed_pages_free (self->pages);
      self->pages = pages;
    }
  if (error)
    bed_server_log (self->log, "reload-failed", "t", "reason", error->message);
  else
    bed_server_log (self->log, "reloaded", "");
}

/* --- Time ------------------------------------------------------------------------------------- */

static void
tick (lws_sorted_usec_list_t *sul)
{
  BedListener *self = lws_container_of (sul, BedListener, tick);

  bed_hasher_dispatch (self->hasher);
  bed_hub_tick (self->hub);
  if (self->reloading)
    {
      self->reloading = 0;
      reload (self);
    }
  else if (++self->ticks % 5 == 0 && certificate_changed (self))
    reload_certificate (self);
  if (!self->stopping)
    lws_sul_schedule (self->context, 0, &self->tick, tick, TICK_US);
}

static void
wake (gpointer data)
{
  BedListener *self = data;

  lws_cancel_service (self->context);
}

void
bed_listener_stop (BedListener *self)
{
  self->stopping = 1;
  lws_cancel_service (self->context);
}

void
bed_listener_reload (BedListener *self)
{
  self->reloading = 1;
}

void
bed_listener_run (BedListener *self)
{
  while (!self->stopping)
    if (lws_service (self->context, 0) < 0)
      break;
}

/* --- Life ------------------------------------------------------------------------------------- */

static BedServerLog *library_log;

/* What the library says of its own accord could quote a request. */
static void
from_library (int level, const char *line)
{
  g_autofree char *text = bed_log_redact (line);

  g_strchomp (text);
  if (library_log)
    bed_server_log (library_log, "library", "it", "level", (gint64) level, "text", text);
}

static const struct lws_protocols protocols_template[] = {
  { "http", first_protocol, 0, 16384, 0, NULL, 0 },
  { BED_PROTOCOL_SUBPROTOCOL, bed_listener_socket, 0, 16384, 0, NULL, 0 },
  { NULL, NULL, 0, 0, 0, NULL, 0 },
};

static void
fill_tls (BedListener *self, struct lws_context_creation_info *info)
{
  if (!self->settings->certificate_file)
    return;
  info->options |= LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
  info->ssl_cert_filepath = self->settings->certificate_file;
  info->ssl_private_key_filepath = self->settings->private_key_file;
  info->ssl_options_set = SSL_OP_NO_SSLv3 | SSL_OP_NO_TLSv1 | SSL_OP_NO_TLSv1_1
                          | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION
                          | SSL_OP_CIPHER_SERVER_PREFERENCE;
  info->ssl_cipher_list = "ECDHE+AESGCM:ECDHE+CHACHA20";
}

static gboolean
open_socket (BedListener *self, GError **error)
{
  static struct lws_protocols protocols[G_N_ELEMENTS (protocols_template)];
  struct lws_context_creation_info info = { 0 };
  gboolean any = strcmp (self->settings->listen_address, "0.0.0.0") == 0
                 || strcmp (self->settings->listen_address, "::") == 0;

  memcpy (protocols, protocols_template, sizeof protocols);
  protocols[0].per_session_data_size = bed_listener_http_size ();
  protocols[1].per_session_data_size = bed_listener_socket_size ();
  info.port = self->settings->listen_port;
  info.iface = any ? NULL : self->settings->listen_address;
  info.protocols = protocols;
  info.user = self;
  info.gid = (gid_t) -1;
  info.uid = (uid_t) -1;
  info.alpn = "http/1.1";
  info.options = LWS_SERVER_OPTION_VALIDATE_UTF8 | LWS_SERVER_OPTION_FAIL_UPON_UNABLE_TO_BIND;
  if (!strchr (self->settings->listen_address, ':'))
    info.options |= LWS_SERVER_OPTION_DISABLE_IPV6;
  info.max_http_header_data2 = BED_LISTENER_HEADERS_MAX;
  info.timeout_secs = self->settings->request_s;
  info.timeout_secs_ah_idle = self->settings->request_s;
  info.keepalive_timeout = 20;
  info.retry_and_idle_policy = &liveness;
  info.fd_limit_per_thread = bed_listener_get_descriptors (self->settings);
  fill_tls (self, &info);
  self->context = lws_create_context (&info);
  if (self->context)
    return TRUE;
  g_set_error (error, BED_SERVER_ERROR, BED_SERVER_ERROR_LISTEN, "Cannot listen on %s port %u",
               self->settings->listen_address, self->settings->listen_port);
  return FALSE;
}

static gboolean
check_certificate (BedListener *self, GError **error)
{
  BedCertificate certificate;

  stat_certificate (self, &self->certificate_stat);
  return !self->settings->certificate_file
         || bed_certificate_read (self->settings->certificate_file,
                                  self->settings->private_key_file, self->settings->public_host,
                                  &certificate, error);
}

/* Scripts, styles and connections of our own only; older browsers do not take 'self' for wss. */
static char *
make_policy (const BedSettings *settings)
{
  return g_strdup_printf (
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
      "media-src 'self' blob: mediastream:; font-src 'self'; manifest-src 'self'; "
      "worker-src 'self'; connect-src 'self' wss://%s; base-uri 'none'; form-action 'none'; "
      "frame-ancestors 'none'",
      settings->public_url + strlen ("https://"));
}

BedListener *
bed_listener_new (BedStore *store, const BedSettings *settings, BedServerLog *log, GError **error)
{
  g_autoptr (BedListener) self = g_new0 (BedListener, 1);

  self->settings = settings;
  self->log = log;
  self->store = g_object_ref (store);
  self->clock = bed_system_clock_new ();
  self->health = bed_health_new (store, self->clock, log);
  self->policy = make_policy (settings);
  bed_listener_init_connections (self);
  self->limiter = bed_limiter_new (50000);
  library_log = log;
  lws_set_log_level (LLL_ERR, from_library);
  if (!check_certificate (self, error) || !(self->turn = bed_turn_new (settings, error))
      || !(self->pages = bed_pages_new (settings, error))
      || !(self->hub = bed_hub_new (store, &self->turn, self->clock, log, settings,
                                    &bed_listener_hub_callbacks, error)))
    return NULL;
  self->hasher = bed_hasher_new (wake, self);
  self->accounts
      = bed_accounts_new (store, self->hasher, self->limiter, self->clock, log, settings, error);
  if (!self->accounts)
    return NULL;
  self->api
      = bed_api_new (self->accounts, self->hub, &self->turn, self->limiter, self->clock, settings);
  if (!open_socket (self, error))
    return NULL;
  lws_sul_schedule (self->context, 0, &self->tick, tick, TICK_US);
  return g_steal_pointer (&self);
}

void
bed_listener_free (BedListener *self)
{
  /* Results that are still on their way find no connection any more. */
  g_clear_pointer (&self->hasher, bed_hasher_free);
  if (self->context)
    lws_context_destroy (self->context);
  library_log = NULL;
  g_clear_pointer (&self->api, bed_api_free);
  g_clear_pointer (&self->accounts, bed_accounts_free);
  g_clear_pointer (&self->hub, bed_hub_free);
  g_clear_pointer (&self->pages, bed_pages_free);
  g_clear_pointer (&self->turn, bed_turn_free);
  g_clear_pointer (&self->limiter, bed_limiter_free);
  g_clear_pointer (&self->health, bed_health_free);
  g_hash_table_unref (self->sockets);
  g_hash_table_unref (self->places);
  g_object_unref (self->clock);
  g_object_unref (self->store);
  g_free (self->policy);
  g_free (self);
}
