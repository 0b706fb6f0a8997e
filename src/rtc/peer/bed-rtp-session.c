/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-rtp-session-private.h"

#include <string.h>

#include "bed-audio-receiver-private.h"
#include "bed-bandwidth-estimator.h"
#include "bed-feedback-recorder.h"
#include "bed-media-sender-private.h"
#include "bed-video-receiver-private.h"

#define TICK_US 10000
#define REPORT_US G_USEC_PER_SEC
#define RATE_US 100000
#define KEY_FRAME_GAP_US 200000 /* what a peer may make the encoder do */
#define START_BITRATE 1500000
#define MIN_BITRATE 100000
#define MAX_BITRATE 3000000
#define PACE(target)                                                                               \
  ((target) / 3 * 5) /* times the pacer's 1.5: a key frame leaves at 2.5 times the target */
#define PROBE_MS 35
#define PROBE_WHILE_US 100000 /* after a picture: nothing of the camera goes out once it is off */
#define AUDIO_SHARE 60000 /* bit/s with headers */
#define HISTORY 1024
#define RTCP_ROOM 1200
#define MAX_NACKS 128

struct _BedRtpSession
{
  BedSdpAgreement agreement;
  BedRtpSessionHandlers handlers;
  gpointer user_data;
  char *cname;

  BedVideoEncodeWorker *encoder; /* owned */
  BedVideoDecodeWorker *decoder; /* owned */
  BedPacer *pacer; /* owned */
  BedBandwidthEstimator *estimator; /* owned */
  BedFeedbackRecorder *recorder; /* owned */
  BedAudioSender *audio_sender; /* owned */
  BedVideoSender *video_sender; /* owned */
  BedAudioReceiver *audio_receiver; /* owned */
  BedVideoReceiver *video_receiver; /* owned */
  BedLipSync lip_sync;

  gboolean open;
  gint64 next_tick_us, next_report_us, next_rate_us, last_key_frame_us, last_picture_us;
  guint target;
  guint32 feedback_ssrc; /* of the last packet that the recorder saw */
  guint64 pli_count, rtp_packets_received, bad_packets, unknown_packets, bad_rtcp;
};

static BedRtpSenderConfig
sender_config (const BedSdpAgreedMedia *agreed, BedRtpClass kind, guint32 ssrc, guint32 rtx_ssrc)
{
  BedRtpSenderConfig config = {
    .kind = kind,
    .ssrc = ssrc,
    .rtx_ssrc = agreed->rtx_payload_type != 0 ? rtx_ssrc : 0,
    .payload_type = agreed->payload_type,
    .rtx_payload_type = agreed->rtx_payload_type,
    .clock_rate = kind == BED_RTP_AUDIO ? BED_AUDIO_RATE : 90000,
    .history = kind == BED_RTP_VIDEO && agreed->nack ? HISTORY : 0,
    .mid_id = agreed->mid_id,
    .transport_cc_id = agreed->transport_cc ? agreed->transport_cc_id : 0,
    .audio_level_id = agreed->audio_level_id,
  };

  g_strlcpy (config.mid, agreed->mid, sizeof config.mid);
  return config;
}

BedRtpSession *
bed_rtp_session_new (const BedRtpSessionConfig *config, const BedSdpAgreement *agreement,
                     const BedRtpSessionHandlers *handlers, gpointer user_data, GError **error)
{
  g_autoptr (BedRtpSession) self = g_new0 (BedRtpSession, 1);
  BedRtpSenderConfig audio
      = sender_config (&agreement->audio, BED_RTP_AUDIO, config->audio_ssrc, 0);
  BedRtpSenderConfig video
    = sender_config (&agreement->video, BED_RTP_VIDEO, config->video_ssrc, config->video_rtx_ssrc);

  self->agreement = *agreement;
  self->handlers = *handlers;
  self->user_data = user_data;
  self->cname = g_strdup (config->cname);
  self->encoder = g_object_ref (config->encoder);
  self->decoder = g_object_ref (config->decoder);
  self->pacer = bed_pacer_new ();
  self->estimator = bed_bandwidth_estimator_new (START_BITRATE, MIN_BITRATE, MAX_BITRATE);
  self->recorder = bed_feedback_recorder_new ();
  self->target = START_BITRATE;
  bed_pacer_set_target (self->pacer, PACE (self->target));
  bed_lip_sync_init (&self->lip_sync);
  self->video_sender = bed_video_sender_new (&video, self->pacer);
  self->video_receiver
      = bed_video_receiver_new (self->decoder, &self->lip_sync, agreement->video.nack);
  self->audio_sender = bed_audio_sender_new (&audio, self->pacer, error);
  if (self->audio_sender == NULL)
    return NULL;
  self->audio_receiver = bed_audio_receiver_new (&self->lip_sync, error);
  return self->audio_receiver != NULL ? g_steal_pointer (&self) : NULL;
}

