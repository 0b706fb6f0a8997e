/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-session-description.h"
#include "sdp-samples.h"

/* Everything once replaced in the text. */
static char *
with (const char *text, const char *from, const char *to)
{
  g_auto (GStrv) parts = g_strsplit (text, from, -1);

  g_assert_cmpuint (g_strv_length (parts), >, 1);
  return g_strjoinv (to, parts);
}

static BedSessionDescription *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  BedSessionDescription *self = bed_session_description_parse (text, &error);

  g_assert_no_error (error);
  g_assert_nonnull (self);
  return self;
}

static void
assert_refused (const char *text, BedSdpError code)
{
  g_autoptr (GError) error = NULL;
  BedSessionDescription *self = bed_session_description_parse (text, &error);

  g_assert_null (self);
  g_assert_error (error, BED_SDP_ERROR, (int) code);
}

static void
assert_change_refused (const char *from, const char *to, BedSdpError code)
{
  g_autofree char *text = with (CHROMIUM, from, to);

  assert_refused (text, code);
}

static void
test_chromium (void)
{
  g_autoptr (BedSessionDescription) self = parse (CHROMIUM);
  BedSdpMedia *video = bed_session_description_get_media (self, BED_SDP_VIDEO);
  BedSdpCodec *vp8 = bed_sdp_media_find_codec (video, "vp8", 90000);

  g_assert_cmpuint (self->media->len, ==, 3);
  g_assert_cmpuint (self->session_id, ==, 4611686018427387904u);
  g_assert_cmpstr (self->ice_ufrag, ==, "aB3+");
  g_assert_true (self->trickle);
  g_assert_cmpint (self->setup, ==, BED_SDP_SETUP_ACTPASS);
  g_assert_cmphex (self->fingerprint[0], ==, 0x01);
  g_assert_cmphex (self->fingerprint[31], ==, 0xef);
  g_assert_cmpuint (vp8->payload_type, ==, 96);
  g_assert_true (vp8->nack && vp8->pli && vp8->fir && vp8->remb && vp8->transport_cc);
  g_assert_cmpuint (bed_sdp_media_find_rtx (video, 96)->payload_type, ==, 97);
  g_assert_cmpuint (bed_sdp_media_find_rtx (video, 102)->payload_type, ==, 103);
  g_assert_null (bed_sdp_media_find_rtx (video, 97));
  g_assert_cmpuint (video->ssrc, ==, 2001);
  g_assert_cmpuint (video->rtx_ssrc, ==, 2002);
  g_assert_cmpuint (bed_sdp_media_get_extension_id (video, TWCC), ==, 3);
  g_assert_cmpuint (bed_session_description_get_media (self, BED_SDP_APPLICATION)->max_message_size, ==, 262144);
}

static void
test_firefox (void)
{
  g_autoptr (BedSessionDescription) self = parse (FIREFOX);
  BedSdpMedia *audio = bed_session_description_get_media (self, BED_SDP_AUDIO);
  guint64 stereo;

  g_assert_cmpstr (self->ice_ufrag, ==, "1a2b3c4d");
  g_assert_cmphex (self->fingerprint[1], ==, 0x23);
  g_assert_cmpuint (bed_sdp_media_find_codec (audio, "opus", 48000)->payload_type, ==, 109);
  g_assert_true (bed_sdp_codec_get_parameter (bed_sdp_media_find_codec (audio, "opus", 48000), "stereo", &stereo));
  g_assert_cmpuint (stereo, ==, 1);
  g_assert_cmpstr (audio->msid_stream, ==, "{aa}");
  g_assert_cmpuint (bed_session_description_get_media (self, BED_SDP_VIDEO)->rtx_ssrc, ==, 4002);
  g_assert_cmpuint (bed_session_description_get_media (self, BED_SDP_APPLICATION)->max_message_size, ==, 1073741823);
}

