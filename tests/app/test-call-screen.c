/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is told over a call. Needs a display. */
#include "bed-call-parts-private.h"
#include "bed-call-screen.h"
#include "bed-error-text.h"
#include "bed-ui.h"
#include "fake-engine.h"

static BedCall *
new_call (void)
{
  BedCall *call = g_object_new (BED_TYPE_CALL, NULL);

  call->clock = bed_system_clock_new ();
  call->engine = fake_engine_new ();
  call->peer_name = g_strdup ("Elin Marsh");
  return call;
}

static gboolean
shows (GtkWidget *widget, const char *text)
{
  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_label (GTK_LABEL (widget)), text))
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (shows (child, text))
      return TRUE;
  return FALSE;
}

static const char *
take_error (BedCall *call, BedEngineError code)
{
  g_autoptr (GError) error = g_error_new_literal (BED_ENGINE_ERROR, (int) code, "internal canary");

  bed_call_take_error (call, error);
  return bed_error_text (error);
}

/* What goes wrong below is read by the person, for as long as it holds. */
static void
test_problems (void)
{
  static const BedEngineError codes[]
      = { BED_ENGINE_ERROR_CODEC, BED_ENGINE_ERROR_CONSENT };
  g_autoptr (BedClock) clock = bed_system_clock_new ();
  BedWindow *window = g_object_ref_sink (bed_window_new (NULL));
  BedCallScreen *screen = bed_call_screen_new (clock, window);
  g_autoptr (BedCall) call = new_call ();
  const char *text, *out_of_turn;

  bed_call_screen_set_call (screen, call, "en");
  text = take_error (call, BED_ENGINE_ERROR_TRANSPORT);
  g_assert_true (shows (GTK_WIDGET (window), text));
  out_of_turn = take_error (call, BED_ENGINE_ERROR_STATE);
  g_assert_true (shows (GTK_WIDGET (window), out_of_turn));
  bed_call_change_state (call, BED_CALL_EVENT_UP);
  g_assert_false (shows (GTK_WIDGET (window), text));
  g_assert_false (shows (GTK_WIDGET (window), out_of_turn));
  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    {
      text = take_error (call, codes[i]);
      g_assert_true (shows (GTK_WIDGET (window), text));
      bed_window_unwarn (window, text); /* as the person closes it */
      take_error (call, codes[i]);
      g_assert_false (shows (GTK_WIDGET (window), text));
    }
  bed_call_screen_set_call (screen, NULL, NULL);
  g_clear_object (&call);
  call = new_call ();
  bed_call_screen_set_call (screen, call, "en");
  text = take_error (call, BED_ENGINE_ERROR_CODEC);
  g_assert_true (shows (GTK_WIDGET (window), text));
  bed_call_screen_set_call (screen, NULL, NULL);
  g_assert_false (shows (GTK_WIDGET (window), text)); /* it was of that call */
  g_object_unref (screen);
  gtk_window_destroy (GTK_WINDOW (window));
  g_object_unref (window);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  bed_ui_init ();
  g_test_add_func ("/app/call-screen/problems", test_problems);
  return g_test_run ();
}
