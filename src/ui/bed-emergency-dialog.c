/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-emergency-dialog.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bed-emergency-access.h"
#include "bed-time-text.h"
#include "bed-ui.h"

struct _BedEmergencyDialog
{
  AdwMessageDialog parent_instance;
  GtkEditable *who, *why; /* of the question */
  GtkLabel *error;
};

G_DEFINE_FINAL_TYPE (BedEmergencyDialog, bed_emergency_dialog, ADW_TYPE_MESSAGE_DIALOG)

static gboolean
is_said (GtkEditable *entry)
{
  g_autofree char *text = bed_ui_dup_line (entry);

  return *text != '\0';
}

/* Told at its field, as long as it is too long. */
static gboolean
fits (GtkEditable *entry, gsize max)
{
  g_autofree char *text = bed_ui_dup_line (entry);
  gboolean good = strlen (text) <= max;

  if (good)
    gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");
  else
    gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
  return good;
}

static void
typed (BedEmergencyDialog *self)
{
  gboolean who = fits (self->who, BED_EMERGENCY_WHO_MAX);
  gboolean why = fits (self->why, BED_EMERGENCY_WHY_MAX);

  bed_ui_set_error (self->error,
                    !who   ? _("This name is too long. Notes are signed by it: shorten it.")
                    : !why ? _("This reason is too long. Say it in fewer words.")
                           : NULL,
                    GTK_WIDGET (who ? self->why : self->who));
  adw_message_dialog_set_response_enabled (ADW_MESSAGE_DIALOG (self), "yes",
                                           who && why && is_said (self->who)
                                               && is_said (self->why));
}

static void
bed_emergency_dialog_class_init (BedEmergencyDialogClass *klass)
{
}

static void
bed_emergency_dialog_init (BedEmergencyDialog *self)
{
}

static BedEmergencyDialog *
new_dialog (GtkWindow *parent, const char *heading, const char *body, const char *no,
            const char *yes)
{
  BedEmergencyDialog *self = g_object_new (BED_TYPE_EMERGENCY_DIALOG, "transient-for", parent,
                                           "heading", heading, "body", body, NULL);
  AdwMessageDialog *dialog = ADW_MESSAGE_DIALOG (self);

  adw_message_dialog_add_responses (dialog, "no", no, "yes", yes, NULL);
  adw_message_dialog_set_response_appearance (dialog, "yes", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_close_response (dialog, "no");
  return self;
}

static GtkEditable *
add_row (BedEmergencyDialog *self, GtkListBox *list, const char *title)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_list_box_append (list, row);
  g_signal_connect_object (row, "changed", G_CALLBACK (typed), self, G_CONNECT_SWAPPED);
  return GTK_EDITABLE (row);
}

BedEmergencyDialog *
bed_emergency_dialog_new_question (GtkWindow *parent)
{
  BedEmergencyDialog *self
      = new_dialog (parent, _("Opened with the emergency key"),
                    _("Say who you are and why you open this record. It is kept for good, and the "
                      "clinician is told."),
                    _("_Lock"), _("_Open"));
  GtkWidget *list = gtk_list_box_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);

  self->error = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->error, TRUE);
  gtk_label_set_xalign (self->error, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->error), "error-text");
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  self->who = add_row (self, GTK_LIST_BOX (list), _("Who you are"));
  self->why = add_row (self, GTK_LIST_BOX (list), _("Why"));
  gtk_box_append (GTK_BOX (box), list);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->error));
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (self), box);
  typed (self);
  return self;
}

void
bed_emergency_dialog_fill (BedEmergencyDialog *self, const char *who, const char *why,
                           const char *error)
{
  gtk_editable_set_text (self->who, who);
  gtk_editable_set_text (self->why, why);
  if (error != NULL)
    bed_ui_set_error (self->error, error, GTK_WIDGET (self->who));
}

BedEmergencyDialog *
bed_emergency_dialog_new_use (GtkWindow *parent, gint64 opened_us, const char *who, const char *why,
                              gint64 now_us)
{
  g_autofree char *when = bed_time_text_when (opened_us, now_us);
  g_autofree char *body = NULL;

  if (*who == '\0')
    /* Translators: a day and a time */
    body = g_strdup_printf (_("%s. Nobody said who they were or why."), when);
  else
    /* Translators: a day and a time, a name, a reason */
    body = g_strdup_printf (_("%s\nWho: %s\nWhy: %s"), when, who, why);
  return new_dialog (parent, _("The record was opened with the emergency key"), body, _("_Later"),
                     _("_Confirm"));
}

char *
bed_emergency_dialog_dup_who (BedEmergencyDialog *self)
{
  return bed_ui_dup_line (self->who);
}

char *
bed_emergency_dialog_dup_why (BedEmergencyDialog *self)
{
  return bed_ui_dup_line (self->why);
}
