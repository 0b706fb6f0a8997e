/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "peer-world.h"

#include <sys/time.h>
#include <time.h>

#define BEGAN_US (1000 * G_USEC_PER_SEC)
#define FRAME_US (G_USEC_PER_SEC / 30)
#define BLOCK_US (G_USEC_PER_SEC / 100)
#define SECRET 0x5ea1ed
#define N_THREADS 4 /* an encoder's and a decoder's for each side */
/* As in BedCall. */
#define RESTART_FIRST_TICK 2
#define RESTART_EVERY_TICKS 6

typedef struct
{
  gint64 at_us;
  void (*func) (gpointer data);
  GDestroyNotify destroy; /* (nullable) */
  gpointer data;
} Event;

/* Both stand in the place of the libraries' own. */
static World *present; /* atomic */
__attribute__ ((visibility ("default"))) int read_random (void *buffer, unsigned int length);

__attribute__ ((visibility ("default"))) int
gettimeofday (struct timeval *restrict time, void *restrict zone)
{
  World *world = g_atomic_pointer_get (&present);
  struct timespec real;
  gint64 at_us;

  clock_gettime (CLOCK_REALTIME, &real);
  at_us = world != NULL ? bed_clock_get_real_us (world->clock)
                        : real.tv_sec * G_USEC_PER_SEC + real.tv_nsec / 1000;
  time->tv_sec = at_us / G_USEC_PER_SEC;
  time->tv_usec = at_us % G_USEC_PER_SEC;
  return 0;
}

int
read_random (void *buffer, unsigned int length)
{
  for (unsigned int i = 0; i < length; i++)
    ((guint8 *) buffer)[i] = (guint8) g_random_int ();
  return (int) length;
}

static gint64
now (World *world)
{
  return bed_clock_get_monotonic_us (world->clock);
}

static int
compare_events (gconstpointer a, gconstpointer b, gpointer user_data)
{
  const Event *one = a, *other = b;

  return one->at_us < other->at_us ? -1 : one->at_us > other->at_us;
}

static void
event_free (Event *event)
{
  if (event->destroy != NULL)
    event->destroy (event->data);
  g_free (event);
}

/* Events of the same time keep their order. */
static void
plan (World *world, gint64 at_us, void (*func) (gpointer), gpointer data, GDestroyNotify destroy)
{
  Event *event = g_new (Event, 1);
  GList *before = world->events.tail;

  *event = (Event){ at_us, func, destroy, data };
  while (before != NULL && compare_events (event, before->data, NULL) < 0)
    before = before->prev;
  g_queue_insert_after (&world->events, before, event);
}

/* Signalling. */
typedef struct
{
  World *world;
  BedPeerConnection *to; /* owned */
  int type;
  char *sdp; /* owned */
} Carried;

static void
carry (gpointer data)
{
  Carried *carried = data;

  if (carried->world->outage)
    return;
  bed_peer_connection_set_remote_description (carried->to, carried->type, carried->sdp);
  if (carried->type == BED_PEER_DESCRIPTION_ANSWER)
    carried->world->offer_pending = FALSE;
}

static void
carried_free (gpointer data)
{
  Carried *carried = data;

  g_object_unref (carried->to);
  g_free (carried->sdp);
  g_free (carried);
}

static void
on_description (BedPeerConnection *peer, int type, const char *sdp, Side *side)
{
  World *world = side->world;
  Carried *carried = g_new (Carried, 1);

  *carried = (Carried){ world, g_object_ref (world->sides[1 - side->index].peer), type, g_strdup (sdp) };
  plan (world, now (world) + WORLD_SIGNALLING_US, carry, carried, carried_free);
}

static void
offer (World *world, gboolean ice_restart)
{
  world->offer_pending = TRUE;
  bed_peer_connection_create_offer (world->sides[0].peer, ice_restart);
}

static void
restart_path (World *world)
{
  if (!world->over && !world->outage && !world->offer_pending)
    offer (world, TRUE);
}

/* Each second, as BedCall does. */
static void
on_tick (gpointer data)
{
  World *world = data;
  BedPeerState state = bed_peer_connection_get_state (world->sides[0].peer);

  plan (world, now (world) + G_USEC_PER_SEC, on_tick, world, NULL);
  for (guint i = 0; i < 2; i++)
    if (world->sides[i].data_waiting == 0)
      bed_file_transfers_tick (world->sides[i].files);
  if (state != BED_PEER_STATE_DISCONNECTED && state != BED_PEER_STATE_FAILED)
    world->ticks_without_path = 0;
  else if (++world->ticks_without_path % RESTART_EVERY_TICKS == RESTART_FIRST_TICK)
    restart_path (world);
}

