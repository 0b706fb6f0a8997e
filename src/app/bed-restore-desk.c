/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-restore-desk.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bed-dialogs.h"
#include "bed-error-text.h"
#include "bed-file-choice.h"
#include "bed-record-backup.h"
#include "bed-record-set-aside.h"
#include "bed-ui.h"

struct _BedRestoreDesk
{
  GObject parent_instance;
  BedSession *session;           /* owned */
  BedClock *clock;               /* owned */
  BedWindow *window;             /* owned */
  GtkFileChooserNative *chooser; /* owned while it is open */
  char *from;                    /* owned: what is to be restored */
  GCancellable *stop;            /* owned while something is read or restored */
  GtkWidget *dialog;             /* weak: how far it is */
  GtkProgressBar *bar;           /* weak */
  gboolean closed;               /* the record was, for this */
  BedCloseGate gate;
  gpointer gate_data; /* borrowed */
};

enum { CLOSE_RECORD, BEGIN_ANEW, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedRestoreDesk, bed_restore_desk, G_TYPE_OBJECT)

/* What is in front: the preferences, or the locked window. */
static GtkWindow *
parent (BedRestoreDesk *self)
{
  GtkWindow *active = gtk_application_get_active_window (
      GTK_APPLICATION (g_application_get_default ()));

  return active != NULL ? active : GTK_WINDOW (self->window);
}

/* --- In words -------------------------------------------------------------------------------- */

static const char *
record_error_text (int code)
{
  switch (code)
    {
    case BED_RECORD_ERROR_DAMAGED:
      return _("This backup is damaged. Choose another one.");
    case BED_RECORD_ERROR_NEWER:
      return _("This backup was written by a newer Bedside. Update the app, then restore it.");
    case BED_RECORD_ERROR_FULL:
      return _("There is not enough room to restore it. Make room, then try again.");
    case BED_RECORD_ERROR_NOT_FOUND:
      return _("This is no backup. Choose a folder whose name begins with “bedside-record”.");
    case BED_RECORD_ERROR_IO:
      return _("The backup cannot be read, or the disk cannot be written. Check both, then try "
               "again.");
    default:
      return NULL;
    }
}

static const char *
vault_error_text (int code)
{
  switch (code)
    {
    case BED_VAULT_ERROR_WRONG_SECRET:
      return _("This does not open the backup. It takes the password or recovery key of the day on "
               "which it was made.");
    case BED_VAULT_ERROR_DAMAGED:
      return record_error_text (BED_RECORD_ERROR_DAMAGED);
    case BED_VAULT_ERROR_NEWER:
      return record_error_text (BED_RECORD_ERROR_NEWER);
    case BED_VAULT_ERROR_FULL:
      return record_error_text (BED_RECORD_ERROR_FULL);
    case BED_VAULT_ERROR_MISSING:
      return record_error_text (BED_RECORD_ERROR_NOT_FOUND);
    default:
      return NULL;
    }
}

static const char *
error_text (const GError *error)
{
  const char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return _("You stopped it.");
  if (error->domain == BED_RECORD_ERROR)
    text = record_error_text (error->code);
  else if (error->domain == BED_VAULT_ERROR)
    text = vault_error_text (error->code);
  return text != NULL ? text : bed_error_text (error);
}

/* --- How far, and how it went ---------------------------------------------------------------- */

static void
told (BedRestoreDesk *self)
{
  if (self->closed)
    g_signal_emit (self, signals[BEGIN_ANEW], 0);
  self->closed = FALSE;
}

