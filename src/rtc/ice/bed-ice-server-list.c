/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-ice-server-list-private.h"

#define TIMEOUT_MS 3000

typedef struct
{
  BedIceServer *server; /* owned */
  char *address;        /* owned; literal, NULL until resolved */
} Server;

struct _BedIceServerList
{
  /* owned */
  GMainContext *context;
  GPtrArray *servers; /* of Server */
  GSource *timeout;
  GCancellable *resolving; /* one for each round; its lookups hold it */

  BedIceServerListFunc func;
  gpointer user_data;
  guint n_resolving;
};

static void
server_free (Server *server)
{
  bed_ice_server_unref (server->server);
  g_free (server->address);
  g_free (server);
}

BedIceServerList *
bed_ice_server_list_new (GMainContext *context, BedIceServer *const *servers, guint n_servers)
{
  BedIceServerList *self = g_new0 (BedIceServerList, 1);

  self->context = g_main_context_ref (context);
  self->servers = g_ptr_array_new_with_free_func ((GDestroyNotify) server_free);
  for (guint i = 0; i < MIN (n_servers, BED_ICE_MAX_SERVERS); i++)
    {
      Server *server = g_new0 (Server, 1);

      server->server = bed_ice_server_ref (servers[i]);
      if (g_hostname_is_ip_address (bed_ice_server_get_host (servers[i])))
        server->address = g_strdup (bed_ice_server_get_host (servers[i]));
      g_ptr_array_add (self->servers, server);
    }
  return self;
}

void
bed_ice_server_list_cancel (BedIceServerList *self)
{
  if (self->timeout != NULL)
    g_source_destroy (self->timeout);
  g_clear_pointer (&self->timeout, g_source_unref);
  if (self->resolving != NULL)
    g_cancellable_cancel (self->resolving);
  g_clear_object (&self->resolving);
  self->n_resolving = 0;
}

void
bed_ice_server_list_free (BedIceServerList *self)
{
  bed_ice_server_list_cancel (self);
  g_ptr_array_unref (self->servers);
  g_main_context_unref (self->context);
  g_free (self);
}

static void
finish (BedIceServerList *self)
{
  BedIceServerListFunc func = self->func;

  bed_ice_server_list_cancel (self);
  func (self->user_data);
}

static gboolean
on_timeout (gpointer user_data)
{
  finish (user_data);
  return G_SOURCE_REMOVE;
}

typedef struct
{
  BedIceServerList *list;  /* borrowed: there as long as the round is not cancelled */
  Server *server;          /* the list's */
  GCancellable *resolving; /* owned: of which round it is */
} Lookup;

static void
on_resolved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autofree Lookup *lookup = user_data;
  g_autoptr (GCancellable) resolving = lookup->resolving;
  GList *addresses = g_resolver_lookup_by_name_finish (G_RESOLVER (source), result, NULL);

  /* A server that has no address is one server less, which is all there is to say about it. */
  if (!g_cancellable_is_cancelled (resolving))
    {
      if (addresses != NULL)
        lookup->server->address = g_inet_address_to_string (addresses->data);
      if (--lookup->list->n_resolving == 0)
        finish (lookup->list);
    }
  g_resolver_free_addresses (addresses);
}

static void
resolve (BedIceServerList *self, Server *server)
{
  g_autoptr (GResolver) resolver = g_resolver_get_default ();
  Lookup *lookup = g_new (Lookup, 1);

  *lookup = (Lookup){ self, server, g_object_ref (self->resolving) };
  self->n_resolving++;
  g_resolver_lookup_by_name_async (resolver, bed_ice_server_get_host (server->server),
                                   self->resolving, on_resolved, lookup);
}

gboolean
bed_ice_server_list_resolve (BedIceServerList *self, BedIceServerListFunc func, gpointer user_data)
{
  bed_ice_server_list_cancel (self);
  self->func = func;
  self->user_data = user_data;
  self->resolving = g_cancellable_new ();
  g_main_context_push_thread_default (self->context);
  for (guint i = 0; i < self->servers->len; i++)
    if (((Server *) self->servers->pdata[i])->address == NULL)
      resolve (self, self->servers->pdata[i]);
  g_main_context_pop_thread_default (self->context);
  if (self->n_resolving == 0)
    return FALSE;
  self->timeout = g_timeout_source_new (TIMEOUT_MS);
  g_source_set_callback (self->timeout, on_timeout, self, NULL);
  g_source_attach (self->timeout, self->context);
  return TRUE;
}

gboolean
bed_ice_server_list_has_relay (BedIceServerList *self)
{
  for (guint i = 0; i < self->servers->len; i++)
    if (bed_ice_server_get_kind (((Server *) self->servers->pdata[i])->server) != BED_ICE_SERVER_STUN)
      return TRUE;
  return FALSE;
}

guint
bed_ice_server_list_get_length (BedIceServerList *self)
{
  return self->servers->len;
}

BedIceServer *
bed_ice_server_list_get (BedIceServerList *self, guint index, const char **address)
{
  Server *server = self->servers->pdata[index];

  *address = server->address;
  return server->server;
}
