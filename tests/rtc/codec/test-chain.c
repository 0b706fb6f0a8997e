/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-codec.h"
#include "bed-frame-assembler.h"
#include "bed-jitter-buffer.h"
#include "bed-rtp-receiver.h"
#include "bed-rtp-sender.h"
#include "bed-test-media.h"
#include "bed-vp8-payload.h"

#include <string.h>

/* Encoder, packetiser, a network that loses, retransmission, assembler and decoder on simulated time; every
 * picture that comes out must carry its number. */
typedef struct
{
  gint64 at_us;
  gsize length;
  guint8 data[BED_RTP_MAX_PACKET];
} Flying;

typedef struct
{
  gint64 now_us;
  GRand *random;
  double loss;
  gboolean rtx, nack;
  BedRtpSender *sender;
  BedRtpReceiver *receiver;
  BedFrameAssembler *assembler;
  BedVideoEncoder *encoder;
  BedVideoDecoder *decoder;
  GQueue flying; /* of Flying, by time */
  guint16 picture_id;
  gboolean key_frame_wanted;
  guint shown, wrong, errors;
  gint last_number;
} Chain;

#define ONE_WAY_US 30000
#define MEDIA_SSRC 0x1111
#define RTX_SSRC 0x2222

static void
chain_init (Chain *chain, double loss, gboolean nack, gboolean rtx)
{
  BedRtpSenderConfig config = { .kind = BED_RTP_VIDEO, .ssrc = MEDIA_SSRC, .rtx_ssrc = rtx ? RTX_SSRC : 0,
                                .payload_type = 96, .rtx_payload_type = 97, .clock_rate = 90000, .history = 512,
                                .mid = "1", .mid_id = 4, .transport_cc_id = 3 };

  *chain = (Chain) { .now_us = G_USEC_PER_SEC, .loss = loss, .nack = nack, .rtx = rtx, .last_number = -1 };
  chain->random = g_rand_new_with_seed (11);
  chain->sender = bed_rtp_sender_new (&config);
  chain->receiver = bed_rtp_receiver_new (MEDIA_SSRC, 90000, nack);
  chain->assembler = bed_frame_assembler_new ();
  chain->encoder = bed_vp8_encoder_new (500000, 30);
  chain->decoder = bed_vp8_decoder_new (NULL);
  g_queue_init (&chain->flying);
}

static void
chain_clear (Chain *chain)
{
  g_rand_free (chain->random);
  bed_rtp_sender_free (chain->sender);
  bed_rtp_receiver_free (chain->receiver);
  bed_frame_assembler_free (chain->assembler);
  g_object_unref (chain->encoder);
  g_object_unref (chain->decoder);
  g_queue_clear_full (&chain->flying, g_free);
}

static void
put_on_wire (Chain *chain, BedRtpOutPacket *out)
{
  Flying *flying;

  if (out == NULL)
    return;
  if (g_rand_double (chain->random) >= chain->loss)
    {
      flying = g_new (Flying, 1);
      flying->at_us = chain->now_us + ONE_WAY_US;
      flying->length = out->length;
      memcpy (flying->data, out->data, out->length);
      g_queue_push_tail (&chain->flying, flying);
    }
  bed_rtp_out_packet_free (out);
}

static void
send_picture (Chain *chain, guint16 number)
{
  g_autoptr (BedVideoFrame) frame = bed_test_picture_new (640, 360, number, chain->now_us);
  g_autoptr (BedEncodedFrame) encoded
      = bed_video_encoder_encode (chain->encoder, frame, chain->key_frame_wanted, NULL);
  BedVp8Packetiser packetiser;
  guint8 payload[BED_RTP_MAX_PAYLOAD];
  gsize length;
  gboolean last;

  if (encoded == NULL)
    return;
  chain->key_frame_wanted = FALSE;
  bed_vp8_packetiser_init (&packetiser, g_bytes_get_data (encoded->data, NULL), g_bytes_get_size (encoded->data),
                           chain->picture_id++, sizeof payload);
  while ((length = bed_vp8_packetiser_next (&packetiser, payload, sizeof payload, &last)) > 0)
    put_on_wire (chain, bed_rtp_sender_make (chain->sender, payload, length, last,
                                             bed_rtp_sender_timestamp_at (chain->sender, chain->now_us),
                                             chain->now_us, -1));
}

