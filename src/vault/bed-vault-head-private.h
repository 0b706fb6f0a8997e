/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-keyslots-private.h"

G_BEGIN_DECLS

/* How far a vault has come. sequence 0: no audit trail is known. */
typedef struct
{
  guint64 commits;
  guint64 sequence;
  guint8 hash[BED_VAULT_HEAD_HASH];
  gsize hash_length; /* how much of it is known: 32, or 8 from paper */
} BedVaultHead;

/* What an anchor keeps: version (1 byte, 1), number of the master key (4), nonce (24), and the
 * commits (8), sequence (8) and hash (32) under XChaCha20-Poly1305; associated data: the vault's
 * id, and the first five bytes. */
#define BED_VAULT_HEAD_BLOB (1 + 4 + 24 + 48 + 16)

typedef enum
{
  BED_VAULT_HEAD_OPENED,
  BED_VAULT_HEAD_LATER_KEY, /* of a master key that came after ours: we are old */
  BED_VAULT_HEAD_STRANGE,   /* of an earlier key, or damaged, or of another vault: says nothing */
} BedVaultHeadResult;

/* Pure; any thread. master: NULL for a fuzzer's look at the frame. Returns: (transfer full) */
GBytes *bed_vault_head_seal (const BedVaultHead *self, const BedKeyslots *slots,
                             const BedSecret *master);
BedVaultHeadResult bed_vault_head_open (BedVaultHead *self, const guint8 *data, gsize length,
                                        const BedKeyslots *slots, const BedSecret *master);
/* On paper: commits (4 bytes), sequence (4), the hash's first 8 and 4 of a sum with a key, in 32
 * letters and digits. FALSE when it is past what paper holds. */
gboolean bed_vault_head_format (const BedVaultHead *self, const BedKeyslots *slots,
                                const BedSecret *master, char **code);
/* FALSE: mistyped, or of another vault or key. */
gboolean bed_vault_head_parse (BedVaultHead *self, const char *typed, const BedKeyslots *slots,
                               const BedSecret *master);

G_END_DECLS
