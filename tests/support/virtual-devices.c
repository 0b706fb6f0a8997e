/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A camera and a microphone that exist only in PipeWire and carry content that can be recognised: the test
 * picture with its counter, and a tone, with --syllables in the rhythm of speech. SIGUSR1 unplugs the camera,
 * SIGUSR2 the microphone, SIGHUP plugs both in again, SIGTERM ends.
 */
#include <math.h>
#include <pipewire/pipewire.h>
#include <signal.h>
#include <spa/param/audio/format-utils.h>
#include <spa/param/video/format-utils.h>
#include <spa/utils/result.h>
#include <stdio.h>
#include <string.h>
#include <turbojpeg.h>

#include "bed-media.h"
#include "bed-test-media.h"

#define WIDTH 1280
#define HEIGHT 720
#define FPS 30
#define SYLLABLES 4.0 /* a second */

typedef struct
{
  struct pw_main_loop *loop;
  struct pw_core *core;
  struct pw_stream *camera, *microphone;
  struct spa_hook camera_listener, microphone_listener;
  struct spa_source *timer;
  GQueue unplugged; /* streams that wait to be destroyed */
  struct spa_source *bell;
  guint rings;
  tjhandle jpeg;
  const char *format;
  double hertz, phase;
  guint16 number;
  guint64 samples; /* of the microphone, so far */
  gboolean syllables;
  gboolean with_camera, with_microphone;
} Devices;

static gsize
write_i420 (const BedVideoFrame *frame, guint8 *out)
{
  gsize length = 0;

  for (guint plane = 0; plane < 3; plane++)
    for (guint row = 0; row < (plane ? HEIGHT / 2 : HEIGHT); row++)
      {
        guint width = plane ? WIDTH / 2 : WIDTH;

        memcpy (out + length, bed_video_frame_get_plane (frame, plane) + row * bed_video_frame_get_stride (frame, plane), width);
        length += width;
      }
  return length;
}

static gsize
write_nv12 (const BedVideoFrame *frame, guint8 *out)
{
  gsize length = WIDTH * HEIGHT;

  for (guint row = 0; row < HEIGHT; row++)
    memcpy (out + row * WIDTH, bed_video_frame_get_plane (frame, 0) + row * bed_video_frame_get_stride (frame, 0), WIDTH);
  for (guint row = 0; row < HEIGHT / 2; row++)
    for (guint x = 0; x < WIDTH / 2; x++)
      {
        out[length++] = bed_video_frame_get_plane (frame, 1)[row * bed_video_frame_get_stride (frame, 1) + x];
        out[length++] = bed_video_frame_get_plane (frame, 2)[row * bed_video_frame_get_stride (frame, 2) + x];
      }
  return length;
}

static gsize
write_yuy2 (const BedVideoFrame *frame, guint8 *out)
{
  gsize length = 0;

  for (guint y = 0; y < HEIGHT; y++)
    for (guint x = 0; x < WIDTH; x += 2)
      {
        const guint8 *luma = bed_video_frame_get_plane (frame, 0) + y * bed_video_frame_get_stride (frame, 0) + x;

        out[length++] = luma[0];
        out[length++] = bed_video_frame_get_plane (frame, 1)[y / 2 * bed_video_frame_get_stride (frame, 1) + x / 2];
        out[length++] = luma[1];
        out[length++] = bed_video_frame_get_plane (frame, 2)[y / 2 * bed_video_frame_get_stride (frame, 2) + x / 2];
      }
  return length;
}

static gsize
write_mjpeg (Devices *self, const BedVideoFrame *frame, guint8 *out, gsize capacity)
{
  const guint8 *planes[3];
  int strides[3];
  unsigned long length = capacity;

  for (guint i = 0; i < 3; i++)
    {
      planes[i] = bed_video_frame_get_plane (frame, i);
      strides[i] = bed_video_frame_get_stride (frame, i);
    }
  if (tjCompressFromYUVPlanes (self->jpeg, planes, WIDTH, strides, HEIGHT, TJSAMP_420, &out, &length, 85,
                               TJFLAG_NOREALLOC) != 0)
    g_error ("jpeg: %s", tjGetErrorStr2 (self->jpeg));
  return length;
}

