/* SPDX-License-Identifier: GPL-3.0-or-later */
/* On a real PipeWire graph: run under tests/support/pipewire-session.sh with the virtual devices. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "bed-clock.h"
#include "bed-media-devices.h"
#include "bed-test-media.h"
#include "bed-test-portal.h"

typedef struct
{
  BedClock *clock;
  BedConsentDesk *desk;
  BedMediaDevices *devices;
  gboolean sound_only; /* no PipeWire socket, as in a sandbox */
} Fixture;

#define PATIENCE_MS 20000 /* for what has no limit of its own */

static gboolean
on_timeout (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

static void
run_for (guint ms)
{
  gboolean over = FALSE;

  g_timeout_add (ms, on_timeout, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

/* Runs the main loop until `done` says so; FALSE: it never did. */
static gboolean
run_until (gboolean (*done) (gpointer data), gpointer data)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE_MS * 1000;

  while (!done (data))
    {
      if (g_get_monotonic_time () > deadline)
        return FALSE;
      run_for (10);
    }
  return TRUE;
}

/* What the server itself says: capture streams of this application. */
static guint
count_capture_nodes (void)
{
  g_autofree char *output = NULL;
  guint n = 0;

  g_assert_true (g_spawn_command_line_sync ("env -u PIPEWIRE_REMOTE pw-cli ls Node", &output, NULL, NULL, NULL));
  for (const char *at = output; (at = strstr (at, "node.name = \"bedside-")) != NULL; at++)
    if (!g_str_has_prefix (at, "node.name = \"bedside-sound"))
      n++;
  return n;
}

static gboolean
devices_are_listed (gpointer data)
{
  Fixture *fixture = data;

  for (guint kind = fixture->sound_only ? BED_MEDIA_DEVICE_AUDIO_INPUT : 0; kind < BED_N_MEDIA_DEVICE_KINDS; kind++)
    if (g_list_model_get_n_items (bed_media_devices_get_list (fixture->devices, kind)) == 0)
      return FALSE;
  return TRUE;
}

static gboolean
list_is_empty (gpointer data)
{
  return g_list_model_get_n_items (data) == 0;
}

static gboolean
nothing_captures (gpointer data)
{
  return count_capture_nodes () == 0;
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  kill (atoi (g_getenv ("BED_VIRTUAL_DEVICES_PID")), SIGHUP);
  fixture->sound_only = g_getenv ("PIPEWIRE_REMOTE") != NULL;
  fixture->clock = bed_system_clock_new ();
  fixture->desk = bed_consent_desk_new (fixture->clock, NULL, NULL);
  fixture->devices = bed_media_devices_new (FALSE);
  g_assert_true (bed_media_devices_get_available (fixture->devices));
  g_assert_true (run_until (devices_are_listed, fixture));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->devices);
  g_clear_object (&fixture->desk);
  g_clear_object (&fixture->clock);
}

static void
on_opened (GObject *object, GAsyncResult *result, gpointer data)
{
  *(GAsyncResult **) data = g_object_ref (result);
}

static BedCameraSource *
open_camera (Fixture *fixture, BedConsentGrant *grant, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  bed_media_devices_open_camera_async (fixture->devices, grant, "virtual-camera", NULL, on_opened, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return bed_media_devices_open_camera_finish (fixture->devices, result, error);
}

static gboolean
has_frames (gpointer data)
{
  BedTestVideoStats stats;

  bed_test_video_sink_get_stats (data, &stats);
  return stats.with_number >= 15;
}

static void
test_camera (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BedConsentGrant) grant = NULL;
  g_autoptr (BedCameraSource) camera = NULL;
  g_autoptr (BedTestVideoSink) sink = bed_test_video_sink_new ();
  BedTestVideoStats stats;

  g_assert_cmpuint (count_capture_nodes (), ==, 0);
  grant = g_object_ref (bed_consent_desk_grant (fixture->desk, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_PREVIEW, "device-1"));
  g_assert_cmpuint (count_capture_nodes (), ==, 0);
  camera = open_camera (fixture, grant, NULL);
  g_assert_nonnull (camera);
  bed_video_source_add_sink (BED_VIDEO_SOURCE (camera), BED_VIDEO_SINK (sink));
  g_assert_true (run_until (has_frames, sink));
  bed_test_video_sink_get_stats (sink, &stats);
  g_assert_cmpuint (stats.width, ==, 1280);
  g_assert_cmpuint (stats.height, ==, 720);
  g_assert_cmpuint (stats.backwards, ==, 0);
  g_assert_cmpuint (stats.with_number, ==, stats.frames);
  g_assert_cmpuint (count_capture_nodes (), ==, 1);

  bed_consent_grant_withdraw (grant);
  run_for (100);
  g_assert_cmpuint (count_capture_nodes (), ==, 0);
}

static void
on_ended (gpointer source, GError *error, gpointer data)
{
  *(int *) data = error->code;
}

/* A sink that takes its time, so that pictures wait for the thread that decodes them. */
#define SLOW_TYPE_SINK (slow_sink_get_type ())
G_DECLARE_FINAL_TYPE (SlowSink, slow_sink, SLOW, SINK, GObject)
struct _SlowSink
{
  GObject parent_instance;
  int frames;
};

static void
slow_push (BedVideoSink *sink, BedVideoFrame *frame)
{
  g_usleep (40 * 1000);
  g_atomic_int_inc (&SLOW_SINK (sink)->frames);
}

static void
slow_sink_iface_init (BedVideoSinkInterface *iface)
{
  iface->push = slow_push;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (SlowSink, slow_sink, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BED_TYPE_VIDEO_SINK, slow_sink_iface_init))
static void slow_sink_class_init (SlowSinkClass *klass) {}
static void slow_sink_init (SlowSink *self) {}

static gboolean
has_slow_frames (gpointer data)
{
  return g_atomic_int_get (&SLOW_SINK (data)->frames) >= 2;
}

/* Pictures come on a thread of their own, more than it can take, while the camera is closed here: at once, and
 * not when that thread happens to let us. */
static void
test_closed_while_pictures_flow (Fixture *fixture, gconstpointer data)
{
  gint64 took_us = 0, started_us;
  int frames;

  for (guint round = 0; round < 12; round++)
    {
      g_autoptr (SlowSink) sink = g_object_new (SLOW_TYPE_SINK, NULL);
      g_autoptr (BedCameraSource) camera = NULL;
      BedConsentGrant *grant = bed_consent_desk_grant (fixture->desk, BED_DEVICE_CAMERA,
                                                       BED_CONSENT_SCOPE_CALL, "device-1");

      camera = open_camera (fixture, grant, NULL);
      g_assert_nonnull (camera);
      bed_video_source_add_sink (BED_VIDEO_SOURCE (camera), BED_VIDEO_SINK (sink));
      g_assert_true (run_until (has_slow_frames, sink));
      started_us = g_get_monotonic_time ();
      bed_consent_grant_withdraw (grant);
      took_us += g_get_monotonic_time () - started_us;
      frames = g_atomic_int_get (&sink->frames);
      run_for (100);
      g_assert_cmpint (g_atomic_int_get (&sink->frames), ==, frames);
      bed_video_source_remove_sink (BED_VIDEO_SOURCE (camera), BED_VIDEO_SINK (sink));
    }
  g_assert_cmpuint (count_capture_nodes (), ==, 0);
  g_test_message ("closed within %d ms in the mean", (int) (took_us / 12 / 1000));
  g_assert_cmpint (took_us / 12, <, G_USEC_PER_SEC);
}

static gboolean
code_is_set (gpointer data)
{
  return *(int *) data >= 0;
}

static void
test_camera_unplugged (Fixture *fixture, gconstpointer data)
{
  BedConsentGrant *grant = bed_consent_desk_grant (fixture->desk, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_CALL, "device-1");
  g_autoptr (BedCameraSource) camera = open_camera (fixture, grant, NULL);
  g_autoptr (BedTestVideoSink) sink = bed_test_video_sink_new ();
  GListModel *list = bed_media_devices_get_list (fixture->devices, BED_MEDIA_DEVICE_VIDEO_INPUT);
  int code = -1;

  g_signal_connect (camera, "ended", G_CALLBACK (on_ended), &code);
  bed_video_source_add_sink (BED_VIDEO_SOURCE (camera), BED_VIDEO_SINK (sink));
  g_assert_true (run_until (has_frames, sink));
  kill (atoi (g_getenv ("BED_VIRTUAL_DEVICES_PID")), SIGUSR1);
  g_assert_true (run_until (code_is_set, &code));
  g_assert_cmpint (code, ==, BED_DEVICES_ERROR_UNPLUGGED);
  g_assert_true (run_until (list_is_empty, list));
  g_assert_true (run_until (nothing_captures, NULL));
}

static void
test_no_camera (Fixture *fixture, gconstpointer data)
{
  BedConsentGrant *grant = bed_consent_desk_grant (fixture->desk, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_CALL, "device-1");
  GListModel *list = bed_media_devices_get_list (fixture->devices, BED_MEDIA_DEVICE_VIDEO_INPUT);
  g_autoptr (BedCameraSource) camera = NULL;
  g_autoptr (GError) error = NULL;

  kill (atoi (g_getenv ("BED_VIRTUAL_DEVICES_PID")), SIGUSR1);
  g_assert_true (run_until (list_is_empty, list));
  camera = open_camera (fixture, grant, &error);
  g_assert_null (camera);
  g_assert_error (error, BED_DEVICES_ERROR, BED_DEVICES_ERROR_NO_DEVICE);
}

static void
test_nothing_without_a_grant (Fixture *fixture, gconstpointer data)
{
  BedConsentGrant *wrong = bed_consent_desk_grant (fixture->desk, BED_DEVICE_MICROPHONE, BED_CONSENT_SCOPE_CALL, "device-1");
  BedConsentGrant *over = bed_consent_desk_grant (fixture->desk, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_CALL, "device-1");
  g_autoptr (BedConsentGrant) kept = g_object_ref (over);
  g_autoptr (GError) error = NULL;

  bed_consent_grant_withdraw (over);
  g_assert_null (open_camera (fixture, wrong, &error));
  g_assert_error (error, BED_DEVICES_ERROR, BED_DEVICES_ERROR_NOT_GRANTED);
  g_clear_error (&error);
  g_assert_null (open_camera (fixture, kept, &error));
  g_assert_error (error, BED_DEVICES_ERROR, BED_DEVICES_ERROR_NOT_GRANTED);
  g_clear_error (&error);
  g_assert_null (bed_media_devices_open_microphone (fixture->devices, kept, NULL, 0, NULL, &error));
  g_assert_error (error, BED_DEVICES_ERROR, BED_DEVICES_ERROR_NOT_GRANTED);
  g_assert_cmpuint (count_capture_nodes (), ==, 0);
}

static gboolean
has_tone (gpointer data)
{
  BedTestAudioStats stats;

  bed_test_audio_sink_get_stats (data, &stats);
  return stats.tone_blocks >= 50;
}

static void
test_microphone (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BedConsentGrant) grant = NULL;
  g_autoptr (BedMicrophoneSource) microphone = NULL;
  g_autoptr (BedTestAudioSink) sink = bed_test_audio_sink_new (440);
  BedTestAudioStats before, after;
  GError *error = NULL;

  grant = g_object_ref (bed_consent_desk_grant (fixture->desk, BED_DEVICE_MICROPHONE, BED_CONSENT_SCOPE_CALL, "device-1"));
  microphone = bed_media_devices_open_microphone (fixture->devices, grant, "virtual-microphone",
                                                  BED_AUDIO_PROCESSING_NONE, NULL, &error);
  g_assert_no_error (error);
  bed_audio_source_add_sink (BED_AUDIO_SOURCE (microphone), BED_AUDIO_SINK (sink));
  g_assert_true (run_until (has_tone, sink));

  bed_microphone_source_set_muted (microphone, TRUE);
  run_for (200); /* the block that is on its way */
  bed_test_audio_sink_get_stats (sink, &before);
  run_for (300);
  bed_test_audio_sink_get_stats (sink, &after);
  g_assert_cmpuint (after.blocks, ==, before.blocks);

  bed_consent_grant_withdraw (grant);
  run_for (100);
  g_assert_cmpuint (count_capture_nodes (), ==, 0);
}

