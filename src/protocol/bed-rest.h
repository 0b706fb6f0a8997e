/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-protocol.h"
#include "bed-wire.h"

G_BEGIN_DECLS

/* Requests and answers of section 2 of docs/protocol.md, as structs with a schema each:
 *   g_autoptr (BedLoginPassword) request
 *       = bed_wire_decode (&bed_login_password_schema, body, length, &error);
 *   g_autofree char *answer
 *       = bed_wire_encode (&bed_ticket_schema, &(BedTicket) { .ticket = ticket });
 * Times are seconds since 1970 UTC.
 */
typedef struct { char *version, *language, *summary, *text; } BedConsentWording;
BED_WIRE_DECLARE (BedConsentWording, bed_consent_wording)

typedef struct
{
  gint64 protocol, server_time;
  char *name, *telephone, *privacy_notice;
  GPtrArray *consent; /* BedConsentWording */
} BedClinicInfo;
BED_WIRE_DECLARE (BedClinicInfo, bed_clinic_info)

/* {"error":"..."} */
typedef struct { BedProtocolError error; } BedErrorAnswer;
BED_WIRE_DECLARE (BedErrorAnswer, bed_error_answer)

typedef struct { char *code; } BedActivationCode;
BED_WIRE_DECLARE (BedActivationCode, bed_activation_code)
typedef struct
{
  char *login, *display_name;
  guint8 salt[BED_SALT_BYTES];
  gint64 ops, mem; /* mem in bytes */
} BedActivationOffer;
BED_WIRE_DECLARE (BedActivationOffer, bed_activation_offer)
typedef struct { char *code; guint8 auth[BED_AUTH_BYTES]; } BedActivationPassword;
BED_WIRE_DECLARE (BedActivationPassword, bed_activation_password)
typedef struct { char *secret, *issuer, *account; gint64 digits, period; } BedOtp;
BED_WIRE_DECLARE (BedOtp, bed_otp)
typedef struct { char *ticket; BedOtp otp; } BedActivationTicket;
BED_WIRE_DECLARE (BedActivationTicket, bed_activation_ticket)
typedef struct { char *code, *ticket, *totp; } BedActivationConfirm;
BED_WIRE_DECLARE (BedActivationConfirm, bed_activation_confirm)

typedef struct
{
  char *access_token;
  gint64 access_expires_in; /* seconds */
  char *refresh_token, *login, *display_name;
} BedTokens;
BED_WIRE_DECLARE (BedTokens, bed_tokens)
/* The members of a session beside the codes. */
typedef struct { BedTokens tokens; char **recovery_codes; } BedActivated;
BED_WIRE_DECLARE (BedActivated, bed_activated)

typedef struct { char *login; } BedLoginName;
BED_WIRE_DECLARE (BedLoginName, bed_login_name)
typedef struct { guint8 salt[BED_SALT_BYTES]; gint64 ops, mem; } BedKdfParams;
BED_WIRE_DECLARE (BedKdfParams, bed_kdf_params)
typedef struct { char *login; guint8 auth[BED_AUTH_BYTES]; } BedLoginPassword;
BED_WIRE_DECLARE (BedLoginPassword, bed_login_password)
typedef struct { char *ticket; gboolean unchecked; } BedTicket;
BED_WIRE_DECLARE (BedTicket, bed_ticket)
typedef struct { char *ticket, *code; } BedSecondFactor;
BED_WIRE_DECLARE (BedSecondFactor, bed_second_factor)
typedef struct { char *refresh_token; } BedRefresh;
BED_WIRE_DECLARE (BedRefresh, bed_refresh)
typedef struct
{
  guint8 auth_old[BED_AUTH_BYTES], auth_new[BED_AUTH_BYTES], salt[BED_SALT_BYTES];
  gint64 ops, mem;
} BedPasswordChange;
BED_WIRE_DECLARE (BedPasswordChange, bed_password_change)

