/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-jitter-buffer.h"

#include "bed-opus-payload.h"
#include "bed-rtp-packet.h"

#include <string.h>

#define MAX_PACKETS 256
#define BIN_US 5000
#define N_BINS 200 /* lateness up to 1 s */
#define FORGET 0.998 /* for each packet: half of the memory is 7 s old at 20 ms */
#define PERCENTILE 0.95
#define BASE_WINDOW_US (5 * G_USEC_PER_SEC)
#define ANOTHER_LINE (5 * BED_OPUS_CLOCK_RATE) /* a jump of the timestamp that starts anew */
#define FAR_TOO_LATE_US G_USEC_PER_SEC
#define STALL_LIMIT BED_OPUS_CLOCK_RATE /* concealed without anything coming, then silence */
#define DEFAULT_SAMPLES 960
#define SLOW_US 5000 /* below the target by this: make it longer */
#define FAST_US 25000 /* above the target by this: make it shorter */
#define SKIP_US 60000 /* above it by this: do not fill gaps */
#define STEP 120 /* 2.5 ms: what Opus can conceal in */

typedef struct
{
  gint64 extended;
  gint64 start; /* samples, unwrapped RTP timestamp */
  guint samples;
  gsize length;
  guint8 payload[];
} Packet;

/* Two times are compared: when a sample could have been played at best (`base`: the least of
 * arrival minus media time, over the last 5 to 10 s) and when it is played. The difference is the
 * current delay; the target follows the 95th percentile of how much later than `base` packets come.
 */
struct _BedJitterBuffer
{
  gint64 min_delay_us, max_delay_us, sync_delay_us;
  GPtrArray *packets; /* owned, ascending by start */
  Packet *lent; /* owned: what the last pop lent */
  BedSequence timestamps;
  gboolean any, playing;
  gint64 next; /* start of what is to be played next */
  gint64 newest_start;
  gint64 last_extended; /* of the last packet decoded */
  gboolean last_was_dtx, concealing;
  guint last_samples;
  guint stall; /* samples concealed while nothing was there; `next` stood still */
  gint64 bases[2], base_since_us; /* the least of this window and of the one before */
  double bins[N_BINS], weight;
  gint64 target_us;
  BedJitterStats stats;
};

BedJitterBuffer *
bed_jitter_buffer_new (guint min_delay_ms, guint max_delay_ms)
{
  BedJitterBuffer *self = g_new0 (BedJitterBuffer, 1);

  self->min_delay_us = min_delay_ms * 1000ll;
  self->max_delay_us = MAX (min_delay_ms, max_delay_ms) * 1000ll;
  self->packets = g_ptr_array_new_with_free_func (g_free);
  bed_jitter_buffer_reset (self);
  return self;
}

void
bed_jitter_buffer_free (BedJitterBuffer *self)
{
  g_ptr_array_unref (self->packets);
  g_free (self->lent);
  g_free (self);
}

void
bed_jitter_buffer_reset (BedJitterBuffer *self)
{
  g_ptr_array_set_size (self->packets, 0);
  self->timestamps = (BedSequence) { 0 };
  self->any = self->playing = self->last_was_dtx = self->concealing = FALSE;
  self->stall = 0;
  self->last_samples = DEFAULT_SAMPLES;
  self->bases[0] = self->bases[1] = G_MAXINT64;
  memset (self->bins, 0, sizeof self->bins);
  self->bins[0] = self->weight = 1;
  self->target_us = self->min_delay_us;
}

void
bed_jitter_buffer_set_sync_delay (BedJitterBuffer *self, gint64 delay_us)
{
  self->sync_delay_us = CLAMP (delay_us, 0, FAR_TOO_LATE_US);
}

static gint64
media_us (gint64 samples)
{
  return samples * G_USEC_PER_SEC / BED_OPUS_CLOCK_RATE;
}

static gint64
base_us (const BedJitterBuffer *self)
{
  return MIN (self->bases[0], self->bases[1]);
}

static void
update_base (BedJitterBuffer *self, gint64 transit_us, gint64 now_us)
{
  if (self->bases[0] == G_MAXINT64)
    self->base_since_us = now_us;
  if (now_us - self->base_since_us > BASE_WINDOW_US)
    {
      self->bases[1] = self->bases[0];
      self->bases[0] = G_MAXINT64;
      self->base_since_us = now_us;
    }
  self->bases[0] = MIN (self->bases[0], transit_us);
}

static gint64
percentile_us (const BedJitterBuffer *self)
{
  double sum = 0;
  guint bin = 0;

  for (; bin < N_BINS - 1; bin++)
    {
      sum += self->bins[bin];
      if (sum >= PERCENTILE * self->weight)
        break;
    }
  return (bin + 1) * BIN_US;
}

