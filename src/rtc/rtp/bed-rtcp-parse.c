/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-rtcp.h"

#include "bed-byte-reader.h"
#include "bed-rtp-packet.h"

#include <string.h>

enum { SR = 200, RR = 201, SDES = 202, BYE = 203, RTPFB = 205, PSFB = 206 };
enum { FMT_NACK = 1, FMT_TRANSPORT = 15, FMT_PLI = 1, FMT_FIR = 4, FMT_APPLICATION = 15 };

/* What is collected while a compound is read; handed out only when all of it is good. */
typedef struct
{
  BedRtcpItem items[BED_RTCP_MAX_ITEMS];
  guint n_items;
  gboolean too_many;
} Items;

static BedRtcpItem *
add_item (Items *items, BedRtcpKind kind, guint32 sender_ssrc, guint32 media_ssrc)
{
  BedRtcpItem *item;

  if (items->n_items == BED_RTCP_MAX_ITEMS)
    {
      items->too_many = TRUE;
      return &items->items[0]; /* the compound is refused anyway */
    }
  item = &items->items[items->n_items++];
  *item = (BedRtcpItem) { .kind = kind, .sender_ssrc = sender_ssrc, .media_ssrc = media_ssrc };
  return item;
}

static void
parse_blocks (BedByteReader *reader, guint count, guint32 sender_ssrc, Items *items)
{
  for (guint i = 0; i < count && bed_byte_reader_get_remaining (reader) > 0; i++)
    {
      guint32 ssrc = bed_byte_reader_u32 (reader);
      BedRtcpReportBlock *block =
          &add_item (items, BED_RTCP_REPORT_BLOCK, sender_ssrc, ssrc)->report_block;
      guint32 lost;

      block->ssrc = ssrc;
      block->fraction_lost = bed_byte_reader_u8 (reader);
      lost = bed_byte_reader_u24 (reader);
      block->cumulative_lost = lost & 0x800000 ? (gint32) lost - 0x1000000 : (gint32) lost;
      block->highest_sequence = bed_byte_reader_u32 (reader);
      block->jitter = bed_byte_reader_u32 (reader);
      block->last_sr = bed_byte_reader_u32 (reader);
      block->delay_since_last_sr = bed_byte_reader_u32 (reader);
    }
}

static gboolean
parse_report (BedByteReader *reader, gboolean sender, guint count, Items *items)
{
  guint32 ssrc = bed_byte_reader_u32 (reader);

  if (bed_byte_reader_get_remaining (reader) < (sender ? 20 : 0) + 24 * count)
    return FALSE;
  if (sender)
    {
      BedRtcpSenderReport *report =
          &add_item (items, BED_RTCP_SENDER_REPORT, ssrc, ssrc)->sender_report;

      report->ssrc = ssrc;
      report->ntp = bed_byte_reader_u64 (reader);
      report->rtp_timestamp = bed_byte_reader_u32 (reader);
      report->packets = bed_byte_reader_u32 (reader);
      report->octets = bed_byte_reader_u32 (reader);
    }
  parse_blocks (reader, count, ssrc, items);
  return !bed_byte_reader_failed (reader);
}

/* One chunk of RFC 3550 6.5: items to a zero, then padding to four bytes. */
static gboolean
parse_sdes_chunk (BedByteReader *reader, Items *items)
{
  gsize start = reader->position;
  guint32 ssrc = bed_byte_reader_u32 (reader);
  guint8 type;

  while ((type = bed_byte_reader_u8 (reader)) != 0)
    {
      gsize length = bed_byte_reader_u8 (reader);
      const guint8 *text = bed_byte_reader_bytes (reader, length);

      if (text != NULL && type == 1)
        {
          BedRtcpItem *item = add_item (items, BED_RTCP_CNAME, ssrc, ssrc);

          item->cname.text = (const char *) text;
          item->cname.length = length;
        }
    }
  while (!bed_byte_reader_failed (reader) && (reader->position - start) % 4 != 0)
    bed_byte_reader_skip (reader, 1);
  return !bed_byte_reader_failed (reader);
}

static gboolean
parse_sdes (BedByteReader *reader, guint count, Items *items)
{
  for (guint i = 0; i < count; i++)
    if (!parse_sdes_chunk (reader, items))
      return FALSE;
  return TRUE;
}

static gboolean
parse_bye (BedByteReader *reader, guint count, Items *items)
{
  for (guint i = 0; i < count; i++)
    {
      guint32 ssrc = bed_byte_reader_u32 (reader);

      if (bed_byte_reader_failed (reader))
        return FALSE;
      add_item (items, BED_RTCP_BYE, ssrc, ssrc);
    }
  return TRUE;
}

static gboolean
parse_transport_layer (BedByteReader *reader, guint format, Items *items)
{
  guint32 sender = bed_byte_reader_u32 (reader), media = bed_byte_reader_u32 (reader);

  if (bed_byte_reader_failed (reader))
    return FALSE;
  if (format == FMT_TRANSPORT)
    {
      gsize length = bed_byte_reader_get_remaining (reader);
      BedRtcpItem *item = add_item (items, BED_RTCP_TRANSPORT_FEEDBACK, sender, media);

      item->feedback.data = bed_byte_reader_bytes (reader, length);
      item->feedback.length = length;
    }
  while (format == FMT_NACK && bed_byte_reader_get_remaining (reader) > 0)
    {
      BedRtcpItem *item = add_item (items, BED_RTCP_NACK, sender, media);

      item->nack.pid = bed_byte_reader_u16 (reader);
      item->nack.blp = bed_byte_reader_u16 (reader);
    }
  return !bed_byte_reader_failed (reader);
}

