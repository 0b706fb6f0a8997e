/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-api.h"

#include "bed-encoding.h"
#include "bed-members.h"

#include <string.h>

#define CARD_MAX (BED_PROTOCOL_CARD_MAX + 64)

struct _BedApi
{
  BedAccounts *accounts;
  BedHub *hub;
  BedTurn **turn;
  BedLimiter *limiter;
  BedClock *clock;
  const BedSettings *settings;
};

BedApi *
bed_api_new (BedAccounts *accounts, BedHub *hub, BedTurn **turn, BedLimiter *limiter,
             BedClock *clock, const BedSettings *settings)
{
  BedApi *self = g_new0 (BedApi, 1);

  self->accounts = accounts;
  self->hub = hub;
  self->turn = turn;
  self->limiter = limiter;
  self->clock = clock;
  self->settings = settings;
  return self;
}

void
bed_api_free (BedApi *self)
{
  g_free (self);
}

static gint64
now_s (BedApi *self)
{
  return bed_clock_get_real_us (self->clock) / G_USEC_PER_SEC;
}

static void
finish (BedRequest *request, BedCode code)
{
  if (code == BED_CODE_OK)
    bed_request_answer (request, 204, NULL);
  else
    bed_request_fail (request, code);
}

static gboolean
get_session (BedApi *self, BedRequest *request, BedServerSession *session)
{
  if (bed_accounts_find_session (self->accounts, request->bearer, session))
    return TRUE;
  bed_request_fail (request, BED_PROTOCOL_ERROR_UNAUTHORIZED);
  return FALSE;
}

/* --- The clinic ------------------------------------------------------------------------------- */

static void
get_clinic (BedApi *self, BedRequest *request)
{
  JsonObject *body = json_object_new ();
  JsonArray *consent = json_array_new ();

  json_object_set_int_member (body, "protocol", BED_PROTOCOL_VERSION);
  json_object_set_int_member (body, "server_time", now_s (self));
  json_object_set_string_member (body, "name", self->settings->name);
  json_object_set_string_member (body, "telephone", self->settings->telephone);
  json_object_set_string_member (body, "privacy_notice", self->settings->privacy_notice);
  for (guint i = 0; i < self->settings->consent->len; i++)
    {
      BedConsentText *text = self->settings->consent->pdata[i];
      JsonObject *entry = json_object_new ();

      json_object_set_string_member (entry, "version", text->version);
      json_object_set_string_member (entry, "language", text->language);
      json_object_set_string_member (entry, "summary", text->summary);
      json_object_set_string_member (entry, "text", text->text);
      json_array_add_object_element (consent, entry);
    }
  json_object_set_array_member (body, "consent", consent);
  bed_request_answer (request, 200, body);
}

/* --- Rooms ------------------------------------------------------------------------------------ */

static gboolean
read_room (BedApi *self, BedRequest *request, BedRoomRecord *room)
{
  const char *card = bed_members_get_text (request->json, "card", CARD_MAX * 4 / 3 + 4);
  gint64 now = now_s (self);

  room->created = now;
  room->card = card ? bed_base64url_decode (card, CARD_MAX) : NULL;
  return room->card && g_bytes_get_size (room->card) > 0
         && bed_members_get_bytes (request->json, "room", room->id, BED_ROOM_LENGTH)
         && bed_members_get_bytes (request->json, "token_hash", room->token_hash, BED_HASH_LENGTH)
         && bed_members_get_integer (request->json, "expires", now + 1,
                                     now + BED_PROTOCOL_ROOM_DAYS_MAX * 24 * 3600, &room->expires);
}

static void
post_room (BedApi *self, BedRequest *request)
{
  g_autoptr (BedRoomRecord) room = g_new0 (BedRoomRecord, 1);
  BedServerSession session;
  JsonObject *body;
  BedCode code;

  if (!get_session (self, request, &session))
    return;
  if (!read_room (self, request, room))
    return bed_request_fail (request, BED_PROTOCOL_ERROR_BAD_REQUEST);
  room->owner = session.account;
  code = bed_hub_create_room (self->hub, room);
  if (code != BED_CODE_OK)
    return bed_request_fail (request, code);
  body = json_object_new ();
  bed_members_set_bytes (body, "room", room->id, BED_ROOM_LENGTH);
  json_object_set_string_member (body, "state", bed_room_state_to_string (room->state));
  json_object_set_int_member (body, "expires", room->expires);
  bed_request_answer (request, 201, body);
}

