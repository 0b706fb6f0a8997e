/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-session-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

GString *fixture_spoken;

#define ACT(name, ...) \
  static void act_##name (BedSession *session, GAsyncReadyCallback callback, gpointer data) \
  { \
    bed_session_##name##_async (session, __VA_ARGS__ NULL, callback, data); \
  }
#define COMMA ,
ACT (activation_begin, "x" COMMA)
ACT (activation_password, PASSWORD COMMA)
ACT (activation_confirm, "000000" COMMA)
ACT (unlock, PASSWORD COMMA)
ACT (unlock_with_recovery, "x" COMMA)
ACT (adopt_password, PASSWORD COMMA "000000" COMMA)
ACT (change_password, PASSWORD COMMA OTHER_PASSWORD COMMA)
ACT (sign_out, )
ACT (list_devices, )
ACT (end_device, "x" COMMA)
ACT (create_invite, (&(BedInviteRequest){ .language = "en" }) COMMA)

void
fixture_act_sign_in (BedSession *session, GAsyncReadyCallback callback, gpointer data)
{
  bed_session_sign_in_async (session, "000000", NULL, callback, data);
}

const FixtureAct fixture_acts[FIXTURE_ACTS] = {
  { act_activation_begin, 1 << BED_SESSION_STATE_NO_PROFILE | 1 << BED_SESSION_STATE_ACTIVATING },
  { act_activation_password, 1 << BED_SESSION_STATE_ACTIVATING },
  { act_activation_confirm, 1 << BED_SESSION_STATE_ACTIVATING },
  { act_unlock, 1 << BED_SESSION_STATE_LOCKED },
  { act_unlock_with_recovery, 1 << BED_SESSION_STATE_LOCKED },
  { fixture_act_sign_in, 1 << BED_SESSION_STATE_UNLOCKED },
  { act_adopt_password, 1 << BED_SESSION_STATE_UNLOCKED },
  { act_change_password, 1 << BED_SESSION_STATE_UNLOCKED },
  { act_sign_out, 1 << BED_SESSION_STATE_UNLOCKED },
  { act_list_devices, 1 << BED_SESSION_STATE_UNLOCKED },
  { act_end_device, 1 << BED_SESSION_STATE_UNLOCKED },
  { act_create_invite, 1 << BED_SESSION_STATE_UNLOCKED },
};

void
fixture_expect_act (BedSession *session, Act act, BedSessionError code)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  act (session, bed_test_take_result, &result);
  g_assert_false (g_task_propagate_boolean (G_TASK (bed_test_result (&result)), &error));
  g_assert_error (error, BED_SESSION_ERROR, (int) code);
}

/* What is not for this state is refused and changes nothing. */
static void
walk_acts (BedSession *session, BedSessionState state)
{
  g_assert_cmpint (bed_session_get_state (session), ==, state);
  for (guint i = 0; i < FIXTURE_ACTS; i++)
    if ((fixture_acts[i].states & 1u << state) == 0)
      fixture_expect_act (session, fixture_acts[i].act, BED_SESSION_ERROR_STATE);
  g_assert_cmpint (bed_session_get_state (session), ==, state);
  g_assert_false (bed_session_get_busy (session));
}

BedSession *
fixture_open_session (Fixture *fixture)
{
  /* The lowest cost that the vault takes: the tests are not about Argon2id's time. */
  BedVaultCost cost = { 64 * 1024 * 1024, 3 };

  return bed_session_new (fixture->directory, fixture->clock, &cost);
}

static char *
strip_spaces (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, " ", -1);

  return g_strjoinv ("", parts);
}