static void
tell (BedRestoreDesk *self, const char *title, const char *text)
{
  GtkWidget *dialog = adw_message_dialog_new (parent (self), title, text);

  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("Close"));
  g_signal_connect_object (dialog, "response", G_CALLBACK (told), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* A new computer has no record yet. */
static gboolean
is_first (BedRestoreDesk *self)
{
  return bed_session_get_state (self->session) == BED_SESSION_STATE_NO_PROFILE;
}

static void
tell_failed (BedRestoreDesk *self, const GError *error)
{
  g_autofree char *text
      = g_strdup_printf ("%s %s", error_text (error),
                         is_first (self) ? _("This computer has no record still.")
                                         : _("The record here is as it was."));

  tell (self, _("Nothing was restored"), text);
}

/* The record is closed for it. */
static gboolean
refused (BedRestoreDesk *self)
{
  g_autofree char *why = self->gate (self->gate_data);

  if (why != NULL)
    tell (self, _("Nothing was restored"), why);
  return why != NULL;
}

static void
stopped (BedRestoreDesk *self)
{
  g_cancellable_cancel (self->stop);
}

static void
show_progress (BedRestoreDesk *self, const char *text)
{
  GtkWidget *dialog = adw_message_dialog_new (parent (self), _("Restoring"), text);
  GtkWidget *bar = gtk_progress_bar_new ();

  bed_ui_set_name (bar, _("Progress"));
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), bar);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "stop", _("Cancel"));
  g_signal_connect_object (dialog, "response", G_CALLBACK (stopped), self, G_CONNECT_SWAPPED);
  g_set_weak_pointer (&self->dialog, dialog);
  g_set_weak_pointer (&self->bar, GTK_PROGRESS_BAR (bar));
  g_clear_object (&self->stop);
  self->stop = g_cancellable_new ();
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
end_progress (BedRestoreDesk *self)
{
  if (self->dialog != NULL)
    {
      g_signal_handlers_disconnect_by_func (self->dialog, stopped, self);
      gtk_window_destroy (GTK_WINDOW (self->dialog));
    }
  g_clear_object (&self->stop);
}

static void
progressed (double fraction, gpointer data)
{
  BedRestoreDesk *self = data;

  if (self->bar == NULL)
    return;
  gtk_progress_bar_set_fraction (self->bar, fraction);
  adw_message_dialog_set_body (ADW_MESSAGE_DIALOG (self->dialog),
                               fraction < .5 ? _("Copying the backup. Nothing here is changed yet.")
                                             : _("Checking every page of it and its whole audit "
                                                 "trail. Nothing here is changed yet."));
}

/* --- A backup -------------------------------------------------------------------------------- */

static void
restored (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedRestoreDesk) self = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *aside = NULL;
  gboolean good = bed_record_restore_finish (result, &aside, &error);

  end_progress (self);
  if (good && is_first (self))
    tell (self, _("The backup is in place"),
          _("Unlock with the password or recovery key of the day on which it was made. Your clinic "
            "then asks for a code to let this computer in."));
  else if (good)
    tell (self, _("The backup is in place"),
          _("Unlock with the password of the day on which it was made. The record that was here is "
            "kept whole until you remove it: Backup, in the preferences, can put it back."));
  else
    tell_failed (self, error);
}

static void
secret_typed (GObject *object, const char *typed)
{
  BedRestoreDesk *self = BED_RESTORE_DESK (object);
  g_autofree char *plain = g_utf8_normalize (typed, -1, G_NORMALIZE_NFC);
  g_autoptr (BedSecret) secret = NULL;
  gboolean recovery;

  if (plain == NULL || self->from == NULL || refused (self))
    return;
  secret = bed_secret_new (plain, strlen (plain));
  recovery = bed_vault_recovery_is_well_formed (plain);
  bed_secret_wipe (plain, strlen (plain));
  self->closed = TRUE;
  g_signal_emit (self, signals[CLOSE_RECORD], 0);
  show_progress (self, _("Copying the backup. Nothing here is changed yet."));
  bed_record_restore_async (
      self->from, bed_vault_get_directory (bed_session_get_vault (self->session)), self->clock,
      bed_session_get_login (self->session), recovery ? BED_RESTORE_RECOVERY : BED_RESTORE_PASSPHRASE,
      secret, BED_RESTORE_REPLACE | BED_RESTORE_OLDER, progressed, self, self->stop, restored,
      g_object_ref (self));
}

/* Reads all of it: what was changed since it was made is found before anything is asked. */
static void
read_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;
  BedBackupInfo *info = bed_backup_info_read (task_data, &error);

  if (info != NULL)
    g_task_return_pointer (task, info, (GDestroyNotify) bed_backup_info_free);
  else
    g_task_return_error (task, error);
}

/* (transfer full) */
static char *
dup_question (BedRestoreDesk *self, const BedBackupInfo *info)
{
  gulong notes = (gulong) info->notes;

  if (is_first (self))
    return g_strdup_printf (ngettext ("It holds %lu note, and becomes the record of this computer.",
                                      "It holds %lu notes, and becomes the record of this computer.",
                                      notes),
                            notes);
  return g_strdup_printf (
      ngettext ("It holds %lu note. What was written since it was made will not be in it; the record "
                "as it is now is set aside, whole. Bedside locks now.",
                "It holds %lu notes. What was written since it was made will not be in it; the "
                "record as it is now is set aside, whole. Bedside locks now.",
                notes),
      notes);
}

