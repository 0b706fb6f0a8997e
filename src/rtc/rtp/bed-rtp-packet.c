/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-rtp-packet.h"

#include "bed-byte-reader.h"

#include <string.h>

#define PROFILE_ONE_BYTE 0xbede
#define PROFILE_TWO_BYTES 0x1000 /* the low four bits are the application's */

static gboolean
is_two_byte_profile (guint16 profile)
{
  return (profile & 0xfff0) == PROFILE_TWO_BYTES;
}

/* One element of the extension block. Returns: FALSE at the end or at one that does not fit. */
static gboolean
next_extension (BedByteReader *reader, guint16 profile, guint8 *id, const guint8 **data,
                gsize *length)
{
  while (bed_byte_reader_get_remaining (reader) > 0)
    {
      guint8 first = bed_byte_reader_u8 (reader);

      if (first == 0) /* padding */
        continue;
      if (is_two_byte_profile (profile))
        {
          *id = first;
          *length = bed_byte_reader_u8 (reader);
        }
      else
        {
          *id = first >> 4;
          *length = (first & 0xf) + 1;
          if (*id == 15) /* RFC 8285 4.2: stop here */
            return FALSE;
        }
      *data = bed_byte_reader_bytes (reader, *length);
      return *data != NULL;
    }
  return FALSE;
}

static gboolean
extensions_fit (const BedRtpPacket *self)
{
  BedByteReader reader;
  const guint8 *data;
  gsize length;
  guint8 id;

  if (self->extension_profile != PROFILE_ONE_BYTE && !is_two_byte_profile (self->extension_profile))
    return TRUE; /* another profile: carried, never looked into */
  bed_byte_reader_init (&reader, self->extension, self->extension_length);
  while (next_extension (&reader, self->extension_profile, &id, &data, &length))
    ;
  return !bed_byte_reader_failed (&reader);
}

/* Takes the padding off the payload (RFC 3550 5.1). */
static BedRtpResult
strip_padding (BedRtpPacket *self)
{
  guint8 padding;

  if (self->payload_length == 0)
    return BED_RTP_BAD_PADDING;
  padding = self->payload[self->payload_length - 1];
  if (padding == 0 || padding > self->payload_length)
    return BED_RTP_BAD_PADDING;
  self->payload_length -= padding;
  return BED_RTP_OK;
}

BedRtpResult
bed_rtp_packet_parse (BedRtpPacket *self, const guint8 *data, gsize length)
{
  BedByteReader reader;
  guint8 first, second;

  *self = (BedRtpPacket) { 0 };
  if (length < 12 || length > BED_RTP_MAX_PACKET)
    return BED_RTP_BAD_LENGTH;
  bed_byte_reader_init (&reader, data, length);
  first = bed_byte_reader_u8 (&reader);
  second = bed_byte_reader_u8 (&reader);
  if (first >> 6 != 2)
    return BED_RTP_BAD_VERSION;
  self->marker = second >> 7;
  self->payload_type = second & 0x7f;
  self->sequence = bed_byte_reader_u16 (&reader);
  self->timestamp = bed_byte_reader_u32 (&reader);
  self->ssrc = bed_byte_reader_u32 (&reader);
  bed_byte_reader_skip (&reader, 4 * (first & 0xf));
  if (first & 0x10)
    {
      self->extension_profile = bed_byte_reader_u16 (&reader);
      self->extension_length = 4 * (gsize) bed_byte_reader_u16 (&reader);
      self->extension = bed_byte_reader_bytes (&reader, self->extension_length);
    }
  if (bed_byte_reader_failed (&reader))
    return BED_RTP_BAD_LENGTH;
  if (self->extension != NULL && !extensions_fit (self))
    return BED_RTP_BAD_EXTENSION;
  self->payload_length = bed_byte_reader_get_remaining (&reader);
  self->payload = bed_byte_reader_bytes (&reader, self->payload_length);
  return first & 0x20 ? strip_padding (self) : BED_RTP_OK;
}

const guint8 *
bed_rtp_packet_get_extension (const BedRtpPacket *self, guint8 id, gsize *length)
{
  BedByteReader reader;
  const guint8 *data;
  guint8 found;

  if (id == 0 || self->extension == NULL
      || (self->extension_profile != PROFILE_ONE_BYTE
          && !is_two_byte_profile (self->extension_profile)))
    return NULL;
  bed_byte_reader_init (&reader, self->extension, self->extension_length);
  while (next_extension (&reader, self->extension_profile, &found, &data, length))
    if (found == id)
      return data;
  return NULL;
}

gboolean
bed_rtp_packet_get_extension_uint (const BedRtpPacket *self, guint8 id, gsize size, guint32 *value)
{
  gsize length;
  const guint8 *data = bed_rtp_packet_get_extension (self, id, &length);

  if (data == NULL || length != size)
    return FALSE;
  *value = 0;
  for (gsize i = 0; i < size; i++)
    *value = *value << 8 | data[i];
  return TRUE;
}

static void
write_extensions (const BedRtpExtension *extensions, guint n_extensions, gsize *offsets,
                  BedByteWriter *writer)
{
  gsize length_at, start;

  bed_byte_writer_u16 (writer, PROFILE_ONE_BYTE);
  length_at = bed_byte_writer_get_length (writer);
  bed_byte_writer_u16 (writer, 0);
  start = bed_byte_writer_get_length (writer);
  for (guint i = 0; i < n_extensions; i++)
    {
      bed_byte_writer_u8 (writer, extensions[i].id << 4 | (extensions[i].length - 1));
      if (offsets != NULL)
        offsets[i] = bed_byte_writer_get_length (writer);
      bed_byte_writer_bytes (writer, extensions[i].data, extensions[i].length);
    }
  while (!bed_byte_writer_failed (writer) && (bed_byte_writer_get_length (writer) - start) % 4 != 0)
    bed_byte_writer_u8 (writer, 0);
  bed_byte_writer_patch_u16 (writer, length_at, (bed_byte_writer_get_length (writer) - start) / 4);
}

void
bed_rtp_packet_write (const BedRtpPacket *self, const BedRtpExtension *extensions,
                      guint n_extensions, gsize *offsets, BedByteWriter *writer)
{
  bed_byte_writer_u8 (writer, n_extensions > 0 ? 0x90 : 0x80);
  bed_byte_writer_u8 (writer, (self->marker ? 0x80 : 0) | (self->payload_type & 0x7f));
  bed_byte_writer_u16 (writer, self->sequence);
  bed_byte_writer_u32 (writer, self->timestamp);
  bed_byte_writer_u32 (writer, self->ssrc);
  if (n_extensions > 0)
    write_extensions (extensions, n_extensions, offsets, writer);
  bed_byte_writer_bytes (writer, self->payload, self->payload_length);
}

gboolean
bed_rtp_is_rtcp (const guint8 *data, gsize length)
{
  return length >= 2 && data[0] >> 6 == 2 && (data[1] & 0x7f) >= 64 && (data[1] & 0x7f) < 96;
}

gboolean
bed_rtp_packet_unwrap_rtx (const BedRtpPacket *rtx, guint32 media_ssrc, guint8 media_payload_type,
                           BedRtpPacket *original)
{
  if (rtx->payload_length < 3)
    return FALSE;
  *original = *rtx;
  original->ssrc = media_ssrc;
  original->payload_type = media_payload_type;
  original->sequence = rtx->payload[0] << 8 | rtx->payload[1];
  original->payload += 2;
  original->payload_length -= 2;
  return TRUE;
}