static void
test_microphone_unplugged (Fixture *fixture, gconstpointer data)
{
  BedConsentGrant *grant = bed_consent_desk_grant (fixture->desk, BED_DEVICE_MICROPHONE, BED_CONSENT_SCOPE_CALL, "device-1");
  g_autoptr (BedTestAudioSink) sink = bed_test_audio_sink_new (440);
  g_autoptr (BedMicrophoneSource) microphone = NULL;
  int code = -1;

  microphone = bed_media_devices_open_microphone (fixture->devices, grant, "virtual-microphone",
                                                  BED_AUDIO_PROCESSING_NONE, NULL, NULL);
  g_signal_connect (microphone, "ended", G_CALLBACK (on_ended), &code);
  bed_audio_source_add_sink (BED_AUDIO_SOURCE (microphone), BED_AUDIO_SINK (sink));
  g_assert_true (run_until (has_tone, sink));
  kill (atoi (g_getenv ("BED_VIRTUAL_DEVICES_PID")), SIGUSR2);
  g_assert_true (run_until (code_is_set, &code));
  g_assert_cmpint (code, ==, BED_DEVICES_ERROR_UNPLUGGED);
}

typedef struct
{
  BedAudioSink *speaker;
  const char *file;
  double phase;
} Playing;

/* Plays on, until the recorder has written down one and a half seconds. */
static gboolean
has_heard_enough (gpointer data)
{
  Playing *playing = data;
  gint16 block[BED_AUDIO_BLOCK];
  GStatBuf written;

  while (bed_audio_sink_get_queued (playing->speaker) < 1920)
    {
      bed_test_tone_fill (block, BED_AUDIO_BLOCK, 600, 0.5, &playing->phase);
      bed_audio_sink_push (playing->speaker, block, BED_AUDIO_BLOCK, 0);
    }
  return g_stat (playing->file, &written) == 0 && written.st_size >= 150 * (goffset) sizeof block;
}

