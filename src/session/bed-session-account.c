/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-session-private.h"

#define NEW_OPS 3
#define NEW_MEM (64 * 1024 * 1024)

/* What the sign-in, the adoption of a password and its change have in common. */
typedef struct
{
  BedSecret *password;  /* nullable: sign-in uses the session's auth */
  BedSecret *new_password;
  BedSecret *auth, *new_auth;
  BedKdfParams params;
  char *code;
  gboolean unchecked; /* the server has not said whether the password was right */
  int slot;
} Flow;

static void
flow_free (Flow *flow)
{
  g_clear_pointer (&flow->password, bed_secret_unref);
  g_clear_pointer (&flow->new_password, bed_secret_unref);
  g_clear_pointer (&flow->auth, bed_secret_unref);
  g_clear_pointer (&flow->new_auth, bed_secret_unref);
  if (flow->code != NULL)
    bed_secret_wipe (flow->code, strlen (flow->code));
  g_free (flow->code);
  g_free (flow);
}

static Flow *
flow_new (GTask *task)
{
  Flow *flow = g_new0 (Flow, 1);

  flow->slot = -1;
  g_task_set_task_data (task, flow, (GDestroyNotify) flow_free);
  return flow;
}

/* The server never says which part was wrong; each step knows. Takes the error. */
static void
fail_as (GTask *task, GError *error, BedSessionError unauthorized)
{
  if (g_error_matches (error, BED_SIGNALLING_ERROR, BED_SIGNALLING_ERROR_UNAUTHORIZED))
    {
      g_clear_error (&error);
      error = g_error_new_literal (BED_SESSION_ERROR, unauthorized, "refused by the server");
    }
  bed_session_return_error (task, error);
}

/* The vault may have been locked while an answer was on its way. */
static gboolean
still_open (GTask *task)
{
  BedSession *self = g_task_get_source_object (task);

  if (self->client != NULL)
    return TRUE;
  bed_session_return_code (task, BED_SESSION_ERROR_STATE, "locked meanwhile");
  return FALSE;
}

static void
call (GTask *task, BedEndpoint endpoint, gconstpointer request, GAsyncReadyCallback callback)
{
  BedSession *self = g_task_get_source_object (task);

  if (!still_open (task))
    return;
  bed_signalling_client_call_async (self->client, endpoint, NULL, request,
                                    g_task_get_cancellable (task), callback, task);
}

static void
finish_sign_in (GTask *task)
{
  BedSession *self = g_task_get_source_object (task);
  Flow *flow = g_task_get_task_data (task);

  if (!still_open (task))
    return;
  g_clear_pointer (&self->auth, bed_secret_unref);
  self->auth = g_steal_pointer (&flow->auth);
  bed_signalling_client_close (self->client);
  bed_session_set_account_state (self, BED_ACCOUNT_STATE_CONNECTING);
  bed_signalling_client_attach (self->client);
  bed_session_return (task);
}

static void
on_rewrapped (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  BedSession *self = g_task_get_source_object (task);
  Flow *flow = g_task_get_task_data (task);
  GError *error = NULL;

  if (!bed_vault_change_passphrase_finish (BED_VAULT (source), result, &error))
    {
      bed_session_return_error (task, error);
      return;
    }
  self->profile->kdf = flow->params;
  if (!bed_session_save_profile (self, &error))
    bed_session_return_error (task, error);
  else
    finish_sign_in (task);
}

static void
on_signed_in (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  BedSession *self = g_task_get_source_object (task);
  Flow *flow = g_task_get_task_data (task);
  g_autoptr (BedTokens) tokens = NULL;
  gpointer answer = NULL;
  GError *error = NULL;

  if (!bed_signalling_client_call_finish (BED_SIGNALLING_CLIENT (source), result, &answer, &error))
    {
      fail_as (task, error,
               flow->unchecked ? BED_SESSION_ERROR_WRONG_EITHER : BED_SESSION_ERROR_WRONG_CODE);
      return;
    }
  tokens = answer;
  if (!still_open (task))
    return;
  if (!bed_session_take_tokens (self, tokens, &error))
    bed_session_return_error (task, error);
  else if (flow->password != NULL)
    bed_vault_change_passphrase_async (self->vault, flow->password, NULL, on_rewrapped, task);
  else
    finish_sign_in (task);
}

