/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault-private.h"

#include "bed-log.h"
#include "bed-recovery-key-private.h"

#define DEVICE_NAME "device-secret"
#define DEVICE_LENGTH 32
#define LEAST_MEMORY ((guint64) 64 * 1024 * 1024)

/* --- The keyring's part ----------------------------------------------------------------------- */

static gboolean
fail (BedVaultError code, const char *message, GError **error)
{
  g_set_error_literal (error, BED_VAULT_ERROR, code, message);
  return FALSE;
}

/* TRUE with NULL: the keyring is there and has none. */
static gboolean
load_device (BedVaultJob *job, BedSecret **device, GError **error)
{
  g_autofree char *id = bed_keyslots_dup_id (&job->slots);
  GError *inner = NULL;

  *device = NULL;
  if (job->keyring == NULL)
    return fail (BED_VAULT_ERROR_DEVICE, "There is no keyring", error);
  *device = bed_vault_keyring_get (job->keyring, id, DEVICE_NAME, TRUE, job->cancellable, &inner);
  if (inner != NULL)
    {
      g_propagate_error (error, inner);
      return FALSE;
    }
  if (*device != NULL && bed_secret_get_length (*device) != DEVICE_LENGTH)
    g_clear_pointer (device, bed_secret_unref);
  return TRUE;
}

/* Kept before anything is sealed with it, and read back: a keyring that forgets is found here. */
static BedSecret *
make_device (BedVaultJob *job, GError **error)
{
  g_autofree char *id = bed_keyslots_dup_id (&job->slots);
  g_autoptr (BedSecret) device = bed_secret_new_random (DEVICE_LENGTH);
  g_autoptr (BedSecret) back = NULL;

  if (!bed_vault_keyring_put (job->keyring, id, DEVICE_NAME, device, TRUE, job->cancellable, error)
      || !load_device (job, &back, error))
    return NULL;
  if (back != NULL && bed_secret_equal (back, device))
    return g_steal_pointer (&device);
  fail (BED_VAULT_ERROR_DEVICE, "The keyring did not keep the secret", error);
  return NULL;
}

static gboolean
load_or_make_device (BedVaultJob *job, BedSecret **device, GError **error)
{
  if (!load_device (job, device, error))
    return FALSE;
  if (*device == NULL)
    *device = make_device (job, error);
  return *device != NULL;
}

/* Last of all: by now no slot needs it. */
static void
forget_device (BedVaultJob *job)
{
  g_autofree char *id = bed_keyslots_dup_id (&job->slots);
  g_autoptr (GError) error = NULL;

  if (job->keyring != NULL
      && !bed_vault_keyring_put (job->keyring, id, DEVICE_NAME, NULL, TRUE, job->cancellable,
                                 &error))
    g_message ("A secret that is not used any more stays in the keyring: " BED_ERROR_FORMAT,
               BED_ERROR_CODE (error));
}

/* --- Slots ------------------------------------------------------------------------------------ */

/* A cost that was measured may not fit at this moment: then less memory, down to 64 MiB. */
static gboolean
set_passphrase (BedVaultJob *job, guint slot, const BedSecret *device, GError **error)
{
  BedVaultCost cost = job->cost.memory_bytes > 0 ? job->cost : bed_vault_cost_for_machine ();

  for (;;)
    {
      g_autoptr (GError) inner = NULL;

      if (bed_keyslots_set_passphrase (&job->slots, slot, job->master, job->secret, device, &cost,
                                       &inner))
        break;
      if (job->cost.memory_bytes > 0 || cost.memory_bytes <= LEAST_MEMORY)
        {
          g_propagate_error (error, g_steal_pointer (&inner));
          return FALSE;
        }
      cost.memory_bytes /= 2;
    }
  job->slots_changed = TRUE;
  return TRUE;
}

static gboolean
replace_passphrases (BedVaultJob *job, const BedSecret *device, GError **error)
{
  int first = -1;

  for (guint i = 0; i < BED_VAULT_SLOTS; i++)
    if (job->slots.slots[i].kind == BED_VAULT_SLOT_PASSPHRASE)
      {
        bed_keyslots_clear (&job->slots, i);
        first = first < 0 ? (int) i : first;
      }
  if (first < 0)
    first = bed_keyslots_find_empty (&job->slots);
  if (first < 0)
    return fail (BED_VAULT_ERROR_NO_SLOT, "All keyslots are taken", error);
  job->slot = (guint) first;
  return set_passphrase (job, job->slot, device, error);
}

