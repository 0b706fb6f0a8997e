/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-export-seal-private.h"
#include "bed-export-tar-private.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static gboolean
begin (const char *name, guint64 size, gpointer user_data)
{
  /* What a name is used for: a path below a folder, never beside it. */
  if (strstr (name, "..") != NULL || name[0] == '/' || strlen (name) > BED_TAR_NAME_MAX
      || size > BED_TAR_FILE_MAX)
    g_error ("a name that leaves its folder");
  *(guint64 *) user_data = size;
  return TRUE;
}

static gboolean
piece (const guint8 *data, gsize length, gpointer user_data)
{
  guint64 *left = user_data;

  if (length > *left)
    g_error ("more than was announced");
  *left -= length;
  return TRUE;
}

static const BedExportVisitor visitor = { .begin = begin, .piece = piece };

/* The two parsers of an export from elsewhere: its header, and the archive that a person with the
 * passphrase may have made by hand. The first byte says in which steps the bytes come. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (GError) error = NULL;
  guint64 left = 0;
  g_autoptr (BedTarReader) reader = bed_tar_reader_new (&visitor, &left);
  size_t step = size > 0 ? data[0] + 1u : 1;
  gboolean ok = TRUE;
  BedSealCost cost;

  if (size >= BED_SEAL_HEADER_LENGTH && !bed_seal_parse_header (data, &cost, &error))
    g_clear_error (&error);
  for (size_t at = 1; ok && at < size; at += step)
    ok = bed_tar_reader_feed (reader, data + at, MIN (step, size - at), &error);
  if (ok)
    bed_tar_reader_finish (reader, NULL, &error);
  return 0;
}
