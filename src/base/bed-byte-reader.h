/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A cursor over bytes that somebody else sent. Borrows the bytes; never reads past the end.
 * A read that does not fit sets `failed`, returns zero or NULL and every later read fails too, so a
 * parser may read a whole structure and look once. Any thread; not shared between threads.
 */
typedef struct
{
  const guint8 *data;
  gsize length;
  gsize position;
  gboolean failed;
} BedByteReader;

void bed_byte_reader_init (BedByteReader *self, const guint8 *data, gsize length);
/* Bytes not yet read; 0 after a failure. */
gsize bed_byte_reader_get_remaining (const BedByteReader *self);
gboolean bed_byte_reader_failed (const BedByteReader *self);
/* All integers are big-endian (network order). */
guint8 bed_byte_reader_u8 (BedByteReader *self);
guint16 bed_byte_reader_u16 (BedByteReader *self);
guint32 bed_byte_reader_u24 (BedByteReader *self);
guint32 bed_byte_reader_u32 (BedByteReader *self);
guint64 bed_byte_reader_u64 (BedByteReader *self);
/* Lends `length` bytes inside the buffer, or NULL. */
const guint8 *bed_byte_reader_bytes (BedByteReader *self, gsize length);
void bed_byte_reader_skip (BedByteReader *self, gsize length);
/* A reader over the next `length` bytes, which this one passes over. */
BedByteReader bed_byte_reader_sub (BedByteReader *self, gsize length);

G_END_DECLS
