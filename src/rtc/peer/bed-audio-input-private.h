/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-media.h"
#include "bed-network-thread.h"

G_BEGIN_DECLS

/* Takes blocks from a source's thread and hands them to the network thread, 20 ms at a time. */
#define BED_TYPE_AUDIO_INPUT (bed_audio_input_get_type ())
G_DECLARE_FINAL_TYPE (BedAudioInput, bed_audio_input, BED, AUDIO_INPUT, GObject)

#define BED_AUDIO_INPUT_FRAME 960 /* samples: 20 ms */

/* On the network thread; capture_us: of the first sample. */
typedef void (*BedAudioInputFunc) (const gint16 *samples, gint64 capture_us, gpointer user_data);

/* Returns: (transfer full) */
BedAudioInput *
bed_audio_input_new (BedNetworkThread *thread, BedAudioInputFunc func, gpointer user_data);
/* Network thread: nothing is handed over any more. */
void bed_audio_input_stop (BedAudioInput *self);

G_END_DECLS
