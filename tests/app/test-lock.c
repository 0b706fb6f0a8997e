/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "bed-lock-act.h"
#include "bed-restart-private.h"

/* Every state, in a call and not. */
static void
test_act (void)
{
  static const struct
  {
    BedLockAct alone, occupied;
    gboolean counts;
  } expected[] = {
    [BED_SESSION_STATE_NO_PROFILE] = { BED_LOCK_ACT_NONE, BED_LOCK_ACT_NONE, TRUE },
    [BED_SESSION_STATE_ACTIVATING] = { BED_LOCK_ACT_NONE, BED_LOCK_ACT_NONE, TRUE },
    [BED_SESSION_STATE_LOCKED] = { BED_LOCK_ACT_NONE, BED_LOCK_ACT_NONE, TRUE },
    [BED_SESSION_STATE_UNLOCKED] = { BED_LOCK_ACT_FOR_GOOD, BED_LOCK_ACT_COVER, TRUE },
    [BED_SESSION_STATE_REKEYING] = { BED_LOCK_ACT_NONE, BED_LOCK_ACT_NONE, FALSE },
  };
  g_autoptr (GEnumClass) states = g_type_class_ref (BED_TYPE_SESSION_STATE);

  g_assert_cmpuint (states->n_values, ==, G_N_ELEMENTS (expected));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      BedSessionState state = (BedSessionState) i;

      g_assert_cmpint (bed_lock_act (state, FALSE), ==, expected[i].alone);
      g_assert_cmpint (bed_lock_act (state, TRUE), ==, expected[i].occupied);
      g_assert_cmpint (bed_lock_idle_counts (state, FALSE), ==, expected[i].counts);
      g_assert_false (bed_lock_idle_counts (state, TRUE));
    }
}

static BedSecret *
new_keys (gsize length)
{
  BedSecret *keys = bed_secret_new_zero (length);

  memset (bed_secret_get_writable (keys), 'k', length);
  return keys;
}

static void
check_way (const BedRestart *out)
{
  g_autoptr (BedSecret) bytes = bed_restart_pack (out);
  BedRestart in = { 0 };

  g_assert_cmpuint (bed_secret_get_length (bytes), ==, BED_RESTART_SIZE);
  g_assert_true (bed_restart_unpack (&in, bytes));
  g_assert_cmpint (in.width, ==, out->width);
  g_assert_cmpint (in.height, ==, out->height);
  g_assert_cmpint (in.maximized, ==, out->maximized);
  if (out->doorbell == NULL)
    g_assert_null (in.doorbell);
  else
    g_assert_true (bed_secret_equal (in.doorbell, out->doorbell));
  bed_restart_clear (&in);
}

static void
test_restart_way (void)
{
  g_autoptr (BedSecret) one = new_keys (1), most = new_keys (BED_DOORBELL_KEYS_MAX);

  check_way (&(BedRestart){ .width = 360, .height = 640 });
  check_way (&(BedRestart){ .width = 65535, .height = 1, .maximized = TRUE, .doorbell = one });
  check_way (&(BedRestart){ .doorbell = most });
}

/* Cut anywhere, too long a length, other bytes: refused, and nothing is left behind. */
static void
test_restart_wrong (void)
{
  g_autoptr (BedSecret) keys = new_keys (100);
  g_autoptr (BedSecret) bytes
      = bed_restart_pack (&(BedRestart){ .width = 800, .height = 600, .doorbell = keys });
  const gsize needed = 4 + 2 + 2 + 1 + 2 + 100;
  guint8 *data;
  BedRestart in = { 0 };

  for (gsize n = 0; n < needed; n++)
    {
      g_autoptr (BedSecret) cut = bed_secret_new (bed_secret_get_data (bytes), n);
      g_assert_false (bed_restart_unpack (&in, cut));
      g_assert_null (in.doorbell);
    }
  data = bed_secret_get_writable (bytes);
  data[9] = data[10] = 0xff;
  g_assert_false (bed_restart_unpack (&in, bytes));
  data[9] = 0;
  data[10] = 100;
  data[0] ^= 1;
  g_assert_false (bed_restart_unpack (&in, bytes));
  data[0] ^= 1;
  g_assert_true (bed_restart_unpack (&in, bytes));
  bed_restart_clear (&in);
}

/* What is in the environment is anybody's. */
static void
test_restart_take (void)
{
  static const char *const wrong[] = { "", "x", "-1", "0", "2", "999999", "99999999999999999999" };
  BedRestart in;

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_setenv ("BEDSIDE_HANDOVER", wrong[i], TRUE);
      g_assert_false (bed_restart_take (&in));
      g_assert_null (in.doorbell);
      g_assert_null (g_getenv ("BEDSIDE_HANDOVER"));
    }
  g_assert_false (bed_restart_take (&in));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/lock/act", test_act);
  g_test_add_func ("/app/restart/way", test_restart_way);
  g_test_add_func ("/app/restart/wrong", test_restart_wrong);
  g_test_add_func ("/app/restart/take", test_restart_take);
  return g_test_run ();
}
