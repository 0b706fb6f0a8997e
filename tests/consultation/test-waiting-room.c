/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-arrival-private.h"
#include "bed-record-fixture.h"
#include "bed-signalling-client-private.h"
#include "bed-waiting-room.h"
#include "fake-engine.h"
#include "sealed-pair.h"

#define SEAT "AAAAAAAAAAAAAAAA"
#define NOW_S G_GINT64_CONSTANT (1767225600)

/* A clinician's room, and one person's page. The server is the test: it carries what each of the
 * two clients has queued. */
typedef struct
{
  BedClock *clock;
  BedInvite *invite, *guest_invite;
  BedSignallingClient *client, *guest_client;
  BedWaitingRoom *room;
  BedSealedLink *page; /* nullable */
  GString *read;       /* what the page was told, a line each */
  const char *version; /* of the text that the page shows */
} Room;

static BedInvite *
dup_invite (const char *room, gpointer data)
{
  return bed_invite_ref (((Room *) data)->invite);
}

static char *
dup_label (const char *room, gpointer data)
{
  return g_strdup ("");
}

static gboolean
relay_only (const char *room, gpointer data)
{
  return FALSE;
}

static BedEngine *
new_engine (const BedEngineConfig *config, gpointer data)
{
  return fake_engine_new ();
}

static gint64
get_patient (const char *room, gpointer data)
{
  return 0;
}

static gboolean
knows_text (const char *version, const char *language, const guint8 *hash, gpointer data)
{
  return g_str_equal (version, "known");
}

static const BedWaitingRoomHost host = {
  .get_patient = get_patient,
  .knows_text = knows_text,
  .new_engine = new_engine,
  .dup_invite = dup_invite,
  .dup_label = dup_label,
  .relay_only = relay_only,
};

static void
open_room (Room *r, BedRecordStore *store)
{
  g_clear_object (&r->room);
  g_clear_object (&r->client);
  r->client = bed_signalling_client_new ("clinic.test", r->clock);
  r->room = bed_waiting_room_new (r->client, store, r->clock, &host, r);
}

static void
set_up (Room *r, gconstpointer data)
{
  r->clock = bed_manual_clock_new (G_USEC_PER_SEC, NOW_S * G_USEC_PER_SEC);
  r->invite = bed_invite_new ();
  r->guest_invite = guest_of (r->invite);
  r->guest_client = bed_signalling_client_new ("clinic.test", r->clock);
  r->guest_client->side = BED_SENDER_PATIENT;
  r->read = g_string_new (NULL);
  r->version = "known";
  open_room (r, NULL);
}

static void
tear_down (Room *r, gconstpointer data)
{
  g_clear_object (&r->page);
  g_clear_object (&r->room);
  g_clear_object (&r->client);
  g_clear_object (&r->guest_client);
  g_clear_pointer (&r->invite, bed_invite_unref);
  g_clear_pointer (&r->guest_invite, bed_invite_unref);
  g_clear_object (&r->clock);
  g_string_free (r->read, TRUE);
}

/* Returns: (transfer full) (nullable): the oldest text that waits. */
static char *
take_relay (BedSignallingClient *client)
{
  BedMessage *message = bed_hop_get_length (client->hop) > 0 ? bed_hop_peek (client->hop, 0) : NULL;
  char *data = message != NULL ? g_strdup (message->data) : NULL;

  if (message != NULL)
    bed_hop_confirm (client->hop, message->n);
  return data;
}

static void
carry (Room *r)
{
  for (gboolean moved = TRUE; moved;)
    {
      g_autofree char *there = take_relay (r->client), *back = NULL;

      if (there != NULL && r->page != NULL)
        bed_sealed_link_receive (r->page, there);
      back = take_relay (r->guest_client);
      if (back != NULL)
        g_signal_emit_by_name (r->client, "relay", bed_invite_get_room (r->invite), SEAT, back);
      moved = there != NULL || back != NULL;
    }
}

