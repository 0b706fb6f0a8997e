/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-api.h"
#include "bed-encoding.h"
#include "bed-json.h"

G_BEGIN_DECLS

/* A server on simulated time and a real store in a private folder, without sockets. */
typedef struct
{
  char *folder;
  BedSecret *key;
  BedStore *store;
  BedManualClock *clock;
  BedServerLog *log;
  BedLimiter *limiter;
  BedHasher *hasher;
  BedTurn *turn;
  BedSettings settings;
  BedHub *hub;
  BedAccounts *accounts;
  BedApi *api;
} BedServerFixture;

#define BED_FIXTURE_START 1767225600 /* 2026-01-01 */

void bed_server_fixture_setup (BedServerFixture *self, gconstpointer data);
void bed_server_fixture_teardown (BedServerFixture *self, gconstpointer data);
/* The process is gone and comes again: only what is in the store is left. */
void bed_server_fixture_restart (BedServerFixture *self);
void bed_server_fixture_advance (BedServerFixture *self, double seconds);
gint64 bed_server_fixture_now (BedServerFixture *self);

/* Returns: (transfer full): the account's id and an activation code in *code (nullable). */
gint64 bed_server_fixture_add_account (BedServerFixture *self, const char *login, char **code);
/* A room with id and admission token of this byte. */
void bed_server_fixture_add_room (BedServerFixture *self, gint64 owner, guint8 byte, gint64 seconds);

/* One request from an address; waits for its answer. Returns: the status, and the body in *answer
 * (transfer full) (nullable). */
guint bed_server_fixture_ask (BedServerFixture *self, const char *address, const char *path,
                              const char *body, JsonObject **answer);

/* What the hub said to a client: the types, in order, each followed by a space. */
typedef struct
{
  BedHubClient *client;
  GString *heard;
  char *last; /* the text of the last message */
  gboolean closed;
} BedTestClient;

BedTestClient *bed_test_client_new (BedServerFixture *self, const BedServerSession *session);
void bed_test_client_say (BedTestClient *self, const char *format, ...) G_GNUC_PRINTF (2, 3);
void bed_test_client_free (BedTestClient *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedTestClient, bed_test_client_free)

G_END_DECLS
