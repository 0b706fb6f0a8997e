/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-toast.h"

/* Pixels: a character of the toast, and all around the text. */
#define CHARACTER 9
#define AROUND 110
#define AROUND_BUTTON 36
#define CHARACTERS_MIN 12
#define CHARACTERS_MAX 60

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
  return toast;
}
