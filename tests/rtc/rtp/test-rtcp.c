/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-rtcp.h"
#include "bed-rtp-packet.h"
#include "bed-transport-feedback.h"

#include <string.h>

static void
collect (const BedRtcpItem *item, gpointer user_data)
{
  g_array_append_val ((GArray *) user_data, *item);
}

static GArray *
parse (const guint8 *data, gsize length, BedRtcpResult expected)
{
  GArray *items = g_array_new (FALSE, FALSE, sizeof (BedRtcpItem));

  g_assert_cmpint (bed_rtcp_parse (data, length, collect, items), ==, expected);
  if (expected != BED_RTCP_OK)
    g_assert_cmpuint (items->len, ==, 0);
  return items;
}

#define ITEM(items, i) (&g_array_index (items, BedRtcpItem, i))

static gsize
write_everything (guint8 *bytes, gsize capacity)
{
  BedRtcpSenderReport report = { 11, 0x0102030405060708, 0xfffffff0, 100, 2000 };
  BedRtcpReportBlock blocks[] = { { 22, 255, -3, 0x10002, 40, 0xaabbccdd, 65536 }, { 23, 0, 0x7fffff, 1, 2, 3, 4 } };
  /* What others send and we do not. FIR: SSRC 22, number 9; REMB: 150,704 << 13 bit/s for SSRC 22 and 23. */
  static const guint8 fir[] = { 0x84, 206, 0, 4, 0, 0, 0, 11, 0, 0, 0, 0, 0, 0, 0, 22, 9, 0, 0, 0 };
  static const guint8 remb[] = { 0x8f, 206, 0, 6, 0, 0, 0, 11, 0, 0, 0, 0, 'R', 'E', 'M', 'B', 2, 0x36, 0x4c, 0xb0,
                                 0, 0, 0, 22, 0, 0, 0, 23 };
  BedByteWriter writer;

  bed_byte_writer_init (&writer, bytes, capacity);
  bed_rtcp_write_sender_report (&writer, &report, blocks, 2);
  bed_rtcp_write_sdes (&writer, 11, "name");
  bed_rtcp_write_nack (&writer, 11, 22, (guint16[]) { 65534, 65535, 14, 15, 31 }, 5);
  bed_rtcp_write_pli (&writer, 11, 22);
  bed_byte_writer_bytes (&writer, fir, sizeof fir);
  bed_byte_writer_bytes (&writer, remb, sizeof remb);
  bed_rtcp_write_receiver_report (&writer, 12, blocks + 1, 1);
  bed_rtcp_write_bye (&writer, (guint32[]) { 11, 12 }, 2);
  return bed_byte_writer_failed (&writer) ? 0 : writer.length;
}

