/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* One picture in I420 (8 bit, BT.601 limited range), reference counted; written by its maker before
 * it is handed on, immutable after. Any thread.
 */
typedef struct _BedVideoFrame BedVideoFrame;
#define BED_TYPE_VIDEO_FRAME (bed_video_frame_get_type ())
GType bed_video_frame_get_type (void);

#define BED_VIDEO_FRAME_MAX_WIDTH 1920
#define BED_VIDEO_FRAME_MAX_HEIGHT 1920

typedef enum { BED_PLANE_Y, BED_PLANE_U, BED_PLANE_V } BedPlane;

/* Pixels, 2 to the maxima above. timestamp_us: monotonic clock, when it was captured or is to be
 * shown. Planes are 32-byte aligned and uninitialised. Returns: (transfer full) (nullable): NULL
 * over the limits */
BedVideoFrame *bed_video_frame_new (guint width, guint height, gint64 timestamp_us);
BedVideoFrame *bed_video_frame_ref (BedVideoFrame *self);
void bed_video_frame_unref (BedVideoFrame *self);
guint bed_video_frame_get_width (const BedVideoFrame *self);
guint bed_video_frame_get_height (const BedVideoFrame *self);
gint64 bed_video_frame_get_timestamp_us (const BedVideoFrame *self);
/* Chroma planes are (width + 1) / 2 by (height + 1) / 2. Stride in bytes. */
guint8 *bed_video_frame_get_plane (const BedVideoFrame *self, BedPlane plane);
guint bed_video_frame_get_stride (const BedVideoFrame *self, BedPlane plane);

/* libyuv. Returns: (transfer full): a copy of the wanted size (box filter). */
BedVideoFrame *bed_video_frame_scale (const BedVideoFrame *self, guint width, guint height);
/* Writes B, G, R, A bytes (GDK_MEMORY_B8G8R8A8 with A = 255). */
void bed_video_frame_to_bgra (const BedVideoFrame *self, guint8 *out, guint stride);
/* Writes B, G, R bytes (GDK_MEMORY_B8G8R8). */
void bed_video_frame_to_bgr (const BedVideoFrame *self, guint8 *out, guint stride);
/* What a camera gives. `data` has `length` bytes, checked against size and stride (0 = packed).
 * Returns: (transfer full) (nullable): NULL when it does not fit. */
typedef enum
{
  BED_PIXEL_I420,
  BED_PIXEL_NV12,
  BED_PIXEL_YUY2,
  BED_PIXEL_UYVY,
  BED_PIXEL_RGB,
  BED_PIXEL_BGRX
} BedPixelFormat;
BedVideoFrame *bed_video_frame_new_from_pixels (BedPixelFormat format, const guint8 *data,
                                                gsize length, guint stride, guint width,
                                                guint height, gint64 timestamp_us);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedVideoFrame, bed_video_frame_unref)

G_END_DECLS
