/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-devices-error.h"

G_DEFINE_QUARK (bed-devices-error-quark, bed_devices_error)