static void
on_ticket (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  BedSession *self = g_task_get_source_object (task);
  Flow *flow = g_task_get_task_data (task);
  g_autoptr (BedTicket) ticket = NULL;
  gpointer answer = NULL;
  GError *error = NULL;

  if (!bed_signalling_client_call_finish (BED_SIGNALLING_CLIENT (source), result, &answer, &error))
    {
      /* The password that opened this vault is not the account's any more. */
      if (flow->password == NULL &&
          g_error_matches (error, BED_SIGNALLING_ERROR, BED_SIGNALLING_ERROR_UNAUTHORIZED))
        bed_session_set_account_state (self, BED_ACCOUNT_STATE_PASSWORD);
      fail_as (task, error, BED_SESSION_ERROR_WRONG_PASSWORD);
      return;
    }
  ticket = answer;
  flow->unchecked = ticket->unchecked;
  call (task, BED_ENDPOINT_LOGIN_SECOND_FACTOR, &(BedSecondFactor){ ticket->ticket, flow->code },
        on_signed_in);
}

static void
send_password (GTask *task)
{
  BedSession *self = g_task_get_source_object (task);
  Flow *flow = g_task_get_task_data (task);
  BedLoginPassword request = { .login = self->profile->login };

  memcpy (request.auth, bed_secret_get_data (flow->auth), sizeof request.auth);
  call (task, BED_ENDPOINT_LOGIN_PASSWORD, &request, on_ticket);
  bed_secret_wipe (request.auth, sizeof request.auth);
}

static void
on_login_auth (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Flow *flow = g_task_get_task_data (task);
  GError *error = NULL;

  flow->auth = bed_session_derive_finish (result, &error);
  if (flow->auth == NULL)
    bed_session_return_error (task, error);
  else
    send_password (task);
}

static void
on_params (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  BedSession *self = g_task_get_source_object (task);
  Flow *flow = g_task_get_task_data (task);
  g_autoptr (BedKdfParams) params = NULL;
  gpointer answer = NULL;
  GError *error = NULL;
  gboolean same;

  if (!bed_signalling_client_call_finish (BED_SIGNALLING_CLIENT (source), result, &answer, &error))
    {
      bed_session_return_error (task, error);
      return;
    }
  params = answer;
  flow->params = *params;
  same = memcmp (params, &self->profile->kdf, sizeof *params) == 0;
  if (params->ops < self->profile->kdf.ops || params->mem < self->profile->kdf.mem)
    bed_session_return_code (task, BED_SESSION_ERROR_PARAMETERS, "weaker than what was pinned");
  else if (flow->password != NULL)
    bed_session_derive_async (self, flow->password, &flow->params, on_login_auth, task);
  else if (same)
    send_password (task);
  else
    {
      /* Another salt: the password was changed elsewhere. */
      bed_session_set_account_state (self, BED_ACCOUNT_STATE_PASSWORD);
      bed_session_return_code (task, BED_SESSION_ERROR_WRONG_PASSWORD,
                               "the password was changed elsewhere");
    }
}

/* From the account's parameters to the second factor. Takes password or auth. */
static void
begin_login (GTask *task, const char *code, BedSecret *password, BedSecret *auth)
{
  BedSession *self = g_task_get_source_object (task);
  Flow *flow = flow_new (task);

  flow->code = g_strdup (code);
  flow->password = password;
  flow->auth = auth;
  call (task, BED_ENDPOINT_LOGIN_BEGIN, &(BedLoginName){ self->profile->login }, on_params);
}

void
bed_session_sign_in_async (BedSession *self, const char *code, GCancellable *cancellable,
                           GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = bed_session_begin (self, 1 << BED_SESSION_STATE_UNLOCKED, bed_session_sign_in_async,
                                   cancellable, callback, user_data);

  if (task == NULL)
    return;
  if (self->auth == NULL || self->client == NULL)
    bed_session_return_code (task, BED_SESSION_ERROR_STATE, "the password is needed");
  else
    begin_login (task, code, NULL, bed_secret_ref (self->auth));
}

