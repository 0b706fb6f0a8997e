/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "bed-export-seal-private.h"

#include <sodium.h>
#include <string.h>

#define MAGIC "BEDSIDE-EXPORT-1"
#define MAGIC_LENGTH 16
#define SALT_OFFSET 24
#define STREAM_OFFSET 40
#define OVERHEAD crypto_secretstream_xchacha20poly1305_ABYTES
/* What a file from elsewhere may ask of this machine. */
#define PASSES_MAX 16
#define MEMORY_KIB_MIN 8
#define MEMORY_KIB_MAX (1024 * 1024)

G_STATIC_ASSERT (crypto_pwhash_SALTBYTES == STREAM_OFFSET - SALT_OFFSET);
G_STATIC_ASSERT (crypto_secretstream_xchacha20poly1305_HEADERBYTES
                 == BED_SEAL_HEADER_LENGTH - STREAM_OFFSET);

const BedSealCost bed_seal_cost = { .passes = 3, .memory_kib = 256 * 1024 };

static gboolean
fail (BedExportError code, const char *message, GError **error)
{
  g_set_error_literal (error, BED_EXPORT_ERROR, code, message);
  return FALSE;
}

static void
put_u32 (guint8 *at, guint32 value)
{
  value = GUINT32_TO_BE (value);
  memcpy (at, &value, sizeof value);
}

static guint32
get_u32 (const guint8 *at)
{
  guint32 value;

  memcpy (&value, at, sizeof value);
  return GUINT32_FROM_BE (value);
}

gboolean
bed_seal_parse_header (const guint8 header[BED_SEAL_HEADER_LENGTH], BedSealCost *cost,
                       GError **error)
{
  if (memcmp (header, MAGIC, MAGIC_LENGTH) != 0)
    return fail (BED_EXPORT_ERROR_NEWER, "No export of a version that is known", error);
  cost->passes = get_u32 (header + MAGIC_LENGTH);
  cost->memory_kib = get_u32 (header + MAGIC_LENGTH + 4);
  if (cost->passes < 1 || cost->passes > PASSES_MAX || cost->memory_kib < MEMORY_KIB_MIN
      || cost->memory_kib > MEMORY_KIB_MAX)
    return fail (BED_EXPORT_ERROR_DAMAGED, "A cost out of bounds", error);
  return TRUE;
}

/* Returns: (transfer full) (nullable) */
static BedSecret *
derive_key (const guint8 *header, BedSealCost cost, const BedSecret *passphrase, GError **error)
{
  g_autoptr (BedSecret) key
      = bed_secret_new_zero (crypto_secretstream_xchacha20poly1305_KEYBYTES);

  if (sodium_init () < 0
      || crypto_pwhash (bed_secret_get_writable (key), bed_secret_get_length (key),
                        (const char *) bed_secret_get_data (passphrase),
                        bed_secret_get_length (passphrase), header + SALT_OFFSET, cost.passes,
                        (gsize) cost.memory_kib * 1024, crypto_pwhash_ALG_ARGON2ID13)
             != 0)
    {
      fail (BED_EXPORT_ERROR_MEMORY, "Not enough memory for the passphrase", error);
      return NULL;
    }
  return g_steal_pointer (&key);
}

/* --- Writing ---------------------------------------------------------------------------------- */

struct _BedSealWriter
{
  BedExportFile *file; /* borrowed */
  crypto_secretstream_xchacha20poly1305_state state;
  guint8 header[BED_SEAL_HEADER_LENGTH];
  gboolean first;
  gsize used;
  guint8 plain[BED_SEAL_PIECE];
  guint8 sealed[BED_SEAL_PIECE + OVERHEAD];
};

void
bed_seal_writer_free (BedSealWriter *self)
{
  if (self == NULL)
    return;
  bed_secret_wipe (&self->state, sizeof self->state);
  bed_secret_wipe (self->plain, sizeof self->plain);
  g_free (self);
}

BedSealWriter *
bed_seal_writer_new (BedExportFile *file, const BedSecret *passphrase, BedSealCost cost,
                     GError **error)
{
  g_autoptr (BedSealWriter) self = NULL;
  g_autoptr (BedSecret) key = NULL;

  if (bed_secret_get_length (passphrase) == 0)
    {
      fail (BED_EXPORT_ERROR_INVALID, "An empty passphrase", error);
      return NULL;
    }
  self = g_new0 (BedSealWriter, 1);
  self->file = file;
  self->first = TRUE;
  memcpy (self->header, MAGIC, MAGIC_LENGTH);
  put_u32 (self->header + MAGIC_LENGTH, cost.passes);
  put_u32 (self->header + MAGIC_LENGTH + 4, cost.memory_kib);
  bed_random_bytes (self->header + SALT_OFFSET, crypto_pwhash_SALTBYTES);
  key = derive_key (self->header, cost, passphrase, error);
  if (key == NULL)
    return NULL;
  crypto_secretstream_xchacha20poly1305_init_push (&self->state, self->header + STREAM_OFFSET,
                                                   bed_secret_get_data (key));
  if (!bed_export_file_write (file, self->header, sizeof self->header, error))
    return NULL;
  return g_steal_pointer (&self);
}

