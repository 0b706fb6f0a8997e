/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Limits and words of docs/protocol.md that app and server share. */
#define BED_PROTOCOL_VERSION 1
#define BED_PROTOCOL_SUBPROTOCOL "bedside.v1"
#define BED_PROTOCOL_MESSAGE_MAX 65536    /* bytes of one JSON text, request, answer or frame */
#define BED_PROTOCOL_DEPTH_MAX 16         /* nested objects and arrays */
#define BED_PROTOCOL_QUEUE_MESSAGES 64    /* unconfirmed relays of a room and direction */
#define BED_PROTOCOL_QUEUE_BYTES 262144
#define BED_PROTOCOL_CARD_MAX 49152       /* bytes of a sealed card */
#define BED_PROTOCOL_PLAINTEXT_MAX 40960  /* bytes of a sealed message's JSON */
#define BED_PROTOCOL_TEXT_MAX 2000        /* characters of a waiting-room message */
#define BED_PROTOCOL_ANCHOR_MAX 1024      /* bytes of what an account keeps for a vault */
#define BED_PROTOCOL_PING_SECONDS 20
#define BED_PROTOCOL_SILENCE_SECONDS 60
#define BED_PROTOCOL_ROOM_DAYS_MAX 30
#define BED_PROTOCOL_SEAT_RETURN_SECONDS 600

#define BED_ROOM_ID_BYTES 16
#define BED_TOKEN_BYTES 32
#define BED_HASH_BYTES 32
#define BED_SEAT_BYTES 16
#define BED_HOP_BYTES 16
#define BED_PEER_BYTES 12
#define BED_VAULT_ID_BYTES 16
#define BED_HELLO_ID_BYTES 16
#define BED_POINT_BYTES 65 /* an uncompressed P-256 point */
#define BED_SALT_BYTES 16
#define BED_AUTH_BYTES 32

/* Floors of the account's Argon2id (section 2.2). */
#define BED_KDF_OPS_MIN 3
#define BED_KDF_MEM_MIN 67108864
#define BED_KDF_OPS_MAX 16
#define BED_KDF_MEM_MAX 1073741824

typedef enum { BED_ROLE_PATIENT = 0, BED_ROLE_CLINICIAN = 1 } BedRole;

typedef enum
{
  BED_ROOM_STATE_CREATED,
  BED_ROOM_STATE_OPENED,
  BED_ROOM_STATE_WAITING,
  BED_ROOM_STATE_ADMITTED,
  BED_ROOM_STATE_ENDED,
  BED_ROOM_STATE_REVOKED,
  BED_ROOM_STATE_EXPIRED,
} BedRoomState;

/* Why a patient's connection is over (section 3.2). */
typedef enum
{
  BED_OVER_ENDED,
  BED_OVER_REVOKED,
  BED_OVER_EXPIRED,
  BED_OVER_DECLINED,
  BED_OVER_REPLACED,
} BedOverReason;

/* The codes of section 2; also this room's error domain, where BAD_REQUEST is what a decoder says.
 */
typedef enum
{
  BED_PROTOCOL_ERROR_BAD_REQUEST,
  BED_PROTOCOL_ERROR_UNAUTHORIZED,
  BED_PROTOCOL_ERROR_FORBIDDEN,
  BED_PROTOCOL_ERROR_NOT_FOUND,
  BED_PROTOCOL_ERROR_CONFLICT,
  BED_PROTOCOL_ERROR_EXPIRED,
  BED_PROTOCOL_ERROR_REVOKED,
  BED_PROTOCOL_ERROR_USED,
  BED_PROTOCOL_ERROR_TOO_LARGE,
  BED_PROTOCOL_ERROR_RATE_LIMITED,
  BED_PROTOCOL_ERROR_UNAVAILABLE,
} BedProtocolError;
#define BED_PROTOCOL_ERROR (bed_protocol_error_quark ())
GQuark bed_protocol_error_quark (void);

/* The wire's word for a code, and its HTTP status. Any thread. Returns: (transfer none) */
const char *bed_protocol_error_to_code (BedProtocolError error);
guint bed_protocol_error_to_status (BedProtocolError error);
/* Returns: FALSE for a word that is not in the table. */
gboolean bed_protocol_error_from_code (const char *code, BedProtocolError *error);
const char *bed_room_state_to_string (BedRoomState state);
gboolean bed_room_state_from_string (const char *text, BedRoomState *state);
/* Whether the room lets nobody in any more: ended, revoked or expired. */
gboolean bed_room_state_is_over (BedRoomState state);

G_END_DECLS
