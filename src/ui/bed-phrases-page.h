/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Templates and snippets, to be made, changed and deleted. Main thread.
 * Signals: "new-template" (), "new-snippet" (), "copy-template", "edit-template",
 * "delete-template", "edit-snippet", "delete-snippet" (GObject *): a BedTemplate or BedSnippet;
 * "move-template" (BedTemplate *, int by): -1: up, 1: down. */
#define BED_TYPE_PHRASES_PAGE (bed_phrases_page_get_type ())
G_DECLARE_FINAL_TYPE (BedPhrasesPage, bed_phrases_page, BED, PHRASES_PAGE, AdwBin)

BedPhrasesPage *bed_phrases_page_new (void);
/* Of BedTemplate and BedSnippet; followed. (nullable) */
void bed_phrases_page_set_lists (BedPhrasesPage *self, GListModel *templates,
                                 GListModel *snippets);

G_END_DECLS
