/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-attachment.h"
#include "bed-note-export.h"
#include "bed-page-flow-private.h"
#include "bed-record-export.h"
#include "bed-record-fixture.h"
#include "bed-record-signing.h"
#include "export-fixture.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define PASSPHRASE_TEXT "seven small boats"

static const BedHandoverOptions options = {
  .words = &export_words_english,
  .account = "dr-1",
  .name = "Dr. Maria Weber",
  .clinic = "Riverside Family Practice",
  .clinic_telephone = "+49 30 1",
  .with_chat = TRUE,
};

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* --- One note --------------------------------------------------------------------------------- */

static void
test_note_save (Record *r, gconstpointer data)
{
  static const struct
  {
    BedExportFormat format;
    const char *begins;
  } forms[] = { { BED_EXPORT_PDF, "%PDF-1.5" }, { BED_EXPORT_TEXT, "Riverside" },
                { BED_EXPORT_FHIR, "{\n  \"resourceType\" : \"Bundle\"" },
                { BED_EXPORT_DOCUMENT_REFERENCE, "{\n  \"resourceType\" : \"DocumentReference\"" } };
  g_autofree char *folder = export_folder_new ();
  g_autofree char *path = g_build_filename (folder, "note", NULL);
  g_autoptr (BedPatient) patient = record_add_patient (r, "Anna Vogel", "1948-03-09");
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, bed_patient_get_id (patient));
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "Cough.");
  g_autofree char *event = g_strdup_printf ("exported %s\n", bed_note_get_uuid (note));

  record_forget_events (r);
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *text = NULL;
      struct stat status;

      g_assert_true (bed_note_export_save (r->store, bed_note_get_id (note), forms[i].format,
                                           BED_PAPER_A4, &options, path, &error));
      g_assert_no_error (error);
      record_forget_events (r);
      g_assert_cmpint (g_stat (path, &status), ==, 0);
      g_assert_cmpint (status.st_mode & 0777, ==, 0600);
      g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
      g_assert_true (g_str_has_prefix (text, forms[i].begins));
      g_assert_cmpuint (count_files (folder), ==, 1);
    }
  g_assert_nonnull (bed_note_export_render (r->store, bed_note_get_id (note), BED_EXPORT_TEXT,
                                            BED_PAPER_A4, &options, NULL));
  record_expect (r, event);
  export_folder_remove (folder);
}

static const char *
tell_heading (const char *heading)
{
  return g_str_equal (heading, "plan") ? "The plan" : NULL;
}

