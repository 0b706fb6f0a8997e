/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-api.h"

#include <glib/gstdio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* A server with one account and one room, without its sockets. */
typedef struct
{
  char *folder;
  BedStore *store;
  BedSettings settings;
  BedTurn *turn;
  BedClock *clock;
  BedServerLog *log;
  BedLimiter *limiter;
  BedHasher *hasher;
  BedHub *hub;
  BedAccounts *accounts;
  BedApi *api;
  BedServerSession session;
  guint asked; /* and not yet answered */
} Server;

static Server server;

static void
say_nothing (gpointer connection, const char *text)
{
}

static void
note_close (gpointer connection)
{
  *(gboolean *) connection = TRUE;
}

static void
wake_nobody (gpointer data)
{
}

static void
note_answer (BedRequest *request, gpointer connection)
{
  server.asked--;
}

static void
remove_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (server.folder, 0, NULL);
  const char *name;

  while (server.asked > 0)
    {
      bed_hasher_dispatch (server.hasher);
      g_usleep (1000);
    }
  bed_hasher_free (server.hasher);
  while (dir && (name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (server.folder, name, NULL);
      g_unlink (path);
    }
  g_rmdir (server.folder);
}

/* Room and token are 16 and 32 bytes of 'A': what the seeds say. */
static void
add_people (void)
{
  g_autoptr (BedRoomRecord) room = g_new0 (BedRoomRecord, 1);
  guint8 token[BED_TOKEN_BYTES];
  GError *error = NULL;
  gint64 account = 0;
  gsize length = BED_HASH_LENGTH;
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  if (!BED_STORE_GET_IFACE (server.store)->add_account (server.store, "somebody", "Somebody", &account, &error))
    g_error ("%s", error->message);
  memset (token, 'A', sizeof token);
  g_checksum_update (checksum, token, sizeof token);
  g_checksum_get_digest (checksum, room->token_hash, &length);
  memset (room->id, 'A', sizeof room->id);
  room->owner = account;
  room->expires = bed_clock_get_real_us (server.clock) / G_USEC_PER_SEC + 86400;
  room->card = g_bytes_new_static ("card", 4);
  if (bed_hub_create_room (server.hub, room) != BED_CODE_OK)
    g_error ("no room");
  server.session = (BedServerSession) { .account = account, .access_expires = G_MAXINT64 / 2,
                                        .refresh_expires = G_MAXINT64 / 2 };
  memset (server.session.access_hash, 1, sizeof server.session.access_hash);
  if (!BED_STORE_GET_IFACE (server.store)->add_session (server.store, &server.session, &error))
    g_error ("%s", error->message);
}

static void
start_server (void)
{
  static const BedHubCallbacks callbacks = { say_nothing, note_close };
  static char *no_urls[] = { NULL };
  g_autoptr (BedSecret) key = bed_secret_new_random (32);
  GError *error = NULL;

  server.folder = g_dir_make_tmp ("bed-fuzz-XXXXXX", NULL);
  server.settings = (BedSettings) { .name = (char *) "Clinic", .telephone = (char *) "1",
                                    .privacy_notice = (char *) "", .consent = g_ptr_array_new (),
                                    .turn_urls = no_urls, .turn_ttl_s = 600, .max_rooms_per_account = 20,
                                    .requests_per_minute = G_MAXINT32, .logins_per_minute = G_MAXINT32 };
  server.store = bed_db_store_open (server.folder, key, &error);
  if (server.store == NULL)
    g_error ("%s", error->message);
  server.clock = bed_system_clock_new ();
  server.log = bed_server_log_new ();
  server.limiter = bed_limiter_new (100);
  server.hasher = bed_hasher_new (wake_nobody, NULL);
  server.turn = bed_turn_new (&server.settings, NULL);
  server.hub = bed_hub_new (server.store, &server.turn, server.clock, server.log, &server.settings, &callbacks, NULL);
  server.accounts = bed_accounts_new (server.store, server.hasher, server.limiter, server.clock, server.log,
                                      &server.settings, NULL);
  server.api = bed_api_new (server.accounts, server.hub, &server.turn, server.limiter, server.clock, &server.settings);
  add_people ();
  atexit (remove_folder);
}

static char *
take_line (const uint8_t **data, size_t *size)
{
  const uint8_t *end = memchr (*data, '\n', *size);
  size_t length = end ? (size_t) (end - *data) : *size;
  char *line = g_strndup ((const char *) *data, length);

  *data += MIN (length + 1, *size);
  *size -= MIN (length + 1, *size);
  return line;
}

/* Method, path, bearer, room and admission a line each, then the body. */
static void
ask (const uint8_t *data, size_t size)
{
  g_autoptr (BedRequest) request = bed_request_new ();

  request->method = take_line (&data, &size);
  request->path = take_line (&data, &size);
  request->bearer = take_line (&data, &size);
  request->room = take_line (&data, &size);
  request->admission = take_line (&data, &size);
  request->address = g_strdup ("127.0.0.1");
  request->body = g_bytes_new (data, size);
  request->respond = note_answer;
  server.asked++;
  bed_api_handle (server.api, request);
  bed_hasher_dispatch (server.hasher);
}

/* A line is a message on one WebSocket, until it is closed. */
static void
talk (const BedServerSession *session, const uint8_t *data, size_t size)
{
  gboolean closed = FALSE;
  BedHubClient *client = bed_hub_connect (server.hub, &closed, session);

  while (size > 0 && !closed)
    {
      g_autofree char *line = take_line (&data, &size);
      bed_hub_receive (client, line, strlen (line));
    }
  bed_hub_disconnect (client);
  if (bed_hub_count_clients (server.hub) != 0)
    abort ();
}

/* The first line says which: request, clinician or patient. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autofree char *kind = take_line (&data, &size);

  if (server.store == NULL)
    start_server ();
  if (strcmp (kind, "clinician") == 0)
    talk (&server.session, data, size);
  else if (strcmp (kind, "patient") == 0)
    talk (NULL, data, size);
  else if (strcmp (kind, "request") == 0)
    ask (data, size);
  return 0;
}
