/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-session-private.h"

typedef struct
{
  BedSecret *password;
  BedKdfParams params;
} Derivation;

static void
derivation_free (Derivation *job)
{
  bed_secret_unref (job->password);
  g_free (job);
}

static void
derive_in_thread (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  Derivation *job = data;
  BedSecret *auth = bed_password_derive_auth (job->password, &job->params);

  if (auth != NULL)
    g_task_return_pointer (task, auth, (GDestroyNotify) bed_secret_unref);
  else
    g_task_return_new_error (task, BED_SESSION_ERROR, BED_SESSION_ERROR_PARAMETERS,
                             "the hash cannot be made");
}

void
bed_session_derive_async (BedSession *self, BedSecret *password, const BedKdfParams *params,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  Derivation *job = g_new0 (Derivation, 1);

  job->password = bed_secret_ref (password);
  job->params = *params;
  g_task_set_source_tag (task, bed_session_derive_async);
  g_task_set_task_data (task, job, (GDestroyNotify) derivation_free);
  g_task_run_in_thread (task, derive_in_thread);
}

BedSecret *
bed_session_derive_finish (GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Unlock: the vault's Argon2id and the account's at the same time; both have to come back. */
typedef struct
{
  guint pending;
  BedSecret *auth;
  GError *error;
} Unlock;

static void
unlock_free (Unlock *unlock)
{
  g_clear_pointer (&unlock->auth, bed_secret_unref);
  g_clear_error (&unlock->error);
  g_free (unlock);
}

static void
join_unlock (GTask *task)
{
  BedSession *self = g_task_get_source_object (task);
  Unlock *unlock = g_task_get_task_data (task);
  GError *error;

  if (--unlock->pending > 0)
    return;
  error = g_steal_pointer (&unlock->error);
  if (error == NULL)
    {
      g_clear_pointer (&self->auth, bed_secret_unref);
      self->auth = g_steal_pointer (&unlock->auth);
      bed_session_load (self, NULL);
      bed_session_return (task);
      return;
    }
  if (g_error_matches (error, BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET))
    {
      g_clear_error (&error);
      error = g_error_new_literal (BED_SESSION_ERROR, BED_SESSION_ERROR_WRONG_PASSWORD,
                                   "wrong password");
    }
  bed_session_return_error (task, error);
}

static void
on_vault_unlocked (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Unlock *unlock = g_task_get_task_data (user_data);

  if (!bed_vault_unlock_finish (BED_VAULT (source), result, &unlock->error))
    g_assert (unlock->error != NULL);
  join_unlock (user_data);
}

static void
on_auth (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Unlock *unlock = g_task_get_task_data (user_data);

  /* Without it the vault opens all the same; the account then asks for the password once more. */
  unlock->auth = bed_session_derive_finish (result, NULL);
  join_unlock (user_data);
}

void
bed_session_unlock_async (BedSession *self, const char *typed, GCancellable *cancellable,
                          GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = bed_session_begin (self, 1 << BED_SESSION_STATE_LOCKED, bed_session_unlock_async,
                                   cancellable, callback, user_data);
  g_autoptr (BedSecret) password = NULL;
  Unlock *unlock;

  if (task == NULL)
    return;
  password = bed_password_normalise (typed);
  if (password == NULL)
    {
      bed_session_return_code (task, BED_SESSION_ERROR_WRONG_PASSWORD, "wrong password");
      return;
    }
  unlock = g_new0 (Unlock, 1);
  g_task_set_task_data (task, unlock, (GDestroyNotify) unlock_free);
  unlock->pending = self->profile != NULL ? 2 : 1;
  if (self->profile != NULL)
    bed_session_derive_async (self, password, &self->profile->kdf, on_auth, task);
  bed_vault_unlock_async (self->vault, password, cancellable, on_vault_unlocked, task);
}

void
bed_session_unlock_with_recovery_async (BedSession *self, const char *typed,
                                        GCancellable *cancellable, GAsyncReadyCallback callback,
                                        gpointer user_data)
{
  GTask *task = bed_session_begin (self, 1 << BED_SESSION_STATE_LOCKED,
                                   bed_session_unlock_with_recovery_async, cancellable, callback,
                                   user_data);
  g_autoptr (BedSecret) key = NULL;
  Unlock *unlock;

  if (task == NULL)
    return;
  unlock = g_new0 (Unlock, 1);
  g_task_set_task_data (task, unlock, (GDestroyNotify) unlock_free);
  unlock->pending = 1;
  key = bed_secret_new (typed, strlen (typed));
  bed_vault_unlock_with_recovery_async (self->vault, key, cancellable, on_vault_unlocked, task);
}

void
bed_session_unlock_with_token_async (BedSession *self, BedVaultToken *token, const char *pin,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  GTask *task = bed_session_begin (self, 1 << BED_SESSION_STATE_LOCKED,
                                   bed_session_unlock_with_token_async, cancellable, callback,
                                   user_data);
  g_autoptr (BedSecret) secret = NULL;
  Unlock *unlock;

  if (task == NULL)
    return;
  unlock = g_new0 (Unlock, 1);
  g_task_set_task_data (task, unlock, (GDestroyNotify) unlock_free);
  unlock->pending = 1;
  secret = bed_secret_new (pin, strlen (pin));
  bed_vault_unlock_with_token_async (self->vault, token, secret, cancellable, on_vault_unlocked,
                                     task);
}

gboolean
bed_session_unlock_finish (BedSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
