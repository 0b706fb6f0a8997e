/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-rtp-sender.h"

#include "bed-secret.h"

#include <string.h>

#define DEFAULT_ROUND_TRIP_US 50000
#define MAX_HISTORY 4096

/* What is needed to send a packet again. */
typedef struct
{
  gboolean used;
  gboolean marker;
  guint16 sequence;
  guint32 timestamp;
  gint64 sent_again_us; /* 0: not yet */
  gsize length;
  guint8 *payload; /* owned */
} Sent;

struct _BedRtpSender
{
  BedRtpSenderConfig config;
  guint16 next_sequence;
  guint16 next_rtx_sequence;
  guint32 timestamp_offset;
  gboolean started;
  guint32 last_timestamp;
  gint64 last_capture_us;
  Sent *history; /* owned, config.history places */
  BedRtpSenderStats stats;
};

void
bed_rtp_out_packet_free (BedRtpOutPacket *self)
{
  g_free (self);
}

void
bed_rtp_out_packet_stamp (BedRtpOutPacket *self, guint16 transport_sequence, gint64 now_us)
{
  if (self->transport_sequence_at != 0)
    {
      self->data[self->transport_sequence_at] = transport_sequence >> 8;
      self->data[self->transport_sequence_at + 1] = transport_sequence & 0xff;
    }
  if (self->abs_send_time_at != 0)
    {
      guint32 time = bed_abs_send_time (now_us);

      for (guint i = 0; i < 3; i++)
        self->data[self->abs_send_time_at + i] = time >> (16 - 8 * i);
    }
}

BedRtpSender *
bed_rtp_sender_new (const BedRtpSenderConfig *config)
{
  BedRtpSender *self = g_new0 (BedRtpSender, 1);

  self->config = *config;
  self->config.history = MIN (config->history, MAX_HISTORY);
  while (self->config.ssrc == 0)
    bed_random_bytes (&self->config.ssrc, sizeof self->config.ssrc);
  bed_random_bytes (&self->next_sequence, sizeof self->next_sequence);
  bed_random_bytes (&self->next_rtx_sequence, sizeof self->next_rtx_sequence);
  bed_random_bytes (&self->timestamp_offset, sizeof self->timestamp_offset);
  /* Starting low keeps the first wrap away: SRTP's roll-over counter may not survive an early loss
   * there. */
  self->next_sequence &= 0x7fff;
  self->next_rtx_sequence &= 0x7fff;
  self->history = g_new0 (Sent, MAX (1, self->config.history));
  self->stats.round_trip_us = -1;
  return self;
}

void
bed_rtp_sender_free (BedRtpSender *self)
{
  for (guint i = 0; i < self->config.history; i++)
    g_free (self->history[i].payload);
  g_free (self->history);
  g_free (self);
}

guint32
bed_rtp_sender_get_ssrc (const BedRtpSender *self)
{
  return self->config.ssrc;
}

static guint32
ticks (const BedRtpSender *self, gint64 us)
{
  return us / G_USEC_PER_SEC * self->config.clock_rate
         + us % G_USEC_PER_SEC * self->config.clock_rate / G_USEC_PER_SEC;
}

guint32
bed_rtp_sender_timestamp_at (const BedRtpSender *self, gint64 capture_us)
{
  return self->timestamp_offset + ticks (self, capture_us);
}

static void
add_extension (BedRtpExtension *extensions, guint *n, guint8 id, const void *data, gsize length)
{
  if (id == 0 || id > 14 || length == 0)
    return;
  extensions[*n].id = id;
  extensions[*n].length = length;
  memcpy (extensions[*n].data, data, length);
  ++*n;
}

static gsize
offset_of (const BedRtpExtension *extensions, const gsize *offsets, guint n, guint8 id)
{
  for (guint i = 0; id != 0 && i < n; i++)
    if (extensions[i].id == id)
      return offsets[i];
  return 0;
}

static BedRtpOutPacket *
build (const BedRtpSender *self, BedRtpClass kind, const BedRtpPacket *packet, int audio_level)
{
  g_autoptr (BedRtpOutPacket) out = g_new (BedRtpOutPacket, 1);
  const BedRtpSenderConfig *config = &self->config;
  guint8 level = audio_level < 60 ? 0x80 | audio_level
                                  : audio_level; /* the top bit says: somebody speaks */
  BedRtpExtension extensions[4];
  gsize offsets[4];
  guint n = 0;
  BedByteWriter writer;

  add_extension (extensions, &n, config->mid_id, config->mid, MIN (strlen (config->mid), 16));
  add_extension (extensions, &n, config->transport_cc_id, "\0", 2);
  add_extension (extensions, &n, config->abs_send_time_id, "\0\0", 3);
  if (audio_level >= 0)
    add_extension (extensions, &n, config->audio_level_id, &level, 1);
  bed_byte_writer_init (&writer, out->data, sizeof out->data);
  bed_rtp_packet_write (packet, extensions, n, offsets, &writer);
  if (bed_byte_writer_failed (&writer))
    return NULL;
  out->kind = kind;
  out->length = bed_byte_writer_get_length (&writer);
  out->payload_length = packet->payload_length;
  out->transport_sequence_at = offset_of (extensions, offsets, n, config->transport_cc_id);
  out->abs_send_time_at = offset_of (extensions, offsets, n, config->abs_send_time_id);
  return g_steal_pointer (&out);
}

