/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-db.h"

#include <glib/gstdio.h>
#include <dlfcn.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CANARY "Quentin-Canary-Aspirin-7731"

typedef struct
{
  char *folder;
  char *path;
  BedSecret *key;
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp ("bed-db-XXXXXX", NULL);
  f->path = g_build_filename (f->folder, "store.db", NULL);
  f->key = bed_secret_new_random (BED_DB_KEY_LENGTH);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  GDir *dir = g_dir_open (f->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);
      g_assert_cmpint (g_unlink (path), ==, 0);
    }
  g_dir_close (dir);
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->folder);
  g_free (f->path);
  bed_secret_unref (f->key);
}

static BedDb *
open_db (Fixture *f)
{
  GError *error = NULL;
  BedDb *db = bed_db_open (f->path, f->key, BED_DB_CREATE, &error);

  g_assert_no_error (error);
  g_assert_nonnull (db);
  return db;
}

static void
exec (BedDb *db, const char *sql)
{
  GError *error = NULL;

  g_assert_true (bed_db_exec (db, sql, &error));
  g_assert_no_error (error);
}

static gint64
count (BedDb *db, const char *sql)
{
  GError *error = NULL;
  g_autoptr (BedDbStatement) statement = bed_db_prepare (db, sql, &error);

  g_assert_no_error (error);
  g_assert_cmpint (bed_db_statement_step (statement, &error), ==, BED_DB_STEP_ROW);
  return bed_db_statement_get_int64 (statement, 0);
}

static void
fill (BedDb *db, int rows)
{
  GError *error = NULL;

  exec (db, "CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, text TEXT NOT NULL)");
  g_assert_true (bed_db_begin (db, &error));
  for (int i = 0; i < rows; i++)
    g_assert_true (bed_db_run (db, &error, "INSERT INTO note (text) VALUES (?)", "t",
                               CANARY " " CANARY " " CANARY " " CANARY));
  g_assert_true (bed_db_commit (db, &error));
  g_assert_no_error (error);
}

static gboolean
file_contains (const char *path, const char *needle)
{
  g_autofree char *data = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &data, &length, NULL));
  return memmem (data, length, needle, strlen (needle)) != NULL;
}

static void
assert_open_fails (Fixture *f, const BedSecret *key, BedDbFlags flags, int code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BedDb) db = bed_db_open (f->path, key, flags, &error);

  g_assert_null (db);
  g_assert_error (error, BED_DB_ERROR, code);
}

static void
test_encrypted (Fixture *f, gconstpointer data)
{
  g_autoptr (BedDb) db = open_db (f);
  g_autoptr (GDir) dir = NULL;
  g_autofree char *wal = g_strconcat (f->path, "-wal", NULL);
  struct stat st;
  const char *name;
  int files = 0;

  fill (db, 500);
  exec (db, "CREATE TEMP TABLE t AS SELECT * FROM note ORDER BY text");
  g_assert_cmpint (stat (wal, &st), ==, 0);
  g_assert_cmpint (st.st_size, >, 4096);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);
  dir = g_dir_open (f->folder, 0, NULL);
  while ((name = g_dir_read_name (dir)))
    {
      g_autofree char *path = g_build_filename (f->folder, name, NULL);
      g_assert_false (file_contains (path, "Canary"));
      g_assert_false (file_contains (path, "CREATE TABLE"));
      g_assert_false (bed_db_file_is_plain (path));
      files++;
    }
  g_assert_cmpint (files, ==, 3);
  g_assert_true (bed_db_checkpoint (db, NULL));
  g_assert_cmpint (stat (wal, &st), ==, 0);
  g_assert_cmpint (st.st_size, ==, 0);
  g_assert_cmpint (stat (f->path, &st), ==, 0);
  g_assert_cmpint (st.st_mode & 0777, ==, 0600);
  g_assert_cmpint (st.st_size % 4096, ==, 0);
  g_assert_false (file_contains (f->path, "Canary"));
  g_clear_pointer (&db, bed_db_unref);
  db = open_db (f);
  g_assert_cmpint (count (db, "SELECT count(*) FROM note WHERE text LIKE '%Canary%'"), ==, 500);
}

