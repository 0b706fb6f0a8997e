/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-accounts-private.h"

/* The two steps of a login, and the change of the password. */

typedef struct
{
  BedAccounts *self;
  BedRequest *request; /* owned */
  BedAccount *account; /* owned, nullable: no such login */
  GPtrArray *counted; /* owned */
  gboolean blind;
  gint64 session;
} Pending;

static Pending *
pending_new (BedAccounts *self, BedRequest *request, BedAccount *account, GPtrArray *counted)
{
  Pending *pending = g_new0 (Pending, 1);

  pending->self = self;
  pending->request = bed_request_ref (request);
  pending->account = account;
  pending->counted = counted;
  return pending;
}

static void
pending_free (Pending *pending)
{
  bed_request_unref (pending->request);
  g_clear_pointer (&pending->account, bed_account_free);
  g_ptr_array_unref (pending->counted);
  g_free (pending);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Pending, pending_free)

static void
push (Pending *pending, BedSecret *secret, const char *verifier, BedSecret *fresh, BedHashFunc done)
{
  if (bed_hasher_push (pending->self->hasher, secret, verifier, fresh, done, pending))
    return;
  pending->request->retry_after = 2;
  bed_request_fail (pending->request, BED_PROTOCOL_ERROR_UNAVAILABLE);
  pending_free (pending);
}

/* One of the costs that accounts here have, always the same for the same login: with another, or
 * with the least, an unknown one would show. */
static gboolean
choose_cost (BedAccounts *self, const char *login, BedKdfCost *cost, GError **error)
{
  g_autoptr (GArray) costs = bed_store_call (self->store, list_costs, error);
  guint8 best[BED_HASH_LENGTH] = { 0 };

  *cost = (BedKdfCost){ BED_KDF_OPS_MIN, BED_KDF_MEM_MIN };
  for (guint i = 0; costs && i < costs->len; i++)
    {
      const BedKdfCost *one = &g_array_index (costs, BedKdfCost, i);
      g_autofree char *text = g_strdup_printf (
          "%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT ":%s", one->ops, one->mem, login);
      guint8 rank[BED_HASH_LENGTH];

      bed_accounts_peppered (self, "cost", text, rank);
      if (memcmp (rank, best, sizeof rank) < 0)
        continue;
      memcpy (best, rank, sizeof best);
      *cost = *one;
    }
  return costs != NULL;
}

/* What an unknown login gets looks like anybody's and stays the same. */
void
bed_accounts_login_begin (BedAccounts *self, BedRequest *request)
{
  g_autofree char *login
      = bed_accounts_normalize_login (bed_members_get_text (request->json, "login", 256));
  g_autoptr (BedAccount) account = NULL;
  g_autoptr (GError) error = NULL;
  guint8 salt[BED_HASH_LENGTH];
  BedKdfCost cost;
  gboolean known;
  JsonObject *body;

  if (!login)
    return bed_request_fail (request, BED_PROTOCOL_ERROR_BAD_REQUEST);
  if (!bed_accounts_may_try (self, request))
    return;
  account = bed_store_call (self->store, find_account, login, &error);
  if (error || !choose_cost (self, login, &cost, &error))
    return bed_accounts_unavailable (self, request, "login", error);
  bed_accounts_peppered (self, "salt", login, salt);
  known = account && account->active && !account->disabled;
  body = json_object_new ();
  bed_members_set_bytes (body, "salt", known ? account->salt : salt, BED_SALT_LENGTH);
  json_object_set_int_member (body, "ops", known ? account->ops : cost.ops);
  json_object_set_int_member (body, "mem", known ? account->mem : cost.mem);
  bed_request_answer (request, 200, body);
}

/* --- First step ------------------------------------------------------------------------------- */

static gboolean
ticket_is_over (gpointer key, gpointer value, gpointer now)
{
  return ((BedTicket *) value)->expires <= *(gint64 *) now;
}

static char *
new_ticket (BedAccounts *self, gint64 account, gboolean blind)
{
  guint8 hash[BED_HASH_LENGTH];
  BedTicket *ticket;
  char *text;
  gint64 now = bed_accounts_now (self);

  g_hash_table_foreach_remove (self->tickets, ticket_is_over, &now);
  if (g_hash_table_size (self->tickets) >= BED_MAX_TICKETS)
    return NULL;
  ticket = g_new0 (BedTicket, 1);
  ticket->account = account;
  ticket->blind = blind;
  ticket->expires = now + BED_TICKET_S;
  text = bed_accounts_new_token (hash);
  g_hash_table_insert (self->tickets, g_bytes_new (hash, sizeof hash), ticket);
  return text;
}

static void
login_verified (const BedHashResult *result, gpointer data)
{
  g_autoptr (Pending) pending = data;
  const BedAccount *account = pending->account;
  gboolean good = result->verified && account && !account->disabled && account->active;
  guint8 nobodys[BED_HASH_LENGTH];
  g_autofree char *ticket = NULL;
  JsonObject *body;

  if (!good && !pending->blind)
    return bed_request_fail (pending->request, BED_PROTOCOL_ERROR_UNAUTHORIZED);
  if (good && !pending->blind)
    bed_accounts_give_back (pending->self, pending->counted);
  ticket = good ? new_ticket (pending->self, account->id, pending->blind)
                : bed_accounts_new_token (nobodys);
  if (!ticket && pending->blind)
    ticket = bed_accounts_new_token (nobodys); /* refusing would tell that the password is right */
  if (!ticket)
    return bed_request_fail (pending->request, BED_PROTOCOL_ERROR_UNAVAILABLE);
  body = json_object_new ();
  json_object_set_string_member (body, "ticket", ticket);
  if (pending->blind)
    json_object_set_boolean_member (body, "unchecked", TRUE);
  bed_request_answer (pending->request, 200, body);
}

void
bed_accounts_login_password (BedAccounts *self, BedRequest *request)
{
  g_autofree char *login
      = bed_accounts_normalize_login (bed_members_get_text (request->json, "login", 256));
  g_autoptr (BedSecret) auth = bed_accounts_read_auth (request->json, "auth");
  g_autoptr (BedAccount) account = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) counted = g_ptr_array_new_with_free_func (g_free);
  const char *verifier;
  Pending *pending;
  BedTry may;

  if (!login || !auth)
    return bed_request_fail (request, BED_PROTOCOL_ERROR_BAD_REQUEST);
  account = bed_store_call (self->store, find_account, login, &error);
  if (error)
    return bed_accounts_unavailable (self, request, "login", error);
  may = bed_accounts_try_password (self, request, login, account ? account->id : -1, counted);
  if (may == BED_TRY_REFUSED)
    return;
  verifier = account ? account->verifier : NULL;
  pending
      = pending_new (self, request, g_steal_pointer (&account), g_steal_pointer (&counted));
  pending->blind = may == BED_TRY_BLIND;
  push (pending, auth, verifier, NULL, login_verified);
}

