/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-dialogs.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bed-error-text.h"
#include "bed-secret.h"
#include "bed-ui.h"

typedef struct
{
  GWeakRef object;
  BedAnswer answer;
  GtkEditable *entry; /* borrowed from the dialog; NULL without one */
  gboolean needed, secret;
} Question;

static void
question_free (gpointer data, GClosure *closure)
{
  Question *self = data;

  g_weak_ref_clear (&self->object);
  g_free (self);
}

static void
question_answered (AdwMessageDialog *dialog, const char *response, gpointer data)
{
  Question *self = data;
  g_autoptr (GObject) object = g_weak_ref_get (&self->object);
  g_autofree char *text = self->entry == NULL ? NULL
                          : self->secret      ? g_strdup (gtk_editable_get_text (self->entry))
                                              : bed_ui_dup_line (self->entry);

  if (object != NULL && g_str_equal (response, "yes") && !(self->needed && *text == '\0'))
    self->answer (object, text);
  if (self->secret)
    bed_secret_wipe (text, strlen (text));
}

static void
question_typed (GtkEditable *entry, AdwMessageDialog *dialog)
{
  g_autofree char *text = bed_ui_dup_line (entry);

  adw_message_dialog_set_response_enabled (dialog, "yes", *text != '\0');
}

/* The window's title is seen by the desktop, and its heading may name a person: AdwMessageDialog makes
 * the one of the other. A screen reader still reads the heading. */
static AdwMessageDialog *
new_dialog (GtkWindow *parent, const char *title, const char *text)
{
  GtkWidget *dialog = adw_message_dialog_new (parent, title, text);

  gtk_window_set_title (GTK_WINDOW (dialog), "Bedside");
  bed_ui_set_name (dialog, title);
  return ADW_MESSAGE_DIALOG (dialog);
}

static AdwMessageDialog *
new_question (GtkWindow *parent, const char *title, const char *text, const char *yes, gboolean destructive)
{
  AdwMessageDialog *dialog = new_dialog (parent, title, text);

  adw_message_dialog_add_responses (dialog, "no", _("Cancel"), "yes", yes, NULL);
  adw_message_dialog_set_response_appearance (dialog, "yes",
                                              destructive ? ADW_RESPONSE_DESTRUCTIVE : ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, destructive ? "no" : "yes");
  adw_message_dialog_set_close_response (dialog, "no");
  return dialog;
}

static Question *
ask (AdwMessageDialog *dialog, BedAnswer callback, GObject *object)
{
  Question *question = g_new0 (Question, 1);

  g_weak_ref_init (&question->object, object);
  question->answer = callback;
  g_signal_connect_data (dialog, "response", G_CALLBACK (question_answered), question, question_free, 0);
  return question;
}

