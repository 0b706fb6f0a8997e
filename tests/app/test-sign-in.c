/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The unlock page with a security key in software, as a person meets it. Needs a display. */
#include "bed-error-text.h"
#include "bed-sign-in.h"
#include "bed-ui.h"
#include "bed-vault-fakes.h"
#include "bed-vault-fixture.h"

#define PIN "1234"
#define PATIENCE_US (30 * G_USEC_PER_SEC)

typedef struct
{
  Fixture base;
  FakeToken *token;
  BedSession *session;
  BedWindow *window;
  BedSignIn *sign_in;
  guint opened;
} Desk;

static void
count (BedSignIn *sign_in, Desk *d)
{
  d->opened++;
}

static void
add_one (guint *counter)
{
  (*counter)++;
}

static void
add_token (Desk *d)
{
  g_autoptr (BedSecret) pin = bed_secret_new (PIN, strlen (PIN));
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  bed_vault_add_token_async (d->base.vault, BED_VAULT_TOKEN (d->token), pin, NULL,
                             fixture_keep_result, &result);
  bed_vault_add_token_finish (d->base.vault, fixture_wait (&result), &error);
  g_assert_no_error (error);
}

/* A record that a key opens, locked; and a window of it. data: not NULL: no key is added. */
static void
set_up (Desk *d, gconstpointer data)
{
  fixture_set_up (&d->base, NULL);
  d->token = fake_token_new (PIN);
  if (data == NULL)
    add_token (d);
  bed_vault_lock (d->base.vault);
  d->session = bed_session_new (d->base.directory, d->base.clock, &cheap);
  d->window = g_object_ref_sink (bed_window_new (NULL));
  d->sign_in = bed_sign_in_new (d->session, d->window, BED_VAULT_TOKEN (d->token));
  g_signal_connect (d->sign_in, "opened", G_CALLBACK (count), d);
  bed_sign_in_start (d->sign_in);
  gtk_window_present (GTK_WINDOW (d->window));
}

static void
tear_down (Desk *d, gconstpointer data)
{
  if (d->opened > 0)
    bed_session_lock (d->session);
  g_clear_object (&d->sign_in);
  gtk_window_destroy (GTK_WINDOW (d->window));
  g_clear_object (&d->window);
  g_clear_object (&d->session);
  g_clear_object (&d->token);
  fixture_tear_down (&d->base, NULL);
}

/* The widget that shows these words: a button by its label, else a label. Borrowed, nullable. */
static GtkWidget *
find (GtkWidget *widget, const char *text)
{
  if (GTK_IS_BUTTON (widget) && g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), text) == 0)
    return widget;
  if (GTK_IS_LABEL (widget) && g_str_equal (gtk_label_get_label (GTK_LABEL (widget)), text))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find (child, text);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static GtkWidget *
page (Desk *d)
{
  return GTK_WIDGET (bed_window_get_unlock (d->window));
}

static gboolean
is_shown (Desk *d, const char *text)
{
  GtkWidget *found = find (page (d), text);

  return found != NULL && gtk_widget_get_child_visible (found) && gtk_widget_get_mapped (found);
}

static void
wait_until_shown (Desk *d, const char *text)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;

  while (!is_shown (d, text) && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (2000);
  g_test_message ("%s", text);
  g_assert_true (is_shown (d, text));
}

static void
wait_until_idle (Desk *d)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;

  while (is_shown (d, "Touch your security key when it blinks.") && g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (2000);
}

static void
unlock (Desk *d, const char *pin)
{
  g_signal_emit_by_name (page (d), "unlock", pin, BED_UNLOCK_TOKEN);
}

static const char *
words (BedVaultError code)
{
  g_autoptr (GError) error = g_error_new_literal (BED_VAULT_ERROR, (int) code, "");

  return bed_error_text (error);
}

