/* SPDX-License-Identifier: GPL-3.0-or-later */
/* bed-clinician DIRECTORY PASSWORD [--relay-only]: a clinician without a screen. Unlocks a profile, attaches, and does
 * what lines on stdin say: invite [SECONDS] | invite-passcode | kept-chat ENCOUNTER | revoke | end-invitation | admit [INDEX] | arrivals | decline WORDS |
 * message WORDS | consent ENCOUNTER, and those of bed-call-console.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bed-call-console.h"
#include "bed-session.h"
#include "bed-waiting-room.h"

typedef struct
{
  BedClock *clock;
  BedSession *session;
  BedRecordStore *store;
  BedWaitingRoom *room;
  BedCallConsole *console;
  gboolean relay_only;
  char *link; /* of the newest invitation */
} Clinician;

static void
on_tampered (gpointer source, gpointer data)
{
  bed_call_console_say ("tampered", NULL);
}

static void
admit (Clinician *self, guint index)
{
  GListModel *arrivals = bed_waiting_room_get_arrivals (self->room);
  g_autoptr (BedArrival) arrival = g_list_model_get_item (arrivals, index);
  BedCall *call = arrival != NULL ? bed_waiting_room_admit (self->room, arrival) : NULL;
  g_autofree char *encounter = NULL;

  if (call == NULL)
    {
      bed_call_console_say ("not-admitted", NULL);
      return;
    }
  bed_call_console_watch (self->console, call);
  encounter = g_strdup_printf ("%" G_GINT64_FORMAT, bed_call_get_encounter_id (call));
  bed_call_console_say ("admitted", "name", bed_call_get_peer_name (call), "encounter", encounter, NULL);
}

static void
on_invited (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedSessionInvite) invitation = bed_session_create_invite_finish (BED_SESSION (object), result, &error);

  if (invitation == NULL)
    g_error ("invitation: %s", error->message);
  g_free (((Clinician *) data)->link);
  ((Clinician *) data)->link = g_strdup (bed_session_invite_get_link (invitation));
  bed_call_console_say ("invited", "link", bed_session_invite_get_link (invitation), "passcode",
                        bed_session_invite_get_passcode (invitation), NULL);
}

static void
invite (Clinician *self, int seconds, gboolean passcode)
{
  const BedInviteRequest request = {
    .label = "Elin Marsh",
    .expires = g_get_real_time () / G_USEC_PER_SEC + seconds,
    .language = "en",
    .relay_only = self->relay_only,
    .passcode = passcode,
  };

  bed_session_create_invite_async (self->session, &request, NULL, on_invited, self);
}

static void
on_over (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GError) error = NULL;

  if (!bed_session_close_invite_finish (BED_SESSION (object), result, &error))
    g_error ("invitation: %s", error->message);
  bed_call_console_say ("invitation-over", NULL);
}

/* The newest one. */
static void
end_invite (Clinician *self, gboolean revoke)
{
  g_autoptr (BedSessionInvite) invitation = NULL;

  if (self->link == NULL)
    return;
  for (guint i = 0; i < g_list_model_get_n_items (bed_session_get_invites (self->session)); i++)
    {
      g_autoptr (BedSessionInvite) one = g_list_model_get_item (bed_session_get_invites (self->session), i);

      if (g_str_equal (bed_session_invite_get_link (one), self->link))
        g_set_object (&invitation, one);
    }
  if (revoke)
    bed_session_revoke_invite_async (self->session, invitation, NULL, on_over, NULL);
  else
    bed_session_end_invite_async (self->session, invitation, NULL, on_over, NULL);
}

static void
tell_arrivals (Clinician *self)
{
  static const char *const passcodes[] = { "none", "missing", "wrong", "spent", "right" };
  GListModel *list = bed_waiting_room_get_arrivals (self->room);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (BedArrival) arrival = g_list_model_get_item (list, i);

      bed_call_console_say ("arrival", "name", bed_arrival_get_name (arrival), "ready",
                            bed_arrival_get_ready (arrival) ? "yes" : "no", "online",
                            bed_arrival_get_online (arrival) ? "yes" : "no", "second-device",
                            bed_arrival_get_second_device (arrival) ? "yes" : "no", "passcode",
                            passcodes[bed_arrival_get_passcode (arrival)], NULL);
    }
  bed_call_console_say ("arrivals-end", NULL);
}

