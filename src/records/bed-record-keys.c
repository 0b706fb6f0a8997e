/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-signing-private.h"

#include <sodium.h>
#include <string.h>

/* One Ed25519 seed for each account, in the vault; its public half is made from it. */
#define BLOB_PREFIX "note-signing-key/"

static BedSecret *
secret_key_from_seed (const BedSecret *seed, guint8 *key)
{
  BedSecret *secret = bed_secret_new_zero (crypto_sign_SECRETKEYBYTES);

  crypto_sign_seed_keypair (key, bed_secret_get_writable (secret), bed_secret_get_data (seed));
  return secret;
}

static gboolean
read_seed (BedRecordStore *self, const char *account, BedSecret **seed, GError **error)
{
  g_autofree char *name = g_strconcat (BLOB_PREFIX, account, NULL);
  GError *inner = NULL;

  *seed = bed_vault_get_blob (self->vault, name, &inner);
  if (inner != NULL)
    return bed_record_fail (inner, error);
  if (*seed == NULL || bed_secret_get_length (*seed) == crypto_sign_SEEDBYTES)
    return TRUE;
  g_clear_pointer (seed, bed_secret_unref);
  g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_DAMAGED,
                       "The signing key is damaged");
  return FALSE;
}

gboolean
bed_record_read_key (BedRecordStore *self, const char *account, guint8 *key, gboolean *known,
                     GError **error)
{
  g_autoptr (BedSecret) seed = NULL;
  g_autoptr (BedSecret) secret = NULL;

  /* The name of a blob is bounded; an account that long never signed. */
  *known = FALSE;
  if (strlen (account) + strlen (BLOB_PREFIX) > BED_VAULT_BLOB_NAME_MAX)
    return TRUE;
  if (!read_seed (self, account, &seed, error))
    return FALSE;
  *known = seed != NULL;
  if (seed != NULL)
    secret = secret_key_from_seed (seed, key);
  return TRUE;
}

static BedSecret *
make_seed (BedRecordStore *self, GError **error)
{
  g_autofree char *name = g_strconcat (BLOB_PREFIX, self->author, NULL);
  g_autoptr (BedSecret) seed = bed_secret_new_random (crypto_sign_SEEDBYTES);
  GError *inner = NULL;

  if (bed_vault_set_blob (self->vault, name, seed, &inner))
    return g_steal_pointer (&seed);
  bed_record_fail (inner, error);
  return NULL;
}

BedSecret *
bed_record_take_signing_key (BedRecordStore *self, guint8 *key, GError **error)
{
  g_autoptr (BedSecret) seed = NULL;

  if (!bed_record_require_open (self, error) || !read_seed (self, self->author, &seed, error))
    return NULL;
  if (seed == NULL)
    seed = make_seed (self, error);
  return seed != NULL ? secret_key_from_seed (seed, key) : NULL;
}

gboolean
bed_record_store_get_signing_key (BedRecordStore *self, guint8 key[BED_NOTE_KEY_LENGTH],
                                  GError **error)
{
  g_autoptr (BedSecret) secret = bed_record_take_signing_key (self, key, error);

  return secret != NULL;
}