void
fixture_activate (Fixture *fixture)
{
  BedSession *session = fixture->session;
  g_autoptr (GError) error = NULL;
  g_autofree char *code = NULL;
  g_autofree char *bad = NULL;

  fixture->link = bed_test_clinic_add_user (fixture->clinic, "jana");
  walk_acts (session, BED_SESSION_STATE_NO_PROFILE);
  {
    RUN (result, bed_session_activation_begin_async, session, "https://nowhere/x#y", NULL);
    g_assert_false (bed_session_activation_begin_finish (session, result, &error));
    g_assert_error (error, BED_SESSION_ERROR, BED_SESSION_ERROR_LINK);
    g_clear_error (&error);
  }
  {
    /* Another certificate's hash: nothing is sent to this server. */
    bad = g_strdup (fixture->link);
    bad[strlen (bad) - 5] = bad[strlen (bad) - 5] == 'A' ? 'B' : 'A';
    RUN (result, bed_session_activation_begin_async, session, bad, NULL);
    g_assert_false (bed_session_activation_begin_finish (session, result, &error));
    g_assert_error (error, BED_SIGNALLING_ERROR, BED_SIGNALLING_ERROR_UNTRUSTED);
    g_clear_error (&error);
    g_assert_cmpint (bed_session_get_state (session), ==, BED_SESSION_STATE_NO_PROFILE);
  }
  {
    RUN (result, bed_session_activation_begin_async, session, fixture->link, NULL);
    g_assert_true (bed_session_activation_begin_finish (session, result, &error));
    g_assert_cmpstr (bed_session_get_display_name (session), ==, "Dr Test");
  }
  walk_acts (session, BED_SESSION_STATE_ACTIVATING);
  {
    RUN (result, bed_session_activation_password_async, session, "password1", NULL);
    g_assert_false (bed_session_activation_password_finish (session, result, &error));
    g_assert_error (error, BED_SESSION_ERROR, BED_SESSION_ERROR_WEAK_PASSWORD);
    g_clear_error (&error);
  }
  {
    RUN (result, bed_session_activation_password_async, session, PASSWORD, NULL);
    bed_session_activation_password_finish (session, result, &error);
    g_assert_no_error (error);
    g_assert_true (g_str_has_prefix (bed_session_activation_get_otp_uri (session), "otpauth://totp/"));
    fixture->otp = strip_spaces (bed_session_activation_get_otp_secret (session));
  }
  {
    RUN (result, bed_session_activation_confirm_async, session, "000000", NULL);
    g_assert_false (bed_session_activation_confirm_finish (session, result, &error));
    g_assert_error (error, BED_SESSION_ERROR, BED_SESSION_ERROR_WRONG_CODE);
    g_clear_error (&error);
  }
  code = bed_test_totp (fixture->otp, -1);
  {
    /* There is no room for a vault yet. */
    g_assert_true (g_file_set_contents (fixture->directory, "", 0, NULL));
    RUN (result, bed_session_activation_confirm_async, session, code, NULL);
    g_assert_false (bed_session_activation_confirm_finish (session, result, &error));
    g_assert_true (error->domain == BED_VAULT_ERROR);
    g_clear_error (&error);
    g_assert_cmpint (bed_session_get_state (session), ==, BED_SESSION_STATE_ACTIVATING);
    g_assert_cmpint (g_remove (fixture->directory), ==, 0);
  }
  {
    RUN (result, bed_session_activation_confirm_async, session, code, NULL);
    bed_session_activation_confirm_finish (session, result, &error);
    g_assert_no_error (error);
  }
  walk_acts (session, BED_SESSION_STATE_UNLOCKED);
  g_assert_cmpuint (g_strv_length ((char **) bed_session_activation_get_recovery_codes (session)), ==, 10);
  g_assert_nonnull (bed_session_activation_get_recovery_key (session));
  fixture->recovery_codes = g_strdupv ((char **) bed_session_activation_get_recovery_codes (session));
  fixture->recovery_key = g_strndup (
      (const char *) bed_secret_get_data (bed_session_activation_get_recovery_key (session)),
      bed_secret_get_length (bed_session_activation_get_recovery_key (session)));
  bed_session_activation_done (session);
  g_assert_null (bed_session_activation_get_recovery_codes (session));
}

void
fixture_wait_online (BedSession *session)
{
  bed_test_wait (bed_session_get_account_state (session) == BED_ACCOUNT_STATE_ONLINE &&
                 bed_session_get_clinic (session) != NULL && !bed_session_get_busy (session));
}