/* What goes to the loudspeaker is played at its pace, and heard from its monitor by the server's own tool. */
static void
test_speaker (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BedSpeakerSink) speaker = bed_media_devices_open_speaker (fixture->devices, "virtual-loudspeaker", NULL);
  g_autofree char *file = g_build_filename (g_getenv ("XDG_RUNTIME_DIR"), "heard.raw", NULL);
  Playing playing = { .speaker = BED_AUDIO_SINK (speaker), .file = file };
  g_autoptr (GSubprocess) recorder = NULL;
  g_autofree char *heard = NULL;
  gsize length, tone = 0;
  const gsize block = BED_AUDIO_BLOCK * sizeof (gint16);

  g_assert_nonnull (speaker);
  recorder = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, NULL, "env", "-u", "PIPEWIRE_REMOTE", "pw-cat", "-r", "--target", "virtual-loudspeaker", "-P",
                               "stream.capture.sink=true", "--format", "s16", "--rate", "48000", "--channels", "1", file,
                               NULL);
  g_assert_nonnull (recorder);
  g_assert_true (run_until (has_heard_enough, &playing));
  g_subprocess_send_signal (recorder, SIGINT);
  g_subprocess_wait (recorder, NULL, NULL);
  g_assert_true (g_file_get_contents (file, &heard, &length, NULL));
  for (gsize at = 0; at + block <= length; at += block)
    if (bed_test_tone_share ((gint16 *) (heard + at), BED_AUDIO_BLOCK, 600) > 0.5)
      tone++;
  g_assert_cmpuint (tone, >=, 50); /* half a second at least */
}

