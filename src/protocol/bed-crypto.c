/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-crypto-private.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <string.h>

#define GROUP "prime256v1"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_KDF, EVP_KDF_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_KDF_CTX, EVP_KDF_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_CIPHER_CTX, EVP_CIPHER_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EVP_PKEY_CTX, EVP_PKEY_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EC_GROUP, EC_GROUP_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (EC_POINT, EC_POINT_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BIGNUM, BN_clear_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OSSL_PARAM, OSSL_PARAM_free)

/* What cannot fail but for want of memory or of the algorithm: as g_malloc, it ends the process. */
static void
must (gboolean worked)
{
  if (!worked)
    g_error ("libcrypto cannot do what every OpenSSL 3 can");
}

void
bed_crypto_hkdf (const guint8 *ikm, gsize ikm_length, const guint8 *salt, gsize salt_length,
                 const guint8 *info, gsize info_length, guint8 *out, gsize out_length)
{
  g_autoptr (EVP_KDF) kdf = EVP_KDF_fetch (NULL, "HKDF", NULL);
  g_autoptr (EVP_KDF_CTX) context = EVP_KDF_CTX_new (kdf);
  char digest[] = "SHA256";
  OSSL_PARAM params[5];
  guint n = 0;

  params[n++] = OSSL_PARAM_construct_utf8_string (OSSL_KDF_PARAM_DIGEST, digest, 0);
  params[n++] = OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_KEY, (void *) ikm, ikm_length);
  params[n++] = OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_INFO, (void *) info, info_length);
  if (salt != NULL)
    params[n++] = OSSL_PARAM_construct_octet_string (OSSL_KDF_PARAM_SALT, (void *) salt,
                                                     salt_length);
  params[n] = OSSL_PARAM_construct_end ();
  must (EVP_KDF_derive (context, out, out_length, params) > 0);
}

void
bed_crypto_seal (const guint8 *key, const guint8 *nonce, const guint8 *data, gsize length,
                 const guint8 *ad, gsize ad_length, guint8 *out)
{
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  int done = 0;

  must (EVP_EncryptInit_ex (context, EVP_aes_256_gcm (), NULL, key, nonce));
  must (EVP_EncryptUpdate (context, NULL, &done, ad, (int) ad_length));
  must (EVP_EncryptUpdate (context, out, &done, data, (int) length));
  must (EVP_EncryptFinal_ex (context, out + done, &done));
  must (EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_GCM_GET_TAG, BED_CRYPTO_TAG_BYTES, out + length));
}

gboolean
bed_crypto_open (const guint8 *key, const guint8 *nonce, const guint8 *box, gsize length,
                 const guint8 *ad, gsize ad_length, guint8 *out)
{
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  gsize plain = length - BED_CRYPTO_TAG_BYTES;
  int done = 0;

  must (EVP_DecryptInit_ex (context, EVP_aes_256_gcm (), NULL, key, nonce));
  must (EVP_DecryptUpdate (context, NULL, &done, ad, (int) ad_length));
  must (EVP_DecryptUpdate (context, out, &done, box, (int) plain));
  must (EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_GCM_SET_TAG, BED_CRYPTO_TAG_BYTES,
                             (void *) (box + plain)));
  if (EVP_DecryptFinal_ex (context, out + done, &done) > 0)
    return TRUE;
  bed_secret_wipe (out, plain);
  return FALSE;
}

EVP_PKEY *
bed_crypto_key_generate (void)
{
  EVP_PKEY *key = EVP_EC_gen (GROUP);

  must (key != NULL);
  return key;
}

static EVP_PKEY *
key_from_params (OSSL_PARAM *params, int selection)
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "EC", NULL);
  EVP_PKEY *key = NULL;

  must (EVP_PKEY_fromdata_init (context) > 0);
  return EVP_PKEY_fromdata (context, &key, selection, params) > 0 ? key : NULL;
}

