/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-nice-ice-transport.h"

#include <gio/gio.h>
#include <signal.h>
#include <string.h>

#define TURN_SECRET "loopback-test-secret"

typedef struct End End;
struct End
{
  BedIceTransport *transport;
  End *peer;
  GPtrArray *candidates;
  GString *received;
  gboolean done, hold;
  gint64 connected_us;
};

static void
on_candidate (BedIceTransport *transport, const char *candidate, End *end)
{
  g_ptr_array_add (end->candidates, g_strdup (candidate));
  if (!end->hold)
    g_assert_cmpint (bed_ice_transport_add_remote_candidate (end->peer->transport, candidate), ==,
                     BED_ICE_CANDIDATE_ADDED);
}

static void
on_done (BedIceTransport *transport, End *end)
{
  end->done = TRUE;
  if (!end->hold)
    bed_ice_transport_end_of_candidates (end->peer->transport);
}

static void
on_state (BedIceTransport *transport, End *end)
{
  if (end->connected_us == 0 && bed_ice_transport_get_state (transport) == BED_ICE_STATE_CONNECTED)
    end->connected_us = g_get_monotonic_time ();
}

static void
on_data (const guint8 *data, gsize length, gpointer user_data)
{
  g_string_append_len (((End *) user_data)->received, (const char *) data, (gssize) length);
}

static void
end_init (End *end, End *peer, GMainContext *context, BedIceConfig *config, BedIceRole role)
{
  g_autoptr (GError) error = NULL;

  memset (end, 0, sizeof *end);
  config->role = role;
  end->peer = peer;
  end->candidates = g_ptr_array_new_with_free_func (g_free);
  end->received = g_string_new (NULL);
  end->transport = bed_nice_ice_transport_new (context, config, &error);
  g_assert_no_error (error);
  bed_ice_transport_set_data_func (end->transport, on_data, end);
  g_signal_connect (end->transport, "candidate", G_CALLBACK (on_candidate), end);
  g_signal_connect (end->transport, "gathering-done", G_CALLBACK (on_done), end);
  g_signal_connect (end->transport, "state-changed", G_CALLBACK (on_state), end);
}

static void
end_clear (End *end, GMainContext *context)
{
  gint64 until_us = g_get_monotonic_time () + 200000;

  bed_ice_transport_close (end->transport);
  while (g_get_monotonic_time () < until_us)
    if (!g_main_context_iteration (context, FALSE))
      g_usleep (1000);
  g_assert_finalize_object (end->transport);
  g_ptr_array_unref (end->candidates);
  g_string_free (end->received, TRUE);
}

typedef gboolean (*Condition) (End *a, End *b);

static gboolean
wait_for (GMainContext *context, Condition condition, End *a, End *b, gint64 limit_us)
{
  gint64 until_us = g_get_monotonic_time () + limit_us;

  while (!condition (a, b) && g_get_monotonic_time () < until_us)
    if (!g_main_context_iteration (context, FALSE))
      g_usleep (500);
  return condition (a, b);
}

static gboolean
both_completed (End *a, End *b)
{
  return bed_ice_transport_get_state (a->transport) == BED_ICE_STATE_COMPLETED
         && bed_ice_transport_get_state (b->transport) == BED_ICE_STATE_COMPLETED;
}

static gboolean
both_received (End *a, End *b)
{
  return a->received->len > 0 && b->received->len > 0;
}

static gboolean
both_done (End *a, End *b)
{
  return a->done && b->done;
}

static gboolean
never (End *a, End *b)
{
  return FALSE;
}

static void
give_credentials (End *from, End *to)
{
  g_autofree char *ufrag = NULL, *password = NULL;
  g_autoptr (GError) error = NULL;

  bed_ice_transport_dup_local_credentials (from->transport, &ufrag, &password);
  g_assert_cmpuint (strlen (ufrag), >=, 4);
  bed_ice_transport_set_remote_credentials (to->transport, ufrag, password, &error);
  g_assert_no_error (error);
}

static void
start (End *a, End *b)
{
  g_assert_true (bed_ice_transport_gather (a->transport, NULL));
  g_assert_true (bed_ice_transport_gather (b->transport, NULL));
  give_credentials (a, b);
  give_credentials (b, a);
}

