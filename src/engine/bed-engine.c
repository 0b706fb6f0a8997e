/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-engine.h"

#include "bed-consented.h"

#include <string.h>

G_DEFINE_ABSTRACT_TYPE (BedEngine, bed_engine, G_TYPE_OBJECT)
G_DEFINE_QUARK (bed-engine-error-quark, bed_engine_error)

BedEngineIceServer *
bed_engine_ice_server_new (const char *url, const char *username, const char *credential)
{
  BedEngineIceServer *self = g_new0 (BedEngineIceServer, 1);

  self->url = g_strdup (url);
  self->username = g_strdup (username);
  self->credential = g_strdup (credential);
  return self;
}

void
bed_engine_ice_server_free (BedEngineIceServer *self)
{
  if (self->credential != NULL)
    explicit_bzero (self->credential, strlen (self->credential));
  g_free (self->url);
  g_free (self->username);
  g_free (self->credential);
  g_free (self);
}

static void
add_signal (const char *name, guint n, GType a, GType b, GType c)
{
  g_signal_new (name, BED_TYPE_ENGINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, n, a, b,
                c);
}

static void
bed_engine_class_init (BedEngineClass *klass)
{
  GType none = G_TYPE_NONE;

  add_signal ("local-description", 2, G_TYPE_INT, G_TYPE_STRING, none);
  add_signal ("ice-candidate", 3, G_TYPE_STRING, G_TYPE_STRING, G_TYPE_INT);
  add_signal ("end-of-candidates", 0, none, none, none);
  add_signal ("connection-state-changed", 1, G_TYPE_INT, none, none);
  add_signal ("data-channel-state-changed", 1, G_TYPE_BOOLEAN, none, none);
  add_signal ("message", 1, G_TYPE_STRING, none, none);
  add_signal ("text-sent", 1, G_TYPE_BOOLEAN, none, none);
  add_signal ("data", 1, G_TYPE_BYTES, none, none);
  add_signal ("data-sent", 1, G_TYPE_BOOLEAN, none, none);
  add_signal ("first-frame", 0, none, none, none);
  add_signal ("error", 1, G_TYPE_ERROR, none, none);
}

static void
bed_engine_init (BedEngine *self)
{
}

void
bed_engine_create_offer (BedEngine *self, gboolean ice_restart)
{
  BED_ENGINE_GET_CLASS (self)->create_offer (self, ice_restart);
}

void
bed_engine_set_remote_description (BedEngine *self, BedSdpType type, const char *sdp)
{
  BED_ENGINE_GET_CLASS (self)->set_remote_description (self, type, sdp);
}

void
bed_engine_add_ice_candidate (BedEngine *self, const char *candidate, const char *sdp_mid,
                              int sdp_mline_index)
{
  BED_ENGINE_GET_CLASS (self)->add_ice_candidate (self, candidate, sdp_mid, sdp_mline_index);
}

void
bed_engine_end_of_candidates (BedEngine *self)
{
  BED_ENGINE_GET_CLASS (self)->end_of_candidates (self);
}

/* The one door out of this machine: whoever opens it, the grant is looked at here. */
static gboolean
may_send (BedEngine *self, gpointer source, BedDeviceKind device)
{
  g_autoptr (GError) error = NULL;

  if (bed_consented_may_be_sent (source, device))
    return TRUE;
  g_set_error_literal (&error, BED_ENGINE_ERROR, BED_ENGINE_ERROR_CONSENT,
                       "No grant of a call for this device");
  g_signal_emit_by_name (self, "error", error);
  return FALSE;
}

void
bed_engine_set_video_source (BedEngine *self, BedVideoSource *source)
{
  gboolean may = may_send (self, source, BED_DEVICE_CAMERA);

  BED_ENGINE_GET_CLASS (self)->set_video_source (self, may ? source : NULL);
}

void
bed_engine_set_audio_source (BedEngine *self, BedAudioSource *source)
{
  gboolean may = may_send (self, source, BED_DEVICE_MICROPHONE);

  BED_ENGINE_GET_CLASS (self)->set_audio_source (self, may ? source : NULL);
}

void
bed_engine_set_video_sink (BedEngine *self, BedVideoSink *sink)
{
  BED_ENGINE_GET_CLASS (self)->set_video_sink (self, sink);
}

void
bed_engine_set_audio_sink (BedEngine *self, BedAudioSink *sink)
{
  BED_ENGINE_GET_CLASS (self)->set_audio_sink (self, sink);
}

gboolean
bed_engine_send_data (BedEngine *self, GBytes *bytes)
{
  return BED_ENGINE_GET_CLASS (self)->send_data (self, bytes);
}

gboolean
bed_engine_send_text (BedEngine *self, const char *text)
{
  return BED_ENGINE_GET_CLASS (self)->send_text (self, text);
}

void
bed_engine_close (BedEngine *self)
{
  BED_ENGINE_GET_CLASS (self)->close (self);
}

void
bed_engine_get_stats (BedEngine *self, BedEngineStats *stats)
{
  BED_ENGINE_GET_CLASS (self)->get_stats (self, stats);
}

gboolean
bed_engine_get_local_fingerprint (BedEngine *self, guint8 out[32])
{
  return BED_ENGINE_GET_CLASS (self)->get_local_fingerprint (self, out);
}

gboolean
bed_engine_get_remote_fingerprint (BedEngine *self, guint8 out[32])
{
  return BED_ENGINE_GET_CLASS (self)->get_remote_fingerprint (self, out);
}
