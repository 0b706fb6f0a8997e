/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-video-ladder.h"

#define SETTLE_US (5 * G_USEC_PER_SEC) /* a larger size is not tried sooner after a change */
#define LARGER_NEEDS 1.25

static const struct
{
  guint bitrate;
  guint short_side;
} ladder[] = { { 1100000, 720 }, { 650000, 540 }, { 300000, 360 }, { 150000, 270 }, { 0, 180 } };

static guint
rung_for (guint bitrate)
{
  guint rung = 0;

  while (bitrate < ladder[rung].bitrate)
    rung++;
  return rung;
}

/* Down at once, up only with a margin and after a while: every change costs a key frame. */
static gboolean
may_change (const BedVideoLadder *self, guint wanted, gint64 now_us)
{
  if (!self->chosen || wanted > self->rung)
    return TRUE;
  return wanted < self->rung && now_us - self->since_us >= SETTLE_US;
}

guint
bed_video_ladder_choose (BedVideoLadder *self, guint bitrate, gint64 now_us)
{
  guint wanted = rung_for (bitrate);

  if (self->chosen && wanted < self->rung)
    wanted = MIN (self->rung, rung_for (bitrate / LARGER_NEEDS));
  if (may_change (self, wanted, now_us))
    *self = (BedVideoLadder){ wanted, TRUE, now_us };
  return ladder[self->rung].short_side;
}
