/* SPDX-License-Identifier: GPL-3.0-or-later */
/* codec-probe ROUNDS: thread CPU time of our encoders and of the libraries without us, on the same input, in turns.
 * One line for each sample: `name milliseconds`, for a frame of 1280x720 or a packet of 20 ms.
 */
#include <math.h>
#include <opus/opus.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

#include "bed-codec.h"

#define WIDTH 1280
#define HEIGHT 720
#define FPS 30
#define BITRATE 1500000
#define FRAMES 90
#define PICTURES 30
#define PACKETS 500
#define SAMPLES 960
#define OPUS_BITRATE 32000

typedef struct
{
  BedVideoFrame *pictures[PICTURES];
  gint16 sound[PACKETS * SAMPLES];
} Input;

static double
cpu_ms (void)
{
  struct timespec t;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &t);
  return (double) t.tv_sec * 1e3 + (double) t.tv_nsec * 1e-6;
}

/* A head that sways before a structured wall, with a camera's noise. */
static BedVideoFrame *
draw (guint number, GRand *random)
{
  BedVideoFrame *frame = bed_video_frame_new (WIDTH, HEIGHT, 0);
  double phase = 2 * G_PI * number / PICTURES, cx = 640 + 40 * sin (phase), cy = 380 + 12 * cos (2 * phase);
  guint8 *y = bed_video_frame_get_plane (frame, BED_PLANE_Y);
  guint stride = bed_video_frame_get_stride (frame, BED_PLANE_Y);

  for (guint row = 0; row < HEIGHT; row++)
    for (guint column = 0; column < WIDTH; column++)
      {
        double dx = (column - cx) / 190, dy = (row - cy) / 260;
        int value = dx * dx + dy * dy < 1 ? 150 + (int) (30 * sin (dx * 9) * cos (dy * 11))
                                          : 90 + (int) ((column / 32 + row / 24) % 4 * 14);
        y[row * stride + column] = (guint8) (value + g_rand_int_range (random, -3, 4));
      }
  for (BedPlane plane = BED_PLANE_U; plane <= BED_PLANE_V; plane++)
    for (guint row = 0; row < HEIGHT / 2; row++)
      memset (bed_video_frame_get_plane (frame, plane) + row * bed_video_frame_get_stride (frame, plane),
              plane == BED_PLANE_U ? 112 : 140, WIDTH / 2);
  return frame;
}

/* Vowels with pauses: enough for a speech coder to work on. */
static void
speak (gint16 *sound, GRand *random)
{
  double phase = 0;

  for (guint i = 0; i < PACKETS * SAMPLES; i++)
    {
      double t = i / 48000.0, voice = 0;

      phase += 2 * G_PI * (120 + 20 * sin (2 * G_PI * 0.7 * t)) / 48000;
      for (guint harmonic = 1; harmonic <= 24; harmonic++)
        voice += sin (harmonic * phase) / harmonic * (1 + cos (harmonic * 0.9 - 3 * sin (2 * G_PI * 2 * t)));
      voice *= sin (2 * G_PI * 3 * t) > -0.5 ? 2500 : 0;
      sound[i] = (gint16) CLAMP (voice + g_rand_double_range (random, -60, 60), -32768, 32767);
    }
}

static BedVideoFrame *
picture_at (const Input *input, guint number)
{
  const BedVideoFrame *from = input->pictures[number % PICTURES];
  BedVideoFrame *frame = bed_video_frame_new (WIDTH, HEIGHT, (gint64) number * G_USEC_PER_SEC / FPS + 1);

  for (BedPlane plane = BED_PLANE_Y; plane <= BED_PLANE_V; plane++)
    memcpy (bed_video_frame_get_plane (frame, plane), bed_video_frame_get_plane (from, plane),
            (gsize) bed_video_frame_get_stride (from, plane) * (plane == BED_PLANE_Y ? HEIGHT : HEIGHT / 2));
  return frame;
}

