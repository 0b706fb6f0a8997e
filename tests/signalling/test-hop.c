/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-frame-meter.h"
#include "bed-hop-private.h"

static gsize
put_frame (guint8 *out, guint8 first, gsize length)
{
  gsize head = length < 126 ? 2 : 4;

  out[0] = first;
  out[1] = length < 126 ? (guint8) length : 126;
  if (head == 4)
    {
      out[2] = (guint8) (length >> 8);
      out[3] = (guint8) length;
    }
  memset (out + head, 'x', length);
  return head + length;
}

static void
test_flood (void)
{
  g_autofree guint8 *frame = g_malloc (70000);
  BedFrameMeter meter;
  gsize length = put_frame (frame, 0x01, 1000);
  guint fragments = 0;

  bed_frame_meter_init (&meter);
  while (bed_frame_meter_feed (&meter, frame, length))
    {
      frame[0] = 0x00;
      fragments++;
    }
  g_assert_cmpuint (fragments, <=, BED_FRAME_FRAGMENTS_MAX);
  g_assert_false (bed_frame_meter_feed (&meter, (const guint8 *) "\x81\x00", 2));
}

/* The same frames, cut at every place, are judged the same. */
static void
test_cuts (void)
{
  guint8 bytes[600];
  gsize length = 0;

  length += put_frame (bytes + length, 0x01, 3);
  length += put_frame (bytes + length, 0x89, 5);
  length += put_frame (bytes + length, 0x80, 200);
  length += put_frame (bytes + length, 0x81, 0);
  length += put_frame (bytes + length, 0x81, 4);
  for (gsize cut = 0; cut <= length; cut++)
    {
      BedFrameMeter meter;
      bed_frame_meter_init (&meter);
      g_assert_true (bed_frame_meter_feed (&meter, bytes, cut));
      g_assert_true (bed_frame_meter_feed (&meter, bytes + cut, length - cut));
      g_assert_cmpuint (meter.message, ==, 0);
      g_assert_cmpuint (meter.head_length, ==, 0);
    }
}

static void
test_many_messages (void)
{
  g_autofree guint8 *frame = g_malloc (65540);
  gsize length = put_frame (frame, 0x81, 60000);
  BedFrameMeter meter;

  bed_frame_meter_init (&meter);
  for (guint i = 0; i < 1000; i++)
    g_assert_true (bed_frame_meter_feed (&meter, frame, length));
}

static void
test_bad_frames (void)
{
  static const struct { const char *bytes; gsize length; } bad[] = {
    { "\x81\x80", 2 },                                 /* masked */
    { "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x01", 10 },  /* 65,537 bytes */
    { "\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 10 },
    { "\x89\x7e\x00\x7e", 4 },                         /* a ping of 126 bytes */
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      BedFrameMeter meter;
      bed_frame_meter_init (&meter);
      g_assert_false (bed_frame_meter_feed (&meter, (const guint8 *) bad[i].bytes, bad[i].length));
    }
}

static BedMessage *
relay (gsize length)
{
  BedMessage *message = g_new0 (BedMessage, 1);

  message->type = BED_MESSAGE_RELAY;
  message->data = g_strnfill (length, 'a');
  return message;
}

static void
test_queue (void)
{
  g_autoptr (BedHop) hop = bed_hop_new ();

  for (guint i = 0; i < BED_PROTOCOL_QUEUE_MESSAGES; i++)
    g_assert_cmpint (bed_hop_push (hop, relay (10))->n, ==, i + 1);
  g_assert_null (bed_hop_push (hop, relay (10)));
  bed_hop_confirm (hop, 3);
  g_assert_cmpuint (bed_hop_get_length (hop), ==, BED_PROTOCOL_QUEUE_MESSAGES - 3);
  g_assert_cmpint (bed_hop_peek (hop, 0)->n, ==, 4);
  g_assert_cmpint (bed_hop_push (hop, relay (10))->n, ==, BED_PROTOCOL_QUEUE_MESSAGES + 1);
  bed_hop_confirm (hop, G_MAXINT64);
  g_assert_cmpuint (bed_hop_get_length (hop), ==, 0);
  for (guint i = 0; i < 4; i++)
    g_assert_nonnull (bed_hop_push (hop, relay (BED_PROTOCOL_QUEUE_BYTES / 4)));
  g_assert_null (bed_hop_push (hop, relay (1)));
}

static void
test_accept (void)
{
  g_autoptr (BedHop) hop = bed_hop_new ();

  g_assert_true (bed_hop_accept (hop, 1));
  g_assert_false (bed_hop_accept (hop, 1));
  g_assert_true (bed_hop_accept (hop, 5));
  g_assert_false (bed_hop_accept (hop, 4));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signalling/frame-meter/flood", test_flood);
  g_test_add_func ("/signalling/frame-meter/cuts", test_cuts);
  g_test_add_func ("/signalling/frame-meter/many-messages", test_many_messages);
  g_test_add_func ("/signalling/frame-meter/bad-frames", test_bad_frames);
  g_test_add_func ("/signalling/hop/queue", test_queue);
  g_test_add_func ("/signalling/hop/accept", test_accept);
  return g_test_run ();
}
