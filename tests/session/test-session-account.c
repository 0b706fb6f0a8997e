/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-encoding.h"
#include "bed-session-fixture.h"

/* The answer to the change of the password gets lost: either password opens the laptop, and the account's
 * is taken over when it is known. */
static void
test_lost_answer (Fixture *fixture, gconstpointer data)
{
  BedSession *session = fixture->session;
  g_autoptr (GError) error = NULL;
  g_autofree char *code = NULL;

  fixture_activate (fixture);
  fixture_wait_online (session);
  bed_test_clinic_tell_between (fixture->clinic, "lose", "/api/v1/password");
  {
    RUN (result, bed_session_change_password_async, session, PASSWORD, OTHER_PASSWORD, NULL);
    g_assert_false (bed_session_change_password_finish (session, result, &error));
    g_assert_error (error, BED_SIGNALLING_ERROR, BED_SIGNALLING_ERROR_NETWORK);
    g_clear_error (&error);
  }
  bed_session_lock (session);
  g_assert_true (fixture_unlock (session, PASSWORD, NULL));
  bed_session_lock (session);
  g_assert_true (fixture_unlock (session, OTHER_PASSWORD, NULL));
  fixture_wait_online (session);
  fixture_sign_out (session, BED_ACCOUNT_STATE_SECOND_FACTOR);
  g_assert_false (fixture_sign_in (session, "000000", &error));
  fixture_expect_error (&error, BED_SESSION_ERROR_WRONG_PASSWORD);
  g_assert_cmpint (bed_session_get_account_state (session), ==, BED_ACCOUNT_STATE_PASSWORD);
  code = bed_test_totp (fixture->otp, 0);
  g_assert_false (fixture_adopt (session, PASSWORD, code, &error));
  fixture_expect_error (&error, BED_SESSION_ERROR_WRONG_PASSWORD);
  g_assert_false (fixture_adopt (session, OTHER_PASSWORD, "000000", &error));
  fixture_expect_error (&error, BED_SESSION_ERROR_WRONG_CODE);
  fixture_adopt (session, OTHER_PASSWORD, code, &error);
  g_assert_no_error (error);
  fixture_wait_online (session);

  bed_session_lock (session);
  g_assert_false (fixture_unlock (session, PASSWORD, NULL));
  g_assert_true (fixture_unlock (session, OTHER_PASSWORD, NULL));
  fixture_wait_online (session);
  fixture_sign_out (session, BED_ACCOUNT_STATE_SECOND_FACTOR);
  /* A recovery code stands for the second factor, once. */
  g_assert_true (fixture_sign_in (session, fixture->recovery_codes[3], &error));
  fixture_wait_online (session);
  fixture_sign_out (session, BED_ACCOUNT_STATE_SECOND_FACTOR);
  g_assert_false (fixture_sign_in (session, fixture->recovery_codes[3], &error));
  fixture_expect_error (&error, BED_SESSION_ERROR_WRONG_CODE);
}

/* A second computer with the link that activated the first. */
static void
test_used_link (Fixture *fixture, gconstpointer data)
{
  g_autofree char *elsewhere = g_build_filename (fixture->clinic->folder, "elsewhere", NULL);
  g_autoptr (BedSession) other = bed_session_new (elsewhere, fixture->clock, NULL);
  g_autoptr (GError) error = NULL;

  fixture_activate (fixture);
  {
    RUN (result, bed_session_activation_begin_async, other, fixture->link, NULL);
    g_assert_false (bed_session_activation_begin_finish (other, result, &error));
    fixture_expect_error (&error, BED_SESSION_ERROR_LINK_OVER);
  }
  g_assert_cmpint (bed_session_get_state (other), ==, BED_SESSION_STATE_NO_PROFILE);
}

/* While somebody guesses her password from everywhere, the server says nothing of a password from a new place before the
 * code. She gets in with both, and is told that it may be either. */
static void
test_guessed_at (Fixture *fixture, gconstpointer data)
{
  BedSession *session = fixture->session;
  g_autoptr (GError) error = NULL;
  g_autofree char *code = NULL;

  fixture_activate (fixture);
  fixture_wait_online (session);
  fixture_sign_out (session, BED_ACCOUNT_STATE_SECOND_FACTOR);
  bed_session_lock (session);
  bed_test_clinic_tell_between (fixture->clinic, "guess", "jana");
  bed_test_clinic_tell_between (fixture->clinic, "from", "127.0.9.9");
  g_assert_true (fixture_unlock (session, PASSWORD, NULL));
  g_assert_false (fixture_sign_in (session, "000000", &error));
  fixture_expect_error (&error, BED_SESSION_ERROR_WRONG_EITHER);
  /* Nobody said that the password was changed. */
  g_assert_cmpint (bed_session_get_account_state (session), ==, BED_ACCOUNT_STATE_SECOND_FACTOR);
  code = bed_test_totp (fixture->otp, 0);
  g_assert_false (fixture_adopt (session, OTHER_PASSWORD, code, &error));
  fixture_expect_error (&error, BED_SESSION_ERROR_WRONG_EITHER);
  fixture_sign_in (session, code, &error);
  g_assert_no_error (error);
  fixture_wait_online (session);
  fixture_sign_out (session, BED_ACCOUNT_STATE_SECOND_FACTOR);
  /* Now the place is known as hers, and what is wrong is told again: a code counts once. */
  g_assert_false (fixture_sign_in (session, code, &error));
  fixture_expect_error (&error, BED_SESSION_ERROR_WRONG_CODE);
}

