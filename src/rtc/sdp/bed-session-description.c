/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-session-description.h"

#include <string.h>

#include "bed-sdp-text-private.h"

G_DEFINE_BOXED_TYPE (BedSessionDescription, bed_session_description, bed_session_description_copy,
                     bed_session_description_free)

static void
codec_free (gpointer data)
{
  BedSdpCodec *self = data;

  g_free (self->name);
  g_free (self->parameters);
  g_free (self);
}

static gpointer
codec_copy (gconstpointer source, gpointer user_data)
{
  const BedSdpCodec *self = source;
  BedSdpCodec *copy = g_memdup2 (self, sizeof *self);

  copy->name = g_strdup (self->name);
  copy->parameters = g_strdup (self->parameters);
  return copy;
}

static void
extension_free (gpointer data)
{
  BedSdpExtension *self = data;

  g_free (self->uri);
  g_free (self);
}

static gpointer
extension_copy (gconstpointer source, gpointer user_data)
{
  BedSdpExtension *copy = g_memdup2 (source, sizeof *copy);

  copy->uri = g_strdup (copy->uri);
  return copy;
}

BedSdpMedia *
bed_sdp_media_new (void)
{
  BedSdpMedia *self = g_new0 (BedSdpMedia, 1);

  self->direction = BED_SDP_SENDRECV;
  self->max_message_size = 65536;
  self->codecs = g_ptr_array_new_with_free_func (codec_free);
  self->extensions = g_ptr_array_new_with_free_func (extension_free);
  return self;
}

void
bed_sdp_media_free (BedSdpMedia *self)
{
  g_free (self->kind_name);
  g_free (self->protocol);
  g_free (self->formats);
  g_free (self->mid);
  g_free (self->cname);
  g_free (self->msid_stream);
  g_free (self->msid_track);
  g_free (self->ice_ufrag);
  g_free (self->ice_pwd);
  g_free (self->tls_id);
  g_ptr_array_unref (self->codecs);
  g_ptr_array_unref (self->extensions);
  g_free (self);
}

static gpointer
media_copy (gconstpointer source, gpointer user_data)
{
  const BedSdpMedia *self = source;
  BedSdpMedia *copy = g_memdup2 (self, sizeof *self);

  copy->kind_name = g_strdup (self->kind_name);
  copy->protocol = g_strdup (self->protocol);
  copy->formats = g_strdup (self->formats);
  copy->mid = g_strdup (self->mid);
  copy->cname = g_strdup (self->cname);
  copy->msid_stream = g_strdup (self->msid_stream);
  copy->msid_track = g_strdup (self->msid_track);
  copy->ice_ufrag = g_strdup (self->ice_ufrag);
  copy->ice_pwd = g_strdup (self->ice_pwd);
  copy->tls_id = g_strdup (self->tls_id);
  copy->codecs = g_ptr_array_copy (self->codecs, codec_copy, NULL);
  g_ptr_array_set_free_func (copy->codecs, codec_free);
  copy->extensions = g_ptr_array_copy (self->extensions, extension_copy, NULL);
  g_ptr_array_set_free_func (copy->extensions, extension_free);
  return copy;
}

BedSessionDescription *
bed_session_description_new (void)
{
  BedSessionDescription *self = g_new0 (BedSessionDescription, 1);

  self->media = g_ptr_array_new_with_free_func ((GDestroyNotify) bed_sdp_media_free);
  self->candidates = g_ptr_array_new_with_free_func ((GDestroyNotify) bed_ice_candidate_free);
  return self;
}

static gpointer
candidate_copy (gconstpointer source, gpointer user_data)
{
  return bed_ice_candidate_copy (source);
}

BedSessionDescription *
bed_session_description_copy (const BedSessionDescription *self)
{
  BedSessionDescription *copy = g_memdup2 (self, sizeof *self);

  copy->ice_ufrag = g_strdup (self->ice_ufrag);
  copy->ice_pwd = g_strdup (self->ice_pwd);
  copy->tls_id = g_strdup (self->tls_id);
  copy->media = g_ptr_array_copy (self->media, media_copy, NULL);
  g_ptr_array_set_free_func (copy->media, (GDestroyNotify) bed_sdp_media_free);
  copy->candidates = g_ptr_array_copy (self->candidates, candidate_copy, NULL);
  g_ptr_array_set_free_func (copy->candidates, (GDestroyNotify) bed_ice_candidate_free);
  return copy;
}