/* What we write is what we read. */
static void
test_round_trip (void)
{
  static const char *const samples[] = { CHROMIUM, FIREFOX };

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      g_autoptr (BedSessionDescription) a = parse (samples[i]);
      g_autoptr (BedSessionDescription) copy = bed_session_description_copy (a);
      g_autofree char *first = bed_session_description_to_string (copy);
      g_autoptr (BedSessionDescription) b = parse (first);
      g_autofree char *second = bed_session_description_to_string (b);
      g_assert_cmpstr (first, ==, second);
    }
}

static void
test_line_ends (void)
{
  g_autofree char *bare = with (CHROMIUM, "\r\n", "\n");
  g_autoptr (BedSessionDescription) self = parse (bare);

  g_assert_cmpuint (self->media->len, ==, 3);
}

/* RFC 8827 6.5: nothing but DTLS-SRTP. Each of these has been an interoperable way to send in the clear. */
static void
test_no_other_keys (void)
{
  assert_change_refused ("a=mid:0\r\n", "a=mid:0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9CnVubGVz\r\n",
                         BED_SDP_ERROR_SECURITY);
  assert_change_refused ("t=0 0\r\n", "t=0 0\r\na=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwg\r\n", BED_SDP_ERROR_SECURITY);
  assert_change_refused ("a=mid:0\r\n", "a=mid:0\r\na=crypto\r\n", BED_SDP_ERROR_SECURITY);
  assert_change_refused ("a=mid:0\r\n", "a=mid:0\r\na=crypto:1 NULL_HMAC_SHA1_80 inline:AAAA\r\n", BED_SDP_ERROR_SECURITY);
  assert_change_refused ("t=0 0\r\n", "t=0 0\r\nk=clear:secret\r\n", BED_SDP_ERROR_SECURITY);
  assert_change_refused ("a=mid:0\r\n", "a=mid:0\r\na=key-mgmt:mikey AQAFgM0XflABAAAAAAAAAAAAAAsA\r\n", BED_SDP_ERROR_SECURITY);
  assert_change_refused ("a=mid:0\r\n", "a=mid:0\r\na=zrtp-hash:1.10 fe30efd02423cb054e50efd0248742ac7a52c8f91bc2df881ae642c371ba46df\r\n",
                         BED_SDP_ERROR_SECURITY);
}

static void
test_profiles (void)
{
  static const char *const plain[] = { "RTP/AVP", "RTP/AVPF", "RTP/SAVP", "RTP/SAVPF", "UDP/RTP/AVP", "TCP/RTP/AVPF",
                                       "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/AVPF", "udp/tls/rtp/savpf", "DTLS/SCTP" };

  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    {
      g_autofree char *line = g_strdup_printf ("m=video 9 %s 96", plain[i]);
      g_autofree char *data = g_strdup_printf ("m=application 9 %s webrtc", plain[i]);
      assert_change_refused ("m=video 9 UDP/TLS/RTP/SAVPF 96", line, BED_SDP_ERROR_SECURITY);
      assert_change_refused ("m=application 9 UDP/DTLS/SCTP webrtc", data, BED_SDP_ERROR_SECURITY);
    }
}