static void
show_frames (Chain *chain)
{
  BedAssembledFrame *frame;

  while ((frame = bed_frame_assembler_pop (chain->assembler, chain->now_us)) != NULL)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (BedVideoFrame) picture
          = bed_video_decoder_decode (chain->decoder, g_bytes_get_data (frame->data, NULL),
                                      g_bytes_get_size (frame->data), chain->now_us, &error);
      guint16 number;

      if (error != NULL)
        chain->errors++;
      else if (!bed_test_picture_read (picture, &number) || (gint) number <= chain->last_number)
        chain->wrong++;
      else
        {
          chain->shown++;
          chain->last_number = number;
        }
      bed_rtp_receiver_forget_before (chain->receiver, frame->first_sequence);
      bed_assembled_frame_free (frame);
    }
}

static void
receive (Chain *chain, const Flying *flying)
{
  BedRtpPacket packet, original;
  gboolean retransmitted;
  gint64 extended;

  g_assert_cmpint (bed_rtp_packet_parse (&packet, flying->data, flying->length), ==, BED_RTP_OK);
  retransmitted = packet.ssrc == RTX_SSRC;
  if (retransmitted)
    {
      g_assert_cmpuint (packet.payload_type, ==, 97);
      g_assert_true (bed_rtp_packet_unwrap_rtx (&packet, MEDIA_SSRC, 96, &original));
      packet = original;
    }
  if (bed_rtp_receiver_push (chain->receiver, &packet, retransmitted, chain->now_us, &extended) == BED_RTP_ARRIVAL_NEW)
    bed_frame_assembler_push (chain->assembler, &packet, extended, chain->now_us);
}

/* One tick of 5 ms; feedback travels in no time, which only shortens the loop by half. */
static void
tick (Chain *chain)
{
  guint16 missing[64];
  guint n;

  chain->now_us += 5000;
  while (chain->flying.length > 0 && ((Flying *) g_queue_peek_head (&chain->flying))->at_us <= chain->now_us)
    {
      g_autofree Flying *flying = g_queue_pop_head (&chain->flying);

      receive (chain, flying);
    }
  show_frames (chain);
  n = bed_rtp_receiver_poll_nack (chain->receiver, chain->now_us, 2 * ONE_WAY_US, missing, G_N_ELEMENTS (missing));
  for (guint i = 0; i < n; i++)
    put_on_wire (chain, bed_rtp_sender_retransmit (chain->sender, missing[i], chain->now_us));
  if (bed_frame_assembler_wants_key_frame (chain->assembler, chain->now_us, 120000))
    chain->key_frame_wanted = TRUE;
}

static void
run (Chain *chain, guint pictures)
{
  for (guint number = 0; number < pictures; number++)
    {
      send_picture (chain, number);
      for (guint i = 0; i < 7; i++)
        tick (chain);
    }
  for (guint i = 0; i < 100; i++)
    tick (chain);
}

static void
test_clean (void)
{
  Chain chain;
  BedRtpSenderStats stats;

  chain_init (&chain, 0, TRUE, TRUE);
  run (&chain, 90);
  bed_rtp_sender_get_stats (chain.sender, &stats);
  g_assert_cmpuint (chain.wrong + chain.errors, ==, 0);
  g_assert_cmpuint (chain.shown, >=, 80);
  g_assert_cmpuint (stats.nack_packets, ==, 0);
  chain_clear (&chain);
}

static void
test_lossy (gconstpointer data)
{
  Chain chain;
  BedRtpSenderStats sent;
  BedRtpReceiverStats received;
  gboolean rtx = GPOINTER_TO_INT (data);

  chain_init (&chain, 0.10, TRUE, rtx);
  run (&chain, 150);
  bed_rtp_sender_get_stats (chain.sender, &sent);
  bed_rtp_receiver_get_stats (chain.receiver, &received);
  g_test_message ("%u of 150 shown, %" G_GUINT64_FORMAT " sent again, %" G_GUINT64_FORMAT " recovered", chain.shown,
                  sent.retransmitted_packets, received.recovered);
  g_assert_cmpuint (chain.wrong + chain.errors, ==, 0);
  g_assert_cmpuint (chain.shown, >=, 130);
  g_assert_cmpuint (received.recovered, >, 5);
  chain_clear (&chain);
}

