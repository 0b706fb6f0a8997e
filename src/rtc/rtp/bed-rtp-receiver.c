/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-rtp-receiver.h"

#define MAX_JUMP 3000
#define SEEN 8192 /* power of two, more than twice MAX_JUMP */
#define MAX_MISSING 500
#define MAX_TRIES 10
#define GIVE_UP_US G_USEC_PER_SEC
#define DISORDER_US 10000
#define DISORDER_PACKETS 3
#define MIN_REPEAT_US 20000
#define DEFAULT_REPEAT_US 100000

typedef struct
{
  gint64 extended;
  gint64 since_us;
  gint64 asked_us;
  guint tries;
} Missing;

struct _BedRtpReceiver
{
  guint32 ssrc;
  guint clock_rate;
  gboolean with_nack;
  gboolean started;
  gint64 base; /* lowest extended number of this numbering */
  gint64 highest;
  gint64 received; /* of this numbering */
  gint64 expected_before; /* at the last report */
  gint64 received_before;
  gint64 seen[SEEN]; /* extended number last seen in this place */
  gboolean doubt; /* a far packet came; doubt_next would confirm it */
  guint16 doubt_next;
  gboolean transit_known;
  guint32 transit; /* clock units, modulo 2^32 */
  double jitter; /* clock units */
  gboolean report_known;
  guint32 report_ntp; /* middle bits of the last SR */
  gint64 report_us;
  GArray *missing; /* of Missing, ascending */
  BedRtpReceiverStats stats;
};

BedRtpReceiver *
bed_rtp_receiver_new (guint32 ssrc, guint clock_rate, gboolean with_nack)
{
  BedRtpReceiver *self = g_new0 (BedRtpReceiver, 1);

  self->ssrc = ssrc;
  self->clock_rate = clock_rate;
  self->with_nack = with_nack;
  self->missing = g_array_new (FALSE, FALSE, sizeof (Missing));
  return self;
}

void
bed_rtp_receiver_free (BedRtpReceiver *self)
{
  g_array_unref (self->missing);
  g_free (self);
}

guint32
bed_rtp_receiver_get_ssrc (const BedRtpReceiver *self)
{
  return self->ssrc;
}

static gint64 *
seen_place (BedRtpReceiver *self, gint64 extended)
{
  return &self->seen[(guint64) extended & (SEEN - 1)];
}

static void
begin_numbering (BedRtpReceiver *self, gint64 extended)
{
  for (guint i = 0; i < SEEN; i++)
    self->seen[i] = G_MININT64;
  self->started = TRUE;
  self->base = self->highest = extended;
  self->received = self->expected_before = self->received_before = 0;
  self->transit_known = FALSE;
  g_array_set_size (self->missing, 0);
}

/* RFC 3550 A.8. */
static void
update_jitter (BedRtpReceiver *self, guint32 timestamp, gint64 now_us)
{
  guint32 arrival = now_us / G_USEC_PER_SEC * self->clock_rate
                    + now_us % G_USEC_PER_SEC * self->clock_rate / G_USEC_PER_SEC;
  guint32 transit = arrival - timestamp;
  double difference = ABS ((double) (gint32) (transit - self->transit));

  /* More than 10 s is another time line, not jitter. */
  if (self->transit_known && difference < 10.0 * self->clock_rate)
    self->jitter += (difference - self->jitter) / 16;
  self->transit = transit;
  self->transit_known = TRUE;
}

static void
note_missing (BedRtpReceiver *self, gint64 from, gint64 to, gint64 now_us)
{
  if (!self->with_nack || from >= to)
    return;
  if (to - from + self->missing->len > MAX_MISSING)
    {
      /* Hopeless: only a key frame helps. */
      self->stats.given_up += self->missing->len + (to - from);
      g_array_set_size (self->missing, 0);
      return;
    }
  for (gint64 extended = from; extended < to; extended++)
    {
      Missing missing = { .extended = extended, .since_us = now_us };

      g_array_append_val (self->missing, missing);
    }
}

static void
no_longer_missing (BedRtpReceiver *self, gint64 extended, gboolean retransmitted)
{
  for (guint i = 0; i < self->missing->len; i++)
    {
      Missing *missing = &g_array_index (self->missing, Missing, i);

      if (missing->extended != extended)
        continue;
      if (retransmitted || missing->tries > 0)
        self->stats.recovered++;
      g_array_remove_index (self->missing, i);
      return;
    }
}

/* Accepts a packet in the present numbering. */
static BedRtpArrival
accept (BedRtpReceiver *self, const BedRtpPacket *packet, gboolean retransmitted, gint64 now_us,
        gint64 extended)
{
  if (*seen_place (self, extended) == extended)
    {
      self->stats.duplicates++;
      return BED_RTP_ARRIVAL_DUPLICATE;
    }
  *seen_place (self, extended) = extended;
  if (extended > self->highest)
    {
      note_missing (self, self->highest + 1, extended, now_us);
      self->highest = extended;
    }
  else
    no_longer_missing (self, extended, retransmitted);
  self->base = MIN (self->base, extended);
  self->received++;
  self->stats.packets_received++;
  self->stats.bytes_received += packet->payload_length;
  if (!retransmitted)
    update_jitter (self, packet->timestamp, now_us);
  return BED_RTP_ARRIVAL_NEW;
}