/* Neither PipeWire nor PulseAudio: everything says so, by itself and in time. */
static void
test_no_server (void)
{
  g_autoptr (BedClock) clock = bed_system_clock_new ();
  Fixture fixture = { .clock = clock, .desk = bed_consent_desk_new (clock, NULL, NULL) };
  BedConsentGrant *camera = bed_consent_desk_grant (fixture.desk, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_CALL, "device-1");
  BedConsentGrant *microphone
      = bed_consent_desk_grant (fixture.desk, BED_DEVICE_MICROPHONE, BED_CONSENT_SCOPE_CALL, "device-1");
  g_autoptr (GError) error = NULL;

  fixture.devices = bed_media_devices_new (FALSE);
  g_assert_false (bed_media_devices_get_available (fixture.devices));
  g_assert_null (open_camera (&fixture, camera, &error));
  g_assert_error (error, BED_DEVICES_ERROR, BED_DEVICES_ERROR_NO_SERVER);
  g_clear_error (&error);
  g_assert_null (bed_media_devices_open_microphone (fixture.devices, microphone, NULL, 0, NULL, &error));
  g_assert_error (error, BED_DEVICES_ERROR, BED_DEVICES_ERROR_NO_SERVER);
  g_clear_error (&error);
  g_assert_null (bed_media_devices_open_speaker (fixture.devices, NULL, &error));
  g_assert_error (error, BED_DEVICES_ERROR, BED_DEVICES_ERROR_NO_SERVER);
  run_for (2300); /* it looks again after two seconds, and finds none */
  g_assert_false (bed_media_devices_get_available (fixture.devices));
  tear_down (&(Fixture){ .devices = fixture.devices, .desk = fixture.desk }, NULL);
}

