/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A call over a path: pictures of the size that suits the target, which fill it or do not, sound beside them, the pacer,
 * and a receiver that is not always scheduled when something comes. */
#include "bed-bandwidth-estimator.h"
#include "bed-feedback-recorder.h"
#include "bed-pacer.h"
#include "bed-rtcp.h"
#include "bed-video-ladder.h"

#define PACKET 1100
#define SOUND 120
#define QUEUE_US 300000
#define START 1500000
#define SOUND_SHARE 60000
#define WHOLE 720

typedef struct
{
  guint16 sequence;
  gint64 sent_us, arrival_us;
  gboolean sound;
} InFlight;

typedef struct
{
  gint64 arrival_us;
  BedTransportFeedback feedback;
} Feedback;

typedef struct
{
  BedBandwidthEstimator *estimator;
  BedFeedbackRecorder *recorder;
  BedPacer *pacer;
  BedVideoLadder ladder;
  gsize packet; /* how large the last one of a picture was */
  GQueue flying, feedback; /* of InFlight, of Feedback */
  GRand *random;
  gint64 now_us, free_us, awake_us;
  /* what the test sets */
  double rate;       /* bit/s of the path */
  double full;       /* bit/s that pictures of the whole size need at most */
  gint64 one_way_us;
  double stalls;     /* how many in a second … */
  gint64 stall_us;   /* … of at most so long, in which the receiver does not read */
  /* what came of it */
  guint side;
  guint whole_ms, ms;
  guint sounds, sounds_late, sounds_lost;
  guint64 bytes, padding;
  double queue_ms;
} Path;

static void
path_init (Path *path, double rate, double full)
{
  *path = (Path){ .now_us = G_USEC_PER_SEC, .rate = rate, .full = full, .one_way_us = 20000, .side = WHOLE };
  path->estimator = bed_bandwidth_estimator_new (START, 100000, 3000000);
  path->recorder = bed_feedback_recorder_new ();
  path->pacer = bed_pacer_new ();
  path->random = g_rand_new_with_seed (5);
  g_queue_init (&path->flying);
  g_queue_init (&path->feedback);
}

static void
path_clear (Path *path)
{
  bed_bandwidth_estimator_free (path->estimator);
  bed_feedback_recorder_free (path->recorder);
  bed_pacer_free (path->pacer);
  g_rand_free (path->random);
  g_queue_clear_full (&path->flying, g_free);
  g_queue_clear_full (&path->feedback, g_free);
}

static void
push (Path *path, BedRtpClass kind, gsize length)
{
  BedRtpOutPacket *packet = g_new0 (BedRtpOutPacket, 1);

  packet->kind = kind;
  packet->length = length;
  g_assert_true (bed_pacer_push (path->pacer, packet, path->now_us));
}

/* Smaller pictures need less, and none needs more than it can use. */
static void
push_picture (Path *path, guint target)
{
  guint bitrate = MAX (target, SOUND_SHARE + 100000) - SOUND_SHARE;
  double share;
  gsize bytes;

  path->side = bed_video_ladder_choose (&path->ladder, 720, bitrate, 0, path->now_us);
  share = path->side / (double) WHOLE;
  bytes = (gsize) MIN (bitrate, path->full * share * share) / 30 / 8;
  path->packet = MIN (bytes, PACKET);
  for (; bytes > PACKET; bytes -= PACKET)
    push (path, BED_RTP_VIDEO, PACKET);
  push (path, BED_RTP_VIDEO, bytes + 1);
}

static void
make_media (Path *path, guint target)
{
  gint64 ms = path->now_us / 1000;

  if (ms % 20 == 0)
    push (path, BED_RTP_AUDIO, SOUND);
  if (ms % 33 == 0)
    push_picture (path, target);
  if (ms % 100 == 0)
    bed_pacer_set_target (path->pacer, target / 3 * 5);
  if (ms % 100 == 0 && bed_bandwidth_estimator_wants_probe (path->estimator, START, path->now_us))
    {
      guint n = CLAMP (target * 2.5 * 0.035 / 8 / path->packet, 6, 24);

      for (guint i = 0; i < n; i++)
        push (path, BED_RTP_PADDING, path->packet);
      bed_bandwidth_estimator_begin_probe (path->estimator, n, path->now_us);
    }
}

