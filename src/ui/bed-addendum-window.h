/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

#include "bed-note-field.h"

G_BEGIN_DECLS

/* What is added to a signed note, and why. Main thread. Signals: "keep" (): typed, to be put in
 * safety; "sign" (const char *reason, const char *text). */
#define BED_TYPE_ADDENDUM_WINDOW (bed_addendum_window_get_type ())
G_DECLARE_FINAL_TYPE (BedAddendumWindow, bed_addendum_window, BED, ADDENDUM_WINDOW, AdwWindow)

/* clinician: who signs it, by name. */
BedAddendumWindow *bed_addendum_window_new (GtkWindow *parent, const char *clinician);
void bed_addendum_window_load (BedAddendumWindow *self, const char *reason, const char *text);
/* Lent. */
const char *bed_addendum_window_get_reason (BedAddendumWindow *self);
/* Returns: (transfer full) */
char *bed_addendum_window_dup_text (BedAddendumWindow *self);
BedNoteField *bed_addendum_window_get_field (BedAddendumWindow *self);
void bed_addendum_window_set_error (BedAddendumWindow *self, const char *text);

G_END_DECLS
