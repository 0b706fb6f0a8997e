/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-ice-candidate-check.h"
#include "bed-ice-server.h"

#include <string.h>

typedef struct
{
  const char *text;
  BedIceCandidateResult strict, on_loopback;
} Case;

#define ADDED BED_ICE_CANDIDATE_ADDED
#define IGNORED BED_ICE_CANDIDATE_IGNORED
#define REJECTED BED_ICE_CANDIDATE_REJECTED
#define HOST(address) "candidate:1 1 UDP 2015363327 " address " 40000 typ host"

static void
test_check (void)
{
  static const Case cases[] = {
    { HOST ("192.0.2.7"), ADDED, ADDED },
    { "a=" HOST ("192.0.2.7"), ADDED, ADDED },
    { HOST ("2001:db8::1"), ADDED, ADDED },
    { HOST ("10.1.2.3"), ADDED, ADDED }, /* the same clinic's network */
    { "candidate:842163049 1 udp 1677729535 203.0.113.5 61000 typ srflx raddr 10.0.0.1 rport 61000 generation 0 "
      "ufrag abcd network-cost 999", ADDED, ADDED },
    { "candidate:1 1 udp 1 203.0.113.5 61000 typ relay raddr 0.0.0.0 rport 0 ufrag old1", IGNORED, IGNORED },
    { HOST ("4f9c1f2a-0000-4000-8000-000000000000.local"), IGNORED, IGNORED },
    { "candidate:1 2 UDP 2015363327 192.0.2.7 40000 typ host", IGNORED, IGNORED },
    { "candidate:1 1 TCP 2015363327 192.0.2.7 9 typ host tcptype active", IGNORED, IGNORED },
    { HOST ("127.0.0.1"), REJECTED, ADDED },
    { HOST ("::1"), REJECTED, ADDED },
    { HOST ("127.9.9.9"), REJECTED, ADDED },
    { HOST ("169.254.169.254"), REJECTED, REJECTED },
    { HOST ("fe80::1"), REJECTED, REJECTED },
    { HOST ("fe80::1%eth0"), REJECTED, REJECTED },
    { HOST ("224.0.0.251"), REJECTED, REJECTED },
    { HOST ("ff02::fb"), REJECTED, REJECTED },
    { HOST ("255.255.255.255"), REJECTED, REJECTED },
    { HOST ("0.0.0.0"), REJECTED, REJECTED },
    { HOST ("0.1.2.3"), REJECTED, REJECTED },
    { HOST ("::"), REJECTED, REJECTED },
    { HOST ("::ffff:127.0.0.1"), REJECTED, REJECTED },
    { HOST ("::ffff:169.254.169.254"), REJECTED, REJECTED },
    { HOST ("64:ff9b::a9fe:a9fe"), REJECTED, REJECTED },
    { HOST ("clinic.example"), REJECTED, REJECTED },
    { HOST ("0x7f000001"), REJECTED, REJECTED },
    { HOST ("2130706433"), REJECTED, REJECTED },
    { "candidate:1 1 UDP 0 192.0.2.7 40000 typ host", REJECTED, REJECTED },
    { "candidate:1 1 UDP 4294967295 192.0.2.7 40000 typ host", REJECTED, REJECTED },
    { "candidate:1 1 UDP 5 192.0.2.7 0 typ host", REJECTED, REJECTED },
    { "candidate:1 1 UDP 5 192.0.2.7 65536 typ host", REJECTED, REJECTED },
    { "candidate:1 0 UDP 5 192.0.2.7 1 typ host", REJECTED, REJECTED },
    { "candidate:1 1 SCTP 5 192.0.2.7 1 typ host", REJECTED, REJECTED },
    { "candidate:1 1 UDP 5 192.0.2.7 1 typ other", REJECTED, REJECTED },
    { "candidate:1 1 UDP 5 192.0.2.7 1 type host", REJECTED, REJECTED },
    { "candidate:1 1 UDP 5 192.0.2.7 1 typ host odd", REJECTED, REJECTED },
    { "candidate:1  1 UDP 5 192.0.2.7 1 typ host", REJECTED, REJECTED },
    { "candidate: 1 UDP 5 192.0.2.7 1 typ host", REJECTED, REJECTED },
    { "candidate:1 1 UDP 5 192.0.2.7 1 typ host\r\na=evil x", REJECTED, REJECTED },
    { "candidate:123456789012345678901234567890123 1 UDP 5 192.0.2.7 1 typ host", REJECTED, REJECTED },
    { "nonsense", REJECTED, REJECTED },
    { "candidate:", REJECTED, REJECTED },
  };
  g_autofree char *huge = g_strnfill (600, 'x');

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (bed_ice_candidate_check (cases[i].text, FALSE, "abcd"), ==, cases[i].strict);
      g_assert_cmpint (bed_ice_candidate_check (cases[i].text, TRUE, "abcd"), ==, cases[i].on_loopback);
    }
  memcpy (huge, HOST ("192.0.2.7") " ", strlen (HOST ("192.0.2.7") " "));
  g_assert_cmpint (bed_ice_candidate_check (huge, FALSE, NULL), ==, REJECTED);
}

