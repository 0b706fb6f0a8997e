/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What two engines agree on, and what they refuse. */
#include <gio/gio.h>
#include <string.h>

#include "bed-consented.h"
#include "engine-sides.h"

static void
test_call (void)
{
  Side a, b;
  BedEngineStats stats;
  guint8 ours[32], theirs[32];

  side_start (&a, &b);
  side_start (&b, &a);
  g_assert_true (bed_engine_get_local_fingerprint (a.engine, ours));
  g_assert_false (bed_engine_get_remote_fingerprint (a.engine, theirs));
  g_assert_false (bed_engine_send_text (a.engine, "too early"));
  bed_engine_create_offer (a.engine, FALSE);
  WAIT_FOR (a.channel_open && b.channel_open && a.first_frame && b.first_frame);
  g_assert_true (bed_engine_get_remote_fingerprint (b.engine, theirs));
  g_assert_cmpmem (ours, 32, theirs, 32);
  g_assert_true (bed_engine_send_text (a.engine, "guten Tag, \xf0\x9f\x91\x8b"));
  WAIT_FOR (g_strcmp0 (b.text, "guten Tag, \xf0\x9f\x91\x8b") == 0);
  g_assert_true (bed_engine_send_text (b.engine, ""));
  WAIT_FOR (g_strcmp0 (a.text, "") == 0);
  WAIT_FOR (frames_with_number (&a) >= 30 && frames_with_number (&b) >= 30 && tone_blocks (&a) >= 100
            && tone_blocks (&b) >= 100);
  bed_engine_get_stats (a.engine, &stats);
  g_assert_cmpuint (stats.frames_decoded, >=, 30);
  g_assert_cmpuint (stats.media_packets_sent, >=, 60);
  g_assert_cmpstr (stats.srtp_cipher, ==, "AEAD_AES_256_GCM");
  g_assert_cmpstr (stats.tls_version, ==, "FEFD");
  g_assert_cmpstr (stats.local_candidate_type, ==, "host");
  g_assert_true (g_str_equal (stats.remote_candidate_type, "host") || g_str_equal (stats.remote_candidate_type, "prflx"));
  g_assert_cmpuint (a.n_errors + b.n_errors, ==, 0);
  side_stop (&a);
  WAIT_FOR (b.state == BED_CONNECTION_STATE_DISCONNECTED);
  side_stop (&b);
}

static char *
replace (const char *sdp, const char *from, const char *to)
{
  g_auto (GStrv) parts = g_strsplit (sdp, from, -1);

  g_assert_cmpuint (g_strv_length (parts), >, 1);
  return g_strjoinv (to, parts);
}

/* A server in the middle that swaps the fingerprint for its own. */
static char *
swap_fingerprint (const char *sdp)
{
  return replace (sdp, "a=fingerprint:sha-256 ",
                  "a=fingerprint:sha-256 00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00:00\r\na=x:");
}

/* DTLS starts once ICE has a pair: notes when this was last not yet so. */
static gboolean
handshake_begins (Side *side)
{
  gint64 now_us = g_get_monotonic_time ();
  BedEngineStats stats;

  bed_engine_get_stats (side->engine, &stats);
  if (stats.remote_candidate_type[0] != '\0' || side->failed_us != 0)
    side->handshake = TRUE;
  else if (!side->handshake)
    side->before_us = now_us;
  return side->handshake;
}

static void
assert_no_media_left (Side *side)
{
  BedEngineStats stats;

  bed_engine_get_stats (side->engine, &stats);
  g_assert_cmpuint (stats.packets_sent, >, 0); /* the handshake's own */
  g_assert_cmpuint (stats.media_packets_sent, ==, 0);
  g_assert_cmpuint (stats.frames_sent, ==, 0);
}

