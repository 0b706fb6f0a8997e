/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-attachment-desk.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bed-attached-file.h"
#include "bed-attachment-window.h"
#include "bed-error-text.h"
#include "bed-export-file.h"
#include "bed-file-choice.h"

struct _BedAttachmentDesk
{
  GObject parent_instance;
  BedClock *clock;       /* owned */
  BedWindow *window;     /* owned */
  BedRecordStore *store; /* owned while open */
  GtkFileChooserNative *chooser; /* owned while it is open */
  BedAttachmentWindow *shown;    /* weak */
  GCancellable *cancellable;     /* owned while the store is open */
  BedAttachmentsBox *box;        /* weak: where a file was asked for */
  gint64 encounter_id;           /* which it is chosen for */
  gint64 subject;                /* which attachment a place is chosen for */
};

G_DEFINE_FINAL_TYPE (BedAttachmentDesk, bed_attachment_desk, G_TYPE_OBJECT)

/* Where the person looks. */
static void
say (BedAttachmentDesk *self, const char *text)
{
  if (self->shown != NULL)
    bed_attachment_window_tell (self->shown, text);
  else
    bed_window_toast (self->window, text);
}

static void
tell (BedAttachmentDesk *self, const GError *error)
{
  if (self->shown != NULL)
    bed_attachment_window_tell (self->shown, bed_error_text (error));
  else
    bed_window_warn_error (self->window, error);
}

static void
choose (BedAttachmentDesk *self, GtkFileChooserAction action, const char *title, const char *name,
        GCallback chosen)
{
  GtkWindow *parent = self->shown != NULL ? GTK_WINDOW (self->shown) : GTK_WINDOW (self->window);

  bed_file_choice_open (&self->chooser, parent, action, title, name, chosen, self);
}

/* --- Adding ---------------------------------------------------------------------------------- */

/* What is asked of a file differs from what is asked of a note. */
static char *
dup_refusal (const GError *error)
{
  if (g_error_matches (error, BED_RECORD_ERROR, BED_RECORD_ERROR_TOO_LARGE))
    return g_strdup_printf (_("One file may have up to %d MB, all of a consultation up to %d MB. "
                              "Choose a smaller one."),
                            BED_ATTACHMENT_MAX >> 20, BED_ATTACHMENTS_OF_ENCOUNTER_MAX >> 20);
  if (g_error_matches (error, BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID))
    return g_strdup (_("There is nothing in this file. Choose another one."));
  if (error->domain == G_IO_ERROR)
    return g_strdup (_("This file cannot be read. Copy it to this computer, then try again."));
  return g_strdup (bed_error_text (error));
}

/* Returns: (transfer full): by its content, and where that tells nothing by its name. */
static char *
dup_media_type (const char *name, GBytes *content)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (content, &length);
  const char *known = bed_attachment_guess_media_type (data, length);
  g_autofree char *type = NULL;

  if (!g_str_equal (known, "application/octet-stream"))
    return g_strdup (known);
  type = g_content_type_guess (name, data, MIN (length, 4096), NULL);
  return g_content_type_get_mime_type (type);
}

typedef struct
{
  BedAttachmentDesk *desk; /* owned */
  gint64 encounter_id;
} Adding;

static void
keep (BedAttachmentDesk *self, gint64 encounter_id, const char *name, GBytes *content,
      GError **error)
{
  g_autofree char *media_type = dup_media_type (name, content);
  g_autoptr (BedAttachment) kept = bed_record_store_keep_attachment (
      self->store, encounter_id, bed_clock_get_real_us (self->clock), FALSE, name, media_type,
      content, error);

  if (kept != NULL)
    bed_window_toast (self->window, _("File added."));
}

static void
file_read (GObject *source, GAsyncResult *result, gpointer data)
{
  Adding *adding = data;
  g_autoptr (BedAttachmentDesk) self = adding->desk;
  g_autofree char *name = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = bed_attached_file_read_finish (result, &name, &error);

  if (content != NULL && self->store != NULL)
    keep (self, adding->encounter_id, name, content, &error);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_autofree char *text = dup_refusal (error);
      if (self->box != NULL)
        bed_attachments_box_set_error (self->box, text);
    }
  g_free (adding);
}

static void
file_chosen (BedAttachmentDesk *self, int response)
{
  g_autoptr (GFile) file = bed_file_choice_take (&self->chooser, response);
  Adding *adding;

  if (file == NULL || self->store == NULL)
    return;
  adding = g_new0 (Adding, 1);
  adding->desk = g_object_ref (self);
  adding->encounter_id = self->encounter_id;
  bed_attached_file_read_async (file, BED_ATTACHMENT_MAX, self->cancellable, file_read, adding);
}

static void
add (BedNoteEditor *editor, BedAttachmentDesk *self)
{
  BedNote *note = bed_note_editor_get_note (editor);

  if (self->store == NULL || note == NULL)
    return;
  self->encounter_id = bed_note_get_encounter_id (note);
  g_set_weak_pointer (&self->box, bed_note_editor_get_attachments (editor));
  bed_attachments_box_set_error (self->box, NULL);
  choose (self, GTK_FILE_CHOOSER_ACTION_OPEN, _("Add a file"), NULL, G_CALLBACK (file_chosen));
}

/* --- A copy outside the record --------------------------------------------------------------- */

static void
place_chosen (BedAttachmentDesk *self, int response)
{
  g_autoptr (GFile) file = bed_file_choice_take (&self->chooser, response);
  g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
  g_autoptr (GError) error = NULL;

  if (file == NULL || self->store == NULL)
    return;
  if (path == NULL)
    say (self, _("This folder cannot be written. Choose another place."));
  else if (bed_record_store_save_attachment (self->store, self->subject, path, &error))
    say (self, _("Saved. The audit trail says so."));
  else
    tell (self, error);
}

