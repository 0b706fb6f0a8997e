/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io-hooks.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FDS 1024

static GRecMutex lock;
static const SoakHooks *active;
static char watched[512];
static gboolean ours[FDS]; /* of files and folders under the watched one */

#define EXPORT __attribute__ ((visibility ("default")))

void
soak_watch (const char *folder)
{
  g_rec_mutex_lock (&lock);
  g_strlcpy (watched, folder, sizeof watched);
  g_rec_mutex_unlock (&lock);
}

void
soak_hook (const SoakHooks *hooks)
{
  g_rec_mutex_lock (&lock);
  active = hooks;
  g_rec_mutex_unlock (&lock);
}

static gboolean
is_watched (const char *path)
{
  gsize length = strlen (watched);

  return length > 0 && strncmp (path, watched, length) == 0
         && (path[length] == '/' || path[length] == '\0');
}

static gboolean
is_ours (int fd)
{
  return fd >= 0 && fd < FDS && ours[fd];
}

/* The lock is held from here to `leave`. FALSE: errno is set, and nothing is to be done. */
static gboolean
enter (SoakCall *call)
{
  int error;

  g_rec_mutex_lock (&lock);
  error = active != NULL && active->before != NULL ? active->before (call) : 0;
  if (error == -1 && call->kind == SOAK_WRITE && call->length > 1)
    call->length /= 2;
  else if (error != 0)
    {
      g_rec_mutex_unlock (&lock);
      errno = error == -1 ? ENOSPC : error;
      return FALSE;
    }
  return TRUE;
}

static long
leave (SoakCall *call, long result)
{
  int saved = errno;

  if (result >= 0 && active != NULL && active->after != NULL)
    active->after (call);
  g_rec_mutex_unlock (&lock);
  errno = saved;
  return result;
}

/* --- Reading and writing ---------------------------------------------------------------------- */

EXPORT ssize_t
read (int fd, void *data, size_t length)
{
  SoakCall call = { .kind = SOAK_READ, .fd = fd, .length = length };

  if (!is_ours (fd))
    return syscall (SYS_read, fd, data, length);
  return enter (&call) ? leave (&call, syscall (SYS_read, fd, data, length)) : -1;
}

EXPORT ssize_t
pread64 (int fd, void *data, size_t length, off64_t offset)
{
  SoakCall call = { .kind = SOAK_READ, .fd = fd, .length = length, .offset = offset };

  if (!is_ours (fd))
    return syscall (SYS_pread64, fd, data, length, offset);
  return enter (&call) ? leave (&call, syscall (SYS_pread64, fd, data, length, offset)) : -1;
}

EXPORT ssize_t
write (int fd, const void *data, size_t length)
{
  SoakCall call = { .kind = SOAK_WRITE, .fd = fd, .data = data, .length = length };
  ssize_t n;

  if (!is_ours (fd))
    return syscall (SYS_write, fd, data, length);
  if (!enter (&call))
    return -1;
  n = syscall (SYS_write, fd, data, call.length);
  if (n > 0)
    call.offset = lseek (fd, 0, SEEK_CUR) - n;
  call.length = (gsize) MAX (n, 0);
  return leave (&call, n);
}

EXPORT ssize_t
pwrite64 (int fd, const void *data, size_t length, off64_t offset)
{
  SoakCall call
      = { .kind = SOAK_WRITE, .fd = fd, .data = data, .length = length, .offset = offset };
  ssize_t n;

  if (!is_ours (fd))
    return syscall (SYS_pwrite64, fd, data, length, offset);
  if (!enter (&call))
    return -1;
  n = syscall (SYS_pwrite64, fd, data, call.length, offset);
  call.length = (gsize) MAX (n, 0);
  return leave (&call, n);
}

static int
truncate_fd (int fd, gint64 length)
{
  SoakCall call = { .kind = SOAK_TRUNCATE, .fd = fd, .length = (gsize) length };

  if (!is_ours (fd))
    return (int) syscall (SYS_ftruncate, fd, length);
  return enter (&call) ? (int) leave (&call, syscall (SYS_ftruncate, fd, length)) : -1;
}

EXPORT int
ftruncate64 (int fd, off64_t length)
{
  return truncate_fd (fd, length);
}

static int
sync_fd (int fd, long number)
{
  SoakCall call = { .kind = SOAK_SYNC, .fd = fd };

  if (!is_ours (fd))
    return (int) syscall (number, fd);
  return enter (&call) ? (int) leave (&call, syscall (number, fd)) : -1;
}

EXPORT int
fsync (int fd)
{
  return sync_fd (fd, SYS_fsync);
}

EXPORT int
fdatasync (int fd)
{
  return sync_fd (fd, SYS_fdatasync);
}

/* --- Names ------------------------------------------------------------------------------------ */

static int
open_path (const char *path, int flags, mode_t mode)
{
  SoakCall call = { .kind = SOAK_OPEN, .fd = -1, .path = path };
  int fd;

  if (!is_watched (path))
    {
      fd = (int) syscall (SYS_openat, AT_FDCWD, path, flags, mode);
      if (fd >= 0 && fd < FDS)
        ours[fd] = FALSE;
      return fd;
    }
  if (!enter (&call))
    return -1;
  fd = (int) syscall (SYS_openat, AT_FDCWD, path, flags, mode);
  call.fd = fd;
  if (fd >= 0 && fd < FDS)
    ours[fd] = TRUE;
  if (fd >= 0 && (flags & O_TRUNC))
    {
      SoakCall cut = { .kind = SOAK_TRUNCATE, .fd = fd };

      if (active != NULL && active->after != NULL)
        active->after (&call);
      call = cut;
    }
  return (int) leave (&call, fd);
}

