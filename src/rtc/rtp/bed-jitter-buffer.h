/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Audio jitter buffer: keeps packets in order and hands one out whenever the player needs sound,
 * aiming at the smallest delay that keeps late packets rare (95th percentile of lateness over the
 * last seconds). Opus payloads: the duration of each comes from its own first bytes. Not
 * thread-safe; pure. At most 256 packets of 1,500 bytes.
 */
typedef enum
{
  BED_JITTER_PUSH_OK,
  BED_JITTER_PUSH_LATE, /* its moment has passed */
  BED_JITTER_PUSH_DUPLICATE,
  BED_JITTER_PUSH_BAD, /* not an Opus packet */
  BED_JITTER_PUSH_RESET, /* accepted; the buffer started anew */
  BED_JITTER_PUSH_N_RESULTS,
} BedJitterPush;

typedef enum
{
  BED_JITTER_EMPTY,      /* nothing has come yet, or still filling: play `samples` of silence */
  BED_JITTER_DECODE,     /* decode payload */
  BED_JITTER_DECODE_FEC, /* decode `samples` out of payload's in-band FEC (it is the packet after
                            the lost one) */
  BED_JITTER_CONCEAL,    /* lost or late: conceal `samples` */
} BedJitterAction;

typedef enum { BED_JITTER_KEEP, BED_JITTER_ACCELERATE, BED_JITTER_DECELERATE } BedJitterStretch;

typedef struct
{
  BedJitterAction action;
  BedJitterStretch
      stretch; /* what may be done to the decoded sound to get nearer to the target delay */
  const guint8 *payload; /* borrowed until the next call */
  gsize length;
  guint samples; /* at 48 kHz, that this step plays */
  guint32 timestamp; /* RTP time of its first sample */
} BedJitterFrame;

typedef struct
{
  guint64 packets; /* accepted */
  guint64 late, duplicates, bad, resets, overflows;
  guint64 concealed_samples, fec_samples, total_samples, silent_samples;
  guint64 concealment_events; /* runs of concealment */
  guint64 accelerated, decelerated; /* requests */
  double target_delay_ms, current_delay_ms;
} BedJitterStats;

typedef struct _BedJitterBuffer BedJitterBuffer;
/* Delays in ms: the adaptive target stays between them. */
BedJitterBuffer *bed_jitter_buffer_new (guint min_delay_ms, guint max_delay_ms);
void bed_jitter_buffer_free (BedJitterBuffer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedJitterBuffer, bed_jitter_buffer_free)
BedJitterPush bed_jitter_buffer_push (BedJitterBuffer *self, gint64 extended_sequence,
                                      guint32 timestamp, const guint8 *payload, gsize length,
                                      gint64 now_us);
/* Call whenever the player runs low; each call moves the playout on by frame->samples. */
void bed_jitter_buffer_pop (BedJitterBuffer *self, gint64 now_us, BedJitterFrame *frame);
/* Additional delay wanted for lip sync, µs. */
void bed_jitter_buffer_set_sync_delay (BedJitterBuffer *self, gint64 delay_us);
/* For lip sync: when the sound of the packet that came last is to be heard, without the additional
 * delay. Returns: FALSE before the first packet. */
gboolean bed_jitter_buffer_get_play_time (const BedJitterBuffer *self, guint32 *timestamp,
                                          gint64 *play_us);
void bed_jitter_buffer_reset (BedJitterBuffer *self);
void bed_jitter_buffer_get_stats (const BedJitterBuffer *self, BedJitterStats *stats);

G_END_DECLS
