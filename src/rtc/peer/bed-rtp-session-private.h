/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-media.h"
#include "bed-offer-answer.h"
#include "bed-peer-stats.h"
#include "bed-rtp-sender.h"
#include "bed-video-decode-worker.h"
#include "bed-video-encode-worker.h"

G_BEGIN_DECLS

/* Everything RTP of one connection: two senders, two receivers, pacing, bandwidth, RTCP (RFC 3550,
 * 4585, 5104, 5506, 8834). Knows nothing of sockets or keys. Network thread; time handed in.
 */
typedef struct _BedRtpSession BedRtpSession;

typedef struct
{
  guint32 audio_ssrc, video_ssrc, video_rtx_ssrc;
  const char *cname; /* borrowed during construction */
  BedVideoEncodeWorker *encoder; /* referenced */
  BedVideoDecodeWorker *decoder; /* referenced */
} BedRtpSessionConfig;

typedef struct
{
  /* Borrowed; protect in place. FALSE when it did not leave. */
  gboolean (*send_rtp) (guint8 *packet, gsize length, gsize capacity, gpointer user_data);
  gboolean (*send_rtcp) (guint8 *packet, gsize length, gsize capacity, gpointer user_data);
} BedRtpSessionHandlers;

/* Returns: (transfer full) (nullable): NULL when Opus does not start */
BedRtpSession *
bed_rtp_session_new (const BedRtpSessionConfig *config, const BedSdpAgreement *agreement,
                     const BedRtpSessionHandlers *handlers, gpointer user_data, GError **error);
void bed_rtp_session_free (BedRtpSession *self);
/* A later exchange: directions may change, numbers may not. */
gboolean bed_rtp_session_update (BedRtpSession *self, const BedSdpAgreement *agreement);
/* Shut: nothing is made, what waits is thrown away. Opening asks the encoder for a key frame. */
void bed_rtp_session_set_open (BedRtpSession *self, gboolean open);
void bed_rtp_session_set_audio_sink (BedRtpSession *self, BedAudioSink *sink);
/* 960 samples. */
void bed_rtp_session_send_audio (BedRtpSession *self, const gint16 *samples, gint64 capture_us,
                                 gint64 now_us);
void bed_rtp_session_send_video (BedRtpSession *self, const BedEncodedFrame *frame, gint64 now_us);
/* Authentic packets of the peer. now_unix_us: the same moment. */
void bed_rtp_session_receive_rtp (BedRtpSession *self, const guint8 *packet, gsize length,
                                  gint64 now_us);
void bed_rtp_session_receive_rtcp (BedRtpSession *self, const guint8 *packet, gsize length,
                                   gint64 now_us, gint64 now_unix_us);
void bed_rtp_session_decoder_failed (BedRtpSession *self);
/* Timers. Returns: when to call again, µs. */
gint64 bed_rtp_session_run (BedRtpSession *self, gint64 now_us, gint64 now_unix_us);
/* RTCP BYE for our streams (RFC 3550 6.6). */
void bed_rtp_session_say_bye (BedRtpSession *self);
/* Adds what it knows. */
void bed_rtp_session_get_stats (BedRtpSession *self, BedPeerStats *stats);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedRtpSession, bed_rtp_session_free)

G_END_DECLS
