/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-pacer.h"

#define FACTOR 1.5
#define CREDIT_US 5000 /* timers are late: this much may be caught up with at once */
#define MAX_WAIT_US 250000
#define MAX_QUEUED 2000 /* packets */
#define MIN_RATE 50000.0

struct _BedPacer
{
  GQueue queues[4]; /* of BedRtpOutPacket, owned; index BedRtpClass */
  gsize queued_bytes;
  double rate; /* bit/s */
  gint64 free_us; /* when the bucket is empty */
};

/* Audio, then what is asked for again, then new video. */
static const BedRtpClass order[]
    = { BED_RTP_AUDIO, BED_RTP_RETRANSMISSION, BED_RTP_VIDEO, BED_RTP_PADDING };

BedPacer *
bed_pacer_new (void)
{
  BedPacer *self = g_new0 (BedPacer, 1);

  for (guint i = 0; i < G_N_ELEMENTS (self->queues); i++)
    g_queue_init (&self->queues[i]);
  bed_pacer_set_target (self, 300000);
  return self;
}

void
bed_pacer_clear (BedPacer *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->queues); i++)
    g_queue_clear_full (&self->queues[i], (GDestroyNotify) bed_rtp_out_packet_free);
  self->queued_bytes = 0;
}

void
bed_pacer_free (BedPacer *self)
{
  bed_pacer_clear (self);
  g_free (self);
}

void
bed_pacer_set_target (BedPacer *self, guint bitrate)
{
  self->rate = MAX (MIN_RATE, FACTOR * bitrate);
}

static guint
queued (const BedPacer *self)
{
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (self->queues); i++)
    n += self->queues[i].length;
  return n;
}

gboolean
bed_pacer_push (BedPacer *self, BedRtpOutPacket *packet, gint64 now_us)
{
  if (packet->kind != BED_RTP_AUDIO && queued (self) >= MAX_QUEUED)
    {
      bed_rtp_out_packet_free (packet);
      return FALSE;
    }
  if (self->queued_bytes == 0)
    self->free_us = MAX (self->free_us, now_us - CREDIT_US);
  g_queue_push_tail (&self->queues[packet->kind], packet);
  self->queued_bytes += packet->length;
  return TRUE;
}

static double
present_rate (const BedPacer *self)
{
  return MAX (self->rate, self->queued_bytes * 8.0 * G_USEC_PER_SEC / MAX_WAIT_US);
}

BedRtpOutPacket *
bed_pacer_pop (BedPacer *self, gint64 now_us)
{
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      BedRtpOutPacket *packet;
      double rate = present_rate (self);

      if (order[i] != BED_RTP_AUDIO && now_us < self->free_us)
        return NULL;
      packet = g_queue_pop_head (&self->queues[order[i]]);
      if (packet == NULL)
        continue;
      self->queued_bytes -= packet->length;
      self->free_us = MAX (self->free_us, now_us - CREDIT_US)
                      + packet->length * 8.0 * G_USEC_PER_SEC / rate;
      return packet;
    }
  return NULL;
}

gint64
bed_pacer_get_next_us (const BedPacer *self, gint64 now_us)
{
  if (self->queues[BED_RTP_AUDIO].length > 0)
    return now_us;
  return self->queued_bytes > 0 ? MAX (now_us, self->free_us) : G_MAXINT64;
}

gsize
bed_pacer_get_queued_bytes (const BedPacer *self)
{
  return self->queued_bytes;
}
