/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-note-editor.h"
#include "bed-record-store.h"
#include "bed-window.h"

G_BEGIN_DECLS

/* What is done with the files of a consultation: added, looked at, saved elsewhere, deleted and
 * taken back. Main thread. */
#define BED_TYPE_ATTACHMENT_DESK (bed_attachment_desk_get_type ())
G_DECLARE_FINAL_TYPE (BedAttachmentDesk, bed_attachment_desk, BED, ATTACHMENT_DESK, GObject)

BedAttachmentDesk *bed_attachment_desk_new (BedClock *clock, BedWindow *window);
/* NULL before the vault closes: what is open is closed. */
void bed_attachment_desk_set_store (BedAttachmentDesk *self, BedRecordStore *store);
/* Serves this editor from now on. */
void bed_attachment_desk_follow (BedAttachmentDesk *self, BedNoteEditor *editor);
/* To be looked at. */
void bed_attachment_desk_open (BedAttachmentDesk *self, BedAttachment *attachment);

G_END_DECLS
