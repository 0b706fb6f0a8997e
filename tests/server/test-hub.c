/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-server-fixture.h"

#include <string.h>

#include "bed-db-store-private.h"

/* What takes minutes: seats that come back or do not, rooms whose time is over. */

#define OTHER "BwcHBwcHBwcHBwcHBwcHBw"
#define HOP "CAgICAgICAgICAgICAgICA"

typedef struct
{
  BedServerFixture base;
  gint64 account;
  BedServerSession session;
} Fixture;

static void
setup (Fixture *self, gconstpointer data)
{
  GError *error = NULL;
  gint64 now = BED_FIXTURE_START;

  bed_server_fixture_setup (&self->base, data);
  self->account = bed_server_fixture_add_account (&self->base, "anna", NULL);
  self->session = (BedServerSession) { .account = self->account, .created = now, .last_used = now,
                                       .access_expires = now + 900,
                                       .refresh_expires = now + 86400 };
  memset (self->session.family_hash, 1, BED_HASH_LENGTH);
  g_assert_true (bed_store_call (self->base.store, add_session, &self->session, &error));
}

static void
teardown (Fixture *self, gconstpointer data)
{
  bed_server_fixture_teardown (&self->base, data);
}

/* A tick for each second, as in life. */
static void
pass (Fixture *self, int seconds)
{
  for (int i = 0; i < seconds; i++)
    {
      bed_server_fixture_advance (&self->base, 1);
      bed_hub_tick (self->base.hub);
    }
}

static BedTestClient *
attach (Fixture *self)
{
  BedTestClient *host = bed_test_client_new (&self->base, &self->session);

  bed_test_client_say (host, "{\"type\":\"attach\",\"hop\":\"" HOP "\"}");
  g_assert_true (g_str_has_prefix (host->heard->str, "welcome "));
  return host;
}

/* Room, token and seat are made of one byte each. */
static BedTestClient *
join (Fixture *self, guint8 room, guint8 seat)
{
  BedTestClient *patient = bed_test_client_new (&self->base, NULL);
  guint8 bytes[BED_TOKEN_BYTES];
  g_autofree char *id = NULL, *token = NULL, *chair = NULL;

  memset (bytes, room, sizeof bytes);
  id = bed_base64url_encode (bytes, BED_ROOM_LENGTH);
  token = bed_base64url_encode (bytes, sizeof bytes);
  memset (bytes, seat, sizeof bytes);
  chair = bed_base64url_encode (bytes, BED_SEAT_BYTES);
  bed_test_client_say (patient,
                       "{\"type\":\"join\",\"room\":\"%s\",\"token\":\"%s\",\"seat\":\"%s\","
                       "\"hop\":\"" OTHER "\"}",
                       id, token, chair);
  return patient;
}

static const char *
get_text (BedTestClient *client, const char *name)
{
  g_autoptr (JsonObject) message = bed_json_parse (client->last, strlen (client->last), NULL);

  return g_intern_string (json_object_get_string_member (message, name));
}

static void
admit (BedTestClient *host, BedTestClient *patient, guint8 room)
{
  guint8 bytes[BED_ROOM_LENGTH];
  g_autofree char *id = NULL;

  memset (bytes, room, sizeof bytes);
  id = bed_base64url_encode (bytes, sizeof bytes);
  bed_test_client_say (host, "{\"type\":\"admit\",\"room\":\"%s\",\"peer\":\"%s\"}", id,
                       get_text (patient, "peer"));
  g_assert_cmpstr (host->heard->str, ==, "room ");
}

