/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-session-private.h"

static void
wipe_text (char **text)
{
  if (*text != NULL)
    bed_secret_wipe (*text, strlen (*text));
  g_clear_pointer (text, g_free);
}

void
bed_session_activation_clear (BedSession *self)
{
  BedActivation *activation = &self->activation;

  wipe_text (&activation->code);
  wipe_text (&activation->ticket);
  wipe_text (&activation->otp_uri);
  wipe_text (&activation->otp_secret);
  for (char **code = activation->recovery_codes; code != NULL && *code != NULL; code++)
    bed_secret_wipe (*code, strlen (*code));
  g_clear_pointer (&activation->recovery_codes, g_strfreev);
  g_clear_pointer (&activation->activated, bed_activated_free);
  g_clear_pointer (&activation->password, bed_secret_unref);
  g_clear_pointer (&activation->auth, bed_secret_unref);
  g_clear_pointer (&activation->recovery_key, bed_secret_unref);
}

void
bed_session_activation_cancel (BedSession *self)
{
  if (self->state != BED_SESSION_STATE_ACTIVATING)
    return;
  bed_session_activation_clear (self);
  g_clear_object (&self->client);
  g_clear_pointer (&self->profile, bed_profile_free);
  bed_session_set_state (self, BED_SESSION_STATE_NO_PROFILE);
}

/* First step: who one is. */

static gboolean
params_are_strong (const BedKdfParams *params)
{
  return params->ops >= BED_KDF_OPS_MIN && params->ops <= BED_KDF_OPS_MAX &&
         params->mem >= BED_KDF_MEM_MIN && params->mem <= BED_KDF_MEM_MAX;
}

static void
abandon (GTask *task, GError *error)
{
  BedSession *self = g_task_get_source_object (task);

  bed_session_return_error (g_object_ref (task), error);
  g_object_unref (task);
  bed_session_activation_cancel (self);
}

static void
on_begun (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  BedSession *self = g_task_get_source_object (task);
  g_autoptr (BedActivationOffer) offer = NULL;
  gpointer answer = NULL;
  GError *error = NULL;

  if (!bed_signalling_client_call_finish (BED_SIGNALLING_CLIENT (source), result, &answer, &error))
    {
      if (g_error_matches (error, BED_SIGNALLING_ERROR, BED_SIGNALLING_ERROR_UNAUTHORIZED))
        {
          g_clear_error (&error);
          error = g_error_new_literal (BED_SESSION_ERROR, BED_SESSION_ERROR_LINK_OVER,
                                       "the link is not taken");
        }
      abandon (task, error);
      return;
    }
  offer = answer;
  memcpy (self->profile->kdf.salt, offer->salt, BED_SALT_BYTES);
  self->profile->kdf.ops = offer->ops;
  self->profile->kdf.mem = offer->mem;
  if (!params_are_strong (&self->profile->kdf))
    {
      abandon (task, g_error_new_literal (BED_SESSION_ERROR, BED_SESSION_ERROR_PARAMETERS,
                                          "the hash is too weak"));
      return;
    }
  self->profile->login = g_strdup (offer->login);
  self->profile->display_name = g_strdup (offer->display_name);
  bed_session_notify_names (self);
  bed_session_return (task);
}

