/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-session-fixture.h"

static void
test_life (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedSessionInvite) made = NULL;
  g_autofree char *room = NULL;
  g_autofree char *code = NULL;

  fixture_activate (fixture);
  fixture_wait_online (fixture->session);
  g_assert_cmpstr (bed_session_get_clinic_name (fixture->session), ==, "Test clinic");
  made = fixture_invite (fixture->session);
  room = g_strdup (bed_session_invite_get_room (made));
  g_assert_true (bed_session_set_setting (fixture->session, "lock-after", "9", &error));
  g_clear_object (&made);

  /* The next day, without a network. */
  bed_session_lock (fixture->session);
  g_assert_cmpuint (g_list_model_get_n_items (bed_session_get_invites (fixture->session)), ==, 0);
  g_assert_null (bed_session_get_client (fixture->session));
  bed_test_clinic_kill (fixture->clinic);
  g_clear_object (&fixture->session);
  fixture->session = fixture_open_session (fixture);
  g_assert_cmpint (bed_session_get_state (fixture->session), ==, BED_SESSION_STATE_LOCKED);
  g_assert_cmpstr (bed_session_get_display_name (fixture->session), ==, "Dr Test");
  g_assert_false (fixture_unlock (fixture->session, "not the password", &error));
  g_assert_error (error, BED_SESSION_ERROR, BED_SESSION_ERROR_WRONG_PASSWORD);
  g_clear_error (&error);
  g_assert_true (fixture_unlock (fixture->session, PASSWORD, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (bed_session_get_lock_after (fixture->session), ==, 9);
  made = bed_session_find_invite (fixture->session, room);
  g_assert_nonnull (made);
  g_assert_cmpstr (bed_session_invite_get_label (made), ==, "knee");
  bed_test_wait (bed_session_get_account_state (fixture->session) == BED_ACCOUNT_STATE_OFFLINE);

  /* The network is back: no code is asked for. */
  bed_test_clinic_start (fixture->clinic);
  bed_session_retry_now (fixture->session);
  fixture_wait_online (fixture->session);
  {
    RUN (result, bed_session_revoke_invite_async, fixture->session, made, NULL);
    g_assert_true (bed_session_close_invite_finish (fixture->session, result, &error));
    g_assert_cmpint (bed_session_invite_get_state (made), ==, BED_ROOM_STATE_REVOKED);
    g_assert_true (bed_session_forget_invite (fixture->session, made, &error));
  }
  {
    RUN (result, bed_session_list_devices_async, fixture->session, NULL);
    g_autoptr (BedAccount) account = bed_session_list_devices_finish (fixture->session, result, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (account->sessions->len, ==, 1);
  }

  /* Another password, and a new sign-in. */
  {
    RUN (result, bed_session_change_password_async, fixture->session, "wrong", OTHER_PASSWORD, NULL);
    g_assert_false (bed_session_change_password_finish (fixture->session, result, &error));
    g_assert_error (error, BED_SESSION_ERROR, BED_SESSION_ERROR_WRONG_PASSWORD);
    g_clear_error (&error);
  }
  {
    RUN (result, bed_session_change_password_async, fixture->session, PASSWORD, OTHER_PASSWORD, NULL);
    bed_session_change_password_finish (fixture->session, result, &error);
    g_assert_no_error (error);
  }
  {
    RUN (result, bed_session_sign_out_async, fixture->session, NULL);
    bed_session_sign_out_finish (fixture->session, result, &error);
    g_assert_no_error (error);
    g_assert_cmpint (bed_session_get_account_state (fixture->session), ==, BED_ACCOUNT_STATE_SECOND_FACTOR);
  }
  bed_session_lock (fixture->session);
  g_assert_false (fixture_unlock (fixture->session, PASSWORD, NULL));
  g_assert_true (fixture_unlock (fixture->session, OTHER_PASSWORD, &error));
  g_assert_cmpint (bed_session_get_account_state (fixture->session), ==, BED_ACCOUNT_STATE_SECOND_FACTOR);
  {
    RUN (result, bed_session_sign_in_async, fixture->session, "000000", NULL);
    g_assert_false (bed_session_sign_in_finish (fixture->session, result, &error));
    g_assert_error (error, BED_SESSION_ERROR, BED_SESSION_ERROR_WRONG_CODE);
    g_clear_error (&error);
  }
  /* The activation took the step before, and each step counts once. */
  code = bed_test_totp (fixture->otp, 0);
  {
    RUN (result, bed_session_sign_in_async, fixture->session, code, NULL);
    bed_session_sign_in_finish (fixture->session, result, &error);
    g_assert_no_error (error);
  }
  fixture_wait_online (fixture->session);
}

static const BedConsentWording *
get_wording (Fixture *fixture)
{
  return g_ptr_array_index (bed_session_get_clinic (fixture->session)->consent, 0);
}

static gboolean
knows (Fixture *fixture, const char *version, const char *language, const char *text)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  guint8 hash[32];
  gsize length = sizeof hash;

  g_checksum_update (sum, (const guint8 *) text, -1);
  g_checksum_get_digest (sum, hash, &length);
  return bed_session_knows_text (fixture->session, version, language, hash);
}

/* What patients agree to is known by version, language and text, also when the clinic has other
 * words by now. */
static void
test_texts (Fixture *fixture, gconstpointer data)
{
  g_autofree char *file = g_build_filename (fixture->clinic->folder, "consent-en.txt", NULL);
  g_autofree char *version = NULL, *language = NULL, *text = NULL, *other = NULL;
  const BedConsentWording *wording;
  g_autoptr (GError) error = NULL;

  fixture_activate (fixture);
  fixture_wait_online (fixture->session);
  bed_test_wait (bed_session_get_clinic (fixture->session) != NULL);
  wording = get_wording (fixture);
  version = g_strdup (wording->version);
  language = g_strdup (wording->language);
  text = g_strdup (wording->text);
  other = g_strconcat (text, " ", NULL);
  g_assert_true (knows (fixture, version, language, text));
  g_assert_false (knows (fixture, version, language, other));
  g_assert_false (knows (fixture, "another version", language, text));
  g_assert_false (knows (fixture, version, "xx", text));

  bed_session_lock (fixture->session);
  g_assert_false (knows (fixture, version, language, text));
  bed_test_clinic_kill (fixture->clinic);
  g_assert_true (g_file_set_contents (file, "You agree to something else.", -1, NULL));
  bed_test_clinic_start (fixture->clinic);
  g_assert_true (fixture_unlock (fixture->session, PASSWORD, &error));
  fixture_wait_online (fixture->session);
  bed_test_wait (strcmp (get_wording (fixture)->text, text) != 0);
  g_assert_true (knows (fixture, version, language, get_wording (fixture)->text));
  g_assert_true (knows (fixture, version, language, text));
}

/* Nobody could join: that is told before a link is given away. */
static void
test_no_consent (Fixture *fixture, gconstpointer data)
{
  BedInviteRequest request = { .label = "knee", .language = "en",
                               .expires = g_get_real_time () / G_USEC_PER_SEC + 3600 };
  g_autoptr (GError) error = NULL;

  fixture_activate (fixture);
  fixture_wait_online (fixture->session);
  g_ptr_array_set_size (bed_session_get_clinic (fixture->session)->consent, 0);
  RUN (result, bed_session_create_invite_async, fixture->session, &request, NULL);
  g_assert_null (bed_session_create_invite_finish (fixture->session, result, &error));
  fixture_expect_error (&error, BED_SESSION_ERROR_NO_CONSENT);
  g_assert_cmpuint (g_list_model_get_n_items (bed_session_get_invites (fixture->session)), ==, 0);
}

/* What each side's relays bring, in order. */
static void
collect (BedSignallingClient *client, const char *room, const char *peer, const char *data, GPtrArray *all)
{
  g_ptr_array_add (all, g_strdup (data));
}

static void
on_arrived (BedSignallingClient *client, const char *room, const char *peer, gint64 since, gboolean second,
            gboolean admitted, char **place)
{
  g_free (*place);
  *place = g_strdup (peer);
}

static void
expect_numbers (GPtrArray *all, guint from, guint to)
{
  g_assert_cmpuint (all->len, ==, to);
  for (guint i = from; i < to; i++)
    {
      g_autofree char *expected = g_strdup_printf ("message %u", i);
      g_assert_cmpstr (all->pdata[i], ==, expected);
    }
}

static void
send_numbers (BedSignallingClient *client, const char *room, const char *peer, guint from, guint to)
{
  for (guint i = from; i < to; i++)
    {
      g_autofree char *text = g_strdup_printf ("message %u", i);
      g_assert_true (bed_signalling_client_relay (client, room, peer, text));
    }
}

static void
test_exactly_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BedSessionInvite) made = NULL;
  g_autoptr (BedInvite) guest_invite = NULL;
  g_autoptr (BedSignallingClient) guest = NULL;
  g_autoptr (GPtrArray) up = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) down = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  g_autofree char *peer = NULL;
  g_autofree char *authority = NULL;
  BedSignallingClient *host;
  g_autofree char *certificate = g_build_filename (fixture->clinic->folder, "certificate.pem", NULL);
  const char *room;
  guint sent = 0;

  fixture_activate (fixture);
  fixture_wait_online (fixture->session);
  host = bed_session_get_client (fixture->session);
  made = fixture_invite (fixture->session);
  room = bed_session_invite_get_room (made);
  g_signal_connect (host, "relay", G_CALLBACK (collect), up);
  g_signal_connect (host, "arrived", G_CALLBACK (on_arrived), &peer);

  guest_invite = bed_invite_new_from_link (bed_session_invite_get_link (made), &authority, &error);
  guest = bed_signalling_client_new (authority, fixture->clock);
  g_assert_true (bed_signalling_client_set_ca_file (guest, certificate, &error));
  bed_signalling_client_set_admission (guest, bed_invite_get_room (guest_invite), bed_invite_get_token (guest_invite));
  {
    g_autoptr (GAsyncResult) result = NULL;
    g_autoptr (BedCardAnswer) answer = NULL;
    g_autoptr (BedCard) card = NULL;
    gpointer got = NULL;

    bed_signalling_client_call_async (guest, BED_ENDPOINT_ROOM_CARD, room, NULL, NULL, bed_test_take_result, &result);
    bed_signalling_client_call_finish (guest, bed_test_result (&result), &got, &error);
    g_assert_no_error (error);
    answer = got;
    card = bed_invite_open_card (guest_invite, answer->card, &error);
    g_assert_no_error (error);
    g_assert_cmpstr (card->clinician, ==, "Dr Test");
  }
  g_signal_connect (guest, "relay", G_CALLBACK (collect), down);
  bed_signalling_client_join (guest);
  bed_test_wait (peer != NULL && bed_signalling_client_get_state (guest) == BED_SIGNALLING_STATE_ONLINE);
  g_assert_true (bed_signalling_client_get_host_online (guest));
  bed_test_wait (bed_session_invite_get_state (made) == BED_ROOM_STATE_WAITING);

  for (guint round = 0; round < 4; round++)
    {
      send_numbers (guest, NULL, NULL, sent, sent + 15);
      send_numbers (host, room, peer, sent, sent + 15);
      sent += 15;
      for (guint i = 0; i < 3 * round; i++)
        g_main_context_iteration (NULL, FALSE);
      bed_test_clinic_kill (fixture->clinic);
      bed_test_clinic_start (fixture->clinic);
      bed_test_wait (up->len >= sent && down->len >= sent);
    }
  expect_numbers (up, 0, sent);
  expect_numbers (down, 0, sent);
  bed_signalling_client_close (guest);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add ("/session/server/life", Fixture, NULL, fixture_setup, test_life, fixture_teardown_checked);
  g_test_add ("/session/server/texts", Fixture, NULL, fixture_setup, test_texts, fixture_teardown_checked);
  g_test_add ("/session/server/no-consent", Fixture, NULL, fixture_setup, test_no_consent, fixture_teardown_checked);
  g_test_add ("/session/server/exactly-once", Fixture, NULL, fixture_setup, test_exactly_once, fixture_teardown);
  return g_test_run ();
}
