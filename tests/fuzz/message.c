/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-message.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A message as each of the senders might send it; what is taken is written and taken again. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  for (BedSender sender = BED_SENDER_CLINICIAN; sender <= BED_SENDER_SERVER_TO_PATIENT; sender++)
    {
      g_autoptr (BedMessage) message = bed_message_decode (sender, (const char *) data, size, NULL);
      g_autoptr (BedMessage) again = NULL;
      g_autofree char *text = NULL;

      if (message == NULL)
        continue;
      text = bed_message_encode (sender, message);
      again = bed_message_decode (sender, text, strlen (text), NULL);
      if (strlen (text) <= 65536 && (again == NULL || again->type != message->type))
        abort ();
    }
  return 0;
}