/* What the record holds of the patient's consent to an encounter. */
static void
tell_consent (Clinician *self, gint64 id)
{
  g_autoptr (BedEncounter) encounter = bed_record_store_get_encounter (self->store, id, NULL);
  const BedPatientConsent *consent = encounter != NULL ? bed_encounter_get_consent (encounter) : NULL;
  g_autofree char *hash = NULL, *time = NULL;

  if (consent == NULL)
    {
      bed_call_console_say ("no-consent", NULL);
      return;
    }
  hash = g_base64_encode (bed_patient_consent_get_text_hash (consent), BED_CONSENT_TEXT_HASH_LENGTH);
  time = g_strdup_printf ("%" G_GINT64_FORMAT, bed_patient_consent_get_real_us (consent) / G_USEC_PER_SEC);
  bed_call_console_say ("consent", "version", bed_patient_consent_get_text_version (consent), "hash", hash, "language",
                        bed_patient_consent_get_language (consent), "time", time, "camera",
                        bed_patient_consent_get_camera (consent) ? "yes" : "no", "microphone",
                        bed_patient_consent_get_microphone (consent) ? "yes" : "no", NULL);
}

static void
say_kept (gint64 real_us, gboolean from_patient, const char *text, gpointer data)
{
  bed_call_console_say ("kept", "from", from_patient ? "patient" : "clinician", "text", text, NULL);
}

static void
tell_kept_chat (Clinician *self, gint64 id)
{
  g_autoptr (GError) error = NULL;

  if (!bed_record_store_each_chat (self->store, id, say_kept, NULL, &error))
    g_error ("chat: %s", error->message);
  bed_call_console_say ("kept-end", NULL);
}

static void
do_line (const char *line, gpointer data)
{
  Clinician *self = data;
  g_autoptr (BedArrival) first = g_list_model_get_item (bed_waiting_room_get_arrivals (self->room), 0);

  if (g_str_equal (line, "invite"))
    invite (self, 3600, FALSE);
  else if (g_str_equal (line, "invite-passcode"))
    invite (self, 3600, TRUE);
  else if (g_str_has_prefix (line, "invite "))
    invite (self, strtol (line + strlen ("invite "), NULL, 10), FALSE);
  else if (g_str_equal (line, "revoke") || g_str_equal (line, "end-invitation"))
    end_invite (self, g_str_equal (line, "revoke"));
  else if (g_str_equal (line, "admit"))
    admit (self, 0);
  else if (g_str_has_prefix (line, "admit "))
    admit (self, strtoul (line + strlen ("admit "), NULL, 10));
  else if (g_str_has_prefix (line, "consent "))
    tell_consent (self, g_ascii_strtoll (line + strlen ("consent "), NULL, 10));
  else if (g_str_has_prefix (line, "kept-chat "))
    tell_kept_chat (self, g_ascii_strtoll (line + strlen ("kept-chat "), NULL, 10));
  else if (g_str_equal (line, "arrivals"))
    tell_arrivals (self);
  else if (g_str_has_prefix (line, "decline ") && first != NULL)
    bed_waiting_room_decline (self->room, first, line + strlen ("decline "));
  else if (g_str_has_prefix (line, "message ") && first != NULL)
    bed_call_console_say (bed_waiting_room_message (self->room, first, line + strlen ("message "))
                              ? "message-sent" : "message-not-sent", NULL);
  else
    bed_call_console_say ("not-done", "line", line, NULL);
}

static BedInvite *
dup_invite (const char *room, gpointer data)
{
  g_autoptr (BedSessionInvite) invitation = bed_session_find_invite (((Clinician *) data)->session, room);

  return invitation != NULL ? bed_invite_ref (bed_session_invite_get_invite (invitation)) : NULL;
}

static char *
dup_label (const char *room, gpointer data)
{
  g_autoptr (BedSessionInvite) invitation = bed_session_find_invite (((Clinician *) data)->session, room);

  return g_strdup (invitation != NULL ? bed_session_invite_get_label (invitation) : "");
}

