/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-preferences-window.h"

#include <glib/gi18n.h>

#include "bed-error-text.h"
#include "bed-time-text.h"
#include "bed-toast.h"
#include "bed-ui.h"

struct _BedPreferencesWindow
{
  AdwPreferencesWindow parent_instance;
  AdwComboRow *camera, *microphone, *speaker, *lock_after;
  GtkSwitch *echo, *noise, *gain, *relay;
  AdwPreferencesGroup *devices_group;
  GtkWidget *devices_hint;
  AdwActionRow *clinic_name, *clinic_telephone, *clinic_server, *account;
  GPtrArray *device_rows; /* borrowed from the group */
  BedSession *session;    /* owned */
  gboolean loading;
};

enum { CHANGE_PASSWORD, NEW_RECOVERY_KEY, OPEN_PAGE, SIGN_OUT, END_DEVICE, CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];
static const guint minutes[] = { 2, 5, 10, 30, 0 };

G_DEFINE_FINAL_TYPE (BedPreferencesWindow, bed_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

static void
keep (BedPreferencesWindow *self, const char *name, const char *value)
{
  g_autoptr (GError) error = NULL;

  if (self->loading || self->session == NULL)
    return;
  if (!bed_session_set_setting (self->session, name, value, &error))
    {
      adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self),
                                        bed_toast_new (self, bed_error_text (error), NULL));
      return;
    }
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
switched (GtkSwitch *sw, GParamSpec *pspec, BedPreferencesWindow *self)
{
  keep (self, g_object_get_data (G_OBJECT (sw), "setting"), gtk_switch_get_active (sw) ? "true" : "false");
}

static void
selected (AdwComboRow *row, GParamSpec *pspec, BedPreferencesWindow *self)
{
  const char *const *ids = g_object_get_data (G_OBJECT (row), "ids");
  guint i = adw_combo_row_get_selected (row);

  if (ids != NULL && i < g_strv_length ((char **) ids))
    keep (self, g_object_get_data (G_OBJECT (row), "setting"), ids[i]);
}

static void
password_activated (BedPreferencesWindow *self)
{
  g_signal_emit (self, signals[CHANGE_PASSWORD], 0);
}

static void
recovery_activated (BedPreferencesWindow *self)
{
  g_signal_emit (self, signals[NEW_RECOVERY_KEY], 0);
}

static void
page_activated (GtkWidget *row, BedPreferencesWindow *self)
{
  g_signal_emit (self, signals[OPEN_PAGE], 0, gtk_buildable_get_buildable_id (GTK_BUILDABLE (row)));
}

static void
sign_out_activated (BedPreferencesWindow *self)
{
  g_signal_emit (self, signals[SIGN_OUT], 0);
}

static void
end_clicked (GtkWidget *button, BedPreferencesWindow *self)
{
  g_signal_emit (self, signals[END_DEVICE], 0, g_object_get_data (G_OBJECT (button), "id"));
}

static void
bed_preferences_window_dispose (GObject *object)
{
  BedPreferencesWindow *self = BED_PREFERENCES_WINDOW (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->device_rows, g_ptr_array_unref);
  G_OBJECT_CLASS (bed_preferences_window_parent_class)->dispose (object);
}

static void
bed_preferences_window_class_init (BedPreferencesWindowClass *klass)
{
  static const char *const names[] = { "change-password", "new-recovery-key", NULL, "sign-out" };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_preferences_window_dispose;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (names[i] != NULL)
      signals[i] = g_signal_new (names[i], type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[OPEN_PAGE] = g_signal_new ("open-page", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[END_DEVICE] = g_signal_new ("end-device", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                      G_TYPE_STRING);
  signals[CHANGED] = g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bedside/Bedside/ui/bed-preferences-window.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedPreferencesWindow, child)
  BIND (camera);
  BIND (microphone);
  BIND (speaker);
  BIND (echo);
  BIND (noise);
  BIND (gain);
  BIND (relay);
  BIND (lock_after);
  BIND (devices_group);
  BIND (devices_hint);
  BIND (clinic_name);
  BIND (clinic_telephone);
  BIND (clinic_server);
  BIND (account);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, password_activated);
  gtk_widget_class_bind_template_callback (widget_class, recovery_activated);
  gtk_widget_class_bind_template_callback (widget_class, page_activated);
  gtk_widget_class_bind_template_callback (widget_class, sign_out_activated);
}

static void
bed_preferences_window_init (BedPreferencesWindow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->device_rows = g_ptr_array_new ();
}

static void
load_switch (BedPreferencesWindow *self, GtkSwitch *sw, const char *setting, gboolean fallback)
{
  g_autofree char *value = bed_session_dup_setting (self->session, setting);

  gtk_switch_set_active (sw, value != NULL ? g_str_equal (value, "true") : fallback);
  g_object_set_data (G_OBJECT (sw), "setting", (gpointer) setting);
  g_signal_connect_object (sw, "notify::active", G_CALLBACK (switched), self, 0);
}

