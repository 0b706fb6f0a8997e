/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>

#include "bed-note-pdf.h"

G_BEGIN_DECLS

/* In points. */
void bed_paper_get_size (BedPaper paper, double *width, double *height);

/* A note laid out in pages, to be drawn into a file or onto paper. One thread at a time. */
typedef struct _BedNotePages BedNotePages;

/* note and words: lent for the life of the pages. cr: where they will be drawn, or what has its
 * fonts. */
BedNotePages *bed_note_pages_new (const BedHandover *note, const BedHandoverWords *words,
                                  BedPaper paper, cairo_t *cr);
guint bed_note_pages_get_n (BedNotePages *self);
/* page: from 0. A point is a unit of cr, its origin is the upper left corner of the sheet. */
void bed_note_pages_draw (BedNotePages *self, guint page, cairo_t *cr);
void bed_note_pages_free (BedNotePages *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedNotePages, bed_note_pages_free)

G_END_DECLS