void
bed_dialog_tell (GtkWindow *parent, const char *title, const char *text)
{
  AdwMessageDialog *dialog = new_dialog (parent, title, text);

  adw_message_dialog_add_response (dialog, "close", _("Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

void
bed_dialog_confirm (GtkWindow *parent, const char *title, const char *text, const char *yes, gboolean destructive,
                    BedAnswer callback, GObject *object)
{
  AdwMessageDialog *dialog = new_question (parent, title, text, yes, destructive);

  ask (dialog, callback, object);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
bed_dialog_ask_text (GtkWindow *parent, const char *title, const char *text,
                     const char *placeholder, const char *typed, const char *yes, gboolean needed,
                     int max, gboolean destructive, BedAnswer callback, GObject *object)
{
  AdwMessageDialog *dialog = new_question (parent, title, text, yes, destructive);
  GtkWidget *entry = gtk_entry_new ();
  Question *question = ask (dialog, callback, object);

  gtk_entry_set_max_length (GTK_ENTRY (entry), max);
  gtk_entry_set_placeholder_text (GTK_ENTRY (entry), placeholder);
  gtk_entry_set_activates_default (GTK_ENTRY (entry), TRUE);
  bed_ui_set_name (entry, placeholder);
  adw_message_dialog_set_extra_child (dialog, entry);
  question->entry = GTK_EDITABLE (entry);
  question->needed = needed;
  if (needed)
    {
      adw_message_dialog_set_response_enabled (dialog, "yes", FALSE);
      g_signal_connect_object (entry, "changed", G_CALLBACK (question_typed), dialog, 0);
    }
  if (typed != NULL)
    gtk_editable_set_text (GTK_EDITABLE (entry), typed);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_entry_grab_focus_without_selecting (GTK_ENTRY (entry));
  gtk_editable_set_position (GTK_EDITABLE (entry), -1);
}

void
bed_dialog_ask_secret (GtkWindow *parent, const char *title, const char *text,
                       const char *placeholder, const char *yes, BedAnswer callback,
                       GObject *object)
{
  AdwMessageDialog *dialog = new_question (parent, title, text, yes, FALSE);
  GtkWidget *entry = gtk_password_entry_new ();
  Question *question = ask (dialog, callback, object);

  g_object_set (entry, "placeholder-text", placeholder, "activates-default", TRUE,
                "show-peek-icon", TRUE, NULL);
  bed_ui_set_name (entry, placeholder);
  adw_message_dialog_set_extra_child (dialog, entry);
  question->entry = GTK_EDITABLE (entry);
  question->needed = question->secret = TRUE;
  adw_message_dialog_set_response_enabled (dialog, "yes", FALSE);
  g_signal_connect_object (entry, "changed", G_CALLBACK (question_typed), dialog, 0);
  gtk_window_present (GTK_WINDOW (dialog));
  gtk_widget_grab_focus (entry);
}

/* A patient's form. */
typedef struct
{
  GtkWindow *window;
  BedRecordStore *store; /* owned */
  BedPatient *patient;   /* owned */
  GtkWidget *name, *birth, *telephone, *save, *list, *search;
  GtkLabel *error;
  BedPatientSaved saved;
  GWeakRef object;
} Form;

static void
form_free (gpointer data)
{
  Form *self = data;

  g_clear_object (&self->store);
  g_clear_object (&self->patient);
  g_weak_ref_clear (&self->object);
  g_free (self);
}

static void
form_done (Form *self, BedPatient *patient)
{
  g_autoptr (GObject) object = g_weak_ref_get (&self->object);
  g_autoptr (BedPatient) kept = g_object_ref (patient);
  BedPatientSaved saved = self->saved;

  gtk_window_destroy (self->window);
  if (object != NULL && saved != NULL)
    saved (object, kept);
}

static void
form_save (Form *self)
{
  g_autofree char *name = bed_ui_dup_line (GTK_EDITABLE (self->name));
  g_autofree char *birth = bed_ui_dup_line (GTK_EDITABLE (self->birth));
  g_autofree char *telephone = bed_ui_dup_line (GTK_EDITABLE (self->telephone));
  g_autofree char *old_name = g_strdup (bed_patient_get_name (self->patient));
  g_autofree char *old_birth = g_strdup (bed_patient_get_birth_date (self->patient));
  g_autofree char *old_telephone = g_strdup (bed_patient_get_telephone (self->patient));
  g_autoptr (GError) error = NULL;

  bed_patient_set_name (self->patient, name);
  bed_patient_set_birth_date (self->patient, birth);
  bed_patient_set_telephone (self->patient, telephone);
  if (bed_record_store_save_patient (self->store, self->patient, &error))
    {
      form_done (self, self->patient);
      return;
    }
  bed_patient_set_name (self->patient, old_name);
  bed_patient_set_birth_date (self->patient, old_birth);
  bed_patient_set_telephone (self->patient, old_telephone);
  bed_ui_set_error (self->error, bed_error_text (error), NULL);
}

static void
form_typed (Form *self)
{
  g_autofree char *name = bed_ui_dup_line (GTK_EDITABLE (self->name));

  gtk_widget_set_sensitive (self->save, *name != '\0');
}

static GtkWidget *
form_row (const char *title, const char *text)
{
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  gtk_editable_set_text (GTK_EDITABLE (row), text);
  return row;
}

static Form *
form_new (GtkWindow *parent, BedRecordStore *store, const char *title, BedPatientSaved saved, GObject *object,
          GtkWidget **content)
{
  Form *self = g_new0 (Form, 1);
  GtkWidget *header = adw_header_bar_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->window = GTK_WINDOW (adw_window_new ());
  self->store = g_object_ref (store);
  self->saved = saved;
  g_weak_ref_init (&self->object, object);
  g_object_set_data_full (G_OBJECT (self->window), "form", self, form_free);
  gtk_window_set_transient_for (self->window, parent);
  gtk_window_set_modal (self->window, TRUE);
  gtk_window_set_title (self->window, title);
  gtk_window_set_default_size (self->window, 420, -1);
  gtk_widget_add_css_class (header, "flat");
  gtk_box_append (GTK_BOX (box), header);
  *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 14);
  gtk_widget_set_margin_start (*content, 18);
  gtk_widget_set_margin_end (*content, 18);
  gtk_widget_set_margin_top (*content, 6);
  gtk_widget_set_margin_bottom (*content, 22);
  gtk_box_append (GTK_BOX (box), *content);
  adw_window_set_content (ADW_WINDOW (self->window), box);
  self->error = GTK_LABEL (gtk_label_new (NULL));
  gtk_label_set_wrap (self->error, TRUE);
  gtk_label_set_xalign (self->error, 0);
  gtk_widget_add_css_class (GTK_WIDGET (self->error), "error-text");
  gtk_widget_set_visible (GTK_WIDGET (self->error), FALSE);
  return self;
}

void
bed_dialog_edit_patient (GtkWindow *parent, BedRecordStore *store, BedPatient *patient, BedPatientSaved saved,
                         GObject *object)
{
  GtkWidget *content, *list = gtk_list_box_new ();
  gboolean is_new = bed_patient_get_id (patient) == 0;
  Form *self = form_new (parent, store, is_new ? _("New patient") : _("Edit patient"), saved, object, &content);

  self->patient = g_object_ref (patient);
  self->name = form_row (_("Name"), bed_patient_get_name (patient));
  self->birth = form_row (_("Date of birth (year-month-day)"), bed_patient_get_birth_date (patient));
  self->telephone = form_row (_("Telephone"), bed_patient_get_telephone (patient));
  self->save = bed_ui_button_new (_("_Save"));
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_list_box_append (GTK_LIST_BOX (list), self->name);
  gtk_list_box_append (GTK_LIST_BOX (list), self->birth);
  gtk_list_box_append (GTK_LIST_BOX (list), self->telephone);
  gtk_widget_add_css_class (self->save, "suggested-action");
  gtk_widget_add_css_class (self->save, "pill");
  gtk_box_append (GTK_BOX (content), list);
  gtk_box_append (GTK_BOX (content), GTK_WIDGET (self->error));
  gtk_box_append (GTK_BOX (content), self->save);
  g_signal_connect_swapped (self->save, "clicked", G_CALLBACK (form_save), self);
  g_signal_connect_swapped (self->name, "changed", G_CALLBACK (form_typed), self);
  form_typed (self);
  gtk_window_present (self->window);
  gtk_widget_grab_focus (self->name);
}

static GtkWidget *
create_choice (gpointer item, gpointer data)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), bed_patient_get_name (item));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), bed_patient_get_birth_date (item));
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "patient", g_object_ref (item), g_object_unref);
  return row;
}

