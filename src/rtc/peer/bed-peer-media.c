/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Between a peer connection and the threads of its codecs, sources and sinks. */
#include "bed-peer-connection-private.h"

#define START_BITRATE 1500000
#define FRAMERATE 30
#define MAX_POSTED_FRAMES 30

/* Media threads. Each message holds a reference; close joins the threads first. */
typedef struct
{
  BedPeerConnection *self;
  BedEncodedFrame *frame;
} PostedFrame;

static void
posted_frame_free (gpointer data)
{
  PostedFrame *posted = data;

  g_atomic_int_add (&posted->self->posted_frames, -1);
  bed_encoded_frame_free (posted->frame);
  g_object_unref (posted->self);
  g_free (posted);
}

static void
send_frame (gpointer data)
{
  PostedFrame *posted = data;
  BedPeerConnection *self = posted->self;

  if (self->session == NULL || self->closed || self->failed)
    return;
  bed_rtp_session_send_video (self->session, posted->frame, bed_peer_now (self));
  bed_peer_schedule (self, bed_peer_now (self));
}

static void
on_encoded (BedEncodedFrame *frame, gpointer user_data)
{
  BedPeerConnection *self = user_data;
  PostedFrame *posted;

  if (g_atomic_int_add (&self->posted_frames, 1) >= MAX_POSTED_FRAMES)
    {
      g_atomic_int_add (&self->posted_frames, -1);
      bed_encoded_frame_free (frame);
      bed_video_encode_worker_request_key_frame (self->encoder);
      return;
    }
  posted = g_new (PostedFrame, 1);
  posted->self = g_object_ref (self);
  posted->frame = frame;
  bed_network_thread_post (self->thread, send_frame, posted, posted_frame_free);
}

typedef struct
{
  BedPeerConnection *self; /* owned */
  GError *error;           /* owned */
} PostedError;

static void
posted_error_free (gpointer data)
{
  PostedError *posted = data;

  g_object_unref (posted->self);
  g_error_free (posted->error);
  g_free (posted);
}

static void
report_posted (gpointer data)
{
  PostedError *posted = data;

  bed_peer_report (posted->self, posted->error);
}

static void
on_encode_failed (const GError *error, gpointer user_data)
{
  BedPeerConnection *self = user_data;
  PostedError *posted = g_new (PostedError, 1);

  posted->self = g_object_ref (self);
  posted->error = g_error_copy (error);
  bed_network_thread_post (self->thread, report_posted, posted, posted_error_free);
}

static void
handle_decode_failed (gpointer data)
{
  BedPeerConnection *self = data;

  if (self->session != NULL && !self->closed)
    bed_rtp_session_decoder_failed (self->session);
}

static void
on_decode_failed (gpointer user_data)
{
  BedPeerConnection *self = user_data;

  bed_network_thread_post (self->thread, handle_decode_failed, g_object_ref (self), g_object_unref);
}

static void
emit_first_frame (gpointer data)
{
  BedPeerConnection *self = data;

  if (!self->closed)
    g_signal_emit (self, bed_peer_signals[BED_PEER_SIGNAL_FIRST_FRAME], 0);
}

static void
on_first_frame (gpointer user_data)
{
  BedPeerConnection *self = user_data;

  bed_network_thread_post (self->thread, emit_first_frame, g_object_ref (self), g_object_unref);
}

static void
on_audio (const gint16 *samples, gint64 capture_us, gpointer user_data)
{
  BedPeerConnection *self = user_data;

  if (self->session != NULL && !self->closed && !self->failed)
    bed_rtp_session_send_audio (self->session, samples, capture_us, bed_peer_now (self));
}

BedVideoSink *
bed_peer_connection_get_video_input (BedPeerConnection *self)
{
  return BED_VIDEO_SINK (self->encoder);
}

BedAudioSink *
bed_peer_connection_get_audio_input (BedPeerConnection *self)
{
  return BED_AUDIO_SINK (self->audio_input);
}

void
bed_peer_connection_set_video_sink (BedPeerConnection *self, BedVideoSink *sink)
{
  bed_video_output_set_sink (self->video_output, sink);
}

void
bed_peer_connection_set_audio_sink (BedPeerConnection *self, BedAudioSink *sink)
{
  g_set_object (&self->audio_sink, sink);
  if (self->session != NULL)
    bed_rtp_session_set_audio_sink (self->session, sink);
}

gboolean
bed_peer_make_workers (BedPeerConnection *self, GError **error)
{
  BedClock *clock = bed_network_thread_get_clock (self->thread);
  BedVideoDecoder *decoder = bed_vp8_decoder_new (error);

  if (decoder == NULL)
    return FALSE;
  self->encoder
      = bed_video_encode_worker_new (clock, bed_vp8_encoder_new (START_BITRATE, FRAMERATE),
                                     START_BITRATE, FRAMERATE, on_encoded, on_encode_failed, self);
  self->decoder = bed_video_decode_worker_new (clock, decoder, on_decode_failed, self);
  self->video_output = bed_video_output_new (on_first_frame, self);
  bed_video_decode_worker_set_sink (self->decoder, BED_VIDEO_SINK (self->video_output));
  self->audio_input = bed_audio_input_new (self->thread, on_audio, self);
  return TRUE;
}
