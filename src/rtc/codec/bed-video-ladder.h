/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Which size of a picture suits which bitrate. Not thread-safe; pure, time handed in. Start from
 * { 0 }. */
typedef struct
{
  guint rung, steps;
  guint floor; /* what the machine keeps up with: a rung */
  gboolean chosen;
  gint64 since_us, enough_us; /* the last change; the bitrate was enough */
} BedVideoLadder;

/* short_side: the picture's, in pixels. bitrate: bit/s. steps: how many sizes less than it was given
 * this machine keeps up with; a step down is taken at once from the present size, one up after a
 * while. Returns: how many pixels the short
 * side may have: 720, 540, 360, 270 or 180. */
guint bed_video_ladder_choose (BedVideoLadder *self, guint short_side, guint bitrate, guint steps,
                               gint64 now_us);

G_END_DECLS
