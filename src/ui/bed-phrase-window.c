/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-phrase-window.h"

#include <glib/gi18n.h>

#include "bed-note-field.h"
#include "bed-ui.h"

struct _BedPhraseWindow
{
  AdwWindow parent_instance;
  GtkEditable *name;
  BedNoteField *field;
  GtkLabel *error;
  GtkWidget *save;
};

enum
{
  SAVE,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedPhraseWindow, bed_phrase_window, ADW_TYPE_WINDOW)

static void
typed (BedPhraseWindow *self)
{
  g_autofree char *name = bed_ui_dup_line (self->name);
  g_autofree char *text = bed_note_field_dup_text (self->field);

  gtk_widget_set_sensitive (self->save, *name != '\0' && *g_strstrip (text) != '\0');
}

static void
save_clicked (BedPhraseWindow *self)
{
  g_autofree char *name = bed_ui_dup_line (self->name);
  g_autofree char *text = bed_note_field_dup_text (self->field);

  g_signal_emit (self, signals[SAVE], 0, name, text);
}

static void
bed_phrase_window_class_init (BedPhraseWindowClass *klass)
{
  signals[SAVE] = g_signal_new ("save", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                NULL, NULL, G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close",
                                       NULL);
}

static void
bed_phrase_window_init (BedPhraseWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *header = adw_header_bar_new ();
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 14), *list = gtk_list_box_new ();
  GtkWidget *scroll = gtk_scrolled_window_new (), *name = adw_entry_row_new ();

  self->name = GTK_EDITABLE (name);
  self->field = bed_note_field_new ();
  self->save = gtk_button_new_with_label (_("Save"));
  self->error = GTK_LABEL (gtk_label_new (NULL));
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), name);
  gtk_widget_add_css_class (header, "flat");
  gtk_widget_add_css_class (self->save, "suggested-action");
  gtk_widget_add_css_class (self->save, "pill");
  gtk_widget_set_halign (self->save, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self->error), "error-text");
  gtk_label_set_wrap (self->error, TRUE);
  gtk_label_set_xalign (self->error, 0);
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_widget_set_vexpand (scroll, TRUE);
  gtk_widget_set_margin_start (content, 18);
  gtk_widget_set_margin_end (content, 18);
  gtk_widget_set_margin_top (content, 6);
  gtk_widget_set_margin_bottom (content, 18);
  gtk_box_append (GTK_BOX (content), list);
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->field));
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->error));
  gtk_box_append (GTK_BOX (content), self->save);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), content);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), scroll);
  adw_window_set_content (ADW_WINDOW (self), box);
  g_signal_connect_object (self->name, "changed", G_CALLBACK (typed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->field, "changed", G_CALLBACK (typed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->save, "clicked", G_CALLBACK (save_clicked), self,
                           G_CONNECT_SWAPPED);
  bed_ui_set_error (self->error, NULL, NULL);
  typed (self);
}

BedPhraseWindow *
bed_phrase_window_new (GtkWindow *parent, const char *title, const char *name_title,
                       const char *text_title, const char *hint)
{
  BedPhraseWindow *self
      = g_object_new (BED_TYPE_PHRASE_WINDOW, "transient-for", parent, "modal", TRUE, "title",
                      title, "default-width", 440, "default-height", 420, NULL);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->name), name_title);
  bed_note_field_set_title (self->field, text_title, hint);
  return self;
}

void
bed_phrase_window_load (BedPhraseWindow *self, const char *name, const char *text)
{
  gtk_editable_set_text (self->name, name);
  bed_note_field_load (self->field, text);
  typed (self);
}

void
bed_phrase_window_set_error (BedPhraseWindow *self, const char *text)
{
  bed_ui_set_error (self->error, text, self->save);
}
