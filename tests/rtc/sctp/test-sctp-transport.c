/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "sctp-world.h"

static void
test_states (void)
{
  for (guint s = 0; s < BED_SCTP_N_STATES; s++)
    for (guint e = 0; e < BED_SCTP_N_EVENTS; e++)
      {
        BedSctpState next = bed_sctp_state_next (s, e);

        g_assert_cmpint (bed_sctp_state_next (BED_SCTP_STATE_CLOSED, e), ==, BED_SCTP_STATE_CLOSED);
        if (e == BED_SCTP_EVENT_DOWN)
          g_assert_cmpint (next, ==, BED_SCTP_STATE_CLOSED);
        else
          g_assert_cmpint (next, >=, s);
        if (next == BED_SCTP_STATE_CONNECTED)
          g_assert_true (s == BED_SCTP_STATE_CONNECTED || (s == BED_SCTP_STATE_CONNECTING && e == BED_SCTP_EVENT_UP));
      }
  for (guint s = 0; s < BED_DATA_CHANNEL_N_STATES; s++)
    for (guint e = 0; e < BED_DATA_CHANNEL_N_EVENTS; e++)
      {
        BedDataChannelState next = bed_data_channel_state_next (s, e);

        g_assert_cmpint (next, >=, s);
        if (e == BED_DATA_CHANNEL_EVENT_LOST)
          g_assert_cmpint (next, ==, BED_DATA_CHANNEL_CLOSED);
        if (next == BED_DATA_CHANNEL_CLOSED && s != next && e != BED_DATA_CHANNEL_EVENT_LOST)
          g_assert_true (s == BED_DATA_CHANNEL_CLOSING && e == BED_DATA_CHANNEL_EVENT_RESET_DONE);
      }
  g_assert_cmpstr (bed_data_channel_state_to_string (BED_DATA_CHANNEL_CLOSING), ==, "closing");
  g_assert_cmpstr (bed_sctp_state_to_string (BED_SCTP_STATE_CONNECTING), ==, "connecting");
}

static void
test_echo (void)
{
  World *world = world_new (0, 1000, 0);
  BedDataChannelInit init = BED_DATA_CHANNEL_INIT_DEFAULT;
  BedDataChannelCounts counts;
  BedDataChannel *channel;

  init.label = "chat";
  init.protocol = "bedside";
  channel = open_channel (world, 1, &init);
  g_assert_cmpint (bed_data_channel_get_state (channel), ==, BED_DATA_CHANNEL_CONNECTING);
  g_assert_cmpint (bed_data_channel_send_text (channel, "x", 1), ==, BED_DATA_CHANNEL_NOT_OPEN);
  world->ends[0].echo = TRUE;
  connect_ends (world);
  run (world, 100000);
  g_assert_cmpint (bed_data_channel_get_state (channel), ==, BED_DATA_CHANNEL_OPEN);
  g_assert_cmpint (bed_data_channel_get_id (channel), ==, 1); /* the DTLS server's are odd */
  g_assert_nonnull (world->ends[0].channel);
  g_assert_cmpstr (bed_data_channel_get_label (world->ends[0].channel), ==, "chat");
  g_assert_cmpstr (bed_data_channel_get_protocol (world->ends[0].channel), ==, "bedside");
  g_assert_cmpint (bed_data_channel_send_text (channel, "1 grüezi", 9), ==, BED_DATA_CHANNEL_SENT);
  g_assert_cmpint (bed_data_channel_send_text (channel, "", 0), ==, BED_DATA_CHANNEL_SENT);
  g_assert_cmpint (bed_data_channel_send_binary (channel, NULL, 0), ==, BED_DATA_CHANNEL_SENT);
  g_assert_cmpint (bed_data_channel_send_text (channel, "\xff\xfe", 2), ==, BED_DATA_CHANNEL_TOO_LONG);
  run (world, 200000);
  g_assert_cmpuint (world->ends[0].texts, ==, 2);
  g_assert_cmpuint (world->ends[0].binaries, ==, 1);
  g_assert_cmpuint (world->ends[0].empties, ==, 2);
  g_assert_cmpuint (world->ends[1].texts, ==, 2);
  g_assert_cmpuint (world->ends[1].in_order, ==, 1);
  bed_data_channel_get_counts (channel, &counts);
  g_assert_cmpuint (counts.messages_sent, ==, 3);
  g_assert_cmpuint (counts.bytes_sent, ==, 9);
  g_assert_cmpuint (counts.messages_received, ==, 2);
  g_assert_cmpuint (bed_sctp_transport_get_dropped (world->ends[0].transport), ==, 0);
  world_free (world);
}

