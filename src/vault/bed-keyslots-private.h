/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-vault.h"

G_BEGIN_DECLS

/* The header file: who may open the database. All integers big-endian.
 *
 *   0    magic "BEDVAULT", version (2 bytes), zero (2)
 *   12   id (16), public key of the spool (32), number of the master key (4)
 *   64   8 slots of 104: kind (1), flags (1), zero (2), passes (4), memory in bytes (8), salt (16),
 *        nonce (24), the master key under XChaCha20-Poly1305 (48)
 *   896  8 credentials of 256: length (2), the id of a security key's credential, zeroes
 *   2944 BLAKE2b-256 of 0..2943, keyed from the master key: no slot can be taken from elsewhere
 *   2976 BLAKE2b-256 of 0..2975 without a key: damage is told from a wrong passphrase
 *
 * A slot's associated data: magic, 1 (2 bytes), zero (2), id, public key, the slot's number, its
 * bytes up to the nonce. So a slot stays good when the file's version rises.
 *
 * Version 1 has neither the number of the master key nor credentials, and no flags: 956 bytes. It
 * is read, and written as version 2 with the next change.
 *
 * Every later version ends with that last sum too, so an old program can tell newer from damaged.
 */
#define BED_KEYSLOTS_SIZE 3008
#define BED_KEYSLOTS_SIZE_1 956
#define BED_KEYSLOTS_VERSION 2
#define BED_KEYSLOTS_MAX_FILE 65536
#define BED_MASTER_KEY_LENGTH 32
#define BED_KEYSLOT_MAX_PASSES 64
#define BED_KEYSLOT_MIN_MEMORY (8 * 1024)
#define BED_KEYSLOT_MAX_MEMORY ((guint64) 4 * 1024 * 1024 * 1024)

typedef enum
{
  BED_KEYSLOT_DEVICE = 1 << 0, /* the secret in the keyring is mixed in */
} BedKeyslotFlags;

typedef struct
{
  BedVaultSlotKind kind;
  BedKeyslotFlags flags;
  guint32 passes;
  guint64 memory_bytes;
  guint8 salt[16];
  guint8 nonce[24];
  guint8 wrapped[48];
  guint8 credential[BED_VAULT_TOKEN_CREDENTIAL_MAX];
  guint16 credential_length;
} BedKeyslot;

typedef struct
{
  guint version;
  guint8 id[16];
  guint8 public_key[32];
  guint32 key_number;
  BedKeyslot slots[BED_VAULT_SLOTS];
  guint8 mac[32];
} BedKeyslots;

/* What the master key is split into. */
typedef enum
{
  BED_SUBKEY_HEADER = 1,
  BED_SUBKEY_WITNESS = 2,
  BED_SUBKEY_SPOOL = 3,
  BED_SUBKEY_DATABASE = 4,
  BED_SUBKEY_ANCHOR = 5,
} BedSubkey;
BedSecret *bed_master_key_derive (const BedSecret *master, BedSubkey which);

/* --- bed-keyslots.c: the file. Any thread, all of them. --------------------------------------- */

/* A new header without a slot. */
void bed_keyslots_init (BedKeyslots *self, const BedSecret *master);
/* The same vault under a new master key, without a slot. */
void bed_keyslots_renew (BedKeyslots *self, const BedKeyslots *old, const BedSecret *master);
gboolean bed_keyslots_parse (BedKeyslots *self, const guint8 *data, gsize length, GError **error);
/* out: BED_KEYSLOTS_SIZE bytes, signed with the master key. */
void bed_keyslots_write (BedKeyslots *self, const BedSecret *master, guint8 *out);
/* The header as a whole belongs to this key. FALSE: DAMAGED. */
gboolean bed_keyslots_check (const BedKeyslots *self, const BedSecret *master, GError **error);
/* What a slot's seal covers besides the key. Returns: the length */
#define BED_KEYSLOT_AD_MAX 96
gsize bed_keyslot_associated_data (const BedKeyslots *self, guint slot,
                                   guint8 out[BED_KEYSLOT_AD_MAX]);
void bed_keyslots_clear (BedKeyslots *self, guint slot);
/* The first empty slot, or -1. */
int bed_keyslots_find_empty (const BedKeyslots *self);
guint bed_keyslots_count (const BedKeyslots *self, BedVaultSlotKind kind);
/* Whether any passphrase needs the keyring. */
gboolean bed_keyslots_need_device (const BedKeyslots *self);
/* 16 hexadecimal digits that change with the master key; id: 32 of them that stay.
 * Returns: (transfer full) */
char *bed_keyslots_dup_tag (const BedKeyslots *self);
char *bed_keyslots_dup_id (const BedKeyslots *self);

/* --- bed-keyslot-seal.c: the keys. Any thread. ------------------------------------------------ */

/* Slow (Argon2id). device: (nullable): mixed in. FALSE: MEMORY. */
gboolean bed_keyslots_set_passphrase (BedKeyslots *self,
                                      guint slot,
                                      const BedSecret *master,
                                      const BedSecret *passphrase,
                                      const BedSecret *device,
                                      const BedVaultCost *cost,
                                      GError **error);
/* kind: RECOVERY or EMERGENCY. */
void bed_keyslots_set_printed (BedKeyslots *self, guint slot, BedVaultSlotKind kind,
                               const BedSecret *master, const BedSecret *printed);
/* Makes the slot's salt; bed_keyslots_get_token_salt() then says what to ask the security key. */
void bed_keyslots_begin_token (BedKeyslots *self, guint slot, GBytes *credential);
void bed_keyslots_get_token_salt (const BedKeyslots *self, guint slot,
                                  guint8 salt[BED_VAULT_TOKEN_SALT]);
void bed_keyslots_seal_token (BedKeyslots *self, guint slot, const BedSecret *master,
                              const BedSecret *answer);
/* Slow for passphrases. device: (nullable).
 * Returns: (transfer full) (nullable): the master key; NULL: WRONG_SECRET, DEVICE (needed and not
 * given), DAMAGED or MEMORY. */
BedSecret *bed_keyslots_open_slot (const BedKeyslots *self, guint slot, const BedSecret *secret,
                                   const BedSecret *device, GError **error);
/* Tries every slot of the kind. DEVICE when only such slots are left. */
BedSecret *bed_keyslots_open (const BedKeyslots *self,
                              BedVaultSlotKind kind,
                              const BedSecret *secret,
                              const BedSecret *device,
                              guint *slot,
                              GError **error);

G_END_DECLS
