/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sealed file, in which every change is found, and the archive inside of it. */
#include "bed-export-seal-private.h"
#include "bed-export-tar-private.h"
#include "export-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

#define PASSPHRASE_TEXT "seven small boats"

static const BedSealCost cheap_seal = { .passes = 1, .memory_kib = 8 };

static gboolean
collect_piece (const guint8 *data, gsize length, gpointer user_data, GError **error)
{
  g_byte_array_append (user_data, data, length);
  return TRUE;
}

static GByteArray *
seal (const guint8 *plain, gsize length)
{
  g_autofree char *folder = export_folder_new ();
  g_autofree char *path = g_build_filename (folder, "sealed", NULL);
  g_autoptr (BedSecret) words = export_secret (PASSPHRASE_TEXT);
  g_autoptr (GError) error = NULL;
  g_autoptr (BedExportFile) file = bed_export_file_open (path, &error);
  g_autoptr (BedSealWriter) writer = bed_seal_writer_new (file, words, cheap_seal, &error);
  char *bytes;
  gsize size;

  g_assert_true (bed_seal_writer_write (writer, plain, length, &error));
  g_assert_true (bed_seal_writer_end (writer, &error));
  g_assert_true (bed_export_file_commit (file, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  export_folder_remove (folder);
  return g_byte_array_new_take ((guint8 *) bytes, size);
}

static gboolean
unseal (const guint8 *data, gsize length, GByteArray *out, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (data, length, NULL);
  g_autoptr (BedSecret) words = export_secret (PASSPHRASE_TEXT);

  return bed_seal_read (stream, words, collect_piece, out, NULL, error);
}

static void
expect_broken (const guint8 *data, gsize length)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (unseal (data, length, out, &error));
  g_assert_true (error->domain == BED_EXPORT_ERROR);
  g_assert_true (error->code == BED_EXPORT_ERROR_DAMAGED || error->code == BED_EXPORT_ERROR_NEWER
                 || error->code == BED_EXPORT_ERROR_WRONG_PASSPHRASE);
}

static void
test_seal_lengths (void)
{
  static const gsize lengths[] = { 0, 1, BED_SEAL_PIECE - 1, BED_SEAL_PIECE, BED_SEAL_PIECE + 1,
                                   3 * BED_SEAL_PIECE };
  g_autofree guint8 *plain = g_malloc0 (3 * BED_SEAL_PIECE);

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (GByteArray) sealed = seal (plain, lengths[i]);
      g_autoptr (GByteArray) out = g_byte_array_new ();
      g_autoptr (GError) error = NULL;

      g_assert_true (unseal (sealed->data, sealed->len, out, &error));
      g_assert_no_error (error);
      g_assert_cmpmem (out->data, out->len, plain, lengths[i]);
    }
}

static void
test_seal_changes (void)
{
  const gsize piece = BED_SEAL_PIECE + 17;
  g_autofree guint8 *plain = g_malloc (3 * BED_SEAL_PIECE);
  g_autoptr (GByteArray) sealed = NULL;
  g_autofree guint8 *copy = NULL;
  g_autofree guint8 *swap = g_malloc (piece);
  g_autoptr (GRand) random = g_rand_new_with_seed (4);

  bed_random_bytes (plain, 3 * BED_SEAL_PIECE);
  sealed = seal (plain, 3 * BED_SEAL_PIECE);
  g_assert_cmpuint (sealed->len, ==, BED_SEAL_HEADER_LENGTH + 3 * piece);
  copy = g_memdup2 (sealed->data, sealed->len);
  /* Every byte of the header, and bits all over. The cost's upper bytes would ask for more time. */
  for (guint i = 0; i < 200; i++)
    {
      guint at = i < BED_SEAL_HEADER_LENGTH ? i : (guint) g_rand_int_range (random, 0, sealed->len);

      if (at >= 16 && at < 24)
        continue;
      copy[at] ^= 1u << g_rand_int_range (random, 0, 8);
      expect_broken (copy, sealed->len);
      copy[at] = sealed->data[at];
    }
  copy[19] = 2; /* another number of passes */
  expect_broken (copy, sealed->len);
  copy[19] = sealed->data[19];
  for (guint cut = 0; cut < 5; cut++)
    {
      const gsize lengths[] = { 0, 63, BED_SEAL_HEADER_LENGTH, BED_SEAL_HEADER_LENGTH + 2 * piece,
                                sealed->len - 1 };

      expect_broken (copy, lengths[cut]);
    }
  /* Two pieces change places. */
  memcpy (swap, copy + BED_SEAL_HEADER_LENGTH, piece);
  memcpy (copy + BED_SEAL_HEADER_LENGTH, copy + BED_SEAL_HEADER_LENGTH + piece, piece);
  memcpy (copy + BED_SEAL_HEADER_LENGTH + piece, swap, piece);
  expect_broken (copy, sealed->len);
  g_byte_array_append (sealed, (const guint8 *) "x", 1);
  expect_broken (sealed->data, sealed->len);
}