/* A packet far from the others: an attack, a very late one, or a new numbering. */
static BedRtpArrival
doubt (BedRtpReceiver *self, const BedRtpPacket *packet, gint64 now_us, gint64 *extended)
{
  if (!self->doubt || packet->sequence != self->doubt_next)
    {
      self->doubt = TRUE;
      self->doubt_next = packet->sequence + 1;
      self->stats.doubtful++;
      return BED_RTP_ARRIVAL_DOUBTFUL;
    }
  self->doubt = FALSE;
  *extended = ((self->highest >> 16) + 1) * 65536 + packet->sequence;
  begin_numbering (self, *extended);
  accept (self, packet, FALSE, now_us, *extended);
  return BED_RTP_ARRIVAL_RESTART;
}

BedRtpArrival
bed_rtp_receiver_push (BedRtpReceiver *self, const BedRtpPacket *packet, gboolean retransmitted,
                       gint64 now_us, gint64 *extended)
{
  gint64 distance;

  if (!self->started)
    begin_numbering (self, packet->sequence);
  distance = (gint16) (packet->sequence - (guint16) self->highest);
  if (distance > MAX_JUMP || distance < -MAX_JUMP)
    {
      if (!retransmitted)
        return doubt (self, packet, now_us, extended);
      self->stats.too_old++;
      return BED_RTP_ARRIVAL_TOO_OLD;
    }
  *extended = self->highest + distance;
  self->doubt = FALSE;
  return accept (self, packet, retransmitted, now_us, *extended);
}

void
bed_rtp_receiver_handle_sender_report (BedRtpReceiver *self, const BedRtcpSenderReport *report,
                                       gint64 now_us)
{
  if (report->ssrc != self->ssrc)
    return;
  self->report_known = TRUE;
  self->report_ntp = bed_ntp_middle (report->ntp);
  self->report_us = now_us;
}

static gint64
expected (const BedRtpReceiver *self)
{
  return self->started ? self->highest - self->base + 1 : 0;
}

gboolean
bed_rtp_receiver_make_report_block (BedRtpReceiver *self, gint64 now_us, BedRtcpReportBlock *block)
{
  gint64 expected_now, lost_now;

  if (!self->started)
    return FALSE;
  expected_now = expected (self) - self->expected_before;
  lost_now = expected_now - (self->received - self->received_before);
  self->expected_before = expected (self);
  self->received_before = self->received;
  *block = (BedRtcpReportBlock) { .ssrc = self->ssrc };
  if (expected_now > 0 && lost_now > 0)
    block->fraction_lost = MIN (255, lost_now * 256 / expected_now);
  self->stats.fraction_lost = block->fraction_lost / 256.0;
  block->cumulative_lost = CLAMP (expected (self) - self->received, -0x800000, 0x7fffff);
  block->highest_sequence = self->highest;
  block->jitter = self->jitter;
  if (self->report_known)
    {
      block->last_sr = self->report_ntp;
      block->delay_since_last_sr = MIN ((now_us - self->report_us) * 65536 / G_USEC_PER_SEC,
                                        G_MAXUINT32);
    }
  return TRUE;
}

/* Whether it is time to ask (again) for a packet. */
static gboolean
is_due (const BedRtpReceiver *self, const Missing *missing, gint64 now_us, gint64 round_trip_us)
{
  gint64 repeat = round_trip_us < 0 ? DEFAULT_REPEAT_US : MAX (round_trip_us, MIN_REPEAT_US);

  if (missing->tries == 0)
    return now_us - missing->since_us >= DISORDER_US
           || self->highest - missing->extended >= DISORDER_PACKETS;
  return now_us - missing->asked_us >= repeat;
}

guint
bed_rtp_receiver_poll_nack (BedRtpReceiver *self, gint64 now_us, gint64 round_trip_us, guint16 *out,
                            guint max)
{
  guint n = 0, kept = 0;

  for (guint i = 0; i < self->missing->len; i++)
    {
      Missing missing = g_array_index (self->missing, Missing, i);
      gboolean due = is_due (self, &missing, now_us, round_trip_us);

      if (now_us - missing.since_us > GIVE_UP_US || (due && missing.tries >= MAX_TRIES))
        {
          self->stats.given_up++;
          continue;
        }
      if (due && n < max)
        {
          out[n++] = missing.extended;
          missing.tries++;
          missing.asked_us = now_us;
        }
      g_array_index (self->missing, Missing, kept++) = missing;
    }
  g_array_set_size (self->missing, kept);
  self->stats.nacks_sent += n;
  return n;
}

void
bed_rtp_receiver_forget_before (BedRtpReceiver *self, gint64 extended)
{
  guint n = 0;

  while (n < self->missing->len && g_array_index (self->missing, Missing, n).extended < extended)
    n++;
  if (n > 0)
    g_array_remove_range (self->missing, 0, n);
}

void
bed_rtp_receiver_get_stats (const BedRtpReceiver *self, BedRtpReceiverStats *stats)
{
  *stats = self->stats;
  stats->packets_lost = expected (self) - self->received;
  stats->jitter_ms = self->jitter * 1000 / self->clock_rate;
}
