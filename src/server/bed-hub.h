/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-clock.h"
#include "bed-code.h"
#include "bed-server-log.h"
#include "bed-settings.h"
#include "bed-store.h"
#include "bed-turn.h"

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* The rooms, the waiting line and the relay: who is there, who may hear what (docs/protocol.md, 2.3
 * and 3). Knows nothing of sockets. Thread: main. */
typedef struct _BedHub BedHub;
typedef struct _BedHubClient BedHubClient;

/* What the socket's side has to do; `connection` is its own. After `close` it has to say
 * bed_hub_disconnect, not from inside. */
typedef struct
{
  void (*send) (gpointer connection, const char *text);
  void (*close) (gpointer connection);
} BedHubCallbacks;

/* Reads seats and queues back from the store. All borrowed, and outlive the hub.
 * Returns: (transfer full) (nullable) */
BedHub *bed_hub_new (BedStore *store, BedTurn **turn, BedClock *clock, BedServerLog *log,
                     const BedSettings *settings, const BedHubCallbacks *callbacks, GError **error);
void bed_hub_free (BedHub *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedHub, bed_hub_free)

/* Once a second: expiry, seats that did not come back, clients that never attached or were logged
 * out. */
void bed_hub_tick (BedHub *self);

/* --- HTTP ------------------------------------------------------------------------------------ */
BedCode bed_hub_create_room (BedHub *self, const BedRoomRecord *room);
/* Returns: (transfer full) (nullable) */
JsonArray *bed_hub_list_rooms (BedHub *self, gint64 account);
/* END or REVOKE by the owner. */
BedCode bed_hub_finish_room (BedHub *self, gint64 account, const guint8 *room, BedRoomEvent event);
/* The room if `token` opens it; NOT_FOUND alike for no room and a wrong token. */
BedCode bed_hub_check_token (BedHub *self, const guint8 *room, const guint8 token[32],
                             BedRoomRecord **record);
/* The same, and the state goes on to opened. */
BedCode bed_hub_fetch_card (BedHub *self, const guint8 *room, const guint8 token[32],
                            BedRoomRecord **record);

/* --- WebSocket ------------------------------------------------------------------------------- */
/* `session` is NULL for a patient. Returns: (transfer none): until bed_hub_disconnect */
BedHubClient *bed_hub_connect (BedHub *self, gpointer connection, const BedServerSession *session);
void bed_hub_receive (BedHubClient *client, const char *text, gsize length);
void bed_hub_disconnect (BedHubClient *client);
/* Tells the client why and closes it. */
void bed_hub_refuse (BedHubClient *client, BedCode code);
/* At the end of the process: everybody is told nothing; their clients come back by themselves. */
guint bed_hub_count_clients (BedHub *self);

G_END_DECLS
