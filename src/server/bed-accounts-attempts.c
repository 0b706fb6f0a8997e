/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-accounts-private.h"

/*
 * An attacker may use up the attempts of his own address, and those that an account has for all the
 * addresses where its person never logged in; never those of an address that proved itself for that
 * account, and never a session that is open. When those of all addresses are used up, a password is
 * still taken, but nothing is said about it before the code: who has both gets in from a new place
 * at any time, and who guesses must guess both at once. Codes are counted together only for who
 * knew the password, so that nobody else can use them up.
 */
static const BedLimit proven_password = { .burst = 10, .per_minute = 10 };
static const BedLimit one_password = { .burst = 10, .per_minute = 2 }; /* of one address */
static const BedLimit other_password = { .burst = 30, .per_minute = 6 }; /* of all of them */
static const BedLimit proven_code = { .burst = 10, .per_minute = 1 };
static const BedLimit other_code = { .burst = 10, .per_minute = 1.0 / 3 };

static gboolean
is_proven (BedAccounts *self, BedRequest *request, gint64 account, gboolean *proven)
{
  guint8 address_hash[BED_HASH_LENGTH];
  gint64 since = bed_accounts_now (self) - BED_PROVEN_S;
  g_autoptr (GError) error = NULL;

  bed_accounts_peppered (self, "address", request->address, address_hash);
  /* Asked for an unknown account too, which takes the same time. */
  if (bed_store_call (self->store, is_proven, account, address_hash, since, proven, &error))
    return TRUE;
  bed_accounts_unavailable (self, request, "attempts", error);
  return FALSE;
}

/* Returns: (transfer full) */
static char *
name_bucket (BedAccounts *self, const char *kind, const char *login, const char *address)
{
  guint8 hash[BED_HASH_LENGTH];
  g_autofree char *text = NULL;

  bed_accounts_peppered (self, "limit", login, hash);
  text = bed_base64url_encode (hash, sizeof hash);
  return g_strconcat (kind, text, address ? ":" : NULL, address, NULL);
}

/* Returns: 0, or the seconds to wait; what was taken is added to `counted`. */
static guint
take (BedAccounts *self, GPtrArray *counted, char *bucket, const BedLimit *limit)
{
  guint wait = bed_limiter_take (self->limiter, bucket, limit,
                                 bed_clock_get_monotonic_us (self->clock));

  if (wait)
    g_free (bucket);
  else
    g_ptr_array_add (counted, bucket);
  return wait;
}

gboolean
bed_accounts_may_try (BedAccounts *self, BedRequest *request)
{
  const double rate = self->settings->logins_per_minute;
  const BedLimit by_address = { .burst = MAX (20, rate), .per_minute = rate };
  g_autofree char *address = g_strconcat ("l:", request->address, NULL);
  guint wait = bed_limiter_take (self->limiter, address, &by_address,
                                 bed_clock_get_monotonic_us (self->clock));

  if (wait)
    bed_request_fail_later (request, wait);
  return !wait;
}

BedTry
bed_accounts_try_password (BedAccounts *self, BedRequest *request, const char *login,
                           gint64 account, GPtrArray *counted)
{
  gboolean proven;
  guint wait;

  if (!bed_accounts_may_try (self, request) || !is_proven (self, request, account, &proven))
    return BED_TRY_REFUSED;
  wait = take (self, counted, name_bucket (self, proven ? "1:" : "3:", login, request->address),
               proven ? &proven_password : &one_password);
  if (wait)
    {
      bed_request_fail_later (request, wait);
      return BED_TRY_REFUSED;
    }
  if (proven || !take (self, counted, name_bucket (self, "1:", login, NULL), &other_password))
    return BED_TRY_OPEN;
  return BED_TRY_BLIND;
}

BedTry
bed_accounts_try_code (BedAccounts *self, BedRequest *request, const BedAccount *account,
                       gboolean blind, GPtrArray *counted)
{
  gboolean proven;
  guint wait;

  if (!bed_accounts_may_try (self, request)
      || !is_proven (self, request, account ? account->id : -1, &proven))
    return BED_TRY_REFUSED;
  if (!account)
    return BED_TRY_OPEN;
  wait = take (self, counted,
               name_bucket (self, "2:", account->login, proven ? request->address : NULL),
               proven ? &proven_code : &other_code);
  if (!wait)
    return BED_TRY_OPEN;
  /* To wait would tell that the password was right. */
  if (blind)
    bed_request_fail (request, BED_PROTOCOL_ERROR_UNAUTHORIZED);
  else
    bed_request_fail_later (request, wait);
  return BED_TRY_REFUSED;
}

gboolean
bed_accounts_try_change (BedAccounts *self, BedRequest *request, const BedAccount *account,
                         GPtrArray *counted)
{
  guint wait;

  if (!bed_accounts_may_try (self, request))
    return FALSE;
  wait = take (self, counted, name_bucket (self, "4:", account->login, NULL), &proven_password);
  if (wait)
    bed_request_fail_later (request, wait);
  return !wait;
}

void
bed_accounts_give_back (BedAccounts *self, GPtrArray *counted)
{
  for (guint i = 0; i < counted->len; i++)
    bed_limiter_give (self->limiter, counted->pdata[i]);
}
