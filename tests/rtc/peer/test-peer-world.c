/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole calls on simulated time: see peer-world.h for what is real. */
#include <string.h>

#include "bed-quality-private.h"
#include "peer-world.h"

#define SECOND G_USEC_PER_SEC
#define DELAY_US 100000
#define CONNECTED_STATES "connecting connected "

static const BedFakeIceLink CLEAN = { .delay_us = DELAY_US, .check_us = 2 * DELAY_US };
static const BedFakeIceLink LOSSY
    = { .loss = 0.05, .delay_us = DELAY_US, .jitter_us = 20000, .check_us = 2 * DELAY_US };

static World *
connected_world (const BedFakeIceLink *link, gboolean media)
{
  World *world = world_new (link, WORLD_SEED);

  g_test_message ("seed %u", WORLD_SEED);
  for (guint i = 0; i < 2; i++)
    world->sides[i].camera = world->sides[i].microphone = media;
  world_call (world);
  WORLD_RUN_UNTIL (world, world->sides[0].channel_open && world->sides[1].channel_open, 20 * SECOND);
  return world;
}

/* Offer and answer, a check, and the handshake: each takes its round trips. */
static void
test_connect (void)
{
  World *world = world_new (&CLEAN, WORLD_SEED);
  const gint64 paired_us = 2 * WORLD_SIGNALLING_US + CLEAN.check_us;
  const gint64 verified_us = paired_us + WORLD_ROUND_TRIPS * 2 * DELAY_US;
  BedPeerTransportCounts counts;

  for (guint i = 0; i < 2; i++)
    world->sides[i].camera = world->sides[i].microphone = TRUE;
  world_call (world);
  world_run (world, verified_us - DELAY_US - 1);
  for (guint i = 0; i < 2; i++)
    {
      BedTestVideoStats video;

      side_get_counts (&world->sides[i], &counts);
      side_get_video (&world->sides[1 - i], &video);
      g_assert_cmpstr (world->sides[i].states->str, ==, "connecting ");
      g_assert_cmpuint (counts.packets_sent, >, 0);
      g_assert_cmpuint (counts.media_packets_sent, ==, 0);
      g_assert_cmpuint (video.frames, ==, 0);
    }
  world_run (world, 2 * SECOND);
  for (guint i = 0; i < 2; i++)
    {
      Side *side = &world->sides[i];

      side_get_counts (side, &counts);
      g_assert_cmpstr (side->states->str, ==, CONNECTED_STATES);
      g_assert_cmpuint (counts.media_packets_sent, >, 0);
      g_assert_cmpuint (counts.dropped_early, ==, 0);
      g_assert_cmpuint (side->errors, ==, 0);
    }
  /* The one that answers is the DTLS client. */
  g_assert_cmpint (world->sides[1].state_us[BED_PEER_STATE_CONNECTED], ==, verified_us);
  g_assert_cmpint (world->sides[0].state_us[BED_PEER_STATE_CONNECTED], ==, verified_us - DELAY_US);
  world_free (world);
}

/* Whatever of the handshake is lost goes again in its time, and nothing else goes before it is done. */
static void
test_connect_lossy (void)
{
  BedFakeIceLink link = LOSSY;
  guint late = 0;

  link.loss = 0.3;
  for (guint32 seed = 1; seed <= 10; seed++)
    {
      World *world = world_new (&link, seed);

      world->sides[0].microphone = world->sides[1].microphone = TRUE;
      world_call (world);
      while (strstr (world->sides[0].states->str, "connected") == NULL
             || strstr (world->sides[1].states->str, "connected") == NULL)
        {
          world_run (world, 10000);
          g_assert_cmpint (world_now (world), <, 15 * SECOND);
          for (guint i = 0; i < 2; i++)
            {
              BedPeerTransportCounts counts;

              side_get_counts (&world->sides[i], &counts);
              if (world->sides[i].state_us[BED_PEER_STATE_CONNECTED] < 0)
                g_assert_cmpuint (counts.media_packets_sent, ==, 0);
            }
        }
      late += world_now (world) > SECOND;
      g_assert_cmpuint (world->sides[0].errors + world->sides[1].errors, ==, 0);
      world_free (world);
    }
  g_assert_cmpuint (late, >=, 3);
}

