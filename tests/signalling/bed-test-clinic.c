/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-test-clinic.h"

#include <glib/gstdio.h>
#include <liboath/oath.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static char *
run (const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE, &error);
  g_autofree char *err = NULL;
  char *out = NULL;

  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, &out, &err, &error);
  g_assert_no_error (error);
  if (!g_subprocess_get_successful (process))
    g_error ("%s: %s", argv[1], err);
  return out;
}

static guint16
free_port (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();

  return g_socket_listener_add_any_inet_port (listener, NULL, NULL);
}

static void
write_file (BedTestClinic *self, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

char *
bed_test_make_certificate (const char *folder, const char *name, char **key)
{
  g_autofree char *file = g_strconcat (name, ".pem", NULL);
  g_autofree char *key_file = g_strconcat (name, "-key.pem", NULL);
  g_autofree char *out = NULL;
  char *certificate = g_build_filename (folder, file, NULL);

  *key = g_build_filename (folder, key_file, NULL);
  out = run ((const char *[]){ "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                               "-keyout", *key, "-out", certificate, "-days", "30", "-subj", "/CN=clinic.test", "-addext",
                               "subjectAltName=DNS:clinic.test,IP:127.0.0.1", NULL });
  return certificate;
}

void
bed_test_remove_folder (const char *folder)
{
  g_autofree char *out = run ((const char *[]){ "rm", "-rf", folder, NULL });
}

/* In the child: it ends with the test, also when that aborts. */
static void
end_with_parent (gpointer data)
{
  if (prctl (PR_SET_PDEATHSIG, SIGKILL) != 0)
    _exit (127);
}

static void
start_between (BedTestClinic *self, const char *certificate, const char *key)
{
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autofree char *own_port = g_strdup_printf ("%u", self->public_port);
  g_autofree char *port = g_strdup_printf ("%u", self->port);
  g_autofree char *said = g_build_filename (self->folder, "said", NULL);
  g_autofree char *line = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (g_getenv ("BETWEEN"));
  g_subprocess_launcher_set_child_setup (launcher, end_with_parent, NULL, NULL);
  self->between = g_subprocess_launcher_spawn (launcher, &error, "/usr/bin/python3", g_getenv ("BETWEEN"), certificate,
                                               key, own_port, port, said, NULL);
  g_assert_no_error (error);
  self->between_out = g_data_input_stream_new (g_subprocess_get_stdout_pipe (self->between));
  line = g_data_input_stream_read_line (self->between_out, NULL, NULL, NULL);
  g_assert_cmpstr (line, ==, "ready");
}

static BedTestClinic *
clinic_new (gboolean watched)
{
  BedTestClinic *self = g_new0 (BedTestClinic, 1);
  g_autofree char *url = NULL, *state = NULL, *key = NULL, *certificate = NULL, *web = NULL, *conf = NULL, *out = NULL;

  self->folder = g_dir_make_tmp ("bedside-clinic-XXXXXX", NULL);
  self->port = free_port ();
  self->public_port = watched ? free_port () : self->port;
  self->authority = g_strdup_printf ("127.0.0.1:%u", self->public_port);
  self->config = g_build_filename (self->folder, "etc", "server.conf", NULL);
  url = g_strconcat ("https://", self->authority, NULL);
  state = g_build_filename (self->folder, "state", NULL);
  web = g_build_filename (self->folder, "web", NULL);
  out = run ((const char *[]){ g_getenv ("BEDSIDE_SERVER"), "init", "--config", self->config, url, state, NULL });
  certificate = bed_test_make_certificate (self->folder, "certificate", &key);
  g_assert_cmpint (g_mkdir (web, 0700), ==, 0);
  write_file (self, "web/index.html", "<!doctype html><title>Visit</title>");
  write_file (self, "consent-en.txt", "You agree to a video visit.\n");
  write_file (self, "turn-secret", "a-shared-secret-of-the-test\n");
  conf = g_strdup_printf ("[clinic]\nname=Test clinic\ntelephone=+49 30 1234\n"
                          "[consent 1]\nversion=2026-01\nlanguage=en\nsummary=Short\nfile=%s/consent-en.txt\n"
                          "[server]\npublic_url=%s\nlisten=127.0.0.1:%u\nstate_dir=%s\nkey_file=%s/etc/store.key\nweb_dir=%s\n"
                          "certificate=%s\nprivate_key=%s\n"
                          "[turn]\nurls=turn:127.0.0.1:3478\nsecret_file=%s/turn-secret\n"
                          "[limits]\nrequests_per_minute=100000\nlogins_per_minute=100000\nconnections_per_address=500\n",
                          self->folder, url, self->port, state, self->folder, web, certificate, key, self->folder);
  write_file (self, "etc/server.conf", conf);
  if (watched)
    start_between (self, certificate, key);
  return self;
}

BedTestClinic *
bed_test_clinic_new (void)
{
  return clinic_new (FALSE);
}

BedTestClinic *
bed_test_clinic_new_watched (void)
{
  return clinic_new (TRUE);
}

void
bed_test_clinic_tell_between (BedTestClinic *self, const char *what, const char *argument)
{
  g_autofree char *command = g_strdup_printf ("%s %s\n", what, argument);
  g_autofree char *line = NULL;

  g_assert_true (g_output_stream_write_all (g_subprocess_get_stdin_pipe (self->between), command, strlen (command),
                                            NULL, NULL, NULL));
  line = g_data_input_stream_read_line (self->between_out, NULL, NULL, NULL);
  g_assert_cmpstr (line, ==, "ok");
}

static gboolean
is_listening (BedTestClinic *self)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = g_socket_client_connect_to_host (client, "127.0.0.1", self->port, NULL, NULL);

  return connection != NULL;
}

