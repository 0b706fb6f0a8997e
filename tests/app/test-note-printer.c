/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-note-printer.h"
#include "bed-record-fixture.h"
#include "bed-record-signing.h"
#include "export-fixture.h"

#include <adwaita.h>
#include <glib/gstdio.h>

static const BedHandoverOptions options = {
  .words = &export_words_english,
  .account = "dr-1",
  .name = "Dr. Maria Weber",
  .clinic = "Riverside Family Practice",
};

/* A GObject that knows the record and what became of the printing. */
typedef struct
{
  Record *record;
  gint64 note_id;
  guint n_done;
  GError *error;
} Desk;

static Desk *
desk_of (GObject *object)
{
  return g_object_get_data (object, "desk");
}

static BedNotePrint *
make (GObject *object, cairo_t *cr, GError **error)
{
  Desk *desk = desk_of (object);

  return bed_note_print_new (desk->record->store, desk->note_id, BED_PAPER_A4, &options, cr, error);
}

static void
done (GObject *object, const GError *error)
{
  Desk *desk = desk_of (object);

  desk->n_done++;
  if (error != NULL)
    desk->error = g_error_copy (error);
}

/* Prints into a file as onto a printer. */
static char *
print (GObject *object, const char *folder)
{
  char *path = g_build_filename (folder, "printed.pdf", NULL);
  g_autoptr (GtkPrintOperation) operation
      = bed_note_printer_new (BED_PAPER_A4, make, done, object);

  gtk_print_operation_set_export_filename (operation, path);
  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, NULL, NULL);
  while (desk_of (object)->n_done == 0)
    g_main_context_iteration (NULL, TRUE);
  return path;
}

static char *
dup_text (const char *path)
{
  const char *const command[] = { "pdftotext", "-layout", path, "-", NULL };
  char *text = NULL;
  int status;
  g_autoptr (GError) error = NULL;

  g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
  return text;
}

static void
expect_text (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("“%s” is not in: %s", part, text);
}

static void
test_print (Record *r, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("bed-print-XXXXXX", NULL);
  g_autoptr (BedPatient) patient = record_add_patient (r, "Anna Vogel", "1948-03-09");
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, bed_patient_get_id (patient));
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "Cough, dry.");
  g_autofree char *event = g_strdup_printf ("exported %s\n", bed_note_get_uuid (note));
  g_autofree char *path = NULL, *text = NULL, *long_text = NULL;
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  Desk desk = { .record = r, .note_id = bed_note_get_id (note) };

  g_object_set_data (object, "desk", &desk);
  long_text = g_strnfill (3 * 4096, 'x');
  for (gsize i = 60; i < 3 * 4096; i += 60)
    long_text[i] = '\n';
  g_assert_true (bed_note_set_section (note, BED_NOTE_PLAN, long_text));
  g_assert_true (bed_note_draft_flush (r->store, NULL));
  record_forget_events (r);
  path = print (object, folder);
  g_assert_no_error (desk.error);
  g_assert_cmpuint (desk.n_done, ==, 1);
  record_expect (r, event);
  text = dup_text (path);
  expect_text (text, "Anna Vogel");
  expect_text (text, "Cough, dry.");
  expect_text (text, "Page 2 of ");
  g_unlink (path);
  g_rmdir (folder);
}

/* What cannot be read is not printed, and it is told. */
static void
test_no_note (Record *r, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("bed-print-XXXXXX", NULL);
  g_autofree char *path = NULL;
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  Desk desk = { .record = r, .note_id = 4711 };

  g_object_set_data (object, "desk", &desk);
  record_forget_events (r);
  path = print (object, folder);
  g_assert_cmpuint (desk.n_done, ==, 1);
  g_assert_nonnull (desk.error);
  g_assert_true (desk.error->domain == BED_RECORD_ERROR);
  g_clear_error (&desk.error);
  record_expect (r, "");
  g_unlink (path);
  g_rmdir (folder);
}

static void
preview_done (GtkPrintOperation *operation, GtkPrintOperationResult result, gboolean *over)
{
  *over = TRUE;
}

static guint
count_windows (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  return g_list_model_get_n_items (windows);
}

/* "Preview" in the print dialog tells why there is none; no page is made, and no file. */
static void
test_preview (Record *r, gconstpointer data)
{
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, 0);
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "Cough, dry.");
  g_autoptr (GObject) object = g_object_new (G_TYPE_OBJECT, NULL);
  GtkWidget *parent = g_object_ref_sink (gtk_window_new ());
  Desk desk = { .record = r, .note_id = bed_note_get_id (note) };
  g_autoptr (GtkPrintOperation) operation
      = bed_note_printer_new (BED_PAPER_A4, make, done, object);
  g_autoptr (GDir) folder = NULL;
  guint windows = count_windows ();
  gboolean over = FALSE;
  const char *name;

  g_object_set_data (object, "desk", &desk);
  record_forget_events (r);
  g_signal_connect (operation, "done", G_CALLBACK (preview_done), &over);
  gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PREVIEW, GTK_WINDOW (parent), NULL);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (desk.n_done, ==, 0);
  g_assert_cmpuint (count_windows (), ==, windows + 1);
  record_expect (r, "");
  folder = g_dir_open (g_get_tmp_dir (), 0, NULL);
  while ((name = g_dir_read_name (folder)) != NULL)
    g_assert_false (g_str_has_prefix (name, "preview"));
  gtk_window_destroy (GTK_WINDOW (parent));
  g_object_unref (parent);
}

/* A folder of its own for what the toolkit leaves. GLib would remember the one that it is asked for
 * first. */
static char *
set_folder (void)
{
  const char *outer = g_getenv ("TMPDIR");
  char *folder = g_mkdtemp (
      g_build_filename (outer != NULL ? outer : "/tmp", "bed-printer-XXXXXX", NULL));

  g_assert_nonnull (folder);
  g_setenv ("TMPDIR", folder, TRUE);
  return folder;
}

int
main (int argc, char **argv)
{
  g_autofree char *folder = set_folder ();
  int result;

  g_test_init (&argc, &argv, NULL);
  adw_init ();
#define ADD(name, function) g_test_add (name, Record, NULL, record_set_up, function, record_tear_down)
  ADD ("/app/note-printer/print", test_print);
  ADD ("/app/note-printer/no-note", test_no_note);
  ADD ("/app/note-printer/preview", test_preview);
#undef ADD
  result = g_test_run ();
  g_rmdir (folder);
  return result;
}
