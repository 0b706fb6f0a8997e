/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-note-editor.h"
#include "bed-record-store.h"
#include "bed-window.h"

G_BEGIN_DECLS

/* What helps while a note is typed: spelling with the person's own words, snippets, templates.
 * Main thread. */
#define BED_TYPE_NOTE_WORDS (bed_note_words_get_type ())
G_DECLARE_FINAL_TYPE (BedNoteWords, bed_note_words, BED, NOTE_WORDS, GObject)

BedNoteWords *bed_note_words_new (BedWindow *window);
/* store: (nullable): NULL before the vault closes. */
void bed_note_words_set_store (BedNoteWords *self, BedRecordStore *store);
/* Helps in this editor from now on. */
void bed_note_words_follow (BedNoteWords *self, BedNoteEditor *editor);
/* The same for a field by itself, which must not outlive this object. */
void bed_note_words_help (BedNoteWords *self, BedNoteField *field);

G_END_DECLS
