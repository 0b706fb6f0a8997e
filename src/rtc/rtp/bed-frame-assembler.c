/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-frame-assembler.h"

#include "bed-vp8-payload.h"

#include <string.h>

#define WINDOW 1024 /* packets, power of two */
#define MAX_KEYS 8
#define FIRST_WAIT_US 300000
#define LAST_WAIT_US 3000000

typedef struct
{
  gboolean used;
  gboolean filler; /* has no picture in it, only a number */
  gboolean start;
  gboolean marker;
  gboolean key_frame;
  guint16 width, height;
  guint32 timestamp;
  gint64 extended;
  gint64 arrival_us;
  gsize length;
  guint8 *data; /* owned */
} Slot;

/* `next` is the number after the last frame handed out. While it is not known, only a key frame
 * helps. */
struct _BedFrameAssembler
{
  Slot slots[WINDOW];
  gboolean next_known;
  gint64 next;
  gint64 floor; /* nothing before this is taken */
  gboolean any;
  gint64 newest;
  gint64 keys[MAX_KEYS]; /* where key frames start, ascending by arrival */
  guint n_keys;
  gint64 hole; /* the missing number we are stuck at, and since when (0: not stuck) */
  gint64 stuck_since_us;
  gint64 requested_us; /* 0: not since the last key frame */
  gint64 request_wait_us;
  BedFrameAssemblerStats stats;
};

void
bed_assembled_frame_free (BedAssembledFrame *self)
{
  g_bytes_unref (self->data);
  g_free (self);
}

BedFrameAssembler *
bed_frame_assembler_new (void)
{
  BedFrameAssembler *self = g_new0 (BedFrameAssembler, 1);

  self->floor = G_MININT64;
  self->request_wait_us = FIRST_WAIT_US;
  return self;
}

static Slot *
place (BedFrameAssembler *self, gint64 extended)
{
  return &self->slots[(guint64) extended & (WINDOW - 1)];
}

/* The packet with this number, or NULL. */
static Slot *
find (BedFrameAssembler *self, gint64 extended)
{
  Slot *slot = place (self, extended);

  return slot->used && slot->extended == extended ? slot : NULL;
}

static void
clear_slot (Slot *slot)
{
  g_free (slot->data);
  *slot = (Slot) { 0 };
}

static void
clear_all (BedFrameAssembler *self)
{
  for (guint i = 0; i < WINDOW; i++)
    {
      if (self->slots[i].used && self->slots[i].start)
        self->stats.dropped_frames++;
      clear_slot (&self->slots[i]);
    }
  self->n_keys = 0;
  self->next_known = FALSE;
  self->stuck_since_us = 0;
}

void
bed_frame_assembler_free (BedFrameAssembler *self)
{
  clear_all (self);
  g_free (self);
}

void
bed_frame_assembler_reset (BedFrameAssembler *self)
{
  clear_all (self);
  self->any = FALSE;
  self->floor = G_MININT64;
}

static void
remember_key (BedFrameAssembler *self, gint64 extended)
{
  if (self->n_keys == MAX_KEYS)
    memmove (self->keys, self->keys + 1, --self->n_keys * sizeof *self->keys);
  self->keys[self->n_keys++] = extended;
}

/* Returns: FALSE when the number is outside of what is kept. */
static gboolean
fits_window (BedFrameAssembler *self, gint64 extended)
{
  gint64 oldest = self->next_known ? self->next : self->floor;

  if (extended < oldest || (self->any && extended <= self->newest - WINDOW))
    {
      self->stats.old_packets++;
      return FALSE;
    }
  if (self->next_known && extended - self->next >= WINDOW)
    {
      self->stats.overflows++;
      clear_all (self);
    }
  return TRUE;
}

static gboolean
read_payload (Slot *slot, const BedRtpPacket *packet)
{
  BedVp8Payload payload;
  guint width = 0, height = 0;

  if (packet->payload_length == 0)
    {
      slot->filler = TRUE;
      return TRUE;
    }
  if (!bed_vp8_payload_parse (&payload, packet->payload, packet->payload_length))
    return FALSE;
  slot->start = payload.start_of_partition && payload.partition == 0;
  if (slot->start
      && !bed_vp8_frame_get_info (payload.data, payload.length, &slot->key_frame, &width, &height))
    return FALSE;
  slot->width = width;
  slot->height = height;
  slot->data = g_memdup2 (payload.data, payload.length);
  slot->length = payload.length;
  return TRUE;
}

gboolean
bed_frame_assembler_push (BedFrameAssembler *self, const BedRtpPacket *packet, gint64 extended,
                          gint64 now_us)
{
  Slot slot = { .used = TRUE,
                .marker = packet->marker,
                .timestamp = packet->timestamp,
                .extended = extended,
                .arrival_us = now_us };

  if (!fits_window (self, extended) || find (self, extended) != NULL)
    return FALSE;
  if (!read_payload (&slot, packet))
    {
      self->stats.bad_packets++;
      return FALSE;
    }
  clear_slot (place (self, extended));
  *place (self, extended) = slot;
  self->newest = self->any ? MAX (self->newest, extended) : extended;
  self->any = TRUE;
  self->stats.packets++;
  if (slot.key_frame)
    remember_key (self, extended);
  return TRUE;
}

