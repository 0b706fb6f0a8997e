/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-api.h"
#include "bed-certificate.h"
#include "bed-health.h"
#include "bed-listener.h"
#include "bed-members.h"
#include "bed-pages.h"

#include <libwebsockets.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#define BED_LISTENER_HEADERS_MAX 8192

struct _BedListener
{
  const BedSettings *settings;
  BedServerLog *log;
  BedClock *clock;
  BedStore *store;
  BedHasher *hasher;
  BedLimiter *limiter;
  BedTurn *turn;
  BedPages *pages;
  BedHub *hub;
  BedAccounts *accounts;
  BedApi *api;
  BedHealth *health;
  char *policy; /* the Content-Security-Policy */

  struct lws_context *context;
  lws_sorted_usec_list_t tick;
  guint ticks;
  struct stat certificate_stat;
  GHashTable *sockets;   /* struct lws * -> owned connection, of bed-listener-address.c */
  GQueue newcomers;      /* of those that are no WebSocket */
  GHashTable *places;    /* address -> owned place, likewise */
  volatile sig_atomic_t stopping;
  volatile sig_atomic_t reloading;
};

BedListener *bed_listener_of (struct lws *wsi);
/* By the proxy's header where there is one we trust. Returns: (transfer full) */
char *bed_listener_get_address (BedListener *self, struct lws *wsi);
/* Returns: (transfer full) (nullable) */
char *bed_listener_get_header (struct lws *wsi, enum lws_token_indexes token, gsize max_length);
char *bed_listener_get_custom (struct lws *wsi, const char *name, gsize max_length);
char *bed_listener_get_bearer (struct lws *wsi);
/* No Origin, or our own. */
gboolean bed_listener_origin_is_fine (BedListener *self, struct lws *wsi);
/* A connection, by the address it comes from; bed_listener_has_room_for before it is one. */
gboolean bed_listener_has_room_for (BedListener *self,
                                    const struct lws_filter_network_conn_args *args);
void bed_listener_add_socket (BedListener *self, struct lws *wsi);
void bed_listener_remove_socket (BedListener *self, struct lws *wsi);
/* It is worth more than a new one. */
void bed_listener_keep_socket (BedListener *self, struct lws *wsi);
void bed_listener_init_connections (BedListener *self);
guint bed_listener_get_descriptors (const BedSettings *settings);
/* From now on a proxy's connection counts as `address`'s, for whom it speaks for good. Returns:
 * FALSE when that one has enough. */
gboolean bed_listener_take_place (BedListener *self, struct lws *wsi, const char *address);

int bed_listener_http (struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                       size_t length);
int bed_listener_socket (struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in,
                         size_t length);
gsize bed_listener_http_size (void);
gsize bed_listener_socket_size (void);
extern const BedHubCallbacks bed_listener_hub_callbacks;
