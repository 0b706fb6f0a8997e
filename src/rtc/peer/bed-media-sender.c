/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-media-sender-private.h"

#include "bed-time-stretch.h"
#include "bed-vp8-payload.h"

#define AUDIO_FRAME 960
#define AUDIO_BITRATE 40000
#define MIN_PADDING 6 /* packets */
#define MAX_PADDING 24
#define AUDIO_RESYNC 4800 /* samples (100 ms) that the source's clock may be away from ours */

struct _BedAudioSender
{
  BedRtpSender *rtp; /* owned */
  BedAudioEncoder *encoder; /* owned */
  BedPacer *pacer; /* borrowed */
  gboolean started;
  guint32 next_timestamp;
  guint64 errors;
};

BedAudioSender *
bed_audio_sender_new (const BedRtpSenderConfig *config, BedPacer *pacer, GError **error)
{
  BedAudioEncoder *encoder = bed_opus_encoder_new (AUDIO_BITRATE, error);
  BedAudioSender *self;

  if (encoder == NULL)
    return NULL;
  self = g_new0 (BedAudioSender, 1);
  self->encoder = encoder;
  self->rtp = bed_rtp_sender_new (config);
  self->pacer = pacer;
  return self;
}

void
bed_audio_sender_free (BedAudioSender *self)
{
  bed_rtp_sender_free (self->rtp);
  g_object_unref (self->encoder);
  g_free (self);
}

/* Counts on by samples; only a gap (mute, another device) makes it follow the capture time anew. */
static guint32
choose_timestamp (BedAudioSender *self, gint64 capture_us, gboolean *gap)
{
  guint32 wanted = bed_rtp_sender_timestamp_at (self->rtp, capture_us);
  gint32 away = (gint32) (wanted - self->next_timestamp);
  guint32 chosen = self->next_timestamp;

  *gap = !self->started || ABS (away) > AUDIO_RESYNC;
  if (*gap)
    chosen = wanted;
  self->started = TRUE;
  self->next_timestamp = chosen + AUDIO_FRAME;
  return chosen;
}

void
bed_audio_sender_push (BedAudioSender *self, const gint16 *samples, gint64 capture_us,
                       gint64 now_us)
{
  guint8 payload[BED_AUDIO_MAX_PACKET];
  gboolean gap;
  guint32 timestamp = choose_timestamp (self, capture_us, &gap);
  gssize length = bed_audio_encoder_encode (self->encoder, samples, AUDIO_FRAME, payload,
                                            sizeof payload, NULL);
  BedRtpOutPacket *packet = NULL;

  if (length > 0)
    packet = bed_rtp_sender_make (self->rtp, payload, (gsize) length, gap, timestamp, capture_us,
                                  bed_audio_level (samples, AUDIO_FRAME));
  if (packet != NULL)
    bed_pacer_push (self->pacer, packet, now_us);
  else
    self->errors++;
}

void
bed_audio_sender_set_expected_loss (BedAudioSender *self, double fraction)
{
  bed_audio_encoder_set_expected_loss (self->encoder, (guint) CLAMP (fraction * 100 + 0.5, 5, 40));
}

BedRtpSender *
bed_audio_sender_get_rtp (BedAudioSender *self)
{
  return self->rtp;
}

struct _BedVideoSender
{
  BedRtpSender *rtp; /* owned */
  BedPacer *pacer; /* borrowed */
  guint16 picture_id;
  guint64 frames;
};

BedVideoSender *
bed_video_sender_new (const BedRtpSenderConfig *config, BedPacer *pacer)
{
  BedVideoSender *self = g_new0 (BedVideoSender, 1);

  self->rtp = bed_rtp_sender_new (config);
  self->pacer = pacer;
  self->picture_id = (guint16) (g_random_int () & 0x7fff);
  return self;
}

void
bed_video_sender_free (BedVideoSender *self)
{
  bed_rtp_sender_free (self->rtp);
  g_free (self);
}

gboolean
bed_video_sender_push (BedVideoSender *self, const BedEncodedFrame *frame, gint64 now_us)
{
  guint32 timestamp = bed_rtp_sender_timestamp_at (self->rtp, frame->timestamp_us);
  guint8 payload[BED_RTP_MAX_PAYLOAD];
  BedVp8Packetiser packetiser;
  gsize frame_length, length;
  const guint8 *data = g_bytes_get_data (frame->data, &frame_length);
  gboolean last;

  bed_vp8_packetiser_init (&packetiser, data, frame_length, self->picture_id, sizeof payload);
  self->picture_id = (self->picture_id + 1) & 0x7fff;
  while ((length = bed_vp8_packetiser_next (&packetiser, payload, sizeof payload, &last)) > 0)
    {
      BedRtpOutPacket *packet = bed_rtp_sender_make (self->rtp, payload, length, last, timestamp,
                                                     frame->timestamp_us, -1);
      if (packet == NULL || !bed_pacer_push (self->pacer, packet, now_us))
        return FALSE;
    }
  self->frames++;
  return TRUE;
}

void
bed_video_sender_retransmit (BedVideoSender *self, const guint16 *sequences, guint n_sequences,
                             gint64 now_us)
{
  for (guint i = 0; i < n_sequences; i++)
    {
      BedRtpOutPacket *packet = bed_rtp_sender_retransmit (self->rtp, sequences[i], now_us);
      if (packet != NULL)
        bed_pacer_push (self->pacer, packet, now_us);
    }
}

guint
bed_video_sender_pad (BedVideoSender *self, gsize bytes, gint64 now_us)
{
  guint n = 0;

  for (gsize made = 0; n < MAX_PADDING && (made < bytes || n < MIN_PADDING); n++)
    {
      BedRtpOutPacket *packet = bed_rtp_sender_make_padding (self->rtp, n);

      if (packet == NULL)
        break;
      made += packet->length;
      if (!bed_pacer_push (self->pacer, packet, now_us))
        break;
    }
  return n;
}

guint64
bed_video_sender_get_frames (BedVideoSender *self)
{
  return self->frames;
}

BedRtpSender *
bed_video_sender_get_rtp (BedVideoSender *self)
{
  return self->rtp;
}