static void
test_credentials (void)
{
  g_assert_true (bed_ice_credentials_check ("abcd", "0123456789abcdefghijkl"));
  g_assert_false (bed_ice_credentials_check ("abc", "0123456789abcdefghijkl"));
  g_assert_false (bed_ice_credentials_check ("abcd", "0123456789abcdefghijk"));
  g_assert_false (bed_ice_credentials_check ("ab d", "0123456789abcdefghijkl"));
  g_assert_false (bed_ice_credentials_check ("abcd", "0123456789abcdefghij\r\n"));
  g_assert_false (bed_ice_credentials_check (NULL, NULL));
}

static void
test_servers (void)
{
  static const struct
  {
    const char *url;
    int code; /* -1: fine */
    const char *host;
    guint16 port;
    BedIceServerKind kind;
  } cases[] = {
    { "stun:stun.clinic.test", -1, "stun.clinic.test", 3478, BED_ICE_SERVER_STUN },
    { "stun:192.0.2.1:19302", -1, "192.0.2.1", 19302, BED_ICE_SERVER_STUN },
    { "turn:[2001:db8::1]:3479?transport=tcp", -1, "2001:db8::1", 3479, BED_ICE_SERVER_TURN_TCP },
    { "turn:turn.clinic.test?transport=udp", -1, "turn.clinic.test", 3478, BED_ICE_SERVER_TURN_UDP },
    { "turns:turn.clinic.test", BED_ICE_ERROR_UNSUPPORTED },
    { "stuns:turn.clinic.test", BED_ICE_ERROR_UNSUPPORTED },
    { "turn:turn.clinic.test?transport=tls", BED_ICE_ERROR_URL },
    { "turn:", BED_ICE_ERROR_URL },
    { "stun:a b", BED_ICE_ERROR_URL },
    { "stun:host:0", BED_ICE_ERROR_URL },
    { "stun:host:99999", BED_ICE_ERROR_URL },
    { "stun:[::1", BED_ICE_ERROR_URL },
    { "http://host", BED_ICE_ERROR_URL },
    { "stun:2001:db8::1", BED_ICE_ERROR_URL },
  };
  g_autoptr (BedSecret) secret = bed_secret_new ("pw", 2);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BedIceServer) server = bed_ice_server_new (cases[i].url, "user", secret, &error);

      g_test_message ("%s", cases[i].url);
      if (cases[i].code >= 0)
        {
          g_assert_null (server);
          g_assert_error (error, BED_ICE_ERROR, cases[i].code);
          continue;
        }
      g_assert_no_error (error);
      g_assert_cmpstr (bed_ice_server_get_host (server), ==, cases[i].host);
      g_assert_cmpuint (bed_ice_server_get_port (server), ==, cases[i].port);
      g_assert_cmpint (bed_ice_server_get_kind (server), ==, cases[i].kind);
    }
  g_assert_null (bed_ice_server_new ("turn:host", NULL, NULL, NULL));
}

static void
test_states (void)
{
  for (guint s = 0; s < BED_ICE_N_STATES; s++)
    for (guint e = 0; e < BED_ICE_N_EVENTS; e++)
      {
        BedIceState next = bed_ice_state_next (s, e);

        if (s == BED_ICE_STATE_CLOSED || e == BED_ICE_EVENT_CLOSE)
          g_assert_cmpint (next, ==, BED_ICE_STATE_CLOSED);
        else if (s == BED_ICE_STATE_FAILED && e != BED_ICE_EVENT_RESTART)
          g_assert_cmpint (next, ==, BED_ICE_STATE_FAILED);
        else if (e == BED_ICE_EVENT_FAIL)
          g_assert_cmpint (next, ==, BED_ICE_STATE_FAILED);
        else if (next == BED_ICE_STATE_DISCONNECTED && s != next)
          g_assert_true (e == BED_ICE_EVENT_LOSE);
        else if (next == BED_ICE_STATE_COMPLETED && s != next)
          g_assert_true (e == BED_ICE_EVENT_COMPLETE);
      }
  g_assert_cmpstr (bed_ice_state_to_string (BED_ICE_STATE_DISCONNECTED), ==, "disconnected");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/ice/candidate/check", test_check);
  g_test_add_func ("/rtc/ice/candidate/credentials", test_credentials);
  g_test_add_func ("/rtc/ice/server/url", test_servers);
  g_test_add_func ("/rtc/ice/states", test_states);
  return g_test_run ();
}
