/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-attachment.h"
#include "bed-calendar.h"
#include "bed-export-seal-private.h"
#include "bed-export-tar-private.h"
#include "bed-note-export.h"
#include "bed-page-flow-private.h"
#include "bed-record-export.h"
#include "bed-record-fixture.h"
#include "bed-record-signing.h"
#include "export-fixture.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <libical/ical.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define PASSPHRASE_TEXT "seven small boats"

static const BedSealCost cheap_seal = { .passes = 1, .memory_kib = 8 };

static const BedHandoverOptions options = {
  .words = &export_words_english,
  .account = "dr-1",
  .name = "Dr. Maria Weber",
  .clinic = "Riverside Family Practice",
  .clinic_telephone = "+49 30 1",
  .with_chat = TRUE,
};

static char *
folder_new (void)
{
  g_autoptr (GError) error = NULL;
  char *folder = g_dir_make_tmp ("bed-export-XXXXXX", &error);

  g_assert_no_error (error);
  return folder;
}

static guint
count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
folder_remove (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

static BedSecret *
secret (const char *text)
{
  return bed_secret_new (text, strlen (text));
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
  g_autofree char *folder = folder_new ();
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
  folder_remove (folder);
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
  g_autofree char *folder = folder_new ();
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
  folder_remove (folder);
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
  g_autoptr (BedSecret) words = secret (passphrase);

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
  g_autoptr (BedSecret) words = secret (passphrase);
  guint steps = 0;

  bed_record_export_async (r->store, patient_id, path, words, BED_PAPER_A4, &options,
                           count_progress, &steps, cancellable, record_keep_result, &result);
  record_wait (&result);
  return bed_record_export_finish (r->store, result, n_notes, error);
}

static void
test_export_all (Record *r, gconstpointer data)
{
  g_autofree char *folder = folder_new ();
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
  folder_remove (folder);
}

static void
test_export_one (Record *r, gconstpointer data)
{
  g_autofree char *folder = folder_new ();
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
  folder_remove (folder);
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
  g_autoptr (BedSecret) words = secret (PASSPHRASE_TEXT);
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
  g_autofree char *folder = folder_new ();
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autofree char *much = g_strnfill (200000, 'x');
  struct rlimit limit, small;
  Spoiler spoilers[] = { { .cancellable = cancellable }, { .limit = &small }, { .vault = r->base.vault } };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (BedEncounter) encounter = record_add_encounter (r, 0);
      g_autoptr (BedNote) note = record_add_note (r, bed_encounter_get_id (encounter), i > 0 ? much : "Cough.");
    }
  record_forget_events (r);
  expect_spoiled (r, folder, &spoilers[0], G_IO_ERROR, G_IO_ERROR_CANCELLED);
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  small = (struct rlimit){ .rlim_cur = 100000, .rlim_max = limit.rlim_max };
  expect_spoiled (r, folder, &spoilers[1], BED_EXPORT_ERROR, BED_EXPORT_ERROR_FULL);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  record_expect (r, "");
  expect_spoiled (r, folder, &spoilers[2], BED_RECORD_ERROR, BED_RECORD_ERROR_LOCKED);
  folder_remove (folder);
}

/* --- The sealed file: every way to change it is found ----------------------------------------- */

static gboolean
collect_piece (const guint8 *data, gsize length, gpointer user_data, GError **error)
{
  g_byte_array_append (user_data, data, length);
  return TRUE;
}

static GByteArray *
seal (const guint8 *plain, gsize length)
{
  g_autofree char *folder = folder_new ();
  g_autofree char *path = g_build_filename (folder, "sealed", NULL);
  g_autoptr (BedSecret) words = secret (PASSPHRASE_TEXT);
  g_autoptr (GError) error = NULL;
  g_autoptr (BedExportFile) file = bed_export_file_open (path, &error);
  g_autoptr (BedSealWriter) writer = bed_seal_writer_new (file, words, cheap_seal, &error);
  char *bytes;
  gsize size;

  g_assert_true (bed_seal_writer_write (writer, plain, length, &error));
  g_assert_true (bed_seal_writer_end (writer, &error));
  g_assert_true (bed_export_file_commit (file, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &bytes, &size, NULL));
  folder_remove (folder);
  return g_byte_array_new_take ((guint8 *) bytes, size);
}

