/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-hub-private.h"

#include <sodium.h>

/* What clients say (docs/protocol.md, 3.1 and 3.3). */

static const BedLimit message_limit = { .burst = 300, .per_minute = 1800 };

BedHubClient *
bed_hub_connect (BedHub *self, gpointer connection, const BedServerSession *session)
{
  BedHubClient *client = g_new0 (BedHubClient, 1);

  client->hub = self;
  client->connection = connection;
  client->since_us = bed_clock_get_monotonic_us (self->clock);
  if (session)
    {
      client->clinician = TRUE;
      client->session = *session;
    }
  g_hash_table_add (self->clients, client);
  return client;
}

static void
note_seat (BedHub *self, BedSeat *seat)
{
  g_autoptr (GError) error = NULL;

  seat->record.last_seen = bed_hub_now (self);
  if (!bed_store_call (self->store, put_seat, &seat->record, &error))
    bed_hub_note (self, "put-seat", error);
}

void
bed_hub_part (BedHubClient *client)
{
  BedHub *self = client->hub;
  BedSeat *seat = g_steal_pointer (&client->seat);
  BedHost *host = g_steal_pointer (&client->host);

  if (seat)
    {
      seat->client = NULL;
      note_seat (self, seat);
      bed_hub_tell_left (self, seat);
      bed_hub_tell_positions (self, seat->owner);
    }
  if (host)
    {
      host->client = NULL;
      bed_hub_tell_online (self, host->account, FALSE);
    }
}

void
bed_hub_disconnect (BedHubClient *client)
{
  client->closing = TRUE;
  bed_hub_part (client);
  g_hash_table_remove (client->hub->clients, client);
}

static void
set_welcome (BedHubClient *client, JsonObject *message)
{
  BedHub *self = client->hub;
  gint64 now = bed_hub_now (self);

  json_object_set_int_member (message, "server_time", now);
  json_object_set_array_member (message, "ice_servers",
                                bed_turn_get_ice_servers (*self->turn, !client->clinician, now));
  json_object_set_int_member (message, "ttl", bed_turn_get_ttl (*self->turn));
}

/* --- Attach ----------------------------------------------------------------------------------- */

static BedCode
failed (BedHub *self, const char *what, GError *error)
{
  bed_hub_note (self, what, error);
  return BED_PROTOCOL_ERROR_UNAVAILABLE;
}

static void
greet_host (BedHubClient *client, BedHost *host)
{
  BedHub *self = client->hub;
  g_autoptr (GPtrArray) seats = bed_hub_list_seats (self, NULL, host->account);
  JsonObject *message = bed_hub_message ("welcome");

  set_welcome (client, message);
  bed_hub_send (client, message);
  for (guint i = 0; i < seats->len; i++)
    if (((BedSeat *) seats->pdata[i])->client)
      bed_hub_tell_arrived (self, client, seats->pdata[i]);
  bed_mailbox_foreach (host->mailbox, bed_hub_send_parcel, client);
  bed_hub_tell_online (self, host->account, TRUE);
}

/* The account comes from elsewhere: nobody who waits is told, as it is there all the same.
   Returns: whether it was there. */
static gboolean
supersede (BedHost *host)
{
  BedHubClient *old = g_steal_pointer (&host->client);

  if (!old)
    return FALSE;
  old->host = NULL;
  bed_hub_refuse (old, BED_PROTOCOL_ERROR_CONFLICT);
  return TRUE;
}

static BedCode
handle_attach (BedHubClient *client, JsonObject *message)
{
  BedHub *self = client->hub;
  guint8 hop[BED_HOP_LENGTH];
  g_autoptr (GError) error = NULL;
  BedHost *host;
  gboolean was_there;

  if (!client->clinician)
    return BED_PROTOCOL_ERROR_UNAUTHORIZED;
  if (!bed_members_get_bytes (message, "hop", hop, sizeof hop))
    return BED_PROTOCOL_ERROR_BAD_REQUEST;
  host = bed_hub_get_host (self, client->session.account, TRUE);
  was_there = supersede (host);
  if (!bed_mailbox_attach (host->mailbox, hop, &error))
    {
      if (was_there)
        bed_hub_tell_online (self, host->account, FALSE);
      return failed (self, "attach", error);
    }
  host->client = client;
  client->host = host;
  greet_host (client, host);
  return BED_CODE_OK;
}

static void
make_peer (const guint8 *room, const guint8 *seat, guint8 peer[BED_PEER_LENGTH])
{
  static const char label[] = "bedside peer v1";
  crypto_hash_sha256_state state;
  guint8 hash[crypto_hash_sha256_BYTES];

  crypto_hash_sha256_init (&state);
  crypto_hash_sha256_update (&state, (const guint8 *) label, strlen (label));
  crypto_hash_sha256_update (&state, room, BED_ROOM_LENGTH);
  crypto_hash_sha256_update (&state, seat, BED_SEAT_BYTES);
  crypto_hash_sha256_final (&state, hash);
  memcpy (peer, hash, BED_PEER_LENGTH);
}

