/* SPDX-License-Identifier: GPL-3.0-or-later */
/* power [COUNT]: the power fails at random points of a day's work, as often as asked.
 *
 * Every write, sync, rename and so on is written down. A failure at a point leaves: each file as of
 * its last sync, with any of the later writes, whole, in part or not at all, in any order; the
 * folder as of its last sync, with some of the later changes of names, in order. From that the vault
 * has to open, with everything that was acknowledged before. */
#include "bed-soak.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bed-db.h"
#include "io-hooks.h"

#define SECTOR 512
#define FDS 1024

typedef enum
{
  CREATE, /* the name `path` for file `file` */
  WRITE,
  TRUNCATE,
  SYNC,
  SYNC_FOLDER,
  RENAME,
  UNLINK,
  ACKNOWLEDGED, /* the state `offset` */
} OpKind;

typedef struct
{
  OpKind kind;
  guint file;
  char *path, *to; /* names within the folder */
  gint64 offset;
  guint8 *data;
  gsize length;
} Op;

static GArray *ops; /* of Op */
static GHashTable *names; /* the folder as it is: name to file */
static guint files;
static guint file_of_fd[FDS]; /* 0: the folder */

/* --- Writing down ----------------------------------------------------------------------------- */

static const char *
base (const char *path)
{
  return strrchr (path, '/') + 1;
}

static void
add (Op op)
{
  g_array_append_val (ops, op);
}

static void
on_open (const SoakCall *call)
{
  struct stat st;
  gpointer file;

  g_assert_cmpint (call->fd, <, FDS);
  g_assert_cmpint (fstat (call->fd, &st), ==, 0);
  if (S_ISDIR (st.st_mode))
    {
      file_of_fd[call->fd] = 0;
      return;
    }
  file = g_hash_table_lookup (names, base (call->path));
  if (file == NULL)
    {
      file = GUINT_TO_POINTER (++files);
      g_hash_table_insert (names, g_strdup (base (call->path)), file);
      add ((Op){ .kind = CREATE, .file = files, .path = g_strdup (base (call->path)) });
    }
  file_of_fd[call->fd] = GPOINTER_TO_UINT (file);
}

static void
on_name (const SoakCall *call)
{
  gpointer file = g_hash_table_lookup (names, base (call->path));

  if (call->kind == SOAK_RENAME)
    g_hash_table_insert (names, g_strdup (base (call->to)), file);
  g_hash_table_remove (names, base (call->path));
  add ((Op){ .kind = call->kind == SOAK_RENAME ? RENAME : UNLINK,
             .path = g_strdup (base (call->path)),
             .to = call->to != NULL ? g_strdup (base (call->to)) : NULL });
}

static void
after (const SoakCall *call)
{
  guint file = call->fd >= 0 ? file_of_fd[call->fd] : 0;

  switch (call->kind)
    {
    case SOAK_OPEN:
      on_open (call);
      break;
    case SOAK_WRITE:
      add ((Op){ .kind = WRITE, .file = file, .offset = call->offset, .length = call->length,
                 .data = g_memdup2 (call->data, call->length) });
      break;
    case SOAK_TRUNCATE:
      add ((Op){ .kind = TRUNCATE, .file = file, .length = call->length });
      break;
    case SOAK_SYNC:
      add ((Op){ .kind = file == 0 ? SYNC_FOLDER : SYNC, .file = file });
      break;
    case SOAK_RENAME:
    case SOAK_UNLINK:
      on_name (call);
      break;
    case SOAK_READ:
    default:
      break;
    }
}

static const SoakHooks hooks = { NULL, after };

/* --- A day's work ----------------------------------------------------------------------------- */

static void
acknowledge (guint number)
{
  add ((Op){ .kind = ACKNOWLEDGED, .offset = number });
}

static gboolean
keep_number (GBytes *record, gpointer user_data, GError **error)
{
  guint32 number;

  memcpy (&number, g_bytes_get_data (record, NULL), sizeof number);
  return bed_db_run (user_data, error, "INSERT INTO soak (number) VALUES (?)", "i",
                     (gint64) number);
}

static void
spool (BedVault *vault, guint32 number)
{
  g_autoptr (GBytes) record = g_bytes_new (&number, sizeof number);

  g_assert_true (bed_vault_spool_append (vault, record, NULL));
}

