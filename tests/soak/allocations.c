/* SPDX-License-Identifier: GPL-3.0-or-later */
/* allocations [COUNT [ACTION [NUMBER once|on]]]: memory runs out at a random allocation of every action, in turn, once
 * or from then on; with a NUMBER at that one, then at the next. After each the folder is opened and looked at. The
 * process may end itself by that (GLib's own allocations do not fail in any other way), and never by using what it
 * has not got; what it had said to be done has to be there. */
#include "soak-children.h"

#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LAST_ALLOCATION 200000.
#define STEP_MS 5

/* --- The allocator of a child ------------------------------------------------------------------ */

void *__libc_malloc (size_t size);
void *__libc_calloc (size_t n, size_t size);
void *__libc_realloc (void *old, size_t size);

/* 0: never fails. Which one fails, counted by all threads. */
static gint64 fails_at;
static gint64 n_allocations;
static gboolean for_good;
static int failed_fd = -1;

static gboolean
fails (void)
{
  gint64 n;

  if (fails_at == 0)
    return FALSE;
  n = __atomic_add_fetch (&n_allocations, 1, __ATOMIC_RELAXED);
  if (n < fails_at || (n > fails_at && !for_good))
    return FALSE;
  if (n == fails_at && write (failed_fd, "!", 1) != 1)
    _exit (2);
  errno = ENOMEM;
  return TRUE;
}

void *
malloc (size_t size)
{
  return fails () ? NULL : __libc_malloc (size);
}

void *
calloc (size_t n, size_t size)
{
  return fails () ? NULL : __libc_calloc (n, size);
}

void *
realloc (void *old, size_t size)
{
  return fails () ? NULL : __libc_realloc (old, size);
}

/* argument: "FD NUMBER once|on" */
static void
arm (const char *argument)
{
  g_auto (GStrv) words = g_strsplit (argument, " ", 3);

  g_assert_cmpuint (g_strv_length (words), ==, 3);
  g_assert_nonnull (freopen ("/dev/null", "w", stderr)); /* what it ends with is expected */
  failed_fd = (int) strtol (words[0], NULL, 10);
  for_good = g_str_equal (words[2], "on");
  fails_at = g_ascii_strtoll (words[1], NULL, 10);
}

/* --- The parent -------------------------------------------------------------------------------- */

typedef struct
{
  guint n_failed; /* allocations */
  guint n_ended;  /* processes, by that */
  gboolean stray; /* the last one used memory that it had not got */
} Found;

static gint64 next_number; /* 0: at random */
static const char *how;
static guint n_stray;

/* Small numbers are as likely as large ones: what opens a record is among the first. */
static char *
new_argument (GRand *rand, int fd)
{
  gint64 at = (gint64) exp (g_rand_double_range (rand, 0, log (LAST_ALLOCATION)));

  if (next_number > 0)
    return g_strdup_printf ("%d %" G_GINT64_FORMAT " %s", fd, next_number++, how);
  return g_strdup_printf ("%d %" G_GINT64_FORMAT " %s", fd, MAX (at, 1),
                          g_rand_boolean (rand) ? "on" : "once");
}

/* Waits until it has ended, or for as long as a kill would. Returns: whether it ended by itself. */
static gboolean
wait_for_end (pid_t child, guint window_us, Found *found)
{
  int status;

  for (guint ms = 0; ms < 2 * window_us / 1000 + 200; ms += STEP_MS)
    {
      if (waitpid (child, &status, WNOHANG) == child)
        {
          found->stray = WIFSIGNALED (status) && (WTERMSIG (status) == SIGSEGV || WTERMSIG (status) == SIGBUS);
          return TRUE;
        }
      g_usleep (STEP_MS * 1000);
    }
  kill (child, SIGKILL);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  return FALSE;
}

static guint32
fail_once (const BedSoakAction *action, const char *dir, guint32 last, GRand *rand, Found *found)
{
  g_autofree char *argument = NULL;
  gboolean ended;
  guint32 told;
  int fd, failed[2];
  char mark;
  pid_t child;

  g_assert_cmpint (pipe (failed), ==, 0);
  argument = new_argument (rand, failed[1]);
  child = soak_start_child (action, dir, last + 1, argument, &fd);
  close (failed[1]);
  found->stray = FALSE;
  ended = wait_for_end (child, action->window_us, found);
  if (found->stray)
    {
      n_stray++;
      g_print ("%s: astray at allocation %s\n", action->name, strchr (argument, ' ') + 1);
    }
  told = soak_last_told (fd, last);
  if (read (failed[0], &mark, 1) == 1)
    {
      found->n_failed++;
      found->n_ended += ended;
    }
  else
    g_assert_false (ended);
  close (fd);
  close (failed[0]);
  return action->check (dir, told);
}

static void
run_action (const BedSoakAction *action, guint count, guint32 seed)
{
  g_autofree char *dir = soak_make_folder ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  Found found = { 0 };
  guint32 last = 0;

  action->prepare (dir);
  for (guint i = 0; i < count; i++)
    last = fail_once (action, dir, last, rand, &found);
  g_print ("%s: %u times without memory in %u, %u ended by it, %u acknowledged, none lost\n",
           action->name, found.n_failed, count, found.n_ended, last);
  g_assert_true (count < 8 || found.n_failed > 0);
  fixture_remove (dir);
}

int
main (int argc, char **argv)
{
  if (soak_is_child (argc, argv))
    {
      arm (argv[6]);
      return soak_run_child (argv);
    }
  if (argc > 4)
    {
      next_number = g_ascii_strtoll (argv[3], NULL, 10);
      how = argv[4];
    }
  soak_run_actions (argc, argv, run_action);
  g_print ("allocations: %u tries, nothing lost, %u astray\n", soak_count (argc, argv, 1000), n_stray);
  return n_stray == 0 ? 0 : 1;
}