static void
test_seat_is_kept_for_ten_minutes (Fixture *self, gconstpointer data)
{
  g_autoptr (BedTestClient) host = attach (self);
  BedTestClient *patient;

  bed_server_fixture_add_room (&self->base, self->account, 'r', 3600);
  patient = join (self, 'r', 's');
  g_assert_cmpstr (get_text (patient, "state"), ==, "waiting");
  admit (host, patient, 'r');
  bed_test_client_free (patient);
  pass (self, BED_PROTOCOL_SEAT_RETURN_SECONDS - 1);
  patient = join (self, 'r', 's');
  g_assert_cmpstr (get_text (patient, "state"), ==, "admitted");
  bed_test_client_free (patient);
  pass (self, BED_PROTOCOL_SEAT_RETURN_SECONDS + 2);
  patient = join (self, 'r', 's');
  g_assert_cmpstr (get_text (patient, "state"), ==, "waiting");
  bed_test_client_free (patient);
}

/* The time in which nobody could come back does not count. */
static void
test_seat_is_kept_over_a_restart (Fixture *self, gconstpointer data)
{
  BedTestClient *host = attach (self);
  BedTestClient *patient;

  bed_server_fixture_add_room (&self->base, self->account, 'r', 7200);
  patient = join (self, 'r', 's');
  admit (host, patient, 'r');
  bed_test_client_free (patient);
  bed_test_client_free (host);
  bed_server_fixture_advance (&self->base, 3600);
  bed_server_fixture_restart (&self->base);
  pass (self, 30);
  patient = join (self, 'r', 's');
  g_assert_cmpstr (get_text (patient, "state"), ==, "admitted");
  bed_test_client_free (patient);
}

static void
test_a_visit_is_not_cut_off (Fixture *self, gconstpointer data)
{
  g_autoptr (BedTestClient) host = attach (self);
  g_autoptr (BedTestClient) inside = NULL;
  g_autoptr (BedTestClient) waits = NULL;

  bed_server_fixture_add_room (&self->base, self->account, 'r', 60);
  bed_server_fixture_add_room (&self->base, self->account, 'q', 60);
  inside = join (self, 'r', 's');
  pass (self, 1);
  waits = join (self, 'q', 't');
  admit (host, inside, 'r');
  pass (self, 90);
  g_assert_false (inside->closed);
  g_assert_true (waits->closed);
  g_assert_cmpstr (get_text (waits, "reason"), ==, "expired");
}

static void
test_who_says_nothing_goes (Fixture *self, gconstpointer data)
{
  g_autoptr (BedTestClient) silent = bed_test_client_new (&self->base, NULL);
  g_autoptr (BedTestClient) clinician = bed_test_client_new (&self->base, &self->session);

  pass (self, 9);
  g_assert_false (silent->closed || clinician->closed);
  pass (self, 3);
  g_assert_true (silent->closed && clinician->closed);
  g_assert_cmpstr (get_text (silent, "code"), ==, "bad-request");
}

/* The bucket of one connection, and the wire's patience with it. */
static void
test_messages_are_limited (Fixture *self, gconstpointer data)
{
  g_autoptr (BedTestClient) host = attach (self);
  int said = 0;

  while (!host->closed && said < 1000)
    {
      bed_test_client_say (host, "{\"type\":\"ok\",\"n\":1}");
      said++;
    }
  g_assert_cmpint (said, ==, 300); /* attach was the first of the burst */
  g_assert_cmpstr (get_text (host, "code"), ==, "rate-limited");
}

/* Who is cut off for it is gone like anybody else: it is told, and the seat is kept from then on. */
static void
test_cut_off_keeps_the_seat (Fixture *self, gconstpointer data)
{
  g_autoptr (BedTestClient) host = attach (self);
  g_autoptr (BedTestClient) patient = NULL;
  g_autoptr (BedTestClient) back = NULL;

  bed_server_fixture_add_room (&self->base, self->account, 'r', 7200);
  patient = join (self, 'r', 's');
  admit (host, patient, 'r');
  pass (self, BED_PROTOCOL_SEAT_RETURN_SECONDS + 60);
  for (int i = 0; i < 1000 && !patient->closed; i++)
    bed_test_client_say (patient, "{\"type\":\"ok\",\"n\":1}");
  g_assert_true (patient->closed);
  g_assert_true (g_str_has_suffix (host->heard->str, "left "));
  pass (self, BED_PROTOCOL_SEAT_RETURN_SECONDS - 1);
  back = join (self, 'r', 's');
  g_assert_cmpstr (get_text (back, "state"), ==, "admitted");
}

