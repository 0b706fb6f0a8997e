/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-addendum-window.h"
#include "bed-ui.h"

/* Returns: (nullable): the first of the type below. */
static GtkWidget *
find (GtkWidget *widget, GType type)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (widget, type))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, type);
      if (found != NULL)
        return found;
    }
  return NULL;
}

/* What is hidden is not signed, and is not lost either. */
static void
test_hidden_corrections (void)
{
  const char *const corrected[] = { "Blood count in one week.", NULL };
  BedAddendumWindow *window = g_object_ref_sink (bed_addendum_window_new (NULL, "Dr Okafor"));
  GtkToggleButton *corrections;
  g_auto (GStrv) shown = NULL, hidden = NULL, kept = NULL, again = NULL;

  bed_addendum_window_add_section (window, "Plan", "Blood count in two weeks.");
  corrections = GTK_TOGGLE_BUTTON (find (adw_window_get_content (ADW_WINDOW (window)),
                                         GTK_TYPE_TOGGLE_BUTTON));
  bed_addendum_window_load (window, "A slip", "", corrected);
  shown = bed_addendum_window_dup_corrections (window);
  g_assert_cmpstrv (shown, corrected);
  gtk_toggle_button_set_active (corrections, FALSE);
  hidden = bed_addendum_window_dup_corrections (window);
  g_assert_null (hidden);
  kept = bed_addendum_window_dup_sections (window);
  g_assert_cmpstrv (kept, corrected);
  gtk_toggle_button_set_active (corrections, TRUE);
  again = bed_addendum_window_dup_corrections (window);
  g_assert_cmpstrv (again, corrected);
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (window);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  bed_ui_init ();
  g_test_add_func ("/ui/addendum-window/hidden-corrections", test_hidden_corrections);
  return g_test_run ();
}
