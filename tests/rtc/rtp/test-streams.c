/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-frame-assembler.h"
#include "bed-lip-sync.h"
#include "bed-rtp-receiver.h"
#include "bed-rtp-sender.h"

#include <string.h>

#define SSRC 0x12345678
#define RTX 0x9abcdef0

static BedRtpSender *
make_sender (guint32 rtx_ssrc, guint history)
{
  BedRtpSenderConfig config = {
    .kind = BED_RTP_VIDEO, .ssrc = SSRC, .rtx_ssrc = rtx_ssrc, .payload_type = 96, .rtx_payload_type = 97,
    .clock_rate = 90000, .history = history, .mid = "video", .mid_id = 4, .transport_cc_id = 3,
    .abs_send_time_id = 2, .audio_level_id = 1,
  };

  return bed_rtp_sender_new (&config);
}

static void
test_sender_packets (void)
{
  g_autoptr (BedRtpSender) sender = make_sender (RTX, 10);
  guint16 first = 0;

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (BedRtpOutPacket) out
          = bed_rtp_sender_make (sender, (const guint8 *) "data", 4, i == 2, 3000 * i, 1000 * i, 30);
      BedRtpPacket packet;
      guint32 value;
      gsize length;
      const guint8 *mid;

      bed_rtp_out_packet_stamp (out, 0x4321, 2 * G_USEC_PER_SEC);
      g_assert_cmpint (bed_rtp_packet_parse (&packet, out->data, out->length), ==, BED_RTP_OK);
      if (i == 0)
        first = packet.sequence;
      g_assert_cmpuint (packet.sequence, ==, (guint16) (first + i));
      g_assert_cmpuint (packet.ssrc, ==, SSRC);
      g_assert_cmpuint (packet.payload_type, ==, 96);
      g_assert_cmpint (packet.marker, ==, i == 2);
      g_assert_cmpuint (packet.timestamp, ==, 3000 * i);
      g_assert_true (bed_rtp_packet_get_extension_uint (&packet, 3, 2, &value));
      g_assert_cmphex (value, ==, 0x4321);
      g_assert_true (bed_rtp_packet_get_extension_uint (&packet, 2, 3, &value));
      g_assert_cmphex (value, ==, 2 << 18);
      g_assert_true (bed_rtp_packet_get_extension_uint (&packet, 1, 1, &value));
      g_assert_cmphex (value, ==, 0x80 | 30);
      mid = bed_rtp_packet_get_extension (&packet, 4, &length);
      g_assert_cmpmem (mid, length, "video", 5);
      g_assert_cmpmem (packet.payload, packet.payload_length, "data", 4);
    }
}

static void
test_sender_too_long (void)
{
  g_autoptr (BedRtpSender) sender = make_sender (0, 10);
  guint8 payload[BED_RTP_MAX_PACKET] = { 0 };
  BedRtpSenderStats stats;

  g_assert_null (bed_rtp_sender_make (sender, payload, sizeof payload, TRUE, 0, 0, -1));
  bed_rtp_sender_get_stats (sender, &stats);
  g_assert_cmpuint (stats.packets_sent, ==, 0);
}

/* Copies that the receiver knows for such; without RTX there are none. */
static void
test_sender_pads (void)
{
  g_autoptr (BedRtpSender) sender = make_sender (RTX, 10), plain = make_sender (0, 10);
  g_autoptr (BedRtpOutPacket) none = bed_rtp_sender_make_padding (sender, 0), early = NULL, last = NULL, other = NULL;
  BedRtpPacket packet, original;
  BedRtpSenderStats stats;

  g_assert_null (none);
  for (guint8 i = 0; i < 5; i++)
    {
      g_autoptr (BedRtpOutPacket) out = bed_rtp_sender_make (sender, &i, 1, TRUE, i, i, -1);
      g_autoptr (BedRtpOutPacket) out_plain = bed_rtp_sender_make (plain, &i, 1, TRUE, i, i, -1);
    }
  last = bed_rtp_sender_make_padding (sender, 1);
  g_assert_cmpint (last->kind, ==, BED_RTP_PADDING);
  g_assert_cmpint (bed_rtp_packet_parse (&packet, last->data, last->length), ==, BED_RTP_OK);
  g_assert_true (bed_rtp_packet_unwrap_rtx (&packet, SSRC, 96, &original));
  g_assert_cmpuint (original.payload[0], ==, 3);
  early = bed_rtp_sender_make_padding (sender, 5);
  other = bed_rtp_sender_make_padding (plain, 0);
  g_assert_true (early == NULL && other == NULL);
  bed_rtp_sender_get_stats (sender, &stats);
  g_assert_cmpuint (stats.packets_sent, ==, 5);
  g_assert_cmpuint (stats.retransmitted_packets, ==, 0);
}