static void
exchange (GMainContext *context, End *a, End *b)
{
  g_string_truncate (a->received, 0);
  g_string_truncate (b->received, 0);
  g_assert_true (bed_ice_transport_send (a->transport, (const guint8 *) "from a", 6));
  g_assert_true (bed_ice_transport_send (b->transport, (const guint8 *) "from b", 6));
  g_assert_true (wait_for (context, both_received, a, b, 3000000));
  g_assert_cmpstr (a->received->str, ==, "from b");
  g_assert_cmpstr (b->received->str, ==, "from a");
}

static guint16
get_port (const char *candidate)
{
  g_auto (GStrv) fields = g_strsplit (candidate, " ", -1);

  return (guint16) g_ascii_strtoull (fields[5], NULL, 10);
}

/* Somebody who knows the port but is no validated peer. */
static void
attack (GMainContext *context, End *victim, End *other)
{
  static const guint8 hello[] = { 22, 0xfe, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1 };
  static const guint8 rtp[] = { 0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 3 };
  static const guint8 binding[20] = { 0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3 };
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, 0, NULL);
  g_autoptr (GSocketAddress) to
    = g_inet_socket_address_new_from_string ("127.0.0.1", get_port (victim->candidates->pdata[0]));
  gsize before = victim->received->len;

  for (guint i = 0; i < 20; i++)
    {
      g_socket_send_to (socket, to, (const char *) binding, sizeof binding, NULL, NULL);
      g_socket_send_to (socket, to, (const char *) hello, sizeof hello, NULL, NULL);
      g_socket_send_to (socket, to, (const char *) rtp, sizeof rtp, NULL, NULL);
    }
  wait_for (context, never, victim, other, 300000);
  g_assert_cmpuint (victim->received->len, ==, before);
}

static void
test_connect (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  BedIceConfig config = { .bind_address = "127.0.0.1" };
  gint64 begin_us = g_get_monotonic_time ();
  End a, b;

  end_init (&a, &b, context, &config, BED_ICE_ROLE_CONTROLLING);
  end_init (&b, &a, context, &config, BED_ICE_ROLE_CONTROLLED);
  g_assert_false (bed_ice_transport_send (a.transport, (const guint8 *) "x", 1));
  start (&a, &b);
  g_assert_true (wait_for (context, both_completed, &a, &b, 10000000));
  g_test_message ("connected after %.1f ms", (MAX (a.connected_us, b.connected_us) - begin_us) / 1000.0);
  exchange (context, &a, &b);
  attack (context, &a, &b);
  exchange (context, &a, &b);
  /* new credentials while data goes on */
  g_assert_true (bed_ice_transport_restart (a.transport, NULL));
  g_assert_true (bed_ice_transport_restart (b.transport, NULL));
  give_credentials (&a, &b);
  give_credentials (&b, &a);
  g_assert_true (wait_for (context, both_completed, &a, &b, 10000000));
  exchange (context, &a, &b);
  end_clear (&a, context);
  end_clear (&b, context);
}

static gboolean
is_disconnected (End *a, End *b)
{
  return bed_ice_transport_get_state (a->transport) == BED_ICE_STATE_DISCONNECTED;
}

/* Consent is gone when the peer is: that is "disconnected", and a restart with whoever comes back works. */
static void
test_consent (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  BedIceConfig config = { .bind_address = "127.0.0.1" };
  gint64 begin_us;
  End a, b;

  end_init (&a, &b, context, &config, BED_ICE_ROLE_CONTROLLING);
  end_init (&b, &a, context, &config, BED_ICE_ROLE_CONTROLLED);
  start (&a, &b);
  g_assert_true (wait_for (context, both_completed, &a, &b, 10000000));
  begin_us = g_get_monotonic_time ();
  end_clear (&b, context);
  g_assert_true (wait_for (context, is_disconnected, &a, &b, 16000000));
  g_test_message ("disconnected after %.1f s", (g_get_monotonic_time () - begin_us) / 1e6);
  end_init (&b, &a, context, &config, BED_ICE_ROLE_CONTROLLED);
  g_assert_true (bed_ice_transport_restart (a.transport, NULL));
  g_assert_cmpint (bed_ice_transport_get_state (a.transport), ==, BED_ICE_STATE_CHECKING);
  g_assert_true (bed_ice_transport_gather (b.transport, NULL));
  give_credentials (&a, &b);
  give_credentials (&b, &a);
  g_assert_true (wait_for (context, both_completed, &a, &b, 10000000));
  exchange (context, &a, &b);
  end_clear (&a, context);
  end_clear (&b, context);
}