EVP_PKEY *
bed_crypto_key_from_scalar (const guint8 *scalar)
{
  g_autoptr (EC_GROUP) group = EC_GROUP_new_by_curve_name (NID_X9_62_prime256v1);
  g_autoptr (EC_POINT) point = EC_POINT_new (group);
  g_autoptr (BIGNUM) number = BN_bin2bn (scalar, BED_CRYPTO_SCALAR_BYTES, BN_secure_new ());
  g_autoptr (OSSL_PARAM_BLD) builder = OSSL_PARAM_BLD_new ();
  g_autoptr (OSSL_PARAM) params = NULL;
  guint8 encoded[BED_POINT_BYTES];

  BN_set_flags (number, BN_FLG_CONSTTIME);
  if (BN_is_zero (number) || BN_cmp (number, EC_GROUP_get0_order (group)) >= 0)
    return NULL;
  must (EC_POINT_mul (group, point, number, NULL, NULL, NULL));
  must (EC_POINT_point2oct (group, point, POINT_CONVERSION_UNCOMPRESSED, encoded, sizeof encoded,
                            NULL));
  must (OSSL_PARAM_BLD_push_utf8_string (builder, OSSL_PKEY_PARAM_GROUP_NAME, GROUP, 0)
        && OSSL_PARAM_BLD_push_octet_string (builder, OSSL_PKEY_PARAM_PUB_KEY, encoded,
                                             sizeof encoded)
        && OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_PRIV_KEY, number));
  params = OSSL_PARAM_BLD_to_param (builder);
  return key_from_params (params, EVP_PKEY_KEYPAIR);
}

EVP_PKEY *
bed_crypto_key_from_point (const guint8 *point)
{
  char group[] = GROUP;
  OSSL_PARAM params[] = {
    OSSL_PARAM_construct_utf8_string (OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
    OSSL_PARAM_construct_octet_string (OSSL_PKEY_PARAM_PUB_KEY, (void *) point, BED_POINT_BYTES),
    OSSL_PARAM_construct_end (),
  };
  g_autoptr (EVP_PKEY) key = NULL;
  g_autoptr (EVP_PKEY_CTX) context = NULL;

  if (point[0] != POINT_CONVERSION_UNCOMPRESSED
      || (key = key_from_params (params, EVP_PKEY_PUBLIC_KEY)) == NULL)
    return NULL;
  context = EVP_PKEY_CTX_new_from_pkey (NULL, key, NULL);
  return EVP_PKEY_public_check (context) > 0 ? g_steal_pointer (&key) : NULL;
}

void
bed_crypto_key_get_point (EVP_PKEY *key, guint8 point[BED_POINT_BYTES])
{
  gsize length = 0;

  /* A key read from its scalar has a point, too: it was given with it. */
  must (EVP_PKEY_get_octet_string_param (key, OSSL_PKEY_PARAM_PUB_KEY, point, BED_POINT_BYTES,
                                         &length)
        && length == BED_POINT_BYTES);
}

BedSecret *
bed_crypto_key_dup_scalar (EVP_PKEY *key)
{
  g_autoptr (BedSecret) scalar = bed_secret_new_zero (BED_CRYPTO_SCALAR_BYTES);
  BIGNUM *read = NULL;
  g_autoptr (BIGNUM) number = NULL;

  must (EVP_PKEY_get_bn_param (key, OSSL_PKEY_PARAM_PRIV_KEY, &read));
  number = read;
  must (BN_bn2binpad (number, bed_secret_get_writable (scalar), BED_CRYPTO_SCALAR_BYTES)
        == BED_CRYPTO_SCALAR_BYTES);
  return g_steal_pointer (&scalar);
}

gboolean
bed_crypto_ecdh (EVP_PKEY *own, EVP_PKEY *other, guint8 out[32])
{
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_pkey (NULL, own, NULL);
  gsize length = 32;

  return EVP_PKEY_derive_init (context) > 0 && EVP_PKEY_derive_set_peer (context, other) > 0 &&
         EVP_PKEY_derive (context, out, &length) > 0 && length == 32;
}
