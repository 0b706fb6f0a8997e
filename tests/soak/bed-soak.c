/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-soak.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bed-db.h"

void
soak_tell (int fd, guint32 number)
{
  if (write (fd, &number, sizeof number) != sizeof number)
    _exit (2);
}

guint
soak_count (int argc, char **argv, guint preset)
{
  return argc > 1 ? (guint) strtoul (argv[1], NULL, 10) : preset;
}

static BedVault *
new_vault (const char *dir)
{
  g_autoptr (BedClock) clock = bed_manual_clock_new (0, G_GINT64_CONSTANT (1750000000000000));

  return bed_vault_new (dir, clock, &cheap);
}

void
soak_make_vault (const char *dir, char **recovery)
{
  g_autoptr (SoakVault) vault = new_vault (dir);
  g_autoptr (BedSecret) key = NULL;
  g_autoptr (GError) error = NULL;

  key = fixture_try_create (vault, PASSPHRASE, &error);
  g_assert_no_error (error);
  if (recovery != NULL)
    *recovery = g_strndup ((const char *) bed_secret_get_data (key), bed_secret_get_length (key));
  bed_vault_lock (vault);
}

BedVault *
soak_open_vault (const char *dir)
{
  BedVault *vault = new_vault (dir);

  fixture_unlock (vault, PASSPHRASE);
  return vault;
}

void
soak_close_vault (SoakVault *vault)
{
  bed_vault_lock (vault);
  g_object_unref (vault);
}

void
soak_assert_whole (BedVault *vault)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bed_db_check_integrity (bed_vault_get_db (vault), &error));
  g_assert_no_error (error);
  g_assert_cmpint (bed_vault_get_freshness (vault), !=, BED_VAULT_FRESH_ROLLED_BACK);
}

void
soak_set_number (BedVault *vault, const char *name, guint32 number)
{
  g_autofree char *text = g_strdup_printf ("%u", number);

  fixture_set_text (vault, name, text);
}

guint32
soak_get_number (BedVault *vault, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedSecret) value = bed_vault_get_blob (vault, name, &error);
  g_autofree char *text = NULL;

  g_assert_no_error (error);
  if (value == NULL)
    return 0;
  text = g_strndup ((const char *) bed_secret_get_data (value), bed_secret_get_length (value));
  return (guint32) strtoul (text, NULL, 10);
}

static GLogWriterOutput
write_bugs (GLogLevelFlags level, const GLogField *fields, gsize n, gpointer user_data)
{
  return level & (G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL)
             ? g_log_writer_standard_streams (level, fields, n, NULL)
             : G_LOG_WRITER_HANDLED;
}

void
soak_hush (void)
{
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  g_log_set_writer_func (write_bugs, NULL, NULL);
}

gint64
soak_ask (BedVault *vault, const char *sql)
{
  g_autoptr (BedDbStatement) row = bed_db_query (bed_vault_get_db (vault), NULL, sql, "");

  g_assert_nonnull (row);
  g_assert_cmpint (bed_db_statement_step (row, NULL), ==, BED_DB_STEP_ROW);
  return bed_db_statement_get_int64 (row, 0);
}

void
soak_copy_old (const char *dir, GFileSetContentsFlags how)
{
  static const char *const names[] = { "vault.keys", "vault.db" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *from = g_build_filename (OLD_RECORD, names[i], NULL);
      g_autofree char *to = g_build_filename (dir, names[i], NULL);
      g_autofree char *bytes = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (from, &bytes, &length, NULL));
      g_assert_true (g_file_set_contents_full (to, bytes, (gssize) length, how, 0600, NULL));
    }
}

char *
soak_make_folder (void)
{
  g_autoptr (GError) error = NULL;
  char *dir = g_dir_make_tmp ("bed-soak-XXXXXX", &error);

  g_assert_no_error (error);
  return dir;
}
