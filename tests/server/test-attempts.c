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
  g_assert_cmpuint (good, ==, 20);
  bed_server_fixture_advance (&self->base, 5.9);
  g_assert_cmpuint (try_password (self, "198.51.100.1", "anna", WRONG, NULL), ==, 429);
  bed_server_fixture_advance (&self->base, 0.2);
  g_assert_cmpuint (try_password (self, "198.51.100.1", "anna", WRONG, NULL), ==, 401);
  g_assert_cmpuint (try_password (self, "198.51.100.1", "anna", RIGHT, NULL), ==, 429);
  log_in (self, HOME);
}

/* Many addresses against one account: bounded together, and she gets in at any time. */
static void
test_many_addresses (Fixture *self, gconstpointer data)
{
  guint judged = 0;

  for (int attempt = 0; attempt < 180; attempt++)
    {
      g_autofree char *address = g_strdup_printf ("198.51.100.%d", attempt);

      judged += try_password (self, address, "anna", WRONG, NULL) == 401;
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

      g_assert_cmpuint (known, ==, i < 30 ? 401 : 429);
      g_assert_cmpuint (try_password (self, other, "nobody", WRONG, NULL), ==, known);
    }
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
  for (int i = 0; i < 31; i++)
    {
      g_autofree char *address = g_strdup_printf ("198.51.100.%d", i);
      try_password (self, address, "anna", WRONG, NULL);
    }
  g_assert_cmpuint (try_password (self, HOME, "anna", RIGHT, NULL), ==, 200);
  bed_server_fixture_advance (&self->base, 61.0 * 86400);
  for (int i = 0; i < 31; i++)
    {
      g_autofree char *address = g_strdup_printf ("198.51.100.%d", i);
      try_password (self, address, "anna", WRONG, NULL);
    }
  g_assert_cmpuint (try_password (self, HOME, "anna", RIGHT, NULL), ==, 429);
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
  ADD ("/server/attempts/codes", test_codes);
  ADD ("/server/attempts/success-is-free", test_success_is_free);
  ADD ("/server/attempts/proof-ends", test_proof_ends);
  return g_test_run ();
}
