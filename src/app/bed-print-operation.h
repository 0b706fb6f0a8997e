/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* A print operation whose job's name names nobody, and without the toolkit's preview: that would
 * write the pages in plain to a file for another program. Whoever asks for one is told so, and the
 * operation ends as cancelled; "begin-print" may still come once. Main thread. Returns: (transfer
 * full) */
GtkPrintOperation *bed_print_operation_new (void);
/* That a preview was asked for: nothing is to be made for it. */
gboolean bed_print_operation_is_refused (GtkPrintOperation *operation);

G_END_DECLS
