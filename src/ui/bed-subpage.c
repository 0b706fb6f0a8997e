/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-subpage.h"

#include <glib/gi18n.h>

#include "bed-ui.h"

struct _BedSubpage
{
  AdwBin parent_instance;
  AdwWindowTitle *title;
  GtkBox *box;
};

enum
{
  PROP_0,
  PROP_TITLE,
  PROP_CONTENT
};

G_DEFINE_FINAL_TYPE (BedSubpage, bed_subpage, ADW_TYPE_BIN)

static void
go_back (BedSubpage *self)
{
  GtkWidget *window
      = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_PREFERENCES_WINDOW);

  if (window != NULL)
    adw_preferences_window_close_subpage (ADW_PREFERENCES_WINDOW (window));
}

static gboolean
escape (GtkWidget *widget, GVariant *arguments, gpointer data)
{
  go_back (BED_SUBPAGE (widget));
  return TRUE;
}

static void
bed_subpage_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BedSubpage *self = BED_SUBPAGE (object);
  GtkWidget *content;

  if (id == PROP_TITLE)
    {
      adw_window_title_set_title (self->title, g_value_get_string (value));
      return;
    }
  content = g_value_get_object (value);
  if (content == NULL)
    return;
  gtk_widget_set_vexpand (content, TRUE);
  gtk_box_append (self->box, content);
}

static void
bed_subpage_class_init (BedSubpageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->set_property = bed_subpage_set_property;
  gtk_widget_class_add_binding (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, escape, NULL);
  g_object_class_install_property (
      object_class, PROP_TITLE,
      g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (
      object_class, PROP_CONTENT,
      g_param_spec_object ("content", NULL, NULL, GTK_TYPE_WIDGET,
                           G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
}

static void
bed_subpage_init (BedSubpage *self)
{
  GtkWidget *header = adw_header_bar_new ();
  GtkWidget *back = gtk_button_new_from_icon_name ("go-previous-symbolic");

  self->box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  self->title = ADW_WINDOW_TITLE (adw_window_title_new ("", ""));
  gtk_widget_set_tooltip_text (back, _("Back"));
  bed_ui_set_name (back, _("Back"));
  adw_header_bar_pack_start (ADW_HEADER_BAR (header), back);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), GTK_WIDGET (self->title));
  g_signal_connect_object (back, "clicked", G_CALLBACK (go_back), self, G_CONNECT_SWAPPED);
  gtk_box_append (self->box, header);
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->box));
}