/* Whichever side is lied to: it says so, ends within 500 ms of the handshake's begin, and no media leaves either. */
static void
check_mismatch (gboolean spoil_offer)
{
  Side a, b;
  Side *deceived = spoil_offer ? &b : &a;

  side_start (&a, &b);
  side_start (&b, &a);
  (spoil_offer ? &a : &b)->spoil = swap_fingerprint;
  bed_engine_create_offer (a.engine, FALSE);
  deceived->before_us = g_get_monotonic_time ();
  WAIT_FOR (handshake_begins (deceived));
  WAIT_FOR (deceived->state == BED_CONNECTION_STATE_FAILED);
  g_assert_cmpint (deceived->failed_us - deceived->before_us, <, 500000);
  g_assert_cmpuint (deceived->n_errors, >=, 1);
  g_assert_cmpint (deceived->error_code, ==, BED_ENGINE_ERROR_FINGERPRINT);
  run_for (300);
  assert_no_media_left (&a);
  assert_no_media_left (&b);
  g_assert_cmpuint (frames_with_number (&a) + frames_with_number (&b), ==, 0);
  g_assert_cmpuint (tone_blocks (&a) + tone_blocks (&b), ==, 0);
  g_assert_false (a.channel_open && b.channel_open);
  side_stop (&a);
  side_stop (&b);
}

static void
test_mismatch_at_answerer (void)
{
  check_mismatch (TRUE);
}

static void
test_mismatch_at_offerer (void)
{
  check_mismatch (FALSE);
}

static char *
add_sdes (const char *sdp)
{
  return replace (sdp, "a=rtcp-mux\r\n", "a=rtcp-mux\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:AAAAAAAAAAAAAAAAAAAA\r\n");
}

static char *
plain_rtp (const char *sdp)
{
  return replace (sdp, "UDP/TLS/RTP/SAVPF", "RTP/AVPF");
}

static char *
no_fingerprint (const char *sdp)
{
  return replace (sdp, "a=fingerprint:sha-256", "a=x");
}

static void
test_unacceptable_offers (void)
{
  static char *(*const spoilers[]) (const char *) = { add_sdes, plain_rtp, no_fingerprint };

  for (guint i = 0; i < G_N_ELEMENTS (spoilers); i++)
    {
      BedEngineStats stats;
      Side a, b;
      side_start (&a, &b);
      side_start (&b, &a);
      a.spoil = spoilers[i];
      bed_engine_create_offer (a.engine, FALSE);
      WAIT_FOR (b.n_errors == 1);
      g_assert_cmpint (b.error_code, ==, BED_ENGINE_ERROR_DESCRIPTION);
      run_for (100);
      g_assert_cmpuint (b.descriptions, ==, 0);
      bed_engine_get_stats (b.engine, &stats);
      g_assert_cmpuint (stats.packets_sent, ==, 0);
      side_stop (&a);
      side_stop (&b);
    }
}

static char *
get_line (const char *sdp, const char *start)
{
  const char *line = strstr (sdp, start);

  g_assert_nonnull (line);
  return g_strndup (line, strcspn (line, "\r"));
}

/* New ICE credentials, same certificate, and the media go on. */
static void
test_ice_restart (void)
{
  Side a, b;
  g_autofree char *ufrag = NULL, *fingerprint = NULL, *new_ufrag = NULL, *new_fingerprint = NULL;
  guint64 before;

  call (&a, &b);
  WAIT_FOR (a.channel_open && frames_with_number (&b) >= 10);
  ufrag = get_line (a.sdp, "a=ice-ufrag:");
  fingerprint = get_line (a.sdp, "a=fingerprint:");
  bed_engine_create_offer (a.engine, TRUE);
  WAIT_FOR (a.descriptions == 2 && b.descriptions == 2);
  new_ufrag = get_line (a.sdp, "a=ice-ufrag:");
  new_fingerprint = get_line (a.sdp, "a=fingerprint:");
  g_assert_cmpstr (ufrag, !=, new_ufrag);
  g_assert_cmpstr (fingerprint, ==, new_fingerprint);
  WAIT_FOR (a.state == BED_CONNECTION_STATE_CONNECTED && b.state == BED_CONNECTION_STATE_CONNECTED);
  before = frames_with_number (&b);
  WAIT_FOR (frames_with_number (&b) >= before + 30);
  before = frames_with_number (&a);
  WAIT_FOR (frames_with_number (&a) >= before + 30);
  g_assert_true (bed_engine_send_text (b.engine, "still here"));
  WAIT_FOR (g_strcmp0 (a.text, "still here") == 0);
  g_assert_cmpuint (a.n_errors + b.n_errors, ==, 0);
  side_stop (&a);
  side_stop (&b);
}