void
bed_rtp_session_free (BedRtpSession *self)
{
  g_clear_pointer (&self->audio_sender, bed_audio_sender_free);
  g_clear_pointer (&self->audio_receiver, bed_audio_receiver_free);
  g_clear_pointer (&self->video_sender, bed_video_sender_free);
  g_clear_pointer (&self->video_receiver, bed_video_receiver_free);
  bed_pacer_free (self->pacer);
  bed_bandwidth_estimator_free (self->estimator);
  bed_feedback_recorder_free (self->recorder);
  g_object_unref (self->encoder);
  g_object_unref (self->decoder);
  g_free (self->cname);
  g_free (self);
}

static gboolean
same_numbers (const BedSdpAgreedMedia *a, const BedSdpAgreedMedia *b)
{
  return a->active == b->active && a->payload_type == b->payload_type
         && a->receive_payload_type == b->receive_payload_type
         && a->rtx_payload_type == b->rtx_payload_type
         && a->receive_rtx_payload_type == b->receive_rtx_payload_type && a->mid_id == b->mid_id
         && a->audio_level_id == b->audio_level_id && a->transport_cc_id == b->transport_cc_id;
}

gboolean
bed_rtp_session_update (BedRtpSession *self, const BedSdpAgreement *agreement)
{
  if (!same_numbers (&self->agreement.audio, &agreement->audio)
      || !same_numbers (&self->agreement.video, &agreement->video))
    return FALSE;
  self->agreement = *agreement;
  return TRUE;
}

static void
ask_encoder (BedRtpSession *self, gint64 now_us)
{
  if (now_us - self->last_key_frame_us < KEY_FRAME_GAP_US)
    return;
  self->last_key_frame_us = now_us;
  bed_video_encode_worker_request_key_frame (self->encoder);
}

void
bed_rtp_session_set_open (BedRtpSession *self, gboolean open)
{
  if (self->open == open)
    return;
  self->open = open;
  if (open)
    bed_video_encode_worker_request_key_frame (self->encoder);
  else
    bed_pacer_clear (self->pacer);
}

void
bed_rtp_session_set_audio_sink (BedRtpSession *self, BedAudioSink *sink)
{
  bed_audio_receiver_set_sink (self->audio_receiver, sink);
}

static void
flush (BedRtpSession *self, gint64 now_us)
{
  BedRtpOutPacket *packet;

  while ((packet = bed_pacer_pop (self->pacer, now_us)) != NULL)
    {
      guint16 number = 0;
      if (packet->transport_sequence_at != 0 && packet->kind == BED_RTP_PADDING)
        number = bed_bandwidth_estimator_next_probe_packet (self->estimator, packet->length, now_us);
      else if (packet->transport_sequence_at != 0)
        number = bed_bandwidth_estimator_next_packet (self->estimator, packet->length, now_us);
      bed_rtp_out_packet_stamp (packet, number, now_us);
      self->handlers.send_rtp (packet->data, packet->length, sizeof packet->data, self->user_data);
      bed_rtp_out_packet_free (packet);
    }
}

void
bed_rtp_session_send_audio (BedRtpSession *self, const gint16 *samples, gint64 capture_us,
                            gint64 now_us)
{
  if (!self->open || !self->agreement.audio.send)
    return;
  bed_audio_sender_push (self->audio_sender, samples, capture_us, now_us);
  flush (self, now_us);
}

