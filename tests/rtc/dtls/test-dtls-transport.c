/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-openssl-dtls-transport.h"

#include <openssl/ssl.h>
#include <string.h>

/* Two transports; datagrams pass through a queue that may lose, double and swap them. */
typedef struct Pair Pair;
typedef struct
{
  Pair *pair;
  guint index;
  BedDtlsCertificate *certificate;
  BedDtlsTransport *transport;
  GQueue wire; /* to this end */
  GString *received;
} End;

struct Pair
{
  End ends[2];
  GRand *rand;
  double loss;
  gsize longest;
  guint sent;
};

static void
on_send (const guint8 *datagram, gsize length, gpointer user_data)
{
  End *end = user_data;
  Pair *pair = end->pair;
  GQueue *to = &pair->ends[1 - end->index].wire;

  pair->sent++;
  pair->longest = MAX (pair->longest, length);
  if (g_rand_double (pair->rand) < pair->loss)
    return;
  if (g_rand_double (pair->rand) < pair->loss)
    g_queue_push_tail (to, g_bytes_new (datagram, length));
  if (g_rand_double (pair->rand) < pair->loss)
    g_queue_push_head (to, g_bytes_new (datagram, length));
  else
    g_queue_push_tail (to, g_bytes_new (datagram, length));
}

static void
on_data (const guint8 *data, gsize length, gpointer user_data)
{
  End *end = user_data;

  g_string_append_len (end->received, (const char *) data, (gssize) length);
}

static Pair *
pair_new (double loss)
{
  Pair *pair = g_new0 (Pair, 1);

  pair->rand = g_rand_new_with_seed (11);
  pair->loss = loss;
  for (guint i = 0; i < 2; i++)
    {
      End *end = &pair->ends[i];

      end->pair = pair;
      end->index = i;
      g_queue_init (&end->wire);
      end->received = g_string_new (NULL);
      end->certificate = bed_dtls_certificate_new (NULL);
      end->transport = bed_openssl_dtls_transport_new (end->certificate, NULL);
      g_assert_nonnull (end->transport);
      bed_dtls_transport_set_send_func (end->transport, on_send, end);
      bed_dtls_transport_set_data_func (end->transport, on_data, end);
    }
  return pair;
}

static void
pair_free (Pair *pair)
{
  for (guint i = 0; i < 2; i++)
    {
      g_assert_finalize_object (pair->ends[i].transport);
      g_assert_finalize_object (pair->ends[i].certificate);
      g_queue_clear_full (&pair->ends[i].wire, (GDestroyNotify) g_bytes_unref);
      g_string_free (pair->ends[i].received, TRUE);
    }
  g_rand_free (pair->rand);
  g_free (pair);
}

static gboolean
deliver (Pair *pair)
{
  gboolean any = FALSE;

  for (guint i = 0; i < 2; i++)
    {
      GBytes *datagram = g_queue_pop_head (&pair->ends[i].wire);

      if (datagram == NULL)
        continue;
      bed_dtls_transport_input (pair->ends[i].transport, g_bytes_get_data (datagram, NULL),
                                g_bytes_get_size (datagram));
      g_bytes_unref (datagram);
      any = TRUE;
    }
  return any;
}

static gboolean
is_settled (Pair *pair)
{
  for (guint i = 0; i < 2; i++)
    if (bed_dtls_transport_get_state (pair->ends[i].transport) <= BED_DTLS_STATE_CONNECTING)
      return FALSE;
  return TRUE;
}

static void
run (Pair *pair, gint64 limit_us)
{
  gint64 end_us = g_get_monotonic_time () + limit_us;

  while (g_get_monotonic_time () < end_us && (deliver (pair) || !is_settled (pair)))
    for (guint i = 0; i < 2; i++)
      {
        gint64 now_us = g_get_monotonic_time ();
        gint64 deadline_us = bed_dtls_transport_get_deadline_us (pair->ends[i].transport, now_us);

        if (deadline_us >= 0 && deadline_us <= now_us)
          bed_dtls_transport_handle_timeout (pair->ends[i].transport);
        else if (g_queue_is_empty (&pair->ends[0].wire) && g_queue_is_empty (&pair->ends[1].wire))
          g_usleep (1000);
      }
}