static void
on_begun (BedSealedLink *page, Room *r)
{
  char word[] = "en";
  g_autofree char *version = g_strdup (r->version);
  BedSealedMessage join = { .type = BED_SEALED_JOIN, .name = word, .callback = word,
                            .location = word, .language = word,
                            .consent = { .version = version, .language = word, .time = NOW_S,
                                         .agreed = TRUE } };

  g_assert_true (bed_sealed_link_send (page, &join));
}

static void
on_message (BedSealedLink *page, const BedSealedMessage *message, Room *r)
{
  g_string_append_printf (r->read, "%s %s\n", bed_sealed_type_to_string (message->type),
                          message->text != NULL ? message->text : "");
}

/* Again: a page load in the same seat. */
static void
open_page (Room *r)
{
  g_clear_object (&r->page);
  r->page = bed_sealed_link_new (BED_ROLE_PATIENT, r->guest_invite, r->guest_client, NULL, NULL,
                                 r->clock);
  g_signal_connect (r->page, "begun", G_CALLBACK (on_begun), r);
  g_signal_connect (r->page, "message", G_CALLBACK (on_message), r);
  g_signal_emit_by_name (r->client, "arrived", bed_invite_get_room (r->invite), SEAT,
                         NOW_S, FALSE, FALSE);
  bed_sealed_link_start (r->page);
  carry (r);
}

/* Returns: (transfer full): as whom the room knows them. */
static BedArrival *
arrive (Room *r)
{
  GListModel *arrivals = bed_waiting_room_get_arrivals (r->room);
  BedArrival *arrival;

  open_page (r);
  g_assert_cmpuint (g_list_model_get_n_items (arrivals), ==, 1);
  arrival = g_list_model_get_item (arrivals, 0);
  g_assert_true (bed_arrival_get_ready (arrival));
  return arrival;
}

static void
leave (Room *r)
{
  g_signal_emit_by_name (r->client, "left", bed_invite_get_room (r->invite), SEAT);
  g_assert_cmpuint (g_list_model_get_n_items (bed_waiting_room_get_arrivals (r->room)), ==, 0);
}

static void
assert_read (Room *r, const char *lines)
{
  carry (r);
  g_assert_cmpstr (r->read->str, ==, lines);
  g_string_set_size (r->read, 0);
}

/* Their page was loaded again while something was written to them. */
static void
test_message_after_return (Room *r, gconstpointer data)
{
  g_autoptr (BedArrival) asked = arrive (r), back = NULL;

  g_assert_true (bed_waiting_room_message (r->room, asked, "one"));
  assert_read (r, "message one\n");
  leave (r);
  g_assert_false (bed_waiting_room_message (r->room, asked, "two"));
  assert_read (r, "");
  back = arrive (r);
  g_assert_true (back != asked);
  g_assert_true (bed_waiting_room_find (r->room, asked) == back);
  g_assert_true (bed_waiting_room_message (r->room, asked, "two"));
  assert_read (r, "message two\n");
}

/* Signed in anew: another client, and another room. */
static void
test_message_in_another_room (Room *r, gconstpointer data)
{
  g_autoptr (BedArrival) asked = arrive (r), back = NULL;

  open_room (r, NULL);
  g_assert_false (bed_waiting_room_message (r->room, asked, "one"));
  back = arrive (r);
  g_assert_true (bed_waiting_room_message (r->room, asked, "one"));
  assert_read (r, "message one\n");
}