/* Number `i` is in the database and in the spool before it is acknowledged. */
static void
step (BedVault *vault, guint32 i)
{
  g_autoptr (GError) error = NULL;

  soak_set_number (vault, "number", i);
  spool (vault, i);
  acknowledge (i);
  if (i % 5 == 1)
    fixture_change_passphrase (vault, PASSPHRASE);
  else if (i % 5 == 2)
    bed_vault_spool_merge (vault, keep_number, bed_vault_get_db (vault), NULL, NULL, &error);
  else if (i % 5 == 3)
    {
      g_autoptr (BedSecret) recovery = fixture_rekey (vault, PASSPHRASE, &error);

      g_assert_nonnull (recovery);
    }
  else if (i % 5 == 4)
    {
      bed_vault_lock (vault);
      fixture_unlock (vault, PASSPHRASE);
    }
  g_assert_no_error (error);
}

static void
work (const char *dir)
{
  g_autoptr (SoakVault) vault = NULL;

  soak_watch (dir);
  soak_hook (&hooks);
  soak_make_vault (dir, NULL);
  vault = soak_open_vault (dir);
  g_assert_true (bed_db_exec (bed_vault_get_db (vault),
                              "CREATE TABLE soak (number INTEGER PRIMARY KEY)", NULL));
  acknowledge (0);
  for (guint32 i = 1; i <= 20; i++)
    step (vault, i);
  g_clear_pointer (&vault, soak_close_vault);
  soak_hook (NULL);
  soak_watch ("");
}

/* --- The power fails -------------------------------------------------------------------------- */

static void
apply_write (GByteArray *content, const Op *op, gsize from, gsize to)
{
  gsize end = (gsize) op->offset + to;

  if (content->len < end)
    {
      gsize old = content->len;

      g_byte_array_set_size (content, (guint) end);
      memset (content->data + old, 0, end - old);
    }
  memcpy (content->data + op->offset + from, op->data + from, to - from);
}

static void
apply (GByteArray *content, const Op *op)
{
  gsize old = content->len;

  if (op->kind == WRITE)
    {
      apply_write (content, op, 0, op->length);
      return;
    }
  g_byte_array_set_size (content, (guint) op->length);
  if (op->length > old)
    memset (content->data + old, 0, op->length - old);
}

/* Whole, not at all, or some of its sectors. */
static void
apply_some (GByteArray *content, const Op *op, GRand *rand)
{
  int luck = g_rand_int_range (rand, 0, 4);

  if (luck == 0)
    return;
  if (luck < 3 || op->kind == TRUNCATE)
    {
      apply (content, op);
      return;
    }
  for (gsize from = 0; from < op->length; from += SECTOR)
    if (g_rand_boolean (rand))
      apply_write (content, op, from, MIN (from + SECTOR, op->length));
}

/* The last sync of the file before the end, or the file's beginning. */
static guint
last_sync (guint file, guint end)
{
  for (guint i = end; i > 0; i--)
    {
      const Op *op = &g_array_index (ops, Op, i - 1);

      if (op->file == file && (op->kind == SYNC || op->kind == CREATE))
        return i;
    }
  return 0;
}

/* What is not synced may come in any order. */
static void
apply_unsynced (GByteArray *content, guint file, guint from, guint end, GRand *rand)
{
  g_autoptr (GArray) left = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = from; i < end; i++)
    {
      const Op *op = &g_array_index (ops, Op, i);

      if (op->file == file && (op->kind == WRITE || op->kind == TRUNCATE))
        g_array_append_val (left, i);
    }
  while (left->len > 0)
    {
      guint pick = (guint) g_rand_int_range (rand, 0, (gint32) MIN (left->len, 4));

      apply_some (content, &g_array_index (ops, Op, g_array_index (left, guint, pick)), rand);
      g_array_remove_index (left, pick);
    }
}

static GByteArray *
content_of (guint file, guint end, GRand *rand)
{
  GByteArray *content = g_byte_array_new ();
  guint synced = last_sync (file, end);

  for (guint i = 0; i < synced; i++)
    {
      const Op *op = &g_array_index (ops, Op, i);

      if (op->file == file && (op->kind == WRITE || op->kind == TRUNCATE))
        apply (content, op);
    }
  apply_unsynced (content, file, synced, end, rand);
  return content;
}

static void
apply_name (GHashTable *folder, const Op *op)
{
  gpointer file;

  if (op->kind == CREATE)
    g_hash_table_insert (folder, op->path, GUINT_TO_POINTER (op->file));
  else if (op->kind == RENAME)
    {
      file = g_hash_table_lookup (folder, op->path);
      g_hash_table_remove (folder, op->path);
      g_hash_table_insert (folder, op->to, file);
    }
  else if (op->kind == UNLINK)
    g_hash_table_remove (folder, op->path);
}

