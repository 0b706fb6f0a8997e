/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-opus-payload.h"
#include "bed-rtp-packet.h"
#include "bed-vp8-payload.h"

#include <string.h>

static const guint8 plain[] = { 0x80, 0xe0, 0x12, 0x34, 0, 0, 0, 1, 0xde, 0xad, 0xbe, 0xef, 'a', 'b', 'c' };

static void
test_plain (void)
{
  BedRtpPacket packet;

  g_assert_cmpint (bed_rtp_packet_parse (&packet, plain, sizeof plain), ==, BED_RTP_OK);
  g_assert_true (packet.marker);
  g_assert_cmpuint (packet.payload_type, ==, 96);
  g_assert_cmpuint (packet.sequence, ==, 0x1234);
  g_assert_cmpuint (packet.timestamp, ==, 1);
  g_assert_cmpuint (packet.ssrc, ==, 0xdeadbeef);
  g_assert_cmpmem (packet.payload, packet.payload_length, "abc", 3);
}

static void
test_refuses (void)
{
  BedRtpPacket packet;
  guint8 bytes[BED_RTP_MAX_PACKET + 1] = { 0x80 };

  for (gsize length = 0; length < 12; length++)
    g_assert_cmpint (bed_rtp_packet_parse (&packet, plain, length), ==, BED_RTP_BAD_LENGTH);
  g_assert_cmpint (bed_rtp_packet_parse (&packet, bytes, sizeof bytes), ==, BED_RTP_BAD_LENGTH);
  bytes[0] = 0x40;
  g_assert_cmpint (bed_rtp_packet_parse (&packet, bytes, 20), ==, BED_RTP_BAD_VERSION);
  bytes[0] = 0x8f; /* 15 contributing sources */
  g_assert_cmpint (bed_rtp_packet_parse (&packet, bytes, 71), ==, BED_RTP_BAD_LENGTH);
  g_assert_cmpint (bed_rtp_packet_parse (&packet, bytes, 72), ==, BED_RTP_OK);
}

static void
test_padding (void)
{
  BedRtpPacket packet;
  guint8 bytes[16] = { 0xa0 };

  bytes[15] = 4;
  g_assert_cmpint (bed_rtp_packet_parse (&packet, bytes, 16), ==, BED_RTP_OK);
  g_assert_cmpuint (packet.payload_length, ==, 0);
  bytes[15] = 3;
  g_assert_cmpint (bed_rtp_packet_parse (&packet, bytes, 16), ==, BED_RTP_OK);
  g_assert_cmpuint (packet.payload_length, ==, 1);
  bytes[15] = 5;
  g_assert_cmpint (bed_rtp_packet_parse (&packet, bytes, 16), ==, BED_RTP_BAD_PADDING);
  bytes[15] = 0;
  g_assert_cmpint (bed_rtp_packet_parse (&packet, bytes, 16), ==, BED_RTP_BAD_PADDING);
  g_assert_cmpint (bed_rtp_packet_parse (&packet, bytes, 12), ==, BED_RTP_BAD_PADDING);
}

/* The three-element example of RFC 8285 4.2, with our own lengths. */
static void
test_one_byte_extensions (void)
{
  static const guint8 bytes[] = { 0x90, 0x60, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 0xbe, 0xde, 0, 3,
                                  0x10, 0xaa, 0x21, 0xbb, 0xbc, 0, 0, 0x33, 1, 2, 3, 4, 'p' };
  BedRtpPacket packet;
  gsize length;
  guint32 value;

  g_assert_cmpint (bed_rtp_packet_parse (&packet, bytes, sizeof bytes), ==, BED_RTP_OK);
  g_assert_cmpint (*bed_rtp_packet_get_extension (&packet, 1, &length), ==, 0xaa);
  g_assert_cmpuint (length, ==, 1);
  g_assert_true (bed_rtp_packet_get_extension_uint (&packet, 2, 2, &value));
  g_assert_cmpuint (value, ==, 0xbbbc);
  g_assert_false (bed_rtp_packet_get_extension_uint (&packet, 2, 3, &value));
  g_assert_true (bed_rtp_packet_get_extension_uint (&packet, 3, 4, &value));
  g_assert_cmpuint (value, ==, 0x01020304);
  g_assert_null (bed_rtp_packet_get_extension (&packet, 4, &length));
  g_assert_null (bed_rtp_packet_get_extension (&packet, 0, &length));
  g_assert_cmpmem (packet.payload, packet.payload_length, "p", 1);
}

