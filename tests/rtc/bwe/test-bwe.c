/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-bandwidth-estimator.h"
#include "bed-feedback-recorder.h"
#include "bed-pacer.h"
#include "bed-rtcp.h"

#include <string.h>

/* A link of a given rate with a queue of 300 ms that drops at its tail and 50 ms each way, a sender that fills its
 * target with 1,000-byte packets, and a receiver that answers as ours does. */
#define PACKET 1000
#define ONE_WAY_US 50000
#define QUEUE_US 300000
#define CLOCK_OFFSET_US 7777777 /* the other machine's clock */

typedef struct
{
  guint16 sequence;
  gint64 arrival_us;
} InFlight;

typedef struct
{
  BedBandwidthEstimator *estimator;
  BedFeedbackRecorder *recorder;
  GQueue flying;   /* of InFlight */
  GQueue feedback; /* of BedTransportFeedback with its arrival before it */
  gint64 now_us, next_send_us, link_free_us;
  double link_rate, loss;
  gboolean mute_feedback;
  GRand *random;
  guint64 delivered_bytes;
  double queue_sum_ms;
  guint packets, drops;
  GArray *queues; /* of double, ms */
} Link;

typedef struct
{
  gint64 arrival_us;
  BedTransportFeedback feedback;
} FeedbackInFlight;

static void
link_init (Link *link, double rate)
{
  *link = (Link) { .now_us = G_USEC_PER_SEC, .next_send_us = G_USEC_PER_SEC, .link_rate = rate };
  link->estimator = bed_bandwidth_estimator_new (300000, 50000, 4000000);
  link->recorder = bed_feedback_recorder_new ();
  link->random = g_rand_new_with_seed (8);
  link->queues = g_array_new (FALSE, FALSE, sizeof (double));
  g_queue_init (&link->flying);
  g_queue_init (&link->feedback);
}

static void
link_clear (Link *link)
{
  bed_bandwidth_estimator_free (link->estimator);
  bed_feedback_recorder_free (link->recorder);
  g_rand_free (link->random);
  g_array_unref (link->queues);
  g_queue_clear_full (&link->flying, g_free);
  g_queue_clear_full (&link->feedback, g_free);
}

static void
send_packet (Link *link)
{
  InFlight *flying;
  guint16 sequence = bed_bandwidth_estimator_next_packet (link->estimator, PACKET, link->now_us);
  gint64 start = MAX (link->link_free_us, link->now_us);
  double queue_ms = (start - link->now_us) / 1000.0;

  link->packets++;
  if (start - link->now_us > QUEUE_US)
    {
      link->drops++;
      return;
    }
  g_array_append_val (link->queues, queue_ms);
  link->queue_sum_ms += queue_ms;
  link->link_free_us = start + (gint64) (PACKET * 8 * 1e6 / link->link_rate);
  if (g_rand_double (link->random) < link->loss)
    return;
  flying = g_new (InFlight, 1);
  *flying = (InFlight) { sequence, link->link_free_us + ONE_WAY_US };
  g_queue_push_tail (&link->flying, flying);
}

static void
collect_feedback (const BedRtcpItem *item, gpointer user_data)
{
  FeedbackInFlight *feedback = user_data;

  g_assert_cmpint (item->kind, ==, BED_RTCP_TRANSPORT_FEEDBACK);
  g_assert_true (bed_transport_feedback_parse (&feedback->feedback, item->feedback.data, item->feedback.length));
}

/* As real bytes, so that recorder, writer and parser take part. */
static void
answer (Link *link)
{
  guint8 bytes[1400];
  BedByteWriter writer;

  bed_byte_writer_init (&writer, bytes, sizeof bytes);
  while (bed_feedback_recorder_write (link->recorder, link->now_us + CLOCK_OFFSET_US, 1, 2, &writer))
    {
      FeedbackInFlight *feedback = g_new (FeedbackInFlight, 1);

      g_assert_false (bed_byte_writer_failed (&writer));
      g_assert_cmpint (bed_rtcp_parse (bytes, writer.length, collect_feedback, feedback), ==, BED_RTCP_OK);
      feedback->arrival_us = link->now_us + ONE_WAY_US;
      g_queue_push_tail (&link->feedback, feedback);
      bed_byte_writer_init (&writer, bytes, sizeof bytes);
    }
}

