/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Descriptions and candidates of a peer connection (RFC 9429). */
#include "bed-peer-connection-private.h"

#include <string.h>

#define MAX_EARLY_CANDIDATES 64

typedef struct
{
  char *candidate; /* "": the end */
  char *mid; /* (nullable) */
  int index;
} RemoteCandidate;

/* Candidates. */
static void
emit_candidate (BedPeerConnection *self, const char *candidate)
{
  BedSdpMedia *media = g_ptr_array_index (self->local_description->media, 0);

  for (guint i = 0; i < self->local_description->media->len; i++)
    {
      media = g_ptr_array_index (self->local_description->media, i);
      if (bed_sdp_media_is_rejected (media))
        continue;
      g_signal_emit (self, bed_peer_signals[BED_PEER_SIGNAL_ICE_CANDIDATE], 0, candidate,
                     media->mid, (int) i);
      return;
    }
}

static void
tell_candidates (BedPeerConnection *self)
{
  if (self->local_description == NULL)
    return;
  for (guint i = 0; i < self->early_candidates->len; i++)
    emit_candidate (self, g_ptr_array_index (self->early_candidates, i));
  g_ptr_array_set_size (self->early_candidates, 0);
  if (self->gathered && !self->end_told)
    {
      self->end_told = TRUE;
      g_signal_emit (self, bed_peer_signals[BED_PEER_SIGNAL_END_OF_CANDIDATES], 0);
    }
}

void
bed_peer_on_ice_candidate (BedIceTransport *ice, const char *candidate, BedPeerConnection *self)
{
  if (self->closed || self->early_candidates->len >= MAX_EARLY_CANDIDATES)
    return;
  g_ptr_array_add (self->early_candidates, g_strdup (candidate));
  tell_candidates (self);
}

void
bed_peer_on_gathering_done (BedIceTransport *ice, BedPeerConnection *self)
{
  if (self->closed)
    return;
  self->gathered = TRUE;
  tell_candidates (self);
}

/* Descriptions. */
static void
refresh_credentials (BedPeerConnection *self)
{
  g_clear_pointer (&self->ufrag, g_free);
  g_clear_pointer (&self->password, g_free);
  bed_ice_transport_dup_local_credentials (self->ice, &self->ufrag, &self->password);
  self->local.ice_ufrag = self->ufrag;
  self->local.ice_pwd = self->password;
}

static gboolean
restart_ice (BedPeerConnection *self)
{
  g_autoptr (GError) error = NULL;

  self->gathered = self->end_told = FALSE;
  g_ptr_array_set_size (self->early_candidates, 0);
  if (!bed_ice_transport_restart (self->ice, &error))
    {
      bed_peer_report (self, error);
      return FALSE;
    }
  return TRUE;
}

static void
set_local (BedPeerConnection *self, BedPeerDescriptionType type, BedSessionDescription *description)
{
  g_autofree char *sdp = bed_session_description_to_string (description);

  g_clear_pointer (&self->local_description, bed_session_description_free);
  self->local_description = description;
  self->local.version++;
  g_signal_emit (self, bed_peer_signals[BED_PEER_SIGNAL_LOCAL_DESCRIPTION], 0, type, sdp);
  tell_candidates (self);
}

void
bed_peer_connection_create_offer (BedPeerConnection *self, gboolean ice_restart)
{
  BedSignalingState next
      = bed_signaling_state_next (self->signaling, BED_SIGNALING_EVENT_LOCAL_OFFER);

  if (next == BED_SIGNALING_INVALID || self->failed)
    {
      bed_peer_report_state_error (self, "Not the moment for an offer");
      return;
    }
  if (self->local_description == NULL)
    bed_ice_transport_set_role (self->ice, BED_ICE_ROLE_CONTROLLING);
  else if (ice_restart && !restart_ice (self))
    return;
  bed_peer_ensure_channel (self);
  refresh_credentials (self);
  self->signaling = next;
  set_local (self, BED_PEER_DESCRIPTION_OFFER, bed_sdp_make_offer (&self->local));
}

void
bed_peer_remote_candidate_free (gpointer data)
{
  RemoteCandidate *self = data;

  g_free (self->candidate);
  g_free (self->mid);
  g_free (self);
}

/* A browser gathers for each section until the answer says BUNDLE; from then on only the first
 * section's candidates lead anywhere (RFC 9143 section 9). */
static gboolean
is_for_bundle (BedPeerConnection *self, const char *mid, int index)
{
  for (guint i = 0; i < self->local_description->media->len; i++)
    {
      const BedSdpMedia *media = g_ptr_array_index (self->local_description->media, i);
      if (bed_sdp_media_is_rejected (media))
        continue;
      return mid != NULL ? strcmp (mid, media->mid) == 0 : index == (int) i;
    }
  return FALSE;
}

