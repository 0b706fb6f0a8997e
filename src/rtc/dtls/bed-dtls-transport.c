/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-dtls-transport.h"

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

struct _BedDtlsTransport
{
  GObject parent_instance;
  /* owned */
  BedDtlsCertificate *certificate;
  BIO_METHOD *method;
  SSL_CTX *context;
  SSL *ssl;
  GError *error;
  GQueue inbox; /* of GBytes */
  BedDtlsPipe pipe;
  /* borrowed */
  BedDtlsSendFunc send_func;
  gpointer send_user_data;
  BedDtlsDataFunc data_func;
  gpointer data_user_data;

  guint8 fingerprint[BED_DTLS_FINGERPRINT_LENGTH];
  BedDtlsState state;
  BedDtlsRole role;
  guint16 profile;
  guint dropped;
  gboolean pumping;
  gboolean wrong_certificate;
};

enum { STATE_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedDtlsTransport, bed_dtls_transport, G_TYPE_OBJECT)

static void
handle_event (BedDtlsTransport *self, BedDtlsEvent event)
{
  BedDtlsState next = bed_dtls_state_next (self->state, event);

  if (next == self->state)
    return;
  self->state = next;
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}

static void
flush_outgoing (BedDtlsTransport *self)
{
  GBytes *datagram;

  while ((datagram = g_queue_pop_head (&self->pipe.outgoing)) != NULL)
    {
      gsize length;
      const guint8 *data = g_bytes_get_data (datagram, &length);

      if (self->send_func != NULL)
        self->send_func (data, length, self->send_user_data);
      g_bytes_unref (datagram);
    }
}

/* The alert goes out before anybody learns of the failure and takes the path away. */
static void
fail (BedDtlsTransport *self, BedDtlsError code, const char *message)
{
  if (self->error == NULL)
    self->error = g_error_new_literal (BED_DTLS_ERROR, code, message);
  flush_outgoing (self);
  handle_event (self, BED_DTLS_EVENT_FAIL);
}

static gboolean
is_announced (BedDtlsTransport *self, const X509 *x509)
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
  BedDtlsTransport *self = user_data;

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
configure_context (BedDtlsTransport *self)
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
open_connection (BedDtlsTransport *self)
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

BedDtlsTransport *
bed_dtls_transport_new (BedDtlsCertificate *certificate, GError **error)
{
  g_autoptr (BedDtlsTransport) self = NULL;

  g_return_val_if_fail (BED_IS_DTLS_CERTIFICATE (certificate), NULL);
  self = g_object_new (BED_TYPE_DTLS_TRANSPORT, NULL);
  self->certificate = g_object_ref (certificate);
  ERR_clear_error ();
  if (!open_connection (self))
    {
      ERR_clear_error ();
      g_set_error_literal (error, BED_DTLS_ERROR, BED_DTLS_ERROR_CRYPTO,
                           "DTLS could not be set up");
      return NULL;
    }
  return g_steal_pointer (&self);
}

static void
bed_dtls_transport_finalize (GObject *object)
{
  BedDtlsTransport *self = BED_DTLS_TRANSPORT (object);

  SSL_free (self->ssl);
  SSL_CTX_free (self->context);
  BIO_meth_free (self->method);
  _bed_dtls_pipe_clear (&self->pipe);
  g_queue_clear_full (&self->inbox, (GDestroyNotify) g_bytes_unref);
  g_clear_object (&self->certificate);
  g_clear_error (&self->error);
  G_OBJECT_CLASS (bed_dtls_transport_parent_class)->finalize (object);
}

static void
bed_dtls_transport_class_init (BedDtlsTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_dtls_transport_finalize;
  signals[STATE_CHANGED] = g_signal_new ("state-changed", BED_TYPE_DTLS_TRANSPORT,
                                         G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_dtls_transport_init (BedDtlsTransport *self)
{
  g_queue_init (&self->inbox);
  _bed_dtls_pipe_init (&self->pipe);
}

void
bed_dtls_transport_set_send_func (BedDtlsTransport *self, BedDtlsSendFunc func, gpointer user_data)
{
  g_return_if_fail (BED_IS_DTLS_TRANSPORT (self));
  self->send_func = func;
  self->send_user_data = user_data;
}

void
bed_dtls_transport_set_data_func (BedDtlsTransport *self, BedDtlsDataFunc func, gpointer user_data)
{
  g_return_if_fail (BED_IS_DTLS_TRANSPORT (self));
  self->data_func = func;
  self->data_user_data = user_data;
}

static gboolean
is_running (BedDtlsTransport *self)
{
  return self->state == BED_DTLS_STATE_CONNECTING || self->state == BED_DTLS_STATE_CONNECTED;
}

static void
refuse (BedDtlsTransport *self, BedDtlsError code, const char *message)
{
  SSL_shutdown (self->ssl);
  fail (self, code, message);
}

/* Everything that must be true before somebody may ask for keys. */
static void
finish_handshake (BedDtlsTransport *self)
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
      handle_event (self, BED_DTLS_EVENT_VERIFIED);
    }
}

