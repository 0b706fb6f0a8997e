/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-bandwidth-estimator.h"

#include "bed-bandwidth-probe-private.h"
#include "bed-delay-detector-private.h"

#include <math.h>

#define HISTORY 4096 /* packets in flight, power of two */
#define ARRIVAL_RANGE ((gint64) (1 << 24) * 64000)
#define RATE_WINDOW_US 500000
#define RATES 10 /* slices of the window */
#define BASE_WINDOW_US (10 * G_USEC_PER_SEC)
#define LOSS_WINDOW_US 500000
#define LOSS_MIN_PACKETS 20
#define LOSS_HIGH 0.10
#define LOSS_LOW 0.02
#define SILENCE_US (2 * G_USEC_PER_SEC)
#define ASKED_EVERY_US 200000 /* at the latest: later, it was this machine that stood still */
#define DECREASE 0.85
#define DRAIN 0.70 /* while much is queued: so that it empties */
#define DRAIN_QUEUE_MS 60.0
#define FULL_QUEUE_MS 120.0 /* overuse, whatever the slope says */
#define CALM_QUEUE_MS 20.0
#define SOME_QUEUE_MS 10.0 /* less than this is no queue, whatever the slope says: a late reader */
#define GROW_START 1.6 /* per second, before the first congestion */
#define GROW_CALM 1.25
#define GROW_NEAR 1.06
#define PROBE_AFTER_US (2 * G_USEC_PER_SEC) /* without congestion */
#define PROBE_SHARE 0.7 /* of the target: where less is sent, it cannot grow by itself */
#define REMB_LIFE_US (10 * G_USEC_PER_SEC)

typedef struct
{
  gint64 sequence;
  gint64 sent_us;
  guint bytes;
  gboolean waiting, probe;
} Sent;

struct _BedBandwidthEstimator
{
  guint min, max;
  Sent sent[HISTORY];
  gint64 next_sequence;
  gint64 last_sent_us, last_feedback_us, asked_us;
  BedDelayDetector detector;
  gboolean arrival_known;
  gint64 last_arrival_us; /* unwrapped */
  gint64 slice_bytes[RATES], slice; /* received in each 50 ms slice of arrival time */
  gint64 slices_known;
  gint64 bases[2], base_since_us; /* least (arrival - sent), of this window and the one before */
  double queue_ms;
  double delay_based, loss_based, capacity; /* bit/s; capacity 0: unknown */
  gint64 round_trip_us;
  BedBandwidthProbe probe;
  gint64 decreased_us, increased_us;
  gboolean starting;
  guint window_received, window_lost;
  gint64 window_since_us, loss_decreased_us, loss_increased_us;
  double loss;
  guint remb;
  gint64 remb_us;
  BedBandwidthStats stats;
};

BedBandwidthEstimator *
bed_bandwidth_estimator_new (guint start, guint min, guint max)
{
  BedBandwidthEstimator *self = g_new0 (BedBandwidthEstimator, 1);

  self->min = min;
  self->max = MAX (min, max);
  self->delay_based = CLAMP (start, min, self->max);
  self->loss_based = self->max;
  self->starting = TRUE;
  self->round_trip_us = 100000;
  self->bases[0] = self->bases[1] = G_MAXINT64;
  bed_delay_detector_init (&self->detector);
  return self;
}

void
bed_bandwidth_estimator_free (BedBandwidthEstimator *self)
{
  g_free (self);
}

guint16
bed_bandwidth_estimator_next_packet (BedBandwidthEstimator *self, gsize bytes, gint64 now_us)
{
  gint64 sequence = self->next_sequence++;

  self->sent[sequence & (HISTORY - 1)]
      = (Sent) { .sequence = sequence, .sent_us = now_us, .bytes = bytes, .waiting = TRUE };
  if (self->last_sent_us == 0 || self->last_feedback_us == 0)
    self->last_feedback_us = now_us; /* silence is counted from the first packet */
  self->last_sent_us = now_us;
  return sequence;
}