/* What was signed is handed over as it was signed; an addendum stands below it with its own. */
static void
test_note_signed (Record *r, gconstpointer data)
{
  g_autoptr (BedPatient) patient = record_add_patient (r, "Anna Vogel", "1948-03-09");
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, bed_patient_get_id (patient));
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "Cough.");
  const char *const sections[] = { "Cough, dry.", "", "", "Rest." };
  BedHandoverOptions own = options;
  g_autoptr (BedHandover) value = NULL;
  g_autoptr (GError) error = NULL;
  const BedHandoverSection *section;
  const BedHandoverAddendum *addendum;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("letter", 6);
  g_autoptr (BedAttachment) kept = bed_record_store_keep_attachment (
      r->store, bed_encounter_get_id (encounter), 5000000, TRUE, "letter.txt", "text/plain", bytes,
      &error);
  g_autoptr (BedAttachment) later = NULL;
  const BedHandoverAttachment *attachment;

  g_assert_no_error (error);
  g_assert_nonnull (kept);
  own.heading = tell_heading;
  own.with_attachments = TRUE;
  g_assert_true (bed_record_store_sign_note (r->store, note, "Dr. Signer", &error));
  g_assert_no_error (error);
  g_assert_true (bed_record_store_add_addendum (r->store, note, "Dr. Other", "Asked again", "More.",
                                                sections, &error));
  g_assert_no_error (error);
  later = bed_record_store_keep_attachment (r->store, bed_encounter_get_id (encounter), 6000000,
                                            FALSE, "result.txt", "text/plain", bytes, &error);
  g_assert_no_error (error);
  value = bed_handover_load (r->store, bed_note_get_id (note), &own, &error);
  g_assert_no_error (error);
  g_assert_cmpint (value->state, ==, BED_NOTE_AMENDED);
  g_assert_cmpuint (value->sections->len, ==, 4);
  section = g_ptr_array_index (value->sections, 0);
  g_assert_cmpstr (section->text, ==, "Cough.");
  g_assert_cmpstr (section->heading, ==, "Subjective");
  g_assert_cmpstr (section->loinc, ==, "61150-9");
  section = g_ptr_array_index (value->sections, 3);
  g_assert_cmpstr (section->heading, ==, "The plan");
  g_assert_cmpstr (value->author.name, ==, "Dr. Signer");
  g_assert_true (value->signature != NULL && value->signature->verified);
  g_assert_cmpuint (value->addenda->len, ==, 1);
  addendum = g_ptr_array_index (value->addenda, 0);
  g_assert_cmpstr (addendum->author, ==, "Dr. Other");
  g_assert_cmpstr (addendum->reason, ==, "Asked again");
  g_assert_cmpstr (addendum->text, ==, "More.\n\nSubjective:\nCough, dry.\n\nThe plan:\nRest.");
  g_assert_true (addendum->signature->verified);
  g_assert_cmpuint (value->versions->len, ==, 2);
  g_assert_cmpuint (value->attachments->len, ==, 2);
  attachment = g_ptr_array_index (value->attachments, 1);
  g_assert_cmpstr (attachment->name, ==, "result.txt");
  g_assert_true (attachment->added_later && g_bytes_equal (attachment->data, bytes));
  attachment = g_ptr_array_index (value->attachments, 0);
  g_assert_false (attachment->added_later);
  g_assert_cmpstr (attachment->name, ==, "letter.txt");
  g_assert_cmpint (attachment->real_us, ==, 5000000);
  g_assert_true (g_bytes_equal (attachment->data, bytes));
  g_assert_cmpint (value->encounter.started_us, ==, bed_encounter_get_started_us (encounter));
  g_assert_cmpint (bed_handover_get_date_us (value), ==, addendum->real_us);
}

static char *
render_text (Record *r, BedNote *note)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = bed_note_export_render (
      r->store, bed_note_get_id (note), BED_EXPORT_TEXT, BED_PAPER_A4, &options, &error);

  g_assert_no_error (error);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

/* It was signed for Ruth; that the record calls her Otto since is told, and takes nothing away. */
static void
test_note_renamed (Record *r, gconstpointer data)
{
  g_autoptr (BedPatient) patient = record_add_patient (r, "Ruth Abel", "1948-03-09");
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, bed_patient_get_id (patient));
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "Cough.");
  g_autoptr (BedNote) draft = record_add_note (r, bed_encounter_get_id (encounter), "Fever.");
  g_autofree char *before = NULL, *text = NULL, *unsigned_text = NULL;

  g_assert_true (bed_record_store_sign_note (r->store, note, "Dr. Signer", NULL));
  before = render_text (r, note);
  g_assert_null (strstr (before, "In the record now"));
  bed_patient_set_name (patient, "Otto Abel");
  bed_patient_set_birth_date (patient, "1950-01-02");
  bed_patient_set_identifiers (patient, "M-2");
  g_assert_true (bed_record_store_save_patient (r->store, patient, NULL));
  text = render_text (r, note);
  g_assert_nonnull (strstr (text, "Ruth Abel\n---------\nBorn: 9 March 1948\n"
                                  "In the record now: Otto Abel · 2 January 1950 · M-2\n"));
  unsigned_text = render_text (r, draft);
  g_assert_nonnull (strstr (unsigned_text, "Otto Abel\n---------\nBorn: 2 January 1950\n"));
  g_assert_null (strstr (unsigned_text, "Ruth"));
}

