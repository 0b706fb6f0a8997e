/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-encoding.h"

/* RFC 4648 section 10, without padding. */
static void
test_vectors (void)
{
  const char *vectors[][2] = { { "", "" }, { "f", "Zg" }, { "fo", "Zm8" }, { "foo", "Zm9v" }, { "foob", "Zm9vYg" } };

  for (gsize i = 0; i < G_N_ELEMENTS (vectors); i++)
    {
      gsize length = i == 0 ? 0 : i;
      g_autofree char *text = bed_base64url_encode (vectors[i][0], length);
      g_autoptr (GBytes) bytes = bed_base64url_decode (vectors[i][1], 8);

      g_assert_cmpstr (text, ==, vectors[i][1]);
      g_assert_nonnull (bytes);
      g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), vectors[i][0], length);
    }
}

static void
test_strictness (void)
{
  guint8 out[3];
  const char *bad[] = { "Zg==", "Zm9", "Zm9v ", " Zm9", "Zm+v", "Zm9vYg", "Zm9\n" };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_false (bed_base64url_decode_exact (bad[i], out, 3));
  g_assert_false (bed_base64url_decode_exact ("Zh", out, 1)); /* trailing bits */
  g_assert_null (bed_base64url_decode ("Zm9vYg", 3));
  g_assert_null (bed_base64url_decode ("Zm9vY", 8));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/encoding/vectors", test_vectors);
  g_test_add_func ("/base/encoding/strictness", test_strictness);
  return g_test_run ();
}
