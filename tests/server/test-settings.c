/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-settings.h"
#include "bed-turn-url.h"

#include <glib/gstdio.h>
#include <string.h>

/* 65 bytes */
#define LONG "12345678901234567890123456789012345678901234567890123456789012345"

/* A good file, and what one change makes of it. */
static const char good[] = "[clinic]\n"
                           "name=Clinic\n"
                           "privacy_notice=privacy.txt\n"
                           "[consent 1]\n"
                           "version=2026-01\n"
                           "language=en\n"
                           "file=consent.txt\n"
                           "[server]\n"
                           "public_url=https://visit.test:8443/\n"
                           "listen=127.0.0.1:8080\n"
                           "state_dir=state\n"
                           "key_file=keys/store.key\n"
                           "certificate=c.pem\n"
                           "private_key=k.pem\n"
                           "[turn]\n"
                           "urls=stun:relay.test;turns:relay.test:443\n"
                           "secret_file=secret\n"
                           "ttl=600\n"
                           "[limits]\n"
                           "connections=2000\n";

typedef struct
{
  const char *old, *fresh;
  const char *complaint; /* NULL: it is fine */
} Change;

static const Change changes[] = {
  { "name=Clinic\n", "", "[clinic] needs name" },
  { "name=Clinic\n", "name=\n", "[clinic] needs name" },
  { "privacy.txt", "missing.txt", "No such file" },
  { "privacy.txt", "latin1.txt", "UTF-8" },
  { "privacy.txt", "large.txt", "32 KiB" },
  { "name=Clinic\n", "name=" LONG LONG LONG LONG LONG "\n", "at most 256 bytes" },
  { "name=Clinic\n", "name=Clinic\ntelephone=" LONG "\n", "of 64 a telephone" },
  { "version=2026-01\n", "version=" LONG "\n", "longer than 64 bytes" },
  { "language=en\n", "language=English (UK)\n", "a code like en" },
  { "language=en\n", "language=en-GB\n", NULL },
  { "file=consent.txt\n", "file=empty.txt\n", "is empty" },
  { "version=2026-01\n", "", "needs version and language" },
  { "language=en\n", "language=\n", "needs version and language" },
  { "file=consent.txt\n", "", "names no file" },
  { "https://visit.test:8443/", "http://visit.test", "public_url must be" },
  { "https://visit.test:8443/", "https://visit.test/path", "public_url must be" },
  { "https://visit.test:8443/", "https://visit.test?x", "public_url must be" },
  { "https://visit.test:8443/", "https://visit.test#x", "public_url must be" },
  { "https://visit.test:8443/", "https://me@visit.test", "public_url must be" },
  { "https://visit.test:8443/", "https://visit.test; script-src *", "public_url must be" },
  { "https://visit.test:8443/", "https://", "public_url must be" },
  { "https://visit.test:8443/", "https://[2001:db8::1]", NULL },
  { "listen=127.0.0.1:8080", "listen=somewhere:80", "listen must be" },
  { "listen=127.0.0.1:8080", "listen=127.0.0.1:99999", "listen must be" },
  { "listen=127.0.0.1:8080", "listen=[::]:443", NULL },
  { "listen=127.0.0.1:8080\n", "", NULL },
  { "state_dir=state\n", "", "state_dir and key_file" },
  { "key_file=keys/store.key\n", "", "state_dir and key_file" },
  { "keys/store.key", "state/store.key", "outside of state_dir" },
  { "keys/store.key", "state/../state/store.key", "outside of state_dir" },
  { "keys/store.key", "state-key", NULL },
  { "certificate=c.pem\n", "", "both of certificate and private_key" },
  { "private_key=k.pem\n", "", "both of certificate and private_key" },
  { "certificate=c.pem\nprivate_key=k.pem\n", "", "Without a certificate" },
  { "certificate=c.pem\nprivate_key=k.pem\n",
    "[proxy]\nheader=X-Forwarded-For\naddresses=127.0.0.1\n", NULL },
  { "[turn]\n", "[proxy]\nheader=Forwarded\naddresses=::1\n[turn]\n", "a list of addresses" },
  { "[turn]\n", "[proxy]\nheader=X-Forwarded-For\n[turn]\n", "[proxy] needs addresses" },
  { "[turn]\n", "[proxy]\naddresses=::1\n[turn]\n", "[proxy] needs header" },
  { "[turn]\n", "[proxy]\nheader=X-A\naddresses=10.0.0.0/8\n[turn]\n", "no address is" },
  { "stun:relay.test", "relay.test", "neither turn:, turns: nor stun:" },
  { "turns:relay.test:443", "turns:relay.test:443?transport=udp", "neither turn:" },
  { "turns:relay.test:443", "turn:", "neither turn:" },
  { "secret_file=secret\n", "", "[turn] needs secret_file" },
  { "ttl=600", "ttl=299", "within its limits: ttl" },
  { "ttl=600", "ttl=86401", "within its limits: ttl" },
  { "ttl=600", "ttl=soon", "within its limits: ttl" },
  { "connections=2000", "connections=0", "within its limits: connections" },
  { "connections=2000", "connections=-1", "within its limits: connections" },
  { "connections=2000", "connections=99999999999999999999", "within its limits: connections" },
  { "connections=2000", "connections_per_address=3", "connections_per_address" },
  { "connections=2000", "rooms_per_account=0", "rooms_per_account" },
  { "connections=2000", "requests_per_minute=9", "requests_per_minute" },
  { "connections=2000", "logins_per_minute=0", "logins_per_minute" },
  { "connections=2000", "request_seconds=0", "request_seconds" },
  { "[limits]\n", "[limits\n", "[limits" },
};

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
write_file (Fixture *self, const char *name, const char *text, gssize length)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, length, NULL));
}

