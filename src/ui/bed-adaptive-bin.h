/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A bin that knows whether it is narrow (libadwaita 1.2 has no breakpoints). It never asks for more than
 * 320 px, gives its child what the child needs, and tells of a change outside of the layout cycle.
 * Main thread. Properties: "child", "threshold" (px, below it is narrow), "narrow" (read, notify). The
 * CSS class "narrow" follows.
 */
#define BED_TYPE_ADAPTIVE_BIN (bed_adaptive_bin_get_type ())
G_DECLARE_FINAL_TYPE (BedAdaptiveBin, bed_adaptive_bin, BED, ADAPTIVE_BIN, GtkWidget)

gboolean bed_adaptive_bin_get_narrow (BedAdaptiveBin *self);

G_END_DECLS
