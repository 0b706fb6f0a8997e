/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-hop-private.h"

#include <string.h>

#include "bed-secret.h"

struct _BedHop
{
  guint8 id[BED_HOP_BYTES];
  gint64 sent, taken;
  gsize bytes;
  /* owned */
  GPtrArray *queue;
};

BedHop *
bed_hop_new (void)
{
  BedHop *self = g_new0 (BedHop, 1);

  bed_random_bytes (self->id, sizeof self->id);
  self->queue = g_ptr_array_new_with_free_func ((GDestroyNotify) bed_message_free);
  return self;
}

void
bed_hop_free (BedHop *self)
{
  g_ptr_array_unref (self->queue);
  g_free (self);
}

const guint8 *
bed_hop_get_id (BedHop *self)
{
  return self->id;
}

BedMessage *
bed_hop_push (BedHop *self, BedMessage *message)
{
  gsize length = strlen (message->data);

  if (self->queue->len >= BED_PROTOCOL_QUEUE_MESSAGES
      || self->bytes + length > BED_PROTOCOL_QUEUE_BYTES)
    {
      bed_message_free (message);
      return NULL;
    }
  message->n = ++self->sent;
  self->bytes += length;
  g_ptr_array_add (self->queue, message);
  return message;
}

void
bed_hop_confirm (BedHop *self, gint64 n)
{
  while (self->queue->len > 0 && bed_hop_peek (self, 0)->n <= n)
    {
      self->bytes -= strlen (bed_hop_peek (self, 0)->data);
      g_ptr_array_remove_index (self->queue, 0);
    }
}

guint
bed_hop_get_length (BedHop *self)
{
  return self->queue->len;
}

BedMessage *
bed_hop_peek (BedHop *self, guint index)
{
  return g_ptr_array_index (self->queue, index);
}

gboolean
bed_hop_accept (BedHop *self, gint64 n)
{
  if (n <= self->taken)
    return FALSE;
  self->taken = n;
  return TRUE;
}
