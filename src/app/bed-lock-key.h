/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Ctrl+L activates the application's "lock" in every window that is made from now on: GTK offers an
 * application's keys in its main windows only, and a lock may not depend on what is open. A file
 * dialog keeps the key for its own. Main thread. */
void bed_lock_key_watch (GtkApplication *application);

G_END_DECLS
