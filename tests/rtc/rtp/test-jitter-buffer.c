/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-jitter-buffer.h"

/* A talker sends 20 ms every 20 ms; a player asks for sound every 10 ms while it has less than 20 ms. The payload
 * is two real Opus bytes (20 ms) and the packet's number, so that a test sees what was played when. */
#define N_PACKETS 1500
#define PACKET_US 20000
#define SAMPLES 960
#define LOST G_MAXINT64

typedef struct
{
  BedJitterBuffer *buffer;
  gint64 arrivals[N_PACKETS]; /* µs, LOST for lost */
  guint32 timestamps[N_PACKETS];
  gint64 now_us;
  gint64 queued; /* samples at the player */
  guint played[N_PACKETS], fec[N_PACKETS];
  guint order_errors;
  gint last;
  gint64 delay_sum_us, delay_max_us; /* of played packets: play time - send time */
  guint n_played, n_concealed, n_fec, n_empty;
  GRand *random;
} Call;

static Call *
call_new (guint min_ms, guint max_ms)
{
  Call *call = g_new0 (Call, 1);

  call->buffer = bed_jitter_buffer_new (min_ms, max_ms);
  call->random = g_rand_new_with_seed (77);
  call->last = -1;
  for (guint i = 0; i < N_PACKETS; i++)
    {
      call->arrivals[i] = (gint64) i * PACKET_US + 50000;
      call->timestamps[i] = 0xffff0000u + i * SAMPLES; /* wraps soon */
    }
  return call;
}

static void
call_free (Call *call)
{
  bed_jitter_buffer_free (call->buffer);
  g_rand_free (call->random);
  g_free (call);
}

static BedJitterPush
push (Call *call, guint i)
{
  guint8 payload[] = { 13 << 3, 0xff, i >> 8, i & 0xff };

  return bed_jitter_buffer_push (call->buffer, i, call->timestamps[i], payload, sizeof payload, call->arrivals[i]);
}

static void
note (Call *call, const BedJitterFrame *frame)
{
  gint i = frame->payload != NULL ? frame->payload[2] << 8 | frame->payload[3] : -1;
  gint64 delay = i >= 0 ? call->now_us - (gint64) i * PACKET_US : 0;

  switch (frame->action)
    {
    case BED_JITTER_DECODE:
      call->played[i]++;
      call->order_errors += i <= call->last;
      call->last = i;
      call->n_played++;
      call->delay_sum_us += delay;
      call->delay_max_us = MAX (call->delay_max_us, delay);
      break;
    case BED_JITTER_DECODE_FEC:
      call->fec[i]++;
      call->n_fec++;
      break;
    case BED_JITTER_CONCEAL:
      call->n_concealed++;
      break;
    case BED_JITTER_EMPTY:
    default:
      call->n_empty++;
    }
}

static gint64
heard (const BedJitterFrame *frame)
{
  if (frame->stretch == BED_JITTER_ACCELERATE)
    return frame->samples - 480;
  return frame->stretch == BED_JITTER_DECELERATE ? frame->samples + 480 : frame->samples;
}

static void
run (Call *call, guint from, guint to)
{
  for (call->now_us = (gint64) from * PACKET_US; call->now_us < (gint64) to * PACKET_US; call->now_us += 10000)
    {
      for (guint i = from > 100 ? from - 100 : 0; i < MIN (to + 1, N_PACKETS); i++)
        if (call->arrivals[i] > call->now_us - 10000 && call->arrivals[i] <= call->now_us)
          push (call, i);
      call->queued = MAX (0, call->queued - 480);
      while (call->queued < SAMPLES)
        {
          BedJitterFrame frame;

          bed_jitter_buffer_pop (call->buffer, call->now_us, &frame);
          g_assert_cmpuint (frame.samples, >, 0);
          note (call, &frame);
          call->queued += heard (&frame);
        }
    }
}

static BedJitterStats
stats_of (Call *call)
{
  BedJitterStats stats;

  bed_jitter_buffer_get_stats (call->buffer, &stats);
  return stats;
}

static void
test_perfect (void)
{
  Call *call = call_new (20, 500);

  run (call, 0, 500);
  g_assert_cmpuint (call->n_concealed + call->n_fec + call->order_errors, ==, 0);
  g_assert_cmpuint (call->n_played, >=, 490);
  /* 50 ms of network, 20 of buffer, and at most a packet of quantisation */
  g_assert_cmpint (call->delay_sum_us / call->n_played, <, 115000);
  call_free (call);
}

