/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-media.h"

G_BEGIN_DECLS

/* Listens to a source and says how loud it is. Pushed to on any one thread, read on any. */
#define BED_TYPE_LEVEL_METER (bed_level_meter_get_type ())
G_DECLARE_FINAL_TYPE (BedLevelMeter, bed_level_meter, BED, LEVEL_METER, GObject)
BedLevelMeter *bed_level_meter_new (void);
/* 0 (below -50 dB of full scale) to 1 (full scale): the loudest since the last call. */
double bed_level_meter_take (BedLevelMeter *self);

G_END_DECLS
