/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-print-operation.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#define REFUSED "bed-preview-refused"
#define POINTS 72 /* per inch */

/* The toolkit needs something to draw on, even for an operation that is cancelled. */
static void
set_nowhere (GtkPrintContext *context)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t *cr = cairo_create (surface);

  gtk_print_context_set_cairo_context (context, cr, POINTS, POINTS);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static gboolean
refuse (GtkPrintOperation *operation, GtkPrintOperationPreview *preview, GtkPrintContext *context,
        GtkWindow *parent)
{
  GtkWidget *dialog = adw_message_dialog_new (
      parent, _("There is no preview"),
      _("A preview would leave a copy on this computer that anybody here can read. Nothing was "
        "printed. Print without a preview."));

  g_object_set_data (G_OBJECT (operation), REFUSED, GINT_TO_POINTER (TRUE));
  set_nowhere (context);
  gtk_print_operation_cancel (operation);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("Close"));
  gtk_window_present (GTK_WINDOW (dialog));
  return TRUE;
}

gboolean
bed_print_operation_is_refused (GtkPrintOperation *operation)
{
  return g_object_get_data (G_OBJECT (operation), REFUSED) != NULL;
}

GtkPrintOperation *
bed_print_operation_new (void)
{
  GtkPrintOperation *operation = gtk_print_operation_new ();

  gtk_print_operation_set_job_name (operation, "Bedside");
  g_signal_connect (operation, "preview", G_CALLBACK (refuse), NULL);
  return operation;
}
