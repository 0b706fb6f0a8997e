/* SPDX-License-Identifier: GPL-3.0-or-later */
/* faults [COUNT [ACT [WAY CALL]]]: every call on a file that an act makes fails once, in each of
 * several ways: no room, an error of the disk, a write cut short; or this one alone. The act says so
 * with an error of its own, or does not need the call; what was there before is there afterwards. */
#include "faults.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "bed-audit.h"
#include "bed-db.h"
#include "bed-export-file.h"
#include "io-hooks.h"

static const FaultAct *const tables[]
    = { fault_vault_acts, fault_record_acts, fault_people_acts,
        fault_changes_acts, fault_keeping_acts };

static const struct
{
  int fault; /* an errno; -1: half of a write */
  gboolean keeps; /* the calls after it find no room, as on a disk that stays full */
} ways[] = { { ENOSPC, FALSE }, { ENOSPC, TRUE }, { EIO, FALSE }, { -1, TRUE }, { -1, FALSE } };

static guint way;      /* which of them it is */
static gint calls;     /* since the act began */
static gint fail_call; /* the number of the call that fails; 0: none */
static gboolean hit;
static gboolean refused;
static const char *trying;

static int
on_call (const SoakCall *call)
{
  gint number = g_atomic_int_add (&calls, 1) + 1;
  int fault = ways[way].fault;
  gboolean writes = call->kind != SOAK_READ && call->kind != SOAK_UNLINK;

  if (fail_call == 0 || number < fail_call || (number > fail_call && !ways[way].keeps))
    return 0;
  /* Neither reading nor removing needs room. */
  if (fault != EIO && !writes)
    return 0;
  hit = TRUE;
  return number == fail_call ? fault : ENOSPC;
}

/* --- What is handed over: on the disk before it has its name ------------------------------------ */

#define FDS 1024
static char *out;              /* the folder */
static gboolean leaves[FDS];   /* an open file in it */
static gboolean unsynced[FDS]; /* and it holds what was not synced */

static void
assert_synced (void)
{
  for (guint fd = 0; fd < FDS; fd++)
    g_assert_false (unsynced[fd]);
}

static void
on_called (const SoakCall *call)
{
  gboolean counts = call->fd >= 0 && call->fd < FDS;

  if (call->kind == SOAK_RENAME && g_str_has_prefix (call->to, out))
    assert_synced ();
  else if (call->kind == SOAK_OPEN && counts)
    {
      leaves[call->fd] = g_str_has_prefix (call->path, out);
      unsynced[call->fd] = FALSE;
    }
  else if ((call->kind == SOAK_WRITE || call->kind == SOAK_TRUNCATE) && counts)
    unsynced[call->fd] = leaves[call->fd];
  else if (call->kind == SOAK_SYNC && counts)
    unsynced[call->fd] = FALSE;
}

static void
forget_leaving (const char *dir)
{
  g_free (out);
  out = g_build_filename (dir, "out", NULL);
  memset (leaves, 0, sizeof leaves);
  memset (unsynced, 0, sizeof unsynced);
}

/* --- Trying ------------------------------------------------------------------------------------- */

static const SoakHooks hooks = { on_call, on_called };

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

      if (g_file_test (a, G_FILE_TEST_IS_DIR))
        {
          copy_folder (a, b);
          continue;
        }
      g_assert_true (g_file_get_contents (a, &bytes, &length, NULL));
      g_assert_true (g_file_set_contents_full (b, bytes, (gssize) length, G_FILE_SET_CONTENTS_NONE,
                                               0600, NULL));
    }
}

/* In the product's words, of which each has a sentence, and never "wrong passphrase". */
static void
assert_clear (const GError *error)
{
  g_assert_nonnull (error);
  g_assert_true (error->domain == BED_VAULT_ERROR || error->domain == BED_RECORD_ERROR
                 || error->domain == BED_EXPORT_ERROR || error->domain == BED_AUDIT_ERROR
                 || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND) /* a stick is gone */
                 || (g_str_equal (trying, "checkpoint") && error->domain == BED_DB_ERROR));
  g_assert_false (g_error_matches (error, BED_VAULT_ERROR, BED_VAULT_ERROR_WRONG_SECRET));
  g_assert_false (g_error_matches (error, BED_VAULT_ERROR, BED_VAULT_ERROR_NEWER));
  g_assert_false (g_error_matches (error, BED_RECORD_ERROR, BED_RECORD_ERROR_NEWER));
  g_assert_cmpuint (strlen (error->message), >, 8);
}

/* Which of them it was, when an assertion fails or worse; then it goes its way. */
static void
on_end (int number)
{
  g_printerr ("faults: fault %d%s at call %d; again: faults 1 %s %u %d\n", ways[way].fault,
              ways[way].keeps ? " and on" : "", fail_call, trying, way, fail_call);
  signal (number, SIG_DFL);
  raise (number);
}

void
fault_place_close (FaultPlace *place)
{
  if (place->vault != NULL)
    bed_vault_lock (place->vault);
  g_clear_object (&place->store);
  g_clear_object (&place->vault);
}

