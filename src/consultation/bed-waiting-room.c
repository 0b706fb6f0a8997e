/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-waiting-room.h"

#include "bed-arrival-private.h"
#include "bed-call-private.h"
#include "bed-display-text-private.h"

#define ARRIVALS_MAX 64
#define BACK_SECONDS 60  /* that somebody has to come back to a server that was started again */
#define AWAY_SECONDS 600 /* without a way to it: as long as the server keeps a seat */

struct _BedWaitingRoom
{
  GObject parent_instance;

  /* owned */
  BedSignallingClient *client;
  BedRecordStore *store; /* (nullable) */
  BedClock *clock;
  GListStore *arrivals;
  BedCall *call;             /* (nullable) */
  BedArrival *call_arrival;  /* (nullable): who the call is with */
  guint lost_source;         /* when those who are not seen any more are given up */
  gboolean attached;

  /* borrowed */
  BedWaitingRoomHost host;
  gpointer user_data;
};

enum { PROP_0, PROP_CALL, N_PROPS };
static GParamSpec *properties[N_PROPS];

enum { ARRIVED, TAMPERED, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedWaitingRoom, bed_waiting_room, G_TYPE_OBJECT)

static gboolean
has_seat (BedArrival *arrival, const char *room, const char *peer)
{
  return g_str_equal (bed_arrival_get_room (arrival), room)
         && g_str_equal (bed_arrival_get_peer (arrival), peer);
}

static BedArrival *
find_waiting (BedWaitingRoom *self, const char *room, const char *peer)
{
  GListModel *list = G_LIST_MODEL (self->arrivals);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (BedArrival) arrival = g_list_model_get_item (list, i);

      if (has_seat (arrival, room, peer))
        return arrival; /* the list holds it */
    }
  return NULL;
}

static BedArrival *
find_arrival (BedWaitingRoom *self, const char *room, const char *peer)
{
  if (self->call_arrival != NULL && has_seat (self->call_arrival, room, peer))
    return self->call_arrival;
  return find_waiting (self, room, peer);
}

static BedArrival *
find_by_link (BedWaitingRoom *self, BedSealedLink *link)
{
  GListModel *list = G_LIST_MODEL (self->arrivals);

  if (self->call_arrival != NULL && bed_arrival_get_link (self->call_arrival) == link)
    return self->call_arrival;
  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (BedArrival) arrival = g_list_model_get_item (list, i);

      if (bed_arrival_get_link (arrival) == link)
        return arrival;
    }
  return NULL;
}

static void
drop_arrival (BedWaitingRoom *self, BedArrival *arrival)
{
  guint position;

  g_signal_handlers_disconnect_by_data (bed_arrival_get_link (arrival), self);
  bed_arrival_set_online (arrival, FALSE); /* also for who holds it still */
  if (g_list_store_find (self->arrivals, arrival, &position))
    g_list_store_remove (self->arrivals, position);
}

/* What comes through the sealed channel */

/* Words that are not the clinic's keep nobody out: a person asks. By the Admit, or a page load in
 * the call, the clinic's present texts have come. */
static void
judge_text (BedWaitingRoom *self, BedArrival *arrival)
{
  const BedPatientConsent *consent = bed_arrival_get_consent (arrival);

  if (self->host.knows_text != NULL
      && !self->host.knows_text (bed_patient_consent_get_text_version (consent),
                                 bed_patient_consent_get_language (consent),
                                 bed_patient_consent_get_text_hash (consent), self->user_data))
    bed_arrival_set_text_unknown (arrival);
}

/* The same seat after a page load: no new Admit, but they have agreed anew. */
static void
renew_call (BedWaitingRoom *self)
{
  judge_text (self, self->call_arrival);
  bed_call_renew (self->call);
}

static void
take_join (BedWaitingRoom *self, BedArrival *arrival, const BedSealedMessage *message)
{
  if (bed_arrival_get_ready (arrival))
    return; /* once in a session: nobody becomes somebody else after the Admit */
  bed_arrival_set_details (arrival, message);
  if (!bed_arrival_get_ready (arrival))
    return;
  if (arrival != self->call_arrival)
    g_signal_emit (self, signals[ARRIVED], 0, arrival);
  else if (bed_arrival_get_admissible (arrival))
    renew_call (self);
}

