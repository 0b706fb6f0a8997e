/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-export-pack-private.h"

#include "bed-export-tar-private.h"
#include "bed-fhir-bundle.h"
#include "bed-note-text.h"

#include <json-glib/json-glib.h>
#include <string.h>

struct _BedExportPack
{
  BedExportFile *file;     /* owned */
  BedSealWriter *seal;     /* owned */
  const BedHandoverWords *words; /* borrowed */
  BedPaper paper;
  char *patient;           /* owned; uuid of the patient whose folder is open, or NULL */
  GString *patient_sums;   /* owned */
  GString *sums;           /* owned; of the whole */
  JsonBuilder *manifest;   /* owned */
  gint64 made_us;
  guint n_files;
};

BedExportPack *
bed_export_pack_new (const char *path, const BedSecret *passphrase, BedSealCost cost,
                     const BedHandoverWords *words, BedPaper paper, GError **error)
{
  g_autoptr (BedExportPack) self = g_new0 (BedExportPack, 1);

  self->words = words;
  self->paper = paper;
  self->patient_sums = g_string_new (NULL);
  self->sums = g_string_new (NULL);
  self->manifest = json_builder_new ();
  json_builder_begin_object (self->manifest);
  json_builder_set_member_name (self->manifest, "format");
  json_builder_add_string_value (self->manifest, "bedside-export");
  json_builder_set_member_name (self->manifest, "version");
  json_builder_add_int_value (self->manifest, 1);
  json_builder_set_member_name (self->manifest, "notes");
  json_builder_begin_array (self->manifest);
  self->file = bed_export_file_open (path, error);
  if (self->file == NULL)
    return NULL;
  self->seal = bed_seal_writer_new (self->file, passphrase, cost, error);
  return self->seal != NULL ? g_steal_pointer (&self) : NULL;
}

void
bed_export_pack_free (BedExportPack *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->seal, bed_seal_writer_free);
  g_clear_pointer (&self->file, bed_export_file_free);
  g_string_free (self->patient_sums, TRUE);
  g_string_free (self->sums, TRUE);
  g_clear_object (&self->manifest);
  g_free (self->patient);
  g_free (self);
}

/* sums: where its line goes, with the name as it is seen from there. */
static gboolean
add_file (BedExportPack *self, const char *folder, const char *name, GString *sums, gint64 real_us,
          const void *data, gsize length, GError **error)
{
  static const guint8 zeros[BED_TAR_BLOCK];
  g_autofree char *path = g_strconcat (folder, name, NULL);
  g_autofree char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA256, data, length);
  guint8 header[BED_TAR_BLOCK];

  if (length > BED_TAR_FILE_MAX)
    {
      g_set_error_literal (error, BED_EXPORT_ERROR, BED_EXPORT_ERROR_RENDER, "A file is too large");
      return FALSE;
    }
  bed_tar_header (header, path, length, real_us);
  if (sums != NULL)
    g_string_append_printf (sums, "%s  %s\n", sum, name);
  self->n_files++;
  return bed_seal_writer_write (self->seal, header, sizeof header, error)
         && bed_seal_writer_write (self->seal, data, length, error)
         && bed_seal_writer_write (self->seal, zeros, bed_tar_padding (length), error);
}

/* The list of a patient's files closes the folder; the whole's list names that list. */
static gboolean
close_patient (BedExportPack *self, GError **error)
{
  g_autofree char *folder = NULL;
  g_autofree char *list = NULL;
  g_autofree char *sum = NULL;
  gboolean ok;

  if (self->patient == NULL)
    return TRUE;
  folder = g_strdup_printf ("patients/%s/", self->patient);
  list = g_strdup_printf ("%sSHA256SUMS", folder);
  sum = g_compute_checksum_for_string (G_CHECKSUM_SHA256, self->patient_sums->str, -1);
  ok = add_file (self, folder, "SHA256SUMS", NULL, self->made_us, self->patient_sums->str,
                 self->patient_sums->len, error);
  g_string_append_printf (self->sums, "%s  %s\n", sum, list);
  g_string_truncate (self->patient_sums, 0);
  g_clear_pointer (&self->patient, g_free);
  return ok;
}

static void
describe (BedExportPack *self, const BedHandover *note, const char *folder)
{
  static const char *const states[] = { "draft", "signed", "amended" };
  g_autoptr (GDateTime) started
      = g_date_time_new_from_unix_utc (note->encounter.started_us / G_USEC_PER_SEC);
  g_autofree char *time = g_date_time_format_iso8601 (started);
  const char *const pairs[][2] = {
    { "folder", folder },
    { "patient", note->patient.name },
    { "birthDate", note->patient.birth_date },
    { "started", time },
    { "state", states[MIN ((guint) note->state, 2)] },
  };

  json_builder_begin_object (self->manifest);
  for (guint i = 0; i < G_N_ELEMENTS (pairs); i++)
    {
      json_builder_set_member_name (self->manifest, pairs[i][0]);
      json_builder_add_string_value (self->manifest, pairs[i][1]);
    }
  json_builder_end_object (self->manifest);
}