static void
test_no_foreign_sqlite (void)
{
  /* libsqlite3 in the same process must neither give nor take a symbol. */
  void *other = dlopen ("libsqlite3.so.0", RTLD_NOW | RTLD_GLOBAL);
  g_autofree char *command = NULL;
  g_autofree char *output = NULL;
  GError *error = NULL;
  int status;

  g_assert_nonnull (other);
  g_assert_null (dlsym (RTLD_DEFAULT, "sqlite3_key"));
  g_assert_null (dlsym (RTLD_DEFAULT, "sqlcipher_register_provider"));
  command = g_strdup_printf ("/bin/sh -c \"nm -D --defined-only /proc/%d/exe | grep -c sqlite3_\"", getpid ());
  g_assert_true (g_spawn_command_line_sync (command, &output, NULL, &status, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (g_strstrip (output), ==, "0");
}

static void
test_wrong_key (Fixture *f, gconstpointer data)
{
  g_autoptr (BedSecret) other = bed_secret_new_random (BED_DB_KEY_LENGTH);
  g_autoptr (BedDb) db = open_db (f);

  fill (db, 10);
  g_clear_pointer (&db, bed_db_unref);
  assert_open_fails (f, other, BED_DB_CREATE, BED_DB_ERROR_WRONG_KEY);
  db = open_db (f);
  g_assert_cmpint (count (db, "SELECT count(*) FROM note"), ==, 10);
}

static void
test_missing (Fixture *f, gconstpointer data)
{
  assert_open_fails (f, f->key, BED_DB_NONE, BED_DB_ERROR_NOT_FOUND);
  g_free (f->path);
  f->path = g_build_filename (f->folder, "no-such-folder", "store.db", NULL);
  assert_open_fails (f, f->key, BED_DB_CREATE, BED_DB_ERROR_IO);
}

static void
test_plain (Fixture *f, gconstpointer data)
{
  char page[4096] = "SQLite format 3";

  g_assert_true (g_file_set_contents (f->path, page, sizeof page, NULL));
  assert_open_fails (f, f->key, BED_DB_CREATE, BED_DB_ERROR_NOT_ENCRYPTED);
}

/* A flipped bit anywhere but in the first page must be found by a read or by the check. */
static void
test_damaged (Fixture *f, gconstpointer data)
{
  g_autoptr (BedDb) db = open_db (f);
  g_autofree char *bytes = NULL;
  GError *error = NULL;
  gsize length;
  int found = 0;

  fill (db, 500);
  g_assert_true (bed_db_checkpoint (db, NULL));
  g_clear_pointer (&db, bed_db_unref);
  g_assert_true (g_file_get_contents (f->path, &bytes, &length, NULL));
  for (gsize at = 4096 + 100; at < length; at += 4096)
    {
      bytes[at] ^= 1;
      g_assert_true (g_file_set_contents (f->path, bytes, length, NULL));
      bytes[at] ^= 1;
      db = open_db (f);
      g_assert_false (bed_db_check_integrity (db, &error));
      g_assert_error (error, BED_DB_ERROR, BED_DB_ERROR_DAMAGED);
      g_clear_error (&error);
      g_clear_pointer (&db, bed_db_unref);
      found++;
    }
  g_assert_cmpint (found, >, 10);
  g_assert_true (g_file_set_contents (f->path, bytes, 2000, NULL));
  assert_open_fails (f, f->key, BED_DB_CREATE, BED_DB_ERROR_DAMAGED);
}

static void
test_damaged_read (Fixture *f, gconstpointer data)
{
  g_autoptr (BedDb) db = open_db (f);
  g_autoptr (BedDbStatement) statement = NULL;
  g_autofree char *bytes = NULL;
  GError *error = NULL;
  gsize length;
  BedDbStep step;

  fill (db, 500);
  g_assert_true (bed_db_checkpoint (db, NULL));
  g_clear_pointer (&db, bed_db_unref);
  g_assert_true (g_file_get_contents (f->path, &bytes, &length, NULL));
  for (gsize at = 4096 * 4 + 50; at < length; at += 4096)
    bytes[at] ^= 0x40;
  g_assert_true (g_file_set_contents (f->path, bytes, length, NULL));
  db = open_db (f);
  statement = bed_db_prepare (db, "SELECT text FROM note", &error);
  g_assert_no_error (error);
  while ((step = bed_db_statement_step (statement, &error)) == BED_DB_STEP_ROW)
    g_assert_nonnull (strstr (bed_db_statement_get_text (statement, 0), CANARY));
  g_assert_cmpint (step, ==, BED_DB_STEP_ERROR);
  g_assert_error (error, BED_DB_ERROR, BED_DB_ERROR_DAMAGED);
  g_clear_error (&error);
}

static gboolean
add_row (BedDb *db, GError **error)
{
  return bed_db_run (db, error, "INSERT INTO a (x) VALUES (?)", "i", (gint64) 7);
}

static gboolean
refuse (BedDb *db, GError **error)
{
  g_set_error (error, BED_DB_ERROR, BED_DB_ERROR_FAILED, "no");
  return FALSE;
}

static void
test_migrations (Fixture *f, gconstpointer data)
{
  const BedDbMigration good[] = { { "CREATE TABLE a (x)", add_row }, { "CREATE TABLE b (y); CREATE TABLE c (z)" } };
  const BedDbMigration bad[] = { good[0], good[1], { "CREATE TABLE d (x)", refuse } };
  g_autoptr (BedDb) db = open_db (f);
  g_autoptr (GError) error = NULL;

  g_assert_true (bed_db_migrate (db, good, 1, &error));
  g_assert_cmpint (bed_db_get_version (db, NULL), ==, 1);
  g_assert_true (bed_db_migrate (db, good, 2, &error));
  g_assert_cmpint (count (db, "SELECT x FROM a"), ==, 7);
  g_assert_true (bed_db_migrate (db, good, 2, &error));
  g_assert_cmpint (count (db, "SELECT count(*) FROM a"), ==, 1);
  g_assert_false (bed_db_migrate (db, bad, 3, &error));
  g_assert_error (error, BED_DB_ERROR, BED_DB_ERROR_FAILED);
  g_clear_error (&error);
  g_assert_cmpint (bed_db_get_version (db, NULL), ==, 2);
  g_assert_cmpint (count (db, "SELECT count(*) FROM sqlite_master WHERE name = 'd'"), ==, 0);
  g_assert_false (bed_db_migrate (db, good, 1, &error));
  g_assert_error (error, BED_DB_ERROR, BED_DB_ERROR_NEWER);
}

static void
test_values (Fixture *f, gconstpointer data)
{
  g_autoptr (BedDb) db = open_db (f);
  g_autoptr (BedDbStatement) q = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) copy = NULL;
  gsize length;

  exec (db, "CREATE TABLE v (i INTEGER, d REAL, t TEXT, b BLOB, n TEXT, e BLOB, UNIQUE (i))");
  g_assert_true (bed_db_run (db, &error, "INSERT INTO v VALUES (?, ?, ?, ?, ?, ?)", "idtbnb",
                             G_MAXINT64, 0.5, "ä'; DROP TABLE v", "\0x\0", (gsize) 3, "", (gsize) 0));
  g_assert_no_error (error);
  g_assert_cmpint (bed_db_get_changes (db), ==, 1);
  g_assert_cmpint (bed_db_get_last_rowid (db), ==, 1);
  q = bed_db_query (db, &error, "SELECT * FROM v WHERE i = ?", "i", G_MAXINT64);
  g_assert_cmpint (bed_db_statement_step (q, &error), ==, BED_DB_STEP_ROW);
  g_assert_cmpint (bed_db_statement_get_int64 (q, 0), ==, G_MAXINT64);
  g_assert_cmpfloat (bed_db_statement_get_double (q, 1), ==, 0.5);
  g_assert_cmpstr (bed_db_statement_get_text (q, 2), ==, "ä'; DROP TABLE v");
  g_assert_cmpmem (bed_db_statement_get_blob (q, 3, &length), 3, "\0x\0", 3);
  g_assert_cmpuint (length, ==, 3);
  g_assert_true (bed_db_statement_is_null (q, 4));
  g_assert_null (bed_db_statement_get_text (q, 4));
  g_assert_false (bed_db_statement_is_null (q, 5));
  copy = bed_db_statement_dup_blob (q, 5);
  g_assert_cmpuint (g_bytes_get_size (copy), ==, 0);
  g_assert_cmpint (bed_db_statement_step (q, &error), ==, BED_DB_STEP_DONE);
  g_assert_false (bed_db_run (db, &error, "INSERT INTO v (i) VALUES (?)", "i", G_MAXINT64));
  g_assert_error (error, BED_DB_ERROR, BED_DB_ERROR_CONSTRAINT);
  g_clear_error (&error);
  g_assert_false (bed_db_run (db, &error, "INSERT INTO v (i) VALUES (?)", "ii", (gint64) 1, (gint64) 2));
  g_assert_nonnull (error);
}

static void
test_foreign_keys (Fixture *f, gconstpointer data)
{
  g_autoptr (BedDb) db = open_db (f);
  g_autoptr (GError) error = NULL;

  exec (db, "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p REFERENCES p)");
  g_assert_false (bed_db_exec (db, "INSERT INTO c VALUES (5)", &error));
  g_assert_error (error, BED_DB_ERROR, BED_DB_ERROR_CONSTRAINT);
}

static void
test_transactions (Fixture *f, gconstpointer data)
{
  g_autoptr (BedDb) db = open_db (f);
  g_autoptr (GError) error = NULL;

  exec (db, "CREATE TABLE a (x)");
  g_assert_true (bed_db_begin (db, &error));
  exec (db, "INSERT INTO a VALUES (1)");
  g_assert_true (bed_db_begin (db, &error));
  exec (db, "INSERT INTO a VALUES (2)");
  g_assert_true (bed_db_begin (db, &error));
  exec (db, "INSERT INTO a VALUES (3)");
  g_assert_true (bed_db_commit (db, &error));
  bed_db_rollback (db);
  g_assert_true (bed_db_commit (db, &error));
  g_assert_false (bed_db_in_transaction (db));
  g_assert_cmpint (count (db, "SELECT sum(x) FROM a"), ==, 1);
  g_assert_true (bed_db_begin (db, &error));
  exec (db, "INSERT INTO a VALUES (9)");
  bed_db_rollback (db);
  g_assert_cmpint (count (db, "SELECT sum(x) FROM a"), ==, 1);
}

static void
test_full (Fixture *f, gconstpointer data)
{
  g_autoptr (BedDb) db = open_db (f);
  g_autoptr (GError) error = NULL;
  g_autofree char *big = g_strnfill (3000, 'x');
  gboolean ok = TRUE;
  int rows = 0;

  exec (db, "CREATE TABLE a (x); PRAGMA max_page_count = 20");
  g_assert_true (bed_db_run (db, &error, "INSERT INTO a VALUES (?)", "t", "kept"));
  while (ok && rows++ < 1000)
    ok = bed_db_run (db, &error, "INSERT INTO a VALUES (?)", "t", big);
  g_assert_error (error, BED_DB_ERROR, BED_DB_ERROR_FULL);
  g_assert_cmpint (count (db, "SELECT count(*) FROM a"), ==, rows);
  g_assert_true (bed_db_check_integrity (db, NULL));
}

static void
test_copy (Fixture *f, gconstpointer data)
{
  g_autoptr (BedDb) db = open_db (f);
  g_autoptr (BedDb) copy = NULL;
  g_autoptr (BedSecret) other = bed_secret_new_random (BED_DB_KEY_LENGTH);
  g_autofree char *path = g_build_filename (f->folder, "copy.db", NULL);
  g_autofree char *wal = g_strconcat (path, "-wal", NULL);
  g_autofree char *nowhere = g_build_filename (f->folder, "none", "copy.db", NULL);
  g_autoptr (GError) error = NULL;

  fill (db, 300);
  exec (db, "PRAGMA user_version = 4");
  g_assert_true (bed_db_copy (db, path, f->key, &error));
  g_assert_no_error (error);
  g_assert_false (g_file_test (wal, G_FILE_TEST_EXISTS));
  g_assert_false (file_contains (path, "Canary"));
  g_assert_true (bed_db_copy (db, path, other, &error));
  fill (db, 1);
  copy = bed_db_open (path, other, BED_DB_NONE, &error);
  g_assert_no_error (error);
  g_assert_cmpint (count (copy, "SELECT count(*) FROM note"), ==, 300);
  g_assert_cmpint (bed_db_get_version (copy, NULL), ==, 4);
  g_assert_cmpint (count (db, "SELECT count(*) FROM note"), ==, 301);
  g_assert_false (bed_db_copy (db, nowhere, f->key, &error));
  g_assert_error (error, BED_DB_ERROR, BED_DB_ERROR_IO);
}

static void
test_two_connections (Fixture *f, gconstpointer data)
{
  g_autoptr (BedDb) a = open_db (f);
  g_autoptr (BedDb) b = open_db (f);

  fill (a, 5);
  g_assert_cmpint (count (b, "SELECT count(*) FROM note"), ==, 5);
  fill (b, 5);
  g_assert_cmpint (count (a, "SELECT count(*) FROM note"), ==, 10);
}

static int
be_the_other_process (const char *path, const char *key_text)
{
  gsize length;
  g_autofree guchar *bytes = g_base64_decode (key_text, &length);
  g_autoptr (BedSecret) key = bed_secret_new (bytes, length);
  g_autoptr (BedDb) db = bed_db_open (path, key, BED_DB_NONE, NULL);

  return db && bed_db_run (db, NULL, "INSERT INTO note (text) VALUES ('other')", "") ? 0 : 1;
}

/* A second process that comes and goes must not take the WAL for its own. */
static void
test_other_process (Fixture *f, gconstpointer data)
{
  g_autoptr (BedDb) a = open_db (f);
  g_autoptr (BedDb) again = open_db (f);
  g_autofree char *key = g_base64_encode (bed_secret_get_data (f->key), BED_DB_KEY_LENGTH);
  const char *command[] = { "/proc/self/exe", "--other", f->path, key, NULL };
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  GError *error = NULL;
  int status;

  command[0] = self;
  fill (a, 5);
  g_clear_pointer (&again, bed_db_unref);
  g_assert_true (g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                               &error));
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpint (count (a, "SELECT count(*) FROM note"), ==, 6);
  fill (a, 1);
  g_clear_pointer (&a, bed_db_unref);
  a = open_db (f);
  g_assert_cmpint (count (a, "SELECT count(*) FROM note"), ==, 7);
}

