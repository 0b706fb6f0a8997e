/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-backup-desk.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bed-backup-page.h"
#include "bed-dialogs.h"
#include "bed-error-text.h"

struct _BedBackupDesk
{
  GObject parent_instance;
  BedSession *session;     /* owned */
  BedClock *clock;         /* owned */
  BedRecordBackup *backup; /* owned while the record is open */
  BedBackupPage *page;     /* weak */
  AdwPreferencesWindow *window;  /* weak */
  GtkFileChooserNative *chooser; /* owned while it is open */
  char *from;                    /* the backup that is to be restored */
};

enum
{
  CLOSE_RECORD,
  BEGIN_ANEW,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedBackupDesk, bed_backup_desk, G_TYPE_OBJECT)

static void
tell (BedBackupDesk *self, const char *text)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  if (self->window != NULL)
    adw_preferences_window_add_toast (self->window, adw_toast_new (escaped));
}

static void
show_state (BedBackupDesk *self)
{
  const GError *problem;
  gboolean running;

  if (self->page == NULL || self->backup == NULL)
    return;
  problem = bed_record_backup_get_problem (self->backup);
  running = bed_record_backup_get_running (self->backup);
  bed_backup_page_set_plan (self->page, bed_record_backup_get_folder (self->backup),
                            bed_record_backup_get_interval (self->backup),
                            bed_record_backup_get_keep (self->backup));
  bed_backup_page_set_state (self->page, bed_record_backup_get_last_us (self->backup),
                             problem != NULL ? bed_error_text (problem) : NULL,
                             running ? bed_record_backup_get_fraction (self->backup) : -1,
                             bed_clock_get_real_us (self->clock));
}

static void
set_plan (BedBackupDesk *self, const char *folder, BedBackupInterval interval, guint keep)
{
  g_autoptr (GError) error = NULL;

  if (self->backup != NULL && !bed_record_backup_plan (self->backup, folder, interval, keep, &error))
    tell (self, bed_error_text (error));
  show_state (self);
}

static void
plan (BedBackupDesk *self, int interval, guint keep)
{
  if (self->backup != NULL)
    {
      g_autofree char *folder = g_strdup (bed_record_backup_get_folder (self->backup));
      set_plan (self, folder, interval, keep);
    }
}

static void
made (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedBackupDesk) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BedBackupInfo) info
      = bed_record_backup_run_finish (BED_RECORD_BACKUP (source), result, &error);

  tell (self, info != NULL ? _("Backed up, and read back whole.") : bed_error_text (error));
  show_state (self);
}

static void
run (BedBackupDesk *self)
{
  if (self->backup == NULL || bed_record_backup_get_running (self->backup))
    return;
  bed_record_backup_run_async (self->backup, NULL, NULL, made, g_object_ref (self));
  show_state (self);
}

static char *
take_path (BedBackupDesk *self, int response)
{
  g_autoptr (GtkFileChooserNative) chooser = g_steal_pointer (&self->chooser);
  g_autoptr (GFile) file = NULL;
  char *path = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (file != NULL)
    path = g_file_get_path (file);
  if (file != NULL && path == NULL)
    tell (self, _("This folder cannot be written. Choose another place."));
  return path;
}

static void
folder_chosen (BedBackupDesk *self, int response)
{
  g_autofree char *path = take_path (self, response);
  BedBackupInterval interval;

  if (path == NULL || self->backup == NULL)
    return;
  interval = bed_record_backup_get_interval (self->backup);
  /* Who chooses a folder for the first time wants backups. */
  if (*bed_record_backup_get_folder (self->backup) == '\0')
    interval = BED_BACKUP_DAILY;
  set_plan (self, path, interval, bed_record_backup_get_keep (self->backup));
}

