/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-camera-source.h"
#include "bed-pipewire-private.h"

G_BEGIN_DECLS

/* target: (nullable): node name. Returns: (transfer full) (nullable) */
BedCameraSource *bed_camera_source_new (BedPipewire *pipewire, BedConsentGrant *grant,
                                        const char *target, GError **error);

G_END_DECLS
