/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-invitation-window.h"

#include <glib/gi18n.h>

#include "bed-invitation-row.h"
#include "bed-patient.h"
#include "bed-time-text.h"
#include "bed-ui.h"

#define HOUR_S 3600
#define DAY_S (24 * HOUR_S)

enum { WHEN_NOW, WHEN_TODAY, WHEN_TOMORROW, WHEN_DAY };
enum { VALID_2_HOURS, VALID_DAY, VALID_WEEK, VALID_MONTH };

struct _BedInvitationWindow
{
  AdwWindow parent_instance;
  AdwWindowTitle *head;
  GtkStack *stack;
  GtkWidget *label, *day_row, *time_row, *create, *copy;
  AdwComboRow *patient, *when, *valid, *language;
  GtkMenuButton *day_button;
  GtkCalendar *calendar;
  GtkSpinButton *hour, *minute;
  GtkSwitch *relay, *passcode;
  GtkLabel *error, *ready, *about, *link, *message, *code;
  GtkWidget *code_box, *qr_box, *link_box, *message_row;
  GtkSpinner *spinner;
  GtkPicture *qr;
  AdwButtonContent *copy_content;
  GListModel *patients;     /* owned */
  BedSessionInvite *invite; /* owned */
  char **languages;
  gint64 now_us;
  guint copied;
};

enum { CREATE, CALENDAR, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedInvitationWindow, bed_invitation_window, ADW_TYPE_WINDOW)

static void
when_changed (BedInvitationWindow *self)
{
  guint when = adw_combo_row_get_selected (self->when);

  gtk_widget_set_visible (self->time_row, when != WHEN_NOW);
  gtk_widget_set_visible (self->day_row, when == WHEN_DAY);
}

static void
day_selected (BedInvitationWindow *self)
{
  g_autoptr (GDateTime) day = gtk_calendar_get_date (self->calendar);
  g_autofree char *text = g_date_time_format (day, "%x");

  gtk_menu_button_set_label (self->day_button, text);
}

/* Seconds since 1970 of the time that is filled in; 0 for now. */
static gint64
chosen_time (BedInvitationWindow *self)
{
  guint when = adw_combo_row_get_selected (self->when);
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_local (self->now_us / G_USEC_PER_SEC);
  g_autoptr (GDateTime) day = NULL;
  g_autoptr (GDateTime) at = NULL;

  if (when == WHEN_NOW)
    return 0;
  if (when == WHEN_DAY)
    day = gtk_calendar_get_date (self->calendar);
  else
    day = g_date_time_add_days (now, when == WHEN_TOMORROW ? 1 : 0);
  at = g_date_time_new_local (g_date_time_get_year (day), g_date_time_get_month (day),
                              g_date_time_get_day_of_month (day), gtk_spin_button_get_value_as_int (self->hour),
                              gtk_spin_button_get_value_as_int (self->minute), 0);
  return at != NULL ? g_date_time_to_unix (at) : 0;
}

static gint64
chosen_expiry (BedInvitationWindow *self, gint64 time)
{
  static const gint64 after[] = { 2 * HOUR_S, DAY_S, 7 * DAY_S, 29 * DAY_S };
  guint valid = MIN (adw_combo_row_get_selected (self->valid), VALID_MONTH);

  return (time != 0 ? time : self->now_us / G_USEC_PER_SEC) + after[valid];
}

static gint64
chosen_patient (BedInvitationWindow *self)
{
  guint selected = adw_combo_row_get_selected (self->patient);
  g_autoptr (BedPatient) patient = NULL;

  if (self->patients == NULL || selected == 0 || selected == GTK_INVALID_LIST_POSITION)
    return 0;
  patient = g_list_model_get_item (self->patients, selected - 1);
  return patient != NULL ? bed_patient_get_id (patient) : 0;
}