/* Also of a signed note: the signature is over what the patient did, not over who knew the words. */
static void
test_note_unknown_text (Record *r, gconstpointer data)
{
  static const guint8 hash[BED_CONSENT_TEXT_HASH_LENGTH] = { 1 };
  g_autoptr (BedPatientConsent) known
      = bed_patient_consent_new ("v1", hash, sizeof hash, "de", 5, TRUE, TRUE);
  g_autoptr (BedPatientConsent) unknown = bed_patient_consent_copy_unknown (known);
  const BedPatientConsent *const consents[] = { known, unknown };

  for (guint i = 0; i < 2 * G_N_ELEMENTS (consents); i++)
    {
      g_autoptr (BedEncounter) encounter = bed_record_store_start_encounter (
          r->store, 0, "Eva", NULL, NULL, consents[i / 2], NULL);
      g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "Cough.");
      g_autofree char *text = NULL;
      BedNoteVerdict verdict = BED_NOTE_VERDICT_INTACT;

      g_assert_true (bed_record_store_end_encounter (r->store, encounter, NULL));
      if (i % 2 != 0)
        g_assert_true (bed_record_store_sign_note (r->store, note, "Dr. Signer", NULL)
                       && bed_record_store_verify_note (r->store, bed_note_get_id (note), &verdict,
                                                        NULL, NULL));
      g_assert_cmpint (verdict, ==, BED_NOTE_VERDICT_INTACT);
      text = render_text (r, note);
      g_strdelimit (text, "\n", ' ');
      g_assert_nonnull (strstr (text, "text v1 (de)"));
      g_assert_cmpint (strstr (text, "not known as one of the clinic’s") != NULL, ==, i / 2);
    }
}

static void
test_note_assigned_later (Record *r, gconstpointer data)
{
  g_autoptr (BedPatient) patient = record_add_patient (r, "Ruth Abel", "");
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, 0);
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "Cough.");
  g_autofree char *stranger = NULL, *text = NULL;

  g_assert_true (bed_record_store_sign_note (r->store, note, "Dr. Signer", NULL));
  stranger = render_text (r, note);
  g_assert_null (strstr (stranger, "assigned after"));
  g_assert_true (bed_record_store_assign_encounter (r->store, encounter,
                                                    bed_patient_get_id (patient), NULL));
  text = render_text (r, note);
  g_assert_nonnull (strstr (text, "Patient: assigned after the signature, not signed\n"));
}

/* Nothing is left, the reason has a name, and what was there before stays. */
static void
expect_failure (Record *r, gint64 note_id, const char *path, int code)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (bed_note_export_save (r->store, note_id, BED_EXPORT_PDF, BED_PAPER_LETTER,
                                        &options, path, &error));
  g_assert_error (error, BED_EXPORT_ERROR, code);
}

static void
test_note_errors (Record *r, gconstpointer data)
{
  g_autofree char *folder = export_folder_new ();
  g_autofree char *path = g_build_filename (folder, "note.pdf", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "no", "note.pdf", NULL);
  g_autofree char *kept = NULL;
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, 0);
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "Cough.");
  const gint64 id = bed_note_get_id (note);
  struct rlimit limit, small;

  g_assert_true (g_file_set_contents (path, "before", -1, NULL));
  expect_failure (r, id, nowhere, BED_EXPORT_ERROR_NOT_FOUND);
  expect_failure (r, id, "/proc/note.pdf", BED_EXPORT_ERROR_NOT_FOUND);
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  small = (struct rlimit){ .rlim_cur = 2000, .rlim_max = limit.rlim_max };
  record_wait_indexed (r);
  record_forget_events (r);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  expect_failure (r, id, path, BED_EXPORT_ERROR_FULL);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  record_expect (r, "");
  if (geteuid () != 0)
    {
      g_chmod (folder, 0500);
      expect_failure (r, id, path, BED_EXPORT_ERROR_DENIED);
      g_chmod (folder, 0700);
    }
  g_assert_true (g_file_get_contents (path, &kept, NULL, NULL));
  g_assert_cmpstr (kept, ==, "before");
  g_assert_cmpuint (count_files (folder), ==, 1);
  export_folder_remove (folder);
}

static void
test_errno (void)
{
  static const struct
  {
    int number, code;
  } table[] = { { ENOSPC, BED_EXPORT_ERROR_FULL }, { EDQUOT, BED_EXPORT_ERROR_FULL },
                { EACCES, BED_EXPORT_ERROR_DENIED }, { EROFS, BED_EXPORT_ERROR_DENIED },
                { ENOENT, BED_EXPORT_ERROR_NOT_FOUND }, { EIO, BED_EXPORT_ERROR_IO } };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (bed_export_fail (table[i].number, &error));
      g_assert_error (error, BED_EXPORT_ERROR, table[i].code);
    }
}

