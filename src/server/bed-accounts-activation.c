/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-accounts-private.h"

/* From an activation link to an account with a password and a second factor. */

typedef struct
{
  BedAccounts *self;
  BedRequest *request;       /* owned */
  BedActivation *activation; /* owned */
  BedAccount *account;       /* owned */
  guint8 code_hash[BED_HASH_LENGTH];
} Enrolment;

static void
enrolment_free (Enrolment *enrolment)
{
  bed_request_unref (enrolment->request);
  g_clear_pointer (&enrolment->activation, bed_activation_free);
  g_clear_pointer (&enrolment->account, bed_account_free);
  g_free (enrolment);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Enrolment, enrolment_free)

char *
bed_accounts_make_activation (BedStore *store, const BedAccount *account, gboolean keeps_password,
                              gint64 now, GError **error)
{
  BedActivation activation = { .account = account->id, .keeps_password = keeps_password,
                               .expires = now + BED_ACTIVATION_S };
  guint8 hash[BED_HASH_LENGTH];
  g_autofree char *code = bed_accounts_new_token (hash);

  if (keeps_password)
    memcpy (activation.salt, account->salt, BED_SALT_LENGTH);
  else
    bed_random_bytes (activation.salt, BED_SALT_LENGTH);
  if (!bed_store_call (store, put_activation, hash, &activation, error))
    return NULL;
  return g_steal_pointer (&code);
}

/* Finds what the request's code opens, or answers. Returns: (transfer full) (nullable) */
static Enrolment *
find (BedAccounts *self, BedRequest *request)
{
  g_autoptr (Enrolment) enrolment = g_new0 (Enrolment, 1);
  const char *code = bed_members_get_text (request->json, "code", 64);
  g_autoptr (GError) error = NULL;

  enrolment->request = bed_request_ref (request);
  enrolment->self = self;
  if (!code)
    {
      bed_request_fail (request, BED_PROTOCOL_ERROR_BAD_REQUEST);
      return NULL;
    }
  if (!bed_accounts_may_try (self, request))
    return NULL;
  bed_accounts_hash (code, enrolment->code_hash);
  enrolment->activation = bed_store_call (self->store, find_activation, enrolment->code_hash,
                                          bed_accounts_now (self), &error);
  if (enrolment->activation)
    enrolment->account
        = bed_store_call (self->store, get_account, enrolment->activation->account, &error);
  if (enrolment->account && !enrolment->account->disabled)
    return g_steal_pointer (&enrolment);
  if (error)
    bed_accounts_unavailable (self, request, "activation", error);
  else
    bed_request_fail (request, BED_PROTOCOL_ERROR_UNAUTHORIZED);
  return NULL;
}

static gint64
get_ops (Enrolment *e)
{
  return e->activation->keeps_password ? e->account->ops : BED_KDF_OPS_MIN;
}

static gint64
get_mem (Enrolment *e)
{
  return e->activation->keeps_password ? e->account->mem : BED_KDF_MEM_MIN;
}

void
bed_accounts_activation_begin (BedAccounts *self, BedRequest *request)
{
  g_autoptr (Enrolment) enrolment = find (self, request);
  JsonObject *body;

  if (!enrolment)
    return;
  body = json_object_new ();
  json_object_set_string_member (body, "login", enrolment->account->login);
  json_object_set_string_member (body, "display_name", enrolment->account->display_name);
  bed_members_set_bytes (body, "salt", enrolment->activation->salt, BED_SALT_LENGTH);
  json_object_set_int_member (body, "ops", get_ops (enrolment));
  json_object_set_int_member (body, "mem", get_mem (enrolment));
  bed_request_answer (request, 200, body);
}

static JsonObject *
describe_otp (Enrolment *e)
{
  JsonObject *otp = json_object_new ();
  g_autofree char *secret = bed_otp_secret_to_text (e->activation->otp_secret);

  json_object_set_string_member (otp, "secret", secret);
  bed_secret_wipe (secret, strlen (secret));
  json_object_set_string_member (otp, "issuer", e->self->settings->name);
  json_object_set_string_member (otp, "account", e->account->login);
  json_object_set_int_member (otp, "digits", BED_OTP_DIGITS);
  json_object_set_int_member (otp, "period", BED_OTP_PERIOD_S);
  return otp;
}

