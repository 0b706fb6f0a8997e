/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-openssl-dtls-transport.h"

#include "bed-dtls-bio-private.h"
#include "bed-dtls-certificate-private.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string.h>

#define MAX_DATAGRAM 2048
#define MAX_EARLY 8   /* datagrams before start: a browser's ClientHello is two */
#define MAX_PENDING 64 /* datagrams that arrive while one is being handled */
#define FIRST_TIMEOUT_US 200000
#define MAX_TIMEOUT_US 2000000
#define EXPORTER_LABEL "EXTRACTOR-dtls_srtp"
#define SRTP_PROFILES "SRTP_AEAD_AES_256_GCM:SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80"
#define CIPHERS "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384"
#define RECORD_HEADER 13
#define MIN_PROTECTED 24 /* explicit nonce and tag of AES-GCM (RFC 5288) */

struct _BedOpensslDtlsTransport
{
  BedDtlsTransport parent_instance;
  /* owned */
  BedDtlsCertificate *certificate;
  BIO_METHOD *method;
  SSL_CTX *context;
  SSL *ssl;
  GQueue inbox; /* of GBytes */
  BedDtlsPipe pipe;

  guint8 fingerprint[BED_DTLS_FINGERPRINT_LENGTH];
  guint16 profile;
  gboolean pumping;
  gboolean wrong_certificate;
};

G_DEFINE_FINAL_TYPE (BedOpensslDtlsTransport, bed_openssl_dtls_transport, BED_TYPE_DTLS_TRANSPORT)

static BedDtlsState
get_state (BedOpensslDtlsTransport *self)
{
  return bed_dtls_transport_get_state (BED_DTLS_TRANSPORT (self));
}

static void
flush_outgoing (BedOpensslDtlsTransport *self)
{
  GBytes *datagram;

  while ((datagram = g_queue_pop_head (&self->pipe.outgoing)) != NULL)
    {
      gsize length;
      const guint8 *data = g_bytes_get_data (datagram, &length);

      bed_dtls_transport_emit_datagram (BED_DTLS_TRANSPORT (self), data, length);
      g_bytes_unref (datagram);
    }
}

/* The alert goes out before anybody learns of the failure and takes the path away. */
static void
fail (BedOpensslDtlsTransport *self, BedDtlsError code, const char *message)
{
  flush_outgoing (self);
  bed_dtls_transport_fail (BED_DTLS_TRANSPORT (self),
                           g_error_new_literal (BED_DTLS_ERROR, code, message));
}

static gboolean
is_announced (BedOpensslDtlsTransport *self, const X509 *x509)
{
  guint8 digest[EVP_MAX_MD_SIZE];
  guint length = 0;

  return x509 != NULL && X509_digest (x509, EVP_sha256 (), digest, &length)
         && length == sizeof self->fingerprint
         && CRYPTO_memcmp (digest, self->fingerprint, sizeof self->fingerprint) == 0;
}

/* Takes the place of the chain's verification: the only thing that is trusted is the announced
 * fingerprint. A refusal here makes OpenSSL send its alert. */
static int
verify_certificate (X509_STORE_CTX *store, void *user_data)
{
  BedOpensslDtlsTransport *self = user_data;

  if (is_announced (self, X509_STORE_CTX_get0_cert (store)))
    return 1;
  self->wrong_certificate = TRUE;
  X509_STORE_CTX_set_error (store, X509_V_ERR_CERT_REJECTED);
  return 0;
}

static guint
next_timeout_us (SSL *ssl, guint last_us)
{
  return last_us == 0 ? FIRST_TIMEOUT_US : MIN (2 * last_us, MAX_TIMEOUT_US);
}

