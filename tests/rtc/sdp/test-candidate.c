/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-ice-candidate.h"

static void
test_round_trip (void)
{
  static const char *const lines[] = {
    "candidate:1 1 udp 2122260223 192.0.2.1 50000 typ host",
    "candidate:842163049 1 udp 1677729535 203.0.113.9 3478 typ srflx raddr 192.0.2.1 rport 50000 ufrag aB3+",
    "candidate:7 1 udp 41885439 2001:db8::1 49152 typ relay raddr 0.0.0.0 rport 0",
    "candidate:3 1 tcp 1518280447 192.0.2.1 9 typ host tcptype active",
    "candidate:1 1 udp 1 3f1c9a0e-7b1f-4f0e-9a55-0123456789ab.local 5 typ host",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BedIceCandidate) candidate = bed_ice_candidate_parse (lines[i], &error);
      g_autofree char *text = NULL;
      g_assert_no_error (error);
      text = bed_ice_candidate_to_string (candidate);
      g_assert_cmpstr (text, ==, lines[i]);
    }
}

static void
test_extensions (void)
{
  g_autoptr (BedIceCandidate) candidate = bed_ice_candidate_parse (
      "a=candidate:2792883510 1 UDP 2122260223 192.0.2.1 57856 typ host generation 0 ufrag VZnC network-id 1", NULL);

  g_assert_nonnull (candidate);
  g_assert_cmpstr (candidate->username_fragment, ==, "VZnC");
  g_assert_cmpint (candidate->protocol, ==, BED_ICE_PROTOCOL_UDP);
  g_assert_false (candidate->is_name);
}

static void
test_malformed (void)
{
  static const char *const lines[] = {
    "", "candidate:", "candidate", "1 1 udp 1 192.0.2.1 1 typ host", "candidate:1 1 udp 1 192.0.2.1 1 typ",
    "candidate:1 1 udp 1 192.0.2.1 1 tip host", "candidate:1 1 udp 1 192.0.2.1 1 typ hst",
    "candidate:1 0 udp 1 192.0.2.1 1 typ host", "candidate:1 257 udp 1 192.0.2.1 1 typ host",
    "candidate:1 1 sctp 1 192.0.2.1 1 typ host", "candidate:1 1 udp 0 192.0.2.1 1 typ host",
    "candidate:1 1 udp 4294967296 192.0.2.1 1 typ host", "candidate:1 1 udp -1 192.0.2.1 1 typ host",
    "candidate:1 1 udp 1 192.0.2.1 65536 typ host", "candidate:1 1 udp 1 192.0.2.1 x typ host",
    "candidate:1 1 udp 1 $(id) 1 typ host", "candidate:1 1 udp 1  1 typ host",
    "candidate:123456789012345678901234567890123 1 udp 1 192.0.2.1 1 typ host",
    "candidate:1 1 udp 1 192.0.2.1 1 typ host odd", "candidate:1 1 udp 1 192.0.2.1 1 typ host raddr a raddr b",
    "candidate:1 1 udp 1 192.0.2.1 1 typ host ufrag ab", "candidate:1 1 udp 1 192.0.2.1 1 typ host\r\na=crypto:1 x",
    "candidate:1 1 tcp 1 192.0.2.1 9 typ host tcptype what", "candidate:1 1 udp 1 192.0.2.1 1 typ host rport 70000 a b",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (bed_ice_candidate_parse (lines[i], &error));
      g_assert_error (error, BED_SDP_ERROR, BED_SDP_ERROR_SYNTAX);
    }
}

static void
test_too_long (void)
{
  g_autofree char *tail = g_strnfill (BED_ICE_CANDIDATE_MAX_LENGTH, 'x');
  g_autofree char *line = g_strconcat ("candidate:1 1 udp 1 192.0.2.1 1 typ host a ", tail, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (bed_ice_candidate_parse (line, &error));
  g_assert_error (error, BED_SDP_ERROR, BED_SDP_ERROR_LIMIT);
}

static gboolean
usable (const char *address, gboolean allow_loopback)
{
  g_autofree char *line = g_strdup_printf ("candidate:1 1 udp 1 %s 5000 typ host", address);
  g_autoptr (BedIceCandidate) candidate = bed_ice_candidate_parse (line, NULL);

  return candidate != NULL && bed_ice_candidate_is_usable (candidate, allow_loopback);
}

/* A peer must not be able to make us probe what only we can reach. */
static void
test_usable (void)
{
  g_assert_true (usable ("192.0.2.1", FALSE));
  g_assert_true (usable ("10.0.0.1", FALSE));
  g_assert_true (usable ("2001:db8::1", FALSE));
  g_assert_true (usable ("127.0.0.1", TRUE));
  g_assert_true (usable ("::1", TRUE));
  g_assert_false (usable ("127.0.0.1", FALSE));
  g_assert_false (usable ("127.8.9.1", FALSE));
  g_assert_false (usable ("::1", FALSE));
  g_assert_false (usable ("0.0.0.0", TRUE));
  g_assert_false (usable ("0.1.2.3", TRUE));
  g_assert_false (usable ("255.255.255.255", TRUE));
  g_assert_false (usable ("169.254.169.254", TRUE));
  g_assert_false (usable ("224.0.0.1", TRUE));
  g_assert_false (usable ("fe80::1", TRUE));
  g_assert_false (usable ("ff02::1", TRUE));
  g_assert_false (usable ("::", TRUE));
  g_assert_false (usable ("::ffff:127.0.0.1", TRUE));
  g_assert_false (usable ("laptop.local", TRUE));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/sdp/candidate/round-trip", test_round_trip);
  g_test_add_func ("/rtc/sdp/candidate/extensions", test_extensions);
  g_test_add_func ("/rtc/sdp/candidate/malformed", test_malformed);
  g_test_add_func ("/rtc/sdp/candidate/too-long", test_too_long);
  g_test_add_func ("/rtc/sdp/candidate/usable", test_usable);
  return g_test_run ();
}