guint16
bed_bandwidth_estimator_next_probe_packet (BedBandwidthEstimator *self, gsize bytes, gint64 now_us)
{
  guint16 number = bed_bandwidth_estimator_next_packet (self, bytes, now_us);

  self->sent[number & (HISTORY - 1)].probe = TRUE;
  return number;
}

static guint
target (const BedBandwidthEstimator *self)
{
  double rate = MIN (self->delay_based, self->loss_based);

  if (self->remb != 0)
    rate = MIN (rate, self->remb);
  return CLAMP (rate, self->min, self->max);
}

/* The receiver's time wraps after 12 days. */
static gint64
unwrap_arrival (BedBandwidthEstimator *self, gint64 arrival_us)
{
  gint64 distance;

  if (!self->arrival_known)
    {
      self->arrival_known = TRUE;
      self->last_arrival_us = arrival_us;
    }
  distance = (arrival_us - self->last_arrival_us) % ARRIVAL_RANGE;
  if (distance > ARRIVAL_RANGE / 2)
    distance -= ARRIVAL_RANGE;
  else if (distance < -ARRIVAL_RANGE / 2)
    distance += ARRIVAL_RANGE;
  return self->last_arrival_us + distance;
}

static void
count_received (BedBandwidthEstimator *self, gint64 arrival_us, guint bytes)
{
  gint64 slice = arrival_us / (RATE_WINDOW_US / RATES);

  if (slice > self->slice)
    {
      for (gint64 i = MAX (self->slice + 1, slice - RATES + 1); i <= slice; i++)
        self->slice_bytes[(guint64) i % RATES] = 0;
      self->slices_known = MIN (RATES, self->slices_known + MIN (RATES, slice - self->slice));
      self->slice = slice;
    }
  if (slice > self->slice - RATES)
    self->slice_bytes[(guint64) slice % RATES] += bytes;
}

/* bit/s over the whole slices of the last half second; 0: not known yet. */
static double
acknowledged (const BedBandwidthEstimator *self)
{
  gint64 bytes = 0, n = MIN (self->slices_known, RATES) - 1;

  if (n < 5)
    return 0;
  for (gint64 i = 1; i <= n; i++)
    bytes += self->slice_bytes[(guint64) (self->slice - i) % RATES];
  return bytes * 8.0 * RATES * G_USEC_PER_SEC / ((double) n * RATE_WINDOW_US);
}

static void
measure_queue (BedBandwidthEstimator *self, gint64 transit_us, gint64 now_us)
{
  if (self->bases[0] == G_MAXINT64 && self->bases[1] == G_MAXINT64)
    self->base_since_us = now_us;
  if (now_us - self->base_since_us > BASE_WINDOW_US)
    {
      self->bases[1] = self->bases[0];
      self->bases[0] = G_MAXINT64;
      self->base_since_us = now_us;
    }
  self->bases[0] = MIN (self->bases[0], transit_us);
  self->queue_ms += ((transit_us - MIN (self->bases[0], self->bases[1])) / 1000.0 - self->queue_ms)
                    / 8;
}

/* Returns: FALSE when nothing of ours was in it. */
static gboolean
take_entries (BedBandwidthEstimator *self, const BedTransportFeedback *feedback, gint64 now_us)
{
  gint64 base = self->next_sequence
                + (gint16) (feedback->base_sequence - (guint16) self->next_sequence);
  gboolean any = FALSE;

  for (guint i = 0; i < feedback->n_entries; i++)
    {
      const BedTransportFeedbackEntry *entry = &feedback->entries[i];
      Sent *sent = &self->sent[(guint64) (base + i) & (HISTORY - 1)];
      gint64 arrival;

      if (!sent->waiting || sent->sequence != base + i)
        continue;
      any = TRUE;
      sent->waiting = FALSE;
      if (!entry->received)
        {
          self->window_lost++;
          if (sent->probe)
            bed_bandwidth_probe_lose (&self->probe);
          continue;
        }
      arrival = unwrap_arrival (self, entry->arrival_us);
      self->last_arrival_us = MAX (self->last_arrival_us, arrival);
      self->window_received++;
      self->round_trip_us +=
          (CLAMP (now_us - sent->sent_us, 0, 2 * G_USEC_PER_SEC) - self->round_trip_us) / 32;
      count_received (self, arrival, sent->bytes);
      measure_queue (self, arrival - sent->sent_us, now_us);
      bed_delay_detector_add (&self->detector, sent->sent_us, arrival);
      if (sent->probe)
        bed_bandwidth_probe_take (&self->probe, sent->sent_us, arrival, sent->bytes);
    }
  return any;
}

