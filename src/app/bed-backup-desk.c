/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-backup-desk.h"

#include <glib/gi18n.h>

#include "bed-backup-page.h"
#include "bed-dialogs.h"
#include "bed-error-text.h"
#include "bed-file-choice.h"
#include "bed-record-set-aside.h"
#include "bed-toast.h"

struct _BedBackupDesk
{
  GObject parent_instance;
  BedSession *session;     /* owned */
  BedClock *clock;         /* owned */
  BedRecordBackup *backup; /* owned while the record is open */
  BedBackupPage *page;     /* weak */
  AdwPreferencesWindow *window;  /* weak */
  GtkFileChooserNative *chooser; /* owned while it is open */
  BedRestoreDesk *restore;       /* owned */
  GPtrArray *kept;               /* owned: of BedSetAside, as the page shows them */
  char *removing;                /* owned: the one that is asked about */
};

enum { PROBLEM, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedBackupDesk, bed_backup_desk, G_TYPE_OBJECT)

static void
tell (BedBackupDesk *self, const char *text)
{
  if (self->window != NULL)
    adw_preferences_window_add_toast (self->window, bed_toast_new (self->window, text, NULL));
}

/* NULL: the last one did not fail. */
static const char *
problem_text (BedBackupDesk *self)
{
  const GError *problem
      = self->backup != NULL ? bed_record_backup_get_problem (self->backup) : NULL;

  if (problem != NULL)
    return bed_error_text (problem);
  return self->backup != NULL && bed_record_backup_get_failed (self->backup)
             ? _("Back up now to see whether it works again.")
             : NULL;
}

/* (transfer full) (nullable): of one that is whole. */
static char *
dup_unnoted_text (BedBackupDesk *self)
{
  const GError *why = self->backup != NULL ? bed_record_backup_get_unnoted (self->backup) : NULL;

  if (why == NULL)
    return NULL;
  if (g_error_matches (why, BED_RECORD_ERROR, BED_RECORD_ERROR_FULL))
    return g_strdup (_("The backup was made, but could not be noted: this computer’s disk is full. "
                       "Make room; Bedside then notes it by itself."));
  /* Translators: %s is a sentence that says why, or what to do */
  return g_strdup_printf (_("The backup was made, but could not be noted. %s"),
                          bed_error_text_untyped (why));
}

/* (transfer full) (nullable): as it stands alone. */
static char *
dup_notice (BedBackupDesk *self)
{
  const char *problem = problem_text (self);

  if (self->backup != NULL && bed_record_backup_get_plan_unread (self->backup))
    return g_strdup (_("The plan of the backups could not be read, so none is made by itself. "
                       "Choose the folder again, and how often."));
  /* Translators: %s is a sentence that says why, or what to do */
  return problem != NULL ? g_strdup_printf (_("The last backup failed. %s"), problem) : NULL;
}

static void
tell_problem (BedBackupDesk *self)
{
  g_autofree char *notice = dup_notice (self);

  g_signal_emit (self, signals[PROBLEM], 0, notice);
}

