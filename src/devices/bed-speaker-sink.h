/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-devices-error.h"
#include "bed-media.h"

G_BEGIN_DECLS

/* A loudspeaker. Main thread; push from any one thread. Signal "ended" (GError *error). */
#define BED_TYPE_SPEAKER_SINK (bed_speaker_sink_get_type ())
G_DECLARE_FINAL_TYPE (BedSpeakerSink, bed_speaker_sink, BED, SPEAKER_SINK, GObject)

/* Half a second of two soft notes, for "Do you hear the sound?". Replaces a test that runs. */
void bed_speaker_sink_play_test (BedSpeakerSink *self);

G_END_DECLS
