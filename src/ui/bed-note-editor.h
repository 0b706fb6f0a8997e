/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-attachments-box.h"
#include "bed-clock.h"
#include "bed-encounter.h"
#include "bed-note-field.h"
#include "bed-note-paper.h"
#include "bed-note-version.h"
#include "bed-note.h"

G_BEGIN_DECLS

/* What a person asks of a note that takes more than typing. */
typedef enum
{
  BED_NOTE_ASK_SIGN,
  BED_NOTE_ASK_ADDENDUM,
  BED_NOTE_ASK_VERIFY,
  BED_NOTE_ASK_COMPARE,
  BED_NOTE_ASK_HAND_OVER,
  BED_NOTE_ASK_DELETE,
} BedNoteAsk;

/* A note that saves itself while one types (after a pause of 0.7 s and at least every 1.5 s), or,
 * once it is signed, the paper to be read. Main thread.
 * Signals: "save" (BedNote *note): write it now; "ask" (BedNote *note, int BedNoteAsk);
 * "template" (BedNote *note, const char *id): lay it out otherwise; "paper" (BedNote *note): it is
 * signed, fill the paper; "shown" (GObject *): the note, or the encounter with its facts, came to be
 * seen; "note-changed" (): another one, or none, is in it; "add-file" (): to its consultation. */
#define BED_TYPE_NOTE_EDITOR (bed_note_editor_get_type ())
G_DECLARE_FINAL_TYPE (BedNoteEditor, bed_note_editor, BED, NOTE_EDITOR, AdwBin)

/* NULL empties it. The editor of a note that is no draft only reads: its paper is to be filled. */
void bed_note_editor_set_note (BedNoteEditor *self, BedNote *note, BedClock *clock);
BedNote *bed_note_editor_get_note (BedNoteEditor *self);
/* The facts of the note's consultation; encounter, clinician (by name): (nullable). */
void bed_note_editor_set_facts (BedNoteEditor *self, BedEncounter *encounter,
                                const char *clinician);
/* Who it was signed for, see bed_facts_box_set_signed (); until another note is set. */
void bed_note_editor_set_signed (BedNoteEditor *self, const BedNoteFacts *then,
                                 const BedNoteFacts *now);
/* The facts folded open, where there is room. */
void bed_note_editor_set_facts_open (BedNoteEditor *self, gboolean open);
/* For the menu; NULL-terminated, of the same length. */
void bed_note_editor_set_templates (BedNoteEditor *self, const char *const *ids,
                                    const char *const *names);
/* Abbreviations and what they stand for, for the menu. */
void bed_note_editor_set_snippets (BedNoteEditor *self, const char *const *abbreviations,
                                   const char *const *texts);
/* help: (nullable): borrowed, as its data, until it is replaced. */
void bed_note_editor_set_help (BedNoteEditor *self, const BedNoteHelp *help, gpointer user_data);
BedNotePaper *bed_note_editor_get_paper (BedNoteEditor *self);
/* Of the note's consultation; empty until it is filled. */
BedAttachmentsBox *bed_note_editor_get_attachments (BedNoteEditor *self);
void bed_note_editor_focus (BedNoteEditor *self);
/* Marks where the words of a search stand in the note, until NULL or another note is set.
 * Returns: how many places */
guint bed_note_editor_show_found (BedNoteEditor *self, const char *words);
/* A sentence why it could not be saved; NULL clears. */
void bed_note_editor_set_error (BedNoteEditor *self, const char *text);

G_END_DECLS
