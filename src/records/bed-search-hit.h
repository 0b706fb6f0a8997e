/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct
{
  guint start; /* bytes into the snippet */
  guint end;
} BedTextRange;

/* A note that a search found. Immutable; main thread. The snippet is plain text, to be shown as
 * such, with the ranges to emphasise beside it: never markup.
 */
#define BED_TYPE_SEARCH_HIT (bed_search_hit_get_type ())
G_DECLARE_FINAL_TYPE (BedSearchHit, bed_search_hit, BED, SEARCH_HIT, GObject)

gint64 bed_search_hit_get_note_id (BedSearchHit *self);
gint64 bed_search_hit_get_encounter_id (BedSearchHit *self);
const char *bed_search_hit_get_patient_name (BedSearchHit *self);
/* µs since 1970 UTC: when the note was made. */
gint64 bed_search_hit_get_created_us (BedSearchHit *self);
/* A BedNoteState. */
guint bed_search_hit_get_state (BedSearchHit *self);
const char *bed_search_hit_get_snippet (BedSearchHit *self);
const BedTextRange *bed_search_hit_get_ranges (BedSearchHit *self, guint *n_ranges);

G_END_DECLS
