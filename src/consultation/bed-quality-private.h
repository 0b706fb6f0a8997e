/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-call.h"

G_BEGIN_DECLS

/* How the call feels, from one second of statistics to the next. Pure. */
BedQuality bed_quality_of (const BedEngineStats *stats, gboolean remote_camera,
                           gboolean remote_microphone, BedQualityReason *reason);

G_END_DECLS
