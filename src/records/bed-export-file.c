/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-export-file.h"

#include "bed-encoding.h"
#include "bed-file.h"
#include "bed-secret.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gunixoutputstream.h>
#include <stdio.h>
#include <unistd.h>

G_DEFINE_QUARK (bed-export-error-quark, bed_export_error)

struct _BedExportFile
{
  char *path;    /* owned */
  char *working; /* owned; the name beside it */
  char *reading; /* owned; where its bytes can be read meanwhile */
  int fd;
  gboolean named; /* it has the working name; else it has none, and a crash leaves nothing */
  gboolean synced;
};

gboolean
bed_export_fail (int saved_errno, GError **error)
{
  BedExportError code = BED_EXPORT_ERROR_IO;

  if (saved_errno == ENOSPC || saved_errno == EDQUOT || saved_errno == EFBIG)
    code = BED_EXPORT_ERROR_FULL;
  else if (saved_errno == EACCES || saved_errno == EPERM || saved_errno == EROFS)
    code = BED_EXPORT_ERROR_DENIED;
  else if (saved_errno == ENOENT || saved_errno == ENOTDIR)
    code = BED_EXPORT_ERROR_NOT_FOUND;
  /* The path may name a patient: only what happened. */
  g_set_error_literal (error, BED_EXPORT_ERROR, code, g_strerror (saved_errno));
  return FALSE;
}

static char *
name_beside (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);
  guint8 bytes[9];
  g_autofree char *random = NULL;
  g_autofree char *name = NULL;

  bed_random_bytes (bytes, sizeof bytes);
  random = bed_base64url_encode (bytes, sizeof bytes);
  name = g_strconcat (".bedside-", random, ".part", NULL);
  return g_build_filename (folder, name, NULL);
}

/* Without a name where the file system can: portals and some network drives cannot. */
static void
open_working (BedExportFile *self)
{
  g_autofree char *folder = g_path_get_dirname (self->path);

  self->fd = open (folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (self->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR || errno == EINVAL))
    {
      self->fd = open (self->working, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
      self->named = self->fd >= 0;
    }
  self->reading = self->named ? g_strdup (self->working)
                              : g_strdup_printf ("/proc/self/fd/%d", self->fd);
}

BedExportFile *
bed_export_file_open (const char *path, GError **error)
{
  BedExportFile *self = g_new0 (BedExportFile, 1);

  self->path = g_strdup (path);
  self->working = name_beside (path);
  open_working (self);
  if (self->fd < 0)
    {
      bed_export_fail (errno, error);
      g_clear_pointer (&self, bed_export_file_free);
    }
  return self;
}

gboolean
bed_export_file_write (BedExportFile *self, const void *data, gsize length, GError **error)
{
  self->synced = FALSE;
  return bed_file_write_all (self->fd, data, length) || bed_export_fail (errno, error);
}

GOutputStream *
bed_export_file_new_stream (BedExportFile *self)
{
  self->synced = FALSE;
  return g_unix_output_stream_new (self->fd, FALSE);
}

gboolean
bed_export_file_sync (BedExportFile *self, GError **error)
{
  if (fsync (self->fd) != 0)
    return bed_export_fail (errno, error);
  self->synced = TRUE;
  return TRUE;
}

static gboolean
sync_folder (const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  return bed_file_sync_folder (folder) || bed_file_cannot_sync_folders (errno)
         || bed_export_fail (errno, error);
}

gboolean
bed_export_file_commit (BedExportFile *self, GError **error)
{
  if (!self->synced && !bed_export_file_sync (self, error))
    return FALSE;
  if (!self->named
      && linkat (AT_FDCWD, self->reading, AT_FDCWD, self->working, AT_SYMLINK_FOLLOW) != 0)
    return bed_export_fail (errno, error);
  self->named = TRUE;
  if (rename (self->working, self->path) != 0)
    return bed_export_fail (errno, error);
  self->named = FALSE;
  return sync_folder (self->path, error);
}

void
bed_export_file_free (BedExportFile *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    {
      close (self->fd);
      if (self->named)
        unlink (self->working);
    }
  g_free (self->path);
  g_free (self->working);
  g_free (self->reading);
  g_free (self);
}

const char *
bed_export_file_get_working_path (BedExportFile *self)
{
  return self->reading;
}

gboolean
bed_export_file_save (const char *path, const void *data, gsize length, GError **error)
{
  g_autoptr (BedExportFile) file = bed_export_file_open (path, error);

  return file != NULL && bed_export_file_write (file, data, length, error)
         && bed_export_file_commit (file, error);
}