gboolean
bed_session_sign_in_finish (BedSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
bed_session_adopt_password_async (BedSession *self, const char *typed, const char *code,
                                  GCancellable *cancellable, GAsyncReadyCallback callback,
                                  gpointer user_data)
{
  GTask *task = bed_session_begin (self, 1 << BED_SESSION_STATE_UNLOCKED,
                                   bed_session_adopt_password_async, cancellable, callback,
                                   user_data);
  g_autoptr (BedSecret) password = NULL;

  if (task == NULL)
    return;
  password = bed_password_normalise (typed);
  if (password == NULL || self->client == NULL)
    bed_session_return_code (task, BED_SESSION_ERROR_WRONG_PASSWORD, "not a password");
  else
    begin_login (task, code, g_steal_pointer (&password), NULL);
}

gboolean
bed_session_adopt_password_finish (BedSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Change: new keyslot, server, old keyslots away; the laptop opens by one of the two at every
 * moment. */

static gboolean
remove_other_slots (BedSession *self, int keep, GError **error)
{
  for (int slot = 0; slot < BED_VAULT_SLOTS; slot++)
    if (slot != keep &&
        bed_vault_get_slot_kind (self->vault, (guint) slot) == BED_VAULT_SLOT_PASSPHRASE &&
        !bed_vault_remove_slot (self->vault, (guint) slot, error))
      return FALSE;
  return TRUE;
}

static void
on_changed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  BedSession *self = g_task_get_source_object (task);
  Flow *flow = g_task_get_task_data (task);
  GError *error = NULL;

  if (!bed_signalling_client_call_finish (BED_SIGNALLING_CLIENT (source), result, NULL, &error))
    {
      /* Only a clear refusal takes the new slot away: after a lost answer either password may be
       * the one. */
      if (error->domain == BED_SIGNALLING_ERROR &&
          (error->code <= BED_SIGNALLING_ERROR_RATE_LIMITED ||
           error->code == BED_SIGNALLING_ERROR_SIGNED_OUT))
        bed_vault_remove_slot (self->vault, (guint) flow->slot, NULL);
      fail_as (task, error, BED_SESSION_ERROR_WRONG_PASSWORD);
      return;
    }
  self->profile->kdf = flow->params;
  g_clear_pointer (&self->auth, bed_secret_unref);
  self->auth = g_steal_pointer (&flow->new_auth);
  bed_session_note (self, BED_AUDIT_PASSPHRASE_CHANGED);
  if (!bed_session_save_profile (self, &error) || !remove_other_slots (self, flow->slot, &error))
    bed_session_return_error (task, error);
  else
    bed_session_return (task);
}

static void
on_slot (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  Flow *flow = g_task_get_task_data (task);
  BedPasswordChange request = { 0 };
  GError *error = NULL;

  flow->slot = bed_vault_add_passphrase_finish (BED_VAULT (source), result, &error);
  if (flow->slot < 0)
    {
      bed_session_return_error (task, error);
      return;
    }
  memcpy (request.auth_old, bed_secret_get_data (flow->auth), BED_AUTH_BYTES);
  memcpy (request.auth_new, bed_secret_get_data (flow->new_auth), BED_AUTH_BYTES);
  memcpy (request.salt, flow->params.salt, BED_SALT_BYTES);
  request.ops = flow->params.ops;
  request.mem = flow->params.mem;
  call (task, BED_ENDPOINT_PASSWORD, &request, on_changed);
  bed_secret_wipe (&request, sizeof request);
}

static void
on_new_auth (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  BedSession *self = g_task_get_source_object (task);
  Flow *flow = g_task_get_task_data (task);
  GError *error = NULL;

  flow->new_auth = bed_session_derive_finish (result, &error);
  if (flow->new_auth == NULL)
    bed_session_return_error (task, error);
  else
    bed_vault_add_passphrase_async (self->vault, flow->new_password, NULL, on_slot, task);
}

static void
on_old_auth (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  BedSession *self = g_task_get_source_object (task);
  Flow *flow = g_task_get_task_data (task);
  GError *error = NULL;

  flow->auth = bed_session_derive_finish (result, &error);
  if (flow->auth == NULL)
    bed_session_return_error (task, error);
  else if (self->auth != NULL && !bed_secret_equal (flow->auth, self->auth))
    bed_session_return_code (task, BED_SESSION_ERROR_WRONG_PASSWORD, "wrong password");
  else
    bed_session_derive_async (self, flow->new_password, &flow->params, on_new_auth, task);
}

void
bed_session_change_password_async (BedSession *self, const char *old_typed, const char *new_typed,
                                   GCancellable *cancellable, GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task = bed_session_begin (self, 1 << BED_SESSION_STATE_UNLOCKED,
                                   bed_session_change_password_async, cancellable, callback,
                                   user_data);
  g_autoptr (BedSecret) old = NULL;
  g_autoptr (BedSecret) fresh = NULL;
  Flow *flow;

  if (task == NULL)
    return;
  old = bed_password_normalise (old_typed);
  fresh = bed_password_normalise (new_typed);
  if (old == NULL || fresh == NULL || self->client == NULL)
    bed_session_return_code (
        task, self->client == NULL ? BED_SESSION_ERROR_OFFLINE : BED_SESSION_ERROR_PASSWORD,
        "cannot change the password");
  else if (bed_session_score (self, new_typed) < BED_PASSWORD_SCORE_MIN)
    bed_session_return_code (task, BED_SESSION_ERROR_WEAK_PASSWORD, "easy to guess");
  else
    {
      flow = flow_new (task);
      flow->new_password = g_steal_pointer (&fresh);
      flow->params.ops = MAX (NEW_OPS, self->profile->kdf.ops);
      flow->params.mem = MAX (NEW_MEM, self->profile->kdf.mem);
      bed_random_bytes (flow->params.salt, BED_SALT_BYTES);
      bed_session_derive_async (self, old, &self->profile->kdf, on_old_auth, task);
    }
}

gboolean
bed_session_change_password_finish (BedSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Sign out, and the other devices. */

static void
on_logged_out (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  BedSession *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (!bed_signalling_client_call_finish (BED_SIGNALLING_CLIENT (source), result, NULL, &error))
    {
      bed_session_return_error (task, error);
      return;
    }
  if (!still_open (task))
    return;
  bed_session_note (self, BED_AUDIT_SIGNED_OUT);
  bed_signalling_client_close (self->client);
  bed_signalling_client_set_tokens (self->client, NULL, 0, NULL);
  bed_session_set_account_state (self, self->auth != NULL ? BED_ACCOUNT_STATE_SECOND_FACTOR
                                                          : BED_ACCOUNT_STATE_PASSWORD);
  if (!bed_vault_set_text (self->vault, "refresh-token", NULL, &error))
    bed_session_return_error (task, error);
  else
    bed_session_return (task);
}

/* What is one question to the server. id: (nullable): of what it is about. */
static void
ask (BedSession *self, gpointer tag, BedEndpoint endpoint, const char *id,
     GAsyncReadyCallback on_answer, GCancellable *cancellable, GAsyncReadyCallback callback,
     gpointer user_data)
{
  GTask *task = bed_session_begin (self, 1 << BED_SESSION_STATE_UNLOCKED, tag, cancellable,
                                   callback, user_data);

  if (task == NULL)
    return;
  if (self->client == NULL)
    bed_session_return_code (task, BED_SESSION_ERROR_OFFLINE, "not connected");
  else
    bed_signalling_client_call_async (self->client, endpoint, id, NULL, cancellable, on_answer,
                                      task);
}

void
bed_session_sign_out_async (BedSession *self, GCancellable *cancellable,
                            GAsyncReadyCallback callback, gpointer user_data)
{
  ask (self, bed_session_sign_out_async, BED_ENDPOINT_LOGOUT, NULL, on_logged_out, cancellable,
       callback, user_data);
}

gboolean
bed_session_sign_out_finish (BedSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
on_devices (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;
  gpointer answer = NULL;

  if (!bed_signalling_client_call_finish (BED_SIGNALLING_CLIENT (source), result, &answer, &error))
    bed_session_return_error (user_data, error);
  else
    bed_session_return_pointer (user_data, answer, (GDestroyNotify) bed_account_free);
}

void
bed_session_list_devices_async (BedSession *self, GCancellable *cancellable,
                                GAsyncReadyCallback callback, gpointer user_data)
{
  ask (self, bed_session_list_devices_async, BED_ENDPOINT_ACCOUNT, NULL, on_devices, cancellable,
       callback, user_data);
}

BedAccount *
bed_session_list_devices_finish (BedSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
on_device_ended (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GError *error = NULL;

  if (!bed_signalling_client_call_finish (BED_SIGNALLING_CLIENT (source), result, NULL, &error))
    bed_session_return_error (user_data, error);
  else
    bed_session_return (user_data);
}

void
bed_session_end_device_async (BedSession *self, const char *id, GCancellable *cancellable,
                              GAsyncReadyCallback callback, gpointer user_data)
{
  ask (self, bed_session_end_device_async, BED_ENDPOINT_SESSION_DELETE, id, on_device_ended,
       cancellable, callback, user_data);
}

gboolean
bed_session_end_device_finish (BedSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
