/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

#define LENGTH (1024 * 1024)

static gpointer
read_slowly (gpointer data)
{
  int fd = GPOINTER_TO_INT (data);
  g_autofree guint8 *part = g_malloc (4096);
  gsize total = 0;
  ssize_t n;

  while ((n = read (fd, part, 4096)) > 0)
    {
      for (ssize_t i = 0; i < n; i++)
        g_assert_cmpuint (part[i], ==, (guint8) ((total + (gsize) i) % 251));
      total += (gsize) n;
    }
  return GSIZE_TO_POINTER (total);
}

/* A pipe holds less than that: it takes several writes. */
static void
test_all (void)
{
  g_autofree guint8 *data = g_malloc (LENGTH);
  GThread *reader;
  int fds[2];

  for (gsize i = 0; i < LENGTH; i++)
    data[i] = (guint8) (i % 251);
  g_assert_cmpint (pipe (fds), ==, 0);
  reader = g_thread_new ("reader", read_slowly, GINT_TO_POINTER (fds[0]));
  g_assert_true (bed_file_write_all (fds[1], data, LENGTH));
  g_assert_true (bed_file_write_all (fds[1], NULL, 0));
  close (fds[1]);
  g_assert_cmpuint (GPOINTER_TO_SIZE (g_thread_join (reader)), ==, LENGTH);
  close (fds[0]);
}

/* What fits is written, and the rest is told. */
static void
test_limit (void)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  struct rlimit before, small;
  int fd = g_file_open_tmp ("bed-file-XXXXXX", &path, &error);

  g_assert_no_error (error);
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &before), ==, 0);
  small = before;
  small.rlim_cur = 6;
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &small), ==, 0);
  errno = 0;
  g_assert_false (bed_file_write_all (fd, "0123456789", 10));
  g_assert_cmpint (errno, ==, EFBIG);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &before), ==, 0);
  g_assert_cmpint (lseek (fd, 0, SEEK_END), ==, 6);
  close (fd);
  g_unlink (path);
}

static void
test_closed (void)
{
  errno = 0;
  g_assert_false (bed_file_write_all (-1, "x", 1));
  g_assert_cmpint (errno, ==, EBADF);
}

static void
test_folder (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_dir_make_tmp ("bed-file-XXXXXX", &error);

  g_assert_no_error (error);
  g_assert_true (bed_file_sync_folder (path));
  g_rmdir (path);
  g_assert_false (bed_file_sync_folder (path));
  g_assert_cmpint (errno, ==, ENOENT);
  g_assert_false (bed_file_sync_folder ("/dev/null"));
  g_assert_cmpint (errno, ==, ENOTDIR);
  g_assert_true (bed_file_cannot_sync_folders (EINVAL));
  g_assert_false (bed_file_cannot_sync_folders (EIO));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/file/all", test_all);
  g_test_add_func ("/base/file/limit", test_limit);
  g_test_add_func ("/base/file/closed", test_closed);
  g_test_add_func ("/base/file/folder", test_folder);
  return g_test_run ();
}