/* The passcode that the clinician told by telephone. It is looked at here and nowhere else: the
 * server carries it sealed. Once right in a session, it is not asked again. */
static void
take_passcode (BedWaitingRoom *self, BedArrival *arrival, const char *code)
{
  BedSealedMessage result = { .type = BED_SEALED_PASSCODE_RESULT };
  guint left = 0;

  if (!bed_arrival_get_ready (arrival) || bed_arrival_get_admissible (arrival))
    return;
  result.match
      = self->host.try_passcode (bed_arrival_get_room (arrival), code, &left, self->user_data);
  result.left = left;
  bed_arrival_set_passcode (arrival,
                            result.match ? BED_PASSCODE_RIGHT
                            : left > 0   ? BED_PASSCODE_WRONG
                                         : BED_PASSCODE_SPENT,
                            left);
  bed_sealed_link_send (bed_arrival_get_link (arrival), &result);
  if (result.match && arrival == self->call_arrival)
    renew_call (self);
}

static void
on_message (BedSealedLink *link, const BedSealedMessage *message, BedWaitingRoom *self)
{
  BedArrival *arrival = find_by_link (self, link);

  if (arrival == NULL)
    return;
  if (message->type == BED_SEALED_JOIN)
    take_join (self, arrival, message);
  else if (message->type == BED_SEALED_PASSCODE)
    take_passcode (self, arrival, message->text);
  else if (arrival == self->call_arrival && bed_arrival_get_admissible (arrival))
    bed_call_take_message (self->call, message);
  else if (arrival != self->call_arrival && message->type == BED_SEALED_HANG_UP)
    drop_arrival (self, arrival);
}

/* Who begins a new session has to know it again. */
static void
ask_passcode (BedWaitingRoom *self, BedArrival *arrival)
{
  gboolean asked = self->host.asks_passcode != NULL
                   && self->host.asks_passcode (bed_arrival_get_room (arrival), self->user_data);

  bed_arrival_set_passcode (arrival, asked ? BED_PASSCODE_MISSING : BED_PASSCODE_NONE, 0);
}

static void
on_begun (BedSealedLink *link, BedWaitingRoom *self)
{
  BedArrival *arrival = find_by_link (self, link);

  if (arrival == NULL)
    return;
  bed_arrival_clear_details (arrival);
  ask_passcode (self, arrival);
  if (arrival == self->call_arrival)
    bed_call_hold (self->call);
}

static void
on_lost (BedSealedLink *link, gboolean tampered, BedWaitingRoom *self)
{
  BedArrival *arrival = find_by_link (self, link);

  if (arrival == NULL || !tampered)
    return;
  if (arrival == self->call_arrival)
    bed_call_tell_tampered (self->call);
  g_signal_emit (self, signals[TAMPERED], 0, arrival);
}

/* What the server says; hints, nobody gets in by them */

static gint
compare_since (gconstpointer a, gconstpointer b, gpointer data)
{
  gint64 since_a = bed_arrival_get_since ((BedArrival *) a),
         since_b = bed_arrival_get_since ((BedArrival *) b);

  return since_a < since_b ? -1 : since_a > since_b;
}

static BedArrival *
make_arrival (BedWaitingRoom *self, const char *room, const char *peer, gint64 since_s,
              gboolean second_device, gboolean admitted)
{
  g_autoptr (BedInvite) invite = self->host.dup_invite (room, self->user_data);
  g_autofree char *label = self->host.dup_label (room, self->user_data);
  g_autoptr (BedSealedLink) link = NULL;
  BedArrival *arrival;

  if (invite == NULL || g_list_model_get_n_items (G_LIST_MODEL (self->arrivals)) >= ARRIVALS_MAX)
    return NULL; /* not an invitation of this machine */
  link = bed_sealed_link_new (BED_ROLE_CLINICIAN, invite, self->client, room, peer, self->clock);
  g_signal_connect_object (link, "begun", G_CALLBACK (on_begun), self, 0);
  g_signal_connect_object (link, "message", G_CALLBACK (on_message), self, 0);
  g_signal_connect_object (link, "lost", G_CALLBACK (on_lost), self, 0);
  arrival = bed_arrival_new (room, peer, label, since_s * G_USEC_PER_SEC, second_device, admitted,
                             link);
  g_list_store_insert_sorted (self->arrivals, arrival, compare_since, NULL);
  return arrival;
}

