/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fake-ice.h"

#include <string.h>

#define MAX_QUEUE_US 300000
#define CONSENT_US (10 * G_USEC_PER_SEC)
#define LOST_US (20 * G_USEC_PER_SEC)

typedef struct
{
  gint64 arrival_us;
  guint64 order;
  GBytes *bytes;
} Flight;

struct _BedFakeIce
{
  BedIceTransport parent_instance;
  BedFakeIce *peer; /* borrowed; NULL once it is gone */
  GRand *rand;
  GPtrArray *flights; /* on their way from here, of Flight */
  BedFakeIceLink link;
  char *ufrag, *password, *remote_ufrag, *remote_password;
  gint64 now_us, free_us;
  gint64 connect_us, lost_us; /* G_MAXINT64: does not lie ahead */
  guint64 order;
  guint sent, lost, duplicated, damaged, generation;
  gboolean broken, outage;
};

G_DEFINE_FINAL_TYPE (BedFakeIce, bed_fake_ice, BED_TYPE_ICE_TRANSPORT)

static void
flight_free (Flight *flight)
{
  g_bytes_unref (flight->bytes);
  g_free (flight);
}

static void
make_credentials (BedFakeIce *self)
{
  g_free (self->ufrag);
  g_free (self->password);
  self->ufrag = g_strdup_printf ("%08x", g_rand_int (self->rand));
  self->password = g_strdup_printf ("%08x%08x%08x%02x", g_rand_int (self->rand), g_rand_int (self->rand),
                                    g_rand_int (self->rand), self->generation++ & 0xff);
}

static gboolean
knows_peer (BedFakeIce *self)
{
  return self->peer != NULL && g_strcmp0 (self->remote_ufrag, self->peer->ufrag) == 0
         && g_strcmp0 (self->remote_password, self->peer->password) == 0;
}

static gboolean
gather (BedIceTransport *transport, GError **error)
{
  bed_ice_transport_emit_candidate (transport, "candidate:1 1 UDP 2015363327 192.0.2.1 40000 typ host");
  bed_ice_transport_emit_gathering_done (transport);
  return TRUE;
}

static void
dup_local_credentials (BedIceTransport *transport, char **ufrag, char **password)
{
  *ufrag = g_strdup (BED_FAKE_ICE (transport)->ufrag);
  *password = g_strdup (BED_FAKE_ICE (transport)->password);
}

static void
connect_both (BedFakeIce *self)
{
  BedFakeIce *ends[] = { self, self->peer };

  for (guint i = 0; i < 2; i++)
    {
      ends[i]->broken = FALSE;
      ends[i]->connect_us = ends[i]->lost_us = G_MAXINT64;
      bed_ice_transport_handle_event (BED_ICE_TRANSPORT (ends[i]), BED_ICE_EVENT_CONNECT);
      bed_ice_transport_handle_event (BED_ICE_TRANSPORT (ends[i]), BED_ICE_EVENT_COMPLETE);
    }
}

/* During an outage no check comes through. */
static void
begin_checks (BedFakeIce *self)
{
  if (!knows_peer (self) || !knows_peer (self->peer) || self->outage)
    return;
  if (self->link.check_us > 0)
    self->connect_us = self->now_us + self->link.check_us;
  else
    connect_both (self);
}

static gboolean
set_remote_credentials (BedIceTransport *transport, const char *ufrag, const char *password)
{
  BedFakeIce *self = BED_FAKE_ICE (transport);

  g_free (self->remote_ufrag);
  g_free (self->remote_password);
  self->remote_ufrag = g_strdup (ufrag);
  self->remote_password = g_strdup (password);
  bed_ice_transport_handle_event (transport, BED_ICE_EVENT_CHECK);
  begin_checks (self);
  return TRUE;
}

static BedIceCandidateResult
add_remote_candidate (BedIceTransport *transport, const char *candidate)
{
  return BED_ICE_CANDIDATE_ADDED;
}

static void
end_of_candidates (BedIceTransport *transport)
{
}

static void
set_role (BedIceTransport *transport, BedIceRole role)
{
}

static void
put (BedFakeIce *self, GBytes *bytes)
{
  Flight *flight = g_new (Flight, 1);
  gint64 jitter_us = self->link.jitter_us > 0
                       ? g_rand_int_range (self->rand, 0, (gint32) self->link.jitter_us) : 0;

  flight->arrival_us = MAX (self->now_us, self->free_us) + self->link.delay_us + jitter_us;
  flight->order = self->order++;
  flight->bytes = g_bytes_ref (bytes);
  g_ptr_array_add (self->flights, flight);
}

