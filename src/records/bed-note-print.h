/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-note-pages.h"

G_BEGIN_DECLS

/* A note for a printer: what is saved as PDF, drawn page by page. Main thread. */
typedef struct _BedNotePrint BedNotePrint;

/* cr: of the printer. options: its words have to live as long. An EXPORTED with the note's uuid is
 * in the audit trail when this returns. Errors: BED_RECORD_ERROR. Returns: (transfer full)
 * (nullable) */
BedNotePrint *bed_note_print_new (BedRecordStore *store, gint64 note_id, BedPaper paper,
                                  const BedHandoverOptions *options, cairo_t *cr, GError **error);
/* Returns: (transfer none) */
BedNotePages *bed_note_print_get_pages (BedNotePrint *self);
void bed_note_print_free (BedNotePrint *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedNotePrint, bed_note_print_free)

G_END_DECLS