static void
create_clicked (BedInvitationWindow *self)
{
  g_autofree char *label = bed_ui_dup_line (GTK_EDITABLE (self->label));
  gint64 time = chosen_time (self);
  BedInvitationForm form = {
    .label = label,
    .patient_id = chosen_patient (self),
    .time = time,
    .expires = chosen_expiry (self, time),
    .language = self->languages[MIN (adw_combo_row_get_selected (self->language), g_strv_length (self->languages) - 1)],
    .relay_only = gtk_switch_get_active (self->relay),
    .passcode = gtk_switch_get_active (self->passcode),
  };

  if (time != 0 && time < self->now_us / G_USEC_PER_SEC - 15 * 60)
    bed_invitation_window_set_error (self, _("This time is over already. Choose a later one."));
  else
    g_signal_emit (self, signals[CREATE], 0, &form);
}

static gboolean
copied_over (gpointer data)
{
  BedInvitationWindow *self = data;

  self->copied = 0;
  adw_button_content_set_label (self->copy_content, _("Copy link"));
  adw_button_content_set_icon_name (self->copy_content, "edit-copy-symbolic");
  return G_SOURCE_REMOVE;
}

static void
copy_clicked (BedInvitationWindow *self)
{
  bed_ui_copy (GTK_WIDGET (self), bed_session_invite_get_link (self->invite));
  adw_button_content_set_label (self->copy_content, _("Copied"));
  adw_button_content_set_icon_name (self->copy_content, "emblem-ok-symbolic");
  g_clear_handle_id (&self->copied, g_source_remove);
  self->copied = g_timeout_add_seconds (3, copied_over, self);
}

static void
copy_message_clicked (BedInvitationWindow *self)
{
  bed_ui_copy (GTK_WIDGET (self), gtk_label_get_label (self->message));
}

static void
calendar_clicked (BedInvitationWindow *self)
{
  g_signal_emit (self, signals[CALENDAR], 0, self->invite);
}

/* The patient's name where one was chosen and nothing was typed. */
static void
patient_selected (BedInvitationWindow *self)
{
  guint selected = adw_combo_row_get_selected (self->patient);
  g_autoptr (BedPatient) patient = NULL;

  if (selected == 0 || selected == GTK_INVALID_LIST_POSITION)
    return;
  patient = g_list_model_get_item (self->patients, selected - 1);
  if (patient != NULL)
    gtk_editable_set_text (GTK_EDITABLE (self->label), bed_patient_get_name (patient));
}

static void
bed_invitation_window_dispose (GObject *object)
{
  BedInvitationWindow *self = BED_INVITATION_WINDOW (object);

  g_clear_handle_id (&self->copied, g_source_remove);
  g_clear_object (&self->patients);
  g_clear_object (&self->invite);
  g_clear_pointer (&self->languages, g_strfreev);
  G_OBJECT_CLASS (bed_invitation_window_parent_class)->dispose (object);
}

static void
bed_invitation_window_class_init (BedInvitationWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_invitation_window_dispose;
  signals[CREATE] = g_signal_new ("create", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[CALENDAR] = g_signal_new ("calendar", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, BED_TYPE_SESSION_INVITE);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bedside/Bedside/ui/bed-invitation-window.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedInvitationWindow, child)
  BIND (head);
  BIND (stack);
  BIND (label);
  BIND (patient);
  BIND (when);
  BIND (day_row);
  BIND (day_button);
  BIND (calendar);
  BIND (time_row);
  BIND (hour);
  BIND (minute);
  BIND (valid);
  BIND (language);
  BIND (relay);
  BIND (passcode);
  BIND (code);
  BIND (code_box);
  BIND (qr_box);
  BIND (link_box);
  BIND (message_row);
  BIND (error);
  BIND (create);
  BIND (spinner);
  BIND (ready);
  BIND (about);
  BIND (qr);
  BIND (link);
  BIND (copy);
  BIND (copy_content);
  BIND (message);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, when_changed);
  gtk_widget_class_bind_template_callback (widget_class, day_selected);
  gtk_widget_class_bind_template_callback (widget_class, create_clicked);
  gtk_widget_class_bind_template_callback (widget_class, copy_clicked);
  gtk_widget_class_bind_template_callback (widget_class, copy_message_clicked);
  gtk_widget_class_bind_template_callback (widget_class, calendar_clicked);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static gboolean
two_digits (GtkSpinButton *spin)
{
  g_autofree char *text = g_strdup_printf ("%02d", gtk_spin_button_get_value_as_int (spin));

  gtk_editable_set_text (GTK_EDITABLE (spin), text);
  return TRUE;
}

