/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-ice-candidate.h"

#include <gio/gio.h>
#include <string.h>

#include "bed-sdp-text-private.h"

G_DEFINE_BOXED_TYPE (BedIceCandidate, bed_ice_candidate, bed_ice_candidate_copy,
                     bed_ice_candidate_free)
G_DEFINE_QUARK (bed-sdp-error-quark, bed_sdp_error)

static const char *const TYPE_NAMES[] = { "host", "srflx", "prflx", "relay" };

void
bed_ice_candidate_free (BedIceCandidate *self)
{
  g_free (self->foundation);
  g_free (self->address);
  g_free (self->related_address);
  g_free (self->tcp_type);
  g_free (self->username_fragment);
  g_free (self);
}

BedIceCandidate *
bed_ice_candidate_copy (const BedIceCandidate *self)
{
  BedIceCandidate *copy = g_memdup2 (self, sizeof *self);

  copy->foundation = g_strdup (self->foundation);
  copy->address = g_strdup (self->address);
  copy->related_address = g_strdup (self->related_address);
  copy->tcp_type = g_strdup (self->tcp_type);
  copy->username_fragment = g_strdup (self->username_fragment);
  return copy;
}

static gboolean
parse_type (const char *word, BedIceCandidateType *type)
{
  for (guint i = 0; i < G_N_ELEMENTS (TYPE_NAMES); i++)
    if (strcmp (word, TYPE_NAMES[i]) == 0)
      {
        *type = i;
        return TRUE;
      }
  return FALSE;
}

static gboolean
parse_protocol (const char *word, BedIceProtocol *protocol)
{
  if (g_ascii_strcasecmp (word, "udp") == 0)
    *protocol = BED_ICE_PROTOCOL_UDP;
  else if (g_ascii_strcasecmp (word, "tcp") == 0)
    *protocol = BED_ICE_PROTOCOL_TCP;
  else
    return FALSE;
  return TRUE;
}

static gboolean
is_address_text (const char *word)
{
  gsize n = strlen (word);

  if (n == 0 || n > 255)
    return FALSE;
  return strspn (word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.:-_") == n;
}

/* What follows "typ X": pairs of name and value, of which these are known. */
static gboolean
parse_extensions (BedIceCandidate *self, char **words)
{
  guint64 port;

  for (; words[0] != NULL; words += 2)
    {
      if (words[1] == NULL)
        return FALSE;
      if (strcmp (words[0], "raddr") == 0)
        {
          if (!is_address_text (words[1]) || self->related_address != NULL)
            return FALSE;
          self->related_address = g_strdup (words[1]);
        }
      else if (strcmp (words[0], "rport") == 0)
        {
          if (!bed_sdp_parse_number (words[1], G_MAXUINT16, &port))
            return FALSE;
          self->related_port = port;
        }
      else if (strcmp (words[0], "tcptype") == 0)
        {
          if (!g_strv_contains ((const char *const[]){ "active", "passive", "so", NULL }, words[1]))
            return FALSE;
          g_free (self->tcp_type);
          self->tcp_type = g_strdup (words[1]);
        }
      else if (strcmp (words[0], "ufrag") == 0)
        {
          if (!bed_sdp_is_ice_text (words[1], 4, 256))
            return FALSE;
          g_free (self->username_fragment);
          self->username_fragment = g_strdup (words[1]);
        }
    }
  return TRUE;
}

static gboolean
parse_words (BedIceCandidate *self, char **words)
{
  guint64 component, priority, port;

  if (g_strv_length (words) < 8 || !bed_sdp_is_ice_text (words[0], 1, 32)
      || !bed_sdp_parse_number (words[1], 256, &component) || component == 0
      || !parse_protocol (words[2], &self->protocol)
      || !bed_sdp_parse_number (words[3], G_MAXUINT32, &priority) || priority == 0
      || !is_address_text (words[4]) || !bed_sdp_parse_number (words[5], G_MAXUINT16, &port)
      || strcmp (words[6], "typ") != 0 || !parse_type (words[7], &self->type))
    return FALSE;
  self->foundation = g_strdup (words[0]);
  self->component = component;
  self->priority = priority;
  self->address = g_strdup (words[4]);
  self->is_name = !g_hostname_is_ip_address (words[4]);
  self->port = port;
  return parse_extensions (self, words + 8);
}

BedIceCandidate *
bed_ice_candidate_parse (const char *text, GError **error)
{
  g_autoptr (BedIceCandidate) self = NULL;
  g_auto (GStrv) words = NULL;

  if (strnlen (text, BED_ICE_CANDIDATE_MAX_LENGTH + 1) > BED_ICE_CANDIDATE_MAX_LENGTH)
    {
      g_set_error_literal (error, BED_SDP_ERROR, BED_SDP_ERROR_LIMIT, "Candidate too long");
      return NULL;
    }
  if (g_str_has_prefix (text, "a="))
    text += 2;
  if (g_str_has_prefix (text, "candidate:") && bed_sdp_is_printable (text))
    {
      words = g_strsplit (text + strlen ("candidate:"), " ", -1);
      self = g_new0 (BedIceCandidate, 1);
      if (parse_words (self, words))
        return g_steal_pointer (&self);
    }
  g_set_error_literal (error, BED_SDP_ERROR, BED_SDP_ERROR_SYNTAX, "Malformed candidate");
  return NULL;
}

char *
bed_ice_candidate_to_string (const BedIceCandidate *self)
{
  GString *out = g_string_new ("candidate:");

  g_string_append_printf (out, "%s %u %s %u %s %u typ %s", self->foundation, self->component,
                          self->protocol == BED_ICE_PROTOCOL_UDP ? "udp" : "tcp", self->priority,
                          self->address, self->port, TYPE_NAMES[self->type]);
  if (self->related_address != NULL)
    g_string_append_printf (out, " raddr %s rport %u", self->related_address, self->related_port);
  if (self->tcp_type != NULL)
    g_string_append_printf (out, " tcptype %s", self->tcp_type);
  if (self->username_fragment != NULL)
    g_string_append_printf (out, " ufrag %s", self->username_fragment);
  return g_string_free (out, FALSE);
}

gboolean
bed_ice_candidate_is_usable (const BedIceCandidate *self, gboolean allow_loopback)
{
  g_autoptr (GInetAddress) address = NULL;
  const guint8 *bytes;

  if (self->protocol != BED_ICE_PROTOCOL_UDP || self->component != 1 || self->port == 0
      || self->is_name)
    return FALSE;
  address = g_inet_address_new_from_string (self->address);
  if (address == NULL || g_inet_address_get_is_any (address)
      || g_inet_address_get_is_multicast (address) || g_inet_address_get_is_link_local (address))
    return FALSE;
  bytes = g_inet_address_to_bytes (address);
  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4)
    return (allow_loopback || bytes[0] != 127) && bytes[0] != 0 && bytes[0] != 255;
  /* An IPv4 address in IPv6's clothes would get round the checks above. */
  if (memcmp (bytes, "\0\0\0\0\0\0\0\0\0\0\xff\xff", 12) == 0)
    return FALSE;
  return allow_loopback || !g_inet_address_get_is_loopback (address);
}
