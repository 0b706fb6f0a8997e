/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-video-ladder.h"

#define SETTLE_US (5 * G_USEC_PER_SEC) /* a larger size is not tried sooner after a change */
#define LARGER_NEEDS 1.25
#define PATIENCE_US G_USEC_PER_SEC /* with a bitrate that is too low for the present size, … */
#define DIP 0.6 /* … if it is at least this share of what that needs */

static const struct
{
  guint bitrate;
  guint short_side;
} ladder[] = { { 1100000, 720 }, { 650000, 540 }, { 300000, 360 }, { 150000, 270 }, { 0, 180 } };

#define LAST (G_N_ELEMENTS (ladder) - 1)

static guint
rung_for (const BedVideoLadder *self, guint short_side, guint bitrate)
{
  guint rung = 0;

  while (rung < LAST
         && (bitrate < ladder[rung].bitrate || ladder[rung + 1].short_side >= short_side))
    rung++;
  return MAX (rung, self->floor);
}

/* What the machine keeps up with is a size, whatever the path bears meanwhile: a step down is from
 * the size that was too much. */
static void
take_steps (BedVideoLadder *self, guint steps)
{
  if (steps > self->steps)
    self->floor = MIN (self->rung + steps - self->steps, LAST);
  else if (steps == 0)
    self->floor = 0;
  else
    self->floor -= MIN (self->floor, self->steps - steps);
  self->steps = steps;
}

/* Every change costs a key frame: down at once only where it is much, up only with a margin and
 * after a while. */
static gboolean
may_change (const BedVideoLadder *self, guint wanted, guint bitrate, gint64 now_us)
{
  if (!self->chosen)
    return TRUE;
  if (wanted > self->rung)
    return bitrate < DIP * ladder[self->rung].bitrate || now_us - self->enough_us >= PATIENCE_US;
  return wanted < self->rung && now_us - self->since_us >= SETTLE_US;
}

guint
bed_video_ladder_choose (BedVideoLadder *self, guint short_side, guint bitrate, guint steps,
                         gint64 now_us)
{
  gboolean slower = steps > self->steps;
  guint wanted;

  take_steps (self, steps);
  wanted = rung_for (self, short_side, bitrate);
  if (self->chosen && wanted < self->rung)
    wanted = MIN (self->rung, rung_for (self, short_side, bitrate / LARGER_NEEDS));
  if (wanted <= self->rung)
    self->enough_us = now_us;
  if ((slower && wanted > self->rung) || may_change (self, wanted, bitrate, now_us))
    {
      self->rung = wanted;
      self->chosen = TRUE;
      self->since_us = self->enough_us = now_us;
    }
  return ladder[self->rung].short_side;
}
