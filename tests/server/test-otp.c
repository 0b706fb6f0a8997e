/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-otp.h"
#include "bed-server-fixture.h"

#include <string.h>

/* RFC 6238 appendix B, SHA-1: the last six of its eight digits. */
static const struct
{
  gint64 time;
  const char *code;
} vectors[] = { { 59, "287082" },         { 1111111109, "081804" }, { 1111111111, "050471" },
                { 1234567890, "005924" }, { 2000000000, "279037" }, { 20000000000, "353130" } };

static BedSecret *
rfc_secret (void)
{
  return bed_secret_new ("12345678901234567890", 20);
}

static void
test_vectors (void)
{
  g_autoptr (BedSecret) secret = rfc_secret ();

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    g_assert_cmpint (bed_otp_match (secret, vectors[i].code, vectors[i].time), ==,
                     vectors[i].time / 30);
}

/* Good in its own step and the one after it; not a second sooner or later. */
static void
test_window (void)
{
  g_autoptr (BedSecret) secret = rfc_secret ();

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      gint64 step = vectors[i].time / 30;

      g_assert_cmpint (bed_otp_match (secret, vectors[i].code, step * 30), ==, step);
      g_assert_cmpint (bed_otp_match (secret, vectors[i].code, step * 30 + 59), ==, step);
      g_assert_cmpint (bed_otp_match (secret, vectors[i].code, step * 30 - 1), ==, -1);
      g_assert_cmpint (bed_otp_match (secret, vectors[i].code, step * 30 + 60), ==, -1);
    }
}

static void
test_malformed (void)
{
  static const char *const codes[] = { "", "28708", "2870820", "28708x", " 87082", "-28708", "+87082",
                                       "２８７０８２", "0x1234", "287 82", "94287082" };
  g_autoptr (BedSecret) secret = rfc_secret ();

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    g_assert_cmpint (bed_otp_match (secret, codes[i], 59), ==, -1);
}

/* Each step is somebody's first only once, none after a later one; also after a restart. */
static void
test_each_step_once (BedServerFixture *fixture, gconstpointer data)
{
  static const struct
  {
    gint64 step;
    gboolean first;
  } uses[] = { { 100, TRUE }, { 100, FALSE }, { 99, FALSE }, { 101, TRUE },
               { 100, FALSE }, { 101, FALSE }, { 500, TRUE }, { 102, FALSE } };
  gint64 account = bed_server_fixture_add_account (fixture, "anna", NULL);
  gint64 other = bed_server_fixture_add_account (fixture, "berta", NULL);
  GError *error = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (uses); i++)
    {
      gboolean first = !uses[i].first;

      bed_store_call (fixture->store, use_step, account, uses[i].step, &first, &error);
      g_assert_no_error (error);
      g_assert_cmpint (first, ==, uses[i].first);
      if (i % 3 == 2)
        bed_server_fixture_restart (fixture);
    }
  for (int i = 0; i < 2; i++)
    {
      gboolean first = FALSE;

      bed_store_call (fixture->store, use_step, other, 100, &first, &error);
      g_assert_no_error (error);
      g_assert_cmpint (first, ==, i == 0);
    }
}

static void
test_secret_as_text (void)
{
  g_autoptr (BedSecret) secret = rfc_secret ();
  g_autofree char *text = bed_otp_secret_to_text (secret);

  g_assert_cmpstr (text, ==, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
}

static void
test_recovery_codes (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  static const char *const bad[] = { "", "abcde-fghj", "abcde-fghjkm", "abcde-fghj1", "abcde-fghj0",
                                     "abcde-fghjl", "abcde-fghjä", "abcde_fghjk", "123456" };

  for (int i = 0; i < 500; i++)
    {
      char *code = bed_recovery_code_new ();
      g_autofree char *plain = bed_recovery_code_normalize (code);
      g_autofree char *upper = g_ascii_strup (code, -1);
      g_autofree char *again = bed_recovery_code_normalize (g_strdelimit (upper, "-", ' '));

      g_assert_cmpuint (strlen (code), ==, 11);
      g_assert_cmpuint (strlen (plain), ==, 10);
      g_assert_cmpstr (plain, ==, again);
      g_assert_true (g_hash_table_add (seen, code));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (bed_recovery_code_normalize (bad[i]));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/otp/vectors", test_vectors);
  g_test_add_func ("/server/otp/window", test_window);
  g_test_add_func ("/server/otp/malformed", test_malformed);
  g_test_add ("/server/otp/each-step-once", BedServerFixture, NULL, bed_server_fixture_setup,
              test_each_step_once, bed_server_fixture_teardown);
  g_test_add_func ("/server/otp/secret-as-text", test_secret_as_text);
  g_test_add_func ("/server/otp/recovery-codes", test_recovery_codes);
  return g_test_run ();
}
