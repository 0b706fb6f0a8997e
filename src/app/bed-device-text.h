/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-media-device.h"

G_BEGIN_DECLS

/* What went wrong with a camera, microphone or loudspeaker, and the one thing to do. Lends; never
 * NULL. */
const char *bed_device_text (BedMediaDeviceKind kind, const GError *error);

G_END_DECLS
