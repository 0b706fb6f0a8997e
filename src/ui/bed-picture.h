/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define BED_PICTURE_MAX_PIXELS (64 * 1000 * 1000) /* of what is decoded; more is refused */
#define BED_PICTURE_MAX_SIDE 2400                 /* pixels of what is shown */

/* Decodes a PNG or JPEG picture on a thread, turned the right way up and scaled down to be shown.
 * Its size is looked at before anything is allocated for it. Main thread.
 * media_type: "image/png" or "image/jpeg"; nothing else is tried. */
void bed_picture_load_async (GBytes *content, const char *media_type, GCancellable *cancellable,
                             GAsyncReadyCallback callback, gpointer user_data);
/* Errors: GDK_PIXBUF_ERROR and G_IO_ERROR: it cannot be shown. Returns: (transfer full) (nullable) */
GdkTexture *bed_picture_load_finish (GAsyncResult *result, GError **error);

G_END_DECLS
