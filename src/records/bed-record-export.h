/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-export-file.h"
#include "bed-handover.h"
#include "bed-note-pdf.h"
#include "bed-secret.h"

G_BEGIN_DECLS

/* One patient's notes, or all, in one encrypted file that another machine opens with a passphrase:
 * docs/export.md says how it is made. For each note a PDF, a text and a FHIR document; for each
 * patient and for the whole a manifest with the SHA-256 of every file. Nothing touches the disk
 * unencrypted.
 */
typedef void (*BedExportProgress) (guint done, guint total, gpointer user_data);

/* passphrase: normalised by the caller (NFC), not empty. patient_id: 0 for all; notes of nobody's
 * encounters are then in too. options and what it points to are copied. progress: (nullable): in the main
 * thread, in notes. Cancelled or failed: nothing is left. The file is read back and checked before
 * it gets its name. An EXPORTED is in the audit trail for each note and one with the patient's uuid
 * (or "all") before that. */
void bed_record_export_async (BedRecordStore *store,
                              gint64 patient_id,
                              const char *path,
                              BedSecret *passphrase,
                              BedPaper paper,
                              const BedHandoverOptions *options,
                              BedExportProgress progress,
                              gpointer progress_data,
                              GCancellable *cancellable,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
/* n_notes: (out) (optional) */
gboolean bed_record_export_finish (BedRecordStore *store, GAsyncResult *result, guint *n_notes,
                                   GError **error);

/* Reading one. Each file's bytes come in pieces of at most 64 KiB; `end` comes after the last, when
 * its hash is known. FALSE stops (CANCELLED of G_IO_ERROR). Pieces are authentic when they come;
 * that none is missing is known when bed_record_export_read () returns TRUE. */
typedef struct
{
  gboolean (*begin) (const char *name, guint64 size, gpointer user_data);
  gboolean (*piece) (const guint8 *data, gsize length, gpointer user_data);
  gboolean (*end) (gpointer user_data);
} BedExportVisitor;

/* From a stream, for any thread. visitor: (nullable): only checks. Errors: BED_EXPORT_ERROR.
 * n_files: (out) (optional) */
gboolean bed_record_export_read (GInputStream *stream, BedSecret *passphrase,
                                 const BedExportVisitor *visitor, gpointer user_data,
                                 guint *n_files, GCancellable *cancellable, GError **error);

/* Opens the file at `path` into a new folder, mode 0700, its files 0600. When anything is wrong
 * with it nothing is left. Blocks: for a worker or a program of its own. */
gboolean bed_record_export_unpack (const char *path, BedSecret *passphrase, const char *folder,
                                   guint *n_files, GCancellable *cancellable, GError **error);

G_END_DECLS
