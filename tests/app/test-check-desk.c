/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The device check as a person meets it, in a sandbox and on a desktop that has nothing. Needs a display. */
#include <signal.h>

#include "bed-check-desk.h"
#include "bed-device-text.h"
#include "bed-test-portal.h"
#include "bed-ui.h"
#include "bed-vault-fixture.h"

#define PATIENCE_US (30 * G_USEC_PER_SEC)

typedef struct
{
  char *directory;
  BedClock *clock;
  BedSession *session;
  BedMediaDevices *devices;
  BedMediaSettings *media;
  BedWindow *window;
  BedConsentBook *consent;
  BedCheckPage *page;
  BedCheckDesk *desk;
} Check;

static void
check_open (Check *c, gboolean use_portal)
{
  c->directory = g_dir_make_tmp ("bedside-check-XXXXXX", NULL);
  c->clock = bed_system_clock_new ();
  c->session = bed_session_new (c->directory, c->clock, &cheap);
  c->devices = bed_media_devices_new (use_portal);
  c->media = bed_media_settings_new (c->session, c->devices);
  c->window = g_object_ref_sink (bed_window_new (NULL));
  c->consent = bed_consent_book_new (c->session, c->clock, c->window);
  c->page = g_object_ref_sink (bed_check_page_new ());
  c->desk = bed_check_desk_new (c->media, c->window, c->consent);
  bed_check_desk_open (c->desk, c->page);
}

static void
check_close (Check *c)
{
  bed_check_desk_close (c->desk);
  g_object_unref (c->desk);
  g_object_unref (c->page);
  g_object_unref (c->consent);
  gtk_window_destroy (GTK_WINDOW (c->window));
  g_object_unref (c->window);
  g_object_unref (c->media);
  g_object_unref (c->devices);
  g_object_unref (c->session);
  g_object_unref (c->clock);
  fixture_remove (c->directory);
  g_free (c->directory);
}

static gpointer
child (Check *c, const char *name)
{
  return gtk_widget_get_template_child (GTK_WIDGET (c->page), BED_TYPE_CHECK_PAGE, name);
}

static gboolean
says (Check *c, const char *row, const char *text)
{
  return g_strcmp0 (adw_action_row_get_subtitle (child (c, row)), text) == 0;
}

static void
wait_until_says (Check *c, const char *row, const char *text)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;

  while (!says (c, row, text) && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (2000);
  g_assert_cmpstr (adw_action_row_get_subtitle (child (c, row)), ==, text);
}

/* The cameras are not known before the desktop was asked, which is the person's act. */
static void
test_sandbox (gconstpointer data)
{
  BedTestPortal *portal = (BedTestPortal *) data;
  Check c = { 0 };

  kill (atoi (g_getenv ("BED_VIRTUAL_DEVICES_PID")), SIGHUP);
  check_open (&c, TRUE);
  wait_until_says (&c, "microphone_row", "Virtual microphone");
  g_assert_true (says (&c, "camera_row", "Your desktop asks you when you turn it on."));
  g_assert_true (gtk_widget_get_sensitive (child (&c, "camera")));
  g_assert_true (bed_media_settings_has (c.media, BED_MEDIA_DEVICE_VIDEO_INPUT));
  g_assert_cmpuint (bed_test_portal_get_asked (portal), ==, 0);
  gtk_switch_set_active (child (&c, "camera"), TRUE);
  wait_until_says (&c, "camera_row", "Virtual camera");
  g_assert_cmpuint (bed_test_portal_get_asked (portal), ==, 1);
  g_assert_true (bed_check_page_get_camera (c.page));
  kill (atoi (g_getenv ("BED_VIRTUAL_DEVICES_PID")), SIGUSR1);
  wait_until_says (&c, "camera_row", "No camera was found. Plug one in; the call works without it.");
  g_assert_false (gtk_widget_get_sensitive (child (&c, "camera")));
  g_assert_false (bed_media_settings_has (c.media, BED_MEDIA_DEVICE_VIDEO_INPUT));
  check_close (&c);
}

/* Neither PipeWire nor PulseAudio: told as what it is, and not as a device that wants plugging in. */
static void
test_no_server (void)
{
  static const char *const rows[BED_N_MEDIA_DEVICE_KINDS] = {
    [BED_MEDIA_DEVICE_VIDEO_INPUT] = "camera_row",
    [BED_MEDIA_DEVICE_AUDIO_INPUT] = "microphone_row",
    [BED_MEDIA_DEVICE_AUDIO_OUTPUT] = "speaker_row",
  };
  g_autoptr (GError) error = g_error_new_literal (BED_DEVICES_ERROR, BED_DEVICES_ERROR_NO_SERVER, "");
  Check c = { 0 };

  check_open (&c, FALSE);
  for (guint kind = 0; kind < BED_N_MEDIA_DEVICE_KINDS; kind++)
    g_assert_cmpstr (adw_action_row_get_subtitle (child (&c, rows[kind])), ==, bed_device_text (kind, error));
  g_assert_false (gtk_widget_get_sensitive (child (&c, "camera")));
  g_signal_emit_by_name (c.page, "test-speaker");
  g_assert_cmpstr (gtk_label_get_label (child (&c, "problem")), ==,
                   bed_device_text (BED_MEDIA_DEVICE_AUDIO_OUTPUT, error));
  check_close (&c);
}

int
main (int argc, char **argv)
{
  static BedTestPortal *portal; /* GTK keeps its bus to the end, with which GTestDBus ends it */

  g_test_init (&argc, &argv, NULL);
  portal = bed_test_portal_start (TRUE); /* before GTK takes a bus */
  adw_init ();
  bed_ui_init ();
  g_test_add_data_func ("/app/check-desk/sandbox", portal, test_sandbox);
  g_test_add_func ("/app/check-desk/no-server", test_no_server);
  return g_test_run ();
}
