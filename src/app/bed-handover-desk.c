/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-handover-desk.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bed-author.h"
#include "bed-error-text.h"
#include "bed-file-choice.h"
#include "bed-handover-text.h"
#include "bed-handover-window.h"
#include "bed-note-export.h"
#include "bed-note-printer.h"
#include "bed-password.h"
#include "bed-record-export.h"
#include "bed-record-text.h"

struct _BedHandoverDesk
{
  GObject parent_instance;
  BedSession *session;   /* owned */
  BedClock *clock;       /* owned */
  GtkWindow *window;     /* owned */
  BedRecordStore *store; /* owned while open */
  BedHandoverWindow *shown;      /* weak */
  GtkFileChooserNative *chooser; /* owned while it is open */
  GCancellable *running;         /* owned */
  GtkPrintOperation *printing;   /* owned until it is done */
  BedNote *note;                 /* owned: what the window is about */
  gint64 patient_id;
  BedHandoverWhat what;
  BedHandoverForm form;
  BedSecret *passphrase; /* owned between the question and the file */
  GTimeZone *zone;       /* owned; the words borrow it */
  char *name;            /* owned: who hands over */
  BedHandoverWords words;
};

G_DEFINE_FINAL_TYPE (BedHandoverDesk, bed_handover_desk, G_TYPE_OBJECT)

static void
fill_options (BedHandoverDesk *self, BedHandoverOptions *options)
{
  const BedClinicInfo *clinic = bed_session_get_clinic (self->session);

  if (self->zone == NULL)
    self->zone = g_time_zone_new_local ();
  bed_handover_text_fill (&self->words, self->zone);
  memset (options, 0, sizeof *options);
  options->words = &self->words;
  options->account = bed_author_get_account (self->session, self->store);
  options->name = self->name;
  options->clinic = bed_session_get_clinic_name (self->session);
  options->clinic_telephone = clinic != NULL ? clinic->telephone : NULL;
  options->heading = bed_record_text_heading;
  options->with_chat = TRUE;
  options->with_attachments = TRUE;
}

static BedPaper
local_paper (void)
{
  return g_str_equal (gtk_paper_size_get_default (), GTK_PAPER_NAME_LETTER) ? BED_PAPER_LETTER
                                                                            : BED_PAPER_A4;
}

static void
show_result (BedHandoverDesk *self, gboolean good, const char *text)
{
  if (self->shown != NULL)
    bed_handover_window_set_result (self->shown, good, text);
}

/* --- One note -------------------------------------------------------------------------------- */

static const BedExportFormat formats[] = {
  [BED_HANDOVER_PDF] = BED_EXPORT_PDF,
  [BED_HANDOVER_TEXT] = BED_EXPORT_TEXT,
  [BED_HANDOVER_FHIR] = BED_EXPORT_FHIR,
};

static void
save_note (BedHandoverDesk *self, const char *path)
{
  BedHandoverOptions options;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_path_get_basename (path);
  /* Translators: %s is a file's name */
  g_autofree char *text = g_strdup_printf (_("Saved as “%s”. The audit trail says so."), name);

  fill_options (self, &options);
  if (bed_note_draft_flush (self->store, &error)
      && bed_note_export_save (self->store, bed_note_get_id (self->note), formats[self->form],
                               local_paper (), &options, path, &error))
    show_result (self, TRUE, text);
  else
    show_result (self, FALSE, bed_error_text (error));
}

static BedNotePrint *
make_pages (GObject *object, cairo_t *cr, GError **error)
{
  BedHandoverDesk *self = BED_HANDOVER_DESK (object);
  BedHandoverOptions options;

  if (self->store == NULL || self->note == NULL)
    return NULL;
  fill_options (self, &options);
  if (!bed_note_draft_flush (self->store, error))
    return NULL;
  return bed_note_print_new (self->store, bed_note_get_id (self->note), local_paper (), &options,
                             cr, error);
}

static void
printed (GObject *object, const GError *error)
{
  BedHandoverDesk *self = BED_HANDOVER_DESK (object);

  if (error != NULL && error->domain == GTK_PRINT_ERROR)
    show_result (self, FALSE, _("It could not be printed. Save it as PDF and print the file."));
  else
    show_result (self, error == NULL,
                 error != NULL ? bed_error_text (error)
                               : _("Handed to the printer. The audit trail says so."));
}

static void
print (BedHandoverDesk *self)
{
  if (self->store == NULL || self->note == NULL)
    return;
  g_clear_object (&self->printing);
  self->printing = bed_note_printer_new (local_paper (), make_pages, printed, G_OBJECT (self));
  gtk_print_operation_run (self->printing, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG,
                           GTK_WINDOW (self->shown), NULL);
}

/* --- More than a note ------------------------------------------------------------------------ */

static void
export_progress (guint done, guint total, gpointer data)
{
  BedHandoverDesk *self = data;

  if (self->shown != NULL && self->running != NULL)
    bed_handover_window_set_progress (self->shown, total > 0 ? (double) done / total : 0);
}

static void
exported (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedHandoverDesk) self = data;
  g_autoptr (GError) error = NULL;
  guint n = 0;
  gboolean good = bed_record_export_finish (BED_RECORD_STORE (source), result, &n, &error);
  g_autofree char *text
      = g_strdup_printf (ngettext ("%u note is in the file, which was read back and is whole.",
                                   "%u notes are in the file, which was read back and is whole.",
                                   n),
                         n);

  g_clear_object (&self->running);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    show_result (self, FALSE, _("Stopped: no file was made, and nothing was handed over."));
  else
    show_result (self, good, good ? text : bed_error_text (error));
}

