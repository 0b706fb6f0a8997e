/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

#include "bed-note-print.h"

G_BEGIN_DECLS

/* What is to be printed, once the person has chosen a printer. cr: of the printer.
 * Returns: (transfer full) (nullable): with an error: nothing is printed */
typedef BedNotePrint *(*BedPrintMake) (GObject *object, cairo_t *cr, GError **error);
/* With NULL or an error; not when the person changed their mind. */
typedef void (*BedPrinted) (GObject *object, const GError *error);

/* A print operation, to be run; it returns before it is done. The job's name names nobody. On
 * another paper the pages are made smaller. object: held weakly. Main thread. Returns: (transfer
 * full) */
GtkPrintOperation *bed_note_printer_new (BedPaper paper, BedPrintMake make, BedPrinted done,
                                         GObject *object);

G_END_DECLS