/* What a connection says. */
static void
on_state (BedPeerConnection *peer, Side *side)
{
  BedPeerState state = bed_peer_connection_get_state (peer);

  side->state_us[state] = world_now (side->world);
  g_string_append_printf (side->states, "%s ", bed_peer_state_to_string (state));
  bed_file_transfers_set_paused (side->files, state != BED_PEER_STATE_CONNECTED);
}

static void
on_channel (BedPeerConnection *peer, gboolean open, Side *side)
{
  side->channel_open = open;
}

static void
on_message (BedPeerConnection *peer, const char *text, Side *side)
{
  if (g_ascii_strtoull (text, NULL, 10) == side->texts)
    side->in_order++;
  side->texts++;
}

static void
on_data (BedPeerConnection *peer, GBytes *bytes, Side *side)
{
  bed_file_transfers_take (side->files, bytes);
}

static void
on_data_sent (BedPeerConnection *peer, gboolean sent, Side *side)
{
  g_assert_true (sent);
  side->data_waiting--;
}

static void
on_error (BedPeerConnection *peer, GError *error, Side *side)
{
  g_test_message ("side %u: %s", side->index, error->message);
  side->errors++;
  if (g_error_matches (error, BED_DTLS_ERROR, BED_DTLS_ERROR_IDENTITY))
    side->world->over = TRUE; /* BedCall ends */
}

static gboolean
send_data (GBytes *message, gpointer user_data)
{
  Side *side = user_data;

  if (!side->channel_open)
    return FALSE;
  side->data_waiting++;
  bed_peer_connection_send_data (side->peer, message);
  return TRUE;
}

static void
on_file (BedChatFile *file, gpointer user_data)
{
  g_set_object (&((Side *) user_data)->file, file);
}

static const BedTransfersFuncs TRANSFERS = { send_data, on_file };

/* Camera and microphone. */
static void
on_picture (gpointer data)
{
  Side *side = data;
  g_autoptr (BedVideoFrame) frame = NULL;

  plan (side->world, now (side->world) + FRAME_US, on_picture, side, NULL);
  if (!side->camera)
    return;
  frame = bed_test_picture_new (side->width, side->height, side->number++, now (side->world));
  bed_video_sink_push (bed_peer_connection_get_video_input (side->peer), frame);
}

static void
on_sound (gpointer data)
{
  Side *side = data;
  gint16 block[BED_AUDIO_BLOCK];

  plan (side->world, now (side->world) + BLOCK_US, on_sound, side, NULL);
  if (!side->microphone)
    return;
  bed_test_tone_fill (block, BED_AUDIO_BLOCK, 440, 0.3, &side->phase);
  bed_audio_sink_push (bed_peer_connection_get_audio_input (side->peer), block, BED_AUDIO_BLOCK, now (side->world));
}

static void
make_side (World *world, guint index)
{
  Side *side = &world->sides[index];
  g_autoptr (GError) error = NULL;

  side->world = world;
  side->index = index;
  side->dtls = bed_fake_dtls_new (world->clock, SECRET, (guint8) (index + 1), WORLD_ROUND_TRIPS);
  side->peer = bed_peer_connection_new (world->thread, side->ice, side->dtls, &error);
  g_assert_no_error (error);
  side->seen = bed_test_video_sink_new ();
  side->heard = bed_test_audio_sink_new (440);
  side->states = g_string_new (NULL);
  side->files = bed_file_transfers_new (&TRANSFERS, side);
  side->width = 320;
  side->height = 180;
  for (guint i = 0; i < BED_PEER_N_STATES; i++)
    side->state_us[i] = -1;
  g_signal_connect (side->peer, "local-description", G_CALLBACK (on_description), side);
  g_signal_connect (side->peer, "state-changed", G_CALLBACK (on_state), side);
  g_signal_connect (side->peer, "data-channel-state-changed", G_CALLBACK (on_channel), side);
  g_signal_connect (side->peer, "message", G_CALLBACK (on_message), side);
  g_signal_connect (side->peer, "data", G_CALLBACK (on_data), side);
  g_signal_connect (side->peer, "data-sent", G_CALLBACK (on_data_sent), side);
  g_signal_connect (side->peer, "error", G_CALLBACK (on_error), side);
  bed_peer_connection_set_video_sink (side->peer, BED_VIDEO_SINK (side->seen));
  bed_peer_connection_set_audio_sink (side->peer, BED_AUDIO_SINK (side->heard));
  plan (world, now (world), on_picture, side, NULL);
  plan (world, now (world), on_sound, side, NULL);
}

