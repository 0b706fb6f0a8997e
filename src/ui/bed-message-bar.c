/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-message-bar.h"

#include <glib/gi18n.h>

#include "bed-ui.h"

struct _BedMessageBar
{
  AdwBin parent_instance;
  GPtrArray *messages; /* owned Message: the last one is shown */
};

typedef struct
{
  char *text;
  BedGravity gravity;
  gboolean of_call;
} Message;

G_DEFINE_FINAL_TYPE (BedMessageBar, bed_message_bar, ADW_TYPE_BIN)

static void show (BedMessageBar *self);

static void
message_free (gpointer data)
{
  Message *message = data;

  g_free (message->text);
  g_free (message);
}

static const char *
get_shown (BedMessageBar *self)
{
  const Message *message = g_ptr_array_index (self->messages, self->messages->len - 1);

  return message->text;
}

static void
close_clicked (BedMessageBar *self)
{
  g_ptr_array_remove_index (self->messages, self->messages->len - 1);
  show (self);
  if (self->messages->len > 0)
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
}

static GtkWidget *
new_words (BedMessageBar *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *label = gtk_label_new (get_shown (self));
  guint n_more = self->messages->len - 1;

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

/* A new alert each time: a screen reader may read those that come by themselves. */
static GtkWidget *
new_row (BedMessageBar *self)
{
  GtkWidget *row = g_object_new (GTK_TYPE_BOX, "accessible-role", GTK_ACCESSIBLE_ROLE_ALERT,
                                 "spacing", 12, NULL);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "accessible-role",
                                  GTK_ACCESSIBLE_ROLE_PRESENTATION, "icon-name",
                                  "dialog-warning-symbolic", "valign", GTK_ALIGN_START,
                                  "margin-top", 9, NULL);

  bed_ui_set_name (row, get_shown (self));
  gtk_widget_add_css_class (row, "banner");
  gtk_box_append (GTK_BOX (row), icon);
  gtk_box_append (GTK_BOX (row), new_words (self));
  gtk_box_append (GTK_BOX (row), new_close (self));
  return row;
}

static void
show (BedMessageBar *self)
{
  gboolean any = self->messages->len > 0;

  gtk_widget_set_visible (GTK_WIDGET (self), any);
  adw_bin_set_child (ADW_BIN (self), any ? new_row (self) : NULL);
}

static void
bed_message_bar_finalize (GObject *object)
{
  g_ptr_array_unref (BED_MESSAGE_BAR (object)->messages);
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
  self->messages = g_ptr_array_new_with_free_func (message_free);
  show (self);
}

BedMessageBar *
bed_message_bar_new (void)
{
  return g_object_new (BED_TYPE_MESSAGE_BAR, NULL);
}

static gboolean
take_out (BedMessageBar *self, const char *text)
{
  for (guint i = 0; i < self->messages->len; i++)
    {
      const Message *message = g_ptr_array_index (self->messages, i);

      if (g_str_equal (message->text, text))
        {
          g_ptr_array_remove_index (self->messages, i);
          return TRUE;
        }
    }
  return FALSE;
}

static guint
find_place (BedMessageBar *self, BedGravity gravity)
{
  guint at = self->messages->len;

  while (at > 0 && ((const Message *) g_ptr_array_index (self->messages, at - 1))->gravity > gravity)
    at--;
  return at;
}

void
bed_message_bar_add (BedMessageBar *self, BedGravity gravity, const char *text, gboolean of_call)
{
  Message *message = g_new0 (Message, 1);

  message->text = g_strdup (text);
  message->gravity = gravity;
  message->of_call = of_call;
  take_out (self, text);
  g_ptr_array_insert (self->messages, (int) find_place (self, gravity), message);
  show (self);
  bed_ui_announce (GTK_WIDGET (self), text);
}

gboolean
bed_message_bar_withdraw (BedMessageBar *self, const char *text)
{
  gboolean waited = take_out (self, text);

  if (waited)
    show (self);
  return waited;
}

void
bed_message_bar_end_call (BedMessageBar *self)
{
  guint before = self->messages->len;

  for (guint i = before; i > 0; i--)
    if (((const Message *) g_ptr_array_index (self->messages, i - 1))->of_call)
      g_ptr_array_remove_index (self->messages, i - 1);
  if (self->messages->len < before)
    show (self);
}

GStrv
bed_message_bar_dup_texts (BedMessageBar *self, BedGravity gravity)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->messages->len; i++)
    {
      const Message *message = g_ptr_array_index (self->messages, i);

      if (message->gravity == gravity)
        g_strv_builder_add (builder, message->text);
    }
  return g_strv_builder_end (builder);
}