/* Nobody is told of a message to somebody who has left, however that is known. */
static void
test_message_after_leaving (Room *r, gconstpointer data)
{
  static const BedSealedMessage hang_up = { .type = BED_SEALED_HANG_UP,
                                            .reason = BED_HANG_UP_LEFT };

  for (guint way = 0; way < 2; way++)
    {
      g_autoptr (BedArrival) asked = arrive (r);

      if (way == 0)
        {
          g_assert_true (bed_sealed_link_send (r->page, &hang_up));
          carry (r);
        }
      else
        g_signal_emit_by_name (r->client, "room", bed_invite_get_room (r->invite),
                               (int) BED_ROOM_STATE_REVOKED);
      g_assert_cmpuint (g_list_model_get_n_items (bed_waiting_room_get_arrivals (r->room)), ==, 0);
      g_assert_false (bed_arrival_get_online (asked));
      g_assert_false (bed_waiting_room_message (r->room, asked, "one"));
      assert_read (r, "");
    }
}

/* The own way to the server is lost: nothing is said to be sent, and nobody to be there. */
static void
test_own_connection (Room *r, gconstpointer data)
{
  g_autoptr (BedArrival) arrival = NULL;

  bed_signalling_client_set_state (r->client, BED_SIGNALLING_STATE_ONLINE);
  arrival = arrive (r);
  bed_signalling_client_set_state (r->client, BED_SIGNALLING_STATE_WAITING);
  g_assert_false (bed_arrival_get_online (arrival));
  g_assert_false (bed_waiting_room_message (r->room, arrival, "one"));
  assert_read (r, "");
  bed_signalling_client_set_state (r->client, BED_SIGNALLING_STATE_ONLINE);
  g_signal_emit_by_name (r->client, "welcome", FALSE);
  g_signal_emit_by_name (r->client, "arrived", bed_invite_get_room (r->invite), SEAT, NOW_S, FALSE,
                         FALSE);
  g_assert_true (bed_waiting_room_message (r->room, arrival, "one")); /* the session stands */
  assert_read (r, "message one\n");
}

/* As if the time were over. */
static void
give_up_lost (Room *r)
{
  GSource *source = g_main_context_find_source_by_user_data (NULL, r->room);

  g_assert_nonnull (source);
  g_source_set_ready_time (source, 0);
  while (g_main_context_find_source_by_user_data (NULL, r->room) != NULL)
    g_main_context_iteration (NULL, TRUE);
}

/* Who left while nobody could tell of it does not wait for ever. */
static void
test_left_unseen (Room *r, gconstpointer data)
{
  GListModel *arrivals = bed_waiting_room_get_arrivals (r->room);

  g_object_unref (arrive (r));
  g_signal_emit_by_name (r->client, "welcome", FALSE);
  g_signal_emit_by_name (r->client, "arrived", bed_invite_get_room (r->invite), SEAT, NOW_S, FALSE,
                         FALSE);
  give_up_lost (r);
  g_assert_cmpuint (g_list_model_get_n_items (arrivals), ==, 1);
  g_signal_emit_by_name (r->client, "welcome", FALSE);
  g_assert_cmpuint (g_list_model_get_n_items (arrivals), ==, 1);
  give_up_lost (r);
  g_assert_cmpuint (g_list_model_get_n_items (arrivals), ==, 0);
}

/* Nor does the computer stay awake for those behind a server that stays away. */
static void
test_server_away (Room *r, gconstpointer data)
{
  bed_signalling_client_set_state (r->client, BED_SIGNALLING_STATE_ONLINE);
  g_object_unref (arrive (r));
  bed_signalling_client_set_state (r->client, BED_SIGNALLING_STATE_WAITING);
  bed_signalling_client_set_state (r->client, BED_SIGNALLING_STATE_CONNECTING);
  give_up_lost (r);
  g_assert_cmpuint (g_list_model_get_n_items (bed_waiting_room_get_arrivals (r->room)), ==, 0);
}

static void
test_decline_after_return (Room *r, gconstpointer data)
{
  g_autoptr (BedArrival) asked = arrive (r), back = NULL;

  leave (r);
  back = arrive (r);
  g_assert_true (bed_waiting_room_decline (r->room, asked, "no time"));
  assert_read (r, "decline no time\n");
  g_assert_cmpuint (g_list_model_get_n_items (bed_waiting_room_get_arrivals (r->room)), ==, 0);
}

