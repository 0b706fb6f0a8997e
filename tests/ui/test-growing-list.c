/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-growing-list.h"

#include <gtk/gtk.h>

#define ALL 40
#define ROUNDS 2000

typedef struct
{
  GtkStringList *whole;
  BedGrowingList *list;
  GPtrArray *seen; /* what a view that listens to nothing but the signal would show */
} Lists;

static char *
dup_item (gpointer list, guint position)
{
  g_autoptr (GtkStringObject) item = g_list_model_get_item (G_LIST_MODEL (list), position);

  return item != NULL ? g_strdup (gtk_string_object_get_string (item)) : NULL;
}

static void
on_changed (GListModel *list, guint position, guint removed, guint added, Lists *lists)
{
  g_assert_cmpuint (position + removed, <=, lists->seen->len);
  if (removed > 0)
    g_ptr_array_remove_range (lists->seen, position, removed);
  for (guint i = 0; i < added; i++)
    g_ptr_array_insert (lists->seen, (int) (position + i), dup_item (list, position + i));
}

static guint
n_items (gpointer list)
{
  return g_list_model_get_n_items (G_LIST_MODEL (list));
}

/* It is the beginning of the whole, and everybody who listened knows. */
static void
check (Lists *lists)
{
  g_assert_cmpuint (n_items (lists->list), <=, n_items (lists->whole));
  g_assert_cmpuint (n_items (lists->list), ==, lists->seen->len);
  for (guint i = 0; i < lists->seen->len; i++)
    {
      g_autofree char *item = dup_item (lists->list, i);

      g_assert_cmpstr (item, ==, gtk_string_list_get_string (lists->whole, i));
      g_assert_cmpstr (item, ==, lists->seen->pdata[i]);
    }
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (lists->list), lists->seen->len));
}

static void
set_up (Lists *lists, gconstpointer first)
{
  lists->whole = gtk_string_list_new (NULL);
  for (guint i = 0; i < ALL; i++)
    gtk_string_list_take (lists->whole, g_strdup_printf ("%u", i));
  lists->list = bed_growing_list_new (G_LIST_MODEL (lists->whole), GPOINTER_TO_UINT (first));
  lists->seen = g_ptr_array_new_with_free_func (g_free);
  on_changed (G_LIST_MODEL (lists->list), 0, 0, n_items (lists->list), lists);
  g_signal_connect (lists->list, "items-changed", G_CALLBACK (on_changed), lists);
}

static void
tear_down (Lists *lists, gconstpointer first)
{
  g_object_unref (lists->list);
  g_object_unref (lists->whole);
  g_ptr_array_unref (lists->seen);
}

static void
test_grow (Lists *lists, gconstpointer first)
{
  g_assert_cmpuint (n_items (lists->list), ==, 10);
  g_assert_false (bed_growing_list_is_whole (lists->list));
  bed_growing_list_grow (lists->list, 5);
  g_assert_cmpuint (n_items (lists->list), ==, 15);
  check (lists);
  bed_growing_list_grow (lists->list, G_MAXUINT);
  g_assert_true (bed_growing_list_is_whole (lists->list));
  g_assert_cmpuint (n_items (lists->list), ==, ALL);
  check (lists);
  bed_growing_list_grow (lists->list, 1);
  check (lists);
}

/* One that has it all has it all whatever is put in. */
static void
test_whole (Lists *lists, gconstpointer first)
{
  const char *const more[] = { "a", "b", "c", NULL };

  g_assert_true (bed_growing_list_is_whole (lists->list));
  gtk_string_list_splice (lists->whole, ALL, 0, more);
  g_assert_true (bed_growing_list_is_whole (lists->list));
  check (lists);
  gtk_string_list_splice (lists->whole, 0, ALL + 3, NULL);
  g_assert_cmpuint (n_items (lists->list), ==, 0);
  check (lists);
}

/* Whatever changes, wherever. */
static void
test_changes (Lists *lists, gconstpointer first)
{
  const char *const words[] = { "a", "b", "c", "d", NULL };

  for (guint i = 0; i < ROUNDS; i++)
    {
      guint n = n_items (lists->whole);
      guint position = (guint) g_test_rand_int_range (0, (gint32) n + 1);
      guint removed = (guint) g_test_rand_int_range (0, (gint32) MIN (5, n - position + 1));

      gtk_string_list_splice (lists->whole, position, removed,
                              words + g_test_rand_int_range (0, 5));
      if (g_test_rand_bit ())
        bed_growing_list_grow (lists->list, 1);
      check (lists);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, first, test)                                                                     \
  g_test_add (path, Lists, GUINT_TO_POINTER (first), set_up, test, tear_down)
  ADD ("/ui/growing-list/grow", 10, test_grow);
  ADD ("/ui/growing-list/whole", ALL + 1, test_whole);
  ADD ("/ui/growing-list/changes", 10, test_changes);
#undef ADD
  return g_test_run ();
}