static void
test_two_byte_extensions (void)
{
  static const guint8 bytes[] = { 0x90, 0x60, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 0x10, 0x05, 0, 2,
                                  20, 0, 0, 21, 3, 7, 8, 9, 'p' };
  BedRtpPacket packet;
  gsize length = 9;

  g_assert_cmpint (bed_rtp_packet_parse (&packet, bytes, sizeof bytes), ==, BED_RTP_OK);
  g_assert_nonnull (bed_rtp_packet_get_extension (&packet, 20, &length));
  g_assert_cmpuint (length, ==, 0);
  g_assert_cmpint (bed_rtp_packet_get_extension (&packet, 21, &length)[2], ==, 9);
  g_assert_cmpuint (length, ==, 3);
}

static void
test_extension_damage (void)
{
  guint8 bytes[] = { 0x90, 0x60, 0, 1, 0, 0, 0, 0, 0, 0, 0, 9, 0xbe, 0xde, 0, 1, 0x13, 1, 2, 3 };
  BedRtpPacket packet;
  gsize length;

  g_assert_cmpint (bed_rtp_packet_parse (&packet, bytes, sizeof bytes), ==, BED_RTP_BAD_EXTENSION);
  bytes[16] = 0xf3; /* id 15 ends the list, whatever its length says */
  g_assert_cmpint (bed_rtp_packet_parse (&packet, bytes, sizeof bytes), ==, BED_RTP_OK);
  g_assert_null (bed_rtp_packet_get_extension (&packet, 15, &length));
  bytes[15] = 2;
  g_assert_cmpint (bed_rtp_packet_parse (&packet, bytes, sizeof bytes), ==, BED_RTP_BAD_LENGTH);
  bytes[15] = 1;
  bytes[12] = 0x77; /* somebody else's profile: carried */
  g_assert_cmpint (bed_rtp_packet_parse (&packet, bytes, sizeof bytes), ==, BED_RTP_OK);
  g_assert_null (bed_rtp_packet_get_extension (&packet, 1, &length));
}

static void
test_write (void)
{
  BedRtpPacket packet = { .marker = TRUE, .payload_type = 111, .sequence = 65535, .timestamp = 0xfffffffe,
                          .ssrc = 77, .payload = (const guint8 *) "xyz", .payload_length = 3 };
  BedRtpExtension extensions[] = { { 4, 1, { '0' } }, { 3, 2, { 1, 2 } }, { 14, 16, { 9 } } };
  guint8 bytes[64];
  gsize offsets[3], length;
  BedByteWriter writer;
  BedRtpPacket back;

  bed_byte_writer_init (&writer, bytes, sizeof bytes);
  bed_rtp_packet_write (&packet, extensions, 3, offsets, &writer);
  g_assert_false (bed_byte_writer_failed (&writer));
  g_assert_cmpint (bed_rtp_packet_parse (&back, bytes, writer.length), ==, BED_RTP_OK);
  g_assert_true (back.marker);
  g_assert_cmpuint (back.payload_type, ==, 111);
  g_assert_cmpuint (back.sequence, ==, 65535);
  g_assert_cmpuint (back.timestamp, ==, 0xfffffffe);
  g_assert_cmpmem (back.payload, back.payload_length, "xyz", 3);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (bed_rtp_packet_get_extension (&back, extensions[i].id, &length) == bytes + offsets[i]);
      g_assert_cmpuint (length, ==, extensions[i].length);
    }
  for (gsize capacity = 0; capacity < writer.length; capacity++)
    {
      BedByteWriter small;

      bed_byte_writer_init (&small, bytes, capacity);
      bed_rtp_packet_write (&packet, extensions, 3, offsets, &small);
      g_assert_true (bed_byte_writer_failed (&small));
    }
}

