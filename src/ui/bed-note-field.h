/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* What a field asks while one types. Each may be NULL; main thread. */
typedef struct
{
  /* Whether it is spelled rightly. */
  gboolean (*check) (const char *word, gpointer user_data);
  /* Returns: (transfer full) (nullable) */
  GStrv (*suggest) (const char *word, gpointer user_data);
  /* From now on it is right. */
  void (*learn) (const char *word, gpointer user_data);
  /* The text that stands for an abbreviation. Returns: (transfer full) (nullable) */
  char *(*expand) (const char *abbreviation, gpointer user_data);
} BedNoteHelp;

/* One section of a note: a title and a text that undoes, underlines what is misspelled, and writes
 * snippets out when a space follows their abbreviation. Main thread.
 * Signal "changed" (): typed, not loaded. */
#define BED_TYPE_NOTE_FIELD (bed_note_field_get_type ())
G_DECLARE_FINAL_TYPE (BedNoteField, bed_note_field, BED, NOTE_FIELD, AdwBin)

BedNoteField *bed_note_field_new (void);
/* hint: (nullable): what belongs here, shown while it is empty. */
void bed_note_field_set_title (BedNoteField *self, const char *title, const char *hint);
/* The text takes all the height that there is, not only what it needs. */
void bed_note_field_fill (BedNoteField *self);
/* Not to be undone, and no "changed". */
void bed_note_field_load (BedNoteField *self, const char *text);
/* Returns: (transfer full) */
char *bed_note_field_dup_text (BedNoteField *self);
/* At the cursor, as if typed. */
void bed_note_field_insert (BedNoteField *self, const char *text);
/* help: (nullable): borrowed, as is its data, until it is replaced. */
void bed_note_field_set_help (BedNoteField *self, const BedNoteHelp *help, gpointer user_data);
/* Marks where the words of a search stand; NULL takes the marks off. Returns: how many places */
guint bed_note_field_show_found (BedNoteField *self, const char *words);
/* It is, until told otherwise. */
void bed_note_field_set_editable (BedNoteField *self, gboolean editable);
void bed_note_field_focus (BedNoteField *self);
gboolean bed_note_field_has_focus (BedNoteField *self);

G_END_DECLS