/* When the door is crowded, those who went away lose their place first. */
static gboolean
make_space (BedHub *self, const guint8 *room)
{
  g_autoptr (GPtrArray) seats = bed_hub_list_seats (self, room, 0);

  if (seats->len < BED_HUB_SEATS_PER_ROOM)
    return TRUE;
  for (guint i = 0; i < seats->len; i++)
    {
      BedSeat *seat = seats->pdata[i];
      if (!seat->client && !seat->record.admitted)
        {
          bed_hub_remove_seat (self, seat);
          return TRUE;
        }
    }
  return FALSE;
}

/* Later than every other of the room, be it by a second that has not passed: the order of two tells who is the second
 * device. */
static gint64
next_since (BedHub *self, const guint8 *room)
{
  g_autoptr (GPtrArray) seats = bed_hub_list_seats (self, room, 0);
  const BedSeat *last = seats->len > 0 ? seats->pdata[seats->len - 1] : NULL;
  gint64 now = bed_hub_now (self);

  return last != NULL && last->record.since >= now ? last->record.since + 1 : now;
}

static BedSeat *
take_seat (BedHub *self, const BedRoomRecord *room, const guint8 *peer, BedCode *code)
{
  BedSeat *seat = bed_hub_get_seat (self, room->id, peer);
  BedSeatRecord record = { .since = next_since (self, room->id), .last_seen = bed_hub_now (self) };
  g_autoptr (GError) error = NULL;

  if (seat)
    return seat;
  if (!make_space (self, room->id))
    {
      *code = BED_PROTOCOL_ERROR_CONFLICT;
      return NULL;
    }
  memcpy (record.room, room->id, BED_ROOM_LENGTH);
  memcpy (record.peer, peer, BED_PEER_LENGTH);
  if (!bed_store_call (self->store, put_seat, &record, &error))
    {
      *code = failed (self, "put-seat", error);
      return NULL;
    }
  return bed_hub_add_seat (self, &record, room->owner);
}

static void
greet_seat (BedHubClient *client, BedSeat *seat)
{
  BedHub *self = client->hub;
  BedHost *host = bed_hub_get_host (self, seat->owner, FALSE);
  g_autoptr (GPtrArray) seats = bed_hub_list_seats (self, NULL, seat->owner);
  JsonObject *message = bed_hub_message ("welcome");

  seat->position = 1;
  for (guint i = 0; i < seats->len && seats->pdata[i] != seat; i++)
    {
      BedSeat *other = seats->pdata[i];
      seat->position += other->client && !other->record.admitted;
    }
  set_welcome (client, message);
  json_object_set_int_member (message, "position", seat->position);
  bed_members_set_bytes (message, "peer", seat->record.peer, BED_PEER_LENGTH);
  json_object_set_string_member (message, "state", seat->record.admitted ? "admitted" : "waiting");
  json_object_set_boolean_member (message, "host_online", host && host->client);
  bed_hub_send (client, message);
}

static BedCode
sit_down (BedHubClient *client, BedSeat *seat, const guint8 *hop)
{
  BedHub *self = client->hub;
  g_autoptr (GError) error = NULL;

  if (seat->client)
    bed_hub_close (seat->client);
  if (!bed_mailbox_attach (seat->mailbox, hop, &error))
    return failed (self, "attach", error);
  seat->client = client;
  client->seat = seat;
  note_seat (self, seat);
  greet_seat (client, seat);
  bed_hub_tell_arrived (self, NULL, seat);
  bed_mailbox_foreach (seat->mailbox, bed_hub_send_parcel, client);
  bed_hub_tell_positions (self, seat->owner);
  return BED_CODE_OK;
}

static BedCode
handle_join (BedHubClient *client, JsonObject *message)
{
  guint8 id[BED_ROOM_LENGTH];
  guint8 token[BED_TOKEN_BYTES];
  guint8 seat_key[BED_SEAT_BYTES];
  guint8 hop[BED_HOP_LENGTH];
  guint8 peer[BED_PEER_LENGTH];
  g_autoptr (BedRoomRecord) room = NULL;
  BedSeat *seat;
  BedCode code;

  if (client->clinician || !bed_members_get_bytes (message, "room", id, sizeof id)
      || !bed_members_get_bytes (message, "token", token, sizeof token)
      || !bed_members_get_bytes (message, "seat", seat_key, sizeof seat_key)
      || !bed_members_get_bytes (message, "hop", hop, sizeof hop))
    return BED_PROTOCOL_ERROR_BAD_REQUEST;
  code = bed_hub_check_token (client->hub, id, token, &room);
  bed_secret_wipe (token, sizeof token);
  if (code != BED_CODE_OK)
    return code;
  make_peer (id, seat_key, peer);
  seat = take_seat (client->hub, room, peer, &code);
  if (!seat)
    return code;
  code = bed_hub_change_room (client->hub, room, BED_ROOM_JOIN);
  return code == BED_CODE_OK ? sit_down (client, seat, hop) : code;
}

