/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-codec.h"
#include "bed-test-media.h"
#include "bed-time-stretch.h"
#include "bed-video-decode-worker.h"
#include "bed-video-encode-worker.h"

#include <math.h>
#include <string.h>

static BedEncodedFrame *
encode_number (BedVideoEncoder *encoder, guint width, guint height, guint16 number, gboolean key_frame)
{
  g_autoptr (BedVideoFrame) frame = bed_test_picture_new (width, height, number, number * 33333ll);
  g_autoptr (GError) error = NULL;
  BedEncodedFrame *encoded = bed_video_encoder_encode (encoder, frame, key_frame, &error);

  g_assert_no_error (error);
  return encoded;
}

static BedVideoFrame *
decode (BedVideoDecoder *decoder, const BedEncodedFrame *encoded, GError **error)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (encoded->data, &length);

  return bed_video_decoder_decode (decoder, data, length, encoded->timestamp_us, error);
}

static void
test_vp8_content (void)
{
  g_autoptr (BedVideoEncoder) encoder = bed_vp8_encoder_new (600000, 30);
  g_autoptr (BedVideoDecoder) decoder = bed_vp8_decoder_new (NULL);
  guint shown = 0;

  for (guint i = 0; i < 60; i++)
    {
      g_autoptr (BedEncodedFrame) encoded = encode_number (encoder, 640, 360, i, i == 40);
      g_autoptr (BedVideoFrame) frame = NULL;
      g_autoptr (GError) error = NULL;
      guint16 number;

      if (encoded == NULL)
        continue;
      g_assert_cmpint (encoded->key_frame, ==, i == 0 || i == 40);
      frame = decode (decoder, encoded, &error);
      g_assert_no_error (error);
      g_assert_true (bed_test_picture_read (frame, &number));
      g_assert_cmpuint (number, ==, i);
      g_assert_cmpint (bed_video_frame_get_timestamp_us (frame), ==, i * 33333);
      shown++;
    }
  g_assert_cmpuint (shown, >, 50);
}

static void
test_vp8_size_change (void)
{
  static const guint sizes[][2] = { { 640, 360 }, { 1280, 720 }, { 320, 180 }, { 321, 181 }, { 720, 1280 } };
  g_autoptr (BedVideoEncoder) encoder = bed_vp8_encoder_new (1500000, 30);
  g_autoptr (BedVideoDecoder) decoder = bed_vp8_decoder_new (NULL);

  for (guint i = 0; i < 20; i++)
    {
      const guint *size = sizes[i / 4];
      g_autoptr (BedEncodedFrame) encoded = encode_number (encoder, size[0], size[1], i, FALSE);
      g_autoptr (BedVideoFrame) frame = NULL;
      guint16 number;

      if (encoded == NULL)
        continue;
      g_assert_cmpint (encoded->key_frame, ==, i % 4 == 0);
      frame = decode (decoder, encoded, NULL);
      g_assert_cmpuint (bed_video_frame_get_width (frame), ==, size[0]);
      g_assert_cmpuint (bed_video_frame_get_height (frame), ==, size[1]);
      g_assert_true (bed_test_picture_read (frame, &number));
      g_assert_cmpuint (number, ==, i);
    }
}

static gsize
bytes_of_seconds (BedVideoEncoder *encoder, guint from, guint frames)
{
  gsize total = 0;

  for (guint i = from; i < from + frames; i++)
    {
      g_autoptr (BedEncodedFrame) encoded = encode_number (encoder, 640, 360, i, FALSE);

      if (encoded != NULL)
        total += g_bytes_get_size (encoded->data);
    }
  return total;
}

static void
test_vp8_bitrate (void)
{
  g_autoptr (BedVideoEncoder) encoder = bed_vp8_encoder_new (800000, 30);
  double high, low;

  bytes_of_seconds (encoder, 0, 60);
  high = bytes_of_seconds (encoder, 60, 90) * 8 / 3.0;
  bed_video_encoder_set_bitrate (encoder, 250000);
  bytes_of_seconds (encoder, 150, 60);
  low = bytes_of_seconds (encoder, 210, 90) * 8 / 3.0;
  g_test_message ("asked 800,000 got %.0f, asked 250,000 got %.0f bit/s", high, low);
  g_assert_cmpfloat (high, <, 800000 * 1.2);
  g_assert_cmpfloat (low, <, 250000 * 1.2);
  g_assert_cmpfloat (low, <, high);
}

