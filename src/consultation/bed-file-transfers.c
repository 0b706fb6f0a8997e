/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-file-transfers-private.h"

#include "bed-attachment.h"
#include "bed-chat-frame.h"

#include <string.h>

typedef struct
{
  BedChatFile *file; /* owned (nullable): NULL is idle */
  guint32 number;    /* of the present one */
  guint idle;        /* ticks */
} Way;

struct _BedFileTransfers
{
  const BedTransfersFuncs *funcs;
  gpointer user_data;
  Way out, in;
  guint32 n_offered;
  gsize sent;        /* bytes of the one that goes out */
  guint32 last_in;   /* number of the last one that was offered to us */
  GByteArray *bytes; /* owned: of the one that comes in */
  guint64 taken;     /* bytes that were let in, in this call */
  guint n_taken;     /* files that were let in, in this call */
  gsize told;        /* bytes that were confirmed */
  gboolean paused;
};

static gboolean
say (BedFileTransfers *self, const BedChatFrame *frame)
{
  g_autoptr (GBytes) message = bed_chat_frame_build (frame);

  return self->funcs->send (message, self->user_data);
}

static void
end (Way *way, BedChatFileState state)
{
  g_autoptr (BedChatFile) file = g_steal_pointer (&way->file);

  way->idle = 0;
  if (file != NULL)
    bed_chat_file_set_state (file, state);
}

static void
end_in (BedFileTransfers *self, BedChatFileState state)
{
  g_byte_array_set_size (self->bytes, 0);
  end (&self->in, state);
}

/* --- Out --------------------------------------------------------------------------------------- */

static void
pump (BedFileTransfers *self)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (bed_chat_file_get_content (self->out.file), &length);
  gsize confirmed = bed_chat_file_get_moved (self->out.file);

  while (!self->paused && self->sent < length && self->sent - confirmed < BED_CHAT_FILE_WINDOW)
    {
      gsize n = MIN (length - self->sent, BED_CHAT_FILE_CHUNK);

      if (!say (self, &(BedChatFrame){ .kind = BED_CHAT_FRAME_DATA, .number = self->out.number,
                                       .offset = (guint32) self->sent, .data = data + self->sent,
                                       .length = n }))
        return;
      self->sent += n;
    }
}

static void
take_have (BedFileTransfers *self, const BedChatFrame *frame)
{
  guint64 moved;

  if (self->out.file == NULL || frame->number != self->out.number || frame->offset > self->sent)
    return;
  moved = bed_chat_file_get_moved (self->out.file);
  if (frame->offset < moved)
    return;
  self->out.idle = 0;
  bed_chat_file_set_moved (self->out.file, frame->offset);
  bed_chat_file_set_state (self->out.file, BED_CHAT_FILE_MOVING);
  if (frame->offset == bed_chat_file_get_size (self->out.file))
    end (&self->out, BED_CHAT_FILE_DONE);
  else
    pump (self);
}

static void
take_no (BedFileTransfers *self, const BedChatFrame *frame)
{
  if (self->out.file != NULL && frame->number == self->out.number)
    end (&self->out, frame->reason == BED_CHAT_NO_STOPPED ? BED_CHAT_FILE_STOPPED
                                                          : BED_CHAT_FILE_REFUSED);
}

/* At a character's end. */
static gsize
name_length (const char *name)
{
  const char *stop;
  gsize length = MIN (strlen (name), BED_CHAT_FILE_NAME_MAX);

  g_utf8_validate_len (name, length, &stop);
  return (gsize) (stop - name);
}

BedChatFile *
bed_file_transfers_offer (BedFileTransfers *self, const char *name, const char *media_type,
                          GBytes *content)
{
  gsize size = g_bytes_get_size (content);
  BedChatFileType type = bed_chat_file_type_from_media (media_type);
  g_autoptr (BedChatFile) file = NULL;
  BedChatFrame offer = { .kind = BED_CHAT_FRAME_OFFER, .number = self->n_offered + 1,
                         .size = (guint32) size, .type = type };

  if (self->out.file != NULL || type == 0 || size == 0 || size > BED_CHAT_FILE_MAX)
    return NULL;
  file = bed_chat_file_new (name, media_type, size, content);
  offer.data = (const guint8 *) bed_chat_file_get_name (file);
  offer.length = name_length (bed_chat_file_get_name (file));
  if (!say (self, &offer))
    return NULL;
  self->n_offered++;
  self->out.number = offer.number;
  self->sent = 0;
  self->out.file = g_object_ref (file);
  return g_steal_pointer (&file);
}

/* --- In ---------------------------------------------------------------------------------------- */

static void
refuse (BedFileTransfers *self, guint32 number, BedChatNo reason)
{
  say (self, &(BedChatFrame){ .kind = BED_CHAT_FRAME_NO, .number = number, .reason = reason });
}

static void
confirm (BedFileTransfers *self)
{
  self->told = self->bytes->len;
  say (self, &(BedChatFrame){ .kind = BED_CHAT_FRAME_HAVE, .number = self->in.number,
                              .offset = self->bytes->len });
}

static void
take_offer (BedFileTransfers *self, const BedChatFrame *frame)
{
  g_autofree char *name = NULL;

  if (frame->number <= self->last_in)
    return;
  self->last_in = frame->number;
  if (self->in.file != NULL)
    refuse (self, frame->number, BED_CHAT_NO_BUSY);
  else if (self->taken + frame->size > BED_TRANSFERS_MAX_BYTES
           || self->n_taken == BED_TRANSFERS_MAX_FILES)
    refuse (self, frame->number, BED_CHAT_NO_LIMIT);
  else
    {
      name = g_strndup ((const char *) frame->data, frame->length);
      self->taken += frame->size;
      self->n_taken++;
      self->in.number = frame->number;
      self->in.idle = 0;
      self->in.file = bed_chat_file_new (name, bed_chat_file_type_to_media (frame->type),
                                         frame->size, NULL);
      bed_chat_file_set_state (self->in.file, BED_CHAT_FILE_MOVING);
      self->funcs->added (self->in.file, self->user_data);
      confirm (self);
    }
}