/* Before any pair is validated nothing may pass at all. */
static void
test_attack_before (void)
{
  g_autoptr (GMainContext) context = g_main_context_new ();
  BedIceConfig config = { .bind_address = "127.0.0.1" };
  End a, b;

  end_init (&a, &b, context, &config, BED_ICE_ROLE_CONTROLLING);
  end_init (&b, &a, context, &config, BED_ICE_ROLE_CONTROLLED);
  a.hold = b.hold = TRUE;
  start (&a, &b);
  g_assert_true (wait_for (context, both_done, &a, &b, 5000000));
  g_assert_cmpuint (a.candidates->len, >, 0);
  attack (context, &a, &b);
  g_assert_cmpint (bed_ice_transport_get_state (a.transport), <, BED_ICE_STATE_CONNECTED);
  end_clear (&a, context);
  end_clear (&b, context);
}

static void
test_wrong_password (void)
{
  g_autofree char *ufrag = NULL, *password = NULL;
  g_autoptr (GMainContext) context = g_main_context_new ();
  BedIceConfig config = { .bind_address = "127.0.0.1" };
  End a, b;

  end_init (&a, &b, context, &config, BED_ICE_ROLE_CONTROLLING);
  end_init (&b, &a, context, &config, BED_ICE_ROLE_CONTROLLED);
  g_assert_true (bed_ice_transport_gather (a.transport, NULL));
  g_assert_true (bed_ice_transport_gather (b.transport, NULL));
  give_credentials (&a, &b);
  bed_ice_transport_dup_local_credentials (b.transport, &ufrag, &password);
  g_assert_true (bed_ice_transport_set_remote_credentials (a.transport, ufrag, "0123456789abcdefghijkl", NULL));
  g_assert_false (wait_for (context, both_completed, &a, &b, 2000000));
  g_assert_cmpint (bed_ice_transport_get_state (a.transport), !=, BED_ICE_STATE_CONNECTED);
  g_assert_cmpuint (a.received->len + b.received->len, ==, 0);
  end_clear (&a, context);
  end_clear (&b, context);
}

/* A port that nothing has at the moment. */
static guint16
free_port (void)
{
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autoptr (GSocket) probe
    = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, NULL);

  g_assert_nonnull (probe);
  g_assert_true (g_socket_bind (probe, any, FALSE, NULL));
  bound = g_socket_get_local_address (probe, NULL);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

