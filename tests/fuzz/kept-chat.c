/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-chat-private.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A record that is taken is the one that would be packed. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) record = g_bytes_new (data, size);
  g_autoptr (GBytes) again = NULL;
  g_autofree char *text = NULL;
  BedKeptChat message;

  if (!bed_kept_chat_unpack (record, &message, &text))
    return 0;
  again = bed_kept_chat_pack (&message);
  if (again == NULL || !g_bytes_equal (record, again))
    abort ();
  return 0;
}
