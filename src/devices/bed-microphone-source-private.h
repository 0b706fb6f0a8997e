/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-microphone-source.h"
#include "bed-audio-stream-private.h"
#include "bed-speaker-sink.h"

G_BEGIN_DECLS

/* speaker: (nullable), a reference is held. Returns: (transfer full) (nullable) */
BedMicrophoneSource *bed_microphone_source_new (const BedSoundServer *server,
                                                BedConsentGrant *grant, const char *target,
                                                BedAudioProcessing processing,
                                                BedSpeakerSink *speaker, GError **error);

G_END_DECLS
