/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "power.h"

#include <string.h>

#include "bed-db.h"

static gboolean
keep_number (GBytes *record, gpointer user_data, GError **error)
{
  guint32 number;

  memcpy (&number, g_bytes_get_data (record, NULL), sizeof number);
  return bed_db_run (user_data, error, "INSERT INTO soak (number) VALUES (?)", "i",
                     (gint64) number);
}

static void
spool (BedVault *vault, guint32 number)
{
  g_autoptr (GBytes) record = g_bytes_new (&number, sizeof number);

  g_assert_true (bed_vault_spool_append (vault, record, NULL));
}

/* Number `i` is in the database and in the spool before it is acknowledged. */
static void
step (BedVault *vault, guint32 i)
{
  g_autoptr (GError) error = NULL;

  soak_set_number (vault, "number", i);
  spool (vault, i);
  power_acknowledge (i);
  if (i % 5 == 1)
    fixture_change_passphrase (vault, PASSPHRASE);
  else if (i % 5 == 2)
    bed_vault_spool_merge (vault, keep_number, NULL, bed_vault_get_db (vault), NULL, NULL, &error);
  else if (i % 5 == 3)
    {
      g_autoptr (BedSecret) recovery = fixture_rekey (vault, PASSPHRASE, &error);

      g_assert_nonnull (recovery);
    }
  else if (i % 5 == 4)
    {
      bed_vault_lock (vault);
      fixture_unlock (vault, PASSPHRASE);
    }
  g_assert_no_error (error);
}

static void
work (const char *root)
{
  g_autofree char *profile = g_build_filename (root, "new", "within", "profile", NULL);
  g_autoptr (SoakVault) vault = NULL;

  soak_make_vault (profile, NULL);
  vault = soak_open_vault (profile);
  g_assert_true (bed_db_exec (bed_vault_get_db (vault),
                              "CREATE TABLE soak (number INTEGER PRIMARY KEY)", NULL));
  power_acknowledge (0);
  for (guint32 i = 1; i <= 20; i++)
    step (vault, i);
}

/* --- Afterwards ------------------------------------------------------------------------------- */

static void
look (const char *root, guint32 acknowledged)
{
  g_autofree char *profile = g_build_filename (root, "new", "within", "profile", NULL);
  g_autoptr (SoakVault) vault = soak_open_vault (profile);
  g_autoptr (GError) error = NULL;
  guint32 found = soak_get_number (vault, "number");
  gint64 spooled;

  soak_assert_whole (vault);
  g_assert_cmpuint (found, >=, acknowledged);
  g_assert_cmpuint (found, <=, acknowledged + 1);
  bed_vault_spool_merge (vault, keep_number, NULL, bed_vault_get_db (vault), NULL, NULL, &error);
  g_assert_no_error (error);
  spooled = soak_ask (vault, "SELECT coalesce(max(number), 0) FROM soak");
  g_assert_cmpint (spooled, >=, acknowledged);
  g_assert_cmpint (soak_ask (vault, "SELECT count(*) FROM soak"), ==, spooled);
}

const PowerDay power_vault_day = { "vault", work, look };
