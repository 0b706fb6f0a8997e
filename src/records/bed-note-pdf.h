/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-handover.h"

G_BEGIN_DECLS

typedef enum
{
  BED_PAPER_A4,
  BED_PAPER_LETTER,
} BedPaper;

/* A note as pages to print or to keep: PDF 1.5 with its fonts embedded and its text extractable.
 * The file's title is BED_WORD_TITLE: it names nobody. Any thread. Returns: (transfer full)
 * (nullable): BED_EXPORT_ERROR_RENDER */
GBytes *bed_note_pdf_new (const BedHandover *note, const BedHandoverWords *words, BedPaper paper,
                          GError **error);

G_END_DECLS
