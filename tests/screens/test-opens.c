/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes to be seen is told once each time: by the pages that the app's desks listen to. */
#include "bed-call-page.h"
#include "bed-home-page.h"
#include "bed-ui.h"
#include "bed-vault-fixture.h"

enum { FIRST, SECOND, NOTE, ENCOUNTER, N_THINGS };
#define NOTHING 0

typedef struct
{
  Fixture fixture;
  BedRecordStore *store;
  GtkWindow *window;
  BedPatient *patients[2];
  BedEncounter *encounter;
  BedNote *note;
  guint told[N_THINGS];
} Opens;

static void
told (Opens *o, GObject *shown)
{
  GObject *things[] = { G_OBJECT (o->patients[0]), G_OBJECT (o->patients[1]), G_OBJECT (o->note),
                        G_OBJECT (o->encounter) };
  guint i = 0;

  while (i < N_THINGS && things[i] != shown)
    i++;
  g_assert_cmpuint (i, <, N_THINGS);
  o->told[i]++;
}

/* Two frames after all that was asked for; then each of `things` (bits) was told
 * once since the last call, and nothing else. */
static void
expect (Opens *o, guint things)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (o->window));
  gint64 first = gdk_frame_clock_get_frame_counter (clock);
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (gdk_frame_clock_get_frame_counter (clock) < first + 2 && g_get_monotonic_time () < end)
    {
      gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_PAINT);
      g_main_context_iteration (NULL, TRUE);
    }
  for (guint i = 0; i < N_THINGS; i++)
    {
      g_assert_cmpuint (o->told[i], ==, things >> i & 1);
      o->told[i] = 0;
    }
}

static void
listen (Opens *o, gpointer object)
{
  g_signal_connect_swapped (object, "shown", G_CALLBACK (told), o);
}

static void
invent (Opens *o)
{
  static const char *const names[] = { "Ruth Lindqvist", "Samuel Adeyemi" };
  g_autoptr (GError) error = NULL;

  fixture_set_up (&o->fixture, NULL);
  o->store = bed_record_store_open (o->fixture.vault, o->fixture.clock, "okafor", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 2; i++)
    {
      o->patients[i] = bed_patient_new (names[i]);
      g_assert_true (bed_record_store_save_patient (o->store, o->patients[i], &error));
    }
  o->encounter = bed_record_store_start_encounter (
      o->store, bed_patient_get_id (o->patients[0]), NULL, NULL, NULL, NULL, &error);
  g_assert_no_error (error);
  o->note = bed_record_store_create_note (o->store, bed_encounter_get_id (o->encounter), "soap",
                                          &error);
  g_assert_no_error (error);
}

static void
test_patients (Opens *o, BedHomePage *home)
{
  BedPatientsPage *page = bed_home_page_get_patients (home);

  listen (o, page);
  bed_patients_page_set_store (page, o->store, o->fixture.clock);
  bed_patients_page_show_patient (page, o->patients[0]);
  expect (o, NOTHING); /* Today is in front of it */
  bed_home_page_show_section (home, BED_HOME_PATIENTS);
  expect (o, 1 << FIRST);
  bed_patients_page_show_patient (page, o->patients[0]); /* after a change, or chosen once more */
  expect (o, NOTHING);
  bed_patients_page_show_patient (page, o->patients[1]);
  expect (o, 1 << SECOND);
  bed_home_page_show_section (home, BED_HOME_NOTES);
  expect (o, NOTHING);
  bed_home_page_show_section (home, BED_HOME_PATIENTS);
  expect (o, 1 << SECOND);
  bed_patients_page_close_patient (page);
  expect (o, NOTHING);
  bed_patients_page_show_patient (page, o->patients[1]);
  expect (o, 1 << SECOND);
}

static void
test_notes (Opens *o, BedHomePage *home)
{
  BedNotesPage *page = bed_home_page_get_notes (home);

  listen (o, bed_notes_page_get_editor (page));
  bed_notes_page_set_store (page, o->store, o->fixture.clock);
  bed_home_page_show_section (home, BED_HOME_NOTES);
  expect (o, NOTHING);
  bed_notes_page_show_note (page, o->note);
  expect (o, 1 << NOTE | 1 << ENCOUNTER);
  bed_notes_page_show_note (page, o->note);
  expect (o, NOTHING);
  bed_note_set_section (o->note, BED_NOTE_PLAN, "Rest");
  expect (o, NOTHING); /* what changes in it is not another opening */
  bed_home_page_show_section (home, BED_HOME_TODAY);
  expect (o, NOTHING);
  bed_home_page_show_section (home, BED_HOME_NOTES);
  expect (o, 1 << NOTE | 1 << ENCOUNTER);
  bed_notes_page_set_store (page, NULL, NULL);
  expect (o, NOTHING);
}

static void
test_call (Opens *o)
{
  BedCallPage *page = bed_call_page_new ();
  BedNoteEditor *editor = bed_call_panel_get_editor (bed_call_page_get_panel (page));

  listen (o, editor);
  adw_window_set_content (ADW_WINDOW (o->window), GTK_WIDGET (page));
  bed_call_page_set_look (page, BED_CALL_LOOK_CONNECTED);
  bed_note_editor_set_note (editor, o->note, o->fixture.clock);
  expect (o, NOTHING); /* the panel is closed */
  bed_call_page_toggle_panel (page, BED_CALL_PANEL_NOTE);
  expect (o, 1 << NOTE);
  bed_call_page_toggle_panel (page, BED_CALL_PANEL_CHAT);
  expect (o, NOTHING);
  bed_call_page_toggle_panel (page, BED_CALL_PANEL_NOTE);
  expect (o, 1 << NOTE);
  bed_call_page_close_panel (page);
  expect (o, NOTHING);
  bed_note_editor_set_note (editor, NULL, NULL);
}

static void
activate (GtkApplication *application, Opens *o)
{
  BedHomePage *home;

  bed_ui_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  invent (o);
  o->window = GTK_WINDOW (adw_window_new ());
  gtk_window_set_application (o->window, application);
  gtk_window_set_default_size (o->window, 1280, 760);
  home = bed_home_page_new ();
  adw_window_set_content (ADW_WINDOW (o->window), GTK_WIDGET (home));
  gtk_window_present (o->window);
  expect (o, NOTHING);
  test_patients (o, home);
  test_notes (o, home);
  bed_patients_page_set_store (bed_home_page_get_patients (home), NULL, NULL);
  expect (o, NOTHING);
  test_call (o);
  gtk_window_destroy (o->window);
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application
      = adw_application_new ("org.bedside.Bedside", G_APPLICATION_NON_UNIQUE);
  Opens opens = { 0 };

  g_signal_connect (application, "activate", G_CALLBACK (activate), &opens);
  if (g_application_run (G_APPLICATION (application), 0, NULL) != 0 || opens.window == NULL)
    return 1;
  fixture_remove (opens.fixture.directory);
  return 0;
}