static void
test_round_trip (void)
{
  static const BedRtcpKind kinds[] = {
    BED_RTCP_SENDER_REPORT, BED_RTCP_REPORT_BLOCK, BED_RTCP_REPORT_BLOCK, BED_RTCP_CNAME, BED_RTCP_NACK, BED_RTCP_NACK,
    BED_RTCP_PLI, BED_RTCP_FIR, BED_RTCP_REMB, BED_RTCP_REMB, BED_RTCP_REPORT_BLOCK, BED_RTCP_BYE, BED_RTCP_BYE,
  };
  guint8 bytes[1000];
  gsize length = write_everything (bytes, sizeof bytes);
  g_autoptr (GArray) items = parse (bytes, length, BED_RTCP_OK);
  guint16 numbers[17];

  g_assert_cmpuint (items->len, ==, G_N_ELEMENTS (kinds));
  for (guint i = 0; i < items->len; i++)
    g_assert_cmpint (ITEM (items, i)->kind, ==, kinds[i]);
  g_assert_cmphex (ITEM (items, 0)->sender_report.ntp, ==, 0x0102030405060708);
  g_assert_cmphex (ITEM (items, 0)->sender_report.rtp_timestamp, ==, 0xfffffff0);
  g_assert_cmpuint (ITEM (items, 0)->sender_report.octets, ==, 2000);
  g_assert_cmpuint (ITEM (items, 1)->media_ssrc, ==, 22);
  g_assert_cmpint (ITEM (items, 1)->report_block.cumulative_lost, ==, -3);
  g_assert_cmpint (ITEM (items, 1)->report_block.fraction_lost, ==, 255);
  g_assert_cmphex (ITEM (items, 1)->report_block.highest_sequence, ==, 0x10002);
  g_assert_cmpint (ITEM (items, 2)->report_block.cumulative_lost, ==, 0x7fffff);
  g_assert_cmpmem (ITEM (items, 3)->cname.text, ITEM (items, 3)->cname.length, "name", 4);
  g_assert_cmpuint (bed_rtcp_nack_expand (ITEM (items, 4), numbers), ==, 3);
  g_assert_cmpuint (numbers[0], ==, 65534);
  g_assert_cmpuint (numbers[1], ==, 65535);
  g_assert_cmpuint (numbers[2], ==, 14);
  g_assert_cmpuint (bed_rtcp_nack_expand (ITEM (items, 5), numbers), ==, 2);
  g_assert_cmpuint (numbers[0], ==, 15);
  g_assert_cmpuint (ITEM (items, 7)->fir.sequence, ==, 9);
  g_assert_cmpuint (ITEM (items, 7)->media_ssrc, ==, 22);
  /* 18 bits of mantissa */
  g_assert_cmpuint (ITEM (items, 8)->remb.bitrate, <=, 1234567890);
  g_assert_cmpuint (ITEM (items, 8)->remb.bitrate, >, 1234500000);
  g_assert_cmpuint (ITEM (items, 9)->media_ssrc, ==, 23);
  g_assert_cmpuint (ITEM (items, 10)->sender_ssrc, ==, 12);
}

static void
test_write_capacity (void)
{
  guint8 bytes[1000];
  gsize length = write_everything (bytes, sizeof bytes);

  g_assert_cmpuint (length, >, 0);
  for (gsize capacity = 0; capacity < length; capacity++)
    {
      guint8 *small = g_malloc (capacity); /* for the sanitizer */

      g_assert_cmpuint (write_everything (small, capacity), ==, 0);
      g_free (small);
    }
}

static void
test_every_cut_is_refused_or_whole (void)
{
  guint8 bytes[1000];
  gsize length = write_everything (bytes, sizeof bytes);
  guint accepted = 0;

  for (gsize cut = 0; cut <= length; cut++)
    {
      guint8 *copy = g_memdup2 (bytes, cut);
      g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (BedRtcpItem));

      if (bed_rtcp_parse (copy, cut, collect, items) == BED_RTCP_OK)
        accepted++;
      else
        g_assert_cmpuint (items->len, ==, 0);
      g_free (copy);
    }
  g_assert_cmpuint (accepted, ==, 8); /* after each whole packet, and nowhere else */
}

/* Flips every bit of a good compound: none may crash, and the sanitizers look on. */
static void
test_every_bit_flipped (void)
{
  guint8 bytes[1000];
  gsize length = write_everything (bytes, sizeof bytes);
  guint refused = 0;

  for (gsize bit = 0; bit < 8 * length; bit++)
    {
      g_autoptr (GArray) items = g_array_new (FALSE, FALSE, sizeof (BedRtcpItem));

      bytes[bit / 8] ^= 1 << bit % 8;
      refused += bed_rtcp_parse (bytes, length, collect, items) != BED_RTCP_OK;
      bytes[bit / 8] ^= 1 << bit % 8;
    }
  g_assert_cmpuint (refused, >, 100);
}

typedef struct
{
  const char *name;
  const char *hex;
  BedRtcpResult result;
} Hostile;

