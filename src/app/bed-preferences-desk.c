/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-preferences-desk.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bed-dialogs.h"
#include "bed-error-text.h"
#include "bed-password-window.h"
#include "bed-preferences-window.h"
#include "bed-recovery-paper.h"
#include "bed-toast.h"

struct _BedPreferencesDesk
{
  GObject parent_instance;
  BedSession *session;          /* owned */
  BedMediaDevices *devices;     /* owned */
  BedClock *clock;              /* owned */
  BedWindow *window;            /* owned */
  BedPreferencesWindow *shown;  /* weak */
  BedPasswordWindow *password;  /* weak */
  BedBackupDesk *backup;        /* owned */
  BedRestoreDesk *restore;      /* owned */
  BedTrailDesk *trail;          /* owned */
  BedKeysDesk *keys;            /* owned */
  BedPhrasesDesk *phrases;      /* owned */
  BedRetentionDesk *retention;  /* owned */
  BedHandoverDesk *handover;    /* owned */
};

G_DEFINE_FINAL_TYPE (BedPreferencesDesk, bed_preferences_desk, G_TYPE_OBJECT)

static void
tell (BedPreferencesDesk *self, const char *text)
{
  if (self->shown != NULL)
    adw_preferences_window_add_toast (ADW_PREFERENCES_WINDOW (self->shown),
                                      bed_toast_new (self->shown, text, NULL));
  else
    bed_window_toast (self->window, text);
}

static void
devices_listed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedPreferencesDesk) self = data;
  /* Offline is no error here: the hint in the list says so. */
  BedAccount *account = bed_session_list_devices_finish (BED_SESSION (source), result, NULL);

  if (self->shown != NULL)
    bed_preferences_window_set_account (self->shown, account, bed_clock_get_real_us (self->clock));
  g_clear_pointer (&account, bed_account_free);
}

static void
list_devices (BedPreferencesDesk *self)
{
  if (bed_session_get_account_state (self->session) == BED_ACCOUNT_STATE_ONLINE)
    bed_session_list_devices_async (self->session, NULL, devices_listed, g_object_ref (self));
}

static void
device_ended (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedPreferencesDesk) self = data;
  g_autoptr (GError) error = NULL;

  if (!bed_session_end_device_finish (BED_SESSION (source), result, &error))
    tell (self, bed_error_text (error));
  else
    list_devices (self);
}

static void
end_device (BedPreferencesDesk *self, const char *id)
{
  bed_session_end_device_async (self->session, id, NULL, device_ended, g_object_ref (self));
}

static void
password_changed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedPreferencesDesk) self = data;
  g_autoptr (GError) error = NULL;
  gboolean good = bed_session_change_password_finish (BED_SESSION (source), result, &error);

  if (self->password != NULL && !good)
    bed_password_window_set_error (self->password, bed_error_text (error));
  else if (self->password != NULL)
    gtk_window_destroy (GTK_WINDOW (self->password));
  if (good)
    tell (self, _("The password was changed. Other computers will ask for it."));
}

static void
password_typed (BedPreferencesDesk *self, const char *typed)
{
  const char *words[]
      = { bed_session_get_login (self->session), bed_session_get_display_name (self->session),
          bed_session_get_clinic_name (self->session), "bedside", NULL };

  bed_password_window_set_strength (self->password, bed_password_score (typed, words));
}

static void
password_given (BedPreferencesDesk *self, const char *old_typed, const char *new_typed)
{
  bed_password_window_set_busy (self->password, TRUE);
  bed_session_change_password_async (self->session, old_typed, new_typed, NULL, password_changed,
                                     g_object_ref (self));
}

static void
change_password (BedPreferencesDesk *self)
{
  g_set_weak_pointer (&self->password, bed_password_window_new (GTK_WINDOW (self->shown)));
  g_signal_connect_object (self->password, "typed", G_CALLBACK (password_typed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->password, "change", G_CALLBACK (password_given), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self->password));
}

