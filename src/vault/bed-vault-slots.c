/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault-private.h"

#include "bed-recovery-key-private.h"

BedVaultSlotKind
bed_vault_get_slot_kind (BedVault *self, guint slot)
{
  return slot < BED_VAULT_SLOTS ? self->slots.slots[slot].kind : BED_VAULT_SLOT_EMPTY;
}

BedVaultCost
bed_vault_get_slot_cost (BedVault *self, guint slot)
{
  BedVaultCost cost = { 0 };

  if (slot < BED_VAULT_SLOTS)
    {
      cost.memory_bytes = self->slots.slots[slot].memory_bytes;
      cost.passes = self->slots.slots[slot].passes;
    }
  return cost;
}

static gboolean
peek_slots (BedVault *self, BedKeyslots *slots)
{
  g_autofree char *path = bed_vault_path (self, BED_VAULT_KEYS_FILE);

  return bed_vault_load_keyslots (path, slots, NULL);
}

gboolean
bed_vault_needs_device (BedVault *self)
{
  BedKeyslots slots;

  return peek_slots (self, &slots) && bed_keyslots_need_device (&slots);
}

gboolean
bed_vault_has_token (BedVault *self)
{
  BedKeyslots slots;

  return peek_slots (self, &slots) && bed_keyslots_count (&slots, BED_VAULT_SLOT_TOKEN) > 0;
}

guint
bed_vault_get_open_slot (BedVault *self)
{
  return self->open_slot;
}

static void
slots_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  BedVault *self = BED_VAULT (source);
  g_autoptr (GTask) outer = user_data;
  BedVaultJob *job = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;

  if (!bed_vault_job_done (self, result, outer))
    return;
  /* It may have been locked meanwhile. */
  if (!bed_vault_require_unlocked (self, &error)
      || !bed_vault_save_slots (self, &job->slots, &error))
    {
      g_task_return_error (outer, error);
      return;
    }
  if (self->slots.slots[self->open_slot].kind == BED_VAULT_SLOT_EMPTY)
    self->open_slot = job->slot;
  bed_vault_tell_act (self, job->kind == BED_VAULT_JOB_CHANGE ? BED_VAULT_ACT_PASSPHRASE_CHANGED
                                                              : BED_VAULT_ACT_SLOT_ADDED);
  g_task_return_int (outer, (gssize) job->slot);
}

/* Takes `task`; a job on a copy of the slots, or NULL with the answer given. */
static BedVaultJob *
begin_job (BedVault *self, GTask *task, BedVaultJobKind kind, BedSecret *secret)
{
  gboolean adds = kind == BED_VAULT_JOB_ADD || kind == BED_VAULT_JOB_ADD_TOKEN;
  int empty = bed_keyslots_find_empty (&self->slots);
  GError *error = NULL;
  BedVaultJob *job;

  if (!bed_vault_require_unlocked (self, &error) || bed_vault_refuse_busy (self, &error))
    {
      g_task_return_error (task, error);
      return NULL;
    }
  if (adds && empty < 0)
    {
      g_task_return_new_error (task, BED_VAULT_ERROR, BED_VAULT_ERROR_NO_SLOT,
                               "All keyslots are taken");
      return NULL;
    }
  job = bed_vault_job_new (self, kind, secret);
  job->slots = self->slots;
  job->master = bed_secret_ref (self->master);
  job->slot = (guint) MAX (empty, 0);
  return job;
}

static void
start_slots (BedVault *self, GTask *task_taken, BedVaultJobKind kind, BedSecret *passphrase)
{
  g_autoptr (GTask) task = task_taken;
  BedVaultJob *job = begin_job (self, task, kind, passphrase);

  if (job != NULL)
    bed_vault_start_job (self, job, g_steal_pointer (&task), slots_done);
}

void
bed_vault_add_passphrase_async (BedVault *self,
                                BedSecret *passphrase,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, bed_vault_add_passphrase_async);
  start_slots (self, task, BED_VAULT_JOB_ADD, passphrase);
}

int
bed_vault_add_passphrase_finish (BedVault *self, GAsyncResult *result, GError **error)
{
  return (int) g_task_propagate_int (G_TASK (result), error);
}

void
bed_vault_change_passphrase_async (BedVault *self,
                                   BedSecret *passphrase,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  GTask *task = g_task_new (self, cancellable, callback, user_data);

  g_task_set_source_tag (task, bed_vault_change_passphrase_async);
  start_slots (self, task, BED_VAULT_JOB_CHANGE, passphrase);
}

gboolean
bed_vault_change_passphrase_finish (BedVault *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_int (G_TASK (result), error) >= 0;
}

/* --- The secret in the keyring, and security keys --------------------------------------------- */

static void
forgotten (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GTask) outer = user_data;

  /* What was cancelled now is done all the same. */
  BED_VAULT (source)->busy = FALSE;
  g_task_return_boolean (outer, TRUE);
}