static gint64
get_patient (const char *room, gpointer data)
{
  return 0;
}

static gboolean
asks_passcode (const char *room, gpointer data)
{
  g_autoptr (BedSessionInvite) invitation = bed_session_find_invite (((Clinician *) data)->session, room);

  return invitation != NULL && *bed_session_invite_get_passcode (invitation) != '\0';
}

static gboolean
try_passcode (const char *room, const char *code, guint *left, gpointer data)
{
  Clinician *self = data;
  g_autoptr (BedSessionInvite) invitation = bed_session_find_invite (self->session, room);
  gboolean right = invitation != NULL && bed_session_try_passcode (self->session, invitation, code);

  *left = invitation != NULL ? bed_session_invite_get_passcode_left (invitation) : 0;
  bed_call_console_say ("passcode", "right", right ? "yes" : "no", NULL);
  return right;
}

static gboolean
relay_only (const char *room, gpointer data)
{
  g_autoptr (BedSessionInvite) invitation = bed_session_find_invite (((Clinician *) data)->session, room);

  return invitation != NULL && bed_session_invite_get_relay_only (invitation);
}

static BedEngine *
new_engine (const BedEngineConfig *config, gpointer data)
{
  return bed_local_engine_new (config);
}

static void
on_arrived (BedWaitingRoom *room, BedArrival *arrival, Clinician *self)
{
  bed_call_console_say ("arrived", "name", bed_arrival_get_name (arrival), "callback",
                        bed_arrival_get_callback (arrival), "location", bed_arrival_get_location (arrival), "returning",
                        bed_arrival_get_returning (arrival) ? "yes" : "no", "second-device",
                        bed_arrival_get_second_device (arrival) ? "yes" : "no", NULL);
}

static void
on_done (GObject *object, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static void
unlock (Clinician *self, const char *directory, const char *password)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  self->session = bed_session_new (directory, self->clock, NULL);
  bed_session_unlock_async (self->session, password, NULL, on_done, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  if (!bed_session_unlock_finish (self->session, result, &error))
    g_error ("unlock: %s", error->message);
  while (bed_session_get_client (self->session) == NULL)
    g_main_context_iteration (NULL, TRUE);
  self->store = bed_record_store_open (bed_session_get_vault (self->session), self->clock,
                                       bed_session_get_login (self->session), &error);
  if (self->store == NULL)
    g_error ("record: %s", error->message);
}

static void
open_room (Clinician *self)
{
  const BedWaitingRoomHost host = {
    .dup_invite = dup_invite, .dup_label = dup_label, .get_patient = get_patient, .new_engine = new_engine,
    .asks_passcode = asks_passcode, .try_passcode = try_passcode, .relay_only = relay_only,
  };

  self->room = bed_waiting_room_new (bed_session_get_client (self->session), self->store, self->clock, &host, self);
  g_signal_connect (self->room, "arrived", G_CALLBACK (on_arrived), self);
  g_signal_connect (self->room, "tampered", G_CALLBACK (on_tampered), self);
}

static void
clear (Clinician *self)
{
  g_clear_pointer (&self->console, bed_call_console_free);
  g_clear_object (&self->room);
  g_clear_object (&self->store);
  bed_session_lock (self->session);
  g_clear_object (&self->session);
  g_clear_object (&self->clock);
  g_free (self->link);
}

int
main (int argc, char **argv)
{
  Clinician self = { 0 };

  if (argc < 3 || (argc == 4 && !g_str_equal (argv[3], "--relay-only")) || argc > 4)
    {
      fprintf (stderr, "usage: bed-clinician DIRECTORY PASSWORD [--relay-only]\n");
      return 2;
    }
  self.clock = bed_system_clock_new ();
  self.console = bed_call_console_new (do_line, &self);
  unlock (&self, argv[1], argv[2]);
  self.relay_only = argc == 4;
  open_room (&self); /* before the server says who is there */
  while (bed_session_get_account_state (self.session) != BED_ACCOUNT_STATE_ONLINE)
    g_main_context_iteration (NULL, TRUE);
  bed_call_console_say ("ready", NULL);
  bed_call_console_run (self.console);
  clear (&self);
  return 0;
}