/* --- Second step ------------------------------------------------------------------------------ */

static gboolean
check_code (BedAccounts *self, const BedAccount *account, const char *code, gboolean *right,
            GError **error)
{
  gint64 step = bed_otp_match (account->otp_secret, code, bed_accounts_now (self));
  g_autofree char *recovery = bed_recovery_code_normalize (code);
  guint8 hash[BED_HASH_LENGTH];

  *right = FALSE;
  if (step >= 0)
    return bed_store_call (self->store, use_step, account->id, step, right, error);
  if (!recovery)
    return TRUE;
  bed_accounts_peppered (self, "recovery", recovery, hash);
  return bed_store_call (self->store, use_recovery, account->id, hash, right, error);
}

/* What a ticket that stands for no account costs: what a wrong code of an account does. */
static gboolean
check_nobodys_code (BedAccounts *self, const char *code, GError **error)
{
  g_autoptr (BedSecret) secret = bed_secret_new_zero (20);
  BedAccount nobody = { .id = -1, .otp_secret = secret };
  gint64 step = bed_otp_match (secret, code, bed_accounts_now (self));
  gboolean right;

  return step >= 0 || check_code (self, &nobody, code, &right, error);
}

static BedTicket *
find_ticket (BedAccounts *self, const char *text, GBytes **key)
{
  guint8 hash[BED_HASH_LENGTH];
  BedTicket *ticket;

  bed_accounts_hash (text, hash);
  *key = g_bytes_new (hash, sizeof hash);
  ticket = g_hash_table_lookup (self->tickets, *key);
  if (!ticket || (ticket->expires > bed_accounts_now (self) && ticket->tries < BED_TICKET_TRIES))
    return ticket;
  g_hash_table_remove (self->tickets, *key);
  return NULL;
}