static void
test_single_losses (void)
{
  Call *call = call_new (40, 500);

  for (guint i = 20; i < 500; i += 10)
    call->arrivals[i] = LOST;
  run (call, 0, 500);
  g_assert_cmpuint (call->order_errors, ==, 0);
  /* each lost one out of its successor's FEC */
  g_assert_cmpuint (call->n_fec, >=, 44);
  g_assert_cmpuint (call->n_concealed, <=, 4);
  g_assert_cmpuint (call->fec[21], ==, 1);
  g_assert_cmpuint (call->played[21], ==, 1);
  call_free (call);
}

static void
test_burst_loss (void)
{
  Call *call = call_new (40, 500);

  for (guint i = 100; i < 105; i++)
    call->arrivals[i] = LOST;
  run (call, 0, 400);
  g_assert_cmpuint (call->order_errors, ==, 0);
  g_assert_cmpuint (call->n_fec, <=, 1);
  g_assert_cmpuint (call->n_concealed + call->n_fec, >=, 4);
  g_assert_cmpuint (call->n_concealed + call->n_fec, <=, 7);
  g_assert_cmpuint (call->played[105], ==, 1);
  call_free (call);
}

static void
test_random_loss (void)
{
  Call *call = call_new (40, 500);

  for (guint i = 10; i < 1000; i++)
    if (g_rand_double (call->random) < 0.2)
      call->arrivals[i] = LOST;
  run (call, 0, 1000);
  g_assert_cmpuint (call->order_errors, ==, 0);
  for (guint i = 10; i < 990; i++)
    g_assert_cmpuint (call->played[i], ==, call->arrivals[i] != LOST);
  g_assert_cmpint (call->delay_sum_us / call->n_played, <, 150000);
  call_free (call);
}

static void
test_jitter_grows_delay (void)
{
  Call *call = call_new (20, 500);
  BedJitterStats before, after;

  run (call, 0, 200);
  before = stats_of (call);
  for (guint i = 200; i < 1000; i++)
    call->arrivals[i] += g_rand_int_range (call->random, 0, 80000);
  run (call, 200, 1000);
  after = stats_of (call);
  g_assert_cmpfloat (before.target_delay_ms, <=, 25);
  g_assert_cmpfloat (after.target_delay_ms, >=, 60);
  g_assert_cmpfloat (after.target_delay_ms, <=, 110);
  g_assert_cmpuint (call->order_errors, ==, 0);
  /* 95 % are to be in time */
  g_assert_cmpfloat (after.late, <, 0.10 * 800);
  call_free (call);
}

static void
test_delay_shrinks_again (void)
{
  Call *call = call_new (20, 500);
  BedJitterStats stats;

  for (guint i = 50; i < 300; i++)
    call->arrivals[i] += g_rand_int_range (call->random, 0, 150000);
  run (call, 0, 300);
  stats = stats_of (call);
  g_assert_cmpfloat (stats.target_delay_ms, >, 100);
  run (call, 300, 1500);
  stats = stats_of (call);
  /* forgetting takes 20 s or so */
  g_assert_cmpfloat (stats.target_delay_ms, <, 140);
  g_assert_cmpfloat (stats.current_delay_ms, <, stats.target_delay_ms + 45);
  g_assert_cmpuint (stats.accelerated, >, 0);
  call_free (call);
}

static void
test_reorder (void)
{
  Call *call = call_new (60, 500);

  for (guint i = 20; i < 400; i += 4)
    call->arrivals[i] += 45000; /* behind its two successors */
  run (call, 0, 400);
  g_assert_cmpuint (call->order_errors, ==, 0);
  g_assert_cmpuint (call->n_concealed + call->n_fec, ==, 0);
  for (guint i = 0; i < 390; i++)
    g_assert_cmpuint (call->played[i], ==, 1);
  call_free (call);
}

static void
test_duplicates (void)
{
  Call *call = call_new (60, 500);

  run (call, 0, 50);
  g_assert_cmpint (push (call, 60), ==, BED_JITTER_PUSH_OK);
  g_assert_cmpint (push (call, 60), ==, BED_JITTER_PUSH_DUPLICATE);
  g_assert_cmpint (push (call, 1), ==, BED_JITTER_PUSH_LATE);
  g_assert_cmpuint (stats_of (call).duplicates, ==, 1);
  g_assert_cmpuint (stats_of (call).late, ==, 1);
  call_free (call);
}

