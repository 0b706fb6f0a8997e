/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-signalling-client-private.h"

/* A relay's credentials are good for as long as the server says. A call may begin at any time while
 * the connection stands, so fresh ones are fetched before these have run out. */

static gboolean on_due (gpointer data);

static void
plan (BedSignallingClient *self, gint64 ttl_s)
{
  guint wait_s = (guint) CLAMP (ttl_s * 3 / 4, (gint64) self->renew_min_s, G_MAXINT32);

  g_clear_handle_id (&self->ice_source, g_source_remove);
  if (!self->watching)
    self->ice_source = g_timeout_add_seconds (wait_s, on_due, self);
}

void
bed_signalling_client_take_ice (BedSignallingClient *self, GPtrArray *servers, gint64 ttl_s)
{
  g_clear_pointer (&self->ice_servers, g_ptr_array_unref);
  self->ice_servers = servers;
  plan (self, ttl_s);
}

static void
on_ice (GObject *object, GAsyncResult *result, gpointer data)
{
  BedSignallingClient *self = BED_SIGNALLING_CLIENT (object);
  g_autoptr (BedIceServers) fresh = NULL;
  gpointer answer = NULL;
  gboolean good = bed_signalling_client_call_finish (self, result, &answer, NULL);

  fresh = answer;
  if (self->state != BED_SIGNALLING_STATE_ONLINE)
    return; /* the next welcome brings some */
  if (good)
    bed_signalling_client_take_ice (self, g_steal_pointer (&fresh->ice_servers), fresh->ttl);
  else
    plan (self, 0); /* those there are may do until then */
}

static gboolean
on_due (gpointer data)
{
  BedSignallingClient *self = data;

  self->ice_source = 0;
  bed_signalling_client_call_async (self, BED_ENDPOINT_ICE, NULL, NULL, self->life, on_ice, NULL);
  return G_SOURCE_REMOVE;
}
