/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sctp-world.h"

void
flight_free (Flight *flight)
{
  g_bytes_unref (flight->bytes);
  g_free (flight);
}

void
put (World *world, guint to, const guint8 *packet, gsize length)
{
  Flight *flight = g_new (Flight, 1);

  flight->arrival_us = world->now_us + world->delay_us
                       + (world->jitter_us > 0 ? g_rand_int_range (world->rand, 0, world->jitter_us) : 0);
  flight->to = to;
  flight->bytes = g_bytes_new (packet, length);
  g_ptr_array_add (world->wire, flight);
}

void
on_send (const guint8 *packet, gsize length, gpointer user_data)
{
  End *end = user_data;
  World *world = end->world;

  g_assert_cmpuint (length, <=, BED_SCTP_MAX_PACKET);
  world->sent++;
  if (g_rand_double (world->rand) < world->loss)
    return;
  put (world, 1 - end->index, packet, length);
  if (g_rand_double (world->rand) < world->duplication)
    put (world, 1 - end->index, packet, length);
}

static void
on_message (BedDataChannel *channel, gboolean is_text, GBytes *bytes, End *end)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bytes, &length);

  end->texts += is_text ? 1 : 0;
  end->binaries += is_text ? 0 : 1;
  end->empties += length == 0 ? 1 : 0;
  end->bytes += length;
  if (length > 0)
    g_checksum_update (end->digest, data, length);
  if (is_text && length > 0 && g_ascii_strtoull ((const char *) data, NULL, 10) == end->texts)
    end->in_order++;
  if (end->echo && is_text)
    bed_data_channel_send_text (channel, (const char *) data, length);
}

static void
on_data_channel (BedSctpTransport *transport, BedDataChannel *channel, End *end)
{
  g_set_object (&end->channel, channel);
  g_signal_connect (channel, "message", G_CALLBACK (on_message), end);
}

World *
world_new (double loss, gint64 delay_us, gint64 jitter_us)
{
  World *world = g_new0 (World, 1);
  g_autoptr (GError) error = NULL;

  world->rand = g_rand_new_with_seed (7);
  world->wire = g_ptr_array_new_with_free_func ((GDestroyNotify) flight_free);
  world->loss = loss;
  world->duplication = loss;
  world->delay_us = delay_us;
  world->jitter_us = jitter_us;
  world->stack = bed_sctp_stack_new (0, &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    {
      End *end = &world->ends[i];

      end->world = world;
      end->index = i;
      end->digest = g_checksum_new (G_CHECKSUM_SHA256);
      end->transport = bed_sctp_transport_new (world->stack);
      bed_sctp_transport_set_send_func (end->transport, on_send, end);
      g_signal_connect (end->transport, "data-channel", G_CALLBACK (on_data_channel), end);
    }
  return world;
}

void
world_free (World *world)
{
  for (guint i = 0; i < 2; i++)
    {
      g_clear_object (&world->ends[i].channel);
      g_clear_object (&world->ends[i].transport);
      g_checksum_free (world->ends[i].digest);
    }
  g_ptr_array_unref (world->wire);
  g_rand_free (world->rand);
  g_assert_finalize_object (world->stack);
  g_free (world);
}

Flight *
take_arrived (World *world)
{
  guint first = G_MAXUINT;

  for (guint i = 0; i < world->wire->len; i++)
    {
      Flight *flight = world->wire->pdata[i];
      if (flight->arrival_us <= world->now_us
          && (first == G_MAXUINT || flight->arrival_us < ((Flight *) world->wire->pdata[first])->arrival_us))
        first = i;
    }
  return first == G_MAXUINT ? NULL : g_ptr_array_steal_index (world->wire, first);
}

void
run (World *world, gint64 for_us)
{
  for (gint64 end_us = world->now_us + for_us; world->now_us < end_us; world->now_us += BED_SCTP_TICK_US)
    {
      Flight *flight;

      while ((flight = take_arrived (world)) != NULL)
        {
          gsize length;
          const guint8 *data = g_bytes_get_data (flight->bytes, &length);

          bed_sctp_transport_input (world->ends[flight->to].transport, data, length);
          flight_free (flight);
        }
      bed_sctp_stack_advance (world->stack, world->now_us);
    }
}

BedDataChannel *
open_channel (World *world, guint index, const BedDataChannelInit *init)
{
  g_autoptr (GError) error = NULL;
  BedDataChannel *channel = bed_sctp_transport_create_channel (world->ends[index].transport, init, &error);

  g_assert_no_error (error);
  g_set_object (&world->ends[index].channel, channel);
  g_signal_connect (channel, "message", G_CALLBACK (on_message), &world->ends[index]);
  g_object_unref (channel);
  return channel;
}

void
connect_ends (World *world)
{
  for (guint i = 0; i < 2; i++)
    g_assert_true (bed_sctp_transport_start (world->ends[i].transport, BED_SCTP_PORT, BED_SCTP_PORT, i == 0,
                                             0, NULL));
  for (guint i = 0; i < 100 && (bed_sctp_transport_get_state (world->ends[0].transport) != BED_SCTP_STATE_CONNECTED
                                || bed_sctp_transport_get_state (world->ends[1].transport) != BED_SCTP_STATE_CONNECTED);
       i++)
    run (world, 100000);
  g_assert_cmpint (bed_sctp_transport_get_state (world->ends[0].transport), ==, BED_SCTP_STATE_CONNECTED);
  g_assert_cmpint (bed_sctp_transport_get_state (world->ends[1].transport), ==, BED_SCTP_STATE_CONNECTED);
}
