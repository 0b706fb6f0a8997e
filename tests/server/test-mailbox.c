/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-mailbox.h"
#include "bed-server-fixture.h"

#include <string.h>

static const guint8 room_a[BED_ROOM_LENGTH] = { 1 };
static const guint8 room_b[BED_ROOM_LENGTH] = { 2 };
static const guint8 peer[BED_PEER_LENGTH] = { 3 };

static BedMailbox *
mailbox_new (BedServerFixture *fixture, const char *name)
{
  g_autoptr (GBytes) owner = g_bytes_new (name, strlen (name));

  return bed_mailbox_new (fixture->store, owner);
}

static void
take (BedMailbox *from, gint64 n, BedMailbox *to, const guint8 *room, const char *data)
{
  GError *error = NULL;

  g_assert_cmpint (bed_mailbox_judge (from, n), ==, BED_MAILBOX_NEXT);
  bed_mailbox_take (from, n, to, room, peer, data, &error);
  g_assert_no_error (error);
}

static void
note (const BedParcelRecord *parcel, gpointer out)
{
  g_string_append_printf (out, "%d:%" G_GINT64_FORMAT ":%.3s ", parcel->room[0], parcel->n,
                          parcel->data);
}

static char *
list (BedMailbox *mailbox)
{
  GString *out = g_string_new (NULL);

  bed_mailbox_foreach (mailbox, note, out);
  return g_string_free (out, FALSE);
}

static void
assert_holds (BedMailbox *mailbox, const char *expected)
{
  g_autofree char *held = list (mailbox);

  g_assert_cmpstr (held, ==, expected);
}

/* 64 messages for each room; the oldest of that room goes, of no other. */
static void
test_count (BedServerFixture *fixture, gconstpointer data)
{
  g_autoptr (BedMailbox) from = mailbox_new (fixture, "from");
  g_autoptr (BedMailbox) to = mailbox_new (fixture, "to");
  gint64 n = 0;
  g_autofree char *held = NULL;

  take (from, ++n, to, room_b, "b");
  for (int i = 0; i < BED_MAILBOX_MAX_PARCELS; i++)
    take (from, ++n, to, room_a, "a");
  g_assert_cmpuint (bed_mailbox_get_length (to), ==, BED_MAILBOX_MAX_PARCELS + 1);
  take (from, ++n, to, room_a, "z");
  g_assert_cmpuint (bed_mailbox_get_length (to), ==, BED_MAILBOX_MAX_PARCELS + 1);
  held = list (to);
  g_assert_true (g_str_has_prefix (held, "2:1:b 1:3:a "));
  g_assert_true (g_str_has_suffix (held, "1:66:z "));
}

/* 256 KiB for each room, to the byte. */
static void
test_bytes (BedServerFixture *fixture, gconstpointer data)
{
  g_autoptr (BedMailbox) from = mailbox_new (fixture, "from");
  g_autoptr (BedMailbox) to = mailbox_new (fixture, "to");
  g_autofree char *half = g_strnfill (BED_MAILBOX_MAX_BYTES / 2, 'h');
  g_autofree char *whole = g_strnfill (BED_MAILBOX_MAX_BYTES, 'w');

  take (from, 1, to, room_a, half);
  take (from, 2, to, room_b, half);
  take (from, 3, to, room_a, half);
  assert_holds (to, "1:1:hhh 2:2:hhh 1:3:hhh ");
  take (from, 4, to, room_a, "x");
  assert_holds (to, "2:2:hhh 1:3:hhh 1:4:x ");
  take (from, 5, to, room_a, whole);
  assert_holds (to, "2:2:hhh 1:5:www ");
}

static void
test_numbers (BedServerFixture *fixture, gconstpointer data)
{
  static const guint8 hop[BED_HOP_LENGTH] = { 9 };
  g_autoptr (BedMailbox) from = mailbox_new (fixture, "from");
  g_autoptr (BedMailbox) to = mailbox_new (fixture, "to");
  GError *error = NULL;

  /* A hop that nobody knows begins with whatever comes. */
  g_assert_true (bed_mailbox_attach (from, hop, &error));
  g_assert_cmpint (bed_mailbox_judge (from, 17), ==, BED_MAILBOX_NEXT);
  take (from, 17, to, room_a, "a");
  g_assert_cmpint (bed_mailbox_judge (from, 1), ==, BED_MAILBOX_REPEAT);
  g_assert_cmpint (bed_mailbox_judge (from, 17), ==, BED_MAILBOX_REPEAT);
  g_assert_cmpint (bed_mailbox_judge (from, 19), ==, BED_MAILBOX_JUMP);
  g_assert_cmpint (bed_mailbox_judge (from, G_MAXINT64 - 1), ==, BED_MAILBOX_JUMP);
  take (from, 18, to, room_a, "b");
  take (from, 19, NULL, room_a, "to nobody");
  g_assert_true (bed_mailbox_confirm (to, 1, &error));
  assert_holds (to, "1:2:b ");
  g_assert_true (bed_mailbox_confirm (to, 1, &error));
  g_assert_true (bed_mailbox_confirm (to, G_MAXINT64, &error));
  assert_holds (to, "");
  take (from, 20, to, room_a, "c");
  assert_holds (to, "1:3:c ");
}