static void
step (Link *link)
{
  link->now_us += 1000;
  while (link->next_send_us <= link->now_us)
    {
      send_packet (link);
      link->next_send_us += (gint64) (PACKET * 8 * 1e6 / bed_bandwidth_estimator_get_target (link->estimator, link->now_us));
    }
  while (link->flying.length > 0 && ((InFlight *) g_queue_peek_head (&link->flying))->arrival_us <= link->now_us)
    {
      g_autofree InFlight *flying = g_queue_pop_head (&link->flying);

      bed_feedback_recorder_push (link->recorder, flying->sequence, flying->arrival_us + CLOCK_OFFSET_US);
      link->delivered_bytes += PACKET;
    }
  answer (link);
  while (link->feedback.length > 0
         && ((FeedbackInFlight *) g_queue_peek_head (&link->feedback))->arrival_us <= link->now_us)
    {
      g_autofree FeedbackInFlight *feedback = g_queue_pop_head (&link->feedback);

      if (!link->mute_feedback)
        bed_bandwidth_estimator_handle_feedback (link->estimator, &feedback->feedback, link->now_us);
    }
}

static gint
compare_doubles (gconstpointer a, gconstpointer b)
{
  double x = *(const double *) a, y = *(const double *) b;

  return (x > y) - (x < y);
}

typedef struct
{
  double utilisation, queue_mean_ms, queue_p95_ms;
  guint drops;
} Phase;

static Phase
run (Link *link, double rate, double seconds)
{
  Phase phase;

  link->link_rate = rate;
  link->delivered_bytes = 0;
  link->queue_sum_ms = 0;
  link->drops = 0;
  g_array_set_size (link->queues, 0);
  for (guint i = 0; i < seconds * 1000; i++)
    step (link);
  g_array_sort (link->queues, compare_doubles);
  phase.utilisation = link->delivered_bytes * 8 / seconds / rate;
  phase.queue_mean_ms = link->queue_sum_ms / MAX (1, link->queues->len);
  phase.queue_p95_ms = link->queues->len > 0 ? g_array_index (link->queues, double, link->queues->len * 95 / 100) : 0;
  phase.drops = link->drops;
  g_test_message ("%.2f Mbit/s: utilisation %.2f, queue mean %.0f ms, 95 %% %.0f ms, drops %u", rate / 1e6,
                  phase.utilisation, phase.queue_mean_ms, phase.queue_p95_ms, phase.drops);
  return phase;
}

/* The phases of RFC 8867 5.1, shortened. */
static void
test_variable_capacity (void)
{
  Link link;
  Phase phase;

  link_init (&link, 1e6);
  run (&link, 1e6, 10); /* finding it */
  phase = run (&link, 1e6, 15);
  g_assert_cmpfloat (phase.utilisation, >, 0.70);
  g_assert_cmpfloat (phase.queue_p95_ms, <, 150);
  run (&link, 2.5e6, 8);
  phase = run (&link, 2.5e6, 12);
  g_assert_cmpfloat (phase.utilisation, >, 0.70);
  phase = run (&link, 0.6e6, 3);
  phase = run (&link, 0.6e6, 12);
  g_assert_cmpfloat (phase.utilisation, >, 0.65);
  g_assert_cmpfloat (phase.queue_mean_ms, <, 120);
  g_assert_cmpuint (phase.drops, ==, 0);
  run (&link, 1e6, 8);
  phase = run (&link, 1e6, 12);
  g_assert_cmpfloat (phase.utilisation, >, 0.70);
  link_clear (&link);
}

