/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-frame-meter.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* However the bytes arrive in pieces, the verdict is the same. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  BedFrameMeter whole, pieces;
  gboolean good = TRUE;

  bed_frame_meter_init (&whole);
  bed_frame_meter_init (&pieces);
  for (size_t i = 0; i < size; i++)
    good = bed_frame_meter_feed (&pieces, data + i, 1);
  if (bed_frame_meter_feed (&whole, data, size) != good)
    abort ();
  return 0;
}