static void
say (const char *name, double ms, guint count, gsize bytes)
{
  if (bytes == 0)
    g_error ("%s made nothing", name);
  printf ("%s|%.5f|%zu\n", name, ms / count, bytes / count);
  fflush (stdout);
}

static void
our_vp8 (const Input *input)
{
  g_autoptr (BedVideoEncoder) encoder = bed_vp8_encoder_new (BITRATE, FPS);
  double total = 0;
  gsize bytes = 0;

  for (guint i = 0; i < FRAMES; i++)
    {
      g_autoptr (BedVideoFrame) frame = picture_at (input, i);
      g_autoptr (BedEncodedFrame) encoded = NULL;
      g_autoptr (GError) error = NULL;
      double before = cpu_ms ();

      encoded = bed_video_encoder_encode (encoder, frame, FALSE, &error);
      total += cpu_ms () - before;
      if (error != NULL)
        g_error ("%s", error->message);
      bytes += encoded != NULL ? g_bytes_get_size (encoded->data) : 0;
    }
  say ("VP8 720p, Bedside", total, FRAMES, bytes);
}

/* As bed-vp8-encoder.c has it. */
static void
set_as_ours (vpx_codec_enc_cfg_t *config)
{
  config->rc_min_quantizer = 2;
  config->rc_overshoot_pct = 15;
  config->rc_buf_initial_sz = 1000;
  config->rc_buf_optimal_sz = 600;
  config->rc_buf_sz = 1000;
}

static void
open_vpx (vpx_codec_ctx_t *context, int cpu_used, gboolean as_ours)
{
  vpx_codec_enc_cfg_t config;

  if (vpx_codec_enc_config_default (vpx_codec_vp8_cx (), &config, 0) != VPX_CODEC_OK)
    g_error ("libvpx has no VP8");
  config.g_w = WIDTH;
  config.g_h = HEIGHT;
  config.g_timebase = (vpx_rational_t) { 1, FPS };
  config.g_lag_in_frames = 0;
  config.g_error_resilient = VPX_ERROR_RESILIENT_DEFAULT;
  config.rc_end_usage = VPX_CBR;
  config.rc_target_bitrate = BITRATE / 1000;
  config.rc_max_quantizer = 56;
  config.rc_dropframe_thresh = 30;
  config.kf_mode = VPX_KF_DISABLED;
  if (as_ours)
    set_as_ours (&config);
  if (vpx_codec_enc_init (context, vpx_codec_vp8_cx (), &config, 0) != VPX_CODEC_OK)
    g_error ("libvpx: %s", vpx_codec_error (context));
  vpx_codec_control (context, VP8E_SET_CPUUSED, cpu_used);
  vpx_codec_control (context, VP8E_SET_STATIC_THRESHOLD, 1);
  if (as_ours)
    vpx_codec_control (context, VP8E_SET_MAX_INTRA_BITRATE_PCT, 450);
}

static gsize
drain_vpx (vpx_codec_ctx_t *context)
{
  vpx_codec_iter_t iterator = NULL;
  const vpx_codec_cx_pkt_t *packet;
  gsize bytes = 0;

  while ((packet = vpx_codec_get_cx_data (context, &iterator)) != NULL)
    if (packet->kind == VPX_CODEC_CX_FRAME_PKT)
      bytes += packet->data.frame.sz;
  return bytes;
}

static void
their_vp8 (const Input *input, int cpu_used, gboolean as_ours, const char *name)
{
  vpx_codec_ctx_t context;
  double total = 0;
  gsize bytes = 0;

  open_vpx (&context, cpu_used, as_ours);
  for (guint i = 0; i < FRAMES; i++)
    {
      g_autoptr (BedVideoFrame) frame = picture_at (input, i);
      vpx_image_t image;
      double before;

      vpx_img_wrap (&image, VPX_IMG_FMT_I420, WIDTH, HEIGHT, 1, bed_video_frame_get_plane (frame, BED_PLANE_Y));
      for (BedPlane plane = BED_PLANE_Y; plane <= BED_PLANE_V; plane++)
        {
          image.planes[plane] = bed_video_frame_get_plane (frame, plane);
          image.stride[plane] = (int) bed_video_frame_get_stride (frame, plane);
        }
      before = cpu_ms ();
      if (vpx_codec_encode (&context, &image, i, 1, 0, VPX_DL_REALTIME) != VPX_CODEC_OK)
        g_error ("libvpx: %s", vpx_codec_error (&context));
      bytes += drain_vpx (&context);
      total += cpu_ms () - before;
    }
  vpx_codec_destroy (&context);
  say (name, total, FRAMES, bytes);
}

