/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-camera-source-private.h"

#include <spa/param/buffers.h>
#include <turbojpeg.h>

#include "bed-camera-format-private.h"
#include "bed-post-private.h"

struct _BedCameraSource
{
  GObject parent_instance;

  /* owned */
  BedPipewire *pipewire;
  BedConsentGrant *grant;
  BedSinkList *sinks;
  struct pw_stream *stream;

  /* camera thread */
  struct spa_hook listener;
  BedCameraFormat format;
  gboolean has_format;
  tjhandle jpeg;

  gboolean ended;
  int closing; /* atomic */
};

enum { ENDED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void
camera_add_sink (BedVideoSource *source, BedVideoSink *sink)
{
  bed_sink_list_add (BED_CAMERA_SOURCE (source)->sinks, sink);
}

static void
camera_remove_sink (BedVideoSource *source, BedVideoSink *sink)
{
  bed_sink_list_remove (BED_CAMERA_SOURCE (source)->sinks, sink);
}

static void
video_source_init (BedVideoSourceInterface *iface)
{
  iface->add_sink = camera_add_sink;
  iface->remove_sink = camera_remove_sink;
}

static BedConsentGrant *
get_grant (BedConsented *consented)
{
  return BED_CAMERA_SOURCE (consented)->grant;
}

static void
consented_init (BedConsentedInterface *iface)
{
  iface->get_grant = get_grant;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (BedCameraSource, bed_camera_source, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_VIDEO_SOURCE, video_source_init)
                               G_IMPLEMENT_INTERFACE (BED_TYPE_CONSENTED, consented_init))

/* From here on nothing is taken any more. A camera thread that has all hands full with pictures would
 * not let go of its lock otherwise: it takes it again before anybody else can. */
static void
close_stream (BedCameraSource *self)
{
  g_atomic_int_set (&self->closing, TRUE);
  if (self->stream != NULL)
    bed_pipewire_close_stream (self->pipewire, self->stream, &self->listener);
  self->stream = NULL;
}

static void
end (BedCameraSource *self, int code, const char *message)
{
  g_autoptr (GError) error = g_error_new_literal (BED_DEVICES_ERROR, code, message);

  if (self->ended)
    return;
  self->ended = TRUE;
  close_stream (self);
  g_signal_emit (self, signals[ENDED], 0, error);
}

static void
end_unplugged (gpointer object, gpointer data)
{
  end (object, BED_DEVICES_ERROR_UNPLUGGED, "the camera went away");
}

static void
end_format (gpointer object, gpointer data)
{
  end (object, BED_DEVICES_ERROR_FORMAT, "the camera gives no picture that can be used");
}

static void
on_withdrawn (BedConsentGrant *grant, BedCameraSource *self)
{
  self->ended = TRUE;
  close_stream (self);
}

static void
on_state_changed (void *data, enum pw_stream_state old, enum pw_stream_state state,
                  const char *message)
{
  gboolean had_started = old == PW_STREAM_STATE_STREAMING || old == PW_STREAM_STATE_PAUSED;

  if (state == PW_STREAM_STATE_ERROR)
    bed_post (data, had_started ? end_unplugged : end_format, NULL, NULL);
  else if (state == PW_STREAM_STATE_UNCONNECTED && had_started)
    bed_post (data, end_unplugged, NULL, NULL);
}

static void
on_param_changed (void *data, uint32_t id, const struct spa_pod *pod)
{
  BedCameraSource *self = data;
  guint8 buffer[512];
  struct spa_pod_builder builder = SPA_POD_BUILDER_INIT (buffer, sizeof buffer);
  const struct spa_pod *params[1];

  if (id != SPA_PARAM_Format || pod == NULL)
    return;
  self->has_format = bed_camera_format_parse (&self->format, pod);
  if (!self->has_format)
    {
      bed_post (self, end_format, NULL, NULL);
      return;
    }
  params[0] = spa_pod_builder_add_object (
    &builder, SPA_TYPE_OBJECT_ParamBuffers, SPA_PARAM_Buffers, SPA_PARAM_BUFFERS_buffers,
    SPA_POD_CHOICE_RANGE_Int (4, 2, 16), SPA_PARAM_BUFFERS_dataType,
    SPA_POD_CHOICE_FLAGS_Int (1 << SPA_DATA_MemFd | 1 << SPA_DATA_MemPtr));
  pw_stream_update_params (self->stream, params, 1);
}

static struct pw_buffer *
dequeue_newest (struct pw_stream *stream)
{
  struct pw_buffer *newest = NULL, *next;

  while ((next = pw_stream_dequeue_buffer (stream)) != NULL)
    {
      if (newest != NULL)
        pw_stream_queue_buffer (stream, newest);
      newest = next;
    }
  return newest;
}

/* The chunk's offset and size come from another process. */
static BedVideoFrame *
decode_buffer (BedCameraSource *self, struct spa_data *data)
{
  gsize offset, size;

  if (data->data == NULL || data->chunk == NULL
      || (data->chunk->flags & SPA_CHUNK_FLAG_CORRUPTED) != 0)
    return NULL;
  offset = MIN (data->chunk->offset, data->maxsize);
  size = MIN (data->chunk->size, data->maxsize - offset);
  return bed_camera_format_decode (&self->format, self->jpeg, (const guint8 *) data->data + offset,
                                   size, data->chunk->stride, g_get_monotonic_time ());
}

static void
on_process (void *data)
{
  BedCameraSource *self = data;
  struct pw_buffer *buffer;
  g_autoptr (BedVideoFrame) frame = NULL;

  if (g_atomic_int_get (&self->closing))
    return;
  buffer = dequeue_newest (self->stream);
  if (buffer == NULL)
    return;
  if (self->has_format && buffer->buffer->n_datas > 0)
    frame = decode_buffer (self, &buffer->buffer->datas[0]);
  pw_stream_queue_buffer (self->stream, buffer);
  if (frame != NULL)
    bed_sink_list_push_video (self->sinks, frame);
}

static const struct pw_stream_events stream_events = {
  PW_VERSION_STREAM_EVENTS,
  .state_changed = on_state_changed,
  .param_changed = on_param_changed,
  .process = on_process,
};

/* No node.latency here: on a video stream it kills PipeWire 0.3.65. */
static gboolean
open_stream (BedCameraSource *self, const char *target)
{
  struct pw_properties *props = pw_properties_new (
      PW_KEY_MEDIA_TYPE, "Video", PW_KEY_MEDIA_CATEGORY, "Capture", PW_KEY_MEDIA_ROLE, "Camera",
      PW_KEY_NODE_DONT_RECONNECT, "true", PW_KEY_NODE_NAME, "bedside-camera", NULL);
  guint8 buffer[2048];
  struct spa_pod_builder builder = SPA_POD_BUILDER_INIT (buffer, sizeof buffer);
  const struct spa_pod *params[2];
  guint n = bed_camera_format_build (&builder, params);
  int result = -1;

  if (target != NULL)
    pw_properties_set (props, PW_KEY_TARGET_OBJECT, target);
  bed_pipewire_lock (self->pipewire);
  self->stream = pw_stream_new (self->pipewire->core, "Camera", props);
  if (self->stream != NULL)
    {
      pw_stream_add_listener (self->stream, &self->listener, &stream_events, self);
      result = pw_stream_connect (self->stream, PW_DIRECTION_INPUT, PW_ID_ANY,
                                  PW_STREAM_FLAG_AUTOCONNECT | PW_STREAM_FLAG_MAP_BUFFERS, params,
                                  n);
    }
  bed_pipewire_unlock (self->pipewire);
  return result >= 0;
}

static void
bed_camera_source_dispose (GObject *object)
{
  BedCameraSource *self = BED_CAMERA_SOURCE (object);

  close_stream (self);
  if (self->grant != NULL)
    g_signal_handlers_disconnect_by_data (self->grant, self);
  g_clear_object (&self->grant);
  g_clear_pointer (&self->pipewire, bed_pipewire_unref);
  G_OBJECT_CLASS (bed_camera_source_parent_class)->dispose (object);
}

static void
bed_camera_source_finalize (GObject *object)
{
  BedCameraSource *self = BED_CAMERA_SOURCE (object);

  bed_sink_list_free (self->sinks);
  tjDestroy (self->jpeg);
  G_OBJECT_CLASS (bed_camera_source_parent_class)->finalize (object);
}

static void
bed_camera_source_class_init (BedCameraSourceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bed_camera_source_dispose;
  object_class->finalize = bed_camera_source_finalize;
  signals[ENDED] = g_signal_new ("ended", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
bed_camera_source_init (BedCameraSource *self)
{
  self->sinks = bed_sink_list_new ();
  self->jpeg = tjInitDecompress ();
}

BedCameraSource *
bed_camera_source_new (BedPipewire *pipewire, BedConsentGrant *grant, const char *target,
                       GError **error)
{
  g_autoptr (BedCameraSource) self = NULL;

  if (!bed_consent_grant_is_valid (grant)
      || bed_consent_grant_get_device (grant) != BED_DEVICE_CAMERA)
    {
      g_set_error_literal (error, BED_DEVICES_ERROR, BED_DEVICES_ERROR_NOT_GRANTED,
                           "no consent to the camera");
      return NULL;
    }
  self = g_object_new (BED_TYPE_CAMERA_SOURCE, NULL);
  self->pipewire = bed_pipewire_ref (pipewire);
  self->grant = g_object_ref (grant);
  g_signal_connect (grant, "withdrawn", G_CALLBACK (on_withdrawn), self);
  if (!open_stream (self, target))
    {
      g_set_error_literal (error, BED_DEVICES_ERROR, BED_DEVICES_ERROR_FAILED,
                           "the camera could not be opened");
      return NULL;
    }
  return g_steal_pointer (&self);
}
