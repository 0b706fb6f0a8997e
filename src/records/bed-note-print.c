/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-note-print.h"

#include "bed-records-private.h"

struct _BedNotePrint
{
  BedHandover *note;   /* owned */
  BedNotePages *pages; /* owned: of the note */
};

BedNotePrint *
bed_note_print_new (BedRecordStore *store, gint64 note_id, BedPaper paper,
                    const BedHandoverOptions *options, cairo_t *cr, GError **error)
{
  g_autoptr (BedHandover) note = bed_handover_load (store, note_id, options, error);
  BedNotePrint *self;

  if (note == NULL || !bed_record_audit_append (store, BED_AUDIT_EXPORTED, note->uuid, error))
    return NULL;
  self = g_new0 (BedNotePrint, 1);
  self->note = g_steal_pointer (&note);
  self->pages = bed_note_pages_new (self->note, options->words, paper, cr);
  return self;
}

BedNotePages *
bed_note_print_get_pages (BedNotePrint *self)
{
  return self->pages;
}

void
bed_note_print_free (BedNotePrint *self)
{
  if (self == NULL)
    return;
  bed_note_pages_free (self->pages);
  bed_handover_free (self->note);
  g_free (self);
}