static void
test_bad_payloads (void)
{
  g_autoptr (BedJitterBuffer) buffer = bed_jitter_buffer_new (20, 500);
  guint8 large[1501] = { 13 << 3 };
  BedJitterFrame frame;
  BedJitterStats stats;

  g_assert_cmpint (bed_jitter_buffer_push (buffer, 1, 1, NULL, 0, 1), ==, BED_JITTER_PUSH_BAD);
  g_assert_cmpint (bed_jitter_buffer_push (buffer, 1, 1, (guint8[]) { 0xff, 0x3f }, 2, 1), ==, BED_JITTER_PUSH_BAD);
  g_assert_cmpint (bed_jitter_buffer_push (buffer, 1, 1, large, sizeof large, 1), ==, BED_JITTER_PUSH_BAD);
  bed_jitter_buffer_pop (buffer, 1000, &frame);
  g_assert_cmpint (frame.action, ==, BED_JITTER_EMPTY);
  bed_jitter_buffer_get_stats (buffer, &stats);
  g_assert_cmpuint (stats.bad, ==, 3);
  g_assert_cmpuint (stats.packets, ==, 0);
}

static void
test_delay_spike (void)
{
  Call *call = call_new (20, 500);

  /* everything sent within 300 ms comes at once, late, but whole */
  for (guint i = 200; i < 215; i++)
    call->arrivals[i] = 215 * PACKET_US + 50000;
  run (call, 0, 600);
  g_assert_cmpuint (call->order_errors, ==, 0);
  for (guint i = 200; i < 215; i++)
    g_assert_cmpuint (call->played[i], ==, 1); /* nothing that came is thrown away */
  g_assert_cmpfloat (stats_of (call).current_delay_ms, <, 120); /* and the delay goes down again */
  call_free (call);
}

static void
test_route_change (void)
{
  Call *call = call_new (20, 500);

  for (guint i = 300; i < N_PACKETS; i++)
    call->arrivals[i] += 100000;
  run (call, 0, 1400);
  g_assert_cmpuint (call->order_errors, ==, 0);
  g_assert_cmpuint (call->n_concealed, <, 20);
  g_assert_cmpuint (call->n_played, >, 1370);
  call_free (call);
}

static void
test_sender_restarts (void)
{
  Call *call = call_new (20, 500);

  for (guint i = 200; i < N_PACKETS; i++)
    call->timestamps[i] += 0x30000000;
  run (call, 0, 400);
  g_assert_cmpuint (stats_of (call).resets, ==, 1);
  g_assert_cmpuint (call->n_played, >=, 385);
  g_assert_cmpuint (call->order_errors, ==, 0);
  call_free (call);
}

static void
test_dtx (void)
{
  Call *call = call_new (40, 500);
  BedJitterStats stats;

  /* a pause of 400 ms in the time stamps, no number missing */
  for (guint i = 200; i < N_PACKETS; i++)
    {
      call->timestamps[i] += 20 * SAMPLES;
      call->arrivals[i] += 20 * PACKET_US;
    }
  run (call, 0, 400);
  stats = stats_of (call);
  g_assert_cmpuint (stats.resets, ==, 0);
  g_assert_cmpuint (call->order_errors, ==, 0);
  g_assert_cmpuint (call->n_fec, ==, 0);
  g_assert_cmpuint (call->played[200], ==, 1);
  g_assert_cmpfloat (stats.current_delay_ms, <, 120);
  call_free (call);
}

static void
test_silence_then_sound (void)
{
  Call *call = call_new (40, 500);

  for (guint i = 200; i < N_PACKETS; i++)
    {
      call->timestamps[i] += 200 * SAMPLES;
      call->arrivals[i] += 200 * PACKET_US;
    }
  run (call, 0, 600);
  /* after a second of nothing it stops concealing */
  g_assert_cmpuint (call->n_concealed, <=, 60);
  g_assert_cmpuint (call->n_empty, >, 120);
  g_assert_cmpuint (call->played[200], ==, 1);
  call_free (call);
}

static void
test_nobody_plays (void)
{
  Call *call = call_new (40, 500);
  BedJitterStats stats;

  for (guint i = 0; i < 1000; i++)
    push (call, i);
  stats = stats_of (call);
  g_assert_cmpuint (stats.overflows, ==, 1000 - 256);
  /* then a player comes: it must not be 5 s behind for long */
  run (call, 1000, 1400);
  stats = stats_of (call);
  g_assert_cmpfloat (stats.current_delay_ms, <, 200);
  g_assert_cmpuint (call->order_errors, ==, 0);
  call_free (call);
}

