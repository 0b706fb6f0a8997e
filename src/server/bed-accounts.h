/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-clock.h"
#include "bed-hasher.h"
#include "bed-limiter.h"
#include "bed-request.h"
#include "bed-server-log.h"
#include "bed-settings.h"
#include "bed-store.h"

G_BEGIN_DECLS

/* Accounts: activation, the two steps of a login, sessions (docs/protocol.md, 2.2). Thread:
 * main. */
typedef struct _BedAccounts BedAccounts;

/* All borrowed, and outlive it. Returns: (transfer full) (nullable) */
BedAccounts *bed_accounts_new (BedStore *store, BedHasher *hasher, BedLimiter *limiter,
                               BedClock *clock, BedServerLog *log, const BedSettings *settings,
                               GError **error);
void bed_accounts_free (BedAccounts *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedAccounts, bed_accounts_free)

/* The session of an access token, in base64url. Returns: FALSE when it is none (or no more). */
gboolean bed_accounts_find_session (BedAccounts *self, const char *bearer,
                                    BedServerSession *session);

typedef void (*BedAccountsHandler) (BedAccounts *self, BedRequest *request);
void bed_accounts_activation_begin (BedAccounts *self, BedRequest *request);
void bed_accounts_activation_password (BedAccounts *self, BedRequest *request);
void bed_accounts_activation_confirm (BedAccounts *self, BedRequest *request);
void bed_accounts_login_begin (BedAccounts *self, BedRequest *request);
void bed_accounts_login_password (BedAccounts *self, BedRequest *request);
void bed_accounts_second_factor (BedAccounts *self, BedRequest *request);
void bed_accounts_refresh (BedAccounts *self, BedRequest *request);
void bed_accounts_logout (BedAccounts *self, BedRequest *request);
void bed_accounts_password (BedAccounts *self, BedRequest *request);
void bed_accounts_show (BedAccounts *self, BedRequest *request);
void bed_accounts_delete_session (BedAccounts *self, BedRequest *request);
void bed_accounts_get_anchor (BedAccounts *self, BedRequest *request);
void bed_accounts_put_anchor (BedAccounts *self, BedRequest *request);

/* What the administrator's commands share with the server. */
/* NFC, lower case; NULL when it is no login (1 to 64 characters, no control characters or spaces at
 * its ends). Returns: (transfer full) (nullable) */
char *bed_accounts_normalize_login (const char *login);
/* Puts a fresh activation and returns its code. Returns: (transfer full) (nullable) */
char *bed_accounts_make_activation (BedStore *store, const BedAccount *account,
                                    gboolean keeps_password, gint64 now, GError **error);

G_END_DECLS
