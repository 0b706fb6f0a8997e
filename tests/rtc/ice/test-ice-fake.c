/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-ice.h"

static void
on_data (const guint8 *data, gsize length, gpointer user_data)
{
  ++*(guint *) user_data;
}

static void
join (BedIceTransport *a, BedIceTransport *b)
{
  g_autofree char *ufrag = NULL, *password = NULL;

  bed_ice_transport_dup_local_credentials (a, &ufrag, &password);
  g_assert_true (bed_ice_transport_set_remote_credentials (b, ufrag, password, NULL));
}

static void
test_pair (void)
{
  BedFakeIceLink link = { .loss = 0.1, .delay_us = 20000, .jitter_us = 10000, .duplication = 0.05 };
  BedIceTransport *a, *b;
  guint received = 0;

  bed_fake_ice_new_pair (&link, 1, &a, &b);
  bed_ice_transport_set_data_func (b, on_data, &received);
  g_assert_false (bed_ice_transport_send (a, (const guint8 *) "x", 1));
  join (a, b);
  g_assert_cmpint (bed_ice_transport_get_state (b), ==, BED_ICE_STATE_CHECKING);
  join (b, a);
  g_assert_cmpint (bed_ice_transport_get_state (a), ==, BED_ICE_STATE_COMPLETED);
  for (guint i = 0; i < 1000; i++)
    {
      bed_fake_ice_advance (BED_FAKE_ICE (a), i * 1000);
      g_assert_true (bed_ice_transport_send (a, (const guint8 *) "x", 1));
      if (i < 20)
        g_assert_cmpuint (received, ==, 0);
    }
  bed_fake_ice_advance (BED_FAKE_ICE (a), 2000000);
  g_assert_cmpuint (received, >, 850);
  g_assert_cmpuint (received, <, 1000);
  bed_fake_ice_break (BED_FAKE_ICE (a));
  g_assert_cmpint (bed_ice_transport_get_state (b), ==, BED_ICE_STATE_DISCONNECTED);
  g_assert_true (bed_ice_transport_restart (a, NULL));
  g_assert_true (bed_ice_transport_restart (b, NULL));
  join (a, b);
  join (b, a);
  g_assert_cmpint (bed_ice_transport_get_state (a), ==, BED_ICE_STATE_COMPLETED);
  g_assert_cmpint (bed_ice_transport_get_state (b), ==, BED_ICE_STATE_COMPLETED);
  g_assert_finalize_object (a);
  g_assert_finalize_object (b);
}

/* The limits that hold for every implementation. */
static void
test_limits (void)
{
  BedFakeIceLink link = { 0 };
  BedIceTransport *a, *b;
  g_autoptr (GError) error = NULL;

  bed_fake_ice_new_pair (&link, 1, &a, &b);
  g_assert_cmpint (bed_ice_transport_add_remote_candidate (a, "candidate:1 1 UDP 5 127.0.0.1 9 typ host"), ==,
                   BED_ICE_CANDIDATE_REJECTED);
  for (guint i = 1; i < BED_ICE_MAX_REMOTE_CANDIDATES; i++)
    g_assert_cmpint (bed_ice_transport_add_remote_candidate (a, "candidate:1 1 UDP 5 192.0.2.1 9 typ host"), ==,
                     BED_ICE_CANDIDATE_ADDED);
  g_assert_cmpint (bed_ice_transport_add_remote_candidate (a, "candidate:1 1 UDP 5 192.0.2.1 9 typ host"), ==,
                   BED_ICE_CANDIDATE_TOO_MANY);
  g_assert_cmpuint (bed_ice_transport_get_refused_candidates (a), ==, 2);
  g_assert_false (bed_ice_transport_set_remote_credentials (a, "x", "y", &error));
  g_assert_error (error, g_quark_from_string ("bed-ice-error-quark"), 4);
  bed_ice_transport_close (a);
  g_assert_cmpint (bed_ice_transport_get_state (a), ==, BED_ICE_STATE_CLOSED);
  g_assert_false (bed_ice_transport_send (a, (const guint8 *) "x", 1));
  g_object_unref (a);
  g_object_unref (b);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/ice/fake/pair", test_pair);
  g_test_add_func ("/rtc/ice/fake/limits", test_limits);
  return g_test_run ();
}
