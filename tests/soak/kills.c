/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kills [COUNT [ACTION]]: kill -9 at random points of every action, in turn; after each the folder
 * is opened and looked at. */
#include "soak-children.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Returns: the last number that is there. */
static guint32
kill_once (const BedSoakAction *action, const char *dir, guint32 last, GRand *rand,
           gboolean after_answer)
{
  int fd;
  int status;
  pid_t child = soak_start_child (action, dir, last + 1, "", &fd);
  guint32 told;

  if (after_answer)
    g_assert_cmpint (poll (&(struct pollfd){ .fd = fd, .events = POLLIN }, 1, 30000), ==, 1);
  g_usleep ((gulong) g_rand_int_range (rand, 0, (gint32) action->window_us));
  kill (child, SIGKILL);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);
  told = soak_last_told (fd, last);
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

int
main (int argc, char **argv)
{
  if (soak_is_child (argc, argv))
    return soak_run_child (argv);
  soak_run_actions (argc, argv, run_action);
  g_print ("kills: %u kills, nothing lost\n", soak_count (argc, argv, 1000));
  return 0;
}
