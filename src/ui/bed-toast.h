/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

/* Plain text that wraps within a window as wide as it is now, where AdwToast's own is cut short.
 * button: (nullable). Main thread. Returns: (transfer full) */
AdwToast *bed_toast_new (gpointer window, const char *text, const char *button);

G_END_DECLS
