/* SPDX-License-Identifier: GPL-3.0-or-later */
/* faults [COUNT]: every call on a file that an act makes fails once, in each of several ways: no
 * room, an error of the disk, a write cut short. The act says so with an error of its own, or does
 * not need the call; what was there before is there afterwards. */
#include "bed-soak.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "bed-db.h"
#include "io-hooks.h"

#define BEFORE 7 /* the number that is there */

/* TRUE: the act says that it was done. */
typedef struct
{
  const char *name;
  gboolean unlocked; /* at its beginning */
  gboolean (*run) (BedVault *vault, GError **error);
  guint32 after; /* the number that has to be there when it was done */
} Act;

static int fault;       /* what `before` says at the call */
static gint calls;      /* since the act began */
static gint fail_call;  /* the number of the call that fails; 0: none */
static gboolean keeps;  /* the calls after it fail too, as on a disk that stays full */
static gboolean hit;
static const char *trying;

static int
on_call (const SoakCall *call)
{
  gint number = g_atomic_int_add (&calls, 1) + 1;
  gboolean writes = call->kind != SOAK_READ && call->kind != SOAK_UNLINK;

  if (fail_call == 0 || number < fail_call || (number > fail_call && !keeps))
    return 0;
  /* Neither reading nor removing needs room. */
  if ((fault == ENOSPC || fault == -1) && !writes)
    return 0;
  hit = TRUE;
  return number == fail_call ? fault : ENOSPC;
}

static const SoakHooks hooks = { on_call, NULL };

static gboolean
act_set (BedVault *vault, GError **error)
{
  g_autoptr (BedSecret) value = bed_secret_new ("8", 1);

  return bed_vault_set_blob (vault, "number", value, error);
}

static gboolean
act_unlock (BedVault *vault, GError **error)
{
  return fixture_try_unlock (vault, PASSPHRASE, error);
}

static gboolean
act_change (BedVault *vault, GError **error)
{
  g_autoptr (BedSecret) value = bed_secret_new (PASSPHRASE, strlen (PASSPHRASE));
  g_autoptr (GAsyncResult) result = NULL;

  bed_vault_change_passphrase_async (vault, value, NULL, fixture_keep_result, &result);
  return bed_vault_change_passphrase_finish (vault, fixture_wait (&result), error);
}

static gboolean
act_renew (BedVault *vault, GError **error)
{
  g_autoptr (BedSecret) key = bed_vault_renew_recovery_key (vault, error);

  return key != NULL;
}

static gboolean
act_rekey (BedVault *vault, GError **error)
{
  g_autoptr (BedSecret) key = fixture_rekey (vault, PASSPHRASE, error);

  return key != NULL;
}

static gboolean
act_spool (BedVault *vault, GError **error)
{
  g_autoptr (GBytes) record = g_bytes_new ("two", 3);

  return bed_vault_spool_append (vault, record, error);
}

static gboolean
ignore (GBytes *record, gpointer user_data, GError **error)
{
  return TRUE;
}

static gboolean
act_merge (BedVault *vault, GError **error)
{
  return bed_vault_spool_merge (vault, ignore, NULL, NULL, NULL, error);
}

static gboolean
act_checkpoint (BedVault *vault, GError **error)
{
  return bed_db_checkpoint (bed_vault_get_db (vault), error);
}

static gboolean
act_copy (BedVault *vault, GError **error)
{
  g_autofree char *made = fixture_copy (vault, bed_vault_get_directory (vault), error);

  return made != NULL;
}

static const Act acts[] = {
  { "set", TRUE, act_set, BEFORE + 1 },
  { "unlock", FALSE, act_unlock, BEFORE },
  { "change-passphrase", TRUE, act_change, BEFORE },
  { "renew-recovery-key", TRUE, act_renew, BEFORE },
  { "new-key", TRUE, act_rekey, BEFORE },
  { "spool", FALSE, act_spool, BEFORE },
  { "merge", TRUE, act_merge, BEFORE },
  { "checkpoint", TRUE, act_checkpoint, BEFORE },
  { "copy", TRUE, act_copy, BEFORE },
};

static void
make (const char *dir)
{
  g_autoptr (GBytes) record = g_bytes_new ("one", 3);
  g_autoptr (BedVault) vault = NULL;

  g_assert_cmpint (g_mkdir (dir, 0700), ==, 0);
  soak_make_vault (dir, NULL);
  vault = soak_open_vault (dir);
  soak_set_number (vault, "number", BEFORE);
  fixture_set_text (vault, "text", MARKER);
  g_assert_true (bed_vault_spool_append (vault, record, NULL));
}