static const Hostile hostile[] = {
  { "empty", "", BED_RTCP_BAD_LENGTH },
  { "odd-length", "80c90001000000", BED_RTCP_BAD_LENGTH },
  { "version", "00c9000100000001", BED_RTCP_BAD_VERSION },
  { "length-past-end", "80c9000200000001", BED_RTCP_BAD_LENGTH },
  { "sr-without-body", "80c8000100000001", BED_RTCP_BAD_CONTENT },
  { "blocks-missing", "9fc9000100000001", BED_RTCP_BAD_CONTENT },
  { "padding-zero", "a0c9000100000000", BED_RTCP_BAD_PADDING },
  { "padding-too-long", "a0c9000100000010", BED_RTCP_BAD_PADDING },
  { "padding-not-last", "a0c900020000000100000004" "80c9000100000001", BED_RTCP_BAD_PADDING },
  { "sdes-item-past-end", "81ca00020000000101054142", BED_RTCP_BAD_CONTENT },
  { "sdes-no-end", "81ca00020000000101024142", BED_RTCP_BAD_CONTENT },
  { "sdes-chunks-missing", "85ca00020000000100000000", BED_RTCP_BAD_CONTENT },
  { "bye-ssrcs-missing", "82cb000100000001", BED_RTCP_BAD_CONTENT },
  { "nack-without-media", "81cd000100000001", BED_RTCP_BAD_CONTENT },
  { "fir-cut", "84ce00030000000100000000" "00000002", BED_RTCP_BAD_CONTENT },
  { "remb-count", "8fce00040000000100000000" "52454d4205000001", BED_RTCP_BAD_CONTENT },
  { "remb-exponent", "8fce00050000000100000000" "52454d4201ffffff" "00000001", BED_RTCP_BAD_CONTENT },
};

static void
test_hostile (gconstpointer data)
{
  const Hostile *hostile_case = data;
  guint8 bytes[64];
  gsize length = strlen (hostile_case->hex) / 2;

  for (gsize i = 0; i < length; i++)
    bytes[i] = g_ascii_xdigit_value (hostile_case->hex[2 * i]) << 4 | g_ascii_xdigit_value (hostile_case->hex[2 * i + 1]);
  g_array_unref (parse (bytes, length, hostile_case->result));
}

static void
test_unknown_is_skipped (void)
{
  static const guint8 bytes[] = { 0x80, 207, 0, 1, 1, 2, 3, 4, 0x80, 204, 0, 0, 0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2 };
  g_autoptr (GArray) items = parse (bytes, sizeof bytes, BED_RTCP_OK);

  g_assert_cmpuint (items->len, ==, 1);
  g_assert_cmpint (ITEM (items, 0)->kind, ==, BED_RTCP_PLI);
}

static void
test_too_many_items (void)
{
  guint8 bytes[1500] = { 0 };

  /* BYE with one name each, 8 bytes: 187 of them fit; NACK pairs of 4 bytes: 369 */
  for (gsize at = 0; at + 8 <= sizeof bytes; at += 8)
    memcpy (bytes + at, "\x81\xcb\0\1", 4);
  g_array_unref (parse (bytes, 1496, BED_RTCP_OK));
  memcpy (bytes, "\x81\xcd", 2);
  bytes[2] = 1;
  bytes[3] = 0x74; /* all of it */
  g_array_unref (parse (bytes, 4 * (0x174 + 1), BED_RTCP_OK));
  g_array_unref (parse (bytes, 1504, BED_RTCP_BAD_LENGTH));
}

static void
test_round_trip_time (void)
{
  /* the example of RFC 3550 6.4.1, figure 2: 6.125 s */
  BedRtcpReportBlock block = { .last_sr = 0xb7052000, .delay_since_last_sr = 0x00054000 };

  g_assert_cmpint (bed_rtcp_round_trip_us (&block, 0xb44db71080000000), ==, 6125000);
  block.last_sr = 0;
  g_assert_cmpint (bed_rtcp_round_trip_us (&block, 0xb44db71020000000), ==, -1);
  block.last_sr = 0xb7102000; /* delay longer than the whole way: their clock is a little fast, or lies */
  block.delay_since_last_sr = 100;
  g_assert_cmpint (bed_rtcp_round_trip_us (&block, 0xb44db71020000000), ==, 0);
  block.delay_since_last_sr = 0x7fffffff;
  g_assert_cmpint (bed_rtcp_round_trip_us (&block, 0xb44db71020000000), ==, -1);
}

