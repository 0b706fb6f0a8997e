/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "bed-media-device.h"
#include "bed-pipewire-private.h"

G_BEGIN_DECLS

/* Follows the nodes of one PipeWire connection. Main thread.
 * Signal "lost" (): the server is gone. */
#define BED_TYPE_DEVICE_REGISTRY (bed_device_registry_get_type ())
G_DECLARE_FINAL_TYPE (BedDeviceRegistry, bed_device_registry, BED, DEVICE_REGISTRY, GObject)

/* lists: one GListStore of BedMediaDevice for each kind, filled and emptied here. */
BedDeviceRegistry *bed_device_registry_new (BedPipewire *pipewire,
                                            GListStore *lists[BED_N_MEDIA_DEVICE_KINDS]);
/* Calls back on the main thread when all that is there now has been listed. */
gboolean bed_device_registry_get_settled (BedDeviceRegistry *self);

G_END_DECLS
