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
