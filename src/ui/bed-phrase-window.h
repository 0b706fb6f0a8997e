/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* One template (a name and its headings, a line each) or one snippet (an abbreviation and its
 * text). Main thread. Signal "save" (const char *name, const char *text). */
#define BED_TYPE_PHRASE_WINDOW (bed_phrase_window_get_type ())
G_DECLARE_FINAL_TYPE (BedPhraseWindow, bed_phrase_window, BED, PHRASE_WINDOW, AdwWindow)

BedPhraseWindow *bed_phrase_window_new (GtkWindow *parent, const char *title,
                                        const char *name_title, const char *text_title,
                                        const char *hint);
void bed_phrase_window_load (BedPhraseWindow *self, const char *name, const char *text);
void bed_phrase_window_set_error (BedPhraseWindow *self, const char *text);

G_END_DECLS
