/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-toast.h"
#include "bed-ui.h"

static gboolean
time_over (gpointer over)
{
  *(gboolean *) over = TRUE;
  return G_SOURCE_REMOVE;
}

static void
run_for (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, time_over, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static AdwToast *
show (AdwToastOverlay *overlay, const char *text)
{
  AdwToast *toast = bed_toast_new (gtk_widget_get_root (GTK_WIDGET (overlay)), text, "Undo");

  adw_toast_overlay_add_toast (overlay, g_object_ref (toast));
  return toast;
}

static void
count (guint *times)
{
  (*times)++;
}

/* The second comes while the first goes, and is taken back before it is there. */
static void
test_at_once (void)
{
  GtkWidget *window = gtk_window_new ();
  AdwToastOverlay *overlay = ADW_TOAST_OVERLAY (adw_toast_overlay_new ());
  guint times = 0;

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (overlay));
  gtk_window_present (GTK_WINDOW (window));
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (AdwToast) first = show (overlay, "File deleted.");
      g_autoptr (AdwToast) second = NULL;

      run_for (1200);
      adw_toast_dismiss (first);
      second = show (overlay, "Note deleted.");
      g_signal_connect_swapped (second, "dismissed", G_CALLBACK (count), &times);
      run_for (60);
      adw_toast_dismiss (second);
      run_for (1500);
      g_assert_cmpuint (times, ==, i + 1);
    }
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  adw_init ();
  bed_ui_init ();
  g_test_add_func ("/ui/toast/at-once", test_at_once);
  return g_test_run ();
}