static gboolean
run_create (BedVaultJob *job, GError **error)
{
  job->master = bed_secret_new_random (BED_MASTER_KEY_LENGTH);
  job->recovery = bed_secret_new_random (BED_RECOVERY_KEY_LENGTH);
  bed_keyslots_init (&job->slots, job->master);
  bed_keyslots_set_printed (&job->slots, 1, BED_VAULT_SLOT_RECOVERY, job->master,
                            job->recovery);
  return set_passphrase (job, 0, NULL, error);
}

/* --- Unlock ----------------------------------------------------------------------------------- */

static gboolean
is_below_floor (const BedVaultJob *job, const BedKeyslot *slot)
{
  return slot->memory_bytes < job->floor.memory_bytes
         || (slot->memory_bytes == job->floor.memory_bytes && slot->passes < job->floor.passes);
}

/* The passphrase is at hand now: what was made on a weaker machine, or by an older program, is made
 * again. A failure leaves it as it is. */
static void
strengthen (BedVaultJob *job, const BedSecret *device)
{
  const BedKeyslot *slot = &job->slots.slots[job->slot];
  g_autoptr (GError) error = NULL;

  if (is_below_floor (job, slot)
      && !set_passphrase (job, job->slot, slot->flags & BED_KEYSLOT_DEVICE ? device : NULL, &error))
    g_message ("A keyslot stays weaker than it should be: " BED_ERROR_FORMAT,
               BED_ERROR_CODE (error));
}

static gboolean
open_passphrase (BedVaultJob *job, GError **error)
{
  g_autoptr (BedSecret) device = NULL;
  g_autoptr (GError) device_error = NULL;

  if (bed_keyslots_need_device (&job->slots))
    load_device (job, &device, &device_error);
  if (g_error_matches (device_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&device_error));
      return FALSE;
    }
  job->master = bed_keyslots_open (&job->slots, BED_VAULT_SLOT_PASSPHRASE, job->secret, device,
                                   &job->slot, error);
  if (job->master == NULL)
    return FALSE;
  strengthen (job, device);
  return TRUE;
}

static gboolean
open_token_slot (BedVaultJob *job, guint number, GError **error)
{
  const BedKeyslot *slot = &job->slots.slots[number];
  g_autoptr (GBytes) credential = g_bytes_new (slot->credential, slot->credential_length);
  g_autoptr (BedSecret) answer = NULL;
  guint8 salt[BED_VAULT_TOKEN_SALT];

  bed_keyslots_get_token_salt (&job->slots, number, salt);
  answer = bed_vault_token_derive (job->token, credential, salt, job->secret, job->cancellable,
                                   error);
  if (answer == NULL)
    return FALSE;
  job->master = bed_keyslots_open_slot (&job->slots, number, answer, NULL, error);
  job->slot = number;
  return job->master != NULL;
}

/* A credential of another security key is TOKEN_MISSING: the next slot may be for this one. */
static gboolean
open_token (BedVaultJob *job, GError **error)
{
  g_autoptr (GError) inner = NULL;

  for (guint i = 0; i < BED_VAULT_SLOTS; i++)
    {
      if (job->slots.slots[i].kind != BED_VAULT_SLOT_TOKEN)
        continue;
      g_clear_error (&inner);
      if (open_token_slot (job, i, &inner))
        return TRUE;
      if (!g_error_matches (inner, BED_VAULT_ERROR, BED_VAULT_ERROR_TOKEN_MISSING))
        break;
    }
  if (inner == NULL)
    return fail (BED_VAULT_ERROR_NO_SLOT, "No security key was added", error);
  g_propagate_error (error, g_steal_pointer (&inner));
  return FALSE;
}

