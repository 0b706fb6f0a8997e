/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdint.h>
#include <string.h>

#include "bed-note-version-private.h"

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What can be read is written again as the same bytes: there is one way to write a version. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (BedNoteContent) content = bed_note_content_read (bytes);
  g_autoptr (GBytes) again = NULL;

  if (content == NULL)
    return 0;
  again = bed_note_content_write (content);
  if (!g_bytes_equal (again, bytes))
    g_error ("Two ways to write the same version");
  return 0;
}