static void
test_sender_retransmits (gconstpointer data)
{
  guint32 rtx_ssrc = GPOINTER_TO_UINT (data);
  g_autoptr (BedRtpSender) sender = make_sender (rtx_ssrc, 10);
  g_autoptr (BedRtpOutPacket) again = NULL, too_soon = NULL, later = NULL, gone = NULL;
  BedRtpPacket packet, original;
  guint16 first = 0;
  BedRtpSenderStats stats;

  for (guint8 i = 0; i < 15; i++)
    {
      g_autoptr (BedRtpOutPacket) out = bed_rtp_sender_make (sender, &i, 1, TRUE, i, i, -1);

      bed_rtp_packet_parse (&packet, out->data, out->length);
      if (i == 0)
        first = packet.sequence;
    }
  again = bed_rtp_sender_retransmit (sender, first + 12, 1000000);
  g_assert_cmpint (bed_rtp_packet_parse (&packet, again->data, again->length), ==, BED_RTP_OK);
  original = packet;
  if (rtx_ssrc != 0)
    {
      g_assert_cmpuint (packet.ssrc, ==, RTX);
      g_assert_cmpuint (packet.payload_type, ==, 97);
      g_assert_true (bed_rtp_packet_unwrap_rtx (&packet, SSRC, 96, &original));
    }
  g_assert_cmpuint (original.ssrc, ==, SSRC);
  g_assert_cmpuint (original.sequence, ==, (guint16) (first + 12));
  g_assert_cmpuint (original.timestamp, ==, 12);
  g_assert_cmpuint (original.payload[0], ==, 12);
  too_soon = bed_rtp_sender_retransmit (sender, first + 12, 1010000);
  g_assert_null (too_soon);
  later = bed_rtp_sender_retransmit (sender, first + 12, 1060000);
  g_assert_nonnull (later);
  gone = bed_rtp_sender_retransmit (sender, first + 2, 1000000);
  g_assert_null (gone);
  bed_rtp_sender_get_stats (sender, &stats);
  g_assert_cmpuint (stats.nack_packets, ==, 4);
  g_assert_cmpuint (stats.nack_unknown, ==, 1);
  g_assert_cmpuint (stats.retransmitted_packets, ==, 2);
  g_assert_cmpuint (stats.packets_sent, ==, 15);
}

static void
test_sender_report (void)
{
  g_autoptr (BedRtpSender) sender = make_sender (0, 10);
  g_autoptr (BedRtpOutPacket) out = NULL;
  BedRtcpSenderReport report;
  BedRtcpReportBlock block = { .ssrc = SSRC, .fraction_lost = 64, .cumulative_lost = 7, .jitter = 900 };
  BedRtpSenderStats stats;
  gint64 unix_us = 1700000000 * G_GINT64_CONSTANT (1000000);

  g_assert_false (bed_rtp_sender_make_report (sender, 5000000, unix_us, &report));
  out = bed_rtp_sender_make (sender, (const guint8 *) "abc", 3, TRUE, 90000, 4000000, -1);
  g_assert_true (bed_rtp_sender_make_report (sender, 5000000, unix_us, &report));
  g_assert_cmpuint (report.rtp_timestamp, ==, 180000); /* one second after the last */
  g_assert_cmpuint (report.packets, ==, 1);
  g_assert_cmpuint (report.octets, ==, 3);
  g_assert_cmphex (report.ntp, ==, bed_ntp_from_us (unix_us));
  block.last_sr = bed_ntp_middle (report.ntp);
  block.delay_since_last_sr = 65536 / 10;
  bed_rtp_sender_handle_report_block (sender, &block, unix_us + 150000);
  block.ssrc = 1;
  block.fraction_lost = 255;
  bed_rtp_sender_handle_report_block (sender, &block, unix_us + 150000);
  bed_rtp_sender_get_stats (sender, &stats);
  g_assert_cmpint (ABS (stats.round_trip_us - 50000), <, 100);
  g_assert_cmpfloat (stats.remote_fraction_lost, ==, 0.25);
  g_assert_cmpfloat (stats.remote_jitter_ms, ==, 10);
  g_assert_cmpint (stats.remote_lost, ==, 7);
}

