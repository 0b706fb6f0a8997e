/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-offer-answer.h"

#include <string.h>

#define OPUS_PARAMETERS "minptime=10;useinbandfec=1"
#define SCTP_PORT 5000

enum
{
  PT_OPUS = 111,
  PT_VP8 = 96,
  PT_RTX = 97,
};

enum
{
  ID_AUDIO_LEVEL = 1,
  ID_TRANSPORT_CC = 3,
  ID_MID = 4,
};

static void
set_error (GError **error, BedSdpError code, const char *message)
{
  g_set_error_literal (error, BED_SDP_ERROR, code, message);
}

static BedSessionDescription *
make_description (const BedSdpLocal *local, BedSdpSetup setup)
{
  BedSessionDescription *self = bed_session_description_new ();

  self->session_id = local->session_id;
  self->version = local->version;
  self->trickle = TRUE;
  self->ice_ufrag = g_strdup (local->ice_ufrag);
  self->ice_pwd = g_strdup (local->ice_pwd);
  memcpy (self->fingerprint, local->fingerprint, sizeof self->fingerprint);
  self->setup = setup;
  self->tls_id = g_strdup (local->tls_id);
  return self;
}

static BedSdpMedia *
add_media (BedSessionDescription *self, BedSdpMediaKind kind, const char *name, const char *mid)
{
  BedSdpMedia *media = bed_sdp_media_new ();

  media->kind = kind;
  media->kind_name = g_strdup (name);
  media->mid = g_strdup (mid);
  media->port = 9;
  media->rtcp_mux = kind != BED_SDP_APPLICATION;
  media->rtcp_reduced_size = kind != BED_SDP_APPLICATION;
  media->protocol = g_strdup (kind == BED_SDP_APPLICATION ? "UDP/DTLS/SCTP" : "UDP/TLS/RTP/SAVPF");
  media->formats = g_strdup (kind == BED_SDP_APPLICATION ? "webrtc-datachannel" : "");
  g_ptr_array_add (self->media, media);
  return media;
}

static void
add_source (BedSdpMedia *media, const BedSdpLocal *local, const char *track, guint32 ssrc,
            guint32 rtx_ssrc)
{
  media->msid_stream = g_strdup (local->stream_id);
  media->msid_track = g_strdup (track);
  media->cname = g_strdup (local->cname);
  media->ssrc = ssrc;
  media->rtx_ssrc = rtx_ssrc;
}

static void
add_opus (BedSdpMedia *media, guint8 payload_type)
{
  BedSdpCodec *opus = bed_sdp_media_add_codec (media, payload_type, "opus", 48000, 2);

  opus->parameters = g_strdup (OPUS_PARAMETERS);
  opus->transport_cc = TRUE;
}

static void
add_vp8 (BedSdpMedia *media, guint8 payload_type)
{
  BedSdpCodec *vp8 = bed_sdp_media_add_codec (media, payload_type, "VP8", 90000, 1);

  vp8->nack = vp8->pli = vp8->fir = vp8->remb = vp8->transport_cc = TRUE;
}

static void
add_rtx (BedSdpMedia *media, guint8 payload_type, guint8 of)
{
  BedSdpCodec *rtx = bed_sdp_media_add_codec (media, payload_type, "rtx", 90000, 1);

  rtx->parameters = g_strdup_printf ("apt=%u", of);
}

BedSessionDescription *
bed_sdp_make_offer (const BedSdpLocal *local)
{
  BedSessionDescription *self = make_description (local, BED_SDP_SETUP_ACTPASS);
  BedSdpMedia *audio = add_media (self, BED_SDP_AUDIO, "audio", "0");
  BedSdpMedia *video = add_media (self, BED_SDP_VIDEO, "video", "1");
  BedSdpMedia *application = add_media (self, BED_SDP_APPLICATION, "application", "2");

  bed_sdp_media_add_extension (audio, ID_AUDIO_LEVEL, BED_SDP_EXTENSION_AUDIO_LEVEL);
  bed_sdp_media_add_extension (audio, ID_TRANSPORT_CC, BED_SDP_EXTENSION_TRANSPORT_CC);
  bed_sdp_media_add_extension (audio, ID_MID, BED_SDP_EXTENSION_MID);
  add_opus (audio, PT_OPUS);
  add_source (audio, local, local->audio_track_id, local->audio_ssrc, 0);
  bed_sdp_media_add_extension (video, ID_TRANSPORT_CC, BED_SDP_EXTENSION_TRANSPORT_CC);
  bed_sdp_media_add_extension (video, ID_MID, BED_SDP_EXTENSION_MID);
  add_vp8 (video, PT_VP8);
  add_rtx (video, PT_RTX, PT_VP8);
  add_source (video, local, local->video_track_id, local->video_ssrc, local->video_rtx_ssrc);
  application->sctp_port = SCTP_PORT;
  application->max_message_size = local->max_message_size;
  return self;
}

