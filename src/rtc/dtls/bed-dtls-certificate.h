/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* Errors at the edge of this room. */
#define BED_DTLS_ERROR (bed_dtls_error_quark ())
GQuark bed_dtls_error_quark (void);
typedef enum
{
  BED_DTLS_ERROR_CRYPTO,    /* the library failed (no memory, no randomness) */
  BED_DTLS_ERROR_STATE,     /* not connected, or started before */
  BED_DTLS_ERROR_HANDSHAKE, /* alert, malformed, timed out, version or cipher refused */
  BED_DTLS_ERROR_IDENTITY,  /* the certificate is not the one that was announced */
  BED_DTLS_ERROR_PROFILE,   /* no SRTP profile agreed on */
} BedDtlsError;

#define BED_DTLS_FINGERPRINT_LENGTH 32 /* SHA-256 */

/* A self-signed P-256 ECDSA certificate, fresh for each call (RFC 8827 section 6.5). Immutable; any
 * thread. */
#define BED_TYPE_DTLS_CERTIFICATE (bed_dtls_certificate_get_type ())
G_DECLARE_FINAL_TYPE (BedDtlsCertificate, bed_dtls_certificate, BED, DTLS_CERTIFICATE, GObject)

/* Makes a new key and certificate with a random name. Returns: (transfer full) (nullable) */
BedDtlsCertificate *bed_dtls_certificate_new (GError **error);
/* SHA-256 of the DER form, BED_DTLS_FINGERPRINT_LENGTH bytes (RFC 8122). Lent. */
const guint8 *bed_dtls_certificate_get_fingerprint (BedDtlsCertificate *self);

G_END_DECLS