static gboolean
unseal (const guint8 *data, gsize length, GByteArray *out, GError **error)
{
  g_autoptr (GInputStream) stream = g_memory_input_stream_new_from_data (data, length, NULL);
  g_autoptr (BedSecret) words = secret (PASSPHRASE_TEXT);

  return bed_seal_read (stream, words, collect_piece, out, NULL, error);
}

static void
expect_broken (const guint8 *data, gsize length)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (unseal (data, length, out, &error));
  g_assert_true (error->domain == BED_EXPORT_ERROR);
  g_assert_true (error->code == BED_EXPORT_ERROR_DAMAGED || error->code == BED_EXPORT_ERROR_NEWER
                 || error->code == BED_EXPORT_ERROR_WRONG_PASSPHRASE);
}

static void
test_seal_lengths (void)
{
  static const gsize lengths[] = { 0, 1, BED_SEAL_PIECE - 1, BED_SEAL_PIECE, BED_SEAL_PIECE + 1,
                                   3 * BED_SEAL_PIECE };
  g_autofree guint8 *plain = g_malloc0 (3 * BED_SEAL_PIECE);

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (GByteArray) sealed = seal (plain, lengths[i]);
      g_autoptr (GByteArray) out = g_byte_array_new ();
      g_autoptr (GError) error = NULL;

      g_assert_true (unseal (sealed->data, sealed->len, out, &error));
      g_assert_no_error (error);
      g_assert_cmpmem (out->data, out->len, plain, lengths[i]);
    }
}

static void
test_seal_changes (void)
{
  const gsize piece = BED_SEAL_PIECE + 17;
  g_autofree guint8 *plain = g_malloc (3 * BED_SEAL_PIECE);
  g_autoptr (GByteArray) sealed = NULL;
  g_autofree guint8 *copy = NULL;
  g_autofree guint8 *swap = g_malloc (piece);
  g_autoptr (GRand) random = g_rand_new_with_seed (4);

  bed_random_bytes (plain, 3 * BED_SEAL_PIECE);
  sealed = seal (plain, 3 * BED_SEAL_PIECE);
  g_assert_cmpuint (sealed->len, ==, BED_SEAL_HEADER_LENGTH + 3 * piece);
  copy = g_memdup2 (sealed->data, sealed->len);
  /* Every byte of the header, and bits all over. The cost's upper bytes would ask for more time. */
  for (guint i = 0; i < 200; i++)
    {
      guint at = i < BED_SEAL_HEADER_LENGTH ? i : (guint) g_rand_int_range (random, 0, sealed->len);

      if (at >= 16 && at < 24)
        continue;
      copy[at] ^= 1u << g_rand_int_range (random, 0, 8);
      expect_broken (copy, sealed->len);
      copy[at] = sealed->data[at];
    }
  copy[19] = 2; /* another number of passes */
  expect_broken (copy, sealed->len);
  copy[19] = sealed->data[19];
  for (guint cut = 0; cut < 5; cut++)
    {
      const gsize lengths[] = { 0, 63, BED_SEAL_HEADER_LENGTH, BED_SEAL_HEADER_LENGTH + 2 * piece,
                                sealed->len - 1 };

      expect_broken (copy, lengths[cut]);
    }
  /* Two pieces change places. */
  memcpy (swap, copy + BED_SEAL_HEADER_LENGTH, piece);
  memcpy (copy + BED_SEAL_HEADER_LENGTH, copy + BED_SEAL_HEADER_LENGTH + piece, piece);
  memcpy (copy + BED_SEAL_HEADER_LENGTH + piece, swap, piece);
  expect_broken (copy, sealed->len);
  g_byte_array_append (sealed, (const guint8 *) "x", 1);
  expect_broken (sealed->data, sealed->len);
}

static void
test_seal_cost (void)
{
  guint8 header[BED_SEAL_HEADER_LENGTH] = "BEDSIDE-EXPORT-1";
  BedSealCost cost;
  g_autoptr (GError) error = NULL;

  header[19] = 3;
  header[21] = 4; /* 256 MiB */
  g_assert_true (bed_seal_parse_header (header, &cost, &error));
  g_assert_cmpuint (cost.memory_kib, ==, 256 * 1024);
  header[20] = 0xff;
  g_assert_false (bed_seal_parse_header (header, &cost, &error));
  g_assert_error (error, BED_EXPORT_ERROR, BED_EXPORT_ERROR_DAMAGED);
  g_clear_error (&error);
  header[15] = '2';
  g_assert_false (bed_seal_parse_header (header, &cost, &error));
  g_assert_error (error, BED_EXPORT_ERROR, BED_EXPORT_ERROR_NEWER);
}