static void
test_cname (void)
{
  g_autofree char *one = bed_rtcp_make_cname (), *two = bed_rtcp_make_cname ();

  g_assert_cmpuint (strlen (one), ==, 16);
  g_assert_cmpstr (one, !=, two);
}

static const BedRtcpItem *
feedback_item (const BedTransportFeedback *feedback, guint8 *bytes, gsize capacity, GArray **items)
{
  BedByteWriter writer;

  bed_byte_writer_init (&writer, bytes, capacity);
  bed_transport_feedback_write (feedback, 1, 2, &writer);
  g_assert_false (bed_byte_writer_failed (&writer));
  *items = parse (bytes, writer.length, BED_RTCP_OK);
  g_assert_cmpuint ((*items)->len, ==, 1);
  return ITEM (*items, 0);
}

static void
check_feedback (const BedTransportFeedback *in)
{
  static BedTransportFeedback out;
  g_autoptr (GArray) items = NULL;
  guint8 bytes[1500];
  const BedRtcpItem *item = feedback_item (in, bytes, sizeof bytes, &items);

  g_assert_true (bed_transport_feedback_parse (&out, item->feedback.data, item->feedback.length));
  g_assert_cmpuint (out.base_sequence, ==, in->base_sequence);
  g_assert_cmpuint (out.count, ==, in->count);
  g_assert_cmpuint (out.n_entries, ==, in->n_entries);
  for (guint i = 0; i < in->n_entries; i++)
    {
      g_assert_cmpint (out.entries[i].received, ==, in->entries[i].received);
      if (in->entries[i].received)
        g_assert_cmpint (out.entries[i].arrival_us, ==, in->entries[i].arrival_us / 250 * 250);
    }
}

static void
test_feedback_shapes (void)
{
  static BedTransportFeedback feedback;
  g_autoptr (GRand) random = g_rand_new_with_seed (1);

  for (guint round = 0; round < 300; round++)
    {
      gint64 now = 1000000 + g_rand_int_range (random, 0, 64000);
      double loss = round % 5 * 0.25, jitter = round % 3 * 90000;

      feedback.base_sequence = g_rand_int (random);
      feedback.count = round;
      feedback.n_entries = 1 + g_rand_int_range (random, 0, 300);
      for (guint i = 0; i < feedback.n_entries; i++)
        {
          now += g_rand_int_range (random, 0, 4000);
          feedback.entries[i].received = g_rand_double (random) >= loss;
          feedback.entries[i].arrival_us = now + (gint64) (jitter * g_rand_double (random));
        }
      check_feedback (&feedback);
    }
}

/* A message built by hand from the draft: base 1000, 5 packets, reference 10; run of two small, then a vector. */
static void
test_feedback_bytes (void)
{
  static const guint8 fci[] = { 0x03, 0xe8, 0, 5, 0, 0, 10, 7, 0x20, 0x02, 0xc0 | 0x0, 0x00 | 0x00, 4, 8 };
  static const guint8 vector[] = { 0x03, 0xe8, 0, 5, 0, 0, 10, 7, 0xd2, 0x40, 4, 0xff, 0xfc, 8 };
  static BedTransportFeedback feedback;

  g_assert_true (bed_transport_feedback_parse (&feedback, fci, sizeof fci));
  g_assert_cmpuint (feedback.base_sequence, ==, 1000);
  g_assert_cmpuint (feedback.count, ==, 7);
  g_assert_cmpint (feedback.entries[0].arrival_us, ==, 641000);
  g_assert_cmpint (feedback.entries[1].arrival_us, ==, 643000);
  g_assert_false (feedback.entries[2].received);
  /* symbols 1 0 2 1 0: small, lost, large (-1 ms), small, lost */
  g_assert_true (bed_transport_feedback_parse (&feedback, vector, sizeof vector));
  g_assert_cmpint (feedback.entries[0].arrival_us, ==, 641000);
  g_assert_false (feedback.entries[1].received);
  g_assert_cmpint (feedback.entries[2].arrival_us, ==, 640000);
  g_assert_cmpint (feedback.entries[3].arrival_us, ==, 642000);
  g_assert_false (feedback.entries[4].received);
}

