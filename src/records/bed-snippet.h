/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* An abbreviation that stands for a text. Readable and writable: "abbreviation" (1..32 bytes, no
 * white space), "text" (1..16 KiB). Read only: "id" (0 until it is saved). Main thread. */
#define BED_SNIPPET_ABBREVIATION_MAX 32
#define BED_SNIPPET_TEXT_MAX (16 * 1024)
#define BED_TYPE_SNIPPET (bed_snippet_get_type ())
G_DECLARE_FINAL_TYPE (BedSnippet, bed_snippet, BED, SNIPPET, GObject)
/* Returns: (transfer full): one that is not kept yet */
BedSnippet *bed_snippet_new (const char *abbreviation, const char *text);
gint64 bed_snippet_get_id (BedSnippet *self);
const char *bed_snippet_get_abbreviation (BedSnippet *self);
const char *bed_snippet_get_text (BedSnippet *self);
void bed_snippet_set_abbreviation (BedSnippet *self, const char *abbreviation);
void bed_snippet_set_text (BedSnippet *self, const char *text);
/* Whether it can be kept, as long as no other one has the abbreviation. */
gboolean bed_snippet_is_valid (BedSnippet *self);

G_END_DECLS
