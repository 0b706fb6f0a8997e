/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* Renders a mapped widget. Returns: (transfer full) (nullable) */
GdkTexture *screens_render (GtkWidget *root);
/* Walks the mapped widgets below root and looks for what is cut off, overlaps, has no name or too little contrast.
 * Each finding is printed with the screen's name. Returns: their number. */
guint screens_check (GtkWidget *root, GdkTexture *picture, const char *screen);
