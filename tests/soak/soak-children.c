/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "soak-children.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const BedSoakAction *const soak_actions[] = {
  &soak_blobs, &soak_autosave, &soak_sign, &soak_addendum, &soak_passphrase, &soak_rekey, &soak_spool,
  &soak_migration, &soak_backup, &soak_restore, &soak_erasure, NULL,
};

pid_t
soak_start_child (const BedSoakAction *action, const char *dir, guint32 from, const char *argument,
                  int *out)
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
      execl ("/proc/self/exe", "soak", "--child", action->name, dir, number, fd, argument, NULL);
      _exit (3);
    }
  close (ends[1]);
  *out = ends[0];
  return child;
}

gboolean
soak_is_child (int argc, char **argv)
{
  return argc == 7 && strcmp (argv[1], "--child") == 0;
}

int
soak_run_child (char **argv)
{
  for (guint i = 0; soak_actions[i] != NULL; i++)
    if (strcmp (soak_actions[i]->name, argv[2]) == 0)
      soak_actions[i]->run (argv[3], (guint32) strtoul (argv[4], NULL, 10),
                            (int) strtol (argv[5], NULL, 10));
  return 4;
}

guint32
soak_last_told (int fd, guint32 before)
{
  guint32 value;

  while (read (fd, &value, sizeof value) == sizeof value)
    before = value;
  return before;
}

void
soak_run_actions (int argc, char **argv,
                  void (*run) (const BedSoakAction *action, guint count, guint32 seed))
{
  const char *only = argc > 2 ? argv[2] : NULL;
  guint32 seed = (guint32) g_get_real_time ();
  guint n = 0, left = soak_count (argc, argv, 1000);

  while (soak_actions[n] != NULL)
    n++;
  g_print ("seed %u\n", seed);
  for (guint i = 0; i < n; i++)
    {
      guint share = only != NULL ? left : left / (n - i);

      if (only != NULL && strcmp (only, soak_actions[i]->name) != 0)
        continue;
      run (soak_actions[i], share, seed + i);
      left -= share;
    }
}
