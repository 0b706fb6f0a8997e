/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-codec.h"

#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

#define CPU_USED \
  (-6) /* measured: 4.7 ms for a 720p frame, 1.1 dB worse than -4, which takes 6.5 ms */
#define MAX_INTRA_PERCENT 450 /* a key frame may be this much of an average frame */
#define MIN_BITRATE 30000

#define BED_TYPE_VP8_ENCODER (bed_vp8_encoder_get_type ())
G_DECLARE_FINAL_TYPE (BedVp8Encoder, bed_vp8_encoder, BED, VP8_ENCODER, BedVideoEncoder)

struct _BedVp8Encoder
{
  BedVideoEncoder parent_instance;
  vpx_codec_enc_cfg_t config;
  vpx_codec_ctx_t context; /* open while config.g_w is not 0 */
  guint bitrate;
  gboolean bitrate_changed;
  guint max_framerate;
  gint64 first_us;
  gint64 last_pts; /* µs since first_us */
};

G_DEFINE_FINAL_TYPE (BedVp8Encoder, bed_vp8_encoder, BED_TYPE_VIDEO_ENCODER)

static void
close_context (BedVp8Encoder *self)
{
  if (self->config.g_w != 0)
    vpx_codec_destroy (&self->context);
  self->config.g_w = 0;
}

static void
fill_config (BedVp8Encoder *self, guint width, guint height)
{
  vpx_codec_enc_cfg_t *config = &self->config;

  config->g_w = width;
  config->g_h = height;
  config->g_timebase = (vpx_rational_t) { 1, G_USEC_PER_SEC };
  config->g_threads = 1;
  config->g_lag_in_frames = 0;
  config->g_error_resilient = VPX_ERROR_RESILIENT_DEFAULT;
  config->g_pass = VPX_RC_ONE_PASS;
  config->rc_end_usage = VPX_CBR;
  config->rc_target_bitrate = MAX (self->bitrate, MIN_BITRATE) / 1000;
  config->rc_min_quantizer = 2;
  config->rc_max_quantizer = 56;
  config->rc_undershoot_pct = 100;
  config->rc_overshoot_pct = 15;
  config->rc_buf_initial_sz = 1000; /* full: what the first pictures lack, all others pay for */
  config->rc_buf_optimal_sz = 600;
  config->rc_buf_sz = 1000;
  config->rc_dropframe_thresh = 30;
  config->rc_resize_allowed = 0;
  config->kf_mode = VPX_KF_DISABLED; /* key frames only when the other side asks */
}

static gboolean
open_context (BedVp8Encoder *self, guint width, guint height, GError **error)
{
  if (vpx_codec_enc_config_default (vpx_codec_vp8_cx (), &self->config, 0) == VPX_CODEC_OK)
    {
      fill_config (self, width, height);
      if (vpx_codec_enc_init (&self->context, vpx_codec_vp8_cx (), &self->config, 0)
          == VPX_CODEC_OK)
        {
          vpx_codec_control (&self->context, VP8E_SET_CPUUSED, CPU_USED);
          vpx_codec_control (&self->context, VP8E_SET_STATIC_THRESHOLD, 1);
          vpx_codec_control (&self->context, VP8E_SET_MAX_INTRA_BITRATE_PCT, MAX_INTRA_PERCENT);
          vpx_codec_control (&self->context, VP8E_SET_TOKEN_PARTITIONS, VP8_ONE_TOKENPARTITION);
          self->bitrate_changed = FALSE;
          return TRUE;
        }
    }
  self->config.g_w = 0;
  g_set_error (error, BED_CODEC_ERROR, BED_CODEC_ERROR_INIT, "vp8: no encoder for %ux%u", width,
               height);
  return FALSE;
}

/* A new size gets a new encoder: reconfiguring a running one has been the way into libvpx before.
 */
static gboolean
prepare (BedVp8Encoder *self, guint width, guint height, GError **error)
{
  if (self->config.g_w != width || self->config.g_h != height)
    {
      close_context (self);
      return open_context (self, width, height, error);
    }
  if (self->bitrate_changed)
    {
      self->config.rc_target_bitrate = MAX (self->bitrate, MIN_BITRATE) / 1000;
      if (vpx_codec_enc_config_set (&self->context, &self->config) != VPX_CODEC_OK)
        {
          g_set_error (error, BED_CODEC_ERROR, BED_CODEC_ERROR_ENCODE, "vp8: bitrate refused");
          return FALSE;
        }
      self->bitrate_changed = FALSE;
    }
  return TRUE;
}

