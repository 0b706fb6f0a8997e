/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-doorbell-private.h"
#include "bed-invite.h"
#include "bed-session-fixture.h"

/* The doorbell's keys with an access token that has run out, so that it renews at once. */
static BedSecret *
run_out (BedSecret *packed)
{
  g_autoptr (BedDoorbellKeys) keys = bed_doorbell_unpack (packed);
  g_autofree char *text = NULL;

  g_assert_nonnull (keys);
  keys->access_ends_s = 0;
  text = bed_wire_encode (&bed_doorbell_keys_schema, keys);
  return bed_secret_new (text, strlen (text));
}

static BedDoorbell *
hang (Fixture *fixture, BedSecret *packed)
{
  BedDoorbell *bell = bed_doorbell_new (packed, fixture->clock, NULL);

  g_assert_nonnull (bell);
  bed_test_wait (bed_doorbell_get_state (bell) == BED_DOORBELL_STATE_READY);
  return bell;
}

static void
unlock_without_code (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;
  RUN (result, bed_session_unlock_async, fixture->session, PASSWORD, NULL);

  bed_session_unlock_finish (fixture->session, result, &error);
  g_assert_no_error (error);
  fixture_wait_online (fixture->session);
}

static BedSecret *
lock (Fixture *fixture)
{
  BedSecret *packed = bed_session_dup_doorbell_keys (fixture->session);

  g_assert_nonnull (packed);
  bed_session_lock (fixture->session);
  g_assert_null (bed_session_dup_doorbell_keys (fixture->session));
  return packed;
}

/* The app ends while it is locked, after the doorbell renewed more than once: what the vault has
 * still opens the account. */
static void
test_lost (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BedSecret) packed = NULL;

  fixture_activate (fixture);
  fixture_wait_online (fixture->session);
  packed = lock (fixture);
  for (guint round = 0; round < 3; round++)
    {
      g_autoptr (BedSecret) old = run_out (packed);
      g_autoptr (BedDoorbell) bell = hang (fixture, old);

      g_clear_pointer (&packed, bed_secret_unref);
      packed = bed_doorbell_take_down (bell);
      g_assert_cmpint (bed_doorbell_get_state (bell), ==, BED_DOORBELL_STATE_ENDED);
      g_assert_null (bed_doorbell_take_down (bell));
    }
  g_clear_object (&fixture->session);
  fixture->session = fixture_open_session (fixture);
  unlock_without_code (fixture);
}

/* The unlock takes the doorbell down and goes on. */
static void
test_taken (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BedSecret) packed = NULL, old = NULL;
  g_autoptr (BedDoorbell) bell = NULL;

  fixture_activate (fixture);
  fixture_wait_online (fixture->session);
  packed = lock (fixture);
  old = run_out (packed);
  bell = hang (fixture, old);
  bed_session_set_doorbell (fixture->session, bell);
  unlock_without_code (fixture);
  g_assert_cmpint (bed_doorbell_get_state (bell), ==, BED_DOORBELL_STATE_ENDED);
  /* And once more, by what that unlock has kept. */
  g_clear_pointer (&packed, bed_secret_unref);
  packed = lock (fixture);
  unlock_without_code (fixture);
}

static void
count (BedDoorbell *bell, guint *rings)
{
  ++*rings;
}

static BedSignallingClient *
new_guest (Fixture *fixture, BedSessionInvite *made)
{
  g_autofree char *certificate = g_build_filename (fixture->clinic->folder, "certificate.pem", NULL);
  g_autofree char *authority = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (BedInvite) invite
      = bed_invite_new_from_link (bed_session_invite_get_link (made), &authority, &error);
  BedSignallingClient *guest;

  g_assert_no_error (error);
  guest = bed_signalling_client_new (authority, fixture->clock);
  bed_signalling_client_set_ca_file (guest, certificate, &error);
  g_assert_no_error (error);
  bed_signalling_client_set_admission (guest, bed_invite_get_room (invite),
                                       bed_invite_get_token (invite));
  return guest;
}

/* It rings once for somebody who comes, and says that the person has left; a server that goes and
 * comes back does not make the same person ring again. */
static void
test_rings (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BedSessionInvite) made = NULL;
  g_autoptr (BedSignallingClient) guest = NULL;
  g_autoptr (BedSecret) packed = NULL;
  g_autoptr (BedDoorbell) bell = NULL;
  guint rings = 0;

  fixture_activate (fixture);
  fixture_wait_online (fixture->session);
  made = fixture_invite (fixture->session);
  guest = new_guest (fixture, made);
  packed = lock (fixture);
  bell = hang (fixture, packed);
  g_signal_connect (bell, "rang", G_CALLBACK (count), &rings);
  g_assert_cmpuint (bed_doorbell_get_n_waiting (bell), ==, 0);
  bed_signalling_client_join (guest);
  bed_test_wait (bed_doorbell_get_n_waiting (bell) == 1);
  g_assert_cmpuint (rings, ==, 1);
  bed_test_clinic_kill (fixture->clinic);
  bed_test_wait (bed_doorbell_get_state (bell) == BED_DOORBELL_STATE_AWAY);
  g_assert_cmpuint (bed_doorbell_get_n_waiting (bell), ==, 0);
  bed_test_clinic_start (fixture->clinic);
  bed_test_wait (bed_doorbell_get_n_waiting (bell) == 1);
  g_assert_cmpuint (rings, ==, 1);
  bed_signalling_client_close (guest);
  bed_test_wait (bed_doorbell_get_n_waiting (bell) == 0);
  g_assert_cmpuint (rings, ==, 1);
}

/* Ended at the server: it says so and keeps nothing. */
static void
test_ended (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BedSecret) packed = NULL, old = NULL;
  g_autoptr (BedDoorbell) bell = NULL;

  fixture_activate (fixture);
  fixture_wait_online (fixture->session);
  packed = bed_session_dup_doorbell_keys (fixture->session);
  fixture_sign_out (fixture->session, BED_ACCOUNT_STATE_SECOND_FACTOR);
  bed_session_lock (fixture->session);
  old = run_out (packed);
  bell = bed_doorbell_new (old, fixture->clock, NULL);
  bed_test_wait (bed_doorbell_get_state (bell) == BED_DOORBELL_STATE_ENDED);
  g_assert_null (bed_doorbell_take_down (bell));
}

static void
test_keys (void)
{
  static const char *const wrong[]
      = { "", "{}", "[]", "{\"authority\":\"a\"}",
          "{\"authority\":\"a\",\"pin\":\"AA\",\"refresh\":\"r\",\"access_ends\":1,\"since\":1}" };
  g_autoptr (BedClock) clock = bed_system_clock_new ();
  g_autoptr (BedSecret) huge = bed_secret_new_zero (BED_DOORBELL_KEYS_MAX + 1);

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (BedSecret) keys = bed_secret_new (wrong[i], strlen (wrong[i]));
      g_assert_null (bed_doorbell_new (keys, clock, NULL));
    }
  g_assert_null (bed_doorbell_new (huge, clock, NULL));
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add_func ("/session/doorbell/keys", test_keys);
  g_test_add ("/session/doorbell/lost", Fixture, NULL, fixture_setup, test_lost, fixture_teardown);
  g_test_add ("/session/doorbell/taken", Fixture, NULL, fixture_setup, test_taken, fixture_teardown);
  g_test_add ("/session/doorbell/rings", Fixture, NULL, fixture_setup, test_rings, fixture_teardown);
  g_test_add ("/session/doorbell/ended", Fixture, NULL, fixture_setup, test_ended, fixture_teardown);
  return g_test_run ();
}