static void
choose (BedBackupDesk *self, const char *title, GCallback chosen)
{
  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (title, GTK_WINDOW (self->window),
                                               GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, NULL);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect_object (self->chooser, "response", chosen, self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
choose_folder (BedBackupDesk *self)
{
  choose (self, _("Folder for the backups"), G_CALLBACK (folder_chosen));
}

/* --- Restore --------------------------------------------------------------------------------- */

static void
told (BedBackupDesk *self)
{
  g_signal_emit (self, signals[BEGIN_ANEW], 0);
}

static void
restored (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedBackupDesk) self = data;
  g_autoptr (GError) error = NULL;
  GtkApplication *application = GTK_APPLICATION (g_application_get_default ());
  g_autofree char *aside = NULL;
  gboolean good = bed_record_restore_finish (result, &aside, &error);
  GtkWidget *dialog = adw_message_dialog_new (
      gtk_application_get_active_window (application),
      good ? _("The backup is in place") : _("Nothing was restored"),
      good ? _("Unlock with the password of the day on which it was made. What was here before was "
               "set aside and is whole.")
           : bed_error_text (error));

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("Close"));
  g_signal_connect_object (dialog, "response", G_CALLBACK (told), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
secret_typed (GObject *object, const char *typed)
{
  BedBackupDesk *self = BED_BACKUP_DESK (object);
  g_autofree char *plain = g_utf8_normalize (typed, -1, G_NORMALIZE_NFC);
  g_autoptr (BedSecret) secret = NULL;
  gboolean recovery;

  if (plain == NULL || self->from == NULL)
    return;
  secret = bed_secret_new (plain, strlen (plain));
  recovery = bed_vault_recovery_is_well_formed (plain);
  bed_secret_wipe (plain, strlen (plain));
  g_signal_emit (self, signals[CLOSE_RECORD], 0);
  bed_record_restore_async (
      self->from, bed_vault_get_directory (bed_session_get_vault (self->session)), self->clock,
      bed_session_get_login (self->session), recovery ? BED_RESTORE_RECOVERY : BED_RESTORE_PASSPHRASE,
      secret, BED_RESTORE_REPLACE | BED_RESTORE_OLDER, NULL, NULL, NULL, restored,
      g_object_ref (self));
}

static void
backup_chosen (BedBackupDesk *self, int response)
{
  g_autofree char *path = take_path (self, response);
  g_autoptr (GError) error = NULL;
  g_autoptr (BedBackupInfo) info = path != NULL ? bed_backup_info_read (path, &error) : NULL;
  g_autofree char *text = NULL;

  if (info == NULL)
    {
      if (path != NULL)
        tell (self, bed_error_text (error));
      return;
    }
  g_free (self->from);
  self->from = g_steal_pointer (&path);
  text = g_strdup_printf (
      ngettext ("It holds %lu note. What was written since it was made will not be in it; the record "
                "as it is now is set aside, whole. Bedside locks now.",
                "It holds %lu notes. What was written since it was made will not be in it; the "
                "record as it is now is set aside, whole. Bedside locks now.",
                (gulong) info->notes),
      (gulong) info->notes);
  bed_dialog_ask_secret (GTK_WINDOW (self->window), _("Restore this backup?"), text,
                         _("Password or recovery key of that day"), _("Restore"), secret_typed,
                         G_OBJECT (self));
}

static void
restore (BedBackupDesk *self)
{
  choose (self, _("Choose a backup’s folder"), G_CALLBACK (backup_chosen));
}

/* --- Life ------------------------------------------------------------------------------------ */

void
bed_backup_desk_open (BedBackupDesk *self, AdwPreferencesWindow *window)
{
  if (self->backup == NULL)
    return;
  g_set_weak_pointer (&self->window, window);
  g_set_weak_pointer (&self->page, bed_backup_page_new ());
  g_signal_connect_object (self->page, "choose-folder", G_CALLBACK (choose_folder), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->page, "plan", G_CALLBACK (plan), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->page, "run", G_CALLBACK (run), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->page, "restore", G_CALLBACK (restore), self, G_CONNECT_SWAPPED);
  show_state (self);
  adw_preferences_window_present_subpage (window, GTK_WIDGET (self->page));
}

void
bed_backup_desk_set_store (BedBackupDesk *self, BedRecordStore *store)
{
  if (self->backup != NULL)
    g_signal_handlers_disconnect_by_func (self->backup, show_state, self);
  g_clear_object (&self->backup);
  if (store == NULL)
    return;
  self->backup = bed_record_backup_new (store);
  g_signal_connect_object (self->backup, "notify", G_CALLBACK (show_state), self,
                           G_CONNECT_SWAPPED);
}

static void
bed_backup_desk_dispose (GObject *object)
{
  BedBackupDesk *self = BED_BACKUP_DESK (object);

  g_clear_weak_pointer (&self->page);
  g_clear_weak_pointer (&self->window);
  g_clear_object (&self->chooser);
  g_clear_object (&self->backup);
  g_clear_object (&self->session);
  g_clear_object (&self->clock);
  g_clear_pointer (&self->from, g_free);
  G_OBJECT_CLASS (bed_backup_desk_parent_class)->dispose (object);
}

static void
bed_backup_desk_class_init (BedBackupDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_backup_desk_dispose;
  signals[CLOSE_RECORD] = g_signal_new ("close-record", G_TYPE_FROM_CLASS (klass),
                                        G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[BEGIN_ANEW] = g_signal_new ("begin-anew", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                      0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_backup_desk_init (BedBackupDesk *self)
{
}

BedBackupDesk *
bed_backup_desk_new (BedSession *session, BedClock *clock)
{
  BedBackupDesk *self = g_object_new (BED_TYPE_BACKUP_DESK, NULL);

  self->session = g_object_ref (session);
  self->clock = g_object_ref (clock);
  return self;
}
