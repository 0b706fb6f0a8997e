/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-message.h"

#include <openssl/sha.h>
#include <string.h>

#include "bed-words-private.h"

#define MEMBER(name, member, kind, limit, extra) \
  { name, BED_WIRE_##kind, G_STRUCT_OFFSET (BedMessage, member), limit, extra }
#define HOP MEMBER ("hop", hop, BYTES, BED_HOP_BYTES, NULL)
#define ROOM MEMBER ("room", room, BYTES, BED_ROOM_ID_BYTES, NULL)
#define PEER MEMBER ("peer", peer, BYTES, BED_PEER_BYTES, NULL)
#define STATE MEMBER ("state", state, ENUM, 0, bed_room_state_words)
#define POSITION MEMBER ("position", position, INT, G_MAXINT32, NULL)
#define NUMBER MEMBER ("n", n, INT, G_MAXINT64, NULL)
#define DATA MEMBER ("data", data, STRING, BED_PROTOCOL_MESSAGE_MAX, NULL)
#define WELCOME \
  MEMBER ("server_time", server_time, INT, G_MAXINT64, NULL), \
      MEMBER ("ice_servers", ice_servers, ARRAY, 8, &bed_ice_server_schema), \
      MEMBER ("ttl", ttl, INT, G_MAXINT32, NULL)
#define END { NULL }

static const BedWireField attach[] = { HOP, END };
static const BedWireField join[] = {
  ROOM,
  MEMBER ("token", token, BYTES, BED_TOKEN_BYTES, NULL),
  MEMBER ("seat", seat, BYTES, BED_SEAT_BYTES, NULL),
  HOP,
  END,
};
static const BedWireField welcome_clinician[] = { WELCOME, END };
static const BedWireField welcome_patient[] = {
  WELCOME, POSITION, PEER, STATE, MEMBER ("host_online", online, BOOL, 0, NULL), END,
};
static const BedWireField arrived[] = {
  ROOM,
  PEER,
  MEMBER ("since", since, INT, G_MAXINT64, NULL),
  MEMBER ("second_device", second_device, BOOL, 0, NULL),
  MEMBER ("admitted", admitted, BOOL, 0, NULL),
  END,
};
static const BedWireField room_and_peer[] = { ROOM, PEER, END };
static const BedWireField room_state[] = { ROOM, STATE, END };
static const BedWireField position[] = { POSITION, END };
static const BedWireField host[] = { MEMBER ("online", online, BOOL, 0, NULL), END };
static const BedWireField over[] = { MEMBER ("reason", reason, ENUM, 0, bed_over_words), END };
static const BedWireField relay_full[] = { ROOM, PEER, NUMBER, DATA, END };
static const BedWireField relay_short[] = { NUMBER, DATA, END };
static const BedWireField number[] = { NUMBER, END };
static const BedWireField failure[] = { MEMBER ("code", error, ENUM, 0, bed_error_words), END };
static const BedWireField nothing[] = { END };

static const char *const type_words[] = {
  "attach", "join", "welcome", "arrived", "left", "room", "position", "host", "over",
  "relay",  "ok",   "error",   "admit",   "decline", "leave", NULL,
};

/* Who sends what: NULL is not sent. Columns in the order of BedSender. */
static const BedWireField *const grammar[][4] = {
  [BED_MESSAGE_ATTACH] = { attach, NULL, NULL, NULL },
  [BED_MESSAGE_JOIN] = { NULL, join, NULL, NULL },
  [BED_MESSAGE_WELCOME] = { NULL, NULL, welcome_clinician, welcome_patient },
  [BED_MESSAGE_ARRIVED] = { NULL, NULL, arrived, NULL },
  [BED_MESSAGE_LEFT] = { NULL, NULL, room_and_peer, NULL },
  [BED_MESSAGE_ROOM] = { NULL, NULL, room_state, NULL },
  [BED_MESSAGE_POSITION] = { NULL, NULL, NULL, position },
  [BED_MESSAGE_HOST] = { NULL, NULL, NULL, host },
  [BED_MESSAGE_OVER] = { NULL, NULL, NULL, over },
  [BED_MESSAGE_RELAY] = { relay_full, relay_short, relay_full, relay_full },
  [BED_MESSAGE_OK] = { number, number, number, number },
  [BED_MESSAGE_ERROR] = { NULL, NULL, failure, failure },
  [BED_MESSAGE_ADMIT] = { room_and_peer, NULL, NULL, NULL },
  [BED_MESSAGE_DECLINE] = { room_and_peer, NULL, NULL, NULL },
  [BED_MESSAGE_LEAVE] = { NULL, nothing, NULL, NULL },
};

static BedWireSchema
schema_for (BedSender sender, BedMessageType type)
{
  return (BedWireSchema) { sizeof (BedMessage), grammar[type][sender], NULL };
}

static gboolean
find_type (JsonObject *object, BedMessageType *type)
{
  JsonNode *node = json_object_get_member (object, "type");
  int index;

  if (node == NULL || !JSON_NODE_HOLDS_VALUE (node)
      || json_node_get_value_type (node) != G_TYPE_STRING
      || !bed_words_find (type_words, json_node_get_string (node), &index))
    return FALSE;
  *type = index;
  return TRUE;
}

BedMessage *
bed_message_decode (BedSender sender, const char *text, gsize length, GError **error)
{
  g_autoptr (JsonObject) object = bed_json_parse (text, length, error);
  g_autoptr (BedMessage) message = NULL;
  BedMessageType type;
  BedWireSchema schema;

  if (object == NULL)
    return NULL;
  if (!find_type (object, &type) || grammar[type][sender] == NULL)
    {
      g_set_error_literal (error, BED_PROTOCOL_ERROR, BED_PROTOCOL_ERROR_BAD_REQUEST,
                           "not a message of this sender");
      return NULL;
    }
  message = g_new0 (BedMessage, 1);
  message->type = type;
  schema = schema_for (sender, type);
  return bed_wire_read (&schema, object, message, error) ? g_steal_pointer (&message) : NULL;
}

char *
bed_message_encode (BedSender sender, const BedMessage *message)
{
  g_autoptr (JsonObject) object = NULL;
  BedWireSchema schema;

  g_return_val_if_fail (grammar[message->type][sender] != NULL, NULL);
  object = json_object_new ();
  schema = schema_for (sender, message->type);
  json_object_set_string_member (object, "type", type_words[message->type]);
  bed_wire_write (&schema, message, object);
  return bed_json_print (object);
}

void
bed_message_free (BedMessage *message)
{
  if (message == NULL)
    return;
  g_free (message->data);
  g_clear_pointer (&message->ice_servers, g_ptr_array_unref);
  g_free (message);
}

void
bed_message_peer_id (const guint8 room[BED_ROOM_ID_BYTES], const guint8 seat[BED_SEAT_BYTES],
                     guint8 peer[BED_PEER_BYTES])
{
  static const char label[] = "bedside peer v1";
  guint8 input[sizeof label - 1 + BED_ROOM_ID_BYTES + BED_SEAT_BYTES];
  guint8 digest[SHA256_DIGEST_LENGTH];

  memcpy (input, label, sizeof label - 1);
  memcpy (input + sizeof label - 1, room, BED_ROOM_ID_BYTES);
  memcpy (input + sizeof label - 1 + BED_ROOM_ID_BYTES, seat, BED_SEAT_BYTES);
  SHA256 (input, sizeof input, digest);
  memcpy (peer, digest, BED_PEER_BYTES);
}
