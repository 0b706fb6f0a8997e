/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-codec.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

static void
decode_video (BedVideoDecoder *decoder, const guint8 *data, gsize length)
{
  g_autoptr (BedVideoFrame) frame = bed_video_decoder_decode (decoder, data, length, 0, NULL);

  if (frame && (bed_video_frame_get_width (frame) > BED_VIDEO_FRAME_MAX_WIDTH
                || bed_video_frame_get_height (frame) > BED_VIDEO_FRAME_MAX_HEIGHT))
    abort ();
}

static void
decode_audio (BedAudioDecoder *decoder, const guint8 *data, gsize length)
{
  gint16 samples[BED_AUDIO_MAX_SAMPLES];

  if (bed_audio_decoder_decode_fec (decoder, data, length, samples, 960, NULL) > 960
      || bed_audio_decoder_decode (decoder, data, length, samples, G_N_ELEMENTS (samples), NULL)
           > (gssize) G_N_ELEMENTS (samples))
    abort ();
}

/* 'v' or 'a', then frames, each behind two bytes of length. */
int
LLVMFuzzerTestOneInput (const uint8_t *data, size_t size)
{
  g_autoptr (BedVideoDecoder) video = NULL;
  g_autoptr (BedAudioDecoder) audio = NULL;

  if (size < 1)
    return 0;
  if (data[0] == 'v')
    video = bed_vp8_decoder_new (NULL);
  else
    audio = bed_opus_decoder_new (NULL);
  for (gsize at = 1; at + 2 <= size;)
    {
      gsize length = MIN ((gsize) (data[at] << 8 | data[at + 1]), size - at - 2);
      g_autofree guint8 *frame = length ? g_memdup2 (data + at + 2, length) : g_new0 (guint8, 1);

      if (video)
        decode_video (video, frame, length);
      else
        decode_audio (audio, frame, length);
      at += 2 + length;
    }
  return 0;
}