/* A second offer without a restart changes nothing. */
static void
test_second_offer (void)
{
  Side a, b;
  guint64 before;

  call (&a, &b);
  bed_engine_create_offer (a.engine, FALSE);
  WAIT_FOR (a.descriptions == 2 && b.descriptions == 2);
  bed_engine_create_offer (b.engine, FALSE);
  WAIT_FOR (a.descriptions == 3 && b.descriptions == 3);
  before = frames_with_number (&b);
  WAIT_FOR (frames_with_number (&b) >= before + 15);
  g_assert_cmpuint (a.n_errors + b.n_errors, ==, 0);
  side_stop (&a);
  side_stop (&b);
}

/* An offer during the call that brings another certificate is refused, and the call goes on. */
static void
test_certificate_change (void)
{
  Side a, b;
  guint64 before;

  call (&a, &b);
  a.spoil = swap_fingerprint;
  bed_engine_create_offer (a.engine, FALSE);
  WAIT_FOR (b.n_errors == 1);
  g_assert_cmpint (b.error_code, ==, BED_ENGINE_ERROR_DESCRIPTION);
  before = frames_with_number (&b);
  WAIT_FOR (frames_with_number (&b) >= before + 15);
  g_assert_cmpint (b.state, ==, BED_CONNECTION_STATE_CONNECTED);
  side_stop (&a);
  side_stop (&b);
}

static void
test_out_of_turn (void)
{
  Side a, b;

  side_start (&a, &b);
  side_start (&b, &a);
  bed_engine_set_remote_description (a.engine, BED_SDP_TYPE_ANSWER, "v=0\r\n");
  WAIT_FOR (a.n_errors == 1);
  g_assert_cmpint (a.error_code, ==, BED_ENGINE_ERROR_STATE);
  bed_engine_set_remote_description (a.engine, BED_SDP_TYPE_OFFER, "rubbish");
  WAIT_FOR (a.n_errors == 2);
  g_assert_cmpint (a.error_code, ==, BED_ENGINE_ERROR_DESCRIPTION);
  side_stop (&a);
  side_stop (&b);
}

/* Until nothing has been added for a second: what was on its way is there. Returns the count. */
static guint64
wait_until_still (guint64 (*count) (Side *), Side *side)
{
  gint64 end = g_get_monotonic_time () + 30 * G_USEC_PER_SEC;
  guint64 before;

  do
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      before = count (side);
      run_for (1000);
    }
  while (count (side) != before);
  return before;
}

static void
test_mute (void)
{
  Side a, b;
  guint64 frames, blocks;

  call (&a, &b);
  WAIT_FOR (frames_with_number (&b) >= 10 && tone_blocks (&b) >= 10);
  bed_engine_set_video_source (a.engine, NULL);
  bed_engine_set_audio_source (a.engine, NULL);
  frames = wait_until_still (frames_with_number, &b);
  blocks = wait_until_still (tone_blocks, &b);
  bed_engine_set_video_source (a.engine, a.video);
  bed_engine_set_audio_source (a.engine, a.audio);
  WAIT_FOR (frames_with_number (&b) >= frames + 10 && tone_blocks (&b) >= blocks + 10);
  side_stop (&a);
  side_stop (&b);
}

/* A camera: a picture that exists by a grant. */
#define TYPE_CAMERA (camera_get_type ())
G_DECLARE_FINAL_TYPE (Camera, camera, TEST, CAMERA, GObject)
struct _Camera
{
  GObject parent;
  BedVideoSource *picture; /* borrowed */
  BedConsentGrant *grant;  /* borrowed */
};

