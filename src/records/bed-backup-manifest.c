/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-backup-private.h"

#include <string.h>

#define VERSION 1
#define TEXT_MAX 4096
#define GROUP "Bedside backup"

G_DEFINE_BOXED_TYPE (BedBackupInfo, bed_backup_info, bed_backup_info_copy, bed_backup_info_free)

GType
bed_backup_interval_get_type (void)
{
  static gsize type;
  static const GEnumValue values[]
      = { { BED_BACKUP_NEVER, "BED_BACKUP_NEVER", "never" },
          { BED_BACKUP_DAILY, "BED_BACKUP_DAILY", "daily" },
          { BED_BACKUP_WEEKLY, "BED_BACKUP_WEEKLY", "weekly" },
          { 0, NULL, NULL } };

  if (g_once_init_enter (&type))
    g_once_init_leave (&type, g_enum_register_static ("BedBackupInterval", values));
  return type;
}

BedBackupInfo *
bed_backup_info_copy (const BedBackupInfo *self)
{
  BedBackupInfo *copy = g_memdup2 (self, sizeof *self);

  copy->path = g_strdup (self->path);
  return copy;
}

void
bed_backup_info_free (BedBackupInfo *self)
{
  g_free (self->path);
  g_free (self);
}

static gboolean
read_number (GKeyFile *file, const char *name, guint64 *value)
{
  g_autofree char *text = g_key_file_get_value (file, GROUP, name, NULL);

  return text != NULL && g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT64, value, NULL);
}

static gboolean
read_hex (GKeyFile *file, const char *name, guint8 *out, gsize length)
{
  g_autofree char *text = g_key_file_get_value (file, GROUP, name, NULL);

  if (text == NULL || strlen (text) != 2 * length)
    return FALSE;
  for (gsize i = 0; i < length; i++)
    {
      int high = g_ascii_xdigit_value (text[2 * i]);
      int low = g_ascii_xdigit_value (text[2 * i + 1]);
      if (high < 0 || low < 0)
        return FALSE;
      out[i] = (guint8) (high << 4 | low);
    }
  return TRUE;
}

/* (transfer full) */
static char *
to_hex (const guint8 *bytes, gsize length)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; i < length; i++)
    g_string_append_printf (text, "%02x", bytes[i]);
  return g_string_free (text, FALSE);
}

static gboolean
read_values (GKeyFile *file, BedBackupManifest *manifest)
{
  BedBackupInfo *info = &manifest->info;
  guint64 made;
  guint8 id[16];
  g_autofree char *hex = NULL;

  if (!read_number (file, "made_us", &made) || !read_hex (file, "record", id, sizeof id)
      || !read_number (file, "commits", &info->commits)
      || !read_number (file, "trail", &info->trail)
      || !read_number (file, "patients", &info->patients)
      || !read_number (file, "encounters", &info->encounters)
      || !read_number (file, "notes", &info->notes) || !read_number (file, "bytes", &info->bytes)
      || !read_hex (file, "keys_sha256", manifest->keys_hash, sizeof manifest->keys_hash)
      || !read_hex (file, "database_sha256", manifest->db_hash, sizeof manifest->db_hash))
    return FALSE;
  hex = to_hex (id, sizeof id);
  info->made_us = (gint64) made;
  memcpy (info->vault_id, hex, sizeof info->vault_id);
  return TRUE;
}

static gboolean
fail (BedRecordError code, const char *message, GError **error)
{
  g_set_error_literal (error, BED_RECORD_ERROR, (int) code, message);
  return FALSE;
}

gboolean
bed_backup_manifest_parse (const char *text, gsize length, BedBackupManifest *manifest,
                           GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  guint64 version;

  memset (manifest, 0, sizeof *manifest);
  if (length == 0 || length > TEXT_MAX || memchr (text, '\0', length) != NULL
      || !g_utf8_validate (text, (gssize) length, NULL)
      || !g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, NULL)
      || !read_number (file, "version", &version))
    return fail (BED_RECORD_ERROR_DAMAGED, "The backup does not say what it is", error);
  if (version > VERSION)
    return fail (BED_RECORD_ERROR_NEWER, "The backup is of a later version", error);
  if (version == VERSION && read_values (file, manifest))
    return TRUE;
  return fail (BED_RECORD_ERROR_DAMAGED, "The backup does not say what it is", error);
}

