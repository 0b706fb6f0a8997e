/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-export-tar-private.h"

#include <string.h>

#define SUMS "SHA256SUMS"
#define SUMS_MAX (16 * 1024 * 1024)
#define SUM_LENGTH 64
#define PENDING_MAX 1000000

/* Offsets and lengths of ustar's fields (POSIX.1-2017, pax). */
#define AT_MODE 100
#define AT_UID 108
#define AT_GID 116
#define AT_SIZE 124
#define AT_TIME 136
#define AT_SUM 148
#define AT_TYPE 156
#define AT_MAGIC 257
#define AT_PREFIX 345

/* --- Writing ---------------------------------------------------------------------------------- */

static guint
checksum (const guint8 *block)
{
  guint sum = 0;

  for (guint i = 0; i < BED_TAR_BLOCK; i++)
    sum += i >= AT_SUM && i < AT_SUM + 8 ? ' ' : block[i];
  return sum;
}

static void
put_octal (guint8 *at, guint digits, guint64 value)
{
  g_autofree char *text = g_strdup_printf ("%0*" G_GINT64_MODIFIER "o", (int) digits, value);

  memcpy (at, text, digits);
}

void
bed_tar_header (guint8 block[BED_TAR_BLOCK], const char *name, guint64 size, gint64 real_us)
{
  g_return_if_fail (strlen (name) <= BED_TAR_NAME_MAX && size <= BED_TAR_FILE_MAX);
  memset (block, 0, BED_TAR_BLOCK);
  memcpy (block, name, strlen (name));
  put_octal (block + AT_MODE, 7, 0600);
  put_octal (block + AT_UID, 7, 0);
  put_octal (block + AT_GID, 7, 0);
  put_octal (block + AT_SIZE, 11, size);
  put_octal (block + AT_TIME, 11, MAX (real_us, 0) / G_USEC_PER_SEC);
  block[AT_TYPE] = '0';
  memcpy (block + AT_MAGIC, "ustar\00000", 8);
  put_octal (block + AT_SUM, 6, checksum (block));
  block[AT_SUM + 7] = ' ';
}

gsize
bed_tar_padding (guint64 size)
{
  return (BED_TAR_BLOCK - size % BED_TAR_BLOCK) % BED_TAR_BLOCK;
}

/* --- Reading ---------------------------------------------------------------------------------- */

typedef enum
{
  IN_HEADER,
  IN_FILE,
  IN_PADDING,
  IN_END, /* one block of zeros was seen */
  AT_END,
} Place;

struct _BedTarReader
{
  BedExportVisitor visitor;
  gpointer user_data;

  Place place;
  guint8 block[BED_TAR_BLOCK];
  gsize used;      /* of the block */
  guint64 left;    /* of the file or its padding */
  gsize padding;
  char name[BED_TAR_NAME_MAX + 1];
  GChecksum *sum;      /* owned; of the file */
  GString *sums;       /* owned; NULL while the file is no list of sums */
  GHashTable *pending; /* owned: name to sum, not yet vouched for */
  guint n_files;
};

static gboolean
fail (const char *message, GError **error)
{
  g_set_error_literal (error, BED_EXPORT_ERROR, BED_EXPORT_ERROR_DAMAGED, message);
  return FALSE;
}

static gboolean
stopped (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Stopped");
  return FALSE;
}

BedTarReader *
bed_tar_reader_new (const BedExportVisitor *visitor, gpointer user_data)
{
  BedTarReader *self = g_new0 (BedTarReader, 1);

  if (visitor != NULL)
    self->visitor = *visitor;
  self->user_data = user_data;
  self->sum = g_checksum_new (G_CHECKSUM_SHA256);
  self->pending = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
bed_tar_reader_free (BedTarReader *self)
{
  if (self == NULL)
    return;
  g_checksum_free (self->sum);
  if (self->sums != NULL)
    g_string_free (self->sums, TRUE);
  g_hash_table_unref (self->pending);
  bed_secret_wipe (self, sizeof *self);
  g_free (self);
}

/* A plain relative path: letters, digits, dot, dash and underscore, no folder that is dots. */
static gboolean
name_is_plain (const char *name)
{
  char last = '/';

  for (const char *at = name; *at != '\0'; last = *at++)
    if (!(g_ascii_isalnum (*at) || strchr ("._-", *at) != NULL || (*at == '/' && last != '/'))
        || (*at == '.' && last == '/'))
      return FALSE;
  return name[0] != '\0' && last != '/';
}

static gboolean
get_octal (const guint8 *at, guint digits, guint64 *value)
{
  *value = 0;
  for (guint i = 0; i < digits; i++)
    {
      if (at[i] < '0' || at[i] > '7')
        return FALSE;
      *value = *value * 8 + (at[i] - '0');
    }
  return at[digits] == '\0' || at[digits] == ' ';
}

static gboolean
parse_header (BedTarReader *self, GError **error)
{
  guint64 sum, size;

  if (memchr (self->block, '\0', sizeof self->name) == NULL
      || memcmp (self->block + AT_MAGIC, "ustar\00000", 8) != 0 || self->block[AT_TYPE] != '0'
      || self->block[AT_PREFIX] != '\0')
    return fail ("An entry that is no plain file", error);
  if (!get_octal (self->block + AT_SUM, 6, &sum) || sum != checksum (self->block)
      || !get_octal (self->block + AT_SIZE, 11, &size) || size > BED_TAR_FILE_MAX)
    return fail ("An entry that does not add up", error);
  memcpy (self->name, self->block, sizeof self->name);
  if (!name_is_plain (self->name) || self->n_files >= BED_TAR_FILES_MAX
      || g_hash_table_size (self->pending) >= PENDING_MAX)
    return fail ("A name that is none", error);
  self->left = size;
  self->padding = bed_tar_padding (size);
  return TRUE;
}

static gboolean
begin_file (BedTarReader *self, GError **error)
{
  if (!parse_header (self, error))
    return FALSE;
  g_checksum_reset (self->sum);
  if (g_str_equal (self->name, SUMS) || g_str_has_suffix (self->name, "/" SUMS))
    {
      if (self->left > SUMS_MAX)
        return fail ("A list that is too long", error);
      self->sums = g_string_new (NULL);
    }
  self->n_files += self->sums == NULL;
  self->place = IN_FILE;
  if (self->visitor.begin != NULL
      && !self->visitor.begin (self->name, self->left, self->user_data))
    return stopped (error);
  return TRUE;
}

/* "<64 hex digits>  <name>", as sha256sum writes it. */
static gboolean
check_sum (BedTarReader *self, const char *folder, const char *line, GError **error)
{
  g_autofree char *name = NULL;
  const char *sum;

  if (strlen (line) < SUM_LENGTH + 3 || memcmp (line + SUM_LENGTH, "  ", 2) != 0)
    return fail ("A line that is no sum", error);
  name = g_strconcat (folder, line + SUM_LENGTH + 2, NULL);
  sum = g_hash_table_lookup (self->pending, name);
  if (sum == NULL)
    return fail ("A file is missing", error);
  if (strncmp (sum, line, SUM_LENGTH) != 0)
    return fail ("A file is not as its sum says", error);
  g_hash_table_remove (self->pending, name);
  return TRUE;
}

static gboolean
check_sums (BedTarReader *self, GError **error)
{
  g_autofree char *text = g_string_free (g_steal_pointer (&self->sums), FALSE);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *folder = g_strndup (self->name, strlen (self->name) - strlen (SUMS));

  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '\0' && !check_sum (self, folder, lines[i], error))
      return FALSE;
  return TRUE;
}