static void
test_vp8_limits (void)
{
  g_autoptr (BedVideoDecoder) decoder = bed_vp8_decoder_new (NULL);
  g_autoptr (BedVideoEncoder) encoder = bed_vp8_encoder_new (300000, 30);
  g_autoptr (BedEncodedFrame) good = encode_number (encoder, 320, 180, 1, TRUE);
  static const guint sizes[][2] = { { 1922, 1080 }, { 1080, 1922 }, { 16383, 16383 }, { 0, 180 }, { 320, 1 } };
  gsize length;
  guint8 *data = g_bytes_unref_to_data (g_bytes_ref (good->data), &length);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GError) error = NULL;

      data[6] = sizes[i][0] & 0xff;
      data[7] = sizes[i][0] >> 8;
      data[8] = sizes[i][1] & 0xff;
      data[9] = sizes[i][1] >> 8;
      g_assert_null (bed_video_decoder_decode (decoder, data, length, 0, &error));
      g_assert_error (error, BED_CODEC_ERROR, BED_CODEC_ERROR_LIMIT);
    }
  g_free (data);
}

static void
test_vp8_garbage (void)
{
  g_autoptr (BedVideoDecoder) decoder = bed_vp8_decoder_new (NULL);
  g_autoptr (BedVideoEncoder) encoder = bed_vp8_encoder_new (300000, 30);
  g_autoptr (BedEncodedFrame) key = encode_number (encoder, 320, 180, 1, TRUE);
  g_autoptr (BedEncodedFrame) delta = encode_number (encoder, 320, 180, 2, FALSE);
  g_autoptr (BedVideoFrame) frame = NULL;
  g_autoptr (GRand) random = g_rand_new_with_seed (3);
  g_autoptr (GError) error = NULL;
  guint16 number;

  g_assert_null (decode (decoder, delta, &error)); /* before any key frame */
  g_assert_error (error, BED_CODEC_ERROR, BED_CODEC_ERROR_CORRUPT);
  for (guint round = 0; round < 300; round++)
    {
      gsize length = g_bytes_get_size (key->data);
      guint8 *data = g_memdup2 (g_bytes_get_data (key->data, NULL), length);
      g_autoptr (BedVideoFrame) damaged = NULL;

      for (guint i = 0; i < 20; i++)
        data[g_rand_int_range (random, 0, length)] = g_rand_int (random);
      damaged = bed_video_decoder_decode (decoder, data, g_rand_int_range (random, 0, length), 0, NULL);
      g_free (data);
    }
  /* and it still works */
  frame = decode (decoder, key, NULL);
  g_assert_true (bed_test_picture_read (frame, &number));
  g_assert_cmpuint (number, ==, 1);
}

#define FRAME 960
#define HERTZ 440.0

/* One second or so of tone through Opus, where `lose` decides about each packet. Returns: mean share of the tone. */
typedef enum { ARRIVES, CONCEALED, BY_FEC } Fate;

static double
tone_through_opus (Fate (*fate) (guint i), double *least)
{
  g_autoptr (BedAudioEncoder) encoder = bed_opus_encoder_new (32000, NULL);
  g_autoptr (BedAudioDecoder) decoder = bed_opus_decoder_new (NULL);
  guint8 packets[60][BED_AUDIO_MAX_PACKET];
  gssize lengths[60];
  double phase = 0, sum = 0;
  guint n = 0;

  bed_audio_encoder_set_expected_loss (encoder, 20);
  for (guint i = 0; i < 60; i++)
    {
      gint16 samples[FRAME];

      bed_test_tone_fill (samples, FRAME, HERTZ, 0.5, &phase);
      lengths[i] = bed_audio_encoder_encode (encoder, samples, FRAME, packets[i], sizeof packets[i], NULL);
      g_assert_cmpint (lengths[i], >, 2);
    }
  *least = 1;
  for (guint i = 0; i < 59; i++)
    {
      gint16 out[BED_AUDIO_MAX_SAMPLES];
      gssize got;
      double share;

      if (fate (i) == ARRIVES)
        got = bed_audio_decoder_decode (decoder, packets[i], lengths[i], out, G_N_ELEMENTS (out), NULL);
      else if (fate (i) == BY_FEC)
        got = bed_audio_decoder_decode_fec (decoder, packets[i + 1], lengths[i + 1], out, FRAME, NULL);
      else
        got = bed_audio_decoder_conceal (decoder, out, FRAME, NULL);
      g_assert_cmpint (got, ==, FRAME);
      share = bed_test_tone_share (out, FRAME, HERTZ);
      if (i < 5)
        continue;
      sum += share;
      n++;
      *least = MIN (*least, share);
    }
  return sum / n;
}

