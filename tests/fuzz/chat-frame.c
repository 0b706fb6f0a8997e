/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-chat-frame.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A frame that is taken is the one that would be built. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) message = g_bytes_new (data, size);
  g_autoptr (GBytes) again = NULL;
  BedChatFrame frame;

  if (!bed_chat_frame_parse (data, size, &frame))
    return 0;
  again = bed_chat_frame_build (&frame);
  if (!g_bytes_equal (message, again))
    abort ();
  return 0;
}
