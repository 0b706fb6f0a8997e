/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-note-field.h"

G_BEGIN_DECLS

/* What is added to a signed note, and why, and how its sections should have read. Main thread.
 * Signals: "keep" (): typed, to be put in safety; "sign" (const char *reason, const char *text): and
 * see bed_addendum_window_dup_corrections(). */
#define BED_TYPE_ADDENDUM_WINDOW (bed_addendum_window_get_type ())
G_DECLARE_FINAL_TYPE (BedAddendumWindow, bed_addendum_window, BED, ADDENDUM_WINDOW, AdwWindow)

/* clinician: who signs it, by name. */
BedAddendumWindow *bed_addendum_window_new (GtkWindow *parent, const char *clinician);
/* A section of the note as it reads until now, which may be corrected. Returns: (transfer none): its
 * field */
BedNoteField *bed_addendum_window_add_section (BedAddendumWindow *self, const char *heading,
                                               const char *text);
/* What was typed before. sections: (nullable): corrected ones, as many as were added. */
void bed_addendum_window_load (BedAddendumWindow *self, const char *reason, const char *text,
                               const char *const *sections);
/* All of them as they are to read; NULL when none was changed.
 * Returns: (transfer full) (nullable) */
GStrv bed_addendum_window_dup_sections (BedAddendumWindow *self);
/* The same, to be signed: NULL while they are hidden.
 * Returns: (transfer full) (nullable) */
GStrv bed_addendum_window_dup_corrections (BedAddendumWindow *self);
/* Lent. */
const char *bed_addendum_window_get_reason (BedAddendumWindow *self);
/* Returns: (transfer full) */
char *bed_addendum_window_dup_text (BedAddendumWindow *self);
BedNoteField *bed_addendum_window_get_field (BedAddendumWindow *self);
void bed_addendum_window_set_error (BedAddendumWindow *self, const char *text);

G_END_DECLS