static void
test_clock_drift (void)
{
  Call *call = call_new (20, 500);

  /* the sender's clock is 0.1 % slow, then fast: ten times worse than real ones */
  for (guint i = 0; i < 700; i++)
    call->arrivals[i] += i * 20;
  for (guint i = 700; i < N_PACKETS; i++)
    call->arrivals[i] += 700 * 20 - ((gint64) i - 700) * 20;
  run (call, 0, 1490);
  g_assert_cmpuint (call->order_errors, ==, 0);
  g_assert_cmpuint (call->n_concealed, <, 25);
  g_assert_cmpfloat (stats_of (call).current_delay_ms, <, 90);
  call_free (call);
}

static void
test_sync_delay (void)
{
  Call *call = call_new (20, 500);
  double before;
  guint32 timestamp;
  gint64 play_us;

  g_assert_false (bed_jitter_buffer_get_play_time (call->buffer, &timestamp, &play_us));
  run (call, 0, 200);
  before = stats_of (call).current_delay_ms;
  bed_jitter_buffer_set_sync_delay (call->buffer, 100000);
  run (call, 200, 500);
  g_assert_cmpfloat (stats_of (call).current_delay_ms, >, before + 65);
  g_assert_cmpuint (stats_of (call).decelerated, >, 0);
  g_assert_true (bed_jitter_buffer_get_play_time (call->buffer, &timestamp, &play_us));
  bed_jitter_buffer_set_sync_delay (call->buffer, 0);
  run (call, 500, 900);
  g_assert_cmpfloat (stats_of (call).current_delay_ms, <, before + 45);
  call_free (call);
}

static void
test_max_delay (void)
{
  Call *call = call_new (20, 80);

  for (guint i = 20; i < 1000; i++)
    call->arrivals[i] += g_rand_int_range (call->random, 0, 400000);
  run (call, 0, 1000);
  g_assert_cmpfloat (stats_of (call).target_delay_ms, ==, 80);
  g_assert_cmpuint (call->order_errors, ==, 0);
  call_free (call);
}

static void
test_everything_at_once (void)
{
  Call *call = call_new (20, 500);
  gint64 accounted;
  BedJitterStats stats;

  for (guint i = 0; i < N_PACKETS; i++)
    if (g_rand_double (call->random) < 0.1)
      call->arrivals[i] = LOST;
    else
      call->arrivals[i] += g_rand_int_range (call->random, 0, 60000) + (i % 200 == 0 ? 250000 : 0);
  run (call, 0, 1490);
  stats = stats_of (call);
  accounted = call->n_played * SAMPLES + stats.concealed_samples + stats.fec_samples + stats.silent_samples;
  g_assert_cmpint (accounted, ==, stats.total_samples);
  g_assert_cmpuint (call->order_errors, ==, 0);
  g_assert_cmpuint (call->n_played, >, 1200);
  call_free (call);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/rtp/jitter-buffer/perfect", test_perfect);
  g_test_add_func ("/rtc/rtp/jitter-buffer/single-losses", test_single_losses);
  g_test_add_func ("/rtc/rtp/jitter-buffer/burst-loss", test_burst_loss);
  g_test_add_func ("/rtc/rtp/jitter-buffer/random-loss", test_random_loss);
  g_test_add_func ("/rtc/rtp/jitter-buffer/jitter-grows-delay", test_jitter_grows_delay);
  g_test_add_func ("/rtc/rtp/jitter-buffer/delay-shrinks-again", test_delay_shrinks_again);
  g_test_add_func ("/rtc/rtp/jitter-buffer/reorder", test_reorder);
  g_test_add_func ("/rtc/rtp/jitter-buffer/duplicates", test_duplicates);
  g_test_add_func ("/rtc/rtp/jitter-buffer/bad-payloads", test_bad_payloads);
  g_test_add_func ("/rtc/rtp/jitter-buffer/delay-spike", test_delay_spike);
  g_test_add_func ("/rtc/rtp/jitter-buffer/route-change", test_route_change);
  g_test_add_func ("/rtc/rtp/jitter-buffer/sender-restarts", test_sender_restarts);
  g_test_add_func ("/rtc/rtp/jitter-buffer/dtx", test_dtx);
  g_test_add_func ("/rtc/rtp/jitter-buffer/silence-then-sound", test_silence_then_sound);
  g_test_add_func ("/rtc/rtp/jitter-buffer/nobody-plays", test_nobody_plays);
  g_test_add_func ("/rtc/rtp/jitter-buffer/clock-drift", test_clock_drift);
  g_test_add_func ("/rtc/rtp/jitter-buffer/sync-delay", test_sync_delay);
  g_test_add_func ("/rtc/rtp/jitter-buffer/max-delay", test_max_delay);
  g_test_add_func ("/rtc/rtp/jitter-buffer/everything-at-once", test_everything_at_once);
  return g_test_run ();
}