/* The feedback that both of us know: the offer's, less what it does not have (RFC 4585 section 4).
 */
static void
keep_feedback (BedSdpCodec *answer, const BedSdpCodec *offer)
{
  answer->nack &= offer->nack;
  answer->pli &= offer->pli;
  answer->fir &= offer->fir;
  answer->remb &= offer->remb;
  answer->transport_cc &= offer->transport_cc;
}

static const BedSdpCodec *
find_main_codec (const BedSdpMedia *media)
{
  return media->kind == BED_SDP_AUDIO ? bed_sdp_media_find_codec (media, "opus", 48000)
                                      : bed_sdp_media_find_codec (media, "VP8", 90000);
}

static void
answer_extensions (BedSdpMedia *answer, const BedSdpMedia *offer)
{
  static const char *const known[] = { BED_SDP_EXTENSION_AUDIO_LEVEL,
                                       BED_SDP_EXTENSION_TRANSPORT_CC, BED_SDP_EXTENSION_MID };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      guint8 id = bed_sdp_media_get_extension_id (offer, known[i]);
      if (id != 0)
        bed_sdp_media_add_extension (answer, id, known[i]);
    }
}

static void
answer_rtp (BedSdpMedia *answer, const BedSdpMedia *offer, const BedSdpLocal *local)
{
  const BedSdpCodec *offered = find_main_codec (offer);
  const BedSdpCodec *rtx = bed_sdp_media_find_rtx (offer, offered->payload_type);
  gboolean audio = offer->kind == BED_SDP_AUDIO;

  answer_extensions (answer, offer);
  if (audio)
    add_opus (answer, offered->payload_type);
  else
    add_vp8 (answer, offered->payload_type);
  keep_feedback (g_ptr_array_index (answer->codecs, 0), offered);
  if (!audio && rtx != NULL)
    add_rtx (answer, rtx->payload_type, offered->payload_type);
  answer->rtcp_reduced_size = offer->rtcp_reduced_size;
  /* The other side's "I send" is our "I receive". */
  answer->direction = (offer->direction & BED_SDP_SENDONLY ? BED_SDP_RECVONLY : 0)
                      | (offer->direction & BED_SDP_RECVONLY ? BED_SDP_SENDONLY : 0);
  if (answer->direction & BED_SDP_SENDONLY)
    add_source (answer, local, audio ? local->audio_track_id : local->video_track_id,
                audio ? local->audio_ssrc : local->video_ssrc,
                audio || rtx == NULL ? 0 : local->video_rtx_ssrc);
}

static void
reject (BedSdpMedia *answer, const BedSdpMedia *offer)
{
  answer->port = 0;
  g_free (answer->protocol);
  g_free (answer->formats);
  answer->protocol = g_strdup (offer->protocol);
  answer->formats = g_strdup (offer->formats);
}

static gboolean
can_answer (const BedSessionDescription *answer, const BedSdpMedia *offer)
{
  if (bed_sdp_media_is_rejected (offer) || offer->kind == BED_SDP_OTHER
      || bed_session_description_get_media (answer, offer->kind) != NULL)
    return FALSE;
  return offer->kind == BED_SDP_APPLICATION || find_main_codec (offer) != NULL;
}

static BedSdpSetup
choose_setup (const BedSdpLocal *local, BedSdpSetup offered)
{
  switch (offered)
    {
    case BED_SDP_SETUP_ACTIVE:
      return BED_SDP_SETUP_PASSIVE;
    case BED_SDP_SETUP_PASSIVE:
      return BED_SDP_SETUP_ACTIVE;
    case BED_SDP_SETUP_ACTPASS:
    case BED_SDP_SETUP_NONE:
    default:
      return local->answer_setup == BED_SDP_SETUP_PASSIVE ? BED_SDP_SETUP_PASSIVE
                                                          : BED_SDP_SETUP_ACTIVE;
    }
}

