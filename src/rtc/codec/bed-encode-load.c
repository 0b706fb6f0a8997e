/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-encode-load.h"

#define WINDOW_US (3 * G_USEC_PER_SEC / 2)
#define GAP_US (4 * WINDOW_US) /* without a frame: the camera was off, nothing is known */
#define BUSY 0.8
#define BUSY_WINDOWS 2 /* in a row: the start of a call is always busy */
#define EASY 0.35      /* a step up costs 1.8 times as much, and has to stay below BUSY */
#define PATIENCE_US (8 * G_USEC_PER_SEC)
#define MAX_PATIENCE_US (64 * G_USEC_PER_SEC)

static void
step_down (BedEncodeLoad *self)
{
  self->busy_windows = 0;
  if (self->steps == BED_ENCODE_LOAD_MAX_STEPS)
    return;
  self->steps++;
  self->patience_us = CLAMP (2 * self->patience_us, PATIENCE_US, MAX_PATIENCE_US);
}

static void
judge (BedEncodeLoad *self, double share, gint64 now_us)
{
  self->busy_windows = share > BUSY ? self->busy_windows + 1 : 0;
  if (self->busy_windows == BUSY_WINDOWS)
    step_down (self);
  if (share >= EASY)
    self->easy_us = 0;
  else if (self->easy_us == 0)
    self->easy_us = now_us;
  else if (self->steps > 0 && now_us - self->easy_us >= self->patience_us)
    {
      self->steps--;
      self->easy_us = 0;
    }
}

static void
begin_window (BedEncodeLoad *self, gint64 now_us)
{
  self->window_us = now_us;
  self->busy_us = 0;
}

guint
bed_encode_load_add (BedEncodeLoad *self, gint64 start_us, gint64 end_us)
{
  gint64 elapsed;

  if (self->window_us == 0 || start_us - self->window_us > GAP_US)
    {
      self->busy_windows = 0;
      self->easy_us = 0;
      begin_window (self, start_us);
    }
  self->busy_us += end_us - start_us;
  elapsed = end_us - self->window_us;
  if (elapsed >= WINDOW_US)
    {
      judge (self, (double) self->busy_us / elapsed, end_us);
      begin_window (self, end_us);
    }
  return self->steps;
}
