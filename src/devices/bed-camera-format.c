/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-camera-format-private.h"

#include <turbojpeg.h>

static const struct
{
  enum spa_video_format spa;
  BedPixelFormat pixels;
} formats[] = {
  { SPA_VIDEO_FORMAT_I420, BED_PIXEL_I420 }, { SPA_VIDEO_FORMAT_NV12, BED_PIXEL_NV12 },
  { SPA_VIDEO_FORMAT_YUY2, BED_PIXEL_YUY2 }, { SPA_VIDEO_FORMAT_UYVY, BED_PIXEL_UYVY },
  { SPA_VIDEO_FORMAT_RGB, BED_PIXEL_RGB },   { SPA_VIDEO_FORMAT_BGRx, BED_PIXEL_BGRX },
};

static void
add_size_and_rate (struct spa_pod_builder *builder)
{
  spa_pod_builder_add (builder, SPA_FORMAT_VIDEO_size,
                       SPA_POD_CHOICE_RANGE_Rectangle (
                           &SPA_RECTANGLE (BED_CAMERA_WIDTH, BED_CAMERA_HEIGHT),
                           &SPA_RECTANGLE (160, 120),
                           &SPA_RECTANGLE (BED_VIDEO_FRAME_MAX_WIDTH, BED_VIDEO_FRAME_MAX_HEIGHT)),
                       SPA_FORMAT_VIDEO_framerate,
                       SPA_POD_CHOICE_RANGE_Fraction (&SPA_FRACTION (BED_CAMERA_RATE, 1),
                                                      &SPA_FRACTION (0, 1), &SPA_FRACTION (60, 1)),
                       0);
}

static const struct spa_pod *
build_raw (struct spa_pod_builder *builder)
{
  struct spa_pod_frame object, choice;

  spa_pod_builder_push_object (builder, &object, SPA_TYPE_OBJECT_Format, SPA_PARAM_EnumFormat);
  spa_pod_builder_add (builder, SPA_FORMAT_mediaType, SPA_POD_Id (SPA_MEDIA_TYPE_video),
                       SPA_FORMAT_mediaSubtype, SPA_POD_Id (SPA_MEDIA_SUBTYPE_raw), 0);
  spa_pod_builder_prop (builder, SPA_FORMAT_VIDEO_format, 0);
  spa_pod_builder_push_choice (builder, &choice, SPA_CHOICE_Enum, 0);
  spa_pod_builder_id (builder, formats[0].spa);
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    spa_pod_builder_id (builder, formats[i].spa);
  spa_pod_builder_pop (builder, &choice);
  add_size_and_rate (builder);
  return spa_pod_builder_pop (builder, &object);
}

static const struct spa_pod *
build_mjpeg (struct spa_pod_builder *builder)
{
  struct spa_pod_frame object;

  spa_pod_builder_push_object (builder, &object, SPA_TYPE_OBJECT_Format, SPA_PARAM_EnumFormat);
  spa_pod_builder_add (builder, SPA_FORMAT_mediaType, SPA_POD_Id (SPA_MEDIA_TYPE_video),
                       SPA_FORMAT_mediaSubtype, SPA_POD_Id (SPA_MEDIA_SUBTYPE_mjpg), 0);
  add_size_and_rate (builder);
  return spa_pod_builder_pop (builder, &object);
}

guint
bed_camera_format_build (struct spa_pod_builder *builder, const struct spa_pod *pods[2])
{
  pods[0] = build_raw (builder);
  pods[1] = build_mjpeg (builder);
  return 2;
}

static gboolean
size_is_taken (guint width, guint height)
{
  return width >= 2 && height >= 2 && width <= BED_VIDEO_FRAME_MAX_WIDTH
         && height <= BED_VIDEO_FRAME_MAX_HEIGHT;
}

static gboolean
parse_raw (BedCameraFormat *self, const struct spa_pod *pod)
{
  struct spa_video_info_raw raw = { 0 };

  if (spa_format_video_raw_parse (pod, &raw) < 0
      || !size_is_taken (raw.size.width, raw.size.height))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i].spa == raw.format)
      {
        *self = (BedCameraFormat) { FALSE, formats[i].pixels, raw.size.width, raw.size.height };
        return TRUE;
      }
  return FALSE;
}

gboolean
bed_camera_format_parse (BedCameraFormat *self, const struct spa_pod *pod)
{
  guint32 type, subtype;
  struct spa_video_info_mjpg mjpeg = { 0 };

  if (spa_format_parse (pod, &type, &subtype) < 0 || type != SPA_MEDIA_TYPE_video)
    return FALSE;
  if (subtype == SPA_MEDIA_SUBTYPE_raw)
    return parse_raw (self, pod);
  if (subtype != SPA_MEDIA_SUBTYPE_mjpg || spa_format_video_mjpg_parse (pod, &mjpeg) < 0
      || !size_is_taken (mjpeg.size.width, mjpeg.size.height))
    return FALSE;
  *self = (BedCameraFormat) { TRUE, BED_PIXEL_I420, mjpeg.size.width, mjpeg.size.height };
  return TRUE;
}

/* 4:2:0 is decoded straight into the planes, all else by way of BGRX. */
static BedVideoFrame *
decode_jpeg (tjhandle jpeg, const guint8 *data, gsize length, gint64 timestamp_us)
{
  int width, height, subsampling, colorspace;
  g_autoptr (BedVideoFrame) frame = NULL;
  g_autofree guint8 *pixels = NULL;

  if (tjDecompressHeader3 (jpeg, data, length, &width, &height, &subsampling, &colorspace) != 0
      || width < 2 || height < 2 || !size_is_taken (width, height))
    return NULL;
  if (subsampling == TJSAMP_420)
    {
      guint8 *planes[3];
      int strides[3];

      frame = bed_video_frame_new (width, height, timestamp_us);
      for (guint i = 0; i < 3; i++)
        {
          planes[i] = bed_video_frame_get_plane (frame, i);
          strides[i] = bed_video_frame_get_stride (frame, i);
        }
      if (tjDecompressToYUVPlanes (jpeg, data, length, planes, width, strides, height,
                                   TJFLAG_FASTDCT)
              != 0
          && tjGetErrorCode (jpeg) == TJERR_FATAL)
        return NULL;
      return g_steal_pointer (&frame);
    }
  pixels = g_malloc (4 * (gsize) width * height);
  if (tjDecompress2 (jpeg, data, length, pixels, width, 0, height, TJPF_BGRX, TJFLAG_FASTDCT) != 0
      && tjGetErrorCode (jpeg) == TJERR_FATAL)
    return NULL;
  return bed_video_frame_new_from_pixels (BED_PIXEL_BGRX, pixels, 4 * (gsize) width * height,
                                          4 * width, width, height, timestamp_us);
}

BedVideoFrame *
bed_camera_format_decode (const BedCameraFormat *self, gpointer jpeg, const guint8 *data,
                          gsize length, int stride, gint64 timestamp_us)
{
  if (self->compressed)
    return decode_jpeg (jpeg, data, length, timestamp_us);
  return bed_video_frame_new_from_pixels (self->pixels, data, length, MAX (stride, 0), self->width,
                                          self->height, timestamp_us);
}
