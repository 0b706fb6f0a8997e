/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-rest.h"

G_BEGIN_DECLS

/* One message on the WebSocket (section 3). Which members are used depends on type and sender. */
typedef enum
{
  BED_MESSAGE_ATTACH,   /* clinician: hop */
  BED_MESSAGE_JOIN,     /* patient: room, token, seat, hop */
  BED_MESSAGE_WELCOME,  /* server: server_time, ice_servers, ttl; to a patient also position, peer,
                           state, online */
  BED_MESSAGE_ARRIVED,  /* server: room, peer, since, second_device, admitted */
  BED_MESSAGE_LEFT,     /* server: room, peer */
  BED_MESSAGE_ROOM,     /* server: room, state */
  BED_MESSAGE_POSITION, /* server: position */
  BED_MESSAGE_HOST,     /* server: online */
  BED_MESSAGE_OVER,     /* server: reason */
  BED_MESSAGE_RELAY,   /* n, data; with room and peer from and to the clinician, and from the server
                        */
  BED_MESSAGE_OK,      /* n */
  BED_MESSAGE_ERROR,   /* server: error */
  BED_MESSAGE_ADMIT,   /* clinician: room, peer */
  BED_MESSAGE_DECLINE, /* clinician: room, peer */
  BED_MESSAGE_LEAVE,   /* patient */
} BedMessageType;

typedef enum
{
  BED_SENDER_CLINICIAN,
  BED_SENDER_PATIENT,
  BED_SENDER_SERVER_TO_CLINICIAN,
  BED_SENDER_SERVER_TO_PATIENT,
} BedSender;

typedef struct
{
  BedMessageType type;
  guint8 hop[BED_HOP_BYTES], room[BED_ROOM_ID_BYTES], token[BED_TOKEN_BYTES], seat[BED_SEAT_BYTES],
      peer[BED_PEER_BYTES];
  gint64 server_time, ttl, since, position, n;
  gboolean second_device, admitted, online;
  BedRoomState state;
  BedOverReason reason;
  BedProtocolError error;
  char *data;
  GPtrArray *ice_servers; /* BedIceServer */
} BedMessage;

/* Decodes a message of this sender. Any thread.
 * Returns: (transfer full) (nullable): NULL with BED_PROTOCOL_ERROR_BAD_REQUEST or _TOO_LARGE, also
 * for a type that this sender does not send. */
BedMessage *bed_message_decode (BedSender sender, const char *text, gsize length, GError **error);
/* Returns: (transfer full): one line of JSON; a type that `sender` does not send is a caller's bug.
 */
char *bed_message_encode (BedSender sender, const BedMessage *message);
void bed_message_free (BedMessage *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedMessage, bed_message_free)

/* The first 12 bytes of SHA-256("bedside peer v1" || room id || seat). */
void bed_message_peer_id (const guint8 room[BED_ROOM_ID_BYTES], const guint8 seat[BED_SEAT_BYTES],
                          guint8 peer[BED_PEER_BYTES]);

G_END_DECLS