void
bed_rtp_session_send_video (BedRtpSession *self, const BedEncodedFrame *frame, gint64 now_us)
{
  if (!self->open || !self->agreement.video.send)
    return;
  self->last_picture_us = now_us;
  if (!bed_video_sender_push (self->video_sender, frame, now_us))
    ask_encoder (self, now_us);
  flush (self, now_us);
}

static void
note_arrival (BedRtpSession *self, const BedRtpPacket *packet, const BedSdpAgreedMedia *agreed,
              gint64 now_us)
{
  guint32 number;

  if (agreed->transport_cc_id == 0
      || !bed_rtp_packet_get_extension_uint (packet, agreed->transport_cc_id, 2, &number))
    return;
  self->feedback_ssrc = packet->ssrc;
  bed_feedback_recorder_push (self->recorder, (guint16) number, now_us);
}

/* RFC 9143 section 9.2: with our own payload types, each section has numbers of its own. */
void
bed_rtp_session_receive_rtp (BedRtpSession *self, const guint8 *data, gsize length, gint64 now_us)
{
  const BedSdpAgreedMedia *audio = &self->agreement.audio;
  const BedSdpAgreedMedia *video = &self->agreement.video;
  BedRtpPacket packet, original;

  if (bed_rtp_packet_parse (&packet, data, length) != BED_RTP_OK)
    {
      self->bad_packets++;
      return;
    }
  self->rtp_packets_received++;
  if (audio->receive && packet.payload_type == audio->receive_payload_type)
    {
      note_arrival (self, &packet, audio, now_us);
      bed_audio_receiver_push (self->audio_receiver, &packet, now_us);
    }
  else if (video->receive && packet.payload_type == video->receive_payload_type)
    {
      note_arrival (self, &packet, video, now_us);
      bed_video_receiver_push (self->video_receiver, &packet, FALSE, now_us);
    }
  else if (video->receive && video->receive_rtx_payload_type != 0
           && packet.payload_type == video->receive_rtx_payload_type)
    {
      note_arrival (self, &packet, video, now_us);
      if (bed_video_receiver_get_ssrc (self->video_receiver) != 0
          && bed_rtp_packet_unwrap_rtx (&packet, bed_video_receiver_get_ssrc (self->video_receiver),
                                        video->receive_payload_type, &original))
        bed_video_receiver_push (self->video_receiver, &original, TRUE, now_us);
    }
  else
    self->unknown_packets++;
}

typedef struct
{
  BedRtpSession *self;
  gint64 now_us, now_unix_us;
} Receiving;

static gint64
round_trip (BedRtpSession *self)
{
  BedRtpSenderStats stats;

  bed_rtp_sender_get_stats (bed_video_sender_get_rtp (self->video_sender), &stats);
  if (stats.round_trip_us < 0)
    bed_rtp_sender_get_stats (bed_audio_sender_get_rtp (self->audio_sender), &stats);
  return stats.round_trip_us;
}

static void
handle_report_block (BedRtpSession *self, const BedRtcpItem *item, const Receiving *receiving)
{
  BedRtpSender *video = bed_video_sender_get_rtp (self->video_sender);
  BedRtpSender *audio = bed_audio_sender_get_rtp (self->audio_sender);
  const BedRtcpReportBlock *block = &item->report_block;

  bed_rtp_sender_handle_report_block (video, block, receiving->now_unix_us);
  bed_rtp_sender_handle_report_block (audio, block, receiving->now_unix_us);
  if (block->ssrc == bed_rtp_sender_get_ssrc (audio))
    bed_audio_sender_set_expected_loss (self->audio_sender, block->fraction_lost / 256.0);
  if (block->ssrc == bed_rtp_sender_get_ssrc (video) && !self->agreement.video.transport_cc)
    bed_bandwidth_estimator_handle_report (self->estimator, block->fraction_lost, round_trip (self),
                                           receiving->now_us);
}

