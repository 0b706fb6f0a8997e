/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-offer-answer.h"
#include "sdp-samples.h"

static BedSdpLocal
local (guint8 fingerprint)
{
  BedSdpLocal self = {
    .session_id = 17, .version = 1, .ice_ufrag = "abcd", .ice_pwd = "abcdefghijklmnopqrstuvwx",
    .tls_id = "0123456789abcdefghij", .cname = "cname", .stream_id = "stream", .audio_track_id = "a",
    .video_track_id = "v", .audio_ssrc = 11, .video_ssrc = 12, .video_rtx_ssrc = 13, .max_message_size = 262144,
  };

  memset (self.fingerprint, fingerprint, sizeof self.fingerprint);
  return self;
}

static BedSessionDescription *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  BedSessionDescription *self = bed_session_description_parse (text, &error);

  g_assert_no_error (error);
  return self;
}

static BedSessionDescription *
answer_to (const BedSessionDescription *offer, const BedSdpLocal *side)
{
  g_autoptr (GError) error = NULL;
  BedSessionDescription *answer = bed_sdp_make_answer (side, offer, &error);

  g_assert_no_error (error);
  return answer;
}

static void
test_pair (void)
{
  BedSdpLocal a = local (1), b = local (2);
  g_autoptr (BedSessionDescription) offer = bed_sdp_make_offer (&a);
  g_autoptr (BedSessionDescription) answer = answer_to (offer, &b);
  g_autofree char *offer_text = bed_session_description_to_string (offer);
  g_autofree char *answer_text = bed_session_description_to_string (answer);
  g_autoptr (BedSessionDescription) offer_read = parse (offer_text);
  g_autoptr (BedSessionDescription) answer_read = parse (answer_text);
  BedSdpAgreement ours, theirs;

  g_assert_true (bed_sdp_agree (offer, answer_read, TRUE, &ours, NULL));
  g_assert_true (bed_sdp_agree (offer_read, answer, FALSE, &theirs, NULL));
  g_assert_false (ours.dtls_client);
  g_assert_true (theirs.dtls_client);
  g_assert_true (ours.audio.send && ours.audio.receive && ours.video.send && ours.video.receive);
  g_assert_cmpuint (ours.video.payload_type, ==, theirs.video.receive_payload_type);
  g_assert_cmpuint (ours.video.rtx_payload_type, ==, theirs.video.receive_rtx_payload_type);
  g_assert_cmpuint (ours.video.transport_cc_id, ==, ours.audio.transport_cc_id);
  g_assert_true (ours.video.nack && ours.video.pli && ours.video.fir && ours.video.transport_cc);
  g_assert_cmpuint (ours.video.remote_rtx_ssrc, ==, 13);
  g_assert_true (ours.data_channel && theirs.data_channel);
  g_assert_cmpuint (ours.remote_sctp_port, ==, 5000);
  g_assert_cmpstr (answer_read->tls_id, ==, b.tls_id);
}

static void
check_browser (const char *text, guint opus, guint vp8, guint rtx, guint twcc, guint mid)
{
  BedSdpLocal side = local (3);
  g_autoptr (BedSessionDescription) offer = parse (text);
  g_autoptr (BedSessionDescription) answer = answer_to (offer, &side);
  BedSdpAgreement agreement;

  g_assert_true (bed_sdp_agree (offer, answer, FALSE, &agreement, NULL));
  g_assert_cmpuint (agreement.audio.payload_type, ==, opus);
  g_assert_cmpuint (agreement.video.payload_type, ==, vp8);
  g_assert_cmpuint (agreement.video.rtx_payload_type, ==, rtx);
  g_assert_cmpuint (agreement.video.transport_cc_id, ==, twcc);
  g_assert_cmpuint (agreement.audio.mid_id, ==, mid);
  g_assert_cmpint (answer->setup, ==, BED_SDP_SETUP_ACTIVE);
  g_assert_null (answer->tls_id);
}

static void
test_browsers (void)
{
  check_browser (CHROMIUM, 111, 96, 97, 3, 4);
  check_browser (FIREFOX, 109, 120, 124, 7, 3);
}

static char *
with (const char *text, const char *from, const char *to)
{
  g_auto (GStrv) parts = g_strsplit (text, from, -1);

  return g_strjoinv (to, parts);
}

/* What we do not know is answered with port 0, and only once each. */
static void
test_unknown_sections (void)
{
  BedSdpLocal side = local (3);
  g_autofree char *no_vp8 = with (CHROMIUM, "VP8/90000", "VP7/90000");
  g_autofree char *nothing = with (no_vp8, "opus/48000", "opvs/48000");
  g_autofree char *extra = g_strconcat (no_vp8, "m=text 9 RTP/AVP 98\r\na=mid:9\r\n", NULL);
  g_autoptr (BedSessionDescription) offer = parse (extra);
  g_autoptr (BedSessionDescription) answer = answer_to (offer, &side);
  g_autoptr (BedSessionDescription) hopeless = NULL;
  g_autofree char *text = bed_session_description_to_string (answer);
  g_autofree char *without_data = with (nothing, "m=application 9", "m=application 0");
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (strstr (text, "m=video 0 UDP/TLS/RTP/SAVPF 96 97 102 103\r\n"));
  g_assert_nonnull (strstr (text, "m=text 0 RTP/AVP 98\r\n"));
  g_assert_nonnull (strstr (text, "a=group:BUNDLE 0 2\r\n"));
  hopeless = parse (without_data);
  g_assert_null (bed_sdp_make_answer (&side, hopeless, &error));
  g_assert_error (error, BED_SDP_ERROR, BED_SDP_ERROR_UNSUPPORTED);
}

