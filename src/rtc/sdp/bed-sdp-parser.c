/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-session-description.h"

#include <string.h>

#include "bed-sdp-attributes-private.h"
#include "bed-sdp-text-private.h"

static gboolean
fail (GError **error, BedSdpError code, const char *message)
{
  g_set_error_literal (error, BED_SDP_ERROR, code, message);
  return FALSE;
}

static gboolean
is_dtls_profile (BedSdpMediaKind kind, const char *protocol)
{
  if (kind == BED_SDP_APPLICATION)
    return g_str_equal (protocol, "UDP/DTLS/SCTP") || g_str_equal (protocol, "TCP/DTLS/SCTP");
  return g_str_equal (protocol, "UDP/TLS/RTP/SAVPF") || g_str_equal (protocol, "TCP/TLS/RTP/SAVPF");
}

static BedSdpMediaKind
parse_kind (const char *word)
{
  if (g_str_equal (word, "audio"))
    return BED_SDP_AUDIO;
  if (g_str_equal (word, "video"))
    return BED_SDP_VIDEO;
  return g_str_equal (word, "application") ? BED_SDP_APPLICATION : BED_SDP_OTHER;
}

static gboolean
parse_payload_types (BedSdpMedia *media, char **words, GError **error)
{
  guint64 number;

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (i >= BED_SDP_MAX_FORMATS)
        return fail (error, BED_SDP_ERROR_LIMIT, "Too many formats");
      if (!bed_sdp_parse_number (words[i], 127, &number))
        return fail (error, BED_SDP_ERROR_SYNTAX, "Malformed payload type");
      for (guint j = 0; j < media->codecs->len; j++)
        if (((BedSdpCodec *) g_ptr_array_index (media->codecs, j))->payload_type == number)
          return fail (error, BED_SDP_ERROR_SYNTAX, "Payload type twice");
      bed_sdp_media_add_codec (media, number, NULL, 0, 1);
    }
  return TRUE;
}

/* m=<media> <port> <proto> <fmt> … */
static gboolean
parse_media (BedSdpParsing *parsing, const char *value, GError **error)
{
  g_auto (GStrv) words = g_strsplit (value, " ", BED_SDP_MAX_FORMATS + 4);
  BedSdpMedia *media;
  guint64 port;

  if (parsing->description->media->len >= BED_SDP_MAX_MEDIA)
    return fail (error, BED_SDP_ERROR_LIMIT, "Too many media sections");
  if (g_strv_length (words) < 4 || !bed_sdp_is_token (words[0], 32)
      || !bed_sdp_parse_number (words[1], G_MAXUINT16, &port) || strlen (words[2]) > 64
      || *words[2] == '\0')
    return fail (error, BED_SDP_ERROR_SYNTAX, "Malformed media line");
  media = bed_sdp_media_new ();
  g_ptr_array_add (parsing->description->media, media);
  parsing->media = media;
  media->kind = parse_kind (words[0]);
  media->kind_name = g_strdup (words[0]);
  media->port = port;
  media->protocol = g_strdup (words[2]);
  media->formats = g_strjoinv (" ", words + 3);
  media->direction = parsing->session->direction;
  if (media->kind == BED_SDP_OTHER)
    return TRUE;
  if (!is_dtls_profile (media->kind, media->protocol))
    return fail (error, BED_SDP_ERROR_SECURITY, "Media profile without DTLS");
  if (media->kind == BED_SDP_APPLICATION)
    return g_str_equal (media->formats, "webrtc-datachannel")
           || fail (error, BED_SDP_ERROR_UNSUPPORTED, "Not a WebRTC data channel");
  return parse_payload_types (media, words + 3, error);
}

/* o=<username> <sess-id> <sess-version> IN IP4|IP6 <address> */
static gboolean
parse_origin (BedSessionDescription *self, const char *value, GError **error)
{
  g_auto (GStrv) words = g_strsplit (value, " ", 8);

  if (g_strv_length (words) != 6 || !bed_sdp_parse_number (words[1], G_MAXINT64, &self->session_id)
      || !bed_sdp_parse_number (words[2], G_MAXINT64, &self->version))
    return fail (error, BED_SDP_ERROR_SYNTAX, "Malformed origin");
  return TRUE;
}

