/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-sdp-attributes-private.h"

#include <string.h>

#include "bed-sdp-text-private.h"

/* Attribute values are cut up in place: each handler owns `value` while it runs. */
typedef BedSdpAttributeResult (*Handler) (BedSdpParsing *parsing, char *value);

#define OK BED_SDP_ATTRIBUTE_OK
#define MALFORMED BED_SDP_ATTRIBUTE_MALFORMED

static BedSdpMedia *
level (BedSdpParsing *parsing)
{
  return parsing->media != NULL ? parsing->media : parsing->session;
}

/* Cuts the first word off. Returns: it, and *rest after the space (or NULL). */
static char *
cut_word (char *text, char **rest)
{
  char *space = strchr (text, ' ');

  if (space != NULL)
    *space++ = '\0';
  *rest = space;
  return text;
}

static BedSdpAttributeResult
set_once (char **slot, const char *value, gboolean valid)
{
  if (!valid || *slot != NULL)
    return MALFORMED;
  *slot = g_strdup (value);
  return OK;
}

static BedSdpAttributeResult
parse_ice_ufrag (BedSdpParsing *parsing, char *value)
{
  return set_once (&level (parsing)->ice_ufrag, value, bed_sdp_is_ice_text (value, 4, 256));
}

static BedSdpAttributeResult
parse_ice_pwd (BedSdpParsing *parsing, char *value)
{
  return set_once (&level (parsing)->ice_pwd, value, bed_sdp_is_ice_text (value, 22, 256));
}

static BedSdpAttributeResult
parse_ice_options (BedSdpParsing *parsing, char *value)
{
  g_auto (GStrv) words = g_strsplit (value, " ", 16);

  if (g_strv_contains ((const char *const *) words, "trickle"))
    level (parsing)->trickle = TRUE;
  return OK;
}

static gboolean
parse_hex (const char *text, guint8 out[BED_SDP_FINGERPRINT_LENGTH])
{
  if (strlen (text) != BED_SDP_FINGERPRINT_LENGTH * 3 - 1)
    return FALSE;
  for (guint i = 0; i < BED_SDP_FINGERPRINT_LENGTH; i++)
    {
      int high = g_ascii_xdigit_value (text[i * 3]);
      int low = g_ascii_xdigit_value (text[i * 3 + 1]);
      if (high < 0 || low < 0 || (i + 1 < BED_SDP_FINGERPRINT_LENGTH && text[i * 3 + 2] != ':'))
        return FALSE;
      out[i] = (guint8) (high << 4 | low);
    }
  return TRUE;
}

/* RFC 8122 section 5. A stronger hash beside SHA-256 is passed over: the comparison is with
 * SHA-256. */
static BedSdpAttributeResult
parse_fingerprint (BedSdpParsing *parsing, char *value)
{
  static const char *const weak[] = { "md2", "md5", "sha-1", NULL };
  BedSdpMedia *at = level (parsing);
  guint8 bytes[BED_SDP_FINGERPRINT_LENGTH];
  g_autofree char *hash = NULL;
  char *hex;

  hash = g_ascii_strdown (cut_word (value, &hex), -1);
  if (hex == NULL)
    return MALFORMED;
  if (g_strv_contains (weak, hash))
    return BED_SDP_ATTRIBUTE_FORBIDDEN;
  if (strcmp (hash, "sha-256") != 0)
    return OK;
  if (!parse_hex (hex, bytes))
    return MALFORMED;
  if (at->has_fingerprint && memcmp (at->fingerprint, bytes, sizeof bytes) != 0)
    return BED_SDP_ATTRIBUTE_FORBIDDEN;
  memcpy (at->fingerprint, bytes, sizeof bytes);
  at->has_fingerprint = TRUE;
  return OK;
}

static BedSdpAttributeResult
parse_setup (BedSdpParsing *parsing, char *value)
{
  static const char *const names[] = { "", "actpass", "active", "passive" };
  BedSdpMedia *at = level (parsing);

  if (at->setup != BED_SDP_SETUP_NONE)
    return MALFORMED;
  for (guint i = 1; i < G_N_ELEMENTS (names); i++)
    if (strcmp (value, names[i]) == 0)
      at->setup = i;
  return at->setup != BED_SDP_SETUP_NONE ? OK : MALFORMED;
}

