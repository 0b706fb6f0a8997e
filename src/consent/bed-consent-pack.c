/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-consent.h"

#include <string.h>

#include "bed-byte-reader.h"
#include "bed-byte-writer.h"

#define KIND 0x43 /* 'C'; other kinds of record in the spool begin otherwise */
#define VERSION 1
#define MAX_TEXT_VERSION 64
#define PACK_MAX (2 + 8 + 8 + 3 + 1 + MAX_TEXT_VERSION)

GBytes *
bed_consent_event_pack (const BedConsentEvent *event, gint64 encounter)
{
  guint8 bytes[PACK_MAX];
  BedByteWriter writer;
  gsize length = strlen (event->text_version);

  g_return_val_if_fail (length > 0 && length <= MAX_TEXT_VERSION, NULL);
  bed_byte_writer_init (&writer, bytes, sizeof bytes);
  bed_byte_writer_u8 (&writer, KIND);
  bed_byte_writer_u8 (&writer, VERSION);
  bed_byte_writer_u64 (&writer, (guint64) event->real_us);
  bed_byte_writer_u64 (&writer, (guint64) encounter);
  bed_byte_writer_u8 (&writer, event->device);
  bed_byte_writer_u8 (&writer, event->scope);
  bed_byte_writer_u8 (&writer, !!event->granted);
  bed_byte_writer_u8 (&writer, (guint8) length);
  bed_byte_writer_bytes (&writer, event->text_version, length);
  return g_bytes_new (bytes, bed_byte_writer_get_length (&writer));
}

gboolean
bed_consent_event_unpack (GBytes *record, BedConsentEvent *event, gint64 *encounter,
                          char **text_version)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (record, &size), *text;
  BedByteReader reader;
  guint8 kind, version, device, scope, granted, length;

  bed_byte_reader_init (&reader, data, size);
  kind = bed_byte_reader_u8 (&reader);
  version = bed_byte_reader_u8 (&reader);
  event->real_us = (gint64) bed_byte_reader_u64 (&reader);
  *encounter = (gint64) bed_byte_reader_u64 (&reader);
  device = bed_byte_reader_u8 (&reader);
  scope = bed_byte_reader_u8 (&reader);
  granted = bed_byte_reader_u8 (&reader);
  length = bed_byte_reader_u8 (&reader);
  text = bed_byte_reader_bytes (&reader, length);
  if (bed_byte_reader_failed (&reader) || bed_byte_reader_get_remaining (&reader) != 0
      || kind != KIND || version != VERSION || device > BED_DEVICE_MICROPHONE
      || scope > BED_CONSENT_SCOPE_CALL || granted > 1 || length == 0 || length > MAX_TEXT_VERSION
      || !g_utf8_validate ((const char *) text, length, NULL))
    return FALSE;
  event->device = device;
  event->scope = scope;
  event->granted = granted;
  event->text_version = *text_version = g_strndup ((const char *) text, length);
  return TRUE;
}
