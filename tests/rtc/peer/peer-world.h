/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-file-transfers-private.h"
#include "bed-peer-connection-private.h"
#include "bed-test-media.h"
#include "fake-dtls.h"
#include "fake-ice.h"

/* Two peer connections on one clock that the test advances.
 *
 * Real: the connections with everything in them (descriptions, states, SRTP, RTP and RTCP, jitter buffer, NACK,
 * PLI, FEC and retransmission, bandwidth estimation, pacing, usrsctp, the data channel), Opus and VP8 with the
 * threads of the video codecs, and the transfer of files over the channel.
 * Fake: ICE (fake-ice.h: a link and libnice's patience), DTLS (fake-dtls.h: round trips, a digest in place of
 * encryption), signalling (a delay; it is away during an outage) and the host's restarts, which are those of
 * BedCall written out again. The network thread's work is done on the test's own thread; a codec's thread runs
 * only while everything else stands still, one at a time; usrsctp and libvpx ask for the time by gettimeofday, and
 * usrsctp for chance by read_random, and get both from here. So everything that happens is of the clock and the
 * seed; only nonces and the numbers in packets are of real chance.
 */
#define WORLD_SEED 20
#define WORLD_SIGNALLING_US 50000
#define WORLD_ROUND_TRIPS 2 /* of the handshake */

typedef struct World World;

typedef struct
{
  World *world;
  guint index;
  BedPeerConnection *peer;
  BedIceTransport *ice;
  BedDtlsTransport *dtls;
  BedTestVideoSink *seen;
  BedTestAudioSink *heard;
  gint64 state_us[BED_PEER_N_STATES]; /* since the world began, last time it came; -1 */
  GString *states; /* initials, in their order */
  gboolean camera, microphone;
  guint width, height;
  guint16 number; /* of the next picture */
  double phase;
  gboolean channel_open;
  guint said, texts, in_order, errors;
  BedFileTransfers *files;
  guint data_waiting;
  BedChatFile *file; /* that came in (nullable) */
} Side;

struct World
{
  BedClock *clock;
  GMainContext *context;
  BedNetworkThread *thread;
  Side sides[2]; /* the first is the host: it offers */
  GQueue events; /* by time */
  gint64 began_us;
  guint ticks_without_path;
  gboolean offer_pending, outage, over;
};

/* Both ends alike; link->check_us: one round trip of it. */
World *world_new (const BedFakeIceLink *link, guint32 seed);
void world_free (World *world);
/* The host's first offer. */
void world_call (World *world);
/* Since the world began. */
gint64 world_now (World *world);
void world_run (World *world, gint64 for_us);
/* Until it holds, looked at each 10 ms; FALSE after so long. */
#define WORLD_RUN_UNTIL(world, condition, at_most_us)                                                                  \
  G_STMT_START                                                                                                         \
    {                                                                                                                  \
      gint64 end_ = world_now (world) + (at_most_us);                                                                  \
      while (!(condition) && world_now (world) < end_)                                                                 \
        world_run (world, 10000);                                                                                      \
      g_assert_true (condition);                                                                                       \
    }                                                                                                                  \
  G_STMT_END
void world_set_link (World *world, guint from, const BedFakeIceLink *link);
void world_set_outage (World *world, gboolean outage);
/* A text with its number; FALSE: the channel did not take it. */
gboolean side_say (Side *side);
void side_get_stats (Side *side, BedPeerStats *stats);
void side_get_counts (Side *side, BedPeerTransportCounts *counts);
void side_get_video (Side *side, BedTestVideoStats *stats);
void side_get_audio (Side *side, BedTestAudioStats *stats);