/* A statement that holds the lock and has no end by itself. */
#define ENDLESS "INSERT INTO note SELECT count (*), '' FROM (WITH RECURSIVE c (x) AS" \
                " (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c)"

typedef struct
{
  BedDb *db;
  GError *error;
  int ended;
} Long;

static gpointer
work_long (gpointer data)
{
  Long *work = data;

  bed_db_exec_giving_way (work->db, ENDLESS, &work->error);
  g_atomic_int_set (&work->ended, 1);
  return NULL;
}

/* Who waits to write ends what gives way, is not refused, and is alone with what was written. */
static void
test_gives_way (Fixture *f, gconstpointer data)
{
  g_autoptr (BedDb) writer = open_db (f);
  g_autoptr (BedDb) other = NULL;
  Long work = { 0 };
  GThread *thread;
  guint n = 0;

  exec (writer, "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)");
  other = open_db (f);
  work.db = other;
  thread = g_thread_new ("long", work_long, &work);
  for (; !g_atomic_int_get (&work.ended); n++)
    exec (writer, "INSERT INTO note (text) VALUES ('typed')");
  g_thread_join (thread);
  g_assert_error (work.error, BED_DB_ERROR, BED_DB_ERROR_BUSY);
  g_clear_error (&work.error);
  g_assert_cmpint (count (writer, "SELECT count(*) FROM note"), ==, (int) n);
  exec (other, "INSERT INTO note (text) VALUES ('after')");
  g_assert_true (bed_db_exec_giving_way (other, "VACUUM", NULL));
}

