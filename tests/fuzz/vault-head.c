/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault-head-private.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What an anchor gives back, and what a person types: nothing opens but what was sealed. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (BedSecret) master = bed_secret_new_zero (BED_MASTER_KEY_LENGTH);
  g_autofree char *typed = g_strndup ((const char *) data, size);
  BedKeyslots slots;
  BedVaultHead head;

  if (sodium_init () < 0)
    abort ();
  bed_keyslots_init (&slots, master);
  if (bed_vault_head_open (&head, data, size, &slots, master) == BED_VAULT_HEAD_OPENED)
    abort ();
  bed_vault_head_parse (&head, typed, &slots, master);
  return 0;
}
