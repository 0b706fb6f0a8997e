/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-toast.h"

/* Pixels: a character of the toast, and all around the text. */
#define CHARACTER 9
#define AROUND 110
#define AROUND_BUTTON 36
#define CHARACTERS_MIN 12
#define CHARACTERS_MAX 60
#define COMING_MS 1000 /* it takes 500; there may be no frame for some time */

/* The overlay gives a toast its natural size and no other. */
static int
characters (GtkWidget *window, const char *button)
{
  int around = AROUND, width = gtk_widget_get_width (window), height;

  if (width == 0) /* not shown yet */
    gtk_window_get_default_size (GTK_WINDOW (window), &width, &height);
  if (button != NULL)
    around += AROUND_BUTTON + CHARACTER * (int) g_utf8_strlen (button, -1);
  return CLAMP ((width - around) / CHARACTER, CHARACTERS_MIN, CHARACTERS_MAX);
}

/* --- What goes while it comes ---------------------------------------------------------------------
 * libadwaita 1.2 uses a toast after it freed it when the toast was dismissed while it came in the place of
 * another: so it goes once it is there. The overlay listens later, and hears of that only. */

static gboolean
is_there (gpointer toast)
{
  g_object_set_data (toast, "bed-coming", NULL);
  if (g_object_get_data (toast, "bed-dismissed") != NULL)
    g_signal_emit_by_name (toast, "dismissed");
  return G_SOURCE_REMOVE;
}

static void
comes (AdwToast *toast)
{
  g_object_set_data (G_OBJECT (toast), "bed-coming", toast);
  g_timeout_add_full (G_PRIORITY_DEFAULT, COMING_MS, is_there, g_object_ref (toast), g_object_unref);
}

static void
dismissed (AdwToast *toast)
{
  if (g_object_get_data (G_OBJECT (toast), "bed-coming") == NULL)
    return;
  g_object_set_data (G_OBJECT (toast), "bed-dismissed", toast);
  adw_toast_set_button_label (toast, NULL);
  g_signal_stop_emission_by_name (toast, "dismissed");
}

AdwToast *
bed_toast_new (gpointer window, const char *text, const char *button)
{
  AdwToast *toast = adw_toast_new ("");
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_max_width_chars (GTK_LABEL (label), characters (window, button));
  gtk_widget_add_css_class (label, "heading");
  adw_toast_set_custom_title (toast, label);
  adw_toast_set_button_label (toast, button);
  g_signal_connect (toast, "dismissed", G_CALLBACK (dismissed), NULL);
  g_signal_connect_object (label, "map", G_CALLBACK (comes), toast, G_CONNECT_SWAPPED);
  return toast;
}