BedSessionDescription *
bed_sdp_make_answer (const BedSdpLocal *local, const BedSessionDescription *offer, GError **error)
{
  g_autoptr (BedSessionDescription)
      self = make_description (local, choose_setup (local, offer->setup));
  guint n_accepted = 0;

  if (offer->tls_id == NULL)
    g_clear_pointer (&self->tls_id, g_free);
  for (guint i = 0; i < offer->media->len; i++)
    {
      const BedSdpMedia *theirs = g_ptr_array_index (offer->media, i);
      gboolean accept = can_answer (self, theirs);
      BedSdpMedia *ours = add_media (self, theirs->kind, theirs->kind_name, theirs->mid);
      if (!accept)
        {
          reject (ours, theirs);
          continue;
        }
      n_accepted++;
      if (theirs->kind == BED_SDP_APPLICATION)
        {
          ours->sctp_port = SCTP_PORT;
          ours->max_message_size = local->max_message_size;
        }
      else
        answer_rtp (ours, theirs, local);
    }
  if (n_accepted == 0)
    {
      set_error (error, BED_SDP_ERROR_UNSUPPORTED, "Nothing in the offer that we know");
      return NULL;
    }
  return g_steal_pointer (&self);
}

/* RFC 3264 section 6: as many sections, in the same order, of the same kind. */
static gboolean
check_shape (const BedSessionDescription *offer, const BedSessionDescription *answer)
{
  if (offer->media->len != answer->media->len)
    return FALSE;
  for (guint i = 0; i < offer->media->len; i++)
    {
      const BedSdpMedia *a = g_ptr_array_index (offer->media, i);
      const BedSdpMedia *b = g_ptr_array_index (answer->media, i);
      if (strcmp (a->kind_name, b->kind_name) != 0)
        return FALSE;
      if (bed_sdp_media_is_rejected (b))
        continue;
      if (bed_sdp_media_is_rejected (a) || g_strcmp0 (a->mid, b->mid) != 0)
        return FALSE;
    }
  return TRUE;
}

/* An answer may leave extensions out, but not number them anew. */
static gboolean
check_extensions (const BedSdpMedia *offer, const BedSdpMedia *answer)
{
  for (guint i = 0; i < answer->extensions->len; i++)
    {
      const BedSdpExtension *extension = g_ptr_array_index (answer->extensions, i);
      guint8 offered = bed_sdp_media_get_extension_id (offer, extension->uri);
      if (offered != 0 && offered != extension->id)
        return FALSE;
    }
  return TRUE;
}

static guint8
common_extension (const BedSdpMedia *a, const BedSdpMedia *b, const char *uri)
{
  guint8 id = bed_sdp_media_get_extension_id (a, uri);

  return id == bed_sdp_media_get_extension_id (b, uri) ? id : 0;
}

static void
agree_codecs (const BedSdpMedia *local, const BedSdpMedia *remote, BedSdpAgreedMedia *out)
{
  const BedSdpCodec *ours = find_main_codec (local);
  const BedSdpCodec *theirs = find_main_codec (remote);
  const BedSdpCodec *our_rtx = bed_sdp_media_find_rtx (local, ours->payload_type);
  const BedSdpCodec *their_rtx = bed_sdp_media_find_rtx (remote, theirs->payload_type);

  out->payload_type = theirs->payload_type;
  out->receive_payload_type = ours->payload_type;
  if (our_rtx != NULL && their_rtx != NULL)
    {
      out->rtx_payload_type = their_rtx->payload_type;
      out->receive_rtx_payload_type = our_rtx->payload_type;
    }
  out->nack = ours->nack && theirs->nack;
  out->pli = ours->pli && theirs->pli;
  out->fir = ours->fir && theirs->fir;
  out->transport_cc = ours->transport_cc && theirs->transport_cc;
}

