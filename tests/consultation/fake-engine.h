/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-engine.h"

/* An engine that takes everything, and tells what the test says of it. Returns: (transfer full) */
BedEngine *fake_engine_new (void);