static void
key_kept (GObject *object, const GError *error)
{
  if (error != NULL)
    tell (BED_PREFERENCES_DESK (object), bed_error_text (error));
}

static void
key_answered (GObject *object, const char *answer)
{
  BedPreferencesDesk *self = BED_PREFERENCES_DESK (object);
  g_autoptr (GError) error = NULL;
  g_autoptr (BedSecret) key = bed_session_renew_recovery_key (self->session, &error);
  g_autofree char *typed = NULL;
  g_autofree char *text = NULL;

  if (key == NULL)
    {
      tell (self, bed_error_text (error));
      return;
    }
  typed = g_strndup ((const char *) bed_secret_get_data (key), bed_secret_get_length (key));
  text = g_strdup_printf ("%s\n\n%s\n%s\n", _("Bedside: keep this in a safe place"),
                          _("Recovery key (opens the records when the password is forgotten)"),
                          typed);
  bed_key_window_present (GTK_WINDOW (self->shown), typed, text, key_kept, G_OBJECT (self));
  bed_secret_wipe (typed, strlen (typed));
  bed_secret_wipe (text, strlen (text));
}

static void
new_recovery_key (BedPreferencesDesk *self)
{
  bed_dialog_confirm (
      GTK_WINDOW (self->shown), _("Make a new recovery key?"),
      _("The printed one that you have opens nothing any more. The new one is shown once."),
      _("Make a new one"), TRUE, key_answered, G_OBJECT (self));
}

static void
open_page (BedPreferencesDesk *self, const char *page)
{
  AdwPreferencesWindow *window = ADW_PREFERENCES_WINDOW (self->shown);

  if (g_str_equal (page, "backup"))
    bed_backup_desk_open (self->backup, window);
  else if (g_str_equal (page, "trail"))
    bed_trail_desk_open (self->trail, window);
  else if (g_str_equal (page, "keys"))
    bed_keys_desk_open (self->keys, window);
  else if (g_str_equal (page, "phrases"))
    bed_phrases_desk_open (self->phrases, window);
  else if (g_str_equal (page, "retention"))
    bed_retention_desk_open (self->retention, window);
  else if (g_str_equal (page, "handover"))
    bed_handover_desk_present (self->handover, NULL, 0);
}

static void
signed_out (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedPreferencesDesk) self = data;
  g_autoptr (GError) error = NULL;

  if (!bed_session_sign_out_finish (BED_SESSION (source), result, &error))
    tell (self, bed_error_text (error));
}

static void
sign_out_answered (GObject *object, const char *answer)
{
  BedPreferencesDesk *self = BED_PREFERENCES_DESK (object);

  bed_session_sign_out_async (self->session, NULL, signed_out, g_object_ref (self));
  bed_preferences_desk_close (self);
}

static void
sign_out (BedPreferencesDesk *self)
{
  bed_dialog_confirm (GTK_WINDOW (self->shown), _("Sign out of the clinic?"),
                      _("Nobody can arrive until you sign in again with your second factor. "
                        "Records stay on this computer."),
                      _("Sign out"), TRUE, sign_out_answered, G_OBJECT (self));
}

static void
show_choices (BedPreferencesDesk *self, BedMediaDeviceKind kind, const char *name)
{
  GListModel *list = bed_media_devices_get_list (self->devices, kind);
  guint n = g_list_model_get_n_items (list);
  g_autofree BedDeviceChoice *choices = g_new0 (BedDeviceChoice, n + 1);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (BedMediaDevice) device = g_list_model_get_item (list, i);
      choices[i].id = bed_media_device_get_id (device);
      choices[i].name = bed_media_device_get_label (device);
    }
  bed_preferences_window_set_choices (self->shown, name, choices, n);
}