/* Up to its last sync before the end, and then as far as it came. */
static GHashTable *
folder_at (guint end, GRand *rand)
{
  GHashTable *folder = g_hash_table_new (g_str_hash, g_str_equal);
  guint synced = end;
  guint until;

  while (synced > 0 && g_array_index (ops, Op, synced - 1).kind != SYNC_FOLDER)
    synced--;
  until = (guint) g_rand_int_range (rand, (gint32) synced, (gint32) end + 1);
  for (guint i = 0; i < until; i++)
    apply_name (folder, &g_array_index (ops, Op, i));
  return folder;
}

static void
leave_folder (const char *dir, guint end, GRand *rand)
{
  g_autoptr (GHashTable) folder = folder_at (end, rand);
  GHashTableIter iter;
  gpointer name, file;

  g_assert_cmpint (g_mkdir (dir, 0700), ==, 0);
  g_hash_table_iter_init (&iter, folder);
  while (g_hash_table_iter_next (&iter, &name, &file))
    {
      g_autofree char *path = g_build_filename (dir, name, NULL);
      g_autoptr (GByteArray) content = NULL;

      /* Shared memory, written through a mapping: made anew by whoever opens first. */
      if (g_str_has_suffix (name, "-shm"))
        continue;
      content = content_of (GPOINTER_TO_UINT (file), end, rand);
      g_assert_true (g_file_set_contents_full (path, (char *) content->data,
                                               (gssize) content->len, G_FILE_SET_CONTENTS_NONE,
                                               0600, NULL));
    }
}

/* --- Afterwards ------------------------------------------------------------------------------- */

static gint64
ask (BedVault *vault, const char *sql)
{
  g_autoptr (BedDbStatement) row = bed_db_query (bed_vault_get_db (vault), NULL, sql, "");

  g_assert_nonnull (row);
  g_assert_cmpint (bed_db_statement_step (row, NULL), ==, BED_DB_STEP_ROW);
  return bed_db_statement_get_int64 (row, 0);
}

static void
look (const char *dir, guint32 acknowledged)
{
  g_autoptr (SoakVault) vault = soak_open_vault (dir);
  g_autoptr (GError) error = NULL;
  guint32 found = soak_get_number (vault, "number");
  gint64 spooled;

  soak_assert_whole (vault);
  g_assert_cmpuint (found, >=, acknowledged);
  g_assert_cmpuint (found, <=, acknowledged + 1);
  bed_vault_spool_merge (vault, keep_number, bed_vault_get_db (vault), NULL, NULL, &error);
  g_assert_no_error (error);
  spooled = ask (vault, "SELECT coalesce(max(number), 0) FROM soak");
  g_assert_cmpint (spooled, >=, acknowledged);
  g_assert_cmpint (ask (vault, "SELECT count(*) FROM soak"), ==, spooled);
}

/* Before the vault was made there is nothing to lose. */
static gint64
acknowledged_at (guint end)
{
  for (guint i = end; i > 0; i--)
    if (g_array_index (ops, Op, i - 1).kind == ACKNOWLEDGED)
      return g_array_index (ops, Op, i - 1).offset;
  return -1;
}

int
main (int argc, char **argv)
{
  guint count = soak_count (argc, argv, 5000);
  guint32 seed = argc > 2 ? (guint32) strtoul (argv[2], NULL, 10) : (guint32) g_get_real_time ();
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  g_autofree char *root = soak_make_folder ();
  g_autofree char *live = g_build_filename (root, "live", NULL);
  g_autofree char *dir = g_build_filename (root, "dir", NULL);
  guint first = 0;

  ops = g_array_new (FALSE, TRUE, sizeof (Op));
  names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_assert_cmpint (g_mkdir (live, 0700), ==, 0);
  work (live);
  while (acknowledged_at (first) < 0)
    first++;
  g_print ("power: seed %u, %u operations written down\n", seed, ops->len);
  for (guint i = 0; i < count; i++)
    {
      guint end = (guint) g_rand_int_range (rand, (gint32) first, (gint32) ops->len + 1);

      leave_folder (dir, end, rand);
      look (dir, (guint32) acknowledged_at (end));
      fixture_remove (dir);
    }
  fixture_remove (root);
  g_print ("power: %u failures, everything acknowledged was there\n", count);
  for (guint i = 0; i < ops->len; i++)
    {
      g_free (g_array_index (ops, Op, i).path);
      g_free (g_array_index (ops, Op, i).to);
      g_free (g_array_index (ops, Op, i).data);
    }
  g_array_unref (ops);
  g_hash_table_unref (names);
  return 0;
}
