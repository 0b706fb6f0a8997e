/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-backup.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What is taken can be written, and is taken again as the same. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  BedBackupManifest manifest;
  BedBackupManifest again;
  g_autofree char *text = NULL;

  if (!bed_backup_manifest_parse ((const char *) data, size, &manifest, NULL))
    return 0;
  text = bed_backup_manifest_write (&manifest);
  if (!bed_backup_manifest_parse (text, strlen (text), &again, NULL)
      || memcmp (&manifest, &again, sizeof manifest) != 0)
    abort ();
  return 0;
}
