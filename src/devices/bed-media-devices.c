/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-media-devices.h"

#include <libportal/portal.h>
#include <unistd.h>

#include "bed-camera-source-private.h"
#include "bed-device-registry-private.h"
#include "bed-microphone-source-private.h"
#include "bed-speaker-sink-private.h"

#define BUS_TIMEOUT_MS 1000
#define RETRY_SECONDS 2

struct _BedMediaDevices
{
  GObject parent_instance;

  /* owned */
  XdpPortal *portal; /* (nullable) */
  BedSoundServer sound; /* both NULL while there is none */
  BedPipewire *video; /* (nullable): cameras, on a thread of their own or behind the portal */
  BedDeviceRegistry *registry;     /* on PipeWire */
  BedPulseRegistry *pulse_registry; /* on PulseAudio */
  BedDeviceRegistry *video_registry; /* only behind the portal */
  GListStore *lists[BED_N_MEDIA_DEVICE_KINDS];
  guint retry;
};

enum { PROP_0, PROP_AVAILABLE, PROP_UNASKED, N_PROPS };
static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (BedMediaDevices, bed_media_devices, G_TYPE_OBJECT)

static void connect_server (BedMediaDevices *self);

static void
notify_state (BedMediaDevices *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_AVAILABLE]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNASKED]);
}

static gboolean
on_retry (gpointer data)
{
  BedMediaDevices *self = data;

  connect_server (self);
  if (!bed_media_devices_get_available (self))
    return G_SOURCE_CONTINUE;
  self->retry = 0;
  return G_SOURCE_REMOVE;
}

static void
drop_server (BedMediaDevices *self)
{
  g_clear_object (&self->registry);
  g_clear_object (&self->video_registry);
  g_clear_object (&self->pulse_registry);
  g_clear_pointer (&self->sound.pipewire, bed_pipewire_unref);
  g_clear_pointer (&self->sound.pulse, bed_pulse_unref);
  g_clear_pointer (&self->video, bed_pipewire_unref);
}

static void
on_lost (GObject *registry, BedMediaDevices *self)
{
  g_object_ref (registry);
  drop_server (self);
  g_object_unref (registry);
  notify_state (self);
  if (self->retry == 0)
    self->retry = g_timeout_add_seconds (RETRY_SECONDS, on_retry, self);
}

static void
connect_server (BedMediaDevices *self)
{
  self->sound.pipewire = bed_pipewire_connect (-1, NULL);
  if (self->sound.pipewire == NULL)
    self->sound.pulse = bed_pulse_connect (NULL);
  if (self->sound.pipewire != NULL)
    {
      self->registry = bed_device_registry_new (self->sound.pipewire, self->lists);
      g_signal_connect_object (self->registry, "lost", G_CALLBACK (on_lost), self, 0);
    }
  else if (self->sound.pulse != NULL)
    {
      self->pulse_registry = bed_pulse_registry_new (self->sound.pulse, self->lists);
      g_signal_connect_object (self->pulse_registry, "lost", G_CALLBACK (on_lost), self, 0);
    }
  else
    {
      return;
    }
  notify_state (self);
}

