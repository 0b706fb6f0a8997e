/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-sign-in.h"

#include <glib/gi18n.h>
#include <string.h>

#include "bed-error-text.h"
#include "bed-recovery-paper.h"
#include "bed-ui.h"

struct _BedSignIn
{
  GObject parent_instance;
  BedSession *session; /* owned */
  BedWindow *window;   /* owned */
  BedVaultToken *token; /* owned, nullable: this build uses none */
  GCancellable *touch;  /* owned while the security key is waited for */
  gboolean covered;    /* the vault is open behind the cover */
  gboolean ended;      /* the record closes for good: no answer uncovers any more */
  gboolean later;      /* the person works without the clinic for now */
};

enum { OPENED, GUEST_LINK, UNCOVERED, RESTORE, HANG_UP, N_SIGNALS };
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BedSignIn, bed_sign_in, G_TYPE_OBJECT)

static void
show_person (BedSignIn *self)
{
  const char *name = bed_session_get_display_name (self->session);

  bed_unlock_page_set_person (bed_window_get_unlock (self->window),
                              *name != '\0' ? name : _("Welcome back"),
                              bed_session_get_clinic_name (self->session));
  bed_unlock_page_set_token (bed_window_get_unlock (self->window),
                             self->token != NULL
                                 && bed_vault_has_token (bed_session_get_vault (self->session)));
}

/* --- First run ------------------------------------------------------------------------------- */

static void
begun (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedSignIn) self = data;
  g_autoptr (GError) error = NULL;
  BedActivationPage *page = bed_window_get_activation (self->window);

  bed_welcome_page_set_busy (bed_window_get_welcome (self->window), FALSE);
  if (!bed_session_activation_begin_finish (BED_SESSION (source), result, &error))
    {
      bed_welcome_page_set_error (bed_window_get_welcome (self->window), bed_error_text (error));
      return;
    }
  bed_activation_page_set_person (page, bed_session_get_display_name (self->session),
                                  bed_session_get_clinic_name (self->session));
  bed_window_show_page (self->window, BED_PAGE_ACTIVATION);
  bed_activation_page_set_step (page, BED_ACTIVATION_STEP_PASSWORD);
}

static void
activation_link (BedSignIn *self, const char *link)
{
  bed_welcome_page_set_busy (bed_window_get_welcome (self->window), TRUE);
  bed_session_activation_begin_async (self->session, link, NULL, begun, g_object_ref (self));
}

static void
guest_link (BedSignIn *self, const char *link)
{
  g_signal_emit (self, signals[GUEST_LINK], 0, link);
}

static void
password_typed (BedSignIn *self, const char *typed)
{
  const char *words[]
      = { bed_session_get_login (self->session), bed_session_get_display_name (self->session),
          bed_session_get_clinic_name (self->session), "bedside", NULL };

  bed_activation_page_set_strength (bed_window_get_activation (self->window),
                                    bed_password_score (typed, words));
}

static void
password_set (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedSignIn) self = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BedQr) qr = NULL;
  g_autoptr (GdkPaintable) picture = NULL;
  BedActivationPage *page = bed_window_get_activation (self->window);

  bed_activation_page_set_busy (page, FALSE);
  if (!bed_session_activation_password_finish (BED_SESSION (source), result, &error))
    {
      bed_activation_page_set_error (page, bed_error_text (error));
      return;
    }
  qr = bed_qr_new (bed_session_activation_get_otp_uri (self->session));
  picture = qr != NULL ? bed_ui_qr_paintable (qr) : NULL;
  bed_activation_page_set_otp (page, picture,
                               bed_session_activation_get_otp_secret (self->session));
  bed_activation_page_set_step (page, BED_ACTIVATION_STEP_FACTOR);
}

static void
activation_password (BedSignIn *self, const char *typed)
{
  bed_activation_page_set_busy (bed_window_get_activation (self->window), TRUE);
  bed_session_activation_password_async (self->session, typed, NULL, password_set,
                                         g_object_ref (self));
}

static void
confirmed (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedSignIn) self = data;
  g_autoptr (GError) error = NULL;
  BedActivationPage *page = bed_window_get_activation (self->window);
  g_autofree char *key = NULL;
  BedSecret *secret;

  bed_activation_page_set_busy (page, FALSE);
  if (!bed_session_activation_confirm_finish (BED_SESSION (source), result, &error))
    {
      bed_activation_page_set_error (page, bed_error_text (error));
      return;
    }
  secret = bed_session_activation_get_recovery_key (self->session);
  key = g_strndup ((const char *) bed_secret_get_data (secret), bed_secret_get_length (secret));
  bed_activation_page_set_recovery (page, bed_session_activation_get_recovery_codes (self->session),
                                    key);
  bed_activation_page_set_step (page, BED_ACTIVATION_STEP_RECOVERY);
  bed_secret_wipe (key, strlen (key));
}

