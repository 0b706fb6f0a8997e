/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-check-page.h"

#include <glib/gi18n.h>

#include "bed-adaptive-bin.h"
#include "bed-ui.h"
#include "bed-video-paintable.h"

#define HEARD 0.08

struct _BedCheckPage
{
  AdwBin parent_instance;
  BedAdaptiveBin *bin;
  GtkBox *columns;
  GtkWidget *preview, *off_box, *only_you, *controls, *problem_box, *start, *without, *test, *back;
  GtkPicture *picture;
  GtkLabel *off_label, *state, *text, *meter_label, *problem;
  AdwActionRow *camera_row, *microphone_row, *speaker_row;
  GtkMenuButton *camera_menu, *microphone_menu, *speaker_menu;
  GtkSwitch *camera, *microphone;
  GtkLevelBar *meter;
  GSimpleActionGroup *actions;
  gboolean setting, guest, heard, has_microphone;
};

enum { CAMERA, MICROPHONE, TEST_SPEAKER, CHOOSE, START, BACK, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedCheckPage, bed_check_page, ADW_TYPE_BIN)

static const char *
state_text (gboolean camera, gboolean microphone)
{
  if (camera && microphone)
    return _("Your camera and microphone are on.");
  if (camera)
    return _("Your camera is on, your microphone is off.");
  if (microphone)
    return _("Your microphone is on, your camera is off.");
  return _("Your camera and microphone are off.");
}

static const char *
meter_text (BedCheckPage *self)
{
  if (!self->has_microphone)
    return _("There is no microphone to test");
  if (!gtk_switch_get_active (self->microphone))
    return _("Turn the microphone on to test it");
  return self->heard ? _("We hear you well") : _("Say something: the bar moves when we hear you");
}

static void
show_state (BedCheckPage *self)
{
  gboolean camera = gtk_switch_get_active (self->camera), microphone = gtk_switch_get_active (self->microphone);

  gtk_label_set_label (self->state, state_text (camera, microphone));
  gtk_label_set_label (self->meter_label, meter_text (self));
  gtk_label_set_label (self->off_label, camera ? _("Starting your camera…") : _("Your camera is off"));
  gtk_widget_set_visible (self->without, self->guest && !camera);
  gtk_widget_set_visible (self->start, !self->guest || camera);
  if (!microphone)
    gtk_level_bar_set_value (self->meter, 0);
}

static void
camera_switched (BedCheckPage *self)
{
  show_state (self);
  if (!self->setting)
    g_signal_emit (self, signals[CAMERA], 0, gtk_switch_get_active (self->camera));
}

static void
microphone_switched (BedCheckPage *self)
{
  self->heard = FALSE;
  show_state (self);
  if (!self->setting)
    g_signal_emit (self, signals[MICROPHONE], 0, gtk_switch_get_active (self->microphone));
}

static void
test_clicked (BedCheckPage *self)
{
  g_signal_emit (self, signals[TEST_SPEAKER], 0);
}

static void
start_clicked (BedCheckPage *self)
{
  g_signal_emit (self, signals[START], 0);
}

static void
without_clicked (BedCheckPage *self)
{
  g_signal_emit (self, signals[START], 0);
}

static void
back_clicked (BedCheckPage *self)
{
  g_signal_emit (self, signals[BACK], 0);
}

static void
chosen (GSimpleAction *action, GVariant *parameter, gpointer data)
{
  BedCheckPage *self = data;

  g_simple_action_set_state (action, parameter);
  g_signal_emit (self, signals[CHOOSE], 0, g_action_get_name (G_ACTION (action)),
                 g_variant_get_string (parameter, NULL));
}

static void
narrow_changed (BedCheckPage *self)
{
  gboolean narrow = bed_adaptive_bin_get_narrow (self->bin);

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->columns),
                                  narrow ? GTK_ORIENTATION_VERTICAL : GTK_ORIENTATION_HORIZONTAL);
  gtk_widget_set_size_request (GTK_WIDGET (self->picture), 280, narrow ? 200 : 300);
  gtk_box_set_spacing (self->columns, narrow ? 18 : 28);
  gtk_widget_set_valign (GTK_WIDGET (self->columns), narrow ? GTK_ALIGN_START : GTK_ALIGN_CENTER);
}

