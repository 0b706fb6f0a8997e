/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-note-export.h"

#include "bed-fhir-bundle.h"
#include "bed-note-text.h"
#include "bed-record-acts-private.h"

#include <string.h>

static const struct
{
  const char *media_type;
  const char *suffix;
} formats[] = {
  [BED_EXPORT_PDF] = { "application/pdf", "pdf" },
  [BED_EXPORT_TEXT] = { "text/plain; charset=utf-8", "txt" },
  [BED_EXPORT_FHIR] = { "application/fhir+json", "json" },
  [BED_EXPORT_DOCUMENT_REFERENCE] = { "application/fhir+json", "json" },
};

const char *
bed_export_format_get_media_type (BedExportFormat format)
{
  g_return_val_if_fail ((guint) format < G_N_ELEMENTS (formats), NULL);
  return formats[format].media_type;
}

char *
bed_export_format_suggest_name (BedExportFormat format, const BedHandoverWords *words,
                                gint64 real_us)
{
  BedHandoverWords plain = *words;
  g_autofree char *date = NULL;

  g_return_val_if_fail ((guint) format < G_N_ELEMENTS (formats), NULL);
  plain.words[BED_WORD_DATE_FORMAT] = "%Y-%m-%d";
  date = bed_handover_time (&plain, BED_WORD_DATE_FORMAT, real_us);
  return g_strdup_printf ("note-%s.%s", date, formats[format].suffix);
}

static GBytes *
take_text (char *text)
{
  return g_bytes_new_take (text, strlen (text));
}

static GBytes *
render (const BedHandover *note, BedExportFormat format, BedPaper paper,
        const BedHandoverWords *words, GError **error)
{
  g_autoptr (GBytes) pdf = NULL;

  switch (format)
    {
    case BED_EXPORT_TEXT:
      return take_text (bed_note_text_new (note, words, BED_NOTE_TEXT_COLUMNS));
    case BED_EXPORT_FHIR:
      return take_text (bed_fhir_bundle_new (note, words));
    case BED_EXPORT_DOCUMENT_REFERENCE:
      pdf = bed_note_pdf_new (note, words, paper, error);
      return pdf != NULL ? take_text (bed_fhir_document_reference_new (note, words, pdf)) : NULL;
    case BED_EXPORT_PDF:
    default:
      return bed_note_pdf_new (note, words, paper, error);
    }
}

static GBytes *
load_and_render (BedRecordStore *store, gint64 note_id, BedExportFormat format, BedPaper paper,
                 const BedHandoverOptions *options, char **uuid, GError **error)
{
  g_autoptr (BedHandover) note = bed_handover_load (store, note_id, options, error);

  if (note == NULL)
    return NULL;
  *uuid = g_strdup (note->uuid);
  return render (note, format, paper, options->words, error);
}

GBytes *
bed_note_export_render (BedRecordStore *store, gint64 note_id, BedExportFormat format,
                        BedPaper paper, const BedHandoverOptions *options, GError **error)
{
  g_autofree char *uuid = NULL;
  g_autoptr (GBytes) bytes
      = load_and_render (store, note_id, format, paper, options, &uuid, error);

  if (bytes == NULL || !bed_record_audit_append (store, BED_AUDIT_EXPORTED, uuid, error))
    return NULL;
  return g_steal_pointer (&bytes);
}

gboolean
bed_note_export_save (BedRecordStore *store, gint64 note_id, BedExportFormat format, BedPaper paper,
                      const BedHandoverOptions *options, const char *path, GError **error)
{
  g_autofree char *uuid = NULL;
  g_autoptr (GBytes) bytes
      = load_and_render (store, note_id, format, paper, options, &uuid, error);

  return bytes != NULL
         && bed_record_hand_over (store, BED_AUDIT_EXPORTED, uuid, path,
                                  g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), error);
}
