/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-backup-private.h"

#include "bed-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

gboolean
bed_backup_fail (int saved_errno, GError **error)
{
  BedRecordError code = BED_RECORD_ERROR_IO;

  if (saved_errno == ENOSPC || saved_errno == EDQUOT || saved_errno == EFBIG)
    code = BED_RECORD_ERROR_FULL;
  else if (saved_errno == ENOENT || saved_errno == ENOTDIR)
    code = BED_RECORD_ERROR_NOT_FOUND;
  g_set_error (error, BED_RECORD_ERROR, (int) code, "%s", g_strerror (saved_errno));
  return FALSE;
}

/* The next part of a file; -1 with errno. */
static ssize_t
read_part (int fd, guint8 *buffer)
{
  ssize_t n;

  do
    n = read (fd, buffer, BED_BACKUP_PART);
  while (n < 0 && errno == EINTR);
  return n;
}

static int
open_regular (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  struct stat st;

  if (fd >= 0 && fstat (fd, &st) == 0 && S_ISREG (st.st_mode))
    return fd;
  bed_backup_fail (fd < 0 ? errno : EINVAL, error);
  if (fd >= 0)
    close (fd);
  return -1;
}

gboolean
bed_backup_hash_file (const char *path, guint8 hash[32], guint64 *bytes, GCancellable *cancellable,
                      GError **error)
{
  g_autofree guint8 *buffer = g_malloc (BED_BACKUP_PART);
  crypto_hash_sha256_state state;
  int fd = open_regular (path, error);
  ssize_t n;

  if (fd < 0)
    return FALSE;
  *bytes = 0;
  crypto_hash_sha256_init (&state);
  while ((n = read_part (fd, buffer)) > 0 && !g_cancellable_is_cancelled (cancellable))
    {
      crypto_hash_sha256_update (&state, buffer, (unsigned long long) n);
      *bytes += (guint64) n;
    }
  if (n < 0)
    bed_backup_fail (errno, error);
  close (fd);
  crypto_hash_sha256_final (&state, hash);
  return n >= 0 && !g_cancellable_set_error_if_cancelled (cancellable, error);
}

/* Syncs and closes; takes a failure that came before. */
static gboolean
finish_file (int fd, gboolean ok, const char *path, GError **error)
{
  int saved = ok ? 0 : errno;

  if (ok && fsync (fd) != 0)
    saved = errno;
  if (close (fd) != 0 && saved == 0)
    saved = errno;
  if (saved == 0)
    return TRUE;
  g_unlink (path);
  return bed_backup_fail (saved, error);
}

static int
make_file (const char *path, GError **error)
{
  int fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    bed_backup_fail (errno, error);
  return fd;
}

gboolean
bed_backup_write_file (const char *path, const char *text, GError **error)
{
  int fd = make_file (path, error);

  return fd >= 0
         && finish_file (fd, bed_file_write_all (fd, text, strlen (text)), path, error);
}

gboolean
bed_backup_copy_file (const char *from, const char *to, gint *parts, GCancellable *cancellable,
                      GError **error)
{
  g_autofree guint8 *buffer = g_malloc (BED_BACKUP_PART);
  int in = open_regular (from, error);
  int out = in >= 0 ? make_file (to, error) : -1;
  gboolean ok = out >= 0;
  ssize_t n = 0;

  while (ok && !g_cancellable_is_cancelled (cancellable) && (n = read_part (in, buffer)) > 0)
    {
      ok = bed_file_write_all (out, buffer, (gsize) n);
      if (parts != NULL)
        g_atomic_int_inc (parts);
    }
  if (in >= 0)
    close (in);
  if (out < 0 || !finish_file (out, ok && n >= 0, to, error))
    return FALSE;
  if (!g_cancellable_set_error_if_cancelled (cancellable, error))
    return TRUE;
  g_unlink (to);
  return FALSE;
}

gboolean
bed_backup_sync_folder (const char *path, GError **error)
{
  return bed_file_sync_folder (path) || bed_file_cannot_sync_folders (errno)
         || bed_backup_fail (errno, error);
}

void
bed_backup_remove_folder (const char *path)
{
  static const char *const names[] = { BED_BACKUP_MANIFEST, BED_BACKUP_DB, BED_BACKUP_DB "-wal",
                                       BED_BACKUP_DB "-shm", BED_BACKUP_DB "-journal",
                                       BED_BACKUP_KEYS };
  g_autoptr (GDir) dir = NULL;
  const char *name;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *file = g_build_filename (path, names[i], NULL);
      g_unlink (file);
    }
  /* What a killed copy left: vault.db.<8 digits>, vault.keys.new. */
  dir = g_dir_open (path, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, BED_BACKUP_DB ".") || g_str_has_prefix (name, BED_BACKUP_KEYS "."))
      {
        g_autofree char *file = g_build_filename (path, name, NULL);
        g_unlink (file);
      }
  g_rmdir (path);
}

char *
bed_backup_partial_path (const char *folder, const char *name)
{
  g_autofree char *hidden = g_strconcat (".", name, ".partial", NULL);

  return g_build_filename (folder, hidden, NULL);
}

void
bed_backup_remove_partial (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_prefix (name, "." BED_BACKUP_PREFIX) && g_str_has_suffix (name, ".partial"))
      {
        g_autofree char *path = g_build_filename (folder, name, NULL);
        bed_backup_remove_folder (path);
      }
}