/* --- The archive inside ----------------------------------------------------------------------- */

static void
tar_add (GByteArray *out, const char *name, const char *text)
{
  static const guint8 zeros[BED_TAR_BLOCK];
  guint8 header[BED_TAR_BLOCK];

  bed_tar_header (header, name, strlen (text), 0);
  g_byte_array_append (out, header, sizeof header);
  g_byte_array_append (out, (const guint8 *) text, strlen (text));
  g_byte_array_append (out, zeros, bed_tar_padding (strlen (text)));
}

static void
tar_end (GByteArray *out)
{
  static const guint8 zeros[2 * BED_TAR_BLOCK];

  g_byte_array_append (out, zeros, sizeof zeros);
}

static gboolean
tar_read (const guint8 *data, gsize length, gsize step, GError **error)
{
  g_autoptr (BedTarReader) reader = bed_tar_reader_new (NULL, NULL);

  for (gsize at = 0; at < length; at += step)
    if (!bed_tar_reader_feed (reader, data + at, MIN (step, length - at), error))
      return FALSE;
  return bed_tar_reader_finish (reader, NULL, error);
}

static char *
sum_line (const char *name, const char *text)
{
  g_autofree char *sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, text, -1);

  return g_strdup_printf ("%s  %s\n", sum, name);
}

static void
test_tar (void)
{
  g_autofree char *good = sum_line ("a.txt", "one");
  g_autofree char *wrong = sum_line ("a.txt", "two");
  g_autofree char *missing = sum_line ("b.txt", "one");
  const struct
  {
    const char *name, *sums;
    gboolean fine;
  } table[] = {
    { "a.txt", good, TRUE },    { "a.txt", wrong, FALSE },    { "a.txt", missing, FALSE },
    { "a.txt", "", FALSE },     { "a.txt", "x", FALSE },      { "../a.txt", "", FALSE },
    { "/a.txt", "", FALSE },    { "a//b", "", FALSE },        { ".hidden", "", FALSE },
    { "a\nb", "", FALSE },      { "d/", "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (GByteArray) out = g_byte_array_new ();
      g_autoptr (GError) error = NULL;

      tar_add (out, table[i].name, "one");
      tar_add (out, "SHA256SUMS", table[i].sums);
      tar_end (out);
      g_assert_cmpint (tar_read (out->data, out->len, 1, &error), ==, table[i].fine);
      g_assert_true ((error == NULL) == table[i].fine);
      g_clear_error (&error);
      g_assert_cmpint (tar_read (out->data, out->len, 1000, &error), ==, table[i].fine);
      g_clear_error (&error);
      g_assert_false (tar_read (out->data, out->len - 1, 1000, &error));
      g_assert_error (error, BED_EXPORT_ERROR, BED_EXPORT_ERROR_DAMAGED);
    }
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

/* --- Appointments ----------------------------------------------------------------------------- */

static const BedCalendarEvent appointment = {
  .room = "AAECAwQFBgcICQoLDA0ODw",
  .starts_s = 1795167000,
  .ends_s = 1795168200,
  .summary = "Video consultation; bring, please",
  .clinic = "Praxis \"Am Müggelsee\", Ärztinnen\r\nATTENDEE:mailto:x@example.org und noch ein sehr langer Name",
};

/* RFC 5545 section 3.1: CRLF, at most 75 octets a line, folded between characters. */
static void
assert_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);

  g_assert_true (g_str_has_suffix (text, "END:VCALENDAR\r\n"));
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_assert_cmpuint (strlen (lines[i]), <=, 75);
      g_assert_null (strpbrk (lines[i], "\r\n"));
      g_assert_true (g_utf8_validate (lines[i], -1, NULL));
    }
}

