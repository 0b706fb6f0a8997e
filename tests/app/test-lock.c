/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

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
check_secret (const BedSecret *in, const BedSecret *out)
{
  if (out == NULL)
    g_assert_null (in);
  else
    g_assert_true (bed_secret_equal (in, out));
}

/* The last ones go along. */
static void
check_warnings (GStrv in, GStrv out)
{
  guint n = out != NULL ? g_strv_length (out) : 0;
  guint kept = MIN (n, BED_RESTART_WARNINGS_MAX);

  g_assert_cmpuint (g_strv_length (in), ==, kept);
  for (guint i = 0; i < kept; i++)
    g_assert_cmpstr (in[i], ==, out[n - kept + i]);
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
  check_secret (in.doorbell, out->doorbell);
  check_secret (in.link, out->link);
  g_assert_cmpstr (in.link_note, ==, out->link_note);
  for (guint i = 0; i < BED_RESTART_N_WARNINGS; i++)
    check_warnings (in.warnings[i], out->warnings[i]);
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

#define LINK "https://clinic.example/j/AAAAAAAAAAAAAAAAAAAAAA#c2VjcmV0"

/* A link that waits, and what nobody has read. */
static void
test_restart_seen_later (void)
{
  g_autoptr (BedSecret) link = bed_secret_new (LINK, sizeof LINK);
  char *few[] = { (char *) "Older.", (char *) "Die Diskette ist voll – räumen Sie auf.", NULL };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) many = NULL;

  check_way (&(BedRestart){ .link = link });
  check_way (&(BedRestart){ .link = link, .link_note = (char *) "Unlock first.", .warnings = { NULL, few } });
  for (guint i = 0; i <= BED_RESTART_WARNINGS_MAX; i++)
    {
      g_autofree char *text = g_strdup_printf ("%0*u", BED_RESTART_TEXT_MAX, i);
      g_strv_builder_add (builder, text);
    }
  many = g_strv_builder_end (builder);
  check_way (&(BedRestart){ .link = link, .warnings = { many, few, many } });
}

/* Nothing of it is left where it lay, whoever else has that open. */
static void
test_restart_wiped (void)
{
  g_autoptr (BedSecret) link = bed_secret_new (LINK, sizeof LINK);
  g_autoptr (BedSecret) bytes = bed_restart_pack (&(BedRestart){ .width = 1, .link = link });
  int fd = memfd_create ("test", MFD_CLOEXEC | MFD_ALLOW_SEALING), other = dup (fd);
  g_autofree char *number = g_strdup_printf ("%d", fd);
  guint8 left[BED_RESTART_SIZE];
  BedRestart in;

  g_assert_cmpint (write (fd, bed_secret_get_data (bytes), sizeof left), ==, sizeof left);
  g_assert_cmpint (fcntl (fd, F_ADD_SEALS, F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL), ==, 0);
  g_setenv ("BEDSIDE_HANDOVER", number, TRUE);
  g_assert_true (bed_restart_take (&in));
  g_assert_true (bed_secret_equal (in.link, link));
  g_assert_cmpint (fcntl (fd, F_GETFD), ==, -1);
  g_assert_cmpint (pread (other, left, sizeof left, 0), ==, sizeof left);
  for (gsize i = 0; i < sizeof left; i++)
    g_assert_cmpuint (left[i], ==, 0);
  bed_restart_clear (&in);
  close (other);
}

/* Cut anywhere, too long a length, other bytes: refused, and nothing is left behind. */
static void
test_restart_wrong (void)
{
  g_autoptr (BedSecret) keys = new_keys (100);
  g_autoptr (BedSecret) bytes
      = bed_restart_pack (&(BedRestart){ .width = 800, .height = 600, .doorbell = keys });
  const gsize needed = 4 + 2 + 2 + 1 + (2 + 100) + 2 + 2 + BED_RESTART_N_WARNINGS;
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

/* A label takes no other text. */
static void
test_restart_no_text (void)
{
  static const char *const wrong[] = { "\xff", "a\xc3" };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (BedSecret) link = bed_secret_new (wrong[i], strlen (wrong[i]) + 1);
      g_autoptr (BedSecret) open = bed_secret_new (LINK, strlen (LINK)); /* without its NUL */
      char *warnings[] = { (char *) wrong[i], NULL };
      const BedRestart out[] = { { .link = link },
                                 { .link = open },
                                 { .link_note = (char *) wrong[i] },
                                 { .warnings = { NULL, NULL, warnings } } };

      for (guint j = 0; j < G_N_ELEMENTS (out); j++)
        {
          g_autoptr (BedSecret) bytes = bed_restart_pack (&out[j]);
          BedRestart in = { 0 };

          g_assert_false (bed_restart_unpack (&in, bytes));
          g_assert_true (in.link == NULL && in.link_note == NULL && in.warnings[2] == NULL);
        }
    }
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

/* The words of somebody else have no fixed length: their beginning goes along, whole characters. */
static void
test_long_warning (void)
{
  g_autoptr (GString) text = g_string_new ("x");
  char *warnings[] = { NULL, NULL };
  g_autoptr (BedSecret) bytes = NULL;
  BedRestart in = { 0 };

  while (text->len <= 2 * BED_RESTART_TEXT_MAX)
    g_string_append (text, "\u00e4");
  warnings[0] = text->str;
  bytes = bed_restart_pack (&(BedRestart){ .warnings = { warnings } });
  g_assert_true (bed_restart_unpack (&in, bytes));
  g_assert_cmpuint (g_strv_length (in.warnings[0]), ==, 1);
  g_assert_true (g_str_has_prefix (text->str, in.warnings[0][0]));
  g_assert_cmpuint (strlen (in.warnings[0][0]), >=, BED_RESTART_TEXT_MAX - 1);
  bed_restart_clear (&in);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/lock/act", test_act);
  g_test_add_func ("/app/restart/way", test_restart_way);
  g_test_add_func ("/app/restart/seen-later", test_restart_seen_later);
  g_test_add_func ("/app/restart/wiped", test_restart_wiped);
  g_test_add_func ("/app/restart/wrong", test_restart_wrong);
  g_test_add_func ("/app/restart/no-text", test_restart_no_text);
  g_test_add_func ("/app/restart/take", test_restart_take);
  g_test_add_func ("/app/restart/long-warning", test_long_warning);
  return g_test_run ();
}
