/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-accounts.h"
#include "bed-encoding.h"
#include "bed-members.h"
#include "bed-otp.h"

#include <sodium.h>
#include <string.h>

#define BED_ACCESS_S 900
#define BED_REFRESH_S (30 * 24 * 3600)
#define BED_PROVEN_S (60 * 24 * 3600)
#define BED_ACTIVATION_S (72 * 3600)
#define BED_TICKET_S 300
#define BED_TICKET_TRIES 5
#define BED_MAX_TICKETS 10000
#define BED_RECOVERY_CODES 10

/* A password step that went well; the second one follows within five minutes. */
typedef struct
{
  gint64 account;
  gint64 expires;
  guint tries;
  gboolean blind; /* whether the password was right has not been told */
} BedTicket;

struct _BedAccounts
{
  BedStore *store;
  BedHasher *hasher;
  BedLimiter *limiter;
  BedClock *clock;
  BedServerLog *log;
  const BedSettings *settings;
  guint8 pepper[BED_HASH_LENGTH];
  GHashTable *tickets; /* GBytes hash -> BedTicket */
};

gint64 bed_accounts_now (BedAccounts *self);
void bed_accounts_hash (const char *text, guint8 hash[BED_HASH_LENGTH]);
/* A random token of 32 bytes and its hash. Returns: (transfer full) */
char *bed_accounts_new_token (guint8 hash[BED_HASH_LENGTH]);
/* Keyed with the installation's pepper. */
void bed_accounts_peppered (BedAccounts *self, const char *label, const char *text,
                            guint8 hash[BED_HASH_LENGTH]);
/* Answers 503 and says why in the log. */
void bed_accounts_unavailable (BedAccounts *self, BedRequest *request, const char *what,
                               GError *error);
/* The 32 bytes that the client's Argon2id made, or NULL. Returns: (transfer full) (nullable) */
BedSecret *bed_accounts_read_auth (JsonObject *json, const char *name);

/* Counts an attempt by address. Returns: FALSE when it has answered 429. */
gboolean bed_accounts_may_try (BedAccounts *self, BedRequest *request);

typedef enum
{
  BED_TRY_REFUSED, /* it has been answered */
  BED_TRY_OPEN,
  BED_TRY_BLIND, /* nothing may be said about the password alone */
} BedTry;

/* By address and by account; `account` is -1 (or NULL) for an unknown one. The buckets that were
 * taken from are added to `counted`, to be given back after a success. */
BedTry bed_accounts_try_password (BedAccounts *self, BedRequest *request, const char *login,
                                  gint64 account, GPtrArray *counted);
BedTry bed_accounts_try_code (BedAccounts *self, BedRequest *request, const BedAccount *account,
                              gboolean blind, GPtrArray *counted);
/* For who has a session, and so for nobody else. */
gboolean bed_accounts_try_change (BedAccounts *self, BedRequest *request,
                                  const BedAccount *account, GPtrArray *counted);
void bed_accounts_give_back (BedAccounts *self, GPtrArray *counted);

/* A new session for this account; answers with it. `extra` (transfer full) (nullable) is filled
 * up. */
void bed_accounts_open_session (BedAccounts *self, BedRequest *request, const BedAccount *account,
                                JsonObject *extra);
