/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-codec.h"

#include <opus.h>

#define RATE 48000
#define FRAME 960
#define MAX_PACKET 1500
#define COMPLEXITY 9

#define BED_TYPE_OPUS_ENCODER (bed_opus_encoder_get_type ())
G_DECLARE_FINAL_TYPE (BedOpusEncoder, bed_opus_encoder, BED, OPUS_ENCODER, BedAudioEncoder)

struct _BedOpusEncoder
{
  BedAudioEncoder parent_instance;
  OpusEncoder *encoder; /* owned */
};

G_DEFINE_FINAL_TYPE (BedOpusEncoder, bed_opus_encoder, BED_TYPE_AUDIO_ENCODER)

static gssize
encoder_encode (BedAudioEncoder *encoder, const gint16 *samples, guint n_samples, guint8 *out,
                gsize capacity, GError **error)
{
  gint n;

  g_return_val_if_fail (n_samples == FRAME, -1);
  n = opus_encode (BED_OPUS_ENCODER (encoder)->encoder, samples, n_samples, out,
                   MIN (capacity, BED_AUDIO_MAX_PACKET));
  if (n < 0)
    {
      g_set_error (error, BED_CODEC_ERROR, BED_CODEC_ERROR_ENCODE, "opus: %s", opus_strerror (n));
      return -1;
    }
  return n;
}

static void
set_bitrate (BedOpusEncoder *self, guint bitrate)
{
  opus_encoder_ctl (self->encoder, OPUS_SET_BITRATE ((gint) CLAMP (bitrate, 6000, 510000)));
}

static void
encoder_set_expected_loss (BedAudioEncoder *encoder, guint percent)
{
  opus_encoder_ctl (BED_OPUS_ENCODER (encoder)->encoder,
                    OPUS_SET_PACKET_LOSS_PERC ((gint) MIN (percent, 100)));
}

static void
bed_opus_encoder_finalize (GObject *object)
{
  g_clear_pointer (&BED_OPUS_ENCODER (object)->encoder, opus_encoder_destroy);
  G_OBJECT_CLASS (bed_opus_encoder_parent_class)->finalize (object);
}

static void
bed_opus_encoder_class_init (BedOpusEncoderClass *klass)
{
  BedAudioEncoderClass *encoder_class = BED_AUDIO_ENCODER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bed_opus_encoder_finalize;
  encoder_class->encode = encoder_encode;
  encoder_class->set_expected_loss = encoder_set_expected_loss;
}

static void
bed_opus_encoder_init (BedOpusEncoder *self)
{
}

BedAudioEncoder *
bed_opus_encoder_new (guint bitrate, GError **error)
{
  g_autoptr (BedOpusEncoder) self = g_object_new (BED_TYPE_OPUS_ENCODER, NULL);
  int status;

  self->encoder = opus_encoder_create (RATE, 1, OPUS_APPLICATION_VOIP, &status);
  if (status != OPUS_OK)
    {
      g_set_error (error, BED_CODEC_ERROR, BED_CODEC_ERROR_INIT, "opus: %s",
                   opus_strerror (status));
      return NULL;
    }
  opus_encoder_ctl (self->encoder, OPUS_SET_SIGNAL (OPUS_SIGNAL_VOICE));
  opus_encoder_ctl (self->encoder, OPUS_SET_INBAND_FEC (1));
  opus_encoder_ctl (self->encoder, OPUS_SET_DTX (0));
  opus_encoder_ctl (self->encoder, OPUS_SET_COMPLEXITY (COMPLEXITY));
  encoder_set_expected_loss (BED_AUDIO_ENCODER (self), 5);
  set_bitrate (self, bitrate);
  return BED_AUDIO_ENCODER (g_steal_pointer (&self));
}

#define BED_TYPE_OPUS_DECODER (bed_opus_decoder_get_type ())
G_DECLARE_FINAL_TYPE (BedOpusDecoder, bed_opus_decoder, BED, OPUS_DECODER, BedAudioDecoder)

struct _BedOpusDecoder
{
  BedAudioDecoder parent_instance;
  OpusDecoder *decoder; /* owned */
};

G_DEFINE_FINAL_TYPE (BedOpusDecoder, bed_opus_decoder, BED_TYPE_AUDIO_DECODER)

static gssize
checked (gint n, GError **error)
{
  if (n >= 0)
    return n;
  g_set_error (error, BED_CODEC_ERROR, BED_CODEC_ERROR_CORRUPT, "opus: %s", opus_strerror (n));
  return -1;
}

static gboolean
length_is_allowed (gsize length, GError **error)
{
  if (length > 0 && length <= MAX_PACKET)
    return TRUE;
  g_set_error (error, BED_CODEC_ERROR, BED_CODEC_ERROR_LIMIT,
               "a sound packet of %" G_GSIZE_FORMAT " bytes", length);
  return FALSE;
}

static gssize
decoder_decode (BedAudioDecoder *decoder, const guint8 *data, gsize length, gint16 *out,
                guint capacity, GError **error)
{
  if (!length_is_allowed (length, error))
    return -1;
  return checked (opus_decode (BED_OPUS_DECODER (decoder)->decoder, data, length, out,
                               MIN (capacity, BED_AUDIO_MAX_SAMPLES), FALSE), error);
}

static gssize
decoder_decode_fec (BedAudioDecoder *decoder, const guint8 *data, gsize length, gint16 *out,
                    guint n_samples, GError **error)
{
  if (!length_is_allowed (length, error))
    return -1;
  return checked (opus_decode (BED_OPUS_DECODER (decoder)->decoder, data, length, out,
                               MIN (n_samples, BED_AUDIO_MAX_SAMPLES), TRUE), error);
}

static gssize
decoder_conceal (BedAudioDecoder *decoder, gint16 *out, guint n_samples, GError **error)
{
  return checked (opus_decode (BED_OPUS_DECODER (decoder)->decoder, NULL, 0, out,
                               MIN (n_samples, BED_AUDIO_MAX_SAMPLES), FALSE), error);
}

static void
bed_opus_decoder_finalize (GObject *object)
{
  g_clear_pointer (&BED_OPUS_DECODER (object)->decoder, opus_decoder_destroy);
  G_OBJECT_CLASS (bed_opus_decoder_parent_class)->finalize (object);
}

static void
bed_opus_decoder_class_init (BedOpusDecoderClass *klass)
{
  BedAudioDecoderClass *decoder_class = BED_AUDIO_DECODER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bed_opus_decoder_finalize;
  decoder_class->decode = decoder_decode;
  decoder_class->decode_fec = decoder_decode_fec;
  decoder_class->conceal = decoder_conceal;
}

static void
bed_opus_decoder_init (BedOpusDecoder *self)
{
}

BedAudioDecoder *
bed_opus_decoder_new (GError **error)
{
  g_autoptr (BedOpusDecoder) self = g_object_new (BED_TYPE_OPUS_DECODER, NULL);
  int status;

  self->decoder = opus_decoder_create (RATE, 1, &status);
  if (status != OPUS_OK)
    {
      g_set_error (error, BED_CODEC_ERROR, BED_CODEC_ERROR_INIT, "opus: %s",
                   opus_strerror (status));
      return NULL;
    }
  return BED_AUDIO_DECODER (g_steal_pointer (&self));
}
