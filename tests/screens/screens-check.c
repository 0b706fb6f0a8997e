/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "screens-check.h"

#include <adwaita.h>
#include <math.h>

#define CONTRAST_MIN 4.5

typedef struct
{
  GtkWidget *root;
  const char *screen;
  GPtrArray *controls; /* borrowed */
  guint8 *pixels;
  int width, height;
  guint n_findings;
} Check;

G_GNUC_PRINTF (3, 4)
static void
finding (Check *self, GtkWidget *widget, const char *format, ...)
{
  g_autofree char *text = NULL;
  const char *label = GTK_IS_LABEL (widget) ? gtk_label_get_text (GTK_LABEL (widget)) : gtk_widget_get_name (widget);
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_printerr ("%s: %s “%.60s”: %s\n", self->screen, G_OBJECT_TYPE_NAME (widget), label, text);
  self->n_findings++;
}

GdkTexture *
screens_render (GtkWidget *root)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (root);
  GtkSnapshot *snapshot = gtk_snapshot_new ();
  int width = gtk_widget_get_width (root), height = gtk_widget_get_height (root);
  g_autoptr (GskRenderNode) node = NULL;
  GdkRGBA ground = { 1, 1, 1, 1 };

  /* The page itself is transparent: the window's ground belongs below it. */
  gtk_style_context_lookup_color (gtk_widget_get_style_context (root),
                                  GTK_IS_POPOVER (gtk_widget_get_native (root)) ? "popover_bg_color" : "window_bg_color", &ground);
  gtk_snapshot_append_color (snapshot, &ground, &GRAPHENE_RECT_INIT (0, 0, width, height));
  gdk_paintable_snapshot (paintable, GDK_SNAPSHOT (snapshot), width, height);
  node = gtk_snapshot_free_to_node (snapshot);
  if (node == NULL)
    return NULL;
  return gsk_renderer_render_texture (gtk_native_get_renderer (gtk_widget_get_native (root)), node,
                                      &GRAPHENE_RECT_INIT (0, 0, width, height));
}

static gboolean
is_control (GtkWidget *widget)
{
  return GTK_IS_BUTTON (widget) || GTK_IS_SWITCH (widget) || GTK_IS_EDITABLE (widget) || GTK_IS_CHECK_BUTTON (widget)
         || GTK_IS_TEXT_VIEW (widget) || GTK_IS_DROP_DOWN (widget);
}

static gboolean
has_text (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget) && *gtk_label_get_text (GTK_LABEL (widget)) != '\0')
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (has_text (child))
      return TRUE;
  return FALSE;
}

/* A control inside of a row or entry of libadwaita is that widget's own business. */
static gboolean
is_inner (GtkWidget *widget)
{
  for (GtkWidget *up = gtk_widget_get_parent (widget); up != NULL; up = gtk_widget_get_parent (up))
    if (ADW_IS_ENTRY_ROW (up) || GTK_IS_ENTRY (up) || GTK_IS_SEARCH_ENTRY (up) || GTK_IS_SPIN_BUTTON (up)
        || ADW_IS_COMBO_ROW (up) || ADW_IS_VIEW_SWITCHER (up) || GTK_IS_MENU_BUTTON (up) || GTK_IS_WINDOW_CONTROLS (up))
      return TRUE;
  return FALSE;
}

static void
check_name (Check *self, GtkWidget *widget)
{
  GtkAccessible *accessible = GTK_ACCESSIBLE (widget);

  if (!is_control (widget) || is_inner (widget) || ADW_IS_ENTRY_ROW (widget))
    return;
  if (gtk_test_accessible_has_property (accessible, GTK_ACCESSIBLE_PROPERTY_LABEL)
      || gtk_test_accessible_has_relation (accessible, GTK_ACCESSIBLE_RELATION_LABELLED_BY))
    return;
  if ((GTK_IS_BUTTON (widget) || GTK_IS_CHECK_BUTTON (widget)) && has_text (widget))
    return;
  finding (self, widget, "has no accessible name");
}

static void
check_role (Check *self, GtkWidget *widget)
{
  GtkAccessibleRole role = gtk_accessible_get_accessible_role (GTK_ACCESSIBLE (widget));

  if (!is_control (widget) || is_inner (widget) || ADW_IS_ENTRY_ROW (widget))
    return;
  if (role == GTK_ACCESSIBLE_ROLE_WIDGET || role == GTK_ACCESSIBLE_ROLE_GENERIC
      || role == GTK_ACCESSIBLE_ROLE_NONE || role == GTK_ACCESSIBLE_ROLE_PRESENTATION)
    finding (self, widget, "has no accessible role");
}

