/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-log.h"

#include <string.h>

static void
test_takes_out_what_is_private (void)
{
  const char *private[] = {
    "https://clinic.example/j/abc#def", "10.20.30.40", "10.20.30.40:5000", "fe80::1234:5678:9abc",
    "fe80::1", "2001:db8::", "::1",
    "dr.okafor@clinic.example", "q83vEjRWeJCrze8SNFZ4kKvN7xI", "candidate:1 1 udp 2 10.0.0.1 9 typ host",
    "bedside://join/abc", "/home/anna okafor/.local/share/bedside/profile.json",
    "/var/home/anna okafor/.local/share/bedside/profile.json", "/var/roothome/a", "/var/mnt/b c",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (private); i++)
    {
      g_autofree char *message = g_strdup_printf ("lost %s again", private[i]);
      g_autofree char *redacted = bed_log_redact (message);

      g_assert_null (strstr (redacted, private[i]));
      g_assert_true (g_str_has_prefix (redacted, "lost <"));
    }
}

static void
test_takes_out_descriptions (void)
{
  g_autofree char *redacted = bed_log_redact ("got\na=ice-pwd:secret\nc=IN IP4 0.0.0.0\n");

  g_assert_null (strstr (redacted, "secret"));
}

static void
test_keeps_plain_words (void)
{
  const char *plain[] = { "The camera was unplugged after 1200 ms", "bed: 14:03:22 std::vector" };

  for (gsize i = 0; i < G_N_ELEMENTS (plain); i++)
    {
      g_autofree char *redacted = bed_log_redact (plain[i]);

      g_assert_cmpstr (redacted, ==, plain[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/log/takes-out-what-is-private", test_takes_out_what_is_private);
  g_test_add_func ("/base/log/takes-out-descriptions", test_takes_out_descriptions);
  g_test_add_func ("/base/log/keeps-plain-words", test_keeps_plain_words);
  return g_test_run ();
}
