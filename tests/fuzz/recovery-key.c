/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-recovery-key-private.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What is taken as typed is a key that can be printed and typed again. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (BedSecret) key = bed_recovery_key_parse ((const char *) data, size);
  g_autoptr (BedSecret) text = NULL;
  g_autoptr (BedSecret) again = NULL;

  if (key == NULL)
    return 0;
  text = bed_recovery_key_format (key);
  again = bed_recovery_key_parse ((const char *) bed_secret_get_data (text), bed_secret_get_length (text));
  if (again == NULL || !bed_secret_equal (key, again))
    abort ();
  return 0;
}