/* --- Relay ------------------------------------------------------------------------------------ */

static void
confirm (BedHubClient *client, gint64 n)
{
  JsonObject *message = bed_hub_message ("ok");

  json_object_set_int_member (message, "n", n);
  bed_hub_send (client, message);
}

static BedCode
pass_on (BedHubClient *client, BedMailbox *mine, BedMailbox *target, BedHubClient *to,
         const guint8 *room, const guint8 *peer, JsonObject *message)
{
  const char *data = bed_members_get_text (message, "data", BED_PROTOCOL_MESSAGE_MAX);
  const BedParcelRecord *parcel;
  g_autoptr (GError) error = NULL;
  gint64 n;

  if (!data || !bed_members_get_integer (message, "n", 1, G_MAXINT64 - 1, &n))
    return BED_PROTOCOL_ERROR_BAD_REQUEST;
  switch (bed_mailbox_judge (mine, n))
    {
    case BED_MAILBOX_JUMP:
      return BED_PROTOCOL_ERROR_CONFLICT;
    case BED_MAILBOX_REPEAT:
      confirm (client, n);
      return BED_CODE_OK;
    case BED_MAILBOX_NEXT:
      break;
    }
  parcel = bed_mailbox_take (mine, n, target, room, peer, data, &error);
  if (error)
    return failed (client->hub, "relay", error);
  confirm (client, n);
  if (parcel && to)
    bed_hub_send_parcel (parcel, to);
  return BED_CODE_OK;
}

static gboolean
read_target (JsonObject *message, guint8 *room, guint8 *peer)
{
  return bed_members_get_bytes (message, "room", room, BED_ROOM_LENGTH)
         && bed_members_get_bytes (message, "peer", peer, BED_PEER_LENGTH);
}

/* The room must be this account's, whatever the peer says. */
static BedCode
check_owner (BedHubClient *client, const guint8 *id, BedRoomRecord **record)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedRoomRecord) room = bed_store_call (client->hub->store, get_room, id, &error);

  if (error)
    return failed (client->hub, "get-room", error);
  if (!room || room->owner != client->host->account)
    return BED_PROTOCOL_ERROR_NOT_FOUND;
  *record = g_steal_pointer (&room);
  return BED_CODE_OK;
}

static BedCode
relay_from_host (BedHubClient *client, JsonObject *message)
{
  guint8 room[BED_ROOM_LENGTH];
  guint8 peer[BED_PEER_LENGTH];
  g_autoptr (BedRoomRecord) record = NULL;
  BedSeat *seat;
  BedCode code;

  if (!read_target (message, room, peer))
    return BED_PROTOCOL_ERROR_BAD_REQUEST;
  code = check_owner (client, room, &record);
  if (code != BED_CODE_OK)
    return code;
  /* A seat that is gone takes nothing, but the number is used up: its sender has heard `left`. */
  seat = bed_hub_get_seat (client->hub, room, peer);
  return pass_on (client, client->host->mailbox, seat ? seat->mailbox : NULL,
                  seat ? seat->client : NULL, room, peer, message);
}

static BedCode
relay_from_seat (BedHubClient *client, JsonObject *message)
{
  BedSeat *seat = client->seat;
  BedHost *host = bed_hub_get_host (client->hub, seat->owner, TRUE);

  return pass_on (client, seat->mailbox, host->mailbox, host->client, seat->record.room,
                  seat->record.peer, message);
}

static BedCode
handle_relay (BedHubClient *client, JsonObject *message)
{
  return client->host ? relay_from_host (client, message) : relay_from_seat (client, message);
}

static BedCode
handle_ok (BedHubClient *client, JsonObject *message)
{
  BedMailbox *mailbox = client->host ? client->host->mailbox : client->seat->mailbox;
  g_autoptr (GError) error = NULL;
  gint64 n;

  if (!bed_members_get_integer (message, "n", 1, G_MAXINT64, &n))
    return BED_PROTOCOL_ERROR_BAD_REQUEST;
  if (!bed_mailbox_confirm (mailbox, n, &error))
    return failed (client->hub, "confirm", error);
  return BED_CODE_OK;
}

/* --- The clinician's acts --------------------------------------------------------------------- */

