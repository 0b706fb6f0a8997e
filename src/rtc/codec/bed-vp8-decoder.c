/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-codec.h"

#include <string.h>
#include <vpx/vp8dx.h>
#include <vpx/vpx_decoder.h>

#define MAX_FRAME_BYTES (4u << 20)

#define BED_TYPE_VP8_DECODER (bed_vp8_decoder_get_type ())
G_DECLARE_FINAL_TYPE (BedVp8Decoder, bed_vp8_decoder, BED, VP8_DECODER, BedVideoDecoder)

struct _BedVp8Decoder
{
  BedVideoDecoder parent_instance;
  vpx_codec_ctx_t context;
  gboolean open;
  guint width, height; /* of the last key frame; 0 before it */
};

G_DEFINE_FINAL_TYPE (BedVp8Decoder, bed_vp8_decoder, BED_TYPE_VIDEO_DECODER)

static void
close_context (BedVp8Decoder *self)
{
  if (self->open)
    vpx_codec_destroy (&self->context);
  self->open = FALSE;
}

static gboolean
open_context (BedVp8Decoder *self, GError **error)
{
  vpx_codec_dec_cfg_t config = { .threads = 1 };

  close_context (self);
  self->open = vpx_codec_dec_init (&self->context, vpx_codec_vp8_dx (), &config, 0) == VPX_CODEC_OK;
  if (!self->open)
    g_set_error (error, BED_CODEC_ERROR, BED_CODEC_ERROR_INIT, "vp8: no decoder");
  return self->open;
}

static gboolean
refuse (GError **error, BedCodecError code, const char *what)
{
  g_set_error (error, BED_CODEC_ERROR, code, "vp8: %s", what);
  return FALSE;
}

/* RFC 6386 9.1. The size is looked at before libvpx sees the frame; a new size gets a new decoder.
 */
static gboolean
check_header (BedVp8Decoder *self, const guint8 *data, gsize length, GError **error)
{
  guint width, height;

  if (length < 3 || length > MAX_FRAME_BYTES)
    return refuse (error, BED_CODEC_ERROR_LIMIT, "frame too short or too long");
  if ((data[0] & 1) != 0)
    return self->width != 0 || refuse (error, BED_CODEC_ERROR_CORRUPT, "no key frame before");
  if (length < 10 || data[3] != 0x9d || data[4] != 0x01 || data[5] != 0x2a)
    return refuse (error, BED_CODEC_ERROR_CORRUPT, "malformed key frame");
  width = (data[6] | data[7] << 8) & 0x3fff;
  height = (data[8] | data[9] << 8) & 0x3fff;
  if (width < 2 || height < 2 || width > BED_VIDEO_FRAME_MAX_WIDTH
      || height > BED_VIDEO_FRAME_MAX_HEIGHT)
    return refuse (error, BED_CODEC_ERROR_LIMIT, "size not allowed");
  if ((self->width != width || self->height != height) && !open_context (self, error))
    return FALSE;
  self->width = width;
  self->height = height;
  return TRUE;
}

static void
copy_plane (BedVideoFrame *frame, BedPlane plane, const vpx_image_t *image, guint width,
            guint height)
{
  guint8 *to = bed_video_frame_get_plane (frame, plane);
  const guint8 *from = image->planes[plane];

  for (guint y = 0; y < height; y++)
    {
      memcpy (to, from, width);
      to += bed_video_frame_get_stride (frame, plane);
      from += image->stride[plane];
    }
}

static BedVideoFrame *
copy_image (const vpx_image_t *image, gint64 timestamp_us)
{
  BedVideoFrame *frame;

  if (image->fmt != VPX_IMG_FMT_I420)
    return NULL;
  frame = bed_video_frame_new (image->d_w, image->d_h, timestamp_us);
  if (frame == NULL)
    return NULL;
  copy_plane (frame, BED_PLANE_Y, image, image->d_w, image->d_h);
  copy_plane (frame, BED_PLANE_U, image, (image->d_w + 1) / 2, (image->d_h + 1) / 2);
  copy_plane (frame, BED_PLANE_V, image, (image->d_w + 1) / 2, (image->d_h + 1) / 2);
  return frame;
}

static BedVideoFrame *
decode (BedVideoDecoder *decoder, const guint8 *data, gsize length, gint64 timestamp_us,
        GError **error)
{
  BedVp8Decoder *self = BED_VP8_DECODER (decoder);
  vpx_codec_iter_t iterator = NULL;
  const vpx_image_t *image;
  int corrupted = 0;

  if (!check_header (self, data, length, error))
    return NULL;
  if (vpx_codec_decode (&self->context, data, length, NULL, 0) != VPX_CODEC_OK
      || vpx_codec_control (&self->context, VP8D_GET_FRAME_CORRUPTED, &corrupted) != VPX_CODEC_OK
      || corrupted)
    {
      /* What it holds now is of no use: start anew with the next key frame. */
      self->width = self->height = 0;
      refuse (error, BED_CODEC_ERROR_CORRUPT, "corrupt frame");
      return NULL;
    }
  image = vpx_codec_get_frame (&self->context, &iterator);
  return image != NULL ? copy_image (image, timestamp_us) : NULL;
}

static void
bed_vp8_decoder_finalize (GObject *object)
{
  close_context (BED_VP8_DECODER (object));
  G_OBJECT_CLASS (bed_vp8_decoder_parent_class)->finalize (object);
}

static void
bed_vp8_decoder_class_init (BedVp8DecoderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bed_vp8_decoder_finalize;
  BED_VIDEO_DECODER_CLASS (klass)->decode = decode;
}

static void
bed_vp8_decoder_init (BedVp8Decoder *self)
{
}

BedVideoDecoder *
bed_vp8_decoder_new (GError **error)
{
  g_autoptr (BedVp8Decoder) self = g_object_new (BED_TYPE_VP8_DECODER, NULL);

  return open_context (self, error) ? BED_VIDEO_DECODER (g_steal_pointer (&self)) : NULL;
}
