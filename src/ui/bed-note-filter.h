/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-record-store.h"

G_BEGIN_DECLS

/* Narrows a search: whose notes, from when, in which state, of which template. Main thread.
 * Signals: "changed" (); "choose-patient" (): the person wants to say whose. */
#define BED_TYPE_NOTE_FILTER (bed_note_filter_get_type ())
G_DECLARE_FINAL_TYPE (BedNoteFilter, bed_note_filter, BED, NOTE_FILTER, AdwBin)

/* ids and names: NULL-terminated, of the same length; the first choice, any, is added. */
void bed_note_filter_set_templates (BedNoteFilter *self, const char *const *ids,
                                    const char *const *names);
/* patient: (nullable): anybody. */
void bed_note_filter_set_patient (BedNoteFilter *self, BedPatient *patient);
/* Whether anything is narrowed. */
gboolean bed_note_filter_is_active (BedNoteFilter *self);
void bed_note_filter_clear (BedNoteFilter *self);
/* Everything but the text. What it points to lives until the next change. */
void bed_note_filter_fill (BedNoteFilter *self, BedSearchQuery *query, gint64 now_us);

G_END_DECLS