static void
test_close (void)
{
  World *world = world_new (0, 1000, 0);
  BedDataChannelInit init = BED_DATA_CHANNEL_INIT_DEFAULT;
  BedDataChannel *channel;

  connect_ends (world);
  for (guint i = 0; i < 3; i++) /* the same stream again each time */
    {
      channel = g_object_ref (open_channel (world, 0, &init));
      run (world, 100000);
      g_assert_cmpint (bed_data_channel_get_id (channel), ==, 0);
      g_assert_cmpint (bed_data_channel_get_state (world->ends[1].channel), ==, BED_DATA_CHANNEL_OPEN);
      bed_data_channel_send_text (channel, "last", 4);
      bed_data_channel_close (channel);
      g_assert_cmpint (bed_data_channel_get_state (channel), ==, BED_DATA_CHANNEL_CLOSING);
      run (world, 1000000);
      g_assert_cmpint (bed_data_channel_get_state (channel), ==, BED_DATA_CHANNEL_CLOSED);
      g_assert_cmpint (bed_data_channel_get_state (world->ends[1].channel), ==, BED_DATA_CHANNEL_CLOSED);
      g_assert_cmpuint (world->ends[1].texts, ==, i + 1);
      g_object_unref (channel);
    }
  channel = g_object_ref (open_channel (world, 0, &init));
  run (world, 100000);
  bed_sctp_transport_close (world->ends[0].transport);
  g_assert_cmpint (bed_data_channel_get_state (channel), ==, BED_DATA_CHANNEL_CLOSED);
  run (world, 100000);
  g_assert_cmpint (bed_sctp_transport_get_state (world->ends[1].transport), ==, BED_SCTP_STATE_CLOSED);
  g_assert_cmpint (bed_data_channel_get_state (world->ends[1].channel), ==, BED_DATA_CHANNEL_CLOSED);
  g_object_unref (channel);
  world_free (world);
}

static void
test_loss (void)
{
  World *world = world_new (0.1, 20000, 15000);
  BedDataChannelInit init = BED_DATA_CHANNEL_INIT_DEFAULT;
  BedDataChannel *channel = open_channel (world, 0, &init);
  const guint n = 300;

  connect_ends (world);
  run (world, 3000000);
  for (guint i = 1; i <= n; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u and something more to say", i);
      g_assert_cmpint (bed_data_channel_send_text (channel, text, strlen (text)), ==, BED_DATA_CHANNEL_SENT);
      run (world, 10000);
    }
  for (guint i = 0; i < 300 && world->ends[1].texts < n; i++)
    run (world, 100000);
  g_assert_cmpuint (world->ends[1].texts, ==, n);
  g_assert_cmpuint (world->ends[1].in_order, ==, n);
  world_free (world);
}