static void
test_fingerprints (void)
{
  g_autofree char *both = with (CHROMIUM, FP_A, FP_A "a=fingerprint:sha-512 00\r\n");
  g_autofree char *lower = g_ascii_strdown (FP_A, -1);
  g_autofree char *in_lower = with (CHROMIUM, FP_A, lower);
  g_autoptr (BedSessionDescription) stronger = parse (both);
  g_autoptr (BedSessionDescription) any_case = parse (in_lower);

  g_assert_cmpmem (stronger->fingerprint, 32, any_case->fingerprint, 32);
  assert_change_refused (FP_A, "", BED_SDP_ERROR_SECURITY);
  assert_change_refused ("a=fingerprint:sha-256 ", "a=fingerprint:sha-512 ", BED_SDP_ERROR_SECURITY);
  assert_change_refused ("a=fingerprint:sha-256 ", "a=fingerprint:md5 ", BED_SDP_ERROR_SECURITY);
  assert_change_refused ("a=fingerprint:sha-256 ", "a=fingerprint:md2 ", BED_SDP_ERROR_SECURITY);
  assert_change_refused ("a=fingerprint:sha-256 ", "a=fingerprint:SHA-1 ", BED_SDP_ERROR_SECURITY);
  assert_change_refused (FP_A, FP_A "a=fingerprint:md5 01:02\r\n", BED_SDP_ERROR_SECURITY);
  assert_change_refused (FP_A, FP_A FP_B, BED_SDP_ERROR_SECURITY);
  assert_change_refused ("t=0 0\r\n", "t=0 0\r\n" FP_B, BED_SDP_ERROR_SECURITY);
  assert_change_refused (FP_A "a=setup:actpass\r\na=mid:1", FP_B "a=setup:actpass\r\na=mid:1", BED_SDP_ERROR_SECURITY);
  assert_change_refused (":CD:EF\r\n", ":CD\r\n", BED_SDP_ERROR_SYNTAX);
  assert_change_refused (":CD:EF\r\n", ":CD:EF:00\r\n", BED_SDP_ERROR_SYNTAX);
  assert_change_refused (":CD:EF\r\n", ":CD:EG\r\n", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("a=fingerprint:sha-256 01:", "a=fingerprint:sha-256 01-", BED_SDP_ERROR_SYNTAX);
  assert_change_refused (FP_A, "a=fingerprint:sha-256\r\n", BED_SDP_ERROR_SYNTAX);
  assert_change_refused (FP_A, "a=fingerprint\r\n", BED_SDP_ERROR_SYNTAX);
}

static void
test_one_transport (void)
{
  g_autofree char *only_first = with (CHROMIUM, TRANSPORT "a=mid:1", "a=mid:1");
  g_autoptr (BedSessionDescription) bundled = parse (only_first);

  g_assert_cmpstr (bundled->ice_ufrag, ==, "aB3+");
  assert_change_refused ("a=group:BUNDLE 0 1 2\r\n", "", BED_SDP_ERROR_UNSUPPORTED);
  assert_change_refused ("a=group:BUNDLE 0 1 2\r\n", "a=group:BUNDLE 0 1\r\n", BED_SDP_ERROR_UNSUPPORTED);
  assert_change_refused ("a=rtcp-mux\r\n", "", BED_SDP_ERROR_UNSUPPORTED);
  assert_change_refused ("a=mid:1\r\n", "", BED_SDP_ERROR_UNSUPPORTED);
  assert_change_refused ("a=mid:1\r\n", "a=mid:0\r\n", BED_SDP_ERROR_SYNTAX);
  assert_change_refused (ICE_A, "", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("a=setup:actpass\r\n", "", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("a=setup:actpass\r\n", "a=setup:holdconn\r\n", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("a=setup:actpass\r\na=mid:1", "a=setup:active\r\na=mid:1", BED_SDP_ERROR_UNSUPPORTED);
  assert_change_refused ("a=ice-ufrag:aB3+\r\n", "a=ice-ufrag:aB3\r\n", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("a=ice-ufrag:aB3+\r\n", "a=ice-ufrag:aB3=\r\n", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("a=ice-pwd:abcdefghijklmnopqrstuv\r\n", "a=ice-pwd:abcdefghijklmnopqrstu\r\n", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("a=sctp-port:5000\r\n", "", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("a=sctp-port:5000\r\n", "a=sctp-port:70000\r\n", BED_SDP_ERROR_SYNTAX);
}

/* RFC 8285 in a bundle: a URI has one id in all sections, and an id one URI. */
static void
test_one_extmap_id_per_uri (void)
{
  assert_change_refused ("a=extmap:14 urn:ietf:params:rtp-hdrext:toffset", "a=extmap:1 urn:ietf:params:rtp-hdrext:toffset",
                         BED_SDP_ERROR_UNSUPPORTED);
  assert_change_refused ("a=extmap:14 urn:ietf:params:rtp-hdrext:toffset", "a=extmap:9 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
                         BED_SDP_ERROR_UNSUPPORTED);
}

static void
test_extension_ids (void)
{
  assert_change_refused ("a=extmap:14 ", "a=extmap:15 ", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("a=extmap:14 ", "a=extmap:0 ", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("a=extmap:14 ", "a=extmap:256 ", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("a=extmap:14 ", "a=extmap:14/sideways ", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("a=extmap:14 urn:ietf:params:rtp-hdrext:toffset", "a=extmap:14", BED_SDP_ERROR_SYNTAX);
}

static void
test_syntax (void)
{
  static const char *const bad[] = { "", "\r\n", "v=0", "v=0\r\ns=-\r\no=- 1 1 IN IP4 0\r\n", "hello", "v=1\r\no=- 1 1 IN IP4 x\r\ns=-\r\n",
                                     "v=0\r\n\r\no=- 1 1 IN IP4 x\r\ns=-\r\n", "v=0\r\no=- x 1 IN IP4 x\r\ns=-\r\n" };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    assert_refused (bad[i], BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("t=0 0\r\n", "v=0\r\n", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("t=0 0\r\n", "T=0 0\r\n", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("t=0 0\r\n", "t 0 0\r\n", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("t=0 0\r\n", "t=0\t0\r\n", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("t=0 0\r\n", "t=0 \xff\r\n", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("a=sendrecv\r\n", "a=send recv\r\n", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("m=video 9 ", "m=video nine ", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("m=video 9 ", "m=video 99999 ", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("SAVPF 96 97", "SAVPF 96 96", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("SAVPF 96 97", "SAVPF 96 128", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("a=rtpmap:96 VP8/90000", "a=rtpmap:96 VP8", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("a=rtpmap:96 VP8/90000", "a=rtpmap:95 VP8/90000", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("a=rtpmap:96 VP8/90000", "a=rtpmap:96 VP8/0", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("a=fmtp:97 apt=96", "a=fmtp:95 apt=96", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("a=ssrc:1001 cname", "a=ssrc:99999999999 cname", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("a=ssrc-group:FID 2001 2002", "a=ssrc-group:FID 2001", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("a=mid:1\r\n", "a=mid:01234567890123456789\r\n", BED_SDP_ERROR_SYNTAX);
  assert_change_refused ("webrtc-datachannel", "webrtc-other", BED_SDP_ERROR_UNSUPPORTED);
}

static char *
repeat (const char *before, const char *piece, guint n)
{
  GString *text = g_string_new (before);

  for (guint i = 0; i < n; i++)
    g_string_append (text, piece);
  return g_string_free (text, FALSE);
}

static void
test_limits (void)
{
  g_autofree char *sections = repeat (CHROMIUM, "m=text 9 RTP/AVP 98\r\n", 2);
  g_autofree char *attributes = repeat (CHROMIUM, "a=x:y\r\n", BED_SDP_MAX_ATTRIBUTES);
  g_autofree char *candidates = repeat (CHROMIUM, "a=candidate:1 1 udp 1 192.0.2.1 1 typ host\r\n", 31);
  g_autofree char *line = repeat (CHROMIUM "a=x:", "y", BED_SDP_MAX_LINE);
  g_autofree char *length = repeat (CHROMIUM, "b=AS:1000\r\n", 6000);
  g_autofree char *formats = repeat (HEAD "m=audio 9 UDP/TLS/RTP/SAVPF", " 1", 70);
  g_autofree char *extensions = repeat (HEAD, "a=extmap:1 urn:x\r\n", 33);

  assert_refused (sections, BED_SDP_ERROR_LIMIT);
  assert_refused (attributes, BED_SDP_ERROR_LIMIT);
  assert_refused (candidates, BED_SDP_ERROR_LIMIT);
  assert_refused (line, BED_SDP_ERROR_LIMIT);
  assert_refused (length, BED_SDP_ERROR_LIMIT);
  assert_refused (formats, BED_SDP_ERROR_SYNTAX);
  assert_refused (extensions, BED_SDP_ERROR_LIMIT);
}

static void
test_rejected_sections (void)
{
  g_autofree char *no_video = with (CHROMIUM, "m=video 9", "m=video 0");
  g_autofree char *bundle_only = with (CHROMIUM, "a=mid:1\r\n", "a=mid:1\r\na=bundle-only\r\n");
  g_autofree char *waiting = with (bundle_only, "m=video 9", "m=video 0");
  g_autofree char *nothing = with (no_video, "m=audio 9", "m=audio 0");
  g_autofree char *nothing_at_all = with (nothing, "m=application 9", "m=application 0");
  g_autoptr (BedSessionDescription) self = parse (no_video);
  g_autoptr (BedSessionDescription) later = parse (waiting);

  g_assert_null (bed_session_description_get_media (self, BED_SDP_VIDEO));
  g_assert_nonnull (bed_session_description_get_media (later, BED_SDP_VIDEO));
  assert_refused (nothing_at_all, BED_SDP_ERROR_UNSUPPORTED);
}

static void
test_candidates (void)
{
  g_autofree char *text = g_strconcat (CHROMIUM, "a=candidate:1 1 udp 2122260223 192.0.2.7 50000 typ host\r\n"
                                                 "a=candidate:what is this\r\na=end-of-candidates\r\n", NULL);
  g_autoptr (BedSessionDescription) self = parse (text);

  g_assert_cmpuint (self->candidates->len, ==, 1);
  g_assert_true (self->end_of_candidates);
}

/* Cut off anywhere, or with any byte changed: never a crash, and never a description without a fingerprint. */
static void
test_mutations (void)
{
  gsize length = strlen (CHROMIUM);
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (gsize i = 0; i < length; i += 13)
    {
      g_autofree char *cut = g_strndup (CHROMIUM, i);
      BedSessionDescription *self = bed_session_description_parse (cut, NULL);
      g_clear_pointer (&self, bed_session_description_free);
    }
  for (guint i = 0; i < 4000; i++)
    {
      g_autofree char *text = g_strdup (i & 1 ? CHROMIUM : FIREFOX);
      BedSessionDescription *self;
      for (guint j = 0; j < 1 + i % 4; j++)
        text[g_rand_int_range (random, 0, (gint32) strlen (text))] = (char) g_rand_int_range (random, 1, 256);
      self = bed_session_description_parse (text, NULL);
      g_clear_pointer (&self, bed_session_description_free);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/sdp/description/chromium", test_chromium);
  g_test_add_func ("/rtc/sdp/description/firefox", test_firefox);
  g_test_add_func ("/rtc/sdp/description/round-trip", test_round_trip);
  g_test_add_func ("/rtc/sdp/description/line-ends", test_line_ends);
  g_test_add_func ("/rtc/sdp/description/no-other-keys", test_no_other_keys);
  g_test_add_func ("/rtc/sdp/description/profiles", test_profiles);
  g_test_add_func ("/rtc/sdp/description/fingerprints", test_fingerprints);
  g_test_add_func ("/rtc/sdp/description/one-transport", test_one_transport);
  g_test_add_func ("/rtc/sdp/description/one-extmap-id-per-uri", test_one_extmap_id_per_uri);
  g_test_add_func ("/rtc/sdp/description/extension-ids", test_extension_ids);
  g_test_add_func ("/rtc/sdp/description/syntax", test_syntax);
  g_test_add_func ("/rtc/sdp/description/limits", test_limits);
  g_test_add_func ("/rtc/sdp/description/rejected-sections", test_rejected_sections);
  g_test_add_func ("/rtc/sdp/description/candidates", test_candidates);
  g_test_add_func ("/rtc/sdp/description/mutations", test_mutations);
  return g_test_run ();
}