static void
get_rooms (BedApi *self, BedRequest *request)
{
  BedServerSession session;
  JsonArray *rooms;
  JsonObject *body;

  if (!get_session (self, request, &session))
    return;
  rooms = bed_hub_list_rooms (self->hub, session.account);
  if (!rooms)
    return bed_request_fail (request, BED_PROTOCOL_ERROR_UNAVAILABLE);
  body = json_object_new ();
  json_object_set_array_member (body, "rooms", rooms);
  bed_request_answer (request, 200, body);
}

static void
finish_room (BedApi *self, BedRequest *request, BedRoomEvent event)
{
  guint8 room[BED_ROOM_LENGTH];
  BedServerSession session;

  if (!get_session (self, request, &session))
    return;
  if (!bed_base64url_decode_exact (request->variable, room, sizeof room))
    return bed_request_fail (request, BED_PROTOCOL_ERROR_NOT_FOUND);
  finish (request, bed_hub_finish_room (self->hub, session.account, room, event));
}

static void
end_room (BedApi *self, BedRequest *request)
{
  finish_room (self, request, BED_ROOM_END);
}

static void
delete_room (BedApi *self, BedRequest *request)
{
  finish_room (self, request, BED_ROOM_REVOKE);
}

static void
get_card (BedApi *self, BedRequest *request)
{
  guint8 room[BED_ROOM_LENGTH];
  guint8 token[BED_TOKEN_BYTES];
  g_autoptr (BedRoomRecord) record = NULL;
  JsonObject *body;
  gsize length;
  const void *card;
  BedCode code;

  if (!request->admission || !bed_base64url_decode_exact (request->variable, room, sizeof room)
      || !bed_base64url_decode_exact (request->admission, token, sizeof token))
    return bed_request_fail (request, BED_PROTOCOL_ERROR_NOT_FOUND);
  code = bed_hub_fetch_card (self->hub, room, token, &record);
  bed_secret_wipe (token, sizeof token);
  if (code != BED_CODE_OK)
    return bed_request_fail (request, code);
  body = json_object_new ();
  card = g_bytes_get_data (record->card, &length);
  bed_members_set_bytes (body, "card", card, length);
  json_object_set_int_member (body, "server_time", now_s (self));
  json_object_set_string_member (body, "state", bed_room_state_to_string (record->state));
  bed_request_answer (request, 200, body);
}

static BedCode
check_guest (BedApi *self, BedRequest *request)
{
  guint8 room[BED_ROOM_LENGTH];
  guint8 token[BED_TOKEN_BYTES];
  g_autoptr (BedRoomRecord) record = NULL;
  BedCode code;

  if (!bed_base64url_decode_exact (request->room, room, sizeof room)
      || !bed_base64url_decode_exact (request->admission, token, sizeof token))
    return BED_PROTOCOL_ERROR_NOT_FOUND;
  code = bed_hub_check_token (self->hub, room, token, &record);
  bed_secret_wipe (token, sizeof token);
  return code;
}

static void
get_ice (BedApi *self, BedRequest *request)
{
  BedServerSession session;
  gboolean patient = request->room && request->admission;
  JsonObject *body;

  if (patient)
    {
      BedCode code = check_guest (self, request);
      if (code != BED_CODE_OK)
        return bed_request_fail (request, code);
    }
  else if (!get_session (self, request, &session))
    return;
  body = json_object_new ();
  json_object_set_array_member (body, "ice_servers",
                                bed_turn_get_ice_servers (*self->turn, patient, now_s (self)));
  json_object_set_int_member (body, "ttl", bed_turn_get_ttl (*self->turn));
  bed_request_answer (request, 200, body);
}

/* --- Routes ----------------------------------------------------------------------------------- */

typedef struct
{
  const char *method;
  const char *path; /* with at most one "*", a part without slashes */
  void (*own) (BedApi *self, BedRequest *request);
  BedAccountsHandler account;
  const char *name;
} Route;

