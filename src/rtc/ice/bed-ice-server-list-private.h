/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bed-ice-server.h"

G_BEGIN_DECLS

/* The servers of an ICE transport, and their addresses, which are looked up when they are wanted.
 * On the thread that runs the context. */
typedef struct _BedIceServerList BedIceServerList;
/* Every address that could be found is there, or 3 s are over. Never from inside a call. */
typedef void (*BedIceServerListFunc) (gpointer user_data);

#define BED_ICE_MAX_SERVERS 8 /* more are left out */

/* Returns: (transfer full) */
BedIceServerList *bed_ice_server_list_new (GMainContext *context, BedIceServer *const *servers,
                                           guint n_servers);
/* Nothing is called back any more. */
void bed_ice_server_list_free (BedIceServerList *self);
gboolean bed_ice_server_list_has_relay (BedIceServerList *self);
/* Returns: FALSE when there is nothing to look up: func is not called. */
gboolean bed_ice_server_list_resolve (BedIceServerList *self, BedIceServerListFunc func,
                                      gpointer user_data);
void bed_ice_server_list_cancel (BedIceServerList *self);
guint bed_ice_server_list_get_length (BedIceServerList *self);
/* address: (out) (nullable): literal; NULL while it is not known. Lends both. */
BedIceServer *bed_ice_server_list_get (BedIceServerList *self, guint index, const char **address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedIceServerList, bed_ice_server_list_free)

G_END_DECLS
