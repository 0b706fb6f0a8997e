/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-audio-stream-private.h"
#include "bed-speaker-sink.h"

G_BEGIN_DECLS

/* Returns: (transfer full) (nullable) */
BedSpeakerSink *bed_speaker_sink_new (const BedSoundServer *server, const char *target,
                                      GError **error);

/* What is being played, for the echo canceller: while somebody listens, the played samples are kept
 * for bed_speaker_sink_read_played (). One listener at a time. */
void bed_speaker_sink_set_listened (BedSpeakerSink *self, gboolean listened);
/* Reads up to n played samples, the rest is silence. The listener's thread. */
void bed_speaker_sink_read_played (BedSpeakerSink *self, gint16 *samples, guint n_samples);

G_END_DECLS
