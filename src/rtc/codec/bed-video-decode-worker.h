/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-clock.h"
#include "bed-codec.h"
#include "bed-media.h"

G_BEGIN_DECLS

/* A decoder on a thread of its own: frames in order, at most 60 waiting; each picture goes to the
 * sink at its time (monotonic), late ones at once, and superseded ones not at all.
 */
#define BED_TYPE_VIDEO_DECODE_WORKER (bed_video_decode_worker_get_type ())
G_DECLARE_FINAL_TYPE (BedVideoDecodeWorker, bed_video_decode_worker, BED, VIDEO_DECODE_WORKER,
                      GObject)

/* On the worker's thread: the decoder failed, a key frame is needed. */
typedef void (*BedDecodeFailedFunc) (gpointer user_data);

typedef struct
{
  guint64 frames_in, frames_decoded, key_frames, frames_dropped, errors;
  guint64 decode_us; /* total */
  guint width, height;
} BedVideoDecodeStats;

/* decoder: (transfer full). Returns: (transfer full) */
BedVideoDecodeWorker *bed_video_decode_worker_new (BedClock *clock, BedVideoDecoder *decoder,
                                                   BedDecodeFailedFunc failed, gpointer user_data);
/* sink: (nullable). After this the old one gets nothing more. */
void bed_video_decode_worker_set_sink (BedVideoDecodeWorker *self, BedVideoSink *sink);
/* show_us: monotonic; 0: at once. Returns: FALSE when the queue is full (the caller asks for a key
 * frame). */
gboolean bed_video_decode_worker_push (BedVideoDecodeWorker *self, GBytes *data, gboolean key_frame,
                                       gint64 show_us);
void bed_video_decode_worker_stop (BedVideoDecodeWorker *self);
void bed_video_decode_worker_get_stats (BedVideoDecodeWorker *self, BedVideoDecodeStats *stats);

G_END_DECLS