/* --- All notes -------------------------------------------------------------------------------- */

typedef struct
{
  GString *names;
  GString *content;
  guint stop_after;
} Seen;

static gboolean
see_begin (const char *name, guint64 size, gpointer user_data)
{
  Seen *seen = user_data;

  g_string_append_printf (seen->names, "%s\n", name);
  return seen->stop_after == 0 || --seen->stop_after > 0;
}

static gboolean
see_piece (const guint8 *data, gsize length, gpointer user_data)
{
  g_string_append_len (((Seen *) user_data)->content, (const char *) data, length);
  return TRUE;
}

static const BedExportVisitor visitor = { .begin = see_begin, .piece = see_piece };

static gboolean
open_file (const char *path, const char *passphrase, Seen *seen, guint *n_files, GError **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, NULL);
  g_autoptr (BedSecret) words = export_secret (passphrase);

  g_assert_nonnull (stream);
  return bed_record_export_read (G_INPUT_STREAM (stream), words, seen != NULL ? &visitor : NULL,
                                 seen, n_files, NULL, error);
}

static void
count_progress (guint done, guint total, gpointer user_data)
{
  g_assert_cmpuint (done, <=, total);
  g_assert_cmpuint (++*(guint *) user_data, ==, done);
}

static gboolean
export_all (Record *r, gint64 patient_id, const char *path, const char *passphrase,
            GCancellable *cancellable, guint *n_notes, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (BedSecret) words = export_secret (passphrase);
  guint steps = 0;

  bed_record_export_async (r->store, patient_id, path, words, BED_PAPER_A4, &options,
                           count_progress, &steps, cancellable, record_keep_result, &result);
  record_wait (&result);
  return bed_record_export_finish (r->store, result, n_notes, error);
}

