/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-chat-frame.h"

#include "bed-byte-reader.h"
#include "bed-byte-writer.h"

static const char *const media_types[] = {
  [BED_CHAT_FILE_PNG] = "image/png",
  [BED_CHAT_FILE_JPEG] = "image/jpeg",
  [BED_CHAT_FILE_PDF] = "application/pdf",
};

static gboolean
is_name (const char *name, gsize length)
{
  if (length == 0 || length > BED_CHAT_FILE_NAME_MAX || !g_utf8_validate_len (name, length, NULL))
    return FALSE;
  for (const char *c = name; c < name + length; c = g_utf8_next_char (c))
    if (g_unichar_iscntrl (g_utf8_get_char (c)))
      return FALSE;
  return TRUE;
}

static void
take_rest (BedByteReader *reader, BedChatFrame *frame)
{
  frame->length = bed_byte_reader_get_remaining (reader);
  frame->data = bed_byte_reader_bytes (reader, frame->length);
}

static gboolean
parse_offer (BedByteReader *reader, BedChatFrame *frame)
{
  frame->size = bed_byte_reader_u32 (reader);
  frame->type = bed_byte_reader_u8 (reader);
  take_rest (reader, frame);
  return frame->size > 0 && frame->size <= BED_CHAT_FILE_MAX
         && bed_chat_file_type_to_media (frame->type) != NULL
         && is_name ((const char *) frame->data, frame->length);
}

static gboolean
parse_data (BedByteReader *reader, BedChatFrame *frame)
{
  frame->offset = bed_byte_reader_u32 (reader);
  take_rest (reader, frame);
  return frame->length > 0 && frame->length <= BED_CHAT_FILE_CHUNK
         && frame->offset <= BED_CHAT_FILE_MAX - frame->length;
}

static gboolean
parse_rest (BedByteReader *reader, BedChatFrame *frame)
{
  switch (frame->kind)
    {
    case BED_CHAT_FRAME_OFFER:
      return parse_offer (reader, frame);
    case BED_CHAT_FRAME_DATA:
      return parse_data (reader, frame);
    case BED_CHAT_FRAME_HAVE:
      frame->offset = bed_byte_reader_u32 (reader);
      return frame->offset <= BED_CHAT_FILE_MAX;
    case BED_CHAT_FRAME_STOP:
      return TRUE;
    case BED_CHAT_FRAME_NO:
      frame->reason = bed_byte_reader_u8 (reader);
      return frame->reason >= BED_CHAT_NO_STOPPED && frame->reason <= BED_CHAT_NO_CONTENT;
    default:
      return FALSE;
    }
}

gboolean
bed_chat_frame_parse (const guint8 *bytes, gsize length, BedChatFrame *frame)
{
  BedByteReader reader;

  *frame = (BedChatFrame){ 0 };
  if (length > BED_CHAT_FRAME_MAX)
    return FALSE;
  bed_byte_reader_init (&reader, bytes, length);
  frame->kind = bed_byte_reader_u8 (&reader);
  frame->number = bed_byte_reader_u32 (&reader);
  return frame->number > 0 && parse_rest (&reader, frame) && !bed_byte_reader_failed (&reader)
         && bed_byte_reader_get_remaining (&reader) == 0;
}

GBytes *
bed_chat_frame_build (const BedChatFrame *frame)
{
  guint8 bytes[BED_CHAT_FRAME_MAX];
  BedByteWriter writer;

  bed_byte_writer_init (&writer, bytes, sizeof bytes);
  bed_byte_writer_u8 (&writer, frame->kind);
  bed_byte_writer_u32 (&writer, frame->number);
  if (frame->kind == BED_CHAT_FRAME_OFFER)
    {
      bed_byte_writer_u32 (&writer, frame->size);
      bed_byte_writer_u8 (&writer, frame->type);
    }
  if (frame->kind == BED_CHAT_FRAME_DATA || frame->kind == BED_CHAT_FRAME_HAVE)
    bed_byte_writer_u32 (&writer, frame->offset);
  if (frame->kind == BED_CHAT_FRAME_OFFER || frame->kind == BED_CHAT_FRAME_DATA)
    bed_byte_writer_bytes (&writer, frame->data, frame->length);
  if (frame->kind == BED_CHAT_FRAME_NO)
    bed_byte_writer_u8 (&writer, frame->reason);
  return g_bytes_new (bytes, bed_byte_writer_get_length (&writer));
}

const char *
bed_chat_file_type_to_media (BedChatFileType type)
{
  return (guint) type < G_N_ELEMENTS (media_types) ? media_types[type] : NULL;
}

BedChatFileType
bed_chat_file_type_from_media (const char *media_type)
{
  for (guint i = BED_CHAT_FILE_PNG; i < G_N_ELEMENTS (media_types); i++)
    if (g_strcmp0 (media_type, media_types[i]) == 0)
      return i;
  return 0;
}