static gboolean
scrolls (GtkWidget *widget)
{
  for (GtkWidget *up = gtk_widget_get_parent (widget); up != NULL; up = gtk_widget_get_parent (up))
    if (GTK_IS_SCROLLED_WINDOW (up))
      return TRUE;
  return FALSE;
}

static void
check_inside (Check *self, GtkWidget *widget)
{
  graphene_rect_t bounds;
  int minimum = 0, width;

  if (!gtk_widget_compute_bounds (widget, self->root, &bounds) || (!GTK_IS_LABEL (widget) && !is_control (widget)))
    return;
  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  width = gtk_widget_get_allocated_width (widget) + gtk_widget_get_margin_start (widget) + gtk_widget_get_margin_end (widget);
  if (width < minimum)
    finding (self, widget, "is %d px wide, needs %d", width, minimum);
  if (bounds.origin.x < -1 || bounds.origin.x + bounds.size.width > self->width + 1)
    finding (self, widget, "reaches from %.0f to %.0f of %d px", bounds.origin.x, bounds.origin.x + bounds.size.width, self->width);
  if (!scrolls (widget) && (bounds.origin.y < -1 || bounds.origin.y + bounds.size.height > self->height + 1))
    finding (self, widget, "reaches from %.0f to %.0f of %d px in height", bounds.origin.y, bounds.origin.y + bounds.size.height, self->height);
  /* The first words of a note are meant to be only that. */
  if (GTK_IS_LABEL (widget) && !gtk_widget_has_css_class (widget, "snippet") && pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget))))
    finding (self, widget, "is cut short");
}

static double
linear (double c)
{
  return c <= .03928 ? c / 12.92 : pow ((c + .055) / 1.055, 2.4);
}

static double
luminance (const guint8 *pixel)
{
  return .2126 * linear (pixel[2] / 255.) + .7152 * linear (pixel[1] / 255.) + .0722 * linear (pixel[0] / 255.);
}

static double
contrast (double a, double b)
{
  return (MAX (a, b) + .05) / (MIN (a, b) + .05);
}

/* WCAG 2 contrast of the text as it was painted: its commonest colour is the ground, the farthest one the ink. */
static double
painted_contrast (Check *self, const graphene_rect_t *bounds)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  int x0 = MAX ((int) bounds->origin.x, 0), y0 = MAX ((int) bounds->origin.y, 0);
  int x1 = MIN ((int) (bounds->origin.x + bounds->size.width), self->width);
  int y1 = MIN ((int) (bounds->origin.y + bounds->size.height), self->height);
  const guint8 *ground = NULL;
  guint most = 0;
  double best = 1, ground_luminance;

  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      {
        const guint8 *pixel = self->pixels + ((gsize) y * self->width + x) * 4;
        gpointer key = GUINT_TO_POINTER (pixel[0] | pixel[1] << 8 | pixel[2] << 16);
        guint n = GPOINTER_TO_UINT (g_hash_table_lookup (counts, key)) + 1;
        g_hash_table_insert (counts, key, GUINT_TO_POINTER (n));
        if (n > most)
          {
            most = n;
            ground = pixel;
          }
      }
  if (ground == NULL || most < 20)
    return -1;
  ground_luminance = luminance (ground);
  for (int y = y0; y < y1; y++)
    for (int x = x0; x < x1; x++)
      best = MAX (best, contrast (ground_luminance, luminance (self->pixels + ((gsize) y * self->width + x) * 4)));
  return best;
}

static gboolean
is_judged (GtkWidget *label)
{
  for (GtkWidget *up = label; up != NULL; up = gtk_widget_get_parent (up))
    if (!gtk_widget_get_sensitive (up) || GTK_IS_OVERLAY (up))
      return FALSE;
  return *gtk_label_get_text (GTK_LABEL (label)) != '\0';
}

gboolean
screens_visible_bounds (GtkWidget *root, GtkWidget *widget, graphene_rect_t *bounds)
{
  if (!gtk_widget_compute_bounds (widget, root, bounds))
    return FALSE;
  for (GtkWidget *up = gtk_widget_get_parent (widget); up != NULL && up != root;
       up = gtk_widget_get_parent (up))
    {
      graphene_rect_t view;
      if (GTK_IS_SCROLLED_WINDOW (up) && gtk_widget_compute_bounds (up, root, &view)
          && !graphene_rect_intersection (bounds, &view, bounds))
        return FALSE;
    }
  return TRUE;
}