void
bed_session_activation_begin_async (BedSession *self, const char *text, GCancellable *cancellable,
                                    GAsyncReadyCallback callback, gpointer user_data)
{
  guint states = 1 << BED_SESSION_STATE_NO_PROFILE | 1 << BED_SESSION_STATE_ACTIVATING;
  GTask *task = bed_session_begin (self, states, bed_session_activation_begin_async, cancellable,
                                   callback, user_data);
  g_autoptr (BedActivationLink) link = NULL;

  if (task == NULL)
    return;
  link = bed_activation_link_parse (text, NULL);
  if (link == NULL)
    {
      bed_session_return_code (task, BED_SESSION_ERROR_LINK, "not an activation link");
      return;
    }
  bed_session_activation_cancel (self);
  self->profile = g_new0 (BedProfile, 1);
  self->profile->authority = g_strdup (link->authority);
  self->profile->clinic = g_strdup ("");
  memcpy (self->profile->pin, link->pin, sizeof link->pin);
  self->activation.code = g_strdup (link->code);
  self->client = bed_session_new_client (self);
  bed_session_set_state (self, BED_SESSION_STATE_ACTIVATING);
  bed_signalling_client_call_async (self->client, BED_ENDPOINT_ACTIVATION_BEGIN, NULL,
                                    &(BedActivationCode){ self->activation.code }, cancellable,
                                    on_begun, task);
}

gboolean
bed_session_activation_begin_finish (BedSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Second step: the password. */

static void
make_otp_texts (BedSession *self, const BedOtp *otp)
{
  g_autofree char *issuer = g_uri_escape_string (otp->issuer, NULL, TRUE);
  g_autofree char *account = g_uri_escape_string (otp->account, NULL, TRUE);
  g_autofree char *secret = g_uri_escape_string (otp->secret, NULL, FALSE);
  GString *groups = g_string_new (NULL);

  wipe_text (&self->activation.otp_uri);
  wipe_text (&self->activation.otp_secret);
  self->activation.otp_uri =
      g_strdup_printf ("otpauth://totp/%s:%s?secret=%s&issuer=%s&digits=%d&period=%d", issuer,
                       account, secret, issuer, (int) otp->digits, (int) otp->period);
  for (gsize i = 0; otp->secret[i] != '\0'; i++)
    {
      if (i > 0 && i % 4 == 0)
        g_string_append_c (groups, ' ');
      g_string_append_c (groups, otp->secret[i]);
    }
  self->activation.otp_secret = g_string_free (groups, FALSE);
  bed_secret_wipe (secret, strlen (secret));
}

static void
on_password_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  BedSession *self = g_task_get_source_object (task);
  g_autoptr (BedActivationTicket) ticket = NULL;
  gpointer answer = NULL;
  GError *error = NULL;

  if (!bed_signalling_client_call_finish (BED_SIGNALLING_CLIENT (source), result, &answer, &error))
    {
      bed_session_return_error (task, error);
      return;
    }
  ticket = answer;
  wipe_text (&self->activation.ticket);
  self->activation.ticket = g_strdup (ticket->ticket);
  make_otp_texts (self, &ticket->otp);
  bed_session_return (task);
}

static void
on_derived (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  BedSession *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (BedSecret) auth = bed_session_derive_finish (result, &error);
  BedActivationPassword request = { .code = self->activation.code };

  if (auth == NULL)
    {
      bed_session_return_error (task, error);
      return;
    }
  memcpy (request.auth, bed_secret_get_data (auth), sizeof request.auth);
  g_clear_pointer (&self->activation.auth, bed_secret_unref);
  self->activation.auth = g_steal_pointer (&auth);
  bed_signalling_client_call_async (self->client, BED_ENDPOINT_ACTIVATION_PASSWORD, NULL, &request,
                                    g_task_get_cancellable (task), on_password_set, task);
  bed_secret_wipe (&request, sizeof request);
}

void
bed_session_activation_password_async (BedSession *self, const char *typed,
                                       GCancellable *cancellable, GAsyncReadyCallback callback,
                                       gpointer user_data)
{
  GTask *task = bed_session_begin (self, 1 << BED_SESSION_STATE_ACTIVATING,
                                   bed_session_activation_password_async, cancellable, callback,
                                   user_data);
  g_autoptr (BedSecret) password = NULL;

  if (task == NULL)
    return;
  password = bed_password_normalise (typed);
  if (password == NULL)
    {
      bed_session_return_code (task, BED_SESSION_ERROR_PASSWORD, "not a password");
      return;
    }
  if (bed_session_score (self, typed) < BED_PASSWORD_SCORE_MIN)
    {
      bed_session_return_code (task, BED_SESSION_ERROR_WEAK_PASSWORD, "easy to guess");
      return;
    }
  g_clear_pointer (&self->activation.password, bed_secret_unref);
  self->activation.password = bed_secret_ref (password);
  bed_session_derive_async (self, password, &self->profile->kdf, on_derived, task);
}

