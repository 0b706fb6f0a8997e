/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-engine.h"
#include "bed-test-media.h"

G_BEGIN_DECLS

/* Writes the statistics in the shape of RTCStatsReport, as one JSON array, and beside them what the test sinks
 * recognised ("type":"bedside-content"). */
gboolean bed_peer_report_write (const char *path, const BedEngineStats *stats, const BedTestVideoStats *video,
                                const BedTestAudioStats *audio, GError **error);

G_END_DECLS
