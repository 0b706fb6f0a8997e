/* SPDX-License-Identifier: GPL-3.0-or-later */
/* make-profile DIRECTORY ACTIVATION-LINK PASSWORD [WHAT…]: activates an account as a clinician does on the first run, makes an
 * invitation, and prints the second factor's secret, the recovery key and the invitation's link; with "emergency" also an
 * emergency key of the record; with "erasure" the record is left as by one that was cut off; with "newer" as by a later
 * version; with "old" it holds patients whose last encounters were years ago; with "visit" a consultation that was assigned
 * to nobody; with "token" a security key in software opens it as well. For the demo and tests.
 */
#include <liboath/oath.h>
#include <stdio.h>
#include <string.h>

#include "bed-db.h"
#include "bed-emergency-access.h"
#include "bed-session.h"
#include "bed-vault-fakes.h"

static void
on_done (GObject *object, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static GAsyncResult *
wait_for (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static void
check (gboolean ok, GError *error, const char *step)
{
  if (!ok)
    g_error ("%s: %s", step, error != NULL ? error->message : "failed");
}

static char *
make_code (const char *secret)
{
  g_autofree char *joined = g_strdup (secret);
  char *bytes = NULL;
  char code[7];
  gsize length = 0;

  g_strdelimit (joined, " -", ' ');
  if (oath_base32_decode (joined, strlen (joined), &bytes, &length) != OATH_OK
      || oath_totp_generate (bytes, length, g_get_real_time () / G_USEC_PER_SEC, 30, 0, 6, code) != OATH_OK)
    g_error ("the second factor's secret cannot be read");
  free (bytes);
  return g_strdup (code);
}

static void
print_secret (const char *groups)
{
  g_auto (GStrv) parts = g_strsplit (groups, " ", -1);
  g_autofree char *joined = g_strjoinv ("", parts);

  printf ("secret %s\n", joined);
}

static void
activate (BedSession *session, const char *link, const char *password)
{
  g_autoptr (GAsyncResult) begun = NULL, chosen = NULL, confirmed = NULL;
  g_autofree char *code = NULL;
  GError *error = NULL;

  bed_session_activation_begin_async (session, link, NULL, on_done, &begun);
  check (bed_session_activation_begin_finish (session, wait_for (&begun), &error), error, "activation");
  bed_session_activation_password_async (session, password, NULL, on_done, &chosen);
  check (bed_session_activation_password_finish (session, wait_for (&chosen), &error), error, "password");
  print_secret (bed_session_activation_get_otp_secret (session));
  code = make_code (bed_session_activation_get_otp_secret (session));
  bed_session_activation_confirm_async (session, code, NULL, on_done, &confirmed);
  check (bed_session_activation_confirm_finish (session, wait_for (&confirmed), &error), error, "second factor");
  printf ("recovery %.*s\n",
          (int) bed_secret_get_length (bed_session_activation_get_recovery_key (session)),
          (const char *) bed_secret_get_data (bed_session_activation_get_recovery_key (session)));
  bed_session_activation_done (session);
}

static void
invite (BedSession *session)
{
  g_autoptr (GAsyncResult) made = NULL;
  g_autoptr (BedSessionInvite) invitation = NULL;
  GError *error = NULL;
  BedInviteRequest request = {
    .label = "Elin Marsh",
    .expires = g_get_real_time () / G_USEC_PER_SEC + 24 * 3600,
    .language = "en",
  };

  while (bed_session_get_account_state (session) != BED_ACCOUNT_STATE_ONLINE || bed_session_get_clinic (session) == NULL)
    g_main_context_iteration (NULL, TRUE);
  bed_session_create_invite_async (session, &request, NULL, on_done, &made);
  invitation = bed_session_create_invite_finish (session, wait_for (&made), &error);
  check (invitation != NULL, error, "invitation");
  printf ("link %s\n", bed_session_invite_get_link (invitation));
}

static void
make_emergency_key (BedRecordStore *store)
{
  GError *error = NULL;
  g_autoptr (BedSecret) key = bed_emergency_access_make_key (store, &error);

  check (key != NULL, error, "emergency key");
  printf ("emergency %.*s\n", (int) bed_secret_get_length (key), (const char *) bed_secret_get_data (key));
}

static void
cut_off_erasure (BedSession *session)
{
  GError *error = NULL;

  check (bed_db_exec (bed_vault_get_db (bed_session_get_vault (session)),
                      "INSERT OR REPLACE INTO record_value VALUES ('scrub', 1)", &error),
         error, "erasure");
}

static void
make_newer (BedSession *session)
{
  GError *error = NULL;

  check (bed_db_exec (bed_vault_get_db (bed_session_get_vault (session)), "PRAGMA user_version = 9999", &error), error,
         "later version");
}

/* As on a day in the past. */
static void
add_old (BedSession *session, const char *name, gint64 days_ago, gboolean with_chat)
{
  g_autoptr (BedClock) clock = bed_manual_clock_new (0, g_get_real_time () - days_ago * G_TIME_SPAN_DAY);
  GError *error = NULL;
  g_autoptr (BedRecordStore) store = bed_record_store_open (bed_session_get_vault (session), clock,
                                                            bed_session_get_login (session), &error);
  g_autoptr (BedPatient) patient = bed_patient_new (name);
  g_autoptr (BedEncounter) encounter = NULL;
  g_autoptr (BedNote) note = NULL;

  check (store != NULL, error, "old record");
  bed_patient_set_birth_date (patient, "1950-03-09");
  check (bed_record_store_save_patient (store, patient, &error), error, "old patient");
  encounter = bed_record_store_start_encounter (store, bed_patient_get_id (patient), name, NULL, NULL, NULL, &error);
  check (encounter != NULL, error, "old encounter");
  note = bed_record_store_create_note (store, bed_encounter_get_id (encounter), "soap", &error);
  check (note != NULL && bed_record_store_end_encounter (store, encounter, &error), error, "old note");
  check (!with_chat
             || bed_record_store_keep_chat (store, bed_encounter_get_id (encounter),
                                            bed_clock_get_real_us (clock), TRUE, "Good day", &error),
         error, "old chat");
}

static void
add_visit (BedRecordStore *store)
{
  GError *error = NULL;
  g_autoptr (BedEncounter) encounter
      = bed_record_store_start_encounter (store, 0, "Elin Marsh", NULL, NULL, NULL, &error);
  g_autoptr (BedNote) note = NULL;

  check (encounter != NULL, error, "visit");
  note = bed_record_store_create_note (store, bed_encounter_get_id (encounter), "soap", &error);
  check (note != NULL && bed_record_store_end_encounter (store, encounter, &error), error, "visit's note");
}

static void
add_token (BedSession *session)
{
  g_autoptr (FakeToken) token = fake_token_new ("1234");
  g_autoptr (BedSecret) pin = bed_secret_new ("1234", 4);
  g_autoptr (GAsyncResult) added = NULL;
  BedVault *vault = bed_session_get_vault (session);
  GError *error = NULL;

  bed_vault_add_token_async (vault, BED_VAULT_TOKEN (token), pin, NULL, on_done, &added);
  check (bed_vault_add_token_finish (vault, wait_for (&added), &error) >= 0, error, "security key");
}

static void
fill_record (BedSession *session, BedClock *clock, char **words)
{
  GError *error = NULL;
  g_autoptr (BedRecordStore) store = bed_record_store_open (bed_session_get_vault (session), clock,
                                                            bed_session_get_login (session), &error);

  check (store != NULL, error, "record");
  for (guint i = 0; words[i] != NULL; i++)
    if (g_str_equal (words[i], "emergency"))
      make_emergency_key (store);
    else if (g_str_equal (words[i], "erasure"))
      cut_off_erasure (session);
    else if (g_str_equal (words[i], "newer"))
      make_newer (session);
    else if (g_str_equal (words[i], "old"))
      {
        add_old (session, "Long Ago", 11 * 365, TRUE);
        add_old (session, "Almost Due", 10 * 365 - 10, FALSE);
      }
    else if (g_str_equal (words[i], "visit"))
      add_visit (store);
    else if (g_str_equal (words[i], "token"))
      add_token (session);
    else
      g_error ("nothing is known of \"%s\"", words[i]);
}

int
main (int argc, char **argv)
{
  g_autoptr (BedClock) clock = bed_system_clock_new ();
  g_autoptr (BedSession) session = NULL;

  if (argc < 4)
    {
      fprintf (stderr, "usage: make-profile DIRECTORY ACTIVATION-LINK PASSWORD [WHAT...]\n");
      return 2;
    }
  session = bed_session_new (argv[1], clock, NULL);
  activate (session, argv[2], argv[3]);
  invite (session);
  if (argc > 4)
    fill_record (session, clock, argv + 4);
  bed_session_lock (session);
  return 0;
}