static BedConsentGrant *
camera_get_grant (BedConsented *consented)
{
  return TEST_CAMERA (consented)->grant;
}

static void
camera_consented_init (BedConsentedInterface *iface)
{
  iface->get_grant = camera_get_grant;
}

static void
camera_add_sink (BedVideoSource *source, BedVideoSink *sink)
{
  bed_video_source_add_sink (TEST_CAMERA (source)->picture, sink);
}

static void
camera_remove_sink (BedVideoSource *source, BedVideoSink *sink)
{
  bed_video_source_remove_sink (TEST_CAMERA (source)->picture, sink);
}

static void
camera_source_init (BedVideoSourceInterface *iface)
{
  iface->add_sink = camera_add_sink;
  iface->remove_sink = camera_remove_sink;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (Camera, camera, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_CONSENTED, camera_consented_init)
                               G_IMPLEMENT_INTERFACE (BED_TYPE_VIDEO_SOURCE, camera_source_init))

static void
camera_class_init (CameraClass *klass)
{
}

static void
camera_init (Camera *self)
{
}

/* A camera of the preview is not sent, whoever hands it to the engine. */
static void
test_grant (void)
{
  g_autoptr (BedClock) clock = bed_system_clock_new ();
  g_autoptr (BedConsentDesk) desk = bed_consent_desk_new (clock, NULL, NULL);
  g_autoptr (BedConsentGrant) preview
      = bed_consent_desk_grant (desk, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_PREVIEW, "device-1");
  g_autoptr (BedConsentGrant) granted
      = bed_consent_desk_grant (desk, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_CALL, "device-1");
  g_autoptr (Camera) camera = g_object_new (TYPE_CAMERA, NULL);
  Side a, b;
  guint64 frames;

  call (&a, &b);
  WAIT_FOR (frames_with_number (&b) >= 10);
  camera->picture = a.video;
  camera->grant = preview;
  bed_engine_set_video_source (a.engine, BED_VIDEO_SOURCE (camera));
  g_assert_cmpuint (a.n_errors, ==, 1);
  g_assert_cmpint (a.error_code, ==, BED_ENGINE_ERROR_CONSENT);
  frames = wait_until_still (frames_with_number, &b);
  camera->grant = granted;
  bed_engine_set_video_source (a.engine, BED_VIDEO_SOURCE (camera));
  WAIT_FOR (frames_with_number (&b) >= frames + 10);
  g_assert_cmpuint (a.n_errors, ==, 1);
  bed_engine_set_video_source (a.engine, NULL);
  side_stop (&a);
  side_stop (&b);
}

static gboolean
has_attribute (const guint8 *stun, gsize length, guint16 type)
{
  for (gsize at = 20; at + 4 <= length; at += 4 + ((stun[at + 2] << 8 | stun[at + 3]) + 3) / 4 * 4)
    if ((stun[at] << 8 | stun[at + 1]) == type)
      return TRUE;
  return FALSE;
}

/* The first check of the offerer, as it is on the wire: with the other role a browser, which is
 * controlled too, loses a round of its checks to the conflict. */
static void
test_offerer_is_controlling (void)
{
  g_autoptr (GSocket) socket = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_DATAGRAM, 0, NULL);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new_from_string ("127.0.0.1", 0);
  g_autoptr (GSocketAddress) bound = NULL;
  g_autofree char *candidate = NULL;
  guint8 check[1500];
  gssize length;
  Side a, b;

  g_assert_true (g_socket_bind (socket, any, FALSE, NULL));
  bound = g_socket_get_local_address (socket, NULL);
  g_socket_set_blocking (socket, FALSE);
  candidate = g_strdup_printf ("candidate:1 1 UDP 2015363327 127.0.0.1 %u typ host",
                               g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound)));
  side_start_as (&a, &b, TRUE);
  side_start_as (&b, &a, FALSE);
  g_signal_handlers_disconnect_by_func (a.engine, side_on_candidate, &a);
  g_signal_handlers_disconnect_by_func (b.engine, side_on_candidate, &b);
  bed_engine_create_offer (a.engine, FALSE);
  WAIT_FOR (b.descriptions > 0);
  bed_engine_add_ice_candidate (a.engine, candidate, NULL, 0);
  WAIT_FOR (g_socket_condition_check (socket, G_IO_IN) == G_IO_IN);
  length = g_socket_receive (socket, (char *) check, sizeof check, NULL, NULL);
  g_assert_cmpint (length, >, 20);
  g_assert_true (has_attribute (check, (gsize) length, 0x802a));
  g_assert_false (has_attribute (check, (gsize) length, 0x8029));
  side_stop (&a);
  side_stop (&b);
}

