/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-found-marks.h"
#include "bed-note-paper.h"
#include "bed-ui.h"

/* The marked parts, with a bar between. */
static char *
dup_marked (GtkTextBuffer *buffer, GtkTextTag *tag)
{
  GString *marked = g_string_new (NULL);
  GtkTextIter start, end;

  gtk_text_buffer_get_start_iter (buffer, &start);
  while (gtk_text_iter_starts_tag (&start, tag)
         || (gtk_text_iter_forward_to_tag_toggle (&start, tag)
             && gtk_text_iter_starts_tag (&start, tag)))
    {
      g_autofree char *part = NULL;

      end = start;
      gtk_text_iter_forward_to_tag_toggle (&end, tag);
      part = gtk_text_iter_get_text (&start, &end);
      g_string_append_printf (marked, "%s%s", marked->len > 0 ? "|" : "", part);
      start = end;
    }
  return g_string_free (marked, FALSE);
}

static void
expect (const char *text, const char *words, guint n, const char *expected)
{
  g_autoptr (GtkTextBuffer) buffer = gtk_text_buffer_new (NULL);
  GtkTextTag *tag = bed_found_marks_tag_new (buffer);
  g_autofree char *marked = NULL;

  gtk_text_buffer_set_text (buffer, text, -1);
  bed_found_marks_buffer (buffer, tag, "a d t"); /* what was marked before is marked no more */
  g_assert_cmpuint (bed_found_marks_buffer (buffer, tag, words), ==, n);
  marked = dup_marked (buffer, tag);
  g_assert_cmpstr (marked, ==, expected);
}

/* Words are found from their beginning, without case and diacritics. */
static void
test_buffer (void)
{
  expect ("Über die Treppe: übel.", "ub", 2, "Über|übel");
  expect ("Naïve dose; dosage.", "DOS naive", 3, "Naïve|dose|dosage");
  expect ("A text.", "", 0, "");
  expect ("A text.", NULL, 0, "");
  expect ("", "text", 0, "");
}

static guint
count_attributes (GtkLabel *label)
{
  PangoAttrList *list = gtk_label_get_attributes (label);
  GSList *all = list != NULL ? pango_attr_list_get_attributes (list) : NULL;
  guint n = g_slist_length (all);

  g_slist_free_full (all, (GDestroyNotify) pango_attribute_destroy);
  return n;
}

static void
test_label (void)
{
  g_autoptr (GtkLabel) label = g_object_ref_sink (GTK_LABEL (gtk_label_new ("Fièvre, fievre")));

  g_assert_cmpuint (bed_found_marks_label (label, "fiev"), ==, 2);
  g_assert_cmpuint (count_attributes (label), ==, 8);
  g_assert_cmpuint (bed_found_marks_label (label, NULL), ==, 0);
  g_assert_cmpuint (count_attributes (label), ==, 0);
}

/* An addendum that comes while words are marked is marked too; a cleared paper counts no more. */
static void
test_paper (void)
{
  g_autoptr (BedNotePaper) paper
      = g_object_ref_sink (g_object_new (BED_TYPE_NOTE_PAPER, NULL));

  bed_note_paper_add_section (paper, "Plan", "Iron by mouth.");
  bed_note_paper_add_section (paper, "Objective", "");
  g_assert_cmpuint (bed_note_paper_show_found (paper, "iron"), ==, 1);
  bed_note_paper_add_addendum (paper, 1, "A", "10:00", "Asked", "No more iron, ironically.", FALSE);
  g_assert_cmpuint (bed_note_paper_show_found (paper, "iron"), ==, 3);
  g_assert_cmpuint (bed_note_paper_show_found (paper, NULL), ==, 0);
  bed_note_paper_clear (paper);
  g_assert_cmpuint (bed_note_paper_show_found (paper, "iron"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  bed_ui_init ();
  g_test_add_func ("/ui/found-marks/buffer", test_buffer);
  g_test_add_func ("/ui/found-marks/label", test_label);
  g_test_add_func ("/ui/found-marks/paper", test_paper);
  return g_test_run ();
}