static void
decrease (BedBandwidthEstimator *self, gint64 now_us)
{
  double rate = acknowledged (self);

  if (now_us - self->decreased_us < MAX (200000, self->round_trip_us))
    return;
  if (rate <= 0)
    rate = self->delay_based;
  self->capacity = self->capacity == 0 ? rate : self->capacity + (rate - self->capacity) * 0.3;
  rate *= self->queue_ms > DRAIN_QUEUE_MS ? DRAIN : DECREASE;
  self->delay_based = MAX (self->min, MIN (self->delay_based, rate));
  self->decreased_us = now_us;
  self->starting = FALSE;
}

static double
growth_per_second (const BedBandwidthEstimator *self)
{
  if (self->starting)
    return GROW_START;
  if (self->queue_ms > CALM_QUEUE_MS)
    return GROW_NEAR;
  /* Near to where it became too much last time: with care. */
  if (self->capacity > 0 && fabs (self->delay_based - self->capacity) < 0.15 * self->capacity)
    return GROW_NEAR;
  return GROW_CALM;
}

/* Never far above what is really sent, or silence would count as capacity. */
static void
increase (BedBandwidthEstimator *self, gint64 now_us)
{
  double seconds = MIN (now_us - self->increased_us, G_USEC_PER_SEC) / (double) G_USEC_PER_SEC;
  double rate = acknowledged (self), limit = rate > 0 ? 1.5 * rate + 20000 : self->max;
  double grown = self->delay_based * pow (growth_per_second (self), seconds) + 4000 * seconds;

  if (self->increased_us == 0 || now_us - self->decreased_us < self->round_trip_us)
    return;
  if (self->capacity > 0 && self->delay_based > 1.15 * self->capacity
      && self->queue_ms < CALM_QUEUE_MS)
    self->capacity = 0; /* there is more than there was */
  self->delay_based = MIN (self->max, MAX (self->delay_based, MIN (grown, limit)));
}

static gboolean
is_calm (const BedBandwidthEstimator *self)
{
  return self->detector.usage == BED_BANDWIDTH_NORMAL && self->queue_ms < CALM_QUEUE_MS
         && self->loss < LOSS_LOW;
}

static void
take_probe (BedBandwidthEstimator *self, gint64 now_us)
{
  double rate = bed_bandwidth_probe_finish (&self->probe, self->delay_based, now_us);

  if (is_calm (self) && rate > self->delay_based)
    self->delay_based = MIN (self->max, rate);
}

static void
adapt_to_delay (BedBandwidthEstimator *self, gint64 now_us)
{
  BedBandwidthUsage usage = self->detector.usage;
  gboolean full = self->queue_ms > FULL_QUEUE_MS && usage != BED_BANDWIDTH_UNDERUSE;

  if (full || (usage == BED_BANDWIDTH_OVERUSE && self->queue_ms > SOME_QUEUE_MS))
    decrease (self, now_us);
  else if (usage == BED_BANDWIDTH_NORMAL && self->queue_ms < DRAIN_QUEUE_MS)
    increase (self, now_us);
  self->increased_us = now_us;
}

static void
adapt_to_loss (BedBandwidthEstimator *self, gint64 now_us)
{
  if (self->loss > LOSS_HIGH)
    {
      if (now_us - self->loss_decreased_us < 300000 + self->round_trip_us)
        return;
      self->loss_based = MAX (self->min, target (self) * (1 - 0.5 * self->loss));
      self->loss_decreased_us = now_us;
      self->starting = FALSE;
    }
  else if (self->loss < LOSS_LOW && self->loss_increased_us != 0)
    {
      double seconds = MIN (now_us - self->loss_increased_us, G_USEC_PER_SEC)
                       / (double) G_USEC_PER_SEC;

      self->loss_based = MIN (self->max, self->loss_based * pow (1.15, seconds));
    }
  self->loss_increased_us = now_us;
}