static void
on_arrived (BedSignallingClient *client, const char *room, const char *peer, gint64 since_s,
            gboolean second_device, gboolean admitted, BedWaitingRoom *self)
{
  BedArrival *known = find_arrival (self, room, peer);
  g_autoptr (BedArrival) arrival = known != NULL ? g_object_ref (known) : NULL;

  if (arrival == NULL)
    arrival = make_arrival (self, room, peer, since_s, second_device, admitted);
  if (arrival == NULL)
    return;
  bed_arrival_set_online (arrival, TRUE);
  bed_arrival_set_second_device (arrival, second_device);
  bed_arrival_set_returning (arrival, admitted);
  if (!bed_sealed_link_is_open (bed_arrival_get_link (arrival)))
    bed_sealed_link_start (bed_arrival_get_link (arrival));
}

static void
on_left (BedSignallingClient *client, const char *room, const char *peer, BedWaitingRoom *self)
{
  BedArrival *arrival = find_arrival (self, room, peer);

  if (arrival == NULL)
    return;
  if (arrival == self->call_arrival)
    bed_arrival_set_online (arrival, FALSE);
  else
    drop_arrival (self, arrival);
}

static void
on_relay (BedSignallingClient *client, const char *room, const char *peer, const char *data,
          BedWaitingRoom *self)
{
  BedArrival *arrival = find_arrival (self, room, peer);
  g_autoptr (BedArrival) made = NULL;

  if (arrival == NULL)
    arrival = made = make_arrival (
        self, room, peer, bed_clock_get_real_us (self->clock) / G_USEC_PER_SEC, FALSE, FALSE);
  if (arrival != NULL)
    {
      g_autoptr (BedArrival) keep = g_object_ref (arrival);

      bed_sealed_link_receive (bed_arrival_get_link (keep), data);
    }
}

static void
on_room (BedSignallingClient *client, const char *room, BedRoomState state, BedWaitingRoom *self)
{
  GListModel *list = G_LIST_MODEL (self->arrivals);

  if (!bed_room_state_is_over (state))
    return;
  for (guint i = g_list_model_get_n_items (list); i > 0; i--)
    {
      g_autoptr (BedArrival) arrival = g_list_model_get_item (list, i - 1);

      if (g_str_equal (bed_arrival_get_room (arrival), room))
        drop_arrival (self, arrival);
    }
}

/* Without a way to the server nobody is known to be there. */
static void
lose_sight (BedWaitingRoom *self)
{
  GListModel *list = G_LIST_MODEL (self->arrivals);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (BedArrival) arrival = g_list_model_get_item (list, i);

      bed_arrival_set_online (arrival, FALSE);
    }
}

/* Who left meanwhile is told by nobody. */
static gboolean
on_lost_over (gpointer data)
{
  BedWaitingRoom *self = data;
  GListModel *list = G_LIST_MODEL (self->arrivals);

  self->lost_source = 0;
  for (guint i = g_list_model_get_n_items (list); i > 0; i--)
    {
      g_autoptr (BedArrival) arrival = g_list_model_get_item (list, i - 1);

      if (!bed_arrival_get_online (arrival))
        drop_arrival (self, arrival);
    }
  return G_SOURCE_REMOVE;
}

static void
drop_lost_after (BedWaitingRoom *self, guint seconds)
{
  g_clear_handle_id (&self->lost_source, g_source_remove);
  self->lost_source = g_timeout_add_seconds (seconds, on_lost_over, self);
}

static void
on_state (BedSignallingClient *client, GParamSpec *pspec, BedWaitingRoom *self)
{
  gboolean attached = bed_signalling_client_get_state (client) == BED_SIGNALLING_STATE_ONLINE;

  if (!attached && self->attached)
    {
      lose_sight (self);
      drop_lost_after (self, AWAY_SECONDS);
    }
  self->attached = attached;
}

/* Attached again, perhaps to a server that was started again: who is there is told next. */
static void
on_welcome (BedSignallingClient *client, gboolean admitted, BedWaitingRoom *self)
{
  lose_sight (self);
  drop_lost_after (self, BACK_SECONDS);
}

