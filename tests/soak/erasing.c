/* SPDX-License-Identifier: GPL-3.0-or-later */
/* erasing [MB]: somebody types while what was erased is being written over, in a record of that size;
 * how long a save waits at most, and how long it takes in all. */
#include "soak-record.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "bed-attachment.h"
#include "bed-db.h"
#include "bed-retention.h"

#define FILE_MAX (8 * 1024 * 1024)
/* What a person may lose who types when the power fails. */
#define WAIT_MAX_US (2 * G_USEC_PER_SEC)
/* Words come for so long, one save each 300 ms; then there is a pause, in which the file can be written. */
#define TYPING_US (8 * G_USEC_PER_SEC)
#define SAVE_EVERY_MS 300

typedef struct
{
  SoakRecord record;
  BedNote *note;        /* owned */
  gint64 started_us, saving_us, longest_us;
  guint saves;
  gboolean saving;
  GAsyncResult *erased; /* owned, nullable */
} Erasing;

static BedEncounter *
add_encounter (SoakRecord *record, const char *name, gint64 *patient_id)
{
  g_autoptr (BedPatient) patient = bed_patient_new (name);
  g_autoptr (GError) error = NULL;
  BedEncounter *encounter;

  g_assert_true (bed_record_store_save_patient (record->store, patient, &error));
  encounter = bed_record_store_start_encounter (record->store, bed_patient_get_id (patient), name,
                                                NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  *patient_id = bed_patient_get_id (patient);
  return encounter;
}

static void
keep_file (SoakRecord *record, gint64 encounter, gsize length)
{
  guint8 *data = g_malloc (length);
  g_autoptr (GBytes) content = g_bytes_new_take (data, length);
  g_autoptr (BedAttachment) kept = NULL;
  g_autoptr (GError) error = NULL;

  for (gsize i = 0; i < length; i++)
    data[i] = (guint8) (i * 31 + (i >> 9));
  kept = bed_record_store_keep_attachment (record->store, encounter, 5, FALSE, "scan.pdf",
                                           "application/pdf", content, &error);
  g_assert_no_error (error);
}

/* Files of patients who stay, and a tenth of it of one who goes. */
static void
fill (SoakRecord *record, guint64 bytes)
{
  g_autoptr (BedEncounter) gone = NULL;
  guint64 of_one = MIN (bytes / 10, 4 * FILE_MAX);
  gint64 patient;

  for (guint64 done = 0; done + of_one < bytes; done += FILE_MAX)
    {
      g_autoptr (BedEncounter) stays = add_encounter (record, "Stays", &patient);

      keep_file (record, bed_encounter_get_id (stays), MIN (FILE_MAX, bytes - of_one - done));
    }
  gone = add_encounter (record, "Goes", &patient);
  for (guint64 done = 0; done < of_one; done += FILE_MAX)
    keep_file (record, bed_encounter_get_id (gone), MIN (FILE_MAX, of_one - done));
  g_assert_true (bed_record_store_delete_patient (record->store, patient, NULL));
}

static void
on_saved (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Erasing *self = user_data;
  gint64 waited = g_get_monotonic_time () - self->saving_us;
  g_autoptr (GError) error = NULL;

  bed_note_draft_save_finish (self->record.store, result, &error);
  g_assert_no_error (error);
  self->longest_us = MAX (self->longest_us, waited);
  self->saves++;
  self->saving = FALSE;
}

static gboolean
type (gpointer user_data)
{
  Erasing *self = user_data;
  g_autofree char *text = g_strdup_printf ("word %u", self->saves);

  if (self->saving)
    return G_SOURCE_CONTINUE;
  if (g_get_monotonic_time () - self->started_us > TYPING_US)
    return G_SOURCE_REMOVE;
  self->saving = TRUE;
  self->saving_us = g_get_monotonic_time ();
  bed_note_set_section (self->note, BED_NOTE_PLAN, text);
  bed_note_draft_save_async (self->record.store, self->note, NULL, on_saved, self);
  return G_SOURCE_CONTINUE;
}

static void
erase_while_typing (Erasing *self)
{
  g_autoptr (GListModel) deleted = bed_record_store_list_deleted (self->record.store, NULL);
  g_autoptr (GError) error = NULL;

  self->started_us = g_get_monotonic_time ();
  g_timeout_add (SAVE_EVERY_MS, type, self);
  bed_record_store_erase_async (self->record.store, deleted, NULL, fixture_keep_result,
                                &self->erased);
  g_assert_cmpuint (self->saves, ==, 0);
  type (self);
  while (self->erased == NULL || self->saving)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (bed_record_store_erase_finish (self->record.store, self->erased, &error));
  g_assert_no_error (error);
}

static double
seconds (gint64 us)
{
  return (double) us / G_USEC_PER_SEC;
}

static guint64
size_of (const char *dir)
{
  g_autofree char *path = g_build_filename (dir, "vault.db", NULL);
  GStatBuf st;

  g_assert_cmpint (g_stat (path, &st), ==, 0);
  return (guint64) st.st_size;
}

int
main (int argc, char **argv)
{
  guint mb = soak_count (argc, argv, 300);
  g_autofree char *dir = soak_make_folder ();
  g_autoptr (BedEncounter) encounter = NULL;
  Erasing self = { 0 };
  guint64 before;
  gint64 patient, began;
  g_autoptr (GError) error = NULL;

  soak_make_vault (dir, NULL);
  soak_record_open (&self.record, dir);
  fill (&self.record, (guint64) mb * 1000 * 1000);
  encounter = add_encounter (&self.record, "Types", &patient);
  self.note = bed_record_store_create_note (self.record.store, bed_encounter_get_id (encounter),
                                            "soap", &error);
  g_assert_no_error (error);
  g_assert_true (bed_note_draft_flush (self.record.store, &error));
  g_assert_true (bed_db_checkpoint (bed_vault_get_db (self.record.vault), NULL));
  before = size_of (dir);
  began = g_get_monotonic_time ();
  erase_while_typing (&self);
  g_print ("erasing: %.0f MB, %.0f MB after it, in %.1f s; %u saves, the longest %.0f ms\n",
           (double) before / 1e6, (double) size_of (dir) / 1e6,
           seconds (g_get_monotonic_time () - began), self.saves,
           seconds (self.longest_us) * 1000);
  g_assert_cmpint (self.longest_us, <, WAIT_MAX_US);
  g_assert_cmpuint (size_of (dir), <, before);
  g_clear_object (&self.erased);
  g_clear_object (&self.note);
  g_clear_object (&encounter);
  soak_record_assert_trail (&self.record);
  soak_record_close (&self.record);
  fixture_remove (dir);
  return 0;
}
