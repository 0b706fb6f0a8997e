/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which warning lies on top, and which go with a call. Needs a display. */
#include "bed-error-text.h"
#include "bed-message-bar.h"
#include "bed-record-store.h"
#include "bed-ui.h"
#include "bed-vault-error.h"

/* In a window of its own, which is to be destroyed. */
static BedMessageBar *
new_bar (GtkWidget **window)
{
  BedMessageBar *bar = bed_message_bar_new ();

  *window = gtk_window_new ();
  gtk_window_set_child (GTK_WINDOW (*window), GTK_WIDGET (bar));
  return bar;
}

/* Lends what the first label in it says; NULL: it shows nothing. */
static const char *
shown (GtkWidget *widget)
{
  const char *text = GTK_IS_LABEL (widget) ? gtk_label_get_label (GTK_LABEL (widget)) : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && text == NULL;
       child = gtk_widget_get_next_sibling (child))
    text = shown (child);
  return text;
}

static GtkWidget *
find_button (GtkWidget *widget)
{
  GtkWidget *found = GTK_IS_BUTTON (widget) ? widget : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_button (child);
  return found;
}

static void
check_closing (BedMessageBar *bar, const char *const *texts)
{
  for (guint i = 0; texts[i] != NULL; i++)
    {
      g_assert_cmpstr (shown (GTK_WIDGET (bar)), ==, texts[i]);
      g_signal_emit_by_name (find_button (GTK_WIDGET (bar)), "clicked");
    }
  g_assert_null (shown (GTK_WIDGET (bar)));
  g_assert_false (gtk_widget_get_visible (GTK_WIDGET (bar)));
}

static void
test_order (void)
{
  GtkWidget *window;
  BedMessageBar *bar = new_bar (&window);

  bed_message_bar_add (bar, BED_GRAVITY_ORDINARY, "ordinary, older", FALSE);
  bed_message_bar_add (bar, BED_GRAVITY_GRAVE, "grave, older", FALSE);
  bed_message_bar_add (bar, BED_GRAVITY_LIGHT, "light", FALSE);
  g_assert_cmpstr (shown (GTK_WIDGET (bar)), ==, "grave, older");
  bed_message_bar_add (bar, BED_GRAVITY_GRAVE, "grave, newer", FALSE);
  bed_message_bar_add (bar, BED_GRAVITY_ORDINARY, "ordinary, newer", FALSE);
  bed_message_bar_add (bar, BED_GRAVITY_GRAVE, "grave, older", FALSE); /* now it is the newest */
  check_closing (bar, (const char *const[]){ "grave, older", "grave, newer", "ordinary, newer",
                                             "ordinary, older", "light", NULL });
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_end_call (void)
{
  GtkWidget *window;
  BedMessageBar *bar = new_bar (&window);

  bed_message_bar_add (bar, BED_GRAVITY_GRAVE, "of the call", TRUE);
  bed_message_bar_add (bar, BED_GRAVITY_LIGHT, "stays", FALSE);
  bed_message_bar_add (bar, BED_GRAVITY_LIGHT, "of the call, too", TRUE);
  bed_message_bar_end_call (bar);
  check_closing (bar, (const char *const[]){ "stays", NULL });
  bed_message_bar_end_call (bar);
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_withdraw (void)
{
  GtkWidget *window;
  BedMessageBar *bar = new_bar (&window);

  bed_message_bar_add (bar, BED_GRAVITY_LIGHT, "one", TRUE);
  bed_message_bar_add (bar, BED_GRAVITY_GRAVE, "other", TRUE);
  g_assert_true (bed_message_bar_withdraw (bar, "other"));
  g_assert_false (bed_message_bar_withdraw (bar, "other"));
  check_closing (bar, (const char *const[]){ "one", NULL });
  gtk_window_destroy (GTK_WINDOW (window));
}

/* As a lock takes them along. */
static void
test_texts (void)
{
  GtkWidget *window;
  BedMessageBar *bar = new_bar (&window);
  g_auto (GStrv) light = NULL, grave = NULL;

  bed_message_bar_add (bar, BED_GRAVITY_LIGHT, "first", FALSE);
  bed_message_bar_add (bar, BED_GRAVITY_LIGHT, "second", FALSE);
  light = bed_message_bar_dup_texts (bar, BED_GRAVITY_LIGHT);
  grave = bed_message_bar_dup_texts (bar, BED_GRAVITY_GRAVE);
  g_assert_cmpuint (g_strv_length (light), ==, 2);
  g_assert_cmpstr (light[0], ==, "first");
  g_assert_cmpstr (light[1], ==, "second");
  g_assert_cmpuint (g_strv_length (grave), ==, 0);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What may get lost lies above what only did not succeed. */
static void
test_errors (void)
{
  const struct
  {
    GQuark domain;
    int code;
    gboolean grave;
  } cases[] = {
    { BED_RECORD_ERROR, BED_RECORD_ERROR_FULL, TRUE },
    { BED_RECORD_ERROR, BED_RECORD_ERROR_IO, TRUE },
    { BED_RECORD_ERROR, BED_RECORD_ERROR_DAMAGED, TRUE },
    { BED_RECORD_ERROR, BED_RECORD_ERROR_INVALID, FALSE },
    { BED_VAULT_ERROR, BED_VAULT_ERROR_FULL, TRUE },
    { BED_VAULT_ERROR, BED_VAULT_ERROR_DAMAGED, TRUE },
    { BED_VAULT_ERROR, BED_VAULT_ERROR_TOKEN_PIN, FALSE },
    { G_IO_ERROR, G_IO_ERROR_NO_SPACE, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (cases[i].domain, cases[i].code, "");

      g_assert_cmpint (bed_error_is_grave (error), ==, cases[i].grave);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  bed_ui_init ();
  g_test_add_func ("/ui/message-bar/order", test_order);
  g_test_add_func ("/ui/message-bar/end-call", test_end_call);
  g_test_add_func ("/ui/message-bar/withdraw", test_withdraw);
  g_test_add_func ("/ui/message-bar/texts", test_texts);
  g_test_add_func ("/ui/message-bar/errors", test_errors);
  return g_test_run ();
}
