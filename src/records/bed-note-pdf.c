/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-note-pdf.h"

#include "bed-export-file.h"
#include "bed-note-pages.h"

#include <cairo-pdf.h>

static cairo_status_t
collect (void *closure, const unsigned char *data, unsigned int length)
{
  g_byte_array_append (closure, data, length);
  return CAIRO_STATUS_SUCCESS;
}

static void
set_metadata (cairo_surface_t *surface, const BedHandover *note, const BedHandoverWords *words)
{
  g_autoptr (GDateTime) made = g_date_time_new_from_unix_utc (note->made_us / G_USEC_PER_SEC);
  g_autofree char *date = made != NULL ? g_date_time_format (made, "%Y-%m-%dT%H:%M:%SZ") : NULL;

  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_TITLE,
                                  words->words[BED_WORD_TITLE]);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATOR, "Bedside");
  if (date == NULL)
    return;
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_CREATE_DATE, date);
  cairo_pdf_surface_set_metadata (surface, CAIRO_PDF_METADATA_MOD_DATE, date);
}

static void
draw (cairo_t *cr, const BedHandover *note, const BedHandoverWords *words, BedPaper paper)
{
  g_autoptr (BedNotePages) pages = bed_note_pages_new (note, words, paper, cr);

  for (guint page = 0; page < bed_note_pages_get_n (pages); page++)
    {
      bed_note_pages_draw (pages, page, cr);
      cairo_show_page (cr);
    }
}

GBytes *
bed_note_pdf_new (const BedHandover *note, const BedHandoverWords *words, BedPaper paper,
                  GError **error)
{
  g_autoptr (GByteArray) out = g_byte_array_new ();
  double width, height;
  cairo_surface_t *surface;
  cairo_status_t status;
  cairo_t *cr;

  bed_paper_get_size (paper, &width, &height);
  surface = cairo_pdf_surface_create_for_stream (collect, out, width, height);
  cairo_pdf_surface_restrict_to_version (surface, CAIRO_PDF_VERSION_1_5);
  set_metadata (surface, note, words);
  cr = cairo_create (surface);
  draw (cr, note, words, paper);
  cairo_surface_finish (surface);
  status = cairo_status (cr);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    return g_byte_array_free_to_bytes (g_steal_pointer (&out));
  g_set_error_literal (error, BED_EXPORT_ERROR, BED_EXPORT_ERROR_RENDER,
                       cairo_status_to_string (status));
  return NULL;
}
