/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-json.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What is an object is one again when it was written. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (JsonObject) object = bed_json_parse ((const char *) data, size, NULL);
  g_autoptr (JsonObject) again = NULL;
  g_autofree char *text = NULL;

  if (object == NULL)
    return 0;
  if (!bed_json_scan ((const char *) data, size))
    abort ();
  text = bed_json_print (object);
  again = bed_json_parse (text, strlen (text), NULL);
  /* Escapes may make it longer than is allowed. */
  if (again == NULL && strlen (text) <= 65536)
    abort ();
  return 0;
}