static void
setup (Fixture *self, gconstpointer data)
{
  g_autofree char *large = g_strnfill (64 * 1024 + 1, 'x');

  self->folder = g_dir_make_tmp ("bed-settings-XXXXXX", NULL);
  self->path = g_build_filename (self->folder, "server.conf", NULL);
  write_file (self, "privacy.txt", "We keep little.\n\n", -1);
  write_file (self, "consent.txt", "You agree.\n", -1);
  write_file (self, "empty.txt", "\n", -1);
  write_file (self, "latin1.txt", "\xe4", 1);
  write_file (self, "large.txt", large, -1);
}

static void
teardown (Fixture *self, gconstpointer data)
{
  static const char *const names[]
      = { "server.conf", "privacy.txt", "consent.txt", "empty.txt",
          "latin1.txt",  "large.txt",   "half.txt" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, names[i], NULL);
      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->path);
}

static BedSettings *
load (Fixture *self, const Change *change, GError **error)
{
  g_autoptr (GString) text = g_string_new (good);

  if (change)
    g_assert_cmpuint (g_string_replace (text, change->old, change->fresh, 1), ==, 1);
  write_file (self, "server.conf", text->str, -1);
  return bed_settings_load (self->path, error);
}

static void
test_good (Fixture *self, gconstpointer data)
{
  GError *error = NULL;
  g_autoptr (BedSettings) settings = load (self, NULL, &error);
  g_autofree char *state = g_build_filename (self->folder, "state", NULL);
  const BedConsentText *text;

  g_assert_no_error (error);
  g_assert_cmpstr (settings->public_url, ==, "https://visit.test:8443");
  g_assert_cmpstr (settings->public_host, ==, "visit.test");
  g_assert_cmpstr (settings->state_dir, ==, state);
  g_assert_cmpstr (settings->listen_address, ==, "127.0.0.1");
  g_assert_cmpuint (settings->listen_port, ==, 8080);
  g_assert_cmpstr (settings->privacy_notice, ==, "We keep little.");
  g_assert_cmpuint (settings->consent->len, ==, 1);
  text = settings->consent->pdata[0];
  g_assert_cmpstr (text->text, ==, "You agree.");
  g_assert_cmpuint (g_strv_length (settings->turn_urls), ==, 2);
  g_assert_cmpuint (settings->turn_ttl_s, ==, 600);
  g_assert_cmpuint (settings->max_connections, ==, 2000);
  g_assert_cmpuint (settings->max_connections_per_address, ==, 64);
  g_assert_cmpuint (settings->request_s, ==, 15);
}

static void
test_changes (Fixture *self, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (changes); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BedSettings) settings = load (self, &changes[i], &error);

      g_test_message ("%s -> %s: %s", changes[i].old, changes[i].fresh,
                      error ? error->message : "fine");
      g_assert_cmpint (settings == NULL, ==, changes[i].complaint != NULL);
      if (changes[i].complaint)
        g_assert_nonnull (strstr (error->message, changes[i].complaint));
    }
}

/* Sections of the same file in languages "aa", "ab" and so on. Returns: (nullable): what is wrong. */
static char *
load_with_consents (Fixture *self, const char *file, guint n)
{
  g_autoptr (GString) sections = g_string_new ("[turn]\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (BedSettings) settings = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *section
          = g_strdup_printf ("[consent a%u]\nversion=1\nlanguage=a%c\nfile=%s\n", i, 'a' + i, file);
      g_string_prepend (sections, section);
    }
  settings = load (self, &(Change){ "[turn]\n", sections->str, NULL }, &error);
  g_assert_cmpint (settings == NULL, ==, error != NULL);
  return error ? g_strdup (error->message) : NULL;
}

