/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* W3C MediaDeviceInfo. Immutable but for "default"; main thread. Properties: "label", "default". */
#define BED_TYPE_MEDIA_DEVICE (bed_media_device_get_type ())
G_DECLARE_FINAL_TYPE (BedMediaDevice, bed_media_device, BED, MEDIA_DEVICE, GObject)

typedef enum
{
  BED_MEDIA_DEVICE_VIDEO_INPUT,
  BED_MEDIA_DEVICE_AUDIO_INPUT,
  BED_MEDIA_DEVICE_AUDIO_OUTPUT,
} BedMediaDeviceKind;
#define BED_N_MEDIA_DEVICE_KINDS 3

BedMediaDevice *bed_media_device_new (BedMediaDeviceKind kind, const char *id, const char *label);
BedMediaDeviceKind bed_media_device_get_kind (BedMediaDevice *self);
/* The same after a restart and a new plug-in: what the settings keep. Lends. */
const char *bed_media_device_get_id (BedMediaDevice *self);
/* For people. Lends. */
const char *bed_media_device_get_label (BedMediaDevice *self);

G_END_DECLS
