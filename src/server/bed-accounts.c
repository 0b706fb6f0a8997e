/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-accounts-private.h"

BedAccounts *
bed_accounts_new (BedStore *store, BedHasher *hasher, BedLimiter *limiter, BedClock *clock,
                  BedServerLog *log, const BedSettings *settings, GError **error)
{
  g_autoptr (BedAccounts) self = g_new0 (BedAccounts, 1);

  self->store = store;
  self->hasher = hasher;
  self->limiter = limiter;
  self->clock = clock;
  self->log = log;
  self->settings = settings;
  self->tickets
      = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, g_free);
  if (!bed_store_call (store, get_pepper, self->pepper, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
bed_accounts_free (BedAccounts *self)
{
  g_hash_table_unref (self->tickets);
  bed_secret_wipe (self->pepper, sizeof self->pepper);
  g_free (self);
}

gint64
bed_accounts_now (BedAccounts *self)
{
  return bed_clock_get_real_us (self->clock) / G_USEC_PER_SEC;
}

void
bed_accounts_hash (const char *text, guint8 hash[BED_HASH_LENGTH])
{
  crypto_hash_sha256 (hash, (const guint8 *) text, strlen (text));
}

char *
bed_accounts_new_token (guint8 hash[BED_HASH_LENGTH])
{
  guint8 random[32];
  char *text;

  bed_random_bytes (random, sizeof random);
  text = bed_base64url_encode (random, sizeof random);
  bed_secret_wipe (random, sizeof random);
  bed_accounts_hash (text, hash);
  return text;
}

void
bed_accounts_peppered (BedAccounts *self, const char *label, const char *text,
                       guint8 hash[BED_HASH_LENGTH])
{
  crypto_generichash_state state;

  crypto_generichash_init (&state, self->pepper, sizeof self->pepper, BED_HASH_LENGTH);
  crypto_generichash_update (&state, (const guint8 *) label, strlen (label) + 1);
  crypto_generichash_update (&state, (const guint8 *) text, strlen (text));
  crypto_generichash_final (&state, hash, BED_HASH_LENGTH);
}

void
bed_accounts_unavailable (BedAccounts *self, BedRequest *request, const char *what, GError *error)
{
  bed_server_log_store_failed (self->log, what, error);
  bed_request_fail (request, BED_PROTOCOL_ERROR_UNAVAILABLE);
}

BedSecret *
bed_accounts_read_auth (JsonObject *json, const char *name)
{
  guint8 bytes[BED_AUTH_BYTES];
  BedSecret *secret;

  if (!bed_members_get_bytes (json, name, bytes, sizeof bytes))
    return NULL;
  secret = bed_secret_new (bytes, sizeof bytes);
  bed_secret_wipe (bytes, sizeof bytes);
  return secret;
}

char *
bed_accounts_normalize_login (const char *login)
{
  g_autofree char *composed = NULL;
  g_autofree char *folded = NULL;
  char *result;

  if (!login || !*login || strlen (login) > 256 || !g_utf8_validate (login, -1, NULL))
    return NULL;
  for (const char *p = login; *p; p = g_utf8_next_char (p))
    if (!g_unichar_isgraph (g_utf8_get_char (p)) && *p != ' ')
      return NULL;
  folded = g_utf8_casefold (login, -1);
  composed = g_utf8_normalize (folded, -1, G_NORMALIZE_NFC);
  result = composed ? g_strstrip (g_steal_pointer (&composed)) : NULL;
  if (result && (!*result || g_utf8_strlen (result, -1) > 64))
    g_clear_pointer (&result, g_free);
  return result;
}

/* --- Sessions --------------------------------------------------------------------------------- */

gboolean
bed_accounts_find_session (BedAccounts *self, const char *bearer, BedServerSession *session)
{
  guint8 hash[BED_HASH_LENGTH];
  g_autoptr (GError) error = NULL;
  gint64 now = bed_accounts_now (self);
  gboolean found = FALSE;

  if (!bearer)
    return FALSE;
  bed_accounts_hash (bearer, hash);
  if (!bed_store_call (self->store, find_session_by_access, hash, now, session, &found, &error))
    bed_server_log_store_failed (self->log, "session", error);
  if (found && now - session->last_used > 60)
    {
      session->last_used = now;
      if (!bed_store_call (self->store, update_session, session, &error))
        bed_server_log_store_failed (self->log, "session", error);
    }
  return found;
}

static void
answer_session (BedRequest *request, const BedAccount *account, const char *access,
                const char *refresh, JsonObject *extra)
{
  JsonObject *body = extra ? extra : json_object_new ();

  json_object_set_string_member (body, "access_token", access);
  json_object_set_int_member (body, "access_expires_in", BED_ACCESS_S);
  json_object_set_string_member (body, "refresh_token", refresh);
  json_object_set_string_member (body, "login", account->login);
  json_object_set_string_member (body, "display_name", account->display_name);
  bed_request_answer (request, 200, body);
}

void
bed_accounts_open_session (BedAccounts *self, BedRequest *request, const BedAccount *account,
                           JsonObject *extra)
{
  gint64 now = bed_accounts_now (self);
  BedServerSession session = { .account = account->id,
                               .created = now,
                               .last_used = now,
                               .access_expires = now + BED_ACCESS_S,
                               .refresh_expires = now + BED_REFRESH_S };
  g_autofree char *access = bed_accounts_new_token (session.access_hash);
  g_autofree char *family = bed_accounts_new_token (session.family_hash);
  g_autofree char *secret = bed_accounts_new_token (session.refresh_hash);
  g_autofree char *refresh = g_strconcat (family, ".", secret, NULL);
  guint8 address_hash[BED_HASH_LENGTH];
  g_autoptr (GError) error = NULL;

  bed_accounts_peppered (self, "address", request->address, address_hash);
  if (!bed_store_call (self->store, add_session, &session, &error)
      || !bed_store_call (self->store, prove_address, account->id, address_hash, now, &error))
    {
      g_clear_pointer (&extra, json_object_unref);
      bed_accounts_unavailable (self, request, "open-session", error);
      return;
    }
  answer_session (request, account, access, refresh, extra);
}

static gboolean
rotate (BedAccounts *self, BedServerSession *session, gboolean by_old, char **access, char **secret,
        GError **error)
{
  gint64 now = bed_accounts_now (self);

  if (!by_old)
    memcpy (session->old_refresh_hash, session->refresh_hash, BED_HASH_LENGTH);
  memcpy (session->old_access_hash, session->access_hash, BED_HASH_LENGTH);
  session->old_access_expires = session->access_expires;
  *access = bed_accounts_new_token (session->access_hash);
  *secret = bed_accounts_new_token (session->refresh_hash);
  session->access_expires = now + BED_ACCESS_S;
  session->refresh_expires = now + BED_REFRESH_S;
  session->last_used = now;
  return bed_store_call (self->store, update_session, session, error);
}

/* A refresh token is "<family>.<secret>". The last one and the one before it work; any other of a
 * known family was stolen or copied, and ends the session. */
static gboolean
find_refresh (BedAccounts *self, const char *token, BedServerSession *session, gboolean *by_old,
              GError **error)
{
  g_auto (GStrv) parts = g_strsplit (token, ".", 2);
  guint8 hash[BED_HASH_LENGTH];
  gboolean found = FALSE;

  if (g_strv_length (parts) != 2)
    return FALSE;
  bed_accounts_hash (parts[0], hash);
  if (!bed_store_call (self->store, find_session_by_family, hash, bed_accounts_now (self), session,
                       &found, error)
      || !found)
    return FALSE;
  bed_accounts_hash (parts[1], hash);
  *by_old = sodium_memcmp (hash, session->old_refresh_hash, sizeof hash) == 0;
  if (*by_old || sodium_memcmp (hash, session->refresh_hash, sizeof hash) == 0)
    return TRUE;
  bed_server_log (self->log, "refresh-token-reused", "i", "session", session->id);
  bed_store_call (self->store, delete_session, session->account, session->id, &found, error);
  return FALSE;
}

void
bed_accounts_refresh (BedAccounts *self, BedRequest *request)
{
  const char *token = bed_members_get_text (request->json, "refresh_token", 256);
  BedServerSession session;
  g_autoptr (BedAccount) account = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *family = NULL;
  g_autofree char *access = NULL;
  g_autofree char *secret = NULL;
  g_autofree char *refresh = NULL;
  gboolean by_old = FALSE;

  if (!token)
    return bed_request_fail (request, BED_PROTOCOL_ERROR_BAD_REQUEST);
  if (!find_refresh (self, token, &session, &by_old, &error))
    return error ? bed_accounts_unavailable (self, request, "refresh", error)
                 : bed_request_fail (request, BED_PROTOCOL_ERROR_UNAUTHORIZED);
  account = bed_store_call (self->store, get_account, session.account, &error);
  if (!account || !rotate (self, &session, by_old, &access, &secret, &error))
    return bed_accounts_unavailable (self, request, "refresh", error);
  family = g_strndup (token, strcspn (token, "."));
  refresh = g_strconcat (family, ".", secret, NULL);
  answer_session (request, account, access, refresh, NULL);
}

/* The routes below need a session; the router has checked that there is one. */
static gboolean
own_session (BedAccounts *self, BedRequest *request, BedServerSession *session)
{
  if (bed_accounts_find_session (self, request->bearer, session))
    return TRUE;
  bed_request_fail (request, BED_PROTOCOL_ERROR_UNAUTHORIZED);
  return FALSE;
}

void
bed_accounts_logout (BedAccounts *self, BedRequest *request)
{
  BedServerSession session;
  g_autoptr (GError) error = NULL;
  gboolean found;

  if (!own_session (self, request, &session))
    return;
  if (!bed_store_call (self->store, delete_session, session.account, session.id, &found, &error))
    return bed_accounts_unavailable (self, request, "logout", error);
  bed_request_answer (request, 204, NULL);
}

static JsonArray *
describe_sessions (GArray *sessions, gint64 current)
{
  JsonArray *list = json_array_new ();

  for (guint i = 0; i < sessions->len; i++)
    {
      BedServerSession *session = &g_array_index (sessions, BedServerSession, i);
      JsonObject *entry = json_object_new ();
      g_autofree char *id = g_strdup_printf ("%" G_GINT64_FORMAT, session->id);

      json_object_set_string_member (entry, "id", id);
      json_object_set_int_member (entry, "created", session->created);
      json_object_set_int_member (entry, "last_used", session->last_used);
      json_object_set_boolean_member (entry, "current", session->id == current);
      json_array_add_object_element (list, entry);
    }
  return list;
}

void
bed_accounts_show (BedAccounts *self, BedRequest *request)
{
  BedServerSession session;
  g_autoptr (BedAccount) account = NULL;
  g_autoptr (GArray) sessions = NULL;
  g_autoptr (GError) error = NULL;
  JsonObject *body;

  if (!own_session (self, request, &session))
    return;
  account = bed_store_call (self->store, get_account, session.account, &error);
  if (account)
    sessions
        = bed_store_call (self->store, list_sessions, account->id, bed_accounts_now (self), &error);
  if (!sessions)
    return bed_accounts_unavailable (self, request, "account", error);
  body = json_object_new ();
  json_object_set_string_member (body, "login", account->login);
  json_object_set_string_member (body, "display_name", account->display_name);
  json_object_set_array_member (body, "sessions", describe_sessions (sessions, session.id));
  bed_request_answer (request, 200, body);
}

void
bed_accounts_delete_session (BedAccounts *self, BedRequest *request)
{
  BedServerSession session;
  g_autoptr (GError) error = NULL;
  gboolean found = FALSE;
  gint64 id;

  if (!own_session (self, request, &session))
    return;
  if (!g_ascii_string_to_signed (request->variable, 10, 1, G_MAXINT64, &id, NULL))
    return bed_request_fail (request, BED_PROTOCOL_ERROR_NOT_FOUND);
  if (!bed_store_call (self->store, delete_session, session.account, id, &found, &error))
    return bed_accounts_unavailable (self, request, "delete-session", error);
  if (!found)
    return bed_request_fail (request, BED_PROTOCOL_ERROR_NOT_FOUND);
  bed_request_answer (request, 204, NULL);
}
