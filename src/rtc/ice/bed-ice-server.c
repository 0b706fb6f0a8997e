/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-ice-server.h"

#include <string.h>

G_DEFINE_QUARK (bed-ice-error-quark, bed_ice_error)

#define DEFAULT_PORT 3478
#define MAX_HOST 253
#define MAX_URL 512

struct _BedIceServer
{
  gatomicrefcount references;
  /* owned */
  char *host;
  char *username;
  BedSecret *credential;

  BedIceServerKind kind;
  guint16 port;
};

G_DEFINE_BOXED_TYPE (BedIceServer, bed_ice_server, bed_ice_server_ref, bed_ice_server_unref)

BedIceServer *
bed_ice_server_ref (BedIceServer *self)
{
  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
bed_ice_server_unref (BedIceServer *self)
{
  if (!g_atomic_ref_count_dec (&self->references))
    return;
  g_free (self->host);
  g_free (self->username);
  g_clear_pointer (&self->credential, bed_secret_unref);
  g_free (self);
}

static gboolean
is_host (const char *host)
{
  gsize length = strlen (host);

  return length > 0 && length <= MAX_HOST
         && strspn (host, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-:")
                == length;
}

static gboolean
parse_port (const char *text, guint16 *port)
{
  guint64 number;

  if (!g_ascii_string_to_unsigned (text, 10, 1, G_MAXUINT16, &number, NULL))
    return FALSE;
  *port = (guint16) number;
  return TRUE;
}

/* `host[:port]` or `[v6][:port]` */
static gboolean
parse_authority (BedIceServer *self, const char *text)
{
  const char *end = text[0] == '[' ? strchr (text, ']') : strchrnul (text, ':');

  if (end == NULL)
    return FALSE;
  if (text[0] == '[')
    self->host = g_strndup (text + 1, (gsize) (end - text - 1));
  else
    self->host = g_strndup (text, (gsize) (end - text));
  end += text[0] == '[' ? 1 : 0;
  if (!is_host (self->host) || (text[0] != '[' && strchr (self->host, ':') != NULL))
    return FALSE;
  return end[0] == '\0' || (end[0] == ':' && parse_port (end + 1, &self->port));
}

static gboolean
parse_turn (BedIceServer *self, const char *rest)
{
  g_auto (GStrv) parts = g_strsplit (rest, "?", 2);

  self->kind = BED_ICE_SERVER_TURN_UDP;
  if (g_strcmp0 (parts[1], "transport=tcp") == 0)
    self->kind = BED_ICE_SERVER_TURN_TCP;
  else if (parts[1] != NULL && !g_str_equal (parts[1], "transport=udp"))
    return FALSE;
  return parts[0] != NULL && parse_authority (self, parts[0]);
}

static gboolean
parse_url (BedIceServer *self, const char *url, GError **error)
{
  gboolean valid = FALSE;

  if (g_str_has_prefix (url, "turns:") || g_str_has_prefix (url, "stuns:"))
    {
      g_set_error_literal (error, BED_ICE_ERROR, BED_ICE_ERROR_UNSUPPORTED,
                           "ICE servers over TLS are not supported");
      return FALSE;
    }
  if (strnlen (url, MAX_URL + 1) > MAX_URL)
    valid = FALSE;
  else if (g_str_has_prefix (url, "stun:"))
    valid = parse_authority (self, url + strlen ("stun:"));
  else if (g_str_has_prefix (url, "turn:"))
    valid = parse_turn (self, url + strlen ("turn:"))
            && self->username != NULL && self->credential != NULL;
  if (!valid)
    g_set_error_literal (error, BED_ICE_ERROR, BED_ICE_ERROR_URL, "Not the URL of an ICE server");
  return valid;
}

BedIceServer *
bed_ice_server_new (const char *url, const char *username, BedSecret *credential, GError **error)
{
  g_autoptr (BedIceServer) self = NULL;

  g_return_val_if_fail (url != NULL, NULL);
  self = g_new0 (BedIceServer, 1);
  g_atomic_ref_count_init (&self->references);
  self->kind = BED_ICE_SERVER_STUN;
  self->port = DEFAULT_PORT;
  self->username = g_strdup (username);
  self->credential = credential != NULL ? bed_secret_ref (credential) : NULL;
  return parse_url (self, url, error) ? g_steal_pointer (&self) : NULL;
}

BedIceServerKind
bed_ice_server_get_kind (const BedIceServer *self)
{
  return self->kind;
}

const char *
bed_ice_server_get_host (const BedIceServer *self)
{
  return self->host;
}

guint16
bed_ice_server_get_port (const BedIceServer *self)
{
  return self->port;
}

const char *
bed_ice_server_get_username (const BedIceServer *self)
{
  return self->username;
}

BedSecret *
bed_ice_server_get_credential (const BedIceServer *self)
{
  return self->credential;
}