static void
close_loss_window (BedBandwidthEstimator *self, gint64 now_us)
{
  guint total = self->window_received + self->window_lost;

  if (total < LOSS_MIN_PACKETS || now_us - self->window_since_us < LOSS_WINDOW_US)
    return;
  self->loss = (double) self->window_lost / total;
  self->window_received = self->window_lost = 0;
  self->window_since_us = now_us;
  adapt_to_loss (self, now_us);
}

void
bed_bandwidth_estimator_handle_feedback (BedBandwidthEstimator *self,
                                         const BedTransportFeedback *feedback, gint64 now_us)
{
  if (!take_entries (self, feedback, now_us))
    {
      self->stats.bad_feedbacks++;
      return;
    }
  self->stats.feedbacks++;
  self->last_feedback_us = now_us;
  adapt_to_delay (self, now_us);
  take_probe (self, now_us);
  close_loss_window (self, now_us);
}

void
bed_bandwidth_estimator_handle_report (BedBandwidthEstimator *self, guint8 fraction_lost,
                                       gint64 round_trip_us, gint64 now_us)
{
  if (self->stats.feedbacks > 0)
    return; /* it knows better */
  if (round_trip_us >= 0)
    self->round_trip_us = CLAMP (round_trip_us, 0, 2 * G_USEC_PER_SEC);
  self->loss = fraction_lost / 256.0;
  self->last_feedback_us = now_us;
  if (self->loss < LOSS_LOW)
    self->delay_based = MIN (self->max, self->delay_based * 1.08);
  adapt_to_loss (self, now_us);
}

void
bed_bandwidth_estimator_handle_remb (BedBandwidthEstimator *self, guint64 bitrate, gint64 now_us)
{
  self->remb = CLAMP (bitrate, 1, G_MAXUINT);
  self->remb_us = now_us;
}

guint
bed_bandwidth_estimator_get_target (BedBandwidthEstimator *self, gint64 now_us)
{
  if (self->remb != 0 && now_us - self->remb_us > REMB_LIFE_US)
    self->remb = 0;
  if (self->asked_us != 0 && now_us - self->asked_us > ASKED_EVERY_US)
    self->last_feedback_us = MIN (now_us, self->last_feedback_us + now_us - self->asked_us);
  self->asked_us = now_us;
  /* We go on sending and hear nothing: the way is blocked, or the other side stands still. */
  if (self->last_sent_us > self->last_feedback_us
      && now_us - self->last_feedback_us > SILENCE_US + 2 * self->round_trip_us)
    {
      self->delay_based = MAX (self->min, self->delay_based / 2);
      self->last_feedback_us = now_us - SILENCE_US / 2; /* the next time comes sooner */
      self->starting = FALSE;
    }
  return target (self);
}

gboolean
bed_bandwidth_estimator_wants_probe (const BedBandwidthEstimator *self, guint wanted, gint64 now_us)
{
  double rate = acknowledged (self);

  return rate > 0 && rate < PROBE_SHARE * self->delay_based && self->delay_based < wanted
         && self->delay_based <= self->loss_based
         && (self->remb == 0 || self->delay_based <= self->remb) && is_calm (self) && now_us - self->decreased_us > PROBE_AFTER_US
         && bed_bandwidth_probe_is_due (&self->probe, now_us);
}

void
bed_bandwidth_estimator_begin_probe (BedBandwidthEstimator *self, guint packets, gint64 now_us)
{
  bed_bandwidth_probe_begin (&self->probe, packets, now_us);
}

void
bed_bandwidth_estimator_get_stats (const BedBandwidthEstimator *self, BedBandwidthStats *stats)
{
  *stats = self->stats;
  stats->target = target (self);
  stats->delay_based = self->delay_based;
  stats->loss_based = self->loss_based;
  stats->remb = self->remb;
  stats->acknowledged = acknowledged (self);
  stats->usage = self->detector.usage;
  stats->loss = self->loss;
  stats->queue_ms = self->queue_ms;
}
