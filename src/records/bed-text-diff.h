/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  BED_DIFF_SAME,
  BED_DIFF_REMOVED, /* only in the old text */
  BED_DIFF_ADDED,   /* only in the new one */
} BedDiffKind;

/* Ranges in bytes: of the old text for SAME and REMOVED, of the new one for ADDED; `other` is where
 * a SAME segment begins in the new text. */
typedef struct
{
  BedDiffKind kind;
  gsize start;
  gsize length;
  gsize other;
} BedDiffSegment;

/* Word by word (lines, where the texts are too long for that). The old text is SAME and REMOVED put
 * together, the new one SAME and ADDED. Pure; any thread. Returns: (transfer full): of
 * BedDiffSegment */
GArray *bed_text_diff (const char *old_text, const char *new_text);

G_END_DECLS