static void
test_key (Desk *d, gconstpointer data)
{
  guint touches = d->token->touches;

  wait_until_shown (d, "Use the security key");
  g_signal_emit_by_name (find (page (d), "Use the security key"), "clicked");
  wait_until_shown (d, "Use the password");
  g_assert_false (is_shown (d, "Use the security key"));
  unlock (d, "0000");
  wait_until_shown (d, words (BED_VAULT_ERROR_TOKEN_PIN));
  g_assert_cmpuint (d->opened, ==, 0);
  g_hash_table_remove_all (d->token->credentials); /* another key is plugged in */
  unlock (d, PIN);
  wait_until_shown (d, words (BED_VAULT_ERROR_TOKEN_MISSING));
  g_assert_cmpuint (d->opened, ==, 0);
  g_assert_cmpuint (d->token->touches, ==, touches);
}

static void
test_opens (Desk *d, gconstpointer data)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;

  wait_until_shown (d, "Use the security key");
  g_signal_emit_by_name (find (page (d), "Use the security key"), "clicked");
  unlock (d, PIN);
  while (d->opened == 0 && g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (d->opened, ==, 1);
  g_assert_false (bed_window_get_locked (d->window));
}

/* Who stops waiting is not told of an error, and may go on in another way. */
static void
test_cancel (Desk *d, gconstpointer data)
{
  wait_until_shown (d, "Use the security key");
  g_signal_emit_by_name (find (page (d), "Use the security key"), "clicked");
  unlock (d, PIN);
  g_signal_emit_by_name (page (d), "cancel");
  wait_until_idle (d);
  wait_until_shown (d, "Use the password");
  g_assert_cmpuint (d->opened, ==, 0);
  g_assert_false (is_shown (d, words (BED_VAULT_ERROR_TOKEN)));
}

static void
open_with_key (Desk *d)
{
  wait_until_shown (d, "Use the security key");
  unlock (d, PIN);
  while (d->opened == 0)
    g_main_context_iteration (NULL, TRUE);
}

/* Behind the cover the password is looked at; until then the object is in use. */
static void
unlock_covered (Desk *d, gboolean end)
{
  gint64 patience = g_get_monotonic_time () + PATIENCE_US;
  guint in_use;

  bed_sign_in_cover (d->sign_in);
  g_assert_true (bed_window_get_locked (d->window));
  in_use = G_OBJECT (d->sign_in)->ref_count;
  g_signal_emit_by_name (page (d), "unlock", PASSPHRASE, BED_UNLOCK_PASSWORD);
  g_assert_cmpuint (G_OBJECT (d->sign_in)->ref_count, >, in_use);
  if (end)
    bed_sign_in_end (d->sign_in);
  while (G_OBJECT (d->sign_in)->ref_count > in_use && g_get_monotonic_time () < patience)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (2000);
  g_assert_cmpuint (G_OBJECT (d->sign_in)->ref_count, ==, in_use);
}

/* The call behind the cover ends while the password is looked at: what closes now stays covered. */
static void
test_end (Desk *d, gconstpointer data)
{
  guint uncovered = 0;

  g_signal_connect_swapped (d->sign_in, "uncovered", G_CALLBACK (add_one), &uncovered);
  open_with_key (d);
  unlock_covered (d, FALSE);
  g_assert_cmpuint (uncovered, ==, 1);
  g_assert_false (bed_window_get_locked (d->window));
  unlock_covered (d, TRUE);
  g_assert_cmpuint (uncovered, ==, 1);
  g_assert_true (bed_window_get_locked (d->window));
}

static void
test_none (Desk *d, gconstpointer data)
{
  wait_until_shown (d, "Use the recovery key");
  g_assert_false (is_shown (d, "Use the security key"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  bed_ui_init ();
#define ADD(path, data, function) g_test_add (path, Desk, data, set_up, function, tear_down)
  ADD ("/app/sign-in/key", NULL, test_key);
  ADD ("/app/sign-in/opens", NULL, test_opens);
  ADD ("/app/sign-in/cancel", NULL, test_cancel);
  ADD ("/app/sign-in/end", NULL, test_end);
  ADD ("/app/sign-in/none", GUINT_TO_POINTER (1), test_none);
  return g_test_run ();
}