static void
choice_search (Form *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->search));
  g_autoptr (GListModel) found = *text != '\0' ? bed_record_store_find_patients (self->store, text)
                                               : bed_record_store_list_patients (self->store);

  gtk_list_box_bind_model (GTK_LIST_BOX (self->list), found, create_choice, NULL, NULL);
}

static void
choice_activated (Form *self, GtkListBoxRow *row)
{
  form_done (self, g_object_get_data (G_OBJECT (row), "patient"));
}

static void
choice_new (Form *self)
{
  g_autoptr (GObject) object = g_weak_ref_get (&self->object);
  g_autoptr (BedRecordStore) store = g_object_ref (self->store);
  g_autoptr (BedPatient) patient = g_object_ref (self->patient);
  GtkWindow *parent = gtk_window_get_transient_for (self->window);
  BedPatientSaved saved = self->saved;

  gtk_window_destroy (self->window);
  if (object != NULL)
    bed_dialog_edit_patient (parent, store, patient, saved, object);
}

static Form *
new_choice (GtkWindow *parent, BedRecordStore *store, const char *title, BedPatientSaved chosen,
            GObject *object, GtkWidget **content)
{
  GtkWidget *scroll = gtk_scrolled_window_new ();
  Form *self = form_new (parent, store, title, chosen, object, content);

  self->search = gtk_search_entry_new ();
  self->list = gtk_list_box_new ();
  bed_ui_set_name (self->search, _("Search patients"));
  bed_ui_set_name (self->list, _("Patients"));
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (self->list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (self->list, "boxed-list");
  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scroll), GTK_POLICY_NEVER,
                                  GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scroll), self->list);
  gtk_widget_set_size_request (scroll, -1, 260);
  gtk_box_append (GTK_BOX (*content), self->search);
  gtk_box_append (GTK_BOX (*content), scroll);
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (choice_search), self);
  g_signal_connect_swapped (self->list, "row-activated", G_CALLBACK (choice_activated), self);
  choice_search (self);
  return self;
}

void
bed_dialog_choose_patient (GtkWindow *parent, BedRecordStore *store, const char *typed_name,
                           BedPatientSaved chosen, GObject *object)
{
  GtkWidget *content, *add = bed_ui_button_new (_("_New patient…"));
  Form *self
      = new_choice (parent, store, _("Whose consultation is it?"), chosen, object, &content);

  self->patient = bed_patient_new (typed_name);
  gtk_widget_add_css_class (add, "pill");
  gtk_box_append (GTK_BOX (content), add);
  g_signal_connect_swapped (add, "clicked", G_CALLBACK (choice_new), self);
  gtk_window_present (self->window);
}

void
bed_dialog_choose_known_patient (GtkWindow *parent, BedRecordStore *store, BedPatientSaved chosen,
                                 GObject *object)
{
  GtkWidget *content;
  Form *self = new_choice (parent, store, _("Whose notes?"), chosen, object, &content);

  gtk_window_present (self->window);
}
