/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-dcep.h"

#include <string.h>

static void
test_round_trip (void)
{
  BedDcepOpen in = { .unordered = TRUE, .max_packet_lifetime_ms = -1, .max_retransmits = 3,
                     .label = "chat ü", .protocol = "p" };
  BedDcepOpen out;
  guint8 bytes[BED_DCEP_MAX_LENGTH];
  gsize length = bed_dcep_write_open (&in, bytes);

  g_assert_cmpuint (length, ==, 12 + strlen (in.label) + 1);
  g_assert_cmpuint (bytes[1], ==, 0x81);
  g_assert_cmpint (bed_dcep_parse (bytes, length, &out), ==, BED_DCEP_OPEN);
  g_assert_cmpstr (out.label, ==, in.label);
  g_assert_cmpstr (out.protocol, ==, in.protocol);
  g_assert_true (out.unordered);
  g_assert_cmpint (out.max_retransmits, ==, 3);
  g_assert_cmpint (out.max_packet_lifetime_ms, ==, -1);
  g_assert_cmpuint (bed_dcep_write_ack (bytes), ==, 1);
  g_assert_cmpint (bed_dcep_parse (bytes, 1, &out), ==, BED_DCEP_ACK);
}

static void
test_hostile (void)
{
  BedDcepOpen open = { .max_packet_lifetime_ms = -1, .max_retransmits = -1, .label = "abc", .protocol = "d" };
  guint8 good[BED_DCEP_MAX_LENGTH], bad[BED_DCEP_MAX_LENGTH];
  gsize length = bed_dcep_write_open (&open, good);

  for (gsize cut = 0; cut < length; cut++)
    g_assert_cmpint (bed_dcep_parse (good, cut, &open), ==, BED_DCEP_MALFORMED);
  g_assert_cmpint (bed_dcep_parse (good, length + 1, &open), ==, BED_DCEP_MALFORMED);
  memcpy (bad, good, length);
  bad[1] = 0x03; /* no such channel type */
  g_assert_cmpint (bed_dcep_parse (bad, length, &open), ==, BED_DCEP_MALFORMED);
  memcpy (bad, good, length);
  bad[12] = 0xff; /* not UTF-8 */
  g_assert_cmpint (bed_dcep_parse (bad, length, &open), ==, BED_DCEP_MALFORMED);
  memcpy (bad, good, length);
  bad[13] = 0; /* a NUL within */
  g_assert_cmpint (bed_dcep_parse (bad, length, &open), ==, BED_DCEP_MALFORMED);
  memcpy (bad, good, length);
  bad[8] = bad[9] = 0xff; /* a label longer than the message */
  g_assert_cmpint (bed_dcep_parse (bad, length, &open), ==, BED_DCEP_MALFORMED);
  g_assert_cmpint (bed_dcep_parse ((const guint8 *) "\x02\x00", 2, &open), ==, BED_DCEP_MALFORMED);
  g_assert_cmpint (bed_dcep_parse ((const guint8 *) "\x07", 1, &open), ==, BED_DCEP_MALFORMED);
}

static void
test_long_label (void)
{
  guint8 bytes[12 + BED_DCEP_MAX_STRING + 1] = { 0x03 };
  BedDcepOpen open;

  memset (bytes + 12, 'x', sizeof bytes - 12);
  bytes[8] = 0x01;
  g_assert_cmpint (bed_dcep_parse (bytes, 12 + 256, &open), ==, BED_DCEP_OPEN);
  g_assert_cmpuint (strlen (open.label), ==, 256);
  bytes[9] = 0x01;
  g_assert_cmpint (bed_dcep_parse (bytes, 12 + 257, &open), ==, BED_DCEP_MALFORMED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/sctp/dcep/round-trip", test_round_trip);
  g_test_add_func ("/rtc/sctp/dcep/hostile", test_hostile);
  g_test_add_func ("/rtc/sctp/dcep/long-label", test_long_label);
  return g_test_run ();
}
