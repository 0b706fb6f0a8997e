/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* One round control of the call with its word below. Main thread. Returns: (transfer floating): the column; `button`
 * gets the button in it (borrowed). */
GtkWidget *bed_call_control_new (const char *icon, const char *word, gboolean toggle, GtkWidget **button);
void bed_call_control_set (GtkWidget *button, const char *icon, const char *word, const char *accessible, gboolean off);
/* A count at the corner; 0 takes it away. */
void bed_call_control_set_badge (GtkWidget *button, guint n);

G_END_DECLS
