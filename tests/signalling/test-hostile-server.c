/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "bed-json.h"
#include "bed-signalling-client-private.h"
#include "bed-test-clinic.h"

/* The client's patience here, in seconds; in the app it is longer. */
#define PATIENCE_SECONDS 2
#if defined(__SANITIZE_ADDRESS__)
#define GROWTH_KIB_MAX (600 * 1024) /* freed memory waits in the sanitizer's quarantine */
#define AWAY_MS_MAX 10000
#else
#define GROWTH_KIB_MAX (10 * 1024)
#define AWAY_MS_MAX 3000
#endif

typedef struct
{
  char *folder, *certificate, *other_certificate;
  GSubprocess *process;
  GDataInputStream *out;
  JsonObject *ports;
  BedClock *clock;
} Server;

static void
end_with_parent (gpointer data)
{
  if (prctl (PR_SET_PDEATHSIG, SIGKILL) != 0)
    _exit (127);
}

static void
server_start (Server *self)
{
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr (GError) error = NULL;
  g_autofree char *key = NULL, *other_key = NULL, *line = NULL;

  g_assert_nonnull (g_getenv ("HOSTILE_SERVER"));
  self->folder = g_dir_make_tmp ("bedside-hostile-XXXXXX", NULL);
  self->certificate = bed_test_make_certificate (self->folder, "own", &key);
  self->other_certificate = bed_test_make_certificate (self->folder, "other", &other_key);
  g_subprocess_launcher_set_child_setup (launcher, end_with_parent, NULL, NULL);
  self->process = g_subprocess_launcher_spawn (launcher, &error, "/usr/bin/python3", g_getenv ("HOSTILE_SERVER"),
                                               self->certificate, key, NULL);
  g_assert_no_error (error);
  self->out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->process));
  line = g_data_input_stream_read_line (self->out, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (line);
  self->ports = bed_json_parse (line, strlen (line), NULL);
  g_assert_nonnull (self->ports);
  self->clock = bed_system_clock_new ();
}

static void
server_stop (Server *self)
{
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  bed_test_remove_folder (self->folder);
  g_clear_object (&self->process);
  g_clear_object (&self->out);
  g_clear_pointer (&self->ports, json_object_unref);
  g_clear_object (&self->clock);
  g_free (self->folder);
  g_free (self->certificate);
  g_free (self->other_certificate);
}

static gint64
server_count (Server *self, const char *way)
{
  g_autofree char *question = g_strdup_printf ("seen %s\n", way);
  g_autofree char *line = NULL;
  GOutputStream *in = g_subprocess_get_stdin_pipe (self->process);

  g_assert_true (g_output_stream_write_all (in, question, strlen (question), NULL, NULL, NULL));
  line = g_data_input_stream_read_line (self->out, NULL, NULL, NULL);
  g_assert_nonnull (line);
  return g_ascii_strtoll (line, NULL, 10);
}

static BedSignallingClient *
client_new (Server *server, const char *way, const char *certificate)
{
  g_autofree char *authority = g_strdup_printf ("127.0.0.1:%d", (int) json_object_get_int_member (server->ports, way));
  BedSignallingClient *client = bed_signalling_client_new (authority, server->clock);
  g_autoptr (BedSecret) token = bed_secret_new_random (BED_TOKEN_BYTES);

  client->patience_s = PATIENCE_SECONDS;
  g_assert_true (bed_signalling_client_set_ca_file (client, certificate, NULL));
  bed_signalling_client_set_admission (client, "AAAAAAAAAAAAAAAAAAAAAA", token);
  return client;
}

/* Resident memory of this process, KiB. */
static gint64
read_status (const char *name)
{
  g_autofree char *text = NULL;
  const char *at;

  g_assert_true (g_file_get_contents ("/proc/self/status", &text, NULL, NULL));
  at = strstr (text, name);
  g_assert_nonnull (at);
  return g_ascii_strtoll (at + strlen (name), NULL, 10);
}

