/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-attachments-box.h"

#include <glib/gi18n.h>

#include "bed-record-text.h"
#include "bed-ui.h"

struct _BedAttachmentsBox
{
  AdwBin parent_instance;
  GtkWidget *add;
  GtkListBox *list, *deleted_list;
  GtkExpander *deleted_expander;
  GtkLabel *error;
  GListModel *files, *deleted; /* owned */
  gint64 now_us;
};

enum
{
  ADD,
  OPEN,
  SAVE,
  DELETE,
  RECOVER,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedAttachmentsBox, bed_attachments_box, ADW_TYPE_BIN)

/* The row goes away with some of it, and the focus would go with the row. */
static void
emit_about (BedAttachmentsBox *self, GtkWidget *widget, guint signal)
{
  g_autoptr (GObject) file = g_object_ref (g_object_get_data (G_OBJECT (widget), "file"));

  if (signal == DELETE || signal == RECOVER)
    gtk_widget_grab_focus (self->add);
  g_signal_emit (self, signals[signal], 0, file);
}

static void
button_clicked (GtkWidget *button, BedAttachmentsBox *self)
{
  emit_about (self, button, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "signal")));
}

static void
row_activated (BedAttachmentsBox *self, GtkWidget *row)
{
  emit_about (self, row, OPEN);
}

static void
add_clicked (BedAttachmentsBox *self)
{
  g_signal_emit (self, signals[ADD], 0);
}

static GtkWidget *
new_row (BedAttachmentsBox *self, BedAttachment *file)
{
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *about = bed_record_text_attachment (file, self->now_us);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), bed_attachment_get_name (file));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), about);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 0);
  gtk_widget_add_css_class (row, "numeric");
  g_object_set_data_full (G_OBJECT (row), "file", g_object_ref (file), g_object_unref);
  return row;
}

/* action: for the pointer, and with the file's name for a screen reader. */
static void
add_button (BedAttachmentsBox *self, GtkWidget *row, const char *icon, const char *action,
            guint signal)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);
  GObject *file = g_object_get_data (G_OBJECT (row), "file");
  g_autofree char *words
      /* Translators: an act and the name of the file that it is about */
      = g_strdup_printf (_("%s “%s”"), action, bed_attachment_get_name (BED_ATTACHMENT (file)));

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, action);
  bed_ui_set_name (button, words);
  g_object_set_data_full (G_OBJECT (button), "file", g_object_ref (file), g_object_unref);
  g_object_set_data (G_OBJECT (button), "signal", GUINT_TO_POINTER (signal));
  g_signal_connect_object (button, "clicked", G_CALLBACK (button_clicked), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
}

static GtkWidget *
make_row (gpointer file, gpointer data)
{
  GtkWidget *row = new_row (data, file);

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  add_button (data, row, "document-save-symbolic", _("Save a copy…"), SAVE);
  if (!bed_attachment_get_signed (file))
    add_button (data, row, "user-trash-symbolic", _("Delete"), DELETE);
  return row;
}

static GtkWidget *
make_deleted_row (gpointer file, gpointer data)
{
  GtkWidget *row = new_row (data, file);

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
  add_button (data, row, "edit-undo-symbolic", _("Take back"), RECOVER);
  return row;
}

static guint
count (GListModel *model)
{
  return model != NULL ? g_list_model_get_n_items (model) : 0;
}

static void
show (BedAttachmentsBox *self)
{
  guint n = count (self->deleted);
  g_autofree char *title
      = g_strdup_printf (ngettext ("%u deleted file", "%u deleted files", n), n);

  gtk_widget_set_visible (GTK_WIDGET (self), self->files != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->list), count (self->files) > 0);
  gtk_widget_set_visible (GTK_WIDGET (self->deleted_expander), n > 0);
  gtk_expander_set_label (self->deleted_expander, title);
  if (n == 0)
    gtk_expander_set_expanded (self->deleted_expander, FALSE);
}

static void
set_list (BedAttachmentsBox *self, GListModel **place, GListModel *model)
{
  if (*place != NULL)
    g_signal_handlers_disconnect_by_func (*place, show, self);
  g_set_object (place, model);
  if (model != NULL)
    g_signal_connect_swapped (model, "items-changed", G_CALLBACK (show), self);
}

static void
bed_attachments_box_dispose (GObject *object)
{
  BedAttachmentsBox *self = BED_ATTACHMENTS_BOX (object);

  set_list (self, &self->files, NULL);
  set_list (self, &self->deleted, NULL);
  G_OBJECT_CLASS (bed_attachments_box_parent_class)->dispose (object);
}

static void
bed_attachments_box_class_init (BedAttachmentsBoxClass *klass)
{
  static const char *const names[] = { NULL, "open", "save", "delete", "recover" };
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_attachments_box_dispose;
  signals[ADD]
      = g_signal_new ("add", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  for (guint i = OPEN; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                               1, BED_TYPE_ATTACHMENT);
}

static GtkListBox *
new_list (const char *name)
{
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  bed_ui_set_name (list, name);
  return GTK_LIST_BOX (list);
}

static GtkWidget *
new_head (BedAttachmentsBox *self)
{
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *title = gtk_label_new (_("Attachments"));

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_set_hexpand (title, TRUE);
  gtk_widget_add_css_class (title, "soap-title");
  self->add = bed_ui_button_new (_("_Add a file…"));
  g_signal_connect_object (self->add, "clicked", G_CALLBACK (add_clicked), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (head), title);
  gtk_box_append (GTK_BOX (head), self->add);
  return head;
}

static GtkWidget *
new_hint (void)
{
  g_autofree char *text
      = g_strdup_printf (_("Pictures, letters, results: up to %d MB each."), BED_ATTACHMENT_MAX >> 20);
  GtkWidget *hint = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (hint), 0);
  gtk_label_set_wrap (GTK_LABEL (hint), TRUE);
  gtk_widget_add_css_class (hint, "dim-label");
  gtk_widget_add_css_class (hint, "small");
  return hint;
}

static GtkLabel *
new_error (void)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "error-text");
  gtk_widget_set_visible (label, FALSE);
  return GTK_LABEL (label);
}

static void
bed_attachments_box_init (BedAttachmentsBox *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->error = new_error ();
  self->list = new_list (_("Attachments"));
  self->deleted_list = new_list (_("Deleted files"));
  self->deleted_expander = GTK_EXPANDER (gtk_expander_new (NULL));
  gtk_widget_set_margin_top (GTK_WIDGET (self->deleted_list), 6);
  gtk_expander_set_child (self->deleted_expander, GTK_WIDGET (self->deleted_list));
  g_signal_connect_object (self->list, "row-activated", G_CALLBACK (row_activated), self,
                           G_CONNECT_SWAPPED);
  gtk_box_append (GTK_BOX (box), new_head (self));
  gtk_box_append (GTK_BOX (box), new_hint ());
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->error));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->list));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->deleted_expander));
  adw_bin_set_child (ADW_BIN (self), box);
  show (self);
}

void
bed_attachments_box_set (BedAttachmentsBox *self, GListModel *files, GListModel *deleted,
                         gint64 now_us)
{
  self->now_us = now_us;
  bed_attachments_box_set_error (self, NULL);
  set_list (self, &self->files, files);
  set_list (self, &self->deleted, deleted);
  gtk_list_box_bind_model (self->list, files, make_row, self, NULL);
  gtk_list_box_bind_model (self->deleted_list, deleted, make_deleted_row, self, NULL);
  show (self);
}

void
bed_attachments_box_set_error (BedAttachmentsBox *self, const char *text)
{
  bed_ui_set_error (self->error, text, self->add);
}
