/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-mailbox.h"

#include <string.h>

struct _BedMailbox
{
  BedStore *store; /* owned */
  BedHopRecord hop;
  gboolean has_hop;
  GQueue parcels; /* of owned BedParcelRecord */
};

static BedParcelRecord *
parcel_new (const BedParcelRecord *from)
{
  BedParcelRecord *parcel = g_memdup2 (from, sizeof *from);

  parcel->owner = g_bytes_ref (from->owner);
  parcel->data = g_strdup (from->data);
  return parcel;
}

static void
parcel_free (gpointer data)
{
  BedParcelRecord *parcel = data;

  g_bytes_unref (parcel->owner);
  g_free (parcel->data);
  g_free (parcel);
}

BedMailbox *
bed_mailbox_new (BedStore *store, GBytes *owner)
{
  BedMailbox *self = g_new0 (BedMailbox, 1);

  self->store = g_object_ref (store);
  self->hop.owner = g_bytes_ref (owner);
  self->hop.last_in = -1;
  g_queue_init (&self->parcels);
  return self;
}

void
bed_mailbox_free (BedMailbox *self)
{
  g_queue_clear_full (&self->parcels, parcel_free);
  g_bytes_unref (self->hop.owner);
  g_object_unref (self->store);
  g_free (self);
}

void
bed_mailbox_restore_hop (BedMailbox *self, const BedHopRecord *hop)
{
  memcpy (self->hop.hop, hop->hop, BED_HOP_LENGTH);
  self->hop.last_in = hop->last_in;
  self->hop.last_out = hop->last_out;
  self->has_hop = TRUE;
}

void
bed_mailbox_restore_parcel (BedMailbox *self, const BedParcelRecord *parcel)
{
  g_queue_push_tail (&self->parcels, parcel_new (parcel));
  self->hop.last_out = MAX (self->hop.last_out, parcel->n);
}

gboolean
bed_mailbox_erase (BedMailbox *self, GError **error)
{
  return bed_store_call (self->store, delete_hop, self->hop.owner, error);
}

static gboolean
end (BedMailbox *self, gboolean ok, GError **error)
{
  return bed_store_call (self->store, end_relay, ok, ok ? error : NULL) && ok;
}

static gboolean
write_renumbered (BedMailbox *self, const BedHopRecord *hop, GError **error)
{
  gint64 n = 0;

  if (!bed_store_call (self->store, delete_hop, hop->owner, error))
    return FALSE;
  for (GList *l = self->parcels.head; l; l = l->next)
    {
      BedParcelRecord copy = *(BedParcelRecord *) l->data;
      copy.n = ++n;
      if (!bed_store_call (self->store, put_parcel, &copy, error))
        return FALSE;
    }
  return bed_store_call (self->store, put_hop, hop, error);
}

gboolean
bed_mailbox_attach (BedMailbox *self, const guint8 hop[BED_HOP_LENGTH], GError **error)
{
  BedHopRecord fresh
      = { .owner = self->hop.owner, .last_in = -1, .last_out = self->parcels.length };
  gint64 n = 0;

  if (self->has_hop && memcmp (self->hop.hop, hop, BED_HOP_LENGTH) == 0)
    return TRUE;
  memcpy (fresh.hop, hop, BED_HOP_LENGTH);
  if (!bed_store_call (self->store, begin_relay, error))
    return FALSE;
  if (!end (self, write_renumbered (self, &fresh, error), error))
    return FALSE;
  self->hop = fresh;
  self->has_hop = TRUE;
  for (GList *l = self->parcels.head; l; l = l->next)
    ((BedParcelRecord *) l->data)->n = ++n;
  return TRUE;
}

BedMailboxVerdict
bed_mailbox_judge (BedMailbox *self, gint64 n)
{
  if (self->hop.last_in < 0 || n == self->hop.last_in + 1)
    return BED_MAILBOX_NEXT;
  return n <= self->hop.last_in ? BED_MAILBOX_REPEAT : BED_MAILBOX_JUMP;
}

