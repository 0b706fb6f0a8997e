/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-accounts-private.h"

#define ANCHORS_MAX 8 /* vaults of one account */

/* A client writes once in half a minute at the most, and when it locks. */
static const BedLimit write_limit = { .burst = 20, .per_minute = 10 };

/* The session and the vault that the path names, or the answer is given. */
static gboolean
begin (BedAccounts *self, BedRequest *request, BedServerSession *session,
       guint8 vault[BED_VAULT_ID_BYTES])
{
  if (!bed_accounts_find_session (self, request->bearer, session))
    bed_request_fail (request, BED_PROTOCOL_ERROR_UNAUTHORIZED);
  else if (!bed_base64url_decode_exact (request->variable, vault, BED_VAULT_ID_BYTES))
    bed_request_fail (request, BED_PROTOCOL_ERROR_NOT_FOUND);
  else
    return TRUE;
  return FALSE;
}

void
bed_accounts_get_anchor (BedAccounts *self, BedRequest *request)
{
  BedServerSession session;
  guint8 vault[BED_VAULT_ID_BYTES];
  g_autoptr (GBytes) value = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *body;
  gsize length;

  if (!begin (self, request, &session, vault))
    return;
  value = bed_store_call (self->store, get_anchor, session.account, vault, &error);
  if (error)
    return bed_accounts_unavailable (self, request, "anchor", error);
  if (!value)
    return bed_request_fail (request, BED_PROTOCOL_ERROR_NOT_FOUND);
  body = json_object_new ();
  bed_members_set_bytes (body, "value", g_bytes_get_data (value, &length),
                         g_bytes_get_size (value));
  bed_request_answer (request, 200, body);
}

/* Returns: (transfer full) (nullable): NULL when it has answered. */
static GBytes *
read_value (BedRequest *request)
{
  const char *text
      = request->json ? bed_members_get_text (request->json, "value", G_MAXSIZE) : NULL;
  g_autoptr (GBytes) value = NULL;

  if (text && strlen (text) > BED_PROTOCOL_ANCHOR_MAX / 3 * 4 + 2)
    {
      bed_request_fail (request, BED_PROTOCOL_ERROR_TOO_LARGE);
      return NULL;
    }
  value = text ? bed_base64url_decode (text, BED_PROTOCOL_ANCHOR_MAX) : NULL;
  if (value && g_bytes_get_size (value) > 0)
    return g_steal_pointer (&value);
  bed_request_fail (request, BED_PROTOCOL_ERROR_BAD_REQUEST);
  return NULL;
}

void
bed_accounts_put_anchor (BedAccounts *self, BedRequest *request)
{
  BedServerSession session;
  guint8 vault[BED_VAULT_ID_BYTES];
  g_autoptr (GBytes) value = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *bucket = NULL;
  guint wait;

  if (!begin (self, request, &session, vault))
    return;
  value = read_value (request);
  if (!value)
    return;
  bucket = g_strdup_printf ("anchor:%" G_GINT64_FORMAT, session.account);
  wait = bed_limiter_take (self->limiter, bucket, &write_limit,
                           bed_clock_get_monotonic_us (self->clock));
  if (wait)
    return bed_request_fail_later (request, wait);
  if (!bed_store_call (self->store, put_anchor, session.account, vault, value,
                       bed_accounts_now (self), ANCHORS_MAX, &error))
    return bed_accounts_unavailable (self, request, "anchor", error);
  bed_request_answer (request, 204, NULL);
}
