/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Asks for a file or folder in front of a window. name: (nullable): what a file that is saved is
 * called at first. `chosen` is called once with `object` (a GObject) and the response, never after
 * it is gone. chooser: (inout): stays the caller's while it is open; clearing it takes it away.
 * Main thread. */
void bed_file_choice_open (GtkFileChooserNative **chooser, GtkWindow *parent,
                           GtkFileChooserAction action, const char *title, const char *name,
                           GCallback chosen, gpointer object);
/* What was chosen, which leaves no trace in the desktop's list of recent files. Clears `chooser`.
 * Returns: (transfer full) (nullable) */
GFile *bed_file_choice_take (GtkFileChooserNative **chooser, int response);

G_END_DECLS