static GBytes *
spoil (BedFakeIce *self, const guint8 *data, gsize length)
{
  g_autofree guint8 *copy = g_memdup2 (data, length);
  gsize at = (gsize) g_rand_int_range (self->rand, 0, (gint32) length);

  if (length > 1 && g_rand_boolean (self->rand))
    return g_bytes_new (copy, MAX (1, at));
  copy[at] ^= 1 << g_rand_int_range (self->rand, 0, 8);
  return g_bytes_new (copy, length);
}

static gboolean
send_datagram (BedIceTransport *transport, const guint8 *data, gsize length)
{
  BedFakeIce *self = BED_FAKE_ICE (transport);
  BedIceState state = bed_ice_transport_get_state (transport);
  g_autoptr (GBytes) bytes = g_bytes_new (data, length);

  if (state != BED_ICE_STATE_CONNECTED && state != BED_ICE_STATE_COMPLETED)
    return FALSE;
  self->sent++;
  if (self->link.bit_rate > 0)
    {
      if (self->free_us - self->now_us > MAX_QUEUE_US)
        {
          self->lost++;
          return TRUE;
        }
      self->free_us = MAX (self->free_us, self->now_us)
                      + (gint64) length * 8 * G_USEC_PER_SEC / self->link.bit_rate;
    }
  if (g_rand_double (self->rand) < self->link.loss || self->outage)
    {
      self->lost++;
      return TRUE;
    }
  put (self, bytes);
  if (g_rand_double (self->rand) < self->link.duplication)
    {
      self->duplicated++;
      put (self, bytes);
    }
  if (self->link.damage > 0 && g_rand_double (self->rand) < self->link.damage)
    {
      g_autoptr (GBytes) spoilt = spoil (self, data, length);

      self->damaged++;
      put (self, spoilt);
    }
  return TRUE;
}

static gboolean
restart (BedIceTransport *transport, GError **error)
{
  make_credentials (BED_FAKE_ICE (transport));
  BED_FAKE_ICE (transport)->connect_us = G_MAXINT64;
  return gather (transport, error);
}

static void
close_transport (BedIceTransport *transport)
{
  g_ptr_array_set_size (BED_FAKE_ICE (transport)->flights, 0);
}

static void
bed_fake_ice_finalize (GObject *object)
{
  BedFakeIce *self = BED_FAKE_ICE (object);

  if (self->peer != NULL)
    self->peer->peer = NULL;
  g_ptr_array_unref (self->flights);
  g_rand_free (self->rand);
  g_free (self->ufrag);
  g_free (self->password);
  g_free (self->remote_ufrag);
  g_free (self->remote_password);
  G_OBJECT_CLASS (bed_fake_ice_parent_class)->finalize (object);
}

static void
bed_fake_ice_class_init (BedFakeIceClass *klass)
{
  BedIceTransportClass *ice_class = BED_ICE_TRANSPORT_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bed_fake_ice_finalize;
  ice_class->gather = gather;
  ice_class->dup_local_credentials = dup_local_credentials;
  ice_class->set_remote_credentials = set_remote_credentials;
  ice_class->add_remote_candidate = add_remote_candidate;
  ice_class->end_of_candidates = end_of_candidates;
  ice_class->set_role = set_role;
  ice_class->send = send_datagram;
  ice_class->restart = restart;
  ice_class->close = close_transport;
}

static void
bed_fake_ice_init (BedFakeIce *self)
{
  self->flights = g_ptr_array_new_with_free_func ((GDestroyNotify) flight_free);
  self->connect_us = self->lost_us = G_MAXINT64;
}

static BedFakeIce *
new_end (const BedFakeIceLink *link, guint32 seed)
{
  BedFakeIce *self = g_object_new (BED_TYPE_FAKE_ICE, NULL);

  self->link = *link;
  self->rand = g_rand_new_with_seed (seed);
  make_credentials (self);
  return self;
}

void
bed_fake_ice_new_pair (const BedFakeIceLink *link, guint32 seed, BedIceTransport **a, BedIceTransport **b)
{
  BedFakeIce *one = new_end (link, seed), *other = new_end (link, seed + 1);

  one->peer = other;
  other->peer = one;
  *a = BED_ICE_TRANSPORT (one);
  *b = BED_ICE_TRANSPORT (other);
}

void
bed_fake_ice_set_link (BedFakeIce *self, const BedFakeIceLink *link)
{
  self->link = *link;
}

