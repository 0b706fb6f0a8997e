/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-byte-reader.h"
#include "bed-byte-writer.h"

static void
test_round_trip (void)
{
  guint8 buffer[18];
  BedByteWriter writer;
  BedByteReader reader;

  bed_byte_writer_init (&writer, buffer, sizeof buffer);
  bed_byte_writer_u8 (&writer, 1);
  bed_byte_writer_u16 (&writer, 0x0203);
  bed_byte_writer_u24 (&writer, 0x040506);
  bed_byte_writer_u32 (&writer, 0x0708090a);
  bed_byte_writer_u64 (&writer, 0x0b0c0d0e0f101112);
  g_assert_false (bed_byte_writer_failed (&writer));
  for (guint8 i = 0; i < 18; i++)
    g_assert_cmpuint (buffer[i], ==, i + 1);

  bed_byte_reader_init (&reader, buffer, sizeof buffer);
  g_assert_cmphex (bed_byte_reader_u8 (&reader), ==, 1);
  g_assert_cmphex (bed_byte_reader_u16 (&reader), ==, 0x0203);
  g_assert_cmphex (bed_byte_reader_u24 (&reader), ==, 0x040506);
  g_assert_cmphex (bed_byte_reader_u32 (&reader), ==, 0x0708090a);
  g_assert_cmphex (bed_byte_reader_u64 (&reader), ==, 0x0b0c0d0e0f101112);
  g_assert_cmpuint (bed_byte_reader_get_remaining (&reader), ==, 0);
  g_assert_false (bed_byte_reader_failed (&reader));
}

static void
test_reading_past_the_end (void)
{
  const guint8 bytes[3] = { 1, 2, 3 };
  BedByteReader reader, sub;

  bed_byte_reader_init (&reader, bytes, 3);
  g_assert_cmphex (bed_byte_reader_u32 (&reader), ==, 0);
  g_assert_true (bed_byte_reader_failed (&reader));
  g_assert_cmphex (bed_byte_reader_u8 (&reader), ==, 0);

  bed_byte_reader_init (&reader, bytes, 3);
  g_assert_null (bed_byte_reader_bytes (&reader, G_MAXSIZE));

  bed_byte_reader_init (&reader, bytes, 3);
  sub = bed_byte_reader_sub (&reader, 2);
  g_assert_cmphex (bed_byte_reader_u16 (&sub), ==, 0x0102);
  bed_byte_reader_u8 (&sub);
  g_assert_true (bed_byte_reader_failed (&sub));
  g_assert_cmphex (bed_byte_reader_u8 (&reader), ==, 3);
}

static void
test_overfilling (void)
{
  guint8 buffer[3] = { 0 };
  BedByteWriter writer;

  bed_byte_writer_init (&writer, buffer, 3);
  bed_byte_writer_u16 (&writer, 0xffff);
  bed_byte_writer_u16 (&writer, 0xffff);
  g_assert_true (bed_byte_writer_failed (&writer));
  g_assert_cmphex (buffer[2], ==, 0);
  bed_byte_writer_init (&writer, buffer, 3);
  bed_byte_writer_patch_u16 (&writer, 0, 1);
  g_assert_true (bed_byte_writer_failed (&writer));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/bytes/round-trip", test_round_trip);
  g_test_add_func ("/base/bytes/reading-past-the-end", test_reading_past_the_end);
  g_test_add_func ("/base/bytes/overfilling", test_overfilling);
  return g_test_run ();
}
