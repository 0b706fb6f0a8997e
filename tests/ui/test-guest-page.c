/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-guest-page.h"
#include "bed-sealed-message.h"
#include "bed-ui.h"

#include <string.h>

#define FIELDS 4

/* The rows in which something is typed, in their order. */
static void
find_rows (GtkWidget *widget, GtkWidget *rows[FIELDS], guint *n)
{
  if (ADW_IS_ENTRY_ROW (widget))
    {
      g_assert_cmpuint (*n, <, FIELDS);
      rows[(*n)++] = widget;
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    find_rows (child, rows, n);
}

static void
assert_taken (const BedSealedMessage *message)
{
  g_autofree char *json = bed_sealed_message_encode (message);
  g_autoptr (GError) error = NULL;
  g_autoptr (BedSealedMessage) taken
      = bed_sealed_message_decode (BED_ROLE_PATIENT, bed_sealed_type_to_string (message->type), json,
                                   strlen (json), &error);

  g_assert_no_error (error);
}

/* However much is typed, the clinic's app takes what the page says. */
static void
test_long_details (void)
{
  BedGuestPage *page = g_object_ref_sink (bed_guest_page_new ());
  GtkWidget *rows[FIELDS];
  g_autoptr (GString) much = g_string_new (NULL);
  char *typed[FIELDS], word[] = "en";
  guint n = 0;

  for (guint i = 0; i < 3000; i++)
    g_string_append (much, "\xf0\x9f\xa6\x94");
  find_rows (GTK_WIDGET (page), rows, &n);
  g_assert_cmpuint (n, ==, FIELDS);
  for (guint i = 0; i < FIELDS; i++)
    {
      gtk_editable_set_text (GTK_EDITABLE (rows[i]), much->str);
      typed[i] = bed_ui_dup_line (GTK_EDITABLE (rows[i]));
      g_assert_cmpuint (strlen (typed[i]), >, 0);
    }
  assert_taken (&(BedSealedMessage){
      .type = BED_SEALED_JOIN, .name = typed[0], .callback = typed[1], .location = typed[2],
      .language = word, .consent = { .version = word, .language = word, .time = 1, .agreed = TRUE } });
  assert_taken (&(BedSealedMessage){ .type = BED_SEALED_PASSCODE, .text = typed[3] });
  for (guint i = 0; i < FIELDS; i++)
    g_free (typed[i]);
  g_object_unref (page);
}

static AdwStatusPage *
over_page (BedGuestPage *page)
{
  return ADW_STATUS_PAGE (gtk_widget_get_template_child (GTK_WIDGET (page), BED_TYPE_GUEST_PAGE, "over"));
}

/* Each ending has words of its own; but for the first, which is not shown. */
static void
test_endings (void)
{
  BedGuestPage *page = g_object_ref_sink (bed_guest_page_new ());
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint over = BED_GUEST_OVER_ENDED; over < BED_GUEST_N_OVERS; over++)
    {
      char *words;

      bed_guest_page_set_over (page, over, NULL);
      words = g_strconcat (adw_status_page_get_title (over_page (page)), ": ",
                           adw_status_page_get_description (over_page (page)), NULL);
      g_test_message ("%u: %s", over, words);
      g_assert_true (g_str_has_suffix (words, "."));
      g_assert_true (g_hash_table_add (seen, words));
    }
  g_object_unref (page);
}

/* What was not as it should be is not told as the end of a consultation. */
static void
test_bad_ending (void)
{
  BedGuestPage *page = g_object_ref_sink (bed_guest_page_new ());

  bed_guest_page_set_over (page, BED_GUEST_OVER_UNSAFE, NULL);
  g_assert_cmpstr (adw_status_page_get_title (over_page (page)), ==, "The call was ended for your safety");
  bed_guest_page_set_over (page, BED_GUEST_OVER_UNCONNECTED, NULL);
  g_assert_cmpstr (adw_status_page_get_title (over_page (page)), ==, "The connection failed");
  g_object_unref (page);
}

/* Who has lost the connection is not told to be first in line. */
static void
test_waiting_lost (void)
{
  BedGuestPage *page = g_object_ref_sink (bed_guest_page_new ());
  GtkLabel *text = GTK_LABEL (gtk_widget_get_template_child (GTK_WIDGET (page), BED_TYPE_GUEST_PAGE,
                                                             "waiting_text"));

  bed_guest_page_set_waiting (page, "Dr A", 1, TRUE, FALSE);
  g_assert_nonnull (strstr (gtk_label_get_label (text), "first in line"));
  bed_guest_page_set_waiting (page, "Dr A", 1, TRUE, TRUE);
  g_assert_null (strstr (gtk_label_get_label (text), "first in line"));
  g_assert_nonnull (strstr (gtk_label_get_label (text), "connection is lost"));
  g_object_unref (page);
}

/* As a lock takes it along. */
static void
test_over_in_one (void)
{
  BedGuestPage *page = g_object_ref_sink (bed_guest_page_new ());
  g_autofree char *declined = NULL;
  g_autofree char *ended = NULL;

  bed_guest_page_set_card (page, "Northgate", "Dr Okafor", "01632 960 100", "10:30");
  bed_guest_page_set_over (page, BED_GUEST_OVER_DECLINED, "Come back at <3> & bring tea");
  declined = bed_guest_page_dup_over (page);
  g_assert_cmpstr (declined, ==,
                   "The clinic cannot take you now. Come back at <3> & bring tea Call the clinic: "
                   "01632\u00a0960\u00a0100");
  bed_guest_page_set_over (page, BED_GUEST_OVER_ENDED, NULL);
  ended = bed_guest_page_dup_over (page);
  g_assert_true (g_str_has_prefix (ended, "The consultation is over. "));
  g_assert_null (strstr (ended, "01632"));
  g_object_unref (page);
}

/* One line, and its groups in their order whatever the text around it does. */
static void
test_number (void)
{
  g_autofree char *across = bed_ui_dup_number ("052 917");
  g_autofree char *back = NULL, *none = NULL;

  g_assert_cmpstr (across, ==, "052\u00a0917");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  back = bed_ui_dup_number ("052 917");
  none = bed_ui_dup_number ("");
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
  g_assert_cmpstr (back, ==, "\u2066052\u00a0917\u2069");
  g_assert_cmpstr (none, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gtk_init ();
  bed_ui_init ();
  g_test_add_func ("/ui/guest-page/long-details", test_long_details);
  g_test_add_func ("/ui/guest-page/endings", test_endings);
  g_test_add_func ("/ui/guest-page/bad-ending", test_bad_ending);
  g_test_add_func ("/ui/guest-page/waiting-lost", test_waiting_lost);
  g_test_add_func ("/ui/guest-page/over-in-one", test_over_in_one);
  g_test_add_func ("/ui/number", test_number);
  return g_test_run ();
}
