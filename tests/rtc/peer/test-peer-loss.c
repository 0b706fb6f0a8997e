/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two connections over a simulated link that loses, delays and reorders; DTLS, SRTP, SCTP and codecs are real. */
#include <string.h>

#include "bed-openssl-dtls-transport.h"
#include "bed-peer-connection.h"
#include "bed-test-media.h"
#include "fake-ice.h"

typedef struct
{
  BedNetworkThread *thread;
  BedPeerConnection *peers[2];
  BedIceTransport *ice[2];
  BedTestVideoSink *seen[2];
  BedTestAudioSink *heard[2];
  GSource *pump;
  BedFakeIceLink link;
  gint connected, opened, messages, errors; /* atomic */
} Fixture;

typedef struct
{
  BedPeerConnection *to;
  int type;
  char *sdp;
} Carried;

static void
carry (gpointer data)
{
  Carried *carried = data;

  bed_peer_connection_set_remote_description (carried->to, carried->type, carried->sdp);
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
on_description (BedPeerConnection *peer, int type, const char *sdp, Fixture *self)
{
  Carried *carried = g_new (Carried, 1);

  *carried = (Carried){ g_object_ref (peer == self->peers[0] ? self->peers[1] : self->peers[0]), type, g_strdup (sdp) };
  bed_network_thread_post (self->thread, carry, carried, carried_free);
}

static void
on_state (BedPeerConnection *peer, Fixture *self)
{
  if (bed_peer_connection_get_state (peer) == BED_PEER_STATE_CONNECTED)
    g_atomic_int_inc (&self->connected);
}

static void
on_channel (BedPeerConnection *peer, gboolean open, Fixture *self)
{
  if (!open)
    return;
  g_atomic_int_inc (&self->opened);
  for (guint i = 0; i < 10; i++)
    bed_peer_connection_send_text (peer, "text");
}

static void
on_message (BedPeerConnection *peer, const char *text, Fixture *self)
{
  g_assert_cmpstr (text, ==, "text");
  g_atomic_int_inc (&self->messages);
}

static void
on_error (BedPeerConnection *peer, GError *error, Fixture *self)
{
  g_atomic_int_inc (&self->errors);
}

static gboolean
on_pump (gpointer data)
{
  Fixture *self = data;

  bed_fake_ice_advance (BED_FAKE_ICE (self->ice[0]), bed_network_thread_now (self->thread));
  return G_SOURCE_CONTINUE;
}

static void
make (gpointer data)
{
  Fixture *self = data;

  bed_fake_ice_new_pair (&self->link, 3, &self->ice[0], &self->ice[1]);
  bed_fake_ice_advance (BED_FAKE_ICE (self->ice[0]), bed_network_thread_now (self->thread));
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BedDtlsCertificate) certificate = bed_dtls_certificate_new (&error);
      g_autoptr (BedDtlsTransport) dtls = bed_openssl_dtls_transport_new (certificate, &error);

      self->peers[i] = bed_peer_connection_new (self->thread, self->ice[i], dtls, &error);
      g_assert_no_error (error);
      g_signal_connect (self->peers[i], "local-description", G_CALLBACK (on_description), self);
      g_signal_connect (self->peers[i], "state-changed", G_CALLBACK (on_state), self);
      g_signal_connect (self->peers[i], "data-channel-state-changed", G_CALLBACK (on_channel), self);
      g_signal_connect (self->peers[i], "message", G_CALLBACK (on_message), self);
      g_signal_connect (self->peers[i], "error", G_CALLBACK (on_error), self);
      bed_peer_connection_set_video_sink (self->peers[i], BED_VIDEO_SINK (self->seen[i]));
      bed_peer_connection_set_audio_sink (self->peers[i], BED_AUDIO_SINK (self->heard[i]));
    }
  self->pump = g_timeout_source_new (1);
  g_source_set_callback (self->pump, on_pump, self, NULL);
  g_source_attach (self->pump, bed_network_thread_get_context (self->thread));
  bed_peer_connection_create_offer (self->peers[0], FALSE);
}