static void
activation_code (BedSignIn *self, const char *digits)
{
  bed_activation_page_set_busy (bed_window_get_activation (self->window), TRUE);
  bed_session_activation_confirm_async (self->session, digits, NULL, confirmed,
                                        g_object_ref (self));
}

static void
kept (GObject *object, const GError *error)
{
  BedSignIn *self = BED_SIGN_IN (object);

  if (error != NULL)
    bed_activation_page_set_error (bed_window_get_activation (self->window),
                                   bed_error_text (error));
  else
    bed_window_toast (self->window, _("Done. Put it where only you find it."));
}

static void
activation_save (BedSignIn *self)
{
  g_autofree char *text
      = bed_activation_page_dup_recovery_text (bed_window_get_activation (self->window));

  bed_save_text (GTK_WINDOW (self->window), _("Save the recovery key and codes"),
                 "bedside-recovery.txt", text, kept, G_OBJECT (self));
  bed_secret_wipe (text, strlen (text));
}

static void
activation_print (BedSignIn *self)
{
  g_autofree char *text
      = bed_activation_page_dup_recovery_text (bed_window_get_activation (self->window));

  bed_print_text (GTK_WINDOW (self->window), text, kept, G_OBJECT (self));
  bed_secret_wipe (text, strlen (text));
}

static void
activation_done (BedSignIn *self)
{
  bed_session_activation_done (self->session);
  bed_activation_page_forget (bed_window_get_activation (self->window));
  show_person (self);
  g_signal_emit (self, signals[OPENED], 0);
}

static void
activation_cancel (BedSignIn *self)
{
  bed_session_activation_cancel (self->session);
  bed_activation_page_forget (bed_window_get_activation (self->window));
  bed_welcome_page_reset (bed_window_get_welcome (self->window));
  bed_window_show_page (self->window, BED_PAGE_WELCOME);
}

/* --- Unlock ---------------------------------------------------------------------------------- */

static void
uncover (BedSignIn *self)
{
  self->covered = FALSE;
  bed_unlock_page_set_behind (bed_window_get_unlock (self->window), BED_UNLOCK_BEHIND_NOTHING);
  bed_unlock_page_set_unsaved (bed_window_get_unlock (self->window), FALSE);
  bed_unlock_page_set_link (bed_window_get_unlock (self->window), NULL);
  bed_window_set_locked (self->window, FALSE);
  g_signal_emit (self, signals[UNCOVERED], 0);
}

/* What is damaged is opened by no secret: a backup is the way on. */
static void
tell_locked (BedSignIn *self, const GError *error)
{
  BedUnlockPage *page = bed_window_get_unlock (self->window);
  gboolean stopped = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  bed_unlock_page_set_error (page, stopped ? NULL : bed_error_text (error));
  if (g_error_matches (error, BED_VAULT_ERROR, BED_VAULT_ERROR_DAMAGED))
    bed_unlock_page_set_restore (page, TRUE);
}

/* Nothing was typed yet, so that the words for a record that is open would be wrong. */
void
bed_sign_in_refuse (BedSignIn *self, const GError *error)
{
  static const int codes[][2] = {
    { BED_RECORD_ERROR_DAMAGED, BED_VAULT_ERROR_DAMAGED },
    { BED_RECORD_ERROR_FULL, BED_VAULT_ERROR_FULL },
    { BED_RECORD_ERROR_IO, BED_VAULT_ERROR_IO },
  };
  g_autoptr (GError) told = g_error_copy (error);

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    if (g_error_matches (error, BED_RECORD_ERROR, codes[i][0]))
      {
        told->domain = BED_VAULT_ERROR;
        told->code = codes[i][1];
      }
  tell_locked (self, told);
  if (g_error_matches (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NEWER))
    bed_unlock_page_set_restore (bed_window_get_unlock (self->window), TRUE);
}

static void
answered (BedSignIn *self)
{
  g_clear_object (&self->touch);
  bed_unlock_page_set_busy (bed_window_get_unlock (self->window), FALSE);
}

static void
checked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedSignIn) self = data;
  g_autoptr (GError) error = NULL;
  gboolean good = bed_vault_unlock_finish (BED_VAULT (source), result, &error);

  if (self->ended)
    return;
  answered (self);
  if (good)
    uncover (self);
  else
    tell_locked (self, error);
}

