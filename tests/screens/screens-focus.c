/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screens-check.h"

#include <adwaita.h>

#define RING 6      /* px around a control in which its ring may be */
#define DIFFERS 16  /* of 255, in one colour */
#define PIXELS_MIN 12
#define SEEN_MIN 8  /* px of its height: less is scrolled away */

#define FOCUS (GTK_STATE_FLAG_FOCUSED | GTK_STATE_FLAG_FOCUS_VISIBLE | GTK_STATE_FLAG_FOCUS_WITHIN)

typedef struct
{
  GtkWidget *root;
  GPtrArray *focusable; /* borrowed */
  GPtrArray *controls;  /* borrowed: those of them that are to show it */
  GArray *bounds;       /* borrowed: of the controls, in the picture */
  guint8 *before, *after;
  int width, height;
} Focus;

static void
painted (GdkFrameClock *clock, guint *frames)
{
  (*frames)++;
}

/* However busy the machine is: the second frame from now on began after all that led to the first. */
void
screens_wait_for_frames (GtkWidget *root)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (root);
  gint64 end = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  guint frames = 0;
  gulong handler;

  g_assert_nonnull (clock);
  handler = g_signal_connect (clock, "after-paint", G_CALLBACK (painted), &frames);
  while (frames < 2 && g_get_monotonic_time () < end)
    {
      gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_PAINT);
      g_main_context_iteration (NULL, TRUE);
    }
  g_signal_handler_disconnect (clock, handler);
  g_assert_cmpuint (frames, >=, 2);
}

static gboolean
is_entry (GtkWidget *widget)
{
  return ADW_IS_ENTRY_ROW (widget) || GTK_IS_ENTRY (widget) || GTK_IS_SEARCH_ENTRY (widget)
         || GTK_IS_PASSWORD_ENTRY (widget) || GTK_IS_SPIN_BUTTON (widget);
}

/* A list and what scrolls hand the focus on to what is in them, a row that unfolds to its head; the
 * entry around a text shows it for the text; what is selected in a label shows it for the label. */
static gboolean
is_judged (GtkWidget *widget)
{
  if (GTK_IS_TEXT (widget))
    return FALSE;
  return is_entry (widget)
         || (gtk_widget_get_focusable (widget) && !GTK_IS_LIST_BOX (widget)
             && !GTK_IS_LIST_BASE (widget) && !GTK_IS_SCROLLED_WINDOW (widget)
             && !ADW_IS_EXPANDER_ROW (widget) && !GTK_IS_LABEL (widget));
}

static void
collect (Focus *self, GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget) || !gtk_widget_get_child_visible (widget)
      || !gtk_widget_is_sensitive (widget) || gtk_widget_get_width (widget) == 0
      || gtk_widget_has_css_class (widget, "faded")) /* it comes back with the focus */
    return;
  if (gtk_widget_get_focusable (widget))
    g_ptr_array_add (self->focusable, widget);
  if (is_judged (widget))
    g_ptr_array_add (self->controls, widget);
  if (ADW_IS_FLAP (widget) && adw_flap_get_folded (ADW_FLAP (widget))
      && adw_flap_get_reveal_flap (ADW_FLAP (widget)))
    {
      /* What lies below an open panel cannot be reached. */
      collect (self, adw_flap_get_flap (ADW_FLAP (widget)));
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (!GTK_IS_POPOVER (child))
      collect (self, child);
}

/* All at once: a picture for each would take minutes. */
static void
set_focus (Focus *self, gboolean focus)
{
  for (guint i = 0; i < self->focusable->len; i++)
    {
      GtkWidget *control = g_ptr_array_index (self->focusable, i);

      if (focus)
        gtk_widget_set_state_flags (control, FOCUS, FALSE);
      else
        gtk_widget_unset_state_flags (control, FOCUS);
      for (GtkWidget *up = gtk_widget_get_parent (control); up != NULL; up = gtk_widget_get_parent (up))
        if (focus)
          gtk_widget_set_state_flags (up, GTK_STATE_FLAG_FOCUS_WITHIN, FALSE);
        else
          gtk_widget_unset_state_flags (up, GTK_STATE_FLAG_FOCUS_WITHIN);
    }
}

static gboolean
differs (Focus *self, int x, int y)
{
  const gsize at = ((gsize) y * self->width + x) * 4;

  for (guint i = 0; i < 3; i++)
    if (ABS (self->before[at + i] - self->after[at + i]) >= DIFFERS)
      return TRUE;
  return FALSE;
}