static void
save_more (BedHandoverDesk *self, const char *path)
{
  gint64 patient = self->what == BED_HANDOVER_ALL ? 0 : self->patient_id;
  BedHandoverOptions options;
  g_autoptr (GError) error = NULL;

  fill_options (self, &options);
  if (!bed_note_draft_flush (self->store, &error))
    {
      show_result (self, FALSE, bed_error_text (error));
      return;
    }
  g_clear_object (&self->running);
  self->running = g_cancellable_new ();
  bed_handover_window_set_progress (self->shown, 0);
  bed_record_export_async (self->store, patient, path, self->passphrase, local_paper (), &options,
                           export_progress, self, self->running, exported, g_object_ref (self));
}

/* --- The window ------------------------------------------------------------------------------ */

static void
place_chosen (BedHandoverDesk *self, int response)
{
  g_autoptr (GFile) file = bed_file_choice_take (&self->chooser, response);
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

  if (file != NULL && path == NULL)
    show_result (self, FALSE, _("This folder cannot be written. Choose another place."));
  else if (path != NULL && self->store != NULL && self->shown != NULL)
    {
      if (self->form == BED_HANDOVER_ENCRYPTED)
        save_more (self, path);
      else
        save_note (self, path);
    }
  g_clear_pointer (&self->passphrase, bed_secret_unref);
}

/* A name that names nobody. */
static char *
suggest_name (BedHandoverDesk *self)
{
  BedHandoverOptions options;
  gint64 now = bed_clock_get_real_us (self->clock);
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_local (now / G_USEC_PER_SEC);

  fill_options (self, &options);
  if (self->form == BED_HANDOVER_ENCRYPTED)
    return g_date_time_format (date, "record-%Y-%m-%d.bedside");
  return bed_export_format_suggest_name (formats[self->form], &self->words, now);
}

static void
save (BedHandoverDesk *self, int what, int form, const char *passphrase)
{
  g_autofree char *name = NULL;
  g_autofree char *plain = g_utf8_normalize (passphrase, -1, G_NORMALIZE_NFC);

  if (self->store == NULL || self->running != NULL || plain == NULL)
    return;
  self->what = what;
  self->form = form;
  g_clear_pointer (&self->passphrase, bed_secret_unref);
  if (form == BED_HANDOVER_ENCRYPTED)
    self->passphrase = bed_secret_new (plain, strlen (plain));
  bed_secret_wipe (plain, strlen (plain));
  name = suggest_name (self);
  bed_file_choice_open (&self->chooser, GTK_WINDOW (self->shown), GTK_FILE_CHOOSER_ACTION_SAVE,
                        _("Save as"), name, G_CALLBACK (place_chosen), self);
}

static void
typed (BedHandoverDesk *self, const char *passphrase)
{
  const char *words[]
      = { bed_session_get_login (self->session), bed_session_get_display_name (self->session),
          bed_session_get_clinic_name (self->session), "bedside", NULL };

  bed_handover_window_set_strength (self->shown, bed_password_score (passphrase, words));
}

static void
stop (BedHandoverDesk *self)
{
  if (self->running != NULL)
    g_cancellable_cancel (self->running);
}

void
bed_handover_desk_present (BedHandoverDesk *self, BedNote *note, gint64 patient_id)
{
  if (self->store == NULL)
    return;
  if (self->shown != NULL)
    gtk_window_destroy (GTK_WINDOW (self->shown));
  g_set_object (&self->note, note);
  self->patient_id = patient_id;
  g_set_weak_pointer (&self->shown,
                      bed_handover_window_new (self->window, note != NULL, patient_id != 0));
  g_signal_connect_object (self->shown, "save", G_CALLBACK (save), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->shown, "print", G_CALLBACK (print), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->shown, "typed", G_CALLBACK (typed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->shown, "stop", G_CALLBACK (stop), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self->shown));
}

/* --- Life ------------------------------------------------------------------------------------ */

void
bed_handover_desk_set_store (BedHandoverDesk *self, BedRecordStore *store)
{
  if (store == NULL)
    {
      stop (self);
      if (self->printing != NULL)
        gtk_print_operation_cancel (self->printing);
      g_clear_object (&self->printing);
      if (self->shown != NULL)
        gtk_window_destroy (GTK_WINDOW (self->shown));
      g_clear_object (&self->chooser);
      g_clear_object (&self->note);
      g_clear_pointer (&self->passphrase, bed_secret_unref);
    }
  g_set_object (&self->store, store);
  g_free (self->name);
  self->name = store != NULL ? bed_author_dup_name (self->session, store) : NULL;
}

static void
bed_handover_desk_dispose (GObject *object)
{
  BedHandoverDesk *self = BED_HANDOVER_DESK (object);

  g_clear_weak_pointer (&self->shown);
  g_clear_object (&self->chooser);
  g_clear_object (&self->running);
  g_clear_object (&self->printing);
  g_clear_object (&self->note);
  g_clear_object (&self->store);
  g_clear_object (&self->session);
  g_clear_object (&self->clock);
  g_clear_object (&self->window);
  g_clear_pointer (&self->passphrase, bed_secret_unref);
  g_clear_pointer (&self->zone, g_time_zone_unref);
  g_clear_pointer (&self->name, g_free);
  G_OBJECT_CLASS (bed_handover_desk_parent_class)->dispose (object);
}

static void
bed_handover_desk_class_init (BedHandoverDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_handover_desk_dispose;
}

static void
bed_handover_desk_init (BedHandoverDesk *self)
{
}

BedHandoverDesk *
bed_handover_desk_new (BedSession *session, BedClock *clock, GtkWindow *window)
{
  BedHandoverDesk *self = g_object_new (BED_TYPE_HANDOVER_DESK, NULL);

  self->session = g_object_ref (session);
  self->clock = g_object_ref (clock);
  self->window = g_object_ref (window);
  return self;
}
