/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sodium.h>
#include <string.h>

#include "bed-password.h"
#include "bed-qr.h"

static gboolean
is_bytes (BedSecret *secret, const char *expected)
{
  return bed_secret_get_length (secret) == strlen (expected) &&
         memcmp (bed_secret_get_data (secret), expected, strlen (expected)) == 0;
}

/* One password typed on two keyboards is one password. */
static void
test_normalise (void)
{
  static const char *const same[][2] = {
    { "caf\xc3\xa9", "cafe\xcc\x81" },                  /* e and an accent */
    { "\xea\xb0\x80", "\xe1\x84\x80\xe1\x85\xa1" },     /* Hangul */
    { "\xc3\x85ngstr\xc3\xb6m", "\xe2\x84\xabngstro\xcc\x88m" },
    { " spaces  count ", " spaces  count " },
  };
  g_autofree char *longest = g_strnfill (1024, 'x');
  g_autofree char *too_long = g_strnfill (1025, 'x');
  g_autoptr (BedSecret) at_limit = bed_password_normalise (longest);

  for (guint i = 0; i < G_N_ELEMENTS (same); i++)
    {
      g_autoptr (BedSecret) composed = bed_password_normalise (same[i][0]);
      g_autoptr (BedSecret) typed = bed_password_normalise (same[i][1]);
      g_assert_true (is_bytes (composed, same[i][0]));
      g_assert_true (is_bytes (typed, same[i][0]));
    }
  /* NFC and not NFKC: what only looks alike stays apart. */
  {
    g_autoptr (BedSecret) ligature = bed_password_normalise ("\xef\xac\x81ne");
    g_assert_true (is_bytes (ligature, "\xef\xac\x81ne"));
  }
  g_assert_nonnull (at_limit);
  g_assert_null (bed_password_normalise (too_long));
  g_assert_null (bed_password_normalise (""));
  g_assert_null (bed_password_normalise (NULL));
  g_assert_null (bed_password_normalise ("\xff\xfe"));
  g_assert_null (bed_password_normalise ("cut off \xc3"));
}

static void
test_strength (void)
{
  static const char *const weak[] = { "", "a", "password", "password1", "Passw0rd!", "qwertzuiop", "123456789012345",
                                      "aaaaaaaaaaaaaaaaaaaaaaaa", "19841984", "iloveyou2" };
  static const char *const strong[] = { "plum quartz lantern 74 otter", "seven calm herons on a blue mosaic",
                                        "kX9#vQ2!mZ7$" };
  static const char *const person[] = { "jfaerber", "Jana Faerber", "Seepraxis", NULL };
  g_autofree char *endless = g_strnfill (1024, 'q');

  for (guint i = 0; i < G_N_ELEMENTS (weak); i++)
    g_assert_cmpuint (bed_password_score (weak[i], NULL), <, BED_PASSWORD_SCORE_MIN);
  for (guint i = 0; i < G_N_ELEMENTS (strong); i++)
    g_assert_cmpuint (bed_password_score (strong[i], person), >=, BED_PASSWORD_SCORE_MIN);
  g_assert_cmpuint (bed_password_score (endless, NULL), <, BED_PASSWORD_SCORE_MIN);
  /* What everybody knows about the person counts for little. */
  g_assert_cmpuint (bed_password_score ("Seepraxisjfaerber", person), <, bed_password_score ("Seepraxisjfaerber", NULL));
  g_assert_cmpuint (bed_password_score ("Seepraxisjfaerber", person), <, BED_PASSWORD_SCORE_MIN);
}