/* Through a link with a queue that drops at its tail, to a receiver that may read later. */
static void
send_packet (Path *path, const BedRtpOutPacket *packet)
{
  gint64 start = MAX (path->free_us, path->now_us);
  guint16 (*const next) (BedBandwidthEstimator *, gsize, gint64)
      = packet->kind == BED_RTP_PADDING ? bed_bandwidth_estimator_next_probe_packet
                                        : bed_bandwidth_estimator_next_packet;
  InFlight flying = { next (path->estimator, packet->length, path->now_us), path->now_us, 0,
                      packet->kind == BED_RTP_AUDIO };

  path->sounds += flying.sound;
  path->queue_ms = MAX (path->queue_ms, (start - path->now_us) / 1000.0);
  if (start - path->now_us > QUEUE_US)
    {
      path->sounds_lost += flying.sound;
      return;
    }
  path->free_us = start + (gint64) (packet->length * 8e6 / path->rate);
  path->bytes += packet->length;
  path->padding += packet->kind == BED_RTP_PADDING ? packet->length : 0;
  flying.arrival_us = path->free_us + path->one_way_us;
  g_queue_push_tail (&path->flying, g_memdup2 (&flying, sizeof flying));
}

static void
receive (Path *path)
{
  if (path->stalls > 0 && g_rand_double (path->random) < path->stalls / 1000)
    path->awake_us = MAX (path->awake_us, path->now_us + g_rand_int_range (path->random, 0, (gint32) path->stall_us));
  if (path->now_us < path->awake_us)
    return;
  while (path->flying.length > 0
         && ((InFlight *) g_queue_peek_head (&path->flying))->arrival_us <= path->now_us)
    {
      g_autofree InFlight *flying = g_queue_pop_head (&path->flying);

      bed_feedback_recorder_push (path->recorder, flying->sequence, path->now_us);
      path->sounds_late += flying->sound && path->now_us - flying->sent_us > path->one_way_us + 200000;
    }
}

static void
take_feedback (const BedRtcpItem *item, gpointer user_data)
{
  Path *path = user_data;
  Feedback *feedback = g_new (Feedback, 1);

  feedback->arrival_us = path->now_us + path->one_way_us;
  g_assert_true (bed_transport_feedback_parse (&feedback->feedback, item->feedback.data, item->feedback.length));
  g_queue_push_tail (&path->feedback, feedback);
}

static void
answer (Path *path)
{
  guint8 bytes[1400];
  BedByteWriter writer;

  bed_byte_writer_init (&writer, bytes, sizeof bytes);
  while (path->now_us >= path->awake_us
         && bed_feedback_recorder_write (path->recorder, path->now_us, 1, 2, &writer))
    {
      g_assert_cmpint (bed_rtcp_parse (bytes, writer.length, take_feedback, path), ==, BED_RTCP_OK);
      bed_byte_writer_init (&writer, bytes, sizeof bytes);
    }
  while (path->feedback.length > 0
         && ((Feedback *) g_queue_peek_head (&path->feedback))->arrival_us <= path->now_us)
    {
      g_autofree Feedback *feedback = g_queue_pop_head (&path->feedback);

      bed_bandwidth_estimator_handle_feedback (path->estimator, &feedback->feedback, path->now_us);
    }
}

static void
run (Path *path, double seconds)
{
  path->whole_ms = path->ms = path->sounds = path->sounds_late = path->sounds_lost = 0;
  path->bytes = path->padding = 0;
  path->queue_ms = 0;
  for (guint i = 0; i < seconds * 1000; i++)
    {
      BedRtpOutPacket *packet;

      path->now_us += 1000;
      make_media (path, bed_bandwidth_estimator_get_target (path->estimator, path->now_us));
      while ((packet = bed_pacer_pop (path->pacer, path->now_us)) != NULL)
        {
          send_packet (path, packet);
          bed_rtp_out_packet_free (packet);
        }
      receive (path);
      answer (path);
      path->ms++;
      path->whole_ms += path->side == WHOLE;
    }
  g_test_message ("%.0f s: target %u, whole size %.0f %% of the time, sent %.0f bit/s (%.0f padding), queue up to %.0f ms, of %u sounds "
                  "%u late and %u lost", seconds, bed_bandwidth_estimator_get_target (path->estimator, path->now_us),
                  100.0 * path->whole_ms / path->ms, path->bytes * 8 / seconds, path->padding * 8 / seconds, path->queue_ms, path->sounds,
                  path->sounds_late, path->sounds_lost);
}