/* Somebody in between: whichever side is deceived gives up, and no media leaves either. */
static void
test_impostor (void)
{
  for (guint liar = 0; liar < 2; liar++)
    {
      World *world = world_new (&CLEAN, WORLD_SEED);
      Side *deceived = &world->sides[1 - liar];

      bed_fake_dtls_set_impostor (BED_FAKE_DTLS (world->sides[liar].dtls));
      for (guint i = 0; i < 2; i++)
        world->sides[i].camera = world->sides[i].microphone = TRUE;
      world_call (world);
      world_run (world, 3 * SECOND);
      g_assert_cmpstr (deceived->states->str, ==, "connecting failed ");
      g_assert_cmpuint (deceived->errors, ==, 1);
      for (guint i = 0; i < 2; i++)
        {
          BedPeerTransportCounts counts;

          side_get_counts (&world->sides[i], &counts);
          g_assert_cmpuint (counts.media_packets_sent, ==, 0);
          g_assert_null (strstr (world->sides[i].states->str, "connected"));
        }
      world_free (world);
    }
}

/* What was sent is seen in its order and as it was, most of it; sound goes on over the gaps. */
static void
check_media (Side *side, const Side *from)
{
  guint sent = bed_fake_ice_get_sent (BED_FAKE_ICE (from->ice)), lost = bed_fake_ice_get_lost (BED_FAKE_ICE (from->ice));
  BedTestVideoStats video;
  BedTestAudioStats audio;
  BedPeerStats stats;
  double concealed, tone;

  side_get_video (side, &video);
  side_get_audio (side, &audio);
  side_get_stats (side, &stats);
  concealed = (double) stats.concealed_samples / stats.total_samples_received;
  tone = (double) audio.tone_blocks / audio.blocks;
  g_test_message ("made %u shown %" G_GUINT64_FORMAT " nack %" G_GUINT64_FORMAT " pli %" G_GUINT64_FORMAT
                  " lost %" G_GINT64_FORMAT " of %" G_GUINT64_FORMAT " rtt %.0f ms concealed %.4f tone %.4f",
                  from->number, video.frames, stats.nack_count, stats.pli_count, stats.packets_lost,
                  stats.rtp_packets_received, stats.round_trip_time_ms, concealed, tone);
  g_assert_cmpuint (video.with_number, ==, video.frames);
  g_assert_cmpuint (video.backwards, ==, 0);
  g_assert_cmpuint (video.frames, >=, from->number * 7 / 10);
  g_assert_cmpint (from->number - video.last_number, <, 45); /* 1.5 s */
  g_assert_cmpfloat ((double) lost / sent, >, 0.04);
  g_assert_cmpfloat ((double) lost / sent, <, 0.06);
  g_assert_cmpuint (stats.nack_count, >=, 100);
  /* Sound is not sent again; pictures, more than half of the packets, are. */
  g_assert_cmpfloat ((double) stats.packets_lost / stats.rtp_packets_received, <, 0.03);
  g_assert_cmpuint (stats.pli_count, <, 30);
  g_assert_cmpfloat (stats.round_trip_time_ms, >, 190);
  g_assert_cmpfloat (stats.round_trip_time_ms, <, 300);
  g_assert_cmpfloat (concealed, <, 0.02);
  g_assert_cmpfloat (tone, >, 0.9);
}

static void
test_media (void)
{
  World *world = connected_world (&LOSSY, TRUE);

  world->sides[1].width = 160; /* spares the encoder */
  world->sides[1].height = 90;
  world_run (world, 60 * SECOND);
  for (guint i = 0; i < 2; i++)
    check_media (&world->sides[i], &world->sides[1 - i]);
  g_assert_cmpstr (world->sides[0].states->str, ==, CONNECTED_STATES);
  world_free (world);
}