static void
test_large (void)
{
  World *world = world_new (0.01, 10000, 2000);
  BedDataChannelInit init = BED_DATA_CHANNEL_INIT_DEFAULT;
  BedDataChannel *channel = open_channel (world, 0, &init);
  g_autofree guint8 *data = g_malloc (BED_DATA_CHANNEL_MAX_MESSAGE + 1);
  g_autoptr (GChecksum) digest = g_checksum_new (G_CHECKSUM_SHA256);
  const guint n = 8;

  for (gsize i = 0; i <= BED_DATA_CHANNEL_MAX_MESSAGE; i++)
    data[i] = (guint8) g_rand_int (world->rand);
  connect_ends (world);
  run (world, 500000);
  for (guint i = 0; i < n; i++)
    {
      g_assert_cmpint (bed_data_channel_send_binary (channel, data, BED_DATA_CHANNEL_MAX_MESSAGE), ==,
                       BED_DATA_CHANNEL_SENT);
      g_checksum_update (digest, data, BED_DATA_CHANNEL_MAX_MESSAGE);
    }
  g_assert_cmpint (bed_data_channel_send_binary (channel, data, BED_DATA_CHANNEL_MAX_MESSAGE + 1), ==,
                   BED_DATA_CHANNEL_TOO_LONG);
  g_assert_cmpuint (bed_data_channel_get_buffered_amount (channel), >, 0);
  for (guint i = 0; i < 600 && world->ends[1].binaries < n; i++)
    run (world, 100000);
  g_assert_cmpuint (world->ends[1].binaries, ==, n);
  g_assert_cmpuint (bed_data_channel_get_buffered_amount (channel), ==, 0);
  g_assert_cmpstr (g_checksum_get_string (world->ends[1].digest), ==, g_checksum_get_string (digest));
  world_free (world);
}

/* A sender that keeps no limit fills its queue, not our memory. */
static void
test_full (void)
{
  World *world = world_new (0, 1000, 0);
  BedDataChannelInit init = BED_DATA_CHANNEL_INIT_DEFAULT;
  BedDataChannel *channel = open_channel (world, 0, &init);
  g_autofree guint8 *data = g_malloc0 (BED_DATA_CHANNEL_MAX_MESSAGE);
  guint i;

  connect_ends (world);
  run (world, 100000);
  for (i = 0; i < 100; i++)
    if (bed_data_channel_send_binary (channel, data, BED_DATA_CHANNEL_MAX_MESSAGE) == BED_DATA_CHANNEL_FULL)
      break;
  g_assert_cmpuint (i, <, 20);
  g_assert_cmpuint (bed_data_channel_get_buffered_amount (channel), <=, BED_DATA_CHANNEL_MAX_BUFFERED);
  world_free (world);
}

static void
test_unreliable (void)
{
  World *world = world_new (0, 5000, 0);
  BedDataChannelInit init = { "u", NULL, TRUE, -1, 0 };
  BedDataChannel *channel = open_channel (world, 0, &init);

  connect_ends (world);
  run (world, 200000);
  g_assert_false (bed_data_channel_get_ordered (world->ends[1].channel));
  g_assert_cmpint (bed_data_channel_get_max_retransmits (world->ends[1].channel), ==, 0);
  world->loss = 0.3;
  for (guint i = 0; i < 100; i++)
    {
      bed_data_channel_send_binary (channel, (const guint8 *) "abc", 3);
      run (world, 20000);
    }
  world->loss = 0;
  run (world, 5000000);
  g_assert_cmpuint (world->ends[1].binaries, >, 30);
  g_assert_cmpuint (world->ends[1].binaries, <, 100);
  world_free (world);
}

static void
test_limits (void)
{
  World *world = world_new (0, 1000, 0);
  BedDataChannelInit init = BED_DATA_CHANNEL_INIT_DEFAULT;
  g_autoptr (GError) error = NULL;
  g_autofree char *label = g_strnfill (257, 'x');
  g_autoptr (BedSctpStack) second = bed_sctp_stack_new (0, &error);

  g_assert_null (second);
  g_assert_error (error, BED_SCTP_ERROR, BED_SCTP_ERROR_BUSY);
  g_clear_error (&error);
  init.label = label;
  g_assert_null (bed_sctp_transport_create_channel (world->ends[0].transport, &init, &error));
  g_assert_error (error, BED_SCTP_ERROR, BED_SCTP_ERROR_LIMIT);
  g_clear_error (&error);
  init.label = label + 1;
  for (guint i = 0; i < 64; i++)
    open_channel (world, 0, &init);
  g_assert_null (bed_sctp_transport_create_channel (world->ends[0].transport, &init, &error));
  g_assert_error (error, BED_SCTP_ERROR, BED_SCTP_ERROR_LIMIT);
  connect_ends (world);
  run (world, 1000000);
  g_assert_cmpint (bed_data_channel_get_id (world->ends[0].channel), ==, 126);
  g_assert_cmpint (bed_data_channel_get_state (world->ends[1].channel), ==, BED_DATA_CHANNEL_OPEN);
  world_free (world);
}

