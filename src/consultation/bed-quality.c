/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-quality-private.h"

/* Fair is noticed, poor disturbs. Loss as Jitsi publishes it (good below 6 %), delay after ITU-T
 * G.114. */
#define LOSS_FAIR 0.06
#define LOSS_POOR 0.15
#define RTT_FAIR_MS 300
#define RTT_POOR_MS 600
#define VIDEO_FAIR_BITRATE 150000
#define VIDEO_POOR_BITRATE 60000
/* Media comes every 20 ms; without any there are still reports, every 0.5 to 1.5 s. */
#define SILENCE_MEDIA_MS 2000
#define SILENCE_REPORTS_MS 4000

static BedQuality
worse (BedQuality a, BedQuality b)
{
  return MAX (a, b);
}

static BedQuality
grade (double value, double fair, double poor)
{
  if (value >= poor)
    return BED_QUALITY_POOR;
  return value >= fair ? BED_QUALITY_FAIR : BED_QUALITY_GOOD;
}

BedQuality
bed_quality_of (const BedEngineStats *stats, gboolean remote_camera, gboolean remote_microphone,
                BedQualityReason *reason)
{
  BedQuality loss = grade (stats->fraction_lost, LOSS_FAIR, LOSS_POOR);
  BedQuality delay = grade (stats->round_trip_time_ms, RTT_FAIR_MS, RTT_POOR_MS);
  BedQuality bitrate = BED_QUALITY_GOOD;
  BedQuality worst;

  if (stats->silence_ms
      >= (remote_camera || remote_microphone ? SILENCE_MEDIA_MS : SILENCE_REPORTS_MS))
    {
      *reason = BED_QUALITY_REASON_SILENCE;
      return BED_QUALITY_POOR;
    }
  if (remote_camera && stats->frames_decoded > 0)
    bitrate = grade (-stats->incoming_bitrate, -VIDEO_FAIR_BITRATE, -VIDEO_POOR_BITRATE);
  worst = worse (worse (loss, delay), bitrate);
  if (worst == BED_QUALITY_GOOD)
    *reason = BED_QUALITY_REASON_NONE;
  else if (loss == worst)
    *reason = BED_QUALITY_REASON_LOSS;
  else
    *reason = delay == worst ? BED_QUALITY_REASON_DELAY : BED_QUALITY_REASON_BITRATE;
  return worst;
}
