/* SPDX-License-Identifier: GPL-3.0-or-later */
/* power [COUNT [SEED]]: the power fails at random points of a day's work, as often as asked: half of
 * them while a vault is used, half while a record is. From what that leaves the record has to open,
 * with everything that was acknowledged before. */
#include "power.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>

static guint failed_at;

/* Where it was, when an assertion fails. */
static void
on_abort (int number)
{
  g_printerr ("power: after operation %u\n", failed_at);
}

/* Before the first acknowledgement there is nothing to lose. */
static guint
first_end (void)
{
  guint first = 0;

  while (power_acknowledged_at (first) < 0)
    first++;
  return first;
}

static void
fail_often (const PowerDay *day, guint count, GRand *rand, const char *work)
{
  g_autofree char *live = g_build_filename (work, "live", NULL);
  g_autofree char *dir = g_build_filename (work, "dir", NULL);
  guint first;

  g_assert_cmpint (g_mkdir (live, 0700), ==, 0);
  power_begin (live);
  day->work (live);
  power_end ();
  fixture_remove (live);
  first = first_end ();
  g_print ("power: %s, %u operations written down\n", day->name, power_count ());
  for (guint i = 0; i < count; i++)
    {
      failed_at = (guint) g_rand_int_range (rand, (gint32) first, (gint32) power_count () + 1);
      power_leave (dir, failed_at, rand);
      day->look (dir, (guint32) power_acknowledged_at (failed_at));
      fixture_remove (dir);
    }
  power_forget ();
}

int
main (int argc, char **argv)
{
  guint count = soak_count (argc, argv, 5000);
  guint32 seed = argc > 2 ? (guint32) strtoul (argv[2], NULL, 10) : (guint32) g_get_real_time ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autofree char *work = soak_make_folder ();

  signal (SIGABRT, on_abort);
  g_print ("power: seed %u\n", seed);
  fail_often (&power_vault_day, count / 2, rand, work);
  fail_often (&power_record_day, count - count / 2, rand, work);
  fixture_remove (work);
  g_print ("power: %u failures, everything acknowledged was there\n", count);
  return 0;
}