static guint
find_next (BedFakeIce *self)
{
  guint first = 0;

  for (guint i = 1; i < self->flights->len; i++)
    {
      Flight *flight = self->flights->pdata[i], *best = self->flights->pdata[first];

      if (flight->arrival_us < best->arrival_us
          || (flight->arrival_us == best->arrival_us && flight->order < best->order))
        first = i;
    }
  return first;
}

static gint64
next_arrival_us (BedFakeIce *self)
{
  return self != NULL && self->flights->len > 0
           ? ((Flight *) self->flights->pdata[find_next (self)])->arrival_us : G_MAXINT64;
}

static void
deliver_next (BedFakeIce *from)
{
  Flight *flight = g_ptr_array_steal_index (from->flights, find_next (from));
  gsize length;
  const guint8 *data = g_bytes_get_data (flight->bytes, &length);

  if (from->peer != NULL && !from->broken && !from->outage)
    bed_ice_transport_deliver (BED_ICE_TRANSPORT (from->peer), data, length);
  flight_free (flight);
}

static void
lose (BedFakeIce *self)
{
  gboolean again = self->broken;

  self->broken = TRUE;
  self->lost_us = again ? G_MAXINT64 : self->now_us + LOST_US;
  if (!again)
    bed_ice_transport_handle_event (BED_ICE_TRANSPORT (self), BED_ICE_EVENT_LOSE);
  else if (bed_ice_transport_get_state (BED_ICE_TRANSPORT (self)) == BED_ICE_STATE_DISCONNECTED)
    bed_ice_transport_handle_event (BED_ICE_TRANSPORT (self), BED_ICE_EVENT_FAIL);
}

static void
change_states (BedFakeIce *self)
{
  if (self->connect_us <= self->now_us)
    connect_both (self);
  if (self->lost_us <= self->now_us)
    lose (self);
}

void
bed_fake_ice_advance (BedFakeIce *self, gint64 now_us)
{
  g_autoptr (BedFakeIce) keep = g_object_ref (self);
  g_autoptr (BedFakeIce) peer = self->peer != NULL ? g_object_ref (self->peer) : NULL;

  self->now_us = now_us;
  if (peer != NULL)
    peer->now_us = now_us;
  for (;;)
    {
      gint64 here_us = next_arrival_us (self), there_us = next_arrival_us (peer);

      if (MIN (here_us, there_us) > now_us)
        break;
      deliver_next (here_us <= there_us ? self : peer);
    }
  change_states (self);
  if (peer != NULL)
    change_states (peer);
}

gint64
bed_fake_ice_get_next_us (BedFakeIce *self)
{
  gint64 next_us = MIN (next_arrival_us (self), next_arrival_us (self->peer));

  next_us = MIN (next_us, MIN (self->connect_us, self->lost_us));
  if (self->peer != NULL)
    next_us = MIN (next_us, MIN (self->peer->connect_us, self->peer->lost_us));

  return next_us == G_MAXINT64 ? -1 : next_us;
}

void
bed_fake_ice_break (BedFakeIce *self)
{
  BedFakeIce *ends[] = { self, self->peer };

  for (guint i = 0; i < 2; i++)
    if (ends[i] != NULL)
      {
        ends[i]->broken = TRUE;
        bed_ice_transport_handle_event (BED_ICE_TRANSPORT (ends[i]), BED_ICE_EVENT_LOSE);
      }
}

void
bed_fake_ice_set_outage (BedFakeIce *self, gboolean outage)
{
  BedFakeIce *ends[] = { self, self->peer };

  for (guint i = 0; i < 2; i++)
    {
      ends[i]->outage = outage;
      if (outage)
        ends[i]->connect_us = G_MAXINT64;
      if (!ends[i]->broken)
        ends[i]->lost_us = outage ? ends[i]->now_us + CONSENT_US : G_MAXINT64;
    }
  if (!outage && bed_ice_transport_get_state (BED_ICE_TRANSPORT (self)) == BED_ICE_STATE_CHECKING)
    begin_checks (self);
}

guint
bed_fake_ice_get_sent (BedFakeIce *self)
{
  return self->sent;
}

guint
bed_fake_ice_get_lost (BedFakeIce *self)
{
  return self->lost;
}

guint
bed_fake_ice_get_duplicated (BedFakeIce *self)
{
  return self->duplicated;
}

guint
bed_fake_ice_get_damaged (BedFakeIce *self)
{
  return self->damaged;
}
