/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-dtls-certificate-private.h"

#include "bed-secret.h"

#include <openssl/ec.h>
#include <openssl/evp.h>

G_DEFINE_QUARK (bed-dtls-error-quark, bed_dtls_error)

struct _BedDtlsCertificate
{
  GObject parent_instance;
  /* owned */
  X509 *x509;
  EVP_PKEY *key;
  guint8 fingerprint[BED_DTLS_FINGERPRINT_LENGTH];
};

G_DEFINE_FINAL_TYPE (BedDtlsCertificate, bed_dtls_certificate, G_TYPE_OBJECT)

#define VALID_BEFORE_S (24 * 60 * 60)
#define VALID_AFTER_S (30 * 24 * 60 * 60)

static void
bed_dtls_certificate_finalize (GObject *object)
{
  BedDtlsCertificate *self = BED_DTLS_CERTIFICATE (object);

  X509_free (self->x509);
  EVP_PKEY_free (self->key);
  G_OBJECT_CLASS (bed_dtls_certificate_parent_class)->finalize (object);
}

static void
bed_dtls_certificate_class_init (BedDtlsCertificateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_dtls_certificate_finalize;
}

static void
bed_dtls_certificate_init (BedDtlsCertificate *self)
{
}

static gboolean
set_random_name (X509 *x509)
{
  guint8 bytes[8];
  char name[sizeof bytes * 2 + 1];
  guint64 serial;

  bed_random_bytes (bytes, sizeof bytes);
  bed_random_bytes (&serial, sizeof serial);
  for (gsize i = 0; i < sizeof bytes; i++)
    g_snprintf (name + 2 * i, 3, "%02x", bytes[i]);
  return ASN1_INTEGER_set_uint64 (X509_get_serialNumber (x509), (serial >> 1) | 1)
         && X509_NAME_add_entry_by_txt (X509_get_subject_name (x509), "CN", MBSTRING_ASC,
                                        (const guint8 *) name, -1, -1, 0)
         && X509_set_issuer_name (x509, X509_get_subject_name (x509));
}

static gboolean
fill (BedDtlsCertificate *self)
{
  guint length = 0;

  self->key = EVP_EC_gen ("P-256");
  self->x509 = X509_new ();
  return self->key != NULL && self->x509 != NULL && X509_set_version (self->x509, X509_VERSION_3)
         && set_random_name (self->x509)
         && X509_gmtime_adj (X509_getm_notBefore (self->x509), -VALID_BEFORE_S) != NULL
         && X509_gmtime_adj (X509_getm_notAfter (self->x509), VALID_AFTER_S) != NULL
         && X509_set_pubkey (self->x509, self->key)
         && X509_sign (self->x509, self->key, EVP_sha256 ())
         && X509_digest (self->x509, EVP_sha256 (), self->fingerprint, &length)
         && length == BED_DTLS_FINGERPRINT_LENGTH;
}

BedDtlsCertificate *
bed_dtls_certificate_new (GError **error)
{
  g_autoptr (BedDtlsCertificate) self = g_object_new (BED_TYPE_DTLS_CERTIFICATE, NULL);

  if (!fill (self))
    {
      g_set_error_literal (error, BED_DTLS_ERROR, BED_DTLS_ERROR_CRYPTO,
                           "No certificate could be made");
      return NULL;
    }
  return g_steal_pointer (&self);
}

const guint8 *
bed_dtls_certificate_get_fingerprint (BedDtlsCertificate *self)
{
  g_return_val_if_fail (BED_IS_DTLS_CERTIFICATE (self), NULL);
  return self->fingerprint;
}

X509 *
_bed_dtls_certificate_get_x509 (BedDtlsCertificate *self)
{
  return self->x509;
}

EVP_PKEY *
_bed_dtls_certificate_get_key (BedDtlsCertificate *self)
{
  return self->key;
}
