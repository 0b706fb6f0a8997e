/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db.h"
#include "bed-vault-fakes.h"
#include "bed-vault-fixture.h"
#include "bed-vault-private.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static BedSecret *
secret (const char *text)
{
  return bed_secret_new (text, strlen (text));
}

static void
assert_opens (BedVault *vault, const char *passphrase)
{
  bed_vault_lock (vault);
  fixture_unlock (vault, passphrase);
}

static void
assert_refused (BedVault *vault, const char *passphrase, int code)
{
  g_autoptr (GError) error = NULL;

  bed_vault_lock (vault);
  g_assert_false (fixture_try_unlock (vault, passphrase, &error));
  g_assert_error (error, BED_VAULT_ERROR, code);
}

/* --- The secret in the keyring ---------------------------------------------------------------- */

static void
test_device (Fixture *f, gconstpointer data)
{
  g_autoptr (FakeKeyring) keyring = fake_keyring_new ();
  g_autoptr (GError) error = NULL;

  g_assert_false (fixture_set_device (f->vault, PASSPHRASE, TRUE, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_DEVICE);
  g_clear_error (&error);
  bed_vault_set_keyring (f->vault, BED_VAULT_KEYRING (keyring));
  g_assert_false (fixture_set_device (f->vault, "another", TRUE, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET);
  g_clear_error (&error);
  g_assert_true (fixture_set_device (f->vault, PASSPHRASE, TRUE, &error));
  g_assert_no_error (error);
  g_assert_true (bed_vault_needs_device (f->vault));
  assert_opens (f->vault, PASSPHRASE);
  g_assert_true (bed_vault_needs_device (f->vault));
  /* Turned on twice it is the same. */
  g_assert_true (fixture_set_device (f->vault, PASSPHRASE, TRUE, &error));
  fixture_change_passphrase (f->vault, "a new one");
  g_assert_true (bed_vault_needs_device (f->vault));
  g_assert_cmpint (fixture_add_passphrase (f->vault, "one more", &error), ==, 2);
  assert_opens (f->vault, "one more");
  assert_opens (f->vault, "a new one");
  g_assert_true (fixture_set_device (f->vault, "a new one", FALSE, &error));
  g_assert_no_error (error);
  g_assert_false (bed_vault_needs_device (f->vault));
  g_assert_cmpuint (g_hash_table_size (keyring->values), ==, 0);
  keyring->gone = TRUE;
  assert_opens (f->vault, "a new one");
}

/* The keyring is lost with the desktop's account, or not there today. */
static void
test_device_gone (Fixture *f, gconstpointer data)
{
  g_autoptr (FakeKeyring) keyring = fake_keyring_new ();
  g_autoptr (GError) error = NULL;

  bed_vault_set_keyring (f->vault, BED_VAULT_KEYRING (keyring));
  fixture_set_text (f->vault, "x", "1");
  g_assert_true (fixture_set_device (f->vault, PASSPHRASE, TRUE, &error));
  keyring->gone = TRUE;
  assert_refused (f->vault, PASSPHRASE, BED_VAULT_ERROR_DEVICE);
  g_assert_true (fixture_try_recovery (f->vault, f->recovery, &error));
  fixture_assert_text (f->vault, "x", "1");
  g_assert_true (fixture_set_device (f->vault, "a new one", FALSE, &error));
  g_assert_no_error (error);
  assert_opens (f->vault, "a new one");

  keyring->gone = FALSE;
  g_assert_true (fixture_set_device (f->vault, "a new one", TRUE, &error));
  g_hash_table_remove_all (keyring->values);
  assert_refused (f->vault, "a new one", BED_VAULT_ERROR_DEVICE);
  g_assert_true (fixture_try_recovery (f->vault, f->recovery, &error));
  /* An empty keyring gets a new secret with the next passphrase. */
  fixture_change_passphrase (f->vault, "a third one");
  g_assert_true (bed_vault_needs_device (f->vault));
  assert_opens (f->vault, "a third one");
  /* A wrong one is as bad as none, and says no more. */
  g_hash_table_replace (keyring->values, g_strdup ("device-secret"), bed_secret_new_random (32));
  assert_refused (f->vault, "a third one", BED_VAULT_ERROR_WRONG_SECRET);
}

static void
test_device_wants_recovery (Fixture *f, gconstpointer data)
{
  g_autoptr (FakeKeyring) keyring = fake_keyring_new ();
  g_autoptr (BedSecret) renewed = NULL;
  g_autoptr (GError) error = NULL;

  bed_vault_set_keyring (f->vault, BED_VAULT_KEYRING (keyring));
  g_assert_true (bed_vault_remove_slot (f->vault, 1, &error));
  g_assert_false (fixture_set_device (f->vault, PASSPHRASE, TRUE, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_NO_RECOVERY);
  g_clear_error (&error);
  g_assert_cmpuint (g_hash_table_size (keyring->values), ==, 0);
  renewed = bed_vault_renew_recovery_key (f->vault, &error);
  g_assert_true (fixture_set_device (f->vault, PASSPHRASE, TRUE, &error));
  g_assert_false (bed_vault_remove_slot (f->vault, 1, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_NO_RECOVERY);
}

/* --- A security key --------------------------------------------------------------------------- */

static gboolean
unlock_with_token (BedVault *vault, FakeToken *token, const char *pin, GError **error)
{
  g_autoptr (BedSecret) s = pin != NULL ? secret (pin) : NULL;
  g_autoptr (GAsyncResult) result = NULL;

  bed_vault_lock (vault);
  bed_vault_unlock_with_token_async (vault, BED_VAULT_TOKEN (token), s, NULL, fixture_keep_result,
                                     &result);
  return bed_vault_unlock_finish (vault, fixture_wait (&result), error);
}

static int
add_token (BedVault *vault, FakeToken *token, const char *pin, GError **error)
{
  g_autoptr (BedSecret) s = secret (pin);
  g_autoptr (GAsyncResult) result = NULL;

  bed_vault_add_token_async (vault, BED_VAULT_TOKEN (token), s, NULL, fixture_keep_result, &result);
  return bed_vault_add_token_finish (vault, fixture_wait (&result), error);
}

static void
test_token (Fixture *f, gconstpointer data)
{
  g_autoptr (FakeToken) token = fake_token_new ("1234");
  g_autoptr (FakeToken) other = fake_token_new ("9999");
  g_autoptr (GError) error = NULL;

  fixture_set_text (f->vault, "x", "1");
  g_assert_false (bed_vault_has_token (f->vault));
  g_assert_cmpint (add_token (f->vault, token, "0000", &error), ==, -1);
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_TOKEN_PIN);
  g_clear_error (&error);
  g_assert_cmpint (add_token (f->vault, token, "1234", &error), ==, 2);
  g_assert_cmpuint (token->touches, ==, 2);
  g_assert_true (unlock_with_token (f->vault, token, "1234", &error));
  g_assert_no_error (error);
  g_assert_cmpuint (bed_vault_get_open_slot (f->vault), ==, 2);
  g_assert_cmpint (bed_vault_get_slot_kind (f->vault, 2), ==, BED_VAULT_SLOT_TOKEN);
  fixture_assert_text (f->vault, "x", "1");
  g_assert_false (unlock_with_token (f->vault, token, NULL, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_TOKEN_PIN);
  g_clear_error (&error);
  g_assert_false (unlock_with_token (f->vault, other, "9999", &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_TOKEN_MISSING);
  g_clear_error (&error);
  fixture_unlock (f->vault, PASSPHRASE);
  g_assert_cmpint (add_token (f->vault, other, "9999", &error), ==, 3);
  g_assert_true (unlock_with_token (f->vault, other, "9999", &error));
  g_assert_true (bed_vault_remove_slot (f->vault, 2, &error));
  g_assert_false (unlock_with_token (f->vault, token, "1234", &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_TOKEN_MISSING);
}

/* --- Stronger slots --------------------------------------------------------------------------- */

static void
test_strengthened (Fixture *f, gconstpointer data)
{
  static const BedVaultCost dearer = { .memory_bytes = 65536, .passes = 2 };
  g_autoptr (BedVault) stronger = NULL;
  g_autoptr (BedVault) weaker = NULL;

  g_assert_cmpuint (bed_vault_get_slot_cost (f->vault, 0).memory_bytes, ==, 8192);
  bed_vault_lock (f->vault);
  stronger = bed_vault_new (f->directory, f->clock, &dearer);
  fixture_unlock (stronger, PASSPHRASE);
  g_assert_cmpuint (bed_vault_get_slot_cost (stronger, 0).memory_bytes, ==, 65536);
  g_assert_cmpuint (bed_vault_get_slot_cost (stronger, 0).passes, ==, 2);
  bed_vault_lock (stronger);
  /* And never weaker again. */
  weaker = fixture_open (f);
  fixture_unlock (weaker, PASSPHRASE);
  g_assert_cmpuint (bed_vault_get_slot_cost (weaker, 0).memory_bytes, ==, 65536);
}

/* --- A new key -------------------------------------------------------------------------------- */

typedef struct
{
  double last;
  guint calls;
  GCancellable *cancellable; /* nullable */
} Progress;

static void
on_progress (double fraction, gpointer user_data)
{
  Progress *progress = user_data;

  g_assert_cmpfloat (fraction, >=, progress->last);
  g_assert_cmpfloat (fraction, <=, 1);
  progress->last = fraction;
  progress->calls++;
  if (progress->cancellable != NULL && fraction > 0.3)
    g_cancellable_cancel (progress->cancellable);
}

static BedSecret *
rekey (BedVault *vault, Progress *progress, GError **error)
{
  g_autoptr (BedSecret) s = secret (PASSPHRASE);
  g_autoptr (GAsyncResult) result = NULL;

  bed_vault_rekey_async (vault, s, on_progress, progress, progress->cancellable,
                         fixture_keep_result, &result);
  return bed_vault_rekey_finish (vault, fixture_wait (&result), error);
}

static void
fill (BedVault *vault)
{
  g_autoptr (BedSecret) large = bed_secret_new_random (512 * 1024);

  for (guint i = 0; i < 8; i++)
    {
      g_autofree char *name = g_strdup_printf ("large/%u", i);
      g_assert_true (bed_vault_set_blob (vault, name, large, NULL));
    }
}

static guint
count_files (const char *directory)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
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
test_rekey (Fixture *f, gconstpointer data)
{
  g_autofree char *keys = g_build_filename (f->directory, "vault.keys", NULL);
  g_autofree char *old_keys = g_build_filename (f->directory, "old.keys", NULL);
  g_autofree char *typed = NULL;
  g_autoptr (BedSecret) recovery = NULL;
  g_autoptr (FakeToken) token = fake_token_new ("1234");
  g_autoptr (GError) error = NULL;
  Progress progress = { 0 };

  fill (f->vault);
  fixture_set_text (f->vault, "x", MARKER);
  g_assert_cmpint (add_token (f->vault, token, "1234", &error), ==, 2);
  copy_file (keys, old_keys);
  recovery = rekey (f->vault, &progress, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (progress.calls, >=, 3);
  g_assert_true (bed_vault_is_unlocked (f->vault));
  g_assert_cmpint (bed_vault_get_freshness (f->vault), ==, BED_VAULT_FRESH_UNKNOWN);
  g_assert_cmpuint (f->vault->slots.key_number, ==, 1);
  fixture_assert_text (f->vault, "x", MARKER);
  fixture_set_text (f->vault, "y", "2");
  g_assert_cmpuint (fixture_scan (f->directory, MARKER), ==, 0);
  assert_opens (f->vault, PASSPHRASE);
  g_assert_cmpint (bed_vault_get_freshness (f->vault), ==, BED_VAULT_FRESH_OK_BY_WITNESS);
  fixture_assert_text (f->vault, "y", "2");
  g_assert_false (unlock_with_token (f->vault, token, "1234", &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_NO_SLOT);
  g_clear_error (&error);
  g_assert_false (fixture_try_recovery (f->vault, f->recovery, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET);
  g_clear_error (&error);
  typed = g_strndup ((const char *) bed_secret_get_data (recovery),
                     bed_secret_get_length (recovery));
  g_assert_true (fixture_try_recovery (f->vault, typed, &error));
  bed_vault_lock (f->vault);
  g_unlink (old_keys);
  /* keys, db, seen, lock, spool: nothing else stays. */
  g_assert_cmpuint (count_files (f->directory), ==, 5);
}

/* The old header, put back, opens with the old passphrase and finds no database of its key. */
static void
test_rekey_old_header (Fixture *f, gconstpointer data)
{
  g_autofree char *keys = g_build_filename (f->directory, "vault.keys", NULL);
  g_autofree char *old_keys = g_build_filename (f->directory, "old.keys", NULL);
  g_autofree char *new_keys = g_build_filename (f->directory, "new.keys", NULL);
  g_autoptr (BedSecret) recovery = NULL;
  g_autoptr (GError) error = NULL;

  copy_file (keys, old_keys);
  recovery = fixture_rekey (f->vault, PASSPHRASE, &error);
  g_assert_no_error (error);
  fixture_set_text (f->vault, "x", "1");
  bed_vault_lock (f->vault);
  copy_file (keys, new_keys);
  copy_file (old_keys, keys);
  g_assert_false (fixture_try_unlock (f->vault, PASSPHRASE, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_DAMAGED);
  copy_file (new_keys, keys);
  fixture_unlock (f->vault, PASSPHRASE);
  fixture_assert_text (f->vault, "x", "1");
}

static void
test_rekey_wrong (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture_set_text (f->vault, "x", "1");
  g_assert_null (fixture_rekey (f->vault, "another", &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET);
  g_assert_true (bed_vault_is_unlocked (f->vault));
  fixture_assert_text (f->vault, "x", "1");
  bed_vault_lock (f->vault);
  g_clear_error (&error);
  g_assert_null (fixture_rekey (f->vault, PASSPHRASE, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_LOCKED);
}

static void
test_rekey_cancelled (Fixture *f, gconstpointer data)
{
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  Progress progress = { .cancellable = cancellable };

  fill (f->vault);
  fixture_set_text (f->vault, "x", "1");
  g_assert_null (rekey (f->vault, &progress, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_true (bed_vault_is_unlocked (f->vault));
  g_assert_cmpuint (f->vault->slots.key_number, ==, 0);
  g_assert_cmpint (bed_vault_get_freshness (f->vault), ==, BED_VAULT_FRESH_OK_BY_WITNESS);
  fixture_assert_text (f->vault, "x", "1");
  bed_vault_lock (f->vault);
  g_assert_cmpuint (count_files (f->directory), ==, 4);
  g_assert_true (fixture_try_recovery (f->vault, f->recovery, &error));
}

static void
on_unlocked (BedVault *vault, GParamSpec *pspec, gpointer user_data)
{
  if (!bed_vault_is_unlocked (vault))
    bed_vault_lock (vault);
}

/* A lock that comes meanwhile is kept. */
static void
test_rekey_lock (Fixture *f, gconstpointer data)
{
  g_autoptr (BedSecret) recovery = NULL;
  g_autoptr (GError) error = NULL;
  gulong handler;

  fixture_set_text (f->vault, "x", "1");
  handler = g_signal_connect (f->vault, "notify::unlocked", G_CALLBACK (on_unlocked), NULL);
  recovery = fixture_rekey (f->vault, PASSPHRASE, &error);
  g_assert_no_error (error);
  g_assert_false (bed_vault_is_unlocked (f->vault));
  g_signal_handler_disconnect (f->vault, handler);
  fixture_unlock (f->vault, PASSPHRASE);
  fixture_assert_text (f->vault, "x", "1");
}

static gboolean
collect (GBytes *record, gpointer user_data, GError **error)
{
  g_ptr_array_add (user_data, g_strndup (g_bytes_get_data (record, NULL),
                                         g_bytes_get_size (record)));
  return TRUE;
}

static void
append (BedVault *vault, const char *text)
{
  g_autoptr (GBytes) record = g_bytes_new (text, strlen (text));

  g_assert_true (bed_vault_spool_append (vault, record, NULL));
}

static void
test_rekey_spool (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) got = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (BedSecret) recovery = NULL;
  g_autoptr (GError) error = NULL;
  guint merged, damaged;

  append (f->vault, "one");
  recovery = fixture_rekey (f->vault, PASSPHRASE, &error);
  g_assert_no_error (error);
  append (f->vault, "two");
  g_assert_true (bed_vault_spool_merge (f->vault, collect, NULL, got, &merged, &damaged, &error));
  g_assert_cmpuint (merged, ==, 2);
  g_assert_cmpuint (damaged, ==, 0);
  g_assert_cmpstr (got->pdata[0], ==, "one");
  g_assert_cmpstr (got->pdata[1], ==, "two");
}

/* What the passphrase needs of the keyring stays as it is. */
static void
test_rekey_device (Fixture *f, gconstpointer data)
{
  g_autoptr (FakeKeyring) keyring = fake_keyring_new ();
  g_autoptr (BedSecret) recovery = NULL;
  g_autoptr (GError) error = NULL;

  bed_vault_set_keyring (f->vault, BED_VAULT_KEYRING (keyring));
  g_assert_true (fixture_set_device (f->vault, PASSPHRASE, TRUE, &error));
  recovery = fixture_rekey (f->vault, PASSPHRASE, &error);
  g_assert_no_error (error);
  g_assert_true (bed_vault_needs_device (f->vault));
  assert_opens (f->vault, PASSPHRASE);
  keyring->gone = TRUE;
  g_assert_null (fixture_rekey (f->vault, PASSPHRASE, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_DEVICE);
  g_assert_true (bed_vault_is_unlocked (f->vault));
}

/* A process that ends by a signal of the dumping kind leaves nothing. */
static void
test_no_core (void)
{
  struct rlimit limit;
  int status;
  pid_t child = fork ();

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      bed_vault_forbid_core_dumps ();
      if (getrlimit (RLIMIT_CORE, &limit) != 0 || limit.rlim_max != 1)
        _exit (1);
      signal (SIGABRT, SIG_DFL);
      kill (getpid (), SIGABRT);
    }
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGABRT);
  g_assert_false (WCOREDUMP (status));
}

/* Keys lie in memory that is locked and left out of dumps: as the kernel says. */
static void
test_locked_memory (Fixture *f, gconstpointer data)
{
  g_autoptr (BedSecret) key = bed_secret_new_random (32);
  g_autofree char *maps = NULL;
  g_auto (GStrv) lines = NULL;
  gulong where = (gulong) bed_secret_get_data (key);
  gboolean inside = FALSE, found = FALSE;

  g_assert_true (g_file_get_contents ("/proc/self/smaps", &maps, NULL, NULL));
  lines = g_strsplit (maps, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      gulong from, to;

      if (sscanf (lines[i], "%lx-%lx ", &from, &to) == 2)
        inside = where >= from && where < to;
      if (!inside || !g_str_has_prefix (lines[i], "VmFlags:"))
        continue;
#ifndef __SANITIZE_ADDRESS__ /* which makes mlock() do nothing */
      g_assert_nonnull (strstr (lines[i], " lo")); /* locked */
#endif
      g_assert_nonnull (strstr (lines[i], " dd")); /* do not dump */
      found = TRUE;
    }
  g_assert_true (found);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) \
  g_test_add (path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("/vault/device/on-and-off", test_device);
  ADD ("/vault/device/gone", test_device_gone);
  ADD ("/vault/device/wants-recovery", test_device_wants_recovery);
  ADD ("/vault/token", test_token);
  ADD ("/vault/slots/strengthened", test_strengthened);
  ADD ("/vault/rekey/all", test_rekey);
  ADD ("/vault/rekey/old-header", test_rekey_old_header);
  ADD ("/vault/rekey/wrong", test_rekey_wrong);
  ADD ("/vault/rekey/cancelled", test_rekey_cancelled);
  ADD ("/vault/rekey/lock-meanwhile", test_rekey_lock);
  ADD ("/vault/rekey/spool", test_rekey_spool);
  ADD ("/vault/rekey/device", test_rekey_device);
  ADD ("/vault/memory/locked", test_locked_memory);
  g_test_add_func ("/vault/memory/no-core-dump", test_no_core);
  return g_test_run ();
}