static void
load_lock_after (BedPreferencesWindow *self)
{
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  char **ids = g_new0 (char *, G_N_ELEMENTS (minutes) + 1);

  for (guint i = 0; i < G_N_ELEMENTS (minutes); i++)
    {
      g_autofree char *name = minutes[i] == 0
                                  ? g_strdup (_("Never"))
                                  : g_strdup_printf (ngettext ("%u minute", "%u minutes", minutes[i]), minutes[i]);
      gtk_string_list_append (names, name);
      ids[i] = g_strdup_printf ("%u", minutes[i]);
    }
  adw_combo_row_set_model (self->lock_after, G_LIST_MODEL (names));
  for (guint i = 0; i < G_N_ELEMENTS (minutes); i++)
    if (minutes[i] == bed_session_get_lock_after (self->session))
      adw_combo_row_set_selected (self->lock_after, i);
  g_object_set_data (G_OBJECT (self->lock_after), "setting", (gpointer) "lock-after");
  g_object_set_data_full (G_OBJECT (self->lock_after), "ids", ids, (GDestroyNotify) g_strfreev);
  g_signal_connect_object (self->lock_after, "notify::selected", G_CALLBACK (selected), self, 0);
}

static void
load_clinic (BedPreferencesWindow *self)
{
  const BedClinicInfo *clinic = bed_session_get_clinic (self->session);
  AdwActionRow *rows[] = { self->clinic_name, self->clinic_telephone, self->clinic_server, self->account };
  const char *texts[] = { bed_session_get_clinic_name (self->session), clinic != NULL ? clinic->telephone : "",
                          bed_session_get_authority (self->session), bed_session_get_display_name (self->session) };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (rows[i]), FALSE);
      adw_action_row_set_subtitle (rows[i], texts[i] != NULL ? texts[i] : "");
    }
}

BedPreferencesWindow *
bed_preferences_window_new (GtkWindow *parent, BedSession *session)
{
  BedPreferencesWindow *self = g_object_new (BED_TYPE_PREFERENCES_WINDOW, "transient-for", parent, NULL);

  self->session = g_object_ref (session);
  self->loading = TRUE;
  load_switch (self, self->echo, "echo", TRUE);
  load_switch (self, self->noise, "noise", TRUE);
  load_switch (self, self->gain, "gain", TRUE);
  load_switch (self, self->relay, "relay-only", FALSE);
  load_lock_after (self);
  load_clinic (self);
  self->loading = FALSE;
  return self;
}

void
bed_preferences_window_set_choices (BedPreferencesWindow *self, const char *kind, const BedDeviceChoice *choices,
                                    guint n)
{
  AdwComboRow *row = g_str_equal (kind, "camera")       ? self->camera
                     : g_str_equal (kind, "microphone") ? self->microphone
                                                        : self->speaker;
  g_autoptr (GtkStringList) names = gtk_string_list_new (NULL);
  g_autofree char *chosen = bed_session_dup_setting (self->session, kind);
  char **ids = g_new0 (char *, n + 2);
  guint current = 0;

  gtk_string_list_append (names, _("The system’s choice"));
  ids[0] = g_strdup ("");
  for (guint i = 0; i < n; i++)
    {
      gtk_string_list_append (names, choices[i].name);
      ids[i + 1] = g_strdup (choices[i].id);
      if (g_strcmp0 (choices[i].id, chosen) == 0)
        current = i + 1;
    }
  g_signal_handlers_disconnect_by_func (row, selected, self);
  adw_combo_row_set_model (row, G_LIST_MODEL (names));
  adw_combo_row_set_selected (row, current);
  g_object_set_data_full (G_OBJECT (row), "setting", g_strdup (kind), g_free);
  g_object_set_data_full (G_OBJECT (row), "ids", ids, (GDestroyNotify) g_strfreev);
  g_signal_connect_object (row, "notify::selected", G_CALLBACK (selected), self, 0);
}

static GtkWidget *
new_device_row (BedPreferencesWindow *self, const BedAccountSession *device, gint64 now_us)
{
  GtkWidget *row = adw_action_row_new (), *button;
  g_autofree char *used = bed_time_text_when_inside (device->last_used * G_USEC_PER_SEC, now_us);
  g_autofree char *made = bed_time_text_when_inside (device->created * G_USEC_PER_SEC, now_us);
  /* Translators: %s is a time */
  g_autofree char *title = g_strdup_printf (_("Signed in %s"), made);
  g_autofree char *subtitle = g_strdup_printf (_("Last used %s"), used);

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), device->current ? _("This computer") : title);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  if (device->current)
    return row;
  button = gtk_button_new_with_label (_("End"));
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  g_object_set_data_full (G_OBJECT (button), "id", g_strdup (device->id), g_free);
  g_signal_connect_object (button, "clicked", G_CALLBACK (end_clicked), self, 0);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
  return row;
}

void
bed_preferences_window_set_account (BedPreferencesWindow *self, const BedAccount *account, gint64 now_us)
{
  for (guint i = 0; i < self->device_rows->len; i++)
    adw_preferences_group_remove (self->devices_group, g_ptr_array_index (self->device_rows, i));
  g_ptr_array_set_size (self->device_rows, 0);
  gtk_widget_set_visible (self->devices_hint, account == NULL);
  for (guint i = 0; account != NULL && i < account->sessions->len; i++)
    {
      GtkWidget *row = new_device_row (self, g_ptr_array_index (account->sessions, i), now_us);
      adw_preferences_group_add (self->devices_group, row);
      g_ptr_array_add (self->device_rows, row);
    }
}