/* Who may not wait for long waits once, and then not until it could write. What changes nothing is
 * no sign that it can. */
static void
test_limited_waiting (Fixture *f, gconstpointer data)
{
  g_autoptr (BedDb) holder = open_db (f);
  g_autoptr (BedDb) db = NULL;
  g_autoptr (GError) first = NULL, second = NULL;
  gint64 began, took;

  exec (holder, "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT)");
  db = open_db (f);
  bed_db_limit_waiting (db, 200);
  g_assert_true (bed_db_run (db, NULL, "INSERT INTO note (text) VALUES ('before')", ""));
  g_assert_false (bed_db_get_failing (db));
  g_assert_true (bed_db_begin (holder, NULL));
  began = g_get_monotonic_time ();
  g_assert_false (bed_db_run (db, &first, "INSERT INTO note (text) VALUES ('busy')", ""));
  took = g_get_monotonic_time () - began;
  g_assert_error (first, BED_DB_ERROR, BED_DB_ERROR_BUSY);
  g_assert_cmpint (took, >=, 200 * 1000);
  g_assert_true (bed_db_get_failing (db));
  began = g_get_monotonic_time ();
  g_assert_false (bed_db_run (db, &second, "INSERT INTO note (text) VALUES ('again')", ""));
  g_assert_cmpint (g_get_monotonic_time () - began, <, took);
  bed_db_rollback (holder);
  g_assert_true (bed_db_run (db, NULL, "DELETE FROM note WHERE id = 99", ""));
  g_assert_true (bed_db_get_failing (db));
  g_assert_true (bed_db_begin (db, NULL));
  g_assert_true (bed_db_run (db, NULL, "INSERT INTO note (text) VALUES ('after')", ""));
  g_assert_true (bed_db_get_failing (db));
  g_assert_true (bed_db_commit (db, NULL));
  g_assert_false (bed_db_get_failing (db));
}

int
main (int argc, char **argv)
{
  if (argc == 4 && strcmp (argv[1], "--other") == 0)
    return be_the_other_process (argv[2], argv[3]);
  g_test_init (&argc, &argv, NULL);
#define ADD(name, func) g_test_add ("/db/" name, Fixture, NULL, set_up, func, tear_down)
  ADD ("encrypted", test_encrypted);
  g_test_add_func ("/db/no-foreign-sqlite", test_no_foreign_sqlite);
  ADD ("wrong-key", test_wrong_key);
  ADD ("missing", test_missing);
  ADD ("plain", test_plain);
  ADD ("damaged/check", test_damaged);
  ADD ("damaged/read", test_damaged_read);
  ADD ("migrations", test_migrations);
  ADD ("values", test_values);
  ADD ("foreign-keys", test_foreign_keys);
  ADD ("transactions", test_transactions);
  ADD ("full", test_full);
  ADD ("copy", test_copy);
  ADD ("two-connections", test_two_connections);
  ADD ("gives-way", test_gives_way);
  ADD ("limited-waiting", test_limited_waiting);
  ADD ("other-process", test_other_process);
  return g_test_run ();
}
