/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-timeline.h"

G_BEGIN_DECLS

/* A line of a patient's timeline as a row of a list. It can be activated when it leads to a note or a
 * file.
 * now_us: for the words of the day. Main thread. Returns: (transfer floating) */
GtkWidget *bed_timeline_row_new (BedTimelineEntry *entry, gint64 now_us);

G_END_DECLS
