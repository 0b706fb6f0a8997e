/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-turn.h"

#include <string.h>

struct _BedTurn
{
  GStrv urls;
  BedSecret *secret; /* nullable */
  guint ttl_s;
};

static BedSecret *
read_secret (const char *path, GError **error)
{
  g_autofree char *text = NULL;
  BedSecret *secret;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, error))
    return NULL;
  g_strchomp (text);
  if (strlen (text) < 16)
    {
      bed_secret_wipe (text, length);
      g_set_error (error, BED_SERVER_ERROR, BED_SERVER_ERROR_SETTINGS,
                   "The TURN secret is shorter than 16 characters");
      return NULL;
    }
  secret = bed_secret_new (text, strlen (text));
  bed_secret_wipe (text, length);
  return secret;
}

BedTurn *
bed_turn_new (const BedSettings *settings, GError **error)
{
  g_autoptr (BedTurn) self = g_new0 (BedTurn, 1);

  self->urls = g_strdupv (settings->turn_urls);
  self->ttl_s = settings->turn_ttl_s;
  if (settings->turn_secret_file
      && !(self->secret = read_secret (settings->turn_secret_file, error)))
    return NULL;
  return g_steal_pointer (&self);
}

void
bed_turn_free (BedTurn *self)
{
  g_strfreev (self->urls);
  g_clear_pointer (&self->secret, bed_secret_unref);
  g_free (self);
}

guint
bed_turn_get_ttl (BedTurn *self)
{
  return self->ttl_s;
}

void
bed_turn_make_credential (BedTurn *self, gint64 expiry, char **username, char **password)
{
  g_autoptr (GHmac) hmac
      = g_hmac_new (G_CHECKSUM_SHA1, bed_secret_get_data (self->secret),
                    bed_secret_get_length (self->secret));
  guint8 digest[20];
  gsize length = sizeof digest;
  guint64 random;

  bed_random_bytes (&random, sizeof random);
  *username = g_strdup_printf ("%" G_GINT64_FORMAT ":%016" G_GINT64_MODIFIER "x", expiry, random);
  g_hmac_update (hmac, (const guchar *) *username, -1);
  g_hmac_get_digest (hmac, digest, &length);
  *password = g_base64_encode (digest, length);
}

typedef gboolean (*Fits) (const char *url);

static gboolean
is_stun (const char *url)
{
  return g_str_has_prefix (url, "stun:");
}

static gboolean
is_turn (const char *url)
{
  return g_str_has_prefix (url, "turn:");
}

static gboolean
is_any_turn (const char *url)
{
  return !is_stun (url);
}

static JsonArray *
urls_with (BedTurn *self, Fits fits)
{
  JsonArray *list = json_array_new ();

  for (char **url = self->urls; *url; url++)
    if (fits (*url))
      json_array_add_string_element (list, *url);
  return list;
}

JsonArray *
bed_turn_get_ice_servers (BedTurn *self, gboolean patient, gint64 now)
{
  JsonArray *servers = json_array_new ();
  g_autoptr (JsonArray) stun = urls_with (self, is_stun);
  g_autoptr (JsonArray) turn = urls_with (self, patient ? is_any_turn : is_turn);

  if (json_array_get_length (stun))
    {
      JsonObject *entry = json_object_new ();
      json_object_set_array_member (entry, "urls", g_steal_pointer (&stun));
      json_array_add_object_element (servers, entry);
    }
  if (self->secret && json_array_get_length (turn))
    {
      g_autofree char *username = NULL;
      g_autofree char *password = NULL;
      JsonObject *entry = json_object_new ();

      bed_turn_make_credential (self, now + self->ttl_s, &username, &password);
      json_object_set_array_member (entry, "urls", g_steal_pointer (&turn));
      json_object_set_string_member (entry, "username", username);
      json_object_set_string_member (entry, "credential", password);
      json_array_add_object_element (servers, entry);
    }
  return servers;
}
