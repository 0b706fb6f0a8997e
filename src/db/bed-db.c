/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db-private.h"

#include "bed-log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE_SIZE "4096"

G_DEFINE_QUARK (bed-db-error-quark, bed_db_error)

static BedDbError
error_for (int rc)
{
  switch (rc & 0xff)
    {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
      return BED_DB_ERROR_DAMAGED;
    case SQLITE_FULL:
      return BED_DB_ERROR_FULL;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_INTERRUPT:
      return BED_DB_ERROR_BUSY;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return BED_DB_ERROR_IO;
    case SQLITE_CONSTRAINT:
      return BED_DB_ERROR_CONSTRAINT;
    default:
      return BED_DB_ERROR_FAILED;
    }
}

static gboolean
is_no_room (int system_errno)
{
  return system_errno == ENOSPC || system_errno == EDQUOT || system_errno == EFBIG;
}

gboolean
bed_db_fail (BedDb *self, int rc, GError **error)
{
  BedDbError code = error_for (rc);

  if (code == BED_DB_ERROR_IO && self->handle && is_no_room (sqlite3_system_errno (self->handle)))
    code = BED_DB_ERROR_FULL;
  if (self->handle
      && (code == BED_DB_ERROR_FULL || code == BED_DB_ERROR_IO || code == BED_DB_ERROR_BUSY
          || code == BED_DB_ERROR_DAMAGED))
    {
      self->failing = TRUE;
      self->changes = sqlite3_total_changes (self->handle);
    }
  g_set_error (error, BED_DB_ERROR, code, "%s (%d)", sqlite3_errstr (rc), rc);
  return FALSE;
}

/* What changes nothing is not written either. */
void
bed_db_note_written (BedDb *self)
{
  int changes = sqlite3_total_changes (self->handle);

  if (changes != self->changes)
    self->failing = FALSE;
  self->changes = changes;
}

gboolean
bed_db_get_failing (BedDb *self)
{
  return self->failing;
}

gboolean
bed_db_file_is_plain (const char *path)
{
  char head[16];
  gboolean plain = FALSE;
  int fd = open (path, O_RDONLY | O_CLOEXEC);

  if (fd < 0)
    return FALSE;
  plain = read (fd, head, sizeof head) == sizeof head && memcmp (head, "SQLite format 3", 16) == 0;
  close (fd);
  return plain;
}

/* Closing any descriptor of a file takes away all of this process's locks on it, those of a
 * database that is open too: so an existing file is never opened here beside SQLite. */
static gboolean
make_file (const char *path, BedDbFlags flags, GError **error)
{
  struct stat st;
  int saved;
  int fd;

  if (stat (path, &st) == 0)
    return TRUE;
  saved = errno;
  if (saved == ENOENT && (flags & BED_DB_CREATE))
    {
      fd = open (path, O_RDWR | O_CLOEXEC | O_CREAT | O_EXCL, 0600);
      saved = errno;
      if (fd >= 0)
        {
          close (fd);
          return TRUE;
        }
    }
  g_set_error (error, BED_DB_ERROR,
               saved == ENOENT && !(flags & BED_DB_CREATE) ? BED_DB_ERROR_NOT_FOUND
               : saved == ENOSPC || saved == EDQUOT        ? BED_DB_ERROR_FULL
                                                           : BED_DB_ERROR_IO,
               "The database file cannot be opened: %s", g_strerror (saved));
  return FALSE;
}

/* The raw key as SQLCipher wants it, x'<64 hex digits>': its own key derivation is then not used.
 */
static int
give_key (sqlite3 *handle, const BedSecret *key)
{
  static const char digits[] = "0123456789abcdef";
  const guint8 *bytes = bed_secret_get_data (key);
  g_autoptr (BedSecret) text = bed_secret_new_zero (BED_DB_KEY_LENGTH * 2 + 3);
  char *out = (char *) bed_secret_get_writable (text);

  *out++ = 'x';
  *out++ = '\'';
  for (gsize i = 0; i < BED_DB_KEY_LENGTH; i++)
    {
      *out++ = digits[bytes[i] >> 4];
      *out++ = digits[bytes[i] & 15];
    }
  *out = '\'';
  return sqlite3_key (handle, bed_secret_get_data (text), BED_DB_KEY_LENGTH * 2 + 3);
}

static char *
read_pragma (BedDb *self, const char *sql, GError **error)
{
  g_autoptr (BedDbStatement) statement = bed_db_prepare (self, sql, error);
  BedDbStep step;

  if (!statement)
    return NULL;
  step = bed_db_statement_step (statement, error);
  if (step == BED_DB_STEP_ROW && !bed_db_statement_is_null (statement, 0))
    return bed_db_statement_dup_text (statement, 0);
  if (step != BED_DB_STEP_ERROR)
    g_set_error (error, BED_DB_ERROR, BED_DB_ERROR_FAILED, "No answer to %s", sql);
  return NULL;
}

