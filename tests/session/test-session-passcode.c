/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <openssl/crypto.h>
#include <string.h>

#include "bed-session-fixture.h"

/* The linker leads the session's comparisons here. */
int __real_CRYPTO_memcmp (const void *a, const void *b, size_t length);
int __wrap_CRYPTO_memcmp (const void *a, const void *b, size_t length);
static guint n_compared;

int
__wrap_CRYPTO_memcmp (const void *a, const void *b, size_t length)
{
  if (length == BED_PASSCODE_DIGITS)
    n_compared++;
  return __real_CRYPTO_memcmp (a, b, length);
}

static BedSessionInvite *
invite_with_passcode (BedSession *session)
{
  BedInviteRequest request = { .language = "en", .passcode = TRUE,
                               .expires = g_get_real_time () / G_USEC_PER_SEC + 3600 };
  g_autoptr (GError) error = NULL;
  RUN (result, bed_session_create_invite_async, session, &request, NULL);
  BedSessionInvite *made = bed_session_create_invite_finish (session, result, &error);

  g_assert_no_error (error);
  return made;
}

/* Another start of the app: everything that only memory had is gone. (transfer full) */
static BedSessionInvite *
find_after_restart (Fixture *fixture, const char *room)
{
  BedSessionInvite *found;

  bed_session_lock (fixture->session);
  g_clear_object (&fixture->session);
  fixture->session = fixture_open_session (fixture);
  g_assert_true (fixture_unlock (fixture->session, PASSWORD, NULL));
  found = bed_session_find_invite (fixture->session, room);
  g_assert_nonnull (found);
  return found;
}

static void
test_passcode (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BedSessionInvite) invite = NULL, open = NULL;
  g_autofree char *room = NULL, *right = NULL, *spoken = NULL, *wrong = NULL;
  guint compared;

  fixture_activate (fixture);
  fixture_wait_online (fixture->session);
  open = fixture_invite (fixture->session);
  invite = invite_with_passcode (fixture->session);
  room = g_strdup (bed_session_invite_get_room (invite));
  right = g_strdup (bed_session_invite_get_passcode (invite));
  g_assert_cmpuint (strspn (right, "0123456789"), ==, BED_PASSCODE_DIGITS);
  g_assert_cmpuint (strlen (right), ==, BED_PASSCODE_DIGITS);
  spoken = g_strdup_printf (" %.3s-%s ", right, right + 3);
  wrong = g_strdup (right);
  wrong[5] = right[5] == '9' ? '0' : right[5] + 1;

  /* One that has none asks for none. */
  g_assert_true (bed_session_try_passcode (fixture->session, open, ""));
  compared = n_compared;
  g_assert_true (bed_session_try_passcode (fixture->session, invite, right));
  g_assert_true (bed_session_try_passcode (fixture->session, invite, spoken));
  g_assert_cmpuint (bed_session_invite_get_passcode_left (invite), ==, BED_PASSCODE_TRIES);
  g_assert_false (bed_session_try_passcode (fixture->session, invite, wrong));
  g_assert_cmpuint (bed_session_invite_get_passcode_left (invite), ==, 4);
  g_assert_cmpuint (n_compared - compared, ==, 3);
  g_assert_false (bed_session_try_passcode (fixture->session, invite, ""));
  g_assert_cmpuint (bed_session_invite_get_passcode_left (invite), ==, 3);

  /* Counted on the disk: no new start gives new tries. */
  g_clear_object (&invite);
  invite = find_after_restart (fixture, room);
  g_assert_cmpuint (bed_session_invite_get_passcode_left (invite), ==, 3);
  g_assert_true (bed_session_try_passcode (fixture->session, invite, right));
  for (guint i = 0; i < 3; i++)
    g_assert_false (bed_session_try_passcode (fixture->session, invite, wrong));
  g_assert_cmpuint (bed_session_invite_get_passcode_left (invite), ==, 0);
  g_assert_false (bed_session_try_passcode (fixture->session, invite, right));
  g_clear_object (&invite);
  invite = find_after_restart (fixture, room);
  g_assert_cmpuint (bed_session_invite_get_passcode_left (invite), ==, 0);
  g_assert_false (bed_session_try_passcode (fixture->session, invite, right));
  g_assert_false (bed_session_try_passcode (fixture->session, invite, wrong));
}

/* What is no six digits is wrong and costs a try, like any other wrong one. */
static void
test_broken (Fixture *fixture, gconstpointer data)
{
  static const char *const broken[] = { "1234567", "12345a", "12 34 5", "\xef\xbc\x91\xef\xbc\x92 3456",
                                        "+12345" };
  g_autoptr (BedSessionInvite) invite = NULL;

  fixture_activate (fixture);
  fixture_wait_online (fixture->session);
  invite = invite_with_passcode (fixture->session);
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_assert_false (bed_session_try_passcode (fixture->session, invite, broken[i]));
      g_assert_cmpuint (bed_session_invite_get_passcode_left (invite), ==, BED_PASSCODE_TRIES - 1 - i);
    }
}

/* One that the session does not have, whatever it says of itself. */
static void
test_unknown (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BedSessionInvite) invite = NULL, again = NULL;
  g_autofree char *room = NULL, *right = NULL;

  fixture_activate (fixture);
  fixture_wait_online (fixture->session);
  invite = invite_with_passcode (fixture->session);
  room = g_strdup (bed_session_invite_get_room (invite));
  right = g_strdup (bed_session_invite_get_passcode (invite));
  bed_session_lock (fixture->session);
  g_assert_false (bed_session_try_passcode (fixture->session, invite, right));
  g_assert_true (fixture_unlock (fixture->session, PASSWORD, NULL));
  g_assert_false (bed_session_try_passcode (fixture->session, invite, right));
  again = bed_session_find_invite (fixture->session, room);
  g_assert_true (bed_session_try_passcode (fixture->session, again, right));
  fixture_wait_online (fixture->session);
  {
    RUN (result, bed_session_revoke_invite_async, fixture->session, again, NULL);
    g_assert_true (bed_session_close_invite_finish (fixture->session, result, NULL));
  }
  g_assert_true (bed_session_forget_invite (fixture->session, again, NULL));
  g_assert_false (bed_session_try_passcode (fixture->session, again, right));
  /* And a wrong try at it brings nothing of it back. */
  g_clear_object (&again);
  g_assert_null (bed_session_find_invite (fixture->session, room));
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
#define ADD(path, function) \
  g_test_add (path, Fixture, NULL, fixture_setup, function, fixture_teardown_checked)
  ADD ("/session/passcode/tries", test_passcode);
  ADD ("/session/passcode/broken", test_broken);
  ADD ("/session/passcode/unknown", test_unknown);
  return g_test_run ();
}