static void
password_hashed (const BedHashResult *result, gpointer data)
{
  g_autoptr (Enrolment) e = data;
  g_autofree char *ticket = bed_accounts_new_token (e->activation->ticket_hash);
  g_autoptr (GError) error = NULL;
  JsonObject *body;

  if (e->activation->keeps_password && !result->verified)
    return bed_request_fail (e->request, BED_PROTOCOL_ERROR_UNAUTHORIZED);
  if (!e->activation->keeps_password && !result->hash)
    return bed_request_fail (e->request, BED_PROTOCOL_ERROR_UNAVAILABLE);
  g_free (e->activation->verifier);
  e->activation->verifier = g_strdup (result->hash ? result->hash : e->account->verifier);
  /* The same link again shows the same secret: an answer may have been lost. */
  if (!e->activation->otp_secret)
    e->activation->otp_secret = bed_secret_new_random (BED_OTP_SECRET_LENGTH);
  if (!bed_store_call (e->self->store, update_activation, e->code_hash, e->activation, &error))
    return bed_accounts_unavailable (e->self, e->request, "activation", error);
  body = json_object_new ();
  json_object_set_string_member (body, "ticket", ticket);
  json_object_set_object_member (body, "otp", describe_otp (e));
  bed_request_answer (e->request, 200, body);
}

void
bed_accounts_activation_password (BedAccounts *self, BedRequest *request)
{
  g_autoptr (BedSecret) auth = bed_accounts_read_auth (request->json, "auth");
  Enrolment *e;
  gboolean keeps;

  if (!auth)
    return bed_request_fail (request, BED_PROTOCOL_ERROR_BAD_REQUEST);
  e = find (self, request);
  if (!e)
    return;
  keeps = e->activation->keeps_password;
  if (bed_hasher_push (self->hasher, keeps ? auth : NULL, keeps ? e->account->verifier : NULL,
                       keeps ? NULL : auth, password_hashed, e))
    return;
  bed_request_fail (request, BED_PROTOCOL_ERROR_UNAVAILABLE);
  enrolment_free (e);
}

static JsonArray *
make_recovery_codes (BedAccounts *self, GPtrArray *hashes)
{
  JsonArray *codes = json_array_new ();

  for (int i = 0; i < BED_RECOVERY_CODES; i++)
    {
      g_autofree char *code = bed_recovery_code_new ();
      g_autofree char *plain = bed_recovery_code_normalize (code);
      guint8 hash[BED_HASH_LENGTH];

      bed_accounts_peppered (self, "recovery", plain, hash);
      g_ptr_array_add (hashes, g_bytes_new (hash, sizeof hash));
      json_array_add_string_element (codes, code);
    }
  return codes;
}

static gint64
check_confirmation (Enrolment *e, const char *ticket, const char *code)
{
  guint8 hash[BED_HASH_LENGTH];

  bed_accounts_hash (ticket, hash);
  if (!e->activation->verifier || !e->activation->otp_secret
      || sodium_memcmp (hash, e->activation->ticket_hash, sizeof hash) != 0)
    return -1;
  return bed_otp_match (e->activation->otp_secret, code, bed_accounts_now (e->self));
}

void
bed_accounts_activation_confirm (BedAccounts *self, BedRequest *request)
{
  const char *ticket = bed_members_get_text (request->json, "ticket", 64);
  const char *code = bed_members_get_text (request->json, "totp", 16);
  g_autoptr (GPtrArray) hashes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (Enrolment) e = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) body = NULL;
  gboolean done = FALSE;
  gint64 step;

  if (!ticket || !code)
    return bed_request_fail (request, BED_PROTOCOL_ERROR_BAD_REQUEST);
  e = find (self, request);
  if (!e)
    return;
  step = check_confirmation (e, ticket, code);
  if (step < 0)
    return bed_request_fail (request, BED_PROTOCOL_ERROR_UNAUTHORIZED);
  body = json_object_new ();
  json_object_set_array_member (body, "recovery_codes", make_recovery_codes (self, hashes));
  if (!bed_store_call (self->store, finish_activation, e->code_hash, e->activation, get_ops (e),
                       get_mem (e), step, hashes, &done, &error))
    return bed_accounts_unavailable (self, request, "activation", error);
  if (!done)
    return bed_request_fail (request, BED_PROTOCOL_ERROR_UNAUTHORIZED);
  bed_accounts_open_session (self, request, e->account, g_steal_pointer (&body));
}
