/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-list-detail.h"
#include "bed-ui.h"

#define ALL 1000
#define HEIGHT 800
#define FIRST_MOST 40  /* rows: twice what fills the window */
#define ROWS_MOST 240  /* rows that the toolkit's list makes, however long it is */
#define PATIENCE_S 30

typedef struct
{
  GtkWindow *window;
  GtkStack *stack;
  BedListDetail *pane;
  GtkStringList *items;
  guint made;
  char *chosen; /* owned */
} Shown;

/* Returns: (nullable): the first of the type. */
static GtkWidget *
find (GtkWidget *widget, GType type)
{
  GtkWidget *found = g_type_is_a (G_OBJECT_TYPE (widget), type) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find (child, type);
  return found;
}

static GtkWidget *
make_row (gpointer item, char **name, gpointer data)
{
  GtkWidget *row = gtk_label_new (gtk_string_object_get_string (item));

  ((Shown *) data)->made++;
  *name = g_strdup (gtk_string_object_get_string (item));
  gtk_widget_set_size_request (row, -1, 60);
  return row;
}

static void
chosen (BedListDetail *pane, GtkStringObject *item, Shown *shown)
{
  g_free (shown->chosen);
  shown->chosen = g_strdup (gtk_string_object_get_string (item));
}

static gboolean
set_true (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_CONTINUE;
}

/* Until the condition holds; a test that waits for ever is ended. */
#define WAIT(condition)                                                                            \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gboolean over = FALSE;                                                                         \
    guint source = g_timeout_add_seconds (PATIENCE_S, set_true, &over);                            \
    while (!(condition) && !over)                                                                  \
      g_main_context_iteration (NULL, TRUE);                                                       \
    g_source_remove (source);                                                                      \
    g_assert_true (condition);                                                                     \
  }                                                                                                \
  G_STMT_END

static void
on_paint (GdkFrameClock *clock, gboolean *painted)
{
  *painted = TRUE;
}

static void
wait_painted (Shown *shown)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (shown->window));
  gboolean painted = FALSE;
  gulong handler = g_signal_connect (clock, "after-paint", G_CALLBACK (on_paint), &painted);

  gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_PAINT);
  WAIT (painted);
  g_signal_handler_disconnect (clock, handler);
}

static void
fill (Shown *shown, guint n)
{
  g_clear_object (&shown->items);
  shown->items = gtk_string_list_new (NULL);
  for (guint i = 0; i < n; i++)
    gtk_string_list_take (shown->items, g_strdup_printf ("%u", i));
  bed_list_detail_set_model (shown->pane, G_LIST_MODEL (shown->items), make_row, shown, FALSE);
}

static void
set_up (Shown *shown, gconstpointer data)
{
  shown->window = GTK_WINDOW (gtk_window_new ());
  shown->stack = GTK_STACK (gtk_stack_new ());
  shown->pane = g_object_new (BED_TYPE_LIST_DETAIL, NULL);
  gtk_stack_add_named (shown->stack, gtk_label_new ("before"), "before");
  gtk_stack_add_named (shown->stack, GTK_WIDGET (shown->pane), "pane");
  g_signal_connect (shown->pane, "chosen", G_CALLBACK (chosen), shown);
  gtk_window_set_default_size (shown->window, 700, HEIGHT);
  gtk_window_set_child (shown->window, GTK_WIDGET (shown->stack));
  fill (shown, ALL);
  gtk_window_present (shown->window);
  WAIT (gtk_widget_get_height (GTK_WIDGET (shown->stack)) > 0);
  wait_painted (shown);
}

static void
tear_down (Shown *shown, gconstpointer data)
{
  gtk_window_destroy (shown->window);
  g_clear_object (&shown->items);
  g_free (shown->chosen);
}

static GtkListView *
list_of (Shown *shown)
{
  return GTK_LIST_VIEW (find (GTK_WIDGET (shown->pane), GTK_TYPE_LIST_VIEW));
}

static guint
n_rows (Shown *shown)
{
  GtkSelectionModel *model = gtk_list_view_get_model (list_of (shown));

  return model != NULL ? g_list_model_get_n_items (G_LIST_MODEL (model)) : 0;
}

/* Hidden it costs nothing; shown it fills the window at once, and has the rest a moment later. */
static void
test_first_rows (Shown *shown, gconstpointer data)
{
  GtkAdjustment *place
      = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (list_of (shown)));

  g_assert_cmpuint (shown->made, ==, 0);
  gtk_stack_set_visible_child_name (shown->stack, "pane");
  wait_painted (shown);
  g_assert_cmpuint (shown->made, >, 0);
  g_assert_cmpuint (shown->made, <=, FIRST_MOST);
  g_assert_cmpfloat (gtk_adjustment_get_page_size (place), >, HEIGHT / 2);
  g_assert_cmpfloat (gtk_adjustment_get_upper (place), >, gtk_adjustment_get_page_size (place));
  WAIT (n_rows (shown) == ALL);
  g_assert_cmpuint (shown->made, <=, ROWS_MOST);
}

static void
test_choice (Shown *shown, gconstpointer data)
{
  const char *const first[] = { "new", NULL };

  gtk_stack_set_visible_child_name (shown->stack, "pane");
  gtk_string_list_splice (shown->items, 0, 0, first); /* while there are few rows */
  g_signal_emit_by_name (list_of (shown), "activate", 0);
  g_assert_cmpstr (shown->chosen, ==, "new");
  WAIT (n_rows (shown) == ALL + 1);
  g_signal_emit_by_name (list_of (shown), "activate", 501);
  g_assert_cmpstr (shown->chosen, ==, "500");
  gtk_string_list_splice (shown->items, 0, 2, NULL);
  g_assert_cmpuint (n_rows (shown), ==, ALL - 1);
}

/* What comes while it is hidden is there when it is seen again; it grows on where it was left. */
static void
test_hidden (Shown *shown, gconstpointer data)
{
  guint made, rows;

  gtk_stack_set_visible_child_name (shown->stack, "pane");
  wait_painted (shown);
  gtk_stack_set_visible_child_name (shown->stack, "before");
  WAIT (!gtk_widget_get_mapped (GTK_WIDGET (list_of (shown))));
  rows = n_rows (shown);
  g_assert_cmpuint (rows, <, ALL);
  gtk_stack_set_visible_child_name (shown->stack, "pane");
  WAIT (n_rows (shown) == ALL);
  gtk_stack_set_visible_child_name (shown->stack, "before");
  WAIT (!gtk_widget_get_mapped (GTK_WIDGET (list_of (shown))));
  made = shown->made;
  fill (shown, 3);
  wait_painted (shown);
  g_assert_cmpuint (shown->made, ==, made);
  gtk_stack_set_visible_child_name (shown->stack, "pane");
  WAIT (n_rows (shown) == 3);
  g_assert_cmpuint (shown->made, ==, made + 3);
  fill (shown, 0);
  g_assert_cmpuint (n_rows (shown), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  bed_ui_init ();
#define ADD(path, test) g_test_add (path, Shown, NULL, set_up, test, tear_down)
  ADD ("/ui/list-detail/first-rows", test_first_rows);
  ADD ("/ui/list-detail/choice", test_choice);
  ADD ("/ui/list-detail/hidden", test_hidden);
#undef ADD
  return g_test_run ();
}
