/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-note-words.h"
#include "bed-session.h"

G_BEGIN_DECLS

/* What is added to a signed note: written, signed, compared with what stood before. Main thread.
 * Signal "signed" (BedNote *note): it has an addendum more. */
#define BED_TYPE_ADDENDUM_DESK (bed_addendum_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedAddendumDesk, bed_addendum_desk, BED, ADDENDUM_DESK, GObject)

BedAddendumDesk *bed_addendum_desk_new (BedSession *session, BedClock *clock, BedWindow *window,
                                        BedNoteWords *words);
/* store: (nullable): NULL, before the vault closes, puts what is typed in safety. */
void bed_addendum_desk_set_store (BedAddendumDesk *self, BedRecordStore *store);
/* Puts what is typed in safety now. FALSE: it is on the screen alone (BED_VAULT_ERROR). */
gboolean bed_addendum_desk_keep (BedAddendumDesk *self, GError **error);
/* Asks what is to be added, and why. clinician: who signs it, by name. */
void bed_addendum_desk_write (BedAddendumDesk *self, BedNote *note, const char *clinician);
/* Two versions side by side; nothing for a note that has only one. */
void bed_addendum_desk_compare (BedAddendumDesk *self, BedNote *note);

G_END_DECLS