static void
set_up_spin (GtkSpinButton *spin, int value, int upper, int step)
{
  g_signal_connect (spin, "output", G_CALLBACK (two_digits), NULL);
  gtk_spin_button_set_range (spin, 0, upper);
  gtk_spin_button_set_increments (spin, step, step);
  gtk_spin_button_set_value (spin, value);
}

static void
set_choices (AdwComboRow *row, const char *const *choices)
{
  GtkStringList *list = gtk_string_list_new (NULL);

  for (guint i = 0; choices[i] != NULL; i++)
    gtk_string_list_append (list, _(choices[i]));
  adw_combo_row_set_model (row, G_LIST_MODEL (list));
  g_object_unref (list);
}

static void
bed_invitation_window_init (BedInvitationWindow *self)
{
  static const char *const when[] = { N_("Now"), N_("Today"), N_("Tomorrow"), N_("Another day"), NULL };
  static const char *const valid[] = { N_("2 hours later"), N_("A day later"), N_("A week later"), N_("Four weeks later"), NULL };

  gtk_widget_init_template (GTK_WIDGET (self));
  set_choices (self->when, when);
  set_choices (self->valid, valid);
}

static char *
language_name (const char *code)
{
  /* A language is named in itself: its reader is to find it. */
  if (g_str_has_prefix (code, "de"))
    return g_strdup ("Deutsch");
  if (g_str_has_prefix (code, "en"))
    return g_strdup ("English");
  return g_strdup (code);
}

static void
fill_languages (BedInvitationWindow *self, const char *const *languages)
{
  g_autoptr (GtkStringList) list = gtk_string_list_new (NULL);

  self->languages = g_strdupv ((char **) languages);
  for (guint i = 0; languages[i] != NULL; i++)
    gtk_string_list_take (list, language_name (languages[i]));
  adw_combo_row_set_model (self->language, G_LIST_MODEL (list));
  gtk_widget_set_visible (GTK_WIDGET (self->language), languages[0] != NULL && languages[1] != NULL);
}

static void
fill_patients (BedInvitationWindow *self, GListModel *patients, gint64 chosen)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  guint selected = 0;

  gtk_string_list_append (names, _("None"));
  for (guint i = 0; patients != NULL && i < g_list_model_get_n_items (patients); i++)
    {
      g_autoptr (BedPatient) patient = g_list_model_get_item (patients, i);
      gtk_string_list_append (names, bed_patient_get_name (patient));
      if (chosen != 0 && bed_patient_get_id (patient) == chosen)
        selected = i + 1;
    }
  g_set_object (&self->patients, patients);
  adw_combo_row_set_model (self->patient, G_LIST_MODEL (names));
  gtk_widget_set_visible (GTK_WIDGET (self->patient), g_list_model_get_n_items (G_LIST_MODEL (names)) > 1);
  g_signal_connect_object (self->patient, "notify::selected", G_CALLBACK (patient_selected), self, G_CONNECT_SWAPPED);
  adw_combo_row_set_selected (self->patient, selected);
}

BedInvitationWindow *
bed_invitation_window_new (GtkWindow *parent, GListModel *patients, gint64 chosen, const char *const *languages,
                           gboolean relay_only, gint64 now_us)
{
  BedInvitationWindow *self = g_object_new (BED_TYPE_INVITATION_WINDOW, "transient-for", parent, NULL);
  g_autoptr (GDateTime) soon = g_date_time_new_from_unix_local (now_us / G_USEC_PER_SEC + HOUR_S / 2);
  int minute = g_date_time_get_minute (soon) / 5 * 5;

  self->now_us = now_us;
  set_up_spin (self->hour, g_date_time_get_hour (soon), 23, 1);
  set_up_spin (self->minute, minute, 59, 5);
  fill_languages (self, languages);
  fill_patients (self, patients, chosen);
  gtk_switch_set_active (self->relay, relay_only);
  adw_window_title_set_title (self->head, _("New invitation"));
  day_selected (self);
  when_changed (self);
  bed_ui_limit (self->label, 250);
  gtk_widget_grab_focus (self->label);
  return self;
}

