/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-sctp-stack-private.h"

#include <stdlib.h>
#include <usrsctp.h>

G_DEFINE_QUARK (bed-sctp-error-quark, bed_sctp_error)

#define MAX_QUEUE 4096 /* packets each way */
#define MAX_STEP_MS 10000
#define FINISH_TRIES 200
#define MAX_RETRANSMISSIONS 25 /* with heartbeats: nearly three minutes at least */

typedef struct
{
  guint id;
  const BedSctpPort *port;
  gpointer owner;
} Entry;

typedef struct
{
  guint id;
  GBytes *bytes;
} Packet;

struct _BedSctpStack
{
  GObject parent_instance;
  GHashTable *entries; /* owned: id -> Entry */
  GQueue outgoing;     /* of Packet */
  GQueue incoming;
  gint64 last_us;
  guint last_id;
  gboolean draining;
  gboolean running;
};

G_DEFINE_FINAL_TYPE (BedSctpStack, bed_sctp_stack, G_TYPE_OBJECT)

/* usrsctp's own state is the process's and its output callback takes no user data: this says whose
 * it is. */
static BedSctpStack *owner_of_library;

static void
packet_free (Packet *packet)
{
  g_bytes_unref (packet->bytes);
  g_free (packet);
}

static void
push_packet (GQueue *queue, guint id, const void *data, gsize length)
{
  Packet *packet;

  if (g_queue_get_length (queue) >= MAX_QUEUE)
    return;
  packet = g_new (Packet, 1);
  packet->id = id;
  packet->bytes = g_bytes_new (data, length);
  g_queue_push_tail (queue, packet);
}

/* Called from within usrsctp, which must not be entered again here. */
static int
output (void *address, void *data, size_t length, uint8_t tos, uint8_t set_df)
{
  BedSctpStack *self = g_atomic_pointer_get (&owner_of_library);

  if (self != NULL)
    push_packet (&self->outgoing, GPOINTER_TO_UINT (address), data, length);
  return 0;
}

/* What WebRTC does not need stays off: each of these has had its holes. */
static void
configure_library (void)
{
  usrsctp_sysctl_set_sctp_auth_enable (0);
  usrsctp_sysctl_set_sctp_asconf_enable (0);
  usrsctp_sysctl_set_sctp_auto_asconf (0);
  usrsctp_sysctl_set_sctp_pktdrop_enable (0);
  usrsctp_sysctl_set_sctp_nrsack_enable (0);
  usrsctp_sysctl_set_sctp_ecn_enable (0);
  usrsctp_sysctl_set_sctp_pr_enable (1);
  usrsctp_sysctl_set_sctp_reconfig_enable (1);
  usrsctp_sysctl_set_sctp_blackhole (2);
  usrsctp_sysctl_set_sctp_rto_initial_default (500);
  usrsctp_sysctl_set_sctp_rto_min_default (400);
  usrsctp_sysctl_set_sctp_rto_max_default (10000);
  usrsctp_sysctl_set_sctp_init_rto_max_default (4000);
  usrsctp_sysctl_set_sctp_delayed_sack_time_default (20);
  /* ICE says whether the other side is there. With the defaults the chat would be over after 72 s
   * without a path, though the call waits for one; and after 22 s nothing new would go out until a
   * heartbeat, some 30 s after the path was there again. */
  usrsctp_sysctl_set_sctp_assoc_rtx_max_default (MAX_RETRANSMISSIONS);
  usrsctp_sysctl_set_sctp_path_rtx_max_default (MAX_RETRANSMISSIONS);
}

BedSctpStack *
bed_sctp_stack_new (gint64 now_us, GError **error)
{
  g_autoptr (BedSctpStack) self = g_object_new (BED_TYPE_SCTP_STACK, NULL);

  if (!g_atomic_pointer_compare_and_exchange (&owner_of_library, NULL, self))
    {
      g_set_error_literal (error, BED_SCTP_ERROR, BED_SCTP_ERROR_BUSY,
                           "An SCTP stack exists already");
      return NULL;
    }
  self->running = TRUE;
  self->last_us = now_us;
  usrsctp_init_nothreads (0, output, NULL);
  configure_library ();
  return g_steal_pointer (&self);
}

static void
stop_library (BedSctpStack *self)
{
  for (guint i = 0; i < FINISH_TRIES && usrsctp_finish () != 0; i++)
    usrsctp_handle_timers (MAX_STEP_MS / 10);
  g_atomic_pointer_set (&owner_of_library, NULL);
}