/* The server's value is Argon2id of exactly these bytes, and nothing below the floors is ever made. */
static void
test_auth (void)
{
  BedKdfParams params = { .salt = { 1, 2, 3 }, .ops = BED_KDF_OPS_MIN, .mem = BED_KDF_MEM_MIN };
  g_autoptr (BedSecret) password = bed_password_normalise ("cafe\xcc\x81 au lait");
  g_autoptr (BedSecret) auth = bed_password_derive_auth (password, &params);
  g_autoptr (BedSecret) weaker = NULL;
  guint8 expected[BED_AUTH_BYTES];

  g_assert_cmpint (crypto_pwhash (expected, sizeof expected, "caf\xc3\xa9 au lait", strlen ("caf\xc3\xa9 au lait"),
                                  params.salt, 3, 67108864, crypto_pwhash_ALG_ARGON2ID13), ==, 0);
  g_assert_nonnull (auth);
  g_assert_cmpmem (bed_secret_get_data (auth), bed_secret_get_length (auth), expected, sizeof expected);
  params.ops = BED_KDF_OPS_MIN - 1;
  g_assert_null (bed_password_derive_auth (password, &params));
  params = (BedKdfParams){ .ops = BED_KDF_OPS_MIN, .mem = BED_KDF_MEM_MIN - 1 };
  g_assert_null (bed_password_derive_auth (password, &params));
  params = (BedKdfParams){ .ops = BED_KDF_OPS_MAX + 1, .mem = BED_KDF_MEM_MIN };
  g_assert_null (bed_password_derive_auth (password, &params));
  params = (BedKdfParams){ .ops = BED_KDF_OPS_MIN, .mem = BED_KDF_MEM_MAX + 1 };
  g_assert_null (bed_password_derive_auth (password, &params));
}

/* As a widget draws it, 4 points for a module and a quiet zone of 4 modules. */
static GBytes *
draw (BedQr *qr)
{
  guint side = (bed_qr_get_size (qr) + 8) * 4;
  GString *image = g_string_new (NULL);

  g_string_append_printf (image, "P5\n%u %u\n255\n", side, side);
  for (guint y = 0; y < side; y++)
    for (guint x = 0; x < side; x++)
      {
        guint column = x / 4 - 4, row = y / 4 - 4; /* wraps around before the first module */
        gboolean inside = column < bed_qr_get_size (qr) && row < bed_qr_get_size (qr);
        g_string_append_c (image, inside && bed_qr_get_module (qr, column, row) ? '\0' : '\377');
      }
  return g_string_free_to_bytes (image);
}

static char *
scan (GBytes *image)
{
  g_autofree char *folder = g_dir_make_tmp ("bedside-qr-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "code.pgm", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) reader = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFile) parent = g_file_new_for_path (folder);
  char *text = NULL;

  g_assert_true (g_file_set_contents (path, g_bytes_get_data (image, NULL), (gssize) g_bytes_get_size (image), NULL));
  reader = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "zbarimg",
                             "--raw", "--quiet", "-Sdisable", "-Sqrcode.enable", path, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_communicate_utf8 (reader, NULL, NULL, &text, NULL, &error));
  g_assert_true (g_subprocess_get_successful (reader));
  g_assert_true (g_file_delete (file, NULL, NULL) && g_file_delete (parent, NULL, NULL));
  return g_strchomp (text);
}

static void
test_qr (void)
{
  static const char *const texts[] = {
    "otpauth://totp/Praxis%20am%20See:jana?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Praxis%20am%20See&digits=6&period=30",
    "https://clinic.example:8443/j/1yqNpNa7qTIbvhlq_JFXFg#64ehhiP1q8ftga0hwrL6rsJGAVINhq0MyyNJZFCh3Nk",
  };
  g_autofree char *largest = g_strnfill (2331, 'a');
  g_autofree char *too_large = g_strnfill (2332, 'a');
  g_autoptr (BedQr) full = bed_qr_new (largest);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (BedQr) qr = bed_qr_new (texts[i]);
      g_autoptr (GBytes) image = NULL;
      g_autofree char *read = NULL;

      g_assert_nonnull (qr);
      g_assert_cmpuint (bed_qr_get_size (qr) % 4, ==, 1);
      image = draw (qr);
      read = scan (image);
      g_assert_cmpstr (read, ==, texts[i]);
    }
  g_assert_nonnull (full);
  g_assert_cmpuint (bed_qr_get_size (full), ==, 177);
  g_assert_null (bed_qr_new (too_large));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session/password/normalise", test_normalise);
  g_test_add_func ("/session/password/strength", test_strength);
  g_test_add_func ("/session/password/auth", test_auth);
  g_test_add_func ("/session/qr/scanned", test_qr);
  return g_test_run ();
}
