/* SPDX-License-Identifier: GPL-3.0-or-later */
/* flips [COUNT]: single bits changed in a record's database and its WAL, one at a time, and a tenth
 * as many in the key file besides.
 *
 * Then it is opened and read as the app does: patients, notes, their versions and signatures,
 * attachments, chat, search, trail. Never wrong content. Nothing lost in silence: where something is
 * missing, either the record refuses to open, or a read fails, or a signature does not fit, or the
 * counter outside says that the record is older than it was. */
#include "soak-record.h"

#include <glib/gstdio.h>
#include <string.h>

#include "bed-attachment.h"
#include "bed-db.h"
#include "bed-record-signing.h"
#include "bed-search-hit.h"

#define NOTES 24
#define SIGNED 12 /* the first ones; the others are drafts */
#define IN_WAL 6  /* the last ones */
#define A_PATIENT 4 /* notes of each */
#define A_MESSAGE 3 /* every third has a message that was kept */
#define AN_ATTACHMENT 5
#define AN_ADDENDUM 2

typedef struct
{
  char *name;
  guint8 *bytes;
  gsize length;
} Kept;

typedef struct
{
  char *dir;
  Kept files[4]; /* keys, db, wal, seen */
  GRand *rand;
  guint refused, noticed, by_counter, harmless;
} Flips;

/* What one look at the record found. */
typedef struct
{
  BedRecordStore *store;
  gboolean failed;
  guint missing;
} Look;

static const char *const names[] = { "vault.keys", "vault.db", "vault.db-wal", "vault.seen" };

/* --- The record --------------------------------------------------------------------------------- */

static char *
word_of (guint i)
{
  return g_strdup_printf ("quorv%cx%c", 'a' + (char) (i / 10), 'a' + (char) (i % 10));
}

