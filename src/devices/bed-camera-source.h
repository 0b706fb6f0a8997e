/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-consented.h"
#include "bed-devices-error.h"
#include "bed-media.h"

G_BEGIN_DECLS

/* A camera that runs. It can only be made from a valid grant, and ends with it: the PipeWire node
 * is destroyed as soon as the grant is withdrawn. Main thread; frames are pushed on the camera's
 * thread. Signal "ended" (GError *error): unplugged, server gone; once, not after a withdrawal.
 */
#define BED_TYPE_CAMERA_SOURCE (bed_camera_source_get_type ())
G_DECLARE_FINAL_TYPE (BedCameraSource, bed_camera_source, BED, CAMERA_SOURCE, GObject)


G_END_DECLS