static void
bed_check_page_dispose (GObject *object)
{
  g_clear_object (&BED_CHECK_PAGE (object)->actions);
  G_OBJECT_CLASS (bed_check_page_parent_class)->dispose (object);
}

static void
bed_check_page_class_init (BedCheckPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_check_page_dispose;
  signals[CAMERA] = g_signal_new ("camera", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                  G_TYPE_BOOLEAN);
  signals[MICROPHONE] = g_signal_new ("microphone", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                      1, G_TYPE_BOOLEAN);
  signals[TEST_SPEAKER] = g_signal_new ("test-speaker", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 0);
  signals[CHOOSE] = g_signal_new ("choose", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 2,
                                  G_TYPE_STRING, G_TYPE_STRING);
  signals[START] = g_signal_new ("start", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[BACK] = g_signal_new ("back", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/bedside/Bedside/ui/bed-check-page.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedCheckPage, child)
  BIND (bin);
  BIND (columns);
  BIND (preview);
  BIND (off_box);
  BIND (only_you);
  BIND (controls);
  BIND (problem_box);
  BIND (start);
  BIND (without);
  BIND (test);
  BIND (back);
  BIND (picture);
  BIND (off_label);
  BIND (state);
  BIND (text);
  BIND (meter_label);
  BIND (problem);
  BIND (camera_row);
  BIND (microphone_row);
  BIND (speaker_row);
  BIND (camera_menu);
  BIND (microphone_menu);
  BIND (speaker_menu);
  BIND (camera);
  BIND (microphone);
  BIND (meter);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, camera_switched);
  gtk_widget_class_bind_template_callback (widget_class, microphone_switched);
  gtk_widget_class_bind_template_callback (widget_class, test_clicked);
  gtk_widget_class_bind_template_callback (widget_class, start_clicked);
  gtk_widget_class_bind_template_callback (widget_class, without_clicked);
  gtk_widget_class_bind_template_callback (widget_class, back_clicked);
}

static void
bed_check_page_init (BedCheckPage *self)
{
  static const GActionEntry entries[] = { { "camera", NULL, "s", "''", chosen },
                                          { "microphone", NULL, "s", "''", chosen },
                                          { "speaker", NULL, "s", "''", chosen } };

  self->has_microphone = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "check", G_ACTION_GROUP (self->actions));
  g_signal_connect_object (self->bin, "notify::narrow", G_CALLBACK (narrow_changed), self, G_CONNECT_SWAPPED);
  bed_check_page_set_words (self, "", _("Start the call"));
  show_state (self);
}

BedCheckPage *
bed_check_page_new (void)
{
  return g_object_new (BED_TYPE_CHECK_PAGE, NULL);
}

void
bed_check_page_set_words (BedCheckPage *self, const char *text, const char *button)
{
  gtk_label_set_label (self->text, text);
  gtk_widget_set_visible (GTK_WIDGET (self->text), *text != '\0');
  gtk_button_set_label (GTK_BUTTON (self->start), button);
}

void
bed_check_page_set_can_start (BedCheckPage *self, gboolean can_start)
{
  gboolean focused = gtk_widget_has_focus (self->start);

  gtk_widget_set_sensitive (self->start, can_start);
  if (focused && !can_start)
    gtk_widget_grab_focus (self->back);
}

void
bed_check_page_set_guest (BedCheckPage *self, gboolean guest)
{
  self->guest = guest;
  if (guest)
    {
      gtk_widget_remove_css_class (self->without, "flat");
      gtk_widget_add_css_class (self->without, "pill");
      gtk_widget_add_css_class (self->without, "suggested-action");
      gtk_widget_set_halign (self->without, GTK_ALIGN_FILL);
    }
  show_state (self);
}

void
bed_check_page_set_paintable (BedCheckPage *self, GdkPaintable *paintable)
{
  bed_video_paintable_show (self->picture, paintable);
}

void
bed_check_page_set_has_picture (BedCheckPage *self, gboolean has_picture)
{
  gtk_widget_set_visible (self->off_box, !has_picture);
  gtk_widget_set_visible (self->only_you, has_picture);
}

void
bed_check_page_set_on (BedCheckPage *self, gboolean camera, gboolean microphone)
{
  self->setting = TRUE;
  gtk_switch_set_active (self->camera, camera);
  gtk_switch_set_active (self->microphone, microphone);
  self->setting = FALSE;
  if (!camera)
    bed_check_page_set_has_picture (self, FALSE);
  show_state (self);
}

