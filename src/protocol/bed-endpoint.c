/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-rest.h"

#define PREFIX "/api/v1"
#define ARGUMENT_MAX 64

static const BedEndpointInfo endpoints[BED_ENDPOINT_COUNT] = {
  [BED_ENDPOINT_CLINIC] = { "GET", "/clinic", BED_AUTH_NONE, 200, NULL, &bed_clinic_info_schema },
  [BED_ENDPOINT_ACTIVATION_BEGIN] = { "POST", "/activation/begin", BED_AUTH_NONE, 200,
                                      &bed_activation_code_schema, &bed_activation_offer_schema },
  [BED_ENDPOINT_ACTIVATION_PASSWORD] = { "POST", "/activation/password", BED_AUTH_NONE, 200,
                                         &bed_activation_password_schema,
                                         &bed_activation_ticket_schema },
  [BED_ENDPOINT_ACTIVATION_CONFIRM] = { "POST", "/activation/confirm", BED_AUTH_NONE, 200,
                                        &bed_activation_confirm_schema, &bed_activated_schema },
  [BED_ENDPOINT_LOGIN_BEGIN] = { "POST", "/login/begin", BED_AUTH_NONE, 200, &bed_login_name_schema,
                                 &bed_kdf_params_schema },
  [BED_ENDPOINT_LOGIN_PASSWORD] = { "POST", "/login/password", BED_AUTH_NONE, 200,
                                    &bed_login_password_schema, &bed_ticket_schema },
  [BED_ENDPOINT_LOGIN_SECOND_FACTOR] = { "POST", "/login/second-factor", BED_AUTH_NONE, 200,
                                         &bed_second_factor_schema, &bed_tokens_schema },
  [BED_ENDPOINT_TOKEN_REFRESH] = { "POST", "/token/refresh", BED_AUTH_NONE, 200,
                                   &bed_refresh_schema, &bed_tokens_schema },
  [BED_ENDPOINT_LOGOUT] = { "POST", "/logout", BED_AUTH_BEARER, 204, NULL, NULL },
  [BED_ENDPOINT_PASSWORD] = { "POST", "/password", BED_AUTH_BEARER, 204,
                              &bed_password_change_schema, NULL },
  [BED_ENDPOINT_ACCOUNT] = { "GET", "/account", BED_AUTH_BEARER, 200, NULL, &bed_account_schema },
  [BED_ENDPOINT_SESSION_DELETE] = { "DELETE", "/account/sessions/*", BED_AUTH_BEARER, 204, NULL,
                                    NULL },
  [BED_ENDPOINT_ANCHOR] = { "GET", "/account/anchors/*", BED_AUTH_BEARER, 200, NULL,
                            &bed_anchor_value_schema },
  [BED_ENDPOINT_ANCHOR_PUT] = { "POST", "/account/anchors/*", BED_AUTH_BEARER, 204,
                                &bed_anchor_value_schema, NULL },
  [BED_ENDPOINT_ROOM_CREATE] = { "POST", "/rooms", BED_AUTH_BEARER, 201, &bed_room_request_schema,
                                 &bed_room_info_schema },
  [BED_ENDPOINT_ROOM_LIST] = { "GET", "/rooms", BED_AUTH_BEARER, 200, NULL, &bed_room_list_schema },
  [BED_ENDPOINT_ROOM_END] = { "POST", "/rooms/*/end", BED_AUTH_BEARER, 204, NULL, NULL },
  [BED_ENDPOINT_ROOM_REVOKE] = { "DELETE", "/rooms/*", BED_AUTH_BEARER, 204, NULL, NULL },
  [BED_ENDPOINT_ROOM_CARD] = { "GET", "/rooms/*/card", BED_AUTH_ADMISSION, 200, NULL,
                               &bed_card_answer_schema },
  [BED_ENDPOINT_ICE] = { "GET", "/ice", BED_AUTH_BEARER_OR_ADMISSION, 200, NULL,
                         &bed_ice_servers_schema },
};

const BedEndpointInfo *
bed_endpoint_get_info (BedEndpoint endpoint)
{
  g_return_val_if_fail ((guint) endpoint < BED_ENDPOINT_COUNT, NULL);
  return &endpoints[endpoint];
}

static gboolean
is_argument (const char *text, gsize length)
{
  if (length == 0 || length > ARGUMENT_MAX)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isalnum (text[i]) && text[i] != '-' && text[i] != '_')
      return FALSE;
  return TRUE;
}

static gboolean
path_matches (const char *pattern, const char *path, char argument[65])
{
  const char *star = strchr (pattern, '*');
  gsize head = star != NULL ? (gsize) (star - pattern) : 0;
  gsize length;

  argument[0] = '\0';
  if (star == NULL)
    return strcmp (pattern, path) == 0;
  if (strncmp (pattern, path, head) != 0)
    return FALSE;
  length = strcspn (path + head, "/");
  if (!is_argument (path + head, length) || strcmp (star + 1, path + head + length) != 0)
    return FALSE;
  memcpy (argument, path + head, length);
  argument[length] = '\0';
  return TRUE;
}

gboolean
bed_endpoint_find (const char *method, const char *path, BedEndpoint *endpoint, char argument[65])
{
  if (!g_str_has_prefix (path, PREFIX))
    return FALSE;
  for (guint i = 0; i < BED_ENDPOINT_COUNT; i++)
    if (strcmp (endpoints[i].method, method) == 0 &&
        path_matches (endpoints[i].path, path + strlen (PREFIX), argument))
      {
        *endpoint = i;
        return TRUE;
      }
  return FALSE;
}

char *
bed_endpoint_build_path (BedEndpoint endpoint, const char *argument)
{
  const char *pattern = bed_endpoint_get_info (endpoint)->path;
  const char *star = strchr (pattern, '*');

  if (star == NULL)
    return g_strconcat (PREFIX, pattern, NULL);
  g_return_val_if_fail (argument != NULL && is_argument (argument, strlen (argument)), NULL);
  return g_strdup_printf (PREFIX "%.*s%s%s", (int) (star - pattern), pattern, argument, star + 1);
}