static void
on_camera_process (void *data)
{
  Devices *self = data;
  struct pw_buffer *buffer = pw_stream_dequeue_buffer (self->camera);
  struct spa_data *plane;
  gsize size = 0;
  g_autoptr (BedVideoFrame) frame = NULL;

  if (buffer == NULL)
    return;
  plane = &buffer->buffer->datas[0];
  frame = bed_test_picture_new (WIDTH, HEIGHT, self->number++, g_get_monotonic_time ());
  if (plane->data != NULL && plane->maxsize >= WIDTH * HEIGHT * 3 / 2)
    {
      if (g_str_equal (self->format, "nv12"))
        size = write_nv12 (frame, plane->data);
      else if (g_str_equal (self->format, "yuy2") && plane->maxsize >= WIDTH * HEIGHT * 2)
        size = write_yuy2 (frame, plane->data);
      else if (g_str_equal (self->format, "mjpeg"))
        size = write_mjpeg (self, frame, plane->data, plane->maxsize);
      else if (g_str_equal (self->format, "i420"))
        size = write_i420 (frame, plane->data);
    }
  plane->chunk->offset = 0;
  plane->chunk->size = size;
  plane->chunk->stride = 0; /* as some producers do */
  pw_stream_queue_buffer (self->camera, buffer);
}

static void
on_camera_param (void *data, uint32_t id, const struct spa_pod *pod)
{
  Devices *self = data;
  guint8 bytes[512];
  struct spa_pod_builder builder = SPA_POD_BUILDER_INIT (bytes, sizeof bytes);
  const struct spa_pod *params[1];

  if (id != SPA_PARAM_Format || pod == NULL)
    return;
  params[0] = spa_pod_builder_add_object (
    &builder, SPA_TYPE_OBJECT_ParamBuffers, SPA_PARAM_Buffers, SPA_PARAM_BUFFERS_buffers,
    SPA_POD_CHOICE_RANGE_Int (4, 2, 8), SPA_PARAM_BUFFERS_blocks, SPA_POD_Int (1), SPA_PARAM_BUFFERS_size,
    SPA_POD_Int (WIDTH * HEIGHT * 2), SPA_PARAM_BUFFERS_stride, SPA_POD_Int (0), SPA_PARAM_BUFFERS_dataType,
    SPA_POD_CHOICE_FLAGS_Int (1 << SPA_DATA_MemFd | 1 << SPA_DATA_MemPtr));
  pw_stream_update_params (self->camera, params, 1);
}

static void
on_camera_state (void *data, enum pw_stream_state old, enum pw_stream_state state, const char *error)
{
  Devices *self = data;
  struct timespec now = { 0, 1 }, period = { 0, 1000000000 / FPS }, never = { 0, 0 };
  gboolean run = state == PW_STREAM_STATE_STREAMING;

  pw_loop_update_timer (pw_main_loop_get_loop (self->loop), self->timer, run ? &now : &never, run ? &period : &never, false);
}

static const struct pw_stream_events camera_events = {
  PW_VERSION_STREAM_EVENTS,
  .state_changed = on_camera_state,
  .param_changed = on_camera_param,
  .process = on_camera_process,
};

static void
on_timer (void *data, uint64_t expirations)
{
  Devices *self = data;

  if (self->camera != NULL)
    pw_stream_trigger_process (self->camera);
}

static const struct spa_pod *
camera_format (Devices *self, struct spa_pod_builder *builder)
{
  enum spa_video_format format = g_str_equal (self->format, "nv12")   ? SPA_VIDEO_FORMAT_NV12
                                 : g_str_equal (self->format, "yuy2") ? SPA_VIDEO_FORMAT_YUY2
                                                                      : SPA_VIDEO_FORMAT_I420;

  if (g_str_equal (self->format, "mjpeg"))
    return spa_pod_builder_add_object (builder, SPA_TYPE_OBJECT_Format, SPA_PARAM_EnumFormat, SPA_FORMAT_mediaType,
                                       SPA_POD_Id (SPA_MEDIA_TYPE_video), SPA_FORMAT_mediaSubtype,
                                       SPA_POD_Id (SPA_MEDIA_SUBTYPE_mjpg), SPA_FORMAT_VIDEO_size,
                                       SPA_POD_Rectangle (&SPA_RECTANGLE (WIDTH, HEIGHT)), SPA_FORMAT_VIDEO_framerate,
                                       SPA_POD_Fraction (&SPA_FRACTION (FPS, 1)));
  return spa_pod_builder_add_object (builder, SPA_TYPE_OBJECT_Format, SPA_PARAM_EnumFormat, SPA_FORMAT_mediaType,
                                     SPA_POD_Id (SPA_MEDIA_TYPE_video), SPA_FORMAT_mediaSubtype,
                                     SPA_POD_Id (SPA_MEDIA_SUBTYPE_raw), SPA_FORMAT_VIDEO_format, SPA_POD_Id (format),
                                     SPA_FORMAT_VIDEO_size, SPA_POD_Rectangle (&SPA_RECTANGLE (WIDTH, HEIGHT)),
                                     SPA_FORMAT_VIDEO_framerate, SPA_POD_Fraction (&SPA_FRACTION (FPS, 1)));
}

