/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-settings.h"

#include "bed-turn-url.h"
#include "config.h"

#include <gio/gio.h>
#include <string.h>

/* What the app and the page take (docs/protocol.md, 1 and 2.1), in bytes. */
#define MAX_NAME 256
#define MAX_TELEPHONE 64
#define MAX_VERSION 64
#define MAX_LANGUAGE 35
#define MAX_SUMMARY 4000
#define MAX_TEXT (32 * 1024)
#define MAX_CONSENTS 16
#define MAX_IN_CARD (44 * 1024)   /* all of the consent, of the 48 KiB of an invitation's card */
#define MAX_IN_ANSWER (62 * 1024) /* and the privacy notice, of the 64 KiB of one answer */
#define HEADER_CHARACTERS "abcdefghijklmnopqrstuvwxyz0123456789-"

G_DEFINE_QUARK (bed-server-error-quark, bed_server_error)

static void
consent_free (gpointer data)
{
  BedConsentText *text = data;

  g_free (text->version);
  g_free (text->language);
  g_free (text->summary);
  g_free (text->text);
  g_free (text);
}

void
bed_settings_free (BedSettings *self)
{
  g_free (self->name);
  g_free (self->telephone);
  g_free (self->privacy_notice);
  g_clear_pointer (&self->consent, g_ptr_array_unref);
  g_free (self->state_dir);
  g_free (self->key_file);
  g_free (self->web_dir);
  g_free (self->listen_address);
  g_free (self->public_url);
  g_free (self->public_host);
  g_free (self->certificate_file);
  g_free (self->private_key_file);
  g_free (self->public_certificate_file);
  g_free (self->proxy_header);
  g_strfreev (self->proxy_addresses);
  g_strfreev (self->turn_urls);
  g_free (self->turn_secret_file);
  g_free (self);
}

static gboolean
refuse (GError **error, const char *format, const char *what)
{
  g_autofree char *text = g_strdup_printf ("%s %s", format, what);

  g_set_error_literal (error, BED_SERVER_ERROR, BED_SERVER_ERROR_SETTINGS, text);
  return FALSE;
}

/* Paths in the file are relative to its folder. */
static char *
get_path (GKeyFile *file, const char *folder, const char *group, const char *name)
{
  g_autofree char *value = g_key_file_get_string (file, group, name, NULL);

  if (!value || !*value)
    return NULL;
  return g_canonicalize_filename (value, folder);
}

static char *
get_text (GKeyFile *file, const char *group, const char *name, const char *otherwise)
{
  g_autofree char *value = g_key_file_get_string (file, group, name, NULL);

  return g_strdup (value && *value ? value : otherwise);
}

static gboolean
get_number (GKeyFile *file, const char *group, const char *name, guint otherwise, guint min,
            guint max, guint *out, GError **error)
{
  g_autoptr (GError) problem = NULL;
  gint64 value;

  *out = otherwise;
  if (!g_key_file_has_key (file, group, name, NULL))
    return TRUE;
  value = g_key_file_get_int64 (file, group, name, &problem);
  if (problem || value < min || value > max)
    return refuse (error, "This setting is not a number within its limits:", name);
  *out = (guint) value;
  return TRUE;
}

static gboolean
load_listen (BedSettings *self, GKeyFile *file, GError **error)
{
  g_autofree char *listen = get_text (file, "server", "listen", "0.0.0.0:443");
  g_autoptr (GSocketConnectable) address = g_network_address_parse (listen, 443, NULL);
  const char *host = address ? g_network_address_get_hostname (G_NETWORK_ADDRESS (address)) : NULL;

  if (!host || !g_hostname_is_ip_address (host))
    return refuse (error, "listen must be ADDRESS:PORT, not", listen);
  self->listen_address = g_strdup (host);
  self->listen_port = g_network_address_get_port (G_NETWORK_ADDRESS (address));
  return TRUE;
}

static gboolean
load_url (BedSettings *self, GKeyFile *file, GError **error)
{
  g_autofree char *text = get_text (file, "server", "public_url", "");
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);

  if (!uri || g_strcmp0 (g_uri_get_scheme (uri), "https") != 0 || !g_uri_get_host (uri)
      || !*g_uri_get_host (uri) || strcspn (text, " ;,\"'\\") != strlen (text)
      || (*g_uri_get_path (uri) && strcmp (g_uri_get_path (uri), "/") != 0) || g_uri_get_query (uri)
      || g_uri_get_fragment (uri) || g_uri_get_userinfo (uri))
    return refuse (error, "public_url must be https://NAME[:PORT], not", text);
  self->public_host = g_strdup (g_uri_get_host (uri));
  self->public_url = g_strdup (text);
  if (g_str_has_suffix (self->public_url, "/"))
    self->public_url[strlen (self->public_url) - 1] = 0;
  return TRUE;
}

