/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opens every screen with invented people, saves its picture and looks it over.
 *   screens OUTPUT NAME light|dark WIDTH ltr|rtl */
#include "screens.h"

#include <locale.h>

void
screens_settle (guint ms)
{
  gint64 end = g_get_monotonic_time () + ms * 1000;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (2000);
}

void
screens_save (Screens *self, GtkWidget *root, const char *screen)
{
  g_autofree char *file = g_strdup_printf ("%s/%s-%s.png", self->output, screen, self->name);
  g_autoptr (GdkTexture) picture = NULL;

  screens_wait_for_frames (root);
  picture = screens_render (root);
  g_assert_nonnull (picture);
  g_assert_true (gdk_texture_save_to_png (picture, file));
  if (gtk_widget_get_width (root) > self->width)
    {
      g_printerr ("%s: is %d px wide, the window was to be %d\n", screen, gtk_widget_get_width (root), self->width);
      self->n_findings++;
    }
  self->n_findings += screens_check (root, picture, screen);
  self->n_findings += screens_check_focus (root, picture, screen);
  self->n_screens++;
}

void
screens_show (Screens *self, gpointer page, const char *screen)
{
  GtkWidget *child = page;

  adw_window_set_content (ADW_WINDOW (self->window), child);
  gtk_window_set_focus (self->window, NULL);
  screens_settle (450);
  screens_save (self, child, screen);
}

void
screens_show_folding (Screens *self, gpointer page, const char *screen)
{
  adw_window_set_content (ADW_WINDOW (self->window), page);
  gtk_window_set_focus (self->window, NULL);
  screens_settle (900);
  screens_save (self, page, screen);
}

void
screens_show_window (Screens *self, gpointer window, const char *screen, GtkWidget *root)
{
  int width, height;

  gtk_window_get_default_size (window, &width, &height);
  gtk_window_set_default_size (window, MIN (self->width, MAX (width, 560)),
                               ADW_IS_MESSAGE_DIALOG (window) ? -1 : self->height);
  gtk_window_present (window);
  screens_settle (450);
  screens_save (self, root, screen);
  gtk_window_destroy (window);
  screens_settle (30);
}

static void
nothing (GSimpleAction *action, GVariant *parameter, gpointer data)
{
}

/* So that what calls an action is not grey. */
static void
add_actions (Screens *self)
{
  static const GActionEntry app[] = { { "lock", nothing }, { "preferences", nothing } };
  static const GActionEntry win[] = { { "new-invitation", nothing } };
  g_autoptr (GSimpleActionGroup) app_group = g_simple_action_group_new (), win_group = g_simple_action_group_new ();

  g_action_map_add_action_entries (G_ACTION_MAP (app_group), app, G_N_ELEMENTS (app), NULL);
  g_action_map_add_action_entries (G_ACTION_MAP (win_group), win, G_N_ELEMENTS (win), NULL);
  gtk_widget_insert_action_group (GTK_WIDGET (self->window), "app", G_ACTION_GROUP (app_group));
  gtk_widget_insert_action_group (GTK_WIDGET (self->window), "win", G_ACTION_GROUP (win_group));
}

static void
activate (GtkApplication *application, Screens *self)
{
  bed_ui_init ();
  gtk_widget_set_default_direction (self->direction); /* GTK sets its own when it begins */
  /* What slides or folds is where it will be at once; a picture in the middle of it is of nothing. */
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  self->window = GTK_WINDOW (adw_window_new ());
  gtk_window_set_application (self->window, application);
  gtk_window_set_default_size (self->window, self->width, self->height);
  adw_window_set_content (ADW_WINDOW (self->window), gtk_label_new (NULL));
  add_actions (self);
  gtk_window_present (self->window);
  screens_settle (200);
  screens_invent (self);
  screens_first_run (self);
  screens_unlock (self);
  screens_home (self);
  screens_record (self);
  screens_handover (self);
  screens_attachments (self);
  screens_signed (self);
  screens_emergency (self);
  screens_keeping (self);
  screens_invitation (self);
  screens_before_call (self);
  screens_call (self);
  screens_messages (self);
  screens_guest (self);
  gtk_window_destroy (self->window);
}

int
main (int argc, char **argv)
{
  g_autoptr (AdwApplication) application = NULL;
  Screens self = { 0 };

  g_assert_cmpint (argc, ==, 6);
  setlocale (LC_ALL, "");
  bindtextdomain ("bedside", g_getenv ("BEDSIDE_LOCALEDIR"));
  bind_textdomain_codeset ("bedside", "UTF-8");
  textdomain ("bedside");
  self.output = argv[1];
  self.name = argv[2];
  self.width = atoi (argv[4]);
  self.height = self.width < 600 ? 740 : 760;
  g_assert_cmpint (g_mkdir_with_parents (self.output, 0755), ==, 0);
  application = adw_application_new ("org.bedside.Bedside", G_APPLICATION_NON_UNIQUE);
  g_signal_connect (application, "activate", G_CALLBACK (activate), &self);
  self.direction = g_str_equal (argv[5], "rtl") ? GTK_TEXT_DIR_RTL : GTK_TEXT_DIR_LTR;
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), g_str_equal (argv[3], "dark")
                                                                            ? ADW_COLOR_SCHEME_FORCE_DARK
                                                                            : ADW_COLOR_SCHEME_FORCE_LIGHT);
  g_application_run (G_APPLICATION (application), 0, NULL);
  fixture_remove (self.fixture.directory);
  g_print ("%u screens, %u findings\n", self.n_screens, self.n_findings);
  return self.n_findings == 0 && self.n_screens > 20 ? 0 : 1;
}