/* An id of the record is part of a path: only if it is one. */
static char *
path_part (const char *uuid)
{
  return g_uuid_string_is_valid (uuid) ? g_ascii_strdown (uuid, -1)
                                       : bed_handover_derive_uuid ("folder", uuid);
}

static gboolean
add_note (BedExportPack *self, const BedHandover *note, const char *folder, const char *part,
          GError **error)
{
  g_autoptr (GBytes) pdf = bed_note_pdf_new (note, self->words, self->paper, error);
  g_autofree char *text = bed_note_text_new (note, self->words, BED_NOTE_TEXT_COLUMNS);
  g_autofree char *bundle = bed_fhir_bundle_new (note, self->words);
  g_autofree char *pdf_name = g_strconcat (part, "/note.pdf", NULL);
  g_autofree char *text_name = g_strconcat (part, "/note.txt", NULL);
  g_autofree char *bundle_name = g_strconcat (part, "/note.fhir.json", NULL);
  gboolean ok
      = pdf != NULL
        && add_file (self, folder, pdf_name, self->patient_sums, note->updated_us,
                     g_bytes_get_data (pdf, NULL), g_bytes_get_size (pdf), error)
        && add_file (self, folder, text_name, self->patient_sums, note->updated_us, text,
                     strlen (text), error)
        && add_file (self, folder, bundle_name, self->patient_sums, note->updated_us, bundle,
                     strlen (bundle), error);

  bed_secret_wipe (text, strlen (text));
  bed_secret_wipe (bundle, strlen (bundle));
  return ok;
}

gboolean
bed_export_pack_add (BedExportPack *self, const BedHandover *note, GError **error)
{
  g_autofree char *patient = path_part (note->patient.uuid);
  g_autofree char *part = path_part (note->uuid);
  g_autofree char *folder = g_strdup_printf ("patients/%s/", patient);
  g_autofree char *place = g_strconcat (folder, part, NULL);

  if (g_strcmp0 (self->patient, patient) != 0)
    {
      if (!close_patient (self, error))
        return FALSE;
      self->patient = g_strdup (patient);
    }
  self->made_us = note->made_us;
  describe (self, note, place);
  return add_note (self, note, folder, part, error);
}

static gboolean
add_manifest (BedExportPack *self, gint64 made_us, GError **error)
{
  g_autoptr (GDateTime) made = g_date_time_new_from_unix_utc (made_us / G_USEC_PER_SEC);
  g_autofree char *time = g_date_time_format_iso8601 (made);
  g_autoptr (JsonGenerator) generator = json_generator_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autofree char *text = NULL;

  json_builder_end_array (self->manifest);
  json_builder_set_member_name (self->manifest, "made");
  json_builder_add_string_value (self->manifest, time);
  json_builder_set_member_name (self->manifest, "files");
  json_builder_add_int_value (self->manifest, self->n_files);
  json_builder_end_object (self->manifest);
  root = json_builder_get_root (self->manifest);
  json_generator_set_root (generator, root);
  json_generator_set_pretty (generator, TRUE);
  text = json_generator_to_data (generator, NULL);
  return add_file (self, "", "manifest.json", self->sums, made_us, text, strlen (text), error);
}

static gboolean
end_archive (BedExportPack *self, gint64 made_us, GError **error)
{
  static const guint8 zeros[2 * BED_TAR_BLOCK];

  return close_patient (self, error) && add_manifest (self, made_us, error)
         && add_file (self, "", "SHA256SUMS", NULL, made_us, self->sums->str, self->sums->len,
                      error)
         && bed_seal_writer_write (self->seal, zeros, sizeof zeros, error)
         && bed_seal_writer_end (self->seal, error) && bed_export_file_sync (self->file, error);
}

static gboolean
read_back (BedExportPack *self, const BedSecret *passphrase, GCancellable *cancellable,
           GError **error)
{
  g_autoptr (GFile) file
      = g_file_new_for_path (bed_export_file_get_working_path (self->file));
  g_autoptr (GError) inner = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, &inner);

  if (stream == NULL)
    {
      g_set_error_literal (error, BED_EXPORT_ERROR, BED_EXPORT_ERROR_IO, "It cannot be read back");
      return FALSE;
    }
  return bed_record_export_read (G_INPUT_STREAM (stream), (BedSecret *) passphrase, NULL, NULL,
                                 NULL, cancellable, error);
}

gboolean
bed_export_pack_end (BedExportPack *self, const BedSecret *passphrase, gint64 made_us,
                     GCancellable *cancellable, GError **error)
{
  return end_archive (self, made_us, error) && read_back (self, passphrase, cancellable, error);
}

gboolean
bed_export_pack_commit (BedExportPack *self, GError **error)
{
  return bed_export_file_commit (self->file, error);
}
