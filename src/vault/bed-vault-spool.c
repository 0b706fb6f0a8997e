/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault-private.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bed-encoding.h"

/* One record a line: base64url of crypto_box_seal. A line that a crash cut short is closed by the
 * next append, so it spoils only itself. */
#define SPOOL_MAX (4 * 1024 * 1024)
#define SEALED_MAX (BED_VAULT_SPOOL_RECORD_MAX + crypto_box_SEALBYTES)
#define HASH_LENGTH 16
#define DAMAGED_PREFIX BED_VAULT_SPOOL_FILE ".damaged-"
#define DAMAGED_MAX 16 /* files: of at most SPOOL_MAX each */

/* --- Append ----------------------------------------------------------------------------------- */

static char *
seal_line (const BedKeyslots *slots, GBytes *record, gboolean after_torn)
{
  gsize length;
  const guint8 *data = g_bytes_get_data (record, &length);
  g_autofree guint8 *sealed = g_malloc (length + crypto_box_SEALBYTES);
  g_autofree char *text = NULL;

  crypto_box_seal (sealed, data, length, slots->public_key);
  text = bed_base64url_encode (sealed, length + crypto_box_SEALBYTES);
  return g_strconcat (after_torn ? "\n" : "", text, "\n", NULL);
}

/* TRUE when the file ends in the middle of a line. */
static gboolean
is_torn (int fd, off_t size)
{
  char last;

  return size > 0 && (pread (fd, &last, 1, size - 1) != 1 || last != '\n');
}

static gboolean
append_line (int fd, const BedKeyslots *slots, GBytes *record, GError **error)
{
  g_autofree char *line = NULL;
  struct stat st;
  gsize length;
  ssize_t written;
  int saved;

  if (fstat (fd, &st) != 0)
    return bed_vault_fail_errno (errno, "The spool cannot be read", error);
  line = seal_line (slots, record, is_torn (fd, st.st_size));
  length = strlen (line);
  if ((gsize) st.st_size + length > SPOOL_MAX)
    return bed_vault_fail_errno (ENOSPC, "The spool has reached its limit", error);
  written = write (fd, line, length);
  if (written == (ssize_t) length && fsync (fd) == 0)
    return TRUE;
  saved = written >= 0 && written < (ssize_t) length ? ENOSPC : errno;
  if (ftruncate (fd, st.st_size) != 0)
    g_message ("A part of a record stays in the spool");
  return bed_vault_fail_errno (saved, "The spool cannot be written", error);
}

