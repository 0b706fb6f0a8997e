/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-media-settings.h"

#define TEXT_VERSION "device-1"
#define CHIME_MS 1500
#define N_KINDS BED_N_MEDIA_DEVICE_KINDS

struct _BedMediaSettings
{
  GObject parent_instance;
  BedSession *session;      /* owned */
  BedMediaDevices *devices; /* owned */
};

enum { CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];
static const char *const kinds[N_KINDS] = { "camera", "microphone", "speaker" };

G_DEFINE_FINAL_TYPE (BedMediaSettings, bed_media_settings, G_TYPE_OBJECT)

static BedAudioProcessing
processing (BedMediaSettings *self)
{
  static const struct
  {
    const char *name;
    BedAudioProcessing flag;
  } settings[] = { { "echo", BED_AUDIO_PROCESSING_ECHO_CANCELLATION },
                   { "noise", BED_AUDIO_PROCESSING_NOISE_SUPPRESSION },
                   { "gain", BED_AUDIO_PROCESSING_AUTO_GAIN_CONTROL } };
  BedAudioProcessing flags = BED_AUDIO_PROCESSING_NONE;

  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      g_autofree char *value = bed_session_dup_setting (self->session, settings[i].name);
      if (value == NULL || g_str_equal (value, "true"))
        flags |= settings[i].flag;
    }
  return flags;
}

BedCapture *
bed_media_settings_new_capture (BedMediaSettings *self, BedConsentDesk *desk, BedConsentScope scope)
{
  BedCapture *capture = bed_capture_new (self->devices, desk, scope, TEXT_VERSION);

  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      g_autofree char *id = bed_session_dup_setting (self->session, kinds[kind]);
      if (id != NULL && *id != '\0')
        bed_capture_choose (capture, kind, id);
    }
  bed_capture_set_processing (capture, processing (self));
  return capture;
}

GListModel *
bed_media_settings_get_list (BedMediaSettings *self, BedMediaDeviceKind kind)
{
  return bed_media_devices_get_list (self->devices, kind);
}

gboolean
bed_media_settings_has (BedMediaSettings *self, BedMediaDeviceKind kind)
{
  return g_list_model_get_n_items (bed_media_devices_get_list (self->devices, kind)) > 0
         || (kind == BED_MEDIA_DEVICE_VIDEO_INPUT && bed_media_devices_get_unasked (self->devices));
}

gboolean
bed_media_settings_get_available (BedMediaSettings *self)
{
  return bed_media_devices_get_available (self->devices);
}

const char *
bed_media_settings_get_name (BedMediaDeviceKind kind)
{
  return kinds[kind];
}

gboolean
bed_media_settings_keep (BedMediaSettings *self, const char *name, const char *id, GError **error)
{
  return bed_session_get_state (self->session) != BED_SESSION_STATE_UNLOCKED
         || bed_session_set_setting (self->session, name, id, error);
}

static gboolean
chime_over (gpointer speaker)
{
  return G_SOURCE_REMOVE; /* closing it is the destroy notify's */
}

gboolean
bed_media_settings_chime (BedMediaSettings *self)
{
  g_autofree char *id = bed_session_dup_setting (self->session, "speaker");
  g_autoptr (GError) error = NULL;
  g_autoptr (BedSpeakerSink) speaker = NULL;

  speaker = bed_media_devices_open_speaker (self->devices, id != NULL && *id != '\0' ? id : NULL,
                                            &error);
  if (speaker == NULL)
    {
      g_info ("No loudspeaker for the arrival (%s %d)", g_quark_to_string (error->domain),
              error->code);
      return FALSE;
    }
  bed_speaker_sink_play_test (speaker);
  g_timeout_add_full (G_PRIORITY_DEFAULT, CHIME_MS, chime_over, g_object_ref (speaker),
                      g_object_unref);
  return TRUE;
}

static void
devices_changed (BedMediaSettings *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
bed_media_settings_dispose (GObject *object)
{
  BedMediaSettings *self = BED_MEDIA_SETTINGS (object);

  g_clear_object (&self->devices);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (bed_media_settings_parent_class)->dispose (object);
}

static void
bed_media_settings_class_init (BedMediaSettingsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_media_settings_dispose;
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_media_settings_init (BedMediaSettings *self)
{
}

BedMediaSettings *
bed_media_settings_new (BedSession *session, BedMediaDevices *devices)
{
  BedMediaSettings *self = g_object_new (BED_TYPE_MEDIA_SETTINGS, NULL);

  self->session = g_object_ref (session);
  self->devices = g_object_ref (devices);
  for (guint kind = 0; kind < N_KINDS; kind++)
    g_signal_connect_object (bed_media_devices_get_list (devices, kind), "items-changed",
                             G_CALLBACK (devices_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (devices, "notify", G_CALLBACK (devices_changed), self,
                           G_CONNECT_SWAPPED);
  return self;
}
