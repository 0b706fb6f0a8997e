/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BED_DEVICES_ERROR (bed_devices_error_quark ())
GQuark bed_devices_error_quark (void);

typedef enum
{
  BED_DEVICES_ERROR_NOT_GRANTED, /* no valid consent grant for this device */
  BED_DEVICES_ERROR_NO_SERVER,   /* PipeWire does not run or went away */
  BED_DEVICES_ERROR_NO_DEVICE,   /* there is no such device */
  BED_DEVICES_ERROR_DENIED,      /* the desktop's permission was denied */
  BED_DEVICES_ERROR_UNPLUGGED,   /* it went away while in use */
  BED_DEVICES_ERROR_FORMAT,      /* it gives nothing that can be used */
  BED_DEVICES_ERROR_FAILED,
} BedDevicesError;

G_END_DECLS