/* Without retransmission only key frames help: fewer pictures, but never a wrong one. */
static void
test_lossy_without_nack (void)
{
  Chain chain;
  BedFrameAssemblerStats stats;

  chain_init (&chain, 0.03, FALSE, FALSE);
  run (&chain, 150);
  bed_frame_assembler_get_stats (chain.assembler, &stats);
  g_assert_cmpuint (chain.wrong + chain.errors, ==, 0);
  g_assert_cmpuint (chain.shown, >=, 30);
  g_assert_cmpuint (stats.key_frames, >=, 2);
  g_assert_cmpuint (stats.key_frame_requests, >=, 1);
  chain_clear (&chain);
}

/* Sound: encoder, RTP, a network with jitter and loss, jitter buffer, decoder; the tone must be there. */
static void
test_sound (void)
{
  g_autoptr (BedAudioEncoder) encoder = bed_opus_encoder_new (32000, NULL);
  g_autoptr (BedAudioDecoder) decoder = bed_opus_decoder_new (NULL);
  g_autoptr (BedJitterBuffer) buffer = bed_jitter_buffer_new (20, 300);
  g_autoptr (GRand) random = g_rand_new_with_seed (21);
  double phase = 0;
  guint blocks = 0, tone = 0;
  gint64 arrivals[500];
  guint8 packets[500][BED_AUDIO_MAX_PACKET];
  gssize lengths[500];
  BedJitterStats stats;

  for (guint i = 0; i < 500; i++)
    {
      gint16 samples[960];

      bed_test_tone_fill (samples, 960, 440, 0.5, &phase);
      lengths[i] = bed_audio_encoder_encode (encoder, samples, 960, packets[i], sizeof packets[i], NULL);
      arrivals[i] = g_rand_double (random) < 0.05 ? G_MAXINT64 : i * 20000 + g_rand_int_range (random, 40000, 70000);
    }
  for (gint64 now = 0; now < 500 * 20000; now += 20000)
    {
      BedJitterFrame frame;
      gint16 out[BED_AUDIO_MAX_SAMPLES];
      gssize n = 960;

      for (guint i = 0; i < 500; i++)
        if (arrivals[i] <= now && arrivals[i] > now - 20000)
          bed_jitter_buffer_push (buffer, i, i * 960, packets[i], lengths[i], arrivals[i]);
      bed_jitter_buffer_pop (buffer, now, &frame);
      if (frame.action == BED_JITTER_EMPTY)
        continue;
      if (frame.action == BED_JITTER_DECODE)
        n = bed_audio_decoder_decode (decoder, frame.payload, frame.length, out, G_N_ELEMENTS (out), NULL);
      else if (frame.action == BED_JITTER_DECODE_FEC)
        n = bed_audio_decoder_decode_fec (decoder, frame.payload, frame.length, out, frame.samples, NULL);
      else
        n = bed_audio_decoder_conceal (decoder, out, frame.samples, NULL);
      g_assert_cmpint (n, ==, frame.samples);
      blocks++;
      tone += bed_test_tone_share (out, n, 440) > 0.5;
    }
  bed_jitter_buffer_get_stats (buffer, &stats);
  g_test_message ("%u of %u blocks hold the tone; target %.0f ms", tone, blocks, stats.target_delay_ms);
  g_assert_cmpuint (blocks, >, 480);
  g_assert_cmpuint (tone, >, blocks * 95 / 100);
  g_assert_cmpuint (stats.fec_samples, >, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/codec/chain/clean", test_clean);
  g_test_add_data_func ("/rtc/codec/chain/lossy-rtx", GINT_TO_POINTER (TRUE), test_lossy);
  g_test_add_data_func ("/rtc/codec/chain/lossy-plain", GINT_TO_POINTER (FALSE), test_lossy);
  g_test_add_func ("/rtc/codec/chain/lossy-without-nack", test_lossy_without_nack);
  g_test_add_func ("/rtc/codec/chain/sound", test_sound);
  return g_test_run ();
}