static gboolean
end_file (BedTarReader *self, GError **error)
{
  self->left = self->padding;
  self->place = IN_PADDING;
  if (self->sums != NULL && !check_sums (self, error))
    return FALSE;
  if (!g_hash_table_insert (self->pending, g_strdup (self->name),
                            g_strdup (g_checksum_get_string (self->sum))))
    return fail ("A file is there twice", error);
  if (self->visitor.end != NULL && !self->visitor.end (self->user_data))
    return stopped (error);
  return TRUE;
}

static gboolean
end_block (BedTarReader *self, GError **error)
{
  static const guint8 zeros[BED_TAR_BLOCK];
  const gboolean is_zero = memcmp (self->block, zeros, sizeof zeros) == 0;

  self->used = 0;
  if (is_zero)
    {
      self->place = self->place == IN_END ? AT_END : IN_END;
      return TRUE;
    }
  return self->place == IN_END ? fail ("Bytes after the end", error) : begin_file (self, error);
}

/* Returns: how many bytes were taken, 0 with an error. */
static gsize
take_block (BedTarReader *self, const guint8 *data, gsize length, GError **error)
{
  gsize n = MIN (length, sizeof self->block - self->used);

  memcpy (self->block + self->used, data, n);
  self->used += n;
  return self->used < sizeof self->block || end_block (self, error) ? n : 0;
}

static gsize
take_file (BedTarReader *self, const guint8 *data, gsize length, GError **error)
{
  gsize n = MIN (length, self->left);

  g_checksum_update (self->sum, data, n);
  if (self->sums != NULL)
    g_string_append_len (self->sums, (const char *) data, n);
  self->left -= n;
  if (self->visitor.piece != NULL && !self->visitor.piece (data, n, self->user_data))
    {
      stopped (error);
      return 0;
    }
  return n;
}

static gsize
take_padding (BedTarReader *self, const guint8 *data, gsize length, GError **error)
{
  gsize n = MIN (length, self->left);

  for (gsize i = 0; i < n; i++)
    if (data[i] != 0)
      {
        fail ("Bytes between files", error);
        return 0;
      }
  self->left -= n;
  return n;
}

/* What needs no byte: the end of a file and of its padding. */
static gboolean
settle (BedTarReader *self, GError **error)
{
  if (self->place == IN_FILE && self->left == 0 && !end_file (self, error))
    return FALSE;
  if (self->place == IN_PADDING && self->left == 0)
    self->place = IN_HEADER;
  return TRUE;
}

gboolean
bed_tar_reader_feed (BedTarReader *self, const guint8 *data, gsize length, GError **error)
{
  while (length > 0)
    {
      gsize n;

      if (self->place == AT_END)
        return fail ("Bytes after the end", error);
      if (self->place == IN_FILE)
        n = take_file (self, data, length, error);
      else if (self->place == IN_PADDING)
        n = take_padding (self, data, length, error);
      else
        n = take_block (self, data, length, error);
      if (n == 0 || !settle (self, error))
        return FALSE;
      data += n;
      length -= n;
    }
  return TRUE;
}

gboolean
bed_tar_reader_finish (BedTarReader *self, guint *n_files, GError **error)
{
  if (self->place != AT_END)
    return fail ("The archive was cut off", error);
  g_hash_table_remove (self->pending, SUMS);
  if (g_hash_table_size (self->pending) > 0)
    return fail ("Files that no list vouches for", error);
  if (n_files != NULL)
    *n_files = self->n_files;
  return TRUE;
}
