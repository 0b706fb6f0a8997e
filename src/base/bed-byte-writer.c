/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-byte-writer.h"

#include <string.h>

void
bed_byte_writer_init (BedByteWriter *self, guint8 *data, gsize capacity)
{
  *self = (BedByteWriter) { .data = data, .capacity = capacity };
}

gboolean
bed_byte_writer_failed (const BedByteWriter *self)
{
  return self->failed;
}

gsize
bed_byte_writer_get_length (const BedByteWriter *self)
{
  return self->length;
}

void
bed_byte_writer_bytes (BedByteWriter *self, const void *bytes, gsize length)
{
  if (self->failed || length > self->capacity - self->length)
    {
      self->failed = TRUE;
      return;
    }
  if (length > 0)
    memcpy (self->data + self->length, bytes, length);
  self->length += length;
}

static void
write_integer (BedByteWriter *self, guint64 value, gsize size)
{
  guint8 bytes[8];

  for (gsize i = 0; i < size; i++)
    bytes[i] = value >> (8 * (size - 1 - i));
  bed_byte_writer_bytes (self, bytes, size);
}

void
bed_byte_writer_u8 (BedByteWriter *self, guint8 value)
{
  write_integer (self, value, 1);
}

void
bed_byte_writer_u16 (BedByteWriter *self, guint16 value)
{
  write_integer (self, value, 2);
}

void
bed_byte_writer_u24 (BedByteWriter *self, guint32 value)
{
  write_integer (self, value, 3);
}

void
bed_byte_writer_u32 (BedByteWriter *self, guint32 value)
{
  write_integer (self, value, 4);
}

void
bed_byte_writer_u64 (BedByteWriter *self, guint64 value)
{
  write_integer (self, value, 8);
}

void
bed_byte_writer_patch_u16 (BedByteWriter *self, gsize at, guint16 value)
{
  if (self->failed || at > self->length || self->length - at < 2)
    {
      self->failed = TRUE;
      return;
    }
  self->data[at] = value >> 8;
  self->data[at + 1] = value & 0xff;
}