static void
test_seal_cost (void)
{
  guint8 header[BED_SEAL_HEADER_LENGTH] = "BEDSIDE-EXPORT-1";
  BedSealCost cost;
  g_autoptr (GError) error = NULL;

  header[19] = 3;
  header[21] = 4; /* 256 MiB */
  g_assert_true (bed_seal_parse_header (header, &cost, &error));
  g_assert_cmpuint (cost.memory_kib, ==, 256 * 1024);
  header[20] = 0xff;
  g_assert_false (bed_seal_parse_header (header, &cost, &error));
  g_assert_error (error, BED_EXPORT_ERROR, BED_EXPORT_ERROR_DAMAGED);
  g_clear_error (&error);
  header[15] = '2';
  g_assert_false (bed_seal_parse_header (header, &cost, &error));
  g_assert_error (error, BED_EXPORT_ERROR, BED_EXPORT_ERROR_NEWER);
}

/* --- The archive inside ----------------------------------------------------------------------- */

static void
tar_add (GByteArray *out, const char *name, const char *text)
{
  static const guint8 zeros[BED_TAR_BLOCK];
  guint8 header[BED_TAR_BLOCK];

  bed_tar_header (header, name, strlen (text), 0);
  g_byte_array_append (out, header, sizeof header);
  g_byte_array_append (out, (const guint8 *) text, strlen (text));
  g_byte_array_append (out, zeros, bed_tar_padding (strlen (text)));
}

static void
tar_end (GByteArray *out)
{
  static const guint8 zeros[2 * BED_TAR_BLOCK];

  g_byte_array_append (out, zeros, sizeof zeros);
}

static gboolean
tar_read (const guint8 *data, gsize length, gsize step, GError **error)
{
  g_autoptr (BedTarReader) reader = bed_tar_reader_new (NULL, NULL);

  for (gsize at = 0; at < length; at += step)
    if (!bed_tar_reader_feed (reader, data + at, MIN (step, length - at), error))
      return FALSE;
  return bed_tar_reader_finish (reader, NULL, error);
}

static char *
sum_line (const char *name, const char *text)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  return g_strdup_printf ("%s  %s\n", sum, name);
}

static void
test_tar (void)
{
  g_autofree char *good = sum_line ("a.txt", "one");
  g_autofree char *wrong = sum_line ("a.txt", "two");
  g_autofree char *missing = sum_line ("b.txt", "one");
  const struct
  {
    const char *name, *sums;
    gboolean fine;
  } table[] = {
    { "a.txt", good, TRUE },    { "a.txt", wrong, FALSE },    { "a.txt", missing, FALSE },
    { "a.txt", "", FALSE },     { "a.txt", "x", FALSE },      { "../a.txt", "", FALSE },
    { "/a.txt", "", FALSE },    { "a//b", "", FALSE },        { ".hidden", "", FALSE },
    { "a\nb", "", FALSE },      { "d/", "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GByteArray) out = g_byte_array_new ();
      g_autoptr (GError) error = NULL;

      tar_add (out, table[i].name, "one");
      tar_add (out, "SHA256SUMS", table[i].sums);
      tar_end (out);
      g_assert_cmpint (tar_read (out->data, out->len, 1, &error), ==, table[i].fine);
      g_assert_true ((error == NULL) == table[i].fine);
      g_clear_error (&error);
      g_assert_cmpint (tar_read (out->data, out->len, 1000, &error), ==, table[i].fine);
      g_clear_error (&error);
      g_assert_false (tar_read (out->data, out->len - 1, 1000, &error));
      g_assert_error (error, BED_EXPORT_ERROR, BED_EXPORT_ERROR_DAMAGED);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/records/export/seal/lengths", test_seal_lengths);
  g_test_add_func ("/records/export/seal/changes", test_seal_changes);
  g_test_add_func ("/records/export/seal/cost", test_seal_cost);
  g_test_add_func ("/records/export/tar", test_tar);
  return g_test_run ();
}
