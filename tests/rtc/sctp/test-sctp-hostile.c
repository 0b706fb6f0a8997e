/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-sctp-association-private.h"
#include "bed-sctp-stack-private.h"
#include "sctp-world.h"

/* A peer that holds to nothing: a bare association in the place of end 0. */
typedef struct
{
  GObject *owner;
  World *world;
  BedSctpAssociation *association;
  guint id, resets;
  gboolean up;
} Rogue;

static GQuark
rogue_quark (void)
{
  return g_quark_from_static_string ("rogue");
}

static void
rogue_send (const guint8 *packet, gsize length, gpointer owner)
{
  Rogue *rogue = g_object_get_qdata (owner, rogue_quark ());

  put (rogue->world, 1, packet, length);
}

static void
rogue_poll (gpointer owner)
{
  Rogue *rogue = g_object_get_qdata (owner, rogue_quark ());
  BedSctpRead read;

  while (rogue->association != NULL)
    {
      _bed_sctp_association_read (rogue->association, &read);
      if (read.kind == BED_SCTP_READ_NOTHING || read.kind == BED_SCTP_READ_DOWN)
        break;
      rogue->up |= read.kind == BED_SCTP_READ_UP;
      rogue->resets += read.kind == BED_SCTP_READ_RESET && read.incoming_reset ? 1 : 0;
    }
}

static void
rogue_run (Rogue *rogue, gint64 for_us)
{
  World *world = rogue->world;

  for (gint64 end_us = world->now_us + for_us; world->now_us < end_us; world->now_us += BED_SCTP_TICK_US)
    {
      Flight *flight;

      while ((flight = take_arrived (world)) != NULL)
        {
          gsize length;
          const guint8 *data = g_bytes_get_data (flight->bytes, &length);

          if (flight->to == 0)
            _bed_sctp_stack_input (world->stack, rogue->id, data, length);
          else
            bed_sctp_transport_input (world->ends[1].transport, data, length);
          flight_free (flight);
        }
      bed_sctp_stack_advance (world->stack, world->now_us);
    }
}

static void
rogue_start (Rogue *rogue, World *world)
{
  static const BedSctpPort port = { rogue_send, rogue_poll };

  memset (rogue, 0, sizeof *rogue);
  rogue->world = world;
  rogue->owner = g_object_new (G_TYPE_OBJECT, NULL);
  g_object_set_qdata (rogue->owner, rogue_quark (), rogue);
  rogue->id = _bed_sctp_stack_add (world->stack, &port, rogue->owner);
  rogue->association = _bed_sctp_association_connect (_bed_sctp_stack_address (rogue->id), 5000, 5000);
  g_assert_nonnull (rogue->association);
  _bed_sctp_stack_drain (world->stack);
  g_assert_true (bed_sctp_transport_start (world->ends[1].transport, 5000, 5000, FALSE, 0, NULL));
  rogue_run (rogue, 2000000);
  g_assert_true (rogue->up);
}

static void
rogue_stop (Rogue *rogue)
{
  g_clear_pointer (&rogue->association, _bed_sctp_association_free);
  _bed_sctp_stack_remove (rogue->world->stack, rogue->id);
  g_object_unref (rogue->owner);
}

static void
rogue_say (Rogue *rogue, guint16 stream, guint32 ppid, const void *data, gsize length)
{
  BedSctpSendInfo info = { stream, ppid, FALSE, -1, -1 };

  g_assert_cmpint (_bed_sctp_association_write (rogue->association, data, length, &info), ==, BED_SCTP_WRITTEN);
  _bed_sctp_stack_drain (rogue->world->stack);
  rogue_run (rogue, 100000);
}

#define OPEN "\x03\x00\x01\x00\x00\x00\x00\x00\x00\x01\x00\x00x"

static void
test_hostile_dcep (void)
{
  World *world = world_new (0, 1000, 0);
  BedSctpTransport *victim = world->ends[1].transport;
  Rogue rogue;

  rogue_start (&rogue, world);
  rogue_say (&rogue, 2, 51, "nobody opened this", 18);
  g_assert_cmpuint (bed_sctp_transport_get_dropped (victim), ==, 1);
  rogue_say (&rogue, 2, 50, "\x02", 1); /* an ACK of nothing */
  rogue_say (&rogue, 2, 50, "\x03\x00\x01", 3);
  rogue_say (&rogue, 2, 50, "\xff", 1);
  g_assert_cmpuint (bed_sctp_transport_get_dropped (victim), ==, 4);
  g_assert_null (world->ends[1].channel);
  rogue_say (&rogue, 3, 50, OPEN, 13); /* the victim's own numbers are odd */
  rogue_run (&rogue, 1000000);
  g_assert_null (world->ends[1].channel);
  g_assert_cmpuint (bed_sctp_transport_get_dropped (victim), ==, 5);
  g_assert_cmpuint (rogue.resets, ==, 1);
  rogue_say (&rogue, 4, 50, OPEN, 13);
  g_assert_nonnull (world->ends[1].channel);
  g_assert_cmpstr (bed_data_channel_get_label (world->ends[1].channel), ==, "x");
  rogue_say (&rogue, 4, 50, OPEN, 13); /* once more on the same stream */
  rogue_say (&rogue, 4, 51, "\xff\xfe", 2);
  rogue_say (&rogue, 4, 9999, "what", 4);
  g_assert_cmpuint (bed_sctp_transport_get_dropped (victim), ==, 8);
  g_assert_cmpuint (world->ends[1].texts, ==, 0);
  rogue_say (&rogue, 4, 51, "fine", 4);
  g_assert_cmpuint (world->ends[1].texts, ==, 1);
  for (guint i = 6; i < 256; i += 2) /* more channels than anybody needs */
    rogue_say (&rogue, (guint16) i, 50, OPEN, 13);
  g_assert_cmpuint (bed_sctp_transport_get_dropped (victim), ==, 8 + 62);
  rogue_stop (&rogue);
  world_free (world);
}

static void
test_oversized (void)
{
  World *world = world_new (0, 1000, 0);
  g_autofree guint8 *data = g_malloc0 (BED_DATA_CHANNEL_MAX_MESSAGE + 50000);
  Rogue rogue;

  rogue_start (&rogue, world);
  rogue_say (&rogue, 0, 50, OPEN, 13);
  rogue_say (&rogue, 0, 53, data, BED_DATA_CHANNEL_MAX_MESSAGE);
  rogue_run (&rogue, 3000000);
  g_assert_cmpuint (world->ends[1].binaries, ==, 1);
  rogue_say (&rogue, 0, 53, data, BED_DATA_CHANNEL_MAX_MESSAGE + 50000);
  rogue_run (&rogue, 3000000);
  g_assert_cmpuint (world->ends[1].binaries, ==, 1);
  g_assert_cmpuint (bed_sctp_transport_get_dropped (world->ends[1].transport), ==, 1);
  g_assert_cmpint (bed_data_channel_get_state (world->ends[1].channel), >=, BED_DATA_CHANNEL_CLOSING);
  g_assert_cmpuint (rogue.resets, ==, 1);
  rogue_stop (&rogue);
  world_free (world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/sctp/transport/hostile-dcep", test_hostile_dcep);
  g_test_add_func ("/rtc/sctp/transport/oversized", test_oversized);
  return g_test_run ();
}