gboolean
bed_session_activation_password_finish (BedSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

const char *
bed_session_activation_get_otp_uri (BedSession *self)
{
  return self->activation.otp_uri;
}

const char *
bed_session_activation_get_otp_secret (BedSession *self)
{
  return self->activation.otp_secret;
}

/* Third step: the second factor, and the vault. */

static void
on_vault (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  BedSession *self = g_task_get_source_object (task);
  g_autoptr (BedActivated) activated = NULL;
  GError *error = NULL;

  self->activation.recovery_key = bed_vault_create_finish (self->vault, result, &error);
  if (self->activation.recovery_key == NULL || !bed_session_save_profile (self, &error))
    {
      bed_session_return_error (task, error);
      return;
    }
  g_clear_object (&self->client); /* the one that was not signed in */
  self->auth = g_steal_pointer (&self->activation.auth);
  g_clear_pointer (&self->activation.password, bed_secret_unref);
  wipe_text (&self->activation.code);
  wipe_text (&self->activation.ticket);
  wipe_text (&self->activation.otp_uri);
  wipe_text (&self->activation.otp_secret);
  activated = g_steal_pointer (&self->activation.activated);
  bed_session_load (self, &activated->tokens);
  bed_session_return (task);
}

static void
on_confirmed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  BedSession *self = g_task_get_source_object (task);
  gpointer answer = NULL;
  GError *error = NULL;

  if (!bed_signalling_client_call_finish (BED_SIGNALLING_CLIENT (source), result, &answer, &error))
    {
      if (g_error_matches (error, BED_SIGNALLING_ERROR, BED_SIGNALLING_ERROR_UNAUTHORIZED))
        {
          g_clear_error (&error);
          error = g_error_new_literal (BED_SESSION_ERROR, BED_SESSION_ERROR_WRONG_CODE,
                                       "the code is wrong");
        }
      bed_session_return_error (task, error);
      return;
    }
  self->activation.activated = answer;
  self->activation.recovery_codes = g_strdupv (self->activation.activated->recovery_codes);
  bed_vault_create_async (self->vault, self->activation.password, NULL, on_vault, task);
}

void
bed_session_activation_confirm_async (BedSession *self, const char *code, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = bed_session_begin (self, 1 << BED_SESSION_STATE_ACTIVATING,
                                   bed_session_activation_confirm_async, cancellable, callback,
                                   user_data);
  BedActivationConfirm request;

  if (task == NULL)
    return;
  if (self->activation.ticket == NULL)
    {
      bed_session_return_code (task, BED_SESSION_ERROR_STATE, "no password yet");
      return;
    }
  if (self->activation.activated != NULL)
    {
      /* The account is active, and only the vault could not be made, e.g. for want of room. */
      bed_vault_create_async (self->vault, self->activation.password, NULL, on_vault, task);
      return;
    }
  request = (BedActivationConfirm){ self->activation.code, self->activation.ticket, (char *) code };
  bed_signalling_client_call_async (self->client, BED_ENDPOINT_ACTIVATION_CONFIRM, NULL, &request,
                                    cancellable, on_confirmed, task);
}

gboolean
bed_session_activation_confirm_finish (BedSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

const char *const *
bed_session_activation_get_recovery_codes (BedSession *self)
{
  return (const char *const *) self->activation.recovery_codes;
}

BedSecret *
bed_session_activation_get_recovery_key (BedSession *self)
{
  return self->activation.recovery_key;
}

void
bed_session_activation_done (BedSession *self)
{
  bed_session_activation_clear (self);
}
