/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-transport-feedback.h"

#include "bed-byte-reader.h"

#define TICK_US 250
#define REFERENCE_US 64000
#define REFERENCE_RANGE (1 << 24)

enum { NOT_RECEIVED, SMALL_DELTA, LARGE_DELTA };

/* Symbols of one 16-bit chunk (draft 3.1.3, 3.1.4). Returns: how many were stored, at most `max`.
 */
static guint
expand_chunk (guint16 chunk, guint8 *symbols, guint max)
{
  guint n, width;

  if ((chunk & 0x8000) == 0)
    {
      n = MIN (chunk & 0x1fff, max);
      for (guint i = 0; i < n; i++)
        symbols[i] = chunk >> 13 & 3;
      return n;
    }
  width = chunk & 0x4000 ? 2 : 1;
  n = MIN (14 / width, max);
  for (guint i = 0; i < n; i++)
    symbols[i] = chunk >> (14 - width * (i + 1)) & ((1u << width) - 1);
  return n;
}

static gboolean
read_symbols (BedByteReader *reader, guint8 *symbols, guint count)
{
  guint n = 0;

  while (n < count)
    {
      guint got = expand_chunk (bed_byte_reader_u16 (reader), symbols + n, count - n);

      if (bed_byte_reader_failed (reader) || got == 0)
        return FALSE;
      n += got;
    }
  return TRUE;
}

gboolean
bed_transport_feedback_parse (BedTransportFeedback *self, const guint8 *data, gsize length)
{
  guint8 symbols[BED_TRANSPORT_FEEDBACK_MAX];
  BedByteReader reader;
  guint32 reference;
  gint64 at;

  bed_byte_reader_init (&reader, data, length);
  self->base_sequence = bed_byte_reader_u16 (&reader);
  self->n_entries = bed_byte_reader_u16 (&reader);
  reference = bed_byte_reader_u24 (&reader);
  self->count = bed_byte_reader_u8 (&reader);
  if (bed_byte_reader_failed (&reader) || self->n_entries == 0
      || self->n_entries > BED_TRANSPORT_FEEDBACK_MAX
      || !read_symbols (&reader, symbols, self->n_entries))
    return FALSE;
  at = (gint64) reference * REFERENCE_US;
  for (guint i = 0; i < self->n_entries; i++)
    {
      if (symbols[i] == SMALL_DELTA)
        at += TICK_US * bed_byte_reader_u8 (&reader);
      else if (symbols[i] == LARGE_DELTA)
        at += TICK_US * (gint16) bed_byte_reader_u16 (&reader);
      else if (symbols[i] != NOT_RECEIVED)
        return FALSE; /* 3 is reserved */
      self->entries[i].received = symbols[i] != NOT_RECEIVED;
      self->entries[i].arrival_us = self->entries[i].received ? at : 0;
    }
  return !bed_byte_reader_failed (&reader);
}

/* The run of equal symbols that starts at `from`. */
static guint
run_length (const guint8 *symbols, guint from, guint n)
{
  guint run = 1;

  while (from + run < n && run < 0x1fff && symbols[from + run] == symbols[from])
    run++;
  return run;
}

static void
write_chunks (const guint8 *symbols, guint n, BedByteWriter *writer)
{
  guint at = 0;

  while (at < n)
    {
      guint run = run_length (symbols, at, n);

      if (run >= 7 || at + run == n)
        {
          bed_byte_writer_u16 (writer, symbols[at] << 13 | run);
          at += run;
        }
      else
        {
          guint16 chunk = 0xc000;

          for (guint i = 0; i < 7 && at < n; i++)
            chunk |= symbols[at++] << (12 - 2 * i);
          bed_byte_writer_u16 (writer, chunk);
        }
    }
}

/* Fills symbols and deltas in ticks. Returns: FALSE when a delta does not fit. */
static gboolean
measure (const BedTransportFeedback *self, gint64 reference_us, guint8 *symbols, gint16 *deltas)
{
  gint64 last_tick = reference_us / TICK_US;

  for (guint i = 0; i < self->n_entries; i++)
    {
      gint64 tick = self->entries[i].arrival_us / TICK_US, delta = tick - last_tick;

      symbols[i] = NOT_RECEIVED;
      if (!self->entries[i].received)
        continue;
      if (delta < G_MININT16 || delta > G_MAXINT16)
        return FALSE;
      symbols[i] = delta >= 0 && delta <= 255 ? SMALL_DELTA : LARGE_DELTA;
      deltas[i] = delta;
      last_tick = tick;
    }
  return TRUE;
}

static gint64
reference_time (const BedTransportFeedback *self)
{
  for (guint i = 0; i < self->n_entries; i++)
    if (self->entries[i].received)
      return self->entries[i].arrival_us / REFERENCE_US;
  return 0;
}

void
bed_transport_feedback_write (const BedTransportFeedback *self, guint32 sender_ssrc,
                              guint32 media_ssrc, BedByteWriter *writer)
{
  guint8 symbols[BED_TRANSPORT_FEEDBACK_MAX];
  gint16 deltas[BED_TRANSPORT_FEEDBACK_MAX];
  gint64 reference = reference_time (self);
  gsize start = bed_byte_writer_get_length (writer), padding;

  if (self->n_entries == 0 || self->n_entries > BED_TRANSPORT_FEEDBACK_MAX
      || !measure (self, reference * REFERENCE_US, symbols, deltas))
    {
      writer->failed = TRUE;
      return;
    }
  bed_byte_writer_u8 (writer, 0x80 | 15);
  bed_byte_writer_u8 (writer, 205);
  bed_byte_writer_u16 (writer, 0);
  bed_byte_writer_u32 (writer, sender_ssrc);
  bed_byte_writer_u32 (writer, media_ssrc);
  bed_byte_writer_u16 (writer, self->base_sequence);
  bed_byte_writer_u16 (writer, self->n_entries);
  bed_byte_writer_u24 (writer, reference % REFERENCE_RANGE);
  bed_byte_writer_u8 (writer, self->count);
  write_chunks (symbols, self->n_entries, writer);
  for (guint i = 0; i < self->n_entries; i++)
    if (symbols[i] == SMALL_DELTA)
      bed_byte_writer_u8 (writer, deltas[i]);
    else if (symbols[i] == LARGE_DELTA)
      bed_byte_writer_u16 (writer, (guint16) deltas[i]);
  if (bed_byte_writer_failed (writer))
    return;
  padding = (4 - (bed_byte_writer_get_length (writer) - start) % 4) % 4;
  for (gsize i = 0; i < padding; i++)
    bed_byte_writer_u8 (writer, 0);
  bed_byte_writer_patch_u16 (writer, start + 2,
                             (bed_byte_writer_get_length (writer) - start) / 4 - 1);
}