/* What an invitation carries, and one answer, so that no app has to find out. */
static void
test_together (Fixture *self, gconstpointer data)
{
  g_autofree char *text = g_strnfill (14 * 1024, 'x');
  g_autofree char *fine = load_with_consents (self, "consent.txt", 15);
  g_autofree char *many = load_with_consents (self, "consent.txt", 16);
  g_autofree char *large = NULL;
  g_autofree char *with_notice = NULL;

  g_assert_null (fine);
  g_assert_nonnull (strstr (many, "more than 16 languages"));
  write_file (self, "half.txt", text, -1);
  g_assert_null (load_with_consents (self, "half.txt", 3));
  large = load_with_consents (self, "half.txt", 4);
  g_assert_nonnull (strstr (large, "into an invitation"));
  g_clear_pointer (&text, g_free);
  text = g_strnfill (20 * 1024, 'x');
  write_file (self, "privacy.txt", text, -1);
  with_notice = load_with_consents (self, "half.txt", 3);
  g_assert_nonnull (strstr (with_notice, "together with privacy_notice"));
}

/* A version that is written anew is shown instead of the one before it in the file. */
static void
test_newer_consent (Fixture *self, gconstpointer data)
{
  const Change change = { "[turn]\n",
                          "[consent 2]\nversion=2026-06\nlanguage=EN\nfile=privacy.txt\n"
                          "[consent 3]\nversion=2026-01\nlanguage=de\nfile=consent.txt\n[turn]\n",
                          NULL };
  GError *error = NULL;
  g_autoptr (BedSettings) settings = load (self, &change, &error);
  const BedConsentText *english, *german;

  g_assert_no_error (error);
  g_assert_cmpuint (settings->consent->len, ==, 2);
  english = settings->consent->pdata[0];
  german = settings->consent->pdata[1];
  g_assert_cmpstr (english->version, ==, "2026-06");
  g_assert_cmpstr (english->text, ==, "We keep little.");
  g_assert_cmpstr (german->language, ==, "de");
}

static void
test_no_file (Fixture *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (bed_settings_load (self->path, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
}

static const struct
{
  const char *text;
  int kind; /* -1: none */
  const char *host;
  guint16 port;
} urls[] = {
  { "stun:a.test", BED_TURN_URL_STUN, "a.test", 3478 },
  { "turn:a.test", BED_TURN_URL_UDP, "a.test", 3478 },
  { "turn:a.test:1?transport=udp", BED_TURN_URL_UDP, "a.test", 1 },
  { "turn:a.test:65535?transport=tcp", BED_TURN_URL_TCP, "a.test", 65535 },
  { "turns:a.test", BED_TURN_URL_TLS, "a.test", 5349 },
  { "turns:a.test:443?transport=tcp", BED_TURN_URL_TLS, "a.test", 443 },
  { "turn:[2001:db8::1]:443", BED_TURN_URL_UDP, "2001:db8::1", 443 },
  { "turn:192.0.2.1", BED_TURN_URL_UDP, "192.0.2.1", 3478 },
  { "", -1, NULL, 0 },
  { "turn", -1, NULL, 0 },
  { "turn:", -1, NULL, 0 },
  { "turn::1", -1, NULL, 0 },
  { "turn:a.test:", -1, NULL, 0 },
  { "turn:a.test:0", -1, NULL, 0 },
  { "turn:a.test:65536", -1, NULL, 0 },
  { "turn:a.test:+1", -1, NULL, 0 },
  { "turn:a.test:1x", -1, NULL, 0 },
  { "turn:a.test?transport=sctp", -1, NULL, 0 },
  { "turn:a.test?x=y", -1, NULL, 0 },
  { "turn:a.test?", -1, NULL, 0 },
  { "turns:a.test?transport=udp", -1, NULL, 0 },
  { "stun:a.test?transport=udp", -1, NULL, 0 },
  { "turn://a.test", -1, NULL, 0 },
  { "turn:a test", -1, NULL, 0 },
  { "turn:me@a.test", -1, NULL, 0 },
  { "turn:2001:db8::1", -1, NULL, 0 },
  { "turn:[2001:db8::1", -1, NULL, 0 },
  { "turn:[192.0.2.1]", -1, NULL, 0 },
  { "turn:[]", -1, NULL, 0 },
  { "stuns:a.test", -1, NULL, 0 },
  { "http://a.test", -1, NULL, 0 },
};

static void
test_turn_urls (void)
{
  g_autofree char *host = g_strnfill (300, 'a');
  g_autofree char *too_long = g_strconcat ("turn:", host, NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      g_autoptr (BedTurnUrl) url = bed_turn_url_parse (urls[i].text);

      g_test_message ("%s", urls[i].text);
      g_assert_cmpint (url ? (int) url->kind : -1, ==, urls[i].kind);
      if (!url)
        continue;
      g_assert_cmpstr (url->host, ==, urls[i].host);
      g_assert_cmpuint (url->port, ==, urls[i].port);
    }
  g_assert_null (bed_turn_url_parse (too_long));
}

#define ADD(path, function) g_test_add (path, Fixture, NULL, setup, function, teardown)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/server/settings/good", test_good);
  ADD ("/server/settings/changes", test_changes);
  ADD ("/server/settings/together", test_together);
  ADD ("/server/settings/newer-consent", test_newer_consent);
  ADD ("/server/settings/no-file", test_no_file);
  g_test_add_func ("/server/settings/turn-urls", test_turn_urls);
  return g_test_run ();
}