static void
check (BedSignIn *self, const char *typed, BedUnlockWay way)
{
  BedVault *vault = bed_session_get_vault (self->session);
  g_autoptr (BedSecret) secret = way == BED_UNLOCK_PASSWORD
                                     ? bed_password_normalise (typed)
                                     : bed_secret_new (typed, strlen (typed));

  if (secret == NULL)
    {
      bed_unlock_page_set_busy (bed_window_get_unlock (self->window), FALSE);
      bed_unlock_page_set_error (bed_window_get_unlock (self->window),
                                 _("That was not right. Try again."));
    }
  else if (way == BED_UNLOCK_TOKEN)
    bed_vault_unlock_with_token_async (vault, self->token, secret, self->touch, checked,
                                       g_object_ref (self));
  else if (way == BED_UNLOCK_RECOVERY)
    bed_vault_unlock_with_recovery_async (vault, secret, NULL, checked, g_object_ref (self));
  else
    bed_vault_unlock_async (vault, secret, NULL, checked, g_object_ref (self));
}

static void
unlocked (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedSignIn) self = data;
  g_autoptr (GError) error = NULL;

  answered (self);
  if (!bed_session_unlock_finish (BED_SESSION (source), result, &error))
    {
      tell_locked (self, error);
      return;
    }
  bed_unlock_page_reset (bed_window_get_unlock (self->window));
  bed_window_set_locked (self->window, FALSE);
  self->later = FALSE;
  g_signal_emit (self, signals[OPENED], 0);
}

static void
unlock (BedSignIn *self, const char *secret, int way)
{
  g_autofree char *typed = g_strdup (secret);

  bed_unlock_page_set_busy (bed_window_get_unlock (self->window), TRUE);
  if (way == BED_UNLOCK_TOKEN)
    self->touch = g_cancellable_new ();
  if (self->covered)
    check (self, typed, (BedUnlockWay) way);
  else if (way == BED_UNLOCK_TOKEN)
    bed_session_unlock_with_token_async (self->session, self->token, typed, self->touch, unlocked,
                                         g_object_ref (self));
  else if (way == BED_UNLOCK_RECOVERY)
    bed_session_unlock_with_recovery_async (self->session, typed, NULL, unlocked,
                                            g_object_ref (self));
  else
    bed_session_unlock_async (self->session, typed, NULL, unlocked, g_object_ref (self));
  bed_secret_wipe (typed, strlen (typed));
}

static void
stop_waiting (BedSignIn *self)
{
  g_cancellable_cancel (self->touch);
}

static void
restore (BedSignIn *self)
{
  g_signal_emit (self, signals[RESTORE], 0);
}

static void
hang_up (BedSignIn *self)
{
  g_signal_emit (self, signals[HANG_UP], 0);
}

/* --- Second factor --------------------------------------------------------------------------- */

static void
signed_in (BedSignIn *self, gboolean good, const GError *error)
{
  bed_code_page_set_busy (bed_window_get_code (self->window), FALSE);
  if (!good)
    bed_code_page_set_error (bed_window_get_code (self->window), bed_error_text (error));
  else
    bed_window_show_page (self->window, BED_PAGE_HOME);
}

static void
code_taken (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedSignIn) self = data;
  g_autoptr (GError) error = NULL;
  gboolean good = bed_session_sign_in_finish (BED_SESSION (source), result, &error);

  signed_in (self, good, error);
  /* It was not the code: the page asks for the password, too, and says why. */
  if (!good && bed_session_get_account_state (self->session) == BED_ACCOUNT_STATE_PASSWORD)
    bed_code_page_ask (bed_window_get_code (self->window), TRUE);
}

static void
password_adopted (GObject *source, GAsyncResult *result, gpointer data)
{
  g_autoptr (BedSignIn) self = data;
  g_autoptr (GError) error = NULL;
  gboolean good = bed_session_adopt_password_finish (BED_SESSION (source), result, &error);

  signed_in (self, good, error);
}

static void
code (BedSignIn *self, const char *password, const char *typed)
{
  bed_code_page_set_busy (bed_window_get_code (self->window), TRUE);
  if (bed_session_get_account_state (self->session) == BED_ACCOUNT_STATE_PASSWORD)
    bed_session_adopt_password_async (self->session, password, typed, NULL, password_adopted,
                                      g_object_ref (self));
  else
    bed_session_sign_in_async (self->session, typed, NULL, code_taken, g_object_ref (self));
}

static void
later (BedSignIn *self)
{
  self->later = TRUE;
  bed_window_show_page (self->window, BED_PAGE_HOME);
}

/* Asked once after an unlock; the strip on Today asks again. Never over a call. */
static void
account_changed (BedSignIn *self)
{
  BedAccountState state = bed_session_get_account_state (self->session);
  gboolean password = state == BED_ACCOUNT_STATE_PASSWORD;

  show_person (self);
  if (!password && state != BED_ACCOUNT_STATE_SECOND_FACTOR)
    return;
  if (self->later || bed_window_get_page (self->window) != BED_PAGE_HOME)
    return;
  bed_code_page_ask (bed_window_get_code (self->window), password);
  bed_window_show_page (self->window, BED_PAGE_CODE);
}

