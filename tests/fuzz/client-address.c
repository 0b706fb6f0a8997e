/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-client-address.h"

#include <gio/gio.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

/* What a proxy hands on of a header that anybody may have begun. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  static char *proxies[] = { (char *) "127.0.0.1", (char *) "::1", NULL };
  g_autofree char *text = g_strndup ((const char *) data, size);
  g_autofree char *found = bed_client_address_find (proxies, "127.0.0.1", text);
  g_autofree char *stranger = bed_client_address_find (proxies, "192.0.2.1", text);
  g_autofree char *peer = bed_client_address_find (proxies, text, text);

  if (!g_hostname_is_ip_address (found) || strcmp (stranger, "192.0.2.1") != 0
      || (!g_hostname_is_ip_address (peer) && strcmp (peer, "unknown") != 0))
    abort ();
  return 0;
}
