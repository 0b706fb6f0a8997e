/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A field is as high as the lines of its note, also of one that was there before it was shown. */
#include "bed-note-field.h"
#include "bed-ui.h"

#define WAIT_US (20 * G_USEC_PER_SEC)

static GtkWidget *
find_view (GtkWidget *widget)
{
  if (GTK_IS_TEXT_VIEW (widget))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *view = find_view (child);
      if (view != NULL)
        return view;
    }
  return NULL;
}

static int
lines_height (GtkTextView *view)
{
  GtkTextIter end;
  int y, height;

  gtk_text_buffer_get_end_iter (gtk_text_view_get_buffer (view), &end);
  gtk_text_view_get_line_yrange (view, &end, &y, &height);
  return y + height;
}

static gboolean
gets_its_height (GtkWidget *view)
{
  gint64 end = g_get_monotonic_time () + WAIT_US;

  while (g_get_monotonic_time () < end)
    {
      int lines = lines_height (GTK_TEXT_VIEW (view)), height = gtk_widget_get_height (view);

      if (height > 0 && height >= lines && height <= MAX (lines, 66) + 20)
        return TRUE;
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_printerr ("lines %d, height %d\n", lines_height (GTK_TEXT_VIEW (view)),
              gtk_widget_get_height (view));
  return FALSE;
}

static void
activate (GtkApplication *application, gboolean *good)
{
  GtkWidget *window = gtk_application_window_new (application);
  GtkWidget *scroll = gtk_scrolled_window_new (), *clamp = adw_clamp_new ();
  GtkWidget *stack = gtk_stack_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 14);
  g_autoptr (GString) text = g_string_new (NULL);
  BedNoteField *fields[2];

  bed_ui_init ();
  for (guint i = 0; i < 200; i++)
    g_string_append (text, "Worse on standing up, better when lying down. ");
  for (guint i = 0; i < 2; i++)
    {
      fields[i] = bed_note_field_new ();
      bed_note_field_set_title (fields[i], "Subjective", NULL);
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (fields[i]));
    }
  bed_note_field_load (fields[0], text->str);
  bed_note_field_load (fields[1], "Short.");
  adw_clamp_set_child (ADW_CLAMP (clamp), box);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), clamp);
  gtk_stack_add_child (GTK_STACK (stack), gtk_label_new ("Before"));
  gtk_stack_add_child (GTK_STACK (stack), scroll);
  gtk_window_set_child (GTK_WINDOW (window), stack);
  gtk_window_set_default_size (GTK_WINDOW (window), 360, 740);
  gtk_window_present (GTK_WINDOW (window));
  gtk_stack_set_visible_child (GTK_STACK (stack), scroll);
  *good = gets_its_height (find_view (GTK_WIDGET (fields[0])))
          && gets_its_height (find_view (GTK_WIDGET (fields[1])));
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application
      = adw_application_new ("org.bedside.Bedside", G_APPLICATION_NON_UNIQUE);
  gboolean good = FALSE;

  g_signal_connect (application, "activate", G_CALLBACK (activate), &good);
  g_application_run (G_APPLICATION (application), 0, NULL);
  return good ? 0 : 1;
}
