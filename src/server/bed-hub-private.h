/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-hub.h"
#include "bed-limiter.h"
#include "bed-mailbox.h"
#include "bed-members.h"

#include <string.h>

#define BED_HUB_GRACE_S BED_PROTOCOL_SEAT_RETURN_SECONDS
#define BED_HUB_ATTACH_S 10
#define BED_HUB_SEATS_PER_ROOM 4

/* A browser at a room's door, or inside; for as long as it may come back without a new Admit. */
typedef struct
{
  BedSeatRecord record;
  gint64 owner;
  GBytes *key; /* room || peer */
  BedMailbox *mailbox;
  BedHubClient *client; /* borrowed, nullable */
  gint64 position;      /* as last told */
} BedSeat;

/* A clinician's account. */
typedef struct
{
  gint64 account;
  GBytes *key;
  BedMailbox *mailbox;
  BedHubClient *client; /* borrowed, nullable */
} BedHost;

struct _BedHubClient
{
  BedHub *hub;
  gpointer connection;
  gboolean clinician;
  BedServerSession session;
  gint64 since_us;
  gboolean closing;
  BedBucket bucket;
  BedHost *host; /* borrowed: one of these two after attach */
  BedSeat *seat;
};

struct _BedHub
{
  BedStore *store;
  BedTurn **turn;
  BedClock *clock;
  BedServerLog *log;
  const BedSettings *settings;
  BedHubCallbacks callbacks;
  GHashTable *clients; /* of owned BedHubClient */
  GHashTable *seats;   /* key -> owned BedSeat */
  GHashTable *hosts;   /* key -> owned BedHost */
  guint ticks;
};

gint64 bed_hub_now (BedHub *self);
void bed_hub_note (BedHub *self, const char *what, GError *error);
BedHost *bed_hub_get_host (BedHub *self, gint64 account, gboolean make);
BedSeat *bed_hub_get_seat (BedHub *self, const guint8 *room, const guint8 *peer);
BedSeat *bed_hub_add_seat (BedHub *self, const BedSeatRecord *record, gint64 owner);
void bed_hub_remove_seat (BedHub *self, BedSeat *seat);
/* The room's seats, the oldest first. Returns: (transfer container) */
GPtrArray *bed_hub_list_seats (BedHub *self, const guint8 *room, gint64 owner);

void bed_hub_send (BedHubClient *client, JsonObject *message);
void bed_hub_close (BedHubClient *client);
/* Its seat or account is without a client from now on; the other side is told. */
void bed_hub_part (BedHubClient *client);
JsonObject *bed_hub_message (const char *type);
void bed_hub_send_over (BedHubClient *client, const char *reason);
void bed_hub_tell_room (BedHub *self, gint64 owner, const guint8 *room, BedRoomState state);
void bed_hub_tell_arrived (BedHub *self, BedHubClient *to, BedSeat *seat);
void bed_hub_tell_left (BedHub *self, BedSeat *seat);
void bed_hub_tell_online (BedHub *self, gint64 account, gboolean online);
void bed_hub_tell_positions (BedHub *self, gint64 owner);
void bed_hub_send_parcel (const BedParcelRecord *parcel, gpointer client);
/* Applies the event, writes the state, tells the owner; seats go when the room is over. */
BedCode bed_hub_change_room (BedHub *self, BedRoomRecord *room, BedRoomEvent event);
BedCode bed_hub_handle (BedHubClient *client, JsonObject *message);
