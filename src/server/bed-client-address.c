/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-client-address.h"

#include <gio/gio.h>
#include <string.h>

#define TEXT_MAX 64

static const guint8 mapped[12] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff };

static GInetAddress *
parse (const char *text, gsize length)
{
  char copy[TEXT_MAX];
  g_autoptr (GInetAddress) address = NULL;
  const guint8 *bytes;

  if (length >= sizeof copy)
    return NULL;
  memcpy (copy, text, length);
  copy[length] = 0;
  g_strstrip (copy);
  if (strspn (copy, "0123456789abcdefABCDEF:.") != strlen (copy))
    return NULL;
  address = g_inet_address_new_from_string (copy);
  if (!address || g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4)
    return g_steal_pointer (&address);
  bytes = g_inet_address_to_bytes (address);
  if (memcmp (bytes, mapped, sizeof mapped) == 0)
    return g_inet_address_new_from_bytes (bytes + sizeof mapped, G_SOCKET_FAMILY_IPV4);
  return g_steal_pointer (&address);
}

static gboolean
is_one_of (char **proxies, GInetAddress *address)
{
  for (char **proxy = proxies; proxy && *proxy; proxy++)
    {
      g_autoptr (GInetAddress) trusted = parse (*proxy, strlen (*proxy));

      if (trusted && g_inet_address_equal (trusted, address))
        return TRUE;
    }
  return FALSE;
}

gboolean
bed_client_address_is_proxy (char **proxies, const char *peer)
{
  g_autoptr (GInetAddress) address = parse (peer, strlen (peer));

  return address && is_one_of (proxies, address);
}

/* Somebody with one IPv6 address has 2^64 of them. */
static char *
to_text (GInetAddress *address)
{
  g_autoptr (GInetAddress) network = NULL;
  guint8 bytes[16] = { 0 };

  if (g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV4)
    return g_inet_address_to_string (address);
  memcpy (bytes, g_inet_address_to_bytes (address), 8);
  network = g_inet_address_new_from_bytes (bytes, G_SOCKET_FAMILY_IPV6);
  return g_inet_address_to_string (network);
}

static GInetAddress *
find_hop (char **proxies, const char *forwarded)
{
  const char *end = forwarded + strlen (forwarded);

  for (;;)
    {
      const char *comma = memrchr (forwarded, ',', end - forwarded);
      const char *start = comma ? comma + 1 : forwarded;
      g_autoptr (GInetAddress) hop = parse (start, end - start);

      if (!hop || !is_one_of (proxies, hop))
        return g_steal_pointer (&hop);
      if (!comma)
        return NULL;
      end = comma;
    }
}

char *
bed_client_address_find (char **proxies, const char *peer, const char *forwarded)
{
  g_autoptr (GInetAddress) own = parse (peer, strlen (peer));
  g_autoptr (GInetAddress) hop = NULL;

  if (!own)
    return g_strdup ("unknown");
  if (forwarded && is_one_of (proxies, own))
    hop = find_hop (proxies, forwarded);
  return to_text (hop ? hop : own);
}