gboolean
bed_db_pragma (BedDb *self, const char *name, const char *value, const char *expected,
               GError **error)
{
  g_autofree char *get = g_strdup_printf ("PRAGMA %s", name);
  g_autofree char *got = NULL;

  if (value)
    {
      g_autofree char *set = g_strdup_printf ("PRAGMA %s = %s", name, value);
      if (!bed_db_exec (self, set, error))
        return FALSE;
    }
  got = read_pragma (self, get, error);
  if (!got)
    return FALSE;
  if (g_ascii_strcasecmp (got, expected) == 0)
    return TRUE;
  g_set_error (error, BED_DB_ERROR, BED_DB_ERROR_FAILED, "%s is %s instead of %s", name, got,
               expected);
  return FALSE;
}

static gboolean
check_cipher (BedDb *self, GError **error)
{
  g_autofree char *version = read_pragma (self, "PRAGMA cipher_version", NULL);

  if (!version || !*version)
    {
      g_set_error (error, BED_DB_ERROR, BED_DB_ERROR_NOT_ENCRYPTED,
                   "The database library does not encrypt");
      return FALSE;
    }
  /* One file format for the old and the new library. */
  if (g_ascii_strtoull (version, NULL, 10) >= 4
      && !bed_db_exec (self, "PRAGMA cipher_compatibility = 3", error))
    return FALSE;
  return bed_db_pragma (self, "cipher_page_size", PAGE_SIZE, PAGE_SIZE, error);
}

/* The first read: here a wrong key shows. */
static gboolean
check_key (BedDb *self, GError **error)
{
  int rc = sqlite3_exec (self->handle, "SELECT count(*) FROM sqlite_master", NULL, NULL, NULL);

  if (rc == SQLITE_OK)
    return TRUE;
  if ((rc & 0xff) != SQLITE_NOTADB)
    return bed_db_fail (self, rc, error);
  g_set_error (error, BED_DB_ERROR, BED_DB_ERROR_WRONG_KEY, "The key does not open this database");
  return FALSE;
}

static gboolean
set_up (BedDb *self, const char *journal, GError **error)
{
  return check_key (self, error) && bed_db_pragma (self, "page_size", NULL, PAGE_SIZE, error)
         && bed_db_pragma (self, "temp_store", "MEMORY", "2", error)
         && bed_db_pragma (self, "journal_mode", journal, journal, error)
         && bed_db_pragma (self, "synchronous", "FULL", "2", error)
         && bed_db_pragma (self, "secure_delete", "ON", "1", error)
         && bed_db_pragma (self, "cell_size_check", "ON", "1", error)
         && bed_db_pragma (self, "foreign_keys", "ON", "1", error);
}

/* The file's first bytes, below the cipher. A file that is cut off would have SQLCipher call its
 * key wrong. */
static gboolean
check_file (BedDb *self, GError **error)
{
  sqlite3_file *file = NULL;
  sqlite3_int64 size = 0;
  char head[16] = "";

  if (sqlite3_file_control (self->handle, "main", SQLITE_FCNTL_FILE_POINTER, &file) != SQLITE_OK
      || !file || !file->pMethods || file->pMethods->xFileSize (file, &size) != SQLITE_OK)
    return bed_db_fail (self, SQLITE_IOERR, error);
  if (size > 0 && size < 4096)
    {
      g_set_error (error, BED_DB_ERROR, BED_DB_ERROR_DAMAGED, "The database file is cut off");
      return FALSE;
    }
  if (size == 0)
    return TRUE;
  if (file->pMethods->xRead (file, head, sizeof head, 0) != SQLITE_OK)
    return bed_db_fail (self, SQLITE_IOERR_READ, error);
  if (memcmp (head, "SQLite format 3", sizeof head) != 0)
    return TRUE;
  g_set_error (error, BED_DB_ERROR, BED_DB_ERROR_NOT_ENCRYPTED, "The database is not encrypted");
  return FALSE;
}