static BedRtpArrival
arrive (BedRtpReceiver *receiver, guint16 sequence, gint64 now_us, gint64 *extended)
{
  BedRtpPacket packet = { .sequence = sequence, .ssrc = SSRC, .timestamp = sequence * 3000u, .payload_length = 100 };

  return bed_rtp_receiver_push (receiver, &packet, FALSE, now_us, extended);
}

static void
test_receiver_counts (void)
{
  g_autoptr (BedRtpReceiver) receiver = bed_rtp_receiver_new (SSRC, 90000, FALSE);
  BedRtpReceiverStats stats;
  BedRtcpReportBlock block;
  gint64 extended;

  g_assert_false (bed_rtp_receiver_make_report_block (receiver, 0, &block));
  g_assert_cmpint (arrive (receiver, 65534, 0, &extended), ==, BED_RTP_ARRIVAL_NEW);
  g_assert_cmpint (arrive (receiver, 65535, 33333, &extended), ==, BED_RTP_ARRIVAL_NEW);
  g_assert_cmpint (arrive (receiver, 1, 100000, &extended), ==, BED_RTP_ARRIVAL_NEW);
  g_assert_cmpint (extended, ==, 65537);
  g_assert_cmpint (arrive (receiver, 65535, 100000, &extended), ==, BED_RTP_ARRIVAL_DUPLICATE);
  g_assert_true (bed_rtp_receiver_make_report_block (receiver, 100000, &block));
  g_assert_cmpuint (block.fraction_lost, ==, 64); /* one of four */
  g_assert_cmpint (block.cumulative_lost, ==, 1);
  g_assert_cmphex (block.highest_sequence, ==, 0x10001);
  g_assert_cmpuint (block.last_sr, ==, 0);
  g_assert_cmpint (arrive (receiver, 0, 110000, &extended), ==, BED_RTP_ARRIVAL_NEW);
  g_assert_cmpint (extended, ==, 65536);
  g_assert_true (bed_rtp_receiver_make_report_block (receiver, 110000, &block));
  g_assert_cmpuint (block.fraction_lost, ==, 0);
  g_assert_cmpint (block.cumulative_lost, ==, 0);
  bed_rtp_receiver_get_stats (receiver, &stats);
  g_assert_cmpuint (stats.packets_received, ==, 4);
  g_assert_cmpuint (stats.bytes_received, ==, 400);
  g_assert_cmpuint (stats.duplicates, ==, 1);
}

static void
test_receiver_jitter (void)
{
  g_autoptr (BedRtpReceiver) receiver = bed_rtp_receiver_new (SSRC, 90000, FALSE);
  BedRtpReceiverStats stats;
  gint64 extended;

  for (guint i = 0; i < 300; i++)
    arrive (receiver, i, i * 100000 / 3, &extended);
  bed_rtp_receiver_get_stats (receiver, &stats);
  g_assert_cmpfloat (stats.jitter_ms, <, 0.1);
  for (guint i = 300; i < 600; i++) /* every other one 10 ms late: differences of 10 ms */
    arrive (receiver, i, i * 100000 / 3 + (i % 2) * 10000, &extended);
  bed_rtp_receiver_get_stats (receiver, &stats);
  g_assert_cmpfloat (stats.jitter_ms, >, 9.5);
  g_assert_cmpfloat (stats.jitter_ms, <, 10.5);
}