typedef struct
{
  guint64 counts[2][12];
} Summary;

static void
summarize (World *world, Summary *summary)
{
  memset (summary, 0, sizeof *summary);
  for (guint i = 0; i < 2; i++)
    {
      Side *side = &world->sides[i];
      BedTestVideoStats video;
      BedPeerStats stats;

      side_get_video (side, &video);
      side_get_stats (side, &stats);
      memcpy (summary->counts[i],
              ((guint64[]){ video.frames, video.last_number, stats.packets_sent, stats.bytes_sent,
                            stats.rtp_packets_received, (guint64) stats.packets_lost, stats.nack_count,
                            stats.frames_decoded, stats.frames_dropped, stats.concealed_samples,
                            (guint64) stats.target_bitrate, bed_fake_ice_get_lost (BED_FAKE_ICE (side->ice)) }),
              sizeof summary->counts[i]);
    }
}

/* The same seed, the same call. */
static void
test_repeatable (void)
{
  Summary runs[2];

  for (guint run = 0; run < 2; run++)
    {
      World *world = connected_world (&LOSSY, TRUE);

      world_run (world, 6 * SECOND);
      summarize (world, &runs[run]);
      world_free (world);
    }
  for (guint i = 0; i < 2; i++)
    for (guint k = 0; k < G_N_ELEMENTS (runs[0].counts[i]); k++)
      g_assert_cmpuint (runs[0].counts[i][k], ==, runs[1].counts[i][k]);
}

static double
target (World *world)
{
  BedPeerStats stats;

  side_get_stats (&world->sides[0], &stats);
  return stats.target_bitrate;
}

/* A path that gets narrow, and wide again. */
static void
test_bandwidth (void)
{
  World *world = connected_world (&CLEAN, TRUE);
  BedFakeIceLink narrow = CLEAN;
  double before, least = G_MAXDOUBLE, during, after;

  narrow.bit_rate = 500000;
  world->sides[1].camera = FALSE;
  world->sides[0].width = 640;
  world->sides[0].height = 360;
  world_run (world, 10 * SECOND);
  before = target (world);
  world_set_link (world, 0, &narrow);
  for (guint i = 0; i < 15; i++)
    {
      world_run (world, SECOND);
      least = MIN (least, target (world));
    }
  during = target (world);
  world_set_link (world, 0, &CLEAN);
  world_run (world, 20 * SECOND);
  after = target (world);
  g_test_message ("before %.0f least %.0f then %.0f after %.0f", before, least, during, after);
  g_assert_cmpfloat (before, >, 1000000);
  g_assert_cmpfloat (least, <, 500000);
  g_assert_cmpfloat (during, >, 300000);
  g_assert_cmpfloat (during, <, 600000);
  g_assert_cmpfloat (after, >, 1000000);
  world_free (world);
}

static GBytes *
new_picture_file (gsize length)
{
  guint8 *content = g_malloc (length);
  g_autoptr (GRand) rand = g_rand_new_with_seed (WORLD_SEED);

  for (gsize i = 0; i < length; i++)
    content[i] = (guint8) g_rand_int (rand);
  memcpy (content, "\x89PNG\r\n\x1a\n", 8);
  return g_bytes_new_take (content, length);
}

