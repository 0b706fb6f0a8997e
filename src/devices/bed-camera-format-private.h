/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <spa/param/video/format-utils.h>

#include "bed-video-frame.h"

G_BEGIN_DECLS

/* What a camera was told to send. Camera thread. */
typedef struct
{
  gboolean compressed; /* MJPEG */
  BedPixelFormat pixels;
  guint width, height;
} BedCameraFormat;

#define BED_CAMERA_WIDTH 1280
#define BED_CAMERA_HEIGHT 720
#define BED_CAMERA_RATE 30

/* The formats that can be taken, best first; returns how many of the two pods were made. */
guint bed_camera_format_build (struct spa_pod_builder *builder, const struct spa_pod *pods[2]);
/* FALSE for anything else or over the limits. */
gboolean bed_camera_format_parse (BedCameraFormat *self, const struct spa_pod *pod);
/* Returns: (transfer full) (nullable): NULL for a damaged or foreign picture. jpeg: a tjhandle */
BedVideoFrame *bed_camera_format_decode (const BedCameraFormat *self, gpointer jpeg,
                                         const guint8 *data, gsize length, int stride,
                                         gint64 timestamp_us);

G_END_DECLS
