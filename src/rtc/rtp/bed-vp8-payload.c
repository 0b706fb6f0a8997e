/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vp8-payload.h"

#include "bed-byte-reader.h"

#include <string.h>

/* RFC 7741 4.2: the bytes after the first one, when X is set. */
static void
parse_extension (BedVp8Payload *self, BedByteReader *reader)
{
  guint8 bits = bed_byte_reader_u8 (reader);

  if (bits & 0x80)
    {
      self->picture_id = bed_byte_reader_u8 (reader);
      if (self->picture_id & 0x80)
        self->picture_id = (self->picture_id & 0x7f) << 8 | bed_byte_reader_u8 (reader);
    }
  if (bits & 0x40)
    self->tl0_picture_index = bed_byte_reader_u8 (reader);
  if (bits & 0x30)
    {
      guint8 layer = bed_byte_reader_u8 (reader);

      if (bits & 0x20)
        {
          self->temporal_id = layer >> 6;
          self->layer_sync = layer >> 5 & 1;
        }
      if (bits & 0x10)
        self->key_index = layer & 0x1f;
    }
}

gboolean
bed_vp8_payload_parse (BedVp8Payload *self, const guint8 *payload, gsize length)
{
  BedByteReader reader;
  guint8 first;

  *self = (BedVp8Payload){
    .picture_id = -1, .tl0_picture_index = -1, .temporal_id = -1, .key_index = -1
  };
  bed_byte_reader_init (&reader, payload, length);
  first = bed_byte_reader_u8 (&reader);
  self->non_reference = first >> 5 & 1;
  self->start_of_partition = first >> 4 & 1;
  self->partition = first & 0xf; /* three bits and one that is to be ignored: nobody sets it */
  if (first & 0x80)
    parse_extension (self, &reader);
  self->length = bed_byte_reader_get_remaining (&reader);
  if (self->length == 0)
    return FALSE;
  self->data = bed_byte_reader_bytes (&reader, self->length);
  return TRUE;
}

gboolean
bed_vp8_frame_get_info (const guint8 *data, gsize length, gboolean *key_frame, guint *width,
                        guint *height)
{
  if (length < 3)
    return FALSE;
  *key_frame = (data[0] & 1) == 0;
  if (!*key_frame)
    return TRUE;
  if (length < 10 || data[3] != 0x9d || data[4] != 0x01 || data[5] != 0x2a)
    return FALSE;
  *width = (data[6] | data[7] << 8) & 0x3fff;
  *height = (data[8] | data[9] << 8) & 0x3fff;
  return TRUE;
}

#define DESCRIPTOR 4 /* X, I, two bytes of picture id */

void
bed_vp8_packetiser_init (BedVp8Packetiser *self, const guint8 *frame, gsize length,
                         guint16 picture_id, gsize max_payload)
{
  gsize room = max_payload - DESCRIPTOR;
  gsize pieces = MAX (1, (length + room - 1) / room);

  *self = (BedVp8Packetiser){ .frame = frame, .length = length, .picture_id = picture_id & 0x7fff };
  self->piece = (length + pieces - 1) / pieces;
}

gsize
bed_vp8_packetiser_next (BedVp8Packetiser *self, guint8 *out, gsize capacity, gboolean *last)
{
  gsize piece = MIN (self->piece, self->length - self->position);

  if (piece == 0 || capacity < DESCRIPTOR + piece)
    return 0;
  out[0] = 0x80 | (self->position == 0 ? 0x10 : 0);
  out[1] = 0x80;
  out[2] = 0x80 | self->picture_id >> 8;
  out[3] = self->picture_id & 0xff;
  memcpy (out + DESCRIPTOR, self->frame + self->position, piece);
  self->position += piece;
  *last = self->position == self->length;
  return DESCRIPTOR + piece;
}
