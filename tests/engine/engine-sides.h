/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two engines in this process, joined on loopback by hand. */
#pragma once

#include "bed-engine.h"
#include "bed-test-media.h"

typedef struct Side Side;
struct Side
{
  BedEngine *engine;
  Side *other;
  BedVideoSource *video;
  BedAudioSource *audio;
  BedTestVideoSink *seen;
  BedTestAudioSink *heard;
  BedConnectionState state;
  gint64 before_us, failed_us; /* no ICE pair yet; the end */
  gboolean handshake;
  gboolean channel_open, first_frame;
  guint descriptions, n_errors;
  int error_code;
  char *text; /* last message */
  GBytes *data; /* last binary one */
  char *sdp; /* own, last */
  char *(*spoil) (const char *sdp); /* what signalling makes of our descriptions */
};

void side_start_as (Side *self, Side *other, gboolean offers);
void side_start (Side *self, Side *other);
void side_stop (Side *self);
/* Both, until they are connected; a offers. */
void call (Side *a, Side *b);
void run_for (guint ms);
guint64 frames_with_number (Side *side);
guint64 tone_blocks (Side *side);
void side_on_candidate (BedEngine *engine, const char *candidate, const char *mid, int index, Side *self);
void side_on_state (BedEngine *engine, int state, Side *self);
void side_on_error (BedEngine *engine, const GError *error, Side *self);
gboolean side_on_tick (gpointer data);

/* Runs the main loop until the condition holds, 30 s at most. */
#define WAIT_FOR(condition)                                                                                            \
  G_STMT_START                                                                                                         \
    {                                                                                                                  \
      gint64 end_ = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;                                                     \
      guint tick_ = g_timeout_add (5, side_on_tick, NULL);                                                                  \
      while (!(condition) && g_get_monotonic_time () < end_)                                                           \
        g_main_context_iteration (NULL, TRUE);                                                                         \
      g_source_remove (tick_);                                                                                         \
      g_assert_true (condition);                                                                                       \
    }                                                                                                                  \
  G_STMT_END
