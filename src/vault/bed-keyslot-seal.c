/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-keyslots-private.h"

#include <sodium.h>
#include <string.h>

#define KEY_LENGTH crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define PERSONAL_LENGTH crypto_generichash_blake2b_PERSONALBYTES

/* Labels of BLAKE2b, of exactly 16 bytes: one use can never stand for another. */
#define LABEL_RECOVERY "bedside recovery"
#define LABEL_DEVICE "bedside device  "
#define LABEL_TOKEN "bedside token   "
#define LABEL_TOKEN_SALT "bedside tok salt"
G_STATIC_ASSERT (sizeof LABEL_RECOVERY == PERSONAL_LENGTH + 1);
G_STATIC_ASSERT (sizeof LABEL_DEVICE == PERSONAL_LENGTH + 1);
G_STATIC_ASSERT (sizeof LABEL_TOKEN == PERSONAL_LENGTH + 1);
G_STATIC_ASSERT (sizeof LABEL_TOKEN_SALT == PERSONAL_LENGTH + 1);

static gboolean
fail (BedVaultError code, const char *message, GError **error)
{
  g_set_error_literal (error, BED_VAULT_ERROR, code, message);
  return FALSE;
}

/* A secret that is random already needs no slow function. */
static BedSecret *
hash_key (const BedKeyslot *slot, const BedSecret *secret, const char *label)
{
  BedSecret *key = bed_secret_new_zero (KEY_LENGTH);

  crypto_generichash_blake2b_salt_personal (bed_secret_get_writable (key), KEY_LENGTH, NULL, 0,
                                            bed_secret_get_data (secret),
                                            bed_secret_get_length (secret), slot->salt,
                                            (const guint8 *) label);
  return key;
}

static BedSecret *
stretch (const BedKeyslot *slot, const BedSecret *passphrase, GError **error)
{
  g_autoptr (BedSecret) key = bed_secret_new_zero (KEY_LENGTH);

  if (crypto_pwhash (bed_secret_get_writable (key), KEY_LENGTH,
                     (const char *) bed_secret_get_data (passphrase),
                     bed_secret_get_length (passphrase), slot->salt, slot->passes,
                     slot->memory_bytes, crypto_pwhash_ALG_ARGON2ID13)
      == 0)
    return g_steal_pointer (&key);
  fail (BED_VAULT_ERROR_MEMORY, "Not enough memory to derive the key", error);
  return NULL;
}

/* The keyring's secret under the stretched passphrase as key: neither is enough. */
static BedSecret *
mix_device (const BedKeyslot *slot, const BedSecret *stretched, const BedSecret *device)
{
  BedSecret *key = bed_secret_new_zero (KEY_LENGTH);

  crypto_generichash_blake2b_salt_personal (bed_secret_get_writable (key), KEY_LENGTH,
                                            bed_secret_get_data (device),
                                            bed_secret_get_length (device),
                                            bed_secret_get_data (stretched),
                                            bed_secret_get_length (stretched), slot->salt,
                                            (const guint8 *) LABEL_DEVICE);
  return key;
}

static BedSecret *
passphrase_key (const BedKeyslot *slot, const BedSecret *passphrase, const BedSecret *device,
                GError **error)
{
  g_autoptr (BedSecret) stretched = NULL;

  if ((slot->flags & BED_KEYSLOT_DEVICE) && device == NULL)
    {
      fail (BED_VAULT_ERROR_DEVICE, "The keyring's part is missing", error);
      return NULL;
    }
  stretched = stretch (slot, passphrase, error);
  if (stretched == NULL)
    return NULL;
  if (slot->flags & BED_KEYSLOT_DEVICE)
    return mix_device (slot, stretched, device);
  return g_steal_pointer (&stretched);
}

static BedSecret *
slot_key (const BedKeyslot *slot, const BedSecret *secret, const BedSecret *device, GError **error)
{
  switch (slot->kind)
    {
    case BED_VAULT_SLOT_PASSPHRASE:
      return passphrase_key (slot, secret, device, error);
    case BED_VAULT_SLOT_RECOVERY:
    case BED_VAULT_SLOT_EMERGENCY:
      return hash_key (slot, secret, LABEL_RECOVERY);
    case BED_VAULT_SLOT_TOKEN:
      return hash_key (slot, secret, LABEL_TOKEN);
    case BED_VAULT_SLOT_EMPTY:
    default:
      fail (BED_VAULT_ERROR_NO_SLOT, "There is no such keyslot", error);
      return NULL;
    }
}

static void
seal_slot (BedKeyslots *self, guint number, const BedSecret *master, const BedSecret *key)
{
  BedKeyslot *slot = &self->slots[number];
  guint8 ad[BED_KEYSLOT_AD_MAX];
  gsize ad_length = bed_keyslot_associated_data (self, number, ad);

  bed_random_bytes (slot->nonce, sizeof slot->nonce);
  crypto_aead_xchacha20poly1305_ietf_encrypt (slot->wrapped, NULL, bed_secret_get_data (master),
                                              BED_MASTER_KEY_LENGTH, ad, ad_length, NULL,
                                              slot->nonce, bed_secret_get_data (key));
}

