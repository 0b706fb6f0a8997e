/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-clock.h"
#include "bed-sctp-stack.h"

G_BEGIN_DECLS

/* The thread on which peer connections live, with the main context of their sockets and timers and
 * the process's SCTP stack. Several connections may share one. Made and released on any other
 * thread.
 */
#define BED_TYPE_NETWORK_THREAD (bed_network_thread_get_type ())
G_DECLARE_FINAL_TYPE (BedNetworkThread, bed_network_thread, BED, NETWORK_THREAD, GObject)

typedef void (*BedNetworkFunc) (gpointer user_data);

/* Returns: (transfer full) (nullable): NULL with BED_SCTP_ERROR_BUSY when another one lives */
BedNetworkThread *bed_network_thread_new (BedClock *clock, GError **error);
/* The same on the thread that calls, and no other: it iterates the context, and everything happens
 * in there. context: kept. */
BedNetworkThread *bed_network_thread_new_for_context (BedClock *clock, GMainContext *context,
                                                      GError **error);
/* Lent. */
GMainContext *bed_network_thread_get_context (BedNetworkThread *self);
BedClock *bed_network_thread_get_clock (BedNetworkThread *self);
/* µs of the clock above. Any thread. */
gint64 bed_network_thread_now (BedNetworkThread *self);
/* Lent; only on the thread itself. */
BedSctpStack *bed_network_thread_get_sctp_stack (BedNetworkThread *self);
/* Runs func there soon, in the order of the calls. Any thread. destroy: (nullable), there too. */
void bed_network_thread_post (BedNetworkThread *self, BedNetworkFunc func, gpointer user_data,
                              GDestroyNotify destroy);
/* Runs func there and waits. Not from the thread itself, unless it is the maker's: there func runs
 * at once. */
void bed_network_thread_call (BedNetworkThread *self, BedNetworkFunc func, gpointer user_data);

G_END_DECLS