/* All of it, in its order, once. */
static void
test_data (void)
{
  World *world = connected_world (&LOSSY, FALSE);
  Side *from = &world->sides[0], *to = &world->sides[1];
  g_autoptr (GBytes) content = new_picture_file (1200000);
  g_autoptr (BedChatFile) file = NULL;
  gint64 began_us = world_now (world);

  for (guint i = 0; i < 100; i++)
    {
      for (guint k = 0; k < 10; k++)
        g_assert_true (side_say (from));
      world_run (world, SECOND / 10);
      if (i == 50)
        file = bed_file_transfers_offer (from->files, "picture.png", "image/png", content);
    }
  g_assert_nonnull (file);
  WORLD_RUN_UNTIL (world, !bed_chat_file_is_open (file) && to->texts == 1000, 300 * SECOND);
  g_test_message ("%.1f s, of %u datagrams %u lost", (double) (world_now (world) - began_us) / SECOND,
                  bed_fake_ice_get_sent (BED_FAKE_ICE (from->ice)), bed_fake_ice_get_lost (BED_FAKE_ICE (from->ice)));
  world_run (world, 5 * SECOND);
  g_assert_cmpuint (to->texts, ==, 1000);
  g_assert_cmpuint (to->in_order, ==, 1000);
  g_assert_cmpint (bed_chat_file_get_state (file), ==, BED_CHAT_FILE_DONE);
  g_assert_nonnull (to->file);
  g_assert_cmpint (bed_chat_file_get_state (to->file), ==, BED_CHAT_FILE_DONE);
  g_assert_true (g_bytes_equal (bed_chat_file_get_content (to->file), content));
  g_assert_cmpuint (bed_fake_ice_get_lost (BED_FAKE_ICE (from->ice)), >=, 50);
  world_free (world);
}

/* Talks on, each second, for as long as it lasts. */
static void
run_and_say (World *world, guint seconds)
{
  for (guint i = 0; i < seconds; i++)
    {
      side_say (&world->sides[0]);
      side_say (&world->sides[1]);
      world_run (world, SECOND);
    }
}

/* What was lost is sent again after 10 s at the latest, and what waits behind it within a few round trips. */
static void
check_chat (World *world)
{
  for (guint i = 0; i < 2; i++)
    world->sides[i].camera = world->sides[i].microphone = FALSE;
  for (guint i = 0; i < 2; i++)
    {
      Side *to = &world->sides[i];

      WORLD_RUN_UNTIL (world, to->texts == world->sides[1 - i].said, 13 * SECOND);
      g_assert_cmpuint (to->in_order, ==, to->texts);
      g_assert_cmpuint (to->errors, ==, 0);
    }
}

static void
check_media_resumed (World *world)
{
  BedTestVideoStats before[2], after;

  for (guint i = 0; i < 2; i++)
    {
      world->sides[i].camera = TRUE;
      side_get_video (&world->sides[i], &before[i]);
    }
  world_run (world, 2 * SECOND);
  for (guint i = 0; i < 2; i++)
    {
      side_get_video (&world->sides[i], &after);
      g_assert_cmpuint (after.frames, >=, before[i].frames + 45);
      g_assert_cmpuint (after.backwards, ==, 0);
      g_assert_cmpuint (after.with_number, ==, after.frames);
    }
}

static BedQualityReason
quality_reason (Side *side)
{
  BedQualityReason reason;
  BedEngineStats shown = { 0 };
  BedPeerStats stats;

  side_get_stats (side, &stats);
  shown.silence_ms = stats.silence_ms;
  shown.incoming_bitrate = stats.incoming_bitrate;
  bed_quality_of (&shown, TRUE, TRUE, &reason);
  return reason;
}

/* Below the 10 s of consent the connection stands; that nothing comes shows after 2 s. */
static void
test_short_outage (void)
{
  World *world = connected_world (&CLEAN, TRUE);
  BedPeerStats stats;
  gint64 began_us;

  run_and_say (world, 5);
  world_set_outage (world, TRUE);
  began_us = world_now (world);
  g_assert_cmpint (quality_reason (&world->sides[0]), !=, BED_QUALITY_REASON_SILENCE);
  WORLD_RUN_UNTIL (world, quality_reason (&world->sides[0]) == BED_QUALITY_REASON_SILENCE, 3 * SECOND);
  g_assert_cmpint (world_now (world) - began_us, >=, 2 * SECOND - DELAY_US);
  g_assert_cmpint (world_now (world) - began_us, <, 2 * SECOND + DELAY_US);
  world_run (world, began_us + SECOND * 5 / 2 - world_now (world));
  run_and_say (world, 3);
  world_run (world, SECOND / 2);
  side_get_stats (&world->sides[0], &stats);
  g_assert_cmpfloat (stats.silence_ms, >, 5800);
  g_assert_cmpfloat (stats.silence_ms, <, 6200);
  world_set_outage (world, FALSE);
  run_and_say (world, 3);
  check_media_resumed (world);
  side_get_stats (&world->sides[0], &stats);
  g_assert_cmpfloat (stats.silence_ms, <, 200);
  check_chat (world);
  g_assert_cmpuint (world->sides[0].texts, >=, 11);
  g_assert_cmpstr (world->sides[0].states->str, ==, CONNECTED_STATES);
  world_free (world);
}

