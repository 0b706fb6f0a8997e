/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-otp.h"
#include "bed-server-fixture.h"

#include <oath.h>
#include <string.h>

/* Back-off on simulated time: what an attacker can use up, and that it is never the real person's. */

#define HOME "203.0.113.1"
#define RIGHT "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE"
#define WRONG "QkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkI"

typedef struct
{
  BedServerFixture base;
  char *secret;
  gsize secret_length;
} Fixture;

static char *
code_of (Fixture *self)
{
  char code[BED_OTP_DIGITS + 1];

  oath_totp_generate (self->secret, self->secret_length, bed_server_fixture_now (&self->base),
                      BED_OTP_PERIOD_S, 0, BED_OTP_DIGITS, code);
  return g_strdup (code);
}

static guint
ask (Fixture *self, const char *address, const char *path, JsonObject **answer, const char *format,
     ...) G_GNUC_PRINTF (5, 6);

static guint
ask (Fixture *self, const char *address, const char *path, JsonObject **answer, const char *format,
     ...)
{
  g_autofree char *body = NULL;
  va_list values;

  va_start (values, format);
  body = g_strdup_vprintf (format, values);
  va_end (values);
  return bed_server_fixture_ask (&self->base, address, path, body, answer);
}

/* Anna activates at home, which proves that address for her. */
static void
setup (Fixture *self, gconstpointer data)
{
  g_autofree char *link = NULL;
  g_autofree char *totp = NULL;
  g_autoptr (JsonObject) answer = NULL;
  JsonObject *otp;

  bed_server_fixture_setup (&self->base, data);
  bed_server_fixture_add_account (&self->base, "anna", &link);
  g_assert_cmpuint (ask (self, HOME, "/activation/password", &answer,
                         "{\"code\":\"%s\",\"auth\":\"" RIGHT "\"}", link),
                    ==, 200);
  otp = json_object_get_object_member (answer, "otp");
  oath_base32_decode (json_object_get_string_member (otp, "secret"),
                      strlen (json_object_get_string_member (otp, "secret")), &self->secret,
                      &self->secret_length);
  totp = code_of (self);
  g_assert_cmpuint (ask (self, HOME, "/activation/confirm", NULL,
                         "{\"code\":\"%s\",\"ticket\":\"%s\",\"totp\":\"%s\"}", link,
                         json_object_get_string_member (answer, "ticket"), totp),
                    ==, 200);
  bed_server_fixture_advance (&self->base, 300);
}

static void
teardown (Fixture *self, gconstpointer data)
{
  free (self->secret);
  bed_server_fixture_teardown (&self->base, data);
}

static guint
try_password (Fixture *self, const char *address, const char *login, const char *auth,
              JsonObject **answer)
{
  return ask (self, address, "/login/password", answer, "{\"login\":\"%s\",\"auth\":\"%s\"}", login,
              auth);
}

static guint
try_code (Fixture *self, const char *address, const char *ticket, const char *code)
{
  return ask (self, address, "/login/second-factor", NULL, "{\"ticket\":\"%s\",\"code\":\"%s\"}",
              ticket, code);
}

static void
log_in (Fixture *self, const char *address)
{
  g_autoptr (JsonObject) answer = NULL;
  g_autofree char *code = code_of (self);

  g_assert_cmpuint (try_password (self, address, "anna", RIGHT, &answer), ==, 200);
  g_assert_cmpuint (
      try_code (self, address, json_object_get_string_member (answer, "ticket"), code), ==, 200);
}

/* One address: a burst, then the rate, with the right time to wait in the answer. */
static void
test_one_address (Fixture *self, gconstpointer data)
{
  guint good = 0;

  while (try_password (self, "198.51.100.1", "anna", WRONG, NULL) == 401)
    good++;
  g_assert_cmpuint (good, ==, 10);
  bed_server_fixture_advance (&self->base, 29.9);
  g_assert_cmpuint (try_password (self, "198.51.100.1", "anna", WRONG, NULL), ==, 429);
  bed_server_fixture_advance (&self->base, 0.2);
  g_assert_cmpuint (try_password (self, "198.51.100.1", "anna", WRONG, NULL), ==, 401);
  g_assert_cmpuint (try_password (self, "198.51.100.1", "anna", RIGHT, NULL), ==, 429);
  log_in (self, HOME);
}

/* Many addresses against one account: what is told about a password is bounded together, and she
 * gets in at any time. */
