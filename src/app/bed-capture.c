/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-capture.h"

#include "bed-level-meter-private.h"

#define LEVEL_MS 100

struct _BedCapture
{
  GObject parent_instance;

  /* owned */
  BedMediaDevices *devices;
  BedConsentDesk *desk;
  char *text_version;
  char *chosen[BED_N_MEDIA_DEVICE_KINDS];
  BedCameraSource *camera;         /* (nullable) */
  BedMicrophoneSource *microphone; /* (nullable) */
  BedSpeakerSink *speaker;         /* (nullable) */
  BedLevelMeter *meter;
  GCancellable *opening; /* (nullable): while the camera is being opened */
  guint level_timer;

  BedConsentScope scope;
  BedAudioProcessing processing;
  gboolean want_camera, muted;
  double level;
};

enum { PROP_0, PROP_VIDEO_SOURCE, PROP_AUDIO_SOURCE, PROP_SPEAKER, PROP_LEVEL, N_PROPS };
static GParamSpec *properties[N_PROPS];

enum { PROBLEM, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedCapture, bed_capture, G_TYPE_OBJECT)

static void
notify (BedCapture *self, guint id)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[id]);
}

static void
tell_problem (BedCapture *self, BedMediaDeviceKind kind, const GError *error)
{
  g_signal_emit (self, signals[PROBLEM], 0, kind, error);
}

static void
withdraw (BedCapture *self, BedDeviceKind device)
{
  BedConsentGrant *grant = bed_consent_desk_get_grant (self->desk, device, self->scope);

  if (grant != NULL)
    bed_consent_grant_withdraw (grant);
}

/* Camera */

static void
close_camera (BedCapture *self)
{
  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  withdraw (self, BED_DEVICE_CAMERA);
  if (self->camera == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->camera, self);
  g_clear_object (&self->camera);
  notify (self, PROP_VIDEO_SOURCE);
}

static void
on_camera_ended (BedCameraSource *camera, GError *error, BedCapture *self)
{
  self->want_camera = FALSE;
  close_camera (self);
  tell_problem (self, BED_MEDIA_DEVICE_VIDEO_INPUT, error);
}

static void
on_camera_opened (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedCapture) self = data;
  g_autoptr (GCancellable) cancellable = g_object_ref (g_task_get_cancellable (G_TASK (result)));
  g_autoptr (GError) error = NULL;
  g_autoptr (BedCameraSource) camera
      = bed_media_devices_open_camera_finish (BED_MEDIA_DEVICES (object), result, &error);

  if (cancellable != self->opening)
    return; /* switched off, or another one was chosen meanwhile */
  g_clear_object (&self->opening);
  if (camera == NULL)
    {
      self->want_camera = FALSE;
      withdraw (self, BED_DEVICE_CAMERA);
      tell_problem (self, BED_MEDIA_DEVICE_VIDEO_INPUT, error);
      return;
    }
  self->camera = g_steal_pointer (&camera);
  g_signal_connect (self->camera, "ended", G_CALLBACK (on_camera_ended), self);
  notify (self, PROP_VIDEO_SOURCE);
}

static void
open_camera (BedCapture *self)
{
  g_autoptr (BedConsentGrant) grant
      = bed_consent_desk_grant (self->desk, BED_DEVICE_CAMERA, self->scope, self->text_version);

  self->opening = g_cancellable_new ();
  bed_media_devices_open_camera_async (self->devices, grant,
                                       self->chosen[BED_MEDIA_DEVICE_VIDEO_INPUT], self->opening,
                                       on_camera_opened, g_object_ref (self));
}

void
bed_capture_set_camera (BedCapture *self, gboolean on)
{
  if (self->want_camera == on)
    return;
  self->want_camera = on;
  if (on)
    open_camera (self);
  else
    close_camera (self);
}

/* Microphone */

static gboolean
on_level (gpointer data)
{
  BedCapture *self = data;

  self->level = self->muted ? 0 : bed_level_meter_take (self->meter);
  notify (self, PROP_LEVEL);
  return G_SOURCE_CONTINUE;
}