static void
test_random_loss_is_not_congestion (void)
{
  Link link;
  Phase phase;

  link_init (&link, 2e6);
  link.loss = 0.01;
  run (&link, 2e6, 15);
  phase = run (&link, 2e6, 15);
  g_assert_cmpfloat (phase.utilisation, >, 0.6);
  link_clear (&link);
}

static void
test_heavy_loss (void)
{
  Link link;
  BedBandwidthStats stats;
  guint before;

  link_init (&link, 2e6);
  run (&link, 2e6, 15);
  before = bed_bandwidth_estimator_get_target (link.estimator, link.now_us);
  link.loss = 0.3;
  run (&link, 2e6, 5);
  bed_bandwidth_estimator_get_stats (link.estimator, &stats);
  g_assert_cmpfloat (stats.loss, >, 0.15);
  g_assert_cmpuint (stats.target, <, before * 0.6);
  link.loss = 0;
  run (&link, 2e6, 20);
  g_assert_cmpuint (bed_bandwidth_estimator_get_target (link.estimator, link.now_us), >, before * 0.6);
  link_clear (&link);
}

static void
test_blocked (void)
{
  Link link;

  link_init (&link, 2e6);
  run (&link, 2e6, 15);
  g_assert_cmpuint (bed_bandwidth_estimator_get_target (link.estimator, link.now_us), >, 1000000);
  link.mute_feedback = TRUE;
  run (&link, 2e6, 10);
  g_assert_cmpuint (bed_bandwidth_estimator_get_target (link.estimator, link.now_us), <, 100000);
  link.mute_feedback = FALSE;
  run (&link, 2e6, 20);
  g_assert_cmpuint (bed_bandwidth_estimator_get_target (link.estimator, link.now_us), >, 500000);
  link_clear (&link);
}

static void
test_limits (void)
{
  Link link;
  BedBandwidthStats stats;
  BedTransportFeedback foreign = { .base_sequence = 40000, .n_entries = 3 };

  link_init (&link, 20e6);
  run (&link, 20e6, 20);
  g_assert_cmpuint (bed_bandwidth_estimator_get_target (link.estimator, link.now_us), ==, 4000000);
  bed_bandwidth_estimator_handle_remb (link.estimator, 700000, link.now_us);
  g_assert_cmpuint (bed_bandwidth_estimator_get_target (link.estimator, link.now_us), ==, 700000);
  bed_bandwidth_estimator_handle_remb (link.estimator, 1, link.now_us);
  g_assert_cmpuint (bed_bandwidth_estimator_get_target (link.estimator, link.now_us), ==, 50000);
  bed_bandwidth_estimator_handle_remb (link.estimator, G_MAXUINT64, link.now_us);
  g_assert_cmpuint (bed_bandwidth_estimator_get_target (link.estimator, link.now_us), ==, 4000000);
  foreign.base_sequence = bed_bandwidth_estimator_next_packet (link.estimator, 1, link.now_us) + 100;
  bed_bandwidth_estimator_handle_feedback (link.estimator, &foreign, link.now_us);
  bed_bandwidth_estimator_get_stats (link.estimator, &stats);
  g_assert_cmpuint (stats.bad_feedbacks, ==, 1);
  link_clear (&link);
}

static void
test_reports_only (void)
{
  g_autoptr (BedBandwidthEstimator) estimator = bed_bandwidth_estimator_new (500000, 50000, 2000000);
  gint64 now = 0;

  for (guint i = 0; i < 30; i++)
    bed_bandwidth_estimator_handle_report (estimator, 0, 50000, now += G_USEC_PER_SEC);
  g_assert_cmpuint (bed_bandwidth_estimator_get_target (estimator, now), ==, 2000000);
  for (guint i = 0; i < 10; i++)
    bed_bandwidth_estimator_handle_report (estimator, 77, 50000, now += G_USEC_PER_SEC);
  g_assert_cmpuint (bed_bandwidth_estimator_get_target (estimator, now), <, 600000);
}