gboolean
bed_keyslots_set_passphrase (BedKeyslots *self,
                             guint number,
                             const BedSecret *master,
                             const BedSecret *passphrase,
                             const BedSecret *device,
                             const BedVaultCost *cost,
                             GError **error)
{
  BedKeyslot slot = {
    .kind = BED_VAULT_SLOT_PASSPHRASE,
    .flags = device != NULL ? BED_KEYSLOT_DEVICE : 0,
    .passes = CLAMP (cost->passes, 1, BED_KEYSLOT_MAX_PASSES),
    .memory_bytes = CLAMP (cost->memory_bytes, BED_KEYSLOT_MIN_MEMORY, BED_KEYSLOT_MAX_MEMORY),
  };
  g_autoptr (BedSecret) key = NULL;

  bed_random_bytes (slot.salt, sizeof slot.salt);
  key = slot_key (&slot, passphrase, device, error);
  if (key == NULL)
    return FALSE;
  self->slots[number] = slot;
  seal_slot (self, number, master, key);
  return TRUE;
}

void
bed_keyslots_set_printed (BedKeyslots *self, guint number, BedVaultSlotKind kind,
                          const BedSecret *master, const BedSecret *printed)
{
  BedKeyslot *slot = &self->slots[number];
  g_autoptr (BedSecret) key = NULL;

  memset (slot, 0, sizeof *slot);
  slot->kind = kind;
  bed_random_bytes (slot->salt, sizeof slot->salt);
  key = hash_key (slot, printed, LABEL_RECOVERY);
  seal_slot (self, number, master, key);
}

void
bed_keyslots_begin_token (BedKeyslots *self, guint number, GBytes *credential)
{
  BedKeyslot *slot = &self->slots[number];
  gsize length;
  const guint8 *bytes = g_bytes_get_data (credential, &length);

  g_return_if_fail (length > 0 && length <= sizeof slot->credential);
  memset (slot, 0, sizeof *slot);
  slot->kind = BED_VAULT_SLOT_TOKEN;
  slot->credential_length = (guint16) length;
  memcpy (slot->credential, bytes, length);
  bed_random_bytes (slot->salt, sizeof slot->salt);
}

void
bed_keyslots_get_token_salt (const BedKeyslots *self, guint number,
                             guint8 salt[BED_VAULT_TOKEN_SALT])
{
  crypto_generichash_blake2b_salt_personal (salt, BED_VAULT_TOKEN_SALT, self->id, sizeof self->id,
                                            NULL, 0, self->slots[number].salt,
                                            (const guint8 *) LABEL_TOKEN_SALT);
}

void
bed_keyslots_seal_token (BedKeyslots *self, guint number, const BedSecret *master,
                         const BedSecret *answer)
{
  g_autoptr (BedSecret) key = hash_key (&self->slots[number], answer, LABEL_TOKEN);

  seal_slot (self, number, master, key);
}

static BedSecret *
unseal_slot (const BedKeyslots *self, guint number, const BedSecret *key)
{
  const BedKeyslot *slot = &self->slots[number];
  g_autoptr (BedSecret) master = bed_secret_new_zero (BED_MASTER_KEY_LENGTH);
  guint8 ad[BED_KEYSLOT_AD_MAX];
  gsize ad_length = bed_keyslot_associated_data (self, number, ad);

  if (crypto_aead_xchacha20poly1305_ietf_decrypt (bed_secret_get_writable (master), NULL, NULL,
                                                  slot->wrapped, sizeof slot->wrapped, ad,
                                                  ad_length, slot->nonce, bed_secret_get_data (key))
      != 0)
    return NULL;
  return g_steal_pointer (&master);
}

BedSecret *
bed_keyslots_open_slot (const BedKeyslots *self, guint slot, const BedSecret *secret,
                        const BedSecret *device, GError **error)
{
  g_autoptr (BedSecret) key = slot_key (&self->slots[slot], secret, device, error);
  g_autoptr (BedSecret) master = NULL;

  if (key == NULL)
    return NULL;
  master = unseal_slot (self, slot, key);
  if (master == NULL)
    {
      fail (BED_VAULT_ERROR_WRONG_SECRET, "No keyslot opens with this", error);
      return NULL;
    }
  return bed_keyslots_check (self, master, error) ? g_steal_pointer (&master) : NULL;
}

BedSecret *
bed_keyslots_open (const BedKeyslots *self,
                   BedVaultSlotKind kind,
                   const BedSecret *secret,
                   const BedSecret *device,
                   guint *slot,
                   GError **error)
{
  gboolean lacks_device = FALSE;

  for (guint i = 0; i < BED_VAULT_SLOTS; i++)
    {
      g_autoptr (GError) inner = NULL;
      BedSecret *master;

      if (self->slots[i].kind != kind)
        continue;
      *slot = i;
      master = bed_keyslots_open_slot (self, i, secret, device, &inner);
      if (master != NULL)
        return master;
      if (g_error_matches (inner, BED_VAULT_ERROR, BED_VAULT_ERROR_DEVICE))
        lacks_device = TRUE;
      else if (!g_error_matches (inner, BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET))
        {
          g_propagate_error (error, g_steal_pointer (&inner));
          return NULL;
        }
    }
  if (lacks_device)
    fail (BED_VAULT_ERROR_DEVICE, "The keyring's part is missing", error);
  else
    fail (BED_VAULT_ERROR_WRONG_SECRET, "No keyslot opens with this", error);
  return NULL;
}