static void
bed_sctp_stack_finalize (GObject *object)
{
  BedSctpStack *self = BED_SCTP_STACK (object);

  if (self->running)
    stop_library (self);
  g_queue_clear_full (&self->outgoing, (GDestroyNotify) packet_free);
  g_queue_clear_full (&self->incoming, (GDestroyNotify) packet_free);
  g_hash_table_unref (self->entries);
  G_OBJECT_CLASS (bed_sctp_stack_parent_class)->finalize (object);
}

static void
bed_sctp_stack_class_init (BedSctpStackClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_sctp_stack_finalize;
}

static void
bed_sctp_stack_init (BedSctpStack *self)
{
  self->entries = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_queue_init (&self->outgoing);
  g_queue_init (&self->incoming);
}

void
bed_sctp_stack_advance (BedSctpStack *self, gint64 now_us)
{
  gint64 elapsed_ms;

  g_return_if_fail (BED_IS_SCTP_STACK (self));
  elapsed_ms = (now_us - self->last_us) / 1000;
  if (elapsed_ms <= 0 || self->draining)
    return;
  self->last_us += elapsed_ms * 1000;
  usrsctp_handle_timers ((uint32_t) MIN (elapsed_ms, MAX_STEP_MS));
  _bed_sctp_stack_drain (self);
}

guint
_bed_sctp_stack_add (BedSctpStack *self, const BedSctpPort *port, gpointer owner)
{
  Entry *entry = g_new (Entry, 1);

  entry->id = ++self->last_id;
  entry->port = port;
  entry->owner = owner;
  g_hash_table_insert (self->entries, GUINT_TO_POINTER (entry->id), entry);
  usrsctp_register_address (_bed_sctp_stack_address (entry->id));
  return entry->id;
}

static void
flush_outgoing (BedSctpStack *self)
{
  Packet *packet;

  while ((packet = g_queue_pop_head (&self->outgoing)) != NULL)
    {
      Entry *entry = g_hash_table_lookup (self->entries, GUINT_TO_POINTER (packet->id));
      gsize length;
      const guint8 *data = g_bytes_get_data (packet->bytes, &length);

      if (entry != NULL)
        entry->port->send (data, length, entry->owner);
      packet_free (packet);
    }
}

void
_bed_sctp_stack_remove (BedSctpStack *self, guint id)
{
  flush_outgoing (self);
  usrsctp_deregister_address (_bed_sctp_stack_address (id));
  g_hash_table_remove (self->entries, GUINT_TO_POINTER (id));
}

void
_bed_sctp_stack_input (BedSctpStack *self, guint id, const guint8 *packet, gsize length)
{
  push_packet (&self->incoming, id, packet, length);
  _bed_sctp_stack_drain (self);
}

static void
take_incoming (BedSctpStack *self)
{
  Packet *packet;

  while ((packet = g_queue_pop_head (&self->incoming)) != NULL)
    {
      gsize length;
      const guint8 *data = g_bytes_get_data (packet->bytes, &length);

      if (g_hash_table_contains (self->entries, GUINT_TO_POINTER (packet->id)))
        usrsctp_conninput (_bed_sctp_stack_address (packet->id), data, length, 0);
      packet_free (packet);
    }
}

static void
poll_all (BedSctpStack *self)
{
  g_autoptr (GList) ids = g_hash_table_get_keys (self->entries);

  for (GList *l = ids; l != NULL; l = l->next)
    {
      Entry *entry = g_hash_table_lookup (self->entries, l->data);
      g_autoptr (GObject) keep = NULL;

      if (entry == NULL)
        continue;
      keep = g_object_ref (entry->owner);
      entry->port->poll (keep);
    }
}

void
_bed_sctp_stack_drain (BedSctpStack *self)
{
  g_autoptr (BedSctpStack) keep = NULL;

  if (self->draining)
    return;
  keep = g_object_ref (self);
  self->draining = TRUE;
  do
    {
      flush_outgoing (self);
      take_incoming (self);
      poll_all (self);
    }
  while (!g_queue_is_empty (&self->outgoing) || !g_queue_is_empty (&self->incoming));
  self->draining = FALSE;
}

/* An integer in a pointer's clothes, never an address. */
gpointer
_bed_sctp_stack_address (guint id)
{
  return GUINT_TO_POINTER (id);
}
