/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-frame-assembler.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* Records of: sequence step, marker and timestamp, length, payload. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (BedFrameAssembler) assembler = bed_frame_assembler_new ();
  gint64 sequence = 1000, now = 0;
  size_t at = 0;

  while (size - at > 3)
    {
      size_t length = MIN (data[at + 2], size - at - 3);
      BedRtpPacket packet = { .marker = data[at + 1] & 1, .timestamp = data[at + 1] >> 1, .payload = data + at + 3,
                              .payload_length = length };
      BedAssembledFrame *frame;

      sequence += (gint8) data[at];
      bed_frame_assembler_push (assembler, &packet, sequence, now += 3000);
      while ((frame = bed_frame_assembler_pop (assembler, now)) != NULL)
        bed_assembled_frame_free (frame);
      if (bed_frame_assembler_wants_key_frame (assembler, now, 10000) && data[at] == 0x55)
        bed_frame_assembler_decoder_failed (assembler);
      at += 3 + length;
    }
  return 0;
}
