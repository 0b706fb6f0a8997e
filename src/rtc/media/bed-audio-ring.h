/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Samples from one thread to one other without locks (single producer, single consumer), S16 mono.
 * Read and write are real-time safe: no lock, no allocation, no system call.
 */
typedef struct _BedAudioRing BedAudioRing;
/* capacity in samples, rounded up to a power of two; at most 2^20. Returns: (transfer full) */
BedAudioRing *bed_audio_ring_new (guint capacity);
/* When both threads are done with it. */
void bed_audio_ring_free (BedAudioRing *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedAudioRing, bed_audio_ring_free)
guint bed_audio_ring_get_capacity (const BedAudioRing *self);
/* Producer. Returns: how many fitted; the rest is counted as overrun. RT safe. */
guint bed_audio_ring_write (BedAudioRing *self, const gint16 *samples, guint n);
/* Consumer. Returns: how many there were (`out` beyond is untouched); a shortfall is counted as
 * underrun. RT safe. */
guint bed_audio_ring_read (BedAudioRing *self, gint16 *out, guint n);
/* Consumer: throws up to n samples away. RT safe. */
guint bed_audio_ring_skip (BedAudioRing *self, guint n);
/* Either side. RT safe. */
guint bed_audio_ring_get_queued (const BedAudioRing *self);
/* Samples since the start. Any thread. */
guint64 bed_audio_ring_get_overruns (const BedAudioRing *self);
guint64 bed_audio_ring_get_underruns (const BedAudioRing *self);

G_END_DECLS
