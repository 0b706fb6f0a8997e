/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

gboolean
bed_file_write_all (int fd, const void *data, gsize length)
{
  const guint8 *at = data;

  while (length > 0)
    {
      ssize_t n = write (fd, at, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n == 0)
        errno = EIO;
      if (n <= 0)
        return FALSE;
      at += n;
      length -= (gsize) n;
    }
  return TRUE;
}

gboolean
bed_file_sync_folder (const char *path)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  gboolean ok = fd >= 0 && fsync (fd) == 0;
  int saved = errno;

  if (fd >= 0)
    close (fd);
  errno = saved;
  return ok;
}

gboolean
bed_file_cannot_sync_folders (int saved_errno)
{
  return saved_errno == EINVAL || saved_errno == ENOTSUP || saved_errno == ENOSYS;
}
