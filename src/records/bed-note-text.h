/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-handover.h"

G_BEGIN_DECLS

#define BED_NOTE_TEXT_COLUMNS 76

/* A note as plain text in UTF-8, wrapped at `columns` (40 or more) cells. Any thread.
 * Returns: (transfer full) */
char *bed_note_text_new (const BedHandover *note, const BedHandoverWords *words, guint columns);

G_END_DECLS