/* A path that was narrow for a while is not taken for narrow for good, though a small plain picture never fills it. */
static void
test_free_again (void)
{
  Path path;

  path_init (&path, 10e6, 800000);
  run (&path, 5);
  g_assert_cmpuint (path.whole_ms, ==, path.ms);
  path.rate = 400000;
  run (&path, 10);
  g_assert_cmpuint (path.side, <, WHOLE);
  path.rate = 10e6;
  run (&path, 16);
  g_assert_cmpuint (path.side, ==, WHOLE);
  run (&path, 30);
  g_assert_cmpuint (path.whole_ms, ==, path.ms);
  path_clear (&path);
}

/* Two processes on one busy machine: what is read late was not queued on the path. */
static void
test_busy_receiver (void)
{
  Path path;

  path_init (&path, 1e9, 800000);
  path.one_way_us = 100;
  path.stalls = 8;
  path.stall_us = 60000;
  run (&path, 60);
  g_assert_cmpuint (path.whole_ms, >, path.ms * 0.95);
  path_clear (&path);
}

/* It did not answer for a while: a short one is no reason for anything, a long one not for long. */
static void
test_receiver_stood_still (void)
{
  Path path;

  path_init (&path, 10e6, 800000);
  run (&path, 5);
  path.awake_us = path.now_us + 1500000;
  run (&path, 10);
  g_assert_cmpuint (path.whole_ms, ==, path.ms);
  path.awake_us = path.now_us + 5000000;
  run (&path, 5);
  g_assert_cmpuint (path.side, <, WHOLE);
  run (&path, 12);
  g_assert_cmpuint (path.side, ==, WHOLE);
  path_clear (&path);
}

/* A picture that would fill more: the rate comes down, and sound goes on. */
static void
assert_narrow (double rate, double full)
{
  Path path;

  path_init (&path, rate, full);
  run (&path, 4);
  g_assert_cmpuint (path.sounds_late + path.sounds_lost, <, path.sounds / 2);
  run (&path, 60);
  g_assert_cmpuint (path.whole_ms, ==, 0);
  g_assert_cmpfloat (path.bytes * 8 / 60, <, rate);
  g_assert_cmpuint (path.sounds_late + path.sounds_lost, ==, 0);
  g_assert_cmpfloat (path.queue_ms, <, 200);
  path_clear (&path);
}

static void
test_narrow (void)
{
  assert_narrow (500000, 3000000);
  assert_narrow (500000, 800000);
  assert_narrow (300000, 3000000);
  assert_narrow (300000, 600000);
}

/* A path that bears no more is not tried again and again. */
static void
test_few_probes (void)
{
  Path path;

  path_init (&path, 300000, 900000);
  run (&path, 20);
  run (&path, 120);
  g_assert_cmpuint (path.whole_ms, ==, 0);
  g_assert_cmpuint (path.padding, >, 0);
  g_assert_cmpfloat (path.padding * 8 / 120.0, <, 10000);
  g_assert_cmpuint (path.sounds_late + path.sounds_lost, ==, 0);
  path_clear (&path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/bwe/path/free-again", test_free_again);
  g_test_add_func ("/rtc/bwe/path/busy-receiver", test_busy_receiver);
  g_test_add_func ("/rtc/bwe/path/receiver-stood-still", test_receiver_stood_still);
  g_test_add_func ("/rtc/bwe/path/narrow", test_narrow);
  g_test_add_func ("/rtc/bwe/path/few-probes", test_few_probes);
  return g_test_run ();
}