static void
start (Pair *pair, guint index, BedDtlsRole role, const guint8 *fingerprint)
{
  g_autoptr (GError) error = NULL;

  if (fingerprint == NULL)
    fingerprint = bed_dtls_certificate_get_fingerprint (pair->ends[1 - index].certificate);
  bed_dtls_transport_start (pair->ends[index].transport, role, fingerprint, &error);
  g_assert_no_error (error);
}

static void
assert_state (Pair *pair, guint index, BedDtlsState state)
{
  g_assert_cmpstr (bed_dtls_state_to_string (bed_dtls_transport_get_state (pair->ends[index].transport)), ==,
                   bed_dtls_state_to_string (state));
}

static void
assert_no_keys (Pair *pair, guint index)
{
  g_autoptr (GError) error = NULL;
  BedSecret *a = NULL, *b = NULL;
  guint16 profile = 0;

  g_assert_false (bed_dtls_transport_export_srtp_keys (pair->ends[index].transport, &profile, &a, &b, &error));
  g_assert_error (error, BED_DTLS_ERROR, BED_DTLS_ERROR_STATE);
  g_assert_null (a);
  g_assert_null (b);
}

static void
test_states (void)
{
  for (guint s = 0; s < BED_DTLS_N_STATES; s++)
    for (guint e = 0; e < BED_DTLS_N_EVENTS; e++)
      {
        BedDtlsState next = bed_dtls_state_next (s, e);

        if (s >= BED_DTLS_STATE_CLOSED)
          g_assert_cmpint (next, ==, s);
        else if (e == BED_DTLS_EVENT_FAIL)
          g_assert_cmpint (next, ==, BED_DTLS_STATE_FAILED);
        else if (e == BED_DTLS_EVENT_CLOSE)
          g_assert_cmpint (next, ==, BED_DTLS_STATE_CLOSED);
        if (next == BED_DTLS_STATE_CONNECTED && s != next)
          g_assert_true (s == BED_DTLS_STATE_CONNECTING && e == BED_DTLS_EVENT_VERIFIED);
      }
}

static void
test_certificate (void)
{
  g_autoptr (BedDtlsCertificate) a = bed_dtls_certificate_new (NULL);
  g_autoptr (BedDtlsCertificate) b = bed_dtls_certificate_new (NULL);

  g_assert_true (memcmp (bed_dtls_certificate_get_fingerprint (a), bed_dtls_certificate_get_fingerprint (b),
                         BED_DTLS_FINGERPRINT_LENGTH) != 0);
}

static void
assert_same_keys (Pair *pair)
{
  g_autoptr (BedSecret) a_send = NULL, a_receive = NULL, b_send = NULL, b_receive = NULL;
  guint16 a_profile, b_profile;

  g_assert_true (bed_dtls_transport_export_srtp_keys (pair->ends[0].transport, &a_profile, &a_send, &a_receive, NULL));
  g_assert_true (bed_dtls_transport_export_srtp_keys (pair->ends[1].transport, &b_profile, &b_send, &b_receive, NULL));
  g_assert_cmpuint (a_profile, ==, BED_DTLS_SRTP_AEAD_AES_256_GCM);
  g_assert_cmpuint (b_profile, ==, a_profile);
  g_assert_cmpuint (bed_secret_get_length (a_send), ==, 44);
  g_assert_true (bed_secret_equal (a_send, b_receive));
  g_assert_true (bed_secret_equal (a_receive, b_send));
  g_assert_false (bed_secret_equal (a_send, a_receive));
}

