/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-secret.h"

static void
test_equal (void)
{
  g_autoptr (BedSecret) a = bed_secret_new ("abc", 3);
  g_autoptr (BedSecret) b = bed_secret_new ("abc", 3);
  g_autoptr (BedSecret) c = bed_secret_new ("abd", 3);
  g_autoptr (BedSecret) d = bed_secret_new ("ab", 2);

  g_assert_true (bed_secret_equal (a, b));
  g_assert_false (bed_secret_equal (a, c));
  g_assert_false (bed_secret_equal (a, d));
}

static void
test_random (void)
{
  g_autoptr (BedSecret) a = bed_secret_new_random (32);
  g_autoptr (BedSecret) b = bed_secret_new_random (32);

  g_assert_false (bed_secret_equal (a, b));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/secret/equal", test_equal);
  g_test_add_func ("/base/secret/random", test_random);
  return g_test_run ();
}
