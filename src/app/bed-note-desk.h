/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-handover-desk.h"
#include "bed-note-editor.h"
#include "bed-record-store.h"
#include "bed-session.h"
#include "bed-window.h"

G_BEGIN_DECLS

/* What is done with a note, wherever one is written: saved, laid out, signed, added to, verified,
 * compared, handed over, deleted. Main thread. */
#define BED_TYPE_NOTE_DESK (bed_note_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedNoteDesk, bed_note_desk, BED, NOTE_DESK, GObject)

BedNoteDesk *bed_note_desk_new (BedSession *session, BedClock *clock, BedWindow *window,
                                BedHandoverDesk *handover);
/* NULL before the vault closes. */
void bed_note_desk_set_store (BedNoteDesk *self, BedRecordStore *store);
/* As bed_addendum_desk_keep. */
gboolean bed_note_desk_keep (BedNoteDesk *self, GError **error);
/* Serves this editor from now on. */
void bed_note_desk_follow (BedNoteDesk *self, BedNoteEditor *editor);

G_END_DECLS
