/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-chat-file-box.h"

#include <glib/gi18n.h>

#include "bed-ui.h"

struct _BedChatFileBox
{
  AdwBin parent_instance;
  BedChatFile *file; /* owned */
  gboolean can_keep;
  GtkLabel *about;
  GtkProgressBar *progress;
  GtkWidget *buttons[BED_CHAT_FILE_ACT_SAVE + 1];
};

enum
{
  ACT,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedChatFileBox, bed_chat_file_box, ADW_TYPE_BIN)

static const char *
state_text (BedChatFile *file)
{
  gboolean mine = bed_chat_file_get_mine (file);

  switch (bed_chat_file_get_state (file))
    {
    case BED_CHAT_FILE_WAITING:
      return _("Waiting for the other side");
    case BED_CHAT_FILE_MOVING:
      return mine ? _("Being sent") : _("Being received");
    case BED_CHAT_FILE_DONE:
      return bed_chat_file_get_kept (file) ? _("Kept in the record") : mine ? _("Sent") : _("Received");
    case BED_CHAT_FILE_STOPPED:
      return _("Stopped");
    case BED_CHAT_FILE_REFUSED:
      return mine ? _("Not taken by the other side: only pictures (PNG, JPEG) and PDF, 64 MB in a call")
                  : _("Not taken: it was not what it was said to be");
    case BED_CHAT_FILE_LOST:
    default:
      return _("Did not get through. Send it again.");
    }
}

static void
show (BedChatFileBox *self)
{
  guint64 size = bed_chat_file_get_size (self->file);
  gboolean open = bed_chat_file_is_open (self->file);
  gboolean done = bed_chat_file_get_state (self->file) == BED_CHAT_FILE_DONE;
  g_autofree char *words = g_format_size (size);
  g_autofree char *about = g_strdup_printf ("%s · %s", words, state_text (self->file));

  gtk_label_set_label (self->about, about);
  gtk_progress_bar_set_fraction (self->progress,
                                 (double) bed_chat_file_get_moved (self->file) / (double) size);
  gtk_widget_set_visible (GTK_WIDGET (self->progress), open);
  gtk_widget_set_visible (self->buttons[BED_CHAT_FILE_ACT_STOP], open);
  gtk_widget_set_visible (self->buttons[BED_CHAT_FILE_ACT_KEEP],
                          done && self->can_keep && !bed_chat_file_get_kept (self->file));
  gtk_widget_set_visible (self->buttons[BED_CHAT_FILE_ACT_SAVE],
                          done && !bed_chat_file_get_mine (self->file));
}

static void
clicked (GtkWidget *button, BedChatFileBox *self)
{
  for (int i = 0; i < (int) G_N_ELEMENTS (self->buttons); i++)
    if (self->buttons[i] == button)
      g_signal_emit (self, signals[ACT], 0, self->file, i);
}

static void
bed_chat_file_box_dispose (GObject *object)
{
  g_clear_object (&BED_CHAT_FILE_BOX (object)->file);
  G_OBJECT_CLASS (bed_chat_file_box_parent_class)->dispose (object);
}

static void
bed_chat_file_box_class_init (BedChatFileBoxClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_chat_file_box_dispose;
  signals[ACT] = g_signal_new ("act", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 2, BED_TYPE_CHAT_FILE, G_TYPE_INT);
}

static GtkWidget *
new_label (const char *text, const char *style)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 26);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

static void
bed_chat_file_box_init (BedChatFileBox *self)
{
  const char *labels[] = { [BED_CHAT_FILE_ACT_STOP] = _("Stop"),
                           [BED_CHAT_FILE_ACT_KEEP] = _("Keep in the record"),
                           [BED_CHAT_FILE_ACT_SAVE] = _("Save a copy…") };

  self->about = GTK_LABEL (new_label (NULL, "tiny"));
  self->progress = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  for (guint i = 0; i < G_N_ELEMENTS (labels); i++)
    {
      self->buttons[i] = gtk_button_new_with_label (labels[i]);
      g_signal_connect_object (self->buttons[i], "clicked", G_CALLBACK (clicked), self, 0);
    }
}

BedChatFileBox *
bed_chat_file_box_new (BedChatFile *file, gboolean can_keep)
{
  BedChatFileBox *self = g_object_new (BED_TYPE_CHAT_FILE_BOX, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->file = g_object_ref (file);
  self->can_keep = can_keep;
  bed_ui_set_name (GTK_WIDGET (self->progress), bed_chat_file_get_name (file));
  gtk_box_append (GTK_BOX (box), new_label (bed_chat_file_get_name (file), "heading"));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->about));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->progress));
  for (guint i = 0; i < G_N_ELEMENTS (self->buttons); i++)
    gtk_box_append (GTK_BOX (box), self->buttons[i]);
  adw_bin_set_child (ADW_BIN (self), box);
  g_signal_connect_object (file, "notify", G_CALLBACK (show), self, G_CONNECT_SWAPPED);
  show (self);
  return self;
}