static void
device_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  BedVault *self = BED_VAULT (source);
  g_autoptr (GTask) outer = user_data;
  BedVaultJob *job = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;

  if (!bed_vault_job_done (self, result, outer))
    return;
  if (!bed_vault_require_unlocked (self, &error)
      || !bed_vault_save_slots (self, &job->slots, &error))
    {
      g_task_return_error (outer, error);
      return;
    }
  if (self->slots.slots[self->open_slot].kind == BED_VAULT_SLOT_EMPTY)
    self->open_slot = job->slot;
  bed_vault_tell_act (self, BED_VAULT_ACT_PASSPHRASE_CHANGED);
  if (job->device_on)
    {
      g_task_return_boolean (outer, TRUE);
      return;
    }
  job = bed_vault_job_new (self, BED_VAULT_JOB_FORGET_DEVICE, NULL);
  job->slots = self->slots;
  bed_vault_start_job (self, job, g_steal_pointer (&outer), forgotten);
}

void
bed_vault_set_device_secret_async (BedVault *self,
                                   BedSecret *passphrase,
                                   gboolean on,
                                   GCancellable *cancellable,
                                   GAsyncReadyCallback callback,
                                   gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  BedVaultJob *job;

  g_task_set_source_tag (task, bed_vault_set_device_secret_async);
  job = begin_job (self, task, BED_VAULT_JOB_DEVICE, passphrase);
  if (job == NULL)
    return;
  job->device_on = on;
  bed_vault_start_job (self, job, g_steal_pointer (&task), device_done);
}

gboolean
bed_vault_set_device_secret_finish (BedVault *self, GAsyncResult *result, GError **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

void
bed_vault_add_token_async (BedVault *self,
                           BedVaultToken *token,
                           BedSecret *pin,
                           GCancellable *cancellable,
                           GAsyncReadyCallback callback,
                           gpointer user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  BedVaultJob *job;

  g_task_set_source_tag (task, bed_vault_add_token_async);
  job = begin_job (self, task, BED_VAULT_JOB_ADD_TOKEN, pin);
  if (job == NULL)
    return;
  job->token = g_object_ref (token);
  bed_vault_start_job (self, job, g_steal_pointer (&task), slots_done);
}

int
bed_vault_add_token_finish (BedVault *self, GAsyncResult *result, GError **error)
{
  return (int) g_task_propagate_int (G_TASK (result), error);
}

/* --- At once ---------------------------------------------------------------------------------- */

/* A printed key in place of every other of its kind. */
static BedSecret *
make_printed (BedVault *self, BedVaultSlotKind kind, GError **error)
{
  g_autoptr (BedSecret) printed = bed_secret_new_random (BED_RECOVERY_KEY_LENGTH);
  BedKeyslots slots = self->slots;
  int number;

  if (!bed_vault_require_unlocked (self, error) || bed_vault_refuse_busy (self, error))
    return NULL;
  for (guint i = 0; i < BED_VAULT_SLOTS; i++)
    if (slots.slots[i].kind == kind)
      bed_keyslots_clear (&slots, i);
  number = bed_keyslots_find_empty (&slots);
  if (number < 0)
    {
      g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_NO_SLOT,
                           "All keyslots are taken");
      return NULL;
    }
  bed_keyslots_set_printed (&slots, (guint) number, kind, self->master, printed);
  if (!bed_vault_save_slots (self, &slots, error))
    return NULL;
  return bed_recovery_key_format (printed);
}

BedSecret *
bed_vault_renew_recovery_key (BedVault *self, GError **error)
{
  BedSecret *printed = make_printed (self, BED_VAULT_SLOT_RECOVERY, error);

  if (printed != NULL)
    bed_vault_tell_act (self, BED_VAULT_ACT_RECOVERY_RENEWED);
  return printed;
}

BedSecret *
bed_vault_make_emergency_key (BedVault *self, GError **error)
{
  return make_printed (self, BED_VAULT_SLOT_EMERGENCY, error);
}

gboolean
bed_vault_remove_slot (BedVault *self, guint slot, GError **error)
{
  BedVaultSlotKind kind = bed_vault_get_slot_kind (self, slot);
  BedKeyslots slots = self->slots;

  if (!bed_vault_require_unlocked (self, error) || bed_vault_refuse_busy (self, error))
    return FALSE;
  if (kind == BED_VAULT_SLOT_EMPTY)
    {
      g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_NO_SLOT,
                           "There is no such keyslot");
      return FALSE;
    }
  bed_keyslots_clear (&slots, slot);
  if (bed_keyslots_count (&slots, BED_VAULT_SLOT_EMPTY) == BED_VAULT_SLOTS)
    {
      g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_LAST_SLOT,
                           "The last keyslot cannot be removed");
      return FALSE;
    }
  if (bed_keyslots_need_device (&slots)
      && bed_keyslots_count (&slots, BED_VAULT_SLOT_RECOVERY) == 0)
    {
      g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_NO_RECOVERY,
                           "The recovery key is needed while the keyring is");
      return FALSE;
    }
  if (!bed_vault_save_slots (self, &slots, error))
    return FALSE;
  if (kind != BED_VAULT_SLOT_EMERGENCY)
    bed_vault_tell_act (self, BED_VAULT_ACT_SLOT_REMOVED);
  return TRUE;
}