static const Route routes[] = {
  { "GET", "/clinic", get_clinic, NULL, "clinic" },
  { "POST", "/activation/begin", NULL, bed_accounts_activation_begin, "activation-begin" },
  { "POST", "/activation/password", NULL, bed_accounts_activation_password, "activation-password" },
  { "POST", "/activation/confirm", NULL, bed_accounts_activation_confirm, "activation-confirm" },
  { "POST", "/login/begin", NULL, bed_accounts_login_begin, "login-begin" },
  { "POST", "/login/password", NULL, bed_accounts_login_password, "login-password" },
  { "POST", "/login/second-factor", NULL, bed_accounts_second_factor, "second-factor" },
  { "POST", "/token/refresh", NULL, bed_accounts_refresh, "refresh" },
  { "POST", "/logout", NULL, bed_accounts_logout, "logout" },
  { "POST", "/password", NULL, bed_accounts_password, "password" },
  { "GET", "/account", NULL, bed_accounts_show, "account" },
  { "DELETE", "/account/sessions/*", NULL, bed_accounts_delete_session, "delete-session" },
  { "GET", "/account/anchors/*", NULL, bed_accounts_get_anchor, "anchor" },
  { "POST", "/account/anchors/*", NULL, bed_accounts_put_anchor, "put-anchor" },
  { "POST", "/rooms", post_room, NULL, "post-room" },
  { "GET", "/rooms", get_rooms, NULL, "rooms" },
  { "POST", "/rooms/*/end", end_room, NULL, "end-room" },
  { "DELETE", "/rooms/*", delete_room, NULL, "delete-room" },
  { "GET", "/rooms/*/card", get_card, NULL, "card" },
  { "GET", "/ice", get_ice, NULL, "ice" },
};

/* Returns: TRUE with the variable part cut out of `path` in place. */
static gboolean
matches (const char *pattern, char *path, const char **variable)
{
  const char *star = strchr (pattern, '*');
  gsize before;
  gsize length;

  if (!star)
    return strcmp (pattern, path) == 0;
  before = star - pattern;
  if (strncmp (pattern, path, before) != 0)
    return FALSE;
  length = strcspn (path + before, "/");
  if (length == 0 || strcmp (path + before + length, star + 1) != 0)
    return FALSE;
  path[before + length] = 0;
  *variable = path + before;
  return TRUE;
}

static const Route *
find_route (BedRequest *request)
{
  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++)
    if (strcmp (routes[i].method, request->method) == 0
        && matches (routes[i].path, request->path, &request->variable))
      return &routes[i];
  return NULL;
}

static BedCode
read_json (BedRequest *request, const Route *route)
{
  gsize length = 0;
  const char *text = request->body ? g_bytes_get_data (request->body, &length) : NULL;
  gboolean empty_is_fine = strcmp (route->path, "/logout") == 0 || strchr (route->path, '*');

  if (strcmp (request->method, "POST") != 0 || (length == 0 && empty_is_fine))
    return BED_CODE_OK;
  request->json = text ? bed_json_parse (text, length, NULL) : NULL;
  return request->json ? BED_CODE_OK : BED_PROTOCOL_ERROR_BAD_REQUEST;
}

void
bed_api_handle (BedApi *self, BedRequest *request)
{
  const double rate = self->settings->requests_per_minute;
  const BedLimit limit = { .burst = MAX (30, rate / 4), .per_minute = rate };
  g_autofree char *bucket = g_strconcat ("r:", request->address, NULL);
  guint wait
      = bed_limiter_take (self->limiter, bucket, &limit, bed_clock_get_monotonic_us (self->clock));
  const Route *route;
  BedCode code;

  if (wait)
    return bed_request_fail_later (request, wait);
  route = find_route (request);
  if (!route)
    return bed_request_fail (request, BED_PROTOCOL_ERROR_NOT_FOUND);
  request->route = route->name;
  code = read_json (request, route);
  if (code != BED_CODE_OK)
    return bed_request_fail (request, code);
  if (route->own)
    route->own (self, request);
  else
    route->account (self->accounts, request);
}