static void
close_microphone (BedCapture *self)
{
  g_clear_handle_id (&self->level_timer, g_source_remove);
  withdraw (self, BED_DEVICE_MICROPHONE);
  if (self->microphone == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->microphone, self);
  g_clear_object (&self->microphone);
  self->level = 0;
  notify (self, PROP_LEVEL);
  notify (self, PROP_AUDIO_SOURCE);
}

static void
on_microphone_ended (BedMicrophoneSource *microphone, GError *error, BedCapture *self)
{
  close_microphone (self);
  tell_problem (self, BED_MEDIA_DEVICE_AUDIO_INPUT, error);
}

static void
open_microphone (BedCapture *self)
{
  g_autoptr (BedConsentGrant) grant
      = bed_consent_desk_grant (self->desk, BED_DEVICE_MICROPHONE, self->scope, self->text_version);
  g_autoptr (GError) error = NULL;

  self->microphone = bed_media_devices_open_microphone (self->devices, grant,
                                                        self->chosen[BED_MEDIA_DEVICE_AUDIO_INPUT],
                                                        self->processing, self->speaker, &error);
  if (self->microphone == NULL)
    {
      withdraw (self, BED_DEVICE_MICROPHONE);
      tell_problem (self, BED_MEDIA_DEVICE_AUDIO_INPUT, error);
      return;
    }
  bed_microphone_source_set_muted (self->microphone, self->muted);
  g_signal_connect (self->microphone, "ended", G_CALLBACK (on_microphone_ended), self);
  bed_audio_source_add_sink (BED_AUDIO_SOURCE (self->microphone), BED_AUDIO_SINK (self->meter));
  self->level_timer = g_timeout_add (LEVEL_MS, on_level, self);
  notify (self, PROP_AUDIO_SOURCE);
}

void
bed_capture_set_microphone (BedCapture *self, gboolean on)
{
  if ((self->microphone != NULL) == on)
    return;
  if (on)
    open_microphone (self);
  else
    close_microphone (self);
}

void
bed_capture_set_muted (BedCapture *self, gboolean muted)
{
  self->muted = muted;
  if (self->microphone != NULL)
    bed_microphone_source_set_muted (self->microphone, muted);
}

void
bed_capture_set_processing (BedCapture *self, BedAudioProcessing processing)
{
  self->processing = processing;
}

/* Loudspeaker */

static void
close_speaker (BedCapture *self)
{
  if (self->speaker == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->speaker, self);
  g_clear_object (&self->speaker);
  notify (self, PROP_SPEAKER);
}

static void
on_speaker_ended (BedSpeakerSink *speaker, GError *error, BedCapture *self)
{
  close_speaker (self);
  tell_problem (self, BED_MEDIA_DEVICE_AUDIO_OUTPUT, error);
}

void
bed_capture_open_speaker (BedCapture *self)
{
  g_autoptr (GError) error = NULL;

  if (self->speaker != NULL)
    return;
  self->speaker = bed_media_devices_open_speaker (
      self->devices, self->chosen[BED_MEDIA_DEVICE_AUDIO_OUTPUT], &error);
  if (self->speaker == NULL)
    {
      tell_problem (self, BED_MEDIA_DEVICE_AUDIO_OUTPUT, error);
      return;
    }
  g_signal_connect (self->speaker, "ended", G_CALLBACK (on_speaker_ended), self);
  notify (self, PROP_SPEAKER);
}

gboolean
bed_capture_test_speaker (BedCapture *self)
{
  bed_capture_open_speaker (self);
  if (self->speaker == NULL)
    return FALSE;
  bed_speaker_sink_play_test (self->speaker);
  return TRUE;
}

void
bed_capture_choose (BedCapture *self, BedMediaDeviceKind kind, const char *id)
{
  if (g_strcmp0 (self->chosen[kind], id) == 0)
    return;
  g_free (self->chosen[kind]);
  self->chosen[kind] = g_strdup (id);
  if (kind == BED_MEDIA_DEVICE_VIDEO_INPUT && self->want_camera)
    {
      close_camera (self);
      open_camera (self);
    }
  else if (kind == BED_MEDIA_DEVICE_AUDIO_INPUT && self->microphone != NULL)
    {
      close_microphone (self);
      open_microphone (self);
    }
  else if (kind == BED_MEDIA_DEVICE_AUDIO_OUTPUT && self->speaker != NULL)
    {
      close_speaker (self);
      bed_capture_open_speaker (self);
    }
}