/* The oldest of this room that has to go so that one of `length` more bytes fits. */
static GList *
find_surplus (BedMailbox *self, const guint8 *room, gsize length)
{
  GList *oldest = NULL;
  gsize bytes = length;
  guint count = 1;

  for (GList *l = self->parcels.tail; l; l = l->prev)
    {
      BedParcelRecord *parcel = l->data;

      if (memcmp (parcel->room, room, BED_ROOM_LENGTH) != 0)
        continue;
      bytes += strlen (parcel->data);
      count++;
      oldest = l;
    }
  return count > BED_MAILBOX_MAX_PARCELS || bytes > BED_MAILBOX_MAX_BYTES ? oldest : NULL;
}

static gboolean
drop_surplus (BedMailbox *self, const guint8 *room, gsize length, GError **error)
{
  GList *link;

  while ((link = find_surplus (self, room, length)))
    {
      BedParcelRecord *parcel = link->data;

      if (!bed_store_call (self->store, delete_parcel, self->hop.owner, parcel->n, error))
        return FALSE;
      g_queue_delete_link (&self->parcels, link);
      parcel_free (parcel);
    }
  return TRUE;
}

static gboolean
write_taken (BedMailbox *self, gint64 n, BedMailbox *target, const BedParcelRecord *parcel,
             GError **error)
{
  BedHopRecord mine = self->hop;
  BedHopRecord theirs;

  mine.last_in = n;
  if (!bed_store_call (self->store, put_hop, &mine, error))
    return FALSE;
  if (!target)
    return TRUE;
  theirs = target->hop;
  theirs.last_out = parcel->n;
  return bed_store_call (self->store, put_parcel, parcel, error)
         && (!target->has_hop || bed_store_call (self->store, put_hop, &theirs, error));
}

const BedParcelRecord *
bed_mailbox_take (BedMailbox *self, gint64 n, BedMailbox *target, const guint8 *room,
                  const guint8 *peer, const char *data, GError **error)
{
  BedParcelRecord parcel = { 0 };

  if (target)
    {
      if (!drop_surplus (target, room, strlen (data), error))
        return NULL;
      parcel.owner = target->hop.owner;
      parcel.n = target->hop.last_out + 1;
      parcel.data = (char *) data;
      memcpy (parcel.room, room, BED_ROOM_LENGTH);
      memcpy (parcel.peer, peer, BED_PEER_LENGTH);
    }
  if (!bed_store_call (self->store, begin_relay, error))
    return NULL;
  if (!end (self, write_taken (self, n, target, &parcel, error), error))
    return NULL;
  self->hop.last_in = n;
  if (!target)
    return NULL;
  target->hop.last_out = parcel.n;
  g_queue_push_tail (&target->parcels, parcel_new (&parcel));
  return target->parcels.tail->data;
}

gboolean
bed_mailbox_confirm (BedMailbox *self, gint64 n, GError **error)
{
  BedParcelRecord *first = g_queue_peek_head (&self->parcels);

  if (!first || first->n > n)
    return TRUE;
  if (!bed_store_call (self->store, delete_parcels, self->hop.owner, n, error))
    return FALSE;
  while ((first = g_queue_peek_head (&self->parcels)) && first->n <= n)
    parcel_free (g_queue_pop_head (&self->parcels));
  return TRUE;
}

void
bed_mailbox_foreach (BedMailbox *self, BedStoreParcelFunc func, gpointer data)
{
  for (GList *l = self->parcels.head; l; l = l->next)
    func (l->data, data);
}

gboolean
bed_mailbox_forget_room (BedMailbox *self, const guint8 *room, GError **error)
{
  for (GList *l = self->parcels.head, *next; l; l = next)
    {
      BedParcelRecord *parcel = l->data;

      next = l->next;
      if (memcmp (parcel->room, room, BED_ROOM_LENGTH) != 0)
        continue;
      if (!bed_store_call (self->store, delete_parcel, self->hop.owner, parcel->n, error))
        return FALSE;
      g_queue_delete_link (&self->parcels, l);
      parcel_free (parcel);
    }
  return TRUE;
}

guint
bed_mailbox_get_length (BedMailbox *self)
{
  return self->parcels.length;
}
