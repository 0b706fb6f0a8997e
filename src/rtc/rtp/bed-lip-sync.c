/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-lip-sync.h"

#include "bed-rtp-packet.h"

#define MAX_SYNC_US 500000
#define STEP_US 20000
#define DEAD_ZONE_US 10000
#define SMOOTHING 8
#define MAX_AHEAD_US G_USEC_PER_SEC
#define OTHER_TIME_LINE_US (5 * G_USEC_PER_SEC)
#define MAX_JITTER_US 300000

void
bed_rtp_clock_init (BedRtpClock *self, guint clock_rate)
{
  *self = (BedRtpClock) { .clock_rate = clock_rate };
}

void
bed_rtp_clock_update (BedRtpClock *self, guint64 ntp, guint32 rtp_timestamp)
{
  self->known = TRUE;
  self->ntp = ntp;
  self->rtp_timestamp = rtp_timestamp;
}

gboolean
bed_rtp_clock_to_capture_us (const BedRtpClock *self, guint32 rtp_timestamp, gint64 *capture_us)
{
  gint64 ticks = (gint32) (rtp_timestamp - self->rtp_timestamp);

  if (!self->known)
    return FALSE;
  *capture_us = bed_ntp_to_us (self->ntp) + ticks * G_USEC_PER_SEC / self->clock_rate;
  return TRUE;
}

void
bed_video_timing_init (BedVideoTiming *self, guint clock_rate)
{
  *self = (BedVideoTiming) { .clock_rate = clock_rate };
}

gint64
bed_video_timing_update (BedVideoTiming *self, guint32 rtp_timestamp, gint64 complete_us)
{
  BedSequence line = { .started = self->started, .last = self->last_timestamp };
  gint64 timestamp = bed_sequence_unwrap_timestamp (&line, rtp_timestamp);
  gint64 media_us = timestamp * G_USEC_PER_SEC / self->clock_rate;
  gint64 transit = complete_us - media_us, late;

  if (!self->started || ABS (transit - self->base_us) > OTHER_TIME_LINE_US)
    {
      self->base_us = transit;
      self->jitter_us = 0;
    }
  self->started = TRUE;
  self->last_timestamp = line.last;
  /* The least transit is forgotten slowly, so that clocks may drift and routes may change. */
  self->base_us = MIN (transit, self->base_us + (transit - self->base_us) / 512);
  late = transit - self->base_us;
  /* Up at once, down slowly: a late frame is seen, a little delay is not. */
  if (late > self->jitter_us)
    self->jitter_us += (late - self->jitter_us) / 2;
  else
    self->jitter_us -= (self->jitter_us - late) / 64;
  self->jitter_us = MIN (self->jitter_us, MAX_JITTER_US);
  return CLAMP (media_us + self->base_us + self->jitter_us + self->sync_delay_us, complete_us,
                complete_us + MAX_AHEAD_US);
}

void
bed_lip_sync_init (BedLipSync *self)
{
  *self = (BedLipSync) { 0 };
}

static void
smooth (gint64 *offset, gboolean *known, gint64 value)
{
  if (*known && ABS (value - *offset) < OTHER_TIME_LINE_US)
    *offset += (value - *offset) / SMOOTHING;
  else
    *offset = value;
  *known = TRUE;
}

static gint64
step_towards (gint64 now, gint64 wanted)
{
  return now + CLAMP (wanted - now, -STEP_US, STEP_US);
}

static void
settle (BedLipSync *self)
{
  gint64 difference = self->video_offset_us - self->audio_offset_us; /* > 0: the sound is early */

  if (!self->audio_known || !self->video_known)
    return;
  if (ABS (difference) < DEAD_ZONE_US || ABS (difference) > OTHER_TIME_LINE_US)
    difference = 0;
  self->audio_delay_us = step_towards (self->audio_delay_us, CLAMP (difference, 0, MAX_SYNC_US));
  self->video_delay_us = step_towards (self->video_delay_us, CLAMP (-difference, 0, MAX_SYNC_US));
}

void
bed_lip_sync_audio (BedLipSync *self, gint64 capture_us, gint64 playout_us)
{
  smooth (&self->audio_offset_us, &self->audio_known, playout_us - capture_us);
  settle (self);
}

void
bed_lip_sync_video (BedLipSync *self, gint64 capture_us, gint64 playout_us)
{
  smooth (&self->video_offset_us, &self->video_known, playout_us - capture_us);
  settle (self);
}
