/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Two versions of a note, side by side or, where there is no room, one below the other. What went
 * is struck through, what came is underlined: never colour alone. Main thread.
 * Signal "chosen" (uint left, uint right): versions from 0; fill the sections anew. */
#define BED_TYPE_COMPARE_WINDOW (bed_compare_window_get_type ())
G_DECLARE_FINAL_TYPE (BedCompareWindow, bed_compare_window, BED, COMPARE_WINDOW, AdwWindow)

/* names: of the versions, NULL-terminated, oldest first; at least two. */
BedCompareWindow *bed_compare_window_new (GtkWindow *parent, const char *const *names);
void bed_compare_window_clear (BedCompareWindow *self);
/* old_text and new_text of a section under its heading. */
void bed_compare_window_add_section (BedCompareWindow *self, const char *heading,
                                     const char *old_text, const char *new_text);

G_END_DECLS