/* All of it is there: what it says of itself is held against its bytes. */
static void
finish (BedFileTransfers *self)
{
  const char *kind = bed_attachment_guess_media_type (self->bytes->data, self->bytes->len);

  if (!g_str_equal (kind, bed_chat_file_get_media_type (self->in.file)))
    {
      refuse (self, self->in.number, BED_CHAT_NO_CONTENT);
      end_in (self, BED_CHAT_FILE_REFUSED);
      return;
    }
  confirm (self);
  bed_chat_file_take_content (self->in.file, g_bytes_new (self->bytes->data, self->bytes->len));
  end_in (self, BED_CHAT_FILE_DONE);
}

static void
take_data (BedFileTransfers *self, const BedChatFrame *frame)
{
  guint64 size;

  if (self->in.file == NULL || frame->number != self->in.number)
    return;
  size = bed_chat_file_get_size (self->in.file);
  if (frame->offset != self->bytes->len
      || frame->length != MIN (BED_CHAT_FILE_CHUNK, size - self->bytes->len))
    {
      refuse (self, frame->number, BED_CHAT_NO_CONTENT);
      end_in (self, BED_CHAT_FILE_REFUSED);
      return;
    }
  self->in.idle = 0;
  g_byte_array_append (self->bytes, frame->data, (guint) frame->length);
  bed_chat_file_set_moved (self->in.file, self->bytes->len);
  if (self->bytes->len == size)
    finish (self);
  else if (self->bytes->len - self->told >= BED_CHAT_FILE_WINDOW / 4)
    confirm (self);
}

void
bed_file_transfers_take (BedFileTransfers *self, GBytes *message)
{
  gsize length;
  const guint8 *bytes = g_bytes_get_data (message, &length);
  BedChatFrame frame;

  if (!bed_chat_frame_parse (bytes, length, &frame))
    return;
  switch (frame.kind)
    {
    case BED_CHAT_FRAME_OFFER:
      take_offer (self, &frame);
      break;
    case BED_CHAT_FRAME_DATA:
      take_data (self, &frame);
      break;
    case BED_CHAT_FRAME_HAVE:
      take_have (self, &frame);
      break;
    case BED_CHAT_FRAME_STOP:
      if (self->in.file != NULL && frame.number == self->in.number)
        end_in (self, BED_CHAT_FILE_STOPPED);
      break;
    case BED_CHAT_FRAME_NO:
    default:
      take_no (self, &frame);
      break;
    }
}

/* --- Both -------------------------------------------------------------------------------------- */

void
bed_file_transfers_stop (BedFileTransfers *self, BedChatFile *file)
{
  if (file == self->out.file)
    {
      say (self, &(BedChatFrame){ .kind = BED_CHAT_FRAME_STOP, .number = self->out.number });
      end (&self->out, BED_CHAT_FILE_STOPPED);
    }
  else if (file == self->in.file)
    {
      refuse (self, self->in.number, BED_CHAT_NO_STOPPED);
      end_in (self, BED_CHAT_FILE_STOPPED);
    }
}

void
bed_file_transfers_stop_all (BedFileTransfers *self)
{
  if (self->out.file != NULL)
    bed_file_transfers_stop (self, self->out.file);
  if (self->in.file != NULL)
    bed_file_transfers_stop (self, self->in.file);
}

void
bed_file_transfers_lose (BedFileTransfers *self)
{
  end (&self->out, BED_CHAT_FILE_LOST);
  end_in (self, BED_CHAT_FILE_LOST);
  self->last_in = 0; /* another page of the other side counts from the beginning */
}

void
bed_file_transfers_set_paused (BedFileTransfers *self, gboolean paused)
{
  self->paused = paused;
  if (self->out.file != NULL && bed_chat_file_get_state (self->out.file) == BED_CHAT_FILE_MOVING)
    pump (self);
}

static void
give_up_out (BedFileTransfers *self)
{
  say (self, &(BedChatFrame){ .kind = BED_CHAT_FRAME_STOP, .number = self->out.number });
  end (&self->out, BED_CHAT_FILE_LOST);
}

static void
give_up_in (BedFileTransfers *self)
{
  refuse (self, self->in.number, BED_CHAT_NO_STOPPED);
  end_in (self, BED_CHAT_FILE_LOST);
}

void
bed_file_transfers_give_up (BedFileTransfers *self)
{
  if (self->out.file != NULL)
    give_up_out (self);
  if (self->in.file != NULL)
    give_up_in (self);
}

void
bed_file_transfers_tick (BedFileTransfers *self)
{
  if (self->paused)
    return;
  if (self->out.file != NULL && ++self->out.idle >= BED_TRANSFERS_PATIENCE)
    give_up_out (self);
  if (self->in.file != NULL && ++self->in.idle >= BED_TRANSFERS_PATIENCE)
    give_up_in (self);
}

BedFileTransfers *
bed_file_transfers_new (const BedTransfersFuncs *funcs, gpointer user_data)
{
  BedFileTransfers *self = g_new0 (BedFileTransfers, 1);

  self->funcs = funcs;
  self->user_data = user_data;
  self->bytes = g_byte_array_new ();
  return self;
}

void
bed_file_transfers_free (BedFileTransfers *self)
{
  bed_file_transfers_lose (self);
  g_byte_array_unref (self->bytes);
  g_free (self);
}
