/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-server-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

static char *no_urls[] = { NULL };

static void
hear (gpointer connection, const char *text)
{
  BedTestClient *self = connection;
  g_autoptr (JsonObject) message = bed_json_parse (text, strlen (text), NULL);

  g_assert_nonnull (message);
  g_string_append_printf (self->heard, "%s ", json_object_get_string_member (message, "type"));
  g_free (self->last);
  self->last = g_strdup (text);
}

static void
note_close (gpointer connection)
{
  ((BedTestClient *) connection)->closed = TRUE;
}

static void
wake_nobody (gpointer data)
{
}

static void
start (BedServerFixture *self)
{
  static const BedHubCallbacks callbacks = { hear, note_close };
  GError *error = NULL;

  self->store = bed_db_store_open (self->folder, self->key, &error);
  g_assert_no_error (error);
  self->log = bed_server_log_new ();
  self->limiter = bed_limiter_new (1000);
  self->hasher = bed_hasher_new (wake_nobody, NULL);
  self->turn = bed_turn_new (&self->settings, NULL);
  self->hub = bed_hub_new (self->store, &self->turn, BED_CLOCK (self->clock), self->log,
                           &self->settings, &callbacks, &error);
  g_assert_no_error (error);
  self->accounts = bed_accounts_new (self->store, self->hasher, self->limiter,
                                     BED_CLOCK (self->clock), self->log, &self->settings, &error);
  g_assert_no_error (error);
  self->api = bed_api_new (self->accounts, self->hub, &self->turn, self->limiter,
                           BED_CLOCK (self->clock), &self->settings);
}

static void
stop (BedServerFixture *self)
{
  g_clear_pointer (&self->hasher, bed_hasher_free);
  g_clear_pointer (&self->api, bed_api_free);
  g_clear_pointer (&self->accounts, bed_accounts_free);
  g_clear_pointer (&self->hub, bed_hub_free);
  g_clear_pointer (&self->turn, bed_turn_free);
  g_clear_pointer (&self->limiter, bed_limiter_free);
  g_clear_pointer (&self->log, bed_server_log_free);
  g_clear_object (&self->store);
}

void
bed_server_fixture_setup (BedServerFixture *self, gconstpointer data)
{
  self->folder = g_dir_make_tmp ("bed-server-XXXXXX", NULL);
  self->key = bed_secret_new_random (32);
  self->clock = BED_MANUAL_CLOCK (
      bed_manual_clock_new (G_USEC_PER_SEC, (gint64) BED_FIXTURE_START * G_USEC_PER_SEC));
  self->settings = (BedSettings) {
    .name = (char *) "Clinic",
    .telephone = (char *) "1",
    .privacy_notice = (char *) "",
    .consent = g_ptr_array_new (),
    .turn_urls = no_urls,
    .turn_ttl_s = 600,
    .max_rooms_per_account = 20,
    .requests_per_minute = 1000000,
    .logins_per_minute = 10,
  };
  start (self);
}

void
bed_server_fixture_teardown (BedServerFixture *self, gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  stop (self);
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  bed_secret_unref (self->key);
  g_object_unref (self->clock);
  g_ptr_array_unref (self->settings.consent);
}

void
bed_server_fixture_restart (BedServerFixture *self)
{
  stop (self);
  start (self);
}

void
bed_server_fixture_advance (BedServerFixture *self, double seconds)
{
  bed_manual_clock_advance (self->clock, (gint64) (seconds * G_USEC_PER_SEC));
}

gint64
bed_server_fixture_now (BedServerFixture *self)
{
  return bed_clock_get_real_us (BED_CLOCK (self->clock)) / G_USEC_PER_SEC;
}

gint64
bed_server_fixture_add_account (BedServerFixture *self, const char *login, char **code)
{
  g_autoptr (BedAccount) account = NULL;
  GError *error = NULL;
  gint64 id = 0;

  bed_store_call (self->store, add_account, login, "Somebody", &id, &error);
  g_assert_no_error (error);
  if (!code)
    return id;
  account = bed_store_call (self->store, get_account, id, &error);
  *code = bed_accounts_make_activation (self->store, account, FALSE, bed_server_fixture_now (self),
                                        &error);
  g_assert_no_error (error);
  return id;
}

void
bed_server_fixture_add_room (BedServerFixture *self, gint64 owner, guint8 byte, gint64 seconds)
{
  g_autoptr (BedRoomRecord) room = g_new0 (BedRoomRecord, 1);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = BED_HASH_LENGTH;
  guint8 token[BED_TOKEN_BYTES];

  memset (token, byte, sizeof token);
  g_checksum_update (checksum, token, sizeof token);
  g_checksum_get_digest (checksum, room->token_hash, &length);
  memset (room->id, byte, sizeof room->id);
  room->owner = owner;
  room->created = bed_server_fixture_now (self);
  room->expires = room->created + seconds;
  room->card = g_bytes_new_static ("card", 4);
  g_assert_cmpint (bed_hub_create_room (self->hub, room), ==, BED_CODE_OK);
}

static void
note_answer (BedRequest *request, gpointer connection)
{
  *(gboolean *) connection = TRUE;
}

guint
bed_server_fixture_ask (BedServerFixture *self, const char *address, const char *path,
                        const char *body, JsonObject **answer)
{
  g_autoptr (BedRequest) request = bed_request_new ();
  gboolean answered = FALSE;

  request->method = g_strdup ("POST");
  request->path = g_strdup (path);
  request->address = g_strdup (address);
  request->body = g_bytes_new (body, strlen (body));
  request->respond = note_answer;
  request->connection = &answered;
  bed_api_handle (self->api, request);
  while (!answered)
    {
      g_usleep (500);
      bed_hasher_dispatch (self->hasher);
    }
  if (answer)
    *answer = request->text ? bed_json_parse (request->text, strlen (request->text), NULL) : NULL;
  return request->status;
}

BedTestClient *
bed_test_client_new (BedServerFixture *self, const BedServerSession *session)
{
  BedTestClient *client = g_new0 (BedTestClient, 1);

  client->heard = g_string_new (NULL);
  client->client = bed_hub_connect (self->hub, client, session);
  return client;
}

void
bed_test_client_say (BedTestClient *self, const char *format, ...)
{
  g_autofree char *text = NULL;
  va_list values;

  va_start (values, format);
  text = g_strdup_vprintf (format, values);
  va_end (values);
  g_string_truncate (self->heard, 0);
  bed_hub_receive (self->client, text, strlen (text));
}

void
bed_test_client_free (BedTestClient *self)
{
  bed_hub_disconnect (self->client);
  g_string_free (self->heard, TRUE);
  g_free (self->last);
  g_free (self);
}
