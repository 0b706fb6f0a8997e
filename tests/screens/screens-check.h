/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

/* Renders a mapped widget. Returns: (transfer full) (nullable) */
GdkTexture *screens_render (GtkWidget *root);
/* What one sees of it: not what is scrolled away. */
gboolean screens_visible_bounds (GtkWidget *root, GtkWidget *widget, graphene_rect_t *bounds);
/* Until what was changed is laid out and drawn. */
void screens_wait_for_frames (GtkWidget *root);
/* Looks whether everything below root that takes the keyboard's focus looks otherwise with it than in the picture. As
 * above. */
guint screens_check_focus (GtkWidget *root, GdkTexture *picture, const char *screen);
/* Walks the mapped widgets below root and looks for what is cut off, overlaps, has no name or too little contrast.
 * Each finding is printed with the screen's name. Returns: their number. */
guint screens_check (GtkWidget *root, GdkTexture *picture, const char *screen);
