/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Any thread. */

/* All of it, through interruptions. On FALSE errno says why. */
gboolean bed_file_write_all (int fd, const void *data, gsize length);
/* So that a name made in this folder survives a power cut. On FALSE errno says why. */
gboolean bed_file_sync_folder (const char *path);
/* Whether such an errno says that the file system knows no sync of a folder, as those of some
 * sticks, shares and portals: the files themselves are synced. */
gboolean bed_file_cannot_sync_folders (int saved_errno);

G_END_DECLS