static gboolean
parse_attribute (BedSdpParsing *parsing, char *text, GError **error)
{
  char *value = strchr (text, ':');

  if (value != NULL)
    *value++ = '\0';
  if (!bed_sdp_is_token (text, 64))
    return fail (error, BED_SDP_ERROR_SYNTAX, "Malformed attribute name");
  switch (bed_sdp_attribute_parse (parsing, text, value))
    {
    case BED_SDP_ATTRIBUTE_OK:
      return TRUE;
    case BED_SDP_ATTRIBUTE_FORBIDDEN:
      return fail (error, BED_SDP_ERROR_SECURITY, "Forbidden attribute");
    case BED_SDP_ATTRIBUTE_TOO_MANY:
      return fail (error, BED_SDP_ERROR_LIMIT, "Too many of one attribute");
    case BED_SDP_ATTRIBUTE_MALFORMED:
    default:
      g_set_error (error, BED_SDP_ERROR, BED_SDP_ERROR_SYNTAX, "Malformed attribute %.20s", text);
      return FALSE;
    }
}

/* Lines come in the order of RFC 8866 section 5: v, o, s, then the rest of the session, then the
 * sections. */
static gboolean
parse_line (BedSdpParsing *parsing, guint number, guint *n_attributes, char *line, GError **error)
{
  static const char first[] = "vos";
  char type = line[0];

  if (strlen (line) > BED_SDP_MAX_LINE)
    return fail (error, BED_SDP_ERROR_LIMIT, "Line too long");
  if (!g_ascii_islower (type) || line[1] != '=' || !bed_sdp_is_printable (line))
    return fail (error, BED_SDP_ERROR_SYNTAX, "Malformed line");
  if ((number < 3) != (strchr (first, type) != NULL) || (number < 3 && type != first[number]))
    return fail (error, BED_SDP_ERROR_SYNTAX, "Lines out of order");
  line += 2;
  switch (type)
    {
    case 'v':
      return g_str_equal (line, "0") || fail (error, BED_SDP_ERROR_SYNTAX, "Unknown version");
    case 'o':
      return parse_origin (parsing->description, line, error);
    case 'k':
      return fail (error, BED_SDP_ERROR_SECURITY, "Key in the description");
    case 'm':
      *n_attributes = 0;
      return parse_media (parsing, line, error);
    case 'a':
      if (++*n_attributes > BED_SDP_MAX_ATTRIBUTES)
        return fail (error, BED_SDP_ERROR_LIMIT, "Too many attributes");
      return parse_attribute (parsing, line, error);
    default:
      return TRUE;
    }
}

static gboolean
parse_lines (BedSdpParsing *parsing, const char *text, GError **error)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint n_attributes = 0;
  guint n = 0;

  for (; lines[n] != NULL; n++)
    {
      gsize length = strlen (lines[n]);
      if (length > 0 && lines[n][length - 1] == '\r')
        lines[n][--length] = '\0';
      if (length == 0 && lines[n + 1] == NULL)
        break;
      if (!parse_line (parsing, n, &n_attributes, lines[n], error))
        return FALSE;
    }
  return n >= 3 || fail (error, BED_SDP_ERROR_SYNTAX, "Not a session description");
}

/* BUNDLE: one transport. Session level first; a section may say the same again, or nothing after
 * the first. */
static gboolean
lift_text (char **slot, const char *session, const char *media)
{
  const char *value = media != NULL ? media : session;

  if (value == NULL)
    return TRUE;
  if (*slot == NULL)
    *slot = g_strdup (value);
  return g_str_equal (*slot, value);
}

static gboolean
lift_fingerprint (BedSdpParsing *parsing, const BedSdpMedia *media, gboolean *known, GError **error)
{
  const BedSdpMedia *from = media->has_fingerprint ? media : parsing->session;
  BedSessionDescription *self = parsing->description;

  if (parsing->session->has_fingerprint && media->has_fingerprint
      && memcmp (media->fingerprint, parsing->session->fingerprint, BED_SDP_FINGERPRINT_LENGTH)
             != 0)
    return fail (error, BED_SDP_ERROR_SECURITY, "Fingerprints differ");
  if (!from->has_fingerprint)
    return *known || fail (error, BED_SDP_ERROR_SECURITY, "No SHA-256 fingerprint");
  if (*known && memcmp (self->fingerprint, from->fingerprint, BED_SDP_FINGERPRINT_LENGTH) != 0)
    return fail (error, BED_SDP_ERROR_SECURITY, "Fingerprints differ");
  memcpy (self->fingerprint, from->fingerprint, BED_SDP_FINGERPRINT_LENGTH);
  *known = TRUE;
  return TRUE;
}

