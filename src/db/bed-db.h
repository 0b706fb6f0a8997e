/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "bed-secret.h"

#include <glib.h>

G_BEGIN_DECLS

/* An encrypted database (SQLCipher) in one file, opened with a raw key.
 *
 * Pages are AES-256-CBC with an HMAC each, 4096 bytes; temporary data stays in memory. SQL is that
 * of SQLite 3.15: FTS4, common table expressions and WITHOUT ROWID, but no UPSERT, RETURNING, FTS5,
 * JSON or window functions. Thread: one at a time, and the thread that opened it.
 */
typedef struct _BedDb BedDb;

#define BED_DB_ERROR (bed_db_error_quark ())
GQuark bed_db_error_quark (void);

/* Messages carry a code's meaning only, never a value from a statement or a path. */
typedef enum
{
  BED_DB_ERROR_FAILED,    /* a mistake in the caller's SQL, or of the library */
  BED_DB_ERROR_WRONG_KEY, /* only at open: the key does not fit; so does a destroyed first page look
                           */
  BED_DB_ERROR_DAMAGED,   /* a page does not match its MAC, or the file's structure is broken */
  BED_DB_ERROR_NEWER,     /* the schema is of a later version of the program */
  BED_DB_ERROR_FULL,      /* no space left, or a quota */
  BED_DB_ERROR_BUSY,      /* somebody else holds it for longer than 5 s (bed_db_limit_waiting), or
                             wanted it */
  BED_DB_ERROR_IO,        /* read, write, open or permission */
  BED_DB_ERROR_CONSTRAINT,    /* unique, foreign key, not null or check */
  BED_DB_ERROR_NOT_FOUND,     /* only without BED_DB_CREATE: no such file */
  BED_DB_ERROR_STOPPED,       /* by the caller's progress function */
  BED_DB_ERROR_NOT_ENCRYPTED, /* the file is a plain SQLite database, or the library is no SQLCipher
                               */
} BedDbError;

typedef enum
{
  BED_DB_NONE = 0,
  BED_DB_CREATE = 1 << 0, /* make the file (mode 0600) if it is not there */
} BedDbFlags;

#define BED_DB_KEY_LENGTH 32

/* Opens `path` with the 32-byte `key`, checks that the library really encrypts, sets journal WAL,
 * synchronous FULL, secure_delete and foreign_keys and reads each of them back. The key is not
 * kept. Returns: (transfer full) (nullable)
 */
BedDb *bed_db_open (const char *path, const BedSecret *key, BedDbFlags flags, GError **error);
BedDb *bed_db_ref (BedDb *self);
/* Statements keep their database open: unref them first, or in any order. */
void bed_db_unref (BedDb *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedDb, bed_db_unref)

/* From now on it waits this long for somebody else's lock, and when it waited in vain not at all
 * until it could write: for who has to answer others meanwhile. */
void bed_db_limit_waiting (BedDb *self, guint ms);
/* The disk or a lock refused it something, and nothing was written since. */
gboolean bed_db_get_failing (BedDb *self);

/* TRUE when the first 16 bytes of `path` are those of a plain SQLite file. Never for a file that is
 * open as a BedDb in this process: closing the descriptor takes away the locks of all its
 * connections. The same holds for any other way of reading the file. */
gboolean bed_db_file_is_plain (const char *path);

/* --- Schema ---------------------------------------------------------------------------------- */

/* One step from version i to i + 1: SQL (any number of statements), or a function, or both (SQL
 * first). Steps are only ever added at the end. */
typedef struct
{
  const char *sql;
  gboolean (*apply) (BedDb *db, GError **error);
} BedDbMigration;

/* Brings the schema from its user_version to `n_steps`, each step in a transaction of its own.
 * NEWER (and nothing touched) when the file's version is above `n_steps`. */
gboolean bed_db_migrate (BedDb *self, const BedDbMigration *steps, guint n_steps, GError **error);
/* Returns: the version, or -1 with an error. */
int bed_db_get_version (BedDb *self, GError **error);

/* --- Statements ------------------------------------------------------------------------------ */

typedef struct _BedDbStatement BedDbStatement;

/* Returns: (transfer full) (nullable) */
BedDbStatement *bed_db_prepare (BedDb *self, const char *sql, GError **error);
void bed_db_statement_free (BedDbStatement *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BedDbStatement, bed_db_statement_free)