/* Both ends believe to be the DTLS client: the peer's OPEN is on a stream that is not its to use. */
static void
test_wrong_parity (void)
{
  World *world = world_new (0, 1000, 0);
  BedDataChannelInit init = BED_DATA_CHANNEL_INIT_DEFAULT;
  BedDataChannel *channel = g_object_ref (open_channel (world, 1, &init));

  for (guint i = 0; i < 2; i++)
    g_assert_true (bed_sctp_transport_start (world->ends[i].transport, 5000, 5000, TRUE, 0, NULL));
  run (world, 2000000);
  g_assert_null (world->ends[0].channel);
  g_assert_cmpuint (bed_sctp_transport_get_dropped (world->ends[0].transport), ==, 1);
  g_assert_cmpint (bed_data_channel_get_state (channel), !=, BED_DATA_CHANNEL_OPEN);
  g_object_unref (channel);
  world_free (world);
}

static void
test_garbage (void)
{
  World *world = world_new (0, 1000, 0);
  BedDataChannelInit init = BED_DATA_CHANNEL_INIT_DEFAULT;
  BedDataChannel *channel = open_channel (world, 0, &init);
  guint8 packet[1160];

  connect_ends (world);
  run (world, 100000);
  for (guint i = 0; i < 5000; i++)
    {
      gsize length = (gsize) g_rand_int_range (world->rand, 0, sizeof packet);

      for (gsize k = 0; k < length; k++)
        packet[k] = (guint8) g_rand_int (world->rand);
      bed_sctp_transport_input (world->ends[1].transport, packet, length);
    }
  bed_data_channel_send_text (channel, "1", 1);
  run (world, 1000000);
  g_assert_cmpuint (world->ends[1].in_order, ==, 1);
  world_free (world);
}

/* No packet carries anything that looks like an address of this process. */
static gboolean pointer_seen;
static void
on_send_inspect (const guint8 *packet, gsize length, gpointer user_data)
{
  End *end = user_data;
  gconstpointer wanted[] = { end->transport, end->world->stack };

  for (guint w = 0; w < G_N_ELEMENTS (wanted); w++)
    for (gsize i = 0; i + 6 <= length; i++)
      pointer_seen |= memcmp (packet + i, &wanted[w], 6) == 0;
  on_send (packet, length, user_data);
}

static void
test_no_pointer (void)
{
  World *world = world_new (0, 1000, 0);

  for (guint i = 0; i < 2; i++)
    bed_sctp_transport_set_send_func (world->ends[i].transport, on_send_inspect, &world->ends[i]);
  connect_ends (world);
  g_assert_false (pointer_seen);
  g_assert_cmpuint (world->sent, >=, 4);
  world_free (world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/sctp/states", test_states);
  g_test_add_func ("/rtc/sctp/transport/echo", test_echo);
  g_test_add_func ("/rtc/sctp/transport/close", test_close);
  g_test_add_func ("/rtc/sctp/transport/loss", test_loss);
  g_test_add_func ("/rtc/sctp/transport/large", test_large);
  g_test_add_func ("/rtc/sctp/transport/full", test_full);
  g_test_add_func ("/rtc/sctp/transport/unreliable", test_unreliable);
  g_test_add_func ("/rtc/sctp/transport/limits", test_limits);
  g_test_add_func ("/rtc/sctp/transport/wrong-parity", test_wrong_parity);
  g_test_add_func ("/rtc/sctp/transport/garbage", test_garbage);
  g_test_add_func ("/rtc/sctp/transport/no-pointer", test_no_pointer);
  return g_test_run ();
}