static void
test_connect (void)
{
  Pair *pair = pair_new (0);
  guint8 long_data[BED_DTLS_MAX_DATA + 1] = { 1 };

  assert_no_keys (pair, 0);
  start (pair, 1, BED_DTLS_ROLE_SERVER, NULL);
  start (pair, 0, BED_DTLS_ROLE_CLIENT, NULL);
  g_assert_cmpint (bed_dtls_transport_send (pair->ends[0].transport, long_data, 5), ==, BED_DTLS_NOT_CONNECTED);
  assert_no_keys (pair, 0);
  run (pair, 5000000);
  assert_state (pair, 0, BED_DTLS_STATE_CONNECTED);
  assert_state (pair, 1, BED_DTLS_STATE_CONNECTED);
  g_assert_cmpstr (bed_dtls_transport_get_version (pair->ends[0].transport), ==, "DTLSv1.2");
  assert_same_keys (pair);
  g_assert_cmpint (bed_dtls_transport_send (pair->ends[0].transport, (const guint8 *) "to server", 9), ==, BED_DTLS_OK);
  g_assert_cmpint (bed_dtls_transport_send (pair->ends[1].transport, (const guint8 *) "to client", 9), ==, BED_DTLS_OK);
  run (pair, 100000);
  g_assert_cmpstr (pair->ends[1].received->str, ==, "to server");
  g_assert_cmpstr (pair->ends[0].received->str, ==, "to client");
  g_assert_cmpint (bed_dtls_transport_send (pair->ends[0].transport, long_data, sizeof long_data), ==, BED_DTLS_TOO_LONG);
  g_assert_cmpint (bed_dtls_transport_send (pair->ends[0].transport, long_data, BED_DTLS_MAX_DATA), ==, BED_DTLS_OK);
  run (pair, 100000);
  g_assert_cmpuint (pair->ends[1].received->len, ==, 9 + BED_DTLS_MAX_DATA);
  g_assert_cmpuint (pair->longest, <=, 1200);
  bed_dtls_transport_close (pair->ends[0].transport);
  run (pair, 100000);
  assert_state (pair, 0, BED_DTLS_STATE_CLOSED);
  assert_state (pair, 1, BED_DTLS_STATE_CLOSED);
  assert_no_keys (pair, 1);
  pair_free (pair);
}

static void
test_loss (void)
{
  Pair *pair = pair_new (0.2);

  start (pair, 1, BED_DTLS_ROLE_SERVER, NULL);
  start (pair, 0, BED_DTLS_ROLE_CLIENT, NULL);
  run (pair, 15000000);
  assert_state (pair, 0, BED_DTLS_STATE_CONNECTED);
  assert_state (pair, 1, BED_DTLS_STATE_CONNECTED);
  assert_same_keys (pair);
  pair_free (pair);
}

/* The first flight comes before the remote description: kept, bounded, and used. */
static void
test_early (void)
{
  Pair *pair = pair_new (0);
  guint8 junk[64] = { 22 };

  start (pair, 0, BED_DTLS_ROLE_CLIENT, NULL);
  while (deliver (pair))
    ;
  assert_state (pair, 1, BED_DTLS_STATE_NEW);
  start (pair, 1, BED_DTLS_ROLE_SERVER, NULL);
  run (pair, 150000); /* less than the first retransmission */
  assert_state (pair, 0, BED_DTLS_STATE_CONNECTED);
  assert_state (pair, 1, BED_DTLS_STATE_CONNECTED);
  pair_free (pair);

  pair = pair_new (0);
  for (guint i = 0; i < 100; i++)
    bed_dtls_transport_input (pair->ends[1].transport, junk, sizeof junk);
  g_assert_cmpuint (bed_dtls_transport_get_dropped (pair->ends[1].transport), ==, 92);
  pair_free (pair);
}

