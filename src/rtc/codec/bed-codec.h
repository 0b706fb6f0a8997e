/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-video-frame.h"

G_BEGIN_DECLS

/* The seams to the codec libraries. Each object belongs to one thread at a time. */
#define BED_CODEC_ERROR (bed_codec_error_quark ())
GQuark bed_codec_error_quark (void);
typedef enum
{
  BED_CODEC_ERROR_INIT, /* the library refused to start */
  BED_CODEC_ERROR_ENCODE,
  BED_CODEC_ERROR_CORRUPT, /* foreign bytes that do not decode */
  BED_CODEC_ERROR_LIMIT, /* foreign bytes that ask for more than we allow */
} BedCodecError;

typedef struct
{
  GBytes *data; /* owned */
  gboolean key_frame;
  gint64 timestamp_us; /* of the frame it was made from */
  guint width, height;
} BedEncodedFrame;
void bed_encoded_frame_free (BedEncodedFrame *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedEncodedFrame, bed_encoded_frame_free)

#define BED_TYPE_VIDEO_ENCODER (bed_video_encoder_get_type ())
G_DECLARE_DERIVABLE_TYPE (BedVideoEncoder, bed_video_encoder, BED, VIDEO_ENCODER, GObject)
struct _BedVideoEncoderClass
{
  GObjectClass parent_class;
  BedEncodedFrame *(*encode) (BedVideoEncoder *self, BedVideoFrame *frame, gboolean key_frame,
                              GError **error);
  void (*set_bitrate) (BedVideoEncoder *self, guint bitrate);
};
/* key_frame: force one. Returns: (transfer full) (nullable): NULL without error when the rate
 * control dropped the frame. */
BedEncodedFrame *bed_video_encoder_encode (BedVideoEncoder *self, BedVideoFrame *frame,
                                           gboolean key_frame, GError **error);
/* bit/s; takes effect with the next frame. */
void bed_video_encoder_set_bitrate (BedVideoEncoder *self, guint bitrate);

#define BED_TYPE_VIDEO_DECODER (bed_video_decoder_get_type ())
G_DECLARE_DERIVABLE_TYPE (BedVideoDecoder, bed_video_decoder, BED, VIDEO_DECODER, GObject)
struct _BedVideoDecoderClass
{
  GObjectClass parent_class;
  BedVideoFrame *(*decode) (BedVideoDecoder *self, const guint8 *data, gsize length,
                            gint64 timestamp_us, GError **error);
};
/* Sizes over BED_VIDEO_FRAME_MAX_* are refused before anything is allocated.
 * timestamp_us is given to the frame. Returns: (transfer full) (nullable): NULL without error:
 * nothing to show. */
BedVideoFrame *bed_video_decoder_decode (BedVideoDecoder *self, const guint8 *data, gsize length,
                                         gint64 timestamp_us, GError **error);

#define BED_AUDIO_MAX_PACKET 1275 /* bytes of one Opus frame */
#define BED_TYPE_AUDIO_ENCODER (bed_audio_encoder_get_type ())
G_DECLARE_DERIVABLE_TYPE (BedAudioEncoder, bed_audio_encoder, BED, AUDIO_ENCODER, GObject)
struct _BedAudioEncoderClass
{
  GObjectClass parent_class;
  gssize (*encode) (BedAudioEncoder *self, const gint16 *samples, guint n_samples, guint8 *out,
                    gsize capacity, GError **error);
  void (*set_expected_loss) (BedAudioEncoder *self, guint percent);
};
/* n_samples: 960 (20 ms at 48 kHz, mono). Returns: bytes written, -1 with error. */
gssize bed_audio_encoder_encode (BedAudioEncoder *self, const gint16 *samples, guint n_samples,
                                 guint8 *out, gsize capacity, GError **error);
/* How much in-band FEC is worth: 0 to 100 %. */
void bed_audio_encoder_set_expected_loss (BedAudioEncoder *self, guint percent);

#define BED_AUDIO_MAX_SAMPLES 5760 /* 120 ms */
#define BED_TYPE_AUDIO_DECODER (bed_audio_decoder_get_type ())
G_DECLARE_DERIVABLE_TYPE (BedAudioDecoder, bed_audio_decoder, BED, AUDIO_DECODER, GObject)
struct _BedAudioDecoderClass
{
  GObjectClass parent_class;
  gssize (*decode) (BedAudioDecoder *self, const guint8 *data, gsize length, gint16 *out,
                    guint capacity, GError **error);
  gssize (*decode_fec) (BedAudioDecoder *self, const guint8 *data, gsize length, gint16 *out,
                        guint n_samples, GError **error);
  gssize (*conceal) (BedAudioDecoder *self, gint16 *out, guint n_samples, GError **error);
};
/* Mono at 48 kHz. Returns: samples written, -1 with error. */
gssize bed_audio_decoder_decode (BedAudioDecoder *self, const guint8 *data, gsize length,
                                 gint16 *out, guint capacity, GError **error);
/* The lost packet before `data`, out of data's in-band FEC (or concealment when it has none).
 * n_samples: what was lost, a multiple of 120 (2.5 ms), at most BED_AUDIO_MAX_SAMPLES. */
gssize bed_audio_decoder_decode_fec (BedAudioDecoder *self, const guint8 *data, gsize length,
                                     gint16 *out, guint n_samples, GError **error);
gssize bed_audio_decoder_conceal (BedAudioDecoder *self, gint16 *out, guint n_samples,
                                  GError **error);

/* VP8 by libvpx: real time, constant bitrate. A change of size makes a new encoder inside. bit/s.
 * Returns: (transfer full) */
BedVideoEncoder *bed_vp8_encoder_new (guint bitrate, guint max_framerate);
/* Returns: (transfer full) (nullable) */
BedVideoDecoder *bed_vp8_decoder_new (GError **error);
/* Opus: 48 kHz, mono, 20 ms, for speech, in-band FEC, no DTX. Returns: (transfer full) (nullable)
 */
BedAudioEncoder *bed_opus_encoder_new (guint bitrate, GError **error);
BedAudioDecoder *bed_opus_decoder_new (GError **error);

G_END_DECLS
