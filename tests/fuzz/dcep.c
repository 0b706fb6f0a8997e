/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-dcep.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What is understood must come out the same when it is written and read again. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  guint8 written[BED_DCEP_MAX_LENGTH];
  BedDcepOpen open, again;

  if (bed_dcep_parse (data, size, &open) != BED_DCEP_OPEN)
    return 0;
  if (bed_dcep_parse (written, bed_dcep_write_open (&open, written), &again) != BED_DCEP_OPEN
      || strcmp (open.label, again.label) != 0 || strcmp (open.protocol, again.protocol) != 0
      || open.unordered != again.unordered || open.max_retransmits != again.max_retransmits)
    abort ();
  return 0;
}
