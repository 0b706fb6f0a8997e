/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-codec.h"

G_DEFINE_QUARK (bed-codec-error-quark, bed_codec_error)
G_DEFINE_ABSTRACT_TYPE (BedVideoEncoder, bed_video_encoder, G_TYPE_OBJECT)
G_DEFINE_ABSTRACT_TYPE (BedVideoDecoder, bed_video_decoder, G_TYPE_OBJECT)
G_DEFINE_ABSTRACT_TYPE (BedAudioEncoder, bed_audio_encoder, G_TYPE_OBJECT)
G_DEFINE_ABSTRACT_TYPE (BedAudioDecoder, bed_audio_decoder, G_TYPE_OBJECT)

void
bed_encoded_frame_free (BedEncodedFrame *self)
{
  g_bytes_unref (self->data);
  g_free (self);
}

static void
bed_video_encoder_class_init (BedVideoEncoderClass *klass)
{
}

static void
bed_video_encoder_init (BedVideoEncoder *self)
{
}

BedEncodedFrame *
bed_video_encoder_encode (BedVideoEncoder *self, BedVideoFrame *frame, gboolean key_frame,
                          GError **error)
{
  return BED_VIDEO_ENCODER_GET_CLASS (self)->encode (self, frame, key_frame, error);
}

void
bed_video_encoder_set_bitrate (BedVideoEncoder *self, guint bitrate)
{
  BED_VIDEO_ENCODER_GET_CLASS (self)->set_bitrate (self, bitrate);
}

static void
bed_video_decoder_class_init (BedVideoDecoderClass *klass)
{
}

static void
bed_video_decoder_init (BedVideoDecoder *self)
{
}

BedVideoFrame *
bed_video_decoder_decode (BedVideoDecoder *self, const guint8 *data, gsize length,
                          gint64 timestamp_us, GError **error)
{
  return BED_VIDEO_DECODER_GET_CLASS (self)->decode (self, data, length, timestamp_us, error);
}

static void
bed_audio_encoder_class_init (BedAudioEncoderClass *klass)
{
}

static void
bed_audio_encoder_init (BedAudioEncoder *self)
{
}

gssize
bed_audio_encoder_encode (BedAudioEncoder *self, const gint16 *samples, guint n_samples,
                          guint8 *out, gsize capacity, GError **error)
{
  return BED_AUDIO_ENCODER_GET_CLASS (self)->encode (self, samples, n_samples, out, capacity,
                                                     error);
}

void
bed_audio_encoder_set_expected_loss (BedAudioEncoder *self, guint percent)
{
  BED_AUDIO_ENCODER_GET_CLASS (self)->set_expected_loss (self, percent);
}

static void
bed_audio_decoder_class_init (BedAudioDecoderClass *klass)
{
}

static void
bed_audio_decoder_init (BedAudioDecoder *self)
{
}

gssize
bed_audio_decoder_decode (BedAudioDecoder *self, const guint8 *data, gsize length, gint16 *out,
                          guint capacity, GError **error)
{
  return BED_AUDIO_DECODER_GET_CLASS (self)->decode (self, data, length, out, capacity, error);
}

gssize
bed_audio_decoder_decode_fec (BedAudioDecoder *self, const guint8 *data, gsize length, gint16 *out,
                              guint n_samples, GError **error)
{
  return BED_AUDIO_DECODER_GET_CLASS (self)->decode_fec (self, data, length, out, n_samples, error);
}

gssize
bed_audio_decoder_conceal (BedAudioDecoder *self, gint16 *out, guint n_samples, GError **error)
{
  return BED_AUDIO_DECODER_GET_CLASS (self)->conceal (self, out, n_samples, error);
}
