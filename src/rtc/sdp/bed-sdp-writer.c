/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-session-description.h"

static const char *const DIRECTIONS[] = { "inactive", "sendonly", "recvonly", "sendrecv" };
static const char *const SETUPS[] = { "", "actpass", "active", "passive" };

static void
write_codec (GString *out, const BedSdpCodec *codec)
{
  guint pt = codec->payload_type;

  g_string_append_printf (out, "a=rtpmap:%u %s/%u", pt, codec->name, codec->clock_rate);
  if (codec->channels > 1)
    g_string_append_printf (out, "/%u", codec->channels);
  g_string_append (out, "\r\n");
  if (codec->transport_cc)
    g_string_append_printf (out, "a=rtcp-fb:%u transport-cc\r\n", pt);
  if (codec->fir)
    g_string_append_printf (out, "a=rtcp-fb:%u ccm fir\r\n", pt);
  if (codec->nack)
    g_string_append_printf (out, "a=rtcp-fb:%u nack\r\n", pt);
  if (codec->pli)
    g_string_append_printf (out, "a=rtcp-fb:%u nack pli\r\n", pt);
  if (codec->remb)
    g_string_append_printf (out, "a=rtcp-fb:%u goog-remb\r\n", pt);
  if (codec->parameters != NULL)
    g_string_append_printf (out, "a=fmtp:%u %s\r\n", pt, codec->parameters);
}

static void
write_transport (GString *out, const BedSessionDescription *self)
{
  g_string_append_printf (out, "a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n", self->ice_ufrag,
                          self->ice_pwd);
  if (self->trickle)
    g_string_append (out, "a=ice-options:trickle\r\n");
  g_string_append (out, "a=fingerprint:sha-256 ");
  for (guint i = 0; i < BED_SDP_FINGERPRINT_LENGTH; i++)
    g_string_append_printf (out, "%s%02X", i > 0 ? ":" : "", self->fingerprint[i]);
  g_string_append_printf (out, "\r\na=setup:%s\r\n", SETUPS[self->setup]);
  if (self->tls_id != NULL)
    g_string_append_printf (out, "a=tls-id:%s\r\n", self->tls_id);
}

static void
write_sources (GString *out, const BedSdpMedia *media)
{
  if (media->msid_stream != NULL)
    g_string_append_printf (out, "a=msid:%s%s%s\r\n", media->msid_stream,
                            media->msid_track != NULL ? " " : "",
                            media->msid_track != NULL ? media->msid_track : "");
  if (media->ssrc == 0 || media->cname == NULL)
    return;
  if (media->rtx_ssrc != 0)
    g_string_append_printf (out, "a=ssrc-group:FID %u %u\r\n", media->ssrc, media->rtx_ssrc);
  g_string_append_printf (out, "a=ssrc:%u cname:%s\r\n", media->ssrc, media->cname);
  if (media->rtx_ssrc != 0)
    g_string_append_printf (out, "a=ssrc:%u cname:%s\r\n", media->rtx_ssrc, media->cname);
}

static void
write_rtp (GString *out, const BedSdpMedia *media)
{
  for (guint i = 0; i < media->extensions->len; i++)
    {
      const BedSdpExtension *extension = g_ptr_array_index (media->extensions, i);
      g_string_append_printf (out, "a=extmap:%u %s\r\n", extension->id, extension->uri);
    }
  g_string_append_printf (out, "a=%s\r\n", DIRECTIONS[media->direction]);
  if (media->rtcp_mux)
    g_string_append (out, "a=rtcp-mux\r\n");
  if (media->rtcp_reduced_size)
    g_string_append (out, "a=rtcp-rsize\r\n");
  for (guint i = 0; i < media->codecs->len; i++)
    write_codec (out, g_ptr_array_index (media->codecs, i));
  write_sources (out, media);
}

static void
write_media_line (GString *out, const BedSdpMedia *media)
{
  g_string_append_printf (out, "m=%s %u %s", media->kind_name, media->port, media->protocol);
  if (media->codecs->len == 0)
    g_string_append_printf (out, " %s", media->formats);
  for (guint i = 0; i < media->codecs->len; i++)
    g_string_append_printf (out, " %u",
                            ((BedSdpCodec *) g_ptr_array_index (media->codecs, i))->payload_type);
  g_string_append (out, "\r\nc=IN IP4 0.0.0.0\r\n");
}

static void
write_media (GString *out, const BedSessionDescription *self, const BedSdpMedia *media)
{
  write_media_line (out, media);
  if (media->mid != NULL)
    g_string_append_printf (out, "a=mid:%s\r\n", media->mid);
  if (bed_sdp_media_is_rejected (media))
    {
      g_string_append (out, "a=inactive\r\n");
      return;
    }
  write_transport (out, self);
  if (media->kind != BED_SDP_APPLICATION)
    {
      g_string_append (out, "a=rtcp:9 IN IP4 0.0.0.0\r\n");
      write_rtp (out, media);
      return;
    }
  g_string_append_printf (out, "a=sctp-port:%u\r\na=max-message-size:%" G_GUINT64_FORMAT "\r\n",
                          media->sctp_port, media->max_message_size);
}

char *
bed_session_description_to_string (const BedSessionDescription *self)
{
  GString *out = g_string_sized_new (2048);

  g_string_append_printf (out,
                          "v=0\r\no=- %" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT
                          " IN IP4 127.0.0.1\r\n"
                          "s=-\r\nt=0 0\r\na=group:BUNDLE",
                          self->session_id, self->version);
  for (guint i = 0; i < self->media->len; i++)
    {
      const BedSdpMedia *media = g_ptr_array_index (self->media, i);
      if (!bed_sdp_media_is_rejected (media))
        g_string_append_printf (out, " %s", media->mid);
    }
  g_string_append (out, "\r\na=msid-semantic: WMS *\r\n");
  if (self->ice_lite)
    g_string_append (out, "a=ice-lite\r\n");
  for (guint i = 0; i < self->media->len; i++)
    write_media (out, self, g_ptr_array_index (self->media, i));
  return g_string_free (out, FALSE);
}