void
bed_preferences_desk_present (BedPreferencesDesk *self)
{
  if (self->shown != NULL)
    {
      gtk_window_present (GTK_WINDOW (self->shown));
      return;
    }
  g_set_weak_pointer (&self->shown,
                      bed_preferences_window_new (GTK_WINDOW (self->window), self->session));
  show_choices (self, BED_MEDIA_DEVICE_VIDEO_INPUT, "camera");
  show_choices (self, BED_MEDIA_DEVICE_AUDIO_INPUT, "microphone");
  show_choices (self, BED_MEDIA_DEVICE_AUDIO_OUTPUT, "speaker");
  g_signal_connect_object (self->shown, "end-device", G_CALLBACK (end_device), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->shown, "change-password", G_CALLBACK (change_password), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->shown, "new-recovery-key", G_CALLBACK (new_recovery_key), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->shown, "open-page", G_CALLBACK (open_page), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->shown, "sign-out", G_CALLBACK (sign_out), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self->shown));
  list_devices (self);
}

void
bed_preferences_desk_present_page (BedPreferencesDesk *self, const char *page)
{
  bed_preferences_desk_present (self);
  open_page (self, page);
}

void
bed_preferences_desk_close (BedPreferencesDesk *self)
{
  if (self->shown != NULL)
    gtk_window_destroy (GTK_WINDOW (self->shown));
}

static void
bed_preferences_desk_dispose (GObject *object)
{
  BedPreferencesDesk *self = BED_PREFERENCES_DESK (object);

  g_clear_weak_pointer (&self->shown);
  g_clear_weak_pointer (&self->password);
  g_clear_object (&self->backup);
  g_clear_object (&self->restore);
  g_clear_object (&self->trail);
  g_clear_object (&self->keys);
  g_clear_object (&self->phrases);
  g_clear_object (&self->retention);
  g_clear_object (&self->handover);
  g_clear_object (&self->session);
  g_clear_object (&self->devices);
  g_clear_object (&self->clock);
  g_clear_object (&self->window);
  G_OBJECT_CLASS (bed_preferences_desk_parent_class)->dispose (object);
}

static void
bed_preferences_desk_class_init (BedPreferencesDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_preferences_desk_dispose;
}

static void
bed_preferences_desk_init (BedPreferencesDesk *self)
{
}

BedPreferencesDesk *
bed_preferences_desk_new (BedSession *session, BedMediaDevices *devices, BedClock *clock,
                          BedWindow *window, BedHandoverDesk *handover)
{
  BedPreferencesDesk *self = g_object_new (BED_TYPE_PREFERENCES_DESK, NULL);

  self->session = g_object_ref (session);
  self->devices = g_object_ref (devices);
  self->clock = g_object_ref (clock);
  self->window = g_object_ref (window);
  self->restore = bed_restore_desk_new (session, clock, window);
  self->backup = bed_backup_desk_new (session, clock, self->restore);
  self->trail = bed_trail_desk_new (session, clock);
  self->keys = bed_keys_desk_new (session, clock);
  self->phrases = bed_phrases_desk_new ();
  self->retention = bed_retention_desk_new (clock);
  self->handover = g_object_ref (handover);
  return self;
}

void
bed_preferences_desk_set_store (BedPreferencesDesk *self, BedRecordStore *store)
{
  bed_backup_desk_set_store (self->backup, store);
  bed_trail_desk_set_store (self->trail, store);
  bed_keys_desk_set_store (self->keys, store);
  bed_phrases_desk_set_store (self->phrases, store);
  bed_retention_desk_set_store (self->retention, store);
}

void
bed_preferences_desk_set_gate (BedPreferencesDesk *self, BedCloseGate gate, gpointer data)
{
  bed_restore_desk_set_gate (self->restore, gate, data);
  bed_keys_desk_set_gate (self->keys, gate, data);
}

BedRestoreDesk *
bed_preferences_desk_get_restore (BedPreferencesDesk *self)
{
  return self->restore;
}

BedBackupDesk *
bed_preferences_desk_get_backup (BedPreferencesDesk *self)
{
  return self->backup;
}