static void
copy_folder (const char *from, const char *to)
{
  g_autoptr (GDir) dir = g_dir_open (from, 0, NULL);
  const char *name;

  g_assert_cmpint (g_mkdir (to, 0700), ==, 0);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *a = g_build_filename (from, name, NULL);
      g_autofree char *b = g_build_filename (to, name, NULL);
      g_autofree char *bytes = NULL;
      gsize length;

      g_assert_true (g_file_get_contents (a, &bytes, &length, NULL));
      g_assert_true (g_file_set_contents_full (b, bytes, (gssize) length, G_FILE_SET_CONTENTS_NONE,
                                               0600, NULL));
    }
}

/* In the product's words, and never "wrong passphrase". */
static void
assert_clear (const Act *act, const GError *error)
{
  g_assert_nonnull (error);
  g_assert_true (error->domain == BED_VAULT_ERROR || error->domain == BED_DB_ERROR);
  g_assert_false (g_error_matches (error, BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET));
  g_assert_false (g_error_matches (error, BED_VAULT_ERROR, BED_VAULT_ERROR_NEWER));
  g_assert_cmpuint (strlen (error->message), >, 8);
}

/* Which of them it was, when an assertion fails. */
static void
on_abort (int number)
{
  g_printerr ("faults: act %s, fault %d%s at call %d\n", trying, fault, keeps ? " and on" : "",
              fail_call);
}

/* Returns: the calls that the act made. */
static guint
try (const Act *act, const char *from, const char *dir)
{
  g_autoptr (BedClock) clock = bed_manual_clock_new (0, G_GINT64_CONSTANT (1750000000000000));
  g_autoptr (BedVault) vault = NULL;
  g_autoptr (GError) error = NULL;
  guint32 found;
  guint made;
  gboolean done;

  copy_folder (from, dir);
  soak_watch (dir);
  vault = bed_vault_new (dir, clock, &cheap);
  if (act->unlocked)
    fixture_unlock (vault, PASSPHRASE);
  trying = act->name;
  hit = FALSE;
  calls = 0;
  soak_hook (&hooks);
  done = act->run (vault, &error);
  made = (guint) calls;
  if (!done)
    assert_clear (act, error);
  bed_vault_lock (vault);
  g_clear_object (&vault);
  soak_hook (NULL);

  vault = soak_open_vault (dir);
  soak_assert_whole (vault);
  fixture_assert_text (vault, "text", MARKER);
  found = soak_get_number (vault, "number");
  g_assert_true (found == act->after || (!done && found == BEFORE));
  g_assert_true (hit || done);
  bed_vault_lock (vault);
  g_clear_object (&vault);
  fixture_remove (dir);
  return made;
}

int
main (int argc, char **argv)
{
  static const struct { int fault; gboolean keeps; } ways[] = {
    { ENOSPC, FALSE }, { ENOSPC, TRUE }, { EIO, FALSE }, { -1, TRUE }, { -1, FALSE },
  };
  guint count = soak_count (argc, argv, 1000000);
  g_autofree char *work = soak_make_folder ();
  g_autofree char *from = g_build_filename (work, "from", NULL);
  g_autofree char *dir = g_build_filename (work, "dir", NULL);
  guint total[G_N_ELEMENTS (acts)];
  guint all = 0, stride, tried = 0, hits = 0;

  signal (SIGABRT, on_abort);
  make (from);
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    {
      fail_call = 0;
      all += total[i] = try (&acts[i], from, dir);
      g_assert_cmpuint (total[i], >, 0);
    }
  stride = MAX (1, all * (guint) G_N_ELEMENTS (ways) / MAX (count, 1));
  for (guint i = 0; i < G_N_ELEMENTS (acts); i++)
    for (guint way = 0; way < G_N_ELEMENTS (ways); way++)
      for (guint n = 1 + way % stride; n <= total[i]; n += stride)
        {
          fault = ways[way].fault;
          keeps = ways[way].keeps;
          fail_call = (gint) n;
          try (&acts[i], from, dir);
          tried++;
          hits += hit;
        }
  fixture_remove (work);
  g_assert_cmpuint (hits, >, 0);
  g_print ("faults: %u calls of %u acts, %u of them failed in %u ways: each said so or did not "
           "matter, nothing lost\n", all, (guint) G_N_ELEMENTS (acts), hits,
           (guint) G_N_ELEMENTS (ways));
  return 0;
}
