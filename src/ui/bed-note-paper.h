/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What holding a signed note against its signatures found. */
typedef enum
{
  BED_PAPER_UNCHECKED,
  BED_PAPER_INTACT,
  BED_PAPER_BROKEN,
} BedPaperSeal;

/* A signed note, to be read: its sections, the seal, and the addenda below. Main thread.
 * Signal "verify" (): hold it against its signatures. */
#define BED_TYPE_NOTE_PAPER (bed_note_paper_get_type ())
G_DECLARE_FINAL_TYPE (BedNotePaper, bed_note_paper, BED, NOTE_PAPER, AdwBin)

void bed_note_paper_clear (BedNotePaper *self);
void bed_note_paper_add_section (BedNotePaper *self, const char *heading, const char *text);
/* The section that was added last reads as this addendum corrected it. */
void bed_note_paper_mark_corrected (BedNotePaper *self, guint addendum);
/* who signed, when: a time in words. */
void bed_note_paper_set_signature (BedNotePaper *self, const char *who, const char *when);
/* sentence: what was found; (nullable) when unchecked. */
void bed_note_paper_set_seal (BedNotePaper *self, BedPaperSeal seal, const char *sentence);
/* corrects: the note reads otherwise since then. */
void bed_note_paper_add_addendum (BedNotePaper *self, guint number, const char *who,
                                  const char *when, const char *reason, const char *text,
                                  gboolean corrects);
/* Marks where the words of a search stand, also in what is added later; NULL takes the marks off.
 * Returns: how many places there are now. */
guint bed_note_paper_show_found (BedNotePaper *self, const char *words);

G_END_DECLS
