/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-clock.h"
#include "bed-codec.h"
#include "bed-media.h"

G_BEGIN_DECLS

/* An encoder on a thread of its own, and a video sink: the newest frame wins, at most one waits.
 * Scales down to the size that suits the bitrate and that this machine keeps up with (1280x720,
 * 960x540, 640x360, 480x270, 320x180 for 16:9; the aspect ratio is kept) and keeps to the frame
 * rate. Made and used from any one thread; push from any.
 */
#define BED_TYPE_VIDEO_ENCODE_WORKER (bed_video_encode_worker_get_type ())
G_DECLARE_FINAL_TYPE (BedVideoEncodeWorker, bed_video_encode_worker, BED, VIDEO_ENCODE_WORKER,
                      GObject)

/* On the worker's thread; frame: (transfer full). */
typedef void (*BedEncodedFunc) (BedEncodedFrame *frame, gpointer user_data);
/* On the worker's thread: no picture of the last BED_ENCODE_FAILURES could be encoded. */
typedef void (*BedEncodeFailedFunc) (const GError *error, gpointer user_data);
#define BED_ENCODE_FAILURES 30

typedef struct
{
  guint64 frames_in, frames_encoded, key_frames, frames_dropped, errors;
  guint64 encode_us; /* total */
  guint width, height;
} BedVideoEncodeStats;

/* encoder: (transfer full). failed: (nullable). Returns: (transfer full) */
BedVideoEncodeWorker *bed_video_encode_worker_new (BedClock *clock, BedVideoEncoder *encoder,
                                                   guint bitrate, guint max_framerate,
                                                   BedEncodedFunc func,
                                                   BedEncodeFailedFunc failed,
                                                   gpointer user_data);
void bed_video_encode_worker_set_bitrate (BedVideoEncodeWorker *self, guint bitrate);
void bed_video_encode_worker_request_key_frame (BedVideoEncodeWorker *self);
/* No callback runs or starts after this returns. Idempotent; also in dispose. Not from the
 * callback. */
void bed_video_encode_worker_stop (BedVideoEncodeWorker *self);
void bed_video_encode_worker_get_stats (BedVideoEncodeWorker *self, BedVideoEncodeStats *stats);

G_END_DECLS
