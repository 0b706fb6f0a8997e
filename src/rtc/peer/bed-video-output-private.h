/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-media.h"

G_BEGIN_DECLS

/* Between the decoder's thread and the sink that the person looks at, which may change during the
 * call. */
#define BED_TYPE_VIDEO_OUTPUT (bed_video_output_get_type ())
G_DECLARE_FINAL_TYPE (BedVideoOutput, bed_video_output, BED, VIDEO_OUTPUT, GObject)

/* On the decoder's thread, once. */
typedef void (*BedFirstFrameFunc) (gpointer user_data);

/* Returns: (transfer full) */
BedVideoOutput *bed_video_output_new (BedFirstFrameFunc func, gpointer user_data);
/* (nullable); the old one gets nothing more once this has returned. Any thread. */
void bed_video_output_set_sink (BedVideoOutput *self, BedVideoSink *sink);

G_END_DECLS