static void
unlock_with_recovery (BedSession *session, const char *typed, GError **error)
{
  RUN (result, bed_session_unlock_with_recovery_async, session, typed, NULL);
  bed_session_unlock_finish (session, result, error);
}

static void
note_signal (BedSession *session, gpointer user_data)
{
  g_string_append (user_data, bed_session_get_state (session) == BED_SESSION_STATE_UNLOCKED ? "u" : "r");
}

/* A new key: closed to everybody meanwhile, online again afterwards, and the old printed key is void. */
static void
test_rekey (Fixture *fixture, gconstpointer data)
{
  BedSession *session = fixture->session;
  g_autoptr (GString) seen = g_string_new (NULL);
  g_autoptr (BedSecret) recovery = NULL;
  g_autoptr (GError) error = NULL;

  fixture_activate (fixture);
  fixture_wait_online (session);
  g_signal_connect (session, "locked", G_CALLBACK (note_signal), seen);
  g_signal_connect (session, "unlocked", G_CALLBACK (note_signal), seen);
  {
    RUN (result, bed_session_rekey_async, session, OTHER_PASSWORD, NULL, NULL, NULL);
    g_assert_null (bed_session_rekey_finish (session, result, &error));
    fixture_expect_error (&error, BED_SESSION_ERROR_WRONG_PASSWORD);
    g_assert_cmpstr (seen->str, ==, "");
  }
  {
    RUN (result, bed_session_rekey_async, session, PASSWORD, NULL, NULL, NULL);
    recovery = bed_session_rekey_finish (session, result, &error);
    g_assert_no_error (error);
  }
  g_assert_cmpuint (bed_secret_get_length (recovery), ==, 41);
  g_assert_cmpstr (seen->str, ==, "ru");
  g_assert_cmpint (bed_session_get_state (session), ==, BED_SESSION_STATE_UNLOCKED);
  fixture_wait_online (session);
  bed_session_lock (session);
  {
    RUN (result, bed_session_unlock_with_recovery_async, session, fixture->recovery_key, NULL);
    g_assert_false (bed_session_unlock_finish (session, result, &error));
    g_clear_error (&error);
  }
  g_assert_true (fixture_unlock (session, PASSWORD, NULL));
  fixture_wait_online (session);
  g_signal_handlers_disconnect_by_data (session, seen);
}

static void
test_recovery_key (Fixture *fixture, gconstpointer data)
{
  BedSession *session = fixture->session;
  g_autoptr (GError) error = NULL;
  g_autoptr (BedSecret) renewed = NULL;
  g_autofree char *typo = NULL, *lower = NULL, *code = NULL;

  fixture_activate (fixture);
  fixture_wait_online (session);
  bed_session_lock (session);
  typo = g_strdup (fixture->recovery_key);
  typo[0] = typo[0] == '7' ? '8' : '7';
  unlock_with_recovery (session, typo, &error);
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_TYPO);
  g_clear_error (&error);
  lower = g_ascii_strdown (fixture->recovery_key, -1);
  unlock_with_recovery (session, lower, &error);
  g_assert_no_error (error);
  fixture_wait_online (session); /* the account's session still stood */

  fixture_sign_out (session, BED_ACCOUNT_STATE_PASSWORD);
  fixture_expect_act (session, fixture_act_sign_in, BED_SESSION_ERROR_STATE);
  code = bed_test_totp (fixture->otp, 0);
  g_assert_false (fixture_adopt (session, OTHER_PASSWORD, code, &error));
  fixture_expect_error (&error, BED_SESSION_ERROR_WRONG_PASSWORD);
  g_assert_true (fixture_adopt (session, PASSWORD, code, &error));
  fixture_wait_online (session);

  renewed = bed_session_renew_recovery_key (session, &error);
  g_assert_nonnull (renewed);
  bed_session_lock (session);
  unlock_with_recovery (session, fixture->recovery_key, &error);
  fixture_expect_error (&error, BED_SESSION_ERROR_WRONG_PASSWORD);
  g_assert_true (fixture_unlock (session, PASSWORD, NULL));
}

static void
test_one_at_a_time (Fixture *fixture, gconstpointer data)
{
  BedSession *session = fixture->session;
  g_autoptr (GAsyncResult) first = NULL;
  g_autoptr (BedAccount) account = NULL;

  fixture_activate (fixture);
  fixture_wait_online (session);
  bed_session_list_devices_async (session, NULL, bed_test_take_result, &first);
  for (guint i = 0; i < FIXTURE_ACTS; i++)
    if ((fixture_acts[i].states & 1 << BED_SESSION_STATE_UNLOCKED) != 0)
      {
        g_autoptr (GAsyncResult) result = NULL;
        g_autoptr (GError) error = NULL;
        fixture_acts[i].act (session, bed_test_take_result, &result);
        while (result == NULL)
          g_main_context_iteration (NULL, FALSE);
        g_assert_false (g_task_propagate_boolean (G_TASK (result), &error));
        g_assert_error (error, BED_SESSION_ERROR, BED_SESSION_ERROR_BUSY);
        if (first != NULL)
          break; /* it is not busy any more */
      }
  account = bed_session_list_devices_finish (session, bed_test_result (&first), NULL);
  g_assert_nonnull (account);
}