static void
wrap_frame (vpx_image_t *image, const BedVideoFrame *frame)
{
  guint width = bed_video_frame_get_width (frame), height = bed_video_frame_get_height (frame);

  vpx_img_wrap (image, VPX_IMG_FMT_I420, width, height, 1,
                bed_video_frame_get_plane (frame, BED_PLANE_Y));
  for (BedPlane plane = BED_PLANE_Y; plane <= BED_PLANE_V; plane++)
    {
      image->planes[plane] = bed_video_frame_get_plane (frame, plane);
      image->stride[plane] = bed_video_frame_get_stride (frame, plane);
    }
}

static BedEncodedFrame *
take_packet (BedVp8Encoder *self, const BedVideoFrame *frame)
{
  vpx_codec_iter_t iterator = NULL;
  const vpx_codec_cx_pkt_t *packet;

  while ((packet = vpx_codec_get_cx_data (&self->context, &iterator)) != NULL)
    {
      BedEncodedFrame *encoded;

      if (packet->kind != VPX_CODEC_CX_FRAME_PKT)
        continue;
      encoded = g_new0 (BedEncodedFrame, 1);
      encoded->data = g_bytes_new (packet->data.frame.buf, packet->data.frame.sz);
      encoded->key_frame = (packet->data.frame.flags & VPX_FRAME_IS_KEY) != 0;
      encoded->timestamp_us = bed_video_frame_get_timestamp_us (frame);
      encoded->width = self->config.g_w;
      encoded->height = self->config.g_h;
      return encoded;
    }
  return NULL;
}

static BedEncodedFrame *
encode (BedVideoEncoder *encoder, BedVideoFrame *frame, gboolean key_frame, GError **error)
{
  BedVp8Encoder *self = BED_VP8_ENCODER (encoder);
  vpx_image_t image;
  gint64 pts;

  if (!prepare (self, bed_video_frame_get_width (frame), bed_video_frame_get_height (frame), error))
    return NULL;
  if (self->last_pts < 0)
    self->first_us = bed_video_frame_get_timestamp_us (frame);
  /* Time must grow, whatever a camera says. */
  pts = MAX (bed_video_frame_get_timestamp_us (frame) - self->first_us, self->last_pts + 1000);
  self->last_pts = pts;
  wrap_frame (&image, frame);
  if (vpx_codec_encode (&self->context, &image, pts, G_USEC_PER_SEC / self->max_framerate,
                        key_frame ? VPX_EFLAG_FORCE_KF : 0, VPX_DL_REALTIME) != VPX_CODEC_OK)
    {
      g_set_error (error, BED_CODEC_ERROR, BED_CODEC_ERROR_ENCODE, "vp8: %s",
                   vpx_codec_error (&self->context));
      return NULL;
    }
  return take_packet (self, frame);
}

static void
set_bitrate (BedVideoEncoder *encoder, guint bitrate)
{
  BedVp8Encoder *self = BED_VP8_ENCODER (encoder);

  self->bitrate_changed = self->bitrate_changed || bitrate != self->bitrate;
  self->bitrate = bitrate;
}

static void
bed_vp8_encoder_finalize (GObject *object)
{
  close_context (BED_VP8_ENCODER (object));
  G_OBJECT_CLASS (bed_vp8_encoder_parent_class)->finalize (object);
}

static void
bed_vp8_encoder_class_init (BedVp8EncoderClass *klass)
{
  BedVideoEncoderClass *encoder_class = BED_VIDEO_ENCODER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bed_vp8_encoder_finalize;
  encoder_class->encode = encode;
  encoder_class->set_bitrate = set_bitrate;
}

static void
bed_vp8_encoder_init (BedVp8Encoder *self)
{
  self->last_pts = -1;
}

BedVideoEncoder *
bed_vp8_encoder_new (guint bitrate, guint max_framerate)
{
  BedVp8Encoder *self = g_object_new (BED_TYPE_VP8_ENCODER, NULL);

  self->bitrate = bitrate;
  self->max_framerate = MAX (1, max_framerate);
  return BED_VIDEO_ENCODER (self);
}