static void
plug_camera (Devices *self)
{
  guint8 bytes[1024];
  struct spa_pod_builder builder = SPA_POD_BUILDER_INIT (bytes, sizeof bytes);
  const struct spa_pod *params[] = { camera_format (self, &builder) };

  self->camera = pw_stream_new (self->core, "Virtual camera",
                                pw_properties_new (PW_KEY_MEDIA_CLASS, "Video/Source", PW_KEY_MEDIA_ROLE, "Camera",
                                                   PW_KEY_NODE_NAME, "virtual-camera", PW_KEY_NODE_DESCRIPTION,
                                                   "Virtual camera", "priority.session", "2000", NULL));
  pw_stream_add_listener (self->camera, &self->camera_listener, &camera_events, self);
  pw_stream_connect (self->camera, PW_DIRECTION_OUTPUT, PW_ID_ANY, PW_STREAM_FLAG_DRIVER | PW_STREAM_FLAG_MAP_BUFFERS,
                     params, 1);
}

/* What does not change is noise to noise suppression. */
static void
shape_syllables (Devices *self, gint16 *samples, guint n)
{
  for (guint i = 0; i < n; i++, self->samples++)
    samples[i] = (gint16) (samples[i]
                           * (0.5 - 0.5 * cos (2 * G_PI * SYLLABLES * (double) self->samples / BED_AUDIO_RATE)));
}

static void
on_microphone_process (void *data)
{
  Devices *self = data;
  struct pw_buffer *buffer = pw_stream_dequeue_buffer (self->microphone);
  struct spa_data *plane;
  guint n;

  if (buffer == NULL)
    return;
  plane = &buffer->buffer->datas[0];
  n = plane->maxsize / sizeof (gint16);
  if (buffer->requested > 0)
    n = MIN (n, buffer->requested);
  if (plane->data != NULL)
    bed_test_tone_fill (plane->data, n, self->hertz, 0.3, &self->phase);
  if (plane->data != NULL && self->syllables)
    shape_syllables (self, plane->data, n);
  plane->chunk->offset = 0;
  plane->chunk->stride = sizeof (gint16);
  plane->chunk->size = n * sizeof (gint16);
  pw_stream_queue_buffer (self->microphone, buffer);
}

static const struct pw_stream_events microphone_events = {
  PW_VERSION_STREAM_EVENTS,
  .process = on_microphone_process,
};

static void
plug_microphone (Devices *self)
{
  guint8 bytes[1024];
  struct spa_pod_builder builder = SPA_POD_BUILDER_INIT (bytes, sizeof bytes);
  struct spa_audio_info_raw info = SPA_AUDIO_INFO_RAW_INIT (.format = SPA_AUDIO_FORMAT_S16, .rate = BED_AUDIO_RATE,
                                                            .channels = 1, .position = { SPA_AUDIO_CHANNEL_MONO });
  const struct spa_pod *params[] = { spa_format_audio_raw_build (&builder, SPA_PARAM_EnumFormat, &info) };

  self->microphone = pw_stream_new (self->core, "Virtual microphone",
                                    pw_properties_new (PW_KEY_MEDIA_CLASS, "Audio/Source", PW_KEY_NODE_NAME,
                                                       "virtual-microphone", PW_KEY_NODE_DESCRIPTION,
                                                       "Virtual microphone", "priority.session", "2000", NULL));
  pw_stream_add_listener (self->microphone, &self->microphone_listener, &microphone_events, self);
  pw_stream_connect (self->microphone, PW_DIRECTION_OUTPUT, PW_ID_ANY,
                     PW_STREAM_FLAG_MAP_BUFFERS | PW_STREAM_FLAG_RT_PROCESS, params, 1);
}

/* PipeWire 0.3.65 may still hold a queued `process` of a stream that is destroyed. What is queued goes by
 * before the bell has rung twice. */
