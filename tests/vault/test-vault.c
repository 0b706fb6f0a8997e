/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db.h"
#include "bed-vault-fixture.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static void
test_create_and_unlock (Fixture *f, gconstpointer data)
{
  g_autoptr (BedVault) again = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (bed_vault_is_unlocked (f->vault));
  g_assert_true (bed_vault_exists (f->vault));
  fixture_set_text (f->vault, "refresh-token", "s3cret");
  bed_vault_lock (f->vault);
  g_assert_false (bed_vault_is_unlocked (f->vault));
  g_assert_null (bed_vault_get_db (f->vault));
  g_assert_null (bed_vault_get_blob (f->vault, "refresh-token", &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_LOCKED);
  again = fixture_open (f);
  fixture_unlock (again, PASSPHRASE);
  fixture_assert_text (again, "refresh-token", "s3cret");
  g_assert_cmpint (bed_vault_get_freshness (again), ==, BED_VAULT_FRESH_OK_BY_WITNESS);
}

static void
test_create_twice (Fixture *f, gconstpointer data)
{
  g_autoptr (BedVault) again = fixture_open (f);
  g_autoptr (GError) error = NULL;

  g_assert_null (fixture_try_create (again, PASSPHRASE, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_EXISTS);
}

static void
test_missing (Fixture *f, gconstpointer data)
{
  g_autofree char *nowhere = g_build_filename (f->directory, "nowhere", NULL);
  g_autoptr (BedVault) vault = bed_vault_new (nowhere, f->clock, &cheap);
  g_autoptr (GError) error = NULL;

  g_assert_false (bed_vault_exists (vault));
  g_assert_false (fixture_try_unlock (vault, PASSPHRASE, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_MISSING);
}

static void
test_wrong_passphrase (Fixture *f, gconstpointer data)
{
  bed_vault_lock (f->vault);
  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *wrong = g_strdup_printf ("wrong %u", i);
      g_autoptr (GError) error = NULL;

      g_assert_false (fixture_try_unlock (f->vault, wrong, &error));
      g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET);
    }
  fixture_unlock (f->vault, PASSPHRASE);
}

static void
test_in_use (Fixture *f, gconstpointer data)
{
  g_autoptr (BedVault) second = fixture_open (f);
  g_autoptr (GError) error = NULL;

  g_assert_false (fixture_try_unlock (second, PASSPHRASE, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_IN_USE);
  bed_vault_lock (f->vault);
  fixture_unlock (second, PASSPHRASE);
}

static void
test_check_open (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (fixture_try_unlock (f->vault, "not the one", &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET);
  g_assert_true (bed_vault_is_unlocked (f->vault));
  g_assert_nonnull (bed_vault_get_db (f->vault));
  g_clear_error (&error);
  g_assert_true (fixture_try_unlock (f->vault, PASSPHRASE, &error));
  g_assert_no_error (error);
  g_assert_true (bed_vault_is_unlocked (f->vault));
}

static void
test_recovery (Fixture *f, gconstpointer data)
{
  g_autoptr (BedSecret) renewed = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *spaced = g_ascii_strdown (f->recovery, -1);

  fixture_set_text (f->vault, "x", "1");
  bed_vault_lock (f->vault);
  g_strdelimit (spaced, "-", ' ');
  g_assert_true (fixture_try_recovery (f->vault, spaced, &error));
  g_assert_no_error (error);
  fixture_assert_text (f->vault, "x", "1");
  renewed = bed_vault_renew_recovery_key (f->vault, &error);
  g_assert_no_error (error);
  bed_vault_lock (f->vault);
  g_assert_false (fixture_try_recovery (f->vault, f->recovery, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET);
}

static void
test_recovery_typos (Fixture *f, gconstpointer data)
{
  static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  gsize length = strlen (f->recovery);
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (length, ==, 41);
  g_assert_true (bed_vault_recovery_is_well_formed (f->recovery));
  for (gsize i = 0; i < length; i++)
    {
      g_autofree char *typo = g_strdup (f->recovery);

      if (f->recovery[i] == '-')
        continue;
      for (const char *s = symbols; *s != '\0'; s++)
        {
          typo[i] = *s;
          g_assert_cmpint (bed_vault_recovery_is_well_formed (typo), ==, *s == f->recovery[i]);
        }
      typo[i] = 'U';
      g_assert_false (bed_vault_recovery_is_well_formed (typo));
      memmove (typo + i, f->recovery + i + 1, length - i);
      g_assert_false (bed_vault_recovery_is_well_formed (typo));
    }
  for (gsize i = 0; i + 1 < length; i++)
    {
      g_autofree char *swapped = g_strdup (f->recovery);

      if (swapped[i] == '-' || swapped[i + 1] == '-' || swapped[i] == swapped[i + 1])
        continue;
      swapped[i] = f->recovery[i + 1];
      swapped[i + 1] = f->recovery[i];
      g_assert_false (bed_vault_recovery_is_well_formed (swapped));
    }
  bed_vault_lock (f->vault);
  g_assert_false (fixture_try_recovery (f->vault, "not a key", &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_TYPO);
}

static void
test_change_passphrase (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture_change_passphrase (f->vault, "a new one");
  bed_vault_lock (f->vault);
  g_assert_false (fixture_try_unlock (f->vault, PASSPHRASE, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET);
  fixture_unlock (f->vault, "a new one");
  g_assert_cmpint (bed_vault_get_slot_kind (f->vault, 0), ==, BED_VAULT_SLOT_PASSPHRASE);
  g_assert_cmpint (bed_vault_get_slot_kind (f->vault, 1), ==, BED_VAULT_SLOT_RECOVERY);
}

static void
test_slots (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  for (int i = 2; i < BED_VAULT_SLOTS; i++)
    {
      g_autofree char *passphrase = g_strdup_printf ("passphrase %d", i);
      g_assert_cmpint (fixture_add_passphrase (f->vault, passphrase, NULL), ==, i);
    }
  g_assert_cmpint (fixture_add_passphrase (f->vault, "one more", &error), ==, -1);
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_NO_SLOT);
  g_clear_error (&error);
  for (guint i = 1; i < BED_VAULT_SLOTS; i++)
    g_assert_true (bed_vault_remove_slot (f->vault, i, NULL));
  g_assert_false (bed_vault_remove_slot (f->vault, 0, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_LAST_SLOT);
  g_clear_error (&error);
  g_assert_false (bed_vault_remove_slot (f->vault, 3, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_NO_SLOT);
  bed_vault_lock (f->vault);
  fixture_unlock (f->vault, PASSPHRASE);
}

/* Every bit of the key file: never opened, never a crash, never "wrong passphrase". */
static void
test_header_flips (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->directory, "vault.keys", NULL);
  g_autofree char *bytes = NULL;
  gsize length;

  bed_vault_lock (f->vault);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  for (gsize i = 0; i < length * 8; i++)
    {
      g_autoptr (GError) error = NULL;

      bytes[i / 8] ^= (char) (1 << (i % 8));
      g_assert_true (g_file_set_contents_full (path, bytes, (gssize) length,
                                               G_FILE_SET_CONTENTS_NONE, 0600, NULL));
      g_assert_false (fixture_try_unlock (f->vault, PASSPHRASE, &error));
      g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_DAMAGED);
      bytes[i / 8] ^= (char) (1 << (i % 8));
    }
  for (gsize cut = 0; cut < length; cut += 7)
    {
      g_autoptr (GError) error = NULL;

      g_assert_true (g_file_set_contents_full (path, bytes, (gssize) cut,
                                               G_FILE_SET_CONTENTS_NONE, 0600, NULL));
      g_assert_false (fixture_try_unlock (f->vault, PASSPHRASE, &error));
      g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_DAMAGED);
    }
  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
  fixture_unlock (f->vault, PASSPHRASE);
}

static void
test_damaged_db (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->directory, "vault.db", NULL);
  g_autofree char *bytes = NULL;
  gsize length;
  g_autoptr (GError) error = NULL;

  bed_vault_lock (f->vault);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  for (gsize i = 100; i < length; i += 4096)
    bytes[i] ^= 0x10;
  g_assert_true (g_file_set_contents (path, bytes, (gssize) length, NULL));
  g_assert_false (fixture_try_unlock (f->vault, PASSPHRASE, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_DAMAGED);
  g_clear_error (&error);
  g_assert_cmpint (unlink (path), ==, 0);
  g_assert_false (fixture_try_unlock (f->vault, PASSPHRASE, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_DAMAGED);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

static void
test_newer_db (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (bed_db_exec (bed_vault_get_db (f->vault),
                              "UPDATE vault_meta SET value = 2 WHERE name = 'format'", NULL));
  bed_vault_lock (f->vault);
  g_assert_false (fixture_try_unlock (f->vault, PASSPHRASE, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_NEWER);
}

static void
copy_file (const char *from, const char *to)
{
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (from, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (to, bytes, (gssize) length, NULL));
}

static void
test_roll_back (Fixture *f, gconstpointer data)
{
  g_autofree char *db = g_build_filename (f->directory, "vault.db", NULL);
  g_autofree char *old = g_build_filename (f->directory, "old", NULL);
  g_autofree char *seen = g_build_filename (f->directory, "vault.seen", NULL);

  fixture_set_text (f->vault, "a", "1");
  bed_vault_lock (f->vault);
  copy_file (db, old);
  fixture_unlock (f->vault, PASSPHRASE);
  g_assert_cmpint (bed_vault_get_freshness (f->vault), ==, BED_VAULT_FRESH_OK_BY_WITNESS);
  fixture_set_text (f->vault, "a", "2");
  bed_vault_lock (f->vault);
  copy_file (old, db);
  fixture_unlock (f->vault, PASSPHRASE);
  g_assert_cmpint (bed_vault_get_freshness (f->vault), ==, BED_VAULT_FRESH_ROLLED_BACK);
  bed_vault_lock (f->vault);
  g_assert_true (g_file_set_contents (seen, "nonsense", -1, NULL));
  fixture_unlock (f->vault, PASSPHRASE);
  g_assert_cmpint (bed_vault_get_freshness (f->vault), ==, BED_VAULT_FRESH_UNKNOWN);
}

static void
test_blobs (Fixture *f, gconstpointer data)
{
  g_autoptr (BedSecret) empty = bed_secret_new ("", 0);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) names = NULL;

  fixture_set_text (f->vault, "invite/b", "2");
  fixture_set_text (f->vault, "invite/a", "1");
  fixture_set_text (f->vault, "other", "3");
  g_assert_true (bed_vault_set_blob (f->vault, "invite/c", empty, &error));
  names = bed_vault_list_blobs (f->vault, "invite/", &error);
  g_assert_no_error (error);
  g_assert_cmpstrv (names, ((const char *[]){ "invite/a", "invite/b", "invite/c", NULL }));
  g_assert_true (bed_vault_set_blob (f->vault, "invite/a", NULL, &error));
  g_assert_null (bed_vault_get_blob (f->vault, "invite/a", &error));
  g_assert_no_error (error);
}

static void
test_texts (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL, *empty = NULL;

  g_assert_null (bed_vault_dup_text (f->vault, "draft"));
  g_assert_true (bed_vault_set_text (f->vault, "draft", "Grüße", &error));
  text = bed_vault_dup_text (f->vault, "draft");
  g_assert_cmpstr (text, ==, "Grüße");
  g_assert_true (bed_vault_set_text (f->vault, "draft", "", &error));
  empty = bed_vault_dup_text (f->vault, "draft");
  g_assert_cmpstr (empty, ==, "");
  g_assert_true (bed_vault_set_text (f->vault, "draft", NULL, &error));
  g_assert_null (bed_vault_dup_text (f->vault, "draft"));
  g_assert_no_error (error);
}

static void
test_no_plain_text (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) record = g_bytes_new_static (MARKER, strlen (MARKER));

  fixture_set_text (f->vault, "name-" MARKER, MARKER);
  g_assert_true (bed_vault_spool_append (f->vault, record, NULL));
  g_assert_cmpuint (fixture_scan (f->directory, MARKER), ==, 0);
  bed_vault_lock (f->vault);
  g_assert_cmpuint (fixture_scan (f->directory, MARKER), ==, 0);
  g_assert_cmpuint (fixture_scan (f->directory, PASSPHRASE), ==, 0);
  g_assert_cmpuint (fixture_scan (f->directory, f->recovery), ==, 0);
}

static void
test_copy (Fixture *f, gconstpointer data)
{
  g_autofree char *folder = g_dir_make_tmp ("bed-copy-XXXXXX", NULL);
  g_autofree char *made = NULL;
  g_autofree char *missing = NULL;
  g_autoptr (BedVault) copy = NULL;
  g_autoptr (GError) error = NULL;

  fixture_set_text (f->vault, "x", MARKER);
  made = fixture_copy (f->vault, folder, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (fixture_scan (made, MARKER), ==, 0);
  copy = bed_vault_new (made, f->clock, &cheap);
  fixture_unlock (copy, PASSPHRASE);
  fixture_assert_text (copy, "x", MARKER);
  g_clear_object (&copy);
  /* The same second again: never over an earlier copy. */
  g_assert_null (fixture_copy (f->vault, folder, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_IO);
  g_clear_error (&error);
  missing = g_build_filename (folder, "missing", NULL);
  g_assert_null (fixture_copy (f->vault, missing, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_MISSING);
  fixture_remove (folder);
}

/* --- A full disk ------------------------------------------------------------------------------ */

/* A limit on file size answers EFBIG where a full disk answers ENOSPC; both are "no room". */
static gboolean
fill (BedVault *vault, GError **error)
{
  g_autoptr (BedSecret) large = bed_secret_new_random (64 * 1024);

  for (guint i = 0; i < 64; i++)
    {
      g_autofree char *name = g_strdup_printf ("large/%u", i);
      if (!bed_vault_set_blob (vault, name, large, error))
        return FALSE;
    }
  return TRUE;
}

static void
test_full_limit (Fixture *f, gconstpointer data)
{
  struct rlimit old, limit;
  g_autoptr (GError) error = NULL;
  guint8 zeroes[100] = { 0 };
  g_autoptr (GBytes) record = g_bytes_new (zeroes, sizeof zeroes);

  signal (SIGXFSZ, SIG_IGN);
  fixture_set_text (f->vault, "kept", "before");
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &old), ==, 0);
  limit = old;
  limit.rlim_cur = 512 * 1024;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  g_assert_false (fill (f->vault, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_FULL);
  g_clear_error (&error);
  fixture_assert_text (f->vault, "kept", "before");
  limit.rlim_cur = 500;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  g_assert_null (bed_vault_renew_recovery_key (f->vault, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_FULL);
  g_clear_error (&error);
  g_assert_true (bed_vault_spool_append (f->vault, record, &error));
  g_assert_true (bed_vault_spool_append (f->vault, record, &error));
  g_assert_false (bed_vault_spool_append (f->vault, record, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_FULL);
  g_clear_error (&error);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &old), ==, 0);
  bed_vault_lock (f->vault);
  g_assert_true (fixture_try_recovery (f->vault, f->recovery, &error));
  fixture_assert_text (f->vault, "kept", "before");
  fixture_set_text (f->vault, "kept", "after");
}

/* --- The spool -------------------------------------------------------------------------------- */

static gboolean
collect (GBytes *record, gpointer user_data, GError **error)
{
  g_ptr_array_add (user_data,
                   g_strndup (g_bytes_get_data (record, NULL), g_bytes_get_size (record)));
  return TRUE;
}

static gboolean
refuse (GBytes *record, gpointer user_data, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "no");
  return FALSE;
}

static void
append (BedVault *vault, const char *text)
{
  g_autoptr (GBytes) record = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  g_assert_true (bed_vault_spool_append (vault, record, &error));
  g_assert_no_error (error);
}

static void
test_spool (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) got = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  guint merged, damaged;

  bed_vault_lock (f->vault);
  append (f->vault, "one");
  append (f->vault, "two");
  g_assert_false (bed_vault_spool_merge (f->vault, collect, NULL, got, &merged, &damaged, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_LOCKED);
  g_clear_error (&error);
  fixture_unlock (f->vault, PASSPHRASE);
  append (f->vault, "two");
  g_assert_false (bed_vault_spool_merge (f->vault, refuse, NULL, NULL, &merged, &damaged, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_true (bed_vault_spool_merge (f->vault, collect, NULL, got, &merged, &damaged, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (merged, ==, 3);
  g_assert_cmpuint (damaged, ==, 0);
  g_assert_cmpstr (got->pdata[0], ==, "one");
  g_assert_cmpstr (got->pdata[1], ==, "two");
  g_assert_true (bed_vault_spool_merge (f->vault, collect, NULL, got, &merged, &damaged, &error));
  g_assert_cmpuint (merged, ==, 0);
}

static void
test_spool_damage (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->directory, "vault.spool", NULL);
  g_autoptr (GPtrArray) got = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = NULL;
  gsize length;
  guint merged, damaged;

  append (f->vault, "one");
  append (f->vault, "two");
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  text[20] = text[20] == 'A' ? 'B' : 'A';
  /* The last append was cut short by a crash, and another came after it. */
  g_assert_true (g_file_set_contents (path, text, (gssize) length - 9, NULL));
  append (f->vault, "three");
  g_assert_true (bed_vault_spool_merge (f->vault, collect, NULL, got, &merged, &damaged, NULL));
  g_assert_cmpuint (merged, ==, 1);
  g_assert_cmpuint (damaged, ==, 2);
  g_assert_cmpstr (got->pdata[0], ==, "three");
}

static guint
count_damaged (Fixture *f)
{
  g_autoptr (GDir) dir = g_dir_open (f->directory, 0, NULL);
  const char *name;
  guint n = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    n += g_str_has_prefix (name, "vault.spool.damaged-");
  return n;
}

static gboolean
add_bytes (gsize bytes, gpointer user_data, GError **error)
{
  g_ptr_array_add (user_data, g_strdup_printf ("%" G_GSIZE_FORMAT, bytes));
  return TRUE;
}

static gboolean
refuse_bytes (gsize bytes, gpointer user_data, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "refused");
  return FALSE;
}

static void
spoil (Fixture *f, const char *text, gsize length)
{
  g_autofree char *path = g_build_filename (f->directory, "vault.spool", NULL);
  g_autofree char *before = NULL;
  g_autoptr (GString) whole = g_string_new (NULL);
  gsize had = 0;

  if (g_file_get_contents (path, &before, &had, NULL))
    g_string_append_len (whole, before, (gssize) had);
  g_string_append_len (whole, text, (gssize) length);
  g_assert_true (g_file_set_contents (path, whole->str, (gssize) whole->len, NULL));
}

/* Each under a name of its own, told once, and not more than there is room for. */
static void
test_spool_set_aside (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) got = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GError) error = NULL;
  guint damaged;

  append (f->vault, "one");
  spoil (f, "first damage\n", 13);
  g_assert_false (bed_vault_spool_merge (f->vault, collect, refuse_bytes, got, NULL, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_ptr_array_set_size (got, 0);
  g_assert_true (bed_vault_spool_merge (f->vault, collect, add_bytes, got, NULL, &damaged, NULL));
  g_assert_cmpuint (damaged, ==, 1);
  g_assert_cmpuint (got->len, ==, 2);
  g_assert_cmpstr (got->pdata[0], ==, "one");
  g_assert_cmpstr (got->pdata[1], ==, "13");
  g_assert_cmpuint (count_damaged (f), ==, 1);
  spoil (f, "second damage\n", 14);
  g_assert_true (bed_vault_spool_merge (f->vault, collect, add_bytes, got, NULL, NULL, NULL));
  g_assert_cmpuint (count_damaged (f), ==, 2);
  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *text = g_strdup_printf ("damage number %u\n", i);

      spoil (f, text, strlen (text));
      g_assert_true (bed_vault_spool_merge (f->vault, collect, add_bytes, got, NULL, NULL, NULL));
    }
  g_assert_cmpuint (got->len, ==, 33);
  g_assert_cmpuint (count_damaged (f), ==, 16);
}

/* A power loss leaves zeros where lines were: what was written after them is there. */
static void
test_spool_zeros (Fixture *f, gconstpointer data)
{
  static const char zeros[100] = { 0 };
  g_autoptr (GPtrArray) got = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BedSecret) key = NULL;
  guint damaged;

  append (f->vault, "one");
  spoil (f, zeros, sizeof zeros);
  append (f->vault, "two");
  key = fixture_rekey (f->vault, PASSPHRASE, NULL);
  g_assert_nonnull (key);
  g_assert_true (bed_vault_spool_merge (f->vault, collect, NULL, got, NULL, &damaged, NULL));
  g_assert_cmpuint (damaged, ==, 1);
  g_assert_cmpuint (got->len, ==, 2);
  g_assert_cmpstr (got->pdata[1], ==, "two");
}

/* A crash after the commit and before the file is gone: put the file back and merge again. */
static void
test_spool_once (Fixture *f, gconstpointer data)
{
  g_autofree char *path = g_build_filename (f->directory, "vault.spool", NULL);
  g_autoptr (GPtrArray) got = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *text = NULL;
  guint merged, damaged;

  append (f->vault, "one");
  spoil (f, "damage\n", 7);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_true (bed_db_exec (bed_vault_get_db (f->vault),
                              "CREATE TEMP TRIGGER keep BEFORE DELETE ON vault_spool_taken BEGIN "
                              "SELECT RAISE(IGNORE); END", NULL));
  g_assert_true (bed_vault_spool_merge (f->vault, collect, NULL, got, &merged, &damaged, NULL));
  g_assert_cmpuint (merged, ==, 1);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  g_assert_true (bed_vault_spool_merge (f->vault, collect, NULL, got, &merged, &damaged, NULL));
  g_assert_cmpuint (merged, ==, 0);
  g_assert_cmpuint (damaged, ==, 0);
  g_assert_cmpuint (got->len, ==, 1);
  g_assert_cmpuint (count_damaged (f), ==, 1);
}

static void
test_cost (void)
{
  BedVaultCost cost = bed_vault_cost_for_machine ();

  g_assert_cmpuint (cost.passes, >=, 1);
  g_assert_cmpuint (cost.memory_bytes, >=, 64 * 1024 * 1024);
  if ((guint64) sysconf (_SC_PHYS_PAGES) * (guint64) sysconf (_SC_PAGESIZE) >= (guint64) 1 << 30)
    g_assert_cmpuint (cost.memory_bytes, >=, 256 * 1024 * 1024);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) \
  g_test_add (path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("/vault/create-and-unlock", test_create_and_unlock);
  ADD ("/vault/create-twice", test_create_twice);
  ADD ("/vault/missing", test_missing);
  ADD ("/vault/wrong-passphrase", test_wrong_passphrase);
  ADD ("/vault/unlock/open-is-only-checked", test_check_open);
  ADD ("/vault/in-use", test_in_use);
  ADD ("/vault/recovery/round-trip", test_recovery);
  ADD ("/vault/recovery/typos", test_recovery_typos);
  ADD ("/vault/slots/change-passphrase", test_change_passphrase);
  ADD ("/vault/slots/all", test_slots);
  ADD ("/vault/damage/header-every-bit", test_header_flips);
  ADD ("/vault/damage/database", test_damaged_db);
  ADD ("/vault/damage/newer", test_newer_db);
  ADD ("/vault/roll-back", test_roll_back);
  ADD ("/vault/blobs", test_blobs);
  ADD ("/vault/texts", test_texts);
  ADD ("/vault/no-plain-text", test_no_plain_text);
  ADD ("/vault/copy", test_copy);
  ADD ("/vault/full", test_full_limit);
  ADD ("/vault/spool/merge", test_spool);
  ADD ("/vault/spool/damage", test_spool_damage);
  ADD ("/vault/spool/once", test_spool_once);
  ADD ("/vault/spool/set-aside", test_spool_set_aside);
  ADD ("/vault/spool/zeros", test_spool_zeros);
  g_test_add_func ("/vault/cost", test_cost);
  return g_test_run ();
}