/* What changes in another control says nothing of this one, unless that is around it. */
static gboolean
is_of_other (Focus *self, const graphene_rect_t *own, int x, int y)
{
  for (guint i = 0; i < self->bounds->len; i++)
    {
      const graphene_rect_t *other = &g_array_index (self->bounds, graphene_rect_t, i);

      if (graphene_rect_contains_point (other, &GRAPHENE_POINT_INIT (x, y))
          && !graphene_rect_contains_rect (other, own))
        return TRUE;
    }
  return FALSE;
}

static gboolean
shows_focus (Focus *self, GtkWidget *control, const graphene_rect_t *own)
{
  /* A text stands in a frame that has the ring. */
  const int around = GTK_IS_TEXT_VIEW (control) ? 3 * RING : RING;
  graphene_rect_t bounds;
  guint n = 0;
  int right, bottom;

  graphene_rect_inset_r (own, -around, -around, &bounds);
  right = MIN ((int) (bounds.origin.x + bounds.size.width), self->width);
  bottom = MIN ((int) (bounds.origin.y + bounds.size.height), self->height);
  for (int y = MAX ((int) bounds.origin.y, 0); y < bottom; y++)
    for (int x = MAX ((int) bounds.origin.x, 0); x < right; x++)
      if (differs (self, x, y) && !is_of_other (self, own, x, y) && ++n >= PIXELS_MIN)
        return TRUE;
  return FALSE;
}

static void
measure (Focus *self)
{
  for (guint i = self->controls->len; i-- > 0;)
    {
      graphene_rect_t bounds;

      if (!screens_visible_bounds (self->root, g_ptr_array_index (self->controls, i), &bounds)
          || bounds.size.height < SEEN_MIN)
        g_ptr_array_remove_index (self->controls, i);
      else
        g_array_prepend_val (self->bounds, bounds);
    }
}

static guint
judge (Focus *self, const char *screen)
{
  guint n = 0;

  for (guint i = 0; i < self->controls->len; i++)
    {
      GtkWidget *control = g_ptr_array_index (self->controls, i);

      if (shows_focus (self, control, &g_array_index (self->bounds, graphene_rect_t, i)))
        continue;
      g_printerr ("%s: %s “%.60s” (%s): does not show that it has the focus\n", screen,
                  G_OBJECT_TYPE_NAME (control),
                  GTK_IS_LABEL (control) ? gtk_label_get_text (GTK_LABEL (control))
                  : GTK_IS_BUTTON (control) ? gtk_button_get_label (GTK_BUTTON (control)) : gtk_widget_get_name (control),
                  G_OBJECT_TYPE_NAME (gtk_widget_get_parent (control)));
      n++;
    }
  return n;
}

static guint8 *
download (GdkTexture *picture)
{
  const gsize stride = (gsize) gdk_texture_get_width (picture) * 4;
  guint8 *pixels = g_malloc (stride * gdk_texture_get_height (picture));

  gdk_texture_download (picture, pixels, stride);
  return pixels;
}

/* The picture, or where something has the focus already, one without. */
static GdkTexture *
render_plain (GtkWidget *root, GdkTexture *picture)
{
  GtkRoot *window = gtk_widget_get_root (root);

  if (window == NULL || gtk_root_get_focus (window) == NULL)
    return g_object_ref (picture);
  gtk_root_set_focus (window, NULL);
  screens_wait_for_frames (root);
  return screens_render (root);
}

guint
screens_check_focus (GtkWidget *root, GdkTexture *picture, const char *screen)
{
  GtkSettings *settings = gtk_widget_get_settings (root);
  g_autoptr (GPtrArray) controls = g_ptr_array_new ();
  g_autoptr (GPtrArray) focusable = g_ptr_array_new ();
  g_autoptr (GArray) bounds = g_array_new (FALSE, FALSE, sizeof (graphene_rect_t));
  Focus self = { .root = root, .controls = controls, .focusable = focusable, .bounds = bounds };
  g_autoptr (GdkTexture) plain = NULL;
  g_autoptr (GdkTexture) focused = NULL;
  guint n;

  self.width = gdk_texture_get_width (picture);
  self.height = gdk_texture_get_height (picture);
  g_object_set (settings, "gtk-enable-animations", FALSE, NULL);
  plain = render_plain (root, picture);
  collect (&self, root);
  set_focus (&self, TRUE);
  screens_wait_for_frames (root);
  focused = screens_render (root);
  set_focus (&self, FALSE);
  screens_wait_for_frames (root); /* else the rings fade, and are in the next picture */
  g_object_set (settings, "gtk-enable-animations", TRUE, NULL);
  self.before = download (plain);
  self.after = download (focused);
  measure (&self);
  n = judge (&self, screen);
  g_free (self.before);
  g_free (self.after);
  return n;
}
