/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-sealed-message.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check (BedRole sender, const char *type, const char *text, gsize length)
{
  g_autoptr (BedSealedMessage) message = bed_sealed_message_decode (sender, type, text, length, NULL);
  g_autoptr (BedSealedMessage) again = NULL;
  g_autofree char *written = NULL;

  if (message == NULL)
    return;
  written = bed_sealed_message_encode (message);
  again = bed_sealed_message_decode (sender, bed_sealed_type_to_string (message->type), written,
                                     strlen (written), NULL);
  if (strlen (written) <= 65536 && (again == NULL || again->type != message->type))
    abort ();
}

/* The type, a newline, and the text. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const uint8_t *end = memchr (data, '\n', size);
  g_autofree char *type = NULL;

  if (end == NULL)
    return 0;
  type = g_strndup ((const char *) data, end - data);
  check (BED_ROLE_PATIENT, type, (const char *) end + 1, size - (end + 1 - data));
  check (BED_ROLE_CLINICIAN, type, (const char *) end + 1, size - (end + 1 - data));
  return 0;
}