gboolean
bed_vault_spool_append (BedVault *self, GBytes *record, GError **error)
{
  g_autofree char *keys_path = bed_vault_path (self, BED_VAULT_KEYS_FILE);
  g_autofree char *path = bed_vault_path (self, BED_VAULT_SPOOL_FILE);
  BedKeyslots slots;
  gboolean ok;
  int fd;

  g_return_val_if_fail (g_bytes_get_size (record) <= BED_VAULT_SPOOL_RECORD_MAX, FALSE);
  if (!bed_vault_load_keyslots (keys_path, &slots, error)
      || !bed_vault_finish_spool_swap (bed_vault_get_directory (self), &slots, error))
    return FALSE;
  fd = open (path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (fd < 0)
    return bed_vault_fail_errno (errno, "The spool cannot be opened", error);
  ok = append_line (fd, &slots, record, error);
  close (fd);
  return ok && bed_vault_sync_directory (bed_vault_get_directory (self), error);
}

/* --- Merge ------------------------------------------------------------------------------------ */

/* A power loss may leave zeros between the lines: they end nothing. (transfer full) */
static GStrv
split_lines (GBytes *bytes)
{
  gsize length;
  const char *data = g_bytes_get_data (bytes, &length);
  g_autofree char *text = g_malloc (length + 1);

  for (gsize i = 0; i < length; i++)
    text[i] = data[i] != '\0' ? data[i] : '\1';
  text[length] = '\0';
  return g_strsplit (text, "\n", -1);
}

typedef struct
{
  BedDb *db; /* borrowed */
  guint8 public_key[crypto_box_PUBLICKEYBYTES];
  BedSecret *secret_key; /* owned */
  BedVaultSpoolMerge merge;
  BedVaultSpoolDamaged tell_damaged; /* nullable */
  gpointer user_data;
  guint merged;
  GString *damaged; /* owned: the lines */
  guint n_damaged;
} Merge;

static void
merge_init (Merge *self, const BedSecret *master)
{
  g_autoptr (BedSecret) seed = bed_master_key_derive (master, BED_SUBKEY_SPOOL);

  self->secret_key = bed_secret_new_zero (crypto_box_SECRETKEYBYTES);
  crypto_box_seed_keypair (self->public_key, bed_secret_get_writable (self->secret_key),
                           bed_secret_get_data (seed));
  self->damaged = g_string_new (NULL);
}

static void
merge_clear (Merge *self)
{
  bed_secret_unref (self->secret_key);
  g_string_free (self->damaged, TRUE);
}

/* Returns: (transfer full) (nullable) */
static GBytes *
unseal_line (Merge *self, const char *line)
{
  g_autoptr (GBytes) sealed = bed_base64url_decode (line, SEALED_MAX);
  g_autofree guint8 *plain = NULL;
  gsize length;
  const guint8 *data;

  if (sealed == NULL)
    return NULL;
  data = g_bytes_get_data (sealed, &length);
  if (length < crypto_box_SEALBYTES)
    return NULL;
  plain = g_malloc (MAX (length - crypto_box_SEALBYTES, 1));
  if (crypto_box_seal_open (plain, data, length, self->public_key,
                            bed_secret_get_data (self->secret_key))
      != 0)
    return NULL;
  return g_bytes_new_take (g_steal_pointer (&plain), length - crypto_box_SEALBYTES);
}

/* Whether a line was handed over before; notes that it is now. */
static gboolean
take_line (Merge *self, const char *line, gboolean *is_new, GError **error)
{
  guint8 hash[HASH_LENGTH];

  crypto_generichash (hash, sizeof hash, (const guint8 *) line, strlen (line), NULL, 0);
  if (!bed_db_run (self->db, error, "INSERT OR IGNORE INTO vault_spool_taken (hash) VALUES (?)",
                   "b", hash, sizeof hash))
    return FALSE;
  *is_new = bed_db_get_changes (self->db) == 1;
  return TRUE;
}

static gboolean
merge_line (Merge *self, const char *line, GError **error)
{
  g_autoptr (GBytes) record = unseal_line (self, line);
  gboolean is_new;

  if (!take_line (self, line, &is_new, error))
    return FALSE;
  if (!is_new)
    return TRUE;
  if (record == NULL)
    {
      g_string_append (self->damaged, line);
      g_string_append_c (self->damaged, '\n');
      self->n_damaged++;
      return TRUE;
    }
  self->merged++;
  return self->merge (record, self->user_data, error);
}

/* --- What cannot be read ----------------------------------------------------------------------- */

typedef struct
{
  char *path; /* owned */
  gint64 changed_s;
} DamagedFile;

static void
damaged_file_free (gpointer data)
{
  DamagedFile *self = data;

  g_free (self->path);
  g_free (self);
}

static int
compare_oldest (gconstpointer a, gconstpointer b)
{
  const DamagedFile *one = *(DamagedFile *const *) a, *other = *(DamagedFile *const *) b;

  return (one->changed_s > other->changed_s) - (one->changed_s < other->changed_s);
}

/* The oldest go, so that there is room for one more. */
static void
make_room_for_damaged (const char *directory)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func (damaged_file_free);
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (directory, name, NULL);
      struct stat st;
      DamagedFile *file;

      if (!g_str_has_prefix (name, DAMAGED_PREFIX) || lstat (path, &st) != 0)
        continue;
      file = g_new0 (DamagedFile, 1);
      file->path = g_steal_pointer (&path);
      file->changed_s = st.st_mtime;
      g_ptr_array_add (found, file);
    }
  g_ptr_array_sort (found, compare_oldest);
  for (guint i = 0; i + DAMAGED_MAX <= found->len; i++)
    if (g_unlink (((DamagedFile *) found->pdata[i])->path) != 0)
      g_message ("An old part of a damaged spool stays: %s", g_strerror (errno));
}

/* Kept for whoever may look into it, each under a name of its own: by its content, so that a merge
 * that is done again after a crash keeps it once. */
static gboolean
set_aside (BedVault *self, const GString *lines, GError **error)
{
  guint8 hash[HASH_LENGTH];
  char hex[2 * HASH_LENGTH + 1];
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;

  crypto_generichash (hash, sizeof hash, (const guint8 *) lines->str, lines->len, NULL, 0);
  sodium_bin2hex (hex, sizeof hex, hash, sizeof hash);
  name = g_strconcat (DAMAGED_PREFIX, hex, NULL);
  path = bed_vault_path (self, name);
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    make_room_for_damaged (bed_vault_get_directory (self));
  return bed_vault_replace_file (path, lines->str, lines->len, error);
}

/* Within the transaction: what is set aside is told once, and nothing is taken when it cannot be. */
static gboolean
keep_damaged (BedVault *vault, Merge *self, GError **error)
{
  if (self->damaged->len == 0)
    return TRUE;
  return set_aside (vault, self->damaged, error)
         && (self->tell_damaged == NULL
             || self->tell_damaged (self->damaged->len, self->user_data, error));
}

static gboolean
take_lines (BedVault *vault, Merge *self, char **lines, GError **error)
{
  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '\0' && !merge_line (self, lines[i], error))
      return FALSE;
  return keep_damaged (vault, self, error);
}

static gboolean
merge_lines (BedVault *vault, Merge *self, char **lines, GError **error)
{
  g_autoptr (GError) inner = NULL;

  if (!bed_db_begin (self->db, &inner))
    return bed_vault_fail_db (g_steal_pointer (&inner), error);
  if (take_lines (vault, self, lines, &inner))
    return bed_vault_commit (vault, self->db, error);
  bed_db_rollback (self->db);
  if (inner->domain == BED_DB_ERROR)
    return bed_vault_fail_db (g_steal_pointer (&inner), error);
  g_propagate_error (error, g_steal_pointer (&inner));
  return FALSE;
}

