/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-export-seal-private.h"
#include "bed-handover.h"
#include "bed-note-pdf.h"

G_BEGIN_DECLS

/* The notes of an export on their way into the sealed file. One thread at a time. */
typedef struct _BedExportPack BedExportPack;

/* Runs Argon2id. words: borrowed. Returns: (transfer full) (nullable) */
BedExportPack *bed_export_pack_new (const char *path, const BedSecret *passphrase,
                                    BedSealCost cost, const BedHandoverWords *words, BedPaper paper,
                                    GError **error);
/* Notes of one patient follow each other. */
gboolean bed_export_pack_add (BedExportPack *self, const BedHandover *note, GError **error);
/* The manifest and the end; on the disk then, read back with the passphrase and checked. */
gboolean bed_export_pack_end (BedExportPack *self, const BedSecret *passphrase, gint64 made_us,
                              GCancellable *cancellable, GError **error);
/* Gives the file its name. */
gboolean bed_export_pack_commit (BedExportPack *self, GError **error);
void bed_export_pack_free (BedExportPack *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedExportPack, bed_export_pack_free)

G_END_DECLS
