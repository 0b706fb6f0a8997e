/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-password.h"

#include <sodium.h>
#include <string.h>
#include <zxcvbn.h>

#define BYTES_MAX 1024
#define JUDGED_MAX 100 /* zxcvbn's time grows with the square of the length */

guint
bed_password_score (const char *typed, const char *const *words)
{
  /* log2 of the guesses at which zxcvbn changes its score: 10^3, 10^6, 10^8, 10^10. */
  static const double limits[] = { 9.966, 19.932, 26.575, 33.219 };
  g_autofree char *judged = g_strndup (typed, JUDGED_MAX);
  double bits = ZxcvbnMatch (judged, (const char **) words, NULL);
  guint score = 0;

  while (score < G_N_ELEMENTS (limits) && bits >= limits[score])
    score++;
  bed_secret_wipe (judged, strlen (judged));
  return score;
}

BedSecret *
bed_password_normalise (const char *typed)
{
  char *normal;
  BedSecret *secret;

  if (typed == NULL || typed[0] == '\0' || strlen (typed) > BYTES_MAX ||
      (normal = g_utf8_normalize (typed, -1, G_NORMALIZE_NFC)) == NULL)
    return NULL;
  secret = bed_secret_new (normal, strlen (normal));
  bed_secret_wipe (normal, strlen (normal));
  g_free (normal);
  return secret;
}

BedSecret *
bed_password_derive_auth (BedSecret *password, const BedKdfParams *params)
{
  g_autoptr (BedSecret) auth = NULL;

  if (params->ops < BED_KDF_OPS_MIN || params->ops > BED_KDF_OPS_MAX ||
      params->mem < BED_KDF_MEM_MIN || params->mem > BED_KDF_MEM_MAX)
    return NULL;
  auth = bed_secret_new_zero (BED_AUTH_BYTES);
  if (crypto_pwhash (bed_secret_get_writable (auth), BED_AUTH_BYTES,
                     (const char *) bed_secret_get_data (password),
                     bed_secret_get_length (password), params->salt,
                     (unsigned long long) params->ops, (size_t) params->mem,
                     crypto_pwhash_ALG_ARGON2ID13) != 0)
    return NULL;
  return g_steal_pointer (&auth);
}