/* Consent is gone after 10 s; the host restarts the path when it can, and the call goes on. */
static void
test_outage (void)
{
  World *world = connected_world (&CLEAN, TRUE);
  gint64 began_us, over_us;

  run_and_say (world, 5);
  world_set_outage (world, TRUE);
  began_us = world_now (world);
  run_and_say (world, 20);
  over_us = world_now (world);
  world_set_outage (world, FALSE);
  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (world->sides[i].state_us[BED_PEER_STATE_DISCONNECTED], ==, began_us + 10 * SECOND);
  WORLD_RUN_UNTIL (world,
                   world->sides[0].state_us[BED_PEER_STATE_CONNECTED] > over_us
                       && world->sides[1].state_us[BED_PEER_STATE_CONNECTED] > over_us,
                   7 * SECOND);
  run_and_say (world, 3);
  check_media_resumed (world);
  check_chat (world);
  g_assert_cmpuint (world->sides[0].texts, >=, 18);
  g_assert_cmpstr (world->sides[1].states->str, ==, CONNECTED_STATES "disconnected connecting connected ");
  world_free (world);
}

/* 20 s after consent was lost the path is given up; a restart brings it back even then. */
static void
test_long_outage (void)
{
  World *world = connected_world (&CLEAN, TRUE);
  gint64 began_us, over_us;

  run_and_say (world, 2);
  world_set_outage (world, TRUE);
  began_us = world_now (world);
  world->sides[0].camera = world->sides[1].camera = FALSE; /* spares the encoders */
  run_and_say (world, 35);
  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpint (world->sides[i].state_us[BED_PEER_STATE_FAILED], ==, began_us + 30 * SECOND);
      g_assert_cmpint (bed_peer_connection_get_state (world->sides[i].peer), ==, BED_PEER_STATE_FAILED);
    }
  over_us = world_now (world);
  world_set_outage (world, FALSE);
  WORLD_RUN_UNTIL (world, world->sides[1].state_us[BED_PEER_STATE_CONNECTED] > over_us, 7 * SECOND);
  run_and_say (world, 3);
  check_media_resumed (world);
  check_chat (world);
  world_free (world);
}

/* The chat goes on where it was, after two minutes too. */
static void
test_very_long_outage (void)
{
  World *world = connected_world (&CLEAN, FALSE);
  gint64 over_us;

  run_and_say (world, 2);
  world_set_outage (world, TRUE);
  run_and_say (world, 120);
  over_us = world_now (world);
  world_set_outage (world, FALSE);
  WORLD_RUN_UNTIL (world, world->sides[1].state_us[BED_PEER_STATE_CONNECTED] > over_us, 7 * SECOND);
  check_chat (world);
  g_assert_cmpuint (world->sides[0].texts, >=, 120);
  world_free (world);
}

/* A file that was on its way goes on. */
static void
test_outage_file (void)
{
  World *world = connected_world (&CLEAN, FALSE);
  g_autoptr (GBytes) content = new_picture_file (3000000);
  g_autoptr (BedChatFile) file
      = bed_file_transfers_offer (world->sides[1].files, "picture.png", "image/png", content);

  world_run (world, SECOND);
  g_assert_cmpint (bed_chat_file_get_state (file), ==, BED_CHAT_FILE_MOVING);
  world_set_outage (world, TRUE);
  world_run (world, 20 * SECOND);
  g_assert_cmpint (bed_chat_file_get_state (file), ==, BED_CHAT_FILE_MOVING);
  world_set_outage (world, FALSE);
  WORLD_RUN_UNTIL (world, !bed_chat_file_is_open (file), 60 * SECOND);
  g_assert_cmpint (bed_chat_file_get_state (file), ==, BED_CHAT_FILE_DONE);
  g_assert_true (g_bytes_equal (bed_chat_file_get_content (world->sides[0].file), content));
  world_free (world);
}