/* Whether all of the frame that starts at `start` is there. */
static gboolean
is_whole (BedFrameAssembler *self, gint64 start, gint64 *last)
{
  const Slot *first = find (self, start);

  if (first == NULL || !first->start)
    return FALSE;
  for (gint64 at = start; at < start + WINDOW; at++)
    {
      const Slot *slot = find (self, at);

      if (slot == NULL)
        return FALSE;
      if (slot->timestamp != first->timestamp || (at > start && slot->start))
        {
          *last = at - 1; /* its end was not marked, but another one begins */
          return TRUE;
        }
      if (slot->marker)
        {
          *last = at;
          return TRUE;
        }
    }
  return FALSE;
}

static GBytes *
join (BedFrameAssembler *self, gint64 start, gint64 last)
{
  gsize length = 0;
  guint8 *data, *at;

  for (gint64 i = start; i <= last; i++)
    length += find (self, i)->length;
  at = data = g_malloc (length);
  for (gint64 i = start; i <= last; i++)
    {
      const Slot *slot = find (self, i);

      if (slot->length > 0)
        memcpy (at, slot->data, slot->length);
      at += slot->length;
    }
  return g_bytes_new_take (data, length);
}

/* Everything before `next` is done with. */
static void
advance (BedFrameAssembler *self, gint64 next)
{
  guint kept = 0;

  for (guint i = 0; i < WINDOW; i++)
    if (self->slots[i].used && self->slots[i].extended < next)
      {
        if (self->slots[i].start)
          self->stats.dropped_frames++;
        clear_slot (&self->slots[i]);
      }
  for (guint i = 0; i < self->n_keys; i++)
    if (self->keys[i] >= next)
      self->keys[kept++] = self->keys[i];
  self->n_keys = kept;
  self->next_known = TRUE;
  self->next = self->floor = next;
  self->stuck_since_us = 0;
}

static BedAssembledFrame *
take (BedFrameAssembler *self, gint64 start, gint64 last, gint64 now_us)
{
  BedAssembledFrame *frame = g_new0 (BedAssembledFrame, 1);
  Slot *first = find (self, start);

  frame->data = join (self, start, last);
  frame->timestamp = first->timestamp;
  frame->first_sequence = start;
  frame->last_sequence = last;
  frame->first_arrival_us = first->arrival_us;
  for (gint64 i = start; i <= last; i++)
    frame->complete_us = MAX (frame->complete_us, find (self, i)->arrival_us);
  frame->key_frame = first->key_frame;
  frame->width = first->width;
  frame->height = first->height;
  first->start = FALSE; /* so that it does not count as dropped */
  advance (self, last + 1);
  self->stats.frames++;
  if (frame->key_frame)
    {
      self->stats.key_frames++;
      self->requested_us = 0;
      self->request_wait_us = FIRST_WAIT_US;
    }
  return frame;
}

static void
skip_fillers (BedFrameAssembler *self)
{
  const Slot *slot;

  while (self->next_known && (slot = find (self, self->next)) != NULL && slot->filler)
    clear_slot (place (self, self->next++));
}

/* Notes at which missing packet we are stuck, if at all. */
static void
look_for_hole (BedFrameAssembler *self, gint64 now_us)
{
  gint64 at = self->next;

  while (at <= self->newest && find (self, at) != NULL)
    at++;
  if (!self->any || at > self->newest)
    self->stuck_since_us = 0;
  else if (self->stuck_since_us == 0 || self->hole != at)
    {
      self->hole = at;
      self->stuck_since_us = now_us;
    }
}

BedAssembledFrame *
bed_frame_assembler_pop (BedFrameAssembler *self, gint64 now_us)
{
  const Slot *slot;
  gint64 last;

  skip_fillers (self);
  if (self->next_known && is_whole (self, self->next, &last))
    return take (self, self->next, last, now_us);
  for (guint i = 0; i < self->n_keys; i++)
    if (is_whole (self, self->keys[i], &last))
      return take (self, self->keys[i], last, now_us);
  if (!self->next_known)
    return NULL;
  slot = find (self, self->next);
  if (slot != NULL && !slot->start)
    self->next_known = FALSE; /* the middle of something: not what follows our last frame */
  else
    look_for_hole (self, now_us);
  return NULL;
}

gboolean
bed_frame_assembler_wants_key_frame (BedFrameAssembler *self, gint64 now_us, gint64 wait_us)
{
  gboolean needed = self->next_known
                        ? self->stuck_since_us != 0 && now_us - self->stuck_since_us > wait_us
                        : self->any;

  if (!needed || (self->requested_us != 0 && now_us - self->requested_us < self->request_wait_us))
    return FALSE;
  if (self->requested_us != 0)
    self->request_wait_us = MIN (self->request_wait_us * 2, LAST_WAIT_US);
  self->requested_us = MAX (now_us, 1);
  self->stats.key_frame_requests++;
  return TRUE;
}

void
bed_frame_assembler_decoder_failed (BedFrameAssembler *self)
{
  if (self->next_known)
    self->floor = self->next;
  self->next_known = FALSE;
  self->stuck_since_us = 0;
}

void
bed_frame_assembler_get_stats (const BedFrameAssembler *self, BedFrameAssemblerStats *stats)
{
  *stats = self->stats;
}
