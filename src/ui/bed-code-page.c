/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-code-page.h"

#include <glib/gi18n.h>

#include "bed-ui.h"

struct _BedCodePage
{
  AdwBin parent_instance;
  GtkLabel *title, *text, *error;
  GtkWidget *fields, *password, *code, *continue_button, *later;
  GtkSpinner *spinner;
};

enum { CODE, LATER, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedCodePage, bed_code_page, ADW_TYPE_BIN)

static void
code_typed (BedCodePage *self)
{
  if (*gtk_editable_get_text (GTK_EDITABLE (self->code)) != '\0')
    bed_ui_set_error (self->error, NULL, self->code);
}

static void
continue_clicked (BedCodePage *self)
{
  g_autofree char *code = bed_ui_dup_line (GTK_EDITABLE (self->code));

  if (!gtk_widget_get_sensitive (self->fields))
    return;
  if (*code == '\0')
    gtk_widget_grab_focus (self->code);
  else
    g_signal_emit (self, signals[CODE], 0, gtk_editable_get_text (GTK_EDITABLE (self->password)), code);
}

static void
later_clicked (BedCodePage *self)
{
  g_signal_emit (self, signals[LATER], 0);
}

static void
bed_code_page_class_init (BedCodePageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[CODE] = g_signal_new ("code", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);
  signals[LATER] = g_signal_new ("later", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/bedside/Bedside/ui/bed-code-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BedCodePage, title);
  gtk_widget_class_bind_template_child (widget_class, BedCodePage, text);
  gtk_widget_class_bind_template_child (widget_class, BedCodePage, error);
  gtk_widget_class_bind_template_child (widget_class, BedCodePage, fields);
  gtk_widget_class_bind_template_child (widget_class, BedCodePage, password);
  gtk_widget_class_bind_template_child (widget_class, BedCodePage, code);
  gtk_widget_class_bind_template_child (widget_class, BedCodePage, continue_button);
  gtk_widget_class_bind_template_child (widget_class, BedCodePage, later);
  gtk_widget_class_bind_template_child (widget_class, BedCodePage, spinner);
  gtk_widget_class_bind_template_callback (widget_class, code_typed);
  gtk_widget_class_bind_template_callback (widget_class, continue_clicked);
  gtk_widget_class_bind_template_callback (widget_class, later_clicked);
}

static void
bed_code_page_init (BedCodePage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  bed_code_page_ask (self, FALSE);
}

BedCodePage *
bed_code_page_new (void)
{
  return g_object_new (BED_TYPE_CODE_PAGE, NULL);
}

void
bed_code_page_ask (BedCodePage *self, gboolean with_password)
{
  gtk_label_set_label (self->title, with_password ? _("Password changed") : _("Second factor"));
  gtk_label_set_label (self->text,
                       with_password
                           ? _("Your account’s password was changed on another computer. Type the new one, and the six digits of your authenticator app.")
                           : _("Your session with the clinic has ended. Type the six digits of your authenticator app."));
  gtk_widget_set_visible (self->password, with_password);
  gtk_editable_set_text (GTK_EDITABLE (self->password), "");
  gtk_editable_set_text (GTK_EDITABLE (self->code), "");
  bed_ui_set_error (self->error, NULL, self->code);
  gtk_widget_grab_focus (with_password ? self->password : self->code);
}

void
bed_code_page_set_busy (BedCodePage *self, gboolean busy)
{
  if (busy)
    bed_ui_leave_focus (GTK_WIDGET (self));
  gtk_widget_set_sensitive (self->fields, !busy);
  gtk_widget_set_sensitive (self->continue_button, !busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_spinner_set_spinning (self->spinner, busy);
}

void
bed_code_page_set_error (BedCodePage *self, const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (self->code), "");
  bed_ui_set_error (self->error, text, self->code);
  if (text == NULL)
    return;
  bed_ui_shake (self->fields);
  gtk_widget_grab_focus (self->code);
}
