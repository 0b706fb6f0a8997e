/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kills [COUNT [ACTION]]: kill -9 at random points of every action, in turn; after each the folder
 * is opened and looked at. */
#include "bed-soak.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

const BedSoakAction *const soak_actions[] = {
  &soak_blobs, &soak_autosave, &soak_sign, &soak_addendum, &soak_passphrase, &soak_rekey, &soak_spool,
  &soak_migration, &soak_backup, &soak_restore, &soak_erasure, NULL,
};

static pid_t
start_child (const BedSoakAction *action, const char *dir, guint32 from, int *out)
{
  g_autofree char *number = g_strdup_printf ("%u", from);
  g_autofree char *fd = NULL;
  int ends[2];
  pid_t child;

  g_assert_cmpint (pipe (ends), ==, 0);
  fd = g_strdup_printf ("%d", ends[1]);
  child = fork ();
  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      close (ends[0]);
      execl ("/proc/self/exe", "kills", "--child", action->name, dir, number, fd, NULL);
      _exit (3);
    }
  close (ends[1]);
  *out = ends[0];
  return child;
}

static guint32
last_told (int fd, guint32 before)
{
  guint32 value;

  while (read (fd, &value, sizeof value) == sizeof value)
    before = value;
  return before;
}

/* Returns: the last number that is there. */
static guint32
kill_once (const BedSoakAction *action, const char *dir, guint32 last, GRand *rand,
           gboolean after_answer)
{
  int fd;
  int status;
  pid_t child = start_child (action, dir, last + 1, &fd);
  guint32 told;

  if (after_answer)
    g_assert_cmpint (poll (&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 30000), ==, 1);
  g_usleep ((gulong) g_rand_int_range (rand, 0, (gint32) action->window_us));
  kill (child, SIGKILL);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
  told = last_told (fd, last);
  close (fd);
  return action->check (dir, told);
}

static void
run_action (const BedSoakAction *action, guint kills, guint32 seed)
{
  g_autofree char *dir = soak_make_folder ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  guint32 last = 0;

  action->prepare (dir);
  for (guint i = 0; i < kills; i++)
    last = kill_once (action, dir, last, rand, i % 2 == 1);
  g_assert_true (kills < 2 || last > 0);
  g_print ("%s: %u kills, %u acknowledged, none lost\n", action->name, kills, last);
  fixture_remove (dir);
}

static int
run_child (char **argv)
{
  for (guint i = 0; soak_actions[i] != NULL; i++)
    if (strcmp (soak_actions[i]->name, argv[2]) == 0)
      soak_actions[i]->run (argv[3], (guint32) strtoul (argv[4], NULL, 10),
                            (int) strtol (argv[5], NULL, 10));
  return 4;
}

int
main (int argc, char **argv)
{
  const char *only = argc == 3 ? argv[2] : NULL;
  guint32 seed = (guint32) g_get_real_time ();
  guint count, n = 0, left;

  if (argc == 6 && strcmp (argv[1], "--child") == 0)
    return run_child (argv);
  while (soak_actions[n] != NULL)
    n++;
  left = count = soak_count (argc, argv, 1000);
  g_print ("kills: seed %u\n", seed);
  for (guint i = 0; i < n; i++)
    {
      guint share = only != NULL ? count : left / (n - i);

      if (only != NULL && strcmp (only, soak_actions[i]->name) != 0)
        continue;
      run_action (soak_actions[i], share, seed + i);
      left -= share;
    }
  g_print ("kills: %u kills, nothing lost\n", count);
  return 0;
}
