/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-call-hands.h"

#define REST_S 4

struct _BedCallHands
{
  GObject parent_instance;
  GtkWidget *stage, *picture, *controls; /* borrowed */
  double x, y;
  guint rest;
  gboolean may_fade, talking;
};

enum { TALK, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedCallHands, bed_call_hands, G_TYPE_OBJECT)

/* --- Fading ----------------------------------------------------------------------------------------- */

static gboolean
is_used (BedCallHands *self)
{
  GtkRoot *root = gtk_widget_get_root (self->stage);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  gboolean focused = focus != NULL && gtk_widget_is_ancestor (focus, self->stage) && focus != self->picture;

  return focused || (gtk_widget_get_state_flags (self->controls) & GTK_STATE_FLAG_PRELIGHT) != 0;
}

static void
show_controls (BedCallHands *self)
{
  gtk_widget_remove_css_class (self->controls, "faded");
}

static gboolean
rested (gpointer data)
{
  BedCallHands *self = data;

  if (self->may_fade && is_used (self))
    return G_SOURCE_CONTINUE;
  self->rest = 0;
  if (self->may_fade)
    gtk_widget_add_css_class (self->controls, "faded");
  return G_SOURCE_REMOVE;
}

static void
something_done (BedCallHands *self)
{
  show_controls (self);
  g_clear_handle_id (&self->rest, g_source_remove);
  if (self->may_fade)
    self->rest = g_timeout_add_seconds (REST_S, rested, self);
}

/* Pictures that come make motion events, too, with the pointer where it was. */
static void
pointer_moved (BedCallHands *self, double x, double y)
{
  if (x == self->x && y == self->y)
    return;
  self->x = x;
  self->y = y;
  something_done (self);
}

void
bed_call_hands_set_may_fade (BedCallHands *self, gboolean may_fade)
{
  if (may_fade == self->may_fade)
    return;
  self->may_fade = may_fade;
  something_done (self);
}

/* --- Talking ---------------------------------------------------------------------------------------- */

static void
set_talking (BedCallHands *self, gboolean talking)
{
  if (talking == self->talking)
    return;
  self->talking = talking;
  g_signal_emit (self, signals[TALK], 0, talking);
}

static gboolean
key_pressed (BedCallHands *self, guint key)
{
  something_done (self);
  if (key != GDK_KEY_space)
    return GDK_EVENT_PROPAGATE;
  set_talking (self, TRUE);
  return GDK_EVENT_STOP;
}

static void
key_released (BedCallHands *self, guint key)
{
  if (key == GDK_KEY_space)
    set_talking (self, FALSE);
}

static void
focus_left (BedCallHands *self)
{
  set_talking (self, FALSE);
}

static void
picture_clicked (BedCallHands *self)
{
  gtk_widget_grab_focus (self->picture);
  something_done (self);
}

/* --- Life ------------------------------------------------------------------------------------------- */

static void
add_controller (BedCallHands *self, GtkWidget *widget, GtkEventController *controller, const char *signal,
                GCallback callback)
{
  g_signal_connect_object (controller, signal, callback, self, G_CONNECT_SWAPPED);
  gtk_widget_add_controller (widget, controller);
}

static void
bed_call_hands_dispose (GObject *object)
{
  g_clear_handle_id (&BED_CALL_HANDS (object)->rest, g_source_remove);
  G_OBJECT_CLASS (bed_call_hands_parent_class)->dispose (object);
}

static void
bed_call_hands_class_init (BedCallHandsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_call_hands_dispose;
  signals[TALK] = g_signal_new ("talk", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
bed_call_hands_init (BedCallHands *self)
{
}

BedCallHands *
bed_call_hands_new (GtkWidget *stage, GtkWidget *picture, GtkWidget *controls)
{
  BedCallHands *self = g_object_new (BED_TYPE_CALL_HANDS, NULL);
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->stage = stage;
  self->picture = picture;
  self->controls = controls;
  gtk_widget_set_focusable (picture, TRUE);
  gtk_widget_add_css_class (controls, "fading");
  add_controller (self, stage, gtk_event_controller_motion_new (), "motion", G_CALLBACK (pointer_moved));
  add_controller (self, picture, GTK_EVENT_CONTROLLER (gtk_gesture_click_new ()), "pressed",
                  G_CALLBACK (picture_clicked));
  add_controller (self, picture, gtk_event_controller_focus_new (), "leave", G_CALLBACK (focus_left));
  add_controller (self, controls, gtk_event_controller_focus_new (), "enter", G_CALLBACK (something_done));
  g_signal_connect_object (keys, "key-released", G_CALLBACK (key_released), self, G_CONNECT_SWAPPED);
  add_controller (self, picture, keys, "key-pressed", G_CALLBACK (key_pressed));
  return self;
}
