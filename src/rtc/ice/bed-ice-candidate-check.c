/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-ice-candidate-check.h"

#include <gio/gio.h>
#include <string.h>

enum { FOUNDATION, COMPONENT, TRANSPORT, PRIORITY, ADDRESS, PORT, TYP, TYPE, N_FIXED };
#define MAX_FIELDS 40

static gboolean
is_ice_chars (const char *text, gsize minimum, gsize maximum)
{
  gsize length = strlen (text);

  return length >= minimum && length <= maximum
         && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
                == length;
}

static gboolean
read_number (const char *text, guint64 minimum, guint64 maximum)
{
  gsize length = strlen (text);

  return length > 0 && length <= 10 && strspn (text, "0123456789") == length
         && g_ascii_strtoull (text, NULL, 10) >= minimum
         && g_ascii_strtoull (text, NULL, 10) <= maximum;
}

static gboolean
is_printable (const char *text)
{
  for (; *text != '\0'; text++)
    if (*text < 0x20 || *text > 0x7e)
      return FALSE;
  return TRUE;
}

/* Addresses that a peer could name to make us probe this machine or its link. */
static gboolean
is_forbidden (GInetAddress *address, gboolean allow_loopback)
{
  const guint8 *bytes = g_inet_address_to_bytes (address);
  static const guint8 zeros[12];

  if (g_inet_address_get_is_loopback (address))
    return !allow_loopback;
  if (g_inet_address_get_is_any (address) || g_inet_address_get_is_multicast (address)
      || g_inet_address_get_is_link_local (address))
    return TRUE;
  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4)
    return bytes[0] == 0 || bytes[0] == 127 || bytes[0] >= 240;
  /* IPv4 in IPv6's clothes: mapped, compatible, translated. */
  return memcmp (bytes, zeros, 10) == 0
         || (bytes[0] == 0 && bytes[1] == 0x64 && bytes[2] == 0xff && bytes[3] == 0x9b);
}

static BedIceCandidateResult
check_address (const char *text, gboolean allow_loopback)
{
  g_autoptr (GInetAddress) address = NULL;

  if (g_str_has_suffix (text, ".local") || g_str_has_suffix (text, ".local."))
    return BED_ICE_CANDIDATE_IGNORED;
  if (strchr (text, '%') != NULL)
    return BED_ICE_CANDIDATE_REJECTED;
  address = g_inet_address_new_from_string (text);
  if (address == NULL || is_forbidden (address, allow_loopback))
    return BED_ICE_CANDIDATE_REJECTED;
  return BED_ICE_CANDIDATE_ADDED;
}

static gboolean
is_type (const char *type)
{
  return g_str_equal (type, "host") || g_str_equal (type, "srflx") || g_str_equal (type, "prflx")
         || g_str_equal (type, "relay");
}

static gboolean
names_other_ufrag (char **fields, guint n_fields, const char *ufrag)
{
  for (guint i = N_FIXED; i + 1 < n_fields; i += 2)
    if (g_str_equal (fields[i], "ufrag") && g_strcmp0 (fields[i + 1], ufrag) != 0)
      return TRUE;
  return FALSE;
}

static BedIceCandidateResult
check_fields (char **fields, guint n_fields, gboolean allow_loopback, const char *ufrag)
{
  gboolean udp;

  if (n_fields < N_FIXED || n_fields > MAX_FIELDS || (n_fields - N_FIXED) % 2 != 0
      || !is_ice_chars (fields[FOUNDATION], 1, 32) || !read_number (fields[COMPONENT], 1, 256)
      || !read_number (fields[PRIORITY], 1, G_MAXINT32)
      || !read_number (fields[PORT], 0, G_MAXUINT16) || !g_str_equal (fields[TYP], "typ")
      || !is_type (fields[TYPE]))
    return BED_ICE_CANDIDATE_REJECTED;
  udp = g_ascii_strcasecmp (fields[TRANSPORT], "udp") == 0;
  if (!udp && g_ascii_strcasecmp (fields[TRANSPORT], "tcp") != 0)
    return BED_ICE_CANDIDATE_REJECTED;
  if (!udp || !g_str_equal (fields[COMPONENT], "1"))
    return BED_ICE_CANDIDATE_IGNORED;
  if (!read_number (fields[PORT], 1, G_MAXUINT16))
    return BED_ICE_CANDIDATE_REJECTED;
  if (ufrag != NULL && names_other_ufrag (fields, n_fields, ufrag))
    return BED_ICE_CANDIDATE_IGNORED;
  return check_address (fields[ADDRESS], allow_loopback);
}

BedIceCandidateResult
bed_ice_candidate_check (const char *candidate, gboolean allow_loopback, const char *ufrag)
{
  g_auto (GStrv) fields = NULL;

  if (strnlen (candidate, BED_ICE_MAX_CANDIDATE_LENGTH + 1) > BED_ICE_MAX_CANDIDATE_LENGTH
      || !is_printable (candidate))
    return BED_ICE_CANDIDATE_REJECTED;
  if (g_str_has_prefix (candidate, "a="))
    candidate += 2;
  if (!g_str_has_prefix (candidate, "candidate:"))
    return BED_ICE_CANDIDATE_REJECTED;
  fields = g_strsplit (candidate + strlen ("candidate:"), " ", MAX_FIELDS + 1);
  return check_fields (fields, g_strv_length (fields), allow_loopback, ufrag);
}

gboolean
bed_ice_credentials_check (const char *ufrag, const char *password)
{
  return ufrag != NULL && password != NULL && is_ice_chars (ufrag, 4, 256)
         && is_ice_chars (password, 22, 256);
}