static void
bed_media_devices_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  if (id == PROP_AVAILABLE)
    g_value_set_boolean (value, bed_media_devices_get_available (BED_MEDIA_DEVICES (object)));
  else if (id == PROP_UNASKED)
    g_value_set_boolean (value, bed_media_devices_get_unasked (BED_MEDIA_DEVICES (object)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bed_media_devices_dispose (GObject *object)
{
  BedMediaDevices *self = BED_MEDIA_DEVICES (object);

  g_clear_handle_id (&self->retry, g_source_remove);
  drop_server (self);
  g_clear_object (&self->portal);
  for (guint i = 0; i < BED_N_MEDIA_DEVICE_KINDS; i++)
    g_clear_object (&self->lists[i]);
  G_OBJECT_CLASS (bed_media_devices_parent_class)->dispose (object);
}

static void
bed_media_devices_class_init (BedMediaDevicesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = bed_media_devices_get_property;
  object_class->dispose = bed_media_devices_dispose;
  properties[PROP_AVAILABLE] = g_param_spec_boolean ("available", NULL, NULL, FALSE, flags);
  properties[PROP_UNASKED] = g_param_spec_boolean ("unasked", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bed_media_devices_init (BedMediaDevices *self)
{
  for (guint i = 0; i < BED_N_MEDIA_DEVICE_KINDS; i++)
    self->lists[i] = g_list_store_new (BED_TYPE_MEDIA_DEVICE);
}

static gboolean
lists_name (GDBusConnection *bus, const char *method, const char *name)
{
  g_autoptr (GVariant) answer
      = g_dbus_connection_call_sync (bus, "org.freedesktop.DBus", "/org/freedesktop/DBus",
                                     "org.freedesktop.DBus", method, NULL, G_VARIANT_TYPE ("(as)"),
                                     G_DBUS_CALL_FLAGS_NONE, BUS_TIMEOUT_MS, NULL, NULL);
  g_autofree const char **names = NULL;

  if (answer == NULL)
    return FALSE;
  g_variant_get (answer, "(^a&s)", &names);
  return g_strv_contains ((const char *const *) names, name);
}

/* libportal complains loudly about a desktop without one, which is an ordinary desktop. */
static gboolean
has_portal (void)
{
  static const char name[] = "org.freedesktop.portal.Desktop";
  g_autoptr (GDBusConnection) bus = g_bus_get_sync (G_BUS_TYPE_SESSION, NULL, NULL);

  return bus != NULL && (lists_name (bus, "ListNames", name) || lists_name (bus, "ListActivatableNames", name));
}

BedMediaDevices *
bed_media_devices_new (gboolean use_portal)
{
  BedMediaDevices *self = g_object_new (BED_TYPE_MEDIA_DEVICES, NULL);

  if (use_portal && has_portal ())
    self->portal = xdp_portal_new ();
  connect_server (self);
  if (!bed_media_devices_get_available (self))
    self->retry = g_timeout_add_seconds (RETRY_SECONDS, on_retry, self);
  return self;
}

gboolean
bed_media_devices_get_available (BedMediaDevices *self)
{
  return self->sound.pipewire != NULL || self->sound.pulse != NULL;
}

/* PipeWire's own socket lists the cameras without asking; a sandbox has none. */
gboolean
bed_media_devices_get_unasked (BedMediaDevices *self)
{
  return self->portal != NULL && self->sound.pipewire == NULL
         && (self->video_registry == NULL
             || !bed_device_registry_get_settled (self->video_registry));
}

GListModel *
bed_media_devices_get_list (BedMediaDevices *self, BedMediaDeviceKind kind)
{
  return G_LIST_MODEL (self->lists[kind]);
}

/* The wanted device if it is there, else NULL: the system chooses. */
static const char *
target_of (BedMediaDevices *self, BedMediaDeviceKind kind, const char *id)
{
  GListModel *list = G_LIST_MODEL (self->lists[kind]);

  for (guint i = 0; id != NULL && i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr (BedMediaDevice) device = g_list_model_get_item (list, i);

      if (g_str_equal (bed_media_device_get_id (device), id))
        return id;
    }
  return NULL;
}

static gboolean
is_settled (BedMediaDevices *self)
{
  return self->registry != NULL ? bed_device_registry_get_settled (self->registry)
                                : bed_pulse_registry_get_settled (self->pulse_registry);
}

static gboolean
check_sound (BedMediaDevices *self, BedMediaDeviceKind kind, GError **error)
{
  if (!bed_media_devices_get_available (self))
    {
      g_set_error_literal (error, BED_DEVICES_ERROR, BED_DEVICES_ERROR_NO_SERVER,
                           "no sound server");
      return FALSE;
    }
  if (is_settled (self) && g_list_model_get_n_items (G_LIST_MODEL (self->lists[kind])) == 0)
    {
      g_set_error_literal (error, BED_DEVICES_ERROR, BED_DEVICES_ERROR_NO_DEVICE,
                           "no such device is connected");
      return FALSE;
    }
  return TRUE;
}

BedMicrophoneSource *
bed_media_devices_open_microphone (BedMediaDevices *self, BedConsentGrant *grant, const char *id,
                                   BedAudioProcessing processing, BedSpeakerSink *speaker,
                                   GError **error)
{
  if (!check_sound (self, BED_MEDIA_DEVICE_AUDIO_INPUT, error))
    return NULL;
  return bed_microphone_source_new (&self->sound, grant,
                                    target_of (self, BED_MEDIA_DEVICE_AUDIO_INPUT, id), processing,
                                    speaker, error);
}

BedSpeakerSink *
bed_media_devices_open_speaker (BedMediaDevices *self, const char *id, GError **error)
{
  if (!check_sound (self, BED_MEDIA_DEVICE_AUDIO_OUTPUT, error))
    return NULL;
  return bed_speaker_sink_new (&self->sound, target_of (self, BED_MEDIA_DEVICE_AUDIO_OUTPUT, id),
                               error);
}

typedef struct
{
  BedConsentGrant *grant;
  char *id;
} CameraRequest;

static void
camera_request_free (gpointer data)
{
  CameraRequest *request = data;

  g_object_unref (request->grant);
  g_free (request->id);
  g_free (request);
}

static void
open_camera (GTask *task)
{
  BedMediaDevices *self = g_task_get_source_object (task);
  CameraRequest *request = g_task_get_task_data (task);
  GError *error = NULL;
  BedCameraSource *source;

  if (self->video == NULL)
    self->video = bed_pipewire_connect (-1, &error);
  if (self->video == NULL)
    {
      g_task_return_error (task, error);
      return;
    }
  source = bed_camera_source_new (self->video, request->grant,
                                  target_of (self, BED_MEDIA_DEVICE_VIDEO_INPUT, request->id),
                                  &error);
  if (source != NULL)
    g_task_return_pointer (task, source, g_object_unref);
  else
    g_task_return_error (task, error);
}

static void
on_video_lost (BedDeviceRegistry *registry, GTask *task)
{
  g_signal_handlers_disconnect_by_data (registry, task);
  g_task_return_new_error (task, BED_DEVICES_ERROR, BED_DEVICES_ERROR_NO_SERVER,
                           "the desktop's cameras went away");
  g_object_unref (task);
}

static void
on_video_settled (BedDeviceRegistry *registry, GTask *task)
{
  BedMediaDevices *self = g_task_get_source_object (task);

  g_signal_handlers_disconnect_by_data (registry, task);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_UNASKED]);
  if (g_list_model_get_n_items (G_LIST_MODEL (self->lists[BED_MEDIA_DEVICE_VIDEO_INPUT])) > 0)
    open_camera (task);
  else
    g_task_return_new_error (task, BED_DEVICES_ERROR, BED_DEVICES_ERROR_NO_DEVICE,
                             "no camera is connected");
  g_object_unref (task);
}

static void
use_portal_remote (BedMediaDevices *self, GTask *task)
{
  int fd = xdp_portal_open_pipewire_remote_for_camera (self->portal);
  GError *error = NULL;

  if (fd >= 0)
    self->video = bed_pipewire_connect (fd, &error);
  if (self->video == NULL)
    {
      g_clear_error (&error);
      g_task_return_new_error (task, BED_DEVICES_ERROR, BED_DEVICES_ERROR_NO_SERVER,
                               "no camera from the desktop");
      return;
    }
  self->video_registry = bed_device_registry_new (self->video, self->lists);
  g_signal_connect_object (self->video_registry, "lost", G_CALLBACK (on_lost), self, 0);
  g_signal_connect (self->video_registry, "settled", G_CALLBACK (on_video_settled),
                    g_object_ref (task));
  g_signal_connect (self->video_registry, "lost", G_CALLBACK (on_video_lost), task);
}

/* A desktop without a portal, or with one that knows no cameras: nobody there who could say no. */
static gboolean
is_absent (const GError *error)
{
  return g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_SERVICE_UNKNOWN)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_NAME_HAS_NO_OWNER)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_INTERFACE)
         || g_error_matches (error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD);
}