/* The clinician's acts */

static gboolean
go_on_with (BedWaitingRoom *self, BedEncounter *running, BedEncounter **encounter, GError **error)
{
  BedArrival *arrival = self->call_arrival;
  gboolean ok = bed_record_store_set_encounter_arrival (
      self->store, running, bed_arrival_get_name (arrival), bed_arrival_get_callback (arrival),
      bed_arrival_get_location (arrival), bed_arrival_get_consent (arrival), error);

  if (ok)
    *encounter = g_object_ref (running);
  return ok;
}

/* An encounter of this invitation that a crash cut off, or that goes on at another device, goes on;
 * otherwise a new one begins. In the call's own, who was let in stays: only what they agreed to may
 * be newer. */
static gboolean
begin_encounter (BedWaitingRoom *self, BedEncounter **encounter, GError **error)
{
  BedArrival *arrival = self->call_arrival;
  const char *room = bed_arrival_get_room (arrival);
  g_autoptr (BedEncounter) running = NULL;

  if (*encounter != NULL)
    return bed_record_store_set_encounter_arrival (self->store, *encounter, NULL, NULL, NULL,
                                                   bed_arrival_get_consent (arrival), error);
  running = bed_record_store_find_running_encounter (self->store, room);
  if (running != NULL)
    return go_on_with (self, running, encounter, error);
  *encounter = bed_record_store_start_encounter (
      self->store, self->host.get_patient (room, self->user_data), bed_arrival_get_name (arrival),
      bed_arrival_get_callback (arrival), bed_arrival_get_location (arrival),
      bed_arrival_get_consent (arrival), error);
  return *encounter != NULL;
}

static gboolean
record_arrival (gpointer recorder, BedEncounter **encounter, GError **error)
{
  BedWaitingRoom *self = recorder;

  return begin_encounter (self, encounter, error)
         && bed_record_store_set_encounter_room (
             self->store, *encounter, bed_arrival_get_room (self->call_arrival), error);
}

/* The link was opened at another device, and the clinician lets that one in: the call there is
 * over. */
static gboolean
make_way (BedWaitingRoom *self, BedArrival *arrival)
{
  g_autoptr (BedEncounter) encounter = NULL;

  if (self->call == NULL)
    return TRUE;
  if (!g_str_equal (bed_arrival_get_room (self->call_arrival), bed_arrival_get_room (arrival)))
    return FALSE;
  encounter = bed_call_steal_encounter (self->call); /* stays open, and is found again */
  bed_call_end (self->call, BED_CALL_END_LEFT);
  return TRUE;
}

static void
on_call_ended (BedCall *call, int end, BedWaitingRoom *self)
{
  g_autoptr (BedArrival) arrival = g_steal_pointer (&self->call_arrival);
  g_autoptr (BedCall) ended = g_steal_pointer (&self->call);

  g_signal_handlers_disconnect_by_data (call, self);
  drop_arrival (self, arrival);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CALL]);
}

BedArrival *
bed_waiting_room_find (BedWaitingRoom *self, BedArrival *arrival)
{
  return find_waiting (self, bed_arrival_get_room (arrival), bed_arrival_get_peer (arrival));
}

BedCall *
bed_waiting_room_admit (BedWaitingRoom *self, BedArrival *arrival)
{
  guint position;
  BedCallParts parts = { 0 };

  arrival = bed_waiting_room_find (self, arrival);
  if (arrival == NULL || !bed_arrival_get_online (arrival) || !bed_arrival_get_admissible (arrival)
      || !bed_sealed_link_is_open (bed_arrival_get_link (arrival)) || !make_way (self, arrival))
    return NULL;
  judge_text (self, arrival);
  self->call_arrival = g_object_ref (arrival);
  if (g_list_store_find (self->arrivals, arrival, &position))
    g_list_store_remove (self->arrivals, position);
  bed_signalling_client_admit (self->client, bed_arrival_get_room (arrival),
                               bed_arrival_get_peer (arrival));
  parts = (BedCallParts) {
    .link = bed_arrival_get_link (arrival),
    .client = self->client,
    .clock = self->clock,
    .new_engine = self->host.new_engine,
    .user_data = self->user_data,
    .relay_only = self->host.relay_only (bed_arrival_get_room (arrival), self->user_data),
    .peer_name = bed_arrival_get_name (arrival),
    .callback = bed_arrival_get_callback (arrival),
    .location = bed_arrival_get_location (arrival),
    .store = self->store,
    .record_arrival = record_arrival,
    .recorder = self,
  };
  self->call = bed_call_new (&parts);
  g_signal_connect (self->call, "ended", G_CALLBACK (on_call_ended), self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CALL]);
  return self->call;
}