static void
test_receiver_sender_report (void)
{
  g_autoptr (BedRtpReceiver) receiver = bed_rtp_receiver_new (SSRC, 90000, FALSE);
  BedRtcpSenderReport report = { .ssrc = SSRC, .ntp = 0x1122334455667788 };
  BedRtcpReportBlock block;
  gint64 extended;

  arrive (receiver, 1, 0, &extended);
  bed_rtp_receiver_handle_sender_report (receiver, &report, 1000000);
  report.ssrc = 1;
  report.ntp = 0;
  bed_rtp_receiver_handle_sender_report (receiver, &report, 1200000);
  bed_rtp_receiver_make_report_block (receiver, 1500000, &block);
  g_assert_cmphex (block.last_sr, ==, 0x33445566);
  g_assert_cmpuint (block.delay_since_last_sr, ==, 32768);
}

static void
test_receiver_jump (void)
{
  g_autoptr (BedRtpReceiver) receiver = bed_rtp_receiver_new (SSRC, 90000, TRUE);
  BedRtpReceiverStats stats;
  gint64 extended, before;
  guint16 missing[10];

  arrive (receiver, 100, 0, &before);
  g_assert_cmpint (arrive (receiver, 30000, 0, &extended), ==, BED_RTP_ARRIVAL_DOUBTFUL);
  g_assert_cmpint (arrive (receiver, 101, 0, &extended), ==, BED_RTP_ARRIVAL_NEW);
  g_assert_cmpint (arrive (receiver, 30001, 0, &extended), ==, BED_RTP_ARRIVAL_DOUBTFUL); /* forgotten in between */
  g_assert_cmpint (arrive (receiver, 30002, 0, &extended), ==, BED_RTP_ARRIVAL_RESTART);
  g_assert_cmpint (extended, >, before);
  g_assert_cmpint (extended & 0xffff, ==, 30002);
  g_assert_cmpint (arrive (receiver, 30003, 0, &extended), ==, BED_RTP_ARRIVAL_NEW);
  g_assert_cmpuint (bed_rtp_receiver_poll_nack (receiver, G_USEC_PER_SEC / 2, -1, missing, 10), ==, 0);
  bed_rtp_receiver_get_stats (receiver, &stats);
  g_assert_cmpuint (stats.doubtful, ==, 2);
  g_assert_cmpint (stats.packets_lost, ==, 0);
}

static void
test_nack_life (void)
{
  g_autoptr (BedRtpReceiver) receiver = bed_rtp_receiver_new (SSRC, 90000, TRUE);
  BedRtpPacket late = { .sequence = 11, .ssrc = SSRC };
  BedRtpReceiverStats stats;
  guint16 missing[10];
  gint64 extended, now = 0;
  guint asked = 0;

  arrive (receiver, 10, now, &extended);
  arrive (receiver, 13, now, &extended);
  g_assert_cmpuint (bed_rtp_receiver_poll_nack (receiver, 5000, 50000, missing, 10), ==, 0); /* may be disorder */
  g_assert_cmpuint (bed_rtp_receiver_poll_nack (receiver, 10000, 50000, missing, 10), ==, 2);
  g_assert_cmpuint (missing[0], ==, 11);
  g_assert_cmpuint (missing[1], ==, 12);
  g_assert_cmpuint (bed_rtp_receiver_poll_nack (receiver, 50000, 50000, missing, 10), ==, 0);
  g_assert_cmpint (bed_rtp_receiver_push (receiver, &late, TRUE, 55000, &extended), ==, BED_RTP_ARRIVAL_NEW);
  for (now = 60000; now < 3 * G_USEC_PER_SEC; now += 10000)
    asked += bed_rtp_receiver_poll_nack (receiver, now, 50000, missing, 10);
  g_assert_cmpuint (missing[0], ==, 12);
  g_assert_cmpuint (asked, ==, 9); /* ten times in all */
  bed_rtp_receiver_get_stats (receiver, &stats);
  g_assert_cmpuint (stats.given_up, ==, 1);
  g_assert_cmpuint (stats.recovered, ==, 1);
  g_assert_cmpuint (stats.nacks_sent, ==, 11);
}