static void
test_wrong_fingerprint (void)
{
  for (guint who = 0; who < 2; who++)
    {
      Pair *pair = pair_new (0);
      guint8 wrong[BED_DTLS_FINGERPRINT_LENGTH];
      gint64 begin_us = g_get_monotonic_time ();

      memcpy (wrong, bed_dtls_certificate_get_fingerprint (pair->ends[1 - who].certificate), sizeof wrong);
      wrong[31] ^= 1;
      start (pair, 1, BED_DTLS_ROLE_SERVER, who == 1 ? wrong : NULL);
      start (pair, 0, BED_DTLS_ROLE_CLIENT, who == 0 ? wrong : NULL);
      run (pair, 5000000);
      g_assert_cmpint (g_get_monotonic_time () - begin_us, <, 500000);
      assert_state (pair, who, BED_DTLS_STATE_FAILED);
      assert_state (pair, 1 - who, BED_DTLS_STATE_FAILED); /* by our alert */
      g_assert_error (bed_dtls_transport_get_error (pair->ends[who].transport), BED_DTLS_ERROR, BED_DTLS_ERROR_IDENTITY);
      assert_no_keys (pair, 0);
      assert_no_keys (pair, 1);
      g_assert_cmpint (bed_dtls_transport_send (pair->ends[who].transport, (const guint8 *) "x", 1), ==,
                       BED_DTLS_NOT_CONNECTED);
      pair_free (pair);
    }
}

/* A foreign peer made with plain OpenSSL, to leave out what ours insists on. */
typedef struct
{
  SSL_CTX *context;
  SSL *ssl;
  BIO *in, *out;
} Foreign;

typedef struct
{
  int version;
  gboolean srtp, certificate;
  const char *ciphers;
} ForeignKind;

static void
foreign_use_certificate (SSL_CTX *context)
{
  EVP_PKEY *key = EVP_EC_gen ("P-256");
  X509 *x509 = X509_new ();

  ASN1_INTEGER_set (X509_get_serialNumber (x509), 1);
  X509_gmtime_adj (X509_getm_notBefore (x509), 0);
  X509_gmtime_adj (X509_getm_notAfter (x509), 3600);
  X509_set_pubkey (x509, key);
  X509_sign (x509, key, EVP_sha256 ());
  g_assert_true (SSL_CTX_use_certificate (context, x509) == 1);
  g_assert_true (SSL_CTX_use_PrivateKey (context, key) == 1);
  X509_free (x509);
  EVP_PKEY_free (key);
}

static void
foreign_init (Foreign *self, const ForeignKind *kind)
{
  self->context = SSL_CTX_new (DTLS_client_method ());
  SSL_CTX_set_security_level (self->context, 0);
  SSL_CTX_set_min_proto_version (self->context, DTLS1_VERSION);
  SSL_CTX_set_max_proto_version (self->context, kind->version);
  g_assert_true (SSL_CTX_set_cipher_list (self->context, kind->ciphers));
  if (kind->srtp)
    g_assert_true (SSL_CTX_set_tlsext_use_srtp (self->context, "SRTP_AES128_CM_SHA1_80") == 0);
  if (kind->certificate)
    foreign_use_certificate (self->context);
  self->ssl = SSL_new (self->context);
  SSL_set_options (self->ssl, SSL_OP_NO_QUERY_MTU);
  SSL_set_mtu (self->ssl, 1200);
  self->in = BIO_new (BIO_s_mem ());
  self->out = BIO_new (BIO_s_mem ());
  BIO_set_mem_eof_return (self->in, -1);
  SSL_set_bio (self->ssl, self->in, self->out);
  SSL_set_connect_state (self->ssl);
}

/* Moves datagrams by the record headers (a memory BIO joins them). */
static void
foreign_send (Foreign *self, BedDtlsTransport *to)
{
  guint8 buffer[8192];
  int length = BIO_read (self->out, buffer, sizeof buffer);

  for (int at = 0; at + 13 <= length;)
    {
      int record = 13 + (buffer[at + 11] << 8 | buffer[at + 12]);
      bed_dtls_transport_input (to, buffer + at, (gsize) record);
      at += record;
    }
}