static void
unmake (gpointer data)
{
  Fixture *self = data;

  g_source_destroy (self->pump);
  g_source_unref (self->pump);
  for (guint i = 0; i < 2; i++)
    bed_peer_connection_close (self->peers[i]);
  for (guint i = 0; i < 2; i++)
    {
      g_object_unref (self->peers[i]);
      g_object_unref (self->ice[i]);
    }
}

typedef struct
{
  Fixture *fixture;
  BedPeerStats stats;
} StatsQuestion;

static void
ask_stats (gpointer data)
{
  StatsQuestion *question = data;

  bed_peer_connection_get_stats (question->fixture->peers[1], &question->stats);
}

static gboolean
is_enough (Fixture *self)
{
  for (guint i = 0; i < 2; i++)
    {
      BedTestVideoStats video;
      BedTestAudioStats audio;
      bed_test_video_sink_get_stats (self->seen[i], &video);
      bed_test_audio_sink_get_stats (self->heard[i], &audio);
      g_assert_cmpuint (video.backwards, ==, 0);
      if (video.with_number < 90 || audio.tone_blocks < 200)
        return FALSE;
    }
  return g_atomic_int_get (&self->messages) == 20;
}

static void
check_link (const BedFakeIceLink *link, gboolean lossy)
{
  g_autoptr (BedClock) clock = bed_system_clock_new ();
  g_autoptr (BedVideoSource) video = bed_test_video_source_new (320, 180, 30);
  g_autoptr (BedAudioSource) audio = bed_test_audio_source_new (440, 0.3);
  Fixture self = { .link = *link, .thread = bed_network_thread_new (clock, NULL) };
  StatsQuestion question = { .fixture = &self };
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  g_assert_nonnull (self.thread);
  for (guint i = 0; i < 2; i++)
    {
      self.seen[i] = bed_test_video_sink_new ();
      self.heard[i] = bed_test_audio_sink_new (440);
    }
  bed_network_thread_call (self.thread, make, &self);
  for (guint i = 0; i < 2; i++)
    {
      bed_video_source_add_sink (video, bed_peer_connection_get_video_input (self.peers[i]));
      bed_audio_source_add_sink (audio, bed_peer_connection_get_audio_input (self.peers[i]));
    }
  while (!is_enough (&self) && g_get_monotonic_time () < end)
    g_usleep (20000);
  g_assert_true (is_enough (&self));
  bed_network_thread_call (self.thread, ask_stats, &question);
  g_assert_cmpint (g_atomic_int_get (&self.errors), ==, 0);
  g_assert_cmpint (g_atomic_int_get (&self.connected), ==, 2);
  g_assert_cmpint (question.stats.nack_count > 0, ==, lossy);
  g_test_message ("nack %" G_GUINT64_FORMAT " pli %" G_GUINT64_FORMAT " rtt %.1f ms lost %" G_GINT64_FORMAT,
                  question.stats.nack_count, question.stats.pli_count, question.stats.round_trip_time_ms,
                  question.stats.packets_lost);
  /* The link's clock stands still between two ticks of the pump, which come late on a busy machine. */
  if (link->delay_us > 0)
    g_assert_cmpfloat (question.stats.round_trip_time_ms, >=, 1.5 * link->delay_us / 1000.0);
  for (guint i = 0; i < 2; i++)
    {
      bed_video_source_remove_sink (video, bed_peer_connection_get_video_input (self.peers[i]));
      bed_audio_source_remove_sink (audio, bed_peer_connection_get_audio_input (self.peers[i]));
    }
  bed_network_thread_call (self.thread, unmake, &self);
  for (guint i = 0; i < 2; i++)
    {
      g_object_unref (self.seen[i]);
      g_object_unref (self.heard[i]);
    }
  g_object_unref (self.thread);
}

static void
test_clean (void)
{
  BedFakeIceLink link = { 0 };

  check_link (&link, FALSE);
}

static void
test_lossy (void)
{
  BedFakeIceLink link = { .loss = 0.05, .delay_us = 30000, .jitter_us = 5000, .duplication = 0.01 };

  check_link (&link, TRUE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/peer/loss/clean", test_clean);
  g_test_add_func ("/rtc/peer/loss/lossy", test_lossy);
  return g_test_run ();
}
