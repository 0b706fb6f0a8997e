/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

gboolean
bed_db_checkpoint (BedDb *self, GError **error)
{
  int log = 0;
  int done = 0;
  int rc = sqlite3_wal_checkpoint_v2 (self->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, &log, &done);

  return rc == SQLITE_OK || bed_db_fail (self, rc, error);
}

static gboolean
expect_first (BedDb *self, const char *sql, const char *expected, GError **error)
{
  g_autoptr (BedDbStatement) statement = bed_db_prepare (self, sql, error);
  BedDbStep step;

  if (!statement)
    return FALSE;
  step = bed_db_statement_step (statement, error);
  if (step == BED_DB_STEP_ERROR)
    return FALSE;
  if (expected ? step == BED_DB_STEP_ROW
                     && g_strcmp0 (bed_db_statement_get_text (statement, 0), expected) == 0
               : step == BED_DB_STEP_DONE)
    return TRUE;
  g_set_error (error, BED_DB_ERROR, BED_DB_ERROR_DAMAGED, "The database is damaged");
  return FALSE;
}

gboolean
bed_db_check_integrity (BedDb *self, GError **error)
{
  return expect_first (self, "PRAGMA integrity_check(1)", "ok", error)
         && expect_first (self, "PRAGMA foreign_key_check", NULL, error);
}

/* --- Copies ----------------------------------------------------------------------------------- */

#define COPY_PAGES 256 /* in one step: 1 MiB */
#define COPY_SHARE 0.7 /* of the whole; the rest is checking */
#define CHECK_OPS 200000

typedef struct
{
  BedDbProgress callback; /* nullable */
  gpointer user_data;
  double fraction;
  gboolean stopped;
} Progress;

static gboolean
go_on (Progress *self, double fraction)
{
  self->fraction = fraction;
  if (self->callback && !self->stopped)
    self->stopped = !self->callback (fraction, self->user_data);
  return !self->stopped;
}

static gboolean
stopped (GError **error)
{
  g_set_error_literal (error, BED_DB_ERROR, BED_DB_ERROR_STOPPED, "The copy was stopped");
  return FALSE;
}

static int
step_pages (sqlite3_backup *backup, Progress *progress)
{
  int rc = SQLITE_OK;

  while (rc == SQLITE_OK)
    {
      rc = sqlite3_backup_step (backup, COPY_PAGES);
      if (rc == SQLITE_OK
          && !go_on (progress, COPY_SHARE * (1 - (double) sqlite3_backup_remaining (backup)
                                                     / MAX (sqlite3_backup_pagecount (backup), 1))))
        return SQLITE_OK;
    }
  return rc;
}

static gboolean
backup_pages (BedDb *self, BedDb *target, Progress *progress, GError **error)
{
  sqlite3_backup *backup = sqlite3_backup_init (target->handle, "main", self->handle, "main");
  int rc;
  int finish;

  if (!backup)
    return bed_db_fail (target, sqlite3_extended_errcode (target->handle), error);
  rc = step_pages (backup, progress);
  finish = sqlite3_backup_finish (backup);
  if (progress->stopped)
    return stopped (error);
  if (rc != SQLITE_DONE)
    return bed_db_fail (target, rc, error);
  return finish == SQLITE_OK || bed_db_fail (target, finish, error);
}

/* In one read transaction, so that a writer beside it does not make the copy begin again. */
static gboolean
copy_pages (BedDb *self, BedDb *target, Progress *progress, GError **error)
{
  gboolean own = sqlite3_get_autocommit (self->handle) != 0;
  gboolean ok;

  if (own && !bed_db_exec (self, "BEGIN; SELECT count(*) FROM sqlite_master", error))
    return FALSE;
  ok = backup_pages (self, target, progress, error);
  if (own && !sqlite3_get_autocommit (self->handle))
    sqlite3_exec (self->handle, "ROLLBACK", NULL, NULL, NULL);
  return ok;
}

/* How long a check takes cannot be known: it comes nearer to the end without reaching it. */
static int
on_check (void *user_data)
{
  Progress *progress = user_data;

  return !go_on (progress, progress->fraction + (1 - progress->fraction) * 0.02);
}

static gboolean
check_copy (BedDb *target, Progress *progress, GError **error)
{
  gboolean ok;

  sqlite3_progress_handler (target->handle, CHECK_OPS, on_check, progress);
  ok = bed_db_check_integrity (target, progress->stopped ? NULL : error);
  sqlite3_progress_handler (target->handle, 0, NULL, NULL);
  if (!progress->stopped)
    return ok;
  g_clear_error (error);
  return stopped (error);
}

static gboolean
write_copy (BedDb *self, const char *path, const BedSecret *key, Progress *progress, GError **error)
{
  g_autoptr (BedDb) target = bed_db_open_plain_journal (path, key, error);

  /* The copied header says WAL; a file that travels alone must not. */
  return target && copy_pages (self, target, progress, error)
         && bed_db_pragma (target, "journal_mode", "DELETE", "delete", error)
         && check_copy (target, progress, error);
}

static gboolean
sync_path (const char *path, int flags)
{
  int fd = open (path, O_RDONLY | O_CLOEXEC | flags);
  gboolean ok = fd >= 0 && fsync (fd) == 0;

  if (fd >= 0)
    close (fd);
  return ok;
}

static gboolean
put_in_place (const char *temporary, const char *path, GError **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (sync_path (temporary, 0) && g_rename (temporary, path) == 0
      && sync_path (folder, O_DIRECTORY))
    return TRUE;
  g_set_error (error, BED_DB_ERROR, errno == ENOSPC ? BED_DB_ERROR_FULL : BED_DB_ERROR_IO,
               "The copy cannot be written: %s", g_strerror (errno));
  return FALSE;
}

gboolean
bed_db_copy_with_progress (BedDb *self, const char *path, const BedSecret *key,
                           BedDbProgress callback, gpointer user_data, GError **error)
{
  Progress progress = { .callback = callback, .user_data = user_data };
  g_autofree char *temporary = NULL;
  g_autofree char *journal = NULL;
  guint32 suffix;

  g_return_val_if_fail (bed_secret_get_length (key) == BED_DB_KEY_LENGTH, FALSE);
  bed_random_bytes (&suffix, sizeof suffix);
  temporary = g_strdup_printf ("%s.%08x", path, suffix);
  journal = g_strconcat (temporary, "-journal", NULL);
  if (write_copy (self, temporary, key, &progress, error) && !bed_db_file_is_plain (temporary)
      && put_in_place (temporary, path, error))
    return TRUE;
  if (error && !*error)
    g_set_error (error, BED_DB_ERROR, BED_DB_ERROR_NOT_ENCRYPTED, "The copy is not encrypted");
  g_unlink (temporary);
  g_unlink (journal);
  return FALSE;
}

gboolean
bed_db_copy (BedDb *self, const char *path, const BedSecret *key, GError **error)
{
  return bed_db_copy_with_progress (self, path, key, NULL, NULL, error);
}