#define MODE_OF(flags) \
  mode_t mode = 0; \
  if ((flags) & (O_CREAT | O_TMPFILE)) \
    { \
      va_list args; \
      va_start (args, flags); \
      mode = va_arg (args, mode_t); \
      va_end (args); \
    }

EXPORT int
open64 (const char *path, int flags, ...)
{
  MODE_OF (flags)
  return open_path (path, flags, mode);
}

EXPORT int
rename (const char *from, const char *to)
{
  SoakCall call = { .kind = SOAK_RENAME, .fd = -1, .path = from, .to = to };

  if (!is_watched (from))
    return (int) syscall (SYS_rename, from, to);
  return enter (&call) ? (int) leave (&call, syscall (SYS_rename, from, to)) : -1;
}

EXPORT int
renameat2 (int from_fd, const char *from, int to_fd, const char *to, unsigned int flags)
{
  SoakCall call = { .kind = flags & RENAME_EXCHANGE ? SOAK_EXCHANGE : SOAK_RENAME, .fd = -1,
                    .path = from, .to = to };

  if (!is_watched (from))
    return (int) syscall (SYS_renameat2, from_fd, from, to_fd, to, flags);
  return enter (&call)
             ? (int) leave (&call, syscall (SYS_renameat2, from_fd, from, to_fd, to, flags))
             : -1;
}

EXPORT int
linkat (int from_fd, const char *from, int to_fd, const char *to, int flags)
{
  SoakCall call = { .kind = SOAK_LINK, .fd = -1, .path = from, .to = to };

  if (!is_watched (to))
    return (int) syscall (SYS_linkat, from_fd, from, to_fd, to, flags);
  return enter (&call)
             ? (int) leave (&call, syscall (SYS_linkat, from_fd, from, to_fd, to, flags))
             : -1;
}

EXPORT int
mkdir (const char *path, mode_t mode)
{
  SoakCall call = { .kind = SOAK_FOLDER, .fd = -1, .path = path };

  if (!is_watched (path))
    return (int) syscall (SYS_mkdir, path, mode);
  return enter (&call) ? (int) leave (&call, syscall (SYS_mkdir, path, mode)) : -1;
}

EXPORT int
unlink (const char *path)
{
  SoakCall call = { .kind = SOAK_UNLINK, .fd = -1, .path = path };

  if (!is_watched (path))
    return (int) syscall (SYS_unlink, path);
  return enter (&call) ? (int) leave (&call, syscall (SYS_unlink, path)) : -1;
}

EXPORT int
rmdir (const char *path)
{
  SoakCall call = { .kind = SOAK_UNLINK, .fd = -1, .path = path };

  if (!is_watched (path))
    return (int) syscall (SYS_rmdir, path);
  return enter (&call) ? (int) leave (&call, syscall (SYS_rmdir, path)) : -1;
}

/* What is there, without opening it. */

static int
stat_path (const char *path, struct stat64 *found, int flags)
{
  SoakCall call = { .kind = SOAK_READ, .fd = -1, .path = path };

  if (!is_watched (path))
    return fstatat64 (AT_FDCWD, path, found, flags);
  return enter (&call) ? (int) leave (&call, fstatat64 (AT_FDCWD, path, found, flags)) : -1;
}

EXPORT int
stat64 (const char *path, struct stat64 *found)
{
  return stat_path (path, found, 0);
}

EXPORT int
lstat64 (const char *path, struct stat64 *found)
{
  return stat_path (path, found, AT_SYMLINK_NOFOLLOW);
}

EXPORT DIR *
opendir (const char *path)
{
  SoakCall call = { .kind = SOAK_READ, .fd = -1, .path = path };
  const int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
  int fd;

  if (is_watched (path) && !enter (&call))
    return NULL;
  fd = (int) syscall (SYS_openat, AT_FDCWD, path, flags, 0);
  if (fd >= 0 && fd < FDS)
    ours[fd] = FALSE;
  if (is_watched (path))
    leave (&call, fd);
  return fd >= 0 ? fdopendir (fd) : NULL;
}

/* The same without large files' names, for what was built that way. */
#undef open
#undef pread
#undef pwrite
#undef ftruncate
#undef stat
#undef lstat
int soak_open (const char *path, int flags, ...) __asm__ ("open");
ssize_t soak_pread (int fd, void *data, size_t length, off64_t offset) __asm__ ("pread");
ssize_t soak_pwrite (int fd, const void *data, size_t length, off64_t offset) __asm__ ("pwrite");
int soak_ftruncate (int fd, off64_t length) __asm__ ("ftruncate");
int soak_stat (const char *path, struct stat64 *found) __asm__ ("stat");
int soak_lstat (const char *path, struct stat64 *found) __asm__ ("lstat");

EXPORT int
soak_open (const char *path, int flags, ...)
{
  MODE_OF (flags)
  return open_path (path, flags, mode);
}

EXPORT ssize_t
soak_pread (int fd, void *data, size_t length, off64_t offset)
{
  return pread64 (fd, data, length, offset);
}

EXPORT ssize_t
soak_pwrite (int fd, const void *data, size_t length, off64_t offset)
{
  return pwrite64 (fd, data, length, offset);
}

EXPORT int
soak_ftruncate (int fd, off64_t length)
{
  return truncate_fd (fd, length);
}

EXPORT int
soak_stat (const char *path, struct stat64 *found)
{
  return stat64 (path, found);
}

EXPORT int
soak_lstat (const char *path, struct stat64 *found)
{
  return lstat64 (path, found);
}