/* A desktop whose person says no to the camera. */
static void
test_portal_denied (void)
{
  BedTestPortal *portal = bed_test_portal_start (FALSE);
  g_autoptr (BedClock) clock = bed_system_clock_new ();
  Fixture fixture = { .desk = bed_consent_desk_new (clock, NULL, NULL) };
  BedConsentGrant *grant = bed_consent_desk_grant (fixture.desk, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_CALL, "device-1");
  g_autoptr (GError) error = NULL;

  fixture.devices = bed_media_devices_new (TRUE);
  g_assert_null (open_camera (&fixture, grant, &error));
  g_assert_error (error, BED_DEVICES_ERROR, BED_DEVICES_ERROR_DENIED);
  g_assert_cmpuint (bed_test_portal_get_asked (portal), ==, 1);
  tear_down (&fixture, NULL);
  bed_test_portal_stop (portal);
}

static gboolean
is_listed (gpointer data)
{
  return g_list_model_get_n_items (data) > 0;
}

/* One whose person says yes: the pictures come through the portal's remote, and each camera is listed once. */
static void
test_portal_granted (void)
{
  BedTestPortal *portal = bed_test_portal_start (TRUE);
  g_autoptr (BedClock) clock = bed_system_clock_new ();
  Fixture fixture = { .desk = bed_consent_desk_new (clock, NULL, NULL) };
  BedConsentGrant *grant = bed_consent_desk_grant (fixture.desk, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_CALL, "device-1");
  g_autoptr (BedTestVideoSink) sink = bed_test_video_sink_new ();
  g_autoptr (BedCameraSource) camera = NULL;
  GListModel *cameras;

  kill (atoi (g_getenv ("BED_VIRTUAL_DEVICES_PID")), SIGHUP);
  fixture.devices = bed_media_devices_new (TRUE);
  cameras = bed_media_devices_get_list (fixture.devices, BED_MEDIA_DEVICE_VIDEO_INPUT);
  g_assert_true (run_until (is_listed, cameras));
  g_assert_false (bed_media_devices_get_unasked (fixture.devices)); /* PipeWire's own socket lists them */
  camera = open_camera (&fixture, grant, NULL);
  g_assert_nonnull (camera);
  g_assert_cmpuint (bed_test_portal_get_asked (portal), ==, 1);
  bed_video_source_add_sink (BED_VIDEO_SOURCE (camera), BED_VIDEO_SINK (sink));
  g_assert_true (run_until (has_frames, sink));
  g_assert_cmpuint (g_list_model_get_n_items (cameras), ==, 1);
  bed_consent_grant_withdraw (grant);
  run_for (100);
  g_assert_cmpuint (count_capture_nodes (), ==, 0);
  kill (atoi (g_getenv ("BED_VIRTUAL_DEVICES_PID")), SIGUSR1);
  g_assert_true (run_until (list_is_empty, cameras));
  g_clear_object (&camera);
  tear_down (&fixture, NULL);
  bed_test_portal_stop (portal);
}

