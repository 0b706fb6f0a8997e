/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-byte-reader.h"

void
bed_byte_reader_init (BedByteReader *self, const guint8 *data, gsize length)
{
  *self = (BedByteReader) { .data = data, .length = length };
}

gsize
bed_byte_reader_get_remaining (const BedByteReader *self)
{
  return self->failed ? 0 : self->length - self->position;
}

gboolean
bed_byte_reader_failed (const BedByteReader *self)
{
  return self->failed;
}

const guint8 *
bed_byte_reader_bytes (BedByteReader *self, gsize length)
{
  const guint8 *at;

  if (self->failed || length > self->length - self->position)
    {
      self->failed = TRUE;
      return NULL;
    }
  at = self->data + self->position;
  self->position += length;
  return at;
}

static guint64
read_integer (BedByteReader *self, gsize size)
{
  const guint8 *bytes = bed_byte_reader_bytes (self, size);
  guint64 value = 0;

  for (gsize i = 0; bytes != NULL && i < size; i++)
    value = value << 8 | bytes[i];
  return value;
}

guint8
bed_byte_reader_u8 (BedByteReader *self)
{
  return read_integer (self, 1);
}

guint16
bed_byte_reader_u16 (BedByteReader *self)
{
  return read_integer (self, 2);
}

guint32
bed_byte_reader_u24 (BedByteReader *self)
{
  return read_integer (self, 3);
}

guint32
bed_byte_reader_u32 (BedByteReader *self)
{
  return read_integer (self, 4);
}

guint64
bed_byte_reader_u64 (BedByteReader *self)
{
  return read_integer (self, 8);
}

void
bed_byte_reader_skip (BedByteReader *self, gsize length)
{
  bed_byte_reader_bytes (self, length);
}

BedByteReader
bed_byte_reader_sub (BedByteReader *self, gsize length)
{
  const guint8 *bytes = bed_byte_reader_bytes (self, length);
  BedByteReader sub = { .data = bytes, .length = bytes ? length : 0, .failed = self->failed };

  return sub;
}