static void
was_read (GObject *source, GAsyncResult *result, gpointer data)
{
  BedRestoreDesk *self = BED_RESTORE_DESK (source);
  g_autoptr (GError) error = NULL;
  g_autoptr (BedBackupInfo) info = g_task_propagate_pointer (G_TASK (result), &error);
  g_autofree char *text = NULL;

  end_progress (self);
  if (info == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        tell_failed (self, error);
      return;
    }
  text = dup_question (self, info);
  bed_dialog_ask_secret (parent (self), _("Restore this backup?"), text,
                         _("Password or recovery key of that day"), _("Restore"), secret_typed,
                         G_OBJECT (self));
}

static void
backup_chosen (BedRestoreDesk *self, int response)
{
  g_autoptr (GFile) file = bed_file_choice_take (&self->chooser, response);
  g_autoptr (GTask) task = NULL;

  if (file == NULL)
    return;
  g_free (self->from);
  self->from = g_file_get_path (file);
  if (self->from == NULL)
    {
      tell (self, _("Nothing was restored"),
            record_error_text (BED_RECORD_ERROR_NOT_FOUND));
      return;
    }
  show_progress (self, _("Reading the backup. Nothing here is changed yet."));
  task = g_task_new (self, self->stop, was_read, NULL);
  g_task_set_task_data (task, g_strdup (self->from), g_free);
  g_task_run_in_thread (task, read_thread);
}

void
bed_restore_desk_choose (BedRestoreDesk *self)
{
  if (refused (self))
    return;
  bed_file_choice_open (&self->chooser, parent (self), GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER,
                        _("Choose a backup’s folder"), NULL, G_CALLBACK (backup_chosen), self);
}

/* --- What was set aside ----------------------------------------------------------------------- */

static void
put_back_answered (GObject *object, const char *answer)
{
  BedRestoreDesk *self = BED_RESTORE_DESK (object);
  g_autoptr (GError) error = NULL;

  if (refused (self))
    return;
  self->closed = TRUE;
  g_signal_emit (self, signals[CLOSE_RECORD], 0);
  if (bed_record_put_back (bed_vault_get_directory (bed_session_get_vault (self->session)),
                           self->from, self->clock, &error))
    tell (self, _("The record is back"),
          _("Unlock with its own password. What was here until now is kept in its turn."));
  else
    tell_failed (self, error);
}

void
bed_restore_desk_put_back (BedRestoreDesk *self, const char *path)
{
  if (refused (self))
    return;
  g_free (self->from);
  self->from = g_strdup (path);
  bed_dialog_confirm (parent (self), _("Put this record back?"),
                      _("The record that is here now is kept in its turn, whole. Bedside locks now."),
                      _("Put back"), FALSE, put_back_answered, G_OBJECT (self));
}

/* --- Life ------------------------------------------------------------------------------------ */

void
bed_restore_desk_set_gate (BedRestoreDesk *self, BedCloseGate gate, gpointer data)
{
  self->gate = gate;
  self->gate_data = data;
}

static void
bed_restore_desk_dispose (GObject *object)
{
  BedRestoreDesk *self = BED_RESTORE_DESK (object);

  g_clear_weak_pointer (&self->dialog);
  g_clear_weak_pointer (&self->bar);
  g_clear_object (&self->chooser);
  g_clear_object (&self->stop);
  g_clear_object (&self->session);
  g_clear_object (&self->clock);
  g_clear_object (&self->window);
  g_clear_pointer (&self->from, g_free);
  G_OBJECT_CLASS (bed_restore_desk_parent_class)->dispose (object);
}

static void
bed_restore_desk_class_init (BedRestoreDeskClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_restore_desk_dispose;
  signals[CLOSE_RECORD] = g_signal_new ("close-record", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                        NULL, G_TYPE_NONE, 0);
  signals[BEGIN_ANEW] = g_signal_new ("begin-anew", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 0);
}

static void
bed_restore_desk_init (BedRestoreDesk *self)
{
}

BedRestoreDesk *
bed_restore_desk_new (BedSession *session, BedClock *clock, BedWindow *window)
{
  BedRestoreDesk *self = g_object_new (BED_TYPE_RESTORE_DESK, NULL);

  self->session = g_object_ref (session);
  self->clock = g_object_ref (clock);
  self->window = g_object_ref (window);
  return self;
}
