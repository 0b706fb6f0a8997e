/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-search-hit.h"

G_BEGIN_DECLS

/* Spelling in one language, by the dictionaries that the machine has (enchant). Nothing that is
 * checked or added is ever written to a file. Main thread.
 */
#define BED_TYPE_SPELLER (bed_speller_get_type ())
G_DECLARE_FINAL_TYPE (BedSpeller, bed_speller, BED, SPELLER, GObject)
/* language: BCP 47 ("de-DE", "en"); without a region any region's dictionary will do.
 * Returns: (transfer full) (nullable): NULL when the machine has no dictionary for it */
BedSpeller *bed_speller_new (const char *language);
/* BCP 47, sorted. Returns: (transfer full) */
GStrv bed_speller_list_languages (void);
const char *bed_speller_get_language (BedSpeller *self);
/* Whether a word is known. Numbers and words with digits are. */
gboolean bed_speller_check (BedSpeller *self, const char *word);
/* Best first, at most 8. Returns: (transfer full) */
GStrv bed_speller_suggest (BedSpeller *self, const char *word);
/* Known until the speller goes: names of the patient, words that the clinician keeps in the
 * record. */
void bed_speller_add (BedSpeller *self, const char *word);
/* The words of a text that are not known, in bytes; at most 1000. Returns: (transfer full): of
 * BedTextRange */
GArray *bed_speller_check_text (BedSpeller *self, const char *text);

G_END_DECLS
