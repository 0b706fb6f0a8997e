/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One's own picture in a corner of the call: dragged by the pointer, moved by the arrow keys, it settles in
 * the nearest corner. Lives as an overlay child; bed_self_view_place () is for GtkOverlay::get-child-position.
 * Main thread. */
#define BED_TYPE_SELF_VIEW (bed_self_view_get_type ())
G_DECLARE_FINAL_TYPE (BedSelfView, bed_self_view, BED, SELF_VIEW, GtkWidget)

void bed_self_view_set_paintable (BedSelfView *self, GdkPaintable *paintable);
/* Off: no picture, and it says so. */
void bed_self_view_set_on (BedSelfView *self, gboolean on);
/* Where it lies in `width` x `height`, clear of the bars at top and bottom (px). */
void bed_self_view_place (BedSelfView *self, int width, int height, int top, int bottom, GdkRectangle *out);

G_END_DECLS
