/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "engine-sides.h"

#include <string.h>

static void
on_description (BedEngine *engine, int type, const char *sdp, Side *self)
{
  g_autofree char *carried = self->spoil != NULL ? self->spoil (sdp) : g_strdup (sdp);

  self->descriptions++;
  g_free (self->sdp);
  self->sdp = g_strdup (sdp);
  bed_engine_set_remote_description (self->other->engine, type, carried);
}

void
side_on_candidate (BedEngine *engine, const char *candidate, const char *mid, int index, Side *self)
{
  bed_engine_add_ice_candidate (self->other->engine, candidate, mid, index);
}

static void
on_end_of_candidates (BedEngine *engine, Side *self)
{
  bed_engine_end_of_candidates (self->other->engine);
}

void
side_on_state (BedEngine *engine, int state, Side *self)
{
  self->state = state;
  if (state == BED_CONNECTION_STATE_FAILED && self->failed_us == 0)
    self->failed_us = g_get_monotonic_time ();
}

static void
on_channel (BedEngine *engine, gboolean open, Side *self)
{
  self->channel_open = open;
}

static void
on_message (BedEngine *engine, const char *text, Side *self)
{
  g_free (self->text);
  self->text = g_strdup (text);
}

static void
on_data (BedEngine *engine, GBytes *bytes, Side *self)
{
  g_clear_pointer (&self->data, g_bytes_unref);
  self->data = g_bytes_ref (bytes);
}

static void
on_first_frame (BedEngine *engine, Side *self)
{
  self->first_frame = TRUE;
}

void
side_on_error (BedEngine *engine, const GError *error, Side *self)
{
  g_assert_true (error->domain == BED_ENGINE_ERROR);
  self->n_errors++;
  self->error_code = error->code;
}

void
side_start_as (Side *self, Side *other, gboolean offers)
{
  BedEngineConfig config = { .bind_address = (char *) "127.0.0.1", .offers = offers };

  memset (self, 0, sizeof *self);
  self->other = other;
  self->engine = bed_local_engine_new (&config);
  self->video = bed_test_video_source_new (640, 360, 30);
  self->audio = bed_test_audio_source_new (440, 0.3);
  self->seen = bed_test_video_sink_new ();
  self->heard = bed_test_audio_sink_new (440);
  g_signal_connect (self->engine, "local-description", G_CALLBACK (on_description), self);
  g_signal_connect (self->engine, "ice-candidate", G_CALLBACK (side_on_candidate), self);
  g_signal_connect (self->engine, "end-of-candidates", G_CALLBACK (on_end_of_candidates), self);
  g_signal_connect (self->engine, "connection-state-changed", G_CALLBACK (side_on_state), self);
  g_signal_connect (self->engine, "data-channel-state-changed", G_CALLBACK (on_channel), self);
  g_signal_connect (self->engine, "message", G_CALLBACK (on_message), self);
  g_signal_connect (self->engine, "data", G_CALLBACK (on_data), self);
  g_signal_connect (self->engine, "first-frame", G_CALLBACK (on_first_frame), self);
  g_signal_connect (self->engine, "error", G_CALLBACK (side_on_error), self);
  bed_engine_set_video_source (self->engine, self->video);
  bed_engine_set_audio_source (self->engine, self->audio);
  bed_engine_set_video_sink (self->engine, BED_VIDEO_SINK (self->seen));
  bed_engine_set_audio_sink (self->engine, BED_AUDIO_SINK (self->heard));
}

void
side_start (Side *self, Side *other)
{
  side_start_as (self, other, FALSE);
}

void
side_stop (Side *self)
{
  g_signal_handlers_disconnect_by_data (self->engine, self);
  bed_engine_close (self->engine);
  g_clear_object (&self->engine);
  g_clear_pointer (&self->data, g_bytes_unref);
  g_clear_object (&self->video);
  g_clear_object (&self->audio);
  g_clear_object (&self->seen);
  g_clear_object (&self->heard);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->sdp, g_free);
}

gboolean
side_on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

void
run_for (guint ms)
{
  gint64 end = g_get_monotonic_time () + ms * 1000;

  WAIT_FOR (g_get_monotonic_time () >= end);
}

guint64
frames_with_number (Side *side)
{
  BedTestVideoStats stats;

  bed_test_video_sink_get_stats (side->seen, &stats);
  g_assert_cmpuint (stats.backwards, ==, 0);
  return stats.with_number;
}

guint64
tone_blocks (Side *side)
{
  BedTestAudioStats stats;

  bed_test_audio_sink_get_stats (side->heard, &stats);
  return stats.tone_blocks;
}

void
call (Side *a, Side *b)
{
  side_start (a, b);
  side_start (b, a);
  bed_engine_create_offer (a->engine, FALSE);
  WAIT_FOR (a->state == BED_CONNECTION_STATE_CONNECTED && b->state == BED_CONNECTION_STATE_CONNECTED);
}
