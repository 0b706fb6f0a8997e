/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-chat-files-desk.h"

#include <glib/gi18n.h>

#include "bed-attached-file.h"
#include "bed-attachment.h"
#include "bed-chat-file-box.h"
#include "bed-chat-frame.h"
#include "bed-file-choice.h"

struct _BedChatFilesDesk
{
  GObject parent_instance;
  BedWindow *window;             /* owned */
  BedCall *call;                 /* owned while it lasts */
  GtkFileChooserNative *chooser; /* owned while it is open */
  GCancellable *cancellable;     /* owned while the call lasts */
  BedChatFile *subject;          /* owned: which a place is chosen for */
};

G_DEFINE_FINAL_TYPE (BedChatFilesDesk, bed_chat_files_desk, G_TYPE_OBJECT)

static void
choose (BedChatFilesDesk *self, GtkFileChooserAction action, const char *title, const char *name,
        GCallback chosen)
{
  bed_file_choice_open (&self->chooser, GTK_WINDOW (self->window), action, title, name, chosen,
                        self);
}

/* --- Sending --------------------------------------------------------------------------------- */

static const char *
refusal (const GError *error)
{
  if (g_error_matches (error, BED_RECORD_ERROR, BED_RECORD_ERROR_TOO_LARGE))
    return _("Not sent: a file in the chat may have up to 10 MB.");
  if (g_error_matches (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID))
    return _("Not sent: there is nothing in this file.");
  return _("Not sent: this file cannot be read.");
}

static void
not_sent (BedChatFilesDesk *self, const char *text)
{
  bed_window_warn_in_call (self->window, BED_GRAVITY_LIGHT, text);
}

static void
send_bytes (BedChatFilesDesk *self, const char *name, GBytes *content)
{
  gsize length;
  const void *data = g_bytes_get_data (content, &length);
  const char *media_type = bed_attachment_guess_media_type (data, length);

  if (bed_chat_file_type_from_media (media_type) == 0)
    not_sent (self, _("Not sent: only pictures (PNG, JPEG) and PDF."));
  else if (!bed_call_send_file (self->call, name, media_type, content))
    not_sent (self, _("Not sent: no connection, or another file is on its way."));
}

static void
file_read (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedChatFilesDesk) self = data;
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = bed_attached_file_read_finish (result, &name, &error);

  if (self->call == NULL)
    return;
  if (content != NULL)
    send_bytes (self, name, content);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    not_sent (self, refusal (error));
}

static void
file_chosen (BedChatFilesDesk *self, int response)
{
  g_autoptr (GFile) file = bed_file_choice_take (&self->chooser, response);

  if (file != NULL && self->call != NULL)
    bed_attached_file_read_async (file, BED_CHAT_FILE_MAX, self->cancellable, file_read,
                                  g_object_ref (self));
}

static void
send_file (BedChatFilesDesk *self)
{
  if (self->call != NULL)
    choose (self, GTK_FILE_CHOOSER_ACTION_OPEN, _("Send a file"), NULL, G_CALLBACK (file_chosen));
}

/* --- Keeping --------------------------------------------------------------------------------- */

static void
keep (BedChatFilesDesk *self, BedChatFile *file)
{
  g_autoptr (GError) error = NULL;

  if (bed_call_keep_file (self->call, file, &error))
    bed_window_toast (self->window, _("Kept with the note’s attachments."));
  else
    bed_window_warn_error (self->window, error);
}

static void
place_chosen (BedChatFilesDesk *self, int response)
{
  g_autoptr (GFile) file = bed_file_choice_take (&self->chooser, response);
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  g_autoptr (GError) error = NULL;

  if (file == NULL || self->call == NULL || self->subject == NULL
      || bed_chat_file_get_content (self->subject) == NULL)
    return;
  if (path == NULL)
    bed_window_toast (self->window, _("This folder cannot be written. Choose another place."));
  else if (bed_call_save_file (self->call, self->subject, path, &error))
    bed_window_toast (self->window, _("Saved. Only you can open the copy."));
  else
    bed_window_warn_error (self->window, error);
}

static void
acted (BedChatFilesDesk *self, BedChatFile *file, int act)
{
  if (self->call == NULL)
    return;
  switch ((BedChatFileAct) act)
    {
    case BED_CHAT_FILE_ACT_STOP:
      bed_call_stop_file (self->call, file);
      break;
    case BED_CHAT_FILE_ACT_KEEP:
      keep (self, file);
      break;
    case BED_CHAT_FILE_ACT_SAVE:
    default:
      g_set_object (&self->subject, file);
      choose (self, GTK_FILE_CHOOSER_ACTION_SAVE, _("Save as"), bed_chat_file_get_name (file),
              G_CALLBACK (place_chosen));
    }
}

/* --- Life ------------------------------------------------------------------------------------ */

void
bed_chat_files_desk_set_call (BedChatFilesDesk *self, BedCall *call)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->chooser);
  g_clear_object (&self->subject);
  g_set_object (&self->call, call);
  if (call != NULL)
    self->cancellable = g_cancellable_new ();
}

static void
bed_chat_files_desk_dispose (GObject *object)
{
  BedChatFilesDesk *self = BED_CHAT_FILES_DESK (object);

  bed_chat_files_desk_set_call (self, NULL);
  g_clear_object (&self->window);
  G_OBJECT_CLASS (bed_chat_files_desk_parent_class)->dispose (object);
}

static void
bed_chat_files_desk_class_init (BedChatFilesDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_chat_files_desk_dispose;
}

static void
bed_chat_files_desk_init (BedChatFilesDesk *self)
{
}

BedChatFilesDesk *
bed_chat_files_desk_new (BedWindow *window)
{
  BedChatFilesDesk *self = g_object_new (BED_TYPE_CHAT_FILES_DESK, NULL);
  BedCallPanel *panel = bed_call_page_get_panel (bed_window_get_call (window));

  self->window = g_object_ref (window);
  g_signal_connect_object (panel, "send-file", G_CALLBACK (send_file), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (panel, "file-act", G_CALLBACK (acted), self, G_CONNECT_SWAPPED);
  return self;
}
