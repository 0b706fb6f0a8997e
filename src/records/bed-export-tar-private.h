/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-record-export.h"

G_BEGIN_DECLS

/* The archive inside: plain files in POSIX ustar, nothing else. */
#define BED_TAR_BLOCK 512
#define BED_TAR_NAME_MAX 99
#define BED_TAR_FILE_MAX (G_GUINT64_CONSTANT (1) << 30)
#define BED_TAR_FILES_MAX 10000000

/* The header of a file; `name` fits. */
void bed_tar_header (guint8 block[BED_TAR_BLOCK], const char *name, guint64 size, gint64 real_us);
/* How many zero bytes follow a file of that size. */
gsize bed_tar_padding (guint64 size);

/* Bytes go in as they come; what they are is told to the visitor. Every file must be vouched for by
 * a SHA256SUMS that follows it in its folder or above. */
typedef struct _BedTarReader BedTarReader;
BedTarReader *bed_tar_reader_new (const BedExportVisitor *visitor, gpointer user_data);
gboolean bed_tar_reader_feed (BedTarReader *self, const guint8 *data, gsize length, GError **error);
/* Whether it ended where it should. n_files: (out) (optional): without the lists of sums */
gboolean bed_tar_reader_finish (BedTarReader *self, guint *n_files, GError **error);
void bed_tar_reader_free (BedTarReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedTarReader, bed_tar_reader_free)

G_END_DECLS