World *
world_new (const BedFakeIceLink *link, guint32 seed)
{
  World *world = g_new0 (World, 1);
  g_autoptr (GError) error = NULL;

  g_random_set_seed (seed);
  g_queue_init (&world->events);
  world->clock = bed_manual_clock_new (BEGAN_US, BEGAN_US);
  bed_manual_clock_hold (BED_MANUAL_CLOCK (world->clock), TRUE);
  g_atomic_pointer_set (&present, world);
  world->context = g_main_context_new ();
  world->thread = bed_network_thread_new_for_context (world->clock, world->context, &error);
  g_assert_no_error (error);
  bed_fake_ice_new_pair (link, seed, &world->sides[0].ice, &world->sides[1].ice);
  bed_fake_ice_advance (BED_FAKE_ICE (world->sides[0].ice), BEGAN_US);
  for (guint i = 0; i < 2; i++)
    make_side (world, i);
  plan (world, BEGAN_US + G_USEC_PER_SEC, on_tick, world, NULL);
  return world;
}

void
world_free (World *world)
{
  bed_manual_clock_hold (BED_MANUAL_CLOCK (world->clock), FALSE);
  g_queue_clear_full (&world->events, (GDestroyNotify) event_free);
  for (guint i = 0; i < 2; i++)
    {
      g_signal_handlers_disconnect_by_data (world->sides[i].peer, &world->sides[i]);
      bed_peer_connection_close (world->sides[i].peer);
    }
  while (g_main_context_iteration (world->context, FALSE)) /* what was posted holds references */
    ;
  for (guint i = 0; i < 2; i++)
    {
      Side *side = &world->sides[i];

      g_assert_finalize_object (side->peer);
      g_assert_finalize_object (side->dtls);
      g_object_unref (side->ice);
      g_object_unref (side->seen);
      g_object_unref (side->heard);
      g_clear_pointer (&side->files, bed_file_transfers_free);
      g_clear_object (&side->file);
      g_string_free (side->states, TRUE);
    }
  g_assert_finalize_object (world->thread);
  g_main_context_unref (world->context);
  g_atomic_pointer_set (&present, NULL);
  g_assert_finalize_object (world->clock);
  g_free (world);
}

void
world_call (World *world)
{
  offer (world, FALSE);
}

gint64
world_now (World *world)
{
  return now (world) - BEGAN_US;
}

/* Everything that can happen at this moment. */
static void
settle (World *world)
{
  do
    while (g_main_context_iteration (world->context, FALSE))
      ;
  while (bed_manual_clock_run (BED_MANUAL_CLOCK (world->clock), N_THREADS));
}

static gint64
next_us (World *world)
{
  gint64 clock_us = bed_manual_clock_get_next_us (BED_MANUAL_CLOCK (world->clock));
  gint64 ice_us = bed_fake_ice_get_next_us (BED_FAKE_ICE (world->sides[0].ice));
  Event *event = g_queue_peek_head (&world->events);

  clock_us = MIN (clock_us, event->at_us);
  return ice_us < 0 ? clock_us : MIN (clock_us, ice_us);
}

static void
advance_to (World *world, gint64 at_us)
{
  Event *event;

  bed_manual_clock_advance (BED_MANUAL_CLOCK (world->clock), MAX (0, at_us - now (world)));
  bed_fake_ice_advance (BED_FAKE_ICE (world->sides[0].ice), now (world));
  settle (world);
  while ((event = g_queue_peek_head (&world->events)) != NULL && event->at_us <= now (world))
    {
      g_queue_pop_head (&world->events);
      event->func (event->data);
      event_free (event);
      settle (world);
    }
}

void
world_run (World *world, gint64 for_us)
{
  gint64 end_us = now (world) + for_us;

  settle (world);
  for (gint64 at_us = next_us (world); at_us <= end_us; at_us = next_us (world))
    advance_to (world, at_us);
  advance_to (world, end_us);
}

void
world_set_link (World *world, guint from, const BedFakeIceLink *link)
{
  bed_fake_ice_set_link (BED_FAKE_ICE (world->sides[from].ice), link);
}

void
world_set_outage (World *world, gboolean outage)
{
  world->outage = outage;
  bed_fake_ice_set_outage (BED_FAKE_ICE (world->sides[0].ice), outage);
}

gboolean
side_say (Side *side)
{
  g_autofree char *text = g_strdup_printf ("%u is what I wanted to say", side->said);

  if (!bed_peer_connection_send_text (side->peer, text))
    return FALSE;
  side->said++;
  return TRUE;
}

void
side_get_stats (Side *side, BedPeerStats *stats)
{
  bed_peer_connection_get_stats (side->peer, stats);
}

void
side_get_counts (Side *side, BedPeerTransportCounts *counts)
{
  bed_peer_transport_get_counts (side->peer->transport, counts);
}

void
side_get_video (Side *side, BedTestVideoStats *stats)
{
  bed_test_video_sink_get_stats (side->seen, stats);
}

void
side_get_audio (Side *side, BedTestAudioStats *stats)
{
  bed_test_audio_sink_get_stats (side->heard, stats);
}
