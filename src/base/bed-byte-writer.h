/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A cursor that fills a buffer of fixed size, big-endian. A write that does not fit sets `failed`
 * and writes nothing. Borrows the buffer. Any thread; not shared between threads.
 */
typedef struct
{
  guint8 *data;
  gsize capacity;
  gsize length;
  gboolean failed;
} BedByteWriter;

void bed_byte_writer_init (BedByteWriter *self, guint8 *data, gsize capacity);
gboolean bed_byte_writer_failed (const BedByteWriter *self);
gsize bed_byte_writer_get_length (const BedByteWriter *self);
void bed_byte_writer_u8 (BedByteWriter *self, guint8 value);
void bed_byte_writer_u16 (BedByteWriter *self, guint16 value);
void bed_byte_writer_u24 (BedByteWriter *self, guint32 value);
void bed_byte_writer_u32 (BedByteWriter *self, guint32 value);
void bed_byte_writer_u64 (BedByteWriter *self, guint64 value);
void bed_byte_writer_bytes (BedByteWriter *self, const void *bytes, gsize length);
/* Overwrites two bytes already written, for lengths known later. */
void bed_byte_writer_patch_u16 (BedByteWriter *self, gsize at, guint16 value);

G_END_DECLS
