/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-timeline.h"

G_BEGIN_DECLS

typedef struct
{
  BedTimelineKind kind;
  gint64 real_us;
  gint64 encounter_id;
  GObject *object; /* nullable */
  char *text;      /* nullable */
  char *author;    /* nullable */
  gint64 since_us;
  guint number;
  gboolean flag;
} BedTimelineValues;
/* Copies. (transfer full) */
BedTimelineEntry *bed_timeline_entry_new (const BedTimelineValues *values);

G_END_DECLS