/* The first piece vouches for the header too. */
static gboolean
push (BedSealWriter *self, guint8 tag, GError **error)
{
  unsigned long long length;

  crypto_secretstream_xchacha20poly1305_push (
      &self->state, self->sealed, &length, self->plain, self->used,
      self->first ? self->header : NULL, self->first ? sizeof self->header : 0, tag);
  self->first = FALSE;
  self->used = 0;
  return bed_export_file_write (self->file, self->sealed, length, error);
}

gboolean
bed_seal_writer_write (BedSealWriter *self, const void *data, gsize length, GError **error)
{
  const guint8 *at = data;

  while (length > 0)
    {
      gsize n = MIN (length, sizeof self->plain - self->used);

      if (n == 0)
        {
          if (!push (self, crypto_secretstream_xchacha20poly1305_TAG_MESSAGE, error))
            return FALSE;
          continue;
        }
      memcpy (self->plain + self->used, at, n);
      self->used += n;
      at += n;
      length -= n;
    }
  return TRUE;
}

gboolean
bed_seal_writer_end (BedSealWriter *self, GError **error)
{
  return push (self, crypto_secretstream_xchacha20poly1305_TAG_FINAL, error);
}

/* --- Reading ---------------------------------------------------------------------------------- */

typedef struct
{
  GInputStream *stream;     /* borrowed */
  GCancellable *cancellable; /* borrowed */
  crypto_secretstream_xchacha20poly1305_state state;
  guint8 header[BED_SEAL_HEADER_LENGTH];
  guint8 sealed[BED_SEAL_PIECE + OVERHEAD];
  guint8 plain[BED_SEAL_PIECE];
  gboolean first;
} Reader;

static gboolean
read_bytes (Reader *self, guint8 *out, gsize wanted, gsize *length, GError **error)
{
  g_autoptr (GError) inner = NULL;

  if (g_input_stream_read_all (self->stream, out, wanted, length, self->cancellable, &inner))
    return TRUE;
  if (g_error_matches (inner, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      g_propagate_error (error, g_steal_pointer (&inner));
      return FALSE;
    }
  return fail (BED_EXPORT_ERROR_IO, "The file cannot be read", error);
}

static gboolean
begin_reading (Reader *self, const BedSecret *passphrase, GError **error)
{
  g_autoptr (BedSecret) key = NULL;
  BedSealCost cost;
  gsize length;

  if (!read_bytes (self, self->header, sizeof self->header, &length, error))
    return FALSE;
  if (length < sizeof self->header)
    return fail (BED_EXPORT_ERROR_NEWER, "No export of a version that is known", error);
  if (!bed_seal_parse_header (self->header, &cost, error))
    return FALSE;
  key = derive_key (self->header, cost, passphrase, error);
  if (key == NULL)
    return FALSE;
  self->first = TRUE;
  if (crypto_secretstream_xchacha20poly1305_init_pull (
          &self->state, self->header + STREAM_OFFSET, bed_secret_get_data (key))
      != 0)
    return fail (BED_EXPORT_ERROR_DAMAGED, "A stream that cannot be begun", error);
  return TRUE;
}

/* The bytes end where the last piece says so, and nowhere else. */
static gboolean
check_end (Reader *self, gboolean full, gboolean last, GError **error)
{
  guint8 more;
  gsize length;

  if (!last)
    return full || fail (BED_EXPORT_ERROR_DAMAGED, "The file was cut off", error);
  if (!read_bytes (self, &more, 1, &length, error))
    return FALSE;
  return length == 0 || fail (BED_EXPORT_ERROR_DAMAGED, "Bytes after the end", error);
}

static gboolean
read_piece (Reader *self, gsize *length, gboolean *last, GError **error)
{
  unsigned long long plain_length;
  gsize sealed_length;
  guint8 tag;

  if (!read_bytes (self, self->sealed, sizeof self->sealed, &sealed_length, error))
    return FALSE;
  if (sealed_length < OVERHEAD)
    return fail (BED_EXPORT_ERROR_DAMAGED, "The file was cut off", error);
  if (crypto_secretstream_xchacha20poly1305_pull (
          &self->state, self->plain, &plain_length, &tag, self->sealed, sealed_length,
          self->first ? self->header : NULL, self->first ? sizeof self->header : 0)
      != 0)
    return fail (self->first ? BED_EXPORT_ERROR_WRONG_PASSPHRASE : BED_EXPORT_ERROR_DAMAGED,
                 "A piece does not open", error);
  self->first = FALSE;
  *length = plain_length;
  *last = tag == crypto_secretstream_xchacha20poly1305_TAG_FINAL;
  return check_end (self, sealed_length == sizeof self->sealed, *last, error);
}

static void
reader_free (Reader *self)
{
  bed_secret_wipe (self, sizeof *self);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Reader, reader_free)

gboolean
bed_seal_read (GInputStream *stream, const BedSecret *passphrase, BedSealPiece piece,
               gpointer user_data, GCancellable *cancellable, GError **error)
{
  g_autoptr (Reader) self = g_new0 (Reader, 1);
  gboolean last = FALSE;

  self->stream = stream;
  self->cancellable = cancellable;
  if (!begin_reading (self, passphrase, error))
    return FALSE;
  while (!last)
    {
      gsize length;

      if (!read_piece (self, &length, &last, error)
          || !piece (self->plain, length, user_data, error))
        return FALSE;
    }
  return TRUE;
}