/* The file first: a crash between the two leaves hashes behind, which do no harm. */
static gboolean
empty_spool (BedVault *self, const char *path, GError **error)
{
  g_autoptr (GError) db_error = NULL;

  if (g_unlink (path) != 0 && errno != ENOENT)
    return bed_vault_fail_errno (errno, "The spool cannot be emptied", error);
  if (!bed_vault_sync_directory (bed_vault_get_directory (self), error))
    return FALSE;
  return bed_db_run (bed_vault_get_db (self), &db_error, "DELETE FROM vault_spool_taken", "")
         || bed_vault_fail_db (g_steal_pointer (&db_error), error);
}

static gboolean
merge_text (BedVault *self, const char *path, GBytes *bytes, Merge *merge, GError **error)
{
  g_auto (GStrv) lines = split_lines (bytes);

  return merge_lines (self, merge, lines, error) && empty_spool (self, path, error);
}

gboolean
bed_vault_spool_merge (BedVault *self,
                       BedVaultSpoolMerge merge,
                       BedVaultSpoolDamaged tell_damaged,
                       gpointer user_data,
                       guint *merged,
                       guint *damaged,
                       GError **error)
{
  g_autofree char *path = bed_vault_path (self, BED_VAULT_SPOOL_FILE);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) read_error = NULL;
  Merge work = { .merge = merge, .tell_damaged = tell_damaged, .user_data = user_data };
  gboolean ok = TRUE;

  if (!bed_vault_require_unlocked (self, error))
    return FALSE;
  bytes = bed_vault_read_file (path, SPOOL_MAX, &read_error);
  if (bytes == NULL && !g_error_matches (read_error, BED_VAULT_ERROR, BED_VAULT_ERROR_MISSING))
    {
      g_propagate_error (error, g_steal_pointer (&read_error));
      return FALSE;
    }
  merge_init (&work, bed_vault_get_master (self));
  work.db = bed_vault_get_db (self);
  if (bytes != NULL)
    ok = merge_text (self, path, bytes, &work, error);
  if (merged != NULL)
    *merged = ok ? work.merged : 0;
  if (damaged != NULL)
    *damaged = work.n_damaged;
  merge_clear (&work);
  return ok;
}

/* --- Under a new key -------------------------------------------------------------------------- */

GHashTable *
bed_vault_spool_load_taken (BedDb *db, GError **error)
{
  g_autoptr (GHashTable) taken
      = g_hash_table_new_full (g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
  g_autoptr (BedDbStatement) row = bed_db_query (db, error, "SELECT hash FROM vault_spool_taken",
                                                 "");
  BedDbStep step;

  if (row == NULL)
    return NULL;
  while ((step = bed_db_statement_step (row, error)) == BED_DB_STEP_ROW)
    g_hash_table_add (taken, bed_db_statement_dup_blob (row, 0));
  return step == BED_DB_STEP_DONE ? g_steal_pointer (&taken) : NULL;
}

static gboolean
was_taken (GHashTable *taken, const char *line)
{
  guint8 hash[HASH_LENGTH];
  g_autoptr (GBytes) key = NULL;

  crypto_generichash (hash, sizeof hash, (const guint8 *) line, strlen (line), NULL, 0);
  key = g_bytes_new (hash, sizeof hash);
  return g_hash_table_contains (taken, key);
}

static char *
reseal_lines (Merge *work, GBytes *bytes, const BedKeyslots *to, GHashTable *taken)
{
  g_auto (GStrv) lines = split_lines (bytes);
  GString *out = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autoptr (GBytes) record = lines[i][0] != '\0' ? unseal_line (work, lines[i]) : NULL;
      g_autofree char *sealed = NULL;

      if (lines[i][0] == '\0' || was_taken (taken, lines[i]))
        continue;
      sealed = record != NULL ? seal_line (to, record, FALSE) : g_strconcat (lines[i], "\n", NULL);
      g_string_append (out, sealed);
    }
  return g_string_free (out, FALSE);
}

gboolean
bed_vault_spool_reseal (const char *from_path, const char *to_path, const BedSecret *from_master,
                        const BedKeyslots *to, GHashTable *taken, GError **error)
{
  g_autoptr (GError) read_error = NULL;
  g_autoptr (GBytes) bytes = bed_vault_read_file (from_path, SPOOL_MAX, &read_error);
  g_autofree char *text = NULL;
  Merge work = { 0 };

  if (g_error_matches (read_error, BED_VAULT_ERROR, BED_VAULT_ERROR_MISSING))
    return bed_vault_replace_file (to_path, "", 0, error);
  if (bytes == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&read_error));
      return FALSE;
    }
  merge_init (&work, from_master);
  text = reseal_lines (&work, bytes, to, taken);
  merge_clear (&work);
  return bed_vault_replace_file (to_path, text, strlen (text), error);
}