static void
replace_others (BedHub *self, BedSeat *seat)
{
  g_autoptr (GPtrArray) seats = bed_hub_list_seats (self, seat->record.room, 0);

  for (guint i = 0; i < seats->len; i++)
    {
      BedSeat *other = seats->pdata[i];

      if (other == seat || !other->record.admitted)
        continue;
      if (other->client)
        bed_hub_send_over (other->client, "replaced");
      bed_hub_tell_left (self, other);
      bed_hub_remove_seat (self, other);
    }
}

static BedCode
admit (BedHub *self, BedRoomRecord *room, BedSeat *seat)
{
  g_autoptr (GError) error = NULL;
  BedSeatRecord record = seat->record;
  BedCode code = bed_hub_change_room (self, room, BED_ROOM_ADMIT);

  if (code != BED_CODE_OK)
    return code;
  record.admitted = TRUE;
  if (!bed_store_call (self->store, put_seat, &record, &error))
    return failed (self, "admit", error);
  seat->record = record;
  replace_others (self, seat);
  bed_hub_tell_positions (self, seat->owner);
  return BED_CODE_OK;
}

static BedCode
decline (BedHub *self, BedSeat *seat)
{
  gint64 owner = seat->owner;

  if (seat->client)
    bed_hub_send_over (seat->client, "declined");
  bed_hub_tell_left (self, seat);
  bed_hub_remove_seat (self, seat);
  bed_hub_tell_positions (self, owner);
  return BED_CODE_OK;
}

static BedCode
handle_act (BedHubClient *client, JsonObject *message, gboolean admitting)
{
  guint8 room[BED_ROOM_LENGTH];
  guint8 peer[BED_PEER_LENGTH];
  g_autoptr (BedRoomRecord) record = NULL;
  BedSeat *seat;
  BedCode code;

  if (!client->host)
    return BED_PROTOCOL_ERROR_FORBIDDEN;
  if (!read_target (message, room, peer))
    return BED_PROTOCOL_ERROR_BAD_REQUEST;
  code = check_owner (client, room, &record);
  if (code != BED_CODE_OK)
    return code;
  seat = bed_hub_get_seat (client->hub, room, peer);
  if (!seat)
    return BED_PROTOCOL_ERROR_NOT_FOUND;
  return admitting ? admit (client->hub, record, seat) : decline (client->hub, seat);
}

static BedCode
handle_leave (BedHubClient *client)
{
  BedHub *self = client->hub;
  BedSeat *seat = client->seat;
  gint64 owner;

  if (!seat)
    return BED_PROTOCOL_ERROR_BAD_REQUEST;
  owner = seat->owner;
  bed_hub_close (client);
  bed_hub_tell_left (self, seat);
  bed_hub_remove_seat (self, seat);
  bed_hub_tell_positions (self, owner);
  return BED_CODE_OK;
}

/* --- Dispatch --------------------------------------------------------------------------------- */

BedCode
bed_hub_handle (BedHubClient *client, JsonObject *message)
{
  const char *type = bed_members_get_text (message, "type", 32);

  if (!type)
    return BED_PROTOCOL_ERROR_BAD_REQUEST;
  if (!client->host && !client->seat)
    return strcmp (type, "attach") == 0 ? handle_attach (client, message)
           : strcmp (type, "join") == 0 ? handle_join (client, message)
                                        : BED_PROTOCOL_ERROR_BAD_REQUEST;
  if (strcmp (type, "relay") == 0)
    return handle_relay (client, message);
  if (strcmp (type, "ok") == 0)
    return handle_ok (client, message);
  if (strcmp (type, "admit") == 0)
    return handle_act (client, message, TRUE);
  if (strcmp (type, "decline") == 0)
    return handle_act (client, message, FALSE);
  if (strcmp (type, "leave") == 0)
    return handle_leave (client);
  return BED_PROTOCOL_ERROR_BAD_REQUEST;
}

void
bed_hub_receive (BedHubClient *client, const char *text, gsize length)
{
  gint64 now_us = bed_clock_get_monotonic_us (client->hub->clock);
  g_autoptr (JsonObject) message = NULL;
  gboolean attached = client->host || client->seat;
  JsonObject *answer;
  BedCode code;

  if (client->closing)
    return;
  if (bed_bucket_take (&client->bucket, &message_limit, now_us))
    {
      bed_hub_refuse (client, BED_PROTOCOL_ERROR_RATE_LIMITED);
      return;
    }
  message = bed_json_parse (text, length, NULL);
  if (!message)
    {
      bed_hub_refuse (client, BED_PROTOCOL_ERROR_BAD_REQUEST);
      return;
    }
  code = bed_hub_handle (client, message);
  if (code == BED_CODE_OK)
    return;
  if (!attached)
    {
      bed_hub_refuse (client, code);
      return;
    }
  answer = bed_hub_message ("error");
  json_object_set_string_member (answer, "code", bed_protocol_error_to_code (code));
  bed_hub_send (client, answer);
}