static BedSdpAttributeResult
parse_tls_id (BedSdpParsing *parsing, char *value)
{
  gsize length = strlen (value);

  /* RFC 8842 section 4: 20 to 255 of letters, digits, + / - _ */
  return set_once (
      &level (parsing)->tls_id, value,
      length >= 20 && length <= 255
          && strspn (value, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_")
                 == length);
}

static BedSdpAttributeResult
parse_group (BedSdpParsing *parsing, char *value)
{
  if (!g_str_has_prefix (value, "BUNDLE") || (value[6] != '\0' && value[6] != ' '))
    return OK;
  if (parsing->media != NULL || parsing->bundle != NULL)
    return MALFORMED;
  parsing->bundle = g_strsplit (value[6] == ' ' ? value + 7 : "", " ", 64);
  return OK;
}

static BedSdpAttributeResult
parse_ice_lite (BedSdpParsing *parsing, char *value)
{
  parsing->description->ice_lite = TRUE;
  return OK;
}

static BedSdpAttributeResult
parse_mid (BedSdpParsing *parsing, char *value)
{
  return set_once (&parsing->media->mid, value, bed_sdp_is_token (value, 16));
}

static BedSdpAttributeResult
parse_rtpmap (BedSdpParsing *parsing, char *value)
{
  BedSdpMedia *media = parsing->media;
  guint64 payload_type, rate, channels = 1;
  char *encoding, *slash, *second;

  if (!bed_sdp_parse_number (cut_word (value, &encoding), 127, &payload_type) || encoding == NULL)
    return MALFORMED;
  slash = strchr (encoding, '/');
  if (slash == NULL)
    return MALFORMED;
  *slash++ = '\0';
  second = strchr (slash, '/');
  if (second != NULL)
    *second++ = '\0';
  if (!bed_sdp_is_token (encoding, 31) || !bed_sdp_parse_number (slash, 1000000, &rate) || rate == 0
      || (second != NULL && !bed_sdp_parse_number (second, 255, &channels)))
    return MALFORMED;
  for (guint i = 0; i < media->codecs->len; i++)
    {
      BedSdpCodec *codec = g_ptr_array_index (media->codecs, i);
      if (codec->payload_type != payload_type)
        continue;
      if (codec->name != NULL)
        return MALFORMED;
      codec->name = g_strdup (encoding);
      codec->clock_rate = rate;
      codec->channels = channels;
      return OK;
    }
  return MALFORMED;
}

static BedSdpCodec *
find_payload_type (BedSdpMedia *media, guint64 payload_type)
{
  for (guint i = 0; i < media->codecs->len; i++)
    {
      BedSdpCodec *codec = g_ptr_array_index (media->codecs, i);
      if (codec->payload_type == payload_type)
        return codec;
    }
  return NULL;
}

static BedSdpAttributeResult
parse_fmtp (BedSdpParsing *parsing, char *value)
{
  guint64 payload_type;
  char *parameters;
  BedSdpCodec *codec;

  if (parsing->media->kind != BED_SDP_AUDIO && parsing->media->kind != BED_SDP_VIDEO)
    return OK;
  if (!bed_sdp_parse_number (cut_word (value, &parameters), 127, &payload_type)
      || parameters == NULL)
    return MALFORMED;
  codec = find_payload_type (parsing->media, payload_type);
  if (codec == NULL)
    return MALFORMED;
  return set_once (&codec->parameters, parameters, TRUE);
}

static void
apply_feedback (BedSdpCodec *codec, const char *feedback)
{
  codec->nack |= strcmp (feedback, "nack") == 0;
  codec->pli |= strcmp (feedback, "nack pli") == 0;
  codec->fir |= strcmp (feedback, "ccm fir") == 0;
  codec->remb |= strcmp (feedback, "goog-remb") == 0;
  codec->transport_cc |= strcmp (feedback, "transport-cc") == 0;
}

static BedSdpAttributeResult
parse_rtcp_fb (BedSdpParsing *parsing, char *value)
{
  BedSdpMedia *media = parsing->media;
  guint64 payload_type = 0;
  gboolean all;
  char *feedback;
  const char *target = cut_word (value, &feedback);

  all = strcmp (target, "*") == 0;
  if (feedback == NULL || (!all && !bed_sdp_parse_number (target, 127, &payload_type)))
    return MALFORMED;
  for (guint i = 0; i < media->codecs->len; i++)
    {
      BedSdpCodec *codec = g_ptr_array_index (media->codecs, i);
      if (all || codec->payload_type == payload_type)
        apply_feedback (codec, feedback);
    }
  return OK;
}

static gboolean
parse_direction_word (const char *word, BedSdpDirection *direction)
{
  static const char *const names[] = { "inactive", "sendonly", "recvonly", "sendrecv" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (strcmp (word, names[i]) == 0)
      {
        *direction = i;
        return TRUE;
      }
  return FALSE;
}

/* RFC 8285 section 8: id["/"direction] URI [attributes]. */
static BedSdpAttributeResult
parse_extmap (BedSdpParsing *parsing, char *value)
{
  GPtrArray *extensions = level (parsing)->extensions;
  BedSdpDirection direction = BED_SDP_SENDRECV;
  guint64 id;
  char *uri, *rest, *slash;
  char *target = cut_word (value, &uri);

  slash = strchr (target, '/');
  if (slash != NULL)
    {
      *slash++ = '\0';
      if (!parse_direction_word (slash, &direction))
        return MALFORMED;
    }
  if (uri == NULL || !bed_sdp_parse_number (target, 255, &id) || id == 0 || id == 15)
    return MALFORMED;
  uri = cut_word (uri, &rest);
  if (*uri == '\0' || extensions->len >= 32)
    return *uri == '\0' ? MALFORMED : BED_SDP_ATTRIBUTE_TOO_MANY;
  bed_sdp_media_add_extension (level (parsing), id, uri);
  ((BedSdpExtension *) g_ptr_array_index (extensions, extensions->len - 1))->direction = direction;
  return OK;
}

static BedSdpAttributeResult
parse_rtcp_mux (BedSdpParsing *parsing, char *value)
{
  parsing->media->rtcp_mux = TRUE;
  return OK;
}

static BedSdpAttributeResult
parse_rtcp_rsize (BedSdpParsing *parsing, char *value)
{
  parsing->media->rtcp_reduced_size = TRUE;
  return OK;
}

static BedSdpAttributeResult
parse_bundle_only (BedSdpParsing *parsing, char *value)
{
  parsing->media->bundle_only = TRUE;
  return OK;
}

static BedSdpAttributeResult
parse_msid (BedSdpParsing *parsing, char *value)
{
  BedSdpMedia *media = parsing->media;
  char *track, *rest;

  if (media->msid_stream != NULL)
    return OK; /* a track in several streams: the first one names it */
  value = cut_word (value, &track);
  if (!bed_sdp_is_token (value, 64))
    return MALFORMED;
  media->msid_stream = g_strdup (value);
  if (track != NULL)
    {
      track = cut_word (track, &rest);
      if (!bed_sdp_is_token (track, 64))
        return MALFORMED;
      media->msid_track = g_strdup (track);
    }
  return OK;
}

static BedSdpAttributeResult
parse_ssrc (BedSdpParsing *parsing, char *value)
{
  BedSdpMedia *media = parsing->media;
  guint64 ssrc;
  char *attribute;

  if (!bed_sdp_parse_number (cut_word (value, &attribute), G_MAXUINT32, &ssrc))
    return MALFORMED;
  if (media->ssrc == 0)
    media->ssrc = ssrc;
  if (attribute != NULL && media->cname == NULL && g_str_has_prefix (attribute, "cname:"))
    media->cname = g_strndup (attribute + 6, 255);
  return OK;
}

/* RFC 5576: FID binds a stream to the one that retransmits it. */
static BedSdpAttributeResult
parse_ssrc_group (BedSdpParsing *parsing, char *value)
{
  BedSdpMedia *media = parsing->media;
  guint64 first, second;
  char *rest, *other, *end;

  if (strcmp (cut_word (value, &rest), "FID") != 0)
    return OK;
  if (rest == NULL || !bed_sdp_parse_number (cut_word (rest, &other), G_MAXUINT32, &first)
      || other == NULL || !bed_sdp_parse_number (cut_word (other, &end), G_MAXUINT32, &second)
      || first == second)
    return MALFORMED;
  if (media->rtx_ssrc == 0)
    {
      media->ssrc = first;
      media->rtx_ssrc = second;
    }
  return OK;
}

static BedSdpAttributeResult
parse_sctp_port (BedSdpParsing *parsing, char *value)
{
  guint64 port;

  if (!bed_sdp_parse_number (value, G_MAXUINT16, &port) || parsing->media->sctp_port != 0)
    return MALFORMED;
  parsing->media->sctp_port = port;
  return OK;
}

static BedSdpAttributeResult
parse_max_message_size (BedSdpParsing *parsing, char *value)
{
  return bed_sdp_parse_number (value, G_MAXINT64, &parsing->media->max_message_size) ? OK
                                                                                     : MALFORMED;
}

/* A candidate of a kind that we do not know is no reason to end a call (RFC 8839 5.1: ignore). */
static BedSdpAttributeResult
parse_candidate (BedSdpParsing *parsing, char *value)
{
  g_autofree char *text = g_strconcat ("candidate:", value, NULL);
  BedIceCandidate *candidate;

  if (parsing->description->candidates->len >= BED_SDP_MAX_CANDIDATES)
    return BED_SDP_ATTRIBUTE_TOO_MANY;
  candidate = bed_ice_candidate_parse (text, NULL);
  if (candidate != NULL)
    g_ptr_array_add (parsing->description->candidates, candidate);
  return OK;
}

static BedSdpAttributeResult
parse_end_of_candidates (BedSdpParsing *parsing, char *value)
{
  parsing->description->end_of_candidates = TRUE;
  return OK;
}

/* RFC 8827 6.5: keys in the description are never acceptable. */
static BedSdpAttributeResult
forbid (BedSdpParsing *parsing, char *value)
{
  return BED_SDP_ATTRIBUTE_FORBIDDEN;
}

static const struct
{
  const char *name;
  Handler handler;
  gboolean flag; /* has no value */
  gboolean media_only;
} ATTRIBUTES[] = {
  { "bundle-only", parse_bundle_only, TRUE, TRUE },
  { "candidate", parse_candidate, FALSE, TRUE },
  { "crypto", forbid, FALSE, FALSE },
  { "end-of-candidates", parse_end_of_candidates, TRUE, FALSE },
  { "extmap", parse_extmap, FALSE, FALSE },
  { "fingerprint", parse_fingerprint, FALSE, FALSE },
  { "fmtp", parse_fmtp, FALSE, TRUE },
  { "group", parse_group, FALSE, FALSE },
  { "ice-lite", parse_ice_lite, TRUE, FALSE },
  { "ice-options", parse_ice_options, FALSE, FALSE },
  { "ice-pwd", parse_ice_pwd, FALSE, FALSE },
  { "ice-ufrag", parse_ice_ufrag, FALSE, FALSE },
  { "key-mgmt", forbid, FALSE, FALSE },
  { "max-message-size", parse_max_message_size, FALSE, TRUE },
  { "mid", parse_mid, FALSE, TRUE },
  { "msid", parse_msid, FALSE, TRUE },
  { "rtcp-fb", parse_rtcp_fb, FALSE, TRUE },
  { "rtcp-mux", parse_rtcp_mux, TRUE, TRUE },
  { "rtcp-rsize", parse_rtcp_rsize, TRUE, TRUE },
  { "rtpmap", parse_rtpmap, FALSE, TRUE },
  { "sctp-port", parse_sctp_port, FALSE, TRUE },
  { "setup", parse_setup, FALSE, FALSE },
  { "ssrc", parse_ssrc, FALSE, TRUE },
  { "ssrc-group", parse_ssrc_group, FALSE, TRUE },
  { "tls-id", parse_tls_id, FALSE, FALSE },
  { "zrtp-hash", forbid, FALSE, FALSE },
};

BedSdpAttributeResult
bed_sdp_attribute_parse (BedSdpParsing *parsing, const char *name, char *value)
{
  BedSdpDirection direction;

  if (value == NULL && parse_direction_word (name, &direction))
    {
      level (parsing)->direction = direction;
      return OK;
    }
  for (guint i = 0; i < G_N_ELEMENTS (ATTRIBUTES); i++)
    {
      if (strcmp (name, ATTRIBUTES[i].name) != 0)
        continue;
      if ((value == NULL) != ATTRIBUTES[i].flag)
        return ATTRIBUTES[i].handler == forbid ? BED_SDP_ATTRIBUTE_FORBIDDEN : MALFORMED;
      if (ATTRIBUTES[i].media_only && parsing->media == NULL)
        return MALFORMED;
      return ATTRIBUTES[i].handler (parsing, value);
    }
  return OK;
}