static void
test_export_all (Record *r, gconstpointer data)
{
  g_autofree char *folder = export_folder_new ();
  g_autofree char *path = g_build_filename (folder, "all.bedside", NULL);
  g_autoptr (BedPatient) anna = record_add_patient (r, "Anna Vogel", "1948-03-09");
  g_autoptr (BedPatient) bert = record_add_patient (r, "Bert Marker-Surname", "");
  g_autoptr (BedEncounter) first = record_add_encounter (r, bed_patient_get_id (anna));
  g_autoptr (BedEncounter) second = record_add_encounter (r, bed_patient_get_id (bert));
  g_autoptr (BedEncounter) third = record_add_encounter (r, bed_patient_get_id (anna));
  g_autoptr (BedNote) a = record_add_note (r, bed_encounter_get_id (first), "Cough.");
  g_autoptr (BedNote) b = record_add_note (r, bed_encounter_get_id (second), "marker-text");
  g_autoptr (BedNote) c = record_add_note (r, bed_encounter_get_id (third), "Better.");
  Seen seen = { g_string_new (NULL), g_string_new (NULL), 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  g_autofree char *events = NULL;
  guint n_notes = 0, n_files = 0;
  gsize length;

  record_forget_events (r);
  g_assert_true (export_all (r, 0, path, PASSPHRASE_TEXT, NULL, &n_notes, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_notes, ==, 3);
  events = g_strdup_printf ("exported %s\nexported %s\nexported %s\nexported all\n",
                            bed_note_get_uuid (a), bed_note_get_uuid (c), bed_note_get_uuid (b));
  record_expect (r, events);
  g_assert_cmpuint (count_files (folder), ==, 1);
  g_assert_true (open_file (path, PASSPHRASE_TEXT, &seen, &n_files, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_files, ==, 3 * 3 + 1);
  g_assert_nonnull (strstr (seen.names->str, bed_patient_get_uuid (bert)));
  g_assert_nonnull (memmem (seen.content->str, seen.content->len, "marker-text", 11));
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_null (memmem (bytes, length, "marker-text", 11));
  g_assert_null (memmem (bytes, length, "Marker-Surname", 14));
  g_assert_false (open_file (path, "seven small boots", NULL, NULL, &error));
  g_assert_error (error, BED_EXPORT_ERROR, BED_EXPORT_ERROR_WRONG_PASSPHRASE);
  g_string_free (seen.names, TRUE);
  g_string_free (seen.content, TRUE);
  export_folder_remove (folder);
}

static void
test_export_one (Record *r, gconstpointer data)
{
  g_autofree char *folder = export_folder_new ();
  g_autofree char *path = g_build_filename (folder, "one.bedside", NULL);
  g_autoptr (BedPatient) anna = record_add_patient (r, "Anna Vogel", "1948-03-09");
  g_autoptr (BedEncounter) encounter = record_add_encounter (r, bed_patient_get_id (anna));
  g_autoptr (BedEncounter) stranger = record_add_encounter (r, 0);
  g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), "Cough.");
  g_autoptr (BedNote) other = record_add_note (r, bed_encounter_get_id (stranger), "Not hers.");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  guint n_notes = 0;

  g_assert_true (export_all (r, bed_patient_get_id (anna), path, PASSPHRASE_TEXT, NULL, &n_notes,
                             &error));
  g_assert_cmpuint (n_notes, ==, 1);
  g_unlink (path);
  record_forget_events (r);
  g_assert_false (export_all (r, 0, path, "", NULL, NULL, &error));
  g_assert_error (error, BED_EXPORT_ERROR, BED_EXPORT_ERROR_INVALID);
  g_clear_error (&error);
  g_cancellable_cancel (cancellable);
  g_assert_false (export_all (r, 0, path, PASSPHRASE_TEXT, cancellable, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (export_all (r, 999, path, PASSPHRASE_TEXT, NULL, NULL, &error));
  g_assert_error (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_FOUND);
  record_expect (r, "");
  g_assert_cmpuint (count_files (folder), ==, 0);
  export_folder_remove (folder);
}

/* Stopped, or without room, after the first note: nothing is left, and the trail says so. */
typedef struct
{
  GCancellable *cancellable;
  BedVault *vault;
  const struct rlimit *limit;
} Spoiler;

static void
spoil (guint done, guint total, gpointer user_data)
{
  const Spoiler *spoiler = user_data;

  g_assert_cmpuint (done, ==, 1);
  if (spoiler->cancellable != NULL)
    g_cancellable_cancel (spoiler->cancellable);
  if (spoiler->limit != NULL)
    g_assert_cmpint (setrlimit (RLIMIT_FSIZE, spoiler->limit), ==, 0);
  if (spoiler->vault != NULL)
    bed_vault_lock (spoiler->vault);
}

static void
expect_spoiled (Record *r, const char *folder, Spoiler *spoiler, GQuark domain, int code)
{
  g_autofree char *path = g_build_filename (folder, "all.bedside", NULL);
  g_autoptr (BedSecret) words = export_secret (PASSPHRASE_TEXT);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  bed_record_export_async (r->store, 0, path, words, BED_PAPER_A4, &options, spoil, spoiler,
                           spoiler->cancellable, record_keep_result, &result);
  record_wait (&result);
  g_assert_false (bed_record_export_finish (r->store, result, NULL, &error));
  g_assert_error (error, domain, code);
  g_clear_object (&result);
  g_assert_cmpuint (count_files (folder), ==, 0);
}

static void
test_export_spoiled (Record *r, gconstpointer data)
{
  g_autofree char *folder = export_folder_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *much = g_strnfill (200000, 'x');
  struct rlimit limit, small;
  Spoiler spoilers[] = { { .cancellable = cancellable }, { .limit = &small }, { .vault = r->base.vault } };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (BedEncounter) encounter = record_add_encounter (r, 0);
      g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), i > 0 ? much : "Cough.");
    }
  record_wait_indexed (r);
  record_forget_events (r);
  expect_spoiled (r, folder, &spoilers[0], G_IO_ERROR, G_IO_ERROR_CANCELLED);
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  small = (struct rlimit){ .rlim_cur = 100000, .rlim_max = limit.rlim_max };
  expect_spoiled (r, folder, &spoilers[1], BED_EXPORT_ERROR, BED_EXPORT_ERROR_FULL);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  record_expect (r, "");
  expect_spoiled (r, folder, &spoilers[2], BED_RECORD_ERROR, BED_RECORD_ERROR_LOCKED);
  export_folder_remove (folder);
}