static void
count (int *n)
{
  (*n)++;
}

/* As in a sandbox: which cameras there are is known only once the person has asked for one. */
static void
test_portal_unasked (void)
{
  BedTestPortal *portal = bed_test_portal_start (TRUE);
  g_autoptr (BedClock) clock = bed_system_clock_new ();
  Fixture fixture = { .desk = bed_consent_desk_new (clock, NULL, NULL), .sound_only = TRUE };
  BedConsentGrant *grant = bed_consent_desk_grant (fixture.desk, BED_DEVICE_CAMERA, BED_CONSENT_SCOPE_CALL, "device-1");
  g_autoptr (BedTestVideoSink) sink = bed_test_video_sink_new ();
  g_autoptr (BedCameraSource) camera = NULL;
  GListModel *cameras;
  int told = 0;

  kill (atoi (g_getenv ("BED_VIRTUAL_DEVICES_PID")), SIGHUP);
  fixture.devices = bed_media_devices_new (TRUE);
  g_signal_connect_swapped (fixture.devices, "notify::unasked", G_CALLBACK (count), &told);
  cameras = bed_media_devices_get_list (fixture.devices, BED_MEDIA_DEVICE_VIDEO_INPUT);
  g_assert_true (run_until (devices_are_listed, &fixture));
  g_assert_cmpuint (g_list_model_get_n_items (cameras), ==, 0);
  g_assert_true (bed_media_devices_get_unasked (fixture.devices));
  g_assert_cmpuint (bed_test_portal_get_asked (portal), ==, 0);
  camera = open_camera (&fixture, grant, NULL);
  g_assert_nonnull (camera);
  g_assert_cmpuint (bed_test_portal_get_asked (portal), ==, 1);
  g_assert_false (bed_media_devices_get_unasked (fixture.devices));
  g_assert_cmpint (told, >, 0);
  g_assert_cmpuint (g_list_model_get_n_items (cameras), ==, 1);
  bed_video_source_add_sink (BED_VIDEO_SOURCE (camera), BED_VIDEO_SINK (sink));
  g_assert_true (run_until (has_frames, sink));
  kill (atoi (g_getenv ("BED_VIRTUAL_DEVICES_PID")), SIGUSR1);
  g_assert_true (run_until (list_is_empty, cameras));
  g_assert_false (bed_media_devices_get_unasked (fixture.devices)); /* it is known that there is none */
  g_clear_object (&camera);
  tear_down (&fixture, NULL);
  bed_test_portal_stop (portal);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/devices/" name, Fixture, NULL, set_up, func, tear_down)
  if (g_getenv ("BED_NO_SERVER") != NULL)
    {
      g_test_add_func ("/devices/no-server", test_no_server);
      g_test_add_func ("/devices/portal-denied", test_portal_denied);
      return g_test_run ();
    }
  if (g_getenv ("PIPEWIRE_REMOTE") == NULL)
    {
      ADD ("camera", test_camera);
      ADD ("camera/closed-while-pictures-flow", test_closed_while_pictures_flow);
      ADD ("camera-unplugged", test_camera_unplugged);
      ADD ("no-camera", test_no_camera);
      ADD ("nothing-without-a-grant", test_nothing_without_a_grant);
      g_test_add_func ("/devices/camera-portal", test_portal_granted);
    }
  else
    {
      g_test_add_func ("/devices/camera-unasked", test_portal_unasked);
    }
  ADD ("microphone", test_microphone);
  ADD ("microphone-unplugged", test_microphone_unplugged);
  ADD ("speaker", test_speaker);
  return g_test_run ();
}
