/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db-private.h"

struct _BedDbStatement
{
  BedDb *db; /* owned */
  sqlite3_stmt *handle;
  int bind_result;
};

BedDbStatement *
bed_db_prepare (BedDb *self, const char *sql, GError **error)
{
  sqlite3_stmt *handle = NULL;
  BedDbStatement *statement;
  int rc = sqlite3_prepare_v2 (self->handle, sql, -1, &handle, NULL);

  if (rc != SQLITE_OK)
    {
      bed_db_fail (self, rc, error);
      if ((rc & 0xff) == SQLITE_ERROR)
        g_prefix_error (error, "%s: ", sqlite3_errmsg (self->handle));
      return NULL;
    }
  statement = g_new0 (BedDbStatement, 1);
  statement->db = bed_db_ref (self);
  statement->handle = handle;
  return statement;
}

void
bed_db_statement_free (BedDbStatement *self)
{
  sqlite3_finalize (self->handle);
  bed_db_unref (self->db);
  g_free (self);
}

static void
note_bind (BedDbStatement *self, int rc)
{
  if (self->bind_result == SQLITE_OK)
    self->bind_result = rc;
}

void
bed_db_statement_bind_int64 (BedDbStatement *self, int index, gint64 value)
{
  note_bind (self, sqlite3_bind_int64 (self->handle, index, value));
}

void
bed_db_statement_bind_double (BedDbStatement *self, int index, double value)
{
  note_bind (self, sqlite3_bind_double (self->handle, index, value));
}

void
bed_db_statement_bind_text (BedDbStatement *self, int index, const char *value)
{
  note_bind (self, value ? sqlite3_bind_text (self->handle, index, value, -1, SQLITE_TRANSIENT)
                         : sqlite3_bind_null (self->handle, index));
}

void
bed_db_statement_bind_blob (BedDbStatement *self, int index, const void *data, gsize length)
{
  note_bind (self, length
                       ? sqlite3_bind_blob64 (self->handle, index, data, length, SQLITE_TRANSIENT)
                       : sqlite3_bind_zeroblob (self->handle, index, 0));
}

void
bed_db_statement_bind_null (BedDbStatement *self, int index)
{
  note_bind (self, sqlite3_bind_null (self->handle, index));
}

static void
bind_list (BedDbStatement *self, const char *types, va_list values)
{
  for (int i = 0; types[i]; i++)
    switch (types[i])
      {
      case 'i':
        bed_db_statement_bind_int64 (self, i + 1, va_arg (values, gint64));
        break;
      case 'd':
        bed_db_statement_bind_double (self, i + 1, va_arg (values, double));
        break;
      case 't':
        bed_db_statement_bind_text (self, i + 1, va_arg (values, const char *));
        break;
      case 'b':
        {
          const void *data = va_arg (values, const void *);
          bed_db_statement_bind_blob (self, i + 1, data, va_arg (values, gsize));
          break;
        }
      case 'n':
        bed_db_statement_bind_null (self, i + 1);
        break;
      default:
        g_return_if_reached ();
      }
}

/* SQLCipher reports a page whose MAC does not fit as the plain SQLITE_ERROR, which a prepared
 * statement has no other reason to return from a step. */
static int
step_code (int rc)
{
  return rc == SQLITE_ERROR ? SQLITE_CORRUPT : rc;
}

BedDbStep
bed_db_statement_step (BedDbStatement *self, GError **error)
{
  int rc = self->bind_result;

  if (rc == SQLITE_OK)
    rc = sqlite3_step (self->handle);
  if (rc == SQLITE_ROW)
    return BED_DB_STEP_ROW;
  if (rc == SQLITE_DONE)
    {
      if (!sqlite3_stmt_readonly (self->handle) && sqlite3_get_autocommit (self->db->handle))
        bed_db_note_written (self->db);
      return BED_DB_STEP_DONE;
    }
  bed_db_fail (self->db, step_code (rc), error);
  return BED_DB_STEP_ERROR;
}

void
bed_db_statement_reset (BedDbStatement *self)
{
  sqlite3_reset (self->handle);
  sqlite3_clear_bindings (self->handle);
  self->bind_result = SQLITE_OK;
}

gint64
bed_db_statement_get_int64 (BedDbStatement *self, int column)
{
  return sqlite3_column_int64 (self->handle, column);
}

double
bed_db_statement_get_double (BedDbStatement *self, int column)
{
  return sqlite3_column_double (self->handle, column);
}

const char *
bed_db_statement_get_text (BedDbStatement *self, int column)
{
  return (const char *) sqlite3_column_text (self->handle, column);
}

const guint8 *
bed_db_statement_get_blob (BedDbStatement *self, int column, gsize *length)
{
  const guint8 *data = sqlite3_column_blob (self->handle, column);

  *length = (gsize) sqlite3_column_bytes (self->handle, column);
  return data;
}

gboolean
bed_db_statement_is_null (BedDbStatement *self, int column)
{
  return sqlite3_column_type (self->handle, column) == SQLITE_NULL;
}

char *
bed_db_statement_dup_text (BedDbStatement *self, int column)
{
  return g_strdup (bed_db_statement_get_text (self, column));
}

GBytes *
bed_db_statement_dup_blob (BedDbStatement *self, int column)
{
  gsize length;
  const guint8 *data = bed_db_statement_get_blob (self, column, &length);

  if (bed_db_statement_is_null (self, column))
    return NULL;
  return g_bytes_new (data, length);
}

gboolean
bed_db_run (BedDb *self, GError **error, const char *sql, const char *types, ...)
{
  g_autoptr (BedDbStatement) statement = bed_db_prepare (self, sql, error);
  BedDbStep step;
  va_list values;

  if (!statement)
    return FALSE;
  va_start (values, types);
  bind_list (statement, types, values);
  va_end (values);
  do
    step = bed_db_statement_step (statement, error);
  while (step == BED_DB_STEP_ROW);
  return step == BED_DB_STEP_DONE;
}

BedDbStatement *
bed_db_query (BedDb *self, GError **error, const char *sql, const char *types, ...)
{
  BedDbStatement *statement = bed_db_prepare (self, sql, error);
  va_list values;

  if (!statement)
    return NULL;
  va_start (values, types);
  bind_list (statement, types, values);
  va_end (values);
  return statement;
}

gboolean
bed_db_exec (BedDb *self, const char *sql, GError **error)
{
  int rc = sqlite3_exec (self->handle, sql, NULL, NULL, NULL);

  return rc == SQLITE_OK || bed_db_fail (self, rc, error);
}

int
bed_db_get_changes (BedDb *self)
{
  return sqlite3_changes (self->handle);
}

gint64
bed_db_get_last_rowid (BedDb *self)
{
  return sqlite3_last_insert_rowid (self->handle);
}
