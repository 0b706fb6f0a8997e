/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-list-detail.h"

#include "bed-growing-list.h"
#include "bed-ui.h"

/* However few of them are seen, the list makes as many rows as it is given, up to 200: longer work
 * than the whole page besides. So it is given those that fill the window, and the others in steps
 * that nobody feels, once the first are drawn and the page has come in. */
#define ROW_LEAST 48 /* px: no row is lower */
#define MADE_AT_MOST 200
#define DRAWN_MS 300
#define STEP_MS 20
#define STEP_ROWS 6

struct _BedListDetail
{
  AdwBin parent_instance;
  AdwLeaflet *leaflet;
  AdwLeafletPage *detail_page;
  GtkWidget *list_side;
  GtkBox *tools;
  AdwBin *filters, *detail;
  GtkSearchEntry *search;
  GtkStack *list_stack, *detail_stack;
  GtkListView *list;
  AdwStatusPage *none, *not_found, *choose;
  GListModel *model;    /* owned */
  BedGrowingList *rows; /* owned; NULL until the list is seen */
  guint growing;        /* source: while rows is not whole, and seen */
  BedListRow make;
  gpointer data;
  gboolean filtered;
};

enum
{
  PROP_0,
  PROP_TOOL,
  PROP_FILTERS,
  PROP_DETAIL,
  PROP_EMPTY,
  PROP_DETAIL_ALONE,
  N_PROPS
};
enum
{
  SEARCH_CHANGED,
  CHOSEN,
  N_SIGNALS
};
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedListDetail, bed_list_detail, ADW_TYPE_BIN)

static void
show_list (BedListDetail *self)
{
  guint n = self->model != NULL ? g_list_model_get_n_items (self->model) : 0;

  gtk_stack_set_visible_child_name (self->list_stack,
                                    n > 0 ? "list" : self->filtered ? "not-found" : "none");
}

static void
row_bound (GtkSignalListItemFactory *factory, GtkListItem *item, BedListDetail *self)
{
  g_autofree char *name = NULL;
  GtkWidget *child = self->make (gtk_list_item_get_item (item), &name, self->data);

  gtk_list_item_set_child (item, child);
  if (name != NULL)
    bed_ui_set_name (gtk_widget_get_parent (child), name);
}

static void
row_unbound (GtkSignalListItemFactory *factory, GtkListItem *item)
{
  gtk_list_item_set_child (item, NULL);
}

/* Hidden, it makes no rows. */
static void
give_rows (BedListDetail *self)
{
  int height = gtk_widget_get_height (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self))));
  g_autoptr (GtkNoSelection) selection = NULL;

  self->rows = bed_growing_list_new (self->model, (guint) height / ROW_LEAST + 1);
  selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->rows)));
  gtk_list_view_set_model (self->list, GTK_SELECTION_MODEL (selection));
}

static gboolean
grow (gpointer data)
{
  BedListDetail *self = data;
  guint made = g_list_model_get_n_items (G_LIST_MODEL (self->rows));

  bed_growing_list_grow (self->rows, made < MADE_AT_MOST ? STEP_ROWS : G_MAXUINT);
  if (!bed_growing_list_is_whole (self->rows))
    return G_SOURCE_CONTINUE;
  self->growing = 0;
  return G_SOURCE_REMOVE;
}

static gboolean
drawn (gpointer data)
{
  BedListDetail *self = data;

  self->growing = g_timeout_add (STEP_MS, grow, self);
  return G_SOURCE_REMOVE;
}

static void
stop_growing (BedListDetail *self)
{
  g_clear_handle_id (&self->growing, g_source_remove);
}

static void
show_rows (BedListDetail *self)
{
  if (self->model == NULL)
    return;
  if (self->rows == NULL)
    give_rows (self);
  if (self->growing == 0 && !bed_growing_list_is_whole (self->rows))
    self->growing = g_timeout_add (DRAWN_MS, drawn, self);
}

static void
row_activated (BedListDetail *self, guint position)
{
  g_autoptr (GObject) item = g_list_model_get_item (self->model, position);

  if (item != NULL)
    g_signal_emit (self, signals[CHOSEN], 0, item);
}

static void
search_changed (BedListDetail *self)
{
  g_signal_emit (self, signals[SEARCH_CHANGED], 0);
}

/* Down goes from the search into what it found. */
static gboolean
search_key (BedListDetail *self, guint key)
{
  if (key != GDK_KEY_Down && key != GDK_KEY_KP_Down)
    return GDK_EVENT_PROPAGATE;
  return gtk_widget_child_focus (GTK_WIDGET (self->list), GTK_DIR_TAB_FORWARD);
}

static void
bed_list_detail_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  BedListDetail *self = BED_LIST_DETAIL (object);
  GtkWidget *child = g_value_get_object (value);

  if (id == PROP_TOOL && child != NULL)
    gtk_box_append (self->tools, child);
  else if (id == PROP_FILTERS)
    adw_bin_set_child (self->filters, child);
  else if (id == PROP_DETAIL)
    adw_bin_set_child (self->detail, child);
  else if (id == PROP_EMPTY)
    adw_status_page_set_child (self->none, child);
}

static void
bed_list_detail_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  BedListDetail *self = BED_LIST_DETAIL (object);

  g_value_set_boolean (value, adw_leaflet_get_folded (self->leaflet)
                                  && adw_leaflet_get_visible_child (self->leaflet) != self->list_side);
}

static void
side_changed (BedListDetail *self)
{
  g_object_notify (G_OBJECT (self), "detail-alone");
}

