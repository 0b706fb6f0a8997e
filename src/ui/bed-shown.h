/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Tells each time something comes to be seen: when it is set where a widget is on the screen, and
 * when the widget comes back to the screen with it. Setting the same again tells nothing. Main
 * thread. Signal: "shown" (GObject *). */
#define BED_TYPE_SHOWN (bed_shown_get_type ())
G_DECLARE_FINAL_TYPE (BedShown, bed_shown, BED, SHOWN, GObject)

/* widget: where it is shown, lent. */
BedShown *bed_shown_new (GtkWidget *widget);
/* subject: (nullable) (type GObject): a reference is held. */
void bed_shown_set_subject (BedShown *self, gpointer subject);

G_END_DECLS