static void
run_foreign (const ForeignKind *kind, BedDtlsState wanted, BedDtlsError wanted_error)
{
  Pair *pair = pair_new (0);
  Foreign foreign;
  guint8 fingerprint[BED_DTLS_FINGERPRINT_LENGTH] = { 0 };
  GBytes *datagram;

  foreign_init (&foreign, kind);
  if (kind->certificate)
    X509_digest (SSL_get_certificate (foreign.ssl), EVP_sha256 (), fingerprint, NULL);
  start (pair, 1, BED_DTLS_ROLE_SERVER, fingerprint);
  for (guint i = 0; i < 10; i++)
    {
      SSL_do_handshake (foreign.ssl);
      foreign_send (&foreign, pair->ends[1].transport);
      while ((datagram = g_queue_pop_head (&pair->ends[0].wire)) != NULL)
        {
          BIO_write (foreign.in, g_bytes_get_data (datagram, NULL), (int) g_bytes_get_size (datagram));
          SSL_do_handshake (foreign.ssl);
          g_bytes_unref (datagram);
        }
    }
  assert_state (pair, 1, wanted);
  if (wanted == BED_DTLS_STATE_FAILED)
    {
      g_assert_error (bed_dtls_transport_get_error (pair->ends[1].transport), BED_DTLS_ERROR, (int) wanted_error);
      assert_no_keys (pair, 1);
    }
  SSL_free (foreign.ssl);
  SSL_CTX_free (foreign.context);
  pair_free (pair);
}

#define GOOD_CIPHER "ECDHE-ECDSA-AES128-GCM-SHA256"

static void
test_foreign (void)
{
  const ForeignKind good = { DTLS1_2_VERSION, TRUE, TRUE, GOOD_CIPHER };
  const ForeignKind no_srtp = { DTLS1_2_VERSION, FALSE, TRUE, GOOD_CIPHER };
  const ForeignKind no_certificate = { DTLS1_2_VERSION, TRUE, FALSE, GOOD_CIPHER };
  const ForeignKind old = { DTLS1_VERSION, TRUE, TRUE, "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0" };
  const ForeignKind null = { DTLS1_2_VERSION, TRUE, TRUE, "ECDHE-ECDSA-NULL-SHA:@SECLEVEL=0" };
  const ForeignKind cbc = { DTLS1_2_VERSION, TRUE, TRUE, "ECDHE-ECDSA-AES128-SHA" };

  run_foreign (&good, BED_DTLS_STATE_CONNECTED, 0);
  run_foreign (&no_srtp, BED_DTLS_STATE_FAILED, BED_DTLS_ERROR_PROFILE);
  run_foreign (&no_certificate, BED_DTLS_STATE_FAILED, BED_DTLS_ERROR_HANDSHAKE);
  run_foreign (&old, BED_DTLS_STATE_FAILED, BED_DTLS_ERROR_HANDSHAKE);
  run_foreign (&null, BED_DTLS_STATE_FAILED, BED_DTLS_ERROR_HANDSHAKE);
  run_foreign (&cbc, BED_DTLS_STATE_FAILED, BED_DTLS_ERROR_HANDSHAKE);
}

/* A ClientHello of more than one datagram, as browsers send it. */
static void
test_fragmented_hello (void)
{
  Pair *pair = pair_new (0);
  guint8 whole[4096], part[2048];
  gsize body, first = 100;
  GBytes *hello;

  start (pair, 0, BED_DTLS_ROLE_CLIENT, NULL);
  start (pair, 1, BED_DTLS_ROLE_SERVER, NULL);
  hello = g_queue_pop_head (&pair->ends[1].wire);
  body = g_bytes_get_size (hello) - 25;
  memcpy (whole, g_bytes_get_data (hello, NULL), g_bytes_get_size (hello));
  g_assert_cmpuint (whole[0], ==, 22);
  g_assert_cmpuint (body, >, first);
  for (guint i = 0; i < 2; i++)
    {
      gsize offset = i == 0 ? 0 : first, length = i == 0 ? first : body - first;

      memcpy (part, whole, 25);
      memcpy (part + 25, whole + 25 + offset, length);
      part[10] = (guint8) (i * 40); /* a record number that the client will not use again */
      part[11] = (guint8) ((length + 12) >> 8);
      part[12] = (guint8) (length + 12);
      part[20] = (guint8) (offset >> 8);
      part[21] = (guint8) offset;
      part[23] = (guint8) (length >> 8);
      part[24] = (guint8) length;
      bed_dtls_transport_input (pair->ends[1].transport, part, 25 + length);
    }
  g_bytes_unref (hello);
  run (pair, 150000);
  assert_state (pair, 0, BED_DTLS_STATE_CONNECTED);
  assert_state (pair, 1, BED_DTLS_STATE_CONNECTED);
  pair_free (pair);
}

