/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-limiter.h"

#define SECOND ((gint64) G_USEC_PER_SEC)

static const BedLimit limit = { .burst = 5, .per_minute = 12 }; /* one in five seconds */

static void
test_burst_and_refill (void)
{
  BedBucket bucket = { 0 };
  gint64 now = 100 * SECOND;

  for (int i = 0; i < 5; i++)
    g_assert_cmpuint (bed_bucket_take (&bucket, &limit, now), ==, 0);
  g_assert_cmpuint (bed_bucket_take (&bucket, &limit, now), ==, 5);
  g_assert_cmpuint (bed_bucket_take (&bucket, &limit, now + 3 * SECOND), ==, 2);
  g_assert_cmpuint (bed_bucket_take (&bucket, &limit, now + 5 * SECOND), ==, 0);
  g_assert_cmpuint (bed_bucket_take (&bucket, &limit, now + 5 * SECOND), >, 0);
  /* However long nobody came, it is never more than a burst. */
  for (int i = 0; i < 5; i++)
    g_assert_cmpuint (bed_bucket_take (&bucket, &limit, now + 86400 * SECOND), ==, 0);
  g_assert_cmpuint (bed_bucket_take (&bucket, &limit, now + 86400 * SECOND), ==, 5);
}

/* What it says to wait is enough, and no whole second too much. */
static void
test_wait_is_right (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);

  for (int round = 0; round < 2000; round++)
    {
      const BedLimit any = { .burst = 1 + g_rand_int_range (random, 0, 20),
                             .per_minute = 0.3 + g_rand_double_range (random, 0, 600) };
      BedBucket bucket = { 0 };
      gint64 now = 1 + g_rand_int (random);
      guint wait;

      while ((wait = bed_bucket_take (&bucket, &any, now)) == 0)
        now += g_rand_int_range (random, 0, 100000);
      if (wait > 1)
        {
          BedBucket copy = bucket;
          g_assert_cmpuint (bed_bucket_take (&copy, &any, now + (wait - 1) * SECOND - 1000), >, 0);
        }
      g_assert_cmpuint (bed_bucket_take (&bucket, &any, now + wait * SECOND), ==, 0);
    }
}

/* Over an hour of whatever pace: never more than a burst and the rate. */
static void
test_never_more (void)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (11);

  for (int pace = 1; pace <= 4096; pace *= 2)
    {
      BedBucket bucket = { 0 };
      gint64 now = SECOND;
      guint taken = 0;

      while (now < 3601 * SECOND)
        {
          taken += bed_bucket_take (&bucket, &limit, now) == 0;
          now += 1 + g_rand_int_range (random, 0, pace * 20000);
        }
      g_assert_cmpuint (taken, <=, 5 + 60 * 12);
      if (pace < 64)
        g_assert_cmpuint (taken, >=, 60 * 12);
    }
}

static void
test_clock_that_goes_back (void)
{
  BedBucket bucket = { 0 };

  for (int i = 0; i < 5; i++)
    bed_bucket_take (&bucket, &limit, 1000 * SECOND);
  g_assert_cmpuint (bed_bucket_take (&bucket, &limit, 10 * SECOND), ==, 5);
  g_assert_cmpuint (bed_bucket_take (&bucket, &limit, 15 * SECOND), ==, 0);
}

static void
test_names_are_apart (void)
{
  g_autoptr (BedLimiter) limiter = bed_limiter_new (10);

  for (int i = 0; i < 5; i++)
    g_assert_cmpuint (bed_limiter_take (limiter, "a", &limit, SECOND), ==, 0);
  g_assert_cmpuint (bed_limiter_take (limiter, "a", &limit, SECOND), >, 0);
  g_assert_cmpuint (bed_limiter_take (limiter, "b", &limit, SECOND), ==, 0);
  /* What turned out well is given back; a name that was never heard has nothing to get. */
  bed_limiter_give (limiter, "a");
  bed_limiter_give (limiter, "nobody");
  g_assert_cmpuint (bed_limiter_take (limiter, "a", &limit, SECOND), ==, 0);
  g_assert_cmpuint (bed_limiter_take (limiter, "a", &limit, SECOND), >, 0);
}

/* Somebody with many names pushes out the names that were quiet the longest, and no more memory goes. */
static void
test_many_names (void)
{
  g_autoptr (BedLimiter) limiter = bed_limiter_new (100);

  for (int i = 0; i < 6; i++)
    bed_limiter_take (limiter, "mine", &limit, SECOND);
  for (int i = 0; i < 10000; i++)
    {
      g_autofree char *name = g_strdup_printf ("%d", i);
      bed_limiter_take (limiter, name, &limit, SECOND);
      g_assert_cmpuint (bed_limiter_get_size (limiter), <=, 100);
      if (i % 50 == 0)
        g_assert_cmpuint (bed_limiter_take (limiter, "mine", &limit, SECOND), >, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/server/limiter/burst-and-refill", test_burst_and_refill);
  g_test_add_func ("/server/limiter/wait-is-right", test_wait_is_right);
  g_test_add_func ("/server/limiter/never-more", test_never_more);
  g_test_add_func ("/server/limiter/clock-that-goes-back", test_clock_that_goes_back);
  g_test_add_func ("/server/limiter/names-are-apart", test_names_are_apart);
  g_test_add_func ("/server/limiter/many-names", test_many_names);
  return g_test_run ();
}
