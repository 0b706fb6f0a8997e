/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-template.h"

G_BEGIN_DECLS

#define BED_TYPE_NOTE_STATE (bed_note_state_get_type ())
GType bed_note_state_get_type (void);
typedef enum
{
  BED_NOTE_DRAFT,
  BED_NOTE_SIGNED,
  BED_NOTE_AMENDED,
} BedNoteState;

/* The sections of the template "soap" and of notes that were begun before there were others. */
typedef enum
{
  BED_NOTE_SUBJECTIVE,
  BED_NOTE_OBJECTIVE,
  BED_NOTE_ASSESSMENT,
  BED_NOTE_PLAN,
  BED_NOTE_N_SECTIONS,
} BedNoteSection;

/* Whether what stands in the object is also on the disk. */
#define BED_TYPE_NOTE_SAVE_STATE (bed_note_save_state_get_type ())
GType bed_note_save_state_get_type (void);
typedef enum
{
  BED_NOTE_SAVED,
  BED_NOTE_CHANGED, /* typed since */
  BED_NOTE_SAVING,
  BED_NOTE_FAILED, /* the last attempt failed; the text is kept here and may be saved again */
} BedNoteSaveState;

#define BED_NOTE_SECTION_MAX (256 * 1024) /* bytes */

/* A note in up to BED_NOTE_SECTIONS_MAX sections, each under a heading that it keeps from the
 * template it was begun with. Writable while a draft, the sections in their order: "subjective",
 * "objective", "assessment", "plan", "section-5" to "section-8" (whatever their headings say).
 * Read only, notify: "template-id", "headings" (one for each line), "id", "uuid", "encounter-id",
 * "patient-id" (of its encounter, 0: none), "state", "save-state", "author", "created-us",
 * "updated-us" (µs since 1970 UTC; of the last save), "signed-us" (0: not signed). Setting a section turns the save state to CHANGED; bed_note_draft_save_async ()
 * writes it. The record hands out one object for each note, so every view of a note shows the same
 * text. Main thread.
 */
#define BED_TYPE_NOTE (bed_note_get_type ())
G_DECLARE_FINAL_TYPE (BedNote, bed_note, BED, NOTE, GObject)

gint64 bed_note_get_id (BedNote *self);
const char *bed_note_get_uuid (BedNote *self);
gint64 bed_note_get_encounter_id (BedNote *self);
gint64 bed_note_get_patient_id (BedNote *self);
BedNoteState bed_note_get_state (BedNote *self);
BedNoteSaveState bed_note_get_save_state (BedNote *self);
const char *bed_note_get_author (BedNote *self);
const char *bed_note_get_template_id (BedNote *self);
gint64 bed_note_get_created_us (BedNote *self);
gint64 bed_note_get_updated_us (BedNote *self);
gint64 bed_note_get_signed_us (BedNote *self);
guint bed_note_get_n_sections (BedNote *self);
/* An id or an own text, see bed_heading_get_text (). */
const char *bed_note_get_heading (BedNote *self, guint section);
/* The property that a section is: "subjective" … "section-8". */
const char *bed_note_get_section_property (guint section);
/* section: a BedNoteSection, or any up to the last. Never NULL. */
const char *bed_note_get_section (BedNote *self, guint section);
/* FALSE, and no change: the note is not a draft, the text is longer than BED_NOTE_SECTION_MAX or
 * not UTF-8. */
gboolean bed_note_set_section (BedNote *self, guint section, const char *text);
gboolean bed_note_is_empty (BedNote *self);

G_END_DECLS