static Fate
all_arrive (guint i)
{
  return ARRIVES;
}

static Fate
some_concealed (guint i)
{
  return i % 10 == 9 ? CONCEALED : ARRIVES;
}

static Fate
some_by_fec (guint i)
{
  return i % 10 == 9 ? BY_FEC : ARRIVES;
}

static void
test_opus_tone (void)
{
  double least;

  g_assert_cmpfloat (tone_through_opus (all_arrive, &least), >, 0.95);
  g_assert_cmpfloat (least, >, 0.8);
  g_assert_cmpfloat (tone_through_opus (some_concealed, &least), >, 0.9);
  g_assert_cmpfloat (tone_through_opus (some_by_fec, &least), >, 0.9);
  g_assert_cmpfloat (least, >, 0.5);
}

static void
test_opus_hostile (void)
{
  g_autoptr (BedAudioDecoder) decoder = bed_opus_decoder_new (NULL);
  gint16 *out = g_new (gint16, BED_AUDIO_MAX_SAMPLES);
  guint8 packet[2000] = { 0 };
  g_autoptr (GRand) random = g_rand_new_with_seed (5);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (bed_audio_decoder_decode (decoder, packet, 0, out, BED_AUDIO_MAX_SAMPLES, &error), ==, -1);
  g_assert_error (error, BED_CODEC_ERROR, BED_CODEC_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_cmpint (bed_audio_decoder_decode (decoder, packet, 1501, out, BED_AUDIO_MAX_SAMPLES, &error), ==, -1);
  g_assert_error (error, BED_CODEC_ERROR, BED_CODEC_ERROR_LIMIT);
  g_clear_error (&error);
  packet[0] = 0xff; /* 63 frames of 20 ms */
  packet[1] = 0x3f;
  g_assert_cmpint (bed_audio_decoder_decode (decoder, packet, 100, out, BED_AUDIO_MAX_SAMPLES, &error), ==, -1);
  g_assert_error (error, BED_CODEC_ERROR, BED_CODEC_ERROR_CORRUPT);
  for (guint round = 0; round < 2000; round++)
    {
      gsize length = g_rand_int_range (random, 1, 200);

      for (gsize i = 0; i < length; i++)
        packet[i] = g_rand_int (random);
      bed_audio_decoder_decode (decoder, packet, length, out, BED_AUDIO_MAX_SAMPLES, NULL);
      bed_audio_decoder_decode_fec (decoder, packet, length, out, FRAME, NULL);
    }
  g_assert_cmpint (bed_audio_decoder_conceal (decoder, out, FRAME, NULL), ==, FRAME);
  g_free (out);
}

static void
test_stretch (void)
{
  gint16 samples[FRAME + 720], before[FRAME];
  double phase = 0;
  guint n;

  bed_test_tone_fill (samples, FRAME, HERTZ, 0.5, &phase);
  memcpy (before, samples, sizeof before);
  n = bed_time_stretch_shorten (samples, FRAME);
  g_assert_cmpuint (n, <=, FRAME - 120);
  g_assert_cmpfloat (bed_test_tone_share (samples, n & ~63u, HERTZ), >, 0.95);
  g_assert_cmpint (samples[0], ==, before[0]);
  g_assert_cmpint (samples[n - 1], ==, before[FRAME - 1]);
  memcpy (samples, before, sizeof before);
  n = bed_time_stretch_lengthen (samples, FRAME, G_N_ELEMENTS (samples));
  g_assert_cmpuint (n, >=, FRAME + 120);
  g_assert_cmpfloat (bed_test_tone_share (samples, n, HERTZ), >, 0.95);
  g_assert_cmpint (samples[n - 1], ==, before[FRAME - 1]);
  memcpy (samples, before, sizeof before);
  g_assert_cmpuint (bed_time_stretch_lengthen (samples, FRAME, FRAME), ==, FRAME);
  g_assert_cmpmem (samples, sizeof before, before, sizeof before);
}

static void
test_stretch_leaves_noise_alone (void)
{
  gint16 samples[FRAME + 720];
  g_autoptr (GRand) random = g_rand_new_with_seed (9);

  for (guint i = 0; i < FRAME; i++)
    samples[i] = g_rand_int_range (random, -20000, 20000);
  g_assert_cmpuint (bed_time_stretch_shorten (samples, FRAME), ==, FRAME);
  g_assert_cmpuint (bed_time_stretch_shorten (samples, 480), ==, 480);
  memset (samples, 0, sizeof samples);
  g_assert_cmpuint (bed_time_stretch_shorten (samples, FRAME), <, FRAME);
}

static void
test_level (void)
{
  gint16 samples[FRAME];
  double phase = 0;

  memset (samples, 0, sizeof samples);
  g_assert_cmpuint (bed_audio_level (samples, FRAME), ==, 127);
  bed_test_tone_fill (samples, FRAME, 1000, 1.0, &phase);
  g_assert_cmpuint (bed_audio_level (samples, FRAME), ==, 3); /* a full sine: -3.01 dBov */
  bed_test_tone_fill (samples, FRAME, 1000, 0.01, &phase);
  g_assert_cmpuint (bed_audio_level (samples, FRAME), ==, 43);
}

typedef struct
{
  BedVideoEncodeWorker *encode;
  BedVideoDecodeWorker *decode;
} Pipe;

static void
encoded_to_decoder (BedEncodedFrame *frame, gpointer user_data)
{
  Pipe *pipe = user_data;

  bed_video_decode_worker_push (pipe->decode, frame->data, frame->key_frame, 0);
  bed_encoded_frame_free (frame);
}

static void
test_workers (void)
{
  Pipe pipe = { 0 };
  g_autoptr (BedClock) clock = bed_system_clock_new ();
  g_autoptr (BedTestVideoSink) sink = bed_test_video_sink_new ();
  g_autoptr (BedVideoSource) source = bed_test_video_source_new (1280, 720, 30);
  gint64 until = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  BedTestVideoStats seen;
  BedVideoEncodeStats encoded;
  BedVideoDecodeStats decoded;

  pipe.decode = bed_video_decode_worker_new (clock, bed_vp8_decoder_new (NULL), NULL, NULL);
  bed_video_decode_worker_set_sink (pipe.decode, BED_VIDEO_SINK (sink));
  pipe.encode = bed_video_encode_worker_new (clock, bed_vp8_encoder_new (400000, 30), 400000, 30,
                                             encoded_to_decoder, NULL, &pipe);
  bed_video_source_add_sink (source, BED_VIDEO_SINK (pipe.encode));
  do
    {
      g_usleep (10000);
      bed_test_video_sink_get_stats (sink, &seen);
    }
  while (seen.frames < 20 && g_get_monotonic_time () < until);
  bed_video_encode_worker_request_key_frame (pipe.encode);
  do
    {
      g_usleep (10000);
      bed_video_decode_worker_get_stats (pipe.decode, &decoded);
    }
  while (decoded.key_frames < 2 && g_get_monotonic_time () < until);
  bed_video_source_remove_sink (source, BED_VIDEO_SINK (pipe.encode));
  bed_video_encode_worker_stop (pipe.encode);
  bed_video_encode_worker_get_stats (pipe.encode, &encoded);
  bed_video_decode_worker_stop (pipe.decode);
  bed_test_video_sink_get_stats (sink, &seen);
  bed_video_decode_worker_get_stats (pipe.decode, &decoded);
  g_assert_cmpuint (seen.frames, >=, 20);
  g_assert_cmpuint (seen.with_number, ==, seen.frames);
  g_assert_cmpuint (seen.backwards, ==, 0);
  g_assert_cmpuint (seen.height, ==, 360); /* what 400 kbit/s is good for */
  g_assert_cmpuint (seen.width, ==, 640);
  g_assert_cmpuint (encoded.key_frames, ==, 2);
  g_assert_cmpuint (encoded.errors + decoded.errors, ==, 0);
  g_test_message ("encode %.1f ms, decode %.1f ms per frame", encoded.encode_us / 1e3 / encoded.frames_encoded,
                  decoded.decode_us / 1e3 / decoded.frames_decoded);
  g_object_unref (pipe.encode);
  g_object_unref (pipe.decode);
}

static void
discard (BedEncodedFrame *frame, gpointer user_data)
{
  bed_encoded_frame_free (frame);
}

static void
test_worker_frame_rate (void)
{
  g_autoptr (BedClock) clock = bed_system_clock_new ();
  g_autoptr (BedVideoEncodeWorker) worker
      = bed_video_encode_worker_new (clock, bed_vp8_encoder_new (100000, 10), 100000, 10, discard,
                                     NULL, NULL);
  BedVideoEncodeStats stats;

  /* 60 a second for 2 s of their time stamps: 10 a second are due */
  for (guint i = 0; i < 120; i++)
    {
      g_autoptr (BedVideoFrame) frame = bed_test_picture_new (160, 90, i, i * G_USEC_PER_SEC / 60);

      bed_video_sink_push (BED_VIDEO_SINK (worker), frame);
      g_usleep (1500);
    }
  bed_video_encode_worker_stop (worker);
  bed_video_encode_worker_get_stats (worker, &stats);
  g_assert_cmpuint (stats.frames_in, ==, 120);
  g_assert_cmpuint (stats.frames_encoded, <=, 22);
  g_assert_cmpuint (stats.frames_encoded, >=, 10);
}

static void
count_failure (gpointer user_data)
{
  g_atomic_int_inc ((gint *) user_data);
}

/* An encoder that fails for as many pictures as it is told to. */
#define BROKEN_TYPE_ENCODER (broken_encoder_get_type ())
G_DECLARE_FINAL_TYPE (BrokenEncoder, broken_encoder, BROKEN, ENCODER, BedVideoEncoder)
struct _BrokenEncoder
{
  BedVideoEncoder parent_instance;
  guint n, works_at; /* the picture that it takes */
};
G_DEFINE_FINAL_TYPE (BrokenEncoder, broken_encoder, BED_TYPE_VIDEO_ENCODER)

static BedEncodedFrame *
broken_encode (BedVideoEncoder *encoder, BedVideoFrame *frame, gboolean key_frame, GError **error)
{
  BrokenEncoder *self = BROKEN_ENCODER (encoder);

  if (++self->n != self->works_at)
    g_set_error_literal (error, BED_CODEC_ERROR, BED_CODEC_ERROR_ENCODE, "broken");
  return NULL;
}

static void
broken_set_bitrate (BedVideoEncoder *encoder, guint bitrate)
{
}

static void
broken_encoder_class_init (BrokenEncoderClass *klass)
{
  BED_VIDEO_ENCODER_CLASS (klass)->encode = broken_encode;
  BED_VIDEO_ENCODER_CLASS (klass)->set_bitrate = broken_set_bitrate;
}

static void
broken_encoder_init (BrokenEncoder *self)
{
}

static void
count_encode_failure (const GError *error, gpointer data)
{
  g_assert_error (error, BED_CODEC_ERROR, BED_CODEC_ERROR_ENCODE);
  g_atomic_int_inc ((int *) data);
}

/* How often it was told of after each of n pictures failed, but for the one that works. */
static int
told_of (guint n, guint works_at)
{
  BrokenEncoder *encoder = g_object_new (BROKEN_TYPE_ENCODER, NULL);
  int told = 0;
  g_autoptr (BedClock) clock = bed_system_clock_new ();
  g_autoptr (BedVideoEncodeWorker) worker = NULL;
  BedVideoEncodeStats stats = { 0 };
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  encoder->works_at = works_at;
  worker = bed_video_encode_worker_new (clock, BED_VIDEO_ENCODER (encoder), 100000, 30, discard,
                                        count_encode_failure, &told);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr (BedVideoFrame) frame = bed_video_frame_new (64, 48, i * G_USEC_PER_SEC);

      bed_video_sink_push (BED_VIDEO_SINK (worker), frame);
      while (stats.errors + stats.frames_dropped <= i && g_get_monotonic_time () < end)
        {
          g_usleep (100); /* else the newest would win */
          bed_video_encode_worker_get_stats (worker, &stats);
        }
    }
  g_assert_cmpuint (stats.errors + stats.frames_dropped, ==, n);
  bed_video_encode_worker_stop (worker);
  return told;
}

