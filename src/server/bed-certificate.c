/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-certificate.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sodium.h>
#include <string.h>
#include <time.h>

G_DEFINE_AUTOPTR_CLEANUP_FUNC (X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIO, BIO_free_all)

static gboolean
refuse (GError **error, const char *what, const char *file)
{
  ERR_clear_error ();
  g_set_error (error, BED_SERVER_ERROR, BED_SERVER_ERROR_CERTIFICATE, "%s: %s", what, file);
  return FALSE;
}

static gint64
to_unix (const ASN1_TIME *time)
{
  struct tm tm;

  return ASN1_TIME_to_tm (time, &tm) ? (gint64) timegm (&tm) : 0;
}

static gboolean
make_pin (X509 *certificate, guint8 pin[32])
{
  guint8 *der = NULL;
  int length = i2d_X509_PUBKEY (X509_get_X509_PUBKEY (certificate), &der);

  if (length <= 0)
    return FALSE;
  crypto_hash_sha256 (pin, der, (gsize) length);
  OPENSSL_free (der);
  return TRUE;
}

static gboolean
check_key (X509 *certificate, const char *file, GError **error)
{
  g_autoptr (BIO) bio = BIO_new_file (file, "r");
  g_autoptr (EVP_PKEY) key = bio ? PEM_read_bio_PrivateKey (bio, NULL, NULL, NULL) : NULL;

  if (!key)
    return refuse (error, "The private key cannot be read", file);
  if (X509_check_private_key (certificate, key) != 1)
    return refuse (error, "The private key does not belong to the certificate", file);
  return TRUE;
}

gboolean
bed_certificate_read (const char *file, const char *private_key, const char *host,
                      BedCertificate *out, GError **error)
{
  g_autoptr (BIO) bio = BIO_new_file (file, "r");
  g_autoptr (X509) certificate = bio ? PEM_read_bio_X509 (bio, NULL, NULL, NULL) : NULL;

  memset (out, 0, sizeof *out);
  if (!certificate || !make_pin (certificate, out->pin))
    return refuse (error, "The certificate cannot be read", file);
  out->not_before = to_unix (X509_get0_notBefore (certificate));
  out->not_after = to_unix (X509_get0_notAfter (certificate));
  out->fits_host = X509_check_host (certificate, host, 0, 0, NULL) == 1
                   || X509_check_ip_asc (certificate, host, 0) == 1;
  ERR_clear_error ();
  return !private_key || check_key (certificate, private_key, error);
}