static BedDb *
open_with_journal (const char *path, const BedSecret *key, const char *journal, GError **error)
{
  g_autoptr (BedDb) self = g_new0 (BedDb, 1);
  int rc;

  g_atomic_ref_count_init (&self->ref_count);
  self->patience_ms = BED_DB_BUSY_TIMEOUT_MS;
  bed_db_set_up_memory ();
  rc = sqlite3_open_v2 (path, &self->handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_FULLMUTEX, NULL);
  /* What cannot be opened for writing is opened for reading, without a word. */
  if (rc == SQLITE_OK && sqlite3_db_readonly (self->handle, "main") == 1)
    rc = SQLITE_CANTOPEN;
  if (rc == SQLITE_OK)
    rc = sqlite3_extended_result_codes (self->handle, 1);
  if (rc == SQLITE_OK)
    rc = sqlite3_busy_handler (self->handle, bed_db_on_busy, self);
  if (rc == SQLITE_OK)
    rc = give_key (self->handle, key);
  if (rc != SQLITE_OK)
    {
      bed_db_fail (self, rc, error);
      return NULL;
    }
  if (!check_file (self, error) || !check_cipher (self, error) || !set_up (self, journal, error)
      || !check_file (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

BedDb *
bed_db_open (const char *path, const BedSecret *key, BedDbFlags flags, GError **error)
{
  g_return_val_if_fail (path && key && bed_secret_get_length (key) == BED_DB_KEY_LENGTH, NULL);
  if (!make_file (path, flags, error))
    return NULL;
  return open_with_journal (path, key, "wal", error);
}

BedDb *
bed_db_open_copy (const char *path, const BedSecret *key, GError **error)
{
  g_return_val_if_fail (bed_secret_get_length (key) == BED_DB_KEY_LENGTH, NULL);
  if (!make_file (path, BED_DB_NONE, error))
    return NULL;
  return open_with_journal (path, key, "delete", error);
}

BedDb *
bed_db_open_plain_journal (const char *path, const BedSecret *key, GError **error)
{
  if (!make_file (path, BED_DB_CREATE, error))
    return NULL;
  return open_with_journal (path, key, "delete", error);
}

BedDb *
bed_db_ref (BedDb *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
bed_db_unref (BedDb *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  sqlite3_close_v2 (self->handle);
  g_free (self);
}

int
bed_db_get_version (BedDb *self, GError **error)
{
  g_autofree char *text = read_pragma (self, "PRAGMA user_version", error);

  return text ? (int) g_ascii_strtoll (text, NULL, 10) : -1;
}

static gboolean
apply_step (BedDb *self, const BedDbMigration *step, guint version, GError **error)
{
  g_autofree char *pragma = g_strdup_printf ("PRAGMA user_version = %u", version);

  if (!bed_db_begin (self, error))
    return FALSE;
  if ((!step->sql || bed_db_exec (self, step->sql, error))
      && (!step->apply || step->apply (self, error)) && bed_db_exec (self, pragma, error))
    return bed_db_commit (self, error);
  bed_db_rollback (self);
  return FALSE;
}

gboolean
bed_db_migrate (BedDb *self, const BedDbMigration *steps, guint n_steps, GError **error)
{
  int version = bed_db_get_version (self, error);

  if (version < 0)
    return FALSE;
  if ((guint) version > n_steps)
    {
      g_set_error (error, BED_DB_ERROR, BED_DB_ERROR_NEWER,
                   "The database has version %d, this program knows up to %u", version, n_steps);
      return FALSE;
    }
  for (guint i = version; i < n_steps; i++)
    if (!apply_step (self, &steps[i], i + 1, error))
      return FALSE;
  return TRUE;
}

gboolean
bed_db_begin (BedDb *self, GError **error)
{
  g_autofree char *sql = self->depth == 0 ? g_strdup ("BEGIN IMMEDIATE")
                                          : g_strdup_printf ("SAVEPOINT level_%d", self->depth);

  if (self->depth == 0)
    self->lost = FALSE;
  if (!bed_db_exec (self, sql, error))
    return FALSE;
  self->depth++;
  return TRUE;
}

gboolean
bed_db_commit (BedDb *self, GError **error)
{
  g_autofree char *sql = self->depth == 1 ? g_strdup ("COMMIT")
                                          : g_strdup_printf ("RELEASE level_%d", self->depth - 1);

  g_return_val_if_fail (self->depth > 0, FALSE);
  if (self->lost || sqlite3_get_autocommit (self->handle))
    {
      g_set_error (error, BED_DB_ERROR, BED_DB_ERROR_FAILED, "The transaction was rolled back");
      bed_db_rollback (self);
      return FALSE;
    }
  if (!bed_db_exec (self, sql, error))
    {
      bed_db_rollback (self);
      return FALSE;
    }
  self->depth--;
  if (self->depth == 0)
    bed_db_note_written (self);
  return TRUE;
}

void
bed_db_rollback (BedDb *self)
{
  g_autofree char *sql = self->depth == 1
                             ? g_strdup ("ROLLBACK")
                             : g_strdup_printf ("ROLLBACK TO level_%d; RELEASE level_%d",
                                                self->depth - 1, self->depth - 1);
  g_autoptr (GError) error = NULL;

  g_return_if_fail (self->depth > 0);
  if (sqlite3_get_autocommit (self->handle))
    self->lost = TRUE;
  else if (!bed_db_exec (self, sql, &error))
    g_warning ("A transaction could not be rolled back: " BED_ERROR_FORMAT, BED_ERROR_CODE (error));
  self->depth--;
  self->changes = sqlite3_total_changes (self->handle);
}

gboolean
bed_db_in_transaction (BedDb *self)
{
  return self->depth > 0;
}