void
bed_session_description_free (BedSessionDescription *self)
{
  g_free (self->ice_ufrag);
  g_free (self->ice_pwd);
  g_free (self->tls_id);
  g_ptr_array_unref (self->media);
  g_ptr_array_unref (self->candidates);
  g_free (self);
}

gboolean
bed_sdp_media_is_rejected (const BedSdpMedia *self)
{
  return self->port == 0 && !self->bundle_only;
}

BedSdpMedia *
bed_session_description_get_media (const BedSessionDescription *self, BedSdpMediaKind kind)
{
  for (guint i = 0; i < self->media->len; i++)
    {
      BedSdpMedia *media = g_ptr_array_index (self->media, i);
      if (media->kind == kind && !bed_sdp_media_is_rejected (media))
        return media;
    }
  return NULL;
}

BedSdpCodec *
bed_sdp_media_find_codec (const BedSdpMedia *self, const char *name, guint clock_rate)
{
  for (guint i = 0; i < self->codecs->len; i++)
    {
      BedSdpCodec *codec = g_ptr_array_index (self->codecs, i);
      if (codec->name != NULL && g_ascii_strcasecmp (codec->name, name) == 0
          && codec->clock_rate == clock_rate)
        return codec;
    }
  return NULL;
}

BedSdpCodec *
bed_sdp_media_find_rtx (const BedSdpMedia *self, guint8 payload_type)
{
  guint64 apt;

  for (guint i = 0; i < self->codecs->len; i++)
    {
      BedSdpCodec *codec = g_ptr_array_index (self->codecs, i);
      if (codec->name != NULL && g_ascii_strcasecmp (codec->name, "rtx") == 0
          && bed_sdp_codec_get_parameter (codec, "apt", &apt) && apt == payload_type)
        return codec;
    }
  return NULL;
}

BedSdpCodec *
bed_sdp_media_add_codec (BedSdpMedia *self, guint8 payload_type, const char *name, guint clock_rate,
                         guint channels)
{
  BedSdpCodec *codec = g_new0 (BedSdpCodec, 1);

  codec->payload_type = payload_type;
  codec->name = g_strdup (name);
  codec->clock_rate = clock_rate;
  codec->channels = channels;
  g_ptr_array_add (self->codecs, codec);
  return codec;
}

void
bed_sdp_media_add_extension (BedSdpMedia *self, guint8 id, const char *uri)
{
  BedSdpExtension *extension = g_new0 (BedSdpExtension, 1);

  extension->id = id;
  extension->direction = BED_SDP_SENDRECV;
  extension->uri = g_strdup (uri);
  g_ptr_array_add (self->extensions, extension);
}

guint8
bed_sdp_media_get_extension_id (const BedSdpMedia *self, const char *uri)
{
  for (guint i = 0; i < self->extensions->len; i++)
    {
      const BedSdpExtension *extension = g_ptr_array_index (self->extensions, i);
      if (strcmp (extension->uri, uri) == 0)
        return extension->id <= 14 ? extension->id : 0;
    }
  return 0;
}

gboolean
bed_sdp_codec_get_parameter (const BedSdpCodec *self, const char *name, guint64 *value)
{
  g_auto (GStrv) pairs = NULL;

  if (self->parameters == NULL)
    return FALSE;
  pairs = g_strsplit (self->parameters, ";", 32);
  for (guint i = 0; pairs[i] != NULL; i++)
    {
      char *equals = strchr (g_strstrip (pairs[i]), '=');
      if (equals == NULL)
        continue;
      *equals = '\0';
      if (g_ascii_strcasecmp (pairs[i], name) == 0)
        return bed_sdp_parse_number (equals + 1, G_MAXINT64, value);
    }
  return FALSE;
}
