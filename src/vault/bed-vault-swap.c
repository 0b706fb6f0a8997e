/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-vault-private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "bed-log.h"

#define TAG_LENGTH 16

/* vault.db.<tag>: the tag is of the master key that opens it. */
char *
bed_vault_next_path (const char *directory, const char *name, const BedKeyslots *slots)
{
  g_autofree char *tag = bed_keyslots_dup_tag (slots);
  g_autofree char *full = g_strconcat (name, ".", tag, NULL);

  return g_build_filename (directory, full, NULL);
}

static gboolean
remove_file (const char *directory, const char *name, GError **error)
{
  g_autofree char *path = g_build_filename (directory, name, NULL);

  return g_unlink (path) == 0 || errno == ENOENT
         || bed_vault_fail_errno (errno, "An old file cannot be removed", error);
}

static gboolean
put_in_place (const char *directory, const char *name, const BedKeyslots *slots, GError **error)
{
  g_autofree char *from = bed_vault_next_path (directory, name, slots);
  g_autofree char *to = g_build_filename (directory, name, NULL);

  return g_rename (from, to) == 0 || errno == ENOENT
         || bed_vault_fail_errno (errno, "A new file cannot be put in its place", error);
}

/* Whether `name` is `base`.<16 hexadecimal digits>, whatever comes behind. */
static const char *
find_tag (const char *name, const char *base)
{
  gsize length = strlen (base);

  if (strncmp (name, base, length) != 0 || name[length] != '.')
    return NULL;
  for (guint i = 0; i < TAG_LENGTH; i++)
    if (!g_ascii_isxdigit (name[length + 1 + i]))
      return NULL;
  return name + length + 1;
}

/* Files of a key that never became the true one. */
static gboolean
remove_strays (const char *directory, const char *keep_tag, GError **error)
{
  g_autoptr (GDir) dir = g_dir_open (directory, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      const char *tag = find_tag (name, BED_VAULT_DB_FILE);

      if (tag == NULL)
        tag = find_tag (name, BED_VAULT_SPOOL_FILE);
      if (tag != NULL && (keep_tag == NULL || strcmp (tag, keep_tag) != 0)
          && !remove_file (directory, name, error))
        return FALSE;
    }
  return TRUE;
}

gboolean
bed_vault_finish_spool_swap (const char *directory, const BedKeyslots *slots, GError **error)
{
  return put_in_place (directory, BED_VAULT_SPOOL_FILE, slots, error);
}

/* What belongs to the old database has to be gone, for certain, before the new one has its name: a
 * WAL beside it would be taken for its own. */
static gboolean
swap (const char *directory, const BedKeyslots *slots, GError **error)
{
  static const char *const old[] = { BED_VAULT_DB_FILE "-wal", BED_VAULT_DB_FILE "-shm",
                                     BED_VAULT_WITNESS_FILE };

  for (guint i = 0; i < G_N_ELEMENTS (old); i++)
    if (!remove_file (directory, old[i], error))
      return FALSE;
  return bed_vault_finish_spool_swap (directory, slots, error)
         && bed_vault_sync_directory (directory, error)
         && put_in_place (directory, BED_VAULT_DB_FILE, slots, error)
         && bed_vault_sync_directory (directory, error);
}

gboolean
bed_vault_finish_swap (const char *directory, const BedKeyslots *slots, GError **error)
{
  g_autofree char *next = bed_vault_next_path (directory, BED_VAULT_DB_FILE, slots);
  g_autofree char *tag = bed_keyslots_dup_tag (slots);

  if (g_file_test (next, G_FILE_TEST_EXISTS) && !swap (directory, slots, error))
    return FALSE;
  return remove_strays (directory, tag, error);
}

void
bed_vault_discard_next (const char *directory, const BedKeyslots *slots)
{
  g_autofree char *tag = bed_keyslots_dup_tag (slots);
  g_autoptr (GError) error = NULL;

  /* Those of the key in use, of which there are none, would be kept. */
  if (!remove_strays (directory, tag, &error))
    g_message ("A part of a database stays behind until the next unlock: " BED_ERROR_FORMAT,
               BED_ERROR_CODE (error));
}