/* Every packet that was altered, cut or sent twice is dropped, and counted, and does no harm. */
static void
test_hostile (void)
{
  BedFakeIceLink hostile = { .delay_us = DELAY_US, .jitter_us = 20000, .check_us = 2 * DELAY_US,
                             .duplication = 0.1, .damage = 0.2 };
  World *world = connected_world (&CLEAN, TRUE);

  for (guint i = 0; i < 2; i++)
    world_set_link (world, i, &hostile);
  run_and_say (world, 10);
  for (guint i = 0; i < 2; i++)
    {
      world->sides[i].camera = world->sides[i].microphone = FALSE;
      world_set_link (world, i, &CLEAN);
    }
  world_run (world, 2 * SECOND);
  for (guint i = 0; i < 2; i++)
    {
      Side *side = &world->sides[i];
      BedFakeIce *from = BED_FAKE_ICE (world->sides[1 - i].ice);
      BedPeerTransportCounts counts;
      BedTestVideoStats video;
      BedTestAudioStats audio;
      guint dtls = bed_dtls_transport_get_dropped (side->dtls);

      side_get_counts (side, &counts);
      side_get_video (side, &video);
      side_get_audio (side, &audio);
      g_test_message ("damaged %u doubled %u: unknown %" G_GUINT64_FORMAT " invalid %" G_GUINT64_FORMAT " early %"
                      G_GUINT64_FORMAT " dtls %u", bed_fake_ice_get_damaged (from), bed_fake_ice_get_duplicated (from),
                      counts.dropped_unknown, counts.dropped_invalid, counts.dropped_early, dtls);
      g_assert_cmpuint (bed_fake_ice_get_damaged (from), >=, 100);
      g_assert_cmpuint (counts.dropped_unknown + counts.dropped_invalid + counts.dropped_early + dtls, ==,
                        bed_fake_ice_get_damaged (from) + bed_fake_ice_get_duplicated (from));
      g_assert_cmpuint (counts.dropped_invalid, >, 0);
      g_assert_cmpuint (dtls, >, 0);
      g_assert_cmpuint (video.with_number, ==, video.frames);
      g_assert_cmpuint (video.backwards, ==, 0);
      g_assert_cmpuint (video.frames, >=, 250);
      g_assert_cmpfloat ((double) audio.tone_blocks / audio.blocks, >, 0.8);
      g_assert_cmpstr (side->states->str, ==, CONNECTED_STATES);
    }
  check_chat (world);
  world_free (world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/peer/world/connect", test_connect);
  g_test_add_func ("/rtc/peer/world/connect/lossy", test_connect_lossy);
  g_test_add_func ("/rtc/peer/world/impostor", test_impostor);
  g_test_add_func ("/rtc/peer/world/media", test_media);
  g_test_add_func ("/rtc/peer/world/repeatable", test_repeatable);
  g_test_add_func ("/rtc/peer/world/bandwidth", test_bandwidth);
  g_test_add_func ("/rtc/peer/world/data", test_data);
  g_test_add_func ("/rtc/peer/world/outage/short", test_short_outage);
  g_test_add_func ("/rtc/peer/world/outage", test_outage);
  g_test_add_func ("/rtc/peer/world/outage/long", test_long_outage);
  g_test_add_func ("/rtc/peer/world/outage/very-long", test_very_long_outage);
  g_test_add_func ("/rtc/peer/world/outage/file", test_outage_file);
  g_test_add_func ("/rtc/peer/world/hostile", test_hostile);
  return g_test_run ();
}
