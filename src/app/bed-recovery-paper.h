/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* What a person keeps on paper or in a file of their own choice. Main thread. */

/* Asks where, and writes the text readable by its owner alone; it is on the disk then. done: with NULL or an error, not
 * when the person changed their mind. */
typedef void (*BedSaved) (GObject *object, const GError *error);
void bed_save_text (GtkWindow *parent, const char *title, const char *name, const char *text,
                    BedSaved done, GObject *object);
/* The system's print dialog. */
void bed_print_text (GtkWindow *parent, const char *text, BedSaved done, GObject *object);

G_END_DECLS
