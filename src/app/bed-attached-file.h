/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Reads a whole file on a thread. Its size is looked at before there is room for it: one that is
 * empty or larger than max (bytes) is not read. Main thread. */
void bed_attached_file_read_async (GFile *file, gsize max, GCancellable *cancellable,
                                   GAsyncReadyCallback callback, gpointer user_data);
/* Errors: BED_RECORD_ERROR_TOO_LARGE, BED_RECORD_ERROR_INVALID: nothing in it; G_IO_ERROR: it
 * cannot be read. name: (out): as it is shown. Returns: (transfer full) (nullable) */
GBytes *bed_attached_file_read_finish (GAsyncResult *result, char **name, GError **error);

G_END_DECLS