static void
test_many_addresses (Fixture *self, gconstpointer data)
{
  guint judged = 0;

  for (int attempt = 0; attempt < 180; attempt++)
    {
      g_autofree char *address = g_strdup_printf ("198.51.100.%d", attempt);
      guint status = try_password (self, address, "anna", WRONG, NULL);

      g_assert_true (status == 401 || status == 200);
      judged += status == 401;
      bed_server_fixture_advance (&self->base, 4);
      if (attempt % 60 == 59)
        {
          log_in (self, HOME);
          bed_server_fixture_advance (&self->base, 60);
        }
    }
  g_test_message ("%u of 180 attempts in a quarter of an hour were judged", judged);
  g_assert_cmpuint (judged, <=, 30 + 15 * 6);
  g_assert_cmpuint (judged, >=, 80);
}

/* Unknown logins are counted like known ones: the answers tell nothing. */
static void
test_unknown_alike (Fixture *self, gconstpointer data)
{
  for (int i = 0; i < 45; i++)
    {
      g_autofree char *address = g_strdup_printf ("198.51.100.%d", i);
      g_autofree char *other = g_strdup_printf ("198.51.101.%d", i);
      guint known = try_password (self, address, "anna", WRONG, NULL);

      g_assert_cmpuint (known, ==, i < 30 ? 401 : 200);
      g_assert_cmpuint (try_password (self, other, "nobody", WRONG, NULL), ==, known);
    }
}

/* Uses up what an account has for addresses that it does not know. */
static void
crowd (Fixture *self, const char *login)
{
  for (int i = 0; i < 31; i++)
    {
      g_autofree char *address = g_strdup_printf ("198.51.102.%d", i);
      try_password (self, address, login, WRONG, NULL);
    }
}

static void
assert_blind (JsonObject *answer)
{
  g_autoptr (GList) members = json_object_get_members (answer);

  g_assert_cmpuint (g_list_length (members), ==, 2);
  g_assert_cmpuint (strlen (json_object_get_string_member (answer, "ticket")), ==, 43);
  g_assert_true (json_object_get_boolean_member (answer, "unchecked"));
}

/* Others use up everything, all the time: with both she gets in from where she never was. */
static void
test_new_place (Fixture *self, gconstpointer data)
{
  for (int i = 0; i < 3; i++)
    {
      g_autofree char *place = g_strdup_printf ("192.0.2.%d", i);

      crowd (self, "anna");
      log_in (self, place);
      bed_server_fixture_advance (&self->base, 60);
    }
}

/* One address is never a crowd. */
static void
test_one_address_is_no_crowd (Fixture *self, gconstpointer data)
{
  for (int i = 0; i < 120; i++)
    {
      try_password (self, "198.51.100.1", "anna", WRONG, NULL);
      bed_server_fixture_advance (&self->base, 6);
    }
  g_assert_cmpuint (try_password (self, "192.0.2.1", "anna", WRONG, NULL), ==, 401);
  log_in (self, "192.0.2.1");
}

/* In a crowd nothing tells a right password from a wrong one, nor a login that exists, until the
 * code is right too; not even how often one may try. */
static void
test_blind (Fixture *self, gconstpointer data)
{
  static const struct { const char *login, *auth; } tries[]
      = { { "anna", RIGHT }, { "anna", WRONG }, { "nobody", RIGHT } };

  crowd (self, "anna");
  crowd (self, "nobody");
  for (guint i = 0; i < G_N_ELEMENTS (tries); i++)
    for (int place = 0; place < 4; place++)
      {
        g_autofree char *address = g_strdup_printf ("192.0.2.%u", 10 * i + place);
        g_autoptr (JsonObject) answer = NULL;

        g_assert_cmpuint (try_password (self, address, tries[i].login, tries[i].auth, &answer), ==,
                          200);
        assert_blind (answer);
        for (int code = 0; code < 7; code++)
          g_assert_cmpuint (try_code (self, address,
                                      json_object_get_string_member (answer, "ticket"), "000000"),
                            ==, 401);
      }
}

/* A code that was seen does not open a wrong password's ticket, and is not used up by it. */
static void
test_blind_code (Fixture *self, gconstpointer data)
{
  g_autofree char *code = code_of (self);
  g_autoptr (JsonObject) answer = NULL;

  crowd (self, "anna");
  g_assert_cmpuint (try_password (self, "192.0.2.9", "anna", WRONG, &answer), ==, 200);
  g_assert_cmpuint (
      try_code (self, "192.0.2.9", json_object_get_string_member (answer, "ticket"), code), ==,
      401);
  log_in (self, "192.0.2.1");
}

