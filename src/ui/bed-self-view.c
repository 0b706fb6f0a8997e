/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-self-view.h"

#include <glib/gi18n.h>

#include "bed-ui.h"
#include "bed-video-paintable.h"

#define MARGIN 16

struct _BedSelfView
{
  GtkWidget parent_instance;
  GtkWidget *overlay, *picture, *off, *you;
  /* 0 to 1 of the free room; the corners are 0 and 1. In start-to-end and top-to-bottom order. */
  double x, y;
  double drag_x, drag_y;
  int free_width, free_height;
};

G_DEFINE_FINAL_TYPE (BedSelfView, bed_self_view, GTK_TYPE_WIDGET)

static gboolean
is_rtl (BedSelfView *self)
{
  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
}

static void
move (BedSelfView *self, double x, double y)
{
  self->x = CLAMP (x, 0, 1);
  self->y = CLAMP (y, 0, 1);
  gtk_widget_queue_resize (GTK_WIDGET (self));
}

static void
drag_begin (GtkGestureDrag *gesture, double x, double y, BedSelfView *self)
{
  self->drag_x = self->x;
  self->drag_y = self->y;
  gtk_widget_grab_focus (GTK_WIDGET (self));
}

/* The widget follows the pointer, so each offset is relative to where it has moved already. */
static void
drag_update (GtkGestureDrag *gesture, double dx, double dy, BedSelfView *self)
{
  double sign = is_rtl (self) ? -1 : 1;

  if (self->free_width > 0 && self->free_height > 0)
    move (self, self->x + sign * dx / self->free_width, self->y + dy / self->free_height);
}

static void
drag_end (GtkGestureDrag *gesture, double dx, double dy, BedSelfView *self)
{
  move (self, self->x < .5 ? 0 : 1, self->y < .5 ? 0 : 1);
}

static gboolean
key_pressed (GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state, BedSelfView *self)
{
  double start = is_rtl (self) ? 1 : 0;

  if (key == GDK_KEY_Left || key == GDK_KEY_KP_Left)
    move (self, start, self->y);
  else if (key == GDK_KEY_Right || key == GDK_KEY_KP_Right)
    move (self, 1 - start, self->y);
  else if (key == GDK_KEY_Up || key == GDK_KEY_KP_Up)
    move (self, self->x, 0);
  else if (key == GDK_KEY_Down || key == GDK_KEY_KP_Down)
    move (self, self->x, 1);
  else
    return GDK_EVENT_PROPAGATE;
  return GDK_EVENT_STOP;
}

static void
add_controllers (BedSelfView *self)
{
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end), self);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_pressed), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

static void
bed_self_view_dispose (GObject *object)
{
  g_clear_pointer (&BED_SELF_VIEW (object)->overlay, gtk_widget_unparent);
  G_OBJECT_CLASS (bed_self_view_parent_class)->dispose (object);
}

static void
bed_self_view_class_init (BedSelfViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = bed_self_view_dispose;
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
bed_self_view_init (BedSelfView *self)
{
  GtkWidget *widget = GTK_WIDGET (self);

  self->x = self->y = 1;
  self->overlay = gtk_overlay_new ();
  self->picture = gtk_picture_new ();
  self->off = gtk_image_new_from_icon_name ("bedside-camera-off-symbolic");
  self->you = gtk_label_new (_("You"));
  gtk_picture_set_content_fit (GTK_PICTURE (self->picture), GTK_CONTENT_FIT_COVER);
  gtk_picture_set_alternative_text (GTK_PICTURE (self->picture), _("Your own picture"));
  gtk_image_set_pixel_size (GTK_IMAGE (self->off), 28);
  gtk_widget_set_halign (self->you, GTK_ALIGN_START);
  gtk_widget_set_valign (self->you, GTK_ALIGN_END);
  gtk_widget_set_margin_start (self->you, 8);
  gtk_widget_set_margin_bottom (self->you, 8);
  gtk_widget_add_css_class (self->you, "pill-note");
  gtk_overlay_set_child (GTK_OVERLAY (self->overlay), self->picture);
  gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), self->off);
  gtk_overlay_add_overlay (GTK_OVERLAY (self->overlay), self->you);
  gtk_widget_set_parent (self->overlay, widget);
  gtk_widget_add_css_class (widget, "self");
  gtk_widget_set_overflow (widget, GTK_OVERFLOW_HIDDEN);
  gtk_widget_set_focusable (widget, TRUE);
  gtk_widget_set_cursor_from_name (widget, "grab");
  gtk_widget_set_tooltip_text (widget, _("Drag it, or move it with the arrow keys"));
  bed_ui_set_name (widget, _("Your own picture. The arrow keys move it."));
  add_controllers (self);
  bed_self_view_set_on (self, FALSE);
}

void
bed_self_view_set_paintable (BedSelfView *self, GdkPaintable *paintable)
{
  bed_video_paintable_show (GTK_PICTURE (self->picture), paintable);
}

void
bed_self_view_set_on (BedSelfView *self, gboolean on)
{
  gtk_widget_set_visible (self->off, !on);
  gtk_widget_set_visible (self->picture, on);
  gtk_label_set_label (GTK_LABEL (self->you), on ? _("You") : _("Camera off"));
}

void
bed_self_view_place (BedSelfView *self, int width, int height, int top, int bottom, GdkRectangle *out)
{
  gboolean tall = width < height;
  double x = is_rtl (self) ? 1 - self->x : self->x;

  out->width = tall ? 104 : CLAMP (width / 6, 128, 224);
  out->height = tall ? 138 : out->width * 10 / 16;
  self->free_width = MAX (width - out->width - 2 * MARGIN, 0);
  self->free_height = MAX (height - top - bottom - out->height, 0);
  out->x = MARGIN + (int) (x * self->free_width);
  out->y = top + (int) (self->y * self->free_height);
}
