/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-client-address.h"

static const struct
{
  const char *peer;
  const char *forwarded;
  const char *found;
} cases[] = {
  /* No proxy of ours: the header is air. */
  { "203.0.113.5", NULL, "203.0.113.5" },
  { "203.0.113.5", "198.51.100.1", "203.0.113.5" },
  { "203.0.113.5", "127.0.0.1", "203.0.113.5" },
  { "127.0.0.2", "198.51.100.1", "127.0.0.2" },
  { "::2", "198.51.100.1", "::" },
  /* A proxy. */
  { "127.0.0.1", "198.51.100.1", "198.51.100.1" },
  { "127.0.0.1", " 198.51.100.1\t", "198.51.100.1" },
  { "127.0.0.1", "forged, 198.51.100.1", "198.51.100.1" },
  { "127.0.0.1", "6.6.6.6,198.51.100.1", "198.51.100.1" },
  { "127.0.0.1", "198.51.100.1, 192.0.2.9", "198.51.100.1" },
  { "127.0.0.1", "198.51.100.1, 192.0.2.9, 127.0.0.1", "198.51.100.1" },
  { "::1", "198.51.100.1", "198.51.100.1" },
  { "::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1" },
  { "::ffff:7f00:1", "198.51.100.1", "198.51.100.1" },
  /* Which is a proxy is a matter of the whole address. */
  { "2001:db8::1", "198.51.100.1", "198.51.100.1" },
  { "2001:db8::2", "198.51.100.1", "2001:db8::" },
  /* It says nothing, or nothing that is one. */
  { "127.0.0.1", NULL, "127.0.0.1" },
  { "127.0.0.1", "", "127.0.0.1" },
  { "127.0.0.1", "192.0.2.9", "127.0.0.1" },
  { "127.0.0.1", "198.51.100.1,", "127.0.0.1" },
  { "127.0.0.1", "198.51.100.1, x", "127.0.0.1" },
  { "127.0.0.1", "198.51.100.1:443", "127.0.0.1" },
  { "127.0.0.1", "[2001:db8::9]", "127.0.0.1" },
  { "127.0.0.1", "fe80::1%eth0", "127.0.0.1" },
  { "127.0.0.1", "1.2.3", "127.0.0.1" },
  { "127.0.0.1", "010.0.0.1x", "127.0.0.1" },
  { "127.0.0.1", "for=198.51.100.1", "127.0.0.1" },
  { "127.0.0.1", ",,,,", "127.0.0.1" },
  /* IPv6 counts by its network, IPv4 in IPv6 as what it is. */
  { "127.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::" },
  { "127.0.0.1", "::ffff:198.51.100.1", "198.51.100.1" },
  { "::ffff:203.0.113.5", NULL, "203.0.113.5" },
  { "unknown", "198.51.100.1", "unknown" },
  { "", NULL, "unknown" },
};

static char *proxies[] = { (char *) "127.0.0.1", (char *) "::1", (char *) "192.0.2.9",
                           (char *) "2001:db8::1", NULL };

static void
test_cases (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found
          = bed_client_address_find (proxies, cases[i].peer, cases[i].forwarded);

      g_test_message ("%s, \"%s\"", cases[i].peer, cases[i].forwarded);
      g_assert_cmpstr (found, ==, cases[i].found);
    }
}

static void
test_without_proxies (void)
{
  g_autofree char *found = bed_client_address_find (NULL, "127.0.0.1", "198.51.100.1");

  g_assert_cmpstr (found, ==, "127.0.0.1");
  g_assert_false (bed_client_address_is_proxy (NULL, "127.0.0.1"));
  g_assert_true (bed_client_address_is_proxy (proxies, "::1"));
  g_assert_false (bed_client_address_is_proxy (proxies, "::2"));
  g_assert_false (bed_client_address_is_proxy (proxies, "unknown"));
}

/* Whatever a client writes in front of what the proxy adds, it is the same client. */
static void
test_nothing_in_front_counts (void)
{
  static const char alphabet[] = "0123456789abcdef.:, \t[]%x;=\"";
  g_autoptr (GRand) random = g_rand_new_with_seed (5);

  for (int i = 0; i < 5000; i++)
    {
      g_autoptr (GString) text = g_string_new (NULL);
      g_autofree char *found = NULL;

      for (int n = g_rand_int_range (random, 0, 200); n > 0; n--)
        g_string_append_c (text, alphabet[g_rand_int_range (random, 0, sizeof alphabet - 1)]);
      g_string_append (text, ", 198.51.100.77");
      found = bed_client_address_find (proxies, "127.0.0.1", text->str);
      g_assert_cmpstr (found, ==, "198.51.100.77");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/client-address/cases", test_cases);
  g_test_add_func ("/server/client-address/without-proxies", test_without_proxies);
  g_test_add_func ("/server/client-address/nothing-in-front-counts", test_nothing_in_front_counts);
  return g_test_run ();
}
