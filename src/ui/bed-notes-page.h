/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-list-detail.h"
#include "bed-note-editor.h"
#include "bed-note-filter.h"
#include "bed-record-store.h"

G_BEGIN_DECLS

/* All notes, newest first, with full-text search; the chosen one beside them. Main thread.
 * Signals: "assign" (BedEncounter *): it belongs to nobody yet; "choose-patient" (): for the filter;
 * "error" (GError *). */
#define BED_TYPE_NOTES_PAGE (bed_notes_page_get_type ())
G_DECLARE_FINAL_TYPE (BedNotesPage, bed_notes_page, BED, NOTES_PAGE, AdwBin)

/* store: NULL empties the page (before the vault closes). */
void bed_notes_page_set_store (BedNotesPage *self, BedRecordStore *store, BedClock *clock);
/* The account's owner, by name: for the facts beside a note. */
void bed_notes_page_set_clinician (BedNotesPage *self, const char *name);
void bed_notes_page_search (BedNotesPage *self);
/* Lent. */
BedListDetail *bed_notes_page_get_pane (BedNotesPage *self);
void bed_notes_page_show_note (BedNotesPage *self, BedNote *note);
/* No note is chosen any more. */
void bed_notes_page_close_note (BedNotesPage *self);
BedNoteEditor *bed_notes_page_get_editor (BedNotesPage *self);
/* Opens the filter for this patient's notes; patient: (nullable): anybody's. */
void bed_notes_page_show_filter (BedNotesPage *self, BedPatient *patient);
BedNoteFilter *bed_notes_page_get_filter (BedNotesPage *self);

G_END_DECLS
