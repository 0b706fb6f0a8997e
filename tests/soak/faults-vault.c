/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "faults.h"

#include <string.h>

#include "bed-db.h"

#define BEFORE 7 /* the number that is there */

static gboolean
act_set (FaultPlace *place, GError **error)
{
  g_autoptr (BedSecret) value = bed_secret_new ("8", 1);

  return bed_vault_set_blob (place->vault, "number", value, error);
}

static gboolean
act_unlock (FaultPlace *place, GError **error)
{
  return fixture_try_unlock (place->vault, PASSPHRASE, error);
}

static gboolean
act_change (FaultPlace *place, GError **error)
{
  g_autoptr (BedSecret) value = bed_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autoptr (GAsyncResult) result = NULL;

  bed_vault_change_passphrase_async (place->vault, value, NULL, fixture_keep_result, &result);
  return bed_vault_change_passphrase_finish (place->vault, fixture_wait (&result), error);
}

static gboolean
act_renew (FaultPlace *place, GError **error)
{
  g_autoptr (BedSecret) key = bed_vault_renew_recovery_key (place->vault, error);

  return key != NULL;
}

static gboolean
act_rekey (FaultPlace *place, GError **error)
{
  g_autoptr (BedSecret) key = fixture_rekey (place->vault, PASSPHRASE, error);

  return key != NULL;
}

static gboolean
act_spool (FaultPlace *place, GError **error)
{
  g_autoptr (GBytes) record = g_bytes_new ("two", 3);

  return bed_vault_spool_append (place->vault, record, error);
}

static gboolean
ignore (GBytes *record, gpointer user_data, GError **error)
{
  return TRUE;
}

static gboolean
act_merge (FaultPlace *place, GError **error)
{
  return bed_vault_spool_merge (place->vault, ignore, NULL, NULL, NULL, NULL, error);
}

static gboolean
act_checkpoint (FaultPlace *place, GError **error)
{
  return bed_db_checkpoint (bed_vault_get_db (place->vault), error);
}

static gboolean
act_copy (FaultPlace *place, GError **error)
{
  g_autofree char *made = fixture_copy (place->vault, bed_vault_get_directory (place->vault), error);

  return made != NULL;
}

static void
make (const char *dir)
{
  g_autoptr (GBytes) record = g_bytes_new ("one", 3);
  g_autofree char *profile = g_build_filename (dir, "profile", NULL);
  g_autoptr (SoakVault) vault = NULL;

  soak_make_vault (profile, NULL);
  vault = soak_open_vault (profile);
  soak_set_number (vault, "number", BEFORE);
  fixture_set_text (vault, "text", MARKER);
  g_assert_true (bed_vault_spool_append (vault, record, NULL));
}

static void
open_vault (FaultPlace *place, const FaultAct *act)
{
  place->vault = bed_vault_new (place->profile, place->clock, &cheap);
  if (!act->closed)
    fixture_unlock (place->vault, PASSPHRASE);
}

static void
check (FaultPlace *place, const FaultAct *act, gboolean done)
{
  g_autoptr (SoakVault) vault = soak_open_vault (place->profile);
  guint32 found = soak_get_number (vault, "number");

  soak_assert_whole (vault);
  fixture_assert_text (vault, "text", MARKER);
  g_assert_true (found == BEFORE + act->changes || (!done && found == BEFORE));
}

static const FaultGround ground = { make, open_vault, check };

/* --- Where there is none yet -------------------------------------------------------------------- */

static char *recovery; /* owned: of the vault that was created last */

static gboolean
act_create (FaultPlace *place, GError **error)
{
  g_autoptr (BedSecret) key = fixture_try_create (place->vault, PASSPHRASE, error);

  g_clear_pointer (&recovery, g_free);
  if (key != NULL)
    recovery = g_strndup ((const char *) bed_secret_get_data (key), bed_secret_get_length (key));
  return key != NULL;
}

static void
make_nothing (const char *dir)
{
}

static void
open_nothing (FaultPlace *place, const FaultAct *act)
{
  place->vault = bed_vault_new (place->profile, place->clock, &cheap);
  g_assert_false (bed_vault_exists (place->vault));
}

/* What failed can be done anew in the same place; then password and printed key open it. */
static void
check_created (FaultPlace *place, const FaultAct *act, gboolean done)
{
  g_autoptr (SoakVault) vault = soak_open_vault (place->profile);

  g_assert_true (done);
  soak_assert_whole (vault);
  bed_vault_lock (vault);
  g_assert_true (fixture_try_recovery (vault, recovery, NULL));
}

static const FaultGround nothing = { make_nothing, open_nothing, check_created };

const FaultAct fault_vault_acts[] = {
  { .name = "create", &nothing, .again = TRUE, .run = act_create },
  { .name = "set", &ground, .run = act_set, .changes = 1 },
  { .name = "unlock", &ground, .closed = TRUE, .run = act_unlock },
  { .name = "change-passphrase", &ground, .run = act_change },
  { .name = "renew-recovery-key", &ground, .run = act_renew },
  { .name = "new-key", &ground, .run = act_rekey },
  { .name = "spool", &ground, .closed = TRUE, .run = act_spool },
  { .name = "merge", &ground, .run = act_merge },
  { .name = "checkpoint", &ground, .run = act_checkpoint },
  { .name = "copy", &ground, .run = act_copy },
  { .name = NULL },
};