static gboolean
agree_media (const BedSessionDescription *local, const BedSessionDescription *remote,
             BedSdpMediaKind kind, BedSdpAgreedMedia *out, GError **error)
{
  const BedSdpMedia *ours = bed_session_description_get_media (local, kind);
  const BedSdpMedia *theirs = bed_session_description_get_media (remote, kind);

  if (ours == NULL || theirs == NULL)
    return TRUE;
  if (find_main_codec (ours) == NULL || find_main_codec (theirs) == NULL)
    {
      set_error (error, BED_SDP_ERROR_UNSUPPORTED, "No codec in common");
      return FALSE;
    }
  out->active = TRUE;
  out->send = ours->direction & BED_SDP_SENDONLY && theirs->direction & BED_SDP_RECVONLY;
  out->receive = ours->direction & BED_SDP_RECVONLY && theirs->direction & BED_SDP_SENDONLY;
  g_strlcpy (out->mid, ours->mid, sizeof out->mid);
  agree_codecs (ours, theirs, out);
  out->mid_id = common_extension (ours, theirs, BED_SDP_EXTENSION_MID);
  out->audio_level_id = kind == BED_SDP_AUDIO
                            ? common_extension (ours, theirs, BED_SDP_EXTENSION_AUDIO_LEVEL)
                            : 0;
  out->transport_cc_id = common_extension (ours, theirs, BED_SDP_EXTENSION_TRANSPORT_CC);
  out->reduced_size = ours->rtcp_reduced_size && theirs->rtcp_reduced_size;
  out->remote_ssrc = theirs->ssrc;
  out->remote_rtx_ssrc = theirs->rtx_ssrc;
  return TRUE;
}

static gboolean
agree_role (const BedSessionDescription *offer, const BedSessionDescription *answer,
            gboolean we_offered, gboolean *client)
{
  gboolean fits;

  if (answer->setup == BED_SDP_SETUP_ACTIVE)
    fits = offer->setup == BED_SDP_SETUP_ACTPASS || offer->setup == BED_SDP_SETUP_PASSIVE;
  else if (answer->setup == BED_SDP_SETUP_PASSIVE)
    fits = offer->setup == BED_SDP_SETUP_ACTPASS || offer->setup == BED_SDP_SETUP_ACTIVE;
  else
    fits = FALSE;
  *client = (answer->setup == BED_SDP_SETUP_ACTIVE) != we_offered;
  return fits;
}

static void
agree_data_channel (const BedSessionDescription *local, const BedSessionDescription *remote,
                    BedSdpAgreement *agreement)
{
  const BedSdpMedia *theirs = bed_session_description_get_media (remote, BED_SDP_APPLICATION);

  if (theirs == NULL || bed_session_description_get_media (local, BED_SDP_APPLICATION) == NULL)
    return;
  agreement->data_channel = TRUE;
  agreement->remote_sctp_port = theirs->sctp_port;
  agreement->remote_max_message_size = theirs->max_message_size;
}

gboolean
bed_sdp_agree (const BedSessionDescription *offer, const BedSessionDescription *answer,
               gboolean we_offered, BedSdpAgreement *agreement, GError **error)
{
  const BedSessionDescription *local = we_offered ? offer : answer;
  const BedSessionDescription *remote = we_offered ? answer : offer;

  memset (agreement, 0, sizeof *agreement);
  if (!check_shape (offer, answer))
    {
      set_error (error, BED_SDP_ERROR_UNSUPPORTED, "The answer does not follow the offer");
      return FALSE;
    }
  for (guint i = 0; i < offer->media->len; i++)
    if (!check_extensions (g_ptr_array_index (offer->media, i),
                           g_ptr_array_index (answer->media, i)))
      {
        set_error (error, BED_SDP_ERROR_UNSUPPORTED, "The answer numbers header extensions anew");
        return FALSE;
      }
  if (!agree_role (offer, answer, we_offered, &agreement->dtls_client))
    {
      set_error (error, BED_SDP_ERROR_UNSUPPORTED, "Setup roles do not fit");
      return FALSE;
    }
  if (!agree_media (local, remote, BED_SDP_AUDIO, &agreement->audio, error)
      || !agree_media (local, remote, BED_SDP_VIDEO, &agreement->video, error))
    return FALSE;
  agree_data_channel (local, remote, agreement);
  return TRUE;
}
