/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-compare-window.h"

#include <glib/gi18n.h>

#include "bed-text-diff.h"
#include "bed-ui.h"

#define SIDE_WIDTH 260

struct _BedCompareWindow
{
  AdwWindow parent_instance;
  GtkDropDown *left, *right;
  GtkBox *sections;
  gboolean loading;
};

enum
{
  CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedCompareWindow, bed_compare_window, ADW_TYPE_WINDOW)

static void
chosen (BedCompareWindow *self)
{
  if (!self->loading)
    g_signal_emit (self, signals[CHOSEN], 0, gtk_drop_down_get_selected (self->left),
                   gtk_drop_down_get_selected (self->right));
}

static void
bed_compare_window_class_init (BedCompareWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 2, G_TYPE_UINT, G_TYPE_UINT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bedside/Bedside/ui/bed-compare-window.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedCompareWindow, child)
  BIND (left);
  BIND (right);
  BIND (sections);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, chosen);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bed_compare_window_init (BedCompareWindow *self)
{
  self->loading = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
}

BedCompareWindow *
bed_compare_window_new (GtkWindow *parent, const char *const *names)
{
  BedCompareWindow *self = g_object_new (BED_TYPE_COMPARE_WINDOW, "transient-for", parent, NULL);
  g_autoptr (GtkStringList) list = gtk_string_list_new (names);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (list));

  gtk_drop_down_set_model (self->left, G_LIST_MODEL (list));
  gtk_drop_down_set_model (self->right, G_LIST_MODEL (list));
  gtk_drop_down_set_selected (self->left, n > 1 ? n - 2 : 0);
  gtk_drop_down_set_selected (self->right, n - 1);
  self->loading = FALSE;
  return self;
}

void
bed_compare_window_clear (BedCompareWindow *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->sections))) != NULL)
    gtk_box_remove (self->sections, child);
}

static void
add_attribute (PangoAttrList *list, PangoAttribute *attribute, gsize start, gsize length)
{
  attribute->start_index = (guint) start;
  attribute->end_index = (guint) (start + length);
  pango_attr_list_insert (list, attribute);
}

/* What this side has that the other has not. */
static PangoAttrList *
mark (GArray *segments, BedDiffKind kind)
{
  PangoAttrList *list = pango_attr_list_new ();

  for (guint i = 0; i < segments->len; i++)
    {
      const BedDiffSegment *segment = &g_array_index (segments, BedDiffSegment, i);
      if (segment->kind != kind)
        continue;
      if (kind == BED_DIFF_REMOVED)
        add_attribute (list, pango_attr_strikethrough_new (TRUE), segment->start, segment->length);
      else
        add_attribute (list, pango_attr_underline_new (PANGO_UNDERLINE_SINGLE), segment->start,
                       segment->length);
      add_attribute (list, pango_attr_weight_new (PANGO_WEIGHT_BOLD), segment->start,
                     segment->length);
    }
  return list;
}

static GtkWidget *
new_side (const char *text, GArray *segments, BedDiffKind kind, const char *name)
{
  GtkWidget *label = gtk_label_new (*text != '\0' ? text : "–");
  g_autoptr (PangoAttrList) attributes = mark (segments, kind);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_yalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  if (*text != '\0')
    gtk_label_set_attributes (GTK_LABEL (label), attributes);
  gtk_widget_add_css_class (label, "soap-box");
  gtk_widget_set_size_request (label, SIDE_WIDTH, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  name, -1);
  return label;
}

void
bed_compare_window_add_section (BedCompareWindow *self, const char *heading, const char *old_text,
                                const char *new_text)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 4), *title = gtk_label_new (heading);
  GtkWidget *flow = gtk_flow_box_new ();
  g_autoptr (GArray) segments = bed_text_diff (old_text, new_text);

  gtk_label_set_xalign (GTK_LABEL (title), 0);
  gtk_widget_add_css_class (title, "soap-title");
  gtk_flow_box_set_selection_mode (GTK_FLOW_BOX (flow), GTK_SELECTION_NONE);
  gtk_flow_box_set_homogeneous (GTK_FLOW_BOX (flow), TRUE);
  gtk_flow_box_set_max_children_per_line (GTK_FLOW_BOX (flow), 2);
  gtk_flow_box_set_column_spacing (GTK_FLOW_BOX (flow), 12);
  gtk_flow_box_set_row_spacing (GTK_FLOW_BOX (flow), 8);
  gtk_flow_box_insert (GTK_FLOW_BOX (flow), new_side (old_text, segments, BED_DIFF_REMOVED,
                                                      _("Before")), -1);
  gtk_flow_box_insert (GTK_FLOW_BOX (flow), new_side (new_text, segments, BED_DIFF_ADDED,
                                                      _("After")), -1);
  gtk_box_append (GTK_BOX (box), title);
  gtk_box_append (GTK_BOX (box), flow);
  gtk_box_append (self->sections, box);
}