/* Parameters count from 1. Values are copied; a copy of text or bytes is wiped with the statement
 * by the library's allocator only, so a BedSecret belongs in the database only where it must. A
 * failed bind (index, memory) makes the next step fail. */
void bed_db_statement_bind_int64 (BedDbStatement *self, int index, gint64 value);
void bed_db_statement_bind_double (BedDbStatement *self, int index, double value);
void bed_db_statement_bind_text (BedDbStatement *self, int index,
                                 const char *value); /* NULL: SQL NULL */
void bed_db_statement_bind_blob (BedDbStatement *self, int index, const void *data, gsize length);
void bed_db_statement_bind_null (BedDbStatement *self, int index);

typedef enum
{
  BED_DB_STEP_ERROR = -1,
  BED_DB_STEP_DONE = 0,
  BED_DB_STEP_ROW = 1,
} BedDbStep;

BedDbStep bed_db_statement_step (BedDbStatement *self, GError **error);
/* To the start, with the bindings cleared. */
void bed_db_statement_reset (BedDbStatement *self);

/* Columns count from 0; valid after STEP_ROW until the next step, reset or free. Types are
 * converted as SQLite does; NULL reads as 0, 0.0, NULL and (NULL, 0). */
gint64 bed_db_statement_get_int64 (BedDbStatement *self, int column);
double bed_db_statement_get_double (BedDbStatement *self, int column);
const char *bed_db_statement_get_text (BedDbStatement *self, int column);
const guint8 *bed_db_statement_get_blob (BedDbStatement *self, int column, gsize *length);
gboolean bed_db_statement_is_null (BedDbStatement *self, int column);
/* Returns: (transfer full) (nullable) */
char *bed_db_statement_dup_text (BedDbStatement *self, int column);
/* Returns: (transfer full) (nullable): NULL for SQL NULL */
GBytes *bed_db_statement_dup_blob (BedDbStatement *self, int column);

/* Prepare, bind, step to the end, free. Rows are dropped. */
gboolean bed_db_run (BedDb *self, GError **error, const char *sql, const char *types, ...);
/* Prepare and bind, for a query. Returns: (transfer full) (nullable) */
BedDbStatement *bed_db_query (BedDb *self, GError **error, const char *sql, const char *types, ...);
/* Any number of statements without parameters. */
gboolean bed_db_exec (BedDb *self, const char *sql, GError **error);
/* The same for long work that can be done again: another connection of this process to the same
 * file that waits to write ends it. BUSY then, and the statement has done nothing. Any thread. */
gboolean bed_db_exec_giving_way (BedDb *self, const char *sql, GError **error);
/* Rows changed by the last INSERT, UPDATE or DELETE. */
int bed_db_get_changes (BedDb *self);
gint64 bed_db_get_last_rowid (BedDb *self);

/* --- Transactions ---------------------------------------------------------------------------- */

/* The outermost is BEGIN IMMEDIATE, inner ones are savepoints. Every begin is answered by one
 * commit or one rollback; a commit that fails has rolled back. After an error that made SQLite roll
 * back by itself (full disk), the outer levels' commit fails. */
gboolean bed_db_begin (BedDb *self, GError **error);
gboolean bed_db_commit (BedDb *self, GError **error);
void bed_db_rollback (BedDb *self);
gboolean bed_db_in_transaction (BedDb *self);

/* --- The file -------------------------------------------------------------------------------- */

/* Moves everything from the WAL into the file and truncates the WAL; both are then on disk. */
gboolean bed_db_checkpoint (BedDb *self, GError **error);
/* Every page's MAC, the b-trees, and the foreign keys. DAMAGED if anything is wrong. */
gboolean bed_db_check_integrity (BedDb *self, GError **error);
/* A consistent copy while in use, encrypted with `key` (the same one or another), checked and
 * synced, in one file without a WAL. `path` is replaced only when the copy is complete. */
gboolean bed_db_copy (BedDb *self, const char *path, const BedSecret *key, GError **error);
/* FALSE stops: STOPPED, and `path` is as it was. */
typedef gboolean (*BedDbProgress) (double fraction, gpointer user_data);
/* The same, with progress from 0 to 1, of which checking the copy is the last part. */
gboolean bed_db_copy_with_progress (BedDb *self, const char *path, const BedSecret *key,
                                    BedDbProgress progress, gpointer user_data, GError **error);
/* Opens such a copy and leaves it without a WAL. Returns: (transfer full) (nullable) */
BedDb *bed_db_open_copy (const char *path, const BedSecret *key, GError **error);

G_END_DECLS
