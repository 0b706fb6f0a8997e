/* SPDX-License-Identifier: GPL-3.0-or-later */
/* wrong-keys [COUNT]: as many wrong passphrases, recovery keys and raw keys, all refused. */
#include "bed-soak.h"

#include <string.h>

#include "bed-db.h"

static const char letters[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* Near ones too: a letter more, less, or another. */
static char *
wrong_passphrase (GRand *rand, guint i)
{
  g_autoptr (GString) text = g_string_new (PASSPHRASE);

  switch (i % 4)
    {
    case 0:
      g_string_append_c (text, (char) g_rand_int_range (rand, 33, 127));
      break;
    case 1:
      g_string_truncate (text, (gsize) g_rand_int_range (rand, 1, (gint32) text->len));
      break;
    case 2:
      text->str[g_rand_int_range (rand, 0, (gint32) text->len)] ^= 1;
      break;
    default:
      g_string_printf (text, "%u-%u", g_rand_int (rand), i);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
assert_passphrase (BedVault *vault, const char *typed)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (fixture_try_unlock (vault, typed, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET);
}

/* Random ones mostly fail their own checksum; none opens. */
static void
assert_recovery (BedVault *vault, const char *right, GRand *rand)
{
  g_autofree char *typed = g_strdup (right);
  g_autoptr (GError) error = NULL;

  for (char *c = typed; *c != '\0'; c++)
    if (*c != '-')
      *c = letters[g_rand_int_range (rand, 0, 32)];
  if (strcmp (typed, right) == 0)
    return;
  g_assert_false (fixture_try_recovery (vault, typed, &error));
  g_assert_true (g_error_matches (error, BED_VAULT_ERROR, BED_VAULT_ERROR_TYPO)
                 || g_error_matches (error, BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET));
}

static void
assert_raw (const char *path)
{
  g_autoptr (BedSecret) key = bed_secret_new_random (BED_DB_KEY_LENGTH);
  g_autoptr (GError) error = NULL;

  g_assert_null (bed_db_open (path, key, BED_DB_NONE, &error));
  g_assert_error (error, BED_DB_ERROR, BED_DB_ERROR_WRONG_KEY);
}

int
main (int argc, char **argv)
{
  guint count = soak_count (argc, argv, 10000);
  guint32 seed = (guint32) g_get_real_time ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autofree char *dir = soak_make_folder ();
  g_autofree char *path = g_build_filename (dir, "vault.db", NULL);
  g_autofree char *recovery = NULL;
  g_autoptr (SoakVault) vault = NULL;

  soak_make_vault (dir, &recovery);
  vault = soak_open_vault (dir);
  fixture_set_text (vault, "text", MARKER);
  bed_vault_lock (vault);
  for (guint i = 0; i < count; i++)
    {
      g_autofree char *typed = wrong_passphrase (rand, i / 3);

      if (i % 3 == 0)
        assert_passphrase (vault, typed);
      else if (i % 3 == 1)
        assert_recovery (vault, recovery, rand);
      else
        assert_raw (path);
      g_assert_false (bed_vault_is_unlocked (vault));
    }
  fixture_unlock (vault, PASSPHRASE);
  fixture_assert_text (vault, "text", MARKER);
  g_clear_pointer (&vault, soak_close_vault);
  fixture_remove (dir);
  g_print ("wrong-keys: %u keys (seed %u), all refused\n", count, seed);
  return 0;
}
