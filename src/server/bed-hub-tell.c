/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-hub-private.h"

/* What the hub says to its clients (docs/protocol.md, 3.2). */

JsonObject *
bed_hub_message (const char *type)
{
  JsonObject *message = json_object_new ();

  json_object_set_string_member (message, "type", type);
  return message;
}

void
bed_hub_send (BedHubClient *client, JsonObject *message)
{
  g_autoptr (JsonObject) owned = message;
  g_autofree char *text = NULL;

  if (client->closing)
    return;
  text = bed_json_print (owned);
  client->hub->callbacks.send (client->connection, text);
}

/* The client no longer counts from here on, whenever its socket is really gone. */
void
bed_hub_close (BedHubClient *client)
{
  if (client->closing)
    return;
  client->closing = TRUE;
  if (client->host)
    client->host->client = NULL;
  if (client->seat)
    client->seat->client = NULL;
  client->host = NULL;
  client->seat = NULL;
  client->hub->callbacks.close (client->connection);
}

void
bed_hub_refuse (BedHubClient *client, BedCode code)
{
  JsonObject *message = bed_hub_message ("error");

  json_object_set_string_member (message, "code", bed_protocol_error_to_code (code));
  bed_hub_send (client, message);
  bed_hub_part (client);
  bed_hub_close (client);
}

void
bed_hub_send_over (BedHubClient *client, const char *reason)
{
  JsonObject *message = bed_hub_message ("over");

  json_object_set_string_member (message, "reason", reason);
  bed_hub_send (client, message);
  bed_hub_close (client);
}

static BedHubClient *
host_client (BedHub *self, gint64 account)
{
  BedHost *host = bed_hub_get_host (self, account, FALSE);

  return host ? host->client : NULL;
}

void
bed_hub_tell_room (BedHub *self, gint64 owner, const guint8 *room, BedRoomState state)
{
  BedHubClient *client = host_client (self, owner);
  JsonObject *message;

  if (!client)
    return;
  message = bed_hub_message ("room");
  bed_members_set_bytes (message, "room", room, BED_ROOM_LENGTH);
  json_object_set_string_member (message, "state", bed_room_state_to_string (state));
  bed_hub_send (client, message);
}

/* Somebody else of this link was there before. */
static gboolean
is_second_device (BedHub *self, BedSeat *seat)
{
  g_autoptr (GPtrArray) seats = bed_hub_list_seats (self, seat->record.room, 0);

  return seats->len > 1 && !seat->record.admitted && seats->pdata[0] != seat;
}

void
bed_hub_tell_arrived (BedHub *self, BedHubClient *to, BedSeat *seat)
{
  BedHubClient *client = to ? to : host_client (self, seat->owner);
  JsonObject *message;

  if (!client)
    return;
  message = bed_hub_message ("arrived");
  bed_members_set_bytes (message, "room", seat->record.room, BED_ROOM_LENGTH);
  bed_members_set_bytes (message, "peer", seat->record.peer, BED_PEER_LENGTH);
  json_object_set_int_member (message, "since", seat->record.since);
  json_object_set_boolean_member (message, "second_device", is_second_device (self, seat));
  json_object_set_boolean_member (message, "admitted", seat->record.admitted);
  bed_hub_send (client, message);
}

void
bed_hub_tell_left (BedHub *self, BedSeat *seat)
{
  BedHubClient *client = host_client (self, seat->owner);
  JsonObject *message;

  if (!client)
    return;
  message = bed_hub_message ("left");
  bed_members_set_bytes (message, "room", seat->record.room, BED_ROOM_LENGTH);
  bed_members_set_bytes (message, "peer", seat->record.peer, BED_PEER_LENGTH);
  bed_hub_send (client, message);
}

void
bed_hub_tell_online (BedHub *self, gint64 account, gboolean online)
{
  g_autoptr (GPtrArray) seats = bed_hub_list_seats (self, NULL, account);

  for (guint i = 0; i < seats->len; i++)
    {
      BedSeat *seat = seats->pdata[i];
      JsonObject *message;

      if (!seat->client)
        continue;
      message = bed_hub_message ("host");
      json_object_set_boolean_member (message, "online", online);
      bed_hub_send (seat->client, message);
    }
}

/* The line is of everybody who waits for this clinician and is there. */
void
bed_hub_tell_positions (BedHub *self, gint64 owner)
{
  g_autoptr (GPtrArray) seats = bed_hub_list_seats (self, NULL, owner);
  gint64 position = 0;

  for (guint i = 0; i < seats->len; i++)
    {
      BedSeat *seat = seats->pdata[i];
      JsonObject *message;

      if (!seat->client || seat->record.admitted || ++position == seat->position)
        continue;
      seat->position = position;
      message = bed_hub_message ("position");
      json_object_set_int_member (message, "position", position);
      bed_hub_send (seat->client, message);
    }
}

void
bed_hub_send_parcel (const BedParcelRecord *parcel, gpointer data)
{
  BedHubClient *client = data;
  JsonObject *message = bed_hub_message ("relay");

  bed_members_set_bytes (message, "room", parcel->room, BED_ROOM_LENGTH);
  bed_members_set_bytes (message, "peer", parcel->peer, BED_PEER_LENGTH);
  json_object_set_int_member (message, "n", parcel->n);
  json_object_set_string_member (message, "data", parcel->data);
  bed_hub_send (client, message);
}