static void
our_opus (const Input *input)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedAudioEncoder) encoder = bed_opus_encoder_new (OPUS_BITRATE, &error);
  guint8 out[1500];
  gsize bytes = 0;
  double before;

  if (encoder == NULL)
    g_error ("%s", error->message);
  before = cpu_ms ();
  for (guint i = 0; i < PACKETS; i++)
    {
      gssize n = bed_audio_encoder_encode (encoder, input->sound + i * SAMPLES, SAMPLES, out, sizeof out, &error);
      if (n < 0)
        g_error ("%s", error->message);
      bytes += (gsize) n;
    }
  say ("Opus 20 ms, Bedside", cpu_ms () - before, PACKETS, bytes);
}

static void
their_opus (const Input *input, int complexity, int loss_percent, const char *name)
{
  int status;
  OpusEncoder *encoder = opus_encoder_create (48000, 1, OPUS_APPLICATION_VOIP, &status);
  guint8 out[1500];
  gsize bytes = 0;
  double before;

  if (status != OPUS_OK)
    g_error ("libopus: %s", opus_strerror (status));
  opus_encoder_ctl (encoder, OPUS_SET_BITRATE (OPUS_BITRATE));
  opus_encoder_ctl (encoder, OPUS_SET_COMPLEXITY (complexity));
  opus_encoder_ctl (encoder, OPUS_SET_INBAND_FEC (1));
  opus_encoder_ctl (encoder, OPUS_SET_SIGNAL (OPUS_SIGNAL_VOICE));
  opus_encoder_ctl (encoder, OPUS_SET_PACKET_LOSS_PERC (loss_percent));
  before = cpu_ms ();
  for (guint i = 0; i < PACKETS; i++)
    {
      int n = opus_encode (encoder, input->sound + i * SAMPLES, SAMPLES, out, sizeof out);
      if (n < 0)
        g_error ("libopus: %s", opus_strerror (n));
      bytes += (gsize) n;
    }
  opus_encoder_destroy (encoder);
  say (name, cpu_ms () - before, PACKETS, bytes);
}

int
main (int argc, char **argv)
{
  Input *input = g_new0 (Input, 1);
  GRand *random = g_rand_new_with_seed (1);
  int rounds = argc == 2 ? atoi (argv[1]) : 0;

  if (rounds <= 0)
    {
      fprintf (stderr, "usage: codec-probe ROUNDS\n");
      return 2;
    }
  for (guint i = 0; i < PICTURES; i++)
    input->pictures[i] = draw (i, random);
  speak (input->sound, random);
  for (int i = 0; i < rounds; i++)
    {
      our_vp8 (input);
      their_vp8 (input, -6, TRUE, "VP8 720p, libvpx speed 6");
      their_vp8 (input, -6, FALSE, "VP8 720p, libvpx speed 6, buffer of 6 s");
      their_vp8 (input, -4, TRUE, "VP8 720p, libvpx speed 4");
      our_opus (input);
      their_opus (input, 9, 5, "Opus 20 ms, libopus complexity 9");
      their_opus (input, 9, 0, "Opus 20 ms, libopus complexity 9, no loss expected");
      their_opus (input, 10, 5, "Opus 20 ms, libopus complexity 10");
    }
  for (guint i = 0; i < PICTURES; i++)
    bed_video_frame_unref (input->pictures[i]);
  g_rand_free (random);
  g_free (input);
  return 0;
}