static void
test_nack_limits (void)
{
  g_autoptr (BedRtpReceiver) receiver = bed_rtp_receiver_new (SSRC, 90000, TRUE);
  BedRtpReceiverStats stats;
  guint16 missing[600];
  gint64 extended;

  arrive (receiver, 0, 0, &extended);
  arrive (receiver, 301, 0, &extended);
  g_assert_cmpuint (bed_rtp_receiver_poll_nack (receiver, 0, -1, missing, 20), ==, 20);
  bed_rtp_receiver_forget_before (receiver, 101);
  g_assert_cmpuint (bed_rtp_receiver_poll_nack (receiver, 20000, -1, missing, 600), ==, 200);
  arrive (receiver, 700, 20000, &extended); /* more than the list holds: hopeless */
  g_assert_cmpuint (bed_rtp_receiver_poll_nack (receiver, 500000, -1, missing, 600), ==, 0);
  bed_rtp_receiver_get_stats (receiver, &stats);
  g_assert_cmpuint (stats.given_up, ==, 200 + 398);
}

/* Frames of `n` packets; the payload is a VP8 descriptor and, in the first packet, a frame header. */
static void
put (BedFrameAssembler *assembler, gint64 sequence, guint32 timestamp, gboolean key, gboolean start, gboolean end,
     gint64 now_us)
{
  static const guint8 key_head[] = { 0x10, 0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x40, 0x01, 0xb4, 0x00, 'k' };
  static const guint8 delta_head[] = { 0x10, 0x11, 0, 0, 'd' };
  static const guint8 middle[] = { 0x00, 'm' };
  BedRtpPacket packet = { .marker = end, .timestamp = timestamp };

  packet.payload = !start ? middle : key ? key_head : delta_head;
  packet.payload_length = !start ? sizeof middle : key ? sizeof key_head : sizeof delta_head;
  bed_frame_assembler_push (assembler, &packet, sequence, now_us);
}

static guint
pop_all (BedFrameAssembler *assembler, gint64 now_us)
{
  BedAssembledFrame *frame;
  guint n = 0;

  for (; (frame = bed_frame_assembler_pop (assembler, now_us)) != NULL; n++)
    bed_assembled_frame_free (frame);
  return n;
}

static void
test_assembler_order (void)
{
  g_autoptr (BedFrameAssembler) assembler = bed_frame_assembler_new ();
  g_autoptr (BedAssembledFrame) frame = NULL;

  put (assembler, 4, 6000, FALSE, FALSE, TRUE, 1); /* everything backwards */
  put (assembler, 3, 6000, FALSE, TRUE, FALSE, 2);
  put (assembler, 2, 3000, TRUE, FALSE, TRUE, 3);
  g_assert_null (bed_frame_assembler_pop (assembler, 3));
  put (assembler, 1, 3000, TRUE, FALSE, FALSE, 4);
  put (assembler, 0, 3000, TRUE, TRUE, FALSE, 5);
  put (assembler, 0, 3000, TRUE, TRUE, FALSE, 6); /* twice */
  frame = bed_frame_assembler_pop (assembler, 6);
  g_assert_true (frame->key_frame);
  g_assert_cmpuint (frame->width, ==, 320);
  g_assert_cmpuint (frame->height, ==, 180);
  g_assert_cmpint (frame->first_sequence, ==, 0);
  g_assert_cmpint (frame->last_sequence, ==, 2);
  g_assert_cmpint (frame->complete_us, ==, 5);
  g_assert_cmpuint (g_bytes_get_size (frame->data), ==, 11 + 1 + 1);
  g_assert_cmpuint (pop_all (assembler, 7), ==, 1);
  g_assert_cmpuint (pop_all (assembler, 7), ==, 0);
}

static void
test_assembler_waits_for_key (void)
{
  g_autoptr (BedFrameAssembler) assembler = bed_frame_assembler_new ();
  BedFrameAssemblerStats stats;

  g_assert_false (bed_frame_assembler_wants_key_frame (assembler, 1, 0)); /* nothing came yet */
  for (guint i = 0; i < 10; i++)
    put (assembler, i, 3000 * i, FALSE, TRUE, TRUE, 1);
  g_assert_cmpuint (pop_all (assembler, 1), ==, 0);
  g_assert_true (bed_frame_assembler_wants_key_frame (assembler, 1, 100000));
  put (assembler, 10, 30000, TRUE, TRUE, TRUE, 1);
  put (assembler, 11, 33000, FALSE, TRUE, TRUE, 1);
  g_assert_cmpuint (pop_all (assembler, 1), ==, 2);
  bed_frame_assembler_get_stats (assembler, &stats);
  g_assert_cmpuint (stats.dropped_frames, ==, 10);
}

