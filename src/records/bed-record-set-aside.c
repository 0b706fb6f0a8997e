/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-record-set-aside.h"

#include "bed-backup-private.h"
#include "bed-log.h"
#include "bed-records-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define LOCK_FILE "vault.lock"
#define WORD "set-aside"
#define KEYS_AWAY BED_BACKUP_KEYS ".removed"
#define STAMP "%Y%m%d-%H%M%S"
#define STAMP_LENGTH 15

int
bed_backup_hold_profile (const char *directory, GError **error)
{
  g_autofree char *path = g_build_filename (directory, LOCK_FILE, NULL);
  int fd = open (path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (fd < 0)
    {
      bed_backup_fail (errno, error);
      return -1;
    }
  if (flock (fd, LOCK_EX | LOCK_NB) == 0)
    return fd;
  close (fd);
  g_set_error_literal (error, BED_VAULT_ERROR, BED_VAULT_ERROR_IN_USE, "The record is open");
  return -1;
}

char *
bed_backup_name_beside (const char *directory, const char *word, BedClock *clock)
{
  gint64 now = bed_clock_get_real_us (clock);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (now / G_USEC_PER_SEC);
  g_autofree char *stamp = g_date_time_format (time, STAMP);

  return g_strdup_printf ("%s.%s-%s-%04x", directory, word, stamp,
                          g_random_int_range (0, 0x10000));
}

/* --- The list --------------------------------------------------------------------------------- */

static void
set_aside_free (gpointer data)
{
  BedSetAside *self = data;

  g_free (self->path);
  g_free (self);
}

/* The time in "<name>.set-aside-20260101-120000-ab12"; -1: not one of ours. */
static gint64
parse_name (const char *name, const char *prefix)
{
  int year, month, day, hour, minute, second, read = 0;
  g_autoptr (GDateTime) time = NULL;

  if (!g_str_has_prefix (name, prefix)
      || sscanf (name + strlen (prefix), "%4d%2d%2d-%2d%2d%2d%n", &year, &month, &day, &hour,
                 &minute, &second, &read)
             != 6
      || read != STAMP_LENGTH)
    return -1;
  time = g_date_time_new_utc (year, month, day, hour, minute, second);
  return time != NULL ? g_date_time_to_unix (time) * G_USEC_PER_SEC : -1;
}

static char *
prefix_of (const char *directory, const char *word)
{
  g_autofree char *name = g_path_get_basename (directory);

  return g_strconcat (name, ".", word, "-", NULL);
}

static int
compare_newest (gconstpointer a, gconstpointer b)
{
  const BedSetAside *one = *(BedSetAside *const *) a, *other = *(BedSetAside *const *) b;

  return (one->until_us < other->until_us) - (one->until_us > other->until_us);
}

/* One of ours is never a link to somewhere else. */
static gboolean
is_folder (const char *path)
{
  return g_file_test (path, G_FILE_TEST_IS_DIR) && !g_file_test (path, G_FILE_TEST_IS_SYMLINK);
}

GPtrArray *
bed_record_list_set_aside (const char *directory)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (set_aside_free);
  g_autofree char *parent = g_path_get_dirname (directory);
  g_autofree char *prefix = prefix_of (directory, WORD);
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      gint64 until_us = parse_name (name, prefix);
      g_autofree char *path = g_build_filename (parent, name, NULL);
      g_autofree char *keys = g_build_filename (path, BED_BACKUP_KEYS, NULL);
      BedSetAside *entry;

      if (until_us < 0 || !is_folder (path))
        continue;
      entry = g_new0 (BedSetAside, 1);
      entry->path = g_steal_pointer (&path);
      entry->until_us = until_us;
      entry->whole = g_file_test (keys, G_FILE_TEST_IS_REGULAR);
      g_ptr_array_add (found, entry);
    }
  g_ptr_array_sort (found, compare_newest);
  return found;
}

/* Nothing but what the list names. whole: and with its keys. */
static gboolean
is_set_aside (const char *directory, const char *path, gboolean whole, GError **error)
{
  g_autoptr (GPtrArray) list = bed_record_list_set_aside (directory);

  for (guint i = 0; i < list->len; i++)
    {
      const BedSetAside *entry = g_ptr_array_index (list, i);

      if (g_str_equal (entry->path, path) && (entry->whole || !whole))
        return TRUE;
    }
  return bed_backup_fail (ENOENT, error);
}