static gboolean
load_server (BedSettings *self, GKeyFile *file, const char *folder, GError **error)
{
  if (!load_listen (self, file, error) || !load_url (self, file, error))
    return FALSE;
  self->state_dir = get_path (file, folder, "server", "state_dir");
  self->key_file = get_path (file, folder, "server", "key_file");
  self->web_dir = get_path (file, folder, "server", "web_dir");
  self->certificate_file = get_path (file, folder, "server", "certificate");
  self->private_key_file = get_path (file, folder, "server", "private_key");
  if (!self->web_dir)
    self->web_dir = g_strdup (PKGDATADIR "/web");
  if (!self->state_dir || !self->key_file)
    return refuse (error, "[server] needs", "state_dir and key_file");
  if (g_str_has_prefix (self->key_file, self->state_dir)
      && self->key_file[strlen (self->state_dir)] == '/')
    return refuse (error, "key_file must lie outside of", "state_dir");
  if (!self->certificate_file != !self->private_key_file)
    return refuse (error, "[server] needs both of", "certificate and private_key");
  return TRUE;
}

static gboolean
load_proxy (BedSettings *self, GKeyFile *file, const char *folder, GError **error)
{
  g_autofree char *header = get_text (file, "proxy", "header", NULL);

  if (!header && g_key_file_has_key (file, "proxy", "addresses", NULL))
    return refuse (error, "[proxy] needs", "header");
  if (header)
    {
      g_autofree char *lower = g_ascii_strdown (header, -1);
      if (strspn (lower, HEADER_CHARACTERS) != strlen (lower) || strlen (lower) > 64
          || strcmp (lower, "forwarded") == 0)
        return refuse (error, "[proxy] header: a list of addresses (X-Forwarded-For) is not in",
                       header);
      self->proxy_header = g_strconcat (lower, ":", NULL);
      self->proxy_addresses = g_key_file_get_string_list (file, "proxy", "addresses", NULL, NULL);
      if (!self->proxy_addresses || !self->proxy_addresses[0])
        return refuse (error, "[proxy] needs", "addresses");
      for (char **address = self->proxy_addresses; *address; address++)
        if (!g_hostname_is_ip_address (g_strstrip (*address)))
          return refuse (error, "[proxy] addresses: no address is", *address);
    }
  self->public_certificate_file = get_path (file, folder, "proxy", "certificate");
  if (!self->public_certificate_file)
    self->public_certificate_file = g_strdup (self->certificate_file);
  if (!self->certificate_file
      && (!bed_settings_is_loopback (self->listen_address) || !self->proxy_header))
    return refuse (error,
                   "Without a certificate the server only listens on 127.0.0.1 or ::1, and with",
                   "[proxy] header and addresses");
  return TRUE;
}

static gboolean
read_text_file (GKeyFile *file, const char *folder, const char *group, const char *name,
                char **out, GError **error)
{
  g_autofree char *path = get_path (file, folder, group, name);
  gsize length;

  if (!path)
    return refuse (error, "This section names no file:", group);
  if (!g_file_get_contents (path, out, &length, error))
    return FALSE;
  if (length > MAX_TEXT || !g_utf8_validate_len (*out, length, NULL))
    return refuse (error, "Not a text of at most 32 KiB in UTF-8:", path);
  g_strchomp (*out);
  return TRUE;
}

static gboolean
is_language (const char *text)
{
  return strlen (text) <= MAX_LANGUAGE
         && g_regex_match_simple ("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$", text, 0, 0);
}

static gboolean
check_consent (const BedConsentText *text, const char *group, GError **error)
{
  if (!*text->version || !*text->language)
    return refuse (error, "A consent text needs version and language:", group);
  if (strlen (text->version) > MAX_VERSION)
    return refuse (error, "The version of a consent text is longer than 64 bytes:", group);
  if (!is_language (text->language))
    return refuse (error, "The language of a consent text is a code like en or pt-BR, not",
                   text->language);
  if (strlen (text->summary) > MAX_SUMMARY)
    return refuse (error, "The summary of a consent text is longer than 4000 bytes:", group);
  if (!*text->text)
    return refuse (error, "The file of this consent text is empty:", group);
  return TRUE;
}

/* People are shown one text in each language: what is written anew takes the place of the one before. */
static void
take_consent (BedSettings *self, BedConsentText *text)
{
  for (guint i = 0; i < self->consent->len; i++)
    if (g_ascii_strcasecmp (((BedConsentText *) self->consent->pdata[i])->language, text->language)
        == 0)
      {
        consent_free (self->consent->pdata[i]);
        self->consent->pdata[i] = text;
        return;
      }
  g_ptr_array_add (self->consent, text);
}

static gboolean
load_consent (BedSettings *self, GKeyFile *file, const char *folder, const char *group,
              GError **error)
{
  BedConsentText *text = g_new0 (BedConsentText, 1);

  text->version = get_text (file, group, "version", "");
  text->language = get_text (file, group, "language", "");
  text->summary = get_text (file, group, "summary", "");
  if (!read_text_file (file, folder, group, "file", &text->text, error)
      || !check_consent (text, group, error))
    {
      consent_free (text);
      return FALSE;
    }
  take_consent (self, text);
  return TRUE;
}