/* Both printed keys are typed in one place. */
static gboolean
open_printed (BedVaultJob *job, GError **error)
{
  g_autoptr (GError) inner = NULL;

  job->master = bed_keyslots_open (&job->slots, BED_VAULT_SLOT_RECOVERY, job->secret, NULL,
                                   &job->slot, &inner);
  if (job->master == NULL && !job->owner_only
      && g_error_matches (inner, BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET))
    job->master = bed_keyslots_open (&job->slots, BED_VAULT_SLOT_EMERGENCY, job->secret, NULL,
                                     &job->slot, error);
  else if (inner != NULL)
    g_propagate_error (error, g_steal_pointer (&inner));
  return job->master != NULL;
}

static gboolean
run_unlock (BedVaultJob *job, GError **error)
{
  switch (job->slot_kind)
    {
    case BED_VAULT_SLOT_PASSPHRASE:
      return open_passphrase (job, error);
    case BED_VAULT_SLOT_TOKEN:
      return open_token (job, error);
    case BED_VAULT_SLOT_EMPTY:
    case BED_VAULT_SLOT_RECOVERY:
    case BED_VAULT_SLOT_EMERGENCY:
    default:
      return open_printed (job, error);
    }
}

/* --- While unlocked --------------------------------------------------------------------------- */

static gboolean
run_add (BedVaultJob *job, GError **error)
{
  g_autoptr (BedSecret) device = NULL;

  if (bed_keyslots_need_device (&job->slots) && !load_or_make_device (job, &device, error))
    return FALSE;
  return set_passphrase (job, job->slot, device, error);
}

static gboolean
run_change (BedVaultJob *job, GError **error)
{
  g_autoptr (BedSecret) device = NULL;

  if (bed_keyslots_need_device (&job->slots) && !load_or_make_device (job, &device, error))
    return FALSE;
  return replace_passphrases (job, device, error);
}

static gboolean
check_passphrase (BedVaultJob *job, const BedSecret *device, GError **error)
{
  g_autoptr (BedSecret) master = bed_keyslots_open (&job->slots, BED_VAULT_SLOT_PASSPHRASE,
                                                    job->secret, device, &job->slot, error);

  return master != NULL;
}

static gboolean
turn_device_on (BedVaultJob *job, GError **error)
{
  g_autoptr (BedSecret) device = NULL;

  if (bed_keyslots_count (&job->slots, BED_VAULT_SLOT_RECOVERY) == 0)
    return fail (BED_VAULT_ERROR_NO_RECOVERY, "There is no recovery key", error);
  return load_or_make_device (job, &device, error) && check_passphrase (job, device, error)
         && replace_passphrases (job, device, error);
}

/* A passphrase that needs a keyring which is gone cannot be checked; whoever is here opened the
 * vault with another key. The keyring's copy goes when the new slots are written. */
static gboolean
turn_device_off (BedVaultJob *job, GError **error)
{
  g_autoptr (BedSecret) device = NULL;
  g_autoptr (GError) inner = NULL;

  load_device (job, &device, NULL);
  if (!check_passphrase (job, device, &inner)
      && !g_error_matches (inner, BED_VAULT_ERROR, BED_VAULT_ERROR_DEVICE))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return FALSE;
    }
  return replace_passphrases (job, NULL, error);
}

static gboolean
run_add_token (BedVaultJob *job, GError **error)
{
  g_autoptr (GBytes)
      credential = bed_vault_token_enrol (job->token, job->secret, job->cancellable, error);
  g_autoptr (BedSecret) answer = NULL;
  guint8 salt[BED_VAULT_TOKEN_SALT];

  if (credential == NULL)
    return FALSE;
  if (g_bytes_get_size (credential) > BED_VAULT_TOKEN_CREDENTIAL_MAX
      || g_bytes_get_size (credential) == 0)
    return fail (BED_VAULT_ERROR_TOKEN, "The security key's credential is too long", error);
  bed_keyslots_begin_token (&job->slots, job->slot, credential);
  bed_keyslots_get_token_salt (&job->slots, job->slot, salt);
  answer = bed_vault_token_derive (job->token, credential, salt, job->secret, job->cancellable,
                                   error);
  if (answer == NULL)
    return FALSE;
  bed_keyslots_seal_token (&job->slots, job->slot, job->master, answer);
  job->slots_changed = TRUE;
  return TRUE;
}

