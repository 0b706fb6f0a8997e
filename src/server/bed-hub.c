/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-hub-private.h"

#include <sodium.h>

gint64
bed_hub_now (BedHub *self)
{
  return bed_clock_get_real_us (self->clock) / G_USEC_PER_SEC;
}

void
bed_hub_note (BedHub *self, const char *what, GError *error)
{
  bed_server_log_store_failed (self->log, what, error);
}

static void
seat_free (gpointer data)
{
  BedSeat *seat = data;

  if (seat->client)
    seat->client->seat = NULL;
  bed_mailbox_free (seat->mailbox);
  g_bytes_unref (seat->key);
  g_free (seat);
}

static void
host_free (gpointer data)
{
  BedHost *host = data;

  if (host->client)
    host->client->host = NULL;
  bed_mailbox_free (host->mailbox);
  g_bytes_unref (host->key);
  g_free (host);
}

static GBytes *
seat_key (const guint8 *room, const guint8 *peer)
{
  guint8 key[BED_ROOM_LENGTH + BED_PEER_LENGTH];

  memcpy (key, room, BED_ROOM_LENGTH);
  memcpy (key + BED_ROOM_LENGTH, peer, BED_PEER_LENGTH);
  return g_bytes_new (key, sizeof key);
}

BedHost *
bed_hub_get_host (BedHub *self, gint64 account, gboolean make)
{
  g_autoptr (GBytes) key = g_bytes_new (&account, sizeof account);
  BedHost *host = g_hash_table_lookup (self->hosts, key);

  if (host || !make)
    return host;
  host = g_new0 (BedHost, 1);
  host->account = account;
  host->key = g_bytes_ref (key);
  host->mailbox = bed_mailbox_new (self->store, key);
  g_hash_table_insert (self->hosts, host->key, host);
  return host;
}

BedSeat *
bed_hub_get_seat (BedHub *self, const guint8 *room, const guint8 *peer)
{
  g_autoptr (GBytes) key = seat_key (room, peer);

  return g_hash_table_lookup (self->seats, key);
}

BedSeat *
bed_hub_add_seat (BedHub *self, const BedSeatRecord *record, gint64 owner)
{
  BedSeat *seat = g_new0 (BedSeat, 1);

  seat->record = *record;
  seat->owner = owner;
  seat->key = seat_key (record->room, record->peer);
  seat->mailbox = bed_mailbox_new (self->store, seat->key);
  g_hash_table_insert (self->seats, seat->key, seat);
  return seat;
}

void
bed_hub_remove_seat (BedHub *self, BedSeat *seat)
{
  g_autoptr (GError) error = NULL;

  if (!bed_store_call (self->store, delete_seat, seat->record.room, seat->record.peer, &error)
      || !bed_mailbox_erase (seat->mailbox, &error))
    bed_hub_note (self, "remove-seat", error);
  g_hash_table_remove (self->seats, seat->key);
}

static int
compare_since (gconstpointer a, gconstpointer b)
{
  const BedSeat *x = *(BedSeat *const *) a;
  const BedSeat *y = *(BedSeat *const *) b;

  if (x->record.since != y->record.since)
    return x->record.since < y->record.since ? -1 : 1;
  return g_bytes_compare (x->key, y->key);
}

GPtrArray *
bed_hub_list_seats (BedHub *self, const guint8 *room, gint64 owner)
{
  GPtrArray *list = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->seats);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      BedSeat *seat = value;
      if (room ? memcmp (seat->record.room, room, BED_ROOM_LENGTH) == 0 : seat->owner == owner)
        g_ptr_array_add (list, seat);
    }
  g_ptr_array_sort (list, compare_since);
  return list;
}

/* --- From the store --------------------------------------------------------------------------- */

static gboolean
load_seats (BedHub *self, GError **error)
{
  g_autoptr (GArray) seats = bed_store_call (self->store, list_seats, error);

  for (guint i = 0; seats && i < seats->len; i++)
    {
      BedSeatRecord *record = &g_array_index (seats, BedSeatRecord, i);
      g_autoptr (BedRoomRecord) room = bed_store_call (self->store, get_room, record->room, error);

      if (!room)
        return FALSE;
      /* Nobody could come back while we were down, so their time begins now. */
      record->last_seen = bed_hub_now (self);
      bed_hub_add_seat (self, record, room->owner);
    }
  return seats != NULL;
}

static BedMailbox *
find_mailbox (BedHub *self, GBytes *owner)
{
  BedSeat *seat = g_hash_table_lookup (self->seats, owner);
  gint64 account;

  if (seat)
    return seat->mailbox;
  if (g_bytes_get_size (owner) != sizeof account)
    return NULL;
  memcpy (&account, g_bytes_get_data (owner, NULL), sizeof account);
  return bed_hub_get_host (self, account, TRUE)->mailbox;
}

static void
load_hop (const BedHopRecord *hop, gpointer data)
{
  BedMailbox *mailbox = find_mailbox (data, hop->owner);

  if (mailbox)
    bed_mailbox_restore_hop (mailbox, hop);
}