static void
test_calendar (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = bed_calendar_new (&appointment, G_GINT64_CONSTANT (1795000000000000), &error);
  g_autofree char *again = bed_calendar_new (&appointment, G_GINT64_CONSTANT (1795000000000000), &error);
  icalcomponent *calendar = icalparser_parse_string (text);
  icalcomponent *event = icalcomponent_get_first_component (calendar, ICAL_VEVENT_COMPONENT);

  g_assert_no_error (error);
  g_assert_cmpstr (text, ==, again);
  assert_lines (text);
  g_assert_cmpint (icalcomponent_count_errors (calendar), ==, 0);
  g_assert_cmpint (icalcomponent_get_method (calendar), ==, ICAL_METHOD_PUBLISH);
  g_assert_cmpstr (icalcomponent_get_summary (event), ==, appointment.summary);
  g_assert_cmpint (icalcomponent_get_sequence (event), ==, 0);
  g_assert_cmpint (icalcomponent_get_status (event), ==, ICAL_STATUS_CONFIRMED);
  g_assert_true (icaltime_is_utc (icalcomponent_get_dtstart (event)));
  g_assert_cmpint (icaltime_as_timet (icalcomponent_get_dtstart (event)), ==, appointment.starts_s);
  g_assert_cmpint (icaltime_as_timet (icalcomponent_get_dtend (event)), ==, appointment.ends_s);
  g_assert_true (g_uuid_string_is_valid (icalcomponent_get_uid (event)));
  g_assert_null (icalcomponent_get_first_property (event, ICAL_ATTENDEE_PROPERTY));
  g_assert_null (strstr (text, appointment.room));
  g_assert_null (strstr (text, "CONFERENCE"));
  g_assert_nonnull (strstr (text, "CLASS:CONFIDENTIAL"));
  icalcomponent_free (calendar);
}

static void
test_calendar_changes (void)
{
  BedCalendarEvent event = appointment;
  g_autofree char *first = bed_calendar_new (&event, 1, NULL);
  g_autofree char *moved = NULL, *cancelled = NULL, *linked = NULL;
  g_auto (GStrv) parts = g_strsplit (first, "UID:", 2);
  g_autofree char *uid = g_strdup_printf ("UID:%.36s\r\n", parts[1]);

  event.sequence = 1;
  event.starts_s += 3600;
  event.ends_s += 3600;
  moved = bed_calendar_new (&event, 2, NULL);
  event.link = "https://clinic.example/j/room#secret";
  event.alarm_minutes = 10;
  linked = bed_calendar_new (&event, 2, NULL);
  event.sequence = 2;
  event.cancelled = TRUE;
  cancelled = bed_calendar_new (&event, 3, NULL);
  g_assert_true (strstr (moved, uid) && strstr (moved, "SEQUENCE:1\r\n"));
  g_assert_true (strstr (linked, "secret") && strstr (linked, "CONFERENCE;") && strstr (linked, "TRIGGER:-PT10M\r\n"));
  assert_lines (linked);
  g_assert_true (strstr (cancelled, uid) && strstr (cancelled, "METHOD:CANCEL\r\n"));
  g_assert_true (strstr (cancelled, "STATUS:CANCELLED\r\n") && strstr (cancelled, "SEQUENCE:2\r\n"));
  g_assert_null (strstr (cancelled, "secret"));
}

static void
test_calendar_invalid (void)
{
  BedCalendarEvent events[6];

  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    events[i] = appointment;
  events[0].ends_s = events[0].starts_s;
  events[1].starts_s = 0;
  events[2].ends_s = G_MAXINT64;
  events[3].link = "http://clinic.example/";
  events[4].link = "https://clinic.example/\r\nATTENDEE:x";
  events[5].starts_s = G_MININT64;
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (bed_calendar_new (&events[i], 1, &error));
      g_assert_error (error, BED_EXPORT_ERROR, BED_EXPORT_ERROR_INVALID);
    }
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
  RECORD_TEST ("/records/export/note/errors", test_note_errors);
  g_test_add_func ("/records/export/file/errno", test_errno);
  RECORD_TEST ("/records/export/all", test_export_all);
  RECORD_TEST ("/records/export/one", test_export_one);
  RECORD_TEST ("/records/export/spoiled", test_export_spoiled);
  g_test_add_func ("/records/export/seal/lengths", test_seal_lengths);
  g_test_add_func ("/records/export/seal/changes", test_seal_changes);
  g_test_add_func ("/records/export/seal/cost", test_seal_cost);
  g_test_add_func ("/records/export/tar", test_tar);
  g_test_add_func ("/records/export/pages/flow", test_flow);
  g_test_add_func ("/records/export/calendar/event", test_calendar);
  g_test_add_func ("/records/export/calendar/changes", test_calendar_changes);
  g_test_add_func ("/records/export/calendar/invalid", test_calendar_invalid);
  return g_test_run ();
}
