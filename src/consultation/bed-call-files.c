/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-call-parts-private.h"

#include "bed-chat-file-private.h"
#include "bed-export-file.h"

static gboolean
send_message (GBytes *message, gpointer user_data)
{
  BedCall *self = user_data;

  if (self->engine == NULL || !bed_engine_send_data (self->engine, message))
    return FALSE;
  self->data_waiting++;
  return TRUE;
}

void
bed_call_take_data_sent (BedCall *self, gboolean sent)
{
  if (self->data_waiting == 0)
    return;
  self->data_waiting--;
  if (!sent)
    bed_file_transfers_give_up (self->files);
}

/* What waits for room on our side is no silence of the other. */
void
bed_call_tick_files (BedCall *self)
{
  if (self->data_waiting == 0)
    bed_file_transfers_tick (self->files);
}

static void
show_file (BedCall *self, BedChatFile *file)
{
  g_autoptr (BedChatMessage) message
      = bed_chat_message_new_file (file, bed_clock_get_real_us (self->clock));

  g_list_store_append (self->chat, message);
  bed_call_record (self);
}

static void
file_added (BedChatFile *file, gpointer user_data)
{
  show_file (user_data, file);
}

static const BedTransfersFuncs funcs = { send_message, file_added };

void
bed_call_open_files (BedCall *self)
{
  self->files = bed_file_transfers_new (&funcs, self);
}

gboolean
bed_call_send_file (BedCall *self, const char *name, const char *media_type, GBytes *content)
{
  g_autoptr (BedChatFile) file
      = bed_call_may_send (self) && self->chat_open
            ? bed_file_transfers_offer (self->files, name, media_type, content)
            : NULL;

  if (file != NULL)
    show_file (self, file);
  return file != NULL;
}

void
bed_call_stop_file (BedCall *self, BedChatFile *file)
{
  bed_file_transfers_stop (self->files, file);
}

gboolean
bed_call_can_keep_files (BedCall *self)
{
  return self->store != NULL && self->encounter != NULL;
}

gboolean
bed_call_keep_file (BedCall *self, BedChatFile *file, GError **error)
{
  GBytes *content = bed_chat_file_get_content (file);
  g_autoptr (BedAttachment) kept = NULL;

  if (bed_chat_file_get_kept (file))
    return TRUE;
  if (!bed_call_can_keep_files (self) || content == NULL)
    {
      g_set_error_literal (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NOT_FOUND,
                           "There is no encounter to keep it with");
      return FALSE;
    }
  kept = bed_record_store_keep_attachment (
      self->store, bed_encounter_get_id (self->encounter), bed_clock_get_real_us (self->clock),
      !bed_chat_file_get_mine (file), bed_chat_file_get_name (file),
      bed_chat_file_get_media_type (file), content, error);
  if (kept != NULL)
    bed_chat_file_set_kept (file);
  return kept != NULL;
}

gboolean
bed_call_save_file (BedCall *self, BedChatFile *file, const char *path, GError **error)
{
  GBytes *content = bed_chat_file_get_content (file);

  g_return_val_if_fail (content != NULL, FALSE);
  return (self->store == NULL || bed_record_store_note_copy (self->store, self->encounter, error))
         && bed_export_file_save (path, g_bytes_get_data (content, NULL),
                                  g_bytes_get_size (content), error);
}