static char *
text_of (guint i)
{
  g_autofree char *word = word_of (i);
  g_autoptr (GString) text = g_string_new (word);

  while (text->len < 1500)
    g_string_append_printf (text, " %u", i * 7919 % 1000 + (guint) text->len);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
addendum_of (guint i)
{
  return g_strdup_printf ("came later, of note %u", i);
}

static GBytes *
attachment_of (guint i)
{
  guint8 *bytes = g_malloc (6000);

  for (guint at = 0; at < 6000; at++)
    bytes[at] = (guint8) (at * (i + 3));
  return g_bytes_new_take (bytes, 6000);
}

static void
add_belongings (SoakRecord *record, guint i, gint64 encounter)
{
  g_autoptr (GBytes) bytes = attachment_of (i);
  g_autofree char *word = word_of (i);
  g_autoptr (BedAttachment) kept = NULL;
  g_autoptr (GError) error = NULL;

  if (i % AN_ATTACHMENT == 0)
    kept = bed_record_store_keep_attachment (record->store, encounter, 5, FALSE, "scan.pdf",
                                             "application/pdf", bytes, &error);
  g_assert_no_error (error);
  if (i % A_MESSAGE == 0)
    bed_record_store_keep_chat (record->store, encounter, 5, TRUE, word, &error);
  g_assert_no_error (error);
}

static void
sign (SoakRecord *record, guint i, BedNote *note)
{
  g_autofree char *text = addendum_of (i);
  g_autoptr (GError) error = NULL;

  bed_record_store_sign_note (record->store, note, "Dr Amara Okafor", &error);
  g_assert_no_error (error);
  if (i % AN_ADDENDUM == 0)
    bed_record_store_add_addendum (record->store, note, "Dr Amara Okafor", "late", text, NULL,
                                   &error);
  g_assert_no_error (error);
}

static void
add_patient (SoakRecord *record, guint i)
{
  g_autofree char *name = g_strdup_printf ("Patient %02u", i);
  g_autoptr (BedPatient) patient = bed_patient_new (name);

  g_assert_true (bed_record_store_save_patient (record->store, patient, NULL));
  g_assert_cmpint (bed_patient_get_id (patient), ==, i + 1);
}

/* Notes and encounters are numbered from 1. */
static void
add_note (SoakRecord *record, guint i)
{
  g_autofree char *text = text_of (i);
  g_autoptr (BedEncounter) encounter = NULL;
  g_autoptr (BedNote) note = NULL;
  g_autoptr (GError) error = NULL;

  if (i % A_PATIENT == 0)
    add_patient (record, i / A_PATIENT);
  encounter = bed_record_store_start_encounter (record->store, i / A_PATIENT + 1, "A", NULL, NULL,
                                                NULL, &error);
  g_assert_no_error (error);
  g_assert_true (bed_record_store_end_encounter (record->store, encounter, &error));
  g_assert_cmpint (bed_encounter_get_id (encounter), ==, i + 1);
  note = bed_record_store_create_note (record->store, i + 1, "soap", &error);
  g_assert_no_error (error);
  g_assert_cmpint (bed_note_get_id (note), ==, i + 1);
  g_assert_true (bed_note_set_section (note, BED_NOTE_SUBJECTIVE, text));
  g_assert_true (bed_note_draft_flush (record->store, &error));
  add_belongings (record, i, i + 1);
  if (i < SIGNED)
    sign (record, i, note);
}

static void
wait_indexed (BedRecordStore *store)
{
  while (bed_record_store_is_indexing (store))
    g_main_context_iteration (NULL, TRUE);
}

static void
keep (Flips *self, guint i, const char *from)
{
  g_autofree char *path = g_build_filename (from, names[i], NULL);

  self->files[i].name = g_build_filename (self->dir, names[i], NULL);
  g_assert_true (g_file_get_contents (path, (char **) &self->files[i].bytes,
                                      &self->files[i].length, NULL));
}

/* As it lies there while in use: the last notes in the WAL, the others in the database. */
static void
set_up (Flips *self)
{
  g_autofree char *live = soak_make_folder ();
  SoakRecord record = { 0 };

  soak_make_vault (live, NULL);
  soak_record_open (&record, live);
  for (guint i = 0; i < NOTES - IN_WAL; i++)
    add_note (&record, i);
  wait_indexed (record.store);
  g_assert_true (bed_db_checkpoint (bed_vault_get_db (record.vault), NULL));
  for (guint i = NOTES - IN_WAL; i < NOTES; i++)
    add_note (&record, i);
  wait_indexed (record.store);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    keep (self, i, live);
  g_assert_cmpuint (self->files[2].length, >, 4096);
  soak_record_close (&record);
  fixture_remove (live);
}

static void
lay_out (Flips *self)
{
  fixture_remove (self->dir);
  g_assert_cmpint (g_mkdir (self->dir, 0700), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_true (g_file_set_contents_full (self->files[i].name, (char *) self->files[i].bytes,
                                             (gssize) self->files[i].length,
                                             G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

/* --- Reading it as the app does ------------------------------------------------------------------ */

/* Of something that is not there: a read that failed, or one that found nothing. */
static void
lack (Look *look, const GError *error)
{
  if (error != NULL && !g_error_matches (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_FOUND))
    look->failed = TRUE;
  else
    look->missing++;
}

static void
on_unread (BedRecordStore *store, const GError *error, Look *look)
{
  look->failed = TRUE;
}

static void
look_at_patients (Look *look)
{
  g_autoptr (GListModel) patients = bed_record_store_list_patients (look->store);
  guint n = g_list_model_get_n_items (patients);

  if (n < NOTES / A_PATIENT)
    look->missing++;
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strdup_printf ("Patient %02u", i);
      g_autoptr (BedPatient) patient = g_list_model_get_item (patients, i);

      /* What cannot be read of a list is empty, and "unread" is told. */
      if (*bed_patient_get_name (patient) != '\0')
        g_assert_cmpstr (bed_patient_get_name (patient), ==, name);
      else
        look->missing++;
    }
}

static void
look_at_versions (Look *look, guint i)
{
  g_autofree char *text = text_of (i);
  g_autofree char *addendum = addendum_of (i);
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) versions = bed_record_store_list_versions (look->store, i + 1, &error);
  guint n = versions != NULL ? g_list_model_get_n_items (versions) : 0;
  BedNoteVerdict verdict;

  if (n < (i % AN_ADDENDUM == 0 ? 2u : 1u))
    lack (look, error);
  for (guint v = 0; v < n; v++)
    {
      g_autoptr (BedNoteVersion) version = g_list_model_get_item (versions, v);

      g_assert_cmpstr (bed_note_version_get_section (version, BED_NOTE_SUBJECTIVE), ==, text);
      g_assert_cmpstr (bed_note_version_get_text (version), ==, v == 0 ? "" : addendum);
    }
  if (!bed_record_store_verify_note (look->store, i + 1, &verdict, NULL, NULL)
      || verdict != BED_NOTE_VERDICT_INTACT)
    look->failed = TRUE;
}

static void
look_at_note (Look *look, guint i)
{
  g_autofree char *text = text_of (i);
  g_autoptr (GError) error = NULL;
  g_autoptr (BedNote) note = bed_record_store_get_note (look->store, i + 1, &error);

  if (note == NULL)
    {
      lack (look, error);
      return;
    }
  /* As it was made, before the first words were saved, or with them. */
  if (*bed_note_get_section (note, BED_NOTE_SUBJECTIVE) == '\0')
    look->missing++;
  else
    g_assert_cmpstr (bed_note_get_section (note, BED_NOTE_SUBJECTIVE), ==, text);
  if (i < SIGNED)
    look_at_versions (look, i);
}

static void
look_at_attachment (Look *look, guint i)
{
  g_autoptr (GListModel) list = bed_record_store_list_attachments (look->store, i + 1);
  g_autoptr (BedAttachment) attachment = g_list_model_get_item (list, 0);
  g_autoptr (GBytes) expected = attachment_of (i);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  if (attachment == NULL)
    {
      look->missing++;
      return;
    }
  bytes = bed_record_store_read_attachment (look->store, bed_attachment_get_id (attachment),
                                            &error);
  if (bytes == NULL)
    lack (look, error);
  else
    g_assert_true (g_bytes_equal (bytes, expected));
}

static void
take_message (gint64 real_us, gboolean from_patient, const char *text, gpointer user_data)
{
  g_string_append (user_data, text);
}

static void
look_at_chat (Look *look, guint i)
{
  g_autoptr (GString) found = g_string_new (NULL);
  g_autofree char *word = word_of (i);
  g_autoptr (GError) error = NULL;

  if (!bed_record_store_each_chat (look->store, i + 1, take_message, found, &error)
      || found->len == 0)
    lack (look, error);
  else
    g_assert_cmpstr (found->str, ==, word);
}

static void
look_for (Look *look, guint i)
{
  g_autofree char *word = word_of (i);
  const BedSearchQuery query = { .text = word, .state = -1 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GListModel) hits = bed_record_store_search (look->store, &query, &error);
  g_autoptr (BedSearchHit) hit = hits != NULL ? g_list_model_get_item (hits, 0) : NULL;

  /* A hit that cannot be read is empty, and "unread" is told. */
  if (hit == NULL || bed_search_hit_get_note_id (hit) == 0)
    lack (look, error);
  else
    g_assert_cmpint (bed_search_hit_get_note_id (hit), ==, i + 1);
}

/* How long it has to be is told by the counter. */
static void
look_at_trail (Look *look)
{
  BedAuditVerdict verdict;
  guint64 position;

  if (!bed_audit_log_verify (bed_record_store_get_audit (look->store), NULL, &verdict, &position,
                             NULL)
      || verdict != BED_AUDIT_INTACT)
    look->failed = TRUE;
}

static void
look_at_all (Look *look)
{
  look_at_patients (look);
  look_at_trail (look);
  for (guint i = 0; i < NOTES; i++)
    {
      look_at_note (look, i);
      if (i % AN_ATTACHMENT == 0)
        look_at_attachment (look, i);
      if (i % A_MESSAGE == 0)
        look_at_chat (look, i);
      look_for (look, i);
    }
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* Nothing but what a clinician has before them: no check of all pages, which the app makes in
 * backups alone. */
static void
judge (Flips *self, BedVault *vault, Look *look)
{
  if (look->failed)
    self->noticed++;
  else if (look->missing > 0)
    {
      g_assert_cmpint (bed_vault_get_freshness (vault), ==, BED_VAULT_FRESH_ROLLED_BACK);
      self->by_counter++;
    }
  else
    self->harmless++;
}

static void
look (Flips *self)
{
  g_autoptr (BedClock) clock = bed_manual_clock_new (0, G_GINT64_CONSTANT (1750000001000000));
  g_autoptr (SoakVault) vault = bed_vault_new (self->dir, clock, &cheap);
  g_autoptr (GError) error = NULL;
  Look look = { 0 };

  if (fixture_try_unlock (vault, PASSPHRASE, &error))
    look.store = bed_record_store_open (vault, clock, "dr-1", &error);
  if (look.store == NULL)
    {
      g_assert_nonnull (error);
      self->refused++;
      return;
    }
  g_signal_connect (look.store, "unread", G_CALLBACK (on_unread), &look);
  look_at_all (&look);
  judge (self, vault, &look);
  g_signal_handlers_disconnect_by_data (look.store, &look);
  bed_vault_lock (vault);
  g_object_unref (look.store);
}

static void
flip (Flips *self, Kept *file)
{
  guint32 bit = (guint32) g_rand_int_range (self->rand, 0, (gint32) (file->length * 8));

  file->bytes[bit / 8] ^= (guint8) (1 << (bit % 8));
  lay_out (self);
  file->bytes[bit / 8] ^= (guint8) (1 << (bit % 8));
  look (self);
}

int
main (int argc, char **argv)
{
  guint count = soak_count (argc, argv, 10000);
  guint32 seed = (guint32) g_get_real_time ();
  guint harmless;
  Flips self = { .dir = soak_make_folder (), .rand = g_rand_new_with_seed (seed) };

  g_print ("flips: seed %u\n", seed);
  soak_hush ();
  set_up (&self);
  lay_out (&self);
  look (&self);
  g_assert_cmpuint (self.harmless, ==, 1);
  self.harmless = 0;
  for (guint i = 0; i < count; i++)
    flip (&self, &self.files[i % 2 + 1]);
  harmless = self.harmless;
  g_print ("flips: %u flips in the database (%" G_GSIZE_FORMAT " bytes) and the WAL (%"
           G_GSIZE_FORMAT " bytes): %u refused, %u noticed in reading, %u by the counter, %u in "
           "bytes that hold nothing; no wrong content, nothing lost unsaid\n",
           count, self.files[1].length, self.files[2].length, self.refused, self.noticed,
           self.by_counter, harmless);
  self.refused = self.noticed = self.by_counter = self.harmless = 0;
  for (guint i = 0; i < count / 10; i++)
    flip (&self, &self.files[0]);
  g_print ("flips: %u flips in the key file: %u refused, %u harmless\n", count / 10, self.refused,
           self.harmless);
  g_assert_cmpuint (self.refused + self.harmless, ==, count / 10);
  fixture_remove (self.dir);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_free (self.files[i].name);
      g_free (self.files[i].bytes);
    }
  g_free (self.dir);
  g_rand_free (self.rand);
  return 0;
}