static void
test_demultiplex (void)
{
  static const struct { guint8 first, second; gboolean rtcp; } cases[] = {
    { 0x80, 200, TRUE }, { 0x81, 206, TRUE }, { 0x80, 192, TRUE }, { 0x80, 223, TRUE }, { 0x80, 111, FALSE },
    { 0x80, 96, FALSE }, { 0x80, 0xe0, FALSE }, { 0x00, 200, FALSE }, { 0xc0, 200, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpint (bed_rtp_is_rtcp ((guint8[]) { cases[i].first, cases[i].second }, 2), ==, cases[i].rtcp);
  g_assert_false (bed_rtp_is_rtcp ((guint8[]) { 0x80 }, 1));
}

static void
test_rtx (void)
{
  BedRtpPacket rtx = { .sequence = 5, .timestamp = 9, .marker = TRUE, .payload_type = 97, .ssrc = 2,
                       .payload = (const guint8[]) { 0x12, 0x34, 'v' }, .payload_length = 3 };
  BedRtpPacket original;

  g_assert_true (bed_rtp_packet_unwrap_rtx (&rtx, 1, 96, &original));
  g_assert_cmpuint (original.sequence, ==, 0x1234);
  g_assert_cmpuint (original.ssrc, ==, 1);
  g_assert_cmpuint (original.payload_type, ==, 96);
  g_assert_true (original.marker);
  g_assert_cmpmem (original.payload, original.payload_length, "v", 1);
  for (rtx.payload_length = 0; rtx.payload_length < 3; rtx.payload_length++)
    g_assert_false (bed_rtp_packet_unwrap_rtx (&rtx, 1, 96, &original));
}

static void
test_unwrap (void)
{
  BedSequence line = { 0 };

  g_assert_cmpint (bed_sequence_unwrap (&line, 65530), ==, 65530);
  g_assert_cmpint (bed_sequence_unwrap (&line, 4), ==, 65540);
  g_assert_cmpint (bed_sequence_unwrap (&line, 65535), ==, 65535);
  g_assert_cmpint (bed_sequence_unwrap (&line, 5), ==, 65541);
  line = (BedSequence) { 0 };
  g_assert_cmpint (bed_sequence_unwrap_timestamp (&line, 0xfffffff0), ==, 0xfffffff0);
  g_assert_cmpint (bed_sequence_unwrap_timestamp (&line, 16), ==, 0x100000010);
  g_assert_cmpint (bed_sequence_unwrap_timestamp (&line, 0xffffffff), ==, 0xffffffff);
}

static void
test_ntp (void)
{
  /* RFC 3550 6.4.1's example: the middle of 0xb44db705.20000000 */
  g_assert_cmphex (bed_ntp_middle (0xb44db70520000000ull), ==, 0xb7052000);
  g_assert_cmphex (bed_ntp_from_us (0), ==, 2208988800ull << 32);
  g_assert_cmphex (bed_ntp_from_us (500000), ==, 2208988800ull << 32 | 0x80000000);
  for (gint64 us = 1; us < G_GINT64_CONSTANT (4000000000000000); us = us * 7 + 123457)
    g_assert_cmpint (bed_ntp_to_us (bed_ntp_from_us (us)), ==, us);
  g_assert_cmphex (bed_abs_send_time (G_USEC_PER_SEC), ==, 1 << 18);
  g_assert_cmphex (bed_abs_send_time (64 * G_USEC_PER_SEC + 500000), ==, 1 << 17);
}

static void
test_vp8_descriptors (void)
{
  /* the examples of RFC 7741 4.6, and one with everything */
  static const guint8 short_id[] = { 0x90, 0x80, 0x11, 'd' }, long_id[] = { 0x90, 0x80, 0x92, 0x67, 'd' },
                      full[] = { 0xb0, 0xf0, 0x01, 0x07, 0x65, 'd' }, bare[] = { 0x00, 'd' };
  BedVp8Payload payload;

  g_assert_true (bed_vp8_payload_parse (&payload, short_id, sizeof short_id));
  g_assert_true (payload.start_of_partition);
  g_assert_cmpint (payload.picture_id, ==, 17);
  g_assert_cmpint (payload.tl0_picture_index, ==, -1);
  g_assert_cmpmem (payload.data, payload.length, "d", 1);
  g_assert_true (bed_vp8_payload_parse (&payload, long_id, sizeof long_id));
  g_assert_cmpint (payload.picture_id, ==, 4711);
  g_assert_true (bed_vp8_payload_parse (&payload, full, sizeof full));
  g_assert_true (payload.non_reference);
  g_assert_cmpint (payload.tl0_picture_index, ==, 7);
  g_assert_cmpint (payload.temporal_id, ==, 1);
  g_assert_true (payload.layer_sync);
  g_assert_cmpint (payload.key_index, ==, 5);
  g_assert_true (bed_vp8_payload_parse (&payload, bare, sizeof bare));
  g_assert_false (payload.start_of_partition);
  g_assert_cmpint (payload.picture_id, ==, -1);
}

static void
test_vp8_too_short (void)
{
  static const guint8 whole[] = { 0xb0, 0xf0, 0x81, 0x07, 0x07, 0x65, 'd' };
  BedVp8Payload payload;

  for (gsize length = 0; length < sizeof whole; length++)
    g_assert_false (bed_vp8_payload_parse (&payload, whole, length));
  g_assert_true (bed_vp8_payload_parse (&payload, whole, sizeof whole));
}

static void
test_vp8_frame_info (void)
{
  guint8 key[] = { 0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x42, 0x68, 0x81 };
  gboolean is_key;
  guint width = 0, height = 0;

  g_assert_true (bed_vp8_frame_get_info (key, sizeof key, &is_key, &width, &height));
  g_assert_true (is_key);
  g_assert_cmpuint (width, ==, 640);
  g_assert_cmpuint (height, ==, 360);
  g_assert_false (bed_vp8_frame_get_info (key, 9, &is_key, &width, &height));
  key[3] = 0;
  g_assert_false (bed_vp8_frame_get_info (key, sizeof key, &is_key, &width, &height));
  key[0] = 0x11;
  g_assert_true (bed_vp8_frame_get_info (key, 3, &is_key, &width, &height));
  g_assert_false (is_key);
  g_assert_false (bed_vp8_frame_get_info (key, 2, &is_key, &width, &height));
}

static void
test_vp8_packetiser (void)
{
  guint8 frame[5000], out[1100], joined[5000];

  for (guint i = 0; i < sizeof frame; i++)
    frame[i] = i * 7;
  for (gsize length = 1; length <= sizeof frame; length += 83)
    {
      BedVp8Packetiser packetiser;
      BedVp8Payload payload;
      gsize n, position = 0, smallest = G_MAXSIZE, largest = 0;
      gboolean last = FALSE;

      bed_vp8_packetiser_init (&packetiser, frame, length, 0xffff, sizeof out);
      while ((n = bed_vp8_packetiser_next (&packetiser, out, sizeof out, &last)) > 0)
        {
          g_assert_true (bed_vp8_payload_parse (&payload, out, n));
          g_assert_cmpint (payload.start_of_partition, ==, position == 0);
          g_assert_cmpint (payload.picture_id, ==, 0x7fff);
          memcpy (joined + position, payload.data, payload.length);
          position += payload.length;
          smallest = MIN (smallest, n);
          largest = MAX (largest, n);
          g_assert_cmpint (last, ==, position == length);
        }
      g_assert_cmpmem (joined, position, frame, length);
      g_assert_cmpuint (largest - smallest, <=, 5);
    }
}

static void
test_opus_durations (void)
{
  /* RFC 6716 table 2; the last is 3 frames of 20 ms in code 3 */
  static const struct { guint8 toc, count; guint samples; } cases[] = {
    { 0 << 3, 0, 480 },      { 1 << 3, 0, 960 },       { 2 << 3, 0, 1920 },      { 3 << 3, 0, 2880 },
    { 12 << 3, 0, 480 },     { 13 << 3, 0, 960 },      { 16 << 3, 0, 120 },      { 31 << 3, 0, 960 },
    { 31 << 3 | 1, 0, 1920 }, { 3 << 3 | 2, 0, 5760 },  { 31 << 3 | 3, 3, 2880 }, { 31 << 3 | 3, 6, 5760 },
    { 31 << 3 | 3, 7, 0 },   { 31 << 3 | 3, 0, 0 },    { 3 << 3 | 3, 3, 0 },     { 16 << 3 | 3, 48, 5760 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint (bed_opus_payload_get_samples ((guint8[]) { cases[i].toc, cases[i].count }, 2), ==,
                      cases[i].samples);
  g_assert_cmpuint (bed_opus_payload_get_samples (NULL, 0), ==, 0);
  g_assert_cmpuint (bed_opus_payload_get_samples ((guint8[]) { 31 << 3 | 3 }, 1), ==, 0);
  g_assert_true (bed_opus_payload_is_dtx ((guint8[]) { 8 }, 1));
  g_assert_false (bed_opus_payload_is_dtx ((guint8[]) { 8, 1, 2 }, 3));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/rtp/packet/plain", test_plain);
  g_test_add_func ("/rtc/rtp/packet/refuses", test_refuses);
  g_test_add_func ("/rtc/rtp/packet/padding", test_padding);
  g_test_add_func ("/rtc/rtp/packet/one-byte-extensions", test_one_byte_extensions);
  g_test_add_func ("/rtc/rtp/packet/two-byte-extensions", test_two_byte_extensions);
  g_test_add_func ("/rtc/rtp/packet/extension-damage", test_extension_damage);
  g_test_add_func ("/rtc/rtp/packet/write", test_write);
  g_test_add_func ("/rtc/rtp/packet/demultiplex", test_demultiplex);
  g_test_add_func ("/rtc/rtp/packet/rtx", test_rtx);
  g_test_add_func ("/rtc/rtp/time/unwrap", test_unwrap);
  g_test_add_func ("/rtc/rtp/time/ntp", test_ntp);
  g_test_add_func ("/rtc/rtp/vp8/descriptors", test_vp8_descriptors);
  g_test_add_func ("/rtc/rtp/vp8/too-short", test_vp8_too_short);
  g_test_add_func ("/rtc/rtp/vp8/frame-info", test_vp8_frame_info);
  g_test_add_func ("/rtc/rtp/vp8/packetiser", test_vp8_packetiser);
  g_test_add_func ("/rtc/rtp/opus/durations", test_opus_durations);
  return g_test_run ();
}
