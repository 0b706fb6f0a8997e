/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault-private.h"

#include "bed-file.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

gboolean
bed_vault_fail_errno (int saved_errno, const char *what, GError **error)
{
  BedVaultError code = BED_VAULT_ERROR_IO;

  if (saved_errno == ENOSPC || saved_errno == EDQUOT || saved_errno == EFBIG)
    code = BED_VAULT_ERROR_FULL;
  else if (saved_errno == ENOENT)
    code = BED_VAULT_ERROR_MISSING;
  g_set_error (error, BED_VAULT_ERROR, code, "%s: %s", what, g_strerror (saved_errno));
  return FALSE;
}

gboolean
bed_vault_fail_db (GError *db_error, GError **error)
{
  BedVaultError code = BED_VAULT_ERROR_IO;

  if (db_error->domain == BED_VAULT_ERROR)
    {
      g_propagate_error (error, db_error);
      return FALSE;
    }
  switch (db_error->domain == BED_DB_ERROR ? db_error->code : BED_DB_ERROR_IO)
    {
    case BED_DB_ERROR_WRONG_KEY: /* the header's key is authentic, so the first page is not */
    case BED_DB_ERROR_DAMAGED:
    case BED_DB_ERROR_NOT_FOUND:
    case BED_DB_ERROR_NOT_ENCRYPTED:
      code = BED_VAULT_ERROR_DAMAGED;
      break;
    case BED_DB_ERROR_NEWER:
      code = BED_VAULT_ERROR_NEWER;
      break;
    case BED_DB_ERROR_FULL:
      code = BED_VAULT_ERROR_FULL;
      break;
    case BED_DB_ERROR_BUSY:
      code = BED_VAULT_ERROR_IN_USE;
      break;
    default:
      break;
    }
  g_set_error (error, BED_VAULT_ERROR, code, "%s", db_error->message);
  g_error_free (db_error);
  return FALSE;
}

gboolean
bed_vault_sync_directory (const char *path, GError **error)
{
  return bed_file_sync_folder (path)
         || bed_vault_fail_errno (errno, "The folder cannot be synced", error);
}

gboolean
bed_vault_replace_file (const char *path, const void *data, gsize length, GError **error)
{
  g_autofree char *temporary = g_strconcat (path, ".new", NULL);
  g_autofree char *directory = g_path_get_dirname (path);
  int fd = open (temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
  int saved = errno;
  gboolean ok = fd >= 0 && bed_file_write_all (fd, data, length) && fsync (fd) == 0;

  if (fd >= 0)
    {
      if (!ok)
        saved = errno;
      if (close (fd) != 0 && ok)
        {
          saved = errno;
          ok = FALSE;
        }
    }
  if (ok && g_rename (temporary, path) != 0)
    {
      saved = errno;
      ok = FALSE;
    }
  if (ok)
    return bed_vault_sync_directory (directory, error);
  if (fd >= 0)
    g_unlink (temporary);
  return bed_vault_fail_errno (saved, "The file cannot be written", error);
}

static gboolean
read_all (int fd, guint8 *data, gsize length)
{
  while (length > 0)
    {
      ssize_t n = read (fd, data, length);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      data += n;
      length -= (gsize) n;
    }
  return TRUE;
}

GBytes *
bed_vault_read_file (const char *path, gsize max, GError **error)
{
  g_autofree guint8 *data = NULL;
  struct stat st;
  int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  int saved = errno;
  gboolean ok;

  if (fd < 0)
    {
      bed_vault_fail_errno (saved, "The file cannot be read", error);
      return NULL;
    }
  ok = fstat (fd, &st) == 0 && S_ISREG (st.st_mode);
  if (ok && (guint64) st.st_size <= max)
    {
      data = g_malloc (MAX ((gsize) st.st_size, 1));
      ok = read_all (fd, data, (gsize) st.st_size);
    }
  close (fd);
  if (ok && data != NULL)
    return g_bytes_new_take (g_steal_pointer (&data), (gsize) st.st_size);
  g_set_error (error, BED_VAULT_ERROR, ok ? BED_VAULT_ERROR_DAMAGED : BED_VAULT_ERROR_IO,
               "The file cannot be read");
  return NULL;
}

gboolean
bed_vault_load_keyslots (const char *path, BedKeyslots *slots, GError **error)
{
  g_autoptr (GBytes) bytes = bed_vault_read_file (path, BED_KEYSLOTS_MAX_FILE, error);
  gsize length;
  const guint8 *data;

  if (bytes == NULL)
    return FALSE;
  data = g_bytes_get_data (bytes, &length);
  return bed_keyslots_parse (slots, data, length, error);
}
