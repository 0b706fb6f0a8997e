/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <libsoup/soup.h>

#include "bed-metered-stream.h"
#include "bed-trust-private.h"

G_BEGIN_DECLS

/* Connects to wss://<authority>/ws and makes the upgrade itself, so that libsoup reads through a
 * BedMeteredStream. Errors: BED_SIGNALLING_ERROR. Main thread. trust and clock outlive the call. */
void bed_dialer_dial_async (const char *authority, BedTrust *trust, BedClock *clock,
                            const char *bearer, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data);
/* stream: (out): (transfer none): what the connection reads from. Returns: (transfer full) */
SoupWebsocketConnection *bed_dialer_dial_finish (GAsyncResult *result, BedMeteredStream **stream,
                                                 GError **error);

/* Splits host[:port] or [v6][:port]; the port is 443 where there is none. Returns: (transfer
 * full) */
char *bed_dialer_split (const char *authority, guint16 *port);
/* Turns what GLib and libsoup say into BED_SIGNALLING_ERROR; cancellation passes. Takes the
 * error. */
GError *bed_dialer_translate (GError *error);

G_END_DECLS