static void
learn_lateness (BedJitterBuffer *self, gint64 start, gint64 now_us)
{
  gint64 transit = now_us - media_us (start), late;

  update_base (self, transit, now_us);
  late = transit - base_us (self);
  for (guint i = 0; i < N_BINS; i++)
    self->bins[i] *= FORGET;
  self->weight = self->weight * FORGET + 1;
  self->bins[CLAMP (late / BIN_US, 0, N_BINS - 1)] += 1;
  self->target_us = CLAMP (percentile_us (self), self->min_delay_us, self->max_delay_us);
}

static Packet *
packet_at (const BedJitterBuffer *self, guint index)
{
  return g_ptr_array_index (self->packets, index);
}

/* Returns: FALSE when there is one with the same start already. */
static gboolean
insert (BedJitterBuffer *self, Packet *packet)
{
  guint at = self->packets->len;

  while (at > 0 && packet_at (self, at - 1)->start > packet->start)
    at--;
  if (at > 0 && packet_at (self, at - 1)->start == packet->start)
    return FALSE;
  g_ptr_array_insert (self->packets, at, packet);
  return TRUE;
}

static void
drop_oldest (BedJitterBuffer *self)
{
  g_ptr_array_remove_index (self->packets, 0);
  self->stats.overflows++;
}

static gboolean
is_another_line (BedJitterBuffer *self, guint32 timestamp)
{
  gint64 jump = (gint32) (timestamp - (guint32) self->newest_start);

  return self->any && ABS (jump) > ANOTHER_LINE;
}

static BedJitterPush
store (BedJitterBuffer *self, gint64 extended, gint64 start, guint samples, const guint8 *payload,
       gsize length)
{
  Packet *packet;

  if (self->playing && start + samples <= self->next)
    {
      self->stats.late++;
      return BED_JITTER_PUSH_LATE;
    }
  if (self->packets->len == MAX_PACKETS)
    drop_oldest (self);
  packet = g_malloc (sizeof *packet + length);
  *packet = (Packet) { .extended = extended, .start = start, .samples = samples, .length = length };
  memcpy (packet->payload, payload, length);
  if (insert (self, packet))
    {
      self->stats.packets++;
      return BED_JITTER_PUSH_OK;
    }
  g_free (packet);
  self->stats.duplicates++;
  return BED_JITTER_PUSH_DUPLICATE;
}

BedJitterPush
bed_jitter_buffer_push (BedJitterBuffer *self, gint64 extended_sequence, guint32 timestamp,
                        const guint8 *payload, gsize length, gint64 now_us)
{
  guint samples = length <= BED_RTP_MAX_PACKET ? bed_opus_payload_get_samples (payload, length) : 0;
  BedJitterPush result;
  gboolean reset;
  gint64 start;

  if (samples == 0)
    {
      self->stats.bad++;
      return BED_JITTER_PUSH_BAD;
    }
  reset = is_another_line (self, timestamp);
  if (reset)
    {
      bed_jitter_buffer_reset (self);
      self->stats.resets++;
    }
  start = bed_sequence_unwrap_timestamp (&self->timestamps, timestamp);
  self->newest_start = self->any ? MAX (self->newest_start, start) : start;
  self->any = TRUE;
  learn_lateness (self, start, now_us);
  result = store (self, extended_sequence, start, samples, payload, length);
  return reset && result == BED_JITTER_PUSH_OK ? BED_JITTER_PUSH_RESET : result;
}

static gint64
wanted_us (const BedJitterBuffer *self)
{
  return self->target_us + self->sync_delay_us;
}

/* How long after its earliest possible moment `next` is played. */
static gint64
current_us (const BedJitterBuffer *self, gint64 now_us)
{
  return now_us - base_us (self) - media_us (self->next);
}

/* Throws away what could only be played far too late, and what lies behind us. */
static void
clean (BedJitterBuffer *self, gint64 now_us)
{
  while (self->packets->len > 0)
    {
      const Packet *packet = packet_at (self, 0);

      if (packet->start + packet->samples <= self->next)
        g_ptr_array_remove_index (self->packets, 0);
      else if (self->packets->len > 1
               && current_us (self, now_us) > wanted_us (self) + FAR_TOO_LATE_US)
        {
          self->next = packet->start + packet->samples;
          self->stall = 0;
          drop_oldest (self);
        }
      else
        break;
    }
}

/* Returns: TRUE when the delay has been waited for and sound may begin. */
static gboolean
try_start (BedJitterBuffer *self, gint64 now_us)
{
  const Packet *first = self->packets->len > 0 ? packet_at (self, 0) : NULL;

  if (first == NULL || now_us < base_us (self) + media_us (first->start) + wanted_us (self))
    return FALSE;
  self->playing = TRUE;
  self->next = first->start;
  self->last_extended = first->extended - 1;
  self->stall = 0;
  return TRUE;
}