/* Pictures that all fail are told, for nobody is seen; one that fails now and then is not. */
static void
test_encoder_breaks (void)
{
  g_assert_cmpint (told_of (BED_ENCODE_FAILURES - 1, 0), ==, 0);
  g_assert_cmpint (told_of (2 * BED_ENCODE_FAILURES, 0), ==, 1);
  g_assert_cmpint (told_of (2 * BED_ENCODE_FAILURES - 1, BED_ENCODE_FAILURES), ==, 0);
}

static void
test_decode_worker_recovers (void)
{
  gint failures = 0;
  g_autoptr (BedClock) clock = bed_system_clock_new ();
  g_autoptr (BedVideoDecodeWorker) worker
      = bed_video_decode_worker_new (clock, bed_vp8_decoder_new (NULL), count_failure, &failures);
  g_autoptr (BedTestVideoSink) sink = bed_test_video_sink_new ();
  g_autoptr (BedVideoEncoder) encoder = bed_vp8_encoder_new (300000, 30);
  g_autoptr (GBytes) garbage = g_bytes_new_static ("\x00\x00\x00garbage and more", 18);
  gint64 until = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;
  BedTestVideoStats seen;
  BedVideoDecodeStats stats;

  bed_video_decode_worker_set_sink (worker, BED_VIDEO_SINK (sink));
  for (guint i = 0; i < 6; i++)
    {
      g_autoptr (BedEncodedFrame) encoded = encode_number (encoder, 320, 180, i, i == 4);

      bed_video_decode_worker_push (worker, encoded->data, encoded->key_frame, 0);
      if (i == 1)
        bed_video_decode_worker_push (worker, garbage, TRUE, 0);
    }
  do
    {
      g_usleep (2000);
      bed_test_video_sink_get_stats (sink, &seen);
    }
  while (seen.frames < 4 && g_get_monotonic_time () < until);
  bed_video_decode_worker_stop (worker);
  bed_test_video_sink_get_stats (sink, &seen);
  bed_video_decode_worker_get_stats (worker, &stats);
  /* 0, 1, garbage, (2 and 3 left out), 4, 5 */
  g_assert_cmpuint (seen.frames, ==, 4);
  g_assert_cmpuint (seen.last_number, ==, 5);
  g_assert_cmpint (failures, ==, 1);
  g_assert_cmpuint (stats.frames_dropped, ==, 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rtc/codec/vp8/content", test_vp8_content);
  g_test_add_func ("/rtc/codec/vp8/size-change", test_vp8_size_change);
  g_test_add_func ("/rtc/codec/vp8/bitrate", test_vp8_bitrate);
  g_test_add_func ("/rtc/codec/vp8/limits", test_vp8_limits);
  g_test_add_func ("/rtc/codec/vp8/garbage", test_vp8_garbage);
  g_test_add_func ("/rtc/codec/opus/tone", test_opus_tone);
  g_test_add_func ("/rtc/codec/opus/hostile", test_opus_hostile);
  g_test_add_func ("/rtc/codec/stretch/tone", test_stretch);
  g_test_add_func ("/rtc/codec/stretch/leaves-noise-alone", test_stretch_leaves_noise_alone);
  g_test_add_func ("/rtc/codec/level", test_level);
  g_test_add_func ("/rtc/codec/workers/pipe", test_workers);
  g_test_add_func ("/rtc/codec/workers/frame-rate", test_worker_frame_rate);
  g_test_add_func ("/rtc/codec/workers/encoder-breaks", test_encoder_breaks);
  g_test_add_func ("/rtc/codec/workers/decoder-recovers", test_decode_worker_recovers);
  return g_test_run ();
}
