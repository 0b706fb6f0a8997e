/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-after-page.h"

#include <glib/gi18n.h>

struct _BedAfterPage
{
  AdwBin parent_instance;
  GtkImage *icon;
  GtkLabel *title, *text;
  AdwActionRow *length_row, *privacy_row, *note_row, *patient_row;
  GtkButton *assign;
  GtkWidget *note;
};

enum { WRITE, AGAIN, DONE, ASSIGN, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedAfterPage, bed_after_page, ADW_TYPE_BIN)

static void
note_clicked (BedAfterPage *self)
{
  g_signal_emit (self, signals[WRITE], 0);
}

static void
again_clicked (BedAfterPage *self)
{
  g_signal_emit (self, signals[AGAIN], 0);
}

static void
done_clicked (BedAfterPage *self)
{
  g_signal_emit (self, signals[DONE], 0);
}

static void
assign_clicked (BedAfterPage *self)
{
  g_signal_emit (self, signals[ASSIGN], 0);
}

static void
bed_after_page_class_init (BedAfterPageClass *klass)
{
  static const char *const names[N_SIGNALS] = { "write", "again", "done", "assign" };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/bedside/Bedside/ui/bed-after-page.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedAfterPage, child)
  BIND (icon);
  BIND (title);
  BIND (text);
  BIND (length_row);
  BIND (privacy_row);
  BIND (note_row);
  BIND (patient_row);
  BIND (assign);
  BIND (note);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, note_clicked);
  gtk_widget_class_bind_template_callback (widget_class, again_clicked);
  gtk_widget_class_bind_template_callback (widget_class, done_clicked);
  gtk_widget_class_bind_template_callback (widget_class, assign_clicked);
}

static void
bed_after_page_init (BedAfterPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

BedAfterPage *
bed_after_page_new (void)
{
  return g_object_new (BED_TYPE_AFTER_PAGE, NULL);
}

void
bed_after_page_set_words (BedAfterPage *self, const char *title, const char *text, gboolean bad)
{
  GtkWidget *icon = GTK_WIDGET (self->icon);

  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->text, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->text), text != NULL);
  gtk_image_set_from_icon_name (self->icon, bad ? "bedside-lock-broken-symbolic" : "emblem-ok-symbolic");
  gtk_widget_remove_css_class (icon, bad ? "brand" : "error-text");
  gtk_widget_add_css_class (icon, bad ? "error-text" : "brand");
  gtk_widget_grab_focus (self->note);
}

void
bed_after_page_set_facts (BedAfterPage *self, const char *length, const char *privacy, const char *note,
                          const char *patient, gboolean is_final)
{
  gboolean nobody = *patient == '\0';


  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self->patient_row), FALSE);
  adw_action_row_set_subtitle (self->length_row, length);
  adw_action_row_set_subtitle (self->privacy_row, privacy);
  adw_action_row_set_subtitle (self->note_row, note);
  adw_action_row_set_subtitle (self->patient_row, nobody ? _("Not in the records yet") : patient);
  gtk_button_set_label (self->assign, nobody ? _("Assign…") : _("Assign to another…"));
  gtk_widget_set_visible (GTK_WIDGET (self->assign), nobody || !is_final);
}