static void
add_early_candidates (BedPeerConnection *self)
{
  for (guint i = 0; i < self->remote_candidates->len; i++)
    {
      const RemoteCandidate *early = g_ptr_array_index (self->remote_candidates, i);
      if (*early->candidate == '\0')
        bed_ice_transport_end_of_candidates (self->ice);
      else if (is_for_bundle (self, early->mid, early->index))
        bed_ice_transport_add_remote_candidate (self->ice, early->candidate);
    }
  g_ptr_array_set_size (self->remote_candidates, 0);
}

static void
add_candidates (BedPeerConnection *self, const BedSessionDescription *remote)
{
  for (guint i = 0; i < remote->candidates->len; i++)
    {
      g_autofree char *text
          = bed_ice_candidate_to_string (g_ptr_array_index (remote->candidates, i));
      bed_ice_transport_add_remote_candidate (self->ice, text);
    }
  add_early_candidates (self);
  if (remote->end_of_candidates)
    bed_ice_transport_end_of_candidates (self->ice);
}

static gboolean
send_rtp (guint8 *packet, gsize length, gsize capacity, gpointer user_data)
{
  return bed_peer_transport_send_rtp (((BedPeerConnection *) user_data)->transport, packet, length,
                                      capacity);
}

static gboolean
send_rtcp (guint8 *packet, gsize length, gsize capacity, gpointer user_data)
{
  return bed_peer_transport_send_rtcp (((BedPeerConnection *) user_data)->transport, packet, length,
                                       capacity);
}

static const BedRtpSessionHandlers SESSION_HANDLERS = { send_rtp, send_rtcp };

static gboolean
ensure_session (BedPeerConnection *self, const BedSdpAgreement *agreement, GError **error)
{
  BedRtpSessionConfig config = {
    .audio_ssrc = self->local.audio_ssrc,
    .video_ssrc = self->local.video_ssrc,
    .video_rtx_ssrc = self->local.video_rtx_ssrc,
    .cname = self->cname,
    .encoder = self->encoder,
    .decoder = self->decoder,
  };

  if (self->session != NULL)
    {
      if (bed_rtp_session_update (self->session, agreement))
        return TRUE;
      g_set_error_literal (error, BED_SDP_ERROR, BED_SDP_ERROR_UNSUPPORTED,
                           "Numbers changed during the call");
      return FALSE;
    }
  self->session = bed_rtp_session_new (&config, agreement, &SESSION_HANDLERS, self, error);
  if (self->session == NULL)
    return FALSE;
  bed_rtp_session_set_audio_sink (self->session, self->audio_sink);
  bed_peer_schedule (self, bed_peer_now (self));
  return TRUE;
}

/* The certificate and the association stay for the life of a connection (RFC 8842 section 4). */
static gboolean
check_identity (BedPeerConnection *self, const BedSessionDescription *remote, GError **error)
{
  const BedSessionDescription *known = self->remote_description;

  if (known == NULL
      || (memcmp (known->fingerprint, remote->fingerprint, sizeof known->fingerprint) == 0
          && g_strcmp0 (known->tls_id, remote->tls_id) == 0))
    return TRUE;
  g_set_error_literal (error, BED_SDP_ERROR, BED_SDP_ERROR_SECURITY,
                       "The certificate changed during the call");
  return FALSE;
}

static gboolean
is_restart (BedPeerConnection *self, const BedSessionDescription *remote)
{
  return self->remote_description != NULL
         && (strcmp (self->remote_description->ice_ufrag, remote->ice_ufrag) != 0
             || strcmp (self->remote_description->ice_pwd, remote->ice_pwd) != 0);
}

/* Both descriptions of an exchange are known. remote: (transfer full) */
static void
apply (BedPeerConnection *self, BedSessionDescription *remote, const BedSdpAgreement *agreement,
       gboolean new_ice)
{
  g_autoptr (GError) error = NULL;

  self->agreement = *agreement;
  g_clear_pointer (&self->remote_description, bed_session_description_free);
  self->remote_description = remote;
  if (new_ice
      && !bed_ice_transport_set_remote_credentials (self->ice, remote->ice_ufrag, remote->ice_pwd,
                                                    &error))
    {
      bed_peer_report (self, error);
      return;
    }
  add_candidates (self, remote);
  bed_peer_transport_set_remote (self->transport, remote->fingerprint,
                                 agreement->dtls_client ? BED_DTLS_ROLE_CLIENT
                                                        : BED_DTLS_ROLE_SERVER);
  bed_peer_update_state (self);
}