static void
handle_feedback (BedRtpSession *self, const BedRtcpItem *item, gint64 now_us)
{
  BedTransportFeedback feedback;

  if (bed_transport_feedback_parse (&feedback, item->feedback.data, item->feedback.length))
    bed_bandwidth_estimator_handle_feedback (self->estimator, &feedback, now_us);
  else
    self->bad_rtcp++;
}

static void
on_rtcp_item (const BedRtcpItem *item, gpointer user_data)
{
  const Receiving *receiving = user_data;
  BedRtpSession *self = receiving->self;
  guint32 video_ssrc = bed_rtp_sender_get_ssrc (bed_video_sender_get_rtp (self->video_sender));
  guint16 sequences[17];

  switch (item->kind)
    {
    case BED_RTCP_SENDER_REPORT:
      bed_audio_receiver_handle_sender_report (self->audio_receiver, &item->sender_report,
                                               receiving->now_us);
      bed_video_receiver_handle_sender_report (self->video_receiver, &item->sender_report,
                                               receiving->now_us);
      break;
    case BED_RTCP_REPORT_BLOCK:
      handle_report_block (self, item, receiving);
      break;
    case BED_RTCP_NACK:
      if (item->media_ssrc == video_ssrc && self->open)
        bed_video_sender_retransmit (self->video_sender, sequences,
                                     bed_rtcp_nack_expand (item, sequences), receiving->now_us);
      break;
    case BED_RTCP_PLI:
    case BED_RTCP_FIR:
      if (item->media_ssrc == video_ssrc)
        ask_encoder (self, receiving->now_us);
      break;
    case BED_RTCP_REMB:
      bed_bandwidth_estimator_handle_remb (self->estimator, item->remb.bitrate, receiving->now_us);
      break;
    case BED_RTCP_TRANSPORT_FEEDBACK:
      handle_feedback (self, item, receiving->now_us);
      break;
    case BED_RTCP_CNAME:
    case BED_RTCP_BYE:
    default:
      break;
    }
}

void
bed_rtp_session_receive_rtcp (BedRtpSession *self, const guint8 *packet, gsize length,
                              gint64 now_us, gint64 now_unix_us)
{
  Receiving receiving = { self, now_us, now_unix_us };

  if (bed_rtcp_parse (packet, length, on_rtcp_item, &receiving) != BED_RTCP_OK)
    self->bad_rtcp++;
}

void
bed_rtp_session_decoder_failed (BedRtpSession *self)
{
  bed_video_receiver_decoder_failed (self->video_receiver);
}

/* RTCP. A report comes first in a compound packet; reduced size leaves it out where both sides know
 * it. */
static guint32
own_ssrc (BedRtpSession *self)
{
  return self->agreement.video.active
             ? bed_rtp_sender_get_ssrc (bed_video_sender_get_rtp (self->video_sender))
             : bed_rtp_sender_get_ssrc (bed_audio_sender_get_rtp (self->audio_sender));
}

static void
send_rtcp (BedRtpSession *self, guint8 *buffer, BedByteWriter *writer, gsize capacity)
{
  if (!bed_byte_writer_failed (writer) && bed_byte_writer_get_length (writer) > 0)
    self->handlers.send_rtcp (buffer, bed_byte_writer_get_length (writer), capacity,
                              self->user_data);
}

static void
begin_feedback (BedRtpSession *self, BedByteWriter *writer)
{
  if (self->agreement.video.reduced_size)
    return;
  bed_rtcp_write_receiver_report (writer, own_ssrc (self), NULL, 0);
  bed_rtcp_write_sdes (writer, own_ssrc (self), self->cname);
}