/* At most: as JSON, where a control character takes six bytes for one. */
static gsize
json_length (const char *text)
{
  gsize length = 0;

  for (; *text; text++)
    length += (guchar) *text < ' ' ? 6 : *text == '"' || *text == '\\' ? 2 : 1;
  return length;
}

static gboolean
check_clinic (const BedSettings *self, GError **error)
{
  gsize length = 0;

  if (strlen (self->name) > MAX_NAME || strlen (self->telephone) > MAX_TELEPHONE)
    return refuse (error, "[clinic] takes a name of at most 256 bytes, and of 64 a",
                   "telephone");
  if (self->consent->len > MAX_CONSENTS)
    return refuse (error, "There are consent texts in more than 16", "languages");
  for (guint i = 0; i < self->consent->len; i++)
    {
      const BedConsentText *text = self->consent->pdata[i];
      length += json_length (text->summary) + json_length (text->text) + 256;
    }
  if (length > MAX_IN_CARD)
    return refuse (error, "The consent texts are together longer than the 44 KiB that go into an",
                   "invitation");
  if (length + json_length (self->privacy_notice) > MAX_IN_ANSWER)
    return refuse (error, "The consent texts are longer than 62 KiB together with", "privacy_notice");
  return TRUE;
}

static gboolean
load_clinic (BedSettings *self, GKeyFile *file, const char *folder, GError **error)
{
  g_auto (GStrv) groups = g_key_file_get_groups (file, NULL);

  self->consent = g_ptr_array_new_with_free_func (consent_free);
  self->name = get_text (file, "clinic", "name", "");
  self->telephone = get_text (file, "clinic", "telephone", "");
  if (!*self->name)
    return refuse (error, "[clinic] needs", "name");
  if (!g_key_file_has_key (file, "clinic", "privacy_notice", NULL))
    self->privacy_notice = g_strdup ("");
  else if (!read_text_file (file, folder, "clinic", "privacy_notice", &self->privacy_notice, error))
    return FALSE;
  for (char **group = groups; *group; group++)
    if (g_str_has_prefix (*group, "consent ") && !load_consent (self, file, folder, *group, error))
      return FALSE;
  return check_clinic (self, error);
}

static gboolean
load_turn (BedSettings *self, GKeyFile *file, const char *folder, GError **error)
{
  self->turn_urls = g_key_file_get_string_list (file, "turn", "urls", NULL, NULL);
  if (!self->turn_urls)
    self->turn_urls = g_new0 (char *, 1);
  self->turn_secret_file = get_path (file, folder, "turn", "secret_file");
  for (char **url = self->turn_urls; *url; url++)
    {
      g_autoptr (BedTurnUrl) parsed = bed_turn_url_parse (g_strstrip (*url));

      if (!parsed)
        return refuse (error, "[turn] urls: neither turn:, turns: nor stun: is", *url);
    }
  if (self->turn_urls[0] && !self->turn_secret_file)
    return refuse (error, "[turn] needs", "secret_file");
  return get_number (file, "turn", "ttl", 3600, 300, 86400, &self->turn_ttl_s, error);
}

static gboolean
load_limits (BedSettings *self, GKeyFile *file, GError **error)
{
  return get_number (file, "limits", "connections", 1024, 16, 60000, &self->max_connections, error)
         && get_number (file, "limits", "connections_per_address", 64, 4, 10000,
                        &self->max_connections_per_address, error)
         && get_number (file, "limits", "rooms_per_account", 500, 1, 100000,
                        &self->max_rooms_per_account, error)
         && get_number (file, "limits", "requests_per_minute", 600, 10, 1000000,
                        &self->requests_per_minute, error)
         && get_number (file, "limits", "logins_per_minute", 10, 1, 100000,
                        &self->logins_per_minute, error)
         && get_number (file, "limits", "request_seconds", 15, 1, 300, &self->request_s, error);
}

BedSettings *
bed_settings_load (const char *path, GError **error)
{
  g_autoptr (BedSettings) self = g_new0 (BedSettings, 1);
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *full = g_canonicalize_filename (path, NULL);
  g_autofree char *folder = g_path_get_dirname (full);

  if (!g_key_file_load_from_file (file, full, G_KEY_FILE_NONE, error)
      || !load_server (self, file, folder, error) || !load_proxy (self, file, folder, error)
      || !load_clinic (self, file, folder, error) || !load_turn (self, file, folder, error)
      || !load_limits (self, file, error))
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
bed_settings_is_loopback (const char *address)
{
  g_autoptr (GInetAddress) inet = g_inet_address_new_from_string (address);

  return inet && g_inet_address_get_is_loopback (inet);
}