/* Returns: the calls that the act made. */
static guint
try (const FaultAct *act, const char *from, const char *dir)
{
  FaultPlace place = { .dir = g_strdup (dir), .profile = g_build_filename (dir, "profile", NULL) };
  g_autoptr (GError) error = NULL;
  guint made;
  gboolean done;

  trying = act->name;
  copy_folder (from, dir);
  soak_watch (dir);
  place.clock = bed_manual_clock_new (0, G_GINT64_CONSTANT (1750000100000000));
  act->ground->open (&place, act);
  hit = FALSE;
  calls = 0;
  forget_leaving (dir);
  soak_hook (&hooks);
  done = act->run (&place, &error);
  made = (guint) calls;
  refused = !done;
  if (done)
    assert_synced ();
  else
    assert_clear (error);
  g_assert_true (hit || done);
  if (!done && act->again)
    {
      soak_hook (NULL);
      g_clear_error (&error);
      done = act->run (&place, &error);
      g_assert_no_error (error);
    }
  fault_place_close (&place);
  soak_hook (NULL);

  if (act->look != NULL)
    act->look (&place, done);
  act->ground->check (&place, act, done);
  fixture_remove (dir);
  g_object_unref (place.clock);
  g_free (place.dir);
  g_free (place.profile);
  g_free (place.chosen);
  return made;
}

typedef struct
{
  const FaultAct *act;
  char *from;  /* owned: its ground */
  guint calls; /* that it makes when none fails */
  guint tries, hits, refused; /* refused: it said that it could not be done */
} Trial;

static void
trial_clear (gpointer data)
{
  g_free (((Trial *) data)->from);
}

/* A folder for each ground. */
static char *
make_ground (const char *work, const FaultGround *ground, GHashTable *made)
{
  char *from = g_hash_table_lookup (made, ground);

  if (from == NULL)
    {
      g_autofree char *name = g_strdup_printf ("from-%u", g_hash_table_size (made));

      from = g_build_filename (work, name, NULL);
      g_assert_cmpint (g_mkdir (from, 0700), ==, 0);
      ground->make (from);
      g_hash_table_insert (made, (gpointer) ground, from);
    }
  return g_strdup (from);
}

static GArray *
find_acts (const char *work, const char *dir, const char *only)
{
  g_autoptr (GHashTable) made = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  GArray *trials = g_array_new (FALSE, FALSE, sizeof (Trial));

  g_array_set_clear_func (trials, trial_clear);
  for (guint t = 0; t < G_N_ELEMENTS (tables); t++)
    for (const FaultAct *act = tables[t]; act->name != NULL; act++)
      {
        Trial trial = { .act = act };

        if (only != NULL && !g_str_equal (only, act->name))
          continue;
        trial.from = make_ground (work, act->ground, made);
        trial.calls = try (act, trial.from, dir);
        g_assert_cmpuint (trial.calls, >, 0);
        g_array_append_val (trials, trial);
      }
  g_assert_cmpuint (trials->len, >, 0);
  return trials;
}

static guint only_way, only_call; /* 0: every call */

/* Each call in each way, or every n-th of them all. at: how far that is. */
static void
run_trial (Trial *trial, const char *dir, guint stride, guint *at)
{
  for (way = 0; way < G_N_ELEMENTS (ways); way++)
    for (guint n = 1; n <= trial->calls; n++)
      {
        if (++*at % stride != 0 || (only_call > 0 && (way != only_way || n != only_call)))
          continue;
        fail_call = (gint) n;
        try (trial->act, trial->from, dir);
        trial->tries++;
        trial->hits += hit;
        trial->refused += refused;
      }
  if (trial->tries > 0)
    g_print ("%s: %u calls, %u tries, %u of them hit one, %u were refused\n", trial->act->name,
             trial->calls, trial->tries, trial->hits, trial->refused);
}

int
main (int argc, char **argv)
{
  guint count = soak_count (argc, argv, 1000000);
  g_autofree char *work = soak_make_folder ();
  g_autofree char *dir = g_build_filename (work, "dir", NULL);
  g_autoptr (GArray) trials = NULL;
  guint all = 0, at = 0, stride, hits = 0;

  soak_hush ();
  signal (SIGABRT, on_end);
  signal (SIGSEGV, on_end);
  signal (SIGBUS, on_end);
  trials = find_acts (work, dir, argc > 2 ? argv[2] : NULL);
  for (guint i = 0; i < trials->len; i++)
    all += g_array_index (trials, Trial, i).calls;
  if (argc > 4)
    {
      only_way = (guint) strtoul (argv[3], NULL, 10);
      only_call = (guint) strtoul (argv[4], NULL, 10);
    }
  stride = MAX (1, all * (guint) G_N_ELEMENTS (ways) / MAX (count, 1));
  for (guint i = 0; i < trials->len; i++)
    {
      run_trial (&g_array_index (trials, Trial, i), dir, only_call > 0 ? 1 : stride, &at);
      hits += g_array_index (trials, Trial, i).hits;
    }
  fixture_remove (work);
  g_assert_cmpuint (hits, >, 0);
  g_print ("faults: %u calls of %u acts, %u of them failed in %u ways: each said so or did not "
           "matter, nothing lost\n", all, trials->len, hits, (guint) G_N_ELEMENTS (ways));
  return 0;
}