void
bed_test_clinic_start (BedTestClinic *self)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autofree char *log = g_build_filename (self->folder, "log", NULL);
  g_autoptr (GError) error = NULL;

  g_subprocess_launcher_set_child_setup (launcher, end_with_parent, NULL, NULL);
  g_subprocess_launcher_set_stderr_file_path (launcher, log);
  self->process = g_subprocess_launcher_spawn (launcher, &error, g_getenv ("BEDSIDE_SERVER"), "serve", "--config",
                                               self->config, NULL);
  g_assert_no_error (error);
  for (guint i = 0; i < 200 && !is_listening (self); i++)
    g_usleep (50000);
  g_assert_true (is_listening (self));
}

void
bed_test_clinic_kill (BedTestClinic *self)
{
  g_subprocess_force_exit (self->process);
  g_subprocess_wait (self->process, NULL, NULL);
  g_clear_object (&self->process);
}

char *
bed_test_clinic_add_user (BedTestClinic *self, const char *login)
{
  char *out = run ((const char *[]){ g_getenv ("BEDSIDE_SERVER"), "user", "add", login, "Dr Test", "--config", self->config, NULL });

  return g_strstrip (out);
}

void
bed_test_clinic_free (BedTestClinic *self)
{
  if (self->process != NULL)
    bed_test_clinic_kill (self);
  if (self->between != NULL)
    {
      g_subprocess_force_exit (self->between);
      g_subprocess_wait (self->between, NULL, NULL);
    }
  g_clear_object (&self->between);
  g_clear_object (&self->between_out);
  bed_test_remove_folder (self->folder);
  g_free (self->folder);
  g_free (self->config);
  g_free (self->authority);
  g_free (self);
}

char *
bed_test_totp (const char *base32, int step)
{
  char *secret = NULL, code[8] = { 0 };
  gsize length = 0;

  /* The code of the last step must still be that when it arrives. */
  while (step < 0 && g_get_real_time () / G_USEC_PER_SEC % 30 > 24)
    g_usleep (100000);
  /* The step before must not become the one before that on its way. */
  while (step < 0 && g_get_real_time () / G_USEC_PER_SEC % 30 >= 27)
    g_usleep (100000);
  g_assert_cmpint (oath_base32_decode (base32, strlen (base32), &secret, &length), ==, OATH_OK);
  g_assert_cmpint (oath_totp_generate (secret, length, g_get_real_time () / G_USEC_PER_SEC + step * 30, 30, 0, 6, code), ==,
                   OATH_OK);
  free (secret);
  return g_strdup (code);
}

gboolean
bed_test_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
on_time (gpointer over)
{
  *(gboolean *) over = TRUE;
  return G_SOURCE_REMOVE;
}

void
bed_test_spin (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, on_time, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

void
bed_test_take_result (GObject *source, GAsyncResult *result, gpointer place)
{
  *(GAsyncResult **) place = g_object_ref (result);
}

GAsyncResult *
bed_test_result (GAsyncResult **place)
{
  bed_test_wait (*place != NULL);
  return *place;
}
