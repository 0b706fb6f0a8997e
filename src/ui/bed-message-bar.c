/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-message-bar.h"

#include <glib/gi18n.h>

#include "bed-ui.h"

struct _BedMessageBar
{
  AdwBin parent_instance;
  GPtrArray *texts; /* owned: the last one is shown */
};

G_DEFINE_FINAL_TYPE (BedMessageBar, bed_message_bar, ADW_TYPE_BIN)

static void show (BedMessageBar *self);

static void
close_clicked (BedMessageBar *self)
{
  g_ptr_array_remove_index (self->texts, self->texts->len - 1);
  show (self);
  if (self->texts->len > 0)
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

static GtkWidget *
new_words (BedMessageBar *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *label = gtk_label_new (g_ptr_array_index (self->texts, self->texts->len - 1));
  guint n_more = self->texts->len - 1;

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_box_append (GTK_BOX (box), label);
  if (n_more > 0)
    {
      g_autofree char *text
          = g_strdup_printf (ngettext ("%u more message", "%u more messages", n_more), n_more);
      GtkWidget *more = gtk_label_new (text);

      gtk_label_set_xalign (GTK_LABEL (more), 0);
      gtk_widget_add_css_class (more, "dim-label");
      gtk_widget_add_css_class (more, "small");
      gtk_box_append (GTK_BOX (box), more);
    }
  gtk_widget_set_hexpand (box, TRUE);
  gtk_widget_set_valign (box, GTK_ALIGN_CENTER);
  return box;
}

static GtkWidget *
new_close (BedMessageBar *self)
{
  GtkWidget *button = gtk_button_new_from_icon_name ("window-close-symbolic");

  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "circular");
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (button, _("Close this message"));
  bed_ui_set_name (button, _("Close this message"));
  g_signal_connect_object (button, "clicked", G_CALLBACK (close_clicked), self, G_CONNECT_SWAPPED);
  return button;
}

/* A new alert each time: the screen reader reads those that come. */
static GtkWidget *
new_row (BedMessageBar *self)
{
  GtkWidget *row = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT,
                                 "spacing", 12, NULL);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, "icon-name",
                                  "dialog-warning-symbolic", "valign", GTK_ALIGN_START,
                                  "margin-top", 9, NULL);

  bed_ui_set_name (row, g_ptr_array_index (self->texts, self->texts->len - 1));
  gtk_widget_add_css_class (row, "banner");
  gtk_box_append (GTK_BOX (row), icon);
  gtk_box_append (GTK_BOX (row), new_words (self));
  gtk_box_append (GTK_BOX (row), new_close (self));
  return row;
}

static void
show (BedMessageBar *self)
{
  gboolean any = self->texts->len > 0;

  gtk_widget_set_visible (GTK_WIDGET (self), any);
  adw_bin_set_child (ADW_BIN (self), any ? new_row (self) : NULL);
}

static void
bed_message_bar_finalize (GObject *object)
{
  g_ptr_array_unref (BED_MESSAGE_BAR (object)->texts);
  G_OBJECT_CLASS (bed_message_bar_parent_class)->finalize (object);
}

static void
bed_message_bar_class_init (BedMessageBarClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_message_bar_finalize;
}

static void
bed_message_bar_init (BedMessageBar *self)
{
  self->texts = g_ptr_array_new_with_free_func (g_free);
  show (self);
}

BedMessageBar *
bed_message_bar_new (void)
{
  return g_object_new (BED_TYPE_MESSAGE_BAR, NULL);
}

void
bed_message_bar_add (BedMessageBar *self, const char *text)
{
  guint at;

  if (g_ptr_array_find_with_equal_func (self->texts, text, g_str_equal, &at))
    g_ptr_array_remove_index (self->texts, at);
  g_ptr_array_add (self->texts, g_strdup (text));
  show (self);
}

void
bed_message_bar_withdraw (BedMessageBar *self, const char *text)
{
  guint at;

  if (!g_ptr_array_find_with_equal_func (self->texts, text, g_str_equal, &at))
    return;
  g_ptr_array_remove_index (self->texts, at);
  show (self);
}

GStrv
bed_message_bar_dup_texts (BedMessageBar *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->texts->len; i++)
    g_strv_builder_add (builder, g_ptr_array_index (self->texts, i));
  return g_strv_builder_end (builder);
}