static void
bed_sign_in_dispose (GObject *object)
{
  BedSignIn *self = BED_SIGN_IN (object);

  g_clear_object (&self->session);
  g_clear_object (&self->window);
  g_clear_object (&self->token);
  g_clear_object (&self->touch);
  G_OBJECT_CLASS (bed_sign_in_parent_class)->dispose (object);
}

static void
bed_sign_in_class_init (BedSignInClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bed_sign_in_dispose;
  signals[OPENED]
      = g_signal_new ("opened", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[GUEST_LINK] = g_signal_new ("guest-link", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                      G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[UNCOVERED]
      = g_signal_new ("uncovered", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[RESTORE]
      = g_signal_new ("restore", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[HANG_UP]
      = g_signal_new ("hang-up", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bed_sign_in_init (BedSignIn *self)
{
}

static void
listen (BedSignIn *self, gpointer object, const char *name, GCallback callback)
{
  g_signal_connect_object (object, name, callback, self, G_CONNECT_SWAPPED);
}

BedSignIn *
bed_sign_in_new (BedSession *session, BedWindow *window, BedVaultToken *token)
{
  BedSignIn *self = g_object_new (BED_TYPE_SIGN_IN, NULL);
  BedActivationPage *activation = bed_window_get_activation (window);

  self->session = g_object_ref (session);
  self->window = g_object_ref (window);
  g_set_object (&self->token, token);
  listen (self, bed_window_get_welcome (window), "activation-link", G_CALLBACK (activation_link));
  listen (self, bed_window_get_welcome (window), "guest-link", G_CALLBACK (guest_link));
  listen (self, bed_window_get_welcome (window), "restore", G_CALLBACK (restore));
  listen (self, activation, "password-typed", G_CALLBACK (password_typed));
  listen (self, activation, "password", G_CALLBACK (activation_password));
  listen (self, activation, "code", G_CALLBACK (activation_code));
  listen (self, activation, "save", G_CALLBACK (activation_save));
  listen (self, activation, "print", G_CALLBACK (activation_print));
  listen (self, activation, "done", G_CALLBACK (activation_done));
  listen (self, activation, "cancel", G_CALLBACK (activation_cancel));
  listen (self, bed_window_get_unlock (window), "unlock", G_CALLBACK (unlock));
  listen (self, bed_window_get_unlock (window), "cancel", G_CALLBACK (stop_waiting));
  listen (self, bed_window_get_unlock (window), "restore", G_CALLBACK (restore));
  listen (self, bed_window_get_unlock (window), "hang-up", G_CALLBACK (hang_up));
  listen (self, bed_window_get_code (window), "code", G_CALLBACK (code));
  listen (self, bed_window_get_code (window), "later", G_CALLBACK (later));
  listen (self, session, "notify::account-state", G_CALLBACK (account_changed));
  return self;
}

void
bed_sign_in_start (BedSignIn *self)
{
  if (bed_session_get_state (self->session) == BED_SESSION_STATE_NO_PROFILE)
    {
      bed_window_show_page (self->window, BED_PAGE_WELCOME);
      return;
    }
  show_person (self);
  bed_window_show_page (self->window, BED_PAGE_HOME);
  bed_window_set_locked (self->window, TRUE);
}

static const char set_up[]
    = N_("This computer is set up already. Unlock it with your password.");
static const char under_way[]
    = N_("A set-up is under way here already. Finish it; or cancel it, then open the link again.");

/* Until the recovery key was put away, too. */
static gboolean
is_setting_up (BedSignIn *self)
{
  return bed_session_get_state (self->session) == BED_SESSION_STATE_ACTIVATING
         || bed_window_get_page (self->window) == BED_PAGE_ACTIVATION;
}

void
bed_sign_in_open_link (BedSignIn *self, const char *link)
{
  BedWelcomePage *welcome = bed_window_get_welcome (self->window);
  BedSessionState state = bed_session_get_state (self->session);

  if (strstr (link, "/activate#") == NULL)
    g_signal_emit (self, signals[GUEST_LINK], 0, link);
  else if (state == BED_SESSION_STATE_NO_PROFILE)
    {
      bed_welcome_page_ask_link (welcome, FALSE, link);
      activation_link (self, link);
    }
  else if (bed_window_get_locked (self->window))
    bed_unlock_page_set_link (bed_window_get_unlock (self->window), _(set_up));
  else
    bed_window_toast (self->window, is_setting_up (self) ? _(under_way) : _(set_up));
}

void
bed_sign_in_cover (BedSignIn *self)
{
  show_person (self);
  self->covered = TRUE;
  bed_window_set_locked (self->window, TRUE);
}

void
bed_sign_in_end (BedSignIn *self)
{
  self->ended = TRUE;
}

void
bed_sign_in_tell_unsaved (BedSignIn *self)
{
  bed_unlock_page_set_unsaved (bed_window_get_unlock (self->window), TRUE);
}