char *
bed_backup_manifest_write (const BedBackupManifest *manifest)
{
  const BedBackupInfo *info = &manifest->info;
  g_autofree char *keys = to_hex (manifest->keys_hash, sizeof manifest->keys_hash);
  g_autofree char *db = to_hex (manifest->db_hash, sizeof manifest->db_hash);

  return g_strdup_printf ("[" GROUP "]\n"
                          "version=%u\n"
                          "made_us=%" G_GINT64_FORMAT "\n"
                          "record=%s\n"
                          "commits=%" G_GUINT64_FORMAT "\n"
                          "trail=%" G_GUINT64_FORMAT "\n"
                          "patients=%" G_GUINT64_FORMAT "\n"
                          "encounters=%" G_GUINT64_FORMAT "\n"
                          "notes=%" G_GUINT64_FORMAT "\n"
                          "bytes=%" G_GUINT64_FORMAT "\n"
                          "keys_sha256=%s\n"
                          "database_sha256=%s\n",
                          VERSION, info->made_us, info->vault_id, info->commits, info->trail,
                          info->patients, info->encounters, info->notes, info->bytes, keys, db);
}

gboolean
bed_backup_load_manifest (const char *path, BedBackupManifest *manifest, GError **error)
{
  g_autofree char *name = g_build_filename (path, BED_BACKUP_MANIFEST, NULL);
  g_autoptr (GFile) file = g_file_new_for_path (name);
  g_autoptr (GFileInputStream) in = NULL;
  char text[TEXT_MAX + 1];
  gsize length;

  if (g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL) != G_FILE_TYPE_REGULAR)
    return fail (BED_RECORD_ERROR_NOT_FOUND, "This is no backup", error);
  in = g_file_read (file, NULL, NULL);
  if (in == NULL
      || !g_input_stream_read_all (G_INPUT_STREAM (in), text, sizeof text, &length, NULL, NULL))
    return fail (BED_RECORD_ERROR_IO, "The backup cannot be read", error);
  return bed_backup_manifest_parse (text, length, manifest, error);
}

/* --- What it says, compared with what is there ------------------------------------------------ */

static gboolean
fits (const char *folder, const char *name, const guint8 expected[32], guint64 *bytes,
      GError **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  guint8 hash[32];

  if (!bed_backup_hash_file (path, hash, bytes, NULL, error))
    return FALSE;
  return memcmp (hash, expected, sizeof hash) == 0
         || fail (BED_RECORD_ERROR_DAMAGED, "A file of the backup was changed", error);
}

BedBackupInfo *
bed_backup_info_read (const char *path, GError **error)
{
  BedBackupManifest manifest;
  guint64 keys, db;

  if (!bed_backup_load_manifest (path, &manifest, error)
      || !fits (path, BED_BACKUP_KEYS, manifest.keys_hash, &keys, error)
      || !fits (path, BED_BACKUP_DB, manifest.db_hash, &db, error))
    return NULL;
  if (keys + db != manifest.info.bytes)
    {
      fail (BED_RECORD_ERROR_DAMAGED, "A file of the backup was changed", error);
      return NULL;
    }
  manifest.info.path = (char *) path;
  return bed_backup_info_copy (&manifest.info);
}

static int
newer_first (gconstpointer a, gconstpointer b)
{
  const BedBackupInfo *x = *(BedBackupInfo *const *) a;
  const BedBackupInfo *y = *(BedBackupInfo *const *) b;

  return (x->made_us < y->made_us) - (x->made_us > y->made_us);
}

GPtrArray *
bed_backup_list (const char *folder, GError **error)
{
  g_autoptr (GError) inner = NULL;
  g_autoptr (GDir) dir = g_dir_open (folder, 0, &inner);
  g_autoptr (GPtrArray) found
      = g_ptr_array_new_with_free_func ((GDestroyNotify) bed_backup_info_free);
  const char *name;

  if (dir == NULL)
    {
      fail (g_error_matches (inner, G_FILE_ERROR, G_FILE_ERROR_NOENT) ? BED_RECORD_ERROR_NOT_FOUND
                                                                      : BED_RECORD_ERROR_IO,
            inner->message, error);
      return NULL;
    }
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      BedBackupManifest manifest;

      if (!g_str_has_prefix (name, BED_BACKUP_PREFIX)
          || !bed_backup_load_manifest (path, &manifest, NULL))
        continue;
      manifest.info.path = path;
      g_ptr_array_add (found, bed_backup_info_copy (&manifest.info));
    }
  g_ptr_array_sort (found, newer_first);
  return g_steal_pointer (&found);
}