typedef struct { char *id; gint64 created, last_used; gboolean current; } BedAccountSession;
BED_WIRE_DECLARE (BedAccountSession, bed_account_session)
typedef struct { char *login, *display_name; GPtrArray *sessions; } BedAccount;
BED_WIRE_DECLARE (BedAccount, bed_account)
/* What an account keeps for one vault; opaque to the server. */
typedef struct { GBytes *value; } BedAnchorValue;
BED_WIRE_DECLARE (BedAnchorValue, bed_anchor_value)

typedef struct
{
  guint8 room[BED_ROOM_ID_BYTES], token_hash[BED_HASH_BYTES];
  gint64 expires;
  GBytes *card;
} BedRoomRequest;
BED_WIRE_DECLARE (BedRoomRequest, bed_room_request)
typedef struct
{
  guint8 room[BED_ROOM_ID_BYTES];
  BedRoomState state;
  gint64 created, expires; /* created: -1 in the answer to POST /rooms */
} BedRoomInfo;
BED_WIRE_DECLARE (BedRoomInfo, bed_room_info)
typedef struct { GPtrArray *rooms; } BedRoomList;
BED_WIRE_DECLARE (BedRoomList, bed_room_list)
typedef struct { GBytes *card; gint64 server_time; BedRoomState state; } BedCardAnswer;
BED_WIRE_DECLARE (BedCardAnswer, bed_card_answer)

typedef struct
{
  char **urls;
  char *username, *credential;
} BedIceServer; /* the latter two nullable */
BED_WIRE_DECLARE (BedIceServer, bed_ice_server)
typedef struct { GPtrArray *ice_servers; gint64 ttl; } BedIceServers;
BED_WIRE_DECLARE (BedIceServers, bed_ice_servers)

/* What a request needs in its head. */
typedef enum
{
  BED_AUTH_NONE,
  BED_AUTH_BEARER,
  BED_AUTH_ADMISSION,
  BED_AUTH_BEARER_OR_ADMISSION
} BedAuthKind;

typedef enum
{
  BED_ENDPOINT_CLINIC,
  BED_ENDPOINT_ACTIVATION_BEGIN,
  BED_ENDPOINT_ACTIVATION_PASSWORD,
  BED_ENDPOINT_ACTIVATION_CONFIRM,
  BED_ENDPOINT_LOGIN_BEGIN,
  BED_ENDPOINT_LOGIN_PASSWORD,
  BED_ENDPOINT_LOGIN_SECOND_FACTOR,
  BED_ENDPOINT_TOKEN_REFRESH,
  BED_ENDPOINT_LOGOUT,
  BED_ENDPOINT_PASSWORD,
  BED_ENDPOINT_ACCOUNT,
  BED_ENDPOINT_SESSION_DELETE,
  BED_ENDPOINT_ANCHOR,
  BED_ENDPOINT_ANCHOR_PUT,
  BED_ENDPOINT_ROOM_CREATE,
  BED_ENDPOINT_ROOM_LIST,
  BED_ENDPOINT_ROOM_END,
  BED_ENDPOINT_ROOM_REVOKE,
  BED_ENDPOINT_ROOM_CARD,
  BED_ENDPOINT_ICE,
  BED_ENDPOINT_COUNT,
} BedEndpoint;

typedef struct
{
  const char *method;           /* "GET", "POST" or "DELETE" */
  const char *path;             /* under /api/v1; "*" stands for one segment of [A-Za-z0-9_-] */
  BedAuthKind auth;
  guint status;                 /* of success: 200, 201 or 204 */
  const BedWireSchema *request; /* NULL: no body */
  const BedWireSchema *answer;  /* NULL: no body */
} BedEndpointInfo;

/* Returns: (transfer none): the endpoint's row. Any thread. */
const BedEndpointInfo *bed_endpoint_get_info (BedEndpoint endpoint);
/* Finds the row for a request; `argument` gets the segment that "*" stood for (at most 64 bytes).
 * Returns: FALSE when no row has this path, or none with this method. */
gboolean bed_endpoint_find (const char *method, const char *path, BedEndpoint *endpoint,
                            char argument[65]);
/* Returns: (transfer full): the path with its "*" filled in, from /api/v1 on. */
char *bed_endpoint_build_path (BedEndpoint endpoint, const char *argument);

G_END_DECLS
