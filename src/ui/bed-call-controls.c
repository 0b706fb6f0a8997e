/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-call-controls.h"

#include "bed-ui.h"

GtkWidget *
bed_call_control_new (const char *icon, const char *word, gboolean toggle, GtkWidget **button)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4), *overlay = gtk_overlay_new ();
  GtkWidget *label = gtk_label_new (word), *badge = gtk_label_new (NULL), *image = gtk_image_new_from_icon_name (icon);

  *button = toggle ? gtk_toggle_button_new () : gtk_button_new ();
  gtk_image_set_pixel_size (GTK_IMAGE (image), 20);
  gtk_button_set_child (GTK_BUTTON (*button), image);
  gtk_widget_add_css_class (*button, "ctl");
  gtk_widget_set_halign (*button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (label, "ctl-label");
  gtk_widget_add_css_class (badge, "ctl-badge");
  gtk_widget_add_css_class (badge, "numeric");
  gtk_widget_set_halign (badge, GTK_ALIGN_END);
  gtk_widget_set_valign (badge, GTK_ALIGN_START);
  gtk_widget_set_can_target (badge, FALSE);
  gtk_widget_set_visible (badge, FALSE);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), *button);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), badge);
  gtk_widget_set_halign (overlay, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (column), overlay);
  gtk_box_append (GTK_BOX (column), label);
  g_object_set_data (G_OBJECT (*button), "label", label);
  g_object_set_data (G_OBJECT (*button), "badge", badge);
  bed_ui_set_name (*button, word);
  return column;
}

void
bed_call_control_set (GtkWidget *button, const char *icon, const char *word, const char *accessible, gboolean off)
{
  gtk_image_set_from_icon_name (GTK_IMAGE (gtk_button_get_child (GTK_BUTTON (button))), icon);
  gtk_label_set_label (g_object_get_data (G_OBJECT (button), "label"), word);
  gtk_widget_set_tooltip_text (button, accessible);
  bed_ui_set_name (button, accessible);
  if (off)
    gtk_widget_add_css_class (button, "off");
  else
    gtk_widget_remove_css_class (button, "off");
}

void
bed_call_control_set_badge (GtkWidget *button, guint n)
{
  GtkLabel *badge = g_object_get_data (G_OBJECT (button), "badge");
  g_autofree char *text = n > 9 ? g_strdup ("9+") : g_strdup_printf ("%u", n);

  gtk_label_set_label (badge, text);
  gtk_widget_set_visible (GTK_WIDGET (badge), n > 0);
}
