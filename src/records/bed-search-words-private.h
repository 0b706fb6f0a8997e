/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-search-hit.h"

G_BEGIN_DECLS

#define BED_SEARCH_TERMS_MAX 16
#define BED_SEARCH_TERM_BYTES 64

/* Without case, diacritics and forms, in every locale alike. (transfer full) */
char *bed_search_fold (const char *text, gssize length);
typedef void (*BedSearchWord) (const char *folded, gsize start, gsize end, gpointer user_data);
/* Each run of letters and digits, folded; `start` and `end` in bytes of the text. */
void bed_search_each_word (const char *text, BedSearchWord callback, gpointer user_data);
/* The distinct words of what was typed, as many as a search takes. (transfer full) */
GStrv bed_search_typed_words (const char *typed);
/* About a line of the text around the words of the search; ranges are within it. (transfer full) */
char *bed_search_snippet (const char *typed, const char *text, GArray **ranges);

G_END_DECLS