static void
load_parcel (const BedParcelRecord *parcel, gpointer data)
{
  BedMailbox *mailbox = find_mailbox (data, parcel->owner);

  if (mailbox)
    bed_mailbox_restore_parcel (mailbox, parcel);
}

BedHub *
bed_hub_new (BedStore *store, BedTurn **turn, BedClock *clock, BedServerLog *log,
             const BedSettings *settings, const BedHubCallbacks *callbacks, GError **error)
{
  g_autoptr (BedHub) self = g_new0 (BedHub, 1);

  self->store = store;
  self->turn = turn;
  self->clock = clock;
  self->log = log;
  self->settings = settings;
  self->callbacks = *callbacks;
  self->clients = g_hash_table_new_full (NULL, NULL, g_free, NULL);
  self->seats = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, NULL, seat_free);
  self->hosts = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, NULL, host_free);
  if (!load_seats (self, error)
      || !bed_store_call (store, load_relay, load_hop, load_parcel, self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
bed_hub_free (BedHub *self)
{
  g_hash_table_unref (self->seats);
  g_hash_table_unref (self->hosts);
  g_hash_table_unref (self->clients);
  g_free (self);
}

guint
bed_hub_count_clients (BedHub *self)
{
  return g_hash_table_size (self->clients);
}

/* --- Rooms ------------------------------------------------------------------------------------ */

static void
empty_room (BedHub *self, BedRoomRecord *room)
{
  g_autoptr (GPtrArray) seats = bed_hub_list_seats (self, room->id, 0);
  BedHost *host = bed_hub_get_host (self, room->owner, FALSE);
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < seats->len; i++)
    {
      BedSeat *seat = seats->pdata[i];
      if (seat->client)
        bed_hub_send_over (seat->client, bed_room_state_to_string (room->state));
      bed_hub_remove_seat (self, seat);
    }
  if (host && !bed_mailbox_forget_room (host->mailbox, room->id, &error))
    bed_hub_note (self, "forget-room", error);
  bed_hub_tell_positions (self, room->owner);
}

BedCode
bed_hub_change_room (BedHub *self, BedRoomRecord *room, BedRoomEvent event)
{
  BedRoomState before = room->state;
  g_autoptr (GError) error = NULL;

  if (!bed_room_state_apply (&room->state, event))
    return bed_room_state_is_over (before) ? bed_code_for_state (before)
                                           : BED_PROTOCOL_ERROR_CONFLICT;
  if (room->state == before)
    return BED_CODE_OK;
  if (!bed_store_call (self->store, set_room_state, room->id, room->state, &error))
    {
      bed_hub_note (self, "room-state", error);
      room->state = before;
      return BED_PROTOCOL_ERROR_UNAVAILABLE;
    }
  bed_hub_tell_room (self, room->owner, room->id, room->state);
  if (bed_room_state_is_over (room->state))
    empty_room (self, room);
  return BED_CODE_OK;
}

BedCode
bed_hub_create_room (BedHub *self, const BedRoomRecord *room)
{
  g_autoptr (GPtrArray) rooms = NULL;
  g_autoptr (GError) error = NULL;
  gboolean added = FALSE;
  guint open = 0;

  rooms = bed_store_call (self->store, list_rooms, room->owner, &error);
  for (guint i = 0; rooms && i < rooms->len; i++)
    open += !bed_room_state_is_over (((BedRoomRecord *) rooms->pdata[i])->state);
  if (rooms && open >= self->settings->max_rooms_per_account)
    return BED_PROTOCOL_ERROR_TOO_LARGE;
  if (!rooms || !bed_store_call (self->store, add_room, room, &added, &error))
    {
      bed_hub_note (self, "add-room", error);
      return BED_PROTOCOL_ERROR_UNAVAILABLE;
    }
  return added ? BED_CODE_OK : BED_PROTOCOL_ERROR_CONFLICT;
}

JsonArray *
bed_hub_list_rooms (BedHub *self, gint64 account)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rooms = bed_store_call (self->store, list_rooms, account, &error);
  JsonArray *list;

  if (!rooms)
    {
      bed_hub_note (self, "list-rooms", error);
      return NULL;
    }
  list = json_array_sized_new (rooms->len);
  for (guint i = 0; i < rooms->len; i++)
    {
      BedRoomRecord *room = rooms->pdata[i];
      JsonObject *entry = json_object_new ();

      bed_members_set_bytes (entry, "room", room->id, BED_ROOM_LENGTH);
      json_object_set_string_member (entry, "state", bed_room_state_to_string (room->state));
      json_object_set_int_member (entry, "created", room->created);
      json_object_set_int_member (entry, "expires", room->expires);
      json_array_add_object_element (list, entry);
    }
  return list;
}

/* Returns: (transfer full) (nullable), with a code when NULL */
static BedRoomRecord *
find_room (BedHub *self, const guint8 *id, BedCode *code)
{
  g_autoptr (GError) error = NULL;
  BedRoomRecord *room = bed_store_call (self->store, get_room, id, &error);

  *code = room    ? BED_CODE_OK
          : error ? BED_PROTOCOL_ERROR_UNAVAILABLE
                  : BED_PROTOCOL_ERROR_NOT_FOUND;
  if (error)
    bed_hub_note (self, "get-room", error);
  return room;
}