static void
test_assembler_loss (void)
{
  g_autoptr (BedFrameAssembler) assembler = bed_frame_assembler_new ();

  put (assembler, 0, 0, TRUE, TRUE, TRUE, 0);
  put (assembler, 1, 3000, FALSE, TRUE, FALSE, 0);
  /* 2 is lost */
  put (assembler, 3, 6000, FALSE, TRUE, TRUE, 0);
  g_assert_cmpuint (pop_all (assembler, 1), ==, 1);
  g_assert_false (bed_frame_assembler_wants_key_frame (assembler, 50000, 100000));
  put (assembler, 2, 3000, FALSE, FALSE, TRUE, 60000); /* came again */
  g_assert_cmpuint (pop_all (assembler, 60000), ==, 2);
  g_assert_false (bed_frame_assembler_wants_key_frame (assembler, 500000, 100000));
  put (assembler, 5, 12000, FALSE, TRUE, TRUE, 500000); /* 4 never comes */
  g_assert_cmpuint (pop_all (assembler, 500000), ==, 0);
  g_assert_true (bed_frame_assembler_wants_key_frame (assembler, 700000, 100000));
  put (assembler, 6, 15000, TRUE, TRUE, TRUE, 800000);
  g_assert_cmpuint (pop_all (assembler, 800000), ==, 1);
  g_assert_false (bed_frame_assembler_wants_key_frame (assembler, 900000, 100000));
}

static void
test_assembler_back_off (void)
{
  g_autoptr (BedFrameAssembler) assembler = bed_frame_assembler_new ();
  guint n = 0;

  put (assembler, 0, 0, FALSE, TRUE, TRUE, 0);
  for (gint64 now = 10000; now < 10 * G_USEC_PER_SEC; now += 10000)
    n += bed_frame_assembler_wants_key_frame (assembler, now, 0);
  /* at 0, 0.3, 0.9, 2.1, 4.5, 7.5 s */
  g_assert_cmpuint (n, ==, 6);
}

static void
test_assembler_fillers_and_unmarked_ends (void)
{
  g_autoptr (BedFrameAssembler) assembler = bed_frame_assembler_new ();
  BedRtpPacket filler = { .timestamp = 3000 };

  put (assembler, 0, 0, TRUE, TRUE, TRUE, 0);
  g_assert_true (bed_frame_assembler_push (assembler, &filler, 1, 0));
  g_assert_true (bed_frame_assembler_push (assembler, &filler, 2, 0));
  put (assembler, 3, 6000, FALSE, TRUE, FALSE, 0); /* no marker … */
  put (assembler, 4, 9000, FALSE, TRUE, TRUE, 0);  /* … but the next begins */
  g_assert_cmpuint (pop_all (assembler, 1), ==, 3);
}

static void
test_assembler_bounds (void)
{
  g_autoptr (BedFrameAssembler) assembler = bed_frame_assembler_new ();
  BedRtpPacket bad = { .payload = (const guint8 *) "\x80", .payload_length = 1 };
  BedFrameAssemblerStats stats;

  put (assembler, 0, 0, TRUE, TRUE, TRUE, 0);
  g_assert_cmpuint (pop_all (assembler, 0), ==, 1);
  put (assembler, 0, 0, TRUE, TRUE, TRUE, 0); /* old */
  g_assert_false (bed_frame_assembler_push (assembler, &bad, 2, 0));
  for (guint i = 2; i < 5000; i++)
    put (assembler, i, 3000 * i, FALSE, TRUE, TRUE, i);
  g_assert_cmpuint (pop_all (assembler, 5000), ==, 0);
  g_assert_true (bed_frame_assembler_wants_key_frame (assembler, 5000, 100000));
  put (assembler, 5000, 15000000, TRUE, TRUE, TRUE, 5000);
  g_assert_cmpuint (pop_all (assembler, 5000), ==, 1);
  bed_frame_assembler_get_stats (assembler, &stats);
  g_assert_cmpuint (stats.bad_packets, ==, 1);
  g_assert_cmpuint (stats.old_packets, ==, 1);
  g_assert_cmpuint (stats.overflows, ==, 1);
}

