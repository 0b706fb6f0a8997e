/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct
{
  const char *folder; /* borrowed */
  GPtrArray *made;    /* owned paths, in the order in which they were made */
  int fd;             /* of the file being written, or -1 */
  int failure;        /* errno, or 0 */
} Unpack;

static gboolean
keep_errno (Unpack *self, gboolean ok)
{
  if (!ok && self->failure == 0)
    self->failure = errno;
  return ok;
}

/* Folders on the way, each made here and by nobody else before. */
static gboolean
make_folders (Unpack *self, const char *name)
{
  g_auto (GStrv) parts = g_strsplit (name, "/", -1);
  g_autofree char *path = g_strdup (self->folder);

  for (guint i = 0; parts[i] != NULL && parts[i + 1] != NULL; i++)
    {
      g_autofree char *next = g_build_filename (path, parts[i], NULL);

      if (mkdir (next, 0700) == 0)
        g_ptr_array_add (self->made, g_strdup (next));
      else if (!keep_errno (self, errno == EEXIST))
        return FALSE;
      g_free (path);
      path = g_steal_pointer (&next);
    }
  return TRUE;
}

static gboolean
begin (const char *name, guint64 size, gpointer user_data)
{
  Unpack *self = user_data;
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  if (!make_folders (self, name))
    return FALSE;
  self->fd = open (path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (self->fd >= 0)
    g_ptr_array_add (self->made, g_steal_pointer (&path));
  return keep_errno (self, self->fd >= 0);
}

static gboolean
piece (const guint8 *data, gsize length, gpointer user_data)
{
  Unpack *self = user_data;

  while (length > 0)
    {
      ssize_t n = write (self->fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (!keep_errno (self, n > 0))
        return FALSE;
      data += n;
      length -= n;
    }
  return TRUE;
}

static gboolean
end (gpointer user_data)
{
  Unpack *self = user_data;
  int fd = self->fd;

  self->fd = -1;
  return keep_errno (self, close (fd) == 0);
}

static const BedExportVisitor visitor = { begin, piece, end };

/* What is not whole is not left behind. */
static void
take_back (Unpack *self)
{
  if (self->fd >= 0)
    close (self->fd);
  for (guint i = self->made->len; i > 0; i--)
    remove (g_ptr_array_index (self->made, i - 1));
}

static gboolean
unpack_stream (Unpack *self, GInputStream *stream, BedSecret *passphrase, guint *n_files,
               GCancellable *cancellable, GError **error)
{
  g_autoptr (GError) inner = NULL;

  if (bed_record_export_read (stream, passphrase, &visitor, self, n_files, cancellable, &inner))
    return TRUE;
  take_back (self);
  if (self->failure != 0)
    return bed_export_fail (self->failure, error);
  g_propagate_error (error, g_steal_pointer (&inner));
  return FALSE;
}

gboolean
bed_record_export_unpack (const char *path, BedSecret *passphrase, const char *folder,
                          guint *n_files, GCancellable *cancellable, GError **error)
{
  g_autoptr (GPtrArray) made = g_ptr_array_new_with_free_func (g_free);
  Unpack self = { .folder = folder, .made = made, .fd = -1 };
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileInputStream) stream = g_file_read (file, cancellable, NULL);

  if (stream == NULL)
    return bed_export_fail (access (path, R_OK) != 0 ? errno : EIO, error);
  if (mkdir (folder, 0700) != 0)
    return bed_export_fail (errno, error);
  g_ptr_array_add (made, g_strdup (folder));
  return unpack_stream (&self, G_INPUT_STREAM (stream), passphrase, n_files, cancellable, error);
}