static void
save (BedAttachmentDesk *self, BedAttachment *attachment)
{
  g_autofree char *name = bed_attachment_dup_file_name (
      bed_attachment_get_name (attachment), bed_attachment_get_media_type (attachment));

  self->subject = bed_attachment_get_id (attachment);
  choose (self, GTK_FILE_CHOOSER_ACTION_SAVE, _("Save as"), name, G_CALLBACK (place_chosen));
}

/* --- Deleting, with a way back --------------------------------------------------------------- */

static void
recover_id (BedAttachmentDesk *self, gint64 id)
{
  g_autoptr (GError) error = NULL;

  if (self->store != NULL && !bed_record_store_restore_attachment (self->store, id, &error))
    tell (self, error);
}

static void
recover (BedAttachmentDesk *self, BedAttachment *attachment)
{
  recover_id (self, bed_attachment_get_id (attachment));
}

static void
undo_clicked (AdwToast *toast, BedAttachmentDesk *self)
{
  gint64 *id = g_object_get_data (G_OBJECT (toast), "attachment");

  recover_id (self, *id);
}

static void
delete (BedAttachmentDesk *self, BedAttachment *attachment)
{
  gint64 id = bed_attachment_get_id (attachment);
  g_autoptr (GError) error = NULL;
  AdwToast *toast;

  if (self->store == NULL)
    return;
  if (self->shown != NULL)
    gtk_window_destroy (GTK_WINDOW (self->shown));
  if (!bed_record_store_delete_attachment (self->store, id, &error))
    {
      tell (self, error);
      return;
    }
  toast = bed_window_toast_with_button (self->window, _("File deleted."), _("Undo"));
  g_object_set_data_full (G_OBJECT (toast), "attachment", g_memdup2 (&id, sizeof id), g_free);
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_clicked), self, 0);
}

/* --- Looking --------------------------------------------------------------------------------- */

void
bed_attachment_desk_open (BedAttachmentDesk *self, BedAttachment *attachment)
{
  gint64 id = bed_attachment_get_id (attachment);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) content = NULL;

  if (self->store == NULL)
    return;
  content = bed_record_store_read_attachment (self->store, id, &error);
  if (content == NULL)
    {
      tell (self, error);
      return;
    }
  if (self->shown != NULL)
    gtk_window_destroy (GTK_WINDOW (self->shown));
  g_set_weak_pointer (&self->shown,
                      bed_attachment_window_new (GTK_WINDOW (self->window), attachment, content,
                                                 bed_clock_get_real_us (self->clock)));
  g_signal_connect_object (self->shown, "save", G_CALLBACK (save), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->shown, "delete", G_CALLBACK (delete), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (self->shown));
}

/* --- Life ------------------------------------------------------------------------------------ */

static void
show_list (BedAttachmentDesk *self, BedNoteEditor *editor)
{
  BedNote *note = bed_note_editor_get_note (editor);
  gint64 id = note != NULL ? bed_note_get_encounter_id (note) : 0;
  g_autoptr (GListModel) files = NULL, deleted = NULL;

  if (self->store != NULL && id != 0)
    {
      files = bed_record_store_list_attachments (self->store, id);
      deleted = bed_record_store_list_deleted_attachments (self->store, id);
    }
  bed_attachments_box_set (bed_note_editor_get_attachments (editor), files, deleted,
                           bed_clock_get_real_us (self->clock));
}

void
bed_attachment_desk_follow (BedAttachmentDesk *self, BedNoteEditor *editor)
{
  BedAttachmentsBox *box = bed_note_editor_get_attachments (editor);

  g_signal_connect_object (editor, "note-changed", G_CALLBACK (show_list), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (editor, "add-file", G_CALLBACK (add), self, 0);
  g_signal_connect_object (box, "open", G_CALLBACK (bed_attachment_desk_open), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (box, "save", G_CALLBACK (save), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (box, "delete", G_CALLBACK (delete), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (box, "recover", G_CALLBACK (recover), self, G_CONNECT_SWAPPED);
}

static void
stop (BedAttachmentDesk *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->chooser);
}

void
bed_attachment_desk_set_store (BedAttachmentDesk *self, BedRecordStore *store)
{
  stop (self);
  if (self->shown != NULL)
    gtk_window_destroy (GTK_WINDOW (self->shown));
  g_set_object (&self->store, store);
  if (store != NULL)
    self->cancellable = g_cancellable_new ();
}

static void
bed_attachment_desk_dispose (GObject *object)
{
  BedAttachmentDesk *self = BED_ATTACHMENT_DESK (object);

  stop (self);
  g_clear_weak_pointer (&self->shown);
  g_clear_weak_pointer (&self->box);
  g_clear_object (&self->store);
  g_clear_object (&self->clock);
  g_clear_object (&self->window);
  G_OBJECT_CLASS (bed_attachment_desk_parent_class)->dispose (object);
}

static void
bed_attachment_desk_class_init (BedAttachmentDeskClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_attachment_desk_dispose;
}

static void
bed_attachment_desk_init (BedAttachmentDesk *self)
{
}

BedAttachmentDesk *
bed_attachment_desk_new (BedClock *clock, BedWindow *window)
{
  BedAttachmentDesk *self = g_object_new (BED_TYPE_ATTACHMENT_DESK, NULL);

  self->clock = g_object_ref (clock);
  self->window = g_object_ref (window);
  return self;
}