static gboolean
lift_media (BedSdpParsing *parsing, const BedSdpMedia *media, gboolean *fingerprint_known,
            GError **error)
{
  BedSessionDescription *self = parsing->description;
  BedSdpSetup setup = media->setup != BED_SDP_SETUP_NONE ? media->setup : parsing->session->setup;

  if (media->mid == NULL || parsing->bundle == NULL
      || !g_strv_contains ((const char *const *) parsing->bundle, media->mid))
    return fail (error, BED_SDP_ERROR_UNSUPPORTED, "Section outside of the bundle");
  if ((media->kind == BED_SDP_AUDIO || media->kind == BED_SDP_VIDEO) && !media->rtcp_mux)
    return fail (error, BED_SDP_ERROR_UNSUPPORTED, "Section without rtcp-mux");
  if (!lift_fingerprint (parsing, media, fingerprint_known, error))
    return FALSE;
  if (!lift_text (&self->ice_ufrag, parsing->session->ice_ufrag, media->ice_ufrag)
      || !lift_text (&self->ice_pwd, parsing->session->ice_pwd, media->ice_pwd)
      || !lift_text (&self->tls_id, parsing->session->tls_id, media->tls_id)
      || (self->setup != BED_SDP_SETUP_NONE && setup != BED_SDP_SETUP_NONE && self->setup != setup))
    return fail (error, BED_SDP_ERROR_UNSUPPORTED, "Bundled sections with different transports");
  if (setup != BED_SDP_SETUP_NONE)
    self->setup = setup;
  self->trickle |= media->trickle || parsing->session->trickle;
  return TRUE;
}

static gboolean
has_mid_twice (const BedSessionDescription *self, guint at)
{
  const BedSdpMedia *media = g_ptr_array_index (self->media, at);

  for (guint i = 0; i < at; i++)
    if (g_strcmp0 (((BedSdpMedia *) g_ptr_array_index (self->media, i))->mid, media->mid) == 0
        && media->mid != NULL)
      return TRUE;
  return FALSE;
}

/* RFC 8285 with RFC 9143: in a bundle an id means one URI and a URI has one id. */
static gboolean
extensions_agree (const BedSdpMedia *a, const BedSdpMedia *b)
{
  for (guint i = 0; i < a->extensions->len; i++)
    for (guint j = 0; j < b->extensions->len; j++)
      {
        const BedSdpExtension *x = g_ptr_array_index (a->extensions, i);
        const BedSdpExtension *y = g_ptr_array_index (b->extensions, j);
        if ((x->id == y->id) != (strcmp (x->uri, y->uri) == 0))
          return FALSE;
      }
  return TRUE;
}

static gboolean
check_extensions (const BedSessionDescription *self, GError **error)
{
  for (guint i = 0; i < self->media->len; i++)
    for (guint j = 0; j <= i; j++)
      if (!extensions_agree (g_ptr_array_index (self->media, i),
                             g_ptr_array_index (self->media, j)))
        return fail (error, BED_SDP_ERROR_UNSUPPORTED, "Header extension ids collide");
  return TRUE;
}

static gboolean
finish (BedSdpParsing *parsing, GError **error)
{
  BedSessionDescription *self = parsing->description;
  gboolean fingerprint_known = FALSE;
  guint n_accepted = 0;

  for (guint i = 0; i < self->media->len; i++)
    {
      BedSdpMedia *media = g_ptr_array_index (self->media, i);
      if (has_mid_twice (self, i))
        return fail (error, BED_SDP_ERROR_SYNTAX, "Section name twice");
      if (media->kind == BED_SDP_OTHER || bed_sdp_media_is_rejected (media))
        continue;
      n_accepted++;
      if (media->kind == BED_SDP_APPLICATION && media->sctp_port == 0)
        return fail (error, BED_SDP_ERROR_SYNTAX, "Data channel without port");
      if (!lift_media (parsing, media, &fingerprint_known, error))
        return FALSE;
    }
  if (n_accepted == 0)
    return fail (error, BED_SDP_ERROR_UNSUPPORTED, "No section to talk in");
  if (self->ice_ufrag == NULL || self->ice_pwd == NULL)
    return fail (error, BED_SDP_ERROR_SYNTAX, "No ICE credentials");
  if (self->setup == BED_SDP_SETUP_NONE)
    return fail (error, BED_SDP_ERROR_SYNTAX, "No setup role");
  return check_extensions (self, error);
}

BedSessionDescription *
bed_session_description_parse (const char *text, GError **error)
{
  g_autoptr (BedSessionDescription) self = bed_session_description_new ();
  g_autoptr (BedSdpMedia) session = bed_sdp_media_new ();
  BedSdpParsing parsing = { .description = self, .session = session };
  gboolean ok;

  if (strnlen (text, BED_SDP_MAX_LENGTH + 1) > BED_SDP_MAX_LENGTH)
    {
      fail (error, BED_SDP_ERROR_LIMIT, "Description too long");
      return NULL;
    }
  ok = parse_lines (&parsing, text, error) && finish (&parsing, error);
  g_strfreev (parsing.bundle);
  return ok ? g_steal_pointer (&self) : NULL;
}
