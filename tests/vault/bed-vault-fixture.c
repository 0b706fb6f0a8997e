/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

const BedVaultCost cheap = { .memory_bytes = 8192, .passes = 1 };

void
fixture_keep_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

GAsyncResult *
fixture_wait (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

static BedSecret *
secret (const char *text)
{
  return bed_secret_new (text, strlen (text));
}

BedSecret *
fixture_try_create (BedVault *vault, const char *passphrase, GError **error)
{
  g_autoptr (BedSecret) s = secret (passphrase);
  g_autoptr (GAsyncResult) result = NULL;

  bed_vault_create_async (vault, s, NULL, fixture_keep_result, &result);
  return bed_vault_create_finish (vault, fixture_wait (&result), error);
}

gboolean
fixture_try_unlock (BedVault *vault, const char *passphrase, GError **error)
{
  g_autoptr (BedSecret) s = secret (passphrase);
  g_autoptr (GAsyncResult) result = NULL;

  bed_vault_unlock_async (vault, s, NULL, fixture_keep_result, &result);
  return bed_vault_unlock_finish (vault, fixture_wait (&result), error);
}

gboolean
fixture_try_recovery (BedVault *vault, const char *typed, GError **error)
{
  g_autoptr (BedSecret) s = secret (typed);
  g_autoptr (GAsyncResult) result = NULL;

  bed_vault_unlock_with_recovery_async (vault, s, NULL, fixture_keep_result, &result);
  return bed_vault_unlock_finish (vault, fixture_wait (&result), error);
}

void
fixture_unlock (BedVault *vault, const char *passphrase)
{
  g_autoptr (GError) error = NULL;

  fixture_try_unlock (vault, passphrase, &error);
  g_assert_no_error (error);
  g_assert_true (bed_vault_is_unlocked (vault));
}

void
fixture_change_passphrase (BedVault *vault, const char *passphrase)
{
  g_autoptr (BedSecret) s = secret (passphrase);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  bed_vault_change_passphrase_async (vault, s, NULL, fixture_keep_result, &result);
  g_assert_true (bed_vault_change_passphrase_finish (vault, fixture_wait (&result), &error));
  g_assert_no_error (error);
}

int
fixture_add_passphrase (BedVault *vault, const char *passphrase, GError **error)
{
  g_autoptr (BedSecret) s = secret (passphrase);
  g_autoptr (GAsyncResult) result = NULL;

  bed_vault_add_passphrase_async (vault, s, NULL, fixture_keep_result, &result);
  return bed_vault_add_passphrase_finish (vault, fixture_wait (&result), error);
}

char *
fixture_copy (BedVault *vault, const char *folder, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  bed_vault_copy_to_async (vault, folder, NULL, fixture_keep_result, &result);
  return bed_vault_copy_to_finish (vault, fixture_wait (&result), error);
}

BedSecret *
fixture_rekey (BedVault *vault, const char *passphrase, GError **error)
{
  g_autoptr (BedSecret) s = secret (passphrase);
  g_autoptr (GAsyncResult) result = NULL;

  bed_vault_rekey_async (vault, s, NULL, NULL, NULL, fixture_keep_result, &result);
  return bed_vault_rekey_finish (vault, fixture_wait (&result), error);
}

gboolean
fixture_set_device (BedVault *vault, const char *passphrase, gboolean on, GError **error)
{
  g_autoptr (BedSecret) s = secret (passphrase);
  g_autoptr (GAsyncResult) result = NULL;

  bed_vault_set_device_secret_async (vault, s, on, NULL, fixture_keep_result, &result);
  return bed_vault_set_device_secret_finish (vault, fixture_wait (&result), error);
}

gboolean
fixture_sync_anchors (BedVault *vault, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;

  bed_vault_sync_anchors_async (vault, NULL, fixture_keep_result, &result);
  return bed_vault_sync_anchors_finish (vault, fixture_wait (&result), error);
}

void
fixture_set_text (BedVault *vault, const char *name, const char *value)
{
  g_autoptr (BedSecret) s = secret (value);
  g_autoptr (GError) error = NULL;

  g_assert_true (bed_vault_set_blob (vault, name, s, &error));
  g_assert_no_error (error);
}

void
fixture_assert_text (BedVault *vault, const char *name, const char *value)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedSecret) s = bed_vault_get_blob (vault, name, &error);

  g_assert_no_error (error);
  g_assert_nonnull (s);
  g_assert_cmpmem (bed_secret_get_data (s), bed_secret_get_length (s), value, strlen (value));
}

guint
fixture_scan (const char *directory, const char *text)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;
  guint found = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      g_autofree char *bytes = NULL;
      gsize length;

      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        found += fixture_scan (path, text);
      else if (strstr (name, text) != NULL
               || (g_file_get_contents (path, &bytes, &length, NULL)
                   && memmem (bytes, length, text, strlen (text)) != NULL))
        found++;
    }
  return found;
}

void
fixture_remove (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        fixture_remove (path);
      else
        g_unlink (path);
    }
  g_rmdir (directory);
}

BedVault *
fixture_open (Fixture *f)
{
  return bed_vault_new (f->directory, f->clock, &cheap);
}

void
fixture_set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (BedSecret) recovery = NULL;
  g_autoptr (GError) error = NULL;

  f->directory = g_dir_make_tmp ("bed-vault-XXXXXX", NULL);
  f->clock = bed_manual_clock_new (0, G_GINT64_CONSTANT (1750000000000000));
  f->vault = fixture_open (f);
  recovery = fixture_try_create (f->vault, PASSPHRASE, &error);
  g_assert_no_error (error);
  f->recovery = g_strndup ((const char *) bed_secret_get_data (recovery),
                           bed_secret_get_length (recovery));
}

void
fixture_tear_down (Fixture *f, gconstpointer data)
{
  g_clear_object (&f->vault);
  g_clear_object (&f->clock);
  fixture_remove (f->directory);
  g_free (f->directory);
  g_free (f->recovery);
}