/* The slots of a new master key. */
static gboolean
run_rekey (BedVaultJob *job, GError **error)
{
  gboolean needs_device = bed_keyslots_need_device (&job->slots);
  BedKeyslots old = job->slots;
  g_autoptr (BedSecret) device = NULL;

  if (needs_device && !load_device (job, &device, error))
    return FALSE;
  if (!check_passphrase (job, device, error))
    return FALSE;
  g_clear_pointer (&job->master, bed_secret_unref);
  job->master = bed_secret_new_random (BED_MASTER_KEY_LENGTH);
  job->recovery = bed_secret_new_random (BED_RECOVERY_KEY_LENGTH);
  bed_keyslots_renew (&job->slots, &old, job->master);
  bed_keyslots_set_printed (&job->slots, 1, BED_VAULT_SLOT_RECOVERY, job->master,
                            job->recovery);
  job->slot = 0;
  return set_passphrase (job, 0, device, error);
}

static gboolean
run_job (BedVaultJob *job, GError **error)
{
  switch (job->kind)
    {
    case BED_VAULT_JOB_CREATE:
      return run_create (job, error);
    case BED_VAULT_JOB_UNLOCK:
      return run_unlock (job, error);
    case BED_VAULT_JOB_ADD:
      return run_add (job, error);
    case BED_VAULT_JOB_CHANGE:
      return run_change (job, error);
    case BED_VAULT_JOB_DEVICE:
      return job->device_on ? turn_device_on (job, error) : turn_device_off (job, error);
    case BED_VAULT_JOB_ADD_TOKEN:
      return run_add_token (job, error);
    case BED_VAULT_JOB_FORGET_DEVICE:
      forget_device (job);
      return TRUE;
    case BED_VAULT_JOB_REKEY:
    default:
      return run_rekey (job, error);
    }
}

/* --- The worker ------------------------------------------------------------------------------- */

BedVaultJob *
bed_vault_job_new (BedVault *self, BedVaultJobKind kind, BedSecret *secret)
{
  BedVaultJob *job = g_new0 (BedVaultJob, 1);

  job->kind = kind;
  job->slot_kind = BED_VAULT_SLOT_PASSPHRASE;
  job->cost = self->cost;
  job->floor = self->floor;
  g_set_object (&job->keyring, self->keyring);
  if (secret != NULL)
    job->secret = bed_secret_ref (secret);
  return job;
}

void
bed_vault_job_free (BedVaultJob *job)
{
  g_clear_object (&job->cancellable);
  g_clear_object (&job->keyring);
  g_clear_object (&job->token);
  g_clear_pointer (&job->secret, bed_secret_unref);
  g_clear_pointer (&job->master, bed_secret_unref);
  g_clear_pointer (&job->recovery, bed_secret_unref);
  g_free (job);
}

static void
job_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (run_job (task_data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

void
bed_vault_start_job (BedVault *self, BedVaultJob *job, GTask *outer, GAsyncReadyCallback done)
{
  g_autoptr (GTask) inner = g_task_new (self, NULL, done, outer);

  self->busy = TRUE;
  g_set_object (&job->cancellable, g_task_get_cancellable (outer));
  g_task_set_task_data (inner, job, (GDestroyNotify) bed_vault_job_free);
  g_task_run_in_thread (inner, job_thread);
}

/* A slip of the machine is no attempt. */
static gboolean
is_refusal (const GError *error)
{
  return g_error_matches (error, BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET)
         || g_error_matches (error, BED_VAULT_ERROR, BED_VAULT_ERROR_DEVICE)
         || g_error_matches (error, BED_VAULT_ERROR, BED_VAULT_ERROR_TOKEN_PIN);
}

gboolean
bed_vault_job_done (BedVault *self, GAsyncResult *result, GTask *outer)
{
  BedVaultJob *job = g_task_get_task_data (G_TASK (result));
  GError *error = NULL;

  self->busy = FALSE;
  if (g_task_propagate_boolean (G_TASK (result), &error)
      && !g_cancellable_set_error_if_cancelled (g_task_get_cancellable (outer), &error))
    return TRUE;
  if (job->kind == BED_VAULT_JOB_UNLOCK && is_refusal (error))
    bed_vault_tell_act (self, BED_VAULT_ACT_UNLOCK_FAILED);
  g_task_return_error (outer, error);
  return FALSE;
}