static void
send_requests (BedRtpSession *self, gint64 now_us)
{
  guint8 buffer[RTCP_ROOM + 100];
  guint16 missing[MAX_NACKS];
  gint64 rtt = round_trip (self);
  guint32 media = bed_video_receiver_get_ssrc (self->video_receiver);
  guint n = bed_video_receiver_poll_nack (self->video_receiver, now_us, rtt, missing, MAX_NACKS);
  gboolean pli = self->agreement.video.pli
                 && bed_video_receiver_wants_key_frame (self->video_receiver, now_us, rtt);
  BedByteWriter writer;

  if (n == 0 && !pli)
    return;
  bed_byte_writer_init (&writer, buffer, RTCP_ROOM);
  begin_feedback (self, &writer);
  if (n > 0)
    bed_rtcp_write_nack (&writer, own_ssrc (self), media, missing, n);
  if (pli)
    {
      bed_rtcp_write_pli (&writer, own_ssrc (self), media);
      self->pli_count++;
    }
  send_rtcp (self, buffer, &writer, sizeof buffer);
}

static void
send_transport_feedback (BedRtpSession *self, gint64 now_us)
{
  guint8 buffer[RTCP_ROOM + 100];
  BedByteWriter writer;

  for (guint i = 0; i < 8; i++)
    {
      bed_byte_writer_init (&writer, buffer, RTCP_ROOM);
      begin_feedback (self, &writer);
      if (!bed_feedback_recorder_write (self->recorder, now_us, own_ssrc (self),
                                        self->feedback_ssrc, &writer))
        return;
      send_rtcp (self, buffer, &writer, sizeof buffer);
    }
}

static void
write_report (BedRtpSession *self, BedByteWriter *writer, BedRtpSender *sender,
              BedRtpReceiver *receiver, gint64 now_us, gint64 now_unix_us)
{
  BedRtcpReportBlock block;
  BedRtcpSenderReport report;
  guint n
      = receiver != NULL && bed_rtp_receiver_make_report_block (receiver, now_us, &block) ? 1 : 0;

  if (bed_rtp_sender_make_report (sender, now_us, now_unix_us, &report))
    bed_rtcp_write_sender_report (writer, &report, &block, n);
  else if (n > 0)
    bed_rtcp_write_receiver_report (writer, bed_rtp_sender_get_ssrc (sender), &block, n);
  else if (sender == bed_video_sender_get_rtp (self->video_sender)
           && bed_byte_writer_get_length (writer) == 0)
    bed_rtcp_write_receiver_report (writer, bed_rtp_sender_get_ssrc (sender), NULL, 0);
  else
    return;
  bed_rtcp_write_sdes (writer, bed_rtp_sender_get_ssrc (sender), self->cname);
}

static void
send_reports (BedRtpSession *self, gint64 now_us, gint64 now_unix_us)
{
  guint8 buffer[RTCP_ROOM + 100];
  BedByteWriter writer;

  bed_byte_writer_init (&writer, buffer, RTCP_ROOM);
  write_report (self, &writer, bed_video_sender_get_rtp (self->video_sender),
                bed_video_receiver_get_receiver (self->video_receiver), now_us, now_unix_us);
  write_report (self, &writer, bed_audio_sender_get_rtp (self->audio_sender),
                bed_audio_receiver_get_receiver (self->audio_receiver), now_us, now_unix_us);
  send_rtcp (self, buffer, &writer, sizeof buffer);
}

static void
update_rate (BedRtpSession *self, gint64 now_us)
{
  guint target = bed_bandwidth_estimator_get_target (self->estimator, now_us);

  self->target = target;
  bed_pacer_set_target (self->pacer, PACE (target));
  bed_video_encode_worker_set_bitrate (
      self->encoder, target > MIN_BITRATE + AUDIO_SHARE ? target - AUDIO_SHARE : MIN_BITRATE);
}

/* Small pictures fill no path: whether larger ones may be sent is found out by a few packets at the
 * pacer's rate, which is more than the target. */
static void
probe (BedRtpSession *self, gint64 now_us)
{
  guint n;

  if (!self->agreement.video.transport_cc || !self->agreement.video.send
      || now_us - self->last_picture_us > PROBE_WHILE_US
      || !bed_bandwidth_estimator_wants_probe (self->estimator, START_BITRATE, now_us))
    return;
  n = bed_video_sender_pad (self->video_sender,
                            (gsize) PACE (self->target) * 3 / 2 / 8 * PROBE_MS / 1000, now_us);
  bed_bandwidth_estimator_begin_probe (self->estimator, n, now_us);
}