static void
fail_handshake (BedDtlsTransport *self)
{
  if (self->wrong_certificate)
    fail (self, BED_DTLS_ERROR_IDENTITY, "The peer's certificate is not the announced one");
  else
    fail (self, BED_DTLS_ERROR_HANDSHAKE, "The DTLS handshake failed");
}

static void
step_handshake (BedDtlsTransport *self)
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
read_record (BedDtlsTransport *self)
{
  guint8 data[MAX_DATAGRAM];
  int length, code;

  ERR_clear_error ();
  length = SSL_read (self->ssl, data, sizeof data);
  if (length > 0)
    {
      if (self->data_func != NULL)
        self->data_func (data, length, self->data_user_data);
      return TRUE;
    }
  code = SSL_get_error (self->ssl, length);
  ERR_clear_error ();
  if (code == SSL_ERROR_ZERO_RETURN)
    {
      SSL_shutdown (self->ssl);
      handle_event (self, BED_DTLS_EVENT_CLOSE);
    }
  else if (code != SSL_ERROR_WANT_READ)
    fail (self, BED_DTLS_ERROR_HANDSHAKE, "The peer ended DTLS with an alert");
  return FALSE;
}

static void
step (BedDtlsTransport *self)
{
  if (self->state == BED_DTLS_STATE_CONNECTING)
    step_handshake (self);
  while (self->state == BED_DTLS_STATE_CONNECTED && read_record (self))
    ;
  flush_outgoing (self);
}

/* The only place that calls into OpenSSL for input. A callback may come back into this object; its
 * datagrams then wait in the inbox, because OpenSSL must not be entered twice. */
static void
pump (BedDtlsTransport *self)
{
  g_autoptr (BedDtlsTransport) keep = g_object_ref (self);

  if (self->pumping || self->state == BED_DTLS_STATE_NEW)
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

gboolean
bed_dtls_transport_start (BedDtlsTransport *self, BedDtlsRole role, const guint8 *fingerprint,
                          GError **error)
{
  g_autoptr (BedDtlsTransport) keep = NULL;

  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self) && fingerprint != NULL, FALSE);
  keep = g_object_ref (self);
  if (self->state != BED_DTLS_STATE_NEW)
    {
      g_set_error_literal (error, BED_DTLS_ERROR, BED_DTLS_ERROR_STATE, "DTLS was started before");
      return FALSE;
    }
  memcpy (self->fingerprint, fingerprint, sizeof self->fingerprint);
  self->role = role;
  if (role == BED_DTLS_ROLE_CLIENT)
    SSL_set_connect_state (self->ssl);
  else
    SSL_set_accept_state (self->ssl);
  handle_event (self, BED_DTLS_EVENT_START);
  self->pumping = TRUE;
  step (self);
  self->pumping = FALSE;
  pump (self);
  return TRUE;
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

void
bed_dtls_transport_input (BedDtlsTransport *self, const guint8 *datagram, gsize length)
{
  guint limit;

  g_return_if_fail (BED_IS_DTLS_TRANSPORT (self));
  limit = self->state == BED_DTLS_STATE_NEW ? MAX_EARLY : MAX_PENDING;
  if (length == 0 || length > MAX_DATAGRAM || datagram[0] < 20 || datagram[0] > 63
      || g_queue_get_length (&self->inbox) >= limit || !may_be_valid (datagram, length))
    {
      self->dropped++;
      return;
    }
  if (self->state != BED_DTLS_STATE_NEW && !is_running (self))
    return;
  g_queue_push_tail (&self->inbox, g_bytes_new (datagram, length));
  pump (self);
}

gint64
bed_dtls_transport_get_deadline_us (BedDtlsTransport *self, gint64 now_us)
{
  struct timeval left;

  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self), -1);
  if (!is_running (self) || !DTLSv1_get_timeout (self->ssl, &left))
    return -1;
  return now_us + left.tv_sec * G_USEC_PER_SEC + left.tv_usec;
}

void
bed_dtls_transport_handle_timeout (BedDtlsTransport *self)
{
  g_autoptr (BedDtlsTransport) keep = NULL;

  g_return_if_fail (BED_IS_DTLS_TRANSPORT (self));
  if (!is_running (self) || self->pumping)
    return;
  keep = g_object_ref (self);
  self->pumping = TRUE;
  ERR_clear_error ();
  if (DTLSv1_handle_timeout (self->ssl) < 0)
    fail (self, BED_DTLS_ERROR_HANDSHAKE, "The peer did not answer");
  ERR_clear_error ();
  flush_outgoing (self);
  self->pumping = FALSE;
  pump (self);
}