static void
test_assembler_decoder_failed (void)
{
  g_autoptr (BedFrameAssembler) assembler = bed_frame_assembler_new ();

  put (assembler, 0, 0, TRUE, TRUE, TRUE, 0);
  g_assert_cmpuint (pop_all (assembler, 0), ==, 1);
  bed_frame_assembler_decoder_failed (assembler);
  put (assembler, 1, 3000, FALSE, TRUE, TRUE, 0);
  g_assert_cmpuint (pop_all (assembler, 0), ==, 0);
  g_assert_true (bed_frame_assembler_wants_key_frame (assembler, 1, 100000));
  put (assembler, 2, 6000, TRUE, TRUE, TRUE, 0);
  g_assert_cmpuint (pop_all (assembler, 0), ==, 1);
}

/* Any order, any loss: what comes out is whole, in order, and begins with a key frame after every gap. */
static void
test_assembler_random (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (99);

  for (guint round = 0; round < 200; round++)
    {
      g_autoptr (BedFrameAssembler) assembler = bed_frame_assembler_new ();
      gint64 last = -1;
      guint order[300];

      for (guint i = 0; i < 300; i++)
        order[i] = i;
      for (guint i = 0; i < 300; i++)
        {
          guint ahead = i + g_rand_int_range (random, 0, 1 + round % 20), j = MIN (299, ahead), swap = order[i];

          order[i] = order[j];
          order[j] = swap;
        }
      for (guint k = 0; k < 300; k++)
        {
          guint i = order[k], frame_number = i / 3;
          BedAssembledFrame *frame;

          if (g_rand_int_range (random, 0, 100) < (gint) (round % 10))
            continue;
          put (assembler, i, frame_number * 3000, frame_number % 10 == 0, i % 3 == 0, i % 3 == 2, k);
          while ((frame = bed_frame_assembler_pop (assembler, k)) != NULL)
            {
              g_assert_cmpint (frame->last_sequence - frame->first_sequence, ==, 2);
              g_assert_true (frame->key_frame || frame->first_sequence == last + 1);
              g_assert_cmpint (frame->first_sequence, >, last);
              last = frame->last_sequence;
              bed_assembled_frame_free (frame);
            }
        }
      if (round % 10 == 0)
        g_assert_cmpint (last, ==, 299);
    }
}

static void
test_rtp_clock (void)
{
  BedRtpClock clock;
  gint64 us, unix_us = 1700000000 * G_GINT64_CONSTANT (1000000);

  bed_rtp_clock_init (&clock, 90000);
  g_assert_false (bed_rtp_clock_to_capture_us (&clock, 0, &us));
  bed_rtp_clock_update (&clock, bed_ntp_from_us (unix_us), 0xffffff00);
  g_assert_true (bed_rtp_clock_to_capture_us (&clock, 0xffffff00u + 90000, &us)); /* over the wrap */
  g_assert_cmpint (us, ==, unix_us + G_USEC_PER_SEC);
  g_assert_true (bed_rtp_clock_to_capture_us (&clock, 0xffffff00u - 45000, &us));
  g_assert_cmpint (us, ==, unix_us - G_USEC_PER_SEC / 2);
}