void
bed_accounts_second_factor (BedAccounts *self, BedRequest *request)
{
  const char *text = bed_members_get_text (request->json, "ticket", 64);
  const char *code = bed_members_get_text (request->json, "code", 32);
  g_autoptr (GBytes) key = NULL;
  g_autoptr (BedAccount) account = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) counted = g_ptr_array_new_with_free_func (g_free);
  BedTicket *ticket;
  gboolean right = FALSE;

  if (!text || !code)
    return bed_request_fail (request, BED_PROTOCOL_ERROR_BAD_REQUEST);
  ticket = find_ticket (self, text, &key);
  /* Looked for without a ticket too: a wrong password has none, and must take the same time. */
  account = bed_store_call (self->store, get_account, ticket ? ticket->account : -1, &error);
  if (error)
    return bed_accounts_unavailable (self, request, "second-factor", error);
  if (bed_accounts_try_code (self, request, account, ticket && ticket->blind, counted)
      == BED_TRY_REFUSED)
    return;
  if (!account && !check_nobodys_code (self, code, &error))
    return bed_accounts_unavailable (self, request, "second-factor", error);
  if (!account || account->disabled || !account->active)
    return bed_request_fail (request, BED_PROTOCOL_ERROR_UNAUTHORIZED);
  ticket->tries++;
  if (!check_code (self, account, code, &right, &error))
    return bed_accounts_unavailable (self, request, "second-factor", error);
  if (!right)
    return bed_request_fail (request, BED_PROTOCOL_ERROR_UNAUTHORIZED);
  g_hash_table_remove (self->tickets, key);
  bed_accounts_give_back (self, counted);
  bed_accounts_open_session (self, request, account, NULL);
}

/* --- Another password ------------------------------------------------------------------------- */

static void
password_changed (const BedHashResult *result, gpointer data)
{
  g_autoptr (Pending) pending = data;
  BedAccount *account = pending->account;
  g_autoptr (GError) error = NULL;

  if (!result->verified)
    return bed_request_fail (pending->request, BED_PROTOCOL_ERROR_UNAUTHORIZED);
  if (!result->hash)
    return bed_request_fail (pending->request, BED_PROTOCOL_ERROR_UNAVAILABLE);
  bed_accounts_give_back (pending->self, pending->counted);
  g_free (account->verifier);
  account->verifier = g_strdup (result->hash);
  if (!bed_store_call (pending->self->store, set_password, account, pending->session, &error))
    return bed_accounts_unavailable (pending->self, pending->request, "password", error);
  bed_request_answer (pending->request, 204, NULL);
}

void
bed_accounts_password (BedAccounts *self, BedRequest *request)
{
  g_autoptr (BedSecret) old_auth = bed_accounts_read_auth (request->json, "auth_old");
  g_autoptr (BedSecret) new_auth = bed_accounts_read_auth (request->json, "auth_new");
  g_autoptr (BedAccount) account = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *verifier = NULL;
  BedServerSession session;
  guint8 salt[BED_SALT_LENGTH];
  gint64 ops, mem;
  g_autoptr (GPtrArray) counted = g_ptr_array_new_with_free_func (g_free);
  Pending *pending;

  if (!bed_accounts_find_session (self, request->bearer, &session))
    return bed_request_fail (request, BED_PROTOCOL_ERROR_UNAUTHORIZED);
  if (!old_auth || !new_auth || !bed_members_get_bytes (request->json, "salt", salt, sizeof salt)
      || !bed_members_get_integer (request->json, "ops", BED_KDF_OPS_MIN, BED_KDF_OPS_MAX, &ops)
      || !bed_members_get_integer (request->json, "mem", BED_KDF_MEM_MIN, BED_KDF_MEM_MAX, &mem))
    return bed_request_fail (request, BED_PROTOCOL_ERROR_BAD_REQUEST);
  account = bed_store_call (self->store, get_account, session.account, &error);
  if (!account)
    return bed_accounts_unavailable (self, request, "password", error);
  if (!bed_accounts_try_change (self, request, account, counted))
    return;
  verifier = g_strdup (account->verifier);
  memcpy (account->salt, salt, sizeof salt);
  account->ops = ops;
  account->mem = mem;
  pending
      = pending_new (self, request, g_steal_pointer (&account), g_steal_pointer (&counted));
  pending->session = session.id;
  push (pending, old_auth, verifier, new_auth, password_changed);
}
