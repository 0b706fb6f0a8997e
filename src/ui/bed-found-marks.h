/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bed-search-hit.h"

G_BEGIN_DECLS

/* How words that a search found stand out: by weight, underline and ground, never by colour alone.
 * Main thread. */

void bed_found_marks_add (PangoAttrList *attributes, const BedTextRange *range);
/* words: as typed into the search, (nullable): none. Takes the former marks off a label that has no
 * attributes of its own. Returns: how many places it marked. */
guint bed_found_marks_label (GtkLabel *label, const char *words);
/* The same for a text; tag: bed_found_marks_tag_new() of this buffer. */
guint bed_found_marks_buffer (GtkTextBuffer *buffer, GtkTextTag *tag, const char *words);
/* Returns: (transfer none): of the buffer */
GtkTextTag *bed_found_marks_tag_new (GtkTextBuffer *buffer);

G_END_DECLS