static void
test_video_timing (void)
{
  BedVideoTiming timing;
  g_autoptr (GRand) random = g_rand_new_with_seed (4);
  gint64 show, last = 0, jitter_in = 0, jitter_out = 0;

  bed_video_timing_init (&timing, 90000);
  for (guint i = 0; i < 600; i++)
    {
      gint64 late = g_rand_int_range (random, 0, 30000), complete = 1000000 + i * 100000ll / 3 + late;

      show = bed_video_timing_update (&timing, i * 3000, complete);
      g_assert_cmpint (show, >=, complete);
      g_assert_cmpint (show, <, complete + 80000);
      if (i > 100)
        {
          jitter_in += ABS (late - 15000);
          jitter_out += ABS (show - last - 33333);
        }
      last = show;
    }
  g_assert_cmpint (jitter_out * 3, <, jitter_in);
  timing.sync_delay_us = 100000;
  g_assert_cmpint (bed_video_timing_update (&timing, 600 * 3000, 1000000 + 600 * 100000ll / 3), >=, last + 100000);
  /* another time line: no picture is held back for hours */
  show = bed_video_timing_update (&timing, 0x7f000000, 30000000);
  g_assert_cmpint (show, <=, 31000000);
}

static void
test_lip_sync (void)
{
  BedLipSync sync;

  bed_lip_sync_init (&sync);
  for (guint i = 0; i < 200; i++)
    {
      bed_lip_sync_audio (&sync, i * 20000, i * 20000 + 80000);
      bed_lip_sync_video (&sync, i * 20000, i * 20000 + 200000);
    }
  g_assert_cmpint (ABS (sync.audio_delay_us - 120000), <, 2000);
  g_assert_cmpint (sync.video_delay_us, ==, 0);
  for (guint i = 0; i < 200; i++)
    {
      bed_lip_sync_audio (&sync, i * 20000, i * 20000 + 300000);
      bed_lip_sync_video (&sync, i * 20000, i * 20000 + 100000);
    }
  g_assert_cmpint (sync.audio_delay_us, ==, 0);
  g_assert_cmpint (ABS (sync.video_delay_us - 200000), <, 2000);
  for (guint i = 0; i < 500; i++) /* nonsense is not followed */
    bed_lip_sync_video (&sync, 0, 100 * G_USEC_PER_SEC);
  g_assert_cmpint (sync.audio_delay_us, ==, 0);
  g_assert_cmpint (sync.video_delay_us, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/rtp/sender/packets", test_sender_packets);
  g_test_add_func ("/rtc/rtp/sender/too-long", test_sender_too_long);
  g_test_add_func ("/rtc/rtp/sender/pads", test_sender_pads);
  g_test_add_data_func ("/rtc/rtp/sender/retransmits-rtx", GUINT_TO_POINTER (RTX), test_sender_retransmits);
  g_test_add_data_func ("/rtc/rtp/sender/retransmits-plain", GUINT_TO_POINTER (0), test_sender_retransmits);
  g_test_add_func ("/rtc/rtp/sender/report", test_sender_report);
  g_test_add_func ("/rtc/rtp/receiver/counts", test_receiver_counts);
  g_test_add_func ("/rtc/rtp/receiver/jitter", test_receiver_jitter);
  g_test_add_func ("/rtc/rtp/receiver/sender-report", test_receiver_sender_report);
  g_test_add_func ("/rtc/rtp/receiver/jump", test_receiver_jump);
  g_test_add_func ("/rtc/rtp/nack/life", test_nack_life);
  g_test_add_func ("/rtc/rtp/nack/limits", test_nack_limits);
  g_test_add_func ("/rtc/rtp/assembler/order", test_assembler_order);
  g_test_add_func ("/rtc/rtp/assembler/waits-for-key", test_assembler_waits_for_key);
  g_test_add_func ("/rtc/rtp/assembler/loss", test_assembler_loss);
  g_test_add_func ("/rtc/rtp/assembler/back-off", test_assembler_back_off);
  g_test_add_func ("/rtc/rtp/assembler/fillers-and-unmarked-ends", test_assembler_fillers_and_unmarked_ends);
  g_test_add_func ("/rtc/rtp/assembler/bounds", test_assembler_bounds);
  g_test_add_func ("/rtc/rtp/assembler/decoder-failed", test_assembler_decoder_failed);
  g_test_add_func ("/rtc/rtp/assembler/random", test_assembler_random);
  g_test_add_func ("/rtc/rtp/lip-sync/clock", test_rtp_clock);
  g_test_add_func ("/rtc/rtp/lip-sync/video-timing", test_video_timing);
  g_test_add_func ("/rtc/rtp/lip-sync/offsets", test_lip_sync);
  return g_test_run ();
}
