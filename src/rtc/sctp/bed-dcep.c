/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-dcep.h"

#include "bed-byte-reader.h"
#include "bed-byte-writer.h"

#include <string.h>

#define MESSAGE_ACK 0x02
#define MESSAGE_OPEN 0x03
#define TYPE_RELIABLE 0x00
#define TYPE_RETRANSMITS 0x01
#define TYPE_LIFETIME 0x02
#define TYPE_UNORDERED 0x80
#define PRIORITY_NORMAL 256

static gboolean
read_string (BedByteReader *reader, gsize length, char *out)
{
  const guint8 *bytes;

  if (length > BED_DCEP_MAX_STRING)
    return FALSE;
  bytes = bed_byte_reader_bytes (reader, length);
  if (bytes == NULL || !g_utf8_validate_len ((const char *) bytes, length, NULL))
    return length == 0;
  memcpy (out, bytes, length);
  out[length] = '\0';
  return TRUE;
}

static gboolean
read_reliability (guint8 type, guint32 parameter, BedDcepOpen *open)
{
  int limit = (int) MIN (parameter, G_MAXUINT16);

  open->unordered = (type & TYPE_UNORDERED) != 0;
  switch (type & ~TYPE_UNORDERED)
    {
    case TYPE_RELIABLE:
      return TRUE;
    case TYPE_RETRANSMITS:
      open->max_retransmits = limit;
      return TRUE;
    case TYPE_LIFETIME:
      open->max_packet_lifetime_ms = limit;
      return TRUE;
    default:
      return FALSE;
    }
}

static gboolean
parse_open (BedByteReader *reader, BedDcepOpen *open)
{
  guint8 type = bed_byte_reader_u8 (reader);
  guint32 parameter;
  guint16 label_length, protocol_length;

  memset (open, 0, sizeof *open);
  open->max_packet_lifetime_ms = open->max_retransmits = -1;
  bed_byte_reader_skip (reader, 2);
  parameter = bed_byte_reader_u32 (reader);
  label_length = bed_byte_reader_u16 (reader);
  protocol_length = bed_byte_reader_u16 (reader);
  return read_reliability (type, parameter, open) && read_string (reader, label_length, open->label)
         && read_string (reader, protocol_length, open->protocol)
         && !bed_byte_reader_failed (reader) && bed_byte_reader_get_remaining (reader) == 0;
}

BedDcepKind
bed_dcep_parse (const guint8 *data, gsize length, BedDcepOpen *open)
{
  BedByteReader reader;
  guint8 message;

  bed_byte_reader_init (&reader, data, length);
  message = bed_byte_reader_u8 (&reader);
  if (message == MESSAGE_ACK && length == 1)
    return BED_DCEP_ACK;
  if (message == MESSAGE_OPEN && parse_open (&reader, open))
    return BED_DCEP_OPEN;
  return BED_DCEP_MALFORMED;
}

gsize
bed_dcep_write_open (const BedDcepOpen *open, guint8 *out)
{
  BedByteWriter writer;
  guint8 type = TYPE_RELIABLE;
  guint32 parameter = 0;

  if (open->max_retransmits >= 0)
    {
      type = TYPE_RETRANSMITS;
      parameter = (guint32) open->max_retransmits;
    }
  else if (open->max_packet_lifetime_ms >= 0)
    {
      type = TYPE_LIFETIME;
      parameter = (guint32) open->max_packet_lifetime_ms;
    }
  bed_byte_writer_init (&writer, out, BED_DCEP_MAX_LENGTH);
  bed_byte_writer_u8 (&writer, MESSAGE_OPEN);
  bed_byte_writer_u8 (&writer, open->unordered ? type | TYPE_UNORDERED : type);
  bed_byte_writer_u16 (&writer, PRIORITY_NORMAL);
  bed_byte_writer_u32 (&writer, parameter);
  bed_byte_writer_u16 (&writer, (guint16) strlen (open->label));
  bed_byte_writer_u16 (&writer, (guint16) strlen (open->protocol));
  bed_byte_writer_bytes (&writer, open->label, strlen (open->label));
  bed_byte_writer_bytes (&writer, open->protocol, strlen (open->protocol));
  return bed_byte_writer_get_length (&writer);
}

gsize
bed_dcep_write_ack (guint8 *out)
{
  out[0] = MESSAGE_ACK;
  return 1;
}
