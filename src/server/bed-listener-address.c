/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-listener-private.h"

#include "bed-client-address.h"

#include <netdb.h>
#include <sys/socket.h>

/* Who connects, and how many connections they have. */

static char *
name_of (const struct sockaddr *address, socklen_t length)
{
  char text[NI_MAXHOST];

  if (getnameinfo (address, length, text, sizeof text, NULL, 0, NI_NUMERICHOST) != 0)
    return g_strdup ("unknown");
  return g_strdup (text);
}

static char *
peer_of (struct lws *wsi)
{
  struct sockaddr_storage address;
  socklen_t length = sizeof address;

  if (getpeername (lws_get_socket_fd (wsi), (struct sockaddr *) &address, &length) != 0)
    return g_strdup ("unknown");
  return name_of ((struct sockaddr *) &address, length);
}

/* The library files the headers that it knows under a number, and only those. */
static char *
get_any_header (struct lws *wsi, const char *name)
{
  for (int token = 0; token < WSI_TOKEN_COUNT; token++)
    if (g_strcmp0 ((const char *) lws_token_to_string (token), name) == 0)
      return bed_listener_get_header (wsi, token, BED_LISTENER_HEADERS_MAX);
  return bed_listener_get_custom (wsi, name, BED_LISTENER_HEADERS_MAX);
}

char *
bed_listener_get_address (BedListener *self, struct lws *wsi)
{
  const BedSettings *settings = self->settings;
  g_autofree char *peer = peer_of (wsi);
  g_autofree char *forwarded = NULL;

  if (settings->proxy_header)
    forwarded = get_any_header (wsi, settings->proxy_header);
  return bed_client_address_find (settings->proxy_addresses, peer, forwarded);
}

/* --- Connections ------------------------------------------------------------------------------ */

/* How many may be there that did not get as far as a WebSocket, whatever the settings allow in all.
 * libwebsockets keeps their timers and headers in lists that it walks for each step of each of
 * them: with 6000 a storm of new ones left no time for the people. */
#define NEWCOMERS_MAX 1024

/* How far above the limit it goes while those that make space are still on their way out. */
#define SLACK 64

/* All that come from one address. */
typedef struct
{
  char *address;
  guint count;
} Place;

typedef struct
{
  Place *place; /* borrowed */
  struct lws *wsi;
  GList link; /* among those that may be made to leave for a new one, the oldest first */
  gboolean may_leave;
} Connection;

/* Of how many the one that leaves is chosen. */
#define CHOICE 64

static void
place_free (gpointer data)
{
  Place *place = data;

  g_free (place->address);
  g_free (place);
}

void
bed_listener_init_connections (BedListener *self)
{
  self->sockets = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_queue_init (&self->newcomers);
  self->places = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, place_free);
}

static guint
get_count (BedListener *self, const char *address)
{
  const Place *place = g_hash_table_lookup (self->places, address);

  return place ? place->count : 0;
}

static void
enter (BedListener *self, Connection *connection, const char *address)
{
  connection->place = g_hash_table_lookup (self->places, address);
  if (!connection->place)
    {
      connection->place = g_new0 (Place, 1);
      connection->place->address = g_strdup (address);
      g_hash_table_insert (self->places, connection->place->address, connection->place);
    }
  connection->place->count++;
}

static void
leave (BedListener *self, Connection *connection)
{
  if (--connection->place->count == 0)
    g_hash_table_remove (self->places, connection->place->address);
}

static void
stop_leaving (BedListener *self, Connection *connection)
{
  if (connection->may_leave)
    g_queue_unlink (&self->newcomers, &connection->link);
  connection->may_leave = FALSE;
}

/* When it is full, or full of newcomers, one goes that did not get as far as a WebSocket: of the
 * oldest, one whose address has the most. So a few who open many keep nobody out, and who means it
 * needs milliseconds. */
static void
make_space (BedListener *self)
{
  Connection *goes = NULL;
  GList *link = self->newcomers.head;

  for (int i = 0; link && i < CHOICE; i++, link = link->next)
    {
      Connection *connection = link->data;
      if (!goes || connection->place->count > goes->place->count)
        goes = connection;
    }
  if (!goes)
    return;
  stop_leaving (self, goes);
  lws_set_timeout (goes->wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_ASYNC);
}

guint
bed_listener_get_descriptors (const BedSettings *settings)
{
  return settings->max_connections + SLACK + 16;
}

gboolean
bed_listener_has_room_for (BedListener *self, const struct lws_filter_network_conn_args *args)
{
  g_autofree char *peer = name_of ((const struct sockaddr *) &args->cli_addr, args->clilen);
  g_autofree char *address = bed_client_address_find (NULL, peer, NULL);
  guint connections = g_hash_table_size (self->sockets);

  if (!bed_client_address_is_proxy (self->settings->proxy_addresses, peer)
      && get_count (self, address) >= self->settings->max_connections_per_address)
    return FALSE;
  if (connections >= self->settings->max_connections
      || g_queue_get_length (&self->newcomers) >= NEWCOMERS_MAX)
    make_space (self);
  return connections < self->settings->max_connections + SLACK;
}

void
bed_listener_add_socket (BedListener *self, struct lws *wsi)
{
  g_autofree char *peer = peer_of (wsi);
  g_autofree char *address = bed_client_address_find (NULL, peer, NULL);
  Connection *connection = g_new0 (Connection, 1);

  connection->wsi = wsi;
  connection->link.data = connection;
  connection->may_leave = TRUE;
  g_queue_push_tail_link (&self->newcomers, &connection->link);
  enter (self, connection, address);
  g_hash_table_insert (self->sockets, wsi, connection);
}

void
bed_listener_remove_socket (BedListener *self, struct lws *wsi)
{
  Connection *connection = g_hash_table_lookup (self->sockets, wsi);

  if (!connection)
    return;
  stop_leaving (self, connection);
  leave (self, connection);
  g_hash_table_remove (self->sockets, wsi);
}

void
bed_listener_keep_socket (BedListener *self, struct lws *wsi)
{
  Connection *connection = g_hash_table_lookup (self->sockets, wsi);

  if (connection)
    stop_leaving (self, connection);
}

gboolean
bed_listener_take_place (BedListener *self, struct lws *wsi, const char *address)
{
  g_autofree char *peer = peer_of (wsi);
  Connection *connection = g_hash_table_lookup (self->sockets, wsi);

  if (!connection || strcmp (connection->place->address, address) == 0
      || !bed_client_address_is_proxy (self->settings->proxy_addresses, peer))
    return TRUE;
  if (get_count (self, address) >= self->settings->max_connections_per_address)
    return FALSE;
  leave (self, connection);
  enter (self, connection, address);
  return TRUE;
}