/* draft-alvestrand-rmcat-remb-03 2.2. Other application messages are passed over. */
static gboolean
parse_remb (BedByteReader *reader, guint32 sender, Items *items)
{
  guint n_ssrcs, exponent;
  guint64 mantissa;

  if (bed_byte_reader_get_remaining (reader) < 8
      || bed_byte_reader_u32 (reader) != 0x52454d42) /* "REMB" */
    return TRUE;
  n_ssrcs = bed_byte_reader_u8 (reader);
  mantissa = bed_byte_reader_u24 (reader);
  exponent = mantissa >> 18;
  mantissa &= 0x3ffff;
  if (bed_byte_reader_get_remaining (reader) != 4 * n_ssrcs || exponent > 63 - 18)
    return FALSE;
  for (guint i = 0; i < n_ssrcs; i++)
    add_item (items, BED_RTCP_REMB, sender, bed_byte_reader_u32 (reader))->remb.bitrate =
        mantissa << exponent;
  return TRUE;
}

static gboolean
parse_payload_specific (BedByteReader *reader, guint format, Items *items)
{
  guint32 sender = bed_byte_reader_u32 (reader), media = bed_byte_reader_u32 (reader);

  if (bed_byte_reader_failed (reader))
    return FALSE;
  if (format == FMT_PLI)
    add_item (items, BED_RTCP_PLI, sender, media);
  else if (format == FMT_APPLICATION)
    return parse_remb (reader, sender, items);
  while (format == FMT_FIR && bed_byte_reader_get_remaining (reader) > 0)
    {
      BedRtcpItem *item = add_item (items, BED_RTCP_FIR, sender, bed_byte_reader_u32 (reader));

      item->fir.sequence = bed_byte_reader_u8 (reader);
      bed_byte_reader_skip (reader, 3);
    }
  return !bed_byte_reader_failed (reader);
}

static gboolean
parse_body (BedByteReader *body, guint type, guint count, Items *items)
{
  switch (type)
    {
    case SR:
    case RR:
      return parse_report (body, type == SR, count, items);
    case SDES:
      return parse_sdes (body, count, items);
    case BYE:
      return parse_bye (body, count, items);
    case RTPFB:
      return parse_transport_layer (body, count, items);
    case PSFB:
      return parse_payload_specific (body, count, items);
    default:
      return TRUE;
    }
}

/* Padding is allowed in the last packet alone (RFC 3550 6.4.1). */
static gboolean
strip_padding (BedByteReader *body, gboolean is_last)
{
  guint8 padding = body->length > 0 ? body->data[body->length - 1] : 0;

  if (!is_last || padding == 0 || padding % 4 != 0 || padding > body->length)
    return FALSE;
  body->length -= padding;
  return TRUE;
}

static BedRtcpResult
parse_packet (BedByteReader *reader, Items *items)
{
  guint8 first = bed_byte_reader_u8 (reader);
  guint8 type = bed_byte_reader_u8 (reader);
  gsize length = 4 * (gsize) bed_byte_reader_u16 (reader);
  BedByteReader body = bed_byte_reader_sub (reader, length);

  if (bed_byte_reader_failed (reader))
    return BED_RTCP_BAD_LENGTH;
  if (first >> 6 != 2)
    return BED_RTCP_BAD_VERSION;
  if ((first & 0x20) && !strip_padding (&body, bed_byte_reader_get_remaining (reader) == 0))
    return BED_RTCP_BAD_PADDING;
  if (!parse_body (&body, type, first & 0x1f, items))
    return BED_RTCP_BAD_CONTENT;
  return items->too_many ? BED_RTCP_TOO_MANY : BED_RTCP_OK;
}

BedRtcpResult
bed_rtcp_parse (const guint8 *data, gsize length, BedRtcpHandler handler, gpointer user_data)
{
  BedByteReader reader;
  Items items;

  items.n_items = 0;
  items.too_many = FALSE;
  if (length < 4 || length % 4 != 0 || length > BED_RTP_MAX_PACKET)
    return BED_RTCP_BAD_LENGTH;
  bed_byte_reader_init (&reader, data, length);
  while (bed_byte_reader_get_remaining (&reader) > 0)
    {
      BedRtcpResult result = parse_packet (&reader, &items);

      if (result != BED_RTCP_OK)
        return result;
    }
  for (guint i = 0; i < items.n_items; i++)
    handler (&items.items[i], user_data);
  return BED_RTCP_OK;
}

guint
bed_rtcp_nack_expand (const BedRtcpItem *item, guint16 out[17])
{
  guint n = 0;

  out[n++] = item->nack.pid;
  for (guint bit = 0; bit < 16; bit++)
    if (item->nack.blp & 1u << bit)
      out[n++] = item->nack.pid + bit + 1;
  return n;
}

gint64
bed_rtcp_round_trip_us (const BedRtcpReportBlock *block, guint64 now_ntp)
{
  guint32 units;

  if (block->last_sr == 0)
    return -1;
  units = bed_ntp_middle (now_ntp) - block->last_sr - block->delay_since_last_sr;
  /* Clocks run at slightly different speeds: a little below zero is zero, far below is nonsense. */
  if ((gint32) units < 0)
    return (gint32) units > -65536 ? 0 : -1;
  return (gint64) units * G_USEC_PER_SEC / 65536;
}
