/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-session-private.h"

/* The password was checked by the vault alone, so the words are this room's. */
static void
return_error (GTask *task, GError *error)
{
  if (g_error_matches (error, BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET))
    {
      g_error_free (error);
      error = g_error_new_literal (BED_SESSION_ERROR, BED_SESSION_ERROR_WRONG_PASSWORD,
                                   "wrong password");
    }
  bed_session_return_error (task, error);
}

/* Begins a call that needs the password. NULL: answered. */
static GTask *
begin (BedSession *self, const char *typed, gpointer tag, BedSecret **password,
       GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask *task = bed_session_begin (self, 1 << BED_SESSION_STATE_UNLOCKED, tag, cancellable,
                                   callback, user_data);

  if (task == NULL)
    return NULL;
  *password = bed_password_normalise (typed);
  if (*password != NULL)
    return task;
  bed_session_return_code (task, BED_SESSION_ERROR_WRONG_PASSWORD, "wrong password");
  return NULL;
}

void
bed_session_set_keyring (BedSession *self, BedVaultKeyring *keyring)
{
  g_autoptr (BedVaultAnchor) anchor = bed_vault_keyring_anchor_new (keyring);

  bed_vault_set_keyring (self->vault, keyring);
  bed_vault_add_anchor (self->vault, anchor);
}

/* --- A new key for everything ----------------------------------------------------------------- */

static void
closed_for_rekey (BedSession *self)
{
  BedSecret *auth;

  if (bed_vault_is_unlocked (self->vault) || self->state != BED_SESSION_STATE_UNLOCKED)
    return;
  /* The password is the same afterwards. */
  auth = g_steal_pointer (&self->auth);
  bed_session_set_state (self, BED_SESSION_STATE_REKEYING);
  bed_session_forget_unlocked (self);
  bed_session_set_account_state (self, BED_ACCOUNT_STATE_OFFLINE);
  self->auth = auth;
}

static void
rekeyed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  BedSession *self = g_task_get_source_object (task);
  GError *error = NULL;
  g_autoptr (BedSecret) recovery = bed_vault_rekey_finish (self->vault, result, &error);

  g_signal_handlers_disconnect_by_func (self->vault, closed_for_rekey, self);
  if (self->state == BED_SESSION_STATE_REKEYING && bed_vault_is_unlocked (self->vault))
    bed_session_load (self, NULL);
  else if (self->state == BED_SESSION_STATE_REKEYING)
    {
      g_clear_pointer (&self->auth, bed_secret_unref);
      bed_session_set_state (self, BED_SESSION_STATE_LOCKED);
    }
  if (error != NULL)
    {
      return_error (task, error);
      return;
    }
  g_task_set_task_data (task, g_steal_pointer (&recovery), (GDestroyNotify) bed_secret_unref);
  bed_session_return (task);
}

void
bed_session_rekey_async (BedSession *self, const char *typed, BedVaultProgress progress,
                         gpointer progress_data, GCancellable *cancellable,
                         GAsyncReadyCallback callback, gpointer user_data)
{
  g_autoptr (BedSecret) password = NULL;
  GTask *task = begin (self, typed, bed_session_rekey_async, &password, cancellable, callback,
                       user_data);

  if (task == NULL)
    return;
  g_signal_connect_swapped (self->vault, "notify::unlocked", G_CALLBACK (closed_for_rekey), self);
  bed_vault_rekey_async (self->vault, password, progress, progress_data, cancellable, rekeyed,
                         task);
}

BedSecret *
bed_session_rekey_finish (BedSession *self, GAsyncResult *result, GError **error)
{
  if (!g_task_propagate_boolean (G_TASK (result), error))
    return NULL;
  return bed_secret_ref (g_task_get_task_data (G_TASK (result)));
}

/* --- The secret in the keyring ---------------------------------------------------------------- */

static void
device_set (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GTask *task = user_data;
  GError *error = NULL;

  if (bed_vault_set_device_secret_finish (BED_VAULT (source), result, &error))
    bed_session_return (task);
  else
    return_error (task, error);
}

void
bed_session_set_device_secret_async (BedSession *self, const char *typed, gboolean on,
                                     GCancellable *cancellable, GAsyncReadyCallback callback,
                                     gpointer user_data)
{
  g_autoptr (BedSecret) password = NULL;
  GTask *task = begin (self, typed, bed_session_set_device_secret_async, &password, cancellable,
                       callback, user_data);

  if (task != NULL)
    bed_vault_set_device_secret_async (self->vault, password, on, cancellable, device_set, task);
}

gboolean
bed_session_set_device_secret_finish (BedSession *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}