BedInvitationWindow *
bed_invitation_window_new_for_link (GtkWindow *parent, BedSessionInvite *invite, const char *clinic, gint64 now_us)
{
  BedInvitationWindow *self = g_object_new (BED_TYPE_INVITATION_WINDOW, "transient-for", parent, NULL);

  self->now_us = now_us;
  bed_invitation_window_show_link (self, invite, clinic);
  return self;
}

void
bed_invitation_window_set_busy (BedInvitationWindow *self, gboolean busy)
{
  gtk_widget_set_sensitive (self->create, !busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), busy);
  gtk_spinner_set_spinning (self->spinner, busy);
}

void
bed_invitation_window_set_error (BedInvitationWindow *self, const char *text)
{
  bed_ui_set_error (self->error, text, NULL);
}

static char *
dup_about (BedInvitationWindow *self, BedSessionInvite *invite)
{
  const char *label = bed_session_invite_get_label (invite);
  g_autofree char *until = bed_time_text_when_inside (bed_session_invite_get_expires (invite) * G_USEC_PER_SEC, self->now_us);

  if (*label != '\0')
    /* Translators: a person's name, and a time */
    return g_strdup_printf (_("For %s. The link works for one person, until %s."), label, until);
  /* Translators: %s is a time */
  return g_strdup_printf (_("The link works for one person, until %s."), until);
}

/* In the patient's language, not the clinician's; nothing about health or names in it. */
static char *
dup_message (BedSessionInvite *invite, const char *clinic)
{
  const char *link = bed_session_invite_get_link (invite);

  if (g_str_has_prefix (bed_session_invite_get_language (invite), "de"))
    return g_strdup_printf ("%s lädt Sie zu einer Videosprechstunde ein. Öffnen Sie zur vereinbarten Zeit diesen Link in Ihrem Browser; Sie brauchen sonst nichts:\n\n%s\n\nDer Link ist nur für Sie. Bitte geben Sie ihn nicht weiter.", clinic, link);
  return g_strdup_printf ("%s invites you to a video consultation. At the agreed time, open this link in your browser; you need nothing else:\n\n%s\n\nThe link is for you alone. Please do not pass it on.", clinic, link);
}

/* In two halves, as it is read aloud. */
static void
show_passcode (BedInvitationWindow *self, const char *code)
{
  g_autofree char *text = g_strdup_printf ("%.3s %s", code, *code != '\0' ? code + 3 : "");
  g_autofree char *shown = bed_ui_dup_number (text);

  gtk_label_set_label (self->code, shown);
  gtk_widget_set_visible (self->code_box, *code != '\0');
}

/* It may be revoked on another computer, used or over while it is shown here. */
static void
link_over (BedInvitationWindow *self)
{
  GtkWidget *parts[] = { self->code_box, self->qr_box, self->link_box, self->message_row };

  if (!bed_invitation_is_over (bed_session_invite_get_state (self->invite)))
    return;
  bed_ui_leave_focus (self->link_box);
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    gtk_widget_set_visible (parts[i], FALSE);
  gtk_label_set_label (self->ready, _("This link opens nothing any more"));
  gtk_label_set_label (self->about, _("It was revoked or used, or it has expired. Make a new invitation."));
}

void
bed_invitation_window_show_link (BedInvitationWindow *self, BedSessionInvite *invite, const char *clinic)
{
  g_autoptr (BedQr) qr = bed_session_invite_dup_qr (invite);
  g_autoptr (GdkPaintable) picture = qr != NULL ? bed_ui_qr_paintable (qr) : NULL;
  g_autofree char *about = dup_about (self, invite), *message = dup_message (invite, clinic);

  g_set_object (&self->invite, invite);
  bed_invitation_window_set_busy (self, FALSE);
  adw_window_title_set_title (self->head, _("Invitation"));
  gtk_label_set_label (self->about, about);
  gtk_label_set_label (self->link, bed_session_invite_get_link (invite));
  show_passcode (self, bed_session_invite_get_passcode (invite));
  gtk_label_set_label (self->message, message);
  gtk_picture_set_paintable (self->qr, picture);
  gtk_stack_set_visible_child_name (self->stack, "result");
  gtk_widget_grab_focus (self->copy);
  g_signal_connect_object (invite, "notify::state", G_CALLBACK (link_over), self, G_CONNECT_SWAPPED);
  link_over (self);
}
