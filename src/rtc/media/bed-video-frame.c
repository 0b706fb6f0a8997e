/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-video-frame.h"

#include <libyuv.h>
#include <string.h>

#define ALIGNMENT 32

struct _BedVideoFrame
{
  gint ref_count;
  guint width;
  guint height;
  gint64 timestamp_us;
  guint strides[3];
  guint8 *planes[3];
  guint8 *memory; /* owned, all planes */
};

G_DEFINE_BOXED_TYPE (BedVideoFrame, bed_video_frame, bed_video_frame_ref, bed_video_frame_unref)

static gboolean
size_is_allowed (guint width, guint height)
{
  return width >= 2 && height >= 2 && width <= BED_VIDEO_FRAME_MAX_WIDTH
         && height <= BED_VIDEO_FRAME_MAX_HEIGHT;
}

static guint
align (guint bytes)
{
  return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

BedVideoFrame *
bed_video_frame_new (guint width, guint height, gint64 timestamp_us)
{
  BedVideoFrame *self;
  gsize luma, chroma;

  if (!size_is_allowed (width, height))
    return NULL;
  self = g_new0 (BedVideoFrame, 1);
  self->ref_count = 1;
  self->width = width;
  self->height = height;
  self->timestamp_us = timestamp_us;
  self->strides[BED_PLANE_Y] = align (width);
  self->strides[BED_PLANE_U] = self->strides[BED_PLANE_V] = align ((width + 1) / 2);
  luma = (gsize) self->strides[BED_PLANE_Y] * height;
  chroma = (gsize) self->strides[BED_PLANE_U] * ((height + 1) / 2);
  self->memory = g_aligned_alloc (1, luma + 2 * chroma, ALIGNMENT);
  self->planes[BED_PLANE_Y] = self->memory;
  self->planes[BED_PLANE_U] = self->memory + luma;
  self->planes[BED_PLANE_V] = self->memory + luma + chroma;
  return self;
}

BedVideoFrame *
bed_video_frame_ref (BedVideoFrame *self)
{
  g_atomic_int_inc (&self->ref_count);
  return self;
}

void
bed_video_frame_unref (BedVideoFrame *self)
{
  if (!g_atomic_int_dec_and_test (&self->ref_count))
    return;
  g_aligned_free (self->memory);
  g_free (self);
}

guint
bed_video_frame_get_width (const BedVideoFrame *self)
{
  return self->width;
}

guint
bed_video_frame_get_height (const BedVideoFrame *self)
{
  return self->height;
}

gint64
bed_video_frame_get_timestamp_us (const BedVideoFrame *self)
{
  return self->timestamp_us;
}

guint8 *
bed_video_frame_get_plane (const BedVideoFrame *self, BedPlane plane)
{
  return self->planes[plane];
}

guint
bed_video_frame_get_stride (const BedVideoFrame *self, BedPlane plane)
{
  return self->strides[plane];
}

#define PLANES(frame) \
  (frame)->planes[0], (int) (frame)->strides[0], (frame)->planes[1], (int) (frame)->strides[1], \
      (frame)->planes[2], (int) (frame)->strides[2]

BedVideoFrame *
bed_video_frame_scale (const BedVideoFrame *self, guint width, guint height)
{
  BedVideoFrame *scaled = bed_video_frame_new (width, height, self->timestamp_us);

  g_return_val_if_fail (scaled != NULL, NULL);
  I420Scale (PLANES (self), self->width, self->height, PLANES (scaled), width, height, kFilterBox);
  return scaled;
}

void
bed_video_frame_to_bgra (const BedVideoFrame *self, guint8 *out, guint stride)
{
  I420ToARGB (PLANES (self), out, stride, self->width, self->height);
}

void
bed_video_frame_to_bgr (const BedVideoFrame *self, guint8 *out, guint stride)
{
  I420ToRGB24 (PLANES (self), out, stride, self->width, self->height);
}

/* Bytes of one row of the first plane, without padding. */
static guint
packed_stride (BedPixelFormat format, guint width)
{
  switch (format)
    {
    case BED_PIXEL_YUY2:
    case BED_PIXEL_UYVY:
      return (width + 1) / 2 * 4;
    case BED_PIXEL_RGB:
      return width * 3;
    case BED_PIXEL_BGRX:
      return width * 4;
    case BED_PIXEL_I420:
    case BED_PIXEL_NV12:
    default:
      return width;
    }
}

/* What follows the first plane: in NV12 rows of the same stride, in I420 twice rows of half of it.
 */
static gsize
chroma_length (BedPixelFormat format, gsize stride, guint height)
{
  gsize rows = (height + 1) / 2;

  if (format == BED_PIXEL_NV12)
    return (stride + 1) / 2 * 2 * rows;
  if (format == BED_PIXEL_I420)
    return 2 * ((stride + 1) / 2) * rows;
  return 0;
}

static void
convert_planar (BedVideoFrame *frame, BedPixelFormat format, const guint8 *data, guint stride)
{
  const guint8 *chroma = data + (gsize) stride * frame->height;
  int half = (stride + 1) / 2;

  if (format == BED_PIXEL_NV12)
    NV12ToI420 (data, stride, chroma, half * 2, PLANES (frame), frame->width, frame->height);
  else
    I420Copy (data, stride, chroma, half, chroma + (gsize) half * ((frame->height + 1) / 2), half,
              PLANES (frame), frame->width, frame->height);
}

static void
convert (BedVideoFrame *frame, BedPixelFormat format, const guint8 *data, guint stride)
{
  switch (format)
    {
    case BED_PIXEL_YUY2:
      YUY2ToI420 (data, stride, PLANES (frame), frame->width, frame->height);
      break;
    case BED_PIXEL_UYVY:
      UYVYToI420 (data, stride, PLANES (frame), frame->width, frame->height);
      break;
    case BED_PIXEL_RGB:
      RAWToI420 (data, stride, PLANES (frame), frame->width, frame->height);
      break;
    case BED_PIXEL_BGRX:
      ARGBToI420 (data, stride, PLANES (frame), frame->width, frame->height);
      break;
    case BED_PIXEL_I420:
    case BED_PIXEL_NV12:
    default:
      convert_planar (frame, format, data, stride);
    }
}

BedVideoFrame *
bed_video_frame_new_from_pixels (BedPixelFormat format, const guint8 *data, gsize length,
                                 guint stride, guint width, guint height, gint64 timestamp_us)
{
  BedVideoFrame *frame;

  if (!size_is_allowed (width, height) || stride > G_MAXUINT16)
    return NULL;
  if (stride == 0)
    stride = packed_stride (format, width);
  /* The last row of a single plane may lack its padding: some cameras leave it out. */
  if (stride < packed_stride (format, width)
      || length < (gsize) stride * (height - 1) + packed_stride (format, width)
      || (chroma_length (format, stride, height) > 0
          && length < (gsize) stride * height + chroma_length (format, stride, height)))
    return NULL;
  frame = bed_video_frame_new (width, height, timestamp_us);
  convert (frame, format, data, stride);
  return frame;
}
