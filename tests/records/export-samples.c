/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export-samples FOLDER: every sample as PDF (A4 and Letter), text, FHIR document and
 * DocumentReference, and all of them in one encrypted file ("seven small boats"), for
 * check-exports.py and for eyes. */
#include "export-fixture.h"

#include "bed-export-pack-private.h"
#include "bed-fhir-bundle.h"
#include "bed-note-pdf.h"
#include "bed-note-text.h"

#include <string.h>

static void
save (const char *folder, const char *name, const char *suffix, const void *data, gsize length)
{
  g_autofree char *file = g_strconcat (name, suffix, NULL);
  g_autofree char *path = g_build_filename (folder, file, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, data, length, &error);
  g_assert_no_error (error);
}

static GBytes *
save_pdf (const ExportSample *sample, const BedHandover *note, BedPaper paper, const char *folder,
          const char *suffix)
{
  g_autoptr (GError) error = NULL;
  GBytes *pdf = bed_note_pdf_new (note, sample->words, paper, &error);

  g_assert_no_error (error);
  save (folder, sample->name, suffix, g_bytes_get_data (pdf, NULL), g_bytes_get_size (pdf));
  return pdf;
}

static void
save_sample (const ExportSample *sample, const char *folder)
{
  g_autoptr (BedHandover) note = sample->make ();
  g_autoptr (GBytes) a4 = save_pdf (sample, note, BED_PAPER_A4, folder, ".pdf");
  g_autoptr (GBytes) letter = save_pdf (sample, note, BED_PAPER_LETTER, folder, "-letter.pdf");
  g_autofree char *text = bed_note_text_new (note, sample->words, BED_NOTE_TEXT_COLUMNS);
  g_autofree char *bundle = bed_fhir_bundle_new (note, sample->words);
  g_autofree char *again = bed_fhir_bundle_new (note, sample->words);
  g_autofree char *reference = bed_fhir_document_reference_new (note, sample->words, a4);

  g_assert_cmpstr (bundle, ==, again);
  save (folder, sample->name, ".txt", text, strlen (text));
  save (folder, sample->name, ".json", bundle, strlen (bundle));
  save (folder, sample->name, "-reference.json", reference, strlen (reference));
}

/* At the least cost, so that a test need not wait. */
static void
save_all (const char *folder)
{
  static const char words[] = "seven small boats";
  const BedSealCost cost = { .passes = 1, .memory_kib = 8 };
  g_autofree char *path = g_build_filename (folder, "all.bedside", NULL);
  g_autoptr (BedSecret) passphrase = bed_secret_new (words, strlen (words));
  g_autoptr (GError) error = NULL;
  g_autoptr (BedExportPack) pack = bed_export_pack_new (path, passphrase, cost, &export_words_english,
                                                        BED_PAPER_A4, &error);

  g_assert_no_error (error);
  for (guint i = 0; i < n_export_samples; i++)
    {
      g_autoptr (BedHandover) note = export_samples[i].make ();
      g_autofree char *uuid = bed_handover_derive_uuid ("sample", export_samples[i].name);

      bed_handover_set (&note->uuid, uuid);
      g_assert_true (bed_export_pack_add (pack, note, &error));
    }
  g_assert_true (bed_export_pack_end (pack, passphrase, G_USEC_PER_SEC, NULL, &error));
  g_assert_true (bed_export_pack_commit (pack, &error));
}

int
main (int argc, char **argv)
{
  if (argc != 2)
    return 2;
  for (guint i = 0; i < n_export_samples; i++)
    save_sample (&export_samples[i], argv[1]);
  save_all (argv[1]);
  return 0;
}
