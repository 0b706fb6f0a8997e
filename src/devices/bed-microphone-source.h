/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-consented.h"
#include "bed-devices-error.h"
#include "bed-media.h"

G_BEGIN_DECLS

typedef enum
{
  BED_AUDIO_PROCESSING_NONE = 0,
  BED_AUDIO_PROCESSING_ECHO_CANCELLATION = 1 << 0,
  BED_AUDIO_PROCESSING_NOISE_SUPPRESSION = 1 << 1,
  BED_AUDIO_PROCESSING_AUTO_GAIN_CONTROL = 1 << 2,
  BED_AUDIO_PROCESSING_ALL = (1 << 3) - 1,
} BedAudioProcessing;

/* A microphone that runs; made from a grant and ended with it like the camera. Main thread; blocks
 * are pushed on a thread of its own. Signal "ended" (GError *error).
 */
#define BED_TYPE_MICROPHONE_SOURCE (bed_microphone_source_get_type ())
G_DECLARE_FINAL_TYPE (BedMicrophoneSource, bed_microphone_source, BED, MICROPHONE_SOURCE, GObject)

/* Muted: samples are dropped where they come in, and nothing is pushed to any sink. */
void bed_microphone_source_set_muted (BedMicrophoneSource *self, gboolean muted);

G_END_DECLS
