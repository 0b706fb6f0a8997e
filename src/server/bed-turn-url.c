/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-turn-url.h"

#include <gio/gio.h>
#include <string.h>

#define PORT 3478
#define TLS_PORT 5349

static gboolean
is_host (const char *text)
{
  return *text
         && strspn (text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._:")
                == strlen (text);
}

/* host[:port] or [v6][:port] */
static gboolean
parse_authority (BedTurnUrl *self, const char *text)
{
  gboolean six = *text == '[';
  const char *end = six ? strchr (text, ']') : text + strcspn (text, ":");
  guint64 port;

  if (!end)
    return FALSE;
  self->host = g_strndup (text + six, end - text - six);
  if (!is_host (self->host)
      || (six && (!g_hostname_is_ip_address (self->host) || !strchr (self->host, ':'))))
    return FALSE;
  end += six;
  if (!*end)
    return TRUE;
  if (*end != ':' || !g_ascii_string_to_unsigned (end + 1, 10, 1, G_MAXUINT16, &port, NULL))
    return FALSE;
  self->port = (guint16) port;
  return TRUE;
}

static gboolean
parse_transport (BedTurnUrl *self, const char *text)
{
  gboolean udp = g_strcmp0 (text, "transport=udp") == 0;

  if (!text)
    return TRUE;
  if (self->kind == BED_TURN_URL_STUN || (!udp && strcmp (text, "transport=tcp") != 0))
    return FALSE;
  if (self->kind == BED_TURN_URL_TLS)
    return !udp;
  self->kind = udp ? BED_TURN_URL_UDP : BED_TURN_URL_TCP;
  return TRUE;
}

static gboolean
parse_scheme (BedTurnUrl *self, const char *scheme)
{
  self->port = PORT;
  if (strcmp (scheme, "stun") == 0)
    self->kind = BED_TURN_URL_STUN;
  else if (strcmp (scheme, "turn") == 0)
    self->kind = BED_TURN_URL_UDP;
  else if (strcmp (scheme, "turns") == 0)
    {
      self->kind = BED_TURN_URL_TLS;
      self->port = TLS_PORT;
    }
  else
    return FALSE;
  return TRUE;
}

BedTurnUrl *
bed_turn_url_parse (const char *text)
{
  g_autoptr (BedTurnUrl) self = g_new0 (BedTurnUrl, 1);
  g_auto (GStrv) halves = NULL;
  g_auto (GStrv) parts = NULL;

  if (strnlen (text, BED_TURN_URL_MAX + 1) > BED_TURN_URL_MAX)
    return NULL;
  halves = g_strsplit (text, ":", 2);
  if (g_strv_length (halves) != 2 || !parse_scheme (self, halves[0]))
    return NULL;
  parts = g_strsplit (halves[1], "?", 2);
  if (!parts[0] || !parse_transport (self, parts[1]) || !parse_authority (self, parts[0]))
    return NULL;
  return g_steal_pointer (&self);
}

void
bed_turn_url_free (BedTurnUrl *self)
{
  g_free (self->host);
  g_free (self);
}
