/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-microphone-source.h"

G_BEGIN_DECLS

/* Echo cancellation, noise suppression and gain control by PipeWire's audio.aec plugin, in blocks
 * of BED_AUDIO_BLOCK samples. One thread at a time. */
typedef struct _BedAudioProcessor BedAudioProcessor;

/* Returns: (transfer full) (nullable): NULL where the plugin is not installed. */
BedAudioProcessor *bed_audio_processor_new (BedAudioProcessing processing);
void bed_audio_processor_free (BedAudioProcessor *self);
/* far: what the loudspeaker played in the same 10 ms. near is changed in place. */
void bed_audio_processor_run (BedAudioProcessor *self, gint16 *near, const gint16 *far);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedAudioProcessor, bed_audio_processor_free)

G_END_DECLS