static void
reset_peak (void)
{
  /* "5" sets VmHWM back to what is resident now. */
  g_assert_true (g_file_set_contents_full ("/proc/self/clear_refs", "5", 1, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* The longest that the main loop was away, ms: a person sees it as a window that does not answer. */
typedef struct
{
  gint64 last_us, longest_us;
} Pulse;

static gboolean
on_pulse (gpointer data)
{
  Pulse *pulse = data;
  gint64 now = g_get_monotonic_time ();

  pulse->longest_us = MAX (pulse->longest_us, now - pulse->last_us);
  pulse->last_us = now;
  return G_SOURCE_CONTINUE;
}

typedef struct
{
  Pulse pulse;
  guint source;
  gint64 before;
} Measure;

static void
measure_begin (Measure *self)
{
  self->pulse = (Pulse) { g_get_monotonic_time (), 0 };
  self->source = g_timeout_add (10, on_pulse, &self->pulse);
  reset_peak ();
  self->before = read_status ("VmRSS:");
}

static void
measure_end (Measure *self, const char *way)
{
  gint64 growth;

  bed_test_spin (100); /* what was cancelled comes to its end */
  g_source_remove (self->source);
  growth = read_status ("VmHWM:") - self->before;
  g_test_message ("%s: peak %+" G_GINT64_FORMAT " KiB, main loop away for %.0f ms at most", way,
                  growth, (double) self->pulse.longest_us / 1000);
  g_assert_cmpint (growth, <, GROWTH_KIB_MAX);
  g_assert_cmpint (self->pulse.longest_us / 1000, <, AWAY_MS_MAX);
}

/* The measure itself: it sees memory that was touched and given back. */
static void
test_measure (void)
{
  const gsize size = 32 * 1024 * 1024;
  gint64 before;
  guint8 *block;

  reset_peak ();
  before = read_status ("VmRSS:");
  block = g_malloc (size);
  memset (block, 1, size);
  g_assert_cmpint (block[size / 2], ==, 1);
  g_free (block);
  g_assert_cmpint (read_status ("VmHWM:") - before, >, (gint64) size / 1024 / 2);
}

/* --- Requests --- */

typedef struct
{
  const char *way;
  int code; /* of BedSignallingError; -1: it is a good answer */
  gboolean slow; /* what is measured is patience, not memory: all of these at the same time */
} RestCase;

static const RestCase rest_cases[] = {
  { "rest-well", -1 },
  { "rest-http10", -1 },
  { "rest-endless-body", BED_SIGNALLING_ERROR_PROTOCOL },
  { "rest-endless-chunks", BED_SIGNALLING_ERROR_PROTOCOL },
  { "rest-long-length", BED_SIGNALLING_ERROR_PROTOCOL },
  { "rest-endless-error", BED_SIGNALLING_ERROR_PROTOCOL },
  { "rest-endless-head", BED_SIGNALLING_ERROR_NETWORK },
  { "rest-endless-line", BED_SIGNALLING_ERROR_NETWORK },
  { "rest-endless-interim", BED_SIGNALLING_ERROR_PROTOCOL },
  { "rest-large", BED_SIGNALLING_ERROR_PROTOCOL },
  { "rest-deep", BED_SIGNALLING_ERROR_PROTOCOL },
  { "rest-array", BED_SIGNALLING_ERROR_PROTOCOL },
  { "rest-empty", BED_SIGNALLING_ERROR_PROTOCOL },
  { "rest-mistyped", BED_SIGNALLING_ERROR_PROTOCOL },
  { "rest-not-utf8", BED_SIGNALLING_ERROR_PROTOCOL },
  { "rest-redirect", BED_SIGNALLING_ERROR_PROTOCOL },
  { "rest-html-error", BED_SIGNALLING_ERROR_PROTOCOL },
  { "rest-bomb", BED_SIGNALLING_ERROR_PROTOCOL },
  { "rest-garbage", BED_SIGNALLING_ERROR_NETWORK },
  { "rest-closes", BED_SIGNALLING_ERROR_NETWORK },
  { "rest-slow-head", BED_SIGNALLING_ERROR_NETWORK, TRUE },
  { "rest-slow-body", BED_SIGNALLING_ERROR_NETWORK, TRUE },
  { "rest-silent", BED_SIGNALLING_ERROR_NETWORK, TRUE },
};

typedef struct
{
  BedSignallingClient *client;
  GAsyncResult *result;
} RestTry;

static void
rest_begin (RestTry *self, Server *server, const RestCase *test)
{
  self->client = client_new (server, test->way, server->certificate);
  bed_signalling_client_call_async (self->client, BED_ENDPOINT_CLINIC, NULL, NULL, NULL,
                                    bed_test_take_result, &self->result);
}

static void
rest_end (RestTry *self, const RestCase *test)
{
  g_autoptr (GError) error = NULL;
  gpointer answer = NULL;

  if (bed_signalling_client_call_finish (self->client, bed_test_result (&self->result), &answer,
                                         &error))
    bed_clinic_info_free (answer);
  g_test_message ("%s: %s", test->way, error ? error->message : "answered");
  if (test->code < 0)
    g_assert_no_error (error);
  else
    g_assert_error (error, BED_SIGNALLING_ERROR, test->code);
  g_clear_object (&self->result);
  g_clear_object (&self->client);
}

static void
test_requests (Server *server, gconstpointer data)
{
  RestTry tries[G_N_ELEMENTS (rest_cases)] = { 0 };
  Measure measure;

  for (guint i = 0; i < G_N_ELEMENTS (rest_cases); i++)
    if (!rest_cases[i].slow)
      {
        measure_begin (&measure);
        rest_begin (&tries[i], server, &rest_cases[i]);
        rest_end (&tries[i], &rest_cases[i]);
        measure_end (&measure, rest_cases[i].way);
      }
  measure_begin (&measure);
  for (guint i = 0; i < G_N_ELEMENTS (rest_cases); i++)
    if (rest_cases[i].slow)
      rest_begin (&tries[i], server, &rest_cases[i]);
  for (guint i = 0; i < G_N_ELEMENTS (rest_cases); i++)
    if (rest_cases[i].slow)
      rest_end (&tries[i], &rest_cases[i]);
  measure_end (&measure, "slow answers");
  /* Nobody followed the redirect. */
  g_assert_cmpint (server_count (server, "rest-redirect"), ==, 1);
  g_assert_cmpint (server_count (server, "rest-well"), ==, 1);
}

/* --- The WebSocket --- */

typedef struct
{
  const char *way;
  gboolean online; /* it was attached before the other side misbehaved */
  gboolean slow;   /* as above; the library waits for an orderly end, too */
} SocketCase;

static const SocketCase socket_cases[] = {
  { "ws-wrong-accept", FALSE }, { "ws-no-subprotocol", FALSE }, { "ws-other-subprotocol", FALSE },
  { "ws-extension", FALSE }, { "ws-no-upgrade", FALSE }, { "ws-http10-200", FALSE }, { "ws-200", FALSE },
  { "ws-redirect", FALSE }, { "ws-garbage", FALSE, TRUE }, { "ws-closes", FALSE }, { "ws-slow-head", FALSE, TRUE },
  { "ws-silent", FALSE, TRUE }, { "ws-endless-head", FALSE }, { "ws-no-welcome", FALSE, TRUE }, { "ws-slow-welcome", FALSE, TRUE },
  { "ws-fragments", FALSE }, { "ws-empty-fragments", FALSE }, { "ws-declared-huge", FALSE },
  { "ws-negative-length", FALSE }, { "ws-large", FALSE }, { "ws-deep", FALSE }, { "ws-binary", FALSE },
  { "ws-masked", FALSE }, { "ws-not-utf8", FALSE, TRUE }, { "ws-reserved-bits", FALSE, TRUE }, { "ws-reserved-opcode", FALSE, TRUE },
  { "ws-large-ping", FALSE }, { "ws-wrong-first", FALSE }, { "ws-unknown-later", TRUE }, { "ws-ping-flood", TRUE },
  { "ws-relay-flood", TRUE },
};

static void
on_state (BedSignallingClient *client, GParamSpec *pspec, guint *seen)
{
  *seen |= 1u << bed_signalling_client_get_state (client);
}

typedef struct
{
  BedSignallingClient *client;
  guint seen;
} SocketTry;

static void
socket_begin (SocketTry *self, Server *server, const SocketCase *test)
{
  self->client = client_new (server, test->way, server->certificate);
  g_signal_connect (self->client, "notify::state", G_CALLBACK (on_state), &self->seen);
  bed_signalling_client_join (self->client);
}

static void
socket_end (SocketTry *self, const SocketCase *test)
{
  bed_test_wait ((self->seen & 1u << BED_SIGNALLING_STATE_WAITING) != 0);
  g_test_message ("%s: states %x", test->way, self->seen);
  g_assert_cmpint ((self->seen & 1u << BED_SIGNALLING_STATE_ONLINE) != 0, ==, test->online);
  g_assert_false (bed_signalling_client_is_untrusted (self->client));
  bed_signalling_client_close (self->client);
  g_clear_object (&self->client);
}

static void
test_socket (Server *server, gconstpointer data)
{
  g_autoptr (BedSignallingClient) client = client_new (server, "ws-well", server->certificate);
  SocketTry tries[G_N_ELEMENTS (socket_cases)] = { 0 };
  Measure measure;

  bed_signalling_client_join (client);
  bed_test_wait (bed_signalling_client_get_state (client) == BED_SIGNALLING_STATE_ONLINE);
  bed_signalling_client_close (client);
  for (guint i = 0; i < G_N_ELEMENTS (socket_cases); i++)
    if (!socket_cases[i].slow)
      {
        measure_begin (&measure);
        socket_begin (&tries[i], server, &socket_cases[i]);
        socket_end (&tries[i], &socket_cases[i]);
        measure_end (&measure, socket_cases[i].way);
      }
  measure_begin (&measure);
  for (guint i = 0; i < G_N_ELEMENTS (socket_cases); i++)
    if (socket_cases[i].slow)
      socket_begin (&tries[i], server, &socket_cases[i]);
  for (guint i = 0; i < G_N_ELEMENTS (socket_cases); i++)
    if (socket_cases[i].slow)
      socket_end (&tries[i], &socket_cases[i]);
  measure_end (&measure, "slow sockets");
  g_assert_cmpint (server_count (server, "rest-well"), ==, 0);
}

/* --- What runs out --- */

static const char *
get_username (BedSignallingClient *client)
{
  GPtrArray *servers = bed_signalling_client_get_ice_servers (client);

  return servers != NULL && servers->len == 1 ? ((BedIceServer *) servers->pdata[0])->username : "";
}

/* Over one connection: a call that begins later has credentials that are good then. */
static void
test_credentials (Server *server, gconstpointer data)
{
  g_autoptr (BedSignallingClient) client = client_new (server, "ws-renews", server->certificate);
  g_autoptr (BedSignallingClient) patient = client_new (server, "ws-renews", server->certificate);
  g_autofree char *before = NULL;
  gint64 asked;
  guint seen = 0;

  client->renew_min_s = 1;
  g_signal_connect (client, "notify::state", G_CALLBACK (on_state), &seen);
  bed_signalling_client_join (client);
  bed_test_wait (g_str_equal (get_username (client), "first"));
  bed_signalling_client_join (patient);
  bed_test_wait (g_str_equal (get_username (patient), "first"));
  before = g_strdup (get_username (client));
  bed_test_wait (!g_str_equal (get_username (client), before));
  g_free (before);
  before = g_strdup (get_username (client));
  bed_test_wait (!g_str_equal (get_username (client), before));
  g_assert_cmpint (seen & 1u << BED_SIGNALLING_STATE_WAITING, ==, 0);
  g_assert_cmpstr (get_username (patient), ==, "first"); /* it asks no more often than once a minute */
  bed_signalling_client_close (patient);
  bed_signalling_client_close (client);
  asked = server_count (server, "ws-renews");
  bed_test_spin (1500);
  g_assert_cmpint (server_count (server, "ws-renews"), ==, asked);
}

/* --- Whom we trust --- */

static void
expect_untrusted (Server *server, BedSignallingClient *client)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  bed_signalling_client_call_async (client, BED_ENDPOINT_CLINIC, NULL, NULL, NULL,
                                    bed_test_take_result, &result);
  g_assert_false (bed_signalling_client_call_finish (client, bed_test_result (&result), NULL, &error));
  g_assert_error (error, BED_SIGNALLING_ERROR, BED_SIGNALLING_ERROR_UNTRUSTED);
}

static void
expect_socket_untrusted (Server *server, BedSignallingClient *client)
{
  bed_signalling_client_join (client);
  bed_test_wait (bed_signalling_client_get_state (client) == BED_SIGNALLING_STATE_WAITING);
  g_assert_true (bed_signalling_client_is_untrusted (client));
  bed_signalling_client_close (client);
}

static void
test_trust (Server *server, gconstpointer data)
{
  static const guint8 wrong_pin[BED_HASH_BYTES] = { 1, 2, 3 };

  for (guint pinned = 0; pinned < 2; pinned++)
    {
      g_autoptr (BedSignallingClient) rest = client_new (server, "rest-well", server->other_certificate);
      g_autoptr (BedSignallingClient) socket = client_new (server, "ws-well", server->other_certificate);

      if (pinned)
        {
          /* The authority would vouch; the pin goes before. */
          g_assert_true (bed_signalling_client_set_ca_file (rest, server->certificate, NULL));
          g_assert_true (bed_signalling_client_set_ca_file (socket, server->certificate, NULL));
          bed_signalling_client_set_pin (rest, wrong_pin);
          bed_signalling_client_set_pin (socket, wrong_pin);
        }
      expect_untrusted (server, rest);
      expect_socket_untrusted (server, socket);
    }
  /* Not a byte of a request was said to it. */
  g_assert_cmpint (server_count (server, "rest-well"), ==, 0);
  g_assert_cmpint (server_count (server, "ws-well"), ==, 0);
}

static void
setup (Server *server, gconstpointer data)
{
  server_start (server);
}

static void
teardown (Server *server, gconstpointer data)
{
  bed_test_spin (50);
  server_stop (server);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signalling/hostile/measure", test_measure);
  g_test_add ("/signalling/hostile/trust", Server, NULL, setup, test_trust, teardown);
  g_test_add ("/signalling/hostile/requests", Server, NULL, setup, test_requests, teardown);
  g_test_add ("/signalling/hostile/credentials", Server, NULL, setup, test_credentials, teardown);
  g_test_add ("/signalling/hostile/socket", Server, NULL, setup, test_socket, teardown);
  return g_test_run ();
}
