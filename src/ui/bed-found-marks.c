/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-found-marks.h"

#include "bed-record-store.h"

/* Amber with much light through it: what is written stays readable on a light and a dark ground. */
static const GdkRGBA ground = { 1, .75f, .2f, .35f };

static guint16
channel (float value)
{
  return (guint16) (value * G_MAXUINT16);
}

void
bed_found_marks_add (PangoAttrList *attributes, const BedTextRange *range)
{
  PangoAttribute *all[]
      = { pango_attr_weight_new (PANGO_WEIGHT_BOLD),
          pango_attr_underline_new (PANGO_UNDERLINE_SINGLE),
          pango_attr_background_new (channel (ground.red), channel (ground.green),
                                     channel (ground.blue)),
          pango_attr_background_alpha_new (channel (ground.alpha)) };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      all[i]->start_index = range->start;
      all[i]->end_index = range->end;
      pango_attr_list_insert (attributes, all[i]);
    }
}

guint
bed_found_marks_label (GtkLabel *label, const char *words)
{
  g_autoptr (GArray) ranges = NULL;
  g_autoptr (PangoAttrList) attributes = NULL;

  if (words != NULL)
    ranges = bed_search_highlight (words, gtk_label_get_label (label));
  if (ranges != NULL)
    attributes = pango_attr_list_new ();
  for (guint i = 0; ranges != NULL && i < ranges->len; i++)
    bed_found_marks_add (attributes, &g_array_index (ranges, BedTextRange, i));
  gtk_label_set_attributes (label, attributes);
  return ranges != NULL ? ranges->len : 0;
}

/* The place of a byte of the buffer's whole text. */
static void
get_place (GtkTextBuffer *buffer, const char *text, guint byte, GtkTextIter *place)
{
  gtk_text_buffer_get_iter_at_offset (buffer, place,
                                      (int) g_utf8_pointer_to_offset (text, text + byte));
}

guint
bed_found_marks_buffer (GtkTextBuffer *buffer, GtkTextTag *tag, const char *words)
{
  g_autoptr (GArray) ranges = NULL;
  g_autofree char *text = NULL;
  GtkTextIter start, end;

  gtk_text_buffer_get_bounds (buffer, &start, &end);
  gtk_text_buffer_remove_tag (buffer, tag, &start, &end);
  if (words == NULL)
    return 0;
  text = gtk_text_buffer_get_slice (buffer, &start, &end, TRUE);
  ranges = bed_search_highlight (words, text);
  for (guint i = 0; i < ranges->len; i++)
    {
      const BedTextRange *range = &g_array_index (ranges, BedTextRange, i);

      get_place (buffer, text, range->start, &start);
      get_place (buffer, text, range->end, &end);
      gtk_text_buffer_apply_tag (buffer, tag, &start, &end);
    }
  return ranges->len;
}

GtkTextTag *
bed_found_marks_tag_new (GtkTextBuffer *buffer)
{
  return gtk_text_buffer_create_tag (buffer, NULL, "weight", PANGO_WEIGHT_BOLD, "underline",
                                     PANGO_UNDERLINE_SINGLE, "background-rgba", &ground, NULL);
}
