/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-password-window.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bed-ui.h"

#define GOOD_SCORE 3

struct _BedPasswordWindow
{
  AdwWindow parent_instance;
  GtkWidget *fields, *old, *fresh, *repeat, *button;
  GtkLabel *error;
  guint score;
};

enum { TYPED, CHANGE, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedPasswordWindow, bed_password_window, ADW_TYPE_WINDOW)

static const char *
text_of (GtkWidget *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

static void
show_button (BedPasswordWindow *self)
{
  gtk_widget_set_sensitive (self->button,
                            self->score >= GOOD_SCORE && *text_of (self->old) != '\0'
                                && g_str_equal (text_of (self->fresh), text_of (self->repeat)));
}

static void
typed (BedPasswordWindow *self)
{
  g_signal_emit (self, signals[TYPED], 0, text_of (self->fresh));
  show_button (self);
}

static void
change (BedPasswordWindow *self)
{
  g_signal_emit (self, signals[CHANGE], 0, text_of (self->old), text_of (self->fresh));
}

static GtkWidget *
add_row (BedPasswordWindow *self, const char *title)
{
  GtkWidget *row = adw_password_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_list_box_append (GTK_LIST_BOX (self->fields), row);
  g_signal_connect_object (row, "changed", G_CALLBACK (typed), self, G_CONNECT_SWAPPED);
  return row;
}

static void
bed_password_window_class_init (BedPasswordWindowClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  signals[TYPED] = g_signal_new ("typed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_STRING);
  signals[CHANGE] = g_signal_new ("change", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  gtk_widget_class_add_binding_action (GTK_WIDGET_CLASS (klass), GDK_KEY_Escape, 0, "window.close",
                                       NULL);
}

static void
bed_password_window_init (BedPasswordWindow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0), *header = adw_header_bar_new ();
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 14);

  self->fields = gtk_list_box_new ();
  self->button = bed_ui_button_new (_("_Change the password"));
  self->error = GTK_LABEL (gtk_label_new (NULL));
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->fields), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->fields, "boxed-list");
  gtk_widget_add_css_class (self->button, "suggested-action");
  gtk_widget_add_css_class (self->button, "pill");
  gtk_widget_add_css_class (GTK_WIDGET (self->error), "error-text");
  gtk_widget_add_css_class (header, "flat");
  gtk_label_set_wrap (self->error, TRUE);
  gtk_label_set_xalign (self->error, 0);
  gtk_widget_set_margin_start (content, 18);
  gtk_widget_set_margin_end (content, 18);
  gtk_widget_set_margin_bottom (content, 22);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), content);
  gtk_box_append (GTK_BOX (content), self->fields);
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->error));
  gtk_box_append (GTK_BOX (content), self->button);
  adw_window_set_content (ADW_WINDOW (self), box);
  self->old = add_row (self, _("Present password"));
  self->fresh = add_row (self, _("New password"));
  self->repeat = add_row (self, _("The same again"));
  g_signal_connect_object (self->button, "clicked", G_CALLBACK (change), self, G_CONNECT_SWAPPED);
  bed_ui_set_error (self->error, NULL, NULL);
  show_button (self);
}

BedPasswordWindow *
bed_password_window_new (GtkWindow *parent)
{
  return g_object_new (BED_TYPE_PASSWORD_WINDOW, "transient-for", parent, "modal", TRUE,
                       "default-width", 400, "title", _("Change the password"), NULL);
}

void
bed_password_window_set_strength (BedPasswordWindow *self, guint score)
{
  gboolean weak = *text_of (self->fresh) != '\0' && score < GOOD_SCORE;

  self->score = score;
  bed_ui_set_error (
      self->error, weak ? _("This password is too easy to guess. Add another word or two.") : NULL,
      NULL);
  show_button (self);
}

void
bed_password_window_set_busy (BedPasswordWindow *self, gboolean busy)
{
  if (busy)
    bed_ui_leave_focus (self->fields);
  gtk_widget_set_sensitive (self->fields, !busy);
  gtk_widget_set_sensitive (self->button, !busy);
}

void
bed_password_window_set_error (BedPasswordWindow *self, const char *text)
{
  bed_password_window_set_busy (self, FALSE);
  bed_ui_set_error (self->error, text, NULL);
  bed_ui_shake (self->fields);
}

/* --- A new key ------------------------------------------------------------------------------- */

typedef struct
{
  GtkWindow *parent;
  char *key, *paper;
  BedSaved done;
  GWeakRef object;
} Shown;

static void
shown_free (gpointer data, GClosure *closure)
{
  Shown *self = data;

  memset (self->key, 0, strlen (self->key));
  memset (self->paper, 0, strlen (self->paper));
  g_free (self->key);
  g_free (self->paper);
  g_weak_ref_clear (&self->object);
  g_free (self);
}

static void
key_response (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  Shown *self = data;
  g_autoptr (GObject) object = g_weak_ref_get (&self->object);

  if (object == NULL)
    return;
  if (g_str_equal (response, "save"))
    bed_save_text (self->parent, _("Save the recovery key"), "bedside-recovery.txt", self->paper,
                   self->done, object);
  else if (g_str_equal (response, "print"))
    bed_print_text (self->parent, self->paper, self->done, object);
}

void
bed_key_window_present (GtkWindow *parent, const char *key, const char *paper, BedSaved done,
                        GObject *object)
{
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (
      adw_message_dialog_new (parent, _("Your new recovery key"),
                              _("It is shown only now. Write it down, print it or save it.")));
  GtkWidget *label = gtk_label_new (key);
  Shown *shown = g_new0 (Shown, 1);

  shown->parent = parent;
  shown->key = g_strdup (key);
  shown->paper = g_strdup (paper);
  shown->done = done;
  g_weak_ref_init (&shown->object, object);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_widget_add_css_class (label, "code");
  adw_message_dialog_set_extra_child (dialog, label);
  adw_message_dialog_add_responses (dialog, "print", _("Print…"), "save", _("Save…"), "close",
                                    _("I wrote it down"), NULL);
  adw_message_dialog_set_close_response (dialog, "close");
  g_signal_connect_data (dialog, "response", G_CALLBACK (key_response), shown, shown_free, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}
