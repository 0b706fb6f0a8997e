/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-recovery-paper.h"

#include <errno.h>
#include <string.h>

#include "bed-export-file.h"
#include "bed-print-operation.h"
#include "bed-ui.h"

typedef struct
{
  GWeakRef object;
  BedSaved done;
  char *text;
  GtkFileChooserNative *chooser; /* owned until it has answered */
} Job;

static Job *
job_new (const char *text, BedSaved done, GObject *object)
{
  Job *job = g_new0 (Job, 1);

  g_weak_ref_init (&job->object, object);
  job->done = done;
  job->text = g_strdup (text);
  return job;
}

static void
job_end (Job *job, gboolean tell, const GError *error)
{
  g_autoptr (GObject) object = g_weak_ref_get (&job->object);

  if (tell && object != NULL && job->done != NULL)
    job->done (object, error);
  g_weak_ref_clear (&job->object);
  if (job->text != NULL)
    memset (job->text, 0, strlen (job->text));
  g_free (job->text);
  g_clear_object (&job->chooser);
  g_free (job);
}

static void
save (const char *text, GFile *file, GError **error)
{
  const char *path = g_file_peek_path (file);

  bed_ui_forget_recent (file);
  if (path != NULL)
    bed_export_file_save (path, text, strlen (text), error);
  else
    bed_export_fail (EACCES, error); /* no folder of this computer's */
}

static void
chosen (GtkNativeDialog *dialog, int response, Job *job)
{
  g_autoptr (GFile) file = NULL;
  g_autoptr (GError) error = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    {
      file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
      save (job->text, file, &error);
    }
  job_end (job, response == GTK_RESPONSE_ACCEPT, error);
}

void
bed_save_text (GtkWindow *parent, const char *title, const char *name, const char *text,
               BedSaved done, GObject *object)
{
  Job *job = job_new (text, done, object);

  job->chooser
      = gtk_file_chooser_native_new (title, parent, GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (job->chooser), name);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (job->chooser), TRUE);
  g_signal_connect (job->chooser, "response", G_CALLBACK (chosen), job);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (job->chooser));
}

static void
draw_page (GtkPrintOperation *operation, GtkPrintContext *context, int page, Job *job)
{
  g_autoptr (PangoLayout) layout = gtk_print_context_create_pango_layout (context);
  g_autoptr (PangoFontDescription) font = pango_font_description_from_string ("Monospace 12");
  cairo_t *cr = gtk_print_context_get_cairo_context (context);

  pango_layout_set_font_description (layout, font);
  pango_layout_set_width (layout, (int) (gtk_print_context_get_width (context) * PANGO_SCALE));
  pango_layout_set_wrap (layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_text (layout, job->text, -1);
  pango_cairo_show_layout (cr, layout);
}

void
bed_print_text (GtkWindow *parent, const char *text, BedSaved done, GObject *object)
{
  g_autoptr (GtkPrintOperation) operation = bed_print_operation_new ();
  g_autoptr (GError) error = NULL;
  Job *job = job_new (text, done, object);
  GtkPrintOperationResult result;

  gtk_print_operation_set_n_pages (operation, 1);
  g_signal_connect (operation, "draw-page", G_CALLBACK (draw_page), job);
  result = gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, parent,
                                    &error);
  job_end (job, result != GTK_PRINT_OPERATION_RESULT_CANCEL, error);
}
