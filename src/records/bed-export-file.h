/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BED_EXPORT_ERROR (bed_export_error_quark ())
GQuark bed_export_error_quark (void);
typedef enum
{
  BED_EXPORT_ERROR_FULL,             /* no room on that disk; nothing is left there */
  BED_EXPORT_ERROR_DENIED,           /* that folder may not be written, or that file not read */
  BED_EXPORT_ERROR_NOT_FOUND,        /* no such folder or file */
  BED_EXPORT_ERROR_IO,
  BED_EXPORT_ERROR_RENDER,           /* the pages could not be made */
  BED_EXPORT_ERROR_MEMORY,           /* not enough for the passphrase's cost */
  BED_EXPORT_ERROR_WRONG_PASSPHRASE, /* or the first bytes were changed */
  BED_EXPORT_ERROR_DAMAGED,          /* changed, cut off, put in another order */
  BED_EXPORT_ERROR_NEWER,            /* of a later version, or no export at all */
  BED_EXPORT_ERROR_INVALID,          /* an empty passphrase, a time that is none */
} BedExportError;

/* A file that appears under its name complete or not at all: written beside it without a name (or
 * under another one where that cannot be), mode 0600, synced, renamed. One thread at a time.
 */
typedef struct _BedExportFile BedExportFile;

/* Returns: (transfer full) (nullable) */
BedExportFile *bed_export_file_open (const char *path, GError **error);
gboolean bed_export_file_write (BedExportFile *self, const void *data, gsize length,
                                GError **error);
/* The same for what writes into a stream; its errors are G_IO_ERROR's. Returns: (transfer full), to be
 * dropped before the file. */
GOutputStream *bed_export_file_new_stream (BedExportFile *self);
/* Everything is on the disk then, still without its name. */
gboolean bed_export_file_sync (BedExportFile *self, GError **error);
/* Syncs what is not yet, and gives it its name. */
gboolean bed_export_file_commit (BedExportFile *self, GError **error);
/* Without a commit nothing stays behind. */
void bed_export_file_free (BedExportFile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedExportFile, bed_export_file_free)
/* Where the bytes can be read until the commit. */
const char *bed_export_file_get_working_path (BedExportFile *self);

/* All at once. */
gboolean bed_export_file_save (const char *path, const void *data, gsize length, GError **error);
/* An errno in this room's words; always FALSE. */
gboolean bed_export_fail (int saved_errno, GError **error);

G_END_DECLS
