/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which address a limit counts by. Pure; any thread. `proxies` (nullable) are the addresses that
 * may speak for others, as text. */

gboolean bed_client_address_is_proxy (char **proxies, const char *peer);
/* The peer's own address or, when the peer is one of the proxies, what it says in `forwarded`
 * (nullable): a list where each hop adds to the right whom it heard, so the first from the right
 * that is no proxy. What stands left of that anybody can write. A malformed one counts as the proxy
 * itself. An IPv6 address counts by its /64, an IPv4 one inside of IPv6 as IPv4. Returns: (transfer
 * full): "unknown" when the peer has none. */
char *bed_client_address_find (char **proxies, const char *peer, const char *forwarded);

G_END_DECLS
