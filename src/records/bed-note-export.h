/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-export-file.h"
#include "bed-handover.h"
#include "bed-note-pdf.h"

G_BEGIN_DECLS

typedef enum
{
  BED_EXPORT_PDF,
  BED_EXPORT_TEXT,
  BED_EXPORT_FHIR,               /* the document bundle */
  BED_EXPORT_DOCUMENT_REFERENCE, /* FHIR, with PDF and bundle inside */
} BedExportFormat;

/* "application/pdf" and so on. */
const char *bed_export_format_get_media_type (BedExportFormat format);
/* A file name to begin with that names nobody: "note-2026-11-21.pdf". Returns: (transfer full) */
char *bed_export_format_suggest_name (BedExportFormat format, const BedHandoverWords *words,
                                      gint64 real_us);

/* A note in a format, for a file, a printer or another place. An EXPORTED with the note's uuid is
 * in the audit trail before anything is given out. Main thread. Errors: BED_RECORD_ERROR,
 * BED_EXPORT_ERROR. Returns: (transfer full) (nullable) */
GBytes *bed_note_export_render (BedRecordStore *store, gint64 note_id, BedExportFormat format,
                                BedPaper paper, const BedHandoverOptions *options, GError **error);
/* Likewise into a file, which is there complete or not at all, mode 0600. The trail is written when
 * the bytes are on the disk and before the file has its name. */
gboolean bed_note_export_save (BedRecordStore *store, gint64 note_id, BedExportFormat format,
                               BedPaper paper, const BedHandoverOptions *options, const char *path,
                               GError **error);

G_END_DECLS