/* Those who wait for a clinician whose session ended know that nobody is there. */
static void
test_session_that_ends (Fixture *self, gconstpointer data)
{
  g_autoptr (BedTestClient) host = attach (self);
  g_autoptr (BedTestClient) patient = NULL;
  g_autoptr (JsonObject) told = NULL;
  GError *error = NULL;

  bed_server_fixture_add_room (&self->base, self->account, 'r', 3600);
  patient = join (self, 'r', 's');
  pass (self, 4);
  g_assert_false (host->closed);
  g_assert_true (bed_store_call (self->base.store, set_disabled, self->account, TRUE, &error));
  pass (self, 2);
  g_assert_true (host->closed);
  g_assert_cmpstr (get_text (host, "code"), ==, "unauthorized");
  g_assert_true (g_str_has_suffix (patient->heard->str, "host "));
  told = bed_json_parse (patient->last, strlen (patient->last), NULL);
  g_assert_false (json_object_get_boolean_member (told, "online"));
}

/* The same account from elsewhere: it is there all the same. */
static void
test_another_device (Fixture *self, gconstpointer data)
{
  g_autoptr (BedTestClient) first = attach (self);
  g_autoptr (BedTestClient) second = NULL;
  g_autoptr (BedTestClient) patient = NULL;
  g_autoptr (JsonObject) told = NULL;

  bed_server_fixture_add_room (&self->base, self->account, 'r', 3600);
  patient = join (self, 'r', 's');
  second = attach (self);
  g_assert_true (first->closed && !second->closed);
  g_assert_cmpstr (get_text (first, "code"), ==, "conflict");
  told = bed_json_parse (patient->last, strlen (patient->last), NULL);
  g_assert_true (json_object_get_boolean_member (told, "online"));
  pass (self, 2);
  g_assert_false (second->closed);
}

/* The one elsewhere finds no place, and the earlier one is gone: nobody is there. */
static void
test_another_device_that_fails (Fixture *self, gconstpointer data)
{
  g_autoptr (BedTestClient) first = attach (self);
  g_autoptr (BedTestClient) second = bed_test_client_new (&self->base, &self->session);
  g_autoptr (BedTestClient) patient = NULL;
  g_autoptr (JsonObject) told = NULL;
  GError *error = NULL;

  bed_server_fixture_add_room (&self->base, self->account, 'r', 3600);
  patient = join (self, 'r', 's');
  g_assert_true (bed_db_exec (BED_DB_STORE (self->base.store)->relay, "DROP TABLE hop", &error));
  bed_test_client_say (second, "{\"type\":\"attach\",\"hop\":\"" OTHER "\"}");
  g_assert_true (first->closed);
  g_assert_cmpstr (get_text (second, "code"), ==, "unavailable");
  g_assert_true (g_str_has_suffix (patient->heard->str, "host "));
  told = bed_json_parse (patient->last, strlen (patient->last), NULL);
  g_assert_false (json_object_get_boolean_member (told, "online"));
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, setup, function, teardown)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/server/hub/seat-is-kept-for-ten-minutes", test_seat_is_kept_for_ten_minutes);
  ADD ("/server/hub/seat-is-kept-over-a-restart", test_seat_is_kept_over_a_restart);
  ADD ("/server/hub/a-visit-is-not-cut-off", test_a_visit_is_not_cut_off);
  ADD ("/server/hub/who-says-nothing-goes", test_who_says_nothing_goes);
  ADD ("/server/hub/messages-are-limited", test_messages_are_limited);
  ADD ("/server/hub/cut-off-keeps-the-seat", test_cut_off_keeps_the_seat);
  ADD ("/server/hub/session-that-ends", test_session_that_ends);
  ADD ("/server/hub/another-device", test_another_device);
  ADD ("/server/hub/another-device-that-fails", test_another_device_that_fails);
  return g_test_run ();
}