static GSubprocess *
start_turn (const char *directory, guint16 number)
{
  g_autofree char *port = g_strdup_printf ("%u", number);
  g_autofree char *pid = g_build_filename (directory, "pid", NULL);
  g_autofree char *database = g_build_filename (directory, "db", NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess *turn = g_subprocess_new (
    G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "turnserver", "-n",
    "--log-file", "stdout", "--simple-log", "--listening-ip", "127.0.0.1", "--listening-port", port,
    "--relay-ip", "127.0.0.1", "--use-auth-secret", "--static-auth-secret=" TURN_SECRET, "--realm=clinic.test",
    "--allow-loopback-peers", "--no-cli", "--no-tls", "--no-dtls", "--min-port", "51000", "--max-port", "51100",
    "--pidfile", pid, "--userdb", database, NULL);

  g_assert_no_error (error);
  for (guint i = 0; i < 100; i++)
    {
      g_autoptr (GSocketClient) client = g_socket_client_new ();
      g_autoptr (GSocketConnection) connection
        = g_socket_client_connect_to_host (client, "127.0.0.1", number, NULL, NULL);

      if (connection != NULL)
        return turn;
      g_usleep (50000);
    }
  g_error ("turnserver did not start");
}

static BedSecret *
turn_password (const char *user)
{
  g_autoptr (GHmac) hmac = g_hmac_new (G_CHECKSUM_SHA1, (const guchar *) TURN_SECRET, strlen (TURN_SECRET));
  guint8 digest[20];
  gsize length = sizeof digest;
  g_autofree char *text = NULL;

  g_hmac_update (hmac, (const guchar *) user, -1);
  g_hmac_get_digest (hmac, digest, &length);
  text = g_base64_encode (digest, length);
  return bed_secret_new (text, strlen (text));
}

/* Only relayed candidates, and no other address of ours in them. */
static void
test_relay_only (gconstpointer parameters)
{
  guint16 turn_port = free_port ();
  g_autofree char *url = g_strdup_printf ("turn:127.0.0.1:%u%s", turn_port, (const char *) parameters);
  g_autofree char *directory = g_dir_make_tmp ("bed-turn-XXXXXX", NULL);
  g_autofree char *user = g_strdup_printf ("%" G_GINT64_FORMAT ":alice", g_get_real_time () / G_USEC_PER_SEC + 600);
  g_autoptr (GSubprocess) turn = start_turn (directory, turn_port);
  g_autoptr (BedSecret) password = turn_password (user);
  g_autoptr (BedIceServer) server = bed_ice_server_new (url, user, password, NULL);
  g_autoptr (GMainContext) context = g_main_context_new ();
  BedIceConfig config = { .bind_address = "127.0.0.1", .servers = &server, .n_servers = 1, .relay_only = TRUE };
  g_autofree char *remove = NULL;
  End a, b;

  end_init (&a, &b, context, &config, BED_ICE_ROLE_CONTROLLING);
  end_init (&b, &a, context, &config, BED_ICE_ROLE_CONTROLLED);
  start (&a, &b);
  g_assert_true (wait_for (context, both_completed, &a, &b, 15000000));
  exchange (context, &a, &b);
  g_assert_cmpuint (a.candidates->len, >, 0);
  for (guint i = 0; i < a.candidates->len; i++)
    {
      guint16 port = get_port (a.candidates->pdata[i]);

      g_assert_nonnull (strstr (a.candidates->pdata[i], " typ relay raddr 0.0.0.0 rport 0"));
      g_assert_cmpuint (port, >=, 51000);
      g_assert_cmpuint (port, <=, 51100);
    }
  end_clear (&a, context);
  end_clear (&b, context);
  g_subprocess_send_signal (turn, SIGTERM);
  g_subprocess_wait (turn, NULL, NULL);
  remove = g_strdup_printf ("rm -rf '%s'", directory);
  g_assert_true (g_spawn_command_line_sync (remove, NULL, NULL, NULL, NULL));
}

static void
test_config (void)
{
  g_autoptr (GError) error = NULL;
  BedIceConfig config = { .relay_only = TRUE };

  g_assert_null (bed_nice_ice_transport_new (NULL, &config, &error));
  g_assert_error (error, BED_ICE_ERROR, BED_ICE_ERROR_GATHER);
  g_clear_error (&error);
  config.relay_only = FALSE;
  config.bind_address = "not an address";
  g_assert_null (bed_nice_ice_transport_new (NULL, &config, &error));
  g_assert_error (error, BED_ICE_ERROR, BED_ICE_ERROR_ADDRESS);
}

/* A name that has no address costs a server, not the call. */
static void
test_unresolvable (void)
{
  g_autoptr (BedIceServer) server = bed_ice_server_new ("stun:no-such-host.invalid", NULL, NULL, NULL);
  g_autoptr (GMainContext) context = g_main_context_new ();
  BedIceConfig config = { .bind_address = "127.0.0.1", .servers = &server, .n_servers = 1 };
  End a, b;

  end_init (&a, &b, context, &config, BED_ICE_ROLE_CONTROLLING);
  end_init (&b, &a, context, &config, BED_ICE_ROLE_CONTROLLED);
  start (&a, &b);
  g_assert_true (wait_for (context, both_completed, &a, &b, 10000000));
  end_clear (&a, context);
  end_clear (&b, context);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/ice/nice/connect", test_connect);
  g_test_add_func ("/rtc/ice/nice/consent", test_consent);
  g_test_add_func ("/rtc/ice/nice/attack-before", test_attack_before);
  g_test_add_func ("/rtc/ice/nice/wrong-password", test_wrong_password);
  g_test_add_func ("/rtc/ice/nice/config", test_config);
  g_test_add_func ("/rtc/ice/nice/unresolvable", test_unresolvable);
  g_test_add_data_func ("/rtc/ice/nice/relay-only-udp", "", test_relay_only);
  g_test_add_data_func ("/rtc/ice/nice/relay-only-tcp", "?transport=tcp", test_relay_only);
  return g_test_run ();
}