static void
on_bell (void *data, uint64_t count)
{
  Devices *self = data;

  if (++self->rings < 2)
    pw_loop_signal_event (pw_main_loop_get_loop (self->loop), self->bell);
  else
    g_queue_clear_full (&self->unplugged, (GDestroyNotify) pw_stream_destroy);
}

static void
unplug (Devices *self, struct pw_stream **stream, struct spa_hook *listener)
{
  if (*stream == NULL)
    return;
  spa_hook_remove (listener);
  pw_stream_disconnect (*stream);
  g_queue_push_tail (&self->unplugged, g_steal_pointer (stream));
  self->rings = 0;
  pw_loop_signal_event (pw_main_loop_get_loop (self->loop), self->bell);
}

static void
on_unplug_camera (void *data, int signal_number)
{
  Devices *self = data;
  struct timespec never = { 0, 0 };

  pw_loop_update_timer (pw_main_loop_get_loop (self->loop), self->timer, &never, &never, false);
  unplug (self, &self->camera, &self->camera_listener);
}

static void
on_unplug_microphone (void *data, int signal_number)
{
  Devices *self = data;

  unplug (self, &self->microphone, &self->microphone_listener);
}

static void
on_plug (void *data, int signal_number)
{
  Devices *self = data;

  if (self->with_camera && self->camera == NULL)
    plug_camera (self);
  if (self->with_microphone && self->microphone == NULL)
    plug_microphone (self);
}

static void
on_quit (void *data, int signal_number)
{
  pw_main_loop_quit (((Devices *) data)->loop);
}

static void
add_signals (Devices *self)
{
  struct pw_loop *loop = pw_main_loop_get_loop (self->loop);

  pw_loop_add_signal (loop, SIGTERM, on_quit, self);
  pw_loop_add_signal (loop, SIGUSR1, on_unplug_camera, self);
  pw_loop_add_signal (loop, SIGUSR2, on_unplug_microphone, self);
  pw_loop_add_signal (loop, SIGHUP, on_plug, self);
}

/* Before PipeWire starts its threads, so that none of them takes what the loop is to hear. */
static void
block_signals (void)
{
  sigset_t set;

  sigemptyset (&set);
  sigaddset (&set, SIGTERM);
  sigaddset (&set, SIGUSR1);
  sigaddset (&set, SIGUSR2);
  sigaddset (&set, SIGHUP);
  pthread_sigmask (SIG_BLOCK, &set, NULL);
}

int
main (int argc, char **argv)
{
  Devices self = { .format = "i420", .hertz = 440, .with_camera = TRUE, .with_microphone = TRUE };
  struct pw_context *context;

  block_signals ();
  pw_init (NULL, NULL);
  for (int i = 1; i < argc; i++)
    {
      if (g_str_equal (argv[i], "--no-camera"))
        self.with_camera = FALSE;
      else if (g_str_equal (argv[i], "--no-microphone"))
        self.with_microphone = FALSE;
      else if (g_str_equal (argv[i], "--syllables"))
        self.syllables = TRUE;
      else if (g_str_equal (argv[i], "--format") && i + 1 < argc)
        self.format = argv[++i];
      else if (g_str_equal (argv[i], "--hertz") && i + 1 < argc)
        self.hertz = g_ascii_strtod (argv[++i], NULL);
      else
        g_error ("unknown option");
    }
  self.jpeg = tjInitCompress ();
  self.loop = pw_main_loop_new (NULL);
  self.timer = pw_loop_add_timer (pw_main_loop_get_loop (self.loop), on_timer, &self);
  self.bell = pw_loop_add_event (pw_main_loop_get_loop (self.loop), on_bell, &self);
  g_queue_init (&self.unplugged);
  context = pw_context_new (pw_main_loop_get_loop (self.loop), NULL, 0);
  self.core = pw_context_connect (context, NULL, 0);
  if (self.core == NULL)
    g_error ("no PipeWire");
  add_signals (&self);
  on_plug (&self, 0);
  puts ("ready");
  fflush (stdout);
  pw_main_loop_run (self.loop);
  g_clear_pointer (&self.camera, pw_stream_destroy);
  g_clear_pointer (&self.microphone, pw_stream_destroy);
  g_queue_clear_full (&self.unplugged, (GDestroyNotify) pw_stream_destroy);
  pw_core_disconnect (self.core);
  pw_context_destroy (context);
  pw_main_loop_destroy (self.loop);
  tjDestroy (self.jpeg);
  return 0;
}
