/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <openssl/evp.h>

#include "bed-protocol.h"
#include "bed-secret.h"

G_BEGIN_DECLS

#define BED_CRYPTO_KEY_BYTES 32
#define BED_CRYPTO_NONCE_BYTES 12
#define BED_CRYPTO_TAG_BYTES 16
#define BED_CRYPTO_SCALAR_BYTES 32

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY, EVP_PKEY_free)

/* HKDF with SHA-256 (RFC 5869). salt may be NULL (empty). */
void bed_crypto_hkdf (const guint8 *ikm, gsize ikm_length, const guint8 *salt, gsize salt_length,
                      const guint8 *info, gsize info_length, guint8 *out, gsize out_length);
/* AES-256-GCM. out has room for length + 16. */
void bed_crypto_seal (const guint8 *key, const guint8 *nonce, const guint8 *data, gsize length,
                      const guint8 *ad, gsize ad_length, guint8 *out);
/* length includes the tag and is at least 16; out has room for length - 16, and is zeroed on
 * failure. */
gboolean bed_crypto_open (const guint8 *key, const guint8 *nonce, const guint8 *box, gsize length,
                          const guint8 *ad, gsize ad_length, guint8 *out);
/* P-256. */
EVP_PKEY *bed_crypto_key_generate (void);
EVP_PKEY *bed_crypto_key_from_scalar (const guint8 *scalar);
EVP_PKEY *bed_crypto_key_from_point (const guint8 *point);
void bed_crypto_key_get_point (EVP_PKEY *key, guint8 point[BED_POINT_BYTES]);
BedSecret *bed_crypto_key_dup_scalar (EVP_PKEY *key);
gboolean bed_crypto_ecdh (EVP_PKEY *own, EVP_PKEY *other, guint8 out[32]);

G_END_DECLS
