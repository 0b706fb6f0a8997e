/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Whether this machine keeps up with its encoder: how many steps smaller than it was given the
 * picture has to be. Not thread-safe; pure, time handed in. Start from { 0 }. */
typedef struct
{
  guint steps; /* 0 to BED_ENCODE_LOAD_MAX_STEPS */
  guint busy_windows;
  gint64 window_us, busy_us; /* since when, and how long of that a frame was worked on */
  gint64 easy_us;            /* since when there is time to spare; 0: there is not */
  gint64 patience_us;        /* before a larger size is tried again */
} BedEncodeLoad;

#define BED_ENCODE_LOAD_MAX_STEPS 2

/* A frame was scaled and encoded from start_us to end_us, monotonic and in order. Returns: steps. */
guint bed_encode_load_add (BedEncodeLoad *self, gint64 start_us, gint64 end_us);

G_END_DECLS
