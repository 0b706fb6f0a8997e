/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-note-printer.h"

#include "bed-print-operation.h"

typedef struct
{
  GWeakRef object;
  BedPaper paper;
  BedPrintMake make;
  BedPrinted done;
  BedNotePrint *note; /* owned */
  GError *error;      /* owned: why there is no note */
} Job;

static void
job_free (gpointer data, GClosure *closure)
{
  Job *self = data;

  g_weak_ref_clear (&self->object);
  bed_note_print_free (self->note);
  g_clear_error (&self->error);
  g_free (self);
}

static void
begin_print (GtkPrintOperation *operation, GtkPrintContext *context, Job *self)
{
  g_autoptr (GObject) object = g_weak_ref_get (&self->object);

  g_clear_pointer (&self->note, bed_note_print_free);
  g_clear_error (&self->error);
  if (object != NULL && !bed_print_operation_is_refused (operation))
    self->note = self->make (object, gtk_print_context_get_cairo_context (context), &self->error);
  if (self->note != NULL)
    gtk_print_operation_set_n_pages (
        operation, (int) bed_note_pages_get_n (bed_note_print_get_pages (self->note)));
  else
    gtk_print_operation_cancel (operation);
}

static void
draw_page (GtkPrintOperation *operation, GtkPrintContext *context, int page, Job *self)
{
  cairo_t *cr = gtk_print_context_get_cairo_context (context);
  double width, height, scale;

  if (self->note == NULL)
    return;
  bed_paper_get_size (self->paper, &width, &height);
  scale = MIN (gtk_print_context_get_width (context) / width,
               gtk_print_context_get_height (context) / height);
  cairo_scale (cr, MIN (scale, 1), MIN (scale, 1));
  bed_note_pages_draw (bed_note_print_get_pages (self->note), (guint) page, cr);
}

static void
printed (GtkPrintOperation *operation, GtkPrintOperationResult result, Job *self)
{
  g_autoptr (GObject) object = g_weak_ref_get (&self->object);
  g_autoptr (GError) error = g_steal_pointer (&self->error);

  if (result == GTK_PRINT_OPERATION_RESULT_ERROR && error == NULL)
    gtk_print_operation_get_error (operation, &error);
  if (object != NULL && (error != NULL || result == GTK_PRINT_OPERATION_RESULT_APPLY))
    self->done (object, error);
}

static GtkPageSetup *
new_setup (BedPaper paper)
{
  GtkPageSetup *setup = gtk_page_setup_new ();
  GtkPaperSize *size
      = gtk_paper_size_new (paper == BED_PAPER_LETTER ? GTK_PAPER_NAME_LETTER : GTK_PAPER_NAME_A4);

  gtk_page_setup_set_paper_size (setup, size);
  gtk_paper_size_free (size);
  return setup;
}

GtkPrintOperation *
bed_note_printer_new (BedPaper paper, BedPrintMake make, BedPrinted done, GObject *object)
{
  GtkPrintOperation *operation = bed_print_operation_new ();
  g_autoptr (GtkPageSetup) setup = new_setup (paper);
  Job *job = g_new0 (Job, 1);

  g_weak_ref_init (&job->object, object);
  job->paper = paper;
  job->make = make;
  job->done = done;
  gtk_print_operation_set_default_page_setup (operation, setup);
  gtk_print_operation_set_use_full_page (operation, TRUE);
  gtk_print_operation_set_unit (operation, GTK_UNIT_POINTS);
  gtk_print_operation_set_allow_async (operation, TRUE);
  g_signal_connect (operation, "begin-print", G_CALLBACK (begin_print), job);
  g_signal_connect (operation, "draw-page", G_CALLBACK (draw_page), job);
  g_signal_connect_data (operation, "done", G_CALLBACK (printed), job, job_free, 0);
  return operation;
}