static void
expect_nowhere (const char *where, const char *text, gsize length, GPtrArray *secrets)
{
  for (guint i = 0; i < secrets->len; i++)
    if (memmem (text, length, secrets->pdata[i], strlen (secrets->pdata[i])) != NULL)
      g_error ("secret %u is in %s", i, where);
}

static guint
search_folder (const char *folder, GPtrArray *secrets)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint files = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;
      gsize length;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        files += search_folder (path, secrets);
      else if (g_file_get_contents (path, &text, &length, NULL))
        {
          expect_nowhere (path, text, length, secrets);
          files++;
        }
    }
  return files;
}

static void
add_with_base64 (GPtrArray *secrets, const char *text)
{
  g_ptr_array_add (secrets, g_strdup (text));
  g_ptr_array_add (secrets, bed_base64url_encode (text, strlen (text)));
  g_ptr_array_add (secrets, g_base64_encode ((const guchar *) text, strlen (text)));
}

/* The password and the keys stay on the laptop, and there only inside the vault. */
static void
test_secrets (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GPtrArray) never_said = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) never_kept = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BedSessionInvite) made = NULL;
  g_autoptr (BedSecret) refresh = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL, *said_path = NULL, *code = NULL, *state = NULL;
  gsize length;

  fixture_activate (fixture);
  fixture_wait_online (fixture->session);
  g_assert_false (fixture_sign_in (fixture->session, "000000", &error));
  fixture_expect_error (&error, BED_SESSION_ERROR_WRONG_CODE);
  fixture_sign_out (fixture->session, BED_ACCOUNT_STATE_SECOND_FACTOR);
  code = bed_test_totp (fixture->otp, 0);
  g_assert_true (fixture_sign_in (fixture->session, code, &error));
  fixture_wait_online (fixture->session);
  made = fixture_invite (fixture->session);
  refresh = bed_signalling_client_dup_refresh_token (bed_session_get_client (fixture->session));

  add_with_base64 (never_said, PASSWORD);
  add_with_base64 (never_said, fixture->recovery_key);
  g_ptr_array_add (never_said, g_strdup (strchr (bed_session_invite_get_link (made), '#') + 1));
  for (guint i = 0; i < never_said->len; i++)
    g_ptr_array_add (never_kept, g_strdup (never_said->pdata[i]));
  g_ptr_array_add (never_kept, g_strdup (fixture->otp));
  g_ptr_array_add (never_kept, g_strndup ((const char *) bed_secret_get_data (refresh), bed_secret_get_length (refresh)));
  for (guint i = 0; fixture->recovery_codes[i] != NULL; i++)
    g_ptr_array_add (never_kept, g_strdup (fixture->recovery_codes[i]));

  said_path = g_build_filename (fixture->clinic->folder, "said", NULL);
  g_assert_true (g_file_get_contents (said_path, &said, &length, NULL));
  g_assert_nonnull (memmem (said, length, "/api/v1/login/password", strlen ("/api/v1/login/password")));
  g_assert_nonnull (memmem (said, length, "\"auth\"", strlen ("\"auth\"")));
  expect_nowhere ("what was said", said, length, never_said);
  g_assert_cmpuint (search_folder (fixture->directory, never_kept), >, 2);
  bed_session_lock (fixture->session);
  g_assert_cmpuint (search_folder (fixture->directory, never_kept), >, 2);
  state = g_build_filename (fixture->clinic->folder, "state", NULL);
  g_assert_cmpuint (search_folder (state, never_kept), >, 0);
  g_assert_cmpuint (fixture_spoken->len, >, 0);
  expect_nowhere ("logs and errors", fixture_spoken->str, fixture_spoken->len, never_kept);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add ("/session/account/lost-answer", Fixture, "watched", fixture_setup, test_lost_answer, fixture_teardown_checked);
  g_test_add ("/session/account/used-link", Fixture, NULL, fixture_setup, test_used_link, fixture_teardown_checked);
  g_test_add ("/session/account/guessed-at", Fixture, "watched", fixture_setup, test_guessed_at, fixture_teardown_checked);
  g_test_add ("/session/account/recovery-key", Fixture, NULL, fixture_setup, test_recovery_key, fixture_teardown);
  g_test_add ("/session/account/rekey", Fixture, NULL, fixture_setup, test_rekey, fixture_teardown);
  g_test_add ("/session/account/one-at-a-time", Fixture, NULL, fixture_setup, test_one_at_a_time, fixture_teardown);
  g_test_add ("/session/account/secrets", Fixture, "watched", fixture_setup, test_secrets, fixture_teardown_checked);
  return g_test_run ();
}
