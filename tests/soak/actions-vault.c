/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-soak.h"

#include <stdlib.h>
#include <string.h>

#include "bed-db.h"

/* --- Small values, as settings and tokens are written ----------------------------------------- */

static void
prepare_vault (const char *dir)
{
  soak_make_vault (dir, NULL);
}

static void
run_blobs (const char *dir, guint32 from, int fd)
{
  g_autoptr (SoakVault) vault = soak_open_vault (dir);

  for (guint32 i = from;; i++)
    {
      soak_set_number (vault, "number", i);
      soak_tell (fd, i);
    }
}

static guint32
check_blobs (const char *dir, guint32 told)
{
  g_autoptr (SoakVault) vault = soak_open_vault (dir);
  guint32 found = soak_get_number (vault, "number");

  soak_assert_whole (vault);
  g_assert_cmpuint (found, >=, told);
  g_assert_cmpuint (found, <=, told + 1);
  return found;
}

const BedSoakAction soak_blobs = { "blobs", 40000, prepare_vault, run_blobs, check_blobs };

/* --- The passphrase --------------------------------------------------------------------------- */

static char *
passphrase_of (guint32 number)
{
  return number == 0 ? g_strdup (PASSPHRASE) : g_strdup_printf ("passphrase %u", number);
}

static BedVault *
try_number (const char *dir, guint32 number)
{
  g_autofree char *passphrase = passphrase_of (number);
  g_autoptr (BedClock) clock = bed_manual_clock_new (0, G_GINT64_CONSTANT (1750000000000000));
  g_autoptr (SoakVault) vault = bed_vault_new (dir, clock, &cheap);
  g_autoptr (GError) error = NULL;

  if (fixture_try_unlock (vault, passphrase, &error))
    return g_steal_pointer (&vault);
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET);
  return NULL;
}

static void
prepare_text (const char *dir)
{
  g_autoptr (SoakVault) vault = NULL;

  soak_make_vault (dir, NULL);
  vault = soak_open_vault (dir);
  fixture_set_text (vault, "text", MARKER);
}

static void
run_passphrase (const char *dir, guint32 from, int fd)
{
  g_autoptr (SoakVault) vault = try_number (dir, from - 1);

  g_assert_nonnull (vault);
  for (guint32 i = from;; i++)
    {
      g_autofree char *passphrase = passphrase_of (i);

      fixture_change_passphrase (vault, passphrase);
      soak_tell (fd, i);
    }
}

static guint32
check_passphrase (const char *dir, guint32 told)
{
  g_autoptr (SoakVault) vault = try_number (dir, told);
  guint32 found = told;

  if (vault == NULL)
    vault = try_number (dir, ++found);
  g_assert_nonnull (vault);
  soak_assert_whole (vault);
  fixture_assert_text (vault, "text", MARKER);
  return found;
}

const BedSoakAction soak_passphrase
    = { "passphrase", 30000, prepare_text, run_passphrase, check_passphrase };

/* --- A new key -------------------------------------------------------------------------------- */

static void
prepare_large (const char *dir)
{
  g_autoptr (BedSecret) large = bed_secret_new_random (200 * 1024);
  g_autoptr (SoakVault) vault = NULL;

  soak_make_vault (dir, NULL);
  vault = soak_open_vault (dir);
  for (guint i = 0; i < 4; i++)
    {
      g_autofree char *name = g_strdup_printf ("large/%u", i);

      g_assert_true (bed_vault_set_blob (vault, name, large, NULL));
    }
}

/* A value is written and one spooled before each new key. */
static void
run_rekey (const char *dir, guint32 from, int fd)
{
  g_autoptr (SoakVault) vault = soak_open_vault (dir);

  for (guint32 i = from;; i++)
    {
      g_autoptr (GBytes) record = g_bytes_new (&i, sizeof i);
      g_autoptr (BedSecret) recovery = NULL;
      g_autoptr (GError) error = NULL;

      soak_set_number (vault, "number", i);
      g_assert_true (bed_vault_spool_append (vault, record, &error));
      soak_tell (fd, i);
      recovery = fixture_rekey (vault, PASSPHRASE, &error);
      g_assert_no_error (error);
    }
}