/* The same hop goes on; another begins at 1 and inherits. */
static void
test_hops (BedServerFixture *fixture, gconstpointer data)
{
  static const guint8 hop[BED_HOP_LENGTH] = { 9 }, other[BED_HOP_LENGTH] = { 8 };
  g_autoptr (BedMailbox) from = mailbox_new (fixture, "from");
  g_autoptr (BedMailbox) to = mailbox_new (fixture, "to");
  GError *error = NULL;

  g_assert_true (bed_mailbox_attach (to, hop, &error));
  for (int n = 1; n <= 5; n++)
    take (from, n, to, n % 2 ? room_a : room_b, "d");
  g_assert_true (bed_mailbox_confirm (to, 2, &error));
  g_assert_true (bed_mailbox_attach (to, hop, &error));
  assert_holds (to, "1:3:d 2:4:d 1:5:d ");
  g_assert_true (bed_mailbox_attach (to, other, &error));
  assert_holds (to, "1:1:d 2:2:d 1:3:d ");
  g_assert_true (bed_mailbox_forget_room (to, room_a, &error));
  assert_holds (to, "2:2:d ");
  take (from, 6, to, room_a, "e");
  assert_holds (to, "2:2:d 1:4:e ");
}

typedef struct
{
  BedMailbox *from, *to;
} Ends;

static BedMailbox *
end_of (GBytes *owner, Ends *ends)
{
  return g_bytes_get_size (owner) == strlen ("from") ? ends->from : ends->to;
}

static void
restore_hop (const BedHopRecord *hop, gpointer ends)
{
  bed_mailbox_restore_hop (end_of (hop->owner, ends), hop);
}

static void
restore_parcel (const BedParcelRecord *parcel, gpointer ends)
{
  bed_mailbox_restore_parcel (end_of (parcel->owner, ends), parcel);
}

static void
reopen (BedServerFixture *fixture, Ends *ends)
{
  GError *error = NULL;

  g_clear_pointer (&ends->from, bed_mailbox_free);
  g_clear_pointer (&ends->to, bed_mailbox_free);
  bed_server_fixture_restart (fixture);
  ends->from = mailbox_new (fixture, "from");
  ends->to = mailbox_new (fixture, "to");
  g_assert_true (bed_store_call (fixture->store, load_relay, restore_hop, restore_parcel, ends,
                                 &error));
}

/* Random relays, confirmations, new hops and restarts: what waits is what a plain list holds. */
static void
test_against_a_list (BedServerFixture *fixture, gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  g_autoptr (GQueue) model = g_queue_new ();
  Ends ends = { mailbox_new (fixture, "from"), mailbox_new (fixture, "to") };
  guint8 hop[BED_HOP_LENGTH] = { 1 };
  gint64 n = 0, first = 1;
  GError *error = NULL;

  g_assert_true (bed_mailbox_attach (ends.from, hop, &error));
  g_assert_true (bed_mailbox_attach (ends.to, hop, &error));
  for (int i = 0; i < 600; i++)
    {
      int act = g_rand_int_range (random, 0, 20);

      if (act == 0)
        reopen (fixture, &ends);
      else if (act == 1)
        {
          hop[1]++;
          g_assert_true (bed_mailbox_attach (ends.to, hop, &error));
          first = 1;
        }
      else if (act < 5)
        {
          guint gone = g_rand_int_range (random, 0, 6);

          gone = MIN (gone, model->length);
          g_assert_true (bed_mailbox_confirm (ends.to, first + gone - 1, &error));
          for (guint k = 0; k < gone; k++)
            g_queue_pop_head (model);
          first += gone;
        }
      else
        {
          g_autofree char *text = g_strdup_printf ("%03d", i);

          take (ends.from, ++n, ends.to, room_a, text);
          g_queue_push_tail (model, GINT_TO_POINTER (i));
          if (model->length > BED_MAILBOX_MAX_PARCELS)
            {
              g_queue_pop_head (model);
              first++;
            }
        }
      g_autoptr (GString) expected = g_string_new (NULL);
      gint64 at = first;
      for (GList *l = model->head; l; l = l->next)
        g_string_append_printf (expected, "1:%" G_GINT64_FORMAT ":%03d ", at++,
                                GPOINTER_TO_INT (l->data));
      assert_holds (ends.to, expected->str);
    }
  g_assert_cmpint (n, >, 300);
  bed_mailbox_free (ends.from);
  bed_mailbox_free (ends.to);
}

#define ADD(path, function) \
  g_test_add (path, BedServerFixture, NULL, bed_server_fixture_setup, function, \
              bed_server_fixture_teardown)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/server/mailbox/count", test_count);
  ADD ("/server/mailbox/bytes", test_bytes);
  ADD ("/server/mailbox/numbers", test_numbers);
  ADD ("/server/mailbox/hops", test_hops);
  ADD ("/server/mailbox/against-a-list", test_against_a_list);
  return g_test_run ();
}