BedCode
bed_hub_finish_room (BedHub *self, gint64 account, const guint8 *id, BedRoomEvent event)
{
  BedCode code;
  g_autoptr (BedRoomRecord) room = find_room (self, id, &code);

  if (!room)
    return code;
  if (room->owner != account)
    return BED_PROTOCOL_ERROR_FORBIDDEN;
  if ((event == BED_ROOM_END && room->state == BED_ROOM_STATE_ENDED)
      || (event == BED_ROOM_REVOKE && room->state == BED_ROOM_STATE_REVOKED))
    return BED_CODE_OK;
  return bed_hub_change_room (self, room, event);
}

static gboolean
somebody_inside (BedHub *self, const guint8 *room)
{
  g_autoptr (GPtrArray) seats = bed_hub_list_seats (self, room, 0);

  for (guint i = 0; i < seats->len; i++)
    if (((BedSeat *) seats->pdata[i])->record.admitted)
      return TRUE;
  return FALSE;
}

BedCode
bed_hub_check_token (BedHub *self, const guint8 *id, const guint8 token[32], BedRoomRecord **record)
{
  BedCode code;
  g_autoptr (BedRoomRecord) room = find_room (self, id, &code);
  guint8 hash[crypto_hash_sha256_BYTES];

  if (!room)
    return code;
  crypto_hash_sha256 (hash, token, 32);
  if (sodium_memcmp (hash, room->token_hash, sizeof hash) != 0)
    return BED_PROTOCOL_ERROR_NOT_FOUND;
  if (bed_room_state_is_over (room->state))
    return bed_code_for_state (room->state);
  /* A visit that runs over its time is not cut off. */
  if (room->expires <= bed_hub_now (self) && !somebody_inside (self, id))
    return BED_PROTOCOL_ERROR_EXPIRED;
  *record = g_steal_pointer (&room);
  return BED_CODE_OK;
}

BedCode
bed_hub_fetch_card (BedHub *self, const guint8 *id, const guint8 token[32], BedRoomRecord **record)
{
  BedCode code = bed_hub_check_token (self, id, token, record);

  if (code == BED_CODE_OK)
    code = bed_hub_change_room (self, *record, BED_ROOM_FETCH);
  return code;
}

/* --- Once a second ---------------------------------------------------------------------------- */

static void
expire_rooms (BedHub *self, gint64 now)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rooms = bed_store_call (self->store, list_due_rooms, now, &error);

  if (!rooms)
    bed_hub_note (self, "due-rooms", error);
  for (guint i = 0; rooms && i < rooms->len; i++)
    {
      BedRoomRecord *room = rooms->pdata[i];
      if (!somebody_inside (self, room->id))
        bed_hub_change_room (self, room, BED_ROOM_EXPIRE);
    }
}

static void
expire_seats (BedHub *self, gint64 now)
{
  g_autoptr (GList) seats = g_hash_table_get_values (self->seats);

  for (GList *l = seats; l; l = l->next)
    {
      BedSeat *seat = l->data;
      if (!seat->client && now - seat->record.last_seen > BED_HUB_GRACE_S)
        bed_hub_remove_seat (self, seat);
    }
}

static gboolean
session_is_gone (BedHub *self, const BedServerSession *session, gint64 now)
{
  BedServerSession fresh;
  gboolean found = FALSE;
  g_autoptr (GError) error = NULL;

  if (bed_store_call (self->store, find_session_by_family, session->family_hash, now, &fresh,
                      &found, &error))
    return !found;
  bed_hub_note (self, "check-session", error);
  return FALSE;
}

static void
check_clients (BedHub *self, gint64 now)
{
  g_autoptr (GList) clients = g_hash_table_get_keys (self->clients);
  gint64 now_us = bed_clock_get_monotonic_us (self->clock);

  for (GList *l = clients; l; l = l->next)
    {
      BedHubClient *client = l->data;

      if (client->closing)
        continue;
      if (!client->host && !client->seat
          && now_us - client->since_us > BED_HUB_ATTACH_S * G_USEC_PER_SEC)
        bed_hub_refuse (client, BED_PROTOCOL_ERROR_BAD_REQUEST);
      else if (client->clinician && self->ticks % 2 == 0
               && session_is_gone (self, &client->session, now))
        bed_hub_refuse (client, BED_PROTOCOL_ERROR_UNAUTHORIZED);
    }
}

void
bed_hub_tick (BedHub *self)
{
  gint64 now = bed_hub_now (self);
  g_autoptr (GError) error = NULL;

  self->ticks++;
  expire_rooms (self, now);
  expire_seats (self, now);
  check_clients (self, now);
  if (self->ticks % 3600 == 1 && !bed_store_call (self->store, purge, now, &error))
    bed_hub_note (self, "purge", error);
}