static void
tick (BedRtpSession *self, gint64 now_us, gint64 now_unix_us)
{
  bed_audio_receiver_play (self->audio_receiver, now_us);
  if (!self->open)
    return;
  send_requests (self, now_us);
  send_transport_feedback (self, now_us);
  if (now_us >= self->next_report_us)
    {
      self->next_report_us = now_us + g_random_int_range (REPORT_US / 2, REPORT_US * 3 / 2);
      send_reports (self, now_us, now_unix_us);
    }
  if (now_us >= self->next_rate_us)
    {
      self->next_rate_us = now_us + RATE_US;
      update_rate (self, now_us);
      probe (self, now_us);
    }
}

gint64
bed_rtp_session_run (BedRtpSession *self, gint64 now_us, gint64 now_unix_us)
{
  if (now_us >= self->next_tick_us)
    {
      self->next_tick_us = MAX (self->next_tick_us + TICK_US, now_us - TICK_US);
      tick (self, now_us, now_unix_us);
    }
  if (self->open)
    flush (self, now_us);
  return MIN (MAX (self->next_tick_us, now_us), bed_pacer_get_next_us (self->pacer, now_us));
}

void
bed_rtp_session_say_bye (BedRtpSession *self)
{
  guint32 ssrcs[2] = { bed_rtp_sender_get_ssrc (bed_audio_sender_get_rtp (self->audio_sender)),
                       bed_rtp_sender_get_ssrc (bed_video_sender_get_rtp (self->video_sender)) };
  guint8 buffer[256];
  BedByteWriter writer;

  if (!self->open)
    return;
  bed_byte_writer_init (&writer, buffer, sizeof buffer - 64);
  bed_rtcp_write_receiver_report (&writer, own_ssrc (self), NULL, 0);
  bed_rtcp_write_sdes (&writer, own_ssrc (self), self->cname);
  bed_rtcp_write_bye (&writer, ssrcs, G_N_ELEMENTS (ssrcs));
  send_rtcp (self, buffer, &writer, sizeof buffer);
}

static void
add_receiver (BedPeerStats *stats, BedRtpReceiver *receiver, gboolean audio)
{
  BedRtpReceiverStats from;

  if (receiver == NULL)
    return;
  bed_rtp_receiver_get_stats (receiver, &from);
  stats->packets_lost += from.packets_lost;
  stats->fraction_lost = MAX (stats->fraction_lost, from.fraction_lost);
  stats->nack_count += from.nacks_sent;
  if (audio)
    {
      stats->jitter_ms = from.jitter_ms;
      stats->audio_packets_received = from.packets_received;
    }
}

void
bed_rtp_session_get_stats (BedRtpSession *self, BedPeerStats *stats)
{
  BedFrameAssemblerStats assembler;
  BedVideoDecodeStats decoder;
  BedJitterStats jitter;
  gint64 rtt = round_trip (self);

  add_receiver (stats, bed_audio_receiver_get_receiver (self->audio_receiver), TRUE);
  add_receiver (stats, bed_video_receiver_get_receiver (self->video_receiver), FALSE);
  bed_video_receiver_get_stats (self->video_receiver, &assembler);
  bed_video_decode_worker_get_stats (self->decoder, &decoder);
  bed_audio_receiver_get_stats (self->audio_receiver, &jitter);
  stats->rtp_packets_received = self->rtp_packets_received;
  stats->round_trip_time_ms = rtt < 0 ? -1 : rtt / 1000.0;
  stats->frames_sent = bed_video_sender_get_frames (self->video_sender);
  stats->frames_received = assembler.frames;
  stats->frames_decoded = decoder.frames_decoded;
  stats->frames_dropped = decoder.frames_dropped + assembler.dropped_frames;
  stats->key_frames_decoded = decoder.key_frames;
  stats->frame_width = decoder.width;
  stats->frame_height = decoder.height;
  stats->pli_count = self->pli_count;
  stats->concealed_samples = jitter.concealed_samples;
  stats->total_samples_received = jitter.total_samples;
  stats->target_bitrate = self->target;
}