typedef struct
{
  guint messages, received, lost;
  guint16 next;
} Seen;

static void
count_feedback (const BedRtcpItem *item, gpointer user_data)
{
  BedTransportFeedback feedback;
  Seen *seen = user_data;

  g_assert_true (bed_transport_feedback_parse (&feedback, item->feedback.data, item->feedback.length));
  if (seen->messages++ > 0)
    g_assert_cmpuint (feedback.base_sequence, ==, seen->next);
  seen->next = feedback.base_sequence + feedback.n_entries;
  for (guint i = 0; i < feedback.n_entries; i++)
    if (feedback.entries[i].received)
      seen->received++;
    else
      seen->lost++;
}

static guint
write_all (BedFeedbackRecorder *recorder, gint64 now_us, Seen *seen)
{
  guint8 bytes[1400];
  guint n = 0;

  for (;; n++)
    {
      BedByteWriter writer;

      bed_byte_writer_init (&writer, bytes, sizeof bytes);
      if (!bed_feedback_recorder_write (recorder, now_us, 1, 2, &writer))
        return n;
      g_assert_false (bed_byte_writer_failed (&writer));
      g_assert_cmpint (bed_rtcp_parse (bytes, writer.length, count_feedback, seen), ==, BED_RTCP_OK);
    }
}

static void
test_recorder (void)
{
  g_autoptr (BedFeedbackRecorder) recorder = bed_feedback_recorder_new ();
  Seen seen = { 0 };

  g_assert_cmpuint (write_all (recorder, 1000000, &seen), ==, 0);
  bed_feedback_recorder_push (recorder, 65534, 1000000);
  bed_feedback_recorder_push (recorder, 1, 1001000);
  bed_feedback_recorder_push (recorder, 0, 1002000); /* disorder over the wrap */
  bed_feedback_recorder_push (recorder, 0, 1003000);
  g_assert_cmpuint (write_all (recorder, 1050000, &seen), ==, 0);
  g_assert_cmpuint (write_all (recorder, 1100000, &seen), ==, 1);
  g_assert_cmpuint (seen.received, ==, 3);
  g_assert_cmpuint (seen.lost, ==, 1);
  bed_feedback_recorder_push (recorder, 65535, 1110000); /* too late */
  g_assert_cmpuint (write_all (recorder, 1300000, &seen), ==, 0);
  for (guint i = 2; i < 66; i++)
    bed_feedback_recorder_push (recorder, i, 1310000);
  g_assert_cmpuint (write_all (recorder, 1310000, &seen), ==, 1); /* many are reason enough */
  g_assert_cmpuint (seen.received, ==, 67);
}

static void
test_recorder_hostile (void)
{
  g_autoptr (BedFeedbackRecorder) recorder = bed_feedback_recorder_new ();
  g_autoptr (GRand) random = g_rand_new_with_seed (2);
  gint64 now = 1000000;

  for (guint round = 0; round < 50; round++)
    {
      for (guint i = 0; i < 100; i++)
        bed_feedback_recorder_push (recorder, g_rand_int (random), now += g_rand_int_range (random, 0, 9000000));
      for (guint guard = 0;; guard++)
        {
          guint8 bytes[1400];
          BedByteWriter writer;

          bed_byte_writer_init (&writer, bytes, sizeof bytes);
          if (!bed_feedback_recorder_write (recorder, now, 1, 2, &writer))
            break;
          g_assert_false (bed_byte_writer_failed (&writer));
          g_assert_cmpuint (guard, <, 200);
        }
    }
}

static BedRtpOutPacket *
out_packet (BedRtpClass kind, guint8 mark)
{
  BedRtpOutPacket *packet = g_new0 (BedRtpOutPacket, 1);

  packet->kind = kind;
  packet->length = PACKET;
  packet->data[0] = mark;
  return packet;
}