/* Words that nobody reads are not taken for read. */
static void
test_decline_unheard (Room *r, gconstpointer data)
{
  g_autoptr (BedArrival) gone = arrive (r), early = NULL;

  leave (r);
  g_assert_false (bed_waiting_room_decline (r->room, gone, "no time"));
  g_signal_emit_by_name (r->client, "arrived", bed_invite_get_room (r->invite), SEAT, NOW_S, FALSE,
                         FALSE);
  early = g_list_model_get_item (bed_waiting_room_get_arrivals (r->room), 0);
  g_assert_false (bed_waiting_room_decline (r->room, early, "no time"));
  assert_read (r, "");
  g_assert_cmpuint (g_list_model_get_n_items (bed_waiting_room_get_arrivals (r->room)), ==, 0);
}

/* The check of the own camera was open meanwhile. */
static void
test_admit_after_return (Room *r, gconstpointer data)
{
  g_autoptr (BedArrival) asked = arrive (r), back = NULL;

  leave (r);
  g_assert_null (bed_waiting_room_admit (r->room, asked));
  back = arrive (r);
  bed_arrival_set_online (back, FALSE);
  g_assert_null (bed_waiting_room_admit (r->room, asked));
  bed_arrival_set_online (back, TRUE);
  g_assert_nonnull (bed_waiting_room_admit (r->room, asked));
  g_assert_cmpuint (g_list_model_get_n_items (bed_waiting_room_get_arrivals (r->room)), ==, 0);
}

static void
count (guint *n)
{
  *n += 1;
}

/* Whoever loads the page again in the call agrees anew: to words that may be others. */
static void
test_agreed_in_the_call (Room *r, gconstpointer data)
{
  Record record = { 0 };
  g_autoptr (BedArrival) arrival = NULL;
  g_autoptr (BedEncounter) encounter = NULL;
  BedCall *call;
  guint told = 0;

  record_set_up (&record, NULL);
  open_room (r, record.store);
  arrival = arrive (r);
  call = bed_waiting_room_admit (r->room, arrival);
  g_assert_nonnull (call);
  encounter = bed_record_store_get_encounter (record.store, bed_call_get_encounter_id (call), NULL);
  g_assert_true (bed_patient_consent_get_text_known (bed_encounter_get_consent (encounter)));
  g_signal_connect_swapped (arrival, "notify::text-known", G_CALLBACK (count), &told);
  r->version = "other";
  open_page (r);
  g_assert_false (bed_arrival_get_text_known (arrival));
  g_assert_cmpuint (told, >, 0);
  g_assert_cmpstr (
      bed_patient_consent_get_text_version (bed_encounter_get_consent (encounter)), ==, "other");
  g_assert_false (bed_patient_consent_get_text_known (bed_encounter_get_consent (encounter)));
  bed_call_hang_up (call);
  g_clear_object (&r->room);
  record_tear_down (&record, NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) g_test_add (path, Room, NULL, set_up, function, tear_down)
  ADD ("/consultation/waiting-room/message-after-return", test_message_after_return);
  ADD ("/consultation/waiting-room/message-in-another-room", test_message_in_another_room);
  ADD ("/consultation/waiting-room/message-after-leaving", test_message_after_leaving);
  ADD ("/consultation/waiting-room/own-connection", test_own_connection);
  ADD ("/consultation/waiting-room/left-unseen", test_left_unseen);
  ADD ("/consultation/waiting-room/server-away", test_server_away);
  ADD ("/consultation/waiting-room/decline-after-return", test_decline_after_return);
  ADD ("/consultation/waiting-room/decline-unheard", test_decline_unheard);
  ADD ("/consultation/waiting-room/admit-after-return", test_admit_after_return);
  ADD ("/consultation/waiting-room/agreed-in-the-call", test_agreed_in_the_call);
  return g_test_run ();
}
