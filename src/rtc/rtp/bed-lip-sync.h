/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* RTP time to the sender's wall clock, by its sender reports (RFC 3550 6.4.1). Pure. */
typedef struct
{
  guint clock_rate;
  gboolean known;
  guint64 ntp;
  guint32 rtp_timestamp;
} BedRtpClock;
void bed_rtp_clock_init (BedRtpClock *self, guint clock_rate);
void bed_rtp_clock_update (BedRtpClock *self, guint64 ntp, guint32 rtp_timestamp);
/* µs since 1970 on the sender's clock. Returns: FALSE before the first report. */
gboolean bed_rtp_clock_to_capture_us (const BedRtpClock *self, guint32 rtp_timestamp,
                                      gint64 *capture_us);

/* When to show a video frame: follows the least transit time seen (slowly forgetting it), adds what
 * jitter and lip sync need. Pure. */
typedef struct
{
  guint clock_rate;
  gboolean started;
  gint64 last_timestamp; /* unwrapped */
  gint64 base_us; /* least of (complete - media time) */
  gint64 jitter_us; /* smoothed lateness */
  gint64 sync_delay_us;
} BedVideoTiming;
void bed_video_timing_init (BedVideoTiming *self, guint clock_rate);
/* complete_us: when the frame was whole. Returns: local time to show it at, at most 1 s ahead. */
gint64 bed_video_timing_update (BedVideoTiming *self, guint32 rtp_timestamp, gint64 complete_us);

/* Audio and video from one person: each tells, for what it plays last, when it was captured
 * (sender's clock) and when it is heard or seen (ours); the one that is early gets a delay. Pure.
 */
typedef struct
{
  gint64 audio_offset_us,
      video_offset_us; /* playout - capture, smoothed, without the delay added */
  gboolean audio_known, video_known;
  gint64 audio_delay_us, video_delay_us; /* to add now; one of them is 0. At most 500 ms */
} BedLipSync;
void bed_lip_sync_init (BedLipSync *self);
void bed_lip_sync_audio (BedLipSync *self, gint64 capture_us, gint64 playout_us);
void bed_lip_sync_video (BedLipSync *self, gint64 capture_us, gint64 playout_us);

G_END_DECLS