static gboolean
configure_context (BedOpensslDtlsTransport *self)
{
  SSL_CTX *context = self->context;

  SSL_CTX_set_options (context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION
                                  | SSL_OP_NO_QUERY_MTU | SSL_OP_CIPHER_SERVER_PREFERENCE);
  SSL_CTX_set_session_cache_mode (context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify (context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
  SSL_CTX_set_cert_verify_callback (context, verify_certificate, self);
  return SSL_CTX_set_min_proto_version (context, DTLS1_2_VERSION)
         && SSL_CTX_set_cipher_list (context, CIPHERS)
         && SSL_CTX_set1_groups_list (context, "X25519:P-256")
         && SSL_CTX_use_certificate (context, _bed_dtls_certificate_get_x509 (self->certificate))
         && SSL_CTX_use_PrivateKey (context, _bed_dtls_certificate_get_key (self->certificate))
         && SSL_CTX_set_tlsext_use_srtp (context, SRTP_PROFILES) == 0;
}

static gboolean
open_connection (BedOpensslDtlsTransport *self)
{
  BIO *bio;

  self->method = _bed_dtls_bio_method_new ();
  self->context = SSL_CTX_new (DTLS_method ());
  if (self->method == NULL || self->context == NULL || !configure_context (self))
    return FALSE;
  self->ssl = SSL_new (self->context);
  bio = _bed_dtls_bio_new (self->method, &self->pipe);
  if (self->ssl == NULL || bio == NULL)
    {
      BIO_free (bio);
      return FALSE;
    }
  SSL_set_bio (self->ssl, bio, bio);
  SSL_set_mtu (self->ssl, BED_DTLS_MTU);
  DTLS_set_timer_cb (self->ssl, next_timeout_us);
  return TRUE;
}

static gboolean
is_running (BedOpensslDtlsTransport *self)
{
  return get_state (self) == BED_DTLS_STATE_CONNECTING
         || get_state (self) == BED_DTLS_STATE_CONNECTED;
}

static void
refuse (BedOpensslDtlsTransport *self, BedDtlsError code, const char *message)
{
  SSL_shutdown (self->ssl);
  fail (self, code, message);
}

/* Everything that must be true before somebody may ask for keys. */
static void
finish_handshake (BedOpensslDtlsTransport *self)
{
  SRTP_PROTECTION_PROFILE *profile = SSL_get_selected_srtp_profile (self->ssl);
  X509 *peer = SSL_get1_peer_certificate (self->ssl);
  gboolean announced = is_announced (self, peer);

  X509_free (peer);
  if (!announced)
    refuse (self, BED_DTLS_ERROR_IDENTITY, "The peer's certificate is not the announced one");
  else if (profile == NULL)
    refuse (self, BED_DTLS_ERROR_PROFILE, "The peer agreed on no SRTP profile");
  else if (SSL_get_extms_support (self->ssl) != 1)
    refuse (self, BED_DTLS_ERROR_HANDSHAKE, "The peer lacks the extended master secret");
  else
    {
      self->profile = (guint16) profile->id;
      bed_dtls_transport_handle_event (BED_DTLS_TRANSPORT (self), BED_DTLS_EVENT_VERIFIED);
    }
}

static void
fail_handshake (BedOpensslDtlsTransport *self)
{
  if (self->wrong_certificate)
    fail (self, BED_DTLS_ERROR_IDENTITY, "The peer's certificate is not the announced one");
  else
    fail (self, BED_DTLS_ERROR_HANDSHAKE, "The DTLS handshake failed");
}

static void
step_handshake (BedOpensslDtlsTransport *self)
{
  int result;

  ERR_clear_error ();
  result = SSL_do_handshake (self->ssl);
  if (result == 1)
    finish_handshake (self);
  else if (SSL_get_error (self->ssl, result) != SSL_ERROR_WANT_READ)
    fail_handshake (self);
  ERR_clear_error ();
}

/* Returns FALSE when there is nothing more to read. */
static gboolean
read_record (BedOpensslDtlsTransport *self)
{
  guint8 data[MAX_DATAGRAM];
  int length, code;

  ERR_clear_error ();
  length = SSL_read (self->ssl, data, sizeof data);
  if (length > 0)
    {
      bed_dtls_transport_deliver (BED_DTLS_TRANSPORT (self), data, (gsize) length);
      return TRUE;
    }
  code = SSL_get_error (self->ssl, length);
  ERR_clear_error ();
  if (code == SSL_ERROR_ZERO_RETURN)
    {
      SSL_shutdown (self->ssl);
      bed_dtls_transport_handle_event (BED_DTLS_TRANSPORT (self), BED_DTLS_EVENT_CLOSE);
    }
  else if (code != SSL_ERROR_WANT_READ)
    fail (self, BED_DTLS_ERROR_HANDSHAKE, "The peer ended DTLS with an alert");
  return FALSE;
}

static void
step (BedOpensslDtlsTransport *self)
{
  if (get_state (self) == BED_DTLS_STATE_CONNECTING)
    step_handshake (self);
  while (get_state (self) == BED_DTLS_STATE_CONNECTED && read_record (self))
    ;
  flush_outgoing (self);
}

/* The only place that calls into OpenSSL for input. A callback may come back into this object; its
 * datagrams then wait in the inbox, because OpenSSL must not be entered twice. */
static void
pump (BedOpensslDtlsTransport *self)
{
  g_autoptr (BedOpensslDtlsTransport) keep = g_object_ref (self);

  if (self->pumping || get_state (self) == BED_DTLS_STATE_NEW)
    return;
  self->pumping = TRUE;
  flush_outgoing (self);
  while (is_running (self) && !g_queue_is_empty (&self->inbox))
    {
      g_clear_pointer (&self->pipe.incoming, g_bytes_unref);
      self->pipe.incoming = g_queue_pop_head (&self->inbox);
      step (self);
    }
  self->pumping = FALSE;
}

static void
start (BedDtlsTransport *transport, BedDtlsRole role, const guint8 *fingerprint)
{
  BedOpensslDtlsTransport *self = BED_OPENSSL_DTLS_TRANSPORT (transport);

  memcpy (self->fingerprint, fingerprint, sizeof self->fingerprint);
  if (role == BED_DTLS_ROLE_CLIENT)
    SSL_set_connect_state (self->ssl);
  else
    SSL_set_accept_state (self->ssl);
  bed_dtls_transport_handle_event (transport, BED_DTLS_EVENT_START);
  self->pumping = TRUE;
  step (self);
  self->pumping = FALSE;
  pump (self);
}

/* OpenSSL 3.0 ends the connection for a protected record that is too short for its nonce and tag,
 * and anybody can send one. RFC 6347, 4.1.2.7: invalid records are silently discarded. */
static gboolean
may_be_valid (const guint8 *data, gsize length)
{
  while (length >= RECORD_HEADER)
    {
      guint epoch = data[3] << 8 | data[4];
      gsize whole = RECORD_HEADER + (data[11] << 8 | data[12]);

      if (epoch > 0 && whole < RECORD_HEADER + MIN_PROTECTED)
        return FALSE;
      if (whole > length)
        break;
      data += whole;
      length -= whole;
    }
  return TRUE;
}

static void
input (BedDtlsTransport *transport, const guint8 *datagram, gsize length)
{
  BedOpensslDtlsTransport *self = BED_OPENSSL_DTLS_TRANSPORT (transport);
  guint limit = get_state (self) == BED_DTLS_STATE_NEW ? MAX_EARLY : MAX_PENDING;

  if (length == 0 || length > MAX_DATAGRAM || datagram[0] < 20 || datagram[0] > 63
      || g_queue_get_length (&self->inbox) >= limit || !may_be_valid (datagram, length))
    {
      bed_dtls_transport_count_dropped (transport);
      return;
    }
  if (get_state (self) != BED_DTLS_STATE_NEW && !is_running (self))
    return;
  g_queue_push_tail (&self->inbox, g_bytes_new (datagram, length));
  pump (self);
}

static gint64
get_deadline_us (BedDtlsTransport *transport, gint64 now_us)
{
  BedOpensslDtlsTransport *self = BED_OPENSSL_DTLS_TRANSPORT (transport);
  struct timeval left;

  if (!is_running (self) || !DTLSv1_get_timeout (self->ssl, &left))
    return -1;
  return now_us + left.tv_sec * G_USEC_PER_SEC + left.tv_usec;
}

static void
handle_timeout (BedDtlsTransport *transport)
{
  BedOpensslDtlsTransport *self = BED_OPENSSL_DTLS_TRANSPORT (transport);

  if (!is_running (self) || self->pumping)
    return;
  self->pumping = TRUE;
  ERR_clear_error ();
  if (DTLSv1_handle_timeout (self->ssl) < 0)
    fail (self, BED_DTLS_ERROR_HANDSHAKE, "The peer did not answer");
  ERR_clear_error ();
  flush_outgoing (self);
  self->pumping = FALSE;
  pump (self);
}

static BedDtlsResult
send_data (BedDtlsTransport *transport, const guint8 *data, gsize length)
{
  BedOpensslDtlsTransport *self = BED_OPENSSL_DTLS_TRANSPORT (transport);
  int written;

  ERR_clear_error ();
  written = SSL_write (self->ssl, data, (int) length);
  ERR_clear_error ();
  if (written <= 0)
    return BED_DTLS_DROPPED;
  pump (self);
  return BED_DTLS_OK;
}

static void
say_close (BedDtlsTransport *transport)
{
  BedOpensslDtlsTransport *self = BED_OPENSSL_DTLS_TRANSPORT (transport);

  ERR_clear_error ();
  SSL_shutdown (self->ssl);
  ERR_clear_error ();
  flush_outgoing (self);
}

static const guint8 *
get_fingerprint (BedDtlsTransport *transport)
{
  return bed_dtls_certificate_get_fingerprint (
      BED_OPENSSL_DTLS_TRANSPORT (transport)->certificate);
}

static const char *
get_cipher (BedDtlsTransport *transport)
{
  return SSL_get_cipher_name (BED_OPENSSL_DTLS_TRANSPORT (transport)->ssl);
}

static const char *
get_version (BedDtlsTransport *transport)
{
  return SSL_get_version (BED_OPENSSL_DTLS_TRANSPORT (transport)->ssl);
}

static guint16
get_srtp_profile (BedDtlsTransport *transport)
{
  return BED_OPENSSL_DTLS_TRANSPORT (transport)->profile;
}

static gboolean
export_material (BedDtlsTransport *transport, guint8 *material, gsize length)
{
  BedOpensslDtlsTransport *self = BED_OPENSSL_DTLS_TRANSPORT (transport);
  gboolean done = SSL_export_keying_material (self->ssl, material, length, EXPORTER_LABEL,
                                              strlen (EXPORTER_LABEL), NULL, 0, 0)
                  == 1;

  ERR_clear_error ();
  return done;
}

static void
bed_openssl_dtls_transport_finalize (GObject *object)
{
  BedOpensslDtlsTransport *self = BED_OPENSSL_DTLS_TRANSPORT (object);

  SSL_free (self->ssl);
  SSL_CTX_free (self->context);
  BIO_meth_free (self->method);
  _bed_dtls_pipe_clear (&self->pipe);
  g_queue_clear_full (&self->inbox, (GDestroyNotify) g_bytes_unref);
  g_clear_object (&self->certificate);
  G_OBJECT_CLASS (bed_openssl_dtls_transport_parent_class)->finalize (object);
}

static void
bed_openssl_dtls_transport_class_init (BedOpensslDtlsTransportClass *klass)
{
  BedDtlsTransportClass *dtls_class = BED_DTLS_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bed_openssl_dtls_transport_finalize;
  dtls_class->get_fingerprint = get_fingerprint;
  dtls_class->start = start;
  dtls_class->input = input;
  dtls_class->get_deadline_us = get_deadline_us;
  dtls_class->handle_timeout = handle_timeout;
  dtls_class->send = send_data;
  dtls_class->say_close = say_close;
  dtls_class->get_cipher = get_cipher;
  dtls_class->get_version = get_version;
  dtls_class->get_srtp_profile = get_srtp_profile;
  dtls_class->export_material = export_material;
}

static void
bed_openssl_dtls_transport_init (BedOpensslDtlsTransport *self)
{
  g_queue_init (&self->inbox);
  _bed_dtls_pipe_init (&self->pipe);
}

BedDtlsTransport *
bed_openssl_dtls_transport_new (BedDtlsCertificate *certificate, GError **error)
{
  g_autoptr (BedOpensslDtlsTransport) self = NULL;

  g_return_val_if_fail (BED_IS_DTLS_CERTIFICATE (certificate), NULL);
  self = g_object_new (BED_TYPE_OPENSSL_DTLS_TRANSPORT, NULL);
  self->certificate = g_object_ref (certificate);
  ERR_clear_error ();
  if (!open_connection (self))
    {
      ERR_clear_error ();
      g_set_error_literal (error, BED_DTLS_ERROR, BED_DTLS_ERROR_CRYPTO,
                           "DTLS could not be set up");
      return NULL;
    }
  return BED_DTLS_TRANSPORT (g_steal_pointer (&self));
}
