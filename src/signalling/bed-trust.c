/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-trust-private.h"

#include <openssl/crypto.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

void
bed_trust_clear (BedTrust *self)
{
  g_clear_object (&self->database);
}

gboolean
bed_trust_hash_key (GTlsCertificate *certificate, guint8 hash[BED_HASH_BYTES])
{
  g_autoptr (GByteArray) der = NULL;
  const guint8 *at;
  guint8 *key = NULL;
  X509 *parsed;
  int length;

  g_object_get (certificate, "certificate", &der, NULL);
  if (der == NULL)
    return FALSE;
  at = der->data;
  parsed = d2i_X509 (NULL, &at, (long) der->len);
  length = parsed != NULL ? i2d_X509_PUBKEY (X509_get_X509_PUBKEY (parsed), &key) : 0;
  if (length > 0)
    SHA256 (key, (gsize) length, hash);
  OPENSSL_free (key);
  X509_free (parsed);
  return length > 0;
}

gboolean
bed_trust_accepts (BedTrust *self, GTlsCertificate *certificate)
{
  guint8 hash[BED_HASH_BYTES];

  return self->pinned && bed_trust_hash_key (certificate, hash) &&
         CRYPTO_memcmp (hash, self->pin, sizeof hash) == 0;
}

static gboolean
on_accept_certificate (GTlsConnection *connection, GTlsCertificate *certificate,
                       GTlsCertificateFlags errors, gpointer self)
{
  return bed_trust_accepts (self, certificate);
}

void
bed_trust_apply (BedTrust *self, GTlsConnection *connection)
{
  if (self->pinned)
    g_tls_connection_set_database (connection, NULL);
  else if (self->database != NULL)
    g_tls_connection_set_database (connection, self->database);
  g_signal_connect (connection, "accept-certificate", G_CALLBACK (on_accept_certificate), self);
}