static void
on_camera_access (GObject *object, GAsyncResult *result, gpointer data)
{
  g_autoptr (GTask) task = data;
  BedMediaDevices *self = g_task_get_source_object (task);
  g_autoptr (GError) error = NULL;

  if (xdp_portal_access_camera_finish (XDP_PORTAL (object), result, &error))
    use_portal_remote (self, task);
  else if (is_absent (error))
    open_camera (task);
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_task_return_new_error (task, BED_DEVICES_ERROR, BED_DEVICES_ERROR_DENIED,
                             "the desktop denied the camera");
  else
    g_task_return_new_error (task, BED_DEVICES_ERROR, BED_DEVICES_ERROR_DENIED,
                             "the desktop gave no camera");
}

void
bed_media_devices_open_camera_async (BedMediaDevices *self, BedConsentGrant *grant, const char *id,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  CameraRequest *request = g_new0 (CameraRequest, 1);
  GError *error = NULL;

  request->grant = g_object_ref (grant);
  request->id = g_strdup (id);
  g_task_set_source_tag (task, bed_media_devices_open_camera_async);
  g_task_set_task_data (task, request, camera_request_free);
  if (!bed_consent_grant_is_valid (grant))
    g_task_return_new_error (task, BED_DEVICES_ERROR, BED_DEVICES_ERROR_NOT_GRANTED,
                             "no consent to the camera");
  else if (self->portal != NULL && self->video == NULL)
    xdp_portal_access_camera (self->portal, NULL, XDP_CAMERA_FLAG_NONE, cancellable,
                              on_camera_access, g_steal_pointer (&task));
  else if (self->portal == NULL && !check_sound (self, BED_MEDIA_DEVICE_VIDEO_INPUT, &error))
    g_task_return_error (task, error);
  else
    open_camera (task);
}

BedCameraSource *
bed_media_devices_open_camera_finish (BedMediaDevices *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