BedSessionInvite *
fixture_invite (BedSession *session)
{
  BedInviteRequest request = { .label = "knee", .patient_id = 7, .language = "en",
                               .expires = g_get_real_time () / G_USEC_PER_SEC + 3600 };
  g_autoptr (GError) error = NULL;
  RUN (result, bed_session_create_invite_async, session, &request, NULL);
  BedSessionInvite *made = bed_session_create_invite_finish (session, result, &error);

  g_assert_no_error (error);
  return made;
}

gboolean
fixture_unlock (BedSession *session, const char *password, GError **error)
{
  walk_acts (session, BED_SESSION_STATE_LOCKED);
  RUN (result, bed_session_unlock_async, session, password, NULL);
  return bed_session_unlock_finish (session, result, error);
}

gboolean
fixture_sign_in (BedSession *session, const char *code, GError **error)
{
  RUN (result, bed_session_sign_in_async, session, code, NULL);
  return bed_session_sign_in_finish (session, result, error);
}

gboolean
fixture_adopt (BedSession *session, const char *password, const char *code, GError **error)
{
  RUN (result, bed_session_adopt_password_async, session, password, code, NULL);
  return bed_session_adopt_password_finish (session, result, error);
}

void
fixture_sign_out (BedSession *session, BedAccountState then)
{
  g_autoptr (GError) error = NULL;
  RUN (result, bed_session_sign_out_async, session, NULL);

  bed_session_sign_out_finish (session, result, &error);
  g_assert_no_error (error);
  g_assert_cmpint (bed_session_get_account_state (session), ==, then);
}

void
fixture_expect_error (GError **error, BedSessionError code)
{
  g_assert_error (*error, BED_SESSION_ERROR, (int) code);
  g_string_append_printf (fixture_spoken, "%s\n", (*error)->message);
  g_clear_error (error);
}

void
fixture_setup (Fixture *fixture, gconstpointer watched)
{
  fixture->clinic = watched != NULL ? bed_test_clinic_new_watched () : bed_test_clinic_new ();
  fixture->clock = bed_system_clock_new ();
  fixture->directory = g_build_filename (fixture->clinic->folder, "profile", NULL);
  fixture->session = fixture_open_session (fixture);
  bed_test_clinic_start (fixture->clinic);
}

void
fixture_teardown (Fixture *fixture, gconstpointer data)
{
  bed_session_lock (fixture->session);
  g_clear_object (&fixture->session);
  g_clear_object (&fixture->clock);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  bed_test_clinic_free (fixture->clinic);
  g_free (fixture->directory);
  g_free (fixture->link);
  g_free (fixture->otp);
  g_free (fixture->recovery_key);
  g_strfreev (fixture->recovery_codes);
}

/* No name and no secret in the server's log. */
static void
check_server_log (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->clinic->folder, "log", NULL);
  g_autofree char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpuint (strlen (text), >, 0);
  g_assert_null (strstr (text, "jana"));
  g_assert_null (strstr (text, "Dr Test"));
  g_assert_null (strstr (text, PASSWORD));
  g_assert_null (strstr (text, fixture->otp));
}

void
fixture_teardown_checked (Fixture *fixture, gconstpointer data)
{
  check_server_log (fixture);
  fixture_teardown (fixture, data);
}

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  g_autofree char *line = g_log_writer_format_fields (level, fields, n_fields, FALSE);

  g_string_append_printf (fixture_spoken, "%s\n", line);
  return level & (G_LOG_LEVEL_DEBUG | G_LOG_LEVEL_INFO) ? G_LOG_WRITER_HANDLED
                                                        : g_log_writer_default (level, fields, n_fields, data);
}

void
fixture_init (int *argc, char ***argv)
{
  fixture_spoken = g_string_new (NULL);
  g_log_set_writer_func (write_log, NULL, NULL);
  g_test_init (argc, argv, NULL);
}