static void
show_state (BedBackupDesk *self)
{
  g_autofree char *unnoted = dup_unnoted_text (self);
  gboolean running;

  if (self->page == NULL || self->backup == NULL)
    return;
  running = bed_record_backup_get_running (self->backup);
  bed_backup_page_set_plan (self->page,
                            bed_record_backup_get_plan_unread (self->backup)
                                ? NULL
                                : bed_record_backup_get_folder (self->backup),
                            bed_record_backup_get_interval (self->backup),
                            bed_record_backup_get_keep (self->backup));
  bed_backup_page_set_state (self->page, bed_record_backup_get_last_us (self->backup),
                             unnoted, problem_text (self),
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
  g_autofree char *unnoted = info != NULL ? dup_unnoted_text (self) : NULL;

  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) /* stopped() tells */
    tell (self, unnoted != NULL ? unnoted
                : info != NULL  ? _("Backed up, and read back whole.")
                                : bed_error_text (error));
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

static void
stop (BedBackupDesk *self)
{
  if (self->backup != NULL)
    bed_record_backup_stop (self->backup);
}

static void
stopped (BedBackupDesk *self)
{
  tell (self, _("Stopped: no backup was made. Earlier ones are still there."));
}

static char *
take_path (BedBackupDesk *self, int response)
{
  g_autoptr (GFile) file = bed_file_choice_take (&self->chooser, response);
  char *path = file != NULL ? g_file_get_path (file) : NULL;

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
choose_folder (BedBackupDesk *self)
{
  bed_file_choice_open (&self->chooser, GTK_WINDOW (self->window),
                        GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("Folder for the backups"), NULL,
                        G_CALLBACK (folder_chosen), self);
}

/* --- What was set aside ----------------------------------------------------------------------- */

static void
show_kept (BedBackupDesk *self)
{
  if (self->page == NULL)
    return;
  g_clear_pointer (&self->kept, g_ptr_array_unref);
  self->kept = bed_record_list_set_aside (
      bed_vault_get_directory (bed_session_get_vault (self->session)));
  bed_backup_page_set_kept (self->page, self->kept, bed_clock_get_real_us (self->clock));
}

static const char *
kept_path (BedBackupDesk *self, guint number)
{
  return ((BedSetAside *) g_ptr_array_index (self->kept, number))->path;
}

static void
restore (BedBackupDesk *self)
{
  bed_restore_desk_choose (self->restore);
}

static void
put_back (BedBackupDesk *self, guint number)
{
  bed_restore_desk_put_back (self->restore, kept_path (self, number));
}

static void
remove_answered (GObject *object, const char *answer)
{
  BedBackupDesk *self = BED_BACKUP_DESK (object);
  g_autoptr (GError) error = NULL;

  if (!bed_record_remove_set_aside (
          bed_vault_get_directory (bed_session_get_vault (self->session)), self->removing, self->clock,
          &error))
    tell (self, bed_error_text (error));
  show_kept (self);
}

static void
remove_kept (BedBackupDesk *self, guint number)
{
  g_free (self->removing);
  self->removing = g_strdup (kept_path (self, number));
  bed_dialog_confirm (GTK_WINDOW (self->window), _("Remove the record that was here before?"),
                      _("Whatever is in it alone is lost for good."), _("Remove"), TRUE,
                      remove_answered, G_OBJECT (self));
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
  g_signal_connect_object (self->page, "stop", G_CALLBACK (stop), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->page, "restore", G_CALLBACK (restore), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->page, "put-back", G_CALLBACK (put_back), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->page, "remove-kept", G_CALLBACK (remove_kept), self,
                           G_CONNECT_SWAPPED);
  show_state (self);
  show_kept (self);
  adw_preferences_window_present_subpage (window, GTK_WIDGET (self->page));
}

void
bed_backup_desk_set_store (BedBackupDesk *self, BedRecordStore *store)
{
  if (self->backup != NULL)
    g_signal_handlers_disconnect_by_data (self->backup, self);
  g_clear_object (&self->backup);
  if (store != NULL)
    {
      self->backup = bed_record_backup_new (store);
      g_signal_connect_object (self->backup, "notify", G_CALLBACK (show_state), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->backup, "stopped", G_CALLBACK (stopped), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (self->backup, "notify::problem", G_CALLBACK (tell_problem), self,
                               G_CONNECT_SWAPPED);
    }
  tell_problem (self);
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
  g_clear_object (&self->restore);
  g_clear_pointer (&self->kept, g_ptr_array_unref);
  g_clear_pointer (&self->removing, g_free);
  G_OBJECT_CLASS (bed_backup_desk_parent_class)->dispose (object);
}

static void
bed_backup_desk_class_init (BedBackupDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_backup_desk_dispose;
  signals[PROBLEM] = g_signal_new ("problem", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
bed_backup_desk_init (BedBackupDesk *self)
{
}

BedBackupDesk *
bed_backup_desk_new (BedSession *session, BedClock *clock, BedRestoreDesk *restore)
{
  BedBackupDesk *self = g_object_new (BED_TYPE_BACKUP_DESK, NULL);

  self->session = g_object_ref (session);
  self->clock = g_object_ref (clock);
  self->restore = g_object_ref (restore);
  return self;
}
