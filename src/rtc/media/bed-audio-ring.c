/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-audio-ring.h"

#include <stdatomic.h>
#include <string.h>

#define MAX_CAPACITY (1u << 20)

/* Two counters that only grow (and wrap together): the producer owns `written`, the consumer
 * `taken`. Each is released after the samples were touched and acquired before they are. They lie
 * in cache lines of their own, so that the two threads do not slow each other down.
 */
struct _BedAudioRing
{
  _Alignas (64) atomic_uint written;
  atomic_uint_least64_t overruns;
  _Alignas (64) atomic_uint taken;
  atomic_uint_least64_t underruns;
  _Alignas (64) guint capacity;
  gint16 *samples;
};

BedAudioRing *
bed_audio_ring_new (guint capacity)
{
  BedAudioRing *self;
  guint rounded = 1;

  g_return_val_if_fail (capacity > 0 && capacity <= MAX_CAPACITY, NULL);
  while (rounded < capacity)
    rounded *= 2;
  self = g_aligned_alloc0 (1, sizeof *self, 64);
  self->capacity = rounded;
  self->samples = g_new0 (gint16, rounded);
  return self;
}

void
bed_audio_ring_free (BedAudioRing *self)
{
  g_free (self->samples);
  g_aligned_free (self);
}

guint
bed_audio_ring_get_capacity (const BedAudioRing *self)
{
  return self->capacity;
}

guint
bed_audio_ring_write (BedAudioRing *self, const gint16 *samples, guint n)
{
  guint written = atomic_load_explicit (&self->written, memory_order_relaxed);
  guint taken = atomic_load_explicit (&self->taken, memory_order_acquire);
  guint room = self->capacity - (written - taken);
  guint fits = MIN (n, room);
  guint at = written & (self->capacity - 1);
  guint first = MIN (fits, self->capacity - at);

  memcpy (self->samples + at, samples, first * sizeof *samples);
  memcpy (self->samples, samples + first, (fits - first) * sizeof *samples);
  atomic_store_explicit (&self->written, written + fits, memory_order_release);
  if (fits < n)
    atomic_fetch_add_explicit (&self->overruns, n - fits, memory_order_relaxed);
  return fits;
}

/* How many of n can be taken. Looks at the producer's counter once: MIN() would look twice. */
static guint
available (BedAudioRing *self, guint taken, guint n)
{
  guint queued = atomic_load_explicit (&self->written, memory_order_acquire) - taken;

  return MIN (n, queued);
}

guint
bed_audio_ring_read (BedAudioRing *self, gint16 *out, guint n)
{
  guint taken = atomic_load_explicit (&self->taken, memory_order_relaxed);
  guint gets = available (self, taken, n);
  guint at = taken & (self->capacity - 1);
  guint first = MIN (gets, self->capacity - at);

  memcpy (out, self->samples + at, first * sizeof *out);
  memcpy (out + first, self->samples, (gets - first) * sizeof *out);
  atomic_store_explicit (&self->taken, taken + gets, memory_order_release);
  if (gets < n)
    atomic_fetch_add_explicit (&self->underruns, n - gets, memory_order_relaxed);
  return gets;
}

guint
bed_audio_ring_skip (BedAudioRing *self, guint n)
{
  guint taken = atomic_load_explicit (&self->taken, memory_order_relaxed);
  guint skips = available (self, taken, n);

  atomic_store_explicit (&self->taken, taken + skips, memory_order_release);
  return skips;
}

guint
bed_audio_ring_get_queued (const BedAudioRing *self)
{
  guint taken = atomic_load_explicit (&self->taken, memory_order_acquire);
  guint queued = atomic_load_explicit (&self->written, memory_order_acquire) - taken;

  /* Whoever looks from the producer's side may see an old `taken`. */
  return MIN (queued, self->capacity);
}

guint64
bed_audio_ring_get_overruns (const BedAudioRing *self)
{
  return atomic_load_explicit (&self->overruns, memory_order_relaxed);
}

guint64
bed_audio_ring_get_underruns (const BedAudioRing *self)
{
  return atomic_load_explicit (&self->underruns, memory_order_relaxed);
}