static void
play (BedJitterBuffer *self, BedJitterFrame *frame, gint64 now_us)
{
  Packet *packet = g_ptr_array_steal_index (self->packets, 0);
  gint64 excess = current_us (self, now_us) - wanted_us (self);

  self->lent = packet;
  *frame = (BedJitterFrame){ .action = BED_JITTER_DECODE,
                             .payload = packet->payload,
                             .length = packet->length,
                             .samples = packet->samples,
                             .timestamp = packet->start };
  if (excess > FAST_US)
    {
      frame->stretch = BED_JITTER_ACCELERATE;
      self->stats.accelerated++;
    }
  else if (excess < -SLOW_US)
    {
      frame->stretch = BED_JITTER_DECELERATE;
      self->stats.decelerated++;
    }
  self->next = packet->start + packet->samples;
  self->last_extended = packet->extended;
  self->last_samples = packet->samples;
  self->last_was_dtx = bed_opus_payload_is_dtx (packet->payload, packet->length);
  self->stall = 0;
  self->concealing = FALSE;
}

static void
conceal (BedJitterBuffer *self, BedJitterFrame *frame, guint samples, gboolean silence)
{
  *frame =
      (BedJitterFrame){ .action = BED_JITTER_CONCEAL, .samples = samples, .timestamp = self->next };
  if (silence)
    {
      self->stats.silent_samples += samples;
      return;
    }
  self->stats.concealed_samples += samples;
  self->stats.concealment_events += !self->concealing;
  self->concealing = TRUE;
}

/* `gap` samples are missing before the first packet that is here. */
static void
fill_gap (BedJitterBuffer *self, BedJitterFrame *frame, guint gap)
{
  const Packet *packet = packet_at (self, 0);
  gboolean nothing_lost = packet->extended == self->last_extended + 1;

  if (!nothing_lost && gap <= packet->samples)
    {
      *frame = (BedJitterFrame){ .action = BED_JITTER_DECODE_FEC,
                                 .payload = packet->payload,
                                 .length = packet->length,
                                 .samples = gap,
                                 .timestamp = self->next };
      self->stats.fec_samples += gap;
      self->next += gap;
      return;
    }
  gap = MIN (gap, self->last_samples);
  conceal (self, frame, gap, nothing_lost);
  self->next += gap;
}

static void
stand_still (BedJitterBuffer *self, BedJitterFrame *frame)
{
  conceal (self, frame, self->last_samples, self->last_was_dtx);
  self->stall += self->last_samples;
  if (self->stall >= STALL_LIMIT)
    self->playing = FALSE;
}

/* What was concealed while standing still covers the beginning of a gap; so does an excess of
 * delay. */
static gint64
remaining_gap (BedJitterBuffer *self, gint64 now_us)
{
  gint64 gap = packet_at (self, 0)->start - self->next;
  gint64 skip = MIN (gap, self->stall);

  if (gap <= 0)
    return 0;
  self->stall = 0;
  if (gap % STEP != 0 || current_us (self, now_us) > wanted_us (self) + SKIP_US)
    skip = gap;
  self->next += skip;
  return gap - skip;
}

void
bed_jitter_buffer_pop (BedJitterBuffer *self, gint64 now_us, BedJitterFrame *frame)
{
  gint64 gap;

  g_clear_pointer (&self->lent, g_free);
  if (self->playing)
    clean (self, now_us);
  if (!self->playing && !try_start (self, now_us))
    {
      *frame = (BedJitterFrame) { .action = BED_JITTER_EMPTY, .samples = DEFAULT_SAMPLES };
      self->stats.silent_samples += frame->samples;
    }
  else if (self->packets->len == 0)
    stand_still (self, frame);
  else if ((gap = remaining_gap (self, now_us)) > 0)
    fill_gap (self, frame, gap);
  else
    play (self, frame, now_us);
  self->stats.total_samples += frame->samples;
  if (self->playing)
    self->stats.current_delay_ms = current_us (self, now_us) / 1000.0;
  self->stats.target_delay_ms = wanted_us (self) / 1000.0;
}

gboolean
bed_jitter_buffer_get_play_time (const BedJitterBuffer *self, guint32 *timestamp, gint64 *play_us)
{
  if (!self->any)
    return FALSE;
  *timestamp = self->newest_start;
  *play_us = base_us (self) + media_us (self->newest_start) + self->target_us;
  return TRUE;
}

void
bed_jitter_buffer_get_stats (const BedJitterBuffer *self, BedJitterStats *stats)
{
  *stats = self->stats;
}