static void
bed_list_detail_dispose (GObject *object)
{
  BedListDetail *self = BED_LIST_DETAIL (object);

  stop_growing (self);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_func (self->model, show_list, self);
  g_clear_object (&self->rows);
  g_clear_object (&self->model);
  G_OBJECT_CLASS (bed_list_detail_parent_class)->dispose (object);
}

static void
bed_list_detail_class_init (BedListDetailClass *klass)
{
  static const char *const names[N_PROPS] = { NULL, "tool", "filters", "detail", "empty", NULL };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GType type = G_TYPE_FROM_CLASS (klass);

  object_class->set_property = bed_list_detail_set_property;
  object_class->get_property = bed_list_detail_get_property;
  object_class->dispose = bed_list_detail_dispose;
  for (guint i = PROP_TOOL; i < PROP_DETAIL_ALONE; i++)
    g_object_class_install_property (
        object_class, i,
        g_param_spec_object (names[i], NULL, NULL, GTK_TYPE_WIDGET,
                             G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS));
  g_object_class_install_property (
      object_class, PROP_DETAIL_ALONE,
      g_param_spec_boolean ("detail-alone", NULL, NULL, FALSE,
                            G_PARAM_READABLE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY));
  signals[SEARCH_CHANGED] = g_signal_new ("search-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                          NULL, G_TYPE_NONE, 0);
  signals[CHOSEN] = g_signal_new ("chosen", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_OBJECT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/bedside/Bedside/ui/bed-list-detail.ui");
#define BIND(child) gtk_widget_class_bind_template_child (widget_class, BedListDetail, child)
  BIND (leaflet);
  BIND (detail_page);
  BIND (list_side);
  BIND (tools);
  BIND (filters);
  BIND (detail);
  BIND (search);
  BIND (list_stack);
  BIND (detail_stack);
  BIND (list);
  BIND (none);
  BIND (not_found);
  BIND (choose);
#undef BIND
  gtk_widget_class_bind_template_callback (widget_class, search_changed);
  gtk_widget_class_bind_template_callback (widget_class, search_key);
  gtk_widget_class_bind_template_callback (widget_class, row_activated);
}

static void
bed_list_detail_init (BedListDetail *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect_object (factory, "bind", G_CALLBACK (row_bound), self, 0);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (row_unbound), self, 0);
  gtk_list_view_set_factory (self->list, factory);
  g_object_unref (factory);
  g_signal_connect_object (self->leaflet, "notify::folded", G_CALLBACK (side_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->leaflet, "notify::visible-child", G_CALLBACK (side_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "map", G_CALLBACK (show_rows), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->list, "unmap", G_CALLBACK (stop_growing), self, G_CONNECT_SWAPPED);
  show_list (self);
}

void
bed_list_detail_set_words (BedListDetail *self, const BedListDetailWords *words)
{
  AdwStatusPage *pages[] = { self->none, self->choose };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    adw_status_page_set_icon_name (pages[i], words->icon);
  g_object_set (self->search, "placeholder-text", words->search_hint, NULL);
  bed_ui_set_name (GTK_WIDGET (self->search), words->search_name);
  bed_ui_set_name (GTK_WIDGET (self->list), words->list_name);
  adw_status_page_set_title (self->none, words->empty_title);
  adw_status_page_set_description (self->none, words->empty_text);
  adw_status_page_set_description (self->not_found, words->not_found_text);
  adw_status_page_set_title (self->choose, words->choose_title);
}

void
bed_list_detail_set_model (BedListDetail *self, GListModel *model, BedListRow make,
                           gpointer user_data, gboolean filtered)
{
  stop_growing (self);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_func (self->model, show_list, self);
  /* Rows of the old model are let go before the new way of making them counts. */
  gtk_list_view_set_model (self->list, NULL);
  g_clear_object (&self->rows);
  g_set_object (&self->model, model);
  self->make = make;
  self->data = user_data;
  self->filtered = filtered;
  if (model != NULL)
    g_signal_connect_swapped (model, "items-changed", G_CALLBACK (show_list), self);
  show_list (self);
  if (gtk_widget_get_mapped (GTK_WIDGET (self->list)))
    show_rows (self);
}

const char *
bed_list_detail_get_text (BedListDetail *self)
{
  return gtk_editable_get_text (GTK_EDITABLE (self->search));
}

void
bed_list_detail_reset (BedListDetail *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  bed_list_detail_close_detail (self);
}

void
bed_list_detail_close_detail (BedListDetail *self)
{
  gtk_stack_set_visible_child_name (self->detail_stack, "none");
  bed_list_detail_show_list (self);
}

void
bed_list_detail_show_list (BedListDetail *self)
{
  adw_leaflet_set_visible_child (self->leaflet, self->list_side);
}

void
bed_list_detail_show_detail (BedListDetail *self)
{
  gtk_stack_set_visible_child_name (self->detail_stack, "detail");
  adw_leaflet_set_visible_child (self->leaflet, adw_leaflet_page_get_child (self->detail_page));
}

void
bed_list_detail_search (BedListDetail *self)
{
  bed_list_detail_show_list (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

void
bed_list_detail_set_back (BedListDetail *self, GtkButton *back)
{
  g_object_bind_property (self->leaflet, "folded", back, "visible", G_BINDING_SYNC_CREATE);
  g_signal_connect_object (back, "clicked", G_CALLBACK (bed_list_detail_show_list), self,
                           G_CONNECT_SWAPPED);
}
