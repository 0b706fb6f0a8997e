/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db.h"
#include "bed-vault-fakes.h"
#include "bed-vault-fixture.h"

#include <glib/gstdio.h>
#include <string.h>

/* A whole directory put back as it was, witness and all. */
static const char *const files[] = { "vault.keys", "vault.db", "vault.seen" };

static void
copy_files (const char *from, const char *to)
{
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *a = g_build_filename (from, files[i], NULL);
      g_autofree char *b = g_build_filename (to, files[i], NULL);
      g_autofree char *bytes = NULL;
      gsize length;

      if (g_file_get_contents (a, &bytes, &length, NULL))
        g_assert_true (g_file_set_contents (b, bytes, (gssize) length, NULL));
      else
        g_unlink (b);
    }
}

static void
roll_back_to (Fixture *f, const char *saved)
{
  bed_vault_lock (f->vault);
  copy_files (saved, f->directory);
}

static void
wait_for (BedVault *vault, BedVaultFreshness wanted)
{
  gint64 until = g_get_monotonic_time () + 5 * G_USEC_PER_SEC;

  while (bed_vault_get_freshness (vault) != wanted && g_get_monotonic_time () < until)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (1000);
    }
  g_assert_cmpint (bed_vault_get_freshness (vault), ==, wanted);
}

static void
sync_anchors (BedVault *vault)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (fixture_sync_anchors (vault, &error));
  g_assert_no_error (error);
}

/* The test's whole: without an anchor nobody notices, with one it is found. */
static void
test_whole_directory (Fixture *f, gconstpointer data)
{
  g_autofree char *saved = g_dir_make_tmp ("bed-saved-XXXXXX", NULL);
  g_autoptr (FakeAnchor) anchor = fake_anchor_new ();
  g_autoptr (GBytes) kept = NULL;

  fixture_set_text (f->vault, "a", "1");
  bed_vault_lock (f->vault);
  copy_files (f->directory, saved);
  fixture_unlock (f->vault, PASSPHRASE);
  fixture_set_text (f->vault, "a", "2");
  roll_back_to (f, saved);
  fixture_unlock (f->vault, PASSPHRASE);
  g_assert_cmpint (bed_vault_get_freshness (f->vault), ==, BED_VAULT_FRESH_OK_BY_WITNESS);

  bed_vault_add_anchor (f->vault, BED_VAULT_ANCHOR (anchor));
  fixture_set_text (f->vault, "a", "3");
  sync_anchors (f->vault);
  g_assert_cmpuint (anchor->puts, ==, 1);
  bed_vault_lock (f->vault);
  g_assert_cmpuint (anchor->puts, ==, 1); /* nothing new to tell */
  fixture_unlock (f->vault, PASSPHRASE);
  wait_for (f->vault, BED_VAULT_FRESH_OK_BY_ANCHOR);
  fixture_set_text (f->vault, "a", "4");
  bed_vault_lock (f->vault);
  g_assert_cmpuint (anchor->puts, ==, 2);

  kept = g_bytes_ref (anchor->value);
  roll_back_to (f, saved);
  fixture_unlock (f->vault, PASSPHRASE);
  wait_for (f->vault, BED_VAULT_FRESH_ROLLED_BACK);
  /* It is not told of the wrong state, not even by new commits. */
  fixture_set_text (f->vault, "a", "5");
  sync_anchors (f->vault);
  bed_vault_lock (f->vault);
  g_assert_true (g_bytes_equal (kept, anchor->value));
  fixture_unlock (f->vault, PASSPHRASE);
  wait_for (f->vault, BED_VAULT_FRESH_ROLLED_BACK);
  bed_vault_accept_state (f->vault);
  sync_anchors (f->vault);
  g_assert_false (g_bytes_equal (kept, anchor->value));
  bed_vault_lock (f->vault);
  fixture_unlock (f->vault, PASSPHRASE);
  wait_for (f->vault, BED_VAULT_FRESH_OK_BY_ANCHOR);
  fixture_remove (saved);
}