/* The record in `directory` takes it into its trail at its next unlock. */
static gboolean
note (const char *directory, const char *path, BedAuditEvent event, BedClock *clock, GError **error)
{
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (BedVault) vault = bed_vault_new (directory, clock, NULL);
  g_autoptr (GBytes) packed
      = bed_audit_event_pack (bed_clock_get_real_us (clock), event, strstr (name, WORD));
  GError *inner = NULL;

  return bed_vault_spool_append (vault, packed, &inner) || bed_record_fail (inner, error);
}

/* --- Putting back ----------------------------------------------------------------------------- */

static gboolean
exchange (const char *directory, const char *path, BedClock *clock, GError **error)
{
  g_autofree char *parent = g_path_get_dirname (directory);
  g_autofree char *aside = bed_backup_name_beside (directory, WORD, clock);
  g_autoptr (GError) late = NULL;

  if (renameat2 (AT_FDCWD, path, AT_FDCWD, directory, RENAME_EXCHANGE) != 0)
    return bed_backup_fail (errno, error);
  if (g_rename (path, aside) != 0)
    g_message ("What was set aside keeps its old name: %s", g_strerror (errno));
  if (!bed_backup_sync_folder (parent, &late))
    g_message ("The record was put back, and that is not synced: " BED_ERROR_FORMAT,
               BED_ERROR_CODE (late));
  return TRUE;
}

gboolean
bed_record_put_back (const char *directory, const char *path, BedClock *clock, GError **error)
{
  g_autoptr (GError) late = NULL;
  gboolean ok;
  int fd;

  if (!is_set_aside (directory, path, TRUE, error))
    return FALSE;
  fd = bed_backup_hold_profile (directory, error);
  if (fd < 0)
    return FALSE;
  /* What cannot be noted is not done, and what was not done is not noted as done. */
  ok = note (path, path, BED_AUDIT_RESTORE_BEGUN, clock, error)
       && exchange (directory, path, clock, error);
  if (ok && !note (directory, path, BED_AUDIT_RESTORED, clock, &late))
    g_message ("That a record was put back could not be noted: " BED_ERROR_FORMAT,
               BED_ERROR_CODE (late));
  close (fd);
  return ok;
}

/* --- Removing --------------------------------------------------------------------------------- */

gboolean
bed_backup_clear_folder (const char *path, GError **error)
{
  g_autofree char *keys = g_build_filename (path, BED_BACKUP_KEYS, NULL);
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (g_unlink (keys) != 0 && errno != ENOENT)
    return bed_backup_fail (errno, error);
  dir = g_dir_open (path, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);
      g_unlink (file);
    }
  return g_rmdir (path) == 0 || bed_backup_fail (errno, error);
}

gboolean
bed_record_remove_set_aside (const char *directory, const char *path, BedClock *clock,
                             GError **error)
{
  g_autofree char *keys = g_build_filename (path, BED_BACKUP_KEYS, NULL);
  g_autofree char *away = g_build_filename (path, KEYS_AWAY, NULL);

  if (!is_set_aside (directory, path, FALSE, error))
    return FALSE;
  /* Without its keys it is none any more; what cannot be noted gets them back. */
  if (g_rename (keys, away) != 0 && errno != ENOENT)
    return bed_backup_fail (errno, error);
  if (!note (directory, path, BED_AUDIT_BACKUP_REMOVED, clock, error))
    {
      if (g_rename (away, keys) != 0 && errno != ENOENT)
        g_message ("What was to be removed lies without its keys: %s", g_strerror (errno));
      return FALSE;
    }
  if (g_unlink (away) != 0 && errno != ENOENT)
    return bed_backup_fail (errno, error);
  return bed_backup_clear_folder (path, error);
}

/* --- What a restoring left -------------------------------------------------------------------- */

int
bed_backup_hold_folder (const char *path, GError **error)
{
  int fd = open (path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

  if (fd >= 0 && (flock (fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK))
    return fd;
  bed_backup_fail (errno, error);
  if (fd >= 0)
    close (fd);
  return -1;
}

static void
clear (const char *path)
{
  g_autoptr (GError) error = NULL;
  int fd = bed_backup_hold_folder (path, NULL); /* whoever restores holds it */

  if (fd < 0)
    return;
  if (!bed_backup_clear_folder (path, &error))
    g_message ("What a restoring left could not be removed: " BED_ERROR_FORMAT,
               BED_ERROR_CODE (error));
  close (fd);
}

void
bed_record_clear_restoring (const char *directory)
{
  g_autofree char *parent = g_path_get_dirname (directory);
  g_autofree char *prefix = prefix_of (directory, BED_BACKUP_RESTORING);
  g_autoptr (GDir) dir = g_dir_open (parent, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (parent, name, NULL);

      if (parse_name (name, prefix) >= 0)
        clear (path);
    }
}
