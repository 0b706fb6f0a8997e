/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-turn-wire.h"

#include "bed-settings.h"

#include <gio/gio.h>
#include <glib-unix.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define TIMEOUT_S 5
#define UDP_TRIES 3
#define HEADER 20

struct _BedTurnWire
{
  GSocket *socket;
  gboolean stream;
  SSL *tls; /* nullable */
  gint64 not_after;
};

static gboolean
refuse (GError **error, BedServerError code, const char *text)
{
  ERR_clear_error ();
  g_set_error_literal (error, BED_SERVER_ERROR, code, text);
  return FALSE;
}

/* --- Opening ---------------------------------------------------------------------------------- */

static GSocket *
connect_to (const BedTurnUrl *url, gboolean stream, GError **error)
{
  g_autoptr (GSocketConnectable) address = g_network_address_new (url->host, url->port);
  g_autoptr (GSocketAddressEnumerator) list = g_socket_connectable_enumerate (address);
  g_autoptr (GSocketAddress) first = g_socket_address_enumerator_next (list, NULL, error);
  g_autoptr (GSocket) socket = NULL;

  if (!first)
    return NULL;
  socket = g_socket_new (g_socket_address_get_family (first),
                         stream ? G_SOCKET_TYPE_STREAM : G_SOCKET_TYPE_DATAGRAM,
                         G_SOCKET_PROTOCOL_DEFAULT, error);
  if (!socket)
    return NULL;
  g_socket_set_timeout (socket, TIMEOUT_S);
  return g_socket_connect (socket, first, NULL, error) ? g_steal_pointer (&socket) : NULL;
}

static SSL *
new_tls (int fd, const char *host)
{
  SSL_CTX *context = SSL_CTX_new (TLS_client_method ());
  SSL *tls;

  SSL_CTX_set_min_proto_version (context, TLS1_2_VERSION);
  SSL_CTX_set_default_verify_paths (context);
  SSL_CTX_set_verify (context, SSL_VERIFY_PEER, NULL);
  tls = SSL_new (context);
  SSL_CTX_free (context);
  SSL_set_fd (tls, fd);
  if (g_hostname_is_ip_address (host))
    X509_VERIFY_PARAM_set1_ip_asc (SSL_get0_param (tls), host);
  else
    {
      SSL_set1_host (tls, host);
      SSL_set_tlsext_host_name (tls, host);
    }
  return tls;
}

static void
note_end (BedTurnWire *self)
{
  X509 *certificate = SSL_get0_peer_certificate (self->tls);
  struct tm tm;

  if (ASN1_TIME_to_tm (X509_get0_notAfter (certificate), &tm))
    self->not_after = (gint64) timegm (&tm);
}

static gboolean
shake_hands (BedTurnWire *self, const char *host, GError **error)
{
  const struct timeval patience = { .tv_sec = TIMEOUT_S };
  int fd = g_socket_get_fd (self->socket);
  g_autofree char *text = NULL;
  long verdict;

  /* From here on the library reads and writes by itself. */
  if (!g_unix_set_fd_nonblocking (fd, FALSE, error))
    return FALSE;
  setsockopt (fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  setsockopt (fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
  self->tls = new_tls (fd, host);
  if (SSL_connect (self->tls) == 1)
    {
      note_end (self);
      return TRUE;
    }
  verdict = SSL_get_verify_result (self->tls);
  if (verdict == X509_V_OK)
    return refuse (error, BED_SERVER_ERROR_RELAY_TLS, "it does not speak TLS");
  text = g_strdup_printf ("its certificate is not good: %s",
                          X509_verify_cert_error_string (verdict));
  return refuse (error, BED_SERVER_ERROR_RELAY_TLS, text);
}

BedTurnWire *
bed_turn_wire_open (const BedTurnUrl *url, GError **error)
{
  g_autoptr (BedTurnWire) self = g_new0 (BedTurnWire, 1);

  self->stream = url->kind == BED_TURN_URL_TCP || url->kind == BED_TURN_URL_TLS;
  self->socket = connect_to (url, self->stream, error);
  if (!self->socket || (url->kind == BED_TURN_URL_TLS && !shake_hands (self, url->host, error)))
    return NULL;
  return g_steal_pointer (&self);
}

void
bed_turn_wire_free (BedTurnWire *self)
{
  g_clear_pointer (&self->tls, SSL_free);
  g_clear_object (&self->socket);
  g_free (self);
}

/* --- Asking ----------------------------------------------------------------------------------- */

static gsize
ask_datagram (BedTurnWire *self, const guint8 *request, gsize length, guint8 *answer, gsize size,
              GError **error)
{
  for (int i = 0; i < UDP_TRIES; i++)
    {
      gssize got;

      if (g_socket_send (self->socket, (const char *) request, length, NULL, error) < 0)
        return 0;
      if (!g_socket_condition_timed_wait (self->socket, G_IO_IN, G_USEC_PER_SEC, NULL, NULL))
        continue;
      got = g_socket_receive (self->socket, (char *) answer, size, NULL, error);
      if (got < 0)
        return 0;
      if (got >= HEADER && memcmp (answer + 4, request + 4, 16) == 0)
        return (gsize) got;
    }
  refuse (error, BED_SERVER_ERROR_NETWORK, "no answer");
  return 0;
}

static gboolean
read_all (BedTurnWire *self, guint8 *into, gsize length)
{
  while (length > 0)
    {
      gssize got = self->tls ? SSL_read (self->tls, into, (int) length)
                             : g_socket_receive (self->socket, (char *) into, length, NULL, NULL);

      if (got <= 0)
        return FALSE;
      into += got;
      length -= (gsize) got;
    }
  return TRUE;
}

static gsize
ask_stream (BedTurnWire *self, const guint8 *request, gsize length, guint8 *answer, gsize size,
            GError **error)
{
  gssize sent = self->tls ? SSL_write (self->tls, request, (int)length)
                          : g_socket_send (self->socket, (const char *)request, length, NULL, NULL);
  gsize rest;

  if (sent == (gssize) length && read_all (self, answer, HEADER))
    {
      rest = answer[2] << 8 | answer[3];
      if (memcmp (answer + 4, request + 4, 16) == 0 && rest <= size - HEADER
          && read_all (self, answer + HEADER, rest))
        return HEADER + rest;
    }
  refuse (error, BED_SERVER_ERROR_NETWORK, "no answer");
  return 0;
}

gsize
bed_turn_wire_ask (BedTurnWire *self, const guint8 *request, gsize length, guint8 *answer,
                   gsize size, GError **error)
{
  return self->stream ? ask_stream (self, request, length, answer, size, error)
                      : ask_datagram (self, request, length, answer, size, error);
}

gint64
bed_turn_wire_get_not_after (BedTurnWire *self)
{
  return self->not_after;
}