static void
test_pacer_order (void)
{
  g_autoptr (BedPacer) pacer = bed_pacer_new ();
  static const guint8 wanted[] = { 3, 2, 1 };

  g_assert_cmpint (bed_pacer_get_next_us (pacer, 5), ==, G_MAXINT64);
  bed_pacer_set_target (pacer, 800000);
  bed_pacer_push (pacer, out_packet (BED_RTP_VIDEO, 1), 1000000);
  bed_pacer_push (pacer, out_packet (BED_RTP_RETRANSMISSION, 2), 1000000);
  bed_pacer_push (pacer, out_packet (BED_RTP_AUDIO, 3), 1000000);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (BedRtpOutPacket) packet = bed_pacer_pop (pacer, 1000000 + i * 10000);

      g_assert_cmpuint (packet->data[0], ==, wanted[i]);
    }
  g_assert_cmpuint (bed_pacer_get_queued_bytes (pacer), ==, 0);
}

static void
test_pacer_rate (void)
{
  g_autoptr (BedPacer) pacer = bed_pacer_new ();
  guint sent = 0;

  bed_pacer_set_target (pacer, 800000); /* 1.2 Mbit/s: 150 of our packets a second */
  for (guint i = 0; i < 20; i++)
    bed_pacer_push (pacer, out_packet (BED_RTP_VIDEO, 1), 0);
  for (gint64 now = 0; now < 100000; now += 1000)
    {
      BedRtpOutPacket *packet;

      while ((packet = bed_pacer_pop (pacer, now)) != NULL)
        {
          sent++;
          bed_rtp_out_packet_free (packet);
        }
      g_assert_cmpint (bed_pacer_get_next_us (pacer, now), >, now);
      g_assert_cmpint (sent, <=, 2 + now * 150 / 1000000 + 1);
    }
  g_assert_cmpuint (sent, >=, 14);
}

static void
test_pacer_backlog (void)
{
  g_autoptr (BedPacer) pacer = bed_pacer_new ();
  guint accepted = 0, sent = 0;
  BedRtpOutPacket *packet;

  bed_pacer_set_target (pacer, 100000);
  for (guint i = 0; i < 2500; i++)
    accepted += bed_pacer_push (pacer, out_packet (BED_RTP_VIDEO, 1), 0);
  g_assert_cmpuint (accepted, ==, 2000);
  g_assert_true (bed_pacer_push (pacer, out_packet (BED_RTP_AUDIO, 2), 0));
  /* a backlog leaves faster than the target: most of it within a second */
  for (gint64 now = 0; now < G_USEC_PER_SEC; now += 1000)
    while ((packet = bed_pacer_pop (pacer, now)) != NULL)
      {
        sent++;
        bed_rtp_out_packet_free (packet);
      }
  g_assert_cmpuint (sent, >, 1800);
  bed_pacer_clear (pacer);
  g_assert_cmpuint (bed_pacer_get_queued_bytes (pacer), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/bwe/estimator/variable-capacity", test_variable_capacity);
  g_test_add_func ("/rtc/bwe/estimator/random-loss", test_random_loss_is_not_congestion);
  g_test_add_func ("/rtc/bwe/estimator/heavy-loss", test_heavy_loss);
  g_test_add_func ("/rtc/bwe/estimator/blocked", test_blocked);
  g_test_add_func ("/rtc/bwe/estimator/limits", test_limits);
  g_test_add_func ("/rtc/bwe/estimator/reports-only", test_reports_only);
  g_test_add_func ("/rtc/bwe/recorder/order", test_recorder);
  g_test_add_func ("/rtc/bwe/recorder/hostile", test_recorder_hostile);
  g_test_add_func ("/rtc/bwe/pacer/order", test_pacer_order);
  g_test_add_func ("/rtc/bwe/pacer/rate", test_pacer_rate);
  g_test_add_func ("/rtc/bwe/pacer/backlog", test_pacer_backlog);
  return g_test_run ();
}
