/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-invite.h"
#include "bed-rest.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
check (const BedWireSchema *schema, const char *text, gsize length)
{
  gpointer value = schema ? bed_wire_decode (schema, text, length, NULL) : NULL;
  g_autofree char *written = NULL;
  gpointer again;

  if (value == NULL)
    return;
  written = bed_wire_encode (schema, value);
  again = bed_wire_decode (schema, written, strlen (written), NULL);
  if (again == NULL && strlen (written) <= 65536)
    abort ();
  g_clear_pointer (&again, schema->free);
  schema->free (value);
}

/* "METHOD /path", a newline, and a body: against its endpoint, and the body against every schema. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  const uint8_t *end = memchr (data, '\n', size);
  g_autofree char *line = g_strndup ((const char *) data, end ? (gsize) (end - data) : size);
  char *path = strchr (line, ' ');
  const char *body = end ? (const char *) end + 1 : "";
  gsize length = end ? size - (end + 1 - data) : 0;
  char argument[65] = "";
  BedEndpoint found;

  if (path)
    {
      *path++ = 0;
      if (bed_endpoint_find (line, path, &found, argument) && found >= BED_ENDPOINT_COUNT)
        abort ();
    }
  for (BedEndpoint i = 0; i < BED_ENDPOINT_COUNT; i++)
    {
      check (bed_endpoint_get_info (i)->request, body, length);
      check (bed_endpoint_get_info (i)->answer, body, length);
    }
  check (&bed_error_answer_schema, body, length);
  check (&bed_card_schema, body, length);
  return 0;
}
