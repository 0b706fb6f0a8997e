/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-session-fixture.h"

#include <glib/gstdio.h>

/* What whoever has the laptop for an hour puts back, witness and all. */
static const char *const files[] = { "vault.keys", "vault.db", "vault.seen" };

static void
copy_files (const char *from, const char *to)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *source = g_build_filename (from, files[i], NULL);
      g_autofree char *target = g_build_filename (to, files[i], NULL);
      g_autofree char *bytes = NULL;
      g_autoptr (GError) error = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (source, &bytes, &length, &error));
      g_assert_true (g_file_set_contents_full (target, bytes, (gssize) length,
                                               G_FILE_SET_CONTENTS_NONE, 0600, &error));
    }
}

static void
remove_files (const char *folder)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_build_filename (folder, files[i], NULL);
      g_unlink (path);
    }
  g_rmdir (folder);
}

static BedVaultFreshness
freshness (Fixture *fixture)
{
  return bed_vault_get_freshness (bed_session_get_vault (fixture->session));
}

static void
unlock (Fixture *fixture)
{
  g_autoptr (GError) error = NULL;

  fixture_unlock (fixture->session, PASSWORD, &error);
  g_assert_no_error (error);
}

/* The lock, and what it tells the clinic. */
static void
lock (Fixture *fixture)
{
  bed_session_lock (fixture->session);
  g_assert_null (bed_session_get_client (fixture->session));
  g_assert_true (bed_vault_wait_for_anchors (bed_session_get_vault (fixture->session), 10000));
}

static void
test_put_back (Fixture *fixture, gconstpointer data)
{
  g_autofree char *saved = g_dir_make_tmp ("bed-saved-XXXXXX", NULL);
  g_autoptr (GError) error = NULL;

  fixture_activate (fixture);
  fixture_wait_online (fixture->session);
  {
    BedVault *vault = bed_session_get_vault (fixture->session);
    RUN (result, bed_vault_sync_anchors_async, vault, NULL);
    g_assert_true (bed_vault_sync_anchors_finish (vault, result, &error));
    g_assert_no_error (error);
  }
  lock (fixture);
  copy_files (fixture->directory, saved);
  unlock (fixture);
  fixture_wait_online (fixture->session);
  bed_test_wait (freshness (fixture) == BED_VAULT_FRESH_OK_BY_ANCHOR);
  g_assert_true (bed_session_set_setting (fixture->session, "lock-after", "9", &error));
  lock (fixture);

  /* Without a network the witness is asked alone, and it was put back, too. */
  g_clear_object (&fixture->session);
  copy_files (saved, fixture->directory);
  bed_test_clinic_kill (fixture->clinic);
  fixture->session = fixture_open_session (fixture);
  unlock (fixture);
  bed_test_wait (bed_session_get_account_state (fixture->session) == BED_ACCOUNT_STATE_OFFLINE);
  g_assert_cmpint (freshness (fixture), ==, BED_VAULT_FRESH_OK_BY_WITNESS);

  bed_test_clinic_start (fixture->clinic);
  bed_session_retry_now (fixture->session);
  fixture_wait_online (fixture->session);
  bed_test_wait (freshness (fixture) == BED_VAULT_FRESH_ROLLED_BACK);
  remove_files (saved);
}

int
main (int argc, char **argv)
{
  fixture_init (&argc, &argv);
  g_test_add ("/session/anchor/put-back", Fixture, NULL, fixture_setup, test_put_back,
              fixture_teardown_checked);
  return g_test_run ();
}