static void
test_directions (void)
{
  static const struct { const char *offered, *answered; gboolean send, receive; } cases[] = {
    { "a=sendrecv", "a=sendrecv", TRUE, TRUE },
    { "a=sendonly", "a=recvonly", FALSE, TRUE },
    { "a=recvonly", "a=sendonly", TRUE, FALSE },
    { "a=inactive", "a=inactive", FALSE, FALSE },
  };
  BedSdpLocal side = local (3);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *changed = with (CHROMIUM, "a=sendrecv", cases[i].offered);
      g_autoptr (BedSessionDescription) offer = parse (changed);
      g_autoptr (BedSessionDescription) answer = answer_to (offer, &side);
      g_autofree char *text = bed_session_description_to_string (answer);
      BedSdpAgreement agreement;
      g_assert_true (bed_sdp_agree (offer, answer, FALSE, &agreement, NULL));
      g_assert_cmpint (agreement.audio.send, ==, cases[i].send);
      g_assert_cmpint (agreement.video.receive, ==, cases[i].receive);
      g_assert_nonnull (strstr (text, cases[i].answered));
    }
}

/* RFC 8842: who may answer what. */
static void
test_roles (void)
{
  static const BedSdpSetup offers[] = { BED_SDP_SETUP_ACTPASS, BED_SDP_SETUP_ACTIVE, BED_SDP_SETUP_PASSIVE };
  static const BedSdpSetup answers[] = { BED_SDP_SETUP_ACTPASS, BED_SDP_SETUP_ACTIVE, BED_SDP_SETUP_PASSIVE };
  static const gboolean fits[3][3] = { { FALSE, TRUE, TRUE }, { FALSE, FALSE, TRUE }, { FALSE, TRUE, FALSE } };
  BedSdpLocal a = local (1), b = local (2);
  g_autoptr (BedSessionDescription) offer = bed_sdp_make_offer (&a);
  g_autoptr (BedSessionDescription) answer = answer_to (offer, &b);

  for (guint i = 0; i < 3; i++)
    for (guint j = 0; j < 3; j++)
      {
        BedSdpAgreement agreement;
        offer->setup = offers[i];
        answer->setup = answers[j];
        g_assert_cmpint (bed_sdp_agree (offer, answer, TRUE, &agreement, NULL), ==, fits[i][j]);
        if (fits[i][j])
          g_assert_cmpint (agreement.dtls_client, ==, answers[j] == BED_SDP_SETUP_PASSIVE);
      }
}

static void
assert_misfit (const char *answer_text)
{
  BedSdpLocal a = local (1);
  g_autoptr (BedSessionDescription) offer = bed_sdp_make_offer (&a);
  g_autoptr (BedSessionDescription) answer = parse (answer_text);
  g_autoptr (GError) error = NULL;
  BedSdpAgreement agreement;

  g_assert_false (bed_sdp_agree (offer, answer, TRUE, &agreement, &error));
  g_assert_error (error, BED_SDP_ERROR, BED_SDP_ERROR_UNSUPPORTED);
}

/* An answer that does not follow the offer. */
static void
test_misfits (void)
{
  BedSdpLocal a = local (1), b = local (2);
  g_autoptr (BedSessionDescription) offer = bed_sdp_make_offer (&a);
  g_autoptr (BedSessionDescription) answer = answer_to (offer, &b);
  g_autofree char *good = bed_session_description_to_string (answer);
  g_autofree char *renumbered = with (good, "a=extmap:3 ", "a=extmap:5 ");
  g_autofree char *other_codec = with (good, " VP8/", " VP9/");
  g_autofree char *other_mid_line = with (good, "a=mid:1", "a=mid:7");
  g_autofree char *other_mid = with (other_mid_line, "BUNDLE 0 1 2", "BUNDLE 0 7 2");
  g_autofree char *end = g_strdup (good);
  char *application = strstr (end, "m=application");

  *application = '\0';
  assert_misfit (renumbered);
  assert_misfit (other_codec);
  assert_misfit (other_mid);
  assert_misfit (end);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/sdp/offer-answer/pair", test_pair);
  g_test_add_func ("/rtc/sdp/offer-answer/browsers", test_browsers);
  g_test_add_func ("/rtc/sdp/offer-answer/unknown-sections", test_unknown_sections);
  g_test_add_func ("/rtc/sdp/offer-answer/directions", test_directions);
  g_test_add_func ("/rtc/sdp/offer-answer/roles", test_roles);
  g_test_add_func ("/rtc/sdp/offer-answer/misfits", test_misfits);
  return g_test_run ();
}