static gboolean
take_answer (BedPeerConnection *self, BedSessionDescription *remote, GError **error)
{
  gboolean new_ice = self->remote_description == NULL || is_restart (self, remote);
  BedSdpAgreement agreement;

  if (!bed_sdp_agree (self->local_description, remote, TRUE, &agreement, error)
      || !ensure_session (self, &agreement, error))
    return FALSE;
  self->signaling = bed_signaling_state_next (self->signaling, BED_SIGNALING_EVENT_REMOTE_ANSWER);
  if (remote->ice_lite)
    bed_ice_transport_set_role (self->ice, BED_ICE_ROLE_CONTROLLING);
  apply (self, bed_session_description_copy (remote), &agreement, new_ice);
  return TRUE;
}

static gboolean
take_offer (BedPeerConnection *self, BedSessionDescription *remote, GError **error)
{
  gboolean first = self->remote_description == NULL;
  gboolean restart = is_restart (self, remote);
  g_autoptr (BedSessionDescription) answer = NULL;
  BedSdpAgreement agreement;

  if (first)
    bed_ice_transport_set_role (self->ice, remote->ice_lite ? BED_ICE_ROLE_CONTROLLING
                                                            : BED_ICE_ROLE_CONTROLLED);
  if (restart && !restart_ice (self))
    return TRUE;
  refresh_credentials (self);
  /* Once the association stands its roles stay (RFC 8842 section 5.3). */
  self->local.answer_setup
    = first || self->agreement.dtls_client ? BED_SDP_SETUP_ACTIVE : BED_SDP_SETUP_PASSIVE;
  answer = bed_sdp_make_answer (&self->local, remote, error);
  if (answer == NULL || !bed_sdp_agree (remote, answer, FALSE, &agreement, error)
      || !ensure_session (self, &agreement, error))
    return FALSE;
  self->signaling = bed_signaling_state_next (self->signaling, BED_SIGNALING_EVENT_REMOTE_OFFER);
  self->signaling = bed_signaling_state_next (self->signaling, BED_SIGNALING_EVENT_LOCAL_ANSWER);
  set_local (self, BED_PEER_DESCRIPTION_ANSWER, g_steal_pointer (&answer));
  apply (self, bed_session_description_copy (remote), &agreement, first || restart);
  return TRUE;
}

void
bed_peer_connection_set_remote_description (BedPeerConnection *self, BedPeerDescriptionType type,
                                            const char *sdp)
{
  BedSignalingEvent event = type == BED_PEER_DESCRIPTION_OFFER ? BED_SIGNALING_EVENT_REMOTE_OFFER
                                                               : BED_SIGNALING_EVENT_REMOTE_ANSWER;
  g_autoptr (BedSessionDescription) remote = NULL;
  g_autoptr (GError) error = NULL;
  gboolean ok;

  if (self->failed || bed_signaling_state_next (self->signaling, event) == BED_SIGNALING_INVALID)
    {
      bed_peer_report_state_error (self, "Not the moment for this description");
      return;
    }
  remote = bed_session_description_parse (sdp, &error);
  ok = remote != NULL && check_identity (self, remote, &error);
  if (ok)
    ok = type == BED_PEER_DESCRIPTION_OFFER ? take_offer (self, remote, &error)
                                            : take_answer (self, remote, &error);
  if (!ok)
    bed_peer_report (self, error);
}

void
bed_peer_connection_add_ice_candidate (BedPeerConnection *self, const char *candidate,
                                       const char *sdp_mid, int sdp_mline_index)
{
  RemoteCandidate *early;

  if (self->closed || self->failed || strlen (candidate) > BED_ICE_CANDIDATE_MAX_LENGTH)
    return;
  /* While an answer is under way, they belong to what it will bring. */
  if (self->remote_description != NULL && self->signaling == BED_SIGNALING_STABLE)
    {
      if (*candidate == '\0')
        bed_ice_transport_end_of_candidates (self->ice);
      else if (is_for_bundle (self, sdp_mid, sdp_mline_index))
        bed_ice_transport_add_remote_candidate (self->ice, candidate);
      return;
    }
  if (self->remote_candidates->len >= MAX_EARLY_CANDIDATES)
    return;
  early = g_new (RemoteCandidate, 1);
  *early = (RemoteCandidate){ g_strdup (candidate), g_strdup (sdp_mid), sdp_mline_index };
  g_ptr_array_add (self->remote_candidates, early);
}

void
bed_peer_connection_end_of_candidates (BedPeerConnection *self)
{
  bed_peer_connection_add_ice_candidate (self, "", NULL, 0);
}
