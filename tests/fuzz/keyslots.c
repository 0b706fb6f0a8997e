/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-keyslots-private.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Once as it comes, which a sum mostly refuses, and once with the sum put right, to get behind it. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree guint8 *copy = NULL;
  BedKeyslots slots;

  if (sodium_init () < 0)
    abort ();
  bed_keyslots_parse (&slots, data, size, NULL);
  if (size < 32)
    return 0;
  copy = g_memdup2 (data, size);
  crypto_generichash (copy + size - 32, 32, copy, size - 32, NULL, 0);
  if (!bed_keyslots_parse (&slots, copy, size, NULL))
    return 0;
  if (size != BED_KEYSLOTS_SIZE && size != BED_KEYSLOTS_SIZE_1)
    abort ();
  for (guint i = 0; i < BED_VAULT_SLOTS; i++)
    if (slots.slots[i].kind == BED_VAULT_SLOT_PASSPHRASE
        && (slots.slots[i].memory_bytes > G_GUINT64_CONSTANT (4) << 30 || slots.slots[i].passes > 64))
      abort ();
  return 0;
}