/* --- Pages ------------------------------------------------------------------------------------ */

static PangoLayout *
lines_new (PangoContext *context, guint n)
{
  PangoLayout *layout = pango_layout_new (context);
  g_autoptr (GString) text = g_string_new ("x");

  for (guint i = 1; i < n; i++)
    g_string_append (text, "\nx");
  pango_layout_set_text (layout, text->str, -1);
  return layout;
}

/* For every room that is left on the page: no heading last, no line alone. */
static void
test_flow (void)
{
  cairo_surface_t *surface = cairo_pdf_surface_create_for_stream (NULL, NULL, 200, 200);
  cairo_t *cr = cairo_create (surface);
  PangoContext *context = pango_cairo_create_context (cr);
  const BedFlowArea area = { .left = 0, .right = 200, .first_top = 0, .top = 0, .bottom = 200 };

  for (guint above = 1; above < 24; above++)
    for (guint n = 1; n < 9; n++)
      {
        g_autoptr (BedPageFlow) flow = bed_page_flow_new (&area);
        BedFlowBlock blocks[] = { { .layout = lines_new (context, above), .tag = "P" },
                                  { .layout = lines_new (context, 1), .keep_with_next = TRUE, .tag = "H2" },
                                  { .layout = lines_new (context, n), .tag = "P" } };
        guint pages;

        for (guint i = 0; i < G_N_ELEMENTS (blocks); i++)
          bed_page_flow_add (flow, &blocks[i]);
        pages = bed_page_flow_break (flow);
        for (guint page = 0; page < pages; page++)
          {
            guint heading = bed_page_flow_count_lines (flow, 1, page);
            guint text = bed_page_flow_count_lines (flow, 2, page);

            g_assert_true (heading == 0 || text > 0);
            g_assert_true (text == 0 || text == n || text >= 2);
          }
      }
  g_object_unref (context);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* --- Words ------------------------------------------------------------------------------------ */

static void
test_words (void)
{
  BedHandoverWords words = export_words_english;
  g_autofree char *page = bed_handover_word (&words, BED_WORD_PAGE, "page", "{pages}", "pages", "7", NULL);
  g_autofree char *unknown = NULL;

  g_assert_cmpstr (page, ==, "Page {pages} of 7");
  words.words[BED_WORD_PAGE] = "{page {nothing} %s {page";
  unknown = bed_handover_word (&words, BED_WORD_PAGE, "page", "1", NULL);
  g_assert_cmpstr (unknown, ==, "{page {nothing} %s {page");
}

#define RECORD_TEST(name, function)                                                                \
  g_test_add (name, Record, NULL, record_set_up, function, record_tear_down)

/* The key and its thumbprint of RFC 8037, A.2 and A.3. */
static void
test_signing_key (void)
{
  static const guint8 key[BED_SIGNATURE_KEY_LENGTH]
      = { 0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
          0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a };
  g_autofree char *thumbprint = bed_handover_key_thumbprint (key);
  g_autofree char *fingerprint = bed_handover_key_fingerprint (key);

  g_assert_cmpstr (thumbprint, ==, "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
  g_assert_cmpuint (strlen (fingerprint), ==, 39);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/records/export/signing-key", test_signing_key);
  g_test_add_func ("/records/export/words", test_words);
  RECORD_TEST ("/records/export/note/save", test_note_save);
  RECORD_TEST ("/records/export/note/signed", test_note_signed);
  RECORD_TEST ("/records/export/note/renamed", test_note_renamed);
  RECORD_TEST ("/records/export/note/unknown-text", test_note_unknown_text);
  RECORD_TEST ("/records/export/note/assigned-later", test_note_assigned_later);
  RECORD_TEST ("/records/export/note/errors", test_note_errors);
  g_test_add_func ("/records/export/file/errno", test_errno);
  RECORD_TEST ("/records/export/all", test_export_all);
  RECORD_TEST ("/records/export/one", test_export_one);
  RECORD_TEST ("/records/export/spoiled", test_export_spoiled);
  g_test_add_func ("/records/export/pages/flow", test_flow);
  return g_test_run ();
}
