/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A page that opens within the preferences: a title, a way back (also Escape), and what is on it. Main thread.
 * Properties, for templates: "title", "content" (GtkWidget). */
#define BED_TYPE_SUBPAGE (bed_subpage_get_type ())
G_DECLARE_FINAL_TYPE (BedSubpage, bed_subpage, BED, SUBPAGE, AdwBin)

G_END_DECLS
