/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-adaptive-bin.h"

#define MIN_WIDTH 320

struct _BedAdaptiveBin
{
  GtkWidget parent_instance;
  GtkWidget *child;
  int threshold;
  gboolean narrow;
  gboolean wanted;
  guint idle;
};

enum { PROP_0, PROP_CHILD, PROP_THRESHOLD, PROP_NARROW, N_PROPS };
static GParamSpec *props[N_PROPS];

static void buildable_iface_init (GtkBuildableIface *iface);
static GtkBuildableIface *parent_buildable;

G_DEFINE_FINAL_TYPE_WITH_CODE (BedAdaptiveBin, bed_adaptive_bin, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, buildable_iface_init))

static gboolean
apply (gpointer data)
{
  BedAdaptiveBin *self = data;

  self->idle = 0;
  if (self->narrow == self->wanted)
    return G_SOURCE_REMOVE;
  self->narrow = self->wanted;
  if (self->narrow)
    gtk_widget_add_css_class (GTK_WIDGET (self), "narrow");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self), "narrow");
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_NARROW]);
  return G_SOURCE_REMOVE;
}

static int
child_min (BedAdaptiveBin *self, GtkOrientation orientation, int for_size)
{
  int min = 0;

  gtk_widget_measure (self->child, orientation, for_size, &min, NULL, NULL, NULL);
  return min;
}

static void
bed_adaptive_bin_measure (GtkWidget *widget, GtkOrientation orientation, int for_size, int *minimum,
                          int *natural, int *minimum_baseline, int *natural_baseline)
{
  BedAdaptiveBin *self = BED_ADAPTIVE_BIN (widget);

  if (self->child == NULL)
    return;
  if (orientation == GTK_ORIENTATION_VERTICAL && for_size >= 0)
    for_size = MAX (for_size, child_min (self, GTK_ORIENTATION_HORIZONTAL, -1));
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    for_size = -1;
  gtk_widget_measure (self->child, orientation, for_size, minimum, natural, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    *minimum = MIN (*minimum, MIN_WIDTH);
}

static void
bed_adaptive_bin_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BedAdaptiveBin *self = BED_ADAPTIVE_BIN (widget);

  self->wanted = width < self->threshold;
  if (self->wanted != self->narrow && self->idle == 0)
    self->idle = g_idle_add_full (G_PRIORITY_HIGH, apply, self, NULL);
  if (self->child != NULL && gtk_widget_should_layout (self->child))
    {
      int child_width = MAX (width, child_min (self, GTK_ORIENTATION_HORIZONTAL, -1));
      int child_height = MAX (height, child_min (self, GTK_ORIENTATION_VERTICAL, child_width));
      gtk_widget_allocate (self->child, child_width, child_height, baseline, NULL);
    }
}

static GtkSizeRequestMode
bed_adaptive_bin_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static void
set_child (BedAdaptiveBin *self, GtkWidget *child)
{
  g_clear_pointer (&self->child, gtk_widget_unparent);
  self->child = child;
  if (child != NULL)
    gtk_widget_set_parent (child, GTK_WIDGET (self));
}

static void
add_child (GtkBuildable *buildable, GtkBuilder *builder, GObject *child, const char *type)
{
  if (GTK_IS_WIDGET (child))
    set_child (BED_ADAPTIVE_BIN (buildable), GTK_WIDGET (child));
  else
    parent_buildable->add_child (buildable, builder, child, type);
}

static void
buildable_iface_init (GtkBuildableIface *iface)
{
  parent_buildable = g_type_interface_peek_parent (iface);
  iface->add_child = add_child;
}

static void
bed_adaptive_bin_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedAdaptiveBin *self = BED_ADAPTIVE_BIN (object);

  if (id == PROP_CHILD)
    g_value_set_object (value, self->child);
  else if (id == PROP_THRESHOLD)
    g_value_set_int (value, self->threshold);
  else if (id == PROP_NARROW)
    g_value_set_boolean (value, self->narrow);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bed_adaptive_bin_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BedAdaptiveBin *self = BED_ADAPTIVE_BIN (object);

  if (id == PROP_CHILD)
    set_child (self, g_value_get_object (value));
  else if (id == PROP_THRESHOLD)
    self->threshold = g_value_get_int (value);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
bed_adaptive_bin_dispose (GObject *object)
{
  BedAdaptiveBin *self = BED_ADAPTIVE_BIN (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  g_clear_pointer (&self->child, gtk_widget_unparent);
  G_OBJECT_CLASS (bed_adaptive_bin_parent_class)->dispose (object);
}

static void
bed_adaptive_bin_class_init (BedAdaptiveBinClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = bed_adaptive_bin_get_property;
  object_class->set_property = bed_adaptive_bin_set_property;
  object_class->dispose = bed_adaptive_bin_dispose;
  widget_class->measure = bed_adaptive_bin_measure;
  widget_class->size_allocate = bed_adaptive_bin_size_allocate;
  widget_class->get_request_mode = bed_adaptive_bin_get_request_mode;
  props[PROP_CHILD] = g_param_spec_object ("child", NULL, NULL, GTK_TYPE_WIDGET,
                                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  props[PROP_THRESHOLD] = g_param_spec_int ("threshold", NULL, NULL, 0, 4096, 600,
                                            G_PARAM_READWRITE | G_PARAM_CONSTRUCT | G_PARAM_STATIC_STRINGS);
  props[PROP_NARROW] = g_param_spec_boolean ("narrow", NULL, NULL, FALSE,
                                             G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
bed_adaptive_bin_init (BedAdaptiveBin *self)
{
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

gboolean
bed_adaptive_bin_get_narrow (BedAdaptiveBin *self)
{
  return self->narrow;
}