/* Nothing leaves after close has returned; it may be called again, and nothing is told after dispose. */
static void
test_close (void)
{
  Side a, b;
  BedEngineStats first, second;

  call (&a, &b);
  bed_engine_close (a.engine);
  bed_engine_get_stats (a.engine, &first);
  run_for (200);
  bed_engine_close (a.engine);
  bed_engine_get_stats (a.engine, &second);
  g_assert_cmpuint (first.packets_sent, ==, second.packets_sent);
  g_assert_cmpint (a.state, ==, BED_CONNECTION_STATE_CLOSED);
  g_assert_false (bed_engine_send_text (a.engine, "late"));
  bed_engine_create_offer (a.engine, FALSE);
  side_stop (&a);
  side_stop (&b);
}

/* Disposed with messages under way, at any moment of the set-up. */
static void
test_dispose_early (void)
{
  for (guint i = 0; i < 12; i++)
    {
      Side a, b;
      side_start (&a, &b);
      side_start (&b, &a);
      bed_engine_create_offer (a.engine, FALSE);
      run_for (i * 9);
      g_signal_handlers_disconnect_by_data (b.engine, &b);
      side_stop (&a);
      side_stop (&b);
    }
}

static void
test_bad_address (void)
{
  BedEngineConfig config = { .bind_address = (char *) "not an address" };
  g_autoptr (BedEngine) engine = bed_local_engine_new (&config);
  Side side = { 0 };
  BedEngineStats stats;
  guint8 fingerprint[32];

  g_signal_connect (engine, "error", G_CALLBACK (side_on_error), &side);
  g_signal_connect (engine, "connection-state-changed", G_CALLBACK (side_on_state), &side);
  WAIT_FOR (side.state == BED_CONNECTION_STATE_FAILED);
  g_assert_cmpint (side.error_code, ==, BED_ENGINE_ERROR_TRANSPORT);
  g_assert_false (bed_engine_get_local_fingerprint (engine, fingerprint));
  bed_engine_create_offer (engine, FALSE);
  bed_engine_get_stats (engine, &stats);
  g_assert_cmpuint (stats.packets_sent, ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/engine/local/call", test_call);
  g_test_add_func ("/engine/local/mismatch-at-answerer", test_mismatch_at_answerer);
  g_test_add_func ("/engine/local/mismatch-at-offerer", test_mismatch_at_offerer);
  g_test_add_func ("/engine/local/unacceptable-offers", test_unacceptable_offers);
  g_test_add_func ("/engine/local/ice-restart", test_ice_restart);
  g_test_add_func ("/engine/local/second-offer", test_second_offer);
  g_test_add_func ("/engine/local/certificate-change", test_certificate_change);
  g_test_add_func ("/engine/local/out-of-turn", test_out_of_turn);
  g_test_add_func ("/engine/local/mute", test_mute);
  g_test_add_func ("/engine/local/grant", test_grant);
  g_test_add_func ("/engine/local/offerer-is-controlling", test_offerer_is_controlling);
  g_test_add_func ("/engine/local/close", test_close);
  g_test_add_func ("/engine/local/dispose-early", test_dispose_early);
  g_test_add_func ("/engine/local/bad-address", test_bad_address);
  return g_test_run ();
}
