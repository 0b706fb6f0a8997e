/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Preloaded into a program under test: whoever writes to a file whose path begins with
 * $BED_HELD_DISK waits as long as there is a file $BED_HOLD, as on a disk that does not answer. Not
 * for ever: what nobody lets go goes on after two minutes. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define EXPORT __attribute__ ((visibility ("default")))
#define TICK_NS 10000000
#define TICKS_MAX 12000

static const char *prefix, *hold;

__attribute__ ((constructor)) static void
install (void)
{
  prefix = getenv ("BED_HELD_DISK");
  hold = getenv ("BED_HOLD");
}

static int
is_held (int fd)
{
  char link[32], path[PATH_MAX];
  ssize_t length;

  if (prefix == NULL || hold == NULL)
    return 0;
  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  length = readlink (link, path, sizeof path);
  return length >= (ssize_t) strlen (prefix) && strncmp (path, prefix, strlen (prefix)) == 0;
}

static void
wait_for (int fd)
{
  const struct timespec tick = { 0, TICK_NS };
  int saved = errno;

  if (is_held (fd))
    for (int i = 0; i < TICKS_MAX && access (hold, F_OK) == 0; i++)
      nanosleep (&tick, NULL);
  errno = saved;
}

EXPORT ssize_t
write (int fd, const void *data, size_t length)
{
  wait_for (fd);
  return syscall (SYS_write, fd, data, length);
}

EXPORT ssize_t
pwrite64 (int fd, const void *data, size_t length, off64_t offset)
{
  wait_for (fd);
  return syscall (SYS_pwrite64, fd, data, length, offset);
}