void
bed_capture_stop (BedCapture *self)
{
  bed_capture_set_camera (self, FALSE);
  close_microphone (self);
  close_speaker (self);
}

gboolean
bed_capture_get_camera (BedCapture *self)
{
  return self->want_camera;
}

gboolean
bed_capture_get_microphone (BedCapture *self)
{
  return self->microphone != NULL;
}

gboolean
bed_capture_get_muted (BedCapture *self)
{
  return self->muted;
}

const char *
bed_capture_get_chosen (BedCapture *self, BedMediaDeviceKind kind)
{
  return self->chosen[kind];
}

BedVideoSource *
bed_capture_get_video_source (BedCapture *self)
{
  return (BedVideoSource *) self->camera;
}

BedAudioSource *
bed_capture_get_audio_source (BedCapture *self)
{
  return (BedAudioSource *) self->microphone;
}

BedSpeakerSink *
bed_capture_get_speaker (BedCapture *self)
{
  return self->speaker;
}

double
bed_capture_get_level (BedCapture *self)
{
  return self->level;
}

static void
bed_capture_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedCapture *self = BED_CAPTURE (object);

  switch (id)
    {
    case PROP_VIDEO_SOURCE:
      g_value_set_object (value, self->camera);
      break;
    case PROP_AUDIO_SOURCE:
      g_value_set_object (value, self->microphone);
      break;
    case PROP_SPEAKER:
      g_value_set_object (value, self->speaker);
      break;
    case PROP_LEVEL:
      g_value_set_double (value, self->level);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
bed_capture_dispose (GObject *object)
{
  BedCapture *self = BED_CAPTURE (object);

  if (self->desk != NULL)
    bed_capture_stop (self);
  g_clear_object (&self->meter);
  g_clear_object (&self->desk);
  g_clear_object (&self->devices);
  G_OBJECT_CLASS (bed_capture_parent_class)->dispose (object);
}

static void
bed_capture_finalize (GObject *object)
{
  BedCapture *self = BED_CAPTURE (object);

  for (guint i = 0; i < BED_N_MEDIA_DEVICE_KINDS; i++)
    g_free (self->chosen[i]);
  g_free (self->text_version);
  G_OBJECT_CLASS (bed_capture_parent_class)->finalize (object);
}

static void
bed_capture_class_init (BedCaptureClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bed_capture_get_property;
  object_class->dispose = bed_capture_dispose;
  object_class->finalize = bed_capture_finalize;
  properties[PROP_VIDEO_SOURCE]
      = g_param_spec_object ("video-source", NULL, NULL, G_TYPE_OBJECT, flags);
  properties[PROP_AUDIO_SOURCE]
      = g_param_spec_object ("audio-source", NULL, NULL, G_TYPE_OBJECT, flags);
  properties[PROP_SPEAKER] = g_param_spec_object ("speaker", NULL, NULL, G_TYPE_OBJECT, flags);
  properties[PROP_LEVEL] = g_param_spec_double ("level", NULL, NULL, 0, 1, 0, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[PROBLEM] = g_signal_new ("problem", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 2, G_TYPE_INT, G_TYPE_ERROR);
}

static void
bed_capture_init (BedCapture *self)
{
  self->meter = bed_level_meter_new ();
  self->processing = BED_AUDIO_PROCESSING_ALL;
}

BedCapture *
bed_capture_new (BedMediaDevices *devices, BedConsentDesk *desk, BedConsentScope scope,
                 const char *text_version)
{
  BedCapture *self = g_object_new (BED_TYPE_CAPTURE, NULL);

  self->devices = g_object_ref (devices);
  self->desk = g_object_ref (desk);
  self->scope = scope;
  self->text_version = g_strdup (text_version);
  return self;
}