/* Who does not know the password cannot use up the codes either. */
static void
test_codes_are_hers (Fixture *self, gconstpointer data)
{
  crowd (self, "anna");
  for (int i = 0; i < 14; i++)
    {
      g_autofree char *address = g_strdup_printf ("198.51.100.%d", i);
      g_autoptr (JsonObject) answer = NULL;

      g_assert_cmpuint (try_password (self, address, "anna", WRONG, &answer), ==, 200);
      g_assert_cmpuint (try_code (self, address,
                                  json_object_get_string_member (answer, "ticket"), "000000"),
                        ==, 401);
    }
  log_in (self, "192.0.2.1");
}

static void
assert_cost (Fixture *self, const char *login, gint64 ops, gint64 mem)
{
  g_autofree char *address = g_strdup_printf ("203.0.113.%u", g_str_hash (login) % 200);
  g_autoptr (JsonObject) answer = NULL;

  g_assert_cmpuint (ask (self, address, "/login/begin", &answer, "{\"login\":\"%s\"}", login), ==,
                    200);
  g_assert_cmpint (json_object_get_int_member (answer, "ops"), ==, ops);
  g_assert_cmpint (json_object_get_int_member (answer, "mem"), ==, mem);
}

/* An unknown login costs what the known ones do, whatever that is. */
static void
test_cost_of_nobody (Fixture *self, gconstpointer data)
{
  g_autoptr (BedAccount) anna
      = bed_store_call (self->base.store, find_account, "anna", NULL);

  assert_cost (self, "anna", BED_KDF_OPS_MIN, BED_KDF_MEM_MIN);
  assert_cost (self, "nobody", BED_KDF_OPS_MIN, BED_KDF_MEM_MIN);
  anna->ops = 5;
  anna->mem = 4 * BED_KDF_MEM_MIN;
  g_assert_true (bed_store_call (self->base.store, set_password, anna, 0, NULL));
  assert_cost (self, "anna", 5, 4 * BED_KDF_MEM_MIN);
  assert_cost (self, "nobody", 5, 4 * BED_KDF_MEM_MIN);
  assert_cost (self, "nobody-else", 5, 4 * BED_KDF_MEM_MIN);
}

/* A stolen password is not yet an account: few codes, for the ticket and for the account. */
static void
test_codes (Fixture *self, gconstpointer data)
{
  guint judged = 0;

  for (int minute = 0; minute < 60; minute++)
    {
      g_autofree char *address = g_strdup_printf ("198.51.100.%d", minute);
      g_autoptr (JsonObject) answer = NULL;

      if (try_password (self, address, "anna", RIGHT, &answer) == 200)
        for (int i = 0; i < 5; i++)
          judged += try_code (self, address, json_object_get_string_member (answer, "ticket"),
                              "000000")
                    == 401;
      bed_server_fixture_advance (&self->base, 60);
    }
  g_test_message ("%u codes in an hour were judged", judged);
  g_assert_cmpuint (judged, <=, 10 + 20);
  log_in (self, HOME);
}

/* Success gives back what it took, so that who works all day is never counted out. */
static void
test_success_is_free (Fixture *self, gconstpointer data)
{
  for (int i = 0; i < 15; i++)
    {
      log_in (self, HOME);
      bed_server_fixture_advance (&self->base, 31);
    }
}

/* After two months without a login the address is a stranger's again. */
static void
test_proof_ends (Fixture *self, gconstpointer data)
{
  crowd (self, "anna");
  g_assert_cmpuint (try_password (self, HOME, "anna", WRONG, NULL), ==, 401);
  bed_server_fixture_advance (&self->base, 61.0 * 86400);
  crowd (self, "anna");
  g_assert_cmpuint (try_password (self, HOME, "anna", WRONG, NULL), ==, 200);
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, setup, function, teardown)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  oath_init ();
  ADD ("/server/attempts/one-address", test_one_address);
  ADD ("/server/attempts/many-addresses", test_many_addresses);
  ADD ("/server/attempts/unknown-alike", test_unknown_alike);
  ADD ("/server/attempts/new-place", test_new_place);
  ADD ("/server/attempts/one-address-is-no-crowd", test_one_address_is_no_crowd);
  ADD ("/server/attempts/blind", test_blind);
  ADD ("/server/attempts/blind-code", test_blind_code);
  ADD ("/server/attempts/codes-are-hers", test_codes_are_hers);
  ADD ("/server/attempts/cost-of-nobody", test_cost_of_nobody);
  ADD ("/server/attempts/codes", test_codes);
  ADD ("/server/attempts/success-is-free", test_success_is_free);
  ADD ("/server/attempts/proof-ends", test_proof_ends);
  return g_test_run ();
}