static gboolean
send_words (BedArrival *arrival, BedSealedType type, const char *text)
{
  g_autofree char *cut = bed_display_text (text, BED_PROTOCOL_TEXT_MAX, TRUE);

  return bed_sealed_link_send (bed_arrival_get_link (arrival),
                               &(BedSealedMessage){ .type = type, .text = cut });
}

gboolean
bed_waiting_room_decline (BedWaitingRoom *self, BedArrival *arrival, const char *reason)
{
  BedArrival *there = bed_waiting_room_find (self, arrival);
  gboolean told = there != NULL && send_words (there, BED_SEALED_DECLINE, reason)
                  && bed_arrival_get_online (there);

  bed_signalling_client_decline (self->client, bed_arrival_get_room (arrival),
                                 bed_arrival_get_peer (arrival));
  if (there != NULL)
    drop_arrival (self, there);
  return told;
}

gboolean
bed_waiting_room_message (BedWaitingRoom *self, BedArrival *arrival, const char *text)
{
  BedArrival *there = bed_waiting_room_find (self, arrival);

  return there != NULL && bed_arrival_get_online (there)
         && send_words (there, BED_SEALED_TEXT, text);
}

GListModel *
bed_waiting_room_get_arrivals (BedWaitingRoom *self)
{
  return G_LIST_MODEL (self->arrivals);
}

static void
bed_waiting_room_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_CALL)
    g_value_set_object (value, BED_WAITING_ROOM (object)->call);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bed_waiting_room_dispose (GObject *object)
{
  BedWaitingRoom *self = BED_WAITING_ROOM (object);

  g_clear_handle_id (&self->lost_source, g_source_remove);
  if (self->client != NULL)
    g_signal_handlers_disconnect_by_data (self->client, self);
  if (self->call != NULL)
    g_signal_handlers_disconnect_by_data (self->call, self);
  g_clear_object (&self->call);
  g_clear_object (&self->call_arrival);
  g_clear_object (&self->arrivals);
  g_clear_object (&self->client);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (bed_waiting_room_parent_class)->dispose (object);
}

static void
bed_waiting_room_class_init (BedWaitingRoomClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = bed_waiting_room_get_property;
  object_class->dispose = bed_waiting_room_dispose;
  properties[PROP_CALL] = g_param_spec_object ("call", NULL, NULL, BED_TYPE_CALL,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[ARRIVED] = g_signal_new ("arrived", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, BED_TYPE_ARRIVAL);
  signals[TAMPERED] = g_signal_new ("tampered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 1, BED_TYPE_ARRIVAL);
}

static void
bed_waiting_room_init (BedWaitingRoom *self)
{
  self->arrivals = g_list_store_new (BED_TYPE_ARRIVAL);
}

BedWaitingRoom *
bed_waiting_room_new (BedSignallingClient *client, BedRecordStore *store, BedClock *clock,
                      const BedWaitingRoomHost *host, gpointer user_data)
{
  BedWaitingRoom *self = g_object_new (BED_TYPE_WAITING_ROOM, NULL);

  self->client = g_object_ref (client);
  self->attached = bed_signalling_client_get_state (client) == BED_SIGNALLING_STATE_ONLINE;
  g_set_object (&self->store, store);
  self->clock = g_object_ref (clock);
  self->host = *host;
  self->user_data = user_data;
  g_signal_connect (client, "arrived", G_CALLBACK (on_arrived), self);
  g_signal_connect (client, "left", G_CALLBACK (on_left), self);
  g_signal_connect (client, "relay", G_CALLBACK (on_relay), self);
  g_signal_connect (client, "room", G_CALLBACK (on_room), self);
  g_signal_connect (client, "welcome", G_CALLBACK (on_welcome), self);
  g_signal_connect (client, "notify::state", G_CALLBACK (on_state), self);
  return self;
}
