/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* A list with a search above it, and what was chosen beside it; folds into one by itself. The list
 * may be long: no rows exist while it is hidden, at first those that can be seen, and a moment later
 * some more around them. Main thread.
 * Properties: "detail-alone" (gboolean, read-only: the detail is shown in the list's place); for
 * templates "tool" (beside the search), "filters" (below it), "detail", "empty"
 * (on the page without items), all GtkWidget.
 * Signals: "search-changed" (), "chosen" (GObject *item). */
#define BED_TYPE_LIST_DETAIL (bed_list_detail_get_type ())
G_DECLARE_FINAL_TYPE (BedListDetail, bed_list_detail, BED, LIST_DETAIL, AdwBin)

typedef struct
{
  const char *icon;
  const char *search_hint;
  const char *search_name;
  const char *list_name;
  const char *empty_title;
  const char *empty_text;
  const char *not_found_text;
  const char *choose_title;
} BedListDetailWords;
void bed_list_detail_set_words (BedListDetail *self, const BedListDetailWords *words);

/* Makes what is shown for an item; name: (out) (transfer full): what a screen reader says of it. */
typedef GtkWidget *(*BedListRow) (gpointer item, char **name, gpointer user_data);
/* model: (nullable). filtered: an empty one says that nothing was found. */
void bed_list_detail_set_model (BedListDetail *self, GListModel *model, BedListRow make,
                                gpointer user_data, gboolean filtered);
/* What was typed, lent. */
const char *bed_list_detail_get_text (BedListDetail *self);
/* Empties search and detail, and shows the list. */
void bed_list_detail_reset (BedListDetail *self);
void bed_list_detail_show_list (BedListDetail *self);
void bed_list_detail_show_detail (BedListDetail *self);
/* Nothing is chosen any more. */
void bed_list_detail_close_detail (BedListDetail *self);
/* To the list, with the focus in its search. */
void bed_list_detail_search (BedListDetail *self);
/* Shown only while list and detail do not fit beside each other; leads back to the list. */
void bed_list_detail_set_back (BedListDetail *self, GtkButton *back);

G_END_DECLS
