/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-export-seal-private.h"
#include "bed-export-tar-private.h"

static gboolean
feed (const guint8 *data, gsize length, gpointer user_data, GError **error)
{
  return bed_tar_reader_feed (user_data, data, length, error);
}

gboolean
bed_record_export_read (GInputStream *stream, BedSecret *passphrase,
                        const BedExportVisitor *visitor, gpointer user_data, guint *n_files,
                        GCancellable *cancellable, GError **error)
{
  g_autoptr (BedTarReader) reader = bed_tar_reader_new (visitor, user_data);

  return bed_seal_read (stream, passphrase, feed, reader, cancellable, error)
         && bed_tar_reader_finish (reader, n_files, error);
}
