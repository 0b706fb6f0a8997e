/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>

#include "bed-doorbell-private.h"
#include "bed-restart-private.h"

/* What a process inherits over a lock, and the doorbell's keys in it. */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (BedSecret) bytes = bed_secret_new (data, size);
  BedRestart restart = { 0 };
  g_autoptr (BedDoorbellKeys) keys = NULL;

  if (!bed_restart_unpack (&restart, bytes))
    return 0;
  if (restart.doorbell != NULL)
    keys = bed_doorbell_unpack (restart.doorbell);
  bed_restart_clear (&restart);
  return 0;
}