static void
remember (BedRtpSender *self, const BedRtpPacket *packet)
{
  Sent *sent;

  if (self->config.history == 0)
    return;
  sent = &self->history[packet->sequence % self->config.history];
  g_free (sent->payload);
  *sent = (Sent){
    .used = TRUE,
    .marker = packet->marker,
    .sequence = packet->sequence,
    .timestamp = packet->timestamp,
    .length = packet->payload_length,
    .payload = g_memdup2 (packet->payload, packet->payload_length),
  };
}

BedRtpOutPacket *
bed_rtp_sender_make (BedRtpSender *self, const guint8 *payload, gsize length, gboolean marker,
                     guint32 timestamp, gint64 capture_us, int audio_level)
{
  BedRtpPacket packet = {
    .marker = marker, .payload_type = self->config.payload_type, .sequence = self->next_sequence,
    .timestamp = timestamp, .ssrc = self->config.ssrc, .payload = payload, .payload_length = length,
  };
  BedRtpOutPacket *out = build (self, self->config.kind, &packet, audio_level);

  if (out == NULL)
    return NULL;
  self->next_sequence++;
  self->started = TRUE;
  self->last_timestamp = timestamp;
  self->last_capture_us = capture_us;
  self->stats.packets_sent++;
  self->stats.bytes_sent += length;
  remember (self, &packet);
  return out;
}

static BedRtpOutPacket *
build_again (BedRtpSender *self, const Sent *sent, BedRtpClass kind)
{
  guint8 payload[BED_RTP_MAX_PACKET];
  BedRtpPacket packet = {
    .marker = sent->marker, .payload_type = self->config.payload_type, .sequence = sent->sequence,
    .timestamp = sent->timestamp, .ssrc = self->config.ssrc, .payload = sent->payload,
    .payload_length = sent->length,
  };
  BedRtpOutPacket *out;

  if (self->config.rtx_ssrc == 0)
    return build (self, kind, &packet, -1);
  if (sent->length + 2 > sizeof payload)
    return NULL;
  payload[0] = sent->sequence >> 8;
  payload[1] = sent->sequence & 0xff;
  memcpy (payload + 2, sent->payload, sent->length);
  packet.payload = payload;
  packet.payload_length += 2;
  packet.payload_type = self->config.rtx_payload_type;
  packet.ssrc = self->config.rtx_ssrc;
  packet.sequence = self->next_rtx_sequence;
  out = build (self, kind, &packet, -1);
  if (out != NULL)
    self->next_rtx_sequence++;
  return out;
}

static Sent *
find_sent (BedRtpSender *self, guint16 sequence)
{
  Sent *sent
      = self->config.history > 0 ? &self->history[sequence % self->config.history] : NULL;

  return sent != NULL && sent->used && sent->sequence == sequence ? sent : NULL;
}

BedRtpOutPacket *
bed_rtp_sender_make_padding (BedRtpSender *self, guint back)
{
  Sent *sent = find_sent (self, (guint16) (self->next_sequence - 1 - back));

  if (sent == NULL || self->config.rtx_ssrc == 0)
    return NULL;
  return build_again (self, sent, BED_RTP_PADDING);
}

BedRtpOutPacket *
bed_rtp_sender_retransmit (BedRtpSender *self, guint16 sequence, gint64 now_us)
{
  gint64 round_trip = self->stats.round_trip_us >= 0 ? self->stats.round_trip_us
                                                     : DEFAULT_ROUND_TRIP_US;
  BedRtpOutPacket *out;
  Sent *sent;

  self->stats.nack_packets++;
  sent = find_sent (self, sequence);
  if (sent == NULL)
    {
      self->stats.nack_unknown++;
      return NULL;
    }
  if (sent->sent_again_us != 0 && now_us - sent->sent_again_us < round_trip)
    return NULL;
  out = build_again (self, sent, BED_RTP_RETRANSMISSION);
  if (out == NULL)
    return NULL;
  sent->sent_again_us = now_us;
  self->stats.retransmitted_packets++;
  self->stats.retransmitted_bytes += sent->length;
  return out;
}

gboolean
bed_rtp_sender_make_report (const BedRtpSender *self, gint64 now_us, gint64 now_unix_us,
                            BedRtcpSenderReport *report)
{
  if (!self->started)
    return FALSE;
  report->ssrc = self->config.ssrc;
  report->ntp = bed_ntp_from_us (now_unix_us);
  report->rtp_timestamp = self->last_timestamp + ticks (self, now_us - self->last_capture_us);
  report->packets = self->stats.packets_sent;
  report->octets = self->stats.bytes_sent;
  return TRUE;
}

void
bed_rtp_sender_handle_report_block (BedRtpSender *self, const BedRtcpReportBlock *block,
                                    gint64 now_unix_us)
{
  gint64 round_trip;

  if (block->ssrc != self->config.ssrc)
    return;
  self->stats.remote_lost = block->cumulative_lost;
  self->stats.remote_fraction_lost = block->fraction_lost / 256.0;
  self->stats.remote_jitter_ms = block->jitter * 1000.0 / self->config.clock_rate;
  round_trip = bed_rtcp_round_trip_us (block, bed_ntp_from_us (now_unix_us));
  if (round_trip < 0 || round_trip > 30 * G_USEC_PER_SEC)
    return;
  if (self->stats.round_trip_us < 0)
    self->stats.round_trip_us = round_trip;
  else
    self->stats.round_trip_us += (round_trip - self->stats.round_trip_us) / 4;
}

void
bed_rtp_sender_get_stats (const BedRtpSender *self, BedRtpSenderStats *stats)
{
  *stats = self->stats;
}
