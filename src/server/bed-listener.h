/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-server-log.h"
#include "bed-settings.h"
#include "bed-store.h"

G_BEGIN_DECLS

/* The server's sockets: TLS, HTTP and WebSocket through libwebsockets, with its own limits for what
 * the library leaves open: connections, bodies, messages over their fragments, queues. */
typedef struct _BedListener BedListener;

/* All borrowed. Returns: (transfer full) (nullable) */
BedListener *bed_listener_new (BedStore *store, const BedSettings *settings, BedServerLog *log,
                               GError **error);
void bed_listener_free (BedListener *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedListener, bed_listener_free)

/* Serves until bed_listener_stop. */
void bed_listener_run (BedListener *self);
/* These two may be called from a signal handler. */
void bed_listener_stop (BedListener *self);
void bed_listener_reload (BedListener *self);

G_END_DECLS