static gboolean
take_number (GBytes *record, gpointer user_data, GError **error)
{
  GArray *numbers = user_data;
  guint32 number;

  g_assert_cmpuint (g_bytes_get_size (record), ==, sizeof number);
  memcpy (&number, g_bytes_get_data (record, NULL), sizeof number);
  g_array_append_val (numbers, number);
  return TRUE;
}

static guint32
check_rekey (const char *dir, guint32 told)
{
  g_autoptr (SoakVault) vault = soak_open_vault (dir);
  g_autoptr (GArray) numbers = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 found = soak_get_number (vault, "number");
  static guint32 merged_until;
  guint damaged;

  soak_assert_whole (vault);
  g_assert_cmpuint (found, >=, told);
  g_assert_cmpuint (found, <=, told + 1);
  g_assert_true (bed_vault_spool_merge (vault, take_number, NULL, numbers, NULL, &damaged, NULL));
  g_assert_cmpuint (damaged, <=, 1); /* the line that the kill cut short */
  for (guint i = 0; i < numbers->len; i++)
    g_assert_cmpuint (g_array_index (numbers, guint32, i), ==, merged_until + i + 1);
  merged_until += numbers->len;
  g_assert_cmpuint (merged_until, >=, told);
  /* A value without its event: the number is not used again. */
  merged_until = found;
  return found;
}

const BedSoakAction soak_rekey = { "rekey", 150000, prepare_large, run_rekey, check_rekey };

/* --- The spool -------------------------------------------------------------------------------- */

static gboolean
keep_number (GBytes *record, gpointer user_data, GError **error)
{
  BedDb *db = user_data;
  guint32 number;

  memcpy (&number, g_bytes_get_data (record, NULL), sizeof number);
  return bed_db_run (db, error, "INSERT INTO soak (number) VALUES (?)", "i", (gint64) number);
}

static void
prepare_spool (const char *dir)
{
  g_autoptr (SoakVault) vault = NULL;

  soak_make_vault (dir, NULL);
  vault = soak_open_vault (dir);
  /* A number that is handed over twice fails here. */
  g_assert_true (bed_db_exec (bed_vault_get_db (vault),
                              "CREATE TABLE soak (number INTEGER PRIMARY KEY)", NULL));
}

static void
merge (BedVault *vault)
{
  g_autoptr (GError) error = NULL;

  bed_vault_spool_merge (vault, keep_number, NULL, bed_vault_get_db (vault), NULL, NULL, &error);
  g_assert_no_error (error);
}

/* Appended while locked, merged at the unlock, ten at a time. */
static void
run_spool (const char *dir, guint32 from, int fd)
{
  g_autoptr (SoakVault) vault = soak_open_vault (dir);

  for (guint32 i = from;; i++)
    {
      g_autoptr (GBytes) record = g_bytes_new (&i, sizeof i);

      bed_vault_lock (vault);
      g_assert_true (bed_vault_spool_append (vault, record, NULL));
      soak_tell (fd, i);
      if (i % 10 != 0)
        continue;
      fixture_unlock (vault, PASSPHRASE);
      merge (vault);
    }
}

static guint32
check_spool (const char *dir, guint32 told)
{
  g_autoptr (SoakVault) vault = soak_open_vault (dir);
  guint32 found;

  merge (vault);
  soak_assert_whole (vault);
  found = (guint32) soak_ask (vault, "SELECT coalesce(max(number), 0) FROM soak");
  g_assert_cmpuint (found, >=, told);
  g_assert_cmpuint (found, <=, told + 1);
  g_assert_cmpint (soak_ask (vault, "SELECT count(*) FROM soak"), ==, found);
  return found;
}

const BedSoakAction soak_spool = { "spool", 40000, prepare_spool, run_spool, check_spool };
