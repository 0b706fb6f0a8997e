/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-notes-page.h"
#include "bed-record-fixture.h"
#include "bed-ui.h"

#define PATIENCE_US (60 * G_USEC_PER_SEC)

/* Returns: (nullable): the first of the type below whose label, if it is a label, begins so. */
static GtkWidget *
find (GtkWidget *widget, GType type, const char *label)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type)
      && (label == NULL || g_str_has_prefix (gtk_label_get_label (GTK_LABEL (widget)), label)))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type, label);
      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
pulse_beat (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

static void
search (BedNotesPage *page, const char *words, gboolean told)
{
  GtkWidget *many = NULL;
  gint64 end = g_get_monotonic_time () + PATIENCE_US;

  gtk_editable_set_text (GTK_EDITABLE (find (GTK_WIDGET (page), GTK_TYPE_TEXT, NULL)), words);
  do
    {
      g_main_context_iteration (NULL, TRUE);
      many = find (GTK_WIDGET (page), GTK_TYPE_LABEL, "The newest 200 are shown.");
    }
  while ((many == NULL || gtk_widget_get_visible (many) != told) && g_get_monotonic_time () < end);
  g_assert_nonnull (many);
  g_assert_cmpint (gtk_widget_get_visible (many), ==, told);
}

/* A search that leaves older notes out says so. */
static void
test_many (Record *r, gconstpointer data)
{
  GtkWidget *window = gtk_window_new ();
  BedNotesPage *page = g_object_new (BED_TYPE_NOTES_PAGE, NULL);
  guint pulse;

  for (guint i = 0; i <= BED_SEARCH_LIMIT; i++)
    {
      g_autoptr (BedEncounter) encounter = record_add_encounter (r, 0);
      g_object_unref (record_add_note (r, bed_encounter_get_id (encounter),
                                       i == 0 ? "cough and fever" : "cough"));
    }
  record_wait_indexed (r);
  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (page));
  gtk_window_present (GTK_WINDOW (window));
  bed_notes_page_set_store (page, r->store, r->base.clock);
  pulse = g_timeout_add (50, pulse_beat, NULL);
  search (page, "cough", TRUE);
  search (page, "fever", FALSE);
  search (page, "cough", TRUE);
  search (page, "", FALSE);
  g_source_remove (pulse);
  bed_notes_page_set_store (page, NULL, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  bed_ui_init ();
  g_test_add ("/ui/notes-page/many", Record, NULL, record_set_up, test_many, record_tear_down);
  return g_test_run ();
}