static void
test_garbage_when_connected (void)
{
  Pair *pair = pair_new (0);
  guint8 junk[1500];

  start (pair, 1, BED_DTLS_ROLE_SERVER, NULL);
  start (pair, 0, BED_DTLS_ROLE_CLIENT, NULL);
  run (pair, 5000000);
  for (guint i = 0; i < 5000; i++)
    {
      gsize length = (gsize) g_rand_int_range (pair->rand, 0, sizeof junk);

      for (gsize k = 0; k < length; k++)
        junk[k] = (guint8) g_rand_int (pair->rand);
      junk[0] = (guint8) (20 + i % 6);
      if (i % 2)
        memcpy (junk + 1, "\xfe\xfd\x00\x01", 4);
      bed_dtls_transport_input (pair->ends[1].transport, junk, length);
    }
  assert_state (pair, 1, BED_DTLS_STATE_CONNECTED);
  bed_dtls_transport_send (pair->ends[0].transport, (const guint8 *) "still", 5);
  run (pair, 100000);
  g_assert_cmpstr (pair->ends[1].received->str, ==, "still");
  pair_free (pair);
}

/* Too short for what protects them: anybody on the path can make these, at any time. */
static void
send_short_records (Pair *pair)
{
  for (guint type = 20; type <= 25; type++)
    for (guint epoch = 1; epoch <= 2; epoch++)
      for (guint length = 0; length < 24; length++)
        {
          guint8 record[13 + 13 + 24] = { 22, 0xfe, 0xfd };
          guint8 *second = record + 13;

          record[10] = length; /* a sequence number */
          memcpy (second, record, 13);
          second[0] = type;
          second[4] = epoch;
          second[12] = length;
          bed_dtls_transport_input (pair->ends[1].transport, second, 13 + length);
          bed_dtls_transport_input (pair->ends[1].transport, record, 26 + length);
        }
}

static void
test_short_records (void)
{
  Pair *pair = pair_new (0);

  start (pair, 1, BED_DTLS_ROLE_SERVER, NULL);
  send_short_records (pair);
  start (pair, 0, BED_DTLS_ROLE_CLIENT, NULL);
  send_short_records (pair);
  run (pair, 5000000);
  assert_state (pair, 1, BED_DTLS_STATE_CONNECTED);
  send_short_records (pair);
  assert_state (pair, 1, BED_DTLS_STATE_CONNECTED);
  g_assert_cmpuint (bed_dtls_transport_get_dropped (pair->ends[1].transport), ==, 3 * 6 * 2 * 24 * 2);
  bed_dtls_transport_send (pair->ends[0].transport, (const guint8 *) "still", 5);
  run (pair, 100000);
  g_assert_cmpstr (pair->ends[1].received->str, ==, "still");
  pair_free (pair);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/dtls/states", test_states);
  g_test_add_func ("/rtc/dtls/certificate/fresh", test_certificate);
  g_test_add_func ("/rtc/dtls/transport/connect", test_connect);
  g_test_add_func ("/rtc/dtls/transport/loss", test_loss);
  g_test_add_func ("/rtc/dtls/transport/early", test_early);
  g_test_add_func ("/rtc/dtls/transport/wrong-fingerprint", test_wrong_fingerprint);
  g_test_add_func ("/rtc/dtls/transport/foreign", test_foreign);
  g_test_add_func ("/rtc/dtls/transport/fragmented-hello", test_fragmented_hello);
  g_test_add_func ("/rtc/dtls/transport/garbage-when-connected", test_garbage_when_connected);
  g_test_add_func ("/rtc/dtls/transport/short-records", test_short_records);
  return g_test_run ();
}