gboolean
bed_check_page_get_camera (BedCheckPage *self)
{
  return gtk_switch_get_active (self->camera);
}

gboolean
bed_check_page_get_microphone (BedCheckPage *self)
{
  return gtk_switch_get_active (self->microphone);
}

void
bed_check_page_set_level (BedCheckPage *self, double level)
{
  gtk_level_bar_set_value (self->meter, CLAMP (level, 0, 1));
  if (level < HEARD || self->heard)
    return;
  self->heard = TRUE;
  show_state (self);
}

static GMenuModel *
new_choice_menu (const char *kind, const BedDeviceChoice *choices, guint n)
{
  GMenu *menu = g_menu_new ();

  for (guint i = 0; i < n; i++)
    {
      g_autoptr (GMenuItem) item = g_menu_item_new (choices[i].name, NULL);
      g_autofree char *action = g_strconcat ("check.", kind, NULL);
      g_menu_item_set_action_and_target (item, action, "s", choices[i].id);
      g_menu_append_item (menu, item);
    }
  return G_MENU_MODEL (menu);
}

static AdwActionRow *
row_of (BedCheckPage *self, const char *kind)
{
  return g_str_equal (kind, "camera")       ? self->camera_row
         : g_str_equal (kind, "microphone") ? self->microphone_row
                                            : self->speaker_row;
}

static GtkMenuButton *
menu_of (BedCheckPage *self, const char *kind)
{
  return g_str_equal (kind, "camera")       ? self->camera_menu
         : g_str_equal (kind, "microphone") ? self->microphone_menu
                                            : self->speaker_menu;
}

static void
set_possible (BedCheckPage *self, const char *kind, gboolean possible)
{
  if (g_str_equal (kind, "camera"))
    gtk_widget_set_sensitive (GTK_WIDGET (self->camera), possible);
  else if (g_str_equal (kind, "microphone"))
    gtk_widget_set_sensitive (GTK_WIDGET (self->microphone), self->has_microphone = possible);
  else
    gtk_widget_set_sensitive (self->test, possible);
  show_state (self);
}

void
bed_check_page_set_choices (BedCheckPage *self, const char *kind, const BedDeviceChoice *choices, guint n,
                            const char *chosen_id)
{
  g_autoptr (GMenuModel) menu = new_choice_menu (kind, choices, n);
  const BedDeviceChoice *chosen_device = &choices[0];

  g_return_if_fail (n > 0);
  for (guint i = 0; i < n; i++)
    if (g_strcmp0 (choices[i].id, chosen_id) == 0)
      chosen_device = &choices[i];
  g_simple_action_set_state (G_SIMPLE_ACTION (g_action_map_lookup_action (G_ACTION_MAP (self->actions), kind)),
                             g_variant_new_string (chosen_device->id));
  adw_action_row_set_subtitle (row_of (self, kind), chosen_device->name);
  gtk_menu_button_set_menu_model (menu_of (self, kind), menu);
  gtk_widget_set_visible (GTK_WIDGET (menu_of (self, kind)), n > 1);
  set_possible (self, kind, TRUE);
}

void
bed_check_page_set_none (BedCheckPage *self, const char *kind, const char *text, gboolean possible)
{
  adw_action_row_set_subtitle (row_of (self, kind), text);
  gtk_widget_set_visible (GTK_WIDGET (menu_of (self, kind)), FALSE);
  set_possible (self, kind, possible);
}

void
bed_check_page_set_problem (BedCheckPage *self, const char *text)
{
  gtk_label_set_label (self->problem, text != NULL ? text : "");
  gtk_widget_set_visible (self->problem_box, text != NULL);
}

void
bed_check_page_set_testing (BedCheckPage *self, gboolean testing)
{
  gtk_widget_set_sensitive (self->test, !testing);
  gtk_button_set_label (GTK_BUTTON (self->test), testing ? _("Playing…") : _("Test"));
}

void
bed_check_page_reset (BedCheckPage *self)
{
  bed_check_page_set_on (self, FALSE, FALSE);
  bed_check_page_set_problem (self, NULL);
  bed_check_page_set_level (self, 0);
  bed_check_page_set_can_start (self, TRUE);
}