static void
check_contrast (Check *self, GtkWidget *widget)
{
  graphene_rect_t bounds, seen;
  double found;

  if (!GTK_IS_LABEL (widget) || !is_judged (widget)
      || !gtk_widget_compute_bounds (widget, self->root, &bounds)
      || !screens_visible_bounds (self->root, widget, &seen) || seen.size.height < bounds.size.height - 1)
    return;
  if (bounds.origin.y < 0 || bounds.origin.y + bounds.size.height > self->height)
    return;
  found = painted_contrast (self, &bounds);
  if (found >= 0 && found < CONTRAST_MIN)
    finding (self, widget, "has a contrast of %.2f to 1", found);
}

/* What is cut there cannot be seen to go on. */
static void
check_scrolling (Check *self, GtkWidget *widget)
{
  GtkAdjustment *vertical;

  if (!GTK_IS_SCROLLED_WINDOW (widget)
      || gtk_widget_get_ancestor (gtk_widget_get_parent (widget), GTK_TYPE_SCROLLED_WINDOW) == NULL
      || GTK_IS_TEXT_VIEW (gtk_scrolled_window_get_child (GTK_SCROLLED_WINDOW (widget))))
    return;
  vertical = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (widget));
  if (gtk_adjustment_get_upper (vertical) > gtk_adjustment_get_page_size (vertical) + 1)
    finding (self, widget, "cuts what is in it, within what scrolls");
}

static gboolean
is_back (GtkWidget *widget)
{
  GtkWidget *child = GTK_IS_BUTTON (widget) ? gtk_button_get_child (GTK_BUTTON (widget)) : NULL;
  const char *icon = child == NULL                  ? NULL
                     : ADW_IS_BUTTON_CONTENT (child) ? adw_button_content_get_icon_name (ADW_BUTTON_CONTENT (child))
                                                     : gtk_button_get_icon_name (GTK_BUTTON (widget));

  return g_strcmp0 (icon, "go-previous-symbolic") == 0;
}

/* Nobody knows which of two leads where. */
static void
check_backs (Check *self)
{
  guint n = 0;

  for (guint i = 0; i < self->controls->len; i++)
    if (is_back (g_ptr_array_index (self->controls, i)) && n++ > 0)
      finding (self, g_ptr_array_index (self->controls, i), "is a second way back");
}

static void
walk (Check *self, GtkWidget *widget)
{
  if (!gtk_widget_get_mapped (widget) || !gtk_widget_get_child_visible (widget) || gtk_widget_get_width (widget) == 0)
    return;
  check_name (self, widget);
  check_role (self, widget);
  check_inside (self, widget);
  check_contrast (self, widget);
  check_scrolling (self, widget);
  if (is_control (widget) && !is_inner (widget))
    g_ptr_array_add (self->controls, widget);
  if (ADW_IS_FLAP (widget) && adw_flap_get_folded (ADW_FLAP (widget)) && adw_flap_get_reveal_flap (ADW_FLAP (widget)))
    {
      /* What lies below an open panel cannot be reached. */
      walk (self, adw_flap_get_flap (ADW_FLAP (widget)));
      return;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL; child = gtk_widget_get_next_sibling (child))
    if (!GTK_IS_POPOVER (child))
      walk (self, child);
}

static void
check_overlaps (Check *self)
{
  for (guint i = 0; i < self->controls->len; i++)
    for (guint j = i + 1; j < self->controls->len; j++)
      {
        GtkWidget *a = g_ptr_array_index (self->controls, i), *b = g_ptr_array_index (self->controls, j);
        graphene_rect_t first, second, both;
        if (gtk_widget_is_ancestor (a, b) || gtk_widget_is_ancestor (b, a))
          continue;
        if (!screens_visible_bounds (self->root, a, &first)
            || !screens_visible_bounds (self->root, b, &second))
          continue;
        if (graphene_rect_intersection (&first, &second, &both) && both.size.width > 2 && both.size.height > 2)
          finding (self, a, "overlaps %s by %.0f × %.0f px", G_OBJECT_TYPE_NAME (b), both.size.width, both.size.height);
      }
}

guint
screens_check (GtkWidget *root, GdkTexture *picture, const char *screen)
{
  Check self = { .root = root, .screen = screen };

  self.controls = g_ptr_array_new ();
  self.width = gdk_texture_get_width (picture);
  self.height = gdk_texture_get_height (picture);
  self.pixels = g_malloc ((gsize) self.width * self.height * 4);
  gdk_texture_download (picture, self.pixels, (gsize) self.width * 4);
  walk (&self, root);
  check_overlaps (&self);
  check_backs (&self);
  g_ptr_array_unref (self.controls);
  g_free (self.pixels);
  return self.n_findings;
}