/* Who could not be asked may know better, and is not told over it at the lock. */
static void
test_unasked (Fixture *f, gconstpointer data)
{
  g_autofree char *saved = g_dir_make_tmp ("bed-saved-XXXXXX", NULL);
  g_autoptr (FakeAnchor) anchor = fake_anchor_new ();
  g_autoptr (GBytes) kept = NULL;

  bed_vault_add_anchor (f->vault, BED_VAULT_ANCHOR (anchor));
  bed_vault_lock (f->vault);
  copy_files (f->directory, saved);
  fixture_unlock (f->vault, PASSPHRASE);
  fixture_set_text (f->vault, "a", "1");
  fixture_set_text (f->vault, "a", "2");
  sync_anchors (f->vault);
  kept = g_bytes_ref (anchor->value);
  roll_back_to (f, saved);
  anchor->gone = TRUE;
  fixture_unlock (f->vault, PASSPHRASE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpint (bed_vault_get_freshness (f->vault), ==, BED_VAULT_FRESH_OK_BY_WITNESS);
  fixture_set_text (f->vault, "b", "1");
  anchor->gone = FALSE;
  bed_vault_lock (f->vault);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_true (g_bytes_equal (kept, anchor->value));
  fixture_unlock (f->vault, PASSPHRASE);
  wait_for (f->vault, BED_VAULT_FRESH_ROLLED_BACK);
  fixture_remove (saved);
}

/* What the lock tells is waited for, but not for ever. */
static void
test_lock_waits (Fixture *f, gconstpointer data)
{
  g_autoptr (FakeAnchor) anchor = fake_anchor_new ();
  g_autoptr (GBytes) before = NULL;
  gint64 start_us;

  bed_vault_add_anchor (f->vault, BED_VAULT_ANCHOR (anchor));
  sync_anchors (f->vault);
  before = g_bytes_ref (anchor->value);
  g_assert_true (bed_vault_wait_for_anchors (f->vault, 10000)); /* nothing is under way */
  fixture_set_text (f->vault, "a", "1");
  anchor->delay_ms = 50;
  bed_vault_lock (f->vault);
  g_assert_true (g_bytes_equal (before, anchor->value));
  g_assert_true (bed_vault_wait_for_anchors (f->vault, 10000));
  g_assert_false (g_bytes_equal (before, anchor->value));
  fixture_unlock (f->vault, PASSPHRASE);
  wait_for (f->vault, BED_VAULT_FRESH_OK_BY_ANCHOR);
  fixture_set_text (f->vault, "a", "2");
  anchor->delay_ms = 600;
  bed_vault_lock (f->vault);
  start_us = g_get_monotonic_time ();
  g_assert_false (bed_vault_wait_for_anchors (f->vault, 100));
  g_assert_cmpint (g_get_monotonic_time () - start_us, >=, 90 * 1000);
  g_clear_object (&f->vault); /* its answer comes later, to nobody */
  while (G_OBJECT (anchor)->ref_count > 1)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_strange (Fixture *f, gconstpointer data)
{
  g_autoptr (FakeAnchor) anchor = fake_anchor_new ();
  g_autoptr (GError) error = NULL;
  g_autofree guint8 *bytes = NULL;
  gsize length;

  anchor->gone = TRUE;
  bed_vault_add_anchor (f->vault, BED_VAULT_ANCHOR (anchor));
  g_assert_false (fixture_sync_anchors (f->vault, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_ANCHOR);
  g_assert_cmpint (bed_vault_get_freshness (f->vault), ==, BED_VAULT_FRESH_UNKNOWN);
  anchor->gone = FALSE;
  sync_anchors (f->vault);
  bytes = g_memdup2 (g_bytes_get_data (anchor->value, &length), g_bytes_get_size (anchor->value));
  g_bytes_get_data (anchor->value, &length);
  /* Every bit: never "fine", never a crash. A later key's number is an alarm, anything else says
   * nothing. */
  for (gsize i = 0; i < length * 8; i++)
    {
      BedVaultFreshness found;

      bytes[i / 8] ^= (guint8) (1 << (i % 8));
      g_bytes_unref (anchor->value);
      anchor->value = g_bytes_new (bytes, length);
      bytes[i / 8] ^= (guint8) (1 << (i % 8));
      bed_vault_lock (f->vault);
      fixture_unlock (f->vault, PASSPHRASE);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      found = bed_vault_get_freshness (f->vault);
      g_assert_cmpint (found, ==, i / 8 >= 1 && i / 8 <= 4 ? BED_VAULT_FRESH_ROLLED_BACK
                                                           : BED_VAULT_FRESH_OK_BY_WITNESS);
    }
}

/* --- With an audit trail ---------------------------------------------------------------------- */

typedef struct
{
  guint64 length;
  guint8 salt; /* another history */
} Trail;

static gboolean
trail_get (gpointer data, guint64 sequence, guint8 hash[BED_VAULT_HEAD_HASH])
{
  Trail *trail = data;

  if (sequence < 1 || sequence > trail->length)
    return FALSE;
  memset (hash, trail->salt, BED_VAULT_HEAD_HASH);
  hash[0] = (guint8) sequence;
  return TRUE;
}

static gboolean
trail_get_last (gpointer data, guint64 *sequence, guint8 hash[BED_VAULT_HEAD_HASH])
{
  *sequence = ((Trail *) data)->length;
  return trail_get (data, *sequence, hash);
}

static const BedVaultTrail lookup = { trail_get_last, trail_get };

static BedVaultFreshness
reopen_with (Fixture *f, Trail *trail)
{
  bed_vault_lock (f->vault);
  fixture_unlock (f->vault, PASSPHRASE);
  bed_vault_set_trail (f->vault, &lookup, trail);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  return bed_vault_get_freshness (f->vault);
}

static void
test_trail (Fixture *f, gconstpointer data)
{
  g_autoptr (FakeAnchor) anchor = fake_anchor_new ();
  Trail trail = { .length = 10, .salt = 1 };
  Trail longer = { .length = 12, .salt = 1 };
  Trail cut = { .length = 9, .salt = 1 };
  Trail other = { .length = 12, .salt = 2 };

  bed_vault_add_anchor (f->vault, BED_VAULT_ANCHOR (anchor));
  bed_vault_set_trail (f->vault, &lookup, &trail);
  sync_anchors (f->vault);
  g_assert_cmpint (reopen_with (f, &trail), ==, BED_VAULT_FRESH_OK_BY_ANCHOR);
  g_assert_cmpint (reopen_with (f, &cut), ==, BED_VAULT_FRESH_ROLLED_BACK);
  g_assert_cmpint (reopen_with (f, &other), ==, BED_VAULT_FRESH_ROLLED_BACK);
  g_assert_cmpint (reopen_with (f, &longer), ==, BED_VAULT_FRESH_OK_BY_ANCHOR);
  /* Without a record open, what is known of the trail is kept. */
  bed_vault_lock (f->vault);
  fixture_unlock (f->vault, PASSPHRASE);
  wait_for (f->vault, BED_VAULT_FRESH_OK_BY_ANCHOR);
  fixture_set_text (f->vault, "a", "1");
  sync_anchors (f->vault);
  g_assert_cmpint (reopen_with (f, &cut), ==, BED_VAULT_FRESH_ROLLED_BACK);
  bed_vault_lock (f->vault); /* while the trails are there */
}

/* --- On paper --------------------------------------------------------------------------------- */

static void
test_paper (Fixture *f, gconstpointer data)
{
  static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  g_autofree char *saved = g_dir_make_tmp ("bed-saved-XXXXXX", NULL);
  g_autofree char *code = NULL;
  g_autofree char *spaced = NULL;
  g_autoptr (GError) error = NULL;
  Trail trail = { .length = 10, .salt = 1 };
  Trail other = { .length = 11, .salt = 2 };

  fixture_set_text (f->vault, "a", "1");
  bed_vault_lock (f->vault);
  copy_files (f->directory, saved);
  fixture_unlock (f->vault, PASSPHRASE);
  fixture_set_text (f->vault, "a", "2");
  bed_vault_set_trail (f->vault, &lookup, &trail);
  code = bed_vault_dup_head_code (f->vault, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (code), ==, 39);
  fixture_set_text (f->vault, "a", "3");
  spaced = g_ascii_strdown (code, -1);
  g_strdelimit (spaced, "-", ' ');
  g_assert_cmpint (bed_vault_check_head_code (f->vault, spaced, &error), ==,
                   BED_VAULT_FRESH_OK_BY_ANCHOR);
  /* One wrong letter, in every place: never fine, never an alarm. */
  for (gsize i = 0; code[i] != '\0'; i++)
    for (const char *s = symbols; code[i] != '-' && *s != '\0'; s++)
      {
        g_autofree char *typo = g_strdup (code);
        g_autoptr (GError) refused = NULL;

        typo[i] = *s;
        if (*s == code[i])
          continue;
        g_assert_cmpint (bed_vault_check_head_code (f->vault, typo, &refused), ==,
                         BED_VAULT_FRESH_UNKNOWN);
        g_assert_error (refused, BED_VAULT_ERROR, BED_VAULT_ERROR_TYPO);
      }
  g_assert_cmpint (reopen_with (f, &other), ==, BED_VAULT_FRESH_OK_BY_WITNESS);
  g_assert_cmpint (bed_vault_check_head_code (f->vault, code, &error), ==,
                   BED_VAULT_FRESH_ROLLED_BACK);
  roll_back_to (f, saved);
  fixture_unlock (f->vault, PASSPHRASE);
  g_assert_cmpint (bed_vault_get_freshness (f->vault), ==, BED_VAULT_FRESH_OK_BY_WITNESS);
  g_assert_cmpint (bed_vault_check_head_code (f->vault, code, &error), ==,
                   BED_VAULT_FRESH_ROLLED_BACK);
  g_assert_no_error (error);
  bed_vault_lock (f->vault);
  g_assert_null (bed_vault_dup_head_code (f->vault, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_LOCKED);
  fixture_remove (saved);
}

/* A new key leaves the anchors behind, until they are told; the old directory put back is found. */
static void
test_new_key (Fixture *f, gconstpointer data)
{
  g_autofree char *saved = g_dir_make_tmp ("bed-saved-XXXXXX", NULL);
  g_autoptr (FakeAnchor) anchor = fake_anchor_new ();
  g_autoptr (BedSecret) recovery = NULL;
  g_autoptr (GError) error = NULL;

  bed_vault_add_anchor (f->vault, BED_VAULT_ANCHOR (anchor));
  sync_anchors (f->vault);
  bed_vault_lock (f->vault);
  copy_files (f->directory, saved);
  fixture_unlock (f->vault, PASSPHRASE);
  recovery = fixture_rekey (f->vault, PASSPHRASE, &error);
  g_assert_no_error (error);
  sync_anchors (f->vault);
  bed_vault_lock (f->vault);
  fixture_unlock (f->vault, PASSPHRASE);
  wait_for (f->vault, BED_VAULT_FRESH_OK_BY_ANCHOR);
  roll_back_to (f, saved);
  fixture_unlock (f->vault, PASSPHRASE);
  wait_for (f->vault, BED_VAULT_FRESH_ROLLED_BACK);
  fixture_remove (saved);
}

static void
test_keyring_anchor (Fixture *f, gconstpointer data)
{
  g_autoptr (FakeKeyring) keyring = fake_keyring_new ();
  g_autoptr (BedVaultAnchor) anchor = bed_vault_keyring_anchor_new (BED_VAULT_KEYRING (keyring));
  g_autoptr (GError) error = NULL;

  bed_vault_add_anchor (f->vault, anchor);
  sync_anchors (f->vault);
  bed_vault_lock (f->vault);
  fixture_unlock (f->vault, PASSPHRASE);
  wait_for (f->vault, BED_VAULT_FRESH_OK_BY_ANCHOR);
  keyring->gone = TRUE;
  g_assert_false (fixture_sync_anchors (f->vault, &error));
  g_assert_error (error, BED_VAULT_ERROR, BED_VAULT_ERROR_DEVICE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, function) \
  g_test_add (path, Fixture, NULL, fixture_set_up, function, fixture_tear_down)
  ADD ("/vault/anchors/whole-directory", test_whole_directory);
  ADD ("/vault/anchors/unasked", test_unasked);
  ADD ("/vault/anchors/lock-waits", test_lock_waits);
  ADD ("/vault/anchors/strange", test_strange);
  ADD ("/vault/anchors/trail", test_trail);
  ADD ("/vault/anchors/paper", test_paper);
  ADD ("/vault/anchors/new-key", test_new_key);
  ADD ("/vault/anchors/keyring", test_keyring_anchor);
  return g_test_run ();
}