BedDtlsResult
bed_dtls_transport_send (BedDtlsTransport *self, const guint8 *data, gsize length)
{
  int written;

  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self), BED_DTLS_NOT_CONNECTED);
  if (self->state != BED_DTLS_STATE_CONNECTED)
    return BED_DTLS_NOT_CONNECTED;
  if (length == 0 || length > BED_DTLS_MAX_DATA)
    return BED_DTLS_TOO_LONG;
  ERR_clear_error ();
  written = SSL_write (self->ssl, data, (int) length);
  ERR_clear_error ();
  if (written <= 0)
    return BED_DTLS_DROPPED;
  pump (self);
  return BED_DTLS_OK;
}

void
bed_dtls_transport_close (BedDtlsTransport *self)
{
  g_autoptr (BedDtlsTransport) keep = NULL;

  g_return_if_fail (BED_IS_DTLS_TRANSPORT (self));
  keep = g_object_ref (self);
  if (self->state == BED_DTLS_STATE_CONNECTED)
    {
      ERR_clear_error ();
      SSL_shutdown (self->ssl);
      ERR_clear_error ();
      flush_outgoing (self);
    }
  handle_event (self, BED_DTLS_EVENT_CLOSE);
}

BedDtlsState
bed_dtls_transport_get_state (BedDtlsTransport *self)
{
  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self), BED_DTLS_STATE_FAILED);
  return self->state;
}

const GError *
bed_dtls_transport_get_error (BedDtlsTransport *self)
{
  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self), NULL);
  return self->error;
}

const char *
bed_dtls_transport_get_cipher (BedDtlsTransport *self)
{
  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self), "");
  return self->state == BED_DTLS_STATE_CONNECTED ? SSL_get_cipher_name (self->ssl) : "";
}

const char *
bed_dtls_transport_get_version (BedDtlsTransport *self)
{
  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self), "");
  return self->state == BED_DTLS_STATE_CONNECTED ? SSL_get_version (self->ssl) : "";
}

guint16
bed_dtls_transport_get_srtp_profile (BedDtlsTransport *self)
{
  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self), 0);
  return self->profile;
}

guint
bed_dtls_transport_get_dropped (BedDtlsTransport *self)
{
  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self), 0);
  return self->dropped;
}

static gboolean
get_key_shape (guint16 profile, gsize *key_length, gsize *salt_length)
{
  *key_length = profile == BED_DTLS_SRTP_AEAD_AES_256_GCM ? 32 : 16;
  *salt_length = profile == BED_DTLS_SRTP_AES128_CM_SHA1_80 ? 14 : 12;
  return profile == BED_DTLS_SRTP_AEAD_AES_256_GCM || profile == BED_DTLS_SRTP_AEAD_AES_128_GCM
         || profile == BED_DTLS_SRTP_AES128_CM_SHA1_80;
}

/* `material` is client key, server key, client salt, server salt. */
static BedSecret *
join_key (const guint8 *material, gsize key_length, gsize salt_length, guint which)
{
  BedSecret *secret = bed_secret_new_zero (key_length + salt_length);
  guint8 *out = bed_secret_get_writable (secret);

  memcpy (out, material + which * key_length, key_length);
  memcpy (out + key_length, material + 2 * key_length + which * salt_length, salt_length);
  return secret;
}

gboolean
bed_dtls_transport_export_srtp_keys (BedDtlsTransport *self, guint16 *profile, BedSecret **send_key,
                                     BedSecret **receive_key, GError **error)
{
  g_autoptr (BedSecret) material = NULL;
  gsize key_length, salt_length;
  guint ours;

  g_return_val_if_fail (BED_IS_DTLS_TRANSPORT (self), FALSE);
  if (self->state != BED_DTLS_STATE_CONNECTED
      || !get_key_shape (self->profile, &key_length, &salt_length))
    {
      g_set_error_literal (error, BED_DTLS_ERROR, BED_DTLS_ERROR_STATE, "DTLS is not connected");
      return FALSE;
    }
  material = bed_secret_new_zero (2 * (key_length + salt_length));
  if (SSL_export_keying_material (self->ssl, bed_secret_get_writable (material),
                                  bed_secret_get_length (material), EXPORTER_LABEL,
                                  strlen (EXPORTER_LABEL), NULL, 0, 0) != 1)
    {
      ERR_clear_error ();
      g_set_error_literal (error, BED_DTLS_ERROR, BED_DTLS_ERROR_CRYPTO,
                           "Keys could not be exported");
      return FALSE;
    }
  ours = self->role == BED_DTLS_ROLE_CLIENT ? 0 : 1;
  *profile = self->profile;
  *send_key = join_key (bed_secret_get_data (material), key_length, salt_length, ours);
  *receive_key = join_key (bed_secret_get_data (material), key_length, salt_length, 1 - ours);
  return TRUE;
}