static void
test_feedback_hostile (void)
{
  static BedTransportFeedback feedback;
  guint8 fci[] = { 0x03, 0xe8, 0, 5, 0, 0, 10, 7, 0x20, 0x05, 1, 1, 1, 1, 1 };

  for (gsize length = 0; length < sizeof fci; length++)
    g_assert_false (bed_transport_feedback_parse (&feedback, fci, length));
  g_assert_true (bed_transport_feedback_parse (&feedback, fci, sizeof fci));
  fci[3] = 0;
  g_assert_false (bed_transport_feedback_parse (&feedback, fci, sizeof fci));
  fci[2] = 0xff; /* 65,280 packets */
  g_assert_false (bed_transport_feedback_parse (&feedback, fci, sizeof fci));
  fci[2] = 0;
  fci[3] = 5;
  fci[8] = 0x60; /* the reserved symbol */
  g_assert_false (bed_transport_feedback_parse (&feedback, fci, sizeof fci));
  fci[8] = 0x20;
  fci[9] = 0; /* a run of nothing must not loop */
  g_assert_false (bed_transport_feedback_parse (&feedback, fci, sizeof fci));
}

static void
test_feedback_cannot_say (void)
{
  static BedTransportFeedback feedback;
  guint8 bytes[100];
  BedByteWriter writer;

  feedback.n_entries = 2;
  feedback.entries[0] = (BedTransportFeedbackEntry) { TRUE, 0 };
  feedback.entries[1] = (BedTransportFeedbackEntry) { TRUE, 9 * G_USEC_PER_SEC };
  bed_byte_writer_init (&writer, bytes, sizeof bytes);
  bed_transport_feedback_write (&feedback, 1, 2, &writer);
  g_assert_true (bed_byte_writer_failed (&writer));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/rtp/rtcp/round-trip", test_round_trip);
  g_test_add_func ("/rtc/rtp/rtcp/write-capacity", test_write_capacity);
  g_test_add_func ("/rtc/rtp/rtcp/every-cut", test_every_cut_is_refused_or_whole);
  g_test_add_func ("/rtc/rtp/rtcp/every-bit-flipped", test_every_bit_flipped);
  for (guint i = 0; i < G_N_ELEMENTS (hostile); i++)
    {
      g_autofree char *name = g_strconcat ("/rtc/rtp/rtcp/hostile/", hostile[i].name, NULL);

      g_test_add_data_func (name, &hostile[i], test_hostile);
    }
  g_test_add_func ("/rtc/rtp/rtcp/unknown-is-skipped", test_unknown_is_skipped);
  g_test_add_func ("/rtc/rtp/rtcp/many-items", test_too_many_items);
  g_test_add_func ("/rtc/rtp/rtcp/round-trip-time", test_round_trip_time);
  g_test_add_func ("/rtc/rtp/rtcp/cname", test_cname);
  g_test_add_func ("/rtc/rtp/transport-feedback/shapes", test_feedback_shapes);
  g_test_add_func ("/rtc/rtp/transport-feedback/bytes", test_feedback_bytes);
  g_test_add_func ("/rtc/rtp/transport-feedback/hostile", test_feedback_hostile);
  g_test_add_func ("/rtc/rtp/transport-feedback/cannot-say", test_feedback_cannot_say);
  return g_test_run ();
}
